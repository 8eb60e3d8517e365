/*
 * holidays.h - days on which nobody works, from a file's text.  Pure.
 *
 * Two forms: dates, "2026-12-25", one a line, with comments from '#' on; or
 * iCalendar (RFC 5545), of which the all-day events count: DTSTART, DTEND (not
 * included) or DURATION in whole days, and yearly RRULEs: INTERVAL, COUNT,
 * UNTIL, BYMONTH, BYMONTHDAY, BYDAY such as 4TH or -1MO.  Events with a time of day are
 * appointments, and STATUS:CANCELLED ones are off.  Another rule of an all-day event is
 * an error: a holiday that is not seen would stop somebody's work, or fail to.
 *
 * Only days within HOLIDAYS_SPAN of a given one are kept, so memory and work
 * are bounded whatever the file says.
 */

#ifndef CWS_HOLIDAYS_H
#define CWS_HOLIDAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOLIDAYS_SPAN 420 /* days on either side: as far as tz_load looks */
#define HOLIDAYS_MAX  (2 * HOLIDAYS_SPAN + 1)

struct holidays {
	int32_t day[HOLIDAYS_MAX]; /* since 1970-01-01, ascending, each once */
	size_t  n;
	int64_t around;            /* the day in the middle of what is kept */
	size_t  dates;             /* days and events of the text, kept or not */
	size_t  line;              /* of the fault, from 1 */
};

/*
 * holidays_parse - make h the days in n bytes of text, around a day (since
 * 1970-01-01).  NULL, or what was expected in h->line; a string constant.
 */
const char *
holidays_parse(struct holidays *h, const char *text, size_t n, int64_t around);

#endif
