/*
 * names.h - a table of names, looked up without regard to ASCII case.  Pure.
 *
 * A name has a number, the index in the caller's own array.  Several names may
 * be equal, and a look-up finds each in turn.  The table does not grow: the
 * caller knows how many names there are at most, and its memory is the caller's.
 * Coder's names are ASCII and its look-ups ignore case; other bytes count as
 * they are.
 */

#ifndef CWS_NAMES_H
#define CWS_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct names_slot {
	const char *s; /* NULL: free */
	uint32_t    n, number;
};

/* All zero is an empty table, with room for nothing. */
struct names {
	struct names_slot *slot; /* the caller's */
	size_t             slots;
	uint64_t           seed;
};

/* names_room - how many struct names_slot a table of up to n names needs. */
size_t
names_room(size_t n);

/*
 * names_init - an empty table in zeroed memory of names_room(n); seed: random_u64(), any in a test.
 */
void
names_init(struct names *t, struct names_slot *room, size_t n, uint64_t seed);

/* names_add - one more name of n bytes, borrowed for the life of the table. */
void
names_add(struct names *t, const char *s, size_t n, size_t number);

/*
 * names_find - the number of the name "owner/name", or of just name where owner is NULL; -1 when
 * there is none.  *step, 0 at first, is moved on: called again with it, the next of equal names.
 */
ptrdiff_t
names_find(const struct names *t, const char *owner, const char *name, size_t *step);

#endif
