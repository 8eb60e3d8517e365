/*
 * stopping.h - from records to a stop: judge each record, verify it just before its request.
 *
 * The half of cws-stop that knows records; the decisions are in stop.h, the
 * requests in engine.h.
 */

#ifndef CWS_STOPPING_H
#define CWS_STOPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api.h"
#include "batch.h"
#include "engine.h"
#include "exclusions.h"
#include "facts.h"

/* The members that stopping_judge looks at, for records_open. */
#define STOPPING_WANT                                                                          \
	(FACTS_STOP | REC_BIT(REC_ID) | REC_BIT(REC_FETCH_AT) | REC_BIT(REC_FETCH_URL) |        \
	        REC_BIT(REC_ORGANIZATION_ID) | REC_BIT(REC_SHARED_WITH) | EXCLUSIONS_WANT)

#define STOPPING_ORGS 32

struct stopping {
	bool        force;
	struct exclusions *exclusions; /* vetoes against every rule; borrowed */
	int64_t     max_age_s;
	int64_t     now_us; /* the one instant records are judged at; set after reading */
	bool        replay; /* --now: verify as of now_us too */
	const char *origin; /* of the configured server; borrowed */
	size_t      stale;  /* due, but too old */
	char        foreign[200]; /* an origin that is not ours, "" when none */
	char       *same_url;     /* the last URL found to be ours; owned */
	/* Organizations that hold workspaces shared by their owners, and whether we administer them. */
	struct stopping_org {
		char        id[BATCH_ID_SIZE];
		const char *user_id; /* whose roles are asked for; borrowed */
		bool        asked, admin;
	} org[STOPPING_ORGS];
	size_t orgs;
};

/*
 * stopping_judge - for batch_judge_all: what is left alone, what a record's
 * verdicts ask for, and whether they are too old.
 */
int
stopping_judge(void *ctx, struct batch *b, struct rec *rec, struct item *item, struct err *err);

/* stopping_holds - for struct engine_act: does the fresh reading still allow the stop? */
bool
stopping_holds(void *ctx, struct item *item, struct rec *judged, struct rec *fresh,
	const struct engine_me *me, struct err *err);

/*
 * stopping_roles - which of ->org we administer: needed only where somebody
 * else's workspace was shared with us.  Reads GET /organizations/{org}/members.
 * me is borrowed as long as api is turned.  A signal ends it.
 */
void
stopping_roles(struct stopping *s, struct api *api, const struct engine_me *me,
	const volatile sig_atomic_t *signals);

void
stopping_release(struct stopping *s);

#endif
