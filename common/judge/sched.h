/*
 * sched.h - weekly windows of quiet hours, and where an instant lies in them.  Pure.
 *
 * A window begins on its days at start_min and lasts until end_min of the same
 * day, or of the next day where end_min <= start_min: 18:00-08:00 crosses
 * midnight, 09:00-09:00 is 24 hours.  Windows are half-open, [start, end), in
 * wall time; tz_instant says what that means when clocks change, and a window
 * that a clock change swallows is empty that day.
 *
 * A stretch is what counts its grace once.  Of a single window each occurrence
 * is a stretch of its own, also where one ends as the next begins.  Of several
 * windows, occurrences that touch or overlap are one stretch; if they leave no
 * gap in the week it is always quiet and there is no stretch, whatever the holidays.
 *
 * A holiday is quiet from midnight to midnight, and joins all that touches it,
 * also occurrences of a single window.  With open, it is the other way round: no
 * window begins on a holiday, and one that began the day before still ends on it.
 * Source: cws-quiet(1).
 */

#ifndef CWS_SCHED_H
#define CWS_SCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "judge/tz.h"

#define SCHED_WINDOWS_MAX 32
#define SCHED_DAILY 0x7f

struct window {
	uint8_t days;      /* bit 0 is Sunday: the days on which the window begins */
	int     start_min; /* 0-1439, minutes after midnight */
	int     end_min;   /* 0-1440 */
};

struct sched {
	size_t         n;
	struct window  window[SCHED_WINDOWS_MAX]; /* ascending by start_min */
	const int32_t *holiday; /* days since 1970-01-01, ascending, each once; borrowed */
	size_t         holidays;
	bool           open; /* no window begins on a holiday; else it is quiet all day */
};

/* Both ends are known, or there is no such stretch. */
struct stretch {
	struct when start, end;
};

/* Where an instant lies. */
struct sched_view {
	bool           always;
	struct stretch held; /* the stretch that holds the instant */
	struct stretch next; /* the first one that begins after it */
	struct stretch last; /* the last one that ended by it and lasted longer than min_us */
};

/*
 * sched_time - "HH:MM" or "H:MM", 00:00 to 23:59; with is_end also 24:00.  n bytes of text; false
 * for anything else.
 */
bool
sched_time(const char *text, size_t n, bool is_end, int *min);

/*
 * sched_days - "*", "daily", or days and ranges such as "mon-fri,sun"; three
 * letters or the whole name, in any case; a range may wrap, as in "fri-mon".
 */
bool
sched_days(const char *text, size_t n, uint8_t *days);

/* sched_window - "mon-fri 18:00-08:00"; without days, every day. */
bool
sched_window(const char *text, struct window *w);

/* sched_add - one more window.  -1 when there are SCHED_WINDOWS_MAX already. */
int
sched_add(struct sched *s, struct window w);

/* sched_always - do the windows, more than one, cover every minute of a week? */
bool
sched_always(const struct sched *s);

/* sched_is_holiday - is this day (since 1970-01-01) among the holidays? */
bool
sched_is_holiday(const struct sched *s, int64_t day);

/*
 * sched_view - the stretches around an instant (microseconds), by the windows
 * of the days from three weeks before it to three weeks after it: without
 * holidays a stretch is at most two weeks long, where a clock change swallows
 * the week's only gap.  Where holidays go on beyond that, so does the look.
 */
struct sched_view
sched_view(const struct sched *s, const struct tz *tz, int64_t at_us, int64_t min_us);

#endif
