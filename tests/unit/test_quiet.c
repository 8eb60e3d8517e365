/* test_quiet.c - the states of cws-quiet at their boundaries, and every row of the clock-change vectors. */

#include "judge/quiet.h"

#include "at.h"
#include "base/rfc3339.h"
#include "check.h"
#include "settings/tz_load.h"

#define VECTORS "tests/fixtures/quiet-vectors.ndjson"

#define H 3600

static struct when
maybe(const char *text)
{
	return text[0] == '\0' ? when_none() : when_at(at(text));
}

static const char *
show(struct when w)
{
	static char s[4][RFC3339_SIZE];
	static int  i;

	i = (i + 1) % 4;
	s[i][0] = '\0';
	if (w.known)
		rfc3339_print(s[i], w.us);
	return s[i];
}

static bool
same(struct when a, struct when b)
{
	return a.known == b.known && a.us == b.us;
}

/* The text of a member of a flat JSON line; "" for null. */
static void
member(const char *line, const char *name, char out[64])
{
	char        key[32];
	const char *p;

	snprintf(key, sizeof(key), "\"%s\":", name);
	p = strstr(line, key);
	CHECK(name, p != NULL, "not in %s", line);
	p = p != NULL ? p + strlen(key) : "null";
	p += *p == '"';
	snprintf(out, 64, "%.*s", (int)strcspn(p, "\","), p);
	if (strcmp(out, "null") == 0)
		out[0] = '\0';
	if (p[-1] == '"' && strcmp(name, "days") == 0)
		snprintf(out, 64, "%.*s", (int)strcspn(p, "\""), p);
}

static void
check_vector(const char *line)
{
	char id[64], zone[64], start[64], end[64], days[64], grace[64], now[64], inside[64];
	char from[64], stop[64], until[64];
	struct window         w;
	struct sched          s = { 0 };
	struct tz             tz;
	struct err            err;
	struct quiet_rule     rule = { 0 };
	struct quiet_facts    f = { .life = LIFE_RUNNING, .status = "running" };
	struct quiet_schedule q;
	struct quiet_verdict  d;
	long                  grace_s = 0;
	bool                  in, over;

	member(line, "id", id);
	member(line, "zone", zone);
	member(line, "start", start);
	member(line, "end", end);
	member(line, "days", days);
	member(line, "grace_s", grace);
	member(line, "now", now);
	member(line, "in_window", inside);
	member(line, "window_start", from);
	member(line, "stop_at", stop);
	member(line, "window_end", until);
	CHECK(id, sscanf(grace, "%ld", &grace_s) == 1, "no grace");
	CHECK(id, sched_time(start, strlen(start), false, &w.start_min), "start");
	CHECK(id, sched_time(end, strlen(end), true, &w.end_min), "end");
	CHECK(id, sched_days(days, strlen(days), &w.days) && sched_add(&s, w) == 0, "days %s",
	        days);
	CHECK(id, tz_load(&tz, zone, at(now), &err) == 0, "%s", err.text);

	rule.grace_s = grace_s;
	f.started = when_at(at("2001-01-01T00:00:00Z"));
	if (f.started.us > at(now))
		f.started = when_at(0 - INT64_C(1000000000) * US_PER_S);
	q = quiet_look(&s, &tz, QUIET_DEFAULT, at(now), rule.grace_s);
	d = quiet_decide(&f, &rule, &q);
	in = strncmp(inside, "true", 4) == 0;
	over = in && stop[0] != '\0' && at(now) >= at(stop);
	CHECK(id, d.v.due == over, "due: %d", d.v.due);
	if (!in) {
		/* Shorter than its grace it never stops anything, so there is nothing to outlive. */
		CHECK_TEXT(id, d.v.state, d.v.stop_at.known ? "overran" : "outside");
		CHECK(id, d.window_start.us > at(now), "the next begins %s", show(d.window_start));
		return;
	}
	CHECK_TEXT(id, d.v.state, over ? "quiet" : "grace");
	CHECK(id, same(d.window_start, maybe(from)), "begins %s", show(d.window_start));
	CHECK(id, same(d.v.stop_at, maybe(stop)), "stops %s", show(d.v.stop_at));
	CHECK(id, same(d.window_end, maybe(until)), "ends %s", show(d.window_end));
}

