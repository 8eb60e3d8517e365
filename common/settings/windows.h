/*
 * windows.h - the options that say when it is quiet: -w, --start, --end, --days, --tz, --holidays.
 *
 * The same readers check the settings file, so that a bad time is refused in
 * the same words wherever it was written.
 */

#ifndef CWS_WINDOWS_H
#define CWS_WINDOWS_H

#include <stdbool.h>

#include "base/cli.h"
#include "judge/holidays.h"
#include "judge/sched.h"

struct windows {
	struct window   part; /* --start, --end, --days */
	struct sched    all;  /* -w; windows_prepare puts the part here when there was none */
	const char     *zone; /* --tz; borrowed */
	bool            has_window, has_part, has_zone; /* -w, one of the three, --tz were given */
	const char     *holidays_path;                  /* --holidays; NULL without */
	struct holidays holidays;                       /* what ->all.holiday points to */
};

/* 18:00 to 08:00 every day in UTC: for an initializer. */
#define WINDOWS_DEFAULT \
	{ \
		.part = { SCHED_DAILY, 18 * 60, 8 * 60 }, .zone = "UTC" \
	}

#define WINDOWS_OPTIONS(w) \
	OPT_PARSE('w', "window", "window", &(w).all, windows_window, \
	        "quiet hours, 'mon-fri 18:00-08:00' (repeatable)", .given = &(w).has_window), \
	        OPT_PARSE(0, "start", "HH:MM", &(w).part.start_min, windows_start, \
	                "quiet hours begin (18:00)", .given = &(w).has_part), \
	        OPT_PARSE(0, "end", "HH:MM", &(w).part.end_min, windows_end, \
	                "quiet hours end (08:00)", .given = &(w).has_part), \
	        OPT_PARSE(0, "days", "days", &(w).part.days, windows_days, \
	                "days on which they begin (daily)", .given = &(w).has_part), \
	        OPT_TEXT(0, "tz", "zone", &(w).zone, "IANA time zone of all these (UTC)", \
	                .given = &(w).has_zone)
#define WINDOWS_HOLIDAYS(w) \
	OPT_TEXT(0, "holidays", "file", &(w).holidays_path, \
	        "the dates in this file are quiet all day"), \
	        OPT_FLAG(0, "holidays-open", &(w).all.open, \
	                "no quiet hours begin on holidays instead")

/*
 * Readers for CLI_PARSE: minutes after midnight (int), days (uint8_t), one more window (struct
 * sched).
 */
int
windows_start(void *min, const char *text, struct err *err);
int
windows_end(void *min, const char *text, struct err *err);
int
windows_days(void *days, const char *text, struct err *err);
int
windows_window(void *sched, const char *text, struct err *err);

/*
 * windows_prepare - what the options mean together: ->all holds every window
 * then, and the holidays around now_us.  *w must stay where it is.  -1 with err
 * (CWS_USAGE) when -w was given beside one of the others, the file of holidays
 * is wrong, or --holidays-open has nothing to leave out.
 */
int
windows_prepare(struct windows *w, int64_t now_us, struct err *err);

#endif
