/*
 * api.h - Coder's API: its errors, and patience.
 *
 * Reads are queued, started when a slot is free, retried (retry.h) inside the
 * deadline, and delivered once with their final reply.  A 429 or a Retry-After
 * pauses everybody.  Acts (POST, PUT) are sent at once, one time; only the
 * caller knows whether sending again is safe.
 */

#ifndef CWS_API_H
#define CWS_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "coder/login.h"
#include "net/http.h"
#include "net/retry.h"

struct api; /* private: api.c */

struct api_options {
	const char *user_agent;  /* borrowed */
	int         jobs;        /* requests at a time, 1-64 */
	int64_t     deadline_ms; /* a clock_mono_ms() instant after which no read is tried again */
	/* how long one read waits, within that, for a fault of the server's own to pass */
	int64_t     own_ms;
	/* since when no turn was made (clock_mono_ms): api_stood_ms; 0: it begins now */
	int64_t     since_ms;
	bool        acts; /* waiting for the server's rate limit has an end: api_limit */
};

/* api_new - l is borrowed.  NULL with err. */
struct api *
api_new(const struct login *l, const struct api_options *o, struct err *err);
void
api_free(struct api *a);

/* api_origin - the server's, in the form of struct login; borrowed. */
const char *
api_origin(const struct api *a);

/* How much is done for an answer. */
enum api_effort {
	API_NEEDED, /* it is tried again inside the deadline */
	/* the fact may be missing: no time but the first half until the deadline is spent on it */
	API_OPTIONAL,
	API_ONCE, /* tried once, for 30 s at most: for those who ask again by themselves */
};

/*
 * api_read - queue a GET.  path is copied.  done() gets the final reply: answered
 * with any status, or the transport fault that outlasted the patience.  Paths stand in api_calls.c.
 */
void
api_read(struct api *a, enum api_effort effort, const char *path, http_done *done, void *arg);

/*
 * api_read_ahead - the same, optional and ahead of what waits: for a fact of rows that are here.
 */
void
api_read_ahead(struct api *a, const char *path, http_done *done, void *arg);

/*
 * api_ask - queue a POST that changes nothing: a question, tried again like a read that is needed.
 * Both are copied.
 */
void
api_ask(struct api *a, const char *path, const char *body, http_done *done, void *arg);

/*
 * api_retry_until_deadline - this is the right server, and it works: from now on a read that is
 * needed and fails in passing is tried again until the deadline, not RETRY_TRIES times, and what
 * was
 * tried once more so many times.
 */
void
api_retry_until_deadline(struct api *a);

/*
 * api_read_anew - the same past any cache; joins: on a connection that api_act may take after it.
 */
void
api_read_anew(struct api *a, const char *path, bool joins, http_done *done, void *arg);

/* How an act is sent, and who hears of it; arg is that of both. */
struct api_send {
	http_may_send *may_send;
	http_done     *done;
	void          *arg;
	bool           joins; /* on the connection of an answer of this second */
};

/*
 * api_act - send a POST or PUT now, once: method, path and body of req, all copied.  Only
 * while api_idle() > 0 and api_paused_ms() == 0.
 */
void
api_act(struct api *a, const struct http_request *req, const struct api_send *how);

/* api_end_acts - wait no longer for the answers to acts: http_end_acts. */
void
api_end_acts(struct api *a);

/* api_idle - free slots; reads that wait to be started are counted as taken. */
int
api_idle(const struct api *a);

/* api_pause - nobody sends anything for wait_ms (the longest of several counts). */
void
api_pause(struct api *a, int64_t wait_ms);

/* api_paused_ms - how long the pause still lasts; 0: none. */
int64_t
api_paused_ms(const struct api *a);

/*
 * api_limit - with ->acts: why it is of no use to wait any longer for the server's rate limit, that
 * is a pause of more than 5 minutes, or a sixth of reads, or of acts, with nothing but 429 between
 * them; NULL: it is.
 */
const char *
api_limit(const struct api *a);

/*
 * api_stood_ms - when more than 60 s between two calls of this or of api_turn were last seen, by
 * clock_mono_ms: the process stood still, or the machine slept.  0: never.
 */
int64_t
api_stood_ms(struct api *a);

/*
 * api_server_us - the present by the server's clock: the Date of its last answer, and what has
 * passed since.  False when none told.
 */
bool
api_server_us(const struct api *a, int64_t *us);

/* api_drop - forget the reads that have not been started; their done() is not called. */
void
api_drop(struct api *a);

/* api_turn - start what may start, wait at most wait_ms, deliver what ended. */
void
api_turn(struct api *a, int64_t wait_ms);

/* api_retries - how many requests were tried again so far (for summaries and -v). */
uint64_t
api_retries(const struct api *a);

