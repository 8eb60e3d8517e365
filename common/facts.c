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
