/* test_outcome.c - every row of cws-stop(1), RESULTS: answers, and what is seen after unclear ones. */

#include "judge/outcome.h"

#include "check.h"

static const char *
after_name(enum after a)
{
	static const char *const name[] = { "done", "gone", "failed", "end", "resend", "look" };

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
		{ "201 with a build", { .status = 201, .coder = true }, AFTER_DONE },
		{ "200 with a build", { .status = 200, .coder = true }, AFTER_DONE },
		{ "200 login page", { .status = 200 }, AFTER_LOOK },
		{ "201 without a build", { .status = 201 }, AFTER_LOOK },
		{ "202", { .status = 202, .coder = true }, AFTER_LOOK },
		{ "204", { .status = 204 }, AFTER_LOOK },
		{ "301", { .status = 301 }, AFTER_END },
		{ "307", { .status = 307, .coder = true }, AFTER_END },
		{ "400", { .status = 400, .coder = true }, AFTER_FAILED },
		{ "401 of the token", { .status = 401, .coder = true, .token = true }, AFTER_END },
		{ "401, a fault of the server's own", { .status = 401, .coder = true }, AFTER_LOOK },
		{ "401 of a proxy", { .status = 401 }, AFTER_LOOK },
		{ "403", { .status = 403, .coder = true }, AFTER_FAILED },
		{ "404", { .status = 404, .coder = true }, AFTER_FAILED },
		{ "406", { .status = 406, .coder = true }, AFTER_FAILED },
		{ "408", { .status = 408 }, AFTER_LOOK },
		{ "409", { .status = 409, .coder = true }, AFTER_LOOK },
		{ "410", { .status = 410, .coder = true }, AFTER_GONE },
		{ "410 of a proxy", { .status = 410 }, AFTER_FAILED },
		{ "417", { .status = 417 }, AFTER_LOOK },
		{ "425", { .status = 425 }, AFTER_LOOK },
		{ "429", { .status = 429, .coder = true }, AFTER_RESEND },
		{ "429 of a proxy", { .status = 429 }, AFTER_RESEND },
		{ "451", { .status = 451 }, AFTER_FAILED },
		{ "499", { .status = 499 }, AFTER_FAILED },
		{ "500 of Coder", { .status = 500, .coder = true }, AFTER_LOOK },
		{ "500 of a proxy", { .status = 500 }, AFTER_LOOK },
		{ "502", { .status = 502 }, AFTER_LOOK },
		{ "503", { .status = 503 }, AFTER_LOOK },
		{ "504", { .status = 504 }, AFTER_LOOK },
		{ "599", { .status = 599 }, AFTER_LOOK },
		{ "no connection", { .end = HTTP_UNSENT }, AFTER_RESEND },
		{ "reset, cut, timed out", { .end = HTTP_UNCLEAR }, AFTER_LOOK },
		{ "certificate", { .end = HTTP_FATAL }, AFTER_END },
		{ "certificate, nothing sent", { .end = HTTP_FATAL }, AFTER_END },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum after got = outcome_of(&rows[i].a);

		CHECK(rows[i].name, got == rows[i].want, "got %s, want %s", after_name(got),
			after_name(rows[i].want));
	}
}

/* Build 7 was verified; its deadline was 10:00, and 9:00 was asked for. */
#define AT(h)          { true, INT64_C(3600000000) * (h) }
#define READ(n, tr, l) .readable = true, .build_number = (n), .transition = tr, .life = LIFE_##l
#define SEEN(n, tr, l) READ(n, tr, l), .whole = (n) <= 8
#define LOST           { .end = HTTP_UNCLEAR }
#define CODER_500      { .status = 500, .coder = true }
#define OWN_401        { .status = 401, .coder = true }
#define PROXY_502      { .status = 502 }
#define CONFLICT       { .status = 409, .coder = true }
#define PROXY_409      { .status = 409 }
#define PAGE_200       { .status = 200 }
#define NOTHING        { .transition = "" }
#define DELETED        { .deleted = true, .transition = "" }

