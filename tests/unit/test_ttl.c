/*
 * test_ttl.c - every state of cws-ttl(1), each boundary a step before, at and after, and the ends
 * of int64.
 */

#include "judge/ttl.h"

#include "check.h"

#define NOW   INT64_C(1795402941000000) /* 2026-11-23T03:02:21Z */
#define S     US_PER_S
#define M     (60 * S)
#define PAST  (21 * S) /* the whole minute, of NOW */
#define H     (60 * M)
#define NONE  INT64_MIN
#define TTL8  (INT64_C(8) * 3600 * 1000)

struct row {
	const char *name;
	enum life   life;
	int64_t     deadline, started; /* from NOW; NONE */
	int64_t     ttl_ms;            /* 0: none */
	bool        overrun;           /* --overrun */
	int64_t     unlimited_s;       /* --unlimited; -1: not given */
	const char *state;
	bool        due;
	int64_t     stop_at;           /* from NOW; NONE */
	const char *basis;
	int64_t     basis_at;          /* from NOW; NONE */
	const char *why;               /* NULL: not looked at */
};

/* Grace 5m and soon 1h, the defaults. */
static const struct row running[] = {
	{ "far away", LIFE_RUNNING, 5 * H, -3 * H, TTL8, false, -1, "ok", false, 5 * H + 5 * M, "deadline",
	        5 * H,
	        "deadline in 5h (ttl 8h)" },
	{ "no ttl", LIFE_RUNNING, 5 * H, -3 * H, 0, false, -1, "ok", false, 5 * H + 5 * M, "deadline", 5 * H,
	        "deadline in 5h" },
	{ "1 us over soon", LIFE_RUNNING, H + 1, NONE, 0, false, -1, "ok", false, H + 1 + 5 * M, "deadline",
	        H + 1,
	        "deadline in 1h" },
	{ "1 s over soon", LIFE_RUNNING, H + S, NONE, 0, false, -1, "ok", false, H + S + 5 * M, "deadline",
	        H + S, NULL },
	{ "soon", LIFE_RUNNING, H, NONE, 0, false, -1, "soon", false, H + 5 * M, "deadline", H,
	        "deadline in 1h" },
	{ "1 us within soon", LIFE_RUNNING, H - 1, NONE, TTL8, false, -1, "soon", false, H - 1 + 5 * M,
	        "deadline", H - 1,
	        "deadline in 59m 59s (ttl 8h)" },
	{ "1 s left", LIFE_RUNNING, S, NONE, 0, false, -1, "soon", false, S + 5 * M, "deadline", S,
	        "deadline in 1s" },
	{ "1 us left", LIFE_RUNNING, 1, NONE, 0, false, -1, "soon", false, 1 + 5 * M, "deadline", 1,
	        "deadline in 0s" },
	{ "deadline now", LIFE_RUNNING, 0, NONE, TTL8, false, -1, "expired", false, 5 * M, "deadline", 0,
	        "deadline passed 0s ago (ttl 8h), within the grace of 5m" },
	{ "1 us past", LIFE_RUNNING, -1, NONE, 0, false, -1, "expired", false, 5 * M - 1, "deadline", -1,
	        NULL },
	{ "1 s past", LIFE_RUNNING, -S, NONE, 0, false, -1, "expired", false, 5 * M - S, "deadline", -S,
	        "deadline passed 1s ago, within the grace of 5m" },
	{ "1 us within grace", LIFE_RUNNING, -5 * M + 1, NONE, 0, false, -1, "expired", false, 1, "deadline",
	        -5 * M + 1,
	        "deadline passed 4m 59s ago, within the grace of 5m" },
	{ "grace is over when more than it", LIFE_RUNNING, -5 * M, NONE, 0, false, -1, "expired", false, 0,
	        "deadline",
	        -5 * M, "deadline passed 5m ago, within the grace of 5m" },
	{ "1 us over grace", LIFE_RUNNING, -5 * M - 1, NONE, 0, false, -1, "expired", true, -1, "deadline",
	        -5 * M - 1,
	        "deadline passed 5m ago" },
	{ "1 s over grace", LIFE_RUNNING, -5 * M - S, NONE, TTL8, false, -1, "expired", true, -S, "deadline",
	        -5 * M - S,
	        "deadline passed 5m 1s ago (ttl 8h)" },
	{ "long past", LIFE_RUNNING, -89 * M, -10 * H, TTL8, false, -1, "expired", true, -84 * M, "deadline",
	        -89 * M,
	        "deadline passed 1h 29m ago (ttl 8h)" },

	{ "1 us before start plus ttl", LIFE_RUNNING, 5 * H, -8 * H + 1, TTL8, true, -1, "ok", false, 1,
	        "deadline", 5 * H,
	        "deadline in 5h (ttl 8h)" },
	{ "start plus ttl", LIFE_RUNNING, 5 * H, -8 * H, TTL8, true, -1, "overrun", true, 0, "ttl", 0,
	        "running for 8h with a ttl of 8h; its deadline is 2026-11-23T08:02:21Z" },
	{ "1 us past start plus ttl", LIFE_RUNNING, 5 * H, -8 * H - 1, TTL8, true, -1, "overrun", true, -1,
	        "ttl", -1, NULL },
	{ "1 s past start plus ttl", LIFE_RUNNING, 5 * H, -8 * H - S, TTL8, true, -1, "overrun", true, -S,
	        "ttl", -S, NULL },
	{ "overrun is not due by itself", LIFE_RUNNING, 5 * H, -9 * H, TTL8, false, -1, "overrun", false,
	        5 * H + 5 * M,
	        "ttl", -H,
	        "running for 9h with a ttl of 8h; its deadline is 2026-11-23T08:02:21Z" },
	{ "overrun comes before soon", LIFE_RUNNING, M, -9 * H, TTL8, false, -1, "overrun", false, 6 * M,
	        "ttl", -H, NULL },
	{ "expired comes before overrun", LIFE_RUNNING, -M, -9 * H, TTL8, true, -1, "expired", false, 4 * M,
	        "deadline",
	        -M, "deadline passed 1m ago (ttl 8h), within the grace of 5m" },
	{ "deadline now and overrun", LIFE_RUNNING, 0, -9 * H, TTL8, true, -1, "expired", false, 5 * M,
	        "deadline", 0, NULL },
	{ "overrun with no deadline", LIFE_RUNNING, NONE, -9 * H, TTL8, false, -1, "overrun", false, NONE,
	        "ttl", -H,
	        "running for 9h with a ttl of 8h; it has no deadline" },
	{ "overrun with no deadline is due", LIFE_RUNNING, NONE, -9 * H, TTL8, true, -1, "overrun", true, -H,
	        "ttl", -H, NULL },
	{ "a ttl counts to the millisecond", LIFE_RUNNING, 5 * H, -1500000, 1500, true, -1, "overrun", true,
	        0, "ttl", 0, NULL },
	{ "and 1 us before", LIFE_RUNNING, 5 * H, -1499999, 1500, true, -1, "ok", false, 1, "deadline", 5 * H,
	        NULL },
	{ "a ttl, start unknown", LIFE_RUNNING, 5 * H, NONE, TTL8, true, -1, "ok", false, 5 * H + 5 * M,
	        "deadline", 5 * H, NULL },
	{ "deadline before start plus ttl", LIFE_RUNNING, 2 * H, -H, TTL8, true, -1, "ok", false,
	        2 * H + 5 * M, "deadline",
	        2 * H, NULL },

	{ "no deadline, no ttl", LIFE_RUNNING, NONE, -26 * H, 0, false, -1, "unlimited", false, NONE, "none",
	        NONE,
	        "no deadline: it never stops by itself; running for 1d 2h" },
	{ "nothing known", LIFE_RUNNING, NONE, NONE, 0, false, -1, "unlimited", false, NONE, "none", NONE,
	        "no deadline: it never stops by itself" },
	{ "a ttl that waits", LIFE_RUNNING, NONE, -H, TTL8, false, -1, "unlimited", false, NONE, "none", NONE,
	        "no deadline: it never stops by itself; its ttl of 8h waits for the next start; "
	        "running for 1h" },
	{ "a ttl that waits, --overrun", LIFE_RUNNING, NONE, -H, TTL8, true, -1, "unlimited", false, 7 * H,
	        "none", NONE, NULL },
	{ "1 us before the limit", LIFE_RUNNING, NONE, -12 * H + 1, 0, false, 12 * 3600, "unlimited", false,
	        1, "none",
	        NONE, "no deadline: it never stops by itself; running for 11h 59m" },
	{ "1 s before the limit", LIFE_RUNNING, NONE, -12 * H + S, 0, false, 12 * 3600, "unlimited", false, S,
	        "none", NONE, NULL },
	{ "the limit", LIFE_RUNNING, NONE, -12 * H, 0, false, 12 * 3600, "unlimited", true, 0, "none", NONE,
	        "no deadline: it never stops by itself; running for 12h, the limit is 12h" },
	{ "1 us past the limit", LIFE_RUNNING, NONE, -12 * H - 1, 0, false, 12 * 3600, "unlimited", true, -1,
	        "none", NONE, NULL },
	{ "1 s past the limit", LIFE_RUNNING, NONE, -12 * H - S, 0, false, 12 * 3600, "unlimited", true, -S,
	        "none", NONE, NULL },
	{ "a limit of 0", LIFE_RUNNING, NONE, 0, 0, false, 0, "unlimited", true, 0, "none", NONE, NULL },
	{ "a limit, start unknown", LIFE_RUNNING, NONE, NONE, 0, false, 0, "unlimited", false, NONE, "none",
	        NONE, NULL },
	{ "the earlier of limit and ttl", LIFE_RUNNING, NONE, -H, TTL8, true, 4 * 3600, "unlimited", false,
	        3 * H, "none",
	        NONE, NULL },
	{ "a limit says nothing of a deadline", LIFE_RUNNING, 5 * H, -20 * H, 0, false, 3600, "ok", false,
	        5 * H + 5 * M,
	        "deadline", 5 * H, NULL },

	{ "changing", LIFE_CHANGING, -5 * H, -9 * H, TTL8, true, 0, "changing", false, NONE, "none", NONE,
	        "a build is under way (transition missing, status missing)" },
	{ "stopped", LIFE_STOPPED, -5 * H, -9 * H, TTL8, true, 0, "stopped", false, NONE, "none", NONE,
	        "it is not running (transition missing, status missing)" },
	{ "unknown", LIFE_UNKNOWN, -5 * H, -9 * H, TTL8, true, 0, "unknown", false, NONE, "none", NONE,
	        "its latest build is in no state this version can judge (transition missing, status missing)" },
};