/*
 * api_fault - one line for a person about a reply that is no success: "HTTP 403:
 * message: detail", "redirects to https://...: set the URL to that" (redirect.h), "HTTP 200
 * is no JSON: a login page?", or the transport fault.  At most 300 bytes of
 * foreign text, control characters replaced.
 */
void
api_fault(const struct http_reply *reply, char *out, size_t size);

/*
 * api_end_fault - the same of a reply that ends the run: where it is the token that is refused,
 * with what held it, so that nobody renews another.
 */
void
api_end_fault(const struct api *a, const struct http_reply *reply, char *out, size_t size);

/*
 * api_fact - is this the reply to the question after a fact that may be missing?
 * If not, and if its JSON is torn, fault gets the reason, unless there is one in it
 * already; a 403 or 404 of Coder's is none: what this token may not read is simply not known.
 */
bool
api_fact(const struct http_reply *r, char *fault, size_t size);

/*
 * api_means_token - does this 401 refuse the token, for good?  Any other 401 tells of something
 * else that failed.
 */
bool
api_means_token(const struct http_reply *reply);

/*
 * api_lacks_permission - is this 5xx a refusal in another form?  Coder answers so where the token
 * or its
 * user may not do a part of what was asked.
 */
bool
api_lacks_permission(const struct http_reply *reply);

/*
 * api_is_own_fault - did the server fail, its database say, and tell so?  That is a 5xx in Coder's
 * own words
 * and, in 2.31, a 401 too.
 */
bool
api_is_own_fault(const struct http_reply *reply);

/*
 * api_missing_scope - the scope that a token needs for what this reply refuses ("workspace:stop"),
 * a
 * constant; NULL when the reply tells of none.  Its user needs a role that allows the same.
 */
const char *
api_missing_scope(const struct http_reply *reply);

/* api_retry_class - may another try of this read end otherwise? */
enum retry_class
api_retry_class(const struct http_reply *reply);

/*
 * api_is_coder - is this Coder's own error?  Its body is {"message": ...}, as that of
 * some gateways; but each reply of Coder carries X-Coder-Build-Version.
 */
bool
api_is_coder(const struct http_reply *reply);

/*
 * api_says - does Coder itself answer with this status, which is none of success?  Of what was
 * asked for the 404 of a proxy says nothing.
 */
bool
api_says(const struct http_reply *reply, int status);

/*
 * api_licensed - by the reply of GET /entitlements: is this feature licensed?  1 or 0; -1 where it
 * does not say.  A build without premium features has no such path, so Coder's 404 says 0.
 */
int
api_licensed(const struct http_reply *reply, const char *feature);

#define API_ME_ORGS 8

/* Who the token is: GET /users/me. */
struct api_me {
	char   id[40];
	char   name[64], roles[128]; /* "" none; roles of the site, "owner, auditor" */
	bool   site_owner;           /* has the role owner */
	char   org[API_ME_ORGS][40]; /* organizations of the user, as far as there is room */
	size_t orgs;
};

/* api_me_parse - -1 when the body is no user. */
int
api_me_parse(const char *body, size_t n, struct api_me *me);

/* A build as POST .../builds and GET /workspacebuilds/{id} return it. */
struct api_build {
	char    id[40];
	int64_t number;
	char    transition[16];
	char    workspace_id[40]; /* "" when absent, as the next */
	char    initiator_id[40];
	char    reason[32]; /* treat as open; a request that names none makes it "initiator" */
	char    job_status[24];
	char    job_error[301]; /* cleaned; "" when none */
	bool    has_queue;      /* both numbers are there, and none is negative */
	int64_t queue_position, queue_size;
};

/* api_build_parse - -1 when the body is no build (a foreign 2xx). */
int
api_build_parse(const char *body, size_t n, struct api_build *b);

/*
 * api_builds_parse - the first max builds of GET /workspaces/{id}/builds, the
 * newest first, into b.  How many; -1 when the body is no list of builds.
 */
int
api_builds_parse(const char *body, size_t n, struct api_build *b, size_t max);

/* A workspace of a page and its latest build. */
typedef void
api_each_latest(void *arg, const char *workspace_id, const struct api_build *latest);

/*
 * api_latest_parse - call each() for the workspaces of a page, GET /workspaces; one without a build
 * that
 * can be read is passed over.  -1 when the body is no page.
 */
int
api_latest_parse(const char *body, size_t n, api_each_latest *each, void *arg);

/*
 * api_count_parse - "count" of a page of workspaces: all that the search finds; -1 when the body is
 * no page, or shows more than it counts.
 */
int64_t
api_count_parse(const char *body, size_t n);

#endif
