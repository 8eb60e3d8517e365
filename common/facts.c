/* facts.c - typed members of a record, gathered for each decision. */

#include "facts.h"

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
	if (facts_life(rec, &f->life, err) != 0 || rec_flag(rec, REC_IS_PREBUILD, &f->prebuild, err) != 0 ||
	    rec_int(rec, REC_TTL_MS, &f->has_ttl, &f->ttl_ms, err) != 0 ||
	    rec_when(rec, REC_BUILD_DEADLINE, &f->deadline, err) != 0 ||
	    rec_when(rec, REC_BUILD_MAX_DEADLINE, &f->max_deadline, err) != 0 ||
	    rec_when(rec, REC_JOB_COMPLETED_AT, &f->started, err) != 0 ||
	    rec_when(rec, REC_JOB_CANCELED_AT, &canceled, err) != 0)
		return -1;
	if (f->ttl_ms < 0)
		return err_set(err, CWS_PARTIAL, "'.ttl_ms' is negative");
	f->has_ttl = f->ttl_ms != 0;
	f->canceled = canceled.known;
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
