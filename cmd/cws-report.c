/* cws-report.c - what a person, or a dashboard, reads: one report of all the records. */

#include "base/cli.h"
#include "report/plain.h"
#include "report/report_run.h"

int
main(int argc, char **argv)
{
	struct report_run run = { .options = { .max_age_s = 15 * 60 } };
	const struct cli_option option[] = {
		{ 'f', "format", CLI_PARSE, "format", &run, "text (as it is), md, csv, json, html or prom", 0, 0, report_run_format, NULL },
		{ 'o', "output", CLI_TEXT, "file", &run.output, "replace this file, whole", 0, 0, NULL, NULL },
		{ 'N', "now", CLI_INSTANT, "instant", &run.now, "count ages to this instant (RFC 3339)", 0, 0, NULL, NULL },
		{ 0, "by", CLI_PARSE, "by", &run, "group by owner (as it is), template or org", 0, 0, report_run_by, NULL },
		{ 0, "top", CLI_INT, "n", &run.options.top, "rows of a list at most (20; 0: all)", 0, 1000000000, NULL,
		        &run.options.has_top },
		{ 0, "tz", CLI_TEXT, "zone", &run.zone, "time zone of the instants (else TZ)", 0, 0, NULL, NULL },
		{ 0, "title", CLI_TEXT, "text", &run.options.title, "what stands above it", 0, 0, NULL, NULL },
		{ 0, "width", CLI_INT, "n", &run.width, "columns of a line of text", PLAIN_WIDTH_MIN, PLAIN_WIDTH_MAX, NULL, NULL },
		{ 0, "max-age", CLI_SPAN, "duration", &run.options.max_age_s, "a list older than this is called old (15m)", 0, 0, NULL,
		        NULL },
		{ 0, "run-status", CLI_INT, "n", &run.options.run_status, "exit status of the run that is reported", 0, 255, NULL,
		        &run.options.has_run_status },
	};
	const struct cli cli = {
		.prog = "cws-report",
		.does = "Write one report of all the records: what should be stopped first, and why.",
		.example = "cws-fetch | cws-ttl --all | cws-quiet --all | cws-autostop | cws-report",
		.option = option,
		.options = sizeof(option) / sizeof(option[0]),
	};
	int status;

	cli_start(&cli);
	status = cli_parse(&cli, argc, argv);
	return status < 0 ? report_run(&cli, &run) : status;
}
