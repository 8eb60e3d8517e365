/*
 * fuzz_cron.c - any text as a schedule: its firings are those a walk by the minute finds.
 *
 * Input: instant (4 bytes), zone (zone.h), weekdays (1 byte), then the schedule.
 * Near a change of the zone the server's own rules say which firing it is
 * (cron.h), so there the walk does not judge.
 */

#include "judge/cron.h"

#include "zone.h"

#define WEEK_MIN (7 * 1440)

static bool
fires(const struct cron *c, const struct tz *tz, int64_t at_s)
{
	int64_t wall = tz_wall(tz, at_s), day = wall / DAY_S, min = wall % DAY_S / 60;

	return wall % 60 == 0 && (c->days >> ((day + 4) % 7) & 1) != 0 && (c->hours >> (min / 60) & 1) != 0 &&
	       (c->minutes >> (min % 60) & 1) != 0;
}

static int
weekday(const struct tz *tz, int64_t at_s)
{
	return (int)((tz_wall(tz, at_s) / DAY_S + 4) % 7);
}

/* Do clocks change neither between these instants nor in the two days before them? */
static bool
steady(const struct tz *tz, int64_t from_s, int64_t to_s)
{
	size_t i;

	for (i = 1; i < tz->n; i++)
		if (tz->change[i].at_s >= from_s - 2 * DAY_S && tz->change[i].at_s <= to_s)
			return false;
	return true;
}

static void
check_next(const struct cron *c, const struct tz *tz, int64_t after_s, uint8_t allowed)
{
	struct when next = cron_next(c, tz, after_s * US_PER_S), on;
	int64_t     at, first = after_s - after_s % 60 + 60;
	bool        slow = steady(tz, after_s, after_s + 10 * DAY_S), never = c->minutes == 0 || c->hours == 0 || c->days == 0;

	REQUIRE(!never || !next.known);
	if (next.known) {
		at = next.us / US_PER_S;
		REQUIRE(next.us % US_PER_S == 0 && (fires(c, tz, at) || !steady(tz, at, at)));
		REQUIRE(at > after_s || !steady(tz, at, after_s));
	}
	if (slow && !never) {
		for (at = first; !fires(c, tz, at); at += 60)
			REQUIRE(at < first + WEEK_MIN * 60);
		REQUIRE(next.known && next.us == at * US_PER_S);
	}
	on = cron_next_on(c, tz, allowed, after_s * US_PER_S);
	if (on.known) {
		at = on.us / US_PER_S;
		REQUIRE((fires(c, tz, at) || !steady(tz, at, at)) && (allowed >> weekday(tz, at) & 1) != 0);
	}
	if (slow && !never && (c->days & allowed) != 0 && !on.known) {
		/* The server gives up after a firing that lies seven days behind; the first allowed one is that one. */
		for (at = first; !fires(c, tz, at) || (allowed >> weekday(tz, at) & 1) == 0; at += 60)
			continue;
		REQUIRE(at - after_s >= WEEK_MIN * 60);
	}
}

/* A daily start is a schedule of one minute. */
static void
check_daily(const char *text, bool taken, const struct cron *c)
{
	struct cron daily;
	int         min;

	if (!cron_daily(text, &daily, &min))
		return;
	REQUIRE(taken && strcmp(daily.zone, c->zone) == 0 && min >= 0 && min < 1440);
	REQUIRE(c->minutes == UINT64_C(1) << min % 60 && c->hours == UINT32_C(1) << min / 60 &&
	        c->days == CRON_DAILY);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct bytes b = { data, n };
	int64_t      at = take_instant(&b) + 200 * DAY_S;
	uint8_t      allowed;
	struct tz    tz;
	struct cron  c;
	char        *text;
	bool         taken;

	take_zone(&tz, &b, at);
	allowed = (uint8_t)take_number(&b, 1);
	text = text_of(b.p, b.n);
	taken = cron_parse(text, &c);
	check_daily(text, taken, &c);
	if (taken) {
		REQUIRE((c.minutes >> 60) == 0 && (c.hours >> 24) == 0 && (c.days >> 7) == 0);
		REQUIRE(strlen(c.zone) >= 1 && strlen(c.zone) <= TZ_NAME_MAX);
		check_next(&c, &tz, at, allowed);
	}
	free(text);
	return 0;
}