static void
test_vectors(const char *path)
{
	char  line[1024];
	int   n = 0;
	FILE *in = fopen(path, "r");

	CHECK(path, in != NULL, "cannot read it; run from the top of the tree");
	if (in == NULL)
		return;
	for (; fgets(line, sizeof(line), in) != NULL; n++)
		check_vector(line);
	fclose(in);
	CHECK(path, n == 66, "%d rows", n);
}

/*
 * Quiet hours are 18:00-08:00 UTC, every day; the grace is 1h unless said.
 * Instants are of 2026-06-12 (a Friday), "-" before the time is the day before,
 * "+" the day after.
 */
static struct when
clock_at(const char *text)
{
	char full[64];

	if (text == NULL)
		return when_none();
	snprintf(full, sizeof(full), "2026-06-%sT%s%sZ",
	        text[0] == '-'   ? "11"
	        : text[0] == '+' ? "13"
	                         : "12",
	        text + (text[0] == '-' || text[0] == '+'), strlen(text) > 6 ? "" : ":00");
	return when_at(at(full));
}

#define RULE(grace, least) .grace_s = (grace), .min_uptime_s = (least)
#define IDLE(span) .has_idle = true, .idle_s = (span)

static void
test_states(void)
{
	static const struct {
		const char       *name;
		const char       *now, *started, *used; /* used may begin with "working" */
		struct quiet_rule rule;
		const char       *state;
		bool              due;
		const char       *stop_at;
	} rows[] = {
		{ "before", "17:59:59.999999", "09:00", NULL, { RULE(H, H) }, "outside", false,
		        "19:00" },
		{ "the start", "18:00", "09:00", NULL, { RULE(H, H) }, "grace", false, "19:00" },
		{ "end of the grace", "18:59:59.999999", "09:00", NULL, { RULE(H, H) }, "grace",
		        false, "19:00" },
		{ "grace over", "19:00", "09:00", NULL, { RULE(H, H) }, "quiet", true, "19:00" },
		{ "grace over, after", "19:00:01", "09:00", NULL, { RULE(H, H) }, "quiet", true,
		        "19:00" },
		{ "past midnight", "00:00", "-09:00", NULL, { RULE(H, H) }, "quiet", true,
		        "-19:00" },
		{ "end of the night", "07:59:59.999999", "-09:00", NULL, { RULE(H, H) }, "quiet",
		        true, "-19:00" },
		{ "the end", "08:00", "-20:00", NULL, { RULE(H, H) }, "outside", false, "19:00" },
		{ "no grace", "18:00", "09:00", NULL, { RULE(0, 0) }, "quiet", true, "18:00" },
		{ "a grace below the night", "18:00", "09:00", NULL, { RULE(14 * H - 1, 0) },
		        "grace", false, "+07:59:59" },
		{ "a grace as long as the night", "18:00", "09:00", NULL, { RULE(14 * H, 0) },
		        "grace", false, NULL },
		{ "the same from outside", "12:00", "09:00", NULL, { RULE(14 * H, 0) }, "outside",
		        false, NULL },

		{ "young", "19:29:59.999999", "18:30", NULL, { RULE(H, H) }, "young", false,
		        "19:30" },
		{ "no more", "19:30", "18:30", NULL, { RULE(H, H) }, "quiet", true, "19:30" },
		{ "young in its grace", "18:45", "18:30", NULL, { RULE(H, H) }, "grace", false,
		        "19:30" },
		{ "young to the end", "19:00", "09:00", NULL, { RULE(H, 23 * H) }, "young", false,
		        NULL },
		{ "young to before the end", "19:00", "09:00", NULL, { RULE(H, 23 * H - 1) },
		        "young", false, "+07:59:59" },
		{ "no minimum", "20:00", "20:00", NULL, { RULE(H, 0) }, "quiet", true, "20:00" },
		{ "no minimum, started later", "20:00", "20:01", NULL, { RULE(H, 0) }, "quiet",
		        true, "19:00" },
		{ "started later", "20:00", "20:01", NULL, { RULE(H, H) }, "young", false,
		        "21:01" },
		{ "start unknown", "19:00", NULL, NULL, { RULE(H, H) }, "unknown", false, NULL },
		{ "start unknown, no minimum", "19:00", NULL, NULL, { RULE(H, 0) }, "quiet", true,
		        "19:00" },
		{ "start unknown, in grace", "18:00", NULL, NULL, { RULE(H, H) }, "grace", false,
		        "19:00" },
		{ "start unknown, outside", "12:00", NULL, NULL, { RULE(H, H), .overran = true },
		        "outside", false, "19:00" },

		{ "used", "20:59:59.999999", "09:00", "20:30", { RULE(H, H), IDLE(H / 2) },
		        "active", false, "21:00" },
		{ "no more", "21:00", "09:00", "20:30", { RULE(H, H), IDLE(H / 2) }, "quiet", true,
		        "21:00" },
		{ "used long ago", "21:00", "09:00", "10:30", { RULE(H, H), IDLE(H / 2) }, "quiet",
		        true, "19:00" },
		{ "used, nobody asks", "21:00", "09:00", "20:59", { RULE(H, H) }, "quiet", true,
		        "19:00" },
		{ "never used", "21:00", "09:00", NULL, { RULE(H, H), IDLE(H / 2) }, "unknown",
		        false, NULL },
		{ "never used, and young", "21:00", "20:30", NULL, { RULE(H, H), IDLE(H / 2) },
		        "young", false, "21:30" },
		{ "used to the end", "20:00", "09:00", "20:00", { RULE(H, H), IDLE(12 * H) },
		        "active", false, NULL },
		{ "used, in grace", "18:30", "09:00", "18:30", { RULE(H, H), IDLE(12 * H) },
		        "grace", false, "19:00" },
		{ "young and used", "19:10", "18:30", "19:00", { RULE(H, H), IDLE(H) }, "young",
		        false, "19:30" },
		{ "working", "21:00", "09:00", "working", { RULE(H, H) }, "active", false, NULL },
		{ "working and used", "21:00", "09:00", "working 20:30", { RULE(H, H), IDLE(H) },
		        "active", false, NULL },
		{ "working, in grace", "18:30", "09:00", "working", { RULE(H, H) }, "grace", false,
		        "19:00" },

		{ "outlived the night", "12:00", "-18:59:59.999999", NULL, { RULE(H, H) },
		        "overran", false, "19:00" },
		{ "came after its stop", "12:00", "-19:00", NULL, { RULE(H, H) }, "outside", false,
		        "19:00" },
		{ "outlived, asked", "12:00", "-09:00", NULL, { RULE(H, H), .overran = true },
		        "overran", true, "-19:00" },
		{ "outlived, but young", "12:00", "-09:00", NULL,
		        { RULE(H, 28 * H), .overran = true }, "overran", false, "19:00" },
		{ "outlived, young no more", "12:00", "-09:00", NULL,
		        { RULE(H, 27 * H), .overran = true }, "overran", true, "-19:00" },
		{ "outlived, but used", "12:00", "-09:00", "11:31",
		        { RULE(H, H), IDLE(H / 2), .overran = true }, "overran", false, "19:00" },
		{ "outlived, used no more", "12:00", "-09:00", "11:30",
		        { RULE(H, H), IDLE(H / 2), .overran = true }, "overran", true, "-19:00" },
		{ "outlived, but working", "12:00", "-09:00", "working",
		        { RULE(H, H), .overran = true }, "overran", false, "19:00" },
		{ "no night ever stops", "12:00", "-09:00", NULL,
		        { RULE(14 * H, H), .overran = true }, "outside", false, NULL },
	};
	struct window w = { SCHED_DAILY, 18 * 60, 8 * 60 };
	struct sched  s = { 0 };
	struct tz     tz;
	size_t        i;

	tz_fixed(&tz, "UTC", 0);
	sched_add(&s, w);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct quiet_facts    f = { .life = LIFE_RUNNING, .status = "running" };
		struct quiet_schedule q = quiet_look(
		        &s, &tz, QUIET_DEFAULT, clock_at(rows[i].now).us, rows[i].rule.grace_s);
		struct quiet_verdict d;
		const char          *used = rows[i].used;

		f.working = used != NULL && strncmp(used, "working", 7) == 0;
		if (f.working)
			used = used[7] != '\0' ? used + 8 : NULL;
		f.started = clock_at(rows[i].started);
		f.last_used = clock_at(used);
		d = quiet_decide(&f, &rows[i].rule, &q);
		CHECK_TEXT(rows[i].name, d.v.state, rows[i].state);
		CHECK(rows[i].name, d.v.due == rows[i].due && !d.v.keep, "due: %d, keep: %d",
		        d.v.due, d.v.keep);
		CHECK(rows[i].name, same(d.v.stop_at, clock_at(rows[i].stop_at)), "stops %s",
		        show(d.v.stop_at));
		CHECK(rows[i].name, d.v.at_us == clock_at(rows[i].now).us,
		        "judged at another instant");
		CHECK(rows[i].name,
		        d.window_start.known &&
		                d.window_end.us - d.window_start.us == 14 * H * US_PER_S,
		        "%s - %s", show(d.window_start), show(d.window_end));
		CHECK(rows[i].name, strstr(d.v.why.s, "; local time ") != NULL, "why: %s",
		        d.v.why.s);
	}
}

