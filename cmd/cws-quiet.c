/* cws-quiet.c - which running workspaces are past the grace of their quiet hours. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "config_show.h"
#include "diag.h"
#include "exclusions.h"
#include "jw.h"
#include "life.h"
#include "ndjson.h"
#include "quiet_show.h"
#include "stage.h"
#include "tz_load.h"
#include "windows.h"

#define FACTS                                                                                             \
	(REC_BIT(REC_BUILD_STATUS) | REC_BIT(REC_BUILD_TRANSITION) | REC_BIT(REC_IS_PREBUILD) |            \
	        REC_BIT(REC_JOB_COMPLETED_AT) | REC_BIT(REC_LAST_USED_AT) | REC_BIT(REC_APP_STATUS_STATE))

struct ctx {
	struct stage       stage;
	struct windows     windows;
	struct quiet_setup setup;
	struct exclusions  exclusions;
	struct config      config;
	bool               has_min, status, json, check;
};

/* What the options mean together.  -1, or the status to end with. */
static int
prepare(struct ctx *ctx, const struct cli *cli)
{
	struct quiet_setup *setup = &ctx->setup;
	struct windows     *w = &ctx->windows;
	struct tz           tz;
	struct err          err;
	bool                by_option;

	if (ctx->status && ctx->check)
		return cli_refuse(cli, "--check prints nothing: write it or --status, not both");
	if (ctx->json && !ctx->status)
		return cli_refuse(cli, "--json belongs to --status: records are JSON in any case");
	by_option = w->has_window || w->has_part || w->has_zone;
	if (config_open(&ctx->config, cli, &err) != 0 || windows_prepare(w, &err) != 0 ||
	    exclusions_prepare(&ctx->exclusions, &err) != 0)
		return cli_refuse(cli, "%s", err.text);
	stage_now(&ctx->stage);
	if (tz_load(&tz, w->zone, ctx->stage.now.us, &err) != 0)
		return cli_refuse(cli, "--tz: %s", err.text);
	if (!ctx->has_min)
		setup->rule.min_uptime_s = setup->rule.grace_s;
	setup->rule.off = ctx->config.off;
	setup->zone = w->zone;
	setup->source = by_option                                    ? "option" :
	                w->has_window || w->has_part || w->has_zone ? "config" :
	                                                              "default";
	setup->schedule = quiet_look(&w->all, &tz, ctx->stage.now.us, setup->rule.grace_s);
	ctx->stage.want = FACTS | (ctx->exclusions.any ? EXCLUSIONS_WANT : 0);
	return -1;
}

static enum step
step(struct rec *rec, void *arg, struct verdict *v, struct buf *member, struct err *err)
{
	const struct ctx    *ctx = arg;
	struct quiet_facts   f = { .excluded = NULL };
	struct quiet_verdict q;
	struct text          why;
	const char          *transition, *task;
	bool                 excluded;

	if (rec_text(rec, REC_BUILD_STATUS, &f.status, err) != 0 ||
	    rec_text(rec, REC_BUILD_TRANSITION, &transition, err) != 0 ||
	    rec_flag(rec, REC_IS_PREBUILD, &f.prebuild, err) != 0 ||
	    rec_when(rec, REC_JOB_COMPLETED_AT, &f.started, err) != 0 ||
	    rec_when(rec, REC_LAST_USED_AT, &f.last_used, err) != 0 ||
	    rec_text(rec, REC_APP_STATUS_STATE, &task, err) != 0 ||
	    exclusions_match(&ctx->exclusions, rec, &excluded, &why, err) != 0)
		return STEP_BAD;
	f.life = life_of(f.status, transition);
	f.working = task != NULL && strcmp(task, "working") == 0;
	f.excluded = excluded ? &why : NULL;
	q = quiet_decide(&f, &ctx->setup.rule, &ctx->setup.schedule);
	*v = q.v;
	jw_open(member, NULL);
	jw_verdict(member, v);
	quiet_put_schedule(member, &ctx->setup, &q);
	jw_close(member);
	return STEP_JUDGED;
}

/* --status: for a person, or as one JSON object. */
static int
print_status(const struct ctx *ctx)
{
	struct ndjson_out out;
	struct buf        b;

	buf_init(&b, BUF_RECORD_MAX);
	quiet_show(&b, &ctx->setup, ctx->json);
	ndjson_out_open(&out, STDOUT_FILENO);
	ndjson_put(&out, b.p, b.n);
	buf_release(&b);
	if (ndjson_out_close(&out) == 0 || out.error == EPIPE)
		return CWS_OK;
	diag_error("<stdout>: cannot write: %s", strerror(out.error));
	return CWS_FAIL;
}

int
main(int argc, char **argv)
{
	struct ctx ctx = {
		.stage = { .name = "quiet", .states = quiet_states, .step = step, .ctx = &ctx },
		.windows = WINDOWS_DEFAULT,
		.setup.rule = { .grace_s = 60 * 60 },
	};
	struct quiet_rule *rule = &ctx.setup.rule;
	const struct cli_option option[] = {
		STAGE_OPTIONS(ctx.stage),
		CONFIG_OPTIONS(ctx.config),
		WINDOWS_OPTIONS(ctx.windows),
		{ 0, "grace", CLI_SPAN, "duration", &rule->grace_s,
		        "how long after the start nothing is due (1h)", 0, 0, NULL, NULL },
		{ 0, "min-uptime", CLI_SPAN, "duration", &rule->min_uptime_s,
		        "how long after its own start none is due (the grace)", 0, 0, NULL, &ctx.has_min },
		{ 0, "idle", CLI_SPAN, "duration", &rule->idle_s, "none used within this is due", 0, 0,
		        NULL, &rule->has_idle },
		{ 0, "overran", CLI_FLAG, NULL, &rule->overran,
		        "one that outlived the last quiet hours is due", 0, 0, NULL, NULL },
		EXCLUSIONS_OPTIONS(ctx.exclusions),
		{ 0, "status", CLI_FLAG, NULL, &ctx.status, "read nothing, say how it stands now", 0, 0, NULL,
		        NULL },
		{ 0, "json", CLI_FLAG, NULL, &ctx.json, "with --status: one JSON object", 0, 0, NULL, NULL },
		{ 0, "check", CLI_FLAG, NULL, &ctx.check,
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
		status = prepare(&ctx, &cli);
	if (status < 0) {
		if (ctx.config.show)
			status = config_print(&ctx.config, &cli);
		else if (ctx.check)
			status = quiet_now(&ctx.setup).v.due ? CWS_OK : CWS_PARTIAL;
		else
			status = ctx.status ? print_status(&ctx) : stage_run(&cli, &ctx.stage);
	}
	exclusions_release(&ctx.exclusions);
	config_release(&ctx.config);
	return status;
}
