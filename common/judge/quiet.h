/*
 * quiet.h - is a workspace due to stop because it is quiet hours?  Pure.
 *
 * Instants are struct when (microseconds), spans are seconds.  The windows are
 * looked up once per run (quiet_look); each record is then judged against that
 * (quiet_decide) and the rule.  Source: cws-quiet(1).
 */

#ifndef CWS_QUIET_H
#define CWS_QUIET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "base/when.h"
#include "judge/life.h"
#include "judge/sched.h"
#include "judge/tz.h"
#include "judge/verdict.h"

/* Where a schedule came from. */
enum quiet_source {
	QUIET_DEFAULT,
	QUIET_OPTION,
	QUIET_CONFIG,
	QUIET_AUTOSTART, /* the hours of one of these in the zone of the workspace's autostart */
	QUIET_OWNER,     /* the owner's own quiet hours */
	QUIET_SOURCES
};

/* The words of .cws.quiet.schedule. */
extern const char *const quiet_source_names[QUIET_SOURCES];

#define QUIET_LABEL 24

/* The facts of one record; text is borrowed. */
struct quiet_facts {
	enum life          life;
	const char        *status; /* as the server calls it, for the sentence; may be NULL */
	bool               prebuild;
	struct when        started; /* the end of the build that started it */
	struct when        last_used;
	bool               working; /* latest_app_status.state is "working": a task in it runs */
	const char        *owner;   /* for the sentence; may be NULL */
	/* the schedule on the record, for the sentence; may be NULL */
	const char        *asked;
	const struct text *excluded; /* why it is left alone; NULL when it is not */
	/* with excluded: it is a veto, not merely outside what was selected */
	bool               keep;
};

struct quiet_rule {
	int64_t grace_s;
	int64_t min_uptime_s; /* 0: a fresh start protects nobody */
	bool    has_idle;
	int64_t idle_s;  /* only with has_idle */
	bool    overran; /* what outlived the last quiet hours is due */
	bool    off;     /* the settings switch quiet hours off: nothing is due */
};

/* What the windows say at the instant of judging; names for the sentences are ready made. */
struct quiet_schedule {
	bool              known;   /* false: there is no usable schedule, and nothing is due */
	bool              no_zone; /* of one that is not known: its text is fine, its zone is not */
	enum quiet_source source;
	struct sched_view view;
	int64_t           now_us;
	char              zone[TZ_NAME_MAX + 1];
	/* "Tue 18:00-Wed 08:00" */
	char              held[QUIET_LABEL], next[QUIET_LABEL], last[QUIET_LABEL];
	char              local[QUIET_LABEL]; /* "Tue 19:29" */
	bool              holiday;            /* the local date is one */
};

struct quiet_verdict {
	struct verdict v;
	/* of the stretch that holds now, else of the next one */
	struct when    window_start, window_end;
};

/* The states, in the order of the manual; NULL at the end. */
extern const char *const quiet_states[];

/* quiet_look - where now_us lies in the windows, for a rule with this grace. */
struct quiet_schedule
quiet_look(const struct sched *windows, const struct tz *tz, enum quiet_source source,
        int64_t now_us, int64_t grace_s);

/*
 * quiet_no_schedule - what stands for a schedule on a record that cannot be used; zone is NULL or
 * the
 * unknown one.
 */
struct quiet_schedule
quiet_no_schedule(enum quiet_source source, const char *zone, int64_t now_us);

/*
 * quiet_decide - judge one workspace; cannot fail.  A stop whose instant equals
 * now is due.  stop_at is none where the stretch ends first, and of a due
 * verdict it is the instant since which the rule has said stop.
 */
struct quiet_verdict
quiet_decide(
        const struct quiet_facts *f, const struct quiet_rule *rule, const struct quiet_schedule *q);

#endif
