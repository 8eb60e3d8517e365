/* cws-quiet.c - which running workspaces are past the grace of their quiet hours. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "diag.h"
#include "exclude.h"
#include "jw.h"
#include "life.h"
#include "ndjson.h"
#include "quiet.h"
#include "stage.h"
#include "tz_load.h"
#include "xalloc.h"

#define FACTS                                                                                             \
	(REC_BIT(REC_BUILD_STATUS) | REC_BIT(REC_BUILD_TRANSITION) | REC_BIT(REC_IS_PREBUILD) |            \
	        REC_BIT(REC_JOB_COMPLETED_AT) | REC_BIT(REC_LAST_USED_AT) | REC_BIT(REC_APP_STATUS_STATE))
#define NAMES                                                                                             \
	(REC_BIT(REC_OWNER_NAME) | REC_BIT(REC_NAME) | REC_BIT(REC_TEMPLATE_NAME) |                       \
	        REC_BIT(REC_TEMPLATE_ID) | REC_BIT(REC_ORGANIZATION_NAME) | REC_BIT(REC_ORGANIZATION_ID))

struct ctx {
	struct stage          stage;
	struct window         window;  /* --start, --end, --days */
	struct sched          windows; /* -w */
	const char           *zone;
	struct quiet_rule     rule;
	struct cli_list       names[EXCLUDE_KINDS];
	struct exclude_entry *room[EXCLUDE_KINDS]; /* owned; what exclude works in */
	struct exclude        exclude;
	struct quiet_schedule schedule;
	bool                  has_window, has_part, has_zone, has_min, excludes, status, json, check;
};

static int
parse_time(const char *text, bool is_end, int *min, struct err *err)
{
	if (sched_time(text, strlen(text), is_end, min))
		return 0;
	return err_set(err, CWS_USAGE, "expected HH:MM from 00:00 to %s, got \"%s\"",
	        is_end ? "24:00" : "23:59", text);
}

static int
parse_start(void *target, const char *text, struct err *err)
{
	return parse_time(text, false, target, err);
}

static int
parse_end(void *target, const char *text, struct err *err)
{
	return parse_time(text, true, target, err);
}

static int
parse_days(void *target, const char *text, struct err *err)
{
	if (sched_days(text, strlen(text), target))
		return 0;
	return err_set(err, CWS_USAGE, "expected days such as mon-fri, sat,sun or daily, got \"%s\"", text);
}

static int
parse_window(void *target, const char *text, struct err *err)
{
	struct window w;

	if (!sched_window(text, &w))
		return err_set(err, CWS_USAGE,
		        "expected days and times such as 'mon-fri 18:00-08:00', got \"%s\"", text);
	if (sched_add(target, w) != 0)
		return err_set(err, CWS_USAGE, "more than %d windows", SCHED_WINDOWS_MAX);
	return 0;
}

/* Hash what is excluded.  -1, or the status to end with. */
static int
prepare_exclude(struct ctx *ctx, const struct cli *cli)
{
	static const char *const option[EXCLUDE_KINDS] = { "user", "template", "org", "name" };
	enum exclude_kind        kind;
	size_t                   i, n;

	for (kind = 0; kind < EXCLUDE_KINDS; kind++) {
		const struct cli_list *names = &ctx->names[kind];

		for (n = i = 0; i < names->n; i++)
			n += exclude_count(names->item[i]);
		ctx->excludes = ctx->excludes || n != 0;
		ctx->room[kind] = xcalloc(exclude_room(n), sizeof(*ctx->room[kind]));
		exclude_init(&ctx->exclude.set[kind], ctx->room[kind], n);
		for (i = 0; i < names->n; i++)
			if (!exclude_add(&ctx->exclude, kind, names->item[i]))
				return cli_refuse(cli, "--exclude-%s: expected names such as ada,ci-*, got \"%s\"",
				        option[kind], names->item[i]);
	}
	ctx->stage.want = FACTS | (ctx->excludes ? NAMES : 0);
	return -1;
}

