/*
 * ical.h - the all-day days of calendars: iCalendar text to dates with a name.
 *
 * Texts are read one after the other; what is found is kept, and written at the
 * end, sorted.  RECURRENCE-ID counts within one text, whatever calendars it has.
 * Source: RFC 5545; libical reads the properties and follows the rules (vevent.h).
 */

#ifndef CWS_ICAL_H
#define CWS_ICAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define ICAL_DAYS_MAX 1000000

struct ical_day {
	int64_t     day;
	const char *name; /* borrowed from ical.name; "" for none */
};

struct ical {
	int64_t first, last; /* days since 1970-01-01, both included: no others are kept */
	int64_t time_ms;     /* what the rules of one text may take */
	bool    midnight;    /* events from midnight to midnight count too */
	/* Told of each event that is wrong and left out: the line, and why. */
	void (*bad)(void *arg, size_t line, const char *why);
	void *arg;

	size_t           events;    /* all-day events read so far, wherever they lie */
	size_t           line;      /* where reading could not go on; 0: at no line */
	size_t           not_taken; /* events of the last text that only midnight would take */
	struct ical_day *day;       /* owned; sorted by ical_sort */
	size_t           n, room;
	char           **name; /* owned, as what is in it */
	size_t           names, name_room;
};

/*
 * ical_read - add the days of a text, which is changed.  -1 with err (CWS_FAIL) when it is
 * no calendar, is torn, or would take too much; what was found is of no use then.
 */
int
ical_read(struct ical *c, char *text, struct err *err);

/* ical_sort - by date, then name, each pair once. */
void
ical_sort(struct ical *c);

/* ical_print - append the line of a day: "2026-12-25 NAME\n". */
void
ical_print(struct buf *b, const struct ical_day *d);

/* ical_release - free what was found. */
void
ical_release(struct ical *c);

#endif
