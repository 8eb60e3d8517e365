/*
 * windows.h - the options that say when it is quiet: -w, --start, --end, --days, --tz.
 *
 * The same readers check the settings file, so that a bad time is refused in
 * the same words wherever it was written.
 */

#ifndef CWS_WINDOWS_H
#define CWS_WINDOWS_H

#include <stdbool.h>

#include "cli.h"
#include "sched.h"

struct windows {
	struct window part;  /* --start, --end, --days */
	struct sched  all;   /* -w; windows_prepare puts the part here when there was none */
	const char   *zone;  /* --tz; borrowed */
	bool          has_window, has_part, has_zone; /* -w, one of the three, --tz were given */
};

/* 18:00 to 08:00 every day in UTC: for an initializer. */
#define WINDOWS_DEFAULT { .part = { SCHED_DAILY, 18 * 60, 8 * 60 }, .zone = "UTC" }

#define WINDOWS_OPTIONS(w)                                                                                 \
	{ 'w', "window", CLI_PARSE, "window", &(w).all,                                                    \
	        "quiet hours, 'mon-fri 18:00-08:00' (repeatable)", 0, 0, windows_window,                   \
	        &(w).has_window },                                                                         \
	{ 0, "start", CLI_PARSE, "HH:MM", &(w).part.start_min, "quiet hours begin (18:00)", 0, 0,          \
	        windows_start, &(w).has_part },                                                            \
	{ 0, "end", CLI_PARSE, "HH:MM", &(w).part.end_min, "quiet hours end (08:00)", 0, 0, windows_end,   \
	        &(w).has_part },                                                                           \
	{ 0, "days", CLI_PARSE, "days", &(w).part.days, "days on which they begin (daily)", 0, 0,          \
	        windows_days, &(w).has_part },                                                             \
	{ 0, "tz", CLI_TEXT, "zone", &(w).zone, "IANA time zone of all these (UTC)", 0, 0, NULL,           \
	        &(w).has_zone }

/* Readers for CLI_PARSE: minutes after midnight (int), days (uint8_t), one more window (struct sched). */
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
 * then.  -1 with err (CWS_USAGE) when -w was given beside one of the others.
 */
int
windows_prepare(struct windows *w, struct err *err);

#endif
