/* test_action.c - the words of results and actions, as users and journals have them. */

#include "judge/action.h"

#include <stddef.h>

#include "check.h"

static void
test_results(void)
{
	static const char *const want[RESULTS] = { "none", "stopped", "started", "accepted", "softened", "restored",
		"would-stop", "would-soften", "would-start", "would-restore", "already", "skipped", "refused",
		"unknown", "failed" };
	int r;

	for (r = 0; r < RESULTS; r++)
		CHECK_TEXT("result_name", result_name((enum result)r), want[r]);
}

static void
test_deeds(void)
{
	static const struct {
		const char *name, *member, *transition;
		enum action   action;
		enum result would, sent, done;
	} rows[] = {
		{ "stop", "stop", "stop", ACTION_STOP, RESULT_WOULD_STOP, RESULT_ACCEPTED, RESULT_STOPPED },
		{ "soften", "stop", NULL, ACTION_SOFTEN, RESULT_WOULD_SOFTEN, RESULT_SOFTENED, RESULT_SOFTENED },
		{ "start", "start", "start", ACTION_START, RESULT_WOULD_START, RESULT_ACCEPTED, RESULT_STARTED },
		{ "restore", "start", NULL, ACTION_RESTORE, RESULT_WOULD_RESTORE, RESULT_RESTORED, RESULT_RESTORED },
	};
	static const char *const none[] = { "", "Stop", "sto", "stopp", "delete" };
	enum action                d;
	size_t                   i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct action_words *w;

		CHECK(rows[i].name, action_of(rows[i].name, &d) && d == rows[i].action, "not found");
		w = action_words(rows[i].action);
		CHECK_TEXT(rows[i].name, w->name, rows[i].name);
		CHECK_TEXT(rows[i].name, w->member, rows[i].member);
		CHECK_TEXT(rows[i].name, w->transition != NULL ? w->transition : "", rows[i].transition != NULL ? rows[i].transition : "");
		CHECK(rows[i].name, w->would == rows[i].would && w->sent == rows[i].sent && w->done == rows[i].done,
			"other results");
	}
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK(none[i], !action_of(none[i], &d), "found");
}

int
main(void)
{
	test_results();
	test_deeds();
	return CHECK_DONE();
}
