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

/* Ids that all share one slot where the hash folds both halves without a seed. */
static void
chosen(void)
{
	enum { N = 20000 };
	struct idset set = { .seed = 0x5eed };
	struct uuid  id;
	size_t       at, run = 0, longest = 0;
	uint64_t     i;

	for (i = 1; i <= N; i++) {
		uint64_t b = i << 8, a = (b >> 31) ^ (b << 33);

		memcpy(id.byte, &a, 8);
		memcpy(id.byte + 8, &b, 8);
		idset_add(&set, &id, NULL);
	}
	for (at = 0; at < set.size; at++) {
		run = set.slot[at].turn == set.turn ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	CHECK("chosen", set.n == N && longest < 200, "%zu ids, %zu slots in a row", set.n, longest);
	idset_release(&set);
	idset_add(&set, &id, NULL);
	CHECK("seed", set.seed != 0, "none was drawn");
	idset_release(&set);
}

int
main(void)
{
	adding();
	chosen();
	return CHECK_DONE();
}
