/* cws-stop.c - stop the workspaces it is given: bounded, verified, rate limited, once. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "config_show.h"
#include "diag.h"
#include "signals.h"
#include "stopping.h"

#define CLOCK_WARN_MS    (60 * INT64_C(1000))
#define CLOCK_REFUSE_MS  (5 * CLOCK_WARN_MS)
#define READ_PATIENCE_MS (366 * 24 * 3600 * INT64_C(1000)) /* a read's tries are counted, not its time */

#define FLAG(letter, name, target, help) { letter, name, CLI_FLAG, NULL, target, help, 0, 0, NULL, NULL }
#define VALUE(letter, name, kind, arg, target, min, max, parse, help) \
	{ letter, name, kind, arg, target, help, min, max, parse, NULL }

struct ctx {
	struct login_options  login_options;
	struct login          login;
	struct config         config;
	struct exclusions     exclusions;
	struct stopping       stopping;
	struct engine_options engine;
	struct batch          batch;
	struct when           now;
	bool                  execute, dry_run, has_max;
	int64_t               max, burst, jobs, emit_us;
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

/* Nothing is sent: every open record, or with RESULT_REFUSED every record, says why.  Returns status. */
static int __attribute__((format(printf, 4, 5)))
refuse(struct ctx *c, int status, enum result result, const char *fmt, ...)
{
	char    why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	diag_error("%s: nothing was sent", why);
	if (result == RESULT_REFUSED)
		batch_refuse(&c->batch, why);
	else
		batch_close_all(&c->batch, result, why);
	return status;
}

/* The safety rules that need no server; CWS_OK when they let the run go on. */
static int
check_bounds(struct ctx *c)
{
	size_t due = batch_due(&c->batch);

	if (c->engine.execute && c->config.off)
		return refuse(c, CWS_REFUSED, RESULT_REFUSED, "autostop.enabled is false in %s",
			c->config.file.path);
	if (c->stopping.foreign[0] != '\0')
		return refuse(c, CWS_REFUSED, RESULT_REFUSED, "the records come from %s, not from %s",
			c->stopping.foreign, c->login.origin);
	if ((int64_t)due > c->max)
		return refuse(c, CWS_REFUSED, RESULT_REFUSED,
			"%zu workspaces are due, more than %lld: raise --max", due,
			(long long)c->max);
	if (due != 0 && batch_count(&c->batch, RESULT_NONE) == 0)
		return refuse(c, CWS_REFUSED, RESULT_SKIPPED,
			"nothing that is due is current: fetch and judge again");
	return CWS_OK;
}

static int
check_clock(struct ctx *c, const struct engine_me *me)
{
	long long off_s = me->offset_ms / 1000;

	if (!me->has_clock || llabs(me->offset_ms) <= CLOCK_WARN_MS)
		return CWS_OK;
	diag_warn("this clock is %lld s %s the server's", llabs(off_s), off_s < 0 ? "ahead of" : "behind");
	if (!c->engine.execute || llabs(me->offset_ms) <= CLOCK_REFUSE_MS)
		return CWS_OK;
	return refuse(c, CWS_REFUSED, RESULT_REFUSED, "this clock and the server's are more than 5m apart");
}

static int
act(struct ctx *c, struct ndjson_out *out)
{
	const struct engine_act stop = { "stop", "{\"transition\":\"stop\"}", RESULT_WOULD_STOP,
		RESULT_STOPPED, stopping_holds, STOPPING_WANT, &c->stopping };
	struct engine_end end;
	struct engine_me  me;
	struct err        err;
	struct api       *api;
	int               status;

	api = api_new(&c->login, "cws/" CWS_VERSION " (cws-stop)", (int)c->jobs,
		clock_mono_ms() + READ_PATIENCE_MS, &err);
	if (api == NULL)
		return refuse(c, CWS_FAIL, RESULT_SKIPPED, "%s", err.text);
	if (engine_meet(api, c->engine.signals, &me, &err) != 0) {
		status = refuse(c, CWS_FAIL, RESULT_SKIPPED, "%s: %s", c->login.origin, err.text);
	} else if ((status = check_clock(c, &me)) == CWS_OK) {
		stopping_roles(&c->stopping, api, &me, c->engine.signals);
		end = engine_run(&c->batch, api, &stop, &c->engine, &me, out);
		if (end.denied)
			diag_error("%s: the run ended early: %s", c->login.origin, end.fault);
		status = end.denied ? CWS_FAIL : end.unfinished ? CWS_PARTIAL : CWS_OK;
	}
	api_free(api);
	return status;
}

/* The settings, and what they and the options mean together.  -1, or the status to end with. */
static int
prepare(struct ctx *c, const struct cli *cli)
{
	struct err err;

	if (c->stopping.force && !c->has_max)
		return cli_refuse(cli, "--force needs --max: write how many it may stop at most");
	if (config_open(&c->config, cli, &err) != 0 || exclusions_prepare(&c->exclusions, &err) != 0)
		return cli_refuse(cli, "%s", err.text);
	if (c->config.show)
		return config_print(&c->config, cli);
	if (c->execute && c->dry_run && config_sets(&c->config, "dry_run"))
		diag_warn("dry_run is true in %s, so --execute sends nothing", c->config.file.path);
	c->engine.execute = c->execute && !c->dry_run;
	if (c->engine.execute && c->now.known)
		return cli_refuse(cli, "--now replays and never acts: leave out --now or --execute");
	c->stopping.exclusions = &c->exclusions;
	return cli_stdin_is_terminal(cli) ? CWS_USAGE : -1;
}

/* Read all, judge once, check, act.  Returns the status as far as it does not rest on single results. */
static int
run(struct ctx *c, struct records *in, struct ndjson_out *out)
{
	enum records_next got = batch_read(&c->batch, in);
	int               status;

	c->stopping.now_us = c->now.known ? c->now.us : clock_wall_us();
	holds_report(&c->exclusions.holds, c->stopping.now_us);
	batch_judge_all(&c->batch, in, stopping_judge, &c->stopping);
	if (got != RECORDS_END)
		return refuse(c, CWS_FAIL, RESULT_SKIPPED, "the input is not whole");
	batch_duplicates(&c->batch);
	status = check_bounds(c);
	return status == CWS_OK && batch_count(&c->batch, RESULT_NONE) != 0 ? act(c, out) : status;
}

static int
main_run(struct ctx *c, const struct cli *cli)
{
	struct records    in;
	struct ndjson_out out;
	int               status;

	records_open(&in, STDIN_FILENO, cli->prog, STOPPING_WANT);
	ndjson_out_open(&out, STDOUT_FILENO);
	in.in.stop = out.stop = c->engine.signals;
	batch_init(&c->batch, "stop");
	c->batch.now = c->now;

	status = run(c, &in, &out);
	batch_write(&c->batch, &out);
	if (status == CWS_OK && (in.bad != 0 || batch_failed(&c->batch)))
		status = CWS_PARTIAL;
	if (status == CWS_FAIL && *c->engine.signals == 0)
		ndjson_abort(&out, cli->prog, "the run could not be finished");
	if (ndjson_out_close(&out) != 0) {
		diag_error("<stdout>: cannot write: %s", strerror(out.error));
		status = CWS_FAIL;
	}
	batch_summary(&c->batch, &in, c->engine.execute);
	records_close(&in);
	batch_release(&c->batch);
	return status;
}

int
main(int argc, char **argv)
{
	struct ctx c = { .max = 50, .burst = 1, .jobs = 5, .emit_us = 6 * INT64_C(1000000),
		.stopping.max_age_s = 15 * 60 };
	const struct cli_option option[] = {
		FLAG('x', "execute", &c.execute, "stop them; without it nothing is sent"),
		FLAG('n', "dry-run", &c.dry_run, "send nothing, even with -x"),
		FLAG('f', "force", &c.stopping.force, "take every record that nothing keeps as due"),
		{ 0, "max", CLI_INT, "n", &c.max, "refuse to stop more than this (50)", 0, 1000000,
			NULL, &c.has_max },
		VALUE(0, "max-age", CLI_SPAN, "duration", &c.stopping.max_age_s, 0, 0, NULL,
			"skip what was judged longer ago (15m)"),
		VALUE(0, "rate", CLI_PARSE, "n/unit", &c.emit_us, 0, 0, parse_rate,
			"stops a minute, second or hour; 0 is no limit (10/m)"),
		VALUE(0, "burst", CLI_INT, "n", &c.burst, 1, 1000, NULL, "so many may come at once (1)"),
		VALUE('j', "jobs", CLI_INT, "n", &c.jobs, 1, 64, NULL, "requests at a time, 1-64 (5)"),
		VALUE(0, "wait", CLI_PARSE, "[duration]", &c.engine.wait_s, 0, 0, parse_wait,
			"follow each build to its end (30m)"),
		VALUE('N', "now", CLI_INSTANT, "instant", &c.now, 0, 0, NULL,
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
		c.stopping.origin = c.login.origin;
		c.stopping.replay = c.now.known;
		rate_init(&c.engine.rate, c.emit_us, c.burst);
		c.engine.jobs = (int)c.jobs;
		c.engine.signals = signals_catch();
		status = main_run(&c, &cli);
		stopping_release(&c.stopping);
		login_release(&c.login);
		signals_end();
	}
	exclusions_release(&c.exclusions);
	config_release(&c.config);
	return status;
}
