/* test_idset.c - ids are counted once, and numbered in order. */

#include "base/idset.h"
#include "check.h"

/* Ids that differ in one half only, and in few bits: what copies of a record look like. */
static struct uuid
nth(unsigned i)
{
	struct uuid id;

	memset(&id, 0, sizeof(id));
	id.byte[i % 2 == 0 ? 3 : 11] = (uint8_t)(i >> 9);
	id.byte[i % 2 == 0 ? 2 : 15] = (uint8_t)(i >> 1);
	id.byte[6] = (uint8_t)(i % 2);
	return id;
}

static void
adding(void)
{
	struct idset set;
	struct uuid  id;
	unsigned     i, wrong = 0;
	bool         fresh;

	memset(&set, 0, sizeof(set));
	id = nth(0);
	CHECK("empty", idset_find(&set, &id) == -1, "found in an empty set");
	for (i = 0; i < 20000; i++) {
		id = nth(i);
		wrong += idset_add(&set, &id, &fresh) != i || !fresh;
	}
	CHECK("numbers", wrong == 0, "%u of 20000 wrong", wrong);
	for (i = 0; i < 20000; i++) {
		id = nth(i);
		wrong += idset_add(&set, &id, &fresh) != i || fresh || idset_find(&set, &id) != (ptrdiff_t)i;
	}
	CHECK("again", wrong == 0 && set.n == 20000, "%u wrong, %zu ids", wrong, set.n);
	id = nth(20000);
	CHECK("absent", idset_find(&set, &id) == -1, "found what was not added");
	idset_reset(&set);
	id = nth(5);
	CHECK("reset", set.n == 0 && idset_find(&set, &id) == -1, "an id outlived the reset");
	CHECK("reset, add", idset_add(&set, &id, &fresh) == 0 && fresh, "not new after the reset");
	set.turn = UINT32_MAX;
	idset_reset(&set);
	CHECK("turns come round", idset_find(&set, &id) == -1 && set.turn == 1, "turn %u", set.turn);
	idset_release(&set);
	CHECK("release", set.n == 0 && idset_find(&set, &id) == -1, "not empty");
}

int
main(void)
{
	adding();
	return CHECK_DONE();
}
