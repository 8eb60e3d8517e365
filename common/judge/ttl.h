/*
 * ttl.h - when does a workspace have to stop by its deadline and TTL?
 * Pure.
 */

#ifndef CWS_TTL_H
#define CWS_TTL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/when.h"
#include "judge/life.h"
#include "judge/verdict.h"

/* The states of cws-ttl(1), NULL at the end. */
extern const char *const ttl_states[];

struct ttl_facts {
	enum life   life;
	/* as the server calls them, for the sentence; NULL when absent; borrowed */
	const char *status, *transition;
	bool        prebuild;
	bool        canceled; /* job.canceled_at is set, or the status says so */
	struct when deadline; /* of latest_build */
	struct when max_deadline;
	bool        has_ttl; /* false for absent, null and 0 */
	int64_t     ttl_ms;
	struct when started; /* job.completed_at of the successful start */
	/* the first one allowed after the start; none where there is none or nobody knows */
	struct when autostart;
	/* it has a schedule that may start it and cannot be read here, or its zone is not known */
	bool        autostart_unread;
};

struct ttl_rule {
	int64_t grace_s;     /* overdue by more than this: due */
	int64_t soon_s;      /* a deadline within this is "soon" */
	bool    overrun;     /* --overrun: "overrun" is due */
	bool    failed;      /* --failed: a start that failed or was canceled is due */
	bool    canceled;    /* --canceled: a stop that was canceled is due */
	bool    has_limit;   /* --unlimited */
	int64_t unlimited_s; /* "unlimited" is due once it has run that long */
	bool    off;         /* the settings switch this rule off: nothing is due */
};

struct ttl_verdict {
	struct verdict v;
	struct when    deadline, max_deadline, started; /* none unless it is running */
	struct when    basis_at; /* the instant in_s counts to: the deadline, or start plus TTL */
	const char    *basis;    /* "deadline", "ttl", "none" */
};

/*
 * ttl_decide - judge one workspace at one instant (microseconds since 1970).
 * A deadline equal to now has passed.  Cannot fail.
 * Source: API latest_build.deadline, job.completed_at, ttl_ms; cws-ttl(1).
 */
struct ttl_verdict
ttl_decide(const struct ttl_facts *f, const struct ttl_rule *rule, int64_t now_us);

#endif