static void
test_looks(void)
{
	static const struct {
		const char   *name;
		enum action     action;
		struct answer a;
		struct look   l;
		enum result   want;
		const char   *why;
	} rows[] = {
		{ "lost, ours came", ACTION_STOP, LOST, { SEEN(8, "stop", CHANGING), .ours = 8 }, RESULT_ACCEPTED,
			"the answer was lost, the build is there" },
		{ "lost, ours is done already", ACTION_STOP, LOST, { SEEN(8, "stop", STOPPED), .ours = 8 },
			RESULT_ACCEPTED, NULL },
		{ "lost, ours failed already", ACTION_STOP, LOST, { SEEN(8, "stop", STUCK), .ours = 8 },
			RESULT_ACCEPTED, NULL },
		{ "lost, our start came", ACTION_START, LOST, { SEEN(8, "start", CHANGING), .ours = 8 },
			RESULT_ACCEPTED, NULL },
		{ "502, ours came", ACTION_STOP, PROXY_502, { SEEN(8, "stop", CHANGING), .ours = 8 }, RESULT_ACCEPTED,
			NULL },
		{ "500, ours came", ACTION_STOP, CODER_500, { SEEN(8, "stop", CHANGING), .ours = 8 }, RESULT_ACCEPTED,
			NULL },
		{ "login page, ours came", ACTION_STOP, PAGE_200, { SEEN(8, "stop", CHANGING), .ours = 8 },
			RESULT_ACCEPTED, NULL },
		{ "401 of its own, ours came", ACTION_STOP, OWN_401, { SEEN(8, "stop", CHANGING), .ours = 8 }, RESULT_ACCEPTED, NULL },
		{ "401 of its own, nothing came", ACTION_STOP, OWN_401, { SEEN(7, "start", RUNNING) }, RESULT_UNKNOWN, NULL },
		{ "lost, another's stop", ACTION_STOP, LOST, { SEEN(8, "stop", STOPPED) }, RESULT_ALREADY,
			"somebody else's build came first (build 8, stop)" },
		{ "lost, nobody knows whose stop", ACTION_STOP, LOST, { SEEN(8, "stop", STOPPED), .anonymous = true },
			RESULT_UNKNOWN,
			"a build came that may be ours, and nobody can say whose it is (build 8, stop)" },
		{ "lost, another's delete", ACTION_STOP, LOST, { SEEN(8, "delete", CHANGING) }, RESULT_ALREADY, NULL },
		{ "lost, another's start", ACTION_STOP, LOST, { SEEN(8, "start", CHANGING) }, RESULT_SKIPPED,
			"somebody else's build came first (build 8, start)" },
		{ "start lost, another's start", ACTION_START, LOST, { SEEN(8, "start", RUNNING) }, RESULT_ALREADY,
			"somebody else's build came first (build 8, start)" },
		{ "start lost, another's stop", ACTION_START, LOST, { SEEN(8, "stop", STOPPED) }, RESULT_SKIPPED,
			NULL },
		{ "start lost, another's delete", ACTION_START, LOST, { SEEN(8, "delete", CHANGING) }, RESULT_SKIPPED,
			NULL },
		{ "lost, two builds since", ACTION_STOP, LOST, { SEEN(9, "stop", STOPPED) }, RESULT_NONE, "" },
		{ "lost, two builds since, the first ours", ACTION_STOP, LOST,
			{ READ(9, "start", RUNNING), .ours = 8, .whole = true }, RESULT_ACCEPTED,
			"the answer was lost, the build is there" },
		{ "lost, two builds since, the last ours", ACTION_STOP, LOST, { SEEN(9, "stop", STOPPED), .ours = 9 },
			RESULT_ACCEPTED, NULL },
		{ "lost, two builds since, none ours", ACTION_STOP, LOST, { READ(9, "start", RUNNING), .whole = true },
			RESULT_SKIPPED, "somebody else's build came first (build 9, start)" },
		{ "lost, an older build?", ACTION_STOP, LOST, { SEEN(6, "start", RUNNING) }, RESULT_UNKNOWN,
			"the answer was lost and the workspace has an older build now (build 6, start)" },
		{ "lost, unchanged", ACTION_STOP, LOST, { SEEN(7, "start", RUNNING) }, RESULT_UNKNOWN,
			"the answer was lost and no new build is seen: the stop may still arrive" },
		{ "start lost, unchanged", ACTION_START, LOST, { SEEN(7, "stop", STOPPED) }, RESULT_UNKNOWN,
			"the answer was lost and no new build is seen: the start may still arrive" },
		{ "502, unchanged", ACTION_STOP, PROXY_502, { SEEN(7, "start", RUNNING) }, RESULT_UNKNOWN, NULL },
		{ "login page, unchanged", ACTION_STOP, PAGE_200, { SEEN(7, "start", RUNNING) }, RESULT_UNKNOWN, NULL },
		{ "500 of Coder, unchanged", ACTION_STOP, CODER_500, { SEEN(7, "start", RUNNING) }, RESULT_FAILED,
			"the server failed and made no build" },
		{ "500 of Coder, unreadable", ACTION_STOP, CODER_500, NOTHING, RESULT_UNKNOWN, NULL },
		{ "lost, unreadable", ACTION_STOP, LOST, NOTHING, RESULT_UNKNOWN,
			"the answer was lost and the workspace cannot be read: "
			"nobody knows whether the stop arrived" },
		{ "lost, deleted", ACTION_STOP, LOST, DELETED, RESULT_ALREADY,
			"it was deleted meanwhile" },
		{ "500, deleted", ACTION_STOP, CODER_500, DELETED, RESULT_ALREADY, NULL },
		{ "start lost, deleted", ACTION_START, LOST, DELETED, RESULT_SKIPPED, "it was deleted meanwhile" },
		{ "409, a stop is under way", ACTION_STOP, CONFLICT, { SEEN(8, "stop", CHANGING) }, RESULT_ALREADY,
			"a stop is under way or done (build 8, stop)" },
		{ "409, a stop is done", ACTION_STOP, CONFLICT, { SEEN(8, "stop", STOPPED) }, RESULT_ALREADY, NULL },
		{ "409, a stop of our user, not of this run", ACTION_STOP, CONFLICT,
			{ SEEN(8, "stop", CHANGING), .ours = 8 },
			RESULT_ALREADY, NULL },
		{ "409, a stop that failed", ACTION_STOP, CONFLICT, { SEEN(8, "stop", STUCK) }, RESULT_SKIPPED, NULL },
		{ "409, a delete is under way", ACTION_STOP, CONFLICT, { SEEN(8, "delete", CHANGING) }, RESULT_ALREADY,
			NULL },
		{ "409, a start is under way", ACTION_STOP, CONFLICT, { SEEN(8, "start", CHANGING) }, RESULT_SKIPPED,
			"another build is in the way (build 8, start)" },
		{ "409 to a start, a start is under way", ACTION_START, CONFLICT, { SEEN(8, "start", CHANGING) },
			RESULT_ALREADY, "a start is under way or done (build 8, start)" },
		{ "409 to a start, it runs", ACTION_START, CONFLICT, { SEEN(8, "start", RUNNING) }, RESULT_ALREADY,
			NULL },
		{ "409 to a start, that start failed", ACTION_START, CONFLICT, { SEEN(8, "start", STOPPED) },
			RESULT_SKIPPED, NULL },
		{ "409, running all the same", ACTION_STOP, CONFLICT, { SEEN(7, "start", RUNNING) }, RESULT_SKIPPED,
			NULL },
		{ "409 of a proxy, running all the same", ACTION_STOP, PROXY_409, { SEEN(7, "start", RUNNING) },
			RESULT_UNKNOWN, "the answer was lost and no new build is seen: the stop may still arrive" },
		{ "409 of a proxy, somebody's start", ACTION_STOP, PROXY_409, { SEEN(8, "start", CHANGING) },
			RESULT_SKIPPED, "somebody else's build came first (build 8, start)" },
		{ "409 of a proxy, unreadable", ACTION_STOP, PROXY_409, NOTHING, RESULT_UNKNOWN, NULL },
		{ "409, deleted", ACTION_STOP, CONFLICT, DELETED, RESULT_ALREADY,
			"it was deleted meanwhile" },
		{ "409, unreadable", ACTION_STOP, CONFLICT, NOTHING, RESULT_SKIPPED,
			"another build was active" },

		{ "deadline lost, it is there", ACTION_SOFTEN, LOST, { SEEN(7, "start", RUNNING), .deadline = AT(9) },
			RESULT_SOFTENED, "the answer was lost, the deadline is there" },
		{ "old deadline lost, it is there", ACTION_RESTORE, PROXY_502,
			{ SEEN(7, "start", RUNNING), .deadline = AT(9) }, RESULT_RESTORED, NULL },
		{ "deadline lost, the old one", ACTION_SOFTEN, LOST, { SEEN(7, "start", RUNNING), .deadline = AT(10) },
			RESULT_UNKNOWN,
			"the answer was lost and its deadline is the old one: the new deadline may still arrive" },
		{ "deadline refused by 500, the old one", ACTION_SOFTEN, CODER_500,
			{ SEEN(7, "start", RUNNING), .deadline = AT(10) }, RESULT_FAILED,
			"the server failed and moved no deadline" },
		{ "deadline lost, a third one", ACTION_SOFTEN, LOST, { SEEN(7, "start", RUNNING), .deadline = AT(11) },
			RESULT_UNKNOWN, "the answer was lost and its deadline is another now: 1970-01-01T11:00:00Z" },
		{ "deadline lost, cleared", ACTION_SOFTEN, LOST, { SEEN(7, "start", RUNNING) },
			RESULT_UNKNOWN, "the answer was lost and its deadline is another now" },
		{ "deadline lost, stopped meanwhile", ACTION_SOFTEN, LOST, { SEEN(8, "stop", STOPPED), .deadline = AT(9) },
			RESULT_SKIPPED, "another build came meanwhile, with a deadline of its own (build 8, stop)" },
		{ "deadline, 409", ACTION_SOFTEN, CONFLICT, { SEEN(8, "stop", CHANGING) }, RESULT_SKIPPED,
			"its deadline can no longer be moved" },
		{ "deadline, 409 of a proxy, unreadable", ACTION_RESTORE, PROXY_409, NOTHING, RESULT_UNKNOWN, NULL },
		{ "deadline, 409, unreadable", ACTION_RESTORE, CONFLICT, NOTHING, RESULT_SKIPPED, NULL },
		{ "deadline lost, unreadable", ACTION_SOFTEN, LOST, NOTHING, RESULT_UNKNOWN,
			"the answer was lost and the workspace cannot be read: "
			"nobody knows whether the new deadline arrived" },
		{ "deadline lost, deleted", ACTION_SOFTEN, LOST, DELETED, RESULT_SKIPPED, "it was deleted meanwhile" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct asked q = { .action = rows[i].action, .was_number = 7, .before = AT(10), .after = AT(9) };
		struct text  why;
		enum result  got;

		text_clear(&why);
		got = outcome_look(&q, &rows[i].a, &rows[i].l, &why);
		CHECK(rows[i].name, got == rows[i].want, "got %s (%s), want %s", result_name(got), why.s,
			result_name(rows[i].want));
		CHECK(rows[i].name, (why.n == 0) == (got == RESULT_NONE), "reason: %s", why.s);
		if (rows[i].why != NULL)
			CHECK_TEXT(rows[i].name, why.s, rows[i].why);
	}
}

/* The same looks long after whoever sent the request has gone. */
static void
test_settled(void)
{
	static const struct {
		const char *name;
		enum action   action;
		struct look l;
		enum result want;
		const char *why;
		bool        claimed; /* by another run's request */
	} rows[] = {
		{ "unchanged", ACTION_STOP, { SEEN(7, "start", RUNNING) }, RESULT_SKIPPED,
			"it never arrived: no new build is seen", false },
		{ "deadline unchanged", ACTION_SOFTEN, { SEEN(7, "start", RUNNING), .deadline = AT(10) }, RESULT_SKIPPED,
			"it never arrived: its deadline is the old one", false },
		{ "ours", ACTION_STOP, { SEEN(8, "stop", STOPPED), .ours = 8 }, RESULT_ACCEPTED, NULL, false },
		{ "ours, of another run", ACTION_STOP, { SEEN(8, "stop", STOPPED), .ours = 8 }, RESULT_ALREADY,
			"another run's request made the build that came (build 8, stop)", true },
		{ "ours, after that of another run", ACTION_STOP, { SEEN(10, "stop", STOPPED), .ours = 10 },
			RESULT_ACCEPTED, NULL, true },
		{ "another's", ACTION_STOP, { SEEN(8, "stop", STOPPED) }, RESULT_ALREADY, NULL, false },
		{ "unreadable", ACTION_STOP, NOTHING, RESULT_UNKNOWN, NULL, false },
	};
	static const struct answer lost = LOST;
	size_t                     i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct asked q = { .action = rows[i].action, .was_number = 7, .before = AT(10), .after = AT(9),
			.claimed = rows[i].claimed, .settled = true };
		struct text  why;
		enum result  got;

		text_clear(&why);
		got = outcome_look(&q, &lost, &rows[i].l, &why);
		CHECK(rows[i].name, got == rows[i].want, "got %s (%s)", result_name(got), why.s);
		if (rows[i].why != NULL)
			CHECK_TEXT(rows[i].name, why.s, rows[i].why);
	}
}

