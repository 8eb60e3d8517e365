/*
 * engine.h - the loop of a program that acts: read again, verify, send, look, follow.
 *
 * For each open record of a batch: when the rate allows a request soon, the
 * workspace is read again; if what was judged still holds, one request goes
 * out; an unclear end is looked into; with a wait the build is followed to its
 * end.  What to verify and what to send comes from a struct engine_act, so that
 * starting and stopping share one loop.
 */

#ifndef CWS_ENGINE_H
#define CWS_ENGINE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "api.h"
#include "batch.h"
#include "rate.h"

struct engine_me {
	struct api_me user;
	bool          known;     /* false: this token may not read its own user */
	bool          has_clock;
	int64_t       offset_ms; /* server's clock minus ours; with has_clock */
};

struct engine_act {
	const char *transition; /* "stop" */
	const char *body;       /* of POST /workspaces/{id}/builds */
	enum result would, done;
	/*
	 * Does the fresh reading still allow what was judged?  False with item->why
	 * set, or with err (a member of the wrong type).
	 */
	bool (*holds)(void *ctx, struct item *item, struct rec *judged, struct rec *fresh,
	        const struct engine_me *me, struct err *err);
	uint64_t want; /* the members holds() looks at */
	void    *ctx;
};

struct engine_options {
	bool                         execute;
	int64_t                      wait_s; /* --wait; 0: not followed */
	int                          jobs;
	struct rate                  rate;
	const volatile sig_atomic_t *signals; /* how many came */
};

/* How the run as a whole ended. */
struct engine_end {
	bool denied;      /* the server refused the token, redirects, or cannot be reached */
	bool interrupted; /* a signal */
	bool output_lost; /* the results can no longer be written */
	bool unfinished;  /* a build did not end within the wait, or its end was not seen */
	char fault[480];  /* with denied */
};

/*
 * engine_meet - learn who we are and what the server's clock says: GET /users/me.
 * -1 with err (CWS_FAIL) when the server cannot be reached or refuses the token.
 */
int
engine_meet(struct api *api, const volatile sig_atomic_t *signals, struct engine_me *me, struct err *err);

/* engine_run - carry the batch out, writing results to out as they come to be known, in input order. */
struct engine_end
engine_run(struct batch *batch, struct api *api, const struct engine_act *act, const struct engine_options *o,
        const struct engine_me *me, struct ndjson_out *out);

#endif
