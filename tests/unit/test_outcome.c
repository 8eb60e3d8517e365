/* test_outcome.c - every row of cws-stop(1), RESULTS: answers, and what is seen after unclear ones. */

#include "outcome.h"

#include "check.h"

static const char *
after_name(enum after a)
{
	static const char *const name[] = { "accepted", "already", "failed", "end", "resend", "look" };

	return name[a];
}

static void
test_answers(void)
{
	static const struct {
		const char   *name;
		struct answer a;
		enum after    want;
	} rows[] = {
		{ "201 with a build", { .answered = true, .status = 201, .coder = true }, AFTER_ACCEPTED },
		{ "200 with a build", { .answered = true, .status = 200, .coder = true }, AFTER_ACCEPTED },
		{ "200 login page", { .answered = true, .status = 200 }, AFTER_LOOK },
		{ "201 without a build", { .answered = true, .status = 201 }, AFTER_LOOK },
		{ "202", { .answered = true, .status = 202, .coder = true }, AFTER_LOOK },
		{ "204", { .answered = true, .status = 204 }, AFTER_LOOK },
		{ "301", { .answered = true, .status = 301 }, AFTER_END },
		{ "307", { .answered = true, .status = 307, .coder = true }, AFTER_END },
		{ "400", { .answered = true, .status = 400, .coder = true }, AFTER_FAILED },
		{ "401", { .answered = true, .status = 401, .coder = true }, AFTER_END },
		{ "401 of a proxy", { .answered = true, .status = 401 }, AFTER_END },
		{ "403", { .answered = true, .status = 403, .coder = true }, AFTER_FAILED },
		{ "404", { .answered = true, .status = 404, .coder = true }, AFTER_FAILED },
		{ "406", { .answered = true, .status = 406, .coder = true }, AFTER_FAILED },
		{ "408", { .answered = true, .status = 408 }, AFTER_LOOK },
		{ "409", { .answered = true, .status = 409, .coder = true }, AFTER_LOOK },
		{ "410", { .answered = true, .status = 410, .coder = true }, AFTER_ALREADY },
		{ "429", { .answered = true, .status = 429, .coder = true }, AFTER_RESEND },
		{ "429 of a proxy", { .answered = true, .status = 429 }, AFTER_RESEND },
		{ "451", { .answered = true, .status = 451 }, AFTER_FAILED },
		{ "499", { .answered = true, .status = 499 }, AFTER_FAILED },
		{ "500 of Coder", { .answered = true, .status = 500, .coder = true }, AFTER_LOOK },
		{ "500 of a proxy", { .answered = true, .status = 500 }, AFTER_LOOK },
		{ "502", { .answered = true, .status = 502 }, AFTER_LOOK },
		{ "503", { .answered = true, .status = 503 }, AFTER_LOOK },
		{ "504", { .answered = true, .status = 504 }, AFTER_LOOK },
		{ "599", { .answered = true, .status = 599 }, AFTER_LOOK },
		{ "no connection", { .unsent = true }, AFTER_RESEND },
		{ "reset, cut, timed out", { .answered = false }, AFTER_LOOK },
		{ "certificate", { .fatal = true }, AFTER_END },
		{ "certificate, nothing sent", { .fatal = true, .unsent = true }, AFTER_END },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum after got = outcome_of(&rows[i].a);

		CHECK(rows[i].name, got == rows[i].want, "got %s, want %s", after_name(got),
			after_name(rows[i].want));
	}
}

/* Build 7 was verified. */
#define SEEN(n, tr, l) .readable = true, .build_number = (n), .transition = tr, .life = LIFE_##l
#define LOST           { .answered = false }
#define CODER_500      { .answered = true, .status = 500, .coder = true }
#define PROXY_502      { .answered = true, .status = 502 }
#define CONFLICT       { .answered = true, .status = 409, .coder = true }
#define PAGE_200       { .answered = true, .status = 200 }