static void
test_whose(void)
{
	static const struct {
		const char *name;
		enum action   action;
		const char *us, *transition, *initiator, *reason;
		enum whose  want;
	} rows[] = {
		{ "our request", ACTION_STOP, "u", "stop", "u", "initiator", WHOSE_OURS },
		{ "a server that tells no reason", ACTION_STOP, "u", "stop", "u", NULL, WHOSE_OURS },
		{ "an empty reason", ACTION_STOP, "u", "stop", "u", "", WHOSE_OURS },
		{ "our start", ACTION_START, "u", "start", "u", "initiator", WHOSE_OURS },
		{ "an autostop of our own workspace", ACTION_STOP, "u", "stop", "u", "autostop", WHOSE_OTHERS },
		{ "its dormancy", ACTION_STOP, "u", "stop", "u", "dormancy", WHOSE_OTHERS },
		{ "its autostart", ACTION_START, "u", "start", "u", "autostart", WHOSE_OTHERS },
		{ "we, in the dashboard", ACTION_STOP, "u", "stop", "u", "dashboard", WHOSE_OTHERS },
		{ "a reason of later versions", ACTION_STOP, "u", "stop", "u", "x", WHOSE_OTHERS },
		{ "a start instead", ACTION_STOP, "u", "start", "u", "initiator", WHOSE_OTHERS },
		{ "no transition", ACTION_STOP, "u", NULL, "u", "initiator", WHOSE_OTHERS },
		{ "another user", ACTION_STOP, "u", "stop", "v", "initiator", WHOSE_OTHERS },
		{ "the beginning of our id", ACTION_STOP, "aaaa", "stop", "aaaa-bb", "initiator", WHOSE_OURS },
		{ "another beginning", ACTION_STOP, "aaab", "stop", "aaaa-bb", "initiator", WHOSE_OTHERS },
		{ "we do not know ourselves", ACTION_STOP, "", "stop", "v", "initiator", WHOSE_UNKNOWN },
		{ "no initiator", ACTION_STOP, "u", "stop", NULL, NULL, WHOSE_UNKNOWN },
		{ "a deadline makes no build", ACTION_SOFTEN, "u", "stop", "u", "initiator", WHOSE_OTHERS },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum whose got = outcome_whose(rows[i].action, rows[i].us, rows[i].transition,
			rows[i].initiator, rows[i].reason);

		CHECK(rows[i].name, got == rows[i].want, "got %d", (int)got);
	}
}

static void
test_gone(void)
{
	CHECK("a stop", outcome_gone(ACTION_STOP) == RESULT_ALREADY, "other");
	CHECK("a soft stop", outcome_gone(ACTION_SOFTEN) == RESULT_SKIPPED, "other");
	CHECK("a start", outcome_gone(ACTION_START) == RESULT_SKIPPED, "other");
	CHECK("a restore", outcome_gone(ACTION_RESTORE) == RESULT_SKIPPED, "other");
}

int
main(void)
{
	test_answers();
	test_looks();
	test_settled();
	test_whose();
	test_gone();
	return CHECK_DONE();
}
