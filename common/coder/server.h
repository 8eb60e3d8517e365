/*
 * server.h - the server of a run: who we are to it, its clock, how many workspaces run there.
 *
 * What a run has to know before it does anything; it waits for each answer, as
 * long as no signal comes and the deadline has not passed.
 */

#ifndef CWS_SERVER_H
#define CWS_SERVER_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "coder/api.h"

struct server {
	struct api                  *api;     /* borrowed */
	const volatile sig_atomic_t *signals; /* how many came; borrowed */
	/* of the run, on the monotonic clock; INT64_MAX: none */
	int64_t                      deadline_ms;

	/* Filled in by server_meet: */
	struct api_me user;
	bool          known; /* false: this token may not read its own user */
	bool          has_clock;
	int64_t       offset_ms; /* server's clock minus ours; with has_clock */
};

/*
 * server_await - turn the api until *over, which a done() sets.  False when a signal, the deadline
 * or the end of all patience with a rate limit (api_limit) came first: then the caller sends
 * nothing more, and that done() is not called.
 */
bool
server_await(const struct server *s, const bool *over);

/* server_await_all - the same for what has several answers: until ready(of) is true. */
typedef bool
server_ready(const void *of);
bool
server_await_all(const struct server *s, server_ready *ready, const void *of);

/*
 * server_meet - learn who we are and what the server's clock says: GET /users/me.
 * -1 with err (CWS_FAIL) when the server cannot be reached or refuses the token.
 */
int
server_meet(struct server *s, struct err *err);

/*
 * server_running - *n: how many workspaces the server says are running now (of those
 * that this token may list); -1 when it does not say.  -1 with err (CWS_FAIL) when it had no time
 * to: see server_await.  GET /workspaces?q=status:running.
 */
int
server_running(const struct server *s, int64_t *n, struct err *err);

/*
 * server_now_us - the present by the server's clock, which does not jump with
 * ours and goes on while this machine sleeps; by our own where the server told none.
 */
int64_t
server_now_us(const struct server *s);

#endif
