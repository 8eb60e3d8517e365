/*
 * idset.h - a set of UUIDs that remembers in which order they came.
 *
 * 16 bytes and a number per id, open addressing: a listing of 10,000 workspaces
 * costs a good half MiB.  The number of an id is its index in the caller's own
 * array, so the set serves as a map too.  A server chooses the ids: the hash has
 * a seed (hash.h).
 */

#ifndef CWS_IDSET_H
#define CWS_IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/uuid.h"

struct idset {
	struct idslot {
		struct uuid id;
		uint32_t    turn; /* in use when it equals the set's */
		uint32_t    number;
	} * slot;      /* owned */
	size_t   size; /* slots, a power of two or 0 */
	size_t   n;    /* ids */
	uint32_t turn;
	uint64_t seed; /* 0: drawn before the first id */
};

/*
 * idset_add - the number of id in the order of addition; *fresh (may be NULL) says whether it is
 * new.
 */
size_t
idset_add(struct idset *set, const struct uuid *id, bool *fresh);

/* idset_find - the number of id, or -1. */
ptrdiff_t
idset_find(const struct idset *set, const struct uuid *id);

/* idset_reset - empty the set, keep the memory.  idset_release frees it; a zeroed set is empty. */
void
idset_reset(struct idset *set);
void
idset_release(struct idset *set);

#endif
