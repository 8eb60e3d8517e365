/* holidays.c - dates and all-day events to day numbers. */

#include "judge/holidays.h"

#include <string.h>

#include "base/rfc3339.h"

#define LINE_MAX_OURS 1000 /* of an unfolded line that counts: BEGIN, DTSTART, RRULE ... */
#define YEAR_DAYS     366

/* One line of the text: its bytes, and where the next one begins. */
struct line {
	const char *p, *end;
};

static bool
next_line(const char **at, const char *end, struct line *l)
{
	const char *nl;

	if (*at == end)
		return false;
	nl = memchr(*at, '\n', (size_t)(end - *at));
	l->p = *at;
	l->end = nl != NULL ? nl : end;
	*at = nl != NULL ? nl + 1 : end;
	if (l->end > l->p && l->end[-1] == '\r')
		l->end--;
	return true;
}

/* n decimal digits; -1 when they are not. */
static int
digits(const char *p, int n)
{
	int v = 0;

	for (; n > 0; n--, p++) {
		if (*p < '0' || *p > '9')
			return -1;
		v = v * 10 + *p - '0';
	}
	return v;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

struct date {
	int year, month, day;
};

static bool
is_date(const struct date *d)
{
	return d->year >= 1 && d->month >= 1 && d->month <= 12 && d->day >= 1 &&
	       d->day <= month_days(d->year, d->month);
}

static int64_t
day_number(const struct date *d)
{
	return days_from_civil(d->year, d->month, d->day);
}

/* Insert where it belongs; days outside the span are counted and dropped. */
static void
add_day(struct holidays *h, int64_t day)
{
	size_t i = h->n;

	if (day < h->around - HOLIDAYS_SPAN || day > h->around + HOLIDAYS_SPAN)
		return;
	while (i > 0 && h->day[i - 1] > day)
		i--;
	if (i > 0 && h->day[i - 1] == day)
		return;
	memmove(h->day + i + 1, h->day + i, (h->n - i) * sizeof(h->day[0]));
	h->day[i] = (int32_t)day;
	h->n++;
}

static void
add_days(struct holidays *h, int64_t first, int64_t days)
{
	int64_t low = h->around - HOLIDAYS_SPAN, high = h->around + HOLIDAYS_SPAN, day;

	for (day = first > low ? first : low; day < first + days && day <= high; day++)
		add_day(h, day);
}

static const char *
parse_dates(struct holidays *h, const char *at, const char *end)
{
	struct line l;
	struct date d;
	const char *hash;

	for (; next_line(&at, end, &l); h->line++) {
		hash = memchr(l.p, '#', (size_t)(l.end - l.p));
		if (hash != NULL)
			l.end = hash;
		while (l.end > l.p && (l.end[-1] == ' ' || l.end[-1] == '\t'))
			l.end--;
		while (l.p < l.end && (*l.p == ' ' || *l.p == '\t'))
			l.p++;
		if (l.p == l.end)
			continue;
		if (l.end - l.p != 10 || l.p[4] != '-' || l.p[7] != '-')
			return "expected a date such as 2026-12-25";
		d.year = digits(l.p, 4);
		d.month = digits(l.p + 5, 2);
		d.day = digits(l.p + 8, 2);
		if (!is_date(&d))
			return "expected a date that exists, such as 2026-12-25";
		add_day(h, day_number(&d));
		h->dates++;
	}
	return NULL;
}

/* A yearly rule; what it does not say is 0. */
struct rule {
	bool    yearly;
	int64_t interval, count, until; /* until: a day number */
	bool    has_until;
	int     month, month_day;
	int     nth, weekday; /* BYDAY: -5..5 without 0, 0 is Sunday */
};

struct event {
	bool        open;   /* inside BEGIN:VEVENT */
	int         depth;  /* of components inside it, such as VALARM */
	bool        all_day, off, has_rule;
	struct date start;
	bool        has_end;
	int64_t     end;    /* DTEND: a day number */
	int64_t     days;   /* DURATION; 0 when there is none */
	struct rule rule;
	size_t      line;   /* of its DTSTART */
	size_t      rule_line;
};

/* Is the next word of p..end this one, in any case?  Steps over it. */
static bool
take(const char **p, const char *end, const char *word)
{
	const char *q = *p;

	for (; *word != '\0'; word++, q++)
		if (q == end || (*q >= 'a' && *q <= 'z' ? *q - 'a' + 'A' : *q) != *word)
			return false;
	*p = q;
	return true;
}

static bool
is_word(const char *p, const char *end, const char *word)
{
	return take(&p, end, word) && p == end;
}

/* A number of at most six digits; -1 when there is none. */
static int64_t
take_number(const char **p, const char *end)
{
	int64_t v = 0;
	int     n = 0;

	for (; *p < end && **p >= '0' && **p <= '9' && n < 7; n++, ++*p)
		v = v * 10 + **p - '0';
	return n >= 1 && n <= 6 ? v : -1;
}

/* "20261225"; with more_ok a time may follow, as in UNTIL=20261225T000000Z. */
static bool
take_date(const char *p, const char *end, bool more_ok, struct date *d)
{
	if (end - p < 8 || (end - p > 8 && !(more_ok && p[8] == 'T')))
		return false;
	d->year = digits(p, 4);
	d->month = digits(p + 4, 2);
	d->day = digits(p + 6, 2);
	return is_date(d);
}

/* P1D or P2W: whole days, at least one; -1 for anything else. */
static int64_t
duration_days(const char *p, const char *end)
{
	int64_t v;

	if (!take(&p, end, "P") || (v = take_number(&p, end)) < 1)
		return -1;
	if (take(&p, end, "W"))
		v *= 7;
	else if (!take(&p, end, "D"))
		return -1;
	return p == end ? v : -1;
}

/* "4TH", "-1MO" */
static bool
by_day(const char *p, const char *end, struct rule *r)
{
	static const char *const name[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };
	bool                     minus = take(&p, end, "-");
	int64_t                  v;

	if (!minus)
		take(&p, end, "+");
	v = take_number(&p, end);
	if (v < 1 || v > 5)
		return false;
	r->nth = minus ? -(int)v : (int)v;
	for (r->weekday = 0; r->weekday < 7; r->weekday++)
		if (is_word(p, end, name[r->weekday]))
			return true;
	return false;
}

/* One NAME=VALUE of an RRULE. */
static bool
rule_part(const char *p, const char *end, struct rule *r)
{
	struct date d;
	int64_t     v;

	if (take(&p, end, "FREQ=")) {
		r->yearly = is_word(p, end, "YEARLY");
		return r->yearly;
	}
	if (take(&p, end, "WKST="))
		return true; /* of no consequence where weeks are not counted */
	if (take(&p, end, "UNTIL=")) {
		r->has_until = take_date(p, end, true, &d);
		r->until = r->has_until ? day_number(&d) : 0;
		return r->has_until;
	}
	if (take(&p, end, "BYDAY="))
		return by_day(p, end, r);
	if (take(&p, end, "INTERVAL="))
		return (r->interval = take_number(&p, end)) >= 1 && p == end;
	if (take(&p, end, "COUNT="))
		return (r->count = take_number(&p, end)) >= 1 && p == end;
	if (take(&p, end, "BYMONTHDAY=")) {
		v = take_number(&p, end);
		r->month_day = (int)v;
		return v >= 1 && v <= 31 && p == end;
	}
	if (take(&p, end, "BYMONTH=")) {
		v = take_number(&p, end);
		r->month = (int)v;
		return v >= 1 && v <= 12 && p == end;
	}
	return false;
}

static bool
parse_rule(const char *p, const char *end, struct rule *r)
{
	const char *stop;

	memset(r, 0, sizeof(*r));
	for (;; p = stop + 1) {
		stop = memchr(p, ';', (size_t)(end - p));
		if (!rule_part(p, stop != NULL ? stop : end, r))
			return false;
		if (stop == NULL)
			break;
	}
	if (r->interval == 0)
		r->interval = 1;
	/* A weekday of the whole year, or a day of every month, is more than a holiday needs. */
	return r->yearly && (r->nth == 0 || (r->month != 0 && r->month_day == 0)) &&
	       (r->month_day == 0 || r->month != 0);
}

/* The day of a rule in one year; false in a year that has none. */
static bool
day_in(const struct event *e, int year, int64_t *day)
{
	const struct rule *r = &e->rule;
	struct date        d = { year, r->month != 0 ? r->month : e->start.month, 1 };
	int                in_month = month_days(year, d.month), ahead;

	if (r->nth != 0) {
		if (r->nth > 0) {
			ahead = (r->weekday - weekday_of(day_number(&d)) + 7) % 7;
			d.day = 1 + ahead + 7 * (r->nth - 1);
		} else {
			d.day = in_month;
			ahead = (weekday_of(day_number(&d)) - r->weekday + 7) % 7;
			d.day -= ahead + 7 * (-r->nth - 1);
		}
	} else {
		d.day = r->month_day != 0 ? r->month_day : e->start.day;
	}
	if (d.day < 1 || d.day > in_month)
		return false;
	*day = day_number(&d);
	return true;
}

static const char *
add_event(struct holidays *h, const struct event *e)
{
	int64_t first, day, year, low, high;

	if (!e->all_day || e->off)
		return NULL;
	first = day_number(&e->start);
	h->dates++;
	add_days(h, first, e->days);
	if (!e->has_rule)
		return NULL;
	if (e->days > YEAR_DAYS)
		return "expected a yearly event that ends within a year";
	/* Where some years have no such day the number of occurrences is no number of years. */
	if (e->rule.count != 0 && (e->rule.nth == 5 || e->rule.nth == -5 ||
	                           (e->rule.nth == 0 &&
	                           (e->rule.month_day != 0 ? e->rule.month_day : e->start.day) > 28)))
		return "expected a yearly rule without COUNT for a day that some years lack";
	year = 1970 + (h->around * 400) / 146097;
	low = year - 4;
	high = year + 3;
	if (low < e->start.year)
		low = e->start.year;
	for (year = low; year <= high && year <= 9999; year++) {
		if ((year - e->start.year) % e->rule.interval != 0 || !day_in(e, (int)year, &day) ||
		        day < first)
			continue;
		if ((e->rule.count != 0 && (year - e->start.year) / e->rule.interval >= e->rule.count) ||
		    (e->rule.has_until && day > e->rule.until))
			break;
		add_days(h, day, e->days);
	}
	return NULL;
}

/*
 * The value of a property line, behind its name and parameters; *date says VALUE=DATE.  NULL: another
 * property.
 */
static const char *
value_of(const char *p, const char *end, const char *name, bool *date)
{
	bool quoted = false;

	*date = false;
	if (!take(&p, end, name) || p == end || (*p != ':' && *p != ';'))
		return NULL;
	for (; p < end && (quoted || *p != ':'); p++) {
		const char *q = p;

		if (*p == '"')
			quoted = !quoted;
		if (*p == ';' && take(&q, end, ";VALUE=DATE") && q < end && (*q == ':' || *q == ';'))
			*date = true;
	}
	return p < end ? p + 1 : NULL;
}

/* One unfolded property of an event. */
static const char *
event_line(struct event *e, const char *p, const char *end, size_t line)
{
	const char *v;
	struct date d;
	bool        date;

	if ((v = value_of(p, end, "DTSTART", &date)) != NULL) {
		e->line = line;
		e->all_day = date || end - v == 8;
		if (e->all_day && !take_date(v, end, false, &e->start))
			return "expected a date such as DTSTART;VALUE=DATE:20261225";
	} else if ((v = value_of(p, end, "DTEND", &date)) != NULL) {
		if (!date && end - v != 8)
			return NULL;
		if (!take_date(v, end, false, &d))
			return "expected a date such as DTEND;VALUE=DATE:20261226";
		e->has_end = true;
		e->end = day_number(&d);
	} else if ((v = value_of(p, end, "DURATION", &date)) != NULL) {
		e->days = duration_days(v, end); /* -1 of an appointment is judged at its end, if at all */
	} else if ((v = value_of(p, end, "STATUS", &date)) != NULL) {
		e->off = is_word(v, end, "CANCELLED");
	} else if (value_of(p, end, "RDATE", &date) != NULL || value_of(p, end, "EXDATE", &date) != NULL ||
	           value_of(p, end, "EXRULE", &date) != NULL ||
	           (e->has_rule && value_of(p, end, "RRULE", &date) != NULL)) {
		e->has_rule = true;
		e->rule.yearly = false;
		e->rule_line = line;
	} else if ((v = value_of(p, end, "RRULE", &date)) != NULL) {
		e->has_rule = true;
		e->rule_line = line;
		if (!parse_rule(v, end, &e->rule))
			e->rule.yearly = false;
	}
	return NULL;
}

static const char *
event_end(struct holidays *h, struct event *e)
{
	e->open = false;
	if (!e->all_day || e->off)
		return NULL;
	if (e->has_end)
		e->days = e->end - day_number(&e->start);
	else if (e->days == 0)
		e->days = 1;
	h->line = e->line;
	if (e->days < 1)
		return "expected an event that ends after it starts, in whole days";
	h->line = e->has_rule ? e->rule_line : e->line;
	if (e->has_rule && !e->rule.yearly)
		return "expected an all-day event once or by a yearly rule (FREQ=YEARLY)";
	return add_event(h, e);
}

/* One unfolded line of a calendar. */
static const char *
calendar_line(struct holidays *h, struct event *e, const char *p, const char *end)
{
	size_t      line = h->line;
	const char *fault = NULL;

	if (!e->open) {
		if (is_word(p, end, "BEGIN:VEVENT")) {
			memset(e, 0, sizeof(*e));
			e->open = true;
		}
		return NULL;
	}
	if (take(&p, end, "BEGIN:"))
		e->depth++;
	else if (e->depth > 0)
		e->depth -= take(&p, end, "END:");
	else if (is_word(p, end, "END:VEVENT"))
		fault = event_end(h, e);
	else
		fault = event_line(e, p, end, line);
	if (fault == NULL)
		h->line = line;
	return fault;
}

static const char *
parse_calendar(struct holidays *h, const char *at, const char *end)
{
	struct event e = { .open = false };
	struct line  l;
	char         whole[LINE_MAX_OURS];
	size_t       n, rest, folded;
	const char  *fault;

	for (; next_line(&at, end, &l); h->line += 1 + folded) {
		n = (size_t)(l.end - l.p) < sizeof(whole) ? (size_t)(l.end - l.p) : sizeof(whole);
		memcpy(whole, l.p, n);
		/* A line goes on in the next one where that begins with a blank. */
		for (folded = 0; at < end && (*at == ' ' || *at == '\t'); folded++) {
			next_line(&at, end, &l);
			rest = l.end > l.p ? (size_t)(l.end - l.p) - 1 : 0;
			if (rest > sizeof(whole) - n)
				rest = sizeof(whole) - n;
			memcpy(whole + n, l.p + 1, rest);
			n += rest;
		}
		fault = calendar_line(h, &e, whole, whole + n);
		if (fault != NULL)
			return fault;
	}
	return e.open ? "expected END:VEVENT before the end of the file" : NULL;
}

const char *
holidays_parse(struct holidays *h, const char *text, size_t n, int64_t around)
{
	const char *at = text, *end = text + n;

	memset(h, 0, sizeof(*h));
	h->line = 1;
	h->around = around;
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	if (take(&at, end, "BEGIN:VCALENDAR"))
		return parse_calendar(h, at, end);
	return parse_dates(h, at, end);
}
