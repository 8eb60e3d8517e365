/* facts.c - typed members of a record, gathered for each decision. */

#include "record/facts.h"

#include <string.h>

/* Text that is absent is no word. */
static bool
is(const char *text, const char *word)
{
	return text != NULL && strcmp(text, word) == 0;
}

/* What is read for the facts of ttl.h; below, those of the others likewise. */
struct ttl_seen {
	struct ttl_facts f;
	struct when      canceled;
};

static const struct fact ttl_fact[] = {
	FACT(struct ttl_seen, f.status, ".latest_build.status"),
	FACT(struct ttl_seen, f.transition, ".latest_build.transition"),
	FACT(struct ttl_seen, f.prebuild, ".is_prebuild"),
	FACT(struct ttl_seen, f.ttl_ms, ".ttl_ms"),
	FACT(struct ttl_seen, f.deadline, ".latest_build.deadline"),
	FACT(struct ttl_seen, f.max_deadline, ".latest_build.max_deadline"),
	FACT(struct ttl_seen, f.started, ".latest_build.job.completed_at"),
	FACT(struct ttl_seen, canceled, ".latest_build.job.canceled_at"),
};

static const struct fact_table ttl_table = FACT_TABLE(ttl_fact);

int
facts_ttl(struct rec *rec, struct ttl_facts *f, struct err *err)
{
	struct ttl_seen seen;

	memset(&seen, 0, sizeof(seen));
	if (rec_read(rec, &ttl_table, &seen, err) != 0)
		return -1;
	if (seen.f.ttl_ms < 0)
		return err_set(err, CWS_PARTIAL, "'.ttl_ms' is negative");
	*f = seen.f;
	f->has_ttl = f->ttl_ms != 0;
	f->life = life_of(f->status, f->transition);
	/*
	 * A stop that was canceled while it waited is "canceled"; one canceled while it ran reads
	 * "failed".
	 */
	f->canceled = seen.canceled.known || is(f->status, "canceled");
	return 0;
}

struct stop_seen {
	struct stop_facts f;
	const char       *status, *transition, *job, *app;
};

static const struct fact stop_fact[] = {
	FACT(struct stop_seen, status, ".latest_build.status"),
	FACT(struct stop_seen, transition, ".latest_build.transition"),
	FACT(struct stop_seen, f.prebuild, ".is_prebuild"),
	FACT_OR_EMPTY(struct stop_seen, f.owner_id, ".owner_id"),
	FACT_OR_EMPTY(struct stop_seen, f.build_id, ".latest_build.id"),
	FACT(struct stop_seen, f.build_number, ".latest_build.build_number"),
	FACT(struct stop_seen, job, ".latest_build.job.status"),
	FACT(struct stop_seen, app, ".latest_app_status.state"),
	FACT(struct stop_seen, f.deadline, ".latest_build.deadline"),
	FACT(struct stop_seen, f.last_used, ".last_used_at"),
};

static const struct fact_table stop_table = FACT_TABLE(stop_fact);

int
facts_stop(struct rec *rec, struct stop_facts *f, struct err *err)
{
	struct stop_seen seen;

	memset(&seen, 0, sizeof(seen));
	if (rec_read(rec, &stop_table, &seen, err) != 0)
		return -1;
	*f = seen.f;
	f->life = life_of(seen.status, seen.transition);
	f->job_ok = seen.job == NULL || seen.job[0] == '\0' || is(seen.job, "succeeded");
	f->working = is(seen.app, "working");
	return 0;
}

struct quiet_seen {
	struct quiet_facts f;
	const char        *transition, *app;
};

static const struct fact quiet_fact[] = {
	FACT(struct quiet_seen, f.status, ".latest_build.status"),
	FACT(struct quiet_seen, transition, ".latest_build.transition"),
	FACT(struct quiet_seen, f.prebuild, ".is_prebuild"),
	FACT(struct quiet_seen, f.started, ".latest_build.job.completed_at"),
	FACT(struct quiet_seen, f.last_used, ".last_used_at"),
	FACT(struct quiet_seen, app, ".latest_app_status.state"),
};

