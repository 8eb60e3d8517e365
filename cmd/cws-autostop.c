/* cws-autostop.c - what will be stopped, when, by which rule; it explains, it never decides. */

#include "base/cli.h"
#include "base/json_write.h"
#include "filter/stage.h"
#include "judge/autostop.h"
#include "record/facts.h"
#include "settings/zones.h"

struct autostop_run {
	struct stage stage;
	struct zones zones;
	int64_t      within_s;
	bool         has_within;
};

static void
put_member(struct buf *b, const struct autostop *a)
{
	size_t i;

	json_write_open(b, NULL);
	json_write_text(b, "state", a->state);
	json_write_when(b, "stop_at", a->stop_at);
	json_write_text(b, "why", a->why.s);
	json_write_when(b, "at", when_at(a->at_us));
	json_write_text(b, "by", a->by);
	if (a->stop_at.known)
		json_write_int(b, "in_s", floor_s(a->stop_at.us - a->at_us));
	else
		json_write_null(b, "in_s");
	json_write_when(b, "restarts_at", a->restarts_at);
	json_write_array(b, "conflicts");
	for (i = 0; i < a->conflicts; i++) {
		json_write_open(b, NULL);
		json_write_text(b, "code", a->conflict[i].code);
		json_write_text(b, "why", a->conflict[i].why.s);
		json_write_close(b);
	}
	json_write_array_end(b);
	json_write_close(b);
}

static enum step
step(struct rec *rec, void *arg, struct verdict *v, struct buf *member, struct err *err)
{
	struct autostop_run       *ctx = arg;
	int64_t                    now_us = ctx->stage.now.us;
	const struct verdict_seen *seen;
	struct autostop_facts      f;
	struct autostop            a;
	size_t                     n;
	bool                       failed = false;

	if (rec_verdicts(rec, &seen, &n, err) != 0 || facts_autostop(rec, &f, err) != 0)
		return STEP_BAD;
	if (f.has_cron)
		f.tz = zones_at(&ctx->zones, f.cron.zone, autostop_around(&f, seen, n, now_us),
		        &failed, err);
	if (failed)
		return STEP_BAD;
	a = autostop_decide(&f, seen, n, now_us);
	if (ctx->has_within && (!a.stop_at.known || floor_s(a.stop_at.us - now_us) > ctx->within_s))
		return STEP_DROP;
	*v = (struct verdict){ .state = a.state, .stop_at = a.stop_at, .at_us = now_us };
	put_member(member, &a);
	return STEP_JUDGED;
}

int
main(int argc, char **argv)
{
	struct autostop_run ctx = {
		.stage = { .name = "autostop",
		        .states = autostop_states,
		        .step = step,
		        .ctx = &ctx,
		        .explains = true },
	};
	const struct cli_option option[] = {
		STAGE_EXPLAIN_OPTIONS(ctx.stage),
		OPT_SPAN(0, "within", &ctx.within_s, "only what stops within this",
		        .given = &ctx.has_within),
		OPT_FLAG(0, "sort", &ctx.stage.sort, "hold the records, write them by stop_at"),
	};
	const struct cli cli = {
		.prog = "cws-autostop",
		.does = "Say what stops each workspace first, when and why, and when it starts "
		        "again.",
		.example = "cws-fetch | cws-ttl --all | cws-quiet --all -w 19:00-07:00 --tz "
		           "Europe/Berlin | cws-autostop --within 12h --sort | "
		           "jq -r '[.cws.autostop.stop_at, .owner_name, .name, .cws.autostop.why] "
		           "| @tsv'",
		.option = option,
		.options = sizeof(option) / sizeof(option[0]),
	};
	int status;

	cli_start(&cli);
	status = cli_parse(&cli, argc, argv);
	if (status < 0) {
		stage_now(&ctx.stage);
		status = stage_run(&cli, &ctx.stage);
	}
	zones_release(&ctx.zones);
	return status;
}
