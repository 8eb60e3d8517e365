/* vevent.c - the properties of a VEVENT by libical, and the days they make. */

#include "calendar/vevent.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/when.h"
#include "base/xalloc.h"
#include "calendar/label.h"

struct vevent_reader {
	icalparser    *parser; /* owned */
	icalcomponent *event;  /* owned; NULL before its END */
};

/*
 * The properties that matter, and how many values libical takes in a line of them: behind the
 * 500th date it drops them, and one more than a list of a rule has room for is written past it.
 */
static const struct {
	const char *name;
	size_t      most; /* 0: there are no lists */
} wanted[] = {
	{ "DTSTART", 0 },
	{ "DTEND", 0 },
	{ "DURATION", 0 },
	{ "RRULE", 366 },
	{ "EXRULE", 366 },
	{ "RDATE", 499 },
	{ "EXDATE", 499 },
	{ "RECURRENCE-ID", 0 },
	{ "STATUS", 0 },
	{ "SUMMARY", 0 },
	{ "UID", 0 },
	{ "SEQUENCE", 0 },
};

struct vevent_reader *
vevent_open(void)
{
	struct vevent_reader *r = xcalloc(1, sizeof(*r));
	char                  begin[] = "BEGIN:VEVENT";

	icalerror_set_errors_are_fatal(0); /* by default it aborts */
	r->parser = icalparser_new();
	if (r->parser == NULL)
		xalloc_fail();
	icalparser_add_line(r->parser, begin);
	return r;
}

void
vevent_close(struct vevent_reader *r)
{
	if (r->event != NULL)
		icalcomponent_free(r->event);
	icalparser_free(r->parser);
	free(r);
}

/* Its place in the table, -1 for one that does not matter. */
static int
property_of(const char *line)
{
	size_t n = strcspn(line, ":;"), i;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (strlen(wanted[i].name) == n && strncasecmp(line, wanted[i].name, n) == 0)
			return (int)i;
	return -1;
}

static size_t
count(const char *s, char c)
{
	size_t n = 0;

	for (; (s = strchr(s, c)) != NULL; s++)
		n++;
	return n;
}

/* A property without a value is as good as none. */
static bool
is_empty(const char *line)
{
	const char *colon = strchr(line, ':');

	return colon != NULL && colon[1 + strspn(colon + 1, " \t")] == '\0';
}

int
vevent_line(struct vevent_reader *r, char *line, struct err *err)
{
	int property = property_of(line);

	if (property < 0 || is_empty(line))
		return 0;
	if (wanted[property].most != 0 && count(line, ',') >= wanted[property].most)
		return err_set(err, CWS_PARTIAL, "%s: expected at most %zu values in a line",
		        wanted[property].name, wanted[property].most);
	icalparser_add_line(r->parser, line);
	if (icalparser_get_state(r->parser) == ICALPARSER_ERROR)
		return err_set(err, CWS_PARTIAL, "cannot read '%.80s'", line);
	return 0;
}

static icalproperty *
first(const struct vevent_reader *r, icalproperty_kind kind)
{
	return icalcomponent_get_first_property(r->event, kind);
}

static icalproperty *
next(const struct vevent_reader *r, icalproperty_kind kind)
{
	return icalcomponent_get_next_property(r->event, kind);
}

static bool
is_midnight(struct icaltimetype t)
{
	return t.hour == 0 && t.minute == 0 && t.second == 0;
}

static bool
exists(struct icaltimetype t)
{
	struct icaltimetype same = recur_date(recur_day(t));

	return t.year >= 1 && t.month >= 1 && t.month <= 12 && same.month == t.month &&
	       same.day == t.day;
}

/* The zone of the event's times, as far as it is one that this machine knows. */
static const icaltimezone *
zone_of(icalproperty *start, struct icaltimetype t)
{
	icalparameter *tzid = icalproperty_get_first_parameter(start, ICAL_TZID_PARAMETER);

	if (icaltime_is_utc(t))
		return icaltimezone_get_utc_timezone();
	if (tzid == NULL)
		return NULL;
	return icaltimezone_get_builtin_timezone(icalparameter_get_tzid(tzid));
}

