/*
 * holidays.h - days on which nobody works, from a file's text.  Pure.
 *
 * Dates, "2026-12-25", one a line, each perhaps with a name behind it; comments from '#'
 * on.  This is what cws-holidays writes; a calendar itself is not read here.
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
#define HOLIDAYS_MAX (2 * HOLIDAYS_SPAN + 1)

struct holidays {
	int32_t day[HOLIDAYS_MAX]; /* since 1970-01-01, ascending, each once */
	size_t  n;
	int64_t around; /* the day in the middle of what is kept */
	size_t  dates;  /* of the text, kept or not */
	int64_t last;   /* the latest of them; of no meaning when there is none */
	size_t  line;   /* of the fault, from 1 */
};

/*
 * holidays_parse - make h the days in n bytes of text, around a day (since
 * 1970-01-01).  NULL, or what was expected in h->line; a string constant.
 */
const char *
holidays_parse(struct holidays *h, const char *text, size_t n, int64_t around);

/* holidays_is_calendar - does this text begin as iCalendar does? */
bool
holidays_is_calendar(const char *text, size_t n);

#endif