/* What is judged before the clock is looked at. */
static void
test_facts(void)
{
	static const struct {
		const char *transition, *status;
		bool        prebuild, excluded;
		const char *state;
		bool        due, keep;
		const char *why;
	} rows[] = {
		{ "start", "running", false, false, "quiet", true, false,
		        "quiet hours Fri 18:00-Sat 08:00 (the default) began 1h 29m ago, grace 1h "
		        "over; local "
		        "time Fri 19:29 UTC" },
		{ "start", "running", true, false, "inactive", false, true,
		        "a prebuild: it belongs to the prebuild reconciler" },
		{ "start", "running", true, true, "inactive", false, true,
		        "a prebuild: it belongs to the prebuild reconciler" },
		{ "start", "running", false, true, "excluded", false, true,
		        "owner ada is excluded (--exclude-user ada)" },
		{ "stop", "stopped", false, false, "inactive", false, false,
		        "not running: stopped" },
		{ "stop", "stopped", false, true, "inactive", false, false,
		        "not running: stopped" },
		{ "delete", "deleted", false, false, "inactive", false, false,
		        "not running: deleted" },
		{ "start", "failed", false, false, "inactive", false, false,
		        "not running, its last start: failed" },
		{ "start", "failed", false, true, "excluded", false, true,
		        "owner ada is excluded (--exclude-user ada)" },
		{ "start", "failed", true, true, "inactive", false, true,
		        "a prebuild: it belongs to the prebuild reconciler" },
		{ "stop", "failed", false, true, "excluded", false, true,
		        "owner ada is excluded (--exclude-user ada)" },
		{ "start", "starting", false, true, "inactive", false, false,
		        "a build is under way: starting" },
		{ "stop", "failed", false, false, "inactive", false, false,
		        "not running, its last stop: failed" },
		{ "delete", "failed", false, false, "unknown", false, false,
		        "cannot tell whether it runs: status failed" },
		{ "start", "canceled", false, false, "inactive", false, false,
		        "not running, its last start: canceled" },
		{ "start", "pending", false, false, "inactive", false, false,
		        "a build is under way: pending" },
		{ "start", "starting", false, false, "inactive", false, false,
		        "a build is under way: starting" },
		{ "stop", "stopping", false, false, "inactive", false, false,
		        "a build is under way: stopping" },
		{ "start", "canceling", false, false, "inactive", false, false,
		        "a build is under way: canceling" },
		{ "delete", "deleting", false, false, "inactive", false, false,
		        "a build is under way: deleting" },
		{ "start", "hibernating", false, false, "unknown", false, false,
		        "cannot tell whether it runs: status hibernating" },
		{ "start", "hibernating", false, true, "excluded", false, true,
		        "owner ada is excluded (--exclude-user ada)" },
		{ "start", "Running", false, false, "unknown", false, false,
		        "cannot tell whether it runs: status Running" },
		{ "start", NULL, false, false, "unknown", false, false,
		        "cannot tell whether it runs: status is missing" },
		{ NULL, "running", false, false, "unknown", false, false,
		        "cannot tell whether it runs: status running of a build that is no start" },
		{ "stop", "running", false, false, "unknown", false, false,
		        "cannot tell whether it runs: status running of a build that is no start" },
	};
	static const char tail[] =
	        "; quiet hours Fri 18:00-Sat 08:00 (the default); local time Fri 19:29 "
	        "UTC";
	struct window         w = { SCHED_DAILY, 18 * 60, 8 * 60 };
	struct sched          s = { 0 };
	struct quiet_rule     rule = { RULE(H, H) };
	struct text           reason;
	struct tz             tz;
	struct quiet_schedule q;
	char                  want[256];
	size_t                i;

	tz_fixed(&tz, "UTC", 0);
	sched_add(&s, w);
	q = quiet_look(&s, &tz, QUIET_DEFAULT, at("2026-06-12T19:29:00Z"), H);
	text_clear(&reason);
	text_put(&reason, "owner ada is excluded (--exclude-user ada)");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct quiet_facts   f = { .status = rows[i].status, .prebuild = rows[i].prebuild };
		struct quiet_verdict d;

		f.life = life_of(rows[i].status, rows[i].transition);
		f.started = when_at(at("2026-06-12T09:00:00Z"));
		f.excluded = rows[i].excluded ? &reason : NULL;
		f.keep = rows[i].excluded;
		d = quiet_decide(&f, &rule, &q);
		CHECK_TEXT(rows[i].why, d.v.state, rows[i].state);
		CHECK(rows[i].why, d.v.due == rows[i].due && d.v.keep == rows[i].keep,
		        "due %d, keep %d", d.v.due, d.v.keep);
		CHECK(rows[i].why, d.v.stop_at.known == rows[i].due, "stops %s", show(d.v.stop_at));
		snprintf(want, sizeof(want), "%s%s", rows[i].why, rows[i].due ? "" : tail);
		CHECK_TEXT("why", d.v.why.s, want);
	}
}

