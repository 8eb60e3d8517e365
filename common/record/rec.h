/*
 * rec.h - one line <-> one workspace.
 *
 * A record is the object the API returned plus the member cws.  rec_parse
 * validates the whole line and finds, in one pass, the members a program
 * asked for; of those cJSON parses what does not say itself.  rec_splice writes the
 * line again with one member of cws replaced and every other byte as it came.
 * Source: cws(7), RECORDS.
 */

#ifndef CWS_REC_H
#define CWS_REC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json_scan.h"
#include "base/when.h"
#include "judge/verdict.h"

/* The members that programs look at; names are the API's.  rec.c has their paths. */
enum rec_member {
	REC_ID,
	REC_NAME,
	REC_OWNER_ID,
	REC_OWNER_NAME,
	REC_ORGANIZATION_ID,
	REC_ORGANIZATION_NAME,
	REC_TEMPLATE_ID,
	REC_TEMPLATE_NAME,
	REC_TTL_MS,
	REC_IS_PREBUILD,
	REC_LAST_USED_AT,
	REC_DORMANT_AT,
	REC_APP_STATUS_STATE, /* latest_app_status.state */
	REC_SHARED_WITH,
	REC_AUTOSTART_SCHEDULE,
	REC_NEXT_START_AT,
	REC_DELETING_AT,
	REC_AUTOMATIC_UPDATES,
	REC_OUTDATED,
	REC_BUILD_ID,
	REC_BUILD_NUMBER,
	REC_BUILD_CREATED_AT,
	REC_BUILD_TRANSITION,
	REC_BUILD_STATUS,
	REC_BUILD_DEADLINE,
	REC_BUILD_MAX_DEADLINE,
	REC_BUILD_INITIATOR_ID,
	REC_BUILD_REASON,
	REC_JOB_STATUS,
	REC_JOB_COMPLETED_AT,
	REC_JOB_CANCELED_AT,
	REC_JOB_ERROR,
	REC_FETCH_AT,  /* cws.fetch.at */
	REC_FETCH_URL, /* cws.fetch.url */
	REC_OWNER_GROUPS,   /* cws.fetch.owner.groups */
	REC_OWNER_SCHEDULE, /* cws.fetch.owner.quiet_hours.raw_schedule */
	REC_OWNER_SET,      /* cws.fetch.owner.quiet_hours.user_set */
	REC_FETCH_SCHEDULING,
	REC_FETCH_VERSION,           /* cws.fetch.server.version */
	REC_FETCH_PROVISIONERS_LIVE, /* cws.fetch.server.provisioners_live */
	REC_FETCH_DEFAULT_TTL_MS,    /* cws.fetch.template.default_ttl_ms; the next four are beside it */
	REC_FETCH_FAILURE_TTL_MS,
	REC_FETCH_TIME_TIL_DORMANT_MS,
	REC_FETCH_ALLOW_USER_AUTOSTART,
	REC_FETCH_AUTOSTART_DAYS, /* autostart_requirement.days_of_week */
	REC_FETCH_OWNER_STATUS,   /* cws.fetch.owner.status */
	REC_FETCH_ACTIVITY_BUMP_MS, /* beside default_ttl_ms */
	REC_STOP_RESULT,          /* cws.stop.result; the next five are beside it */
	REC_STOP_RUN,
	REC_STOP_BUILD_ID,
	REC_STOP_BUILD_NUMBER,
	REC_STOP_DEADLINE_BEFORE,
	REC_STOP_DEADLINE_AFTER,
	REC_LINE_INTENT, /* intent: of a line of the journal, like the next eight; url also of what was read from one */
	REC_LINE_RUN,
	REC_LINE_AT,
	REC_LINE_BUILD_ID,
	REC_LINE_BUILD_NUMBER,
	REC_LINE_URL,
	REC_LINE_DEADLINE_BEFORE,
	REC_LINE_DEADLINE_AFTER,
	REC_LINE_OUTCOME,
	REC_MEMBERS
};

#define REC_BIT(m) (UINT64_C(1) << (m))
_Static_assert(REC_MEMBERS < 64, "a bit for each member");

struct rec; /* private: rec.c */

/* rec_new - a reader of records that looks at the members in want (REC_BIT | ...).  Owned by the caller. */
struct rec *
rec_new(uint64_t want);
void
rec_free(struct rec *r);

enum rec_result {
	REC_OK = 0,
	REC_BAD = -1,    /* a whole object, but against the rules of records */
	REC_BROKEN = -2, /* not one whole JSON object */
};

/*
 * rec_parse - make r the record of this line (n bytes, borrowed until the next
 * rec_parse or rec_free).  REC_BAD, with err: two members of one name at the top
 * level, in latest_build or in cws, or one of these two is no object.
 */
int
rec_parse(struct rec *r, const char *line, size_t n, struct err *err);

/*
 * Getters of members in want.  0, with NULL, false or none where the member is
 * absent or null; -1 with err ("'.ttl_ms' is not a whole number") where its
 * type or value is wrong.  Text is borrowed until the next rec_parse and holds
 * no NUL.
 */
int
rec_text(const struct rec *r, enum rec_member m, const char **out, struct err *err);
int
rec_int(const struct rec *r, enum rec_member m, bool *known, int64_t *out, struct err *err);
int
rec_flag(const struct rec *r, enum rec_member m, bool *out, struct err *err);
int
rec_when(const struct rec *r, enum rec_member m, struct when *out, struct err *err);

/* rec_word - the text at place i of a list; NULL behind its last, and of a list that is absent or null. */
int
rec_word(const struct rec *r, enum rec_member m, size_t i, const char **out, struct err *err);

/* rec_known - is the member there, and not null? */
bool
rec_known(const struct rec *r, enum rec_member m);

/* rec_path - how a person names the member: ".latest_build.deadline". */
const char *
rec_path(enum rec_member m);

/* rec_raw - the member's own bytes; p is NULL when it is absent. */
struct slice
rec_raw(const struct rec *r, enum rec_member m);

/*
 * rec_cws_member - the i-th member of cws in the order of the line: its name, without quotes, escapes undecoded,
 * and its value's own bytes.  False behind the last.
 */
bool
rec_cws_member(const struct rec *r, size_t i, struct slice *name, struct slice *value);

/* rec_splice - append to out the line with .cws.STAGE set to the JSON in value, cws last. */
void
rec_splice(const struct rec *r, const char *stage, const struct buf *value, struct buf *out);

/* rec_line - the line as it came. */
struct slice
rec_line(const struct rec *r);

/*
 * rec_verdicts - the record's verdicts in the order of the line; *out is
 * borrowed until the next rec_parse.  -1 when cws is no object, or a due, keep, at ...
 * has the wrong type: such a record is bad and is not acted upon.
 */
int
rec_verdicts(struct rec *r, const struct verdict_seen **out, size_t *n, struct err *err);

#endif