static const struct fact_table quiet_table = FACT_TABLE(quiet_fact);

int
facts_quiet(struct rec *rec, struct quiet_facts *f, struct err *err)
{
	struct quiet_seen seen;

	memset(&seen, 0, sizeof(seen));
	if (rec_read(rec, &quiet_table, &seen, err) != 0)
		return -1;
	*f = seen.f;
	f->life = life_of(f->status, seen.transition);
	f->working = is(seen.app, "working");
	return 0;
}

static const struct fact subject_fact[] = {
	FACT(struct exclude_subject, owner, ".owner_name"),
	FACT(struct exclude_subject, workspace, ".name"),
	FACT(struct exclude_subject, template_name, ".template_name"),
	FACT(struct exclude_subject, template_id, ".template_id"),
	FACT(struct exclude_subject, org_name, ".organization_name"),
	FACT(struct exclude_subject, org_id, ".organization_id"),
};

static const struct fact_table subject_table = FACT_TABLE(subject_fact);

static const struct fact groups_fact[] = { FACT(
	struct exclude_subject, groups, ".cws.fetch.owner.groups") };

static const struct fact_table groups_table = FACT_TABLE(groups_fact);

int
facts_subject(struct rec *rec, struct rec *fetched, struct exclude_subject *who, struct err *err)
{
	memset(who, 0, sizeof(*who));
	if (rec_read(rec, &subject_table, who, err) != 0)
		return -1;
	return fetched != NULL ? rec_read(fetched, &groups_table, who, err) : 0;
}

static const struct fact report_fact[] = {
	FACT(struct report_facts, id, ".id"),
	FACT(struct report_facts, name, ".name"),
	FACT(struct report_facts, owner, ".owner_name"),
	FACT(struct report_facts, template_name, ".template_name"),
	FACT(struct report_facts, template_version, ".latest_build.template_version_name"),
	FACT(struct report_facts, org, ".organization_name"),
	FACT(struct report_facts, status, ".latest_build.status"),
	FACT(struct report_facts, transition, ".latest_build.transition"),
	FACT(struct report_facts, deadline, ".latest_build.deadline"),
	FACT(struct report_facts, last_used, ".last_used_at"),
	FACT(struct report_facts, created, ".latest_build.created_at"),
	FACT(struct report_facts, completed, ".latest_build.job.completed_at"),
	FACT(struct report_facts, daily_cost, ".latest_build.daily_cost"),
	FACT_IS_KNOWN(struct report_facts, has_daily_cost, ".latest_build.daily_cost"),
	FACT(struct report_facts, fetched, ".cws.fetch.at"),
	FACT(struct report_facts, url, ".cws.fetch.url"),
	FACT(struct report_facts, version, ".cws.fetch.server.version"),
	FACT(struct report_facts, owner_status, ".cws.fetch.owner.status"),
	FACT(struct report_facts, owner_email, ".cws.fetch.owner.email"),
	FACT(struct report_facts, owner_seen, ".cws.fetch.owner.last_seen_at"),
};

static const struct fact_table report_table = FACT_TABLE(report_fact);

int
facts_report(struct rec *rec, struct report_facts *f, struct err *err)
{
	memset(f, 0, sizeof(*f));
	if (rec_read(rec, &report_table, f, err) != 0)
		return -1;
	f->life = life_of(f->status, f->transition);
	return 0;
}

/*
 * Where this word stands in a list that ends with NULL, from 1; 0 when it is none of them, or NULL.
 */
static int
word_of(const char *word, const char *const *list)
{
	int i;

	for (i = 0; list[i] != NULL; i++)
		if (is(word, list[i]))
			return i + 1;
	return 0;
}

/* One number of "v2.34.2"; *p is moved behind it and its dot. */
static int
version_part(const char **p)
{
	int n = 0;

	for (; **p >= '0' && **p <= '9' && n < 100000; (*p)++)
		n = n * 10 + (**p - '0');
	*p += **p == '.';
	return n;
}

