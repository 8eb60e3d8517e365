/* cws-ttl.c - which running workspaces should or would have stopped, and which stop soon. */

#include "base/cli.h"
#include "base/json_write.h"
#include "filter/stage.h"
#include "judge/ttl.h"
#include "record/facts.h"
#include "settings/config_show.h"
#include "settings/exclusions.h"
#include "settings/zones.h"

struct ttl_run {
	struct stage      stage;
	struct ttl_rule   rule;
	struct exclusions users; /* -u selects */
	struct config     config;
	struct zones      zones;
};

/*
 * The first autostart after the start, where the server may have set the deadline by it.  -1 with
 * err.
 */
static int
read_autostart(struct ttl_run *ctx, struct rec *rec, struct ttl_facts *f, struct err *err)
{
	struct autostart_facts start;
	const struct tz       *tz;
	bool                   failed;

	if (f->life != LIFE_RUNNING || !f->has_ttl || !f->started.known || !f->deadline.known)
		return 0;
	if (facts_autostart(rec, &start, err) != 0)
		return -1;
	f->autostart_unread = start.unread;
	if (!start.known)
		return 0;
	tz = zones_at(&ctx->zones, start.cron.zone, f->started.us, &failed, err);
	if (failed)
		return -1;
	f->autostart_unread = tz == NULL && start.days != 0;
	if (tz != NULL)
		f->autostart = cron_next_on(&start.cron, tz, start.days, f->started.us);
	return 0;
}

static enum step
step(struct rec *rec, void *arg, struct verdict *v, struct buf *member, struct err *err)
{
	struct ttl_run        *ctx = arg;
	struct ttl_facts       f;
	struct ttl_verdict     t;
	struct text            why;
	struct exclude_subject who;

	if (facts_subject(rec, NULL, &who, err) != 0 || facts_ttl(rec, &f, err) != 0 ||
	        read_autostart(ctx, rec, &f, err) != 0)
		return STEP_BAD;
	if (exclusions_match(&ctx->users, &who, ctx->stage.now.us, &why) != NOT_EXCLUDED)
		return STEP_DROP;
	t = ttl_decide(&f, &ctx->rule, ctx->stage.now.us);
	*v = t.v;
	json_write_open(member, NULL);
	stage_put_verdict(member, v);
	json_write_when(member, "deadline", t.deadline);
	json_write_when(member, "max_deadline", t.max_deadline);
	if (f.has_ttl)
		json_write_int(member, "ttl_ms", f.ttl_ms);
	else
		json_write_null(member, "ttl_ms");
	json_write_when(member, "started_at", t.started);
	if (t.basis_at.known)
		json_write_int(member, "in_s", floor_s(t.basis_at.us - v->at_us));
	else
		json_write_null(member, "in_s");
	json_write_text(member, "basis", t.basis);
	json_write_close(member);
	return STEP_JUDGED;
}

/* After the command line; returns the exit status. */
static int
run(struct ttl_run *ctx, const struct cli *cli)
{
	struct err err;
	int        status;

	if (config_open(&ctx->config, cli, &err) != 0 || exclusions_prepare(&ctx->users, &err) != 0)
		return cli_refuse(cli, "%s", err.text);
	if (ctx->config.show)
		return config_print(&ctx->config, cli);
	ctx->rule.off = ctx->config.off;
	stage_now(&ctx->stage);
	status = stage_run(cli, &ctx->stage);
	if (status == CWS_OK || status == CWS_PARTIAL)
		exclusions_report_unseen(&ctx->users, ctx->stage.now.us);
	return status;
}

int
main(int argc, char **argv)
{
	struct ttl_run ctx = {
		.stage = { .name = "ttl", .states = ttl_states, .step = step, .ctx = &ctx },
		.rule = { .grace_s = 5 * 60, .soon_s = 60 * 60 },
		.users = { .only_user = "--user" },
	};
	const struct cli_option option[] = {
		STAGE_OPTIONS(ctx.stage),
		CONFIG_OPTIONS(ctx.config),
		OPT_LIST('u', "user", &ctx.users.only_names[EXCLUDE_USER],
		        "only workspaces of these owners"),
		OPT_SPAN(0, "grace", &ctx.rule.grace_s,
		        "expired is due once overdue by more than this (5m)"),
		OPT_SPAN(0, "soon", &ctx.rule.soon_s, "a deadline within this is soon (1h)"),
		OPT_FLAG(0, "overrun", &ctx.rule.overrun, "running past start plus ttl is due"),
		OPT_SPAN(0, "unlimited", &ctx.rule.unlimited_s,
		        "no deadline is due after running this long", .given = &ctx.rule.has_limit),
		OPT_FLAG(0, "failed", &ctx.rule.failed,
		        "a start that failed or was canceled is due"),
		OPT_FLAG(0, "canceled", &ctx.rule.canceled,
		        "a canceled stop is due, as a failed one is"),
	};
	const struct cli cli = {
		.prog = "cws-ttl",
		.does = "Judge workspaces by their deadline and TTL; write those that are due, "
		        "with .cws.ttl.",
		.example = "cws-fetch | cws-ttl --all | jq -c 'select(.cws.ttl.state == \"soon\")'",
		.option = option,
		.options = sizeof(option) / sizeof(option[0]),
	};
	int status;

	cli_start(&cli);
	status = cli_parse(&cli, argc, argv);
	if (status < 0)
		status = run(&ctx, &cli);
	zones_release(&ctx.zones);
	exclusions_release(&ctx.users);
	config_release(&ctx.config);
	return status;
}
