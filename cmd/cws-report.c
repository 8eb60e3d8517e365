/* cws-report.c - what a person, or a dashboard, reads: one report of all the records. */

#include "base/cli.h"
#include "report/report_run.h"

int
main(int argc, char **argv)
{
	struct report_run       run = { .options = { .max_age_s = 15 * 60 } };
	const struct cli_option option[] = {
		OPT_PARSE('f', "format", "format", &run, report_run_format,
		        "how it is written (text)", .values = report_formats),
		OPT_TEXT('o', "output", "file", &run.output, "replace this file, whole"),
		OPT_INSTANT('N', "now", &run.now, "count ages to this instant (RFC 3339)"),
		OPT_PARSE(0, "by", "by", &run, report_run_by, "what the groups are of (owner)",
		        .values = model_by_names),
		OPT_INT(0, "top", &run.options.top, 0, 1000000000,
		        "rows of a list at most (20; 0: all)", .given = &run.options.has_top),
		OPT_TEXT(0, "tz", "zone", &run.zone, "time zone of the instants (else TZ)"),
		OPT_TEXT(0, "title", "text", &run.options.title, "what stands above it"),
		OPT_PARSE(0, "width", "n", &run, report_run_width,
		        "columns of a line of text (0: nothing is cut)"),
		OPT_SPAN(0, "max-age", &run.options.max_age_s,
		        "a list older than this is called old (15m)"),
		OPT_INT(0, "run-status", &run.options.run_status, 0, 255,
		        "exit status of the run that is reported",
		        .given = &run.options.has_run_status),
	};
	const struct cli cli = {
		.prog = "cws-report",
		.does = "Write one report of all the records: what should be stopped first, and "
		        "why.",
		.example = "cws-fetch | cws-ttl --all | cws-quiet --all -w 19:00-07:00 --tz "
		           "Europe/Berlin | cws-autostop | cws-report",
		.option = option,
		.options = sizeof(option) / sizeof(option[0]),
	};
	int status;

	cli_start(&cli);
	status = cli_parse(&cli, argc, argv);
	return status < 0 ? report_run(&cli, &run) : status;
}
