/* facts.c - typed members of a record, gathered for each decision. */

#include "record/facts.h"

#include <string.h>

int
facts_life(const struct rec *rec, enum life *life, struct err *err)
{
	const char *status, *transition;

	if (rec_text(rec, REC_BUILD_STATUS, &status, err) != 0 ||
	    rec_text(rec, REC_BUILD_TRANSITION, &transition, err) != 0)
		return -1;
	*life = life_of(status, transition);
	return 0;
}

int
facts_ttl(const struct rec *rec, struct ttl_facts *f, struct err *err)
{
	struct when canceled;

	memset(f, 0, sizeof(*f));
	if (rec_text(rec, REC_BUILD_STATUS, &f->status, err) != 0 ||
	    rec_text(rec, REC_BUILD_TRANSITION, &f->transition, err) != 0 ||
	    rec_flag(rec, REC_IS_PREBUILD, &f->prebuild, err) != 0 ||
	    rec_int(rec, REC_TTL_MS, &f->has_ttl, &f->ttl_ms, err) != 0 ||
	    rec_when(rec, REC_BUILD_DEADLINE, &f->deadline, err) != 0 ||
	    rec_when(rec, REC_BUILD_MAX_DEADLINE, &f->max_deadline, err) != 0 ||
	    rec_when(rec, REC_JOB_COMPLETED_AT, &f->started, err) != 0 ||
	    rec_when(rec, REC_JOB_CANCELED_AT, &canceled, err) != 0)
		return -1;
	if (f->ttl_ms < 0)
		return err_set(err, CWS_PARTIAL, "'.ttl_ms' is negative");
	f->has_ttl = f->ttl_ms != 0;
	f->life = life_of(f->status, f->transition);
	/* A stop that was canceled while it waited is "canceled"; one canceled while it ran reads "failed". */
	f->canceled = canceled.known || (f->status != NULL && strcmp(f->status, "canceled") == 0);
	return 0;
}

/* A text member, "" when it is absent. */
static int
text_of(const struct rec *rec, enum rec_member m, const char **out, struct err *err)
{
	if (rec_text(rec, m, out, err) != 0)
		return -1;
	if (*out == NULL)
		*out = "";
	return 0;
}

int
facts_stop(const struct rec *rec, struct stop_facts *f, struct err *err)
{
	const char *job, *app;
	bool        known;

	memset(f, 0, sizeof(*f));
	if (facts_life(rec, &f->life, err) != 0 || rec_flag(rec, REC_IS_PREBUILD, &f->prebuild, err) != 0 ||
	    text_of(rec, REC_OWNER_ID, &f->owner_id, err) != 0 ||
	    text_of(rec, REC_BUILD_ID, &f->build_id, err) != 0 ||
	    rec_int(rec, REC_BUILD_NUMBER, &known, &f->build_number, err) != 0 ||
	    text_of(rec, REC_JOB_STATUS, &job, err) != 0 ||
	    text_of(rec, REC_APP_STATUS_STATE, &app, err) != 0 ||
	    rec_when(rec, REC_BUILD_DEADLINE, &f->deadline, err) != 0 ||
	    rec_when(rec, REC_LAST_USED_AT, &f->last_used, err) != 0)
		return -1;
	f->job_ok = job[0] == '\0' || strcmp(job, "succeeded") == 0;
	f->working = strcmp(app, "working") == 0;
	return 0;
}

int
facts_quiet(const struct rec *rec, struct quiet_facts *f, struct err *err)
{
	const char *app;

	memset(f, 0, sizeof(*f));
	if (facts_life(rec, &f->life, err) != 0 || rec_text(rec, REC_BUILD_STATUS, &f->status, err) != 0 ||
	    rec_flag(rec, REC_IS_PREBUILD, &f->prebuild, err) != 0 ||
	    rec_when(rec, REC_JOB_COMPLETED_AT, &f->started, err) != 0 ||
	    rec_when(rec, REC_LAST_USED_AT, &f->last_used, err) != 0 ||
	    text_of(rec, REC_APP_STATUS_STATE, &app, err) != 0)
		return -1;
	f->working = strcmp(app, "working") == 0;
	return 0;
}

/* Where this word stands in a list that ends with NULL, from 1; 0 when it is none of them. */
static int
word_of(const char *word, const char *const *list)
{
	int i;

	for (i = 0; list[i] != NULL; i++)
		if (strcmp(word, list[i]) == 0)
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
	return minor > 34 || (minor == 34 && patch >= 2) || (minor == 33 && patch >= 8) ? FACT_YES : FACT_NO;
}