static struct when
from_now(int64_t us)
{
	return us == NONE ? when_none() : when_at(NOW + us);
}

static void
check_when(const char *name, const char *what, struct when got, int64_t want)
{
	struct when w = from_now(want);

	CHECK(name, got.known == w.known && got.us == w.us, "%s is %d, %lld us from now", what, got.known,
	        (long long)(got.us - NOW));
}

static void
test_running(void)
{
	size_t i;

	for (i = 0; i < sizeof(running) / sizeof(running[0]); i++) {
		const struct row  *row = &running[i];
		bool               runs = row->life == LIFE_RUNNING;
		struct ttl_facts   f = { .life = row->life, .deadline = from_now(row->deadline),
			.max_deadline = from_now(row->deadline), .started = from_now(row->started),
			.has_ttl = row->ttl_ms != 0, .ttl_ms = row->ttl_ms };
		struct ttl_rule    rule = { .grace_s = 300, .soon_s = 3600, .overrun = row->overrun,
			.has_limit = row->unlimited_s >= 0,
			        .unlimited_s = row->unlimited_s >= 0 ? row->unlimited_s : 0 };
		struct ttl_verdict t = ttl_decide(&f, &rule, NOW);

		CHECK_TEXT(row->name, t.v.state, row->state);
		CHECK(row->name, t.v.due == row->due && !t.v.keep, "due %d, keep %d", t.v.due, t.v.keep);
		CHECK(row->name, t.v.at_us == NOW, "judged at another instant");
		check_when(row->name, "stop_at", t.v.stop_at, row->stop_at);
		CHECK_TEXT(row->name, t.basis, row->basis);
		check_when(row->name, "basis_at", t.basis_at, row->basis_at);
		check_when(row->name, "deadline", t.deadline, runs ? row->deadline : NONE);
		check_when(row->name, "max_deadline", t.max_deadline, runs ? row->deadline : NONE);
		check_when(row->name, "started", t.started, runs ? row->started : NONE);
		if (row->why != NULL)
			CHECK_TEXT(row->name, t.v.why.s, row->why);
		/* What is due has an instant to be due by, and what is not due has none in the past. */
		CHECK(row->name, t.v.due ? t.v.stop_at.known && t.v.stop_at.us <= NOW : !t.v.stop_at.known ||
		        t.v.stop_at.us >= NOW,
		        "due %d at %lld", t.v.due, (long long)t.v.stop_at.us);
	}
}