/* Failed stops are cleaned up since v2.33.8, v2.34.2 and in all later lines. */
static enum autostop_fact
retries_stops(const char *version)
{
	int major, minor, patch;

	if (version[0] != 'v' || version[1] < '0' || version[1] > '9')
		return FACT_UNKNOWN;
	version++;
	major = version_part(&version);
	minor = version_part(&version);
	patch = version_part(&version);
	if (major != 2)
		return major > 2 ? FACT_YES : FACT_NO;
	return minor > 34 || (minor == 34 && patch >= 2) || (minor == 33 && patch >= 8) ? FACT_YES
	                                                                                : FACT_NO;
}

struct autostop_seen {
	struct autostop_facts f;
	const char           *status, *transition, *updates, *version, *owner;
	bool                  has_scheduling, scheduling, has_flow, classic_flow;
	bool                  has_provisioners, has_matching, has_allowed, allowed;
	int64_t               provisioners, matching;
	struct word_list      days;
};

static const struct fact autostop_fact[] = {
	FACT(struct autostop_seen, status, ".latest_build.status"),
	FACT(struct autostop_seen, transition, ".latest_build.transition"),
	FACT(struct autostop_seen, f.prebuild, ".is_prebuild"),
	FACT(struct autostop_seen, f.ttl_ms, ".ttl_ms"),
	FACT(struct autostop_seen, f.deadline, ".latest_build.deadline"),
	FACT(struct autostop_seen, f.max_deadline, ".latest_build.max_deadline"),
	FACT(struct autostop_seen, f.created, ".latest_build.created_at"),
	FACT(struct autostop_seen, f.completed, ".latest_build.job.completed_at"),
	FACT(struct autostop_seen, f.last_used, ".last_used_at"),
	FACT(struct autostop_seen, f.dormant, ".dormant_at"),
	FACT(struct autostop_seen, f.deleting, ".deleting_at"),
	FACT(struct autostop_seen, f.next_start, ".next_start_at"),
	FACT(struct autostop_seen, f.schedule, ".autostart_schedule"),
	FACT(struct autostop_seen, updates, ".automatic_updates"),
	FACT(struct autostop_seen, f.outdated, ".outdated"),
	FACT(struct autostop_seen, f.requires_active, ".template_require_active_version"),
	FACT_IS_KNOWN(struct autostop_seen, has_flow, ".template_use_classic_parameter_flow"),
	FACT(struct autostop_seen, classic_flow, ".template_use_classic_parameter_flow"),
	FACT_IS_KNOWN(struct autostop_seen, has_scheduling, ".cws.fetch.scheduling"),
	FACT(struct autostop_seen, scheduling, ".cws.fetch.scheduling"),
	FACT_OR_EMPTY(struct autostop_seen, version, ".cws.fetch.server.version"),
	FACT_IS_KNOWN(
	        struct autostop_seen, has_provisioners, ".cws.fetch.server.provisioners_live"),
	FACT(struct autostop_seen, provisioners, ".cws.fetch.server.provisioners_live"),
	FACT_IS_KNOWN(
	        struct autostop_seen, has_matching, ".cws.fetch.template.provisioners_matching"),
	FACT(struct autostop_seen, matching, ".cws.fetch.template.provisioners_matching"),
	FACT(struct autostop_seen, owner, ".cws.fetch.owner.status"),
	FACT_IS_KNOWN(struct autostop_seen, f.has_template, ".cws.fetch.template"),
	FACT_IS_KNOWN(
	        struct autostop_seen, f.has_default_ttl, ".cws.fetch.template.default_ttl_ms"),
	FACT(struct autostop_seen, f.default_ttl_ms, ".cws.fetch.template.default_ttl_ms"),
	FACT(struct autostop_seen, f.failure_ttl_ms, ".cws.fetch.template.failure_ttl_ms"),
	FACT(struct autostop_seen, f.time_til_dormant_ms,
	        ".cws.fetch.template.time_til_dormant_ms"),
	FACT_IS_KNOWN(
	        struct autostop_seen, has_allowed, ".cws.fetch.template.allow_user_autostart"),
	FACT(struct autostop_seen, allowed, ".cws.fetch.template.allow_user_autostart"),
	FACT(struct autostop_seen, days, ".cws.fetch.template.autostart_requirement.days_of_week"),
};

