/*
 * verdict.h - what every deciding program says first about a workspace.  Pure.
 *
 * Source: cws(7), VERDICTS.  A program's own members follow these five.
 */

#ifndef CWS_VERDICT_H
#define CWS_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"
#include "when.h"

struct verdict {
	bool        due;     /* this rule says: stop it now */
	bool        keep;    /* this rule says: nobody stops it */
	const char *state;   /* one word of the program's table; a string constant */
	struct when stop_at; /* when this rule stops it; none when it never does */
	struct text why;     /* one sentence for a person */
	int64_t     at_us;   /* the instant it was judged at */
};

#endif
