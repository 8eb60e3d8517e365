/* action.c - the words for what a run does. */

#include "judge/action.h"

#include <stddef.h>
#include <string.h>

const char *
result_name(enum result r)
{
	static const char *const name[RESULTS] = { "none", "stopped", "started", "accepted",
		"softened", "restored", "would-stop", "would-soften", "would-start",
		"would-restore", "already", "skipped", "refused", "unknown", "failed" };

	return name[r];
}

static const struct action_words words[ACTIONS] = {
	[ACTION_STOP] = { "stop", "stop", "stop", "the stop", RESULT_WOULD_STOP, RESULT_ACCEPTED,
	        RESULT_STOPPED },
	[ACTION_SOFTEN] = { "soften", "stop", NULL, "the new deadline", RESULT_WOULD_SOFTEN,
	        RESULT_SOFTENED, RESULT_SOFTENED },
	[ACTION_START] = { "start", "start", "start", "the start", RESULT_WOULD_START,
	        RESULT_ACCEPTED, RESULT_STARTED },
	[ACTION_RESTORE] = { "restore", "start", NULL, "the old deadline", RESULT_WOULD_RESTORE,
	        RESULT_RESTORED, RESULT_RESTORED },
};

const struct action_words *
action_words(enum action d)
{
	return &words[d];
}

bool
action_of(const char *name, enum action *d)
{
	size_t i;

	for (i = 0; i < ACTIONS; i++)
		if (strcmp(words[i].name, name) == 0) {
			*d = (enum action)i;
			return true;
		}
	return false;
}

void
action_put_build(struct text *why, int64_t number, const char *transition)
{
	text_put(why, " (build ");
	text_int(why, number);
	text_put(why, ", ");
	text_put(why, transition);
	text_put(why, ")");
}
