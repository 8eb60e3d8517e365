/* cws-start.c - take back what a run of cws-stop did: the way back. */

#include "act/act_run.h"
#include "act/start_steps.h"

int
main(int argc, char **argv)
{
	struct act_options      o = ACT_OPTIONS_INIT;
	struct start_steps      s = { .run = NULL };
	struct act_run          r = { .o = &o,
		         .action = ACTION_START,
		         .last_wins = true,
		         .expand = start_steps_expand_journal,
		         .judge = start_steps_judge,
		         .act = { .verify = start_steps_verify,
		                 .recall = start_steps_recall,
		                 .history = START_STEPS_HISTORY,
		                 .ctx = &s } };
	const struct cli_option option[] = {
		ACT_OPTIONS(o, "start them"),
		OPT_TEXT(0, "run", "id", &s.run,
		        "take back only this run; last: that of the last record"),
		ACT_MORE_OPTIONS(o),
	};
	const struct cli cli = {
		.prog = "cws-start",
		.does = "Start again what a run of cws-stop stopped, by its records or its "
		        "journal; a dry run unless -x is given.",
		.example = "cws-start <stops.ndjson",
		.option = option,
		.options = sizeof(option) / sizeof(option[0]),
	};
	int status;

	cli_start(&cli);
	s.guard = &r.guard;
	status = cli_parse(&cli, argc, argv);
	if (status < 0)
		status = act_prepare(&o, &cli);
	if (status < 0)
		status = cli_stdin_is_terminal(&cli) ? CWS_USAGE : act_run(&r, &cli);
	act_release(&o);
	return status;
}
