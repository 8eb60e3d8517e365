/* test_undo.c - what may be taken back: a row per sentence of cws-start(1), and one second around each limit. */

#include "judge/undo.h"

#include "check.h"

#define H          INT64_C(3600000000)
#define AT(us)     { true, (us) }
#define STOP_BUILD "b8"

static void
test_asked(void)
{
	static const struct {
		const char        *name;
		struct undo_record run;
		bool               want;
		enum action          action;
		const char        *why;
	} rows[] = {
		{ "stopped", { "stopped", STOP_BUILD, 8, { 0 }, { 0 }, 0 }, true, ACTION_START, "" },
		{ "accepted", { "accepted", STOP_BUILD, 8, { 0 }, { 0 }, 0 }, true, ACTION_START, "" },
		{ "the next build", { "stopped", STOP_BUILD, 8, { 0 }, { 0 }, 7 }, true, ACTION_START, "" },
		{ "another came between", { "stopped", STOP_BUILD, 9, { 0 }, { 0 }, 7 }, false, ACTION_START,
			"another build came before its stop: look at it" },
		{ "softened", { "softened", "", 0, AT(2 * H), AT(H), 0 }, true, ACTION_RESTORE, "" },
		{ "accepted without its build", { "accepted", "", 0, { 0 }, { 0 }, 0 }, false, ACTION_START,
			"the record does not say which build the stop made" },
		{ "softened, not from where", { "softened", "", 0, { 0 }, AT(H), 0 }, false, ACTION_START,
			"the record does not say which deadline was shortened to which" },
		{ "softened, not to where", { "softened", "", 0, AT(H), { 0 }, 0 }, false, ACTION_START, NULL },
		{ "no stop on it", { "", "", 0, { 0 }, { 0 }, 0 }, false, ACTION_START, "no stop on it" },
		{ "would-stop", { "would-stop", "", 0, { 0 }, { 0 }, 0 }, false, ACTION_START,
			"the run did not stop it: would-stop" },
		{ "would-soften", { "would-soften", "", 0, AT(2 * H), AT(H), 0 }, false, ACTION_START, NULL },
		{ "already", { "already", "", 0, { 0 }, { 0 }, 0 }, false, ACTION_START, NULL },
		{ "skipped", { "skipped", "", 0, { 0 }, { 0 }, 0 }, false, ACTION_START, NULL },
		{ "refused", { "refused", "", 0, { 0 }, { 0 }, 0 }, false, ACTION_START, NULL },
		{ "unknown", { "unknown", "", 0, { 0 }, { 0 }, 0 }, false, ACTION_START,
			"nobody knows whether the run stopped it: look at it" },
		{ "refused by the server", { "failed", "", 0, { 0 }, { 0 }, 0 }, false, ACTION_START,
			"the run did not stop it: the request failed" },
		{ "failed", { "failed", STOP_BUILD, 8, { 0 }, { 0 }, 0 }, false, ACTION_START,
			"its stop failed: what runs there needs a person's eye" },
		{ "started", { "started", STOP_BUILD, 8, { 0 }, { 0 }, 0 }, false, ACTION_START, NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text why;
		enum action   action = ACTION_STOP;
		bool        got;

		text_clear(&why);
		got = undo_asked(&rows[i].run, &action, &why);
		CHECK(rows[i].name, got == rows[i].want, "got %d", got);
		CHECK(rows[i].name, !got || action == rows[i].action, "action %s", action_words(action)->name);
		if (rows[i].why != NULL)
			CHECK_TEXT(rows[i].name, why.s, rows[i].why);
		else
			CHECK(rows[i].name, why.n != 0, "no reason");
	}
}

/* The run's stop was build 8. */
#define SEEN(id, n, tr, l) { id, tr, n, LIFE_##l, false, OWNER_SAME, { 0 } }

static void
test_start(void)
{
	static const struct {
		const char       *name;
		struct undo_facts fresh;
		enum undo         want;
		const char       *why;
	} rows[] = {
		{ "its stop is done", SEEN(STOP_BUILD, 8, "stop", STOPPED), UNDO_GO, "" },
		{ "its stop is under way", SEEN(STOP_BUILD, 8, "stop", CHANGING), UNDO_LATER, "" },
		{ "its stop failed", SEEN(STOP_BUILD, 8, "stop", STUCK), UNDO_NO,
			"its stop failed: what runs there needs a person's eye" },
		{ "a word we do not know", SEEN(STOP_BUILD, 8, "stop", UNKNOWN), UNDO_NO, "its state is not known" },
		{ "its build runs?", SEEN(STOP_BUILD, 8, "start", RUNNING), UNDO_NO, "its state is not known" },
		{ "started since", SEEN("b9", 9, "start", RUNNING), UNDO_ALREADY,
			"somebody started it already (build 9, start)" },
		{ "starting", SEEN("b9", 9, "start", CHANGING), UNDO_ALREADY,
			"somebody's start is under way (build 9, start)" },
		{ "a start since that failed", SEEN("b9", 9, "start", STOPPED), UNDO_NO,
			"its latest build is not the stop of that run (build 9, start)" },
		{ "started and stopped since", SEEN("b10", 10, "stop", STOPPED), UNDO_NO,
			"its latest build is not the stop of that run (build 10, stop)" },
		{ "being deleted", SEEN("b9", 9, "delete", CHANGING), UNDO_NO, NULL },
		{ "no build", SEEN("", 0, "", UNKNOWN), UNDO_NO, NULL },
		{ "prebuilt", { STOP_BUILD, "stop", 8, LIFE_STOPPED, true, OWNER_SAME, { 0 } }, UNDO_NO,
			"it is a prebuilt workspace" },
		{ "another owner", { STOP_BUILD, "stop", 8, LIFE_STOPPED, false, OWNER_ANOTHER, { 0 } }, UNDO_NO,
			"it has another owner now" },
		{ "nobody knows whose", { STOP_BUILD, "stop", 8, LIFE_STOPPED, false, OWNER_UNTOLD, { 0 } }, UNDO_NO,
			"the record does not say whose workspace it was" },
		{ "somebody else started it", { "b9", "start", 9, LIFE_RUNNING, false, OWNER_ANOTHER, { 0 } }, UNDO_NO,
			"it has another owner now" },
	};
	static const struct undo_record run = { "stopped", STOP_BUILD, 8, { 0 }, { 0 }, 0 };
	size_t                          i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text why;
		enum undo   got;

		text_clear(&why);
		got = undo_holds(&run, ACTION_START, &rows[i].fresh, 0, &why);
		CHECK(rows[i].name, got == rows[i].want, "got %d: %s", got, why.s);
		if (rows[i].why != NULL)
			CHECK_TEXT(rows[i].name, why.s, rows[i].why);
	}
}

