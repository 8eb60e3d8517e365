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
	struct quiet_rule *rule = &q.setup.rule;
	const struct cli_option option[] = {
		STAGE_OPTIONS(q.stage),
		CONFIG_OPTIONS(q.config),
		WINDOWS_OPTIONS(q.windows),
		WINDOWS_HOLIDAYS(q.windows),
		{ 0, "owner-schedule", CLI_FLAG, NULL, &q.owner_schedule,
		        "judge by each owner's own quiet hours, or the zone of the autostart", 0, 0, NULL,
		        NULL },
		{ 0, "length", CLI_SPAN, "duration", &q.length_s,
		        "how long owners' quiet hours last (8h)", 60, 86400, NULL, NULL },
		{ 0, "grace", CLI_SPAN, "duration", &rule->grace_s,
		        "how long after the start nothing is due (1h)", 0, 0, NULL, NULL },
		{ 0, "min-uptime", CLI_SPAN, "duration", &rule->min_uptime_s,
		        "how long after its own start none is due (the grace)", 0, 0, NULL, &q.has_min },
		{ 0, "idle", CLI_SPAN, "duration", &rule->idle_s, "none used within this is due", 0, 0,
		        NULL, &rule->has_idle },
		{ 0, "overran", CLI_FLAG, NULL, &rule->overran,
		        "one that outlived the last quiet hours is due", 0, 0, NULL, NULL },
		EXCLUSIONS_OPTIONS(q.exclusions),
		EXCLUSIONS_ONLY_OPTIONS(q.exclusions),
		{ 0, "status", CLI_FLAG, NULL, &q.status, "read nothing, say how it stands now", 0, 0, NULL,
		        NULL },
		{ 0, "json", CLI_FLAG, NULL, &q.json, "with --status: one JSON object", 0, 0, NULL, NULL },
		{ 0, "check", CLI_FLAG, NULL, &q.check,
		        "read nothing, end with 0 when the grace is over, else 1", 0, 0, NULL, NULL },
	};
	const struct cli cli = {
		.prog = "cws-quiet",
		.does = "Judge workspaces by quiet hours; write those that are due to stop, with .cws.quiet.",
		.example = "cws-fetch | cws-quiet --tz Europe/Berlin --idle 30m | cws-stop",
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
