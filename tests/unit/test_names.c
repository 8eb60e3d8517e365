/* test_names.c - names found in any case, in two parts, each of several; chosen ones share no slots. */

#include "base/names.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "check.h"

static void
test_find(void)
{
	static const char *const name[] = { "ada", "Ada/dev", "ADA", "a", "", "twelve-bytes", "eight-by", "ada/de",
		"x\xc3\x89" };
	static const struct {
		const char *label, *owner, *name;
		ptrdiff_t   first, second;
	} rows[] = {
		{ "any case, each of two", NULL, "aDa", 0, 2 },
		{ "two parts", "ADA", "DEV", 1, -1 },
		{ "two parts in one", NULL, "ada/dev", 1, -1 },
		{ "the other way round", "dev", "ada", -1, -1 },
		{ "a part", NULL, "dev", -1, -1 },
		{ "shorter", NULL, "ad", -1, -1 },
		{ "longer", NULL, "adaa", -1, -1 },
		{ "one byte", NULL, "A", 3, -1 },
		{ "no byte", NULL, "", 4, -1 },
		{ "no owner's", "", "", -1, -1 },
		{ "more than a word", NULL, "TWELVE-bytes", 5, -1 },
		{ "a word", NULL, "eight-BY", 6, -1 },
		{ "parts across a word", "ada", "de", 7, -1 },
		{ "bytes as they are", NULL, "X\xc3\x89", 8, -1 },
		{ "and no other", NULL, "x\xc3\xa9", -1, -1 },
	};
	enum { N = sizeof(name) / sizeof(name[0]) };
	struct names_slot *room = calloc(names_room(N), sizeof(*room));
	struct names       t = { .slots = 0 };
	size_t             i, step = 0;

	CHECK("empty", names_find(&t, NULL, "ada", &step) == -1, "found");
	names_init(&t, room, N, 7);
	for (i = 0; i < N; i++)
		names_add(&t, name[i], strlen(name[i]), i);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ptrdiff_t a, b;

		step = 0;
		a = names_find(&t, rows[i].owner, rows[i].name, &step);
		b = a >= 0 ? names_find(&t, rows[i].owner, rows[i].name, &step) : -1;
		CHECK(rows[i].label, (a == rows[i].first && b == rows[i].second) || (a == rows[i].second && b == rows[i].first),
		        "%td, %td", a, b);
	}
	free(room);
}

/* Names that all begin in one slot where the hash is FNV-1a, which knows no seed. */
static void
test_chosen(void)
{
	enum { N = 2000, SLOTS = 4096 };
	static char        name[N][12];
	struct names_slot *room = calloc(names_room(N), sizeof(*room));
	struct names       t;
	unsigned           i, n = 0;
	size_t             step, most = 0;

	names_init(&t, room, N, 0x5eed);
	CHECK("chosen", t.slots == SLOTS, "%zu slots", t.slots);
	for (i = 0; n < N; i++) {
		uint64_t    h = UINT64_C(0xcbf29ce484222325);
		const char *p;

		snprintf(name[n], sizeof(name[n]), "w%u", i);
		for (p = name[n]; *p != '\0'; p++)
			h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
		if ((h & (SLOTS - 1)) != 0)
			continue;
		names_add(&t, name[n], strlen(name[n]), n);
		n++;
	}
	for (i = 0; i < N; i++) {
		step = 0;
		CHECK("chosen", names_find(&t, NULL, name[i], &step) == (ptrdiff_t)i, "%s is lost", name[i]);
		most = step > most ? step : most;
	}
	CHECK("chosen", most < 64, "%zu steps to a name", most);
	free(room);
}

int
main(void)
{
	test_find();
	test_chosen();
	return CHECK_DONE();
}
