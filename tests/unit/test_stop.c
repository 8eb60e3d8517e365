/* test_stop.c - what verdicts ask for, and what a fresh reading still allows: each state, each boundary. */

#include "judge/stop.h"

#include "check.h"

#define S     US_PER_S
#define NOW   (INT64_C(1781636400) * S)
#define AGE_S 900

#define AT(s) { true, NOW + (s) * S }

static const struct verdict_seen ttl = { .name = "ttl", .state = "expired", .why = "deadline passed",
	.due = true,
	.at = { true, NOW } };

#define V(...) { __VA_ARGS__ }

/* What a row leaves out. */
static struct verdict_seen
filled(struct verdict_seen v)
{
	v.name = v.name != NULL ? v.name : "ttl";
	v.state = v.state != NULL ? v.state : "expired";
	v.why = v.why != NULL ? v.why : "passed";
	return v;
}

static void
test_asked(void)
{
	static const struct {
		const char         *name;
		struct verdict_seen v[2];
		size_t              n;
		struct when         fetched;
		bool                force;
		enum stop_asked     want;
		size_t              first;
		const char         *why;
	} rows[] = {
		{ .name = "no verdict", .n = 0, .want = STOP_NOT_DUE, .first = 0, .why = "no verdict on it" },
		{ "not due", { V(.at = AT(0)) }, 1, { false, 0 }, false, STOP_NOT_DUE, 1,
			"no verdict says due" },
		{ "due", { V(.due = true, .at = AT(0)) }, 1, AT(0), false, STOP_DUE, 0, "" },
		{ "due, no fetch", { V(.due = true, .at = AT(0)) }, 1, { false, 0 }, false, STOP_DUE, 0, "" },
		{ "the second is due", { V(.at = AT(0)), V(.due = true, .at = AT(0)) }, 2, AT(0), false,
			STOP_DUE, 1, "" },
		{ "both: the first is named", { V(.due = true, .at = AT(0)), V(.due = true, .at = AT(0)) }, 2,
			AT(0), false,
			STOP_DUE, 0, "" },
		{ "undated", { V(.due = true) }, 1, AT(0), false, STOP_NOT_DUE, 1,
			"the verdict of ttl has no 'at', so it stops nothing" },
		{ "undated beside a dated one", { V(.due = true), V(.due = true, .at = AT(0)) }, 2, AT(0),
			false, STOP_DUE, 1,
			"" },
		{ "kept", { V(.due = true, .at = AT(0)), V(.keep = true, .name = "mine", .why = "demo") }, 2,
			AT(0), false,
			STOP_KEPT, 2, "mine keeps it: demo" },
		{ "kept and due by one rule", { V(.due = true, .keep = true, .at = AT(0), .why = "") }, 1,
			AT(0), false,
			STOP_KEPT, 1, "ttl keeps it: expired" },
		{ "kept, undated", { V(.keep = true) }, 1, AT(0), false, STOP_KEPT, 1,
			"ttl keeps it: passed" },
		{ "kept against force", { V(.keep = true) }, 1, AT(0), true, STOP_KEPT, 1, NULL },
		{ "force", { V(.at = AT(0)) }, 1, AT(0), true, STOP_DUE, 1, "" },
		{ .name = "force without a verdict", .n = 0, .force = true, .want = STOP_DUE, .first = 0,
			.why = "" },
		{ "force, undated", { V(.due = true) }, 1, AT(0), true, STOP_DUE, 1, "" },
		{ "force, a stale record", { V(.at = AT(0)) }, 1, AT(-901), true, STOP_STALE, 1, NULL },
		{ "exactly max-age", { V(.due = true, .at = AT(-900)) }, 1, AT(0), false, STOP_DUE, 0, "" },
		{ "a second over it", { V(.due = true, .at = AT(-901)) }, 1, AT(0), false, STOP_STALE, 0,
			"the verdict of ttl is 15m 1s old, older than --max-age 15m" },
		{ "a microsecond over it", { V(.due = true, .at = { true, NOW - 900 * S - 1 }) }, 1, AT(0),
			false, STOP_STALE,
			0, NULL },
		{ "60 s ahead", { V(.due = true, .at = AT(60)) }, 1, AT(0), false, STOP_DUE, 0, "" },
		{ "61 s ahead", { V(.due = true, .at = AT(61)) }, 1, AT(0), false, STOP_STALE, 0,
			"the verdict of ttl lies ahead of this clock: 2026-06-16T19:01:01Z" },
		{ "fetched max-age ago", { V(.due = true, .at = AT(0)) }, 1, AT(-900), false, STOP_DUE, 0,
			"" },
		{ "fetched too long ago", { V(.due = true, .at = AT(0)) }, 1, AT(-901), false, STOP_STALE, 0,
			"the record is 15m 1s old, older than --max-age 15m" },
		{ "fetched ahead", { V(.due = true, .at = AT(0)) }, 1, AT(61), false, STOP_STALE, 0, NULL },
		{ "stale but not due", { V(.at = AT(-9999)), V(.due = true, .at = AT(0)) }, 2, AT(0), false,
			STOP_DUE, 1, "" },
		{ "one due is stale", { V(.due = true, .at = AT(0)), V(.due = true, .at = AT(-901)) }, 2,
			AT(0), false,
			STOP_STALE, 0, NULL },
		{ "the beginning of time", { V(.due = true, .at = { true, INT64_MIN }) }, 1, AT(0), false,
			STOP_STALE, 0, NULL },
		{ "the end of time", { V(.due = true, .at = { true, INT64_MAX }) }, 1, AT(0), false,
			STOP_STALE, 0, NULL },
		{ "quiet, before its end", { V(.name = "quiet", .state = "quiet", .due = true, .at = AT(0),
			.window_end = { true, NOW + 1 }) }, 1, AT(0), false, STOP_DUE, 0, "" },
		{ "quiet, at its end", { V(.name = "quiet", .state = "quiet", .due = true, .at = AT(-5),
			.window_end = AT(0)) }, 1,
			AT(0), false, STOP_STALE, 0, "its quiet hours ended at 2026-06-16T19:00:00Z" },
		{ "quiet, always", { V(.name = "quiet", .state = "quiet", .due = true, .at = AT(0)) }, 1,
			AT(0), false, STOP_DUE,
			0, "" },
		{ "overran: the window is the next one",
			{ V(.name = "quiet", .state = "overran", .due = true, .at = AT(0),
			.window_end = AT(-1)) }, 1, AT(0), false, STOP_DUE, 0, "" },
		{ "quiet by a name of one's own, behind its end",
			{ V(.name = "mine", .state = "quiet", .due = true, .at = AT(0),
			.window_end = AT(-1)) }, 1, AT(0), false, STOP_STALE, 0, "its quiet hours ended at 2026-06-16T18:59:59Z" },
		{ "a rule of one's own with a window_end",
			{ V(.name = "mine", .state = "demo", .due = true, .at = AT(0),
			.window_end = AT(-1)) }, 1, AT(0), false, STOP_DUE, 0, "" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct verdict_seen v[2] = { filled(rows[i].v[0]), filled(rows[i].v[1]) };
		struct text         why;
		enum stop_asked     got;
		size_t              first;

		text_clear(&why);
		got = stop_asked((struct stop_verdicts){ v, rows[i].n }, rows[i].fetched,
			&(struct stop_terms){ NOW, AGE_S, rows[i].force }, &first, &why);
		CHECK(rows[i].name, got == rows[i].want, "got %d (%s), want %d", got, why.s, rows[i].want);
		CHECK(rows[i].name, first == rows[i].first, "first is %zu, want %zu", first, rows[i].first);
		CHECK(rows[i].name, (got == STOP_DUE) == (why.n == 0), "why is \"%s\"", why.s);
		if (rows[i].why != NULL)
			CHECK_TEXT(rows[i].name, why.s, rows[i].why);
	}
}

/* A running workspace of o1, build 7, but for what a row says. */
struct sketch {
	const char *owner_id, *build_id;
	int64_t     build_number;
	const enum life *life; /* NULL: running */
	bool        job_bad, prebuild, working;
	struct when deadline, last_used;
};

static const enum life unknown = LIFE_UNKNOWN, changing = LIFE_CHANGING, stuck = LIFE_STUCK,
	stopped = LIFE_STOPPED;

static struct stop_facts
drawn(const struct sketch *k)
{
	struct stop_facts f = { .owner_id = "o1", .build_id = "b7", .build_number = 7, .life = LIFE_RUNNING };

	if (k->owner_id != NULL)
		f.owner_id = k->owner_id;
	if (k->build_id != NULL)
		f.build_id = k->build_id;
	if (k->build_number != 0)
		f.build_number = k->build_number;
	if (k->life != NULL)
		f.life = *k->life;
	f.job_ok = !k->job_bad;
	f.prebuild = k->prebuild;
	f.working = k->working;
	f.deadline = k->deadline;
	f.last_used = k->last_used;
	return f;
}

#define F(...) { __VA_ARGS__ }
#define MICRO(us) { true, NOW + (us) }

static void
test_holds(void)
{
	static const struct {
		const char *name, *rule, *state;
		struct verdict_seen more; /* deadline, has_idle, idle_s */
		struct sketch was, is;
		const char   *why; /* NULL: it holds */
	} rows[] = {
		{ "mine", "mine", "demo", { 0 }, { 0 }, { 0 }, NULL },
		{ "mine, another deadline", "mine", "demo", { 0 }, F(.deadline = AT(0)),
			F(.deadline = AT(99)), NULL },
		{ "mine, used just now", "mine", "demo", { 0 }, { 0 }, F(.last_used = AT(0)), NULL },
		{ "a newer build", "mine", "demo", { 0 }, { 0 }, F(.build_id = "b8", .build_number = 8),
			"it has another build now (number 8; number 7 was judged)" },
		{ "same id, another number", "mine", "demo", { 0 }, { 0 }, F(.build_number = 8), "" },
		{ "another owner", "mine", "demo", { 0 }, { 0 }, F(.owner_id = "o2"),
			"it has another owner now" },
		{ "a prebuild", "mine", "demo", { 0 }, { 0 }, F(.prebuild = true),
			"it is a prebuilt workspace" },
		{ "stopped since", "mine", "demo", { 0 }, { 0 }, F(.life = &stopped), "it is not running" },
		{ "changing", "mine", "demo", { 0 }, { 0 }, F(.life = &changing), "it is not running" },
		{ "unknown", "mine", "demo", { 0 }, { 0 }, F(.life = &unknown), "it is not running" },
		{ "running, job not done", "mine", "demo", { 0 }, { 0 }, F(.job_bad = true),
			"it is not running" },
		{ "not running when judged, running now", "mine", "demo", { 0 }, F(.life = &changing), { 0 },
			NULL },
		{ "no build judged", "mine", "demo", { 0 }, F(.build_id = ""), F(.build_id = ""),
			"the record does not say which build, or whose workspace, was judged" },
		{ "no owner judged", "mine", "demo", { 0 }, F(.owner_id = ""), F(.owner_id = ""), "" },
		{ "stuck", "ttl", "stuck", { 0 }, F(.life = &stuck), F(.life = &stuck, .job_bad = true),
			NULL },
		{ "stuck since", "ttl", "expired", { 0 }, { 0 }, F(.life = &stuck),
			"its last stop failed since it was judged" },

		{ "expired", "ttl", "expired", { .deadline = AT(0) }, { 0 }, F(.deadline = AT(0)), NULL },
		{ "expired, the server's microseconds", "ttl", "expired", { .deadline = AT(0) }, { 0 },
			F(.deadline = MICRO(999999)), NULL },
		{ "expired, a second later", "ttl", "expired", { .deadline = AT(0) }, { 0 },
			F(.deadline = AT(1)),
			"its deadline was extended to 2026-06-16T19:00:01Z" },
		{ "expired, earlier", "ttl", "expired", { .deadline = AT(0) }, { 0 }, F(.deadline = AT(-1)),
			NULL },
		{ "expired, cleared", "ttl", "expired", { .deadline = AT(0) }, { 0 }, { 0 },
			"its deadline was cleared" },
		{ "expired, no deadline judged", "ttl", "expired", { 0 }, { 0 }, F(.deadline = AT(0)), "" },

		{ "overrun", "ttl", "overrun", { .deadline = AT(0) }, { 0 }, F(.deadline = MICRO(5)), NULL },
		{ "overrun without a deadline", "ttl", "overrun", { 0 }, { 0 }, { 0 }, NULL },
		{ "overrun, later", "ttl", "overrun", { .deadline = AT(0) }, { 0 }, F(.deadline = AT(1)),
			"its deadline was changed" },
		{ "overrun, earlier", "ttl", "overrun", { .deadline = AT(0) }, { 0 }, F(.deadline = AT(-1)),
			"its deadline was changed" },
		{ "overrun, cleared", "ttl", "overrun", { .deadline = AT(0) }, { 0 }, { 0 },
			"its deadline was changed" },
		{ "overrun, set", "ttl", "overrun", { 0 }, { 0 }, F(.deadline = AT(0)),
			"its deadline was changed" },

		{ "unlimited", "ttl", "unlimited", { 0 }, { 0 }, { 0 }, NULL },
		{ "unlimited, set", "ttl", "unlimited", { 0 }, { 0 }, F(.deadline = AT(0)),
			"it has a deadline now" },

		{ "quiet", "quiet", "quiet", { 0 }, { 0 }, F(.last_used = AT(0)), NULL },
		{ "quiet, idle unreadable", "quiet", "quiet", { .unreadable = "idle_s" }, { 0 }, F(.last_used = AT(-9999)),
			"the verdict of quiet is narrowed by 'idle_s', which cannot be read" },
		{ "mine, the end unreadable", "mine", "demo", { .unreadable = "window_end" }, { 0 }, { 0 },
			"the verdict of mine is narrowed by 'window_end', which cannot be read" },
		{ "quiet, idle for ever", "quiet", "quiet", { .has_idle = true, .idle_s = VERDICT_IDLE_MAX }, { 0 },
			F(.last_used = AT(-9999)), "it was used 2h 46m ago" },
		{ "quiet, idle exactly", "quiet", "quiet", { .has_idle = true, .idle_s = 1800 }, { 0 },
			F(.last_used = AT(-1800)),
			NULL },
		{ "quiet, a microsecond less", "quiet", "quiet", { .has_idle = true, .idle_s = 1800 }, { 0 },
			F(.last_used = MICRO(-1800 * S + 1)), "it was used 29m 59s ago" },
		{ "quiet, its use unknown", "quiet", "quiet", { .has_idle = true, .idle_s = 1800 }, { 0 }, { 0 },
			"the server does not say any more when it was last used" },
		{ "quiet, its use unknown and not asked for", "quiet", "quiet", { 0 }, { 0 }, { 0 }, NULL },
		{ "quiet, used in our future", "quiet", "quiet", { .has_idle = true, .idle_s = 1800 }, { 0 },
			F(.last_used = AT(5)),
			"" },
		{ "quiet, a task at work", "quiet", "quiet", { 0 }, { 0 }, F(.working = true),
			"an AI task in it is at work" },
		{ "quiet, before its end", "quiet", "quiet", { .window_end = MICRO(1) }, { 0 }, { 0 }, NULL },
		{ "quiet, at its end", "quiet", "quiet", { .window_end = AT(0) }, { 0 }, { 0 },
			"its quiet hours ended at 2026-06-16T19:00:00Z" },
		{ "overran, the window is the next one", "quiet", "overran", { .window_end = AT(-1) }, { 0 },
			{ 0 }, NULL },
		{ "habit, exactly", "habit", "unlikely", { .has_idle = true, .idle_s = 1800 }, { 0 },
			F(.last_used = AT(-1800)), NULL },
		{ "habit, used since", "habit", "unlikely", { .has_idle = true, .idle_s = 1800 }, { 0 },
			F(.last_used = MICRO(-1800 * S + 1)), "it was used 29m 59s ago" },
		{ "habit, its use unknown", "habit", "unlikely", { .has_idle = true, .idle_s = 1800 }, { 0 }, { 0 },
			"the server does not say any more when it was last used" },
		{ "habit, unused for nobody knows how long", "habit", "unlikely", { 0 }, { 0 }, F(.last_used = AT(-9999)),
			"the verdict does not say for how long it was unused" },
		{ "habit, unreadable", "habit", "unlikely", { .unreadable = "unused_s" }, { 0 }, F(.last_used = AT(-9999)),
			"the verdict of habit is narrowed by 'unused_s', which cannot be read" },
		{ "habit, made due by a person", "habit", "likely", { 0 }, { 0 }, F(.last_used = AT(0)), NULL },
		{ "ttl, a task at work", "ttl", "unlimited", { 0 }, { 0 }, F(.working = true), NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct verdict_seen v = rows[i].more;
		struct stop_facts   was = drawn(&rows[i].was), is = drawn(&rows[i].is);
		struct text         why;
		bool                holds;

		v.name = rows[i].rule;
		v.state = rows[i].state;
		v.why = "";
		v.due = true;
		v.at = when_at(NOW);
		text_clear(&why);
		holds = stop_holds((struct stop_verdicts){ &v, 1 }, &was, &is, NOW, &why);
		CHECK(rows[i].name, holds == (rows[i].why == NULL), "%s \"%s\"",
			holds ? "holds" : "does not hold:", why.s);
		CHECK(rows[i].name, holds == (why.n == 0), "why is \"%s\"", why.s);
		if (rows[i].why != NULL && rows[i].why[0] != '\0')
			CHECK_TEXT(rows[i].name, why.s, rows[i].why);
		v.due = false;
		if (!holds && (strcmp(rows[i].name, "expired, cleared") == 0 ||
			strcmp(rows[i].rule, "quiet") == 0))
			CHECK(rows[i].name, stop_holds((struct stop_verdicts){ &v, 1 }, &was, &is, NOW, &why),
				"a rule not due was asked");
	}
}

/* Every due verdict has to hold, wherever it stands. */
static void
test_all_hold(void)
{
	const struct sketch     plain = { 0 }, later = { .deadline = AT(3600) };
	const struct stop_facts was = drawn(&plain), is = drawn(&later);
	struct verdict_seen     v[2] = { ttl, ttl };
	struct text             why;

	v[0].name = "mine";
	v[1].deadline = when_at(NOW);
	text_clear(&why);
	CHECK("the second does not hold", !stop_holds((struct stop_verdicts){ v, 2 }, &was, &is, NOW, &why), "it holds");
	v[1].at = when_none();
	CHECK("an undated one does not count", stop_holds((struct stop_verdicts){ v, 2 }, &was, &is, NOW, &why), "%s", why.s);
	CHECK("no verdict: the build alone", stop_holds((struct stop_verdicts){ v, 0 }, &was, &is, NOW, &why), "%s", why.s);
}

static void
test_soft(void)
{
	static const struct {
		const char *name;
		enum life   life;
		int64_t     now_us, deadline_us; /* 0: none */
		bool        no_bump;
		int64_t     want_us;             /* 0: no */
		const char *why;
	} rows[] = {
		{ "later", LIFE_RUNNING, NOW, NOW + 2 * 3600 * US_PER_S, false, NOW + 2700 * US_PER_S, "due" },
		{ "more than two seconds later", LIFE_RUNNING, NOW, NOW + 2702 * US_PER_S + 1, false,
			NOW + 2700 * US_PER_S, "due" },
		{ "two seconds later", LIFE_RUNNING, NOW, NOW + 2702 * US_PER_S, false, 0,
			"its deadline is no later already: 2026-06-16T19:45:02Z" },
		{ "the very same", LIFE_RUNNING, NOW, NOW + 2700 * US_PER_S, false, 0,
			"its deadline is no later already: 2026-06-16T19:45:00Z" },
		{ "earlier", LIFE_RUNNING, NOW, NOW + 60 * US_PER_S, false, 0, NULL },
		{ "past", LIFE_RUNNING, NOW, NOW - 60 * US_PER_S, false, 0, NULL },
		{ "rounded up to a second", LIFE_RUNNING, NOW + 1, NOW + 2 * 3600 * US_PER_S, false,
			NOW + 2701 * US_PER_S, "due" },
		{ "rounded up past its deadline", LIFE_RUNNING, NOW + 1, NOW + 2703 * US_PER_S - 1, false, 0, NULL },
		{ "none", LIFE_RUNNING, NOW, 0, false, 0, "it has no deadline to shorten" },
		{ "a failed stop", LIFE_STUCK, NOW, NOW + 2 * 3600 * US_PER_S, false, 0,
			"its last stop failed: there is no deadline to shorten" },
		{ "no activity bump", LIFE_RUNNING, NOW, NOW + 2 * 3600 * US_PER_S, true, NOW + 2700 * US_PER_S,
			"due; using it does not keep it (its template's activity_bump_ms is 0)" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct stop_facts f = { .life = rows[i].life };
		struct text       why;
		int64_t           to_us = 0;
		bool              got;

		if (rows[i].deadline_us != 0)
			f.deadline = when_at(rows[i].deadline_us);
		text_clear(&why);
		text_put(&why, "due");
		got = stop_soft(&f, &(struct stop_soft){ rows[i].now_us, 45 * 60, rows[i].no_bump }, &to_us, &why);
		CHECK(rows[i].name, got == (rows[i].want_us != 0) && to_us == rows[i].want_us, "%d, to %lld", got,
			(long long)to_us);
		if (rows[i].why != NULL)
			CHECK_TEXT(rows[i].name, why.s, rows[i].why);
	}
}

static void
test_spent(void)
{
	struct text why;

	text_clear(&why);
	text_put(&why, "due");
	CHECK("two of three", !stop_tries_used_up(2, 3, &why), "spent");
	CHECK_TEXT("two of three", why.s, "due");
	CHECK("three of three", stop_tries_used_up(3, 3, &why), "not spent");
	CHECK_TEXT("three of three", why.s, "its last 3 stops failed (--tries): it needs a person");
	CHECK("one of one", stop_tries_used_up(1, 1, &why), "not spent");
	CHECK_TEXT("one of one", why.s, "its last 1 stop failed (--tries): it needs a person");
}

/* After a standstill: ages by our clock, the end of quiet hours by the server's. */
static void
test_current(void)
{
	static const struct {
		const char         *name;
		struct verdict_seen v;
		struct when         fetched;
		struct stop_now     now;
		const char         *why; /* "": it is */
	} rows[] = {
		{ "just judged", V(.due = true, .at = AT(0)), AT(0), { NOW, NOW }, "" },
		{ "at the limit", V(.due = true, .at = AT(-AGE_S)), AT(-AGE_S), { NOW, NOW }, "" },
		{ "a second over", V(.due = true, .at = AT(-AGE_S - 1)), AT(0), { NOW, NOW },
			"the verdict of ttl is 15m 1s old, older than --max-age 15m" },
		{ "the record, a second over", V(.due = true, .at = AT(0)), AT(-AGE_S - 1), { NOW, NOW },
			"the record is 15m 1s old, older than --max-age 15m" },
		{ "not due: nobody rests on it", V(.at = AT(-AGE_S - 1)), AT(0), { NOW, NOW }, "" },
		{ "the server's clock is no age", V(.due = true, .at = AT(0)), AT(0), { NOW, NOW + 28800 * S }, "" },
		{ "a microsecond before the end", V(.name = "quiet", .state = "quiet", .due = true, .at = AT(0), .window_end = AT(60)),
			AT(0), { NOW + 60 * S, NOW + 60 * S - 1 }, "" },
		{ "at the end, by the server", V(.name = "quiet", .state = "quiet", .due = true, .at = AT(0), .window_end = AT(60)),
			AT(0), { NOW, NOW + 60 * S }, "its quiet hours ended at 2026-06-16T19:01:00Z" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct verdict_seen v = filled(rows[i].v);
		struct text         why;
		bool                got;

		text_clear(&why);
		got = stop_current((struct stop_verdicts){ &v, 1 }, rows[i].fetched, AGE_S, rows[i].now, &why);
		CHECK(rows[i].name, got == (rows[i].why[0] == '\0') && strcmp(why.s, rows[i].why) == 0, "%s", why.s);
	}
}

int
main(void)
{
	test_soft();
	test_spent();
	test_asked();
	test_current();
	test_holds();
	test_all_hold();
	return CHECK_DONE();
}
