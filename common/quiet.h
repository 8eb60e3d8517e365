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

#include "life.h"
#include "sched.h"
#include "text.h"
#include "tz.h"
#include "verdict.h"
#include "when.h"

/* The facts of one record; text is borrowed. */
struct quiet_facts {
	enum life          life;
	const char        *status;    /* as the server calls it, for the sentence; may be NULL */
	bool               prebuild;
	struct when        started;   /* the end of the build that started it */
	struct when        last_used;
	bool               working;   /* latest_app_status.state is "working": a task in it runs */
	const struct text *excluded;  /* why it is left alone; NULL when it is not */
};

struct quiet_rule {
	int64_t grace_s;
	int64_t min_uptime_s; /* 0: a fresh start protects nobody */
	bool    has_idle;
	int64_t idle_s;       /* only with has_idle */
	bool    overran;      /* what outlived the last quiet hours is due */
	bool    off;          /* the settings switch quiet hours off: nothing is due */
};

/* What the windows say at the instant of judging; names for the sentences are ready made. */
struct quiet_schedule {
	bool              known;  /* false: there is no usable schedule, and nothing is due */
	struct sched_view view;
	int64_t           now_us;
	struct text       held, next, last; /* "Tue 18:00-Wed 08:00 (Europe/Berlin)" */
	struct text       local;            /* "Tue 19:29" */
};

struct quiet_verdict {
	struct verdict v;
	struct when    window_start, window_end; /* of the stretch that holds now, else of the next one */
};

/* The states, in the order of the manual; NULL at the end. */
extern const char *const quiet_states[];

/* quiet_look - where now_us lies in the windows, for a rule with this grace. */
struct quiet_schedule
quiet_look(const struct sched *windows, const struct tz *tz, int64_t now_us, int64_t grace_s);

/*
 * quiet_decide - judge one workspace; cannot fail.  A stop whose instant equals
 * now is due.  stop_at is none where the stretch ends first, and of a due
 * verdict it is the instant since which the rule has said stop.
 */
struct quiet_verdict
quiet_decide(const struct quiet_facts *f, const struct quiet_rule *rule, const struct quiet_schedule *q);

#endif
