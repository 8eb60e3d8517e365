/*
 * engine_task.h - one workspace on its way through the engine.  Private to engine*.c.
 *
 * The loop in engine.c decides when a task takes its next step; what an answer
 * makes of it is in engine_task.c.
 */

#ifndef CWS_ENGINE_TASK_H
#define CWS_ENGINE_TASK_H

#include "engine.h"

enum phase {
	PHASE_QUEUED,   /* not begun, or to be begun again at `at_ms` */
	PHASE_READING,  /* the workspace is being read again */
	PHASE_READY,    /* verified; the request goes out as soon as the rate allows */
	PHASE_SENDING,  /* the request is under way */
	PHASE_UNCLEAR,  /* to be looked into at `at_ms` */
	PHASE_LOOKING,
	PHASE_BUILDING, /* accepted; to be polled at `at_ms` */
	PHASE_POLLING,
	PHASE_DONE,
};

struct task {
	struct engine *engine;
	struct item   *item;
	enum phase     phase;
	int64_t        at_ms;       /* of the monotonic clock, like all of these */
	int64_t        verified_ms; /* with PHASE_READY */
	int64_t        began_ms;    /* the first request that would change something */
	int64_t        give_up_ms;  /* end of the wait for the build */
	int64_t        poll_ms;     /* between two polls */
	int64_t        was_number;  /* the build that was verified */
	int            looks;
	struct answer  answer;
};

struct engine {
	struct batch                *batch;
	struct api                  *api;
	const struct engine_act     *act;
	const struct engine_options *o;
	const struct engine_me      *me;
	struct ndjson_out           *out;
	struct rate                  rate;
	struct rec                  *judged, *fresh;
	struct task                 *task;
	size_t                       tasks;
	size_t                       first;   /* tasks before it are done */
	size_t                       begun;   /* tasks from it on have never been begun */
	size_t                       flushed; /* records before it have left the program */
	int64_t                      interrupted_ms;
	struct engine_end            end;
};

/* task_finish - the result is known; why NULL: the item's own reason stands. */
void
task_finish(struct task *t, enum result result, const char *why);

/* task_tell_lost - say on standard error what was done, where the record of it cannot be written. */
void
task_tell_lost(const struct item *item);

/* The next step of a task: from QUEUED, READY, UNCLEAR and BUILDING. */
void
task_read(struct task *t);
void
task_send(struct task *t);
void
task_look(struct task *t);
void
task_poll(struct task *t);

/*
 * task_close - nothing is sent any more, for this reason: what was not sent
 * says so, a build is followed no further; a request under way, and the look
 * after an unclear end, go on.
 */
void
task_close(struct task *t, const char *reason);

/* task_abandon - not even for those is there time: their fate is unknown. */
void
task_abandon(struct task *t);

#endif
