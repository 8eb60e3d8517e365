/*
 * cron.h - Coder's schedules, of autostarts and of quiet hours, and when they fire.  Pure.
 *
 * "[CRON_TZ=zone ]minute hour * * weekday": lists, ranges, steps, and sun..sat in
 * any case; day of month and month are "*", Sunday is 0 and nothing else.  The
 * firing is the server's, step by step, also where that surprises: a wall time
 * that a clock change skips does not fire that day, of one that comes twice the
 * first pass counts, and after a change by half an hour the hours of that day
 * begin at minute 30.  Source: github.com/robfig/cron/v3 (parser.go, spec.go),
 * Go's time.Date, and coderd/schedule; cws-autostop(1).
 */

#ifndef CWS_CRON_H
#define CWS_CRON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/when.h"
#include "judge/tz.h"

#define CRON_DAILY 0x7f

/* One bit a value; a field that names no value (",") never fires. */
struct cron {
	uint64_t minutes;
	uint32_t hours;
	uint8_t  days;                  /* bit 0 is Sunday */
	char     zone[TZ_NAME_MAX + 1]; /* "UTC" where the schedule names none; not looked up yet */
};

/*
 * cron_parse - the whole text or nothing, blanks around it allowed: the only reader of schedules.
 */
bool
cron_parse(const char *text, struct cron *c);

/*
 * cron_daily - a schedule that is the start of somebody's own quiet hours, "CRON_TZ=Europe/London
 * 32 13 * * *": every day at one time of day, its minutes after midnight in *start_min.  False for
 * any other, lists and ranges included.  Source: cron.Daily, and the reading of its clock time.
 */
bool
cron_daily(const char *text, struct cron *c, int *start_min);

/*
 * cron_day - 0 for "sunday" to 6 for "saturday", as templates spell their days; -1 for any other
 * word.
 */
int
cron_day(const char *name);

/*
 * cron_next - the first firing strictly after an instant; none when there is
 * none within five weeks, or the search does not get past a change of half a day.  tz: c->zone,
 * loaded around after_us.  Trap, the
 * server's: asked within the second pass of a repeated hour it may answer with
 * a firing of the first pass, which has gone by.
 */
struct when
cron_next(const struct cron *c, const struct tz *tz, int64_t after_us);

/* cron_allows - is an instant's weekday in the zone allowed (bit 0 is Sunday)? */
bool
cron_allows(const struct tz *tz, uint8_t allowed, int64_t at_us);

/*
 * cron_next_on - the first firing whose weekday in the zone is allowed (bit 0
 * is Sunday).  As the server does, firings are tried in turn until one lies
 * seven days or more behind after_us; none when none of them is allowed.
 */
struct when
cron_next_on(const struct cron *c, const struct tz *tz, uint8_t allowed, int64_t after_us);

#endif
