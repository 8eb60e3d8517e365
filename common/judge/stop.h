/*
 * stop.h - may this workspace be stopped, and does what was judged still hold?
 * Pure.  Verdicts and facts in, a decision and its reason out.
 *
 * Source: cws-stop(1); cws(7), VERDICTS.
 */

#ifndef CWS_STOP_H
#define CWS_STOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "base/when.h"
#include "judge/life.h"
#include "judge/verdict.h"

#define STOP_AHEAD_S 60 /* a verdict may be this much ahead of our clock */
/* the server's Date tells whole seconds: less than this is no other deadline */
#define STOP_SLACK_S 2

enum stop_asked {
	STOP_NOT_DUE, /* no verdict says due */
	STOP_KEPT,    /* a verdict says keep */
	STOP_STALE,   /* due, but judged or fetched too long ago, or ahead of the clock */
	STOP_DUE,
};

/* Those on one record, in the order of its line; borrowed. */
struct stop_verdicts {
	const struct verdict_seen *rule;
	size_t                     n;
};

/* stop_counts - is it due, and does it say when it was judged?  Without that it stops nothing. */
bool
stop_counts(const struct verdict_seen *r);

/* How they are taken. */
struct stop_terms {
	int64_t now_us;
	int64_t max_age_s; /* --max-age */
	bool    force;     /* --force: due without a verdict */
};

/*
 * stop_asked - what a record's verdicts ask for.
 * fetched: .cws.fetch.at or none.  Due verdicts without `at` do not count.  A
 * stale verdict spoils the record: a stop rests on all that is due.  why gets
 * the reason of anything but STOP_DUE; *first is the index of the first due
 * verdict, or v.n with force.
 */
enum stop_asked
stop_asked(struct stop_verdicts v, struct when fetched, const struct stop_terms *terms,
        size_t *first, struct text *why);

/* The present, by this machine's clock, on which `at` was written, and by the server's. */
struct stop_now {
	int64_t ours_us, server_us;
};

/*
 * stop_current - the half of stop_asked that a standstill may change: are the record and all that
 * is due young enough?  Ages are differences on our clock, the end of quiet hours is compared with
 * the server's.  False with why.
 */
bool
stop_current(struct stop_verdicts v, struct when fetched, int64_t max_age_s, struct stop_now now,
        struct text *why);

/* What a record or a fresh reading says about the workspace. */
struct stop_facts {
	const char *owner_id, *build_id; /* "" when absent */
	int64_t     build_number;
	enum life   life;
	bool        job_ok; /* the job succeeded, or its status is not given */
	bool        prebuild;
	bool        working; /* an AI task reports work */
	struct when deadline;
	struct when last_used;
};

struct stop_soft {
	int64_t now_us;  /* by the server's clock */
	int64_t span_s;  /* --soft */
	bool    no_bump; /* use does not move the deadline: the template's activity_bump_ms is 0 */
};

/*
 * stop_soft - may the deadline be shortened instead of a stop?  fresh: as just
 * read and found to hold.  no_bump is added to why.  Returns true with the
 * deadline to ask for (whole seconds) in *deadline_us; else false with why: no
 * deadline, a failed stop, or one that is no more than STOP_SLACK_S later already.
 * Source: cws-stop(1), SOFT STOPS; Coder's putExtendWorkspace.
 */
bool
stop_soft(const struct stop_facts *fresh, const struct stop_soft *how, int64_t *deadline_us,
        struct text *why);

/*
 * stop_tries_used_up - did the last n stops all fail, so that the next would too?  n >= 1; why says
 * so.
 */
bool
stop_tries_used_up(int64_t failed, int64_t n, struct text *why);

/*
 * stop_holds - does the fresh reading still allow the stop that was judged on
 * the record?  It must be the same build, a running start or the same stuck
 * stop, of the same owner, no prebuild, and every due verdict must still hold:
 * expired, the deadline is set and not later than judged (to the second);
 * overrun, the deadline is unchanged; unlimited, there is still none; quiet,
 * the hours are not over, no task is at work and, with --idle, it is still
 * unused; habit, where it calls a use unlikely, it is still unused; any other,
 * the build alone.  None with a member that narrows it and cannot be read holds.
 * why gets the reason when it does not hold.
 */
bool
stop_holds(struct stop_verdicts v, const struct stop_facts *judged, const struct stop_facts *fresh,
        int64_t now_us, struct text *why);

#endif
