/*
 * guard.h - what every program that acts asks of a record, whatever it does then:
 * is it of our server, does anything veto it, is it somebody else's?
 */

#ifndef CWS_GUARD_H
#define CWS_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "act/batch.h"
#include "act/reread.h"
#include "act/sharing.h"
#include "coder/server.h"
#include "settings/exclusions.h"

struct guard {
	struct exclusions *exclusions; /* borrowed */
	struct sharing     shared;
	const char        *origin; /* of the configured server; borrowed */
	int64_t            now_us; /* the one instant records are judged at */
	bool               replay; /* --now: verify as of now_us too */
	bool  soft_plan;           /* a record is of the plan of a soft stop, and this is not it */
	char  foreign[200];        /* an origin that is not ours, "" when none was seen */
	char *same_url;            /* the last URL found to be ours; owned */
};

void
guard_release(struct guard *a);

/* guard_origin - note the server that a record came from, where it says so.  -1 with err. */
int
guard_origin(struct guard *a, struct rec *rec, struct err *err);

/*
 * guard_vetoed - is the record of the item excluded or held, as of ->now_us?  1 with
 * item->why, 0, or -1 with err.
 */
int
guard_vetoed(struct guard *a, struct item *item, struct rec *rec, struct err *err);

/* guard_now_us - the instant to verify at: by the server's clock, or that of --now. */
int64_t
guard_now_us(const struct guard *a, const struct server *server);

/*
 * guard_leaves - just before the request: is the workspace vetoed by what the server says
 * of it now, or somebody else's?  What jq wrote on the record does not count; only of the
 * owner's groups the server's answer says nothing, so those stay as judged.
 * 1 with item->why, 0, or -1 with err.
 */
int
guard_leaves(struct guard *a, struct item *item, const struct reread *again, struct err *err);

#endif
