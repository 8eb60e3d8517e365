/*
 * facts.h - from a record's members to the plain facts that decisions take.
 *
 * Absent members become "none"; a member of the wrong type is an error, -1
 * with err naming it.  Which members each function looks at is said by its table
 * in facts.c: one more is one more row.
 */

#ifndef CWS_FACTS_H
#define CWS_FACTS_H

#include "base/err.h"
#include "judge/autostop.h"
#include "judge/exclude.h"
#include "judge/life.h"
#include "judge/quiet.h"
#include "judge/stop.h"
#include "judge/ttl.h"
#include "record/rec.h"

/* facts_ttl - the facts of ttl.h; its texts are borrowed from the record. */
int
facts_ttl(struct rec *rec, struct ttl_facts *f, struct err *err);

/* facts_stop - the facts of stop.h; its texts are borrowed from the record. */
int
facts_stop(struct rec *rec, struct stop_facts *f, struct err *err);

/*
 * facts_quiet - the facts of quiet.h that are on the record itself; its texts are borrowed from it.
 */
int
facts_quiet(struct rec *rec, struct quiet_facts *f, struct err *err);

/* facts_autostop - the facts of autostop.h but for tz; its texts are borrowed from the record. */
int
facts_autostop(struct rec *rec, struct autostop_facts *f, struct err *err);

/* When a workspace starts by itself. */
struct autostart_facts {
	bool        known;  /* there is a schedule, and it can be read */
	bool        unread; /* there is one that may start it, and it cannot */
	struct cron cron;
	uint8_t     days; /* on which it may; bit 0 is Sunday */
};

/*
 * facts_autostart - the record's schedule, and the days its template and the licence leave of it.
 */
int
facts_autostart(struct rec *rec, struct autostart_facts *f, struct err *err);

/*
 * facts_subject - what exclude.h asks of a record.  The groups come from another,
 * the one whose .cws.fetch tells them: rec itself, or the one that was judged
 * where rec is a fresh reading; NULL: nobody asks for groups.  Texts are borrowed
 * from the two.
 */
int
facts_subject(struct rec *rec, struct rec *fetched, struct exclude_subject *who, struct err *err);

/*
 * What a report says of a workspace beside what programs left under cws; texts are NULL when
 * absent.
 */
struct report_facts {
	const char *id, *name, *owner, *template_name, *template_version, *org;
	enum life   life;
	const char *status, *transition;
	struct when last_used;
	/* of the latest build: when it was asked for, when it ended */
	struct when created, completed;
	struct when deadline;
	int64_t     daily_cost;     /* credits; 0 with !has_daily_cost */
	bool        has_daily_cost; /* the template says what it costs */
	struct when fetched;
	const char *url, *version; /* of the server */
	const char *owner_status, *owner_email;
	struct when owner_seen; /* when the owner was last there */
};

/* facts_report - its texts are borrowed from the record. */
int
facts_report(struct rec *rec, struct report_facts *f, struct err *err);

#endif
