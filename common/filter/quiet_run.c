/* quiet_run.c - the schedule of a run, and each record held against it. */

#include "filter/quiet_run.h"

#include "base/diag.h"
#include "base/json_write.h"
#include "record/facts.h"
#include "settings/config_show.h"
#include "settings/tz_load.h"

static enum step
step(struct rec *rec, void *arg, struct verdict *v, struct buf *member, struct err *err)
{
	struct quiet_run            *q = arg;
	const struct quiet_schedule *schedule = &q->setup.schedule;
	struct quiet_facts           f;
	struct quiet_verdict         is;
	struct text                  why;
	struct exclude_subject       who = { .owner = NULL };
	enum exclusion               left;

	if (facts_quiet(rec, &f, err) != 0 ||
	        (q->exclusions.any &&
	                facts_subject(rec, q->exclusions.groups ? rec : NULL, &who, err) != 0) ||
	        (q->cache != NULL &&
	                (schedule = quiet_cache_of(q->cache, rec, schedule, &f, err)) == NULL))
		return STEP_BAD;
	left = exclusions_match(&q->exclusions, &who, q->stage.now.us, &why);
	f.excluded = left != NOT_EXCLUDED ? &why : NULL;
	f.keep = left == EXCLUDED;
	is = quiet_decide(&f, &q->setup.rule, schedule);
	*v = is.v;
	json_write_open(member, NULL);
	stage_put_verdict(member, v);
	quiet_put_schedule(member, &q->setup.rule, schedule, &is);
	json_write_close(member);
	return STEP_JUDGED;
}

/* What the options mean together.  -1, or the status to end with. */
static int
prepare(struct quiet_run *q, const struct cli *cli)
{
	struct quiet_setup *setup = &q->setup;
	struct windows     *w = &q->windows;
	struct tz           tz;
	struct err          err;
	enum quiet_source   source;
	bool                by_option;

	if (q->status && q->check)
		return cli_refuse(cli, "--check prints nothing: write it or --status, not both");
	if (q->json && !q->status)
		return cli_refuse(cli, "--json belongs to --status: records are JSON in any case");
	by_option = w->has_window || w->has_part || w->has_zone;
	source = by_option ? QUIET_OPTION : QUIET_DEFAULT;
	stage_now(&q->stage);
	if (config_open(&q->config, cli, &err) != 0 ||
	        windows_prepare(w, q->stage.now.us, &err) != 0 ||
	        exclusions_prepare(&q->exclusions, &err) != 0)
		return cli_refuse(cli, "%s", err.text);
	if (q->length_s % 60 != 0)
		return cli_refuse(
		        cli, "--length: expected whole minutes, got %llds", (long long)q->length_s);
	if (tz_load(&tz, w->zone, q->stage.now.us, &err) != 0)
		return cli_refuse(cli, "--tz: %s", err.text);
	if (!q->has_min)
		setup->rule.min_uptime_s = setup->rule.grace_s;
	setup->rule.off = q->config.off;
	if (!by_option && (w->has_window || w->has_part || w->has_zone))
		source = QUIET_CONFIG;
	setup->schedule = quiet_look(&w->all, &tz, source, q->stage.now.us, setup->rule.grace_s);
	q->stage.step = step;
	q->stage.ctx = q;
	if (q->owner_schedule)
		q->cache = quiet_cache_new(
		        &w->all, (int)(q->length_s / 60), q->stage.now.us, setup->rule.grace_s);
	return -1;
}

/* What was asked for, once all is in place. */
static int
run(struct quiet_run *q, const struct cli *cli)
{
	int status;

	if (q->config.show)
		return config_print(&q->config, cli);
	if (q->check)
		return quiet_now(&q->setup).v.due ? CWS_OK : CWS_PARTIAL;
	if (q->status)
		return quiet_print(&q->setup, q->json);
	if (cli_stdin_is_terminal(cli)) /* that line alone */
		return CWS_USAGE;
	holds_report(&q->exclusions.holds, q->stage.now.us);
	if (!q->windows.has_window && !q->windows.has_part && !q->config.off)
		diag_notice("no option or setting says the hours: 18:00 to 08:00 every day, %s",
		        q->windows.zone);
	status = stage_run(cli, &q->stage);
	if (status == CWS_OK || status == CWS_PARTIAL)
		exclusions_report_unseen(&q->exclusions, q->stage.now.us);
	return status;
}

int
quiet_run(struct quiet_run *q, const struct cli *cli)
{
	int status = prepare(q, cli);

	return status < 0 ? run(q, cli) : status;
}

void
quiet_run_release(struct quiet_run *q)
{
	quiet_cache_free(q->cache);
	exclusions_release(&q->exclusions);
	config_release(&q->config);
}
