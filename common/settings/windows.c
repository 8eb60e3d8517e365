/* windows.c - read times, days and windows for people. */

#include "settings/windows.h"

#include <string.h>

#include "settings/holidays_load.h"

static int
time_of_day(const char *text, bool is_end, int *min, struct err *err)
{
	if (sched_time(text, strlen(text), is_end, min))
		return 0;
	return err_set(err, CWS_USAGE, "expected HH:MM from 00:00 to %s, got \"%s\"",
	        is_end ? "24:00" : "23:59", text);
}

int
windows_start(void *min, const char *text, struct err *err)
{
	return time_of_day(text, false, min, err);
}

int
windows_end(void *min, const char *text, struct err *err)
{
	return time_of_day(text, true, min, err);
}

int
windows_days(void *days, const char *text, struct err *err)
{
	if (sched_days(text, strlen(text), days))
		return 0;
	return err_set(err, CWS_USAGE,
	        "expected days such as mon-fri, sat,sun or daily, got \"%s\"", text);
}

int
windows_window(void *sched, const char *text, struct err *err)
{
	struct window w;

	if (!sched_window(text, &w))
		return err_set(err, CWS_USAGE,
		        "expected days and times such as 'mon-fri 18:00-08:00', got \"%s\"", text);
	if (sched_add(sched, w) != 0)
		return err_set(err, CWS_USAGE, "more than %d windows", SCHED_WINDOWS_MAX);
	return 0;
}

int
windows_prepare(struct windows *w, int64_t now_us, struct err *err)
{
	if (w->has_window && w->has_part)
		return err_set(err, CWS_USAGE,
		        "--window replaces --start, --end and --days: write one or the other");
	if (!w->has_window)
		sched_add(&w->all, w->part);
	if (w->all.open && w->holidays_path == NULL)
		return err_set(err, CWS_USAGE,
		        "--holidays-open needs the days: write --holidays FILE too");
	if (w->all.open && sched_always(&w->all))
		return err_set(err, CWS_USAGE,
		        "--holidays-open: the windows leave no gap in the week, so none begins on "
		        "a "
		        "holiday: leave a gap, or leave it out");
	if (w->holidays_path == NULL)
		return 0;
	if (holidays_load(&w->holidays, w->holidays_path, now_us, err) != 0)
		return -1;
	w->all.holiday = w->holidays.day;
	w->all.holidays = w->holidays.n;
	return 0;
}