struct start {
	struct icaltimetype time;
	const icaltimezone *zone;
	bool                date;
};

/*
 * The day of a time that belongs to an event: as it is written, but for a time in UTC of an
 * event with another zone.  Where that zone is not known it is the nearest midnight.
 */
static int64_t
day_of(const struct start *start, struct icaltimetype t)
{
	if (!start->date && icaltime_is_utc(t) && !icaltime_is_utc(start->time)) {
		if (start->zone != NULL)
			t = icaltime_convert_to_zone(t, (icaltimezone *)(uintptr_t)start->zone);
		else
			icaltime_adjust(&t, 0, 12, 0, 0);
	}
	return recur_day(t);
}

/* Of an event with times: the days to its end, perhaps a minute early; 0: it has no whole days. */
static int64_t
days_to_midnight(int64_t days, struct icaltimetype end)
{
	if (end.hour == 23 && end.minute == 59)
		return days >= 0 ? days + 1 : 0;
	return days > 0 && is_midnight(end) ? days : 0;
}

/* How many days from the start to the end, at least 1; 0: no whole days; -1: the end is first. */
static int64_t
length_in_days(const struct vevent_reader *r, const struct start *start)
{
	icalproperty       *p = first(r, ICAL_DTEND_PROPERTY);
	icalproperty       *duration = first(r, ICAL_DURATION_PROPERTY);
	struct icaltimetype end;
	int64_t             n = start->date ? DAY_S : 0;

	if (p != NULL) {
		end = icalproperty_get_dtend(p);
		n = recur_day(end) - recur_day(start->time);
		if (!start->date)
			return days_to_midnight(n, end);
		return n > 0 ? n : n == 0 ? 1 : -1;
	}
	if (duration != NULL)
		n = icaldurationtype_as_int(icalproperty_get_duration(duration));
	if (!start->date)
		return n > 0 && n % DAY_S == 0 ? n / DAY_S : 0;
	return n > DAY_S ? (n + DAY_S - 1) / DAY_S : n >= 0 ? 1 : -1;
}

/* The days of RDATE or EXDATE lines. */
static void
add_dates(const struct vevent_reader *r, icalproperty_kind kind, const struct start *start,
        struct day_list *out)
{
	icalproperty       *p;
	struct icaltimetype t;

	for (p = first(r, kind); p != NULL; p = next(r, kind)) {
		if (kind == ICAL_RDATE_PROPERTY)
			t = icalproperty_get_rdate(p).time;
		else
			t = icalproperty_get_exdate(p);
		if (exists(t))
			day_list_add(out, day_of(start, t));
	}
}

/* The days of RRULE or EXRULE lines. */
static int
add_rules(const struct vevent_reader *r, icalproperty_kind kind, const struct start *start,
        const struct recur_span *span, struct day_list *out, struct err *err)
{
	struct icalrecurrencetype rule;
	icalproperty             *p;

	for (p = first(r, kind); p != NULL; p = next(r, kind)) {
		rule = kind == ICAL_RRULE_PROPERTY ? icalproperty_get_rrule(p)
		                                   : icalproperty_get_exrule(p);
		if (!icaltime_is_null_time(rule.until))
			rule.until = recur_date(day_of(start, rule.until));
		if (recur_expand(out, &rule, recur_day(start->time), span, err) != 0)
			return err_prefix(err, "%s", icalproperty_kind_to_string(kind));
	}
	return 0;
}

/* The recurrence set: what DTSTART, RRULE and RDATE say, less EXDATE and EXRULE. */
static int
add_starts(const struct vevent_reader *r, const struct start *start, const struct recur_span *span,
        struct day_list *out, struct err *err)
{
	struct day_list not = { NULL, 0, 0 };
	int status;