static void
test_ran(void)
{
	static const struct {
		enum life   was;
		const char *why;
	} rows[] = {
		{ LIFE_RUNNING, "" },
		{ LIFE_FAILED, "it was not running when it was stopped: its start had failed" },
		{ LIFE_STUCK, "it was not running when it was stopped: the stop before had failed" },
		{ LIFE_STOPPED, "it was not running when it was stopped" },
		{ LIFE_CHANGING, "nobody knows whether it was running when it was stopped" },
		{ LIFE_UNKNOWN, "nobody knows whether it was running when it was stopped" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text why;
		bool        ran;

		text_clear(&why);
		ran = undo_ran(rows[i].was, &why);
		CHECK(rows[i].why, ran == (rows[i].was == LIFE_RUNNING), "got %d", ran);
		CHECK_TEXT(rows[i].why, why.s, rows[i].why);
	}
}

static void
test_restore(void)
{
	/* 10:00 was shortened to 5:00; rows are judged at 4:00 where they do not say. */
	static const struct undo_record run = { "softened", "", 0, AT(10 * H), AT(5 * H), 0 };
	static const struct {
		const char *name;
		enum life   life;
		struct when deadline;
		int64_t     now_us;
		enum undo   want;
		const char *why;
	} rows[] = {
		{ "as the run left it", LIFE_RUNNING, AT(5 * H), 4 * H, UNDO_GO, "" },
		{ "the same second", LIFE_RUNNING, AT(5 * H + 999999), 4 * H, UNDO_GO, "" },
		{ "a second later", LIFE_RUNNING, AT(5 * H + 1000000), 4 * H, UNDO_NO,
			"its deadline was moved since: 1970-01-01T05:00:01Z" },
		{ "a second earlier", LIFE_RUNNING, AT(5 * H - 1), 4 * H, UNDO_NO, NULL },
		{ "used since", LIFE_RUNNING, AT(6 * H), 4 * H, UNDO_NO, NULL },
		{ "cleared since", LIFE_RUNNING, { 0 }, 4 * H, UNDO_NO, "its deadline was moved since: it has none" },
		{ "back already", LIFE_RUNNING, AT(10 * H), 4 * H, UNDO_ALREADY, "its old deadline is back already" },
		{ "31 minutes ahead", LIFE_RUNNING, AT(5 * H), 10 * H - 31 * INT64_C(60000000), UNDO_GO, "" },
		{ "a little less", LIFE_RUNNING, AT(5 * H), 10 * H - 31 * INT64_C(60000000) + 1, UNDO_NO,
			"its old deadline is less than 31m ahead: 1970-01-01T10:00:00Z" },
		{ "long past", LIFE_RUNNING, AT(5 * H), 11 * H, UNDO_NO, NULL },
		{ "stopped since", LIFE_STOPPED, AT(5 * H), 4 * H, UNDO_NO, "it does not run any more" },
		{ "stopping", LIFE_CHANGING, AT(5 * H), 4 * H, UNDO_NO, NULL },
		{ "its stop failed", LIFE_STUCK, AT(5 * H), 4 * H, UNDO_NO, NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct undo_facts f = { "b7", "start", 7, rows[i].life, false, OWNER_SAME, rows[i].deadline };
		struct text       why;
		enum undo         got;

		text_clear(&why);
		got = undo_holds(&run, ACTION_RESTORE, &f, rows[i].now_us, &why);
		CHECK(rows[i].name, got == rows[i].want, "got %d: %s", got, why.s);
		if (rows[i].why != NULL)
			CHECK_TEXT(rows[i].name, why.s, rows[i].why);
	}
}

int
main(void)
{
	test_asked();
	test_start();
	test_ran();
	test_restore();
	return CHECK_DONE();
}