static void
test_stuck(void)
{
	static const struct {
		bool        canceled, flag, due;
		const char *why;
	} rows[] = {
		{ false, false, true, "failed" },
		{ false, true, true, "failed" },
		{ true, false, false, "was canceled" },
		{ true, true, true, "was canceled" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ttl_facts   f = { .life = LIFE_STUCK, .canceled = rows[i].canceled,
		        .deadline = when_at(NOW) };
		struct ttl_rule    rule = { .grace_s = 300, .soon_s = 3600, .canceled = rows[i].flag };
		struct ttl_verdict t = ttl_decide(&f, &rule, NOW);
		char               why[128];

		CHECK_TEXT(rows[i].why, t.v.state, "stuck");
		snprintf(why, sizeof(why),
		        "its last stop %s, so it may still be running and the server does not retry",
		        rows[i].why);
		CHECK_TEXT(rows[i].why, t.v.why.s, why);
		CHECK(rows[i].why, t.v.due == rows[i].due && !t.v.keep, "due %d", t.v.due);
		check_when(rows[i].why, "stop_at", t.v.stop_at, rows[i].due ? 0 : NONE);
		check_when(rows[i].why, "deadline", t.deadline, NONE);
	}
}

/* A start that failed or was canceled: the server takes a stop of it, which is due when asked for. */
static void
test_failed(void)
{
	static const struct {
		const char *status, *why;
		bool        canceled, flag;
	} rows[] = {
		{ "failed", "its last start failed, so it may have left resources that a stop takes away", false, false },
		{ "failed", "its last start failed, so it may have left resources that a stop takes away", false, true },
		{ "canceled", "its last start was canceled, so it may have left resources that a stop takes away", true, false },
		{ "canceled", "its last start was canceled, so it may have left resources that a stop takes away", true, true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ttl_facts   f = { .life = life_of(rows[i].status, "start"), .canceled = rows[i].canceled,
			.deadline = when_at(NOW - 9 * H), .started = when_at(NOW - 20 * H), .has_ttl = true, .ttl_ms = TTL8 };
		struct ttl_rule    rule = { .grace_s = 300, .soon_s = 3600, .overrun = true, .failed = rows[i].flag };
		struct ttl_verdict t = ttl_decide(&f, &rule, NOW);

		CHECK_TEXT(rows[i].status, t.v.state, "failed");
		CHECK_TEXT(rows[i].status, t.v.why.s, rows[i].why);
		CHECK(rows[i].status, t.v.due == rows[i].flag && !t.v.keep, "due %d", t.v.due);
		check_when(rows[i].status, "stop_at", t.v.stop_at, rows[i].flag ? 0 : NONE);
		check_when(rows[i].status, "deadline", t.deadline, NONE);
		rule.off = true;
		CHECK(rows[i].status, !ttl_decide(&f, &rule, NOW).v.due, "due although switched off");
	}
}

/* With --overrun: this state, and due where it is over. */
static struct ttl_verdict
decide_overrun(const char *name, const struct ttl_facts *f, const char *state, bool over)
{
	struct ttl_rule    rule = { .grace_s = 300, .soon_s = 3600, .overrun = true };
	struct ttl_verdict t = ttl_decide(f, &rule, NOW);

	CHECK_TEXT(name, t.v.state, state);
	CHECK(name, t.v.due == over, "due %d", t.v.due);
	return t;
}

/*
 * A schedule that cannot be read: what may be a deadline that the server set is not held against it.
 * cron has whole minutes, so any other deadline was moved.
 */
static void
test_across_unread_autostart(void)
{
	static const struct {
		const char *name;
		int64_t     started, deadline; /* from now; the ttl is 8 h */
		const char *state;
	} rows[] = {
		{ "soon", -9 * H, 30 * M - PAST, "soon" },
		{ "an autostart just before start plus ttl", -9 * H, 7 * H - PAST, "ok" },
		{ "at start plus ttl", -9 * H - PAST, 7 * H - PAST, "overrun" },
		{ "behind it", -9 * H, 7 * H + M - PAST, "overrun" },
		{ "at no whole minute", -9 * H, 3 * H + S - PAST, "overrun" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ttl_facts   f = { .life = LIFE_RUNNING, .deadline = from_now(rows[i].deadline),
			.started = from_now(rows[i].started), .autostart_unread = true,
			.has_ttl = true, .ttl_ms = TTL8 };
		bool               over = strcmp(rows[i].state, "overrun") == 0;
		struct ttl_verdict t = decide_overrun(rows[i].name, &f, rows[i].state, over);

		CHECK(rows[i].name, over || strstr(t.v.why.s, "; the server seems to have set it across") != NULL,
		        "%s", t.v.why.s);
	}
}

/*
 * The server itself set the deadline across the next autostart: S lies before start plus ttl, the deadline
 * is S plus ttl.  Nobody bumped, extended or edited anything, so it would not have stopped before.
 */
static void
test_across_autostart(void)
{
	static const struct {
		const char *name;
		int64_t     started, autostart, deadline; /* from now; the ttl is 8 h */
		const char *state;
	} rows[] = {
		{ "set at the start", -9 * H, -2 * H, 6 * H, "ok" },
		{ "set at the start, soon", -9 * H, -8 * H + 30 * M, 30 * M, "soon" },
		{ "an autostart 1 s before start plus ttl", -9 * H, -H - S, 7 * H - S, "ok" },
		{ "an autostart at start plus ttl", -9 * H, -H, 7 * H, "overrun" },
		{ "an autostart behind it", -9 * H, H, 9 * H, "overrun" },
		{ "moved since", -9 * H, -2 * H, 6 * H + S, "overrun" },
		{ "no autostart", -9 * H, NONE, 6 * H, "overrun" },
		{ "an autostart at the start is not after it", -9 * H, -9 * H, -H + 2 * H, "overrun" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ttl_facts   f = { .life = LIFE_RUNNING, .deadline = from_now(rows[i].deadline),
			.started = from_now(rows[i].started), .autostart = from_now(rows[i].autostart),
			.has_ttl = true, .ttl_ms = TTL8 };
		bool               over = strcmp(rows[i].state, "overrun") == 0;
		struct ttl_verdict t = decide_overrun(rows[i].name, &f, rows[i].state, over);

		CHECK_TEXT(rows[i].name, t.basis, over ? "ttl" : "deadline");
		CHECK(rows[i].name, over || strstr(t.v.why.s, "the server set it across the autostart of ") != NULL,
		        "%s", t.v.why.s);
		check_when(rows[i].name, "stop_at", t.v.stop_at, over ? rows[i].started + 8 * H : rows[i].deadline + 5 * M);
	}
}

/* A prebuild is kept, whatever it does. */
static void
test_prebuild(void)
{
	static const enum life lives[] = { LIFE_UNKNOWN, LIFE_CHANGING, LIFE_RUNNING, LIFE_STUCK,
	        LIFE_FAILED, LIFE_STOPPED };
	size_t                 i;

	for (i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
		struct ttl_facts   f = { .life = lives[i], .prebuild = true,
		        .deadline = when_at(NOW - 9 * H) };
		struct ttl_rule    rule = { .overrun = true, .canceled = true, .has_limit = true };
		struct ttl_verdict t = ttl_decide(&f, &rule, NOW);

		CHECK_TEXT("prebuild", t.v.state, "prebuild");
		CHECK("prebuild", t.v.keep && !t.v.due && !t.v.stop_at.known, "life %d: due %d",
		        (int)lives[i], t.v.due);
		CHECK_TEXT("prebuild", t.v.why.s, "a prebuilt workspace: the prebuild reconciler owns it");
	}
}

/* A sanitizer looks on: any mixture of extreme facts, options and clocks has an answer from the table. */
static void
test_ends(void)
{
	static const int64_t edge[] = { INT64_MIN, INT64_MIN + 1, -1, 0, 1, NOW, INT64_MAX - 1, INT64_MAX };
	static const int64_t span[] = { 0, 1, 3600, INT64_MAX / 1000, INT64_MAX };
	const size_t         edges = sizeof(edge) / sizeof(edge[0]), spans = sizeof(span) / sizeof(span[0]);
	size_t               c, i;
	unsigned             wrong = 0;

	for (c = 0; c < edges * (edges + 1) * (edges + 1) * spans * spans; c++) {
		size_t             n = c % edges, d = c / edges % (edges + 1);
		size_t             s = c / edges / (edges + 1) % (edges + 1);
		size_t             t = c / edges / (edges + 1) / (edges + 1) % spans, k = c % spans;
		struct ttl_facts   f = { .life = LIFE_RUNNING, .has_ttl = span[t] != 0, .ttl_ms = span[t],
			.deadline = d < edges ? when_at(edge[d]) : when_none(),
			.started = s < edges ? when_at(edge[s]) : when_none() };
		struct ttl_rule    rule = { .grace_s = span[k], .soon_s = span[k], .overrun = true, .failed = true,
			.canceled = true, .has_limit = true, .unlimited_s = span[k] };
		struct ttl_verdict v = ttl_decide(&f, &rule, edge[n]);
		bool               known = false;

		for (i = 0; ttl_states[i] != NULL; i++)
			known = known || strcmp(ttl_states[i], v.v.state) == 0;
		wrong += !known || v.v.why.n == 0 || v.v.why.n >= sizeof(v.v.why.s) - 1 ||
		         (v.v.due && v.v.stop_at.us > edge[n]);
	}
	CHECK("ends of int64", wrong == 0, "%u wrong", wrong);
}

int
main(void)
{
	test_running();
	test_stuck();
	test_failed();
	test_across_autostart();
	test_across_unread_autostart();
	test_prebuild();
	test_ends();
	return CHECK_DONE();
}
