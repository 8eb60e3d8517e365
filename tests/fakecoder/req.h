/*
 * req.h - one request and the reply that is being made for it.
 *
 * server.c fills in the request, route.c finds the handler, the handler
 * calls one reply_* function, server.c sends.  A handler runs under the
 * server's lock and must not wait.
 */

#ifndef FAKE_REQ_H
#define FAKE_REQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "jx.h"

#define MAX_SEGMENTS 12

struct param {
	char *k, *v; /* decoded */
};

struct reply {
	int        status;
	char       content_type[64]; /* "" for none */
	struct buf body;
	struct header {
		char name[40], value[512];
	} headers[24];
	size_t n_headers;
};

struct req {
	char          method[16];
	char         *uri;  /* as it came */
	char         *path; /* decoded, one slash between segments, none at the end */
	char         *query; /* as it came, behind '?'; "" when none.  Borrowed from uri. */
	char         *segments[MAX_SEGMENTS]; /* of path; borrowed from split */
	int           n_segments;
	char         *split;
	struct param *params;
	size_t        n_params;
	const char   *args[4]; /* the segments that the route's {} matched */
	struct buf    body;
	/* NULL when not sent; token: whatever the caller showed */
	char         *user_agent, *accept, *content_type, *cache_control, *token;
	struct token *caller; /* NULL: not signed in */
	struct conn  *conn; /* that it came on; borrowed */
	bool          processed; /* this request changed the world */
	bool          expects; /* it has an Expect header */
	cJSON        *act;     /* what the fault script does about it, once it is picked; NULL: nothing */
	bool          picked;
	int           outage; /* the status that a fault of the server itself answers it with; 0: none */
	int64_t       at_us; /* of arrival, by this machine's clock */
	int64_t       at_ms;
	struct reply  reply;
};

/* req_param - the first query parameter of that name, NULL when absent. */
const char *
req_param(const struct req *r, const char *k);

/* req_uuid - what the route's n-th {} matched, if it is a UUID; otherwise answers 400 and returns NULL. */
const char *
req_uuid(struct req *r, int n);

/* reply_* - answer the request.  A later call replaces an earlier one. */
void
reply_header(struct req *r, const char *name, const char *value);
void
reply_json(struct req *r, int status, const cJSON *v);
void
reply_raw(struct req *r, int status, const char *content_type, const char *text);
void
reply_none(struct req *r, int status);
void
reply_message(struct req *r, int status, const char *message, const char *detail);
void
reply_invalid(struct req *r, int status, const char *message, const char *field, const char *detail);

/* The two answers that many endpoints share: httpapi.ResourceNotFound, httpapi.Forbidden. */
void
reply_not_found(struct req *r);
void
reply_forbidden(struct req *r, const char *message);

/* reply_begin, reply_end - write a JSON body by hand between them. */
struct buf *
reply_begin(struct req *r, int status);
void
reply_end(struct req *r);

/*
 * page_params - limit, offset and after_id as coderd/pagination.go checks them.
 * False when it has answered 400.  A limit of 0 is none.
 */
bool
page_params(struct req *r, size_t *limit, size_t *offset);

#endif
