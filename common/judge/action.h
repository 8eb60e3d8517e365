/*
 * action.h - what a run can do to a workspace, and what can become of that.  Pure.
 *
 * cws-stop stops or, softly, shortens a deadline; cws-start takes back either.
 * Source: cws-stop(1) and cws-start(1), RESULTS.
 */

#ifndef CWS_ACTION_H
#define CWS_ACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum result {
	RESULT_NONE, /* not decided yet */
	RESULT_STOPPED,
	RESULT_STARTED,
	RESULT_ACCEPTED,
	RESULT_SOFTENED,
	RESULT_RESTORED,
	RESULT_WOULD_STOP,
	RESULT_WOULD_SOFTEN,
	RESULT_WOULD_START,
	RESULT_WOULD_RESTORE,
	RESULT_ALREADY,
	RESULT_SKIPPED,
	RESULT_REFUSED,
	RESULT_UNKNOWN,
	RESULT_FAILED,
	RESULTS
};

/* result_name - the word of .cws.stop.result and .cws.start.result. */
const char *
result_name(enum result r);

enum action {
	ACTION_STOP,
	ACTION_SOFTEN, /* shorten the deadline instead */
	ACTION_START,
	ACTION_RESTORE, /* put a shortened deadline back */
	ACTIONS
};

struct action_words {
	const char *name;       /* of the journal's "intent" */
	const char *member;     /* of cws, for the result: "stop" or "start" */
	const char *transition; /* of the build it makes; NULL: it moves a deadline */
	const char *noun;       /* for sentences: "the stop" */
	enum result would, sent, done;
};

/* action_words - what a action is called, and what its results are. */
const struct action_words *
action_words(enum action d);

/* action_of - the action of this name; false when there is none. */
bool
action_of(const char *name, enum action *d);

/* action_put_build - append " (build 42, stop)": which build a sentence speaks of. */
void
action_put_build(struct text *why, int64_t number, const char *transition);

#endif
