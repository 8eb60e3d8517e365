/* cws-quiet.c - which running workspaces are past the grace of their quiet hours. */

#include "cli.h"
#include "config_show.h"
#include "exclusions.h"
#include "facts.h"
#include "jw.h"
#include "plans.h"
#include "quiet_show.h"
#include "stage.h"
#include "tz_load.h"
#include "windows.h"

struct ctx {
	struct stage       stage;
	struct windows     windows;
	struct quiet_setup setup;
	struct exclusions  exclusions;
	struct config      config;
	struct plans      *plans; /* owned; NULL without --owner-schedule */
	int64_t            length_s;
	bool               owner_schedule, has_min, status, json, check;
};

/* What the options mean together.  -1, or the status to end with. */
static int
prepare(struct ctx *ctx, const struct cli *cli)
{
	struct quiet_setup *setup = &ctx->setup;
	struct windows     *w = &ctx->windows;
	struct tz           tz;
	struct err          err;
	enum quiet_source   source;
	bool                by_option;

	if (ctx->status && ctx->check)
		return cli_refuse(cli, "--check prints nothing: write it or --status, not both");
	if (ctx->json && !ctx->status)
		return cli_refuse(cli, "--json belongs to --status: records are JSON in any case");
	by_option = w->has_window || w->has_part || w->has_zone;
	source = by_option ? QUIET_OPTION : QUIET_DEFAULT;
	stage_now(&ctx->stage);
	if (config_open(&ctx->config, cli, &err) != 0 || windows_prepare(w, ctx->stage.now.us, &err) != 0 ||
	    exclusions_prepare(&ctx->exclusions, &err) != 0)
		return cli_refuse(cli, "%s", err.text);
	if (ctx->length_s % 60 != 0)
		return cli_refuse(cli, "--length: expected whole minutes, got %llds",
		        (long long)ctx->length_s);
	if (tz_load(&tz, w->zone, ctx->stage.now.us, &err) != 0)
		return cli_refuse(cli, "--tz: %s", err.text);
	if (!ctx->has_min)
		setup->rule.min_uptime_s = setup->rule.grace_s;
	setup->rule.off = ctx->config.off;
	if (!by_option && (w->has_window || w->has_part || w->has_zone))
		source = QUIET_CONFIG;
	setup->schedule = quiet_look(&w->all, &tz, source, ctx->stage.now.us, setup->rule.grace_s);
	ctx->stage.want = FACTS_QUIET;
	if (ctx->exclusions.any)
		ctx->stage.want |= EXCLUSIONS_WANT;
	if (ctx->owner_schedule) {
		ctx->stage.want |= PLANS_WANT;
		ctx->plans = plans_new(&w->all, (int)(ctx->length_s / 60), ctx->stage.now.us,
		        setup->rule.grace_s);
	}
	return -1;
}

static enum step
step(struct rec *rec, void *arg, struct verdict *v, struct buf *member, struct err *err)
{
	struct ctx                  *ctx = arg;
	const struct quiet_schedule *schedule = &ctx->setup.schedule;
	struct quiet_facts           f;
	struct quiet_verdict         q;
	struct text                  why;
	enum left                    left;

	if (facts_quiet(rec, &f, err) != 0 ||
	    exclusions_match(&ctx->exclusions, rec, rec, ctx->stage.now.us, &left, &why, err) != 0 ||
	    (ctx->plans != NULL && (schedule = plans_of(ctx->plans, rec, schedule, &f, err)) == NULL))
		return STEP_BAD;
	f.excluded = left != LEFT_NOT ? &why : NULL;
	f.keep = left == LEFT_ALONE;
	q = quiet_decide(&f, &ctx->setup.rule, schedule);
	*v = q.v;
	jw_open(member, NULL);
	jw_verdict(member, v);
	quiet_put_schedule(member, &ctx->setup.rule, schedule, &q);
	jw_close(member);
	return STEP_JUDGED;
}

int
main(int argc, char **argv)
{
	struct ctx ctx = {
		.stage = { .name = "quiet", .states = quiet_states, .step = step, .ctx = &ctx },
		.windows = WINDOWS_DEFAULT,
		.setup.rule = { .grace_s = 60 * 60 },
		.length_s = 8 * 60 * 60,
	};
	struct quiet_rule *rule = &ctx.setup.rule;
	const struct cli_option option[] = {
		STAGE_OPTIONS(ctx.stage),
		CONFIG_OPTIONS(ctx.config),
		WINDOWS_OPTIONS(ctx.windows),
		WINDOWS_HOLIDAYS(ctx.windows),
		{ 0, "owner-schedule", CLI_FLAG, NULL, &ctx.owner_schedule,
		        "judge by each owner's own quiet hours, or the zone of the autostart", 0, 0, NULL,
		        NULL },
		{ 0, "length", CLI_SPAN, "duration", &ctx.length_s,
		        "how long owners' quiet hours last (8h)", 60, 86400, NULL, NULL },
		{ 0, "grace", CLI_SPAN, "duration", &rule->grace_s,
		        "how long after the start nothing is due (1h)", 0, 0, NULL, NULL },
		{ 0, "min-uptime", CLI_SPAN, "duration", &rule->min_uptime_s,
		        "how long after its own start none is due (the grace)", 0, 0, NULL, &ctx.has_min },
		{ 0, "idle", CLI_SPAN, "duration", &rule->idle_s, "none used within this is due", 0, 0,
		        NULL, &rule->has_idle },
		{ 0, "overran", CLI_FLAG, NULL, &rule->overran,
		        "one that outlived the last quiet hours is due", 0, 0, NULL, NULL },
		EXCLUSIONS_OPTIONS(ctx.exclusions),
		EXCLUSIONS_ONLY_OPTIONS(ctx.exclusions),
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
		else if (ctx.status)
			status = quiet_print(&ctx.setup, ctx.json);
		else {
			holds_report(&ctx.exclusions.holds, ctx.stage.now.us);
			status = stage_run(&cli, &ctx.stage);
		}
	}
	plans_free(ctx.plans);
	exclusions_release(&ctx.exclusions);
	config_release(&ctx.config);
	return status;
}
