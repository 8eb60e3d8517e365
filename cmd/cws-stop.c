/* cws-stop.c - stop the workspaces it is given: bounded, verified, rate limited, once. */

#include "config_show.h"
#include "diag.h"
#include "signals.h"
#include "stop_run.h"

#define FLAG(letter, name, target, help) { letter, name, CLI_FLAG, NULL, target, help, 0, 0, NULL, NULL }
#define VALUE(letter, name, kind, arg, target, min, max, parse, help) \
	{ letter, name, kind, arg, target, help, min, max, parse, NULL }

struct ctx {
	struct login_options  login_options;
	struct login          login;
	struct config         config;
	struct exclusions     exclusions;
	struct stop_run       run;
	bool                  execute, dry_run, has_max;
	int64_t               burst, jobs, emit_us;
};

static int
parse_rate(void *target, const char *text, struct err *err)
{
	if (rate_parse(text, target))
		return 0;
	return err_set(err, CWS_USAGE, "expected a rate such as 10/m, 2/s, 100/h, or 0 (none), got \"%s\"",
		text);
}

static int
parse_wait(void *target, const char *text, struct err *err)
{
	return cli_span(text != NULL ? text : "30m", target, err);
}

/* The settings, and what they and the options mean together.  -1, or the status to end with. */
static int
prepare(struct ctx *c, const struct cli *cli)
{
	struct err err;

	if (c->run.stopping.force && !c->has_max)
		return cli_refuse(cli, "--force needs --max: write how many it may stop at most");
	if (config_open(&c->config, cli, &err) != 0 || exclusions_prepare(&c->exclusions, &err) != 0)
		return cli_refuse(cli, "%s", err.text);
	if (c->config.show)
		return config_print(&c->config, cli);
	if (c->execute && c->dry_run && config_sets(&c->config, "dry_run"))
		diag_warn("dry_run is true in %s, so --execute sends nothing", c->config.file.path);
	c->run.engine.execute = c->execute && !c->dry_run;
	if (c->run.engine.execute && c->run.now.known)
		return cli_refuse(cli, "--now replays and never acts: leave out --now or --execute");
	c->run.stopping.exclusions = &c->exclusions;
	return cli_stdin_is_terminal(cli) ? CWS_USAGE : -1;
}

int
main(int argc, char **argv)
{
	struct ctx c = { .burst = 1, .jobs = 5, .emit_us = 6 * INT64_C(1000000),
		.run = { .max = 50, .stopping.max_age_s = 15 * 60 } };
	const struct cli_option option[] = {
		FLAG('x', "execute", &c.execute, "stop them; without it nothing is sent"),
		FLAG('n', "dry-run", &c.dry_run, "send nothing, even with -x"),
		FLAG('f', "force", &c.run.stopping.force, "take every record that nothing keeps as due"),
		{ 0, "max", CLI_INT, "n", &c.run.max, "refuse to stop more than this (50)", 0, 1000000,
			NULL, &c.has_max },
		VALUE(0, "max-age", CLI_SPAN, "duration", &c.run.stopping.max_age_s, 0, 0, NULL,
			"skip what was judged longer ago (15m)"),
		VALUE(0, "rate", CLI_PARSE, "n/unit", &c.emit_us, 0, 0, parse_rate,
			"stops a minute, second or hour; 0 is no limit (10/m)"),
		VALUE(0, "burst", CLI_INT, "n", &c.burst, 1, 1000, NULL, "so many may come at once (1)"),
		VALUE('j', "jobs", CLI_INT, "n", &c.jobs, 1, 64, NULL, "requests at a time, 1-64 (5)"),
		VALUE(0, "wait", CLI_PARSE, "[duration]", &c.run.engine.wait_s, 0, 0, parse_wait,
			"follow each build to its end (30m)"),
		VALUE('N', "now", CLI_INSTANT, "instant", &c.run.now, 0, 0, NULL,
			"dry run as of this instant (RFC 3339)"),
		EXCLUSIONS_OPTIONS(c.exclusions),
		CONFIG_OPTIONS(c.config),
		LOGIN_OPTIONS(c.login_options),
	};
	const struct cli cli = { "cws-stop",
		"Stop the workspaces that a verdict calls due; a dry run unless -x is given.",
		"cws-fetch | cws-ttl | cws-stop", option, sizeof(option) / sizeof(option[0]) };
	struct err err;
	int        status;

	cli_start(&cli);
	status = cli_parse(&cli, argc, argv);
	if (status < 0)
		status = prepare(&c, &cli);
	if (status < 0 && login_open(&c.login, &c.login_options, &err) != 0) {
		diag_error("%s", err.text);
		login_release(&c.login);
		status = CWS_USAGE;
	} else if (status < 0) {
		c.run.login = &c.login;
		c.run.off_in = c.config.off ? c.config.file.path : NULL;
		c.run.stopping.origin = c.login.origin;
		c.run.stopping.replay = c.run.now.known;
		rate_init(&c.run.engine.rate, c.emit_us, c.burst);
		c.run.engine.jobs = (int)c.jobs;
		c.run.engine.signals = signals_catch();
		status = stop_run(&c.run, cli.prog);
		stopping_release(&c.run.stopping);
		login_release(&c.login);
		signals_end();
	}
	exclusions_release(&c.exclusions);
	config_release(&c.config);
	return status;
}
