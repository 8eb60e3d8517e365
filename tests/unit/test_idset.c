/* test_idset.c - UUIDs are read strictly, counted once, and numbered in order. */

#include "base/idset.h"
#include "check.h"

static void
parsing(void)
{
	static const struct {
		const char *text;
		bool        ok;
	} rows[] = {
		{ "b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11", true },
		{ "B1B7F9D2-3C55-4A1E-9A74-0C2F6A3F9E11", true },
		{ "00000000-0000-0000-0000-000000000000", true },
		{ "b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e1", false },
		{ "b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e111", false },
		{ "b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e1g", false },
		{ "b1b7f9d2-3c55-4a1e-9a740-c2f6a3f9e11", false },
		{ "b1b7f9d203c55-4a1e-9a74-0c2f6a3f9e11", false },
		{ "-1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11", false },
		{ "", false },
	};
	struct uuid id, upper;
	size_t      i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK(rows[i].text, uuid_parse(rows[i].text, strlen(rows[i].text), &id) == rows[i].ok,
		        "want %d", rows[i].ok);
	uuid_parse(rows[0].text, 36, &id);
	uuid_parse(rows[1].text, 36, &upper);
	CHECK("case", memcmp(&id, &upper, sizeof(id)) == 0, "upper and lower case differ");
	CHECK("bytes", id.byte[0] == 0xb1 && id.byte[15] == 0x11, "got %02x..%02x", id.byte[0], id.byte[15]);
}

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
	parsing();
	adding();
	chosen();
	return CHECK_DONE();
}
