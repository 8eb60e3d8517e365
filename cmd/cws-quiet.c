/* cws-quiet.c - which running workspaces are past the grace of their quiet hours. */

#include "base/cli.h"
#include "filter/quiet_run.h"

int
main(int argc, char **argv)
{
	struct quiet_run q = {
		.stage = { .name = "quiet", .states = quiet_states },
		.windows = WINDOWS_DEFAULT,
		.setup.rule = { .grace_s = 60 * 60 },
		.length_s = 8 * 60 * 60,
	};
	struct quiet_rule      *rule = &q.setup.rule;
	const struct cli_option option[] = {
		STAGE_OPTIONS(q.stage),
		CONFIG_OPTIONS(q.config),
		WINDOWS_OPTIONS(q.windows),
		WINDOWS_HOLIDAYS(q.windows),
		OPT_FLAG(0, "owner-schedule", &q.owner_schedule,
		        "judge by each owner's own quiet hours, or the zone of the autostart"),
		OPT_SPAN(0, "length", &q.length_s, "how long owners' quiet hours last (8h)",
		        .min = 60, .max = 86400),
		OPT_SPAN(
		        0, "grace", &rule->grace_s, "how long after the start nothing is due (1h)"),
		OPT_SPAN(0, "min-uptime", &rule->min_uptime_s,
		        "how long after its own start none is due (the grace)",
		        .given = &q.has_min),
		OPT_SPAN(0, "idle", &rule->idle_s, "none used within this is due",
		        .given = &rule->has_idle),
		OPT_FLAG(0, "overran", &rule->overran,
		        "one that outlived the last quiet hours is due"),
		EXCLUSIONS_OPTIONS(q.exclusions),
		EXCLUSIONS_ONLY_OPTIONS(q.exclusions),
		OPT_FLAG(0, "status", &q.status, "read nothing, say how it stands now"),
		OPT_FLAG(0, "json", &q.json, "with --status: one JSON object"),
		OPT_FLAG(0, "check", &q.check,
		        "read nothing, end with 0 when the grace is over, else 1"),
	};
	const struct cli cli = {
		.prog = "cws-quiet",
		.does = "Judge workspaces by quiet hours; write those that are due to stop, with "
		        ".cws.quiet.",
		.example = "cws-fetch | cws-quiet -w 19:00-07:00 --tz Europe/Berlin --idle 30m | "
		           "cws-stop",
		.option = option,
		.options = sizeof(option) / sizeof(option[0]),
	};
	int status;

	cli_start(&cli);
	status = cli_parse(&cli, argc, argv);
	if (status < 0)
		status = quiet_run(&q, &cli);
	quiet_run_release(&q);
	return status;
}
