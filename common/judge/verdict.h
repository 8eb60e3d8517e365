/*
 * verdict.h - what every deciding program says first about a workspace.  Pure.
 *
 * Source: cws(7), VERDICTS.  A program's own members follow these five.
 */

#ifndef CWS_VERDICT_H
#define CWS_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "base/when.h"

#define VERDICT_IDLE_MAX (INT64_MAX / US_PER_S)

struct verdict {
	bool        due;     /* this rule says: stop it now */
	bool        keep;    /* this rule says: nobody stops it */
	const char *state;   /* one word of the program's table; a string constant */
	struct when stop_at; /* when this rule stops it; none when it never does */
	struct text why;     /* one sentence for a person */
	int64_t     at_us;   /* the instant it was judged at */
};

/*
 * A verdict as found on a record: any object under cws with a boolean due or
 * keep, ours or a person's.  Texts are borrowed from the record and "" when
 * absent; members that a foreign verdict lacks are none.
 */
struct verdict_seen {
	const char *name; /* "ttl", "quiet", "mine" */
	const char *state, *why;
	bool        due, keep;
	struct when at;
	struct when stop_at;
	struct when deadline;                 /* of ttl: the deadline it was judged by */
	struct when window_start, window_end; /* of quiet */
	/* it was unused for so long: of quiet with --idle, of habit always */
	bool        has_idle;
	int64_t     idle_s; /* 0 to VERDICT_IDLE_MAX */
	/* what narrows it and cannot be read, "idle_s": it does not hold; NULL: nothing */
	const char *unreadable;
};

#endif
