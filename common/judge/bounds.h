/*
 * bounds.h - may a run of this size go on?  Pure.
 *
 * What counts are distinct workspaces that are due and not kept, before any is
 * read again.  Over a bound nothing at all is sent, never a part of it.
 * Source: cws-stop(1).
 */

#ifndef CWS_BOUNDS_H
#define CWS_BOUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct bounds {
	int64_t max;           /* --max */
	int64_t max_percent;   /* --max-percent, of those that run; -1: no bound */
	int64_t max_per_owner; /* --max-per-owner; -1: no bound */
};

/* bounds_total, bounds_owner - within the bound?  Else false, and why names the flag to raise. */
bool
bounds_total(const struct bounds *b, int64_t due, struct text *why);
bool
bounds_owner(const struct bounds *b, const char *owner, int64_t due, struct text *why);

/*
 * bounds_percent - the same against the number that the server says are running; -1: it does not
 * say.
 */
bool
bounds_percent(const struct bounds *b, int64_t due, int64_t running, struct text *why);

#endif
