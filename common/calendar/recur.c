/* recur.c - libical's iterator over a rule's days, kept within bounds. */

#include "calendar/recur.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/rfc3339.h"
#include "base/when.h"

#define LOOK_EVERY 256 /* steps between two looks at the clock */

struct icaltimetype
recur_date(int64_t day)
{
	struct civil        c = civil_from_s(day * DAY_S);
	struct icaltimetype t = icaltime_null_time(); /* a null date's hour is -1: the day before */

	t.year = (int)c.year;
	t.month = c.month;
	t.day = c.day;
	t.is_date = 1;
	return t;
}

int64_t
recur_day(struct icaltimetype t)
{
	return days_from_civil(t.year, t.month, t.day);
}

/* What 3.0 of libical passes over in silence, gets wrong, or seeks for two seconds each time. */
static const char *
unsupported(const struct icalrecurrencetype *r)
{
	int i;

	if (r->freq < ICAL_DAILY_RECURRENCE)
		return "a rule of hours, minutes or seconds has no whole days";
	for (i = 0; r->by_set_pos[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
		if (r->freq == ICAL_DAILY_RECURRENCE || r->freq == ICAL_WEEKLY_RECURRENCE)
			return "BYSETPOS in a rule of days or weeks is not supported";
		if (r->freq == ICAL_MONTHLY_RECURRENCE && abs(r->by_set_pos[i]) > 31)
			return "no month has so many days as BYSETPOS counts";
	}
	for (i = 0; r->by_month_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
		if (r->by_month_day[i] < 0 && r->freq == ICAL_DAILY_RECURRENCE)
			return "a day from the end of the month in a rule of days is not supported";
	return NULL;
}

/* The rule as it applies to days, with an end that libical never looks beyond. */
static struct icalrecurrencetype
bounded(const struct icalrecurrencetype *rule, int64_t last)
{
	struct icalrecurrencetype r = *rule;

	/* The second of each too: libical puts the start's own hour in front of what is there. */
	r.by_hour[0] = r.by_minute[0] = r.by_second[0] = ICAL_RECURRENCE_ARRAY_MAX;
	r.by_hour[1] = r.by_minute[1] = r.by_second[1] = ICAL_RECURRENCE_ARRAY_MAX;
	if (icaltime_is_null_time(r.until) || recur_day(r.until) > last)
		r.until = recur_date(last);
	r.until.is_date = 1;
	return r;
}

static void
step_through(icalrecur_iterator *it, struct day_list *out, const struct recur_span *span)
{
	struct icaltimetype t;
	unsigned            step = 0;

	while (!icaltime_is_null_time(t = icalrecur_iterator_next(it))) {
		if (recur_day(t) >= span->first)
			day_list_add(out, recur_day(t));
		if (++step % LOOK_EVERY == 0 && clock_mono_ms() >= span->deadline_ms)
			return;
	}
}

int
recur_expand(struct day_list *out, const struct icalrecurrencetype *rule, int64_t start,
        const struct recur_span *span, struct err *err)
{
	struct icalrecurrencetype r = bounded(rule, span->last);
	const char               *why = unsupported(rule);
	icalrecur_iterator       *it;

	if (why != NULL)
		return err_set(err, CWS_PARTIAL, "%s", why);
	if (start > span->last)
		return 0;
	icalerror_clear_errno(); /* an error of long ago would end the search at once */
	it = icalrecur_iterator_new(r, recur_date(start));
	if (it == NULL && clock_mono_ms() < span->deadline_ms)
		return err_set(err, CWS_PARTIAL, "the rule has no day, or is not supported");
	if (it != NULL) {
		step_through(it, out, span);
		icalrecur_iterator_free(it);
	}
	if (clock_mono_ms() >= span->deadline_ms)
		return err_set(err, CWS_FAIL, "the rules take too long to follow");
	return 0;
}
