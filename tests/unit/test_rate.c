/* test_rate.c - the bucket over time, on a clock of our own. */

#include "base/rate.h"

#include "check.h"

#define S INT64_C(1000000)

static void
test_parse(void)
{
	static const struct {
		const char *text;
		int64_t     emit; /* -1: refused */
	} rows[] = {
		{ "0", 0 },
		{ "10/m", 6 * S },
		{ "1/s", S },
		{ "2/s", S / 2 },
		{ "100/h", 36 * S },
		{ "7/m", 8571429 }, /* rounded up: never faster than asked */
		{ "1000000/s", 1 },
		{ "1000001/s", -1 },
		{ "99999999999999999999/s", -1 },
		{ "0/m", -1 },
		{ "00", 0 },
		{ "", -1 },
		{ "10", -1 },
		{ "/m", -1 },
		{ "10/", -1 },
		{ "10/d", -1 },
		{ "10/min", -1 },
		{ "10/ m", -1 },
		{ " 10/m", -1 },
		{ "-1/m", -1 },
		{ "+1/m", -1 },
		{ "1.5/m", -1 },
		{ "10m", -1 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t emit = -1;

		if (!rate_parse(rows[i].text, &emit))
			emit = -1;
		CHECK(rows[i].text, emit == rows[i].emit, "got %lld", (long long)emit);
	}
}

/* Start as often as it allows from now to the end; how many, and that none came before its time. */
static int64_t
starts(struct rate *r, int64_t now, int64_t end, int64_t max)
{
	int64_t n = 0;

	while (n < max && (now += rate_wait_us(r, now)) <= end) {
		rate_take(r, now);
		n++;
	}
	return n;
}

static void
test_starts(void)
{
	static const struct {
		const char *name;
		int64_t     emit, burst, span, want;
	} rows[] = {
		{ "one at once, then each 6 s", 6 * S, 1, 60 * S, 11 },
		{ "just before the second", 6 * S, 1, 6 * S - 1, 1 },
		{ "at the second", 6 * S, 1, 6 * S, 2 },
		{ "a burst of five", 6 * S, 5, 0, 5 },
		{ "a burst, then the rate", 6 * S, 5, 60 * S, 15 },
		{ "no limit", 0, 1, 0, 1000 },
		{ "no limit, any burst", 0, 1000, 0, 1000 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rate r;
		int64_t     n;

		rate_init(&r, rows[i].emit, rows[i].burst);
		n = rate_room(&r, 1000 * S, 1000 * S + rows[i].span, 1000);
		CHECK(rows[i].name, n == rows[i].want, "room for %lld", (long long)n);
		n = starts(&r, 1000 * S, 1000 * S + rows[i].span, 1000);
		CHECK(rows[i].name, n == rows[i].want, "got %lld", (long long)n);
	}
}

static void
test_no_catch_up(void)
{
	struct rate r;

	rate_init(&r, S, 1);
	rate_take(&r, 10 * S);
	CHECK("after idling", starts(&r, 100 * S, 100 * S, 99) == 1, "time that passed was saved up");

	rate_init(&r, S, 5);
	CHECK("burst", starts(&r, 10 * S, 10 * S, 99) == 5, "no burst of five");
	CHECK("burst spent", rate_wait_us(&r, 10 * S) == S, "wait %lld", (long long)rate_wait_us(&r, 10 * S));
	CHECK("burst refills", starts(&r, 12 * S, 12 * S, 99) == 2, "not two more after two seconds");

	rate_init(&r, S, 5);
	rate_pause(&r, 30 * S);
	CHECK("paused", rate_wait_us(&r, 10 * S) == 20 * S, "wait %lld", (long long)rate_wait_us(&r, 10 * S));
	CHECK("no burst after a pause", starts(&r, 30 * S, 33 * S, 99) == 4, "a pause was saved up");

	rate_init(&r, S, 1);
	rate_pause(&r, 30 * S);
	rate_pause(&r, 20 * S);
	CHECK("the longest pause counts", rate_wait_us(&r, 10 * S) == 20 * S, "a shorter one replaced it");

	rate_init(&r, 0, 1);
	rate_pause(&r, 30 * S);
	CHECK("no limit, paused", rate_wait_us(&r, 29 * S) == S && rate_wait_us(&r, 30 * S) == 0,
		"pause lost");
}

static void
test_room(void)
{
	struct rate r;

	rate_init(&r, S / 10, 1);
	CHECK("as many as the rate gives in a second", rate_room(&r, 5 * S, 6 * S, 64) == 11, "got %lld",
		(long long)rate_room(&r, 5 * S, 6 * S, 64));
	CHECK("at most max", rate_room(&r, 5 * S, 6 * S, 3) == 3, "more than max");
	CHECK("asking takes nothing", r.next_us == 0, "it took");
	rate_init(&r, 6 * S, 1);
	rate_take(&r, 10 * S);
	CHECK("none yet", rate_room(&r, 10 * S, 15 * S, 5) == 0, "too early");
	CHECK("one soon", rate_room(&r, 15 * S, 16 * S, 5) == 1, "not in time");
}

static void
test_ends(void)
{
	struct rate r;

	/* an hour's span, the largest burst, 300 years of uptime: all of it far from the ends of int64 */
	rate_init(&r, 3600 * S, 1000);
	CHECK("slack", r.slack_us == 999 * 3600 * S, "%lld", (long long)r.slack_us);
	rate_take(&r, INT64_C(9000000000) * S);
	rate_pause(&r, INT64_C(9000000000) * S);
	CHECK("late", rate_wait_us(&r, 0) > 0, "overflow");
}

int
main(void)
{
	test_parse();
	test_starts();
	test_no_catch_up();
	test_room();
	test_ends();
	return CHECK_DONE();
}
