/*
 * start_steps.h - from the records of a run of cws-stop back: what to start again, what to restore.
 *
 * The half of cws-start that knows records; the decisions are in undo.h, the
 * requests in engine.h.  Lines of a run's journal are as good as its records.
 */

#ifndef CWS_START_STEPS_H
#define CWS_START_STEPS_H

#include <stdint.h>

#include "act/engine.h"
#include "act/guard.h"
#include "books/journal.h"
#include "record/facts.h"

struct start_steps {
	struct guard *guard; /* borrowed */
	/* --run: only what this run did, "last" for that of the last record; NULL: any */
	const char   *run;
	/* the run of the last record, found by start_steps_expand_journal */
	char          last[BATCH_ID_SIZE];
};

/*
 * start_steps_expand_journal - make records of the lines of a journal among those held: of
 * each outcome one, of each intent without outcome one that tells so; other
 * lines of a journal are no records and go.  Bad lines stay, for the judge to report.
 */
void
start_steps_expand_journal(void *ctx, struct batch *b, struct records *in);

/* start_steps_judge - for batch_judge_all: is there anything to take back? */
int
start_steps_judge(void *ctx, struct batch *b, struct rec *rec, struct item *item, struct err *err);

/* The run's stop, and the build before it: what start_steps_recall is to be told. */
#define START_STEPS_HISTORY 2

/* start_steps_verify, _recall - for struct engine_act; ctx is the struct start_steps. */
enum verified
start_steps_verify(void *ctx, struct item *item, const struct reread *again, struct err *err);
enum verified
start_steps_recall(void *ctx, struct item *item, const struct api_build *build, size_t n);

#endif
