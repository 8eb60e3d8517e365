/*
 * engine.h - the loop of a program that acts: read again, verify, send, look, follow.
 *
 * For each record that nothing has decided yet: when the rate allows a request soon, the
 * workspace is read again; if what was judged still holds, one request goes
 * out; an unclear end is looked into; with a wait the build is followed to its
 * end.  What to verify, and which action follows from it, comes from a struct
 * engine_act, so that stopping, softening, starting and restoring share one loop.
 * Recovery begins in the middle of the same loop: a process that was killed has
 * sent the requests, and what became of each is looked into.
 */

#ifndef CWS_ENGINE_H
#define CWS_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "act/batch.h"
#include "act/reread.h"
#include "base/rate.h"
#include "books/journal.h"
#include "coder/server.h"
#include "judge/stop.h"

#define ENGINE_HISTORY 50        /* builds of one workspace that are looked at, at most */
#define ENGINE_PATIENCE_MS 10000 /* after a signal or the deadline, for what is in flight */

enum verified {
	/* item->action may be done; for a deadline ->before and ->after are set */
	VERIFIED_GO,
	VERIFIED_NO,      /* left alone; item->why says why, or err (a member of the wrong type) */
	VERIFIED_ALREADY, /* somebody did it; item->why */
	VERIFIED_LATER,   /* not yet: read it again in a while */
	VERIFIED_HISTORY, /* first ask recall() about the last builds */
};

struct engine_act {
	/* Does the workspace as just read still allow what was judged on the record? */
	enum verified (*verify)(
	        void *ctx, struct item *item, const struct reread *again, struct err *err);
	/*
	 * After VERIFIED_HISTORY: GO or NO, by the last `history` builds, the newest first.  NULL
	 * where there is no such answer.
	 */
	enum verified (*recall)(
	        void *ctx, struct item *item, const struct api_build *build, size_t n);
	int64_t history; /* 1 to ENGINE_HISTORY */
	/*
	 * After a standstill: is what was judged on the record still young enough?  If not,
	 * item->why says so, or err.  NULL where nothing grows old.
	 */
	bool (*current)(void *ctx, struct item *item, struct rec *judged,
	        const struct stop_now *now, struct err *err);
	void *ctx;
};

struct engine_options {
	bool        execute;
	bool        recover; /* the requests went out in another run: only look */
	int64_t     wait_s;  /* --wait; 0: not followed */
	/* --queue: hold back while more builds than this wait; -1: never */
	int64_t     queue;
	int64_t     halt; /* --halt: send nothing more after so many failures; 0: never */
	int         jobs;
	struct rate rate;
};

/* How the run as a whole ended. */
struct engine_end {
	bool denied;       /* the server refused the token, redirects, or cannot be reached */
	bool interrupted;  /* a signal */
	bool output_lost;  /* the results can no longer be written */
	bool journal_lost; /* nor the journal */
	bool limited;      /* with denied: by its rate limit, which the fault tells */
	bool late;         /* the deadline came before everything was sent */
	bool unfinished;   /* a build did not end within the wait, or its end was not seen */
	char fault[480];   /* with denied and journal_lost */
};

/* What a run works on; all borrowed. */
struct engine_job {
	struct batch            *batch;
	const struct server     *server; /* met */
	const struct engine_act *act;
	struct journal          *journal;
	struct ndjson_out       *out;
};

/*
 * engine_run - carry the batch out, writing results to out as they come to be known, in input
 * order.
 */
struct engine_end
engine_run(const struct engine_job *job, const struct engine_options *o);

#endif