/* What outlived the night and is spared says what by. */
static void
test_outlived_why(void)
{
	static const char     night[] = "it outlived quiet hours Thu 18:00-Fri 08:00 (the default), which "
	                                "should have stopped it 17h ago";
	struct window         w = { SCHED_DAILY, 18 * 60, 8 * 60 };
	struct sched          s = { 0 };
	struct quiet_rule     rule = { RULE(H, H), IDLE(H), .overran = true };
	struct quiet_facts    f = { .life = LIFE_RUNNING, .status = "running" };
	struct tz             tz;
	struct quiet_schedule q;
	struct quiet_verdict  d;
	char                  want[256];

	tz_fixed(&tz, "UTC", 0);
	sched_add(&s, w);
	q = quiet_look(&s, &tz, QUIET_DEFAULT, at("2026-06-12T12:00:00Z"), H);
	f.started = when_at(at("2026-06-11T09:00:00Z"));
	d = quiet_decide(&f, &rule, &q);
	CHECK("use unknown", strcmp(d.v.state, "overran") == 0 && !d.v.due, "%s", d.v.state);
	snprintf(want, sizeof(want),
	        "%s, but the record does not say when it was last used; local time Fri 12:00 UTC", night);
	CHECK_TEXT("use unknown", d.v.why.s, want);
	f.last_used = when_at(at("2026-06-12T11:00:00Z"));
	d = quiet_decide(&f, &rule, &q);
	CHECK("use long ago", d.v.due, "%s", d.v.state);
	snprintf(want, sizeof(want), "%s; local time Fri 12:00 UTC", night);
	CHECK_TEXT("use long ago", d.v.why.s, want);
}

