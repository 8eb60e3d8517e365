/*
 * stop_steps.h - from records to stops: judge each record, verify it just before its request.
 *
 * The half of cws-stop that knows records; the decisions are in stop.h, the
 * requests in engine.h.
 */

#ifndef CWS_STOP_STEPS_H
#define CWS_STOP_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "act/engine.h"
#include "act/guard.h"
#include "record/facts.h"

struct stop_steps {
	struct guard *guard; /* borrowed */
	bool          force;
	int64_t       max_age_s;
	int64_t       soft_s; /* --soft; 0: stop */
	int64_t       tries;  /* --tries, 1 to ENGINE_HISTORY */
};

/*
 * stop_steps_judge - for batch_judge_all: what is left alone, what a record's
 * verdicts ask for, and whether they are too old.
 */
int
stop_steps_judge(void *ctx, struct batch *b, struct rec *rec, struct item *item, struct err *err);

/* stop_steps_verify, _recall, _current - for struct engine_act; ctx is the struct stop_steps. */
enum verified
stop_steps_verify(void *ctx, struct item *item, const struct reread *again, struct err *err);
enum verified
stop_steps_recall(void *ctx, struct item *item, const struct api_build *build, size_t n);
bool
stop_steps_current(void *ctx, struct item *item, struct rec *judged, const struct stop_now *now,
        struct err *err);

#endif