static const struct fact_table autostop_table = FACT_TABLE(autostop_fact);

/* The days on which the template allows autostart; bit 0 is Sunday. */
static uint8_t
days_of(bool has_allowed, bool allowed, const struct word_list *list)
{
	const char *word = list->first;
	uint8_t     days = 0;
	size_t      i;
	int         day;

	if (has_allowed && !allowed)
		return 0;
	if (word == NULL)
		return CRON_DAILY;
	for (i = 0; i < list->n; i++, word = word_next(word))
		if ((day = cron_day(word)) >= 0)
			days |= (uint8_t)(1u << day);
	return days;
}

struct autostart_seen {
	const char      *schedule;
	bool             scheduling, has_allowed, allowed;
	struct word_list days;
};

static const struct fact autostart_fact[] = {
	FACT(struct autostart_seen, schedule, ".autostart_schedule"),
	FACT(struct autostart_seen, scheduling, ".cws.fetch.scheduling"),
	FACT_IS_KNOWN(
	        struct autostart_seen, has_allowed, ".cws.fetch.template.allow_user_autostart"),
	FACT(struct autostart_seen, allowed, ".cws.fetch.template.allow_user_autostart"),
	FACT(struct autostart_seen, days, ".cws.fetch.template.autostart_requirement.days_of_week"),
};

static const struct fact_table autostart_table = FACT_TABLE(autostart_fact);

int
facts_autostart(struct rec *rec, struct autostart_facts *f, struct err *err)
{
	struct autostart_seen seen;

	memset(&seen, 0, sizeof(seen));
	if (rec_read(rec, &autostart_table, &seen, err) != 0)
		return -1;
	/* Without the licence the server returns what a template says of it, and passes it over. */
	f->days =
	        seen.scheduling ? days_of(seen.has_allowed, seen.allowed, &seen.days) : CRON_DAILY;
	f->known = seen.schedule != NULL && cron_parse(seen.schedule, &f->cron);
	f->unread = !f->known && f->days != 0 && seen.schedule != NULL && seen.schedule[0] != '\0';
	return 0;
}

int
facts_autostop(struct rec *rec, struct autostop_facts *f, struct err *err)
{
	static const char *const owners[] = { "active", "dormant", "suspended", NULL };
	static const char *const turns[] = { "start", "stop", "delete", NULL };
	struct autostop_seen     seen;

	memset(&seen, 0, sizeof(seen));
	if (rec_read(rec, &autostop_table, &seen, err) != 0)
		return -1;
	*f = seen.f;
	f->life = life_of(seen.status, seen.transition);
	f->turn = (enum autostop_turn)word_of(seen.transition, turns);
	f->owner = (enum autostop_owner)word_of(seen.owner, owners);
	f->failed = is(seen.status, "failed");
	f->canceled = is(seen.status, "canceled");
	f->deleted = is(seen.status, "deleted");
	f->days = days_of(seen.has_allowed, seen.allowed, &seen.days);
	f->no_provisioner = seen.has_provisioners && seen.provisioners == 0;
	f->no_match = seen.has_matching && seen.matching == 0;
	f->updates_always = is(seen.updates, "always");
	/* servers before 2.23 have the other alone */
	f->dynamic_flow = seen.has_flow && !seen.classic_flow;
	if (seen.has_scheduling)
		f->licensed = seen.scheduling ? FACT_YES : FACT_NO;
	f->retries_stops = retries_stops(seen.version);
	if (f->schedule != NULL && f->schedule[0] == '\0')
		f->schedule = NULL;
	f->has_cron = f->schedule != NULL && cron_parse(f->schedule, &f->cron);
	return 0;
}