static void
test_always(void)
{
	struct window         w = { SCHED_DAILY, 0, 1440 };
	struct sched          s = { 0 };
	struct quiet_rule     rule = { RULE(H, H), .overran = true };
	struct quiet_facts    f = { .life = LIFE_RUNNING, .status = "running" };
	struct tz             tz;
	struct quiet_schedule q;
	struct quiet_verdict  d;
	int64_t               now = at("2026-06-12T12:00:00Z");

	tz_fixed(&tz, "UTC", 0);
	f.started = when_at(now - H * US_PER_S);
	q = quiet_look(&s, &tz, QUIET_DEFAULT, now, H);
	d = quiet_decide(&f, &rule, &q);
	CHECK("no windows", strcmp(d.v.state, "unknown") == 0 && !d.v.due && !d.v.stop_at.known,
	        "%s", d.v.state);
	sched_add(&s, w);
	sched_add(&s, w);
	q = quiet_look(&s, &tz, QUIET_DEFAULT, now, H);
	d = quiet_decide(&f, &rule, &q);
	CHECK_TEXT("always", d.v.state, "quiet");
	CHECK("always",
	        d.v.due && d.v.stop_at.us == now && !d.window_start.known && !d.window_end.known,
	        "stops %s", show(d.v.stop_at));
	CHECK_TEXT("always", d.v.why.s,
	        "always quiet, the windows leave no gap in the week; local time Fri 12:00 UTC");
	f.started.us++;
	d = quiet_decide(&f, &rule, &q);
	CHECK_TEXT("always", d.v.state, "young");
	CHECK("always", !d.v.due && d.v.stop_at.us == now + 1, "stops %s", show(d.v.stop_at));
}