static void
test_looks(void)
{
	static const struct {
		const char   *name;
		struct answer a;
		struct look   l;
		enum result   want;
		const char   *why;
	} rows[] = {
		{ "lost, ours came", LOST, { SEEN(8, "stop", CHANGING), .ours = true }, RESULT_ACCEPTED,
			"the answer was lost, the build is there" },
		{ "lost, ours is done already", LOST, { SEEN(8, "stop", STOPPED), .ours = true },
			RESULT_ACCEPTED, NULL },
		{ "lost, ours failed already", LOST, { SEEN(8, "stop", STUCK), .ours = true },
			RESULT_ACCEPTED, NULL },
		{ "502, ours came", PROXY_502, { SEEN(8, "stop", CHANGING), .ours = true }, RESULT_ACCEPTED,
			NULL },
		{ "500, ours came", CODER_500, { SEEN(8, "stop", CHANGING), .ours = true }, RESULT_ACCEPTED,
			NULL },
		{ "login page, ours came", PAGE_200, { SEEN(8, "stop", CHANGING), .ours = true },
			RESULT_ACCEPTED, NULL },
		{ "lost, another's stop", LOST, { SEEN(8, "stop", STOPPED) }, RESULT_ALREADY,
			"somebody else's build came first (build 8, stop)" },
		{ "lost, nobody knows whose stop", LOST, { SEEN(8, "stop", STOPPED), .anonymous = true },
			RESULT_ALREADY,
			"a build came, and whose it is cannot be read (build 8, stop)" },
		{ "lost, another's delete", LOST, { SEEN(8, "delete", CHANGING) }, RESULT_ALREADY, NULL },
		{ "lost, another's start", LOST, { SEEN(8, "start", CHANGING) }, RESULT_SKIPPED,
			"somebody else's build came first (build 8, start)" },
		{ "lost, our user's start", LOST, { SEEN(8, "start", CHANGING), .ours = true },
			RESULT_SKIPPED, NULL },
		{ "lost, two builds since, the last ours", LOST, { SEEN(9, "stop", STOPPED), .ours = true },
			RESULT_UNKNOWN,
			"the answer was lost and several builds came since (build 9, stop)" },
		{ "lost, an older build?", LOST, { SEEN(6, "start", RUNNING) }, RESULT_UNKNOWN, NULL },
		{ "lost, unchanged", LOST, { SEEN(7, "start", RUNNING) }, RESULT_UNKNOWN,
			"the answer was lost and no new build is seen: the stop may still arrive" },
		{ "502, unchanged", PROXY_502, { SEEN(7, "start", RUNNING) }, RESULT_UNKNOWN, NULL },
		{ "login page, unchanged", PAGE_200, { SEEN(7, "start", RUNNING) }, RESULT_UNKNOWN, NULL },
		{ "500 of Coder, unchanged", CODER_500, { SEEN(7, "start", RUNNING) }, RESULT_FAILED,
			"the server failed and made no build" },
		{ "500 of Coder, unreadable", CODER_500, { .transition = "" }, RESULT_UNKNOWN, NULL },
		{ "lost, unreadable", LOST, { .transition = "" }, RESULT_UNKNOWN,
			"the answer was lost and the workspace cannot be read: "
			"nobody knows whether the stop arrived" },
		{ "lost, deleted", LOST, { .deleted = true, .transition = "" }, RESULT_ALREADY,
			"it was deleted meanwhile" },
		{ "500, deleted", CODER_500, { .deleted = true, .transition = "" }, RESULT_ALREADY, NULL },
		{ "409, a stop is under way", CONFLICT, { SEEN(8, "stop", CHANGING) }, RESULT_ALREADY,
			"a stop is under way or done (build 8, stop)" },
		{ "409, a stop is done", CONFLICT, { SEEN(8, "stop", STOPPED) }, RESULT_ALREADY, NULL },
		{ "409, a stop of our user, not of this run", CONFLICT,
			{ SEEN(8, "stop", CHANGING), .ours = true },
			RESULT_ALREADY, NULL },
		{ "409, a stop that failed", CONFLICT, { SEEN(8, "stop", STUCK) }, RESULT_SKIPPED, NULL },
		{ "409, a delete is under way", CONFLICT, { SEEN(8, "delete", CHANGING) }, RESULT_ALREADY,
			NULL },
		{ "409, a start is under way", CONFLICT, { SEEN(8, "start", CHANGING) }, RESULT_SKIPPED,
			"another build is in the way (build 8, start)" },
		{ "409, running all the same", CONFLICT, { SEEN(7, "start", RUNNING) }, RESULT_SKIPPED,
			NULL },
		{ "409, deleted", CONFLICT, { .deleted = true, .transition = "" }, RESULT_ALREADY,
			"it was deleted meanwhile" },
		{ "409, unreadable", CONFLICT, { .transition = "" }, RESULT_SKIPPED,
			"another build was active" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text why;
		enum result got;

		text_clear(&why);
		got = outcome_look(&rows[i].a, &rows[i].l, 7, &why);
		CHECK(rows[i].name, got == rows[i].want, "got %s (%s), want %s", result_name(got), why.s,
			result_name(rows[i].want));
		CHECK(rows[i].name, why.n != 0, "no reason");
		if (rows[i].why != NULL)
			CHECK_TEXT(rows[i].name, why.s, rows[i].why);
	}
}

static void
test_names(void)
{
	static const char *const want[RESULTS] = { "none", "stopped", "accepted", "would-stop", "already",
		"skipped",
		"refused", "unknown", "failed" };
	int r;

	for (r = 0; r < RESULTS; r++)
		CHECK_TEXT("result_name", result_name((enum result)r), want[r]);
}

int
main(void)
{
	test_answers();
	test_looks();
	test_names();
	return CHECK_DONE();
}
