/* deed.c - the words for what a run does. */

#include "judge/deed.h"

#include <stddef.h>
#include <string.h>

const char *
result_name(enum result r)
{
	static const char *const name[RESULTS] = { "none", "stopped", "started", "accepted", "softened", "restored",
		"would-stop", "would-soften", "would-start", "would-restore", "already", "skipped", "refused",
		"unknown", "failed" };

	return name[r];
}

static const struct deed_words words[DEEDS] = {
	[DEED_STOP] = { "stop", "stop", "stop", "the stop", RESULT_WOULD_STOP, RESULT_ACCEPTED, RESULT_STOPPED },
	[DEED_SOFTEN] = { "soften", "stop", NULL, "the new deadline", RESULT_WOULD_SOFTEN, RESULT_SOFTENED,
	        RESULT_SOFTENED },
	[DEED_START] = { "start", "start", "start", "the start", RESULT_WOULD_START, RESULT_ACCEPTED,
	        RESULT_STARTED },
	[DEED_RESTORE] = { "restore", "start", NULL, "the old deadline", RESULT_WOULD_RESTORE, RESULT_RESTORED,
	        RESULT_RESTORED },
};

const struct deed_words *
deed_words(enum deed d)
{
	return &words[d];
}

bool
deed_of(const char *name, enum deed *d)
{
	size_t i;

	for (i = 0; i < DEEDS; i++)
		if (strcmp(words[i].name, name) == 0) {
			*d = (enum deed)i;
			return true;
		}
	return false;
}
