/* ical.c - components of a text to events, events to days. */

#include "calendar/ical.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/rfc3339.h"
#include "base/when.h"
#include "base/xalloc.h"
#include "calendar/lines.h"
#include "calendar/series.h"
#include "calendar/vevent.h"

#define DAY_US (DAY_S * US_PER_S)
#define SHIFT 400 /* days by which a change may move an occurrence into what is asked for */

/* One text while it is read. */
struct text {
	struct ical         *c;
	struct recur_span    span;
	struct vevent       *event; /* owned, as what is in it */
	size_t               n, room;
	const struct vevent *not_taken; /* the last one counted */
	bool                 over;      /* more than ICAL_DAYS_MAX */
};

static void
add_day(struct text *t, int64_t day, const char *name)
{
	struct ical *c = t->c;

	if (c->n == ICAL_DAYS_MAX) {
		t->over = true;
		return;
	}
	if (c->n == c->room) {
		c->room = c->room != 0 ? 2 * c->room : 64;
		c->day = xrealloc(c->day, c->room, sizeof(*c->day));
	}
	c->day[c->n].day = day;
	c->day[c->n++].name = name;
}

/* An occurrence: its days, as far as they are asked for. */
static void
put(void *arg, const struct vevent *as, int64_t first)
{
	struct text *t = arg;
	int64_t      last = first + as->days - 1;

	first = first > t->c->first ? first : t->c->first;
	last = last < t->c->last ? last : t->c->last;
	if (first <= last && as->kind == VEVENT_MIDNIGHT && !t->c->midnight) {
		t->c->not_taken += as != t->not_taken;
		t->not_taken = as;
		return;
	}
	for (; first <= last && !t->over; first++)
		add_day(t, first, as->name);
}

/* The names outlive the events. */
static void
keep_names(struct text *t)
{
	struct ical *c = t->c;
	size_t       i;

	if (c->names + t->n > c->name_room) {
		c->name_room = c->names + t->n;
		c->name = xrealloc(c->name, c->name_room, sizeof(*c->name));
	}
	for (i = 0; i < t->n; i++) {
		c->name[c->names++] = t->event[i].name;
		t->event[i].name = NULL;
		c->events += t->event[i].kind == VEVENT_ALL_DAY ||
		             (c->midnight && t->event[i].kind == VEVENT_MIDNIGHT);
	}
}

static bool
is_line(const char *line, const char *word)
{
	size_t n = strlen(word);

	return strncasecmp(line, word, n) == 0 && line[n + strspn(line + n, " \t")] == '\0';
}

static bool
begins(const char *line, const char *word)
{
	return strncasecmp(line, word, strlen(word)) == 0;
}

/*
 * The lines of an event, behind its BEGIN, as far as they are its own; *bad is the first
 * one that is wrong, with err saying why.  False when there is no END.
 */
static bool
read_lines(struct vevent_reader *r, struct lines *l, size_t *bad, struct err *err)
{
	size_t inside = 0;
	char  *line;

	*bad = 0;
	while ((line = lines_next(l)) != NULL) {
		if (is_line(line, "END:VEVENT"))
			return true;
		if (is_line(line, "BEGIN:VEVENT") || is_line(line, "END:VCALENDAR"))
			break;
		if (begins(line, "BEGIN:"))
			inside++;
		else if (begins(line, "END:"))
			inside -= inside > 0;
		else if (inside == 0 && *bad == 0 && vevent_line(r, line, err) != 0)
			*bad = l->lineno;
	}
	return false;
}

/* One event, behind its BEGIN.  -1 with err (CWS_FAIL) when reading cannot go on. */
static int
read_event(struct text *t, struct lines *l, struct err *err)
{
	struct vevent_reader *r = vevent_open();
	size_t                begun = l->lineno, bad;
	bool                  whole = read_lines(r, l, &bad, err);

	if (t->n == t->room) {
		t->room = t->room != 0 ? 2 * t->room : 64;
		t->event = xrealloc(t->event, t->room, sizeof(*t->event));
	}
	if (!whole)
		err_set(err, CWS_FAIL, "expected END:VEVENT before the end");
	else if (bad == 0 && vevent_end(r, &t->span, &t->event[t->n], err) == 0)
		t->n++;
	else if (err->status != CWS_FAIL)
		t->c->bad(t->c->arg, bad != 0 ? bad : begun, err->text);
	else
		whole = false;
	vevent_close(r);
	t->c->line = begun;
	return whole ? 0 : -1;
}

/* All events of a text.  A name that is no component's, such as VCALENDER, is none the less one. */
static int
read_events(struct text *t, char *text, struct err *err)
{
	struct lines l;
	char        *line;
	size_t       calendars = 0, open = 0;

	for (lines_open(&l, text); (line = lines_next(&l)) != NULL;) {
		if (is_line(line, "BEGIN:VEVENT")) {
			if (read_event(t, &l, err) != 0)
				return -1;
		} else if (begins(line, "BEGIN:")) {
			calendars += begins(line, "BEGIN:VCAL");
			open++;
		} else if (begins(line, "END:")) {
			open -= open > 0;
		}
	}
	t->c->line = 0;
	if (calendars == 0)
		return err_set(err, CWS_FAIL, "not a calendar: expected BEGIN:VCALENDAR");
	if (open > 0)
		return err_set(err, CWS_FAIL, "torn: expected END:VCALENDAR before the end");
	return 0;
}

int
ical_read(struct ical *c, char *text, struct err *err)
{
	struct text t = { .c = c };
	size_t      i;
	int         status;

	t.span.first = c->first - SHIFT;
	t.span.last = c->last + SHIFT;
	t.span.deadline_ms = clock_mono_ms() + c->time_ms;
	c->not_taken = 0;
	status = read_events(&t, text, err);
	if (status == 0) {
		series_resolve(t.event, t.n, &t.span, put, &t);
		keep_names(&t);
	}
	if (t.over)
		status = err_set(err, CWS_FAIL,
		        "more than %d days: ask for fewer with --from and --to", ICAL_DAYS_MAX);
	for (i = 0; i < t.n; i++)
		vevent_release(&t.event[i]);
	free(t.event);
	return status;
}

static int
compare(const void *a, const void *b)
{
	const struct ical_day *x = a, *y = b;

	return x->day != y->day ? (x->day > y->day) - (x->day < y->day) : strcmp(x->name, y->name);
}

void
ical_sort(struct ical *c)
{
	size_t i, n = 0;

	if (c->n == 0)
		return;
	qsort(c->day, c->n, sizeof(*c->day), compare);
	for (i = 1; i < c->n; i++)
		if (compare(&c->day[n], &c->day[i]) != 0)
			c->day[++n] = c->day[i];
	c->n = n + 1;
}

void
ical_print(struct buf *b, const struct ical_day *d)
{
	char date[RFC3339_SIZE];

	rfc3339_print(date, d->day * DAY_US);
	buf_put(b, date, strlen("2026-12-25"));
	if (d->name[0] != '\0') {
		buf_putc(b, ' ');
		buf_puts(b, d->name);
	}
	buf_putc(b, '\n');
}

void
ical_release(struct ical *c)
{
	size_t i;

	for (i = 0; i < c->names; i++)
		free(c->name[i]);
	free(c->name);
	free(c->day);
	c->name = NULL;
	c->day = NULL;
	c->names = c->name_room = c->n = c->room = 0;
}