/* The sentence stays a sentence at the ends of what can be asked. */
static void
test_extremes(void)
{
	struct window     w = { SCHED_DAILY, 18 * 60, 8 * 60 };
	struct sched      s = { 0 };
	struct quiet_rule rule = { RULE(INT64_MAX, INT64_MAX), IDLE(INT64_MAX), .overran = true };
	struct tz         tz;
	size_t            i;
	static const char *const nows[] = { "0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
		"9999-12-31T23:59:59Z" };

	tz_fixed(&tz, "America/Argentina/ComodRivadavia", -3 * H);
	sched_add(&s, w);
	for (i = 0; i < sizeof(nows) / sizeof(nows[0]); i++) {
		struct quiet_facts    f = { .life = LIFE_RUNNING, .status = "running" };
		struct quiet_schedule q =
		        quiet_look(&s, &tz, QUIET_DEFAULT, at(nows[i]), rule.grace_s);
		struct quiet_verdict d;

		f.started = when_at(at("0001-01-01T00:00:00Z"));
		f.last_used = when_at(at("9999-12-31T23:59:59Z"));
		d = quiet_decide(&f, &rule, &q);
		CHECK(nows[i], !d.v.due && !d.v.stop_at.known, "%s: stops %s", d.v.state,
		        show(d.v.stop_at));
		CHECK(nows[i], d.v.why.n < 200, "%zu bytes", d.v.why.n);
	}
}

int
main(int argc, char **argv)
{
	test_vectors(argc > 1 ? argv[1] : VECTORS);
	test_states();
	test_facts();
	test_outlived_why();
	test_always();
	test_extremes();
	return CHECK_DONE();
}