/* What the options mean together.  -1, or the status to end with. */
static int
prepare(struct ctx *ctx, const struct cli *cli)
{
	struct tz  tz;
	struct err err;

	if (ctx->has_window && ctx->has_part)
		return cli_refuse(cli, "--window replaces --start, --end and --days: write one or the other");
	if (ctx->status && ctx->check)
		return cli_refuse(cli, "--check prints nothing: write it or --status, not both");
	if (ctx->json && !ctx->status)
		return cli_refuse(cli, "--json belongs to --status: records are JSON in any case");
	if (!ctx->has_window)
		sched_add(&ctx->windows, ctx->window);
	if (!ctx->has_min)
		ctx->rule.min_uptime_s = ctx->rule.grace_s;
	stage_now(&ctx->stage);
	if (tz_load(&tz, ctx->zone, ctx->stage.now.us, &err) != 0)
		return cli_refuse(cli, "--tz: %s", err.text);
	ctx->schedule = quiet_look(&ctx->windows, &tz,
	        ctx->has_window || ctx->has_part || ctx->has_zone ? QUIET_OPTION : QUIET_DEFAULT,
	        ctx->stage.now.us, ctx->rule.grace_s);
	return prepare_exclude(ctx, cli);
}

/* Is it excluded?  The reason goes into *why, which f borrows. */
static int
look_excluded(const struct rec *rec, const struct ctx *ctx, struct quiet_facts *f, struct text *why,
              struct err *err)
{
	struct exclude_subject who;
	const struct {
		enum rec_member member;
		const char    **text;
	} part[] = {
		{ REC_OWNER_NAME, &who.owner },
		{ REC_NAME, &who.workspace },
		{ REC_TEMPLATE_NAME, &who.template_name },
		{ REC_TEMPLATE_ID, &who.template_id },
		{ REC_ORGANIZATION_NAME, &who.org_name },
		{ REC_ORGANIZATION_ID, &who.org_id },
	};
	size_t i;

	if (!ctx->excludes)
		return 0;
	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		if (rec_text(rec, part[i].member, part[i].text, err) != 0)
			return -1;
	if (exclude_match(&ctx->exclude, &who, why))
		f->excluded = why;
	f->keep = f->excluded != NULL;
	return 0;
}

/* The members that tell the schedule and the rule, after the verdict's own. */
static void
put_schedule(struct buf *b, const struct ctx *ctx, const struct quiet_verdict *q)
{
	jw_text(b, "zone", ctx->schedule.zone);
	jw_when(b, "window_start", q->window_start);
	jw_when(b, "window_end", q->window_end);
	jw_int(b, "grace_s", ctx->rule.grace_s);
	if (ctx->rule.has_idle)
		jw_int(b, "idle_s", ctx->rule.idle_s);
	else
		jw_null(b, "idle_s");
	jw_int(b, "min_uptime_s", ctx->rule.min_uptime_s);
	jw_text(b, "schedule", quiet_source_names[ctx->schedule.source]);
}

static enum step
step(struct rec *rec, void *arg, struct verdict *v, struct buf *member, struct err *err)
{
	const struct ctx    *ctx = arg;
	struct quiet_facts   f = { .excluded = NULL };
	struct quiet_verdict q;
	struct text          why;
	const char          *transition, *task;

	if (rec_text(rec, REC_BUILD_STATUS, &f.status, err) != 0 ||
	    rec_text(rec, REC_BUILD_TRANSITION, &transition, err) != 0 ||
	    rec_flag(rec, REC_IS_PREBUILD, &f.prebuild, err) != 0 ||
	    rec_when(rec, REC_JOB_COMPLETED_AT, &f.started, err) != 0 ||
	    rec_when(rec, REC_LAST_USED_AT, &f.last_used, err) != 0 ||
	    rec_text(rec, REC_APP_STATUS_STATE, &task, err) != 0 ||
	    look_excluded(rec, ctx, &f, &why, err) != 0)
		return STEP_BAD;
	f.life = life_of(f.status, transition);
	f.working = task != NULL && strcmp(task, "working") == 0;
	q = quiet_decide(&f, &ctx->rule, &ctx->schedule);
	*v = q.v;
	jw_open(member, NULL);
	jw_verdict(member, v);
	put_schedule(member, ctx, &q);
	jw_close(member);
	return STEP_JUDGED;
}

/* The schedule as it meets a workspace that nothing spares and that outlived no earlier quiet hours. */
static struct quiet_verdict
bare_verdict(const struct ctx *ctx)
{
	struct when        start = ctx->schedule.view.held.start;
	struct quiet_facts f = { .life = LIFE_RUNNING, .started = start.known ? start : ctx->stage.now };
	struct quiet_rule  rule = { .grace_s = ctx->rule.grace_s };

	return quiet_decide(&f, &rule, &ctx->schedule);
}

