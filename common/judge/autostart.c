/* autostart.c - the first start after a stop, or of what stands. */

#include "judge/autostart.h"

#include <stddef.h>
#include <string.h>

#include "judge/executor.h"

int64_t
autostart_around(const struct autostop_facts *f, struct when stop_at, int64_t now_us)
{
	if (stop_at.known)
		return stop_at.us;
	return f->created.known ? f->created.us : now_us;
}

bool
autostart_may_fail(const struct autostop_facts *f)
{
	return f->outdated && (f->updates_always || f->requires_active) && !f->dynamic_flow;
}

/* Does the server's own next_start_at stand behind the stop, on a day that is allowed? */
static bool
foretold(const struct autostop_facts *f, uint8_t days, struct when stop_at)
{
	return stop_at.known && f->next_start.known && f->next_start.us > stop_at.us &&
	       (f->tz == NULL || cron_allows(f->tz, days, f->next_start.us));
}

/* After a stop. */
static struct when
next_start(const struct autostop_facts *f, uint8_t days, struct when stop_at)
{
	struct when next;

	if (foretold(f, days, stop_at))
		return f->next_start;
	next = cron_next_on(&f->cron, f->tz, days, stop_at.us);
	/*
	 * An hour's first pass has the firing, the second one finds it passed: the next look starts
	 * it.
	 */
	if (next.known && next.us <= stop_at.us)
		next = when_at(executor_minute_after(stop_at.us));
	return next;
}

/* Of one that stands: a next_start_at that is not known is computed anew, and holds nothing up. */
static struct when
first_start(const struct autostop_facts *f, uint8_t days, int64_t now_us)
{
	int64_t     base = autostart_around(f, when_none(), now_us);
	struct when next = cron_next_on(&f->cron, f->tz, days, base);

	if (!next.known)
		return next;
	if (f->next_start.known && f->next_start.us > next.us)
		next = f->next_start;
	return when_at(executor_minute_at(next.us > now_us ? next.us : now_us));
}

static struct when
start_on(const struct autostop_facts *f, uint8_t days, struct when stop_at, int64_t now_us)
{
	return stop_at.known ? next_start(f, days, stop_at) : first_start(f, days, now_us);
}

/* Why none is even looked for; NULL: nothing is in its way. */
static const char *
barred(const struct autostop_facts *f, struct when stop_at, const char *by)
{
	if (by != NULL && strcmp(by, "autodelete") == 0)
		return "the server deletes it";
	if (f->prebuild)
		return "it is a prebuilt workspace";
	if (f->dormant.known || (by != NULL && strcmp(by, "dormancy") == 0))
		return "it is dormant";
	if (!stop_at.known && f->deleted)
		return "it is deleted";
	if (!stop_at.known && f->failed)
		return "its last build failed";
	if (!stop_at.known && f->turn != TURN_STOP)
		return "its last build was no stop";
	if (f->schedule == NULL)
		return "it has no autostart schedule";
	if (f->owner == OWNER_SUSPENDED)
		return "its owner is suspended";
	return f->owner == OWNER_DORMANT ? "its owner is dormant" : NULL;
}

/* The fact without which this start is not certain; NULL: none. */
static const char *
lacking(const struct autostop_facts *f, struct when at, struct when stop_at, struct when asleep,
        int64_t now_us)
{
	struct when other;

	if (f->owner == OWNER_UNKNOWN)
		return "its owner's status";
	if (f->licensed != FACT_NO && !f->has_template)
		return "its template";
	if (f->licensed == FACT_UNKNOWN) {
		other = start_on(f, f->days, stop_at, now_us);
		if (!other.known || other.us != at.us || (asleep.known && asleep.us < at.us))
			return "whether scheduling is licensed";
	}
	return NULL;
}

struct autostart
autostart_look(const struct autostop_facts *f, struct when stop_at, const char *by, int64_t now_us)
{
	uint8_t          days = f->licensed == FACT_YES ? f->days : CRON_DAILY;
	struct when      asleep = executor_dormant(f, f->licensed != FACT_NO, now_us), at;
	struct autostart s = { .none = barred(f, stop_at, by) };

	if (s.none != NULL)
		return s;
	if (!foretold(f, days, stop_at) && (!f->has_cron || f->tz == NULL)) {
		s.lacks = f->has_cron ? "the time zone of its autostart schedule"
		                      : "what its autostart schedule means";
		return s;
	}
	at = start_on(f, days, stop_at, now_us);
	if (!at.known)
		s.none = "its template allows it on none of the days of its schedule";
	else
		s.lacks = lacking(f, at, stop_at, asleep, now_us);
	if (s.none == NULL && s.lacks == NULL && asleep.known && asleep.us < at.us)
		s.none = "it is dormant by then";
	if (s.none == NULL && s.lacks == NULL)
		s.lacks = executor_skips(f);
	if (s.none == NULL && s.lacks == NULL)
		s.at = at;
	return s;
}
