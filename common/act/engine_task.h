/*
 * engine_task.h - one workspace on its way through the engine.  Private to engine*.c.
 *
 * The loop in engine.c decides when a task takes its next step; what an answer
 * makes of it is in engine_verify.c (before the request), engine_send.c (the
 * request and its unclear ends) and engine_follow.c (the build it made).
 */

#ifndef CWS_ENGINE_TASK_H
#define CWS_ENGINE_TASK_H

#include "act/engine.h"
#include "judge/outcome.h"
#include "record/facts.h"

enum phase {
	PHASE_QUEUED,    /* not begun, or to be begun again at `at_ms` */
	PHASE_READING,   /* the workspace is being read again */
	PHASE_RECALLING, /* its last builds are being read, before the request */
	PHASE_READY,     /* verified; the request goes out as soon as the rate allows */
	PHASE_SENDING,   /* the request is under way, or its connection is */
	PHASE_UNCLEAR,   /* to be looked into at `at_ms` */
	PHASE_LOOKING,
	PHASE_TRACING,  /* its builds since are being read, after the request */
	PHASE_BUILDING, /* accepted; to be polled at `at_ms` */
	PHASE_POLLING,
	PHASE_DONE,
};

/* What the journal says that a task is about to do. */
struct intent {
	bool        stands; /* and nothing that was sent since could have done it */
	int64_t     at_ms;
	int64_t     was_number;
	struct when before, after;
};

struct task {
	struct engine *engine;
	struct item   *item;
	enum phase     phase;
	int64_t        at_ms; /* of the monotonic clock, like all of these */
	/* with PHASE_READY and PHASE_SENDING: when the first byte of its last look's answer came */
	int64_t        look_ms;
	int            lapses;   /* looks that grew too old before their requests could leave */
	int            cached;   /* answers since it was last decided that came from a cache */
	bool           let_go;   /* with PHASE_SENDING: it has left */
	int            limits;   /* requests of it that were answered with 429 */
	int            misses;   /* and those of which nothing could leave */
	int64_t        recalled; /* the number of the build whose history was asked for; 0: none */
	struct intent  intent;
	int64_t        began_ms;   /* the first request that would change something */
	int64_t        give_up_ms; /* end of the wait for a build; 0: there is none yet */
	int64_t        poll_ms;    /* between two polls */
	bool           alone;      /* to be polled by itself: the list did not show its build */
	int            looks;
	bool           noted; /* an intent of it is in the journal */
	struct answer  answer;
	/* the scope without which the request was refused, a constant; NULL: none that we know */
	const char    *lacks;
	/* with PHASE_TRACING; its transition is borrowed from look_transition */
	struct look    look;
	char           look_transition[16];
};

/* What the newest build we made says about the queue of builds; for --queue. */
struct gate {
	char    build[BATCH_ID_SIZE]; /* "" before the first */
	char    asked[BATCH_ID_SIZE]; /* which it was when it was asked for */
	bool    known, asking;        /* size is that build's; it is being asked for */
	int64_t size;                 /* of the queue it waits in, 0 when it does not wait */
	int64_t at_ms;                /* when to ask again */
};

/* What a run asks the server for. */
enum asks { ASK_READ, ASK_SEND, ASK_LOOK, ASK_FOLLOW, ASK_QUEUE, ASKS };

#define FOLLOW_MOST 100 /* builds in one request; so many ids take the server 0.1 s */

/* The request that follows several builds at once. */
struct follow {
	struct task *task[FOLLOW_MOST];
	size_t       n;        /* 0: none is under way */
	int          failures; /* in a row */
	/* it failed for more than a moment: until then each is polled by itself */
	int64_t      not_before_ms;
};

struct engine {
	struct batch                *batch;
	struct api                  *api;
	const struct engine_act     *act;
	const struct engine_options *o;
	const struct server         *server;
	struct journal              *journal;
	struct ndjson_out           *out;
	char                         our_id[BATCH_ID_SIZE]; /* our user's; "" while nobody knows */
	struct rate                  rate;
	struct gate                  gate;
	struct follow                follow;
	uint64_t                     asked[ASKS];
	/* a connection takes so long that an act has to go on that of its look */
	bool                         joins;
	int64_t                      sync_ms;  /* how long the last intent took to the disk */
	int64_t                      stood_ms; /* the last standstill that was told */
	struct rec                  *judged, *fresh;
	struct task                 *task;
	size_t                       tasks;
	size_t                       first;   /* tasks before it are done */
	size_t                       begun;   /* tasks from it on have never been begun */
	size_t                       sending; /* tasks in PHASE_SENDING */
	int64_t                      failures;
	bool                         told_unserved; /* that no provisioner takes a build */
	int64_t                      began_ms;
	/* when a signal or the deadline ended the sending; 0: not yet */
	int64_t                      closing_ms;
	struct engine_end            end;
};

