/*
 * cws-stop.c - stop the workspaces it is given: bounded, verified, rate limited, journaled, once.
 */

#include "act/act_run.h"
#include "act/stop_steps.h"

/* What the options and the settings mean together.  -1, or the status to end with. */
static int
prepare(struct act_run *r, const struct stop_steps *s, const struct cli *cli)
{
	struct act_options *o = r->o;
	int                 status;

	if (r->recover != NULL && (o->execute || s->force || s->soft_s != 0 || r->now.known))
		return cli_refuse(cli,
		        "--recover only looks: leave out --execute, --force, --soft and --now");
	if (s->force && !o->has_max)
		return cli_refuse(cli, "--force needs --max: write how many it may stop at most");
	if ((status = act_prepare(o, cli)) >= 0)
		return status;
	if (o->execute && r->now.known)
		return cli_refuse(
		        cli, "--now replays and never acts: leave out --now or --execute");
	r->act.history = s->tries;
	r->soft_s = o->execute ? 0 : s->soft_s;
	return r->recover == NULL && cli_stdin_is_terminal(cli) ? CWS_USAGE : -1;
}

int
main(int argc, char **argv)
{
	struct act_options o = ACT_OPTIONS_INIT;
	struct stop_steps  s = { .max_age_s = 15 * 60, .tries = 3 };
	struct act_run     r = {
		    .o = &o,
		    .action = ACTION_STOP,
		    .judge = stop_steps_judge,
		    .act = { .verify = stop_steps_verify,
		            .recall = stop_steps_recall,
		            .current = stop_steps_current,
		            .ctx = &s },
	};
	const struct cli_option option[] = {
		ACT_OPTIONS(o, "stop them"),
		OPT_FLAG('f', "force", &s.force, "take every record that nothing keeps as due"),
		OPT_SPAN(0, "max-age", &s.max_age_s, "skip what was judged longer ago (15m)"),
		OPT_SPAN(0, "soft", &s.soft_s,
		        "shorten the deadline to so far ahead instead, 30m to 24h", .min = 30 * 60,
		        .max = 24 * 3600),
		OPT_INT(0, "tries", &s.tries, 1, ENGINE_HISTORY,
		        "leave alone what could not be stopped so often (3)"),
		OPT_TEXT(0, "recover", "file", &r.recover,
		        "tell what became of a killed run, by its journal"),
		OPT_INSTANT('N', "now", &r.now, "dry run as of this instant (RFC 3339)"),
		ACT_MORE_OPTIONS(o),
	};
	const struct cli cli = {
		.prog = "cws-stop",
		.does = "Stop the workspaces that a verdict calls due; a dry run unless -x is "
		        "given.",
		.example = "cws-fetch | cws-ttl | cws-stop",
		.option = option,
		.options = sizeof(option) / sizeof(option[0]),
	};
	int status;

	cli_start(&cli);
	s.guard = &r.guard;
	status = cli_parse(&cli, argc, argv);
	if (status < 0)
		status = prepare(&r, &s, &cli);
	if (status < 0)
		status = act_run(&r, &cli);
	act_release(&o);
	return status;
}