/* The template's part of the facts. */
static int
facts_template(const struct rec *rec, struct autostop_facts *f, struct err *err)
{
	static const enum rec_member part[] = { REC_FETCH_DEFAULT_TTL_MS, REC_FETCH_FAILURE_TTL_MS,
		REC_FETCH_TIME_TIL_DORMANT_MS, REC_FETCH_ALLOW_USER_AUTOSTART, REC_FETCH_AUTOSTART_DAYS };
	const char *word;
	bool        known, allowed;
	size_t      i;
	int         day;

	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		f->has_template = f->has_template || rec_raw(rec, part[i]).p != NULL;
	if (rec_int(rec, REC_FETCH_DEFAULT_TTL_MS, &f->has_default_ttl, &f->default_ttl_ms, err) != 0 ||
	    rec_int(rec, REC_FETCH_FAILURE_TTL_MS, &known, &f->failure_ttl_ms, err) != 0 ||
	    rec_int(rec, REC_FETCH_TIME_TIL_DORMANT_MS, &known, &f->time_til_dormant_ms, err) != 0 ||
	    rec_flag(rec, REC_FETCH_ALLOW_USER_AUTOSTART, &allowed, err) != 0)
		return -1;
	f->days = CRON_DAILY;
	if (rec_known(rec, REC_FETCH_AUTOSTART_DAYS))
		for (f->days = 0, i = 0;; i++) {
			if (rec_word(rec, REC_FETCH_AUTOSTART_DAYS, i, &word, err) != 0)
				return -1;
			if (word == NULL)
				break;
			day = cron_day(word);
			if (day >= 0)
				f->days |= (uint8_t)(1u << day);
		}
	if (!allowed && rec_known(rec, REC_FETCH_ALLOW_USER_AUTOSTART))
		f->days = 0;
	return 0;
}

int
facts_autostop(const struct rec *rec, struct autostop_facts *f, struct err *err)
{
	static const char *const owners[] = { "active", "dormant", "suspended", NULL };
	static const char *const turns[] = { "start", "stop", "delete", NULL };
	const char              *status, *turn, *owner, *updates, *version;
	bool                     known, yes, outdated;
	int64_t                  live;

	memset(f, 0, sizeof(*f));
	if (facts_life(rec, &f->life, err) != 0 || text_of(rec, REC_BUILD_STATUS, &status, err) != 0 ||
	    text_of(rec, REC_BUILD_TRANSITION, &turn, err) != 0 ||
	    rec_flag(rec, REC_IS_PREBUILD, &f->prebuild, err) != 0 ||
	    rec_int(rec, REC_TTL_MS, &known, &f->ttl_ms, err) != 0 ||
	    rec_when(rec, REC_BUILD_DEADLINE, &f->deadline, err) != 0 ||
	    rec_when(rec, REC_BUILD_MAX_DEADLINE, &f->max_deadline, err) != 0 ||
	    rec_when(rec, REC_BUILD_CREATED_AT, &f->created, err) != 0 ||
	    rec_when(rec, REC_JOB_COMPLETED_AT, &f->completed, err) != 0 ||
	    rec_when(rec, REC_LAST_USED_AT, &f->last_used, err) != 0 ||
	    rec_when(rec, REC_DORMANT_AT, &f->dormant, err) != 0 ||
	    rec_when(rec, REC_DELETING_AT, &f->deleting, err) != 0 ||
	    rec_when(rec, REC_NEXT_START_AT, &f->next_start, err) != 0 ||
	    rec_text(rec, REC_AUTOSTART_SCHEDULE, &f->schedule, err) != 0 ||
	    text_of(rec, REC_AUTOMATIC_UPDATES, &updates, err) != 0 ||
	    rec_flag(rec, REC_OUTDATED, &outdated, err) != 0 ||
	    rec_flag(rec, REC_FETCH_SCHEDULING, &yes, err) != 0 ||
	    text_of(rec, REC_FETCH_VERSION, &version, err) != 0 ||
	    rec_int(rec, REC_FETCH_PROVISIONERS_LIVE, &known, &live, err) != 0 ||
	    text_of(rec, REC_FETCH_OWNER_STATUS, &owner, err) != 0 || facts_template(rec, f, err) != 0)
		return -1;
	f->turn = (enum autostop_turn)word_of(turn, turns);
	f->owner = (enum autostop_owner)word_of(owner, owners);
	f->failed = strcmp(status, "failed") == 0;
	f->canceled = strcmp(status, "canceled") == 0;
	f->deleted = strcmp(status, "deleted") == 0;
	f->no_provisioner = known && live == 0;
	f->may_mismatch = outdated && strcmp(updates, "always") == 0;
	if (rec_known(rec, REC_FETCH_SCHEDULING))
		f->licensed = yes ? FACT_YES : FACT_NO;
	f->retries_stops = retries_stops(version);
	if (f->schedule != NULL && f->schedule[0] == '\0')
		f->schedule = NULL;
	f->has_cron = f->schedule != NULL && cron_parse(f->schedule, &f->cron);
	return 0;
}