	day_list_add(out, recur_day(start->time));
	add_dates(r, ICAL_RDATE_PROPERTY, start, out);
	add_dates(r, ICAL_EXDATE_PROPERTY, start, &not );
	status = add_rules(r, ICAL_RRULE_PROPERTY, start, span, out, err);
	if (status == 0)
		status = add_rules(r, ICAL_EXRULE_PROPERTY, start, span, &not, err);
	day_list_sort(out);
	day_list_sort(&not );
	day_list_subtract(out, &not );
	day_list_release(&not );
	return status;
}

static int
read_start(const struct vevent_reader *r, struct start *start, struct err *err)
{
	icalproperty *p = first(r, ICAL_DTSTART_PROPERTY);

	if (p == NULL)
		return err_set(err, CWS_PARTIAL, "an event without DTSTART");
	start->time = icalproperty_get_dtstart(p);
	start->date = start->time.is_date;
	start->zone = start->date ? NULL : zone_of(p, start->time);
	if (!exists(start->time))
		return err_set(err, CWS_PARTIAL, "DTSTART: expected a date that exists");
	return 0;
}

static void
read_recurrence_id(const struct vevent_reader *r, const struct start *start, struct vevent *e)
{
	icalproperty  *p = first(r, ICAL_RECURRENCEID_PROPERTY);
	icalparameter *range;

	if (p == NULL)
		return;
	e->replaces = true;
	e->replaced = day_of(start, icalproperty_get_recurrenceid(p));
	range = icalproperty_get_first_parameter(p, ICAL_RANGE_PARAMETER);
	e->and_later = range != NULL && icalparameter_get_range(range) == ICAL_RANGE_THISANDFUTURE;
}

static int
read_event(const struct vevent_reader *r, const struct recur_span *span, struct vevent *e,
        struct err *err)
{
	icalproperty *p = first(r, ICAL_SUMMARY_PROPERTY), *uid = first(r, ICAL_UID_PROPERTY),
	             *sequence = first(r, ICAL_SEQUENCE_PROPERTY);
	struct recur_span long_ago = *span; /* what began before it may last into it */
	struct start      start;
	int64_t           days;

	if (read_start(r, &start, err) != 0)
		return -1;
	e->start = recur_day(start.time);
	if (uid != NULL)
		e->uid = xstrdup(icalproperty_get_uid(uid));
	e->name = label_of(p != NULL ? icalproperty_get_summary(p) : NULL);
	p = first(r, ICAL_STATUS_PROPERTY);
	e->sequence = sequence != NULL ? icalproperty_get_sequence(sequence) : 0;
	e->cancelled = p != NULL && icalproperty_get_status(p) == ICAL_STATUS_CANCELLED;
	read_recurrence_id(r, &start, e);
	days = length_in_days(r, &start);
	if (days < 0)
		return err_set(err, CWS_PARTIAL, "an event that ends before it starts");
	e->days = days > 0 ? days : 1;
	e->kind = start.date ? VEVENT_ALL_DAY : VEVENT_TIMED;
	if (!start.date && days > 0 && is_midnight(start.time))
		e->kind = VEVENT_MIDNIGHT;
	if (e->cancelled || e->kind == VEVENT_TIMED)
		return 0;
	if (e->replaces) {
		day_list_add(&e->starts, e->start);
		return 0;
	}
	long_ago.first -= e->days - 1;
	return add_starts(r, &start, &long_ago, &e->starts, err);
}

int
vevent_end(
        struct vevent_reader *r, const struct recur_span *span, struct vevent *e, struct err *err)
{
	char end[] = "END:VEVENT";
	int  status;

	memset(e, 0, sizeof(*e));
	r->event = icalparser_add_line(r->parser, end);
	if (r->event == NULL)
		xalloc_fail();
	status = read_event(r, span, e, err);
	if (status != 0)
		vevent_release(e);
	return status;
}

void
vevent_release(struct vevent *e)
{
	free(e->uid);
	free(e->name);
	day_list_release(&e->starts);
	memset(e, 0, sizeof(*e));
}
