/*
 * http.h - requests to one origin over libcurl, a fixed number at a time.
 *
 * One multi handle, one easy handle for each of `jobs` slots.  Redirects are never followed,
 * bodies are bounded.  Nothing is retried here, and nothing that libcurl would send a second time
 * by itself leaves: a POST or PUT is counted where its connection stands.  It goes out by HTTP/1.1,
 * on a connection of its own or on one that has just carried an answer.
 * What a peer is to be sent goes to its origin only.  With -v each request leaves one
 * line: method, path, status, milliseconds, attempt.
 */

#ifndef CWS_HTTP_H
#define CWS_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/http_end.h"

struct http; /* private: http.c */

/* Whom to speak to, and how; all of it is borrowed for the life of a struct http. */
struct http_peer {
	const char  *origin; /* scheme://host[:port] */
	const char  *user_agent;
	char *const *header; /* "Name: value", sent with every request; secrets, as a rule */
	size_t       headers;
	/* no proxy, whatever the environment says: the peer is this machine */
	bool         direct;
	/* of a reply, which tells what the server is; NULL: none does */
	const char  *version_header;
	const char  *cacert, *capath;          /* NULL: those of the system */
	char        *client_cert, *client_key; /* PEM texts; NULL: none */
};

/* Everything a reply points to is borrowed for the call of done(). */
struct http_reply {
	enum http_end end;
	int           status; /* 100-599, 0 unless answered */
	const char   *body;   /* a NUL behind it; "" when there is none */
	size_t        n;
	bool          json;          /* Content-Type is application/json */
	int64_t       retry_after_s; /* 0..RETRY_AFTER_MOST_S; -1: none given */
	/* so long ago a cache got it, or AGE_UNKNOWN (age.h); 0: it comes from the server */
	int64_t       age_s;
	/* of clock_mono_ms: its first byte came no earlier; with HTTP_ANSWERED */
	int64_t       heard_ms;
	/*
	 * with HTTP_UNSENT: may_send() said no, or its connection was no such one as was asked for
	 */
	bool          withheld;
	bool          has_date; /* a readable Date that no cache kept: age_s is 0 */
	int64_t       date_us;  /* the server's clock at heard_ms, to about half a second */
	/* server's clock minus ours, to about half a second; with has_date */
	int64_t       offset_ms;
	const char   *version;  /* what the version_header says, or NULL */
	const char   *location; /* of a 3xx, without its query, or NULL */
	const char   *fault;    /* why it did not end as HTTP_ANSWERED; "" otherwise */
	int64_t       took_ms;
};

/* http_ok - is it an answer of 200 that calls itself JSON? */
static inline bool
http_ok(const struct http_reply *r)
{
	return r->end == HTTP_ANSWERED && r->status == 200 && r->json;
}

typedef void
http_done(void *arg, const struct http_reply *reply);

/*
 * May this request leave now?  Asked once, when its connection stands: what follows is its first
 * byte.
 */
typedef bool
http_may_send(void *arg);

struct http_request {
	const char    *method; /* "GET", "POST", "PUT" */
	const char    *path;   /* from the root on, with its query, already encoded; copied */
	const char    *body;   /* JSON or NULL; copied */
	size_t         max;    /* ceiling of the reply's body after decompression, bytes */
	int64_t        timeout_ms;
	int            attempt; /* for the trace: 1 is the first */
	/* past any cache */
	bool           anew;
	/*
	 * of a GET: by HTTP/1.1, so that its connection can carry a POST after it; of a POST or
	 * PUT: it may go out on a connection over which an answer came within the last second.
	 * Else one is made for it.
	 */
	bool           joins;
	/* of a POST or PUT; NULL: it may */
	http_may_send *may_send;
};

/* http_new - jobs 1-64.  NULL with err. */
struct http *
http_new(const struct http_peer *peer, int jobs, struct err *err);
void
http_free(struct http *h);

/* http_idle - how many more requests may start now. */
int
http_idle(const struct http *h);

/*
 * http_start - begin a request; done() is called from a later http_turn.  Only while http_idle() >
 * 0.
 */
void
http_start(struct http *h, const struct http_request *req, http_done *done, void *arg);

/*
 * http_end_acts - wait no longer for the answers to POST and PUT: those that have left end here as
 * HTTP_UNCLEAR, the others as HTTP_UNSENT.
 */
void
http_end_acts(struct http *h);

/*
 * http_turn - move the transfers on, waiting at most wait_ms (1 s is the most at
 * a time; less when a signal or a transfer ends it), and deliver those that
 * ended.  done() may start others; its own slot is free only after it returned.
 * Should libcurl itself fail, all that is under way ends here, and every later
 * request as HTTP_FATAL.
 */
void
http_turn(struct http *h, int64_t wait_ms);

#endif
