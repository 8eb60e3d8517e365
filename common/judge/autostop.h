/*
 * autostop.h - which stop comes first, the server's or a rule's, and when does
 * the workspace come back?  Pure.
 *
 * The server's stop is foretold by executor.h, its next start by autostart.h; here
 * they are laid beside the verdicts, said in a sentence, and searched for
 * contradictions (conflicts.h).  Instants are struct when (microseconds).
 * Source: cws-autostop(1).
 */

#ifndef CWS_AUTOSTOP_H
#define CWS_AUTOSTOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "base/when.h"
#include "judge/cron.h"
#include "judge/life.h"
#include "judge/tz.h"
#include "judge/verdict.h"

/* The states of cws-autostop(1), NULL at the end. */
extern const char *const autostop_states[];

/* In the order of the words in facts.c; 0 is a word nobody knows. */
enum autostop_owner { OWNER_UNKNOWN, OWNER_ACTIVE, OWNER_DORMANT, OWNER_SUSPENDED };

/* A fact that may be missing. */
enum autostop_fact { FACT_UNKNOWN, FACT_NO, FACT_YES };

/* What the latest build was to do. */
enum autostop_turn { TURN_UNKNOWN, TURN_START, TURN_STOP, TURN_DELETE };

/* The facts of one record; text is borrowed. */
struct autostop_facts {
	enum life           life;
	enum autostop_turn  turn;
	bool                failed, canceled; /* the build's job ended so */
	bool                deleted;
	bool                prebuild;
	/* of latest_build and its job */
	struct when         deadline, max_deadline, completed, created;
	struct when         last_used, dormant, deleting, next_start;
	int64_t             ttl_ms; /* 0: none */
	enum autostop_owner owner;
	enum autostop_fact  licensed;      /* .cws.fetch.scheduling */
	enum autostop_fact  retries_stops; /* a server that cleans up failed stops too */
	bool                has_template;
	bool                has_default_ttl;
	/* of the template; 0: none */
	int64_t             default_ttl_ms, failure_ttl_ms, time_til_dormant_ms;
	/* on which the template allows autostart; bit 0 is Sunday */
	uint8_t             days;
	bool                no_provisioner;  /* none is live, that is known */
	bool                no_match;        /* none serves its template, that is known */
	bool                outdated;        /* its template has a newer active version */
	bool                updates_always;  /* automatic_updates */
	bool                requires_active; /* template_require_active_version */
	bool                dynamic_flow;    /* template_use_classic_parameter_flow is false */
	const char         *schedule;        /* autostart_schedule as it stands; NULL: none */
	bool                has_cron;        /* it could be read */
	struct cron         cron;
	const struct tz    *tz; /* its zone around autostop_around; NULL: not known */
};

struct autostop_conflict {
	const char *code;
	struct text why;
};

#define AUTOSTOP_CONFLICTS 7

struct autostop {
	const char              *state;
	struct when              stop_at, restarts_at;
	/* the server's rule or a verdict's name, borrowed from it; NULL: none */
	const char              *by;
	struct text              why;
	int64_t                  at_us;
	size_t                   conflicts;
	struct autostop_conflict conflict[AUTOSTOP_CONFLICTS];
};

/* autostop_around - the instant from which the next autostart counts: load the zone around it. */
int64_t
autostop_around(
        const struct autostop_facts *f, const struct verdict_seen *seen, size_t n, int64_t now_us);

/*
 * autostop_decide - say what stops this workspace first.  seen: the n verdicts
 * on the record; a due one counts with its at alone, a keep always.  Cannot fail.
 */
struct autostop
autostop_decide(
        const struct autostop_facts *f, const struct verdict_seen *seen, size_t n, int64_t now_us);

#endif
