/*
 * facts.h - from a record's members to the plain facts that decisions take.
 *
 * Absent members become "none"; a member of the wrong type is an error, -1
 * with err naming it.
 */

#ifndef CWS_FACTS_H
#define CWS_FACTS_H

#include "base/err.h"
#include "judge/autostop.h"
#include "judge/life.h"
#include "judge/quiet.h"
#include "judge/stop.h"
#include "judge/ttl.h"
#include "record/rec.h"

/* The members each function looks at, for rec_new. */
#define FACTS_LIFE (REC_BIT(REC_BUILD_STATUS) | REC_BIT(REC_BUILD_TRANSITION))
#define FACTS_TTL                                                                                          \
	(FACTS_LIFE | REC_BIT(REC_IS_PREBUILD) | REC_BIT(REC_TTL_MS) | REC_BIT(REC_BUILD_DEADLINE) |        \
	        REC_BIT(REC_BUILD_MAX_DEADLINE) | REC_BIT(REC_JOB_COMPLETED_AT) | REC_BIT(REC_JOB_CANCELED_AT))
#define FACTS_STOP                                                                                         \
	(FACTS_LIFE | REC_BIT(REC_OWNER_ID) | REC_BIT(REC_BUILD_ID) | REC_BIT(REC_BUILD_NUMBER) |           \
	        REC_BIT(REC_JOB_STATUS) | REC_BIT(REC_IS_PREBUILD) | REC_BIT(REC_APP_STATUS_STATE) |        \
	        REC_BIT(REC_BUILD_DEADLINE) | REC_BIT(REC_LAST_USED_AT))
#define FACTS_QUIET                                                                                        \
	(FACTS_LIFE | REC_BIT(REC_IS_PREBUILD) | REC_BIT(REC_JOB_COMPLETED_AT) | REC_BIT(REC_LAST_USED_AT) | \
	        REC_BIT(REC_APP_STATUS_STATE))
#define FACTS_AUTOSTOP                                                                                     \
	(FACTS_LIFE | REC_BIT(REC_IS_PREBUILD) | REC_BIT(REC_TTL_MS) | REC_BIT(REC_BUILD_DEADLINE) |        \
	        REC_BIT(REC_BUILD_MAX_DEADLINE) | REC_BIT(REC_BUILD_CREATED_AT) |                           \
	        REC_BIT(REC_JOB_COMPLETED_AT) | REC_BIT(REC_LAST_USED_AT) | REC_BIT(REC_DORMANT_AT) |       \
	        REC_BIT(REC_DELETING_AT) | REC_BIT(REC_NEXT_START_AT) | REC_BIT(REC_AUTOSTART_SCHEDULE) |   \
	        REC_BIT(REC_AUTOMATIC_UPDATES) | REC_BIT(REC_OUTDATED) | REC_BIT(REC_FETCH_SCHEDULING) |    \
	        REC_BIT(REC_FETCH_VERSION) | REC_BIT(REC_FETCH_PROVISIONERS_LIVE) |                         \
	        REC_BIT(REC_FETCH_DEFAULT_TTL_MS) | REC_BIT(REC_FETCH_FAILURE_TTL_MS) |                     \
	        REC_BIT(REC_FETCH_TIME_TIL_DORMANT_MS) | REC_BIT(REC_FETCH_ALLOW_USER_AUTOSTART) |          \
	        REC_BIT(REC_FETCH_AUTOSTART_DAYS) | REC_BIT(REC_FETCH_OWNER_STATUS))

/* facts_life - what latest_build says about the workspace. */
int
facts_life(const struct rec *rec, enum life *life, struct err *err);

/* facts_ttl - the facts of ttl.h; its texts are borrowed from the record. */
int
facts_ttl(const struct rec *rec, struct ttl_facts *f, struct err *err);

/* facts_stop - the facts of stop.h; its texts are borrowed from the record. */
int
facts_stop(const struct rec *rec, struct stop_facts *f, struct err *err);

/* facts_quiet - the facts of quiet.h that are on the record itself; its texts are borrowed from it. */
int
facts_quiet(const struct rec *rec, struct quiet_facts *f, struct err *err);
/* facts_autostop - the facts of autostop.h but for tz; its texts are borrowed from the record. */
int
facts_autostop(const struct rec *rec, struct autostop_facts *f, struct err *err);

#endif