/* --status: for a person, or as one JSON object. */
static int
print_status(const struct ctx *ctx)
{
	struct quiet_verdict q = bare_verdict(ctx);
	bool                 always = ctx->schedule.view.always;
	bool                 inside = always || q.window_start.us <= q.v.at_us;
	struct when          ends = always ? when_none() : q.v.stop_at, next = q.window_start;
	struct ndjson_out    out;
	struct buf           b;
	struct text          when;

	if (inside)
		next = q.v.due || !ends.known ? q.window_end : ends;
	buf_init(&b, BUF_RECORD_MAX);
	if (ctx->json) {
		jw_open(&b, NULL);
		jw_flag(&b, "quiet", inside);
		jw_flag(&b, "grace_over", q.v.due);
		jw_when(&b, "grace_ends", ends);
		jw_when(&b, "next_change", next);
		jw_text(&b, "why", q.v.why.s);
		jw_when(&b, "at", ctx->stage.now);
		put_schedule(&b, ctx, &q);
		jw_close(&b);
	} else {
		text_clear(&when);
		if (next.known) {
			text_instant(&when, next.us);
			text_put(&when, ", in ");
			text_span(&when, floor_s(next.us - q.v.at_us));
		}
		buf_printf(&b, "quiet now:   %s\ngrace over:  %s\nnext change: %s\nbecause:     %s",
		        inside ? "yes" : "no",
		        q.v.due ? "yes" : "no", next.known ? when.s : "never", q.v.why.s);
	}
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
		.window = { SCHED_DAILY, 18 * 60, 8 * 60 },
		.zone = "UTC",
		.rule = { .grace_s = 60 * 60 },
	};
#define EXCLUDE(what, kind, help) \
	{ 0, "exclude-" what, CLI_LIST, "name,...", &ctx.names[kind], help, 0, 0, NULL, NULL }
	const struct cli_option option[] = {
		STAGE_OPTIONS(ctx.stage),
		{ 'w', "window", CLI_PARSE, "window", &ctx.windows,
		        "quiet hours, 'mon-fri 18:00-08:00' (repeatable)", 0, 0, parse_window,
		        &ctx.has_window },
		{ 0, "start", CLI_PARSE, "HH:MM", &ctx.window.start_min, "quiet hours begin (18:00)", 0, 0,
		        parse_start, &ctx.has_part },
		{ 0, "end", CLI_PARSE, "HH:MM", &ctx.window.end_min, "quiet hours end (08:00)", 0, 0,
		        parse_end, &ctx.has_part },
		{ 0, "days", CLI_PARSE, "days", &ctx.window.days, "days on which they begin (daily)", 0, 0,
		        parse_days, &ctx.has_part },
		{ 0, "tz", CLI_TEXT, "zone", &ctx.zone, "IANA time zone of all these (UTC)", 0, 0, NULL,
		        &ctx.has_zone },
		{ 0, "grace", CLI_SPAN, "duration", &ctx.rule.grace_s,
		        "how long after the start nothing is due (1h)", 0, 0, NULL, NULL },
		{ 0, "min-uptime", CLI_SPAN, "duration", &ctx.rule.min_uptime_s,
		        "how long after its own start none is due (the grace)", 0, 0, NULL, &ctx.has_min },
		{ 0, "idle", CLI_SPAN, "duration", &ctx.rule.idle_s, "none used within this is due", 0, 0,
		        NULL, &ctx.rule.has_idle },
		{ 0, "overran", CLI_FLAG, NULL, &ctx.rule.overran,
		        "one that outlived the last quiet hours is due", 0, 0, NULL, NULL },
		EXCLUDE("user", EXCLUDE_USER, "leave these owners alone"),
		EXCLUDE("template", EXCLUDE_TEMPLATE, "leave workspaces of these templates alone"),
		EXCLUDE("org", EXCLUDE_ORG, "leave these organizations alone"),
		EXCLUDE("name", EXCLUDE_NAME, "leave these workspaces alone: name or owner/name"),
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
	int status, kind;

	cli_start(&cli);
	status = cli_parse(&cli, argc, argv);
	if (status < 0)
		status = prepare(&ctx, &cli);
	if (status < 0) {
		if (ctx.check)
			status = bare_verdict(&ctx).v.due ? CWS_OK : CWS_PARTIAL;
		else
			status = ctx.status ? print_status(&ctx) : stage_run(&cli, &ctx.stage);
	}
	for (kind = 0; kind < EXCLUDE_KINDS; kind++) {
		cli_list_release(&ctx.names[kind]);
		free(ctx.room[kind]);
	}
	return status;
}