/* Why a workspace that was there is answered with 404. */
extern const char task_gone[];

/* engine_end_run - the server is lost to everybody: nothing after this fault would fare better. */
void
engine_end_run(struct engine *e, const char *fault);

/* task_finish - the result is known; why NULL: the item's own reason stands. */
void
task_finish(struct task *t, enum result result, const char *why);

/*
 * task_tell_lost - say on standard error what was done, where the record of it cannot be written.
 */
void
task_tell_lost(const struct item *item);

/* engine_closed - why no request that changes something goes out any more; NULL while they do. */
const char *
engine_closed(const struct engine *e);

/* task_is_old - is its last look too long ago for a request to rest on it? */
bool
task_is_old(const struct task *t);

/*
 * task_lapsed - its last look has grown old before the request could leave: look again, unless that
 * was tried often enough.
 */
void
task_lapsed(struct task *t);

/* task_has_intent - does the journal say what it is about to do, and not too long ago? */
bool
task_has_intent(const struct task *t);

/*
 * task_leave_open - nobody knows what became of it; where its intent is in a journal, that stays
 * open for --recover.
 */
void
task_leave_open(struct task *t, const char *why);

/*
 * task_note - write the item's intent, or with its result its outcome, to the journal.  -1: the run
 * is over.
 */
int
task_note(struct task *t);

/* The next step of a task: from QUEUED, READY, UNCLEAR and BUILDING. */
void
task_read(struct task *t);
void
task_send(struct task *t);
void
task_look(struct task *t);

/*
 * task_found - has a request of this task after all made the latest build, as just read?  Then it
 * is accepted.
 */
bool
task_found(struct task *t, const struct stop_facts *f);

/*
 * follow_builds - poll the builds whose time has come, several at once.  Returns min(wait, until
 * the next is due).
 */
int64_t
follow_builds(struct engine *e, int64_t now, int64_t wait);

/* task_accepted - the build is made: done, or to be followed. */
void
task_accepted(struct task *t, const char *build_id, int64_t number);

/* task_still_building - the end of its build was not seen. */
void
task_still_building(struct task *t, const char *why);

/*
 * task_workspace - make the engine's fresh record this task's workspace, from the reply; false when
 * it is not in it.
 */
bool
task_workspace(struct task *t, const struct http_reply *r);

/* task_words - keep the foreign words of a reply in the item's error. */
void
task_words(struct item *item, const struct http_reply *r);

/*
 * task_refused - it failed for this reason, and perhaps for want of a scope (NULL: none that we
 * know).
 */
void
task_refused(struct task *t, const char *why, const char *scope);

/*
 * is_fault_for_all - would any other request end like this one?  True where the
 * server is out of reach, redirects, answers with a login page or refuses the
 * token: the caller then ends the run.  False for what concerns one workspace alone.
 */
bool
is_fault_for_all(const struct http_reply *r);

/*
 * task_limited - is this reply the last of those 429 that end the run?  Then the task is left to
 * the loop, which closes it with the others.
 */
bool
task_limited(struct task *t, const struct http_reply *r);

/* task_is_unsent - has nothing of it left since it was looked at? */
bool
task_is_unsent(const struct task *t);

/*
 * task_close - nothing is sent any more, for this reason: what was not sent
 * says so, a build is followed no further; a request that has left, and the look
 * after an unclear end, go on.
 */
void
task_close(struct task *t, const char *reason);

/*
 * task_abandon - not even for those is there time: their fate is unknown, and their intents stay
 * open.
 */
void
task_abandon(struct task *t);

/* gate_open - may another request go out, as far as --queue goes? */
bool
gate_open(const struct engine *e);

/* gate_made - a newer build of ours is in the queue. */
void
gate_made(struct engine *e, const char *build_id);

/* gate_ask - ask for the newest build when it is time.  Returns min(wait, until it is). */
int64_t
gate_ask(struct engine *e, int64_t now, int64_t wait);

#endif
