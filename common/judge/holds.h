/*
 * holds.h - dated promises to leave a workspace alone.  Pure.
 *
 * A hold names one workspace, "owner/name" in any ASCII case, and the instant
 * until which nobody stops it; that instant itself is free again.  Of several
 * for one workspace the longest counts.  Names are hashed once, so that a
 * thousand holds cost a record no more than one.  holds_load.h reads the file.
 * Source: cws(7), HOLDS.
 */

#ifndef CWS_HOLDS_H
#define CWS_HOLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/text.h"

struct hold {
	const char *workspace; /* "owner/name" */
	int64_t     until_us;
	const char *who, *why; /* NULL when nobody said */
	uint64_t    line;      /* of the file, for messages */
	bool        seen;      /* the caller has met the workspace */
};

/* All zero holds nothing. */
struct holds {
	const struct hold *hold; /* borrowed */
	size_t             n;
	struct names       names; /* by workspace */
};

/* holds_is_workspace - does the text name one workspace: two names, no blanks, one slash? */
bool
holds_is_workspace(const char *text);

/*
 * holds_init - n holds (fewer than 2^31), zeroed memory of names_room(n), both borrowed; seed:
 * names.h.
 */
void
holds_init(
        struct holds *h, const struct hold *hold, size_t n, struct names_slot *room, uint64_t seed);

/*
 * holds_match - is this workspace held at now_us?  *why (cleared first) then
 * says until when, by whom and why.  Where there are holds and the record does
 * not say whose it is or its name (NULL), it is held too: nobody can tell.
 */
bool
holds_match(const struct holds *h, const char *owner, const char *name, int64_t now_us,
        struct text *why);

/*
 * holds_expired - the first hold that has ended by now_us, NULL when there is none; *count of them.
 */
const struct hold *
holds_expired(const struct holds *h, int64_t now_us, size_t *count);

#endif
