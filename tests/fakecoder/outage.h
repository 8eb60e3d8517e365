/*
 * outage.h - the server's own fault: its database does not answer for a while.
 *
 * Only calls that need a token are struck, as the token's record is the first
 * thing they read; what is wrong with the token's form is still said first.
 * The span is one of this machine's clock, which the change "clock" leaves alone.
 * Source: a restart of the database of v2.31.14, which answered 401; coderd of
 * v2.34 answers 500.
 */

#ifndef FAKE_OUTAGE_H
#define FAKE_OUTAGE_H

#include <stdint.h>

#include "req.h"
#include "world.h"

struct outage {
	int     status;   /* 401 or 500; 0: none */
	int64_t after;    /* so many calls go well before it begins */
	int64_t times;    /* and so many are struck then */
	int64_t for_ms;   /* or those within so long; INT64_MAX: for good */
	int64_t until_ms; /* by the monotonic clock, once it has begun */
};

/* outage_set - from {"outage":401} or 500, with "for", "times" or "after"; 0 ends it.  False: why says what is wrong. */
bool
outage_set(struct outage *o, const cJSON *json, struct buf *why);

/* outage_strikes - with which status the call that comes now is struck; 0: it is not. */
int
outage_strikes(struct outage *o);

/* outage_answer - what a call that is struck is answered. */
void
outage_answer(struct req *r, const struct world *w, int status);

#endif
