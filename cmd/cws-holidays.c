/* cws-holidays.c - the all-day days of calendars, one a line. */

#include "base/cli.h"
#include "base/xalloc.h"
#include "calendar/holidays_run.h"

int
main(int argc, char **argv)
{
	struct holidays_run     run = { .midnight = false };
	const struct cli_option option[] = {
		OPT_INSTANT('N', "now", &run.now, "count the days from this instant (RFC 3339)"),
		OPT_PARSE(0, "from", "date", &run.from, holidays_run_date,
		        "the first day (31 days ago)"),
		OPT_PARSE(0, "to", "date", &run.to, holidays_run_date,
		        "the last day (800 days ahead)"),
		OPT_FLAG(0, "midnight", &run.midnight,
		        "events from midnight to midnight, as times, are days too"),
	};
	const struct cli cli = {
		.prog = "cws-holidays",
		.does = "Read iCalendar files; write their all-day days, for cws-quiet --holidays.",
		.example = "cws-holidays calendar.ics >holidays && "
		           "cws-fetch | cws-quiet -w 18:00-08:00 --tz Europe/London --holidays "
		           "holidays",
		.option = option,
		.options = sizeof(option) / sizeof(option[0]),
		.files = &run.files,
	};
	int status;

	cli_start(&cli);
	xalloc_at_failure(NULL, NULL); /* it writes no records, so an abort mark has no place */
	status = cli_parse(&cli, argc, argv);
	if (status < 0)
		status = holidays_run(&run, &cli);
	cli_list_release(&run.files);
	return status;
}
