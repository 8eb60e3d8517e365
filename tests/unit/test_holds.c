/* test_holds.c - which hold counts, and until when. */

#include "judge/holds.h"

#include <stdio.h>
#include <stdlib.h>

#include "at.h"
#include "base/rfc3339.h"
#include "base/when.h"
#include "check.h"

static void
test_workspace(void)
{
	static const struct {
		const char *text;
		bool        ok;
	} rows[] = {
		{ "ada/dev", true },
		{ "a/b", true },
		{ "ada.l-1/dev_2", true },
		{ "", false },
		{ "ada", false },
		{ "/dev", false },
		{ "ada/", false },
		{ "ada/dev/2", false },
		{ "ada/*", false },
		{ "ada/de?", false },
		{ "ada/de[v]", false },
		{ "ada /dev", false },
		{ "ada/dev\n", false },
		{ "ada/d\xc3\xa9v", false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK(rows[i].text, holds_is_workspace(rows[i].text) == rows[i].ok, "taken: %d", !rows[i].ok);
}

static void
test_match(void)
{
	const int64_t     noon = at("2026-06-12T12:00:00Z"), later = at("2026-06-12T18:00:00Z");
	const struct hold hold[] = {
		{ "ada/dev", noon, "bob", "demo", 1, false },
		{ "Grace/Hopper", noon, NULL, NULL, 2, false },
		{ "ada/dev", later, "eve", NULL, 3, false },
		{ "ada/dev", noon, NULL, "again", 4, false },
		{ "adad/ev", later, NULL, "another split", 5, false },
		{ "x/y", later,
		        "a name so long that it would leave no room for anything else in the sentence, "
		                "were it not cut somewhere",
		        "reason", 6, false },
	};
	static const struct {
		const char *name, *owner, *workspace;
		const char *now;
		const char *why; /* NULL: not held */
	} rows[] = {
		{ "the longest counts", "ada", "dev", "2026-06-12T11:00:00Z",
		        "held until 2026-06-12T18:00:00Z by eve" },
		{ "the first is over", "ada", "dev", "2026-06-12T12:00:00Z",
		        "held until 2026-06-12T18:00:00Z by eve" },
		{ "the last second", "ada", "dev", "2026-06-12T17:59:59Z",
		        "held until 2026-06-12T18:00:00Z by eve" },
		{ "its end", "ada", "dev", "2026-06-12T18:00:00Z", NULL },
		{ "after", "ada", "dev", "2026-06-12T18:00:01Z", NULL },
		{ "case does not count", "gRACE", "hOPPER", "2026-06-12T11:59:59Z",
		        "held until 2026-06-12T12:00:00Z" },
		{ "another name", "ada", "dev2", "2026-06-12T11:00:00Z", NULL },
		{ "another owner", "bob", "dev", "2026-06-12T11:00:00Z", NULL },
		{ "part of a name", "ada", "de", "2026-06-12T11:00:00Z", NULL },
		{ "the same letters, split elsewhere", "adad", "ev", "2026-06-12T11:00:00Z",
		        "held until 2026-06-12T18:00:00Z: another split" },
		{ "a slash in a name is no split", "adad/ev", "", "2026-06-12T11:00:00Z", NULL },
		{ "nobody knows whose", NULL, "dev", "2026-06-12T11:00:00Z",
		        "left alone: the record does not say its owner and name, so --holds cannot be "
		        "judged" },
		{ "nobody knows which", "ada", NULL, "2026-06-12T11:00:00Z",
		        "left alone: the record does not say its owner and name, so --holds cannot be "
		        "judged" },
		{ "cut", "x", "y", "2026-06-12T11:00:00Z",
		        "held until 2026-06-12T18:00:00Z by a name so long that it would leave no room for "
		        "anything else in the "
		        "sentence, we: reason" },
	};
	struct names_slot room[16] = { { 0 } };
	struct holds h = { .n = 0 };
	struct text  why;
	size_t       i, count;

	CHECK("none", !holds_match(&h, NULL, NULL, noon, &why) && why.n == 0, "held");
	CHECK("none", holds_expired(&h, noon, &count) == NULL && count == 0, "expired");
	holds_init(&h, hold, sizeof(hold) / sizeof(hold[0]), room, 1);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool held = holds_match(&h, rows[i].owner, rows[i].workspace, at(rows[i].now), &why);

		CHECK(rows[i].name, held == (rows[i].why != NULL), "held: %d", held);
		CHECK_TEXT(rows[i].name, why.s, rows[i].why != NULL ? rows[i].why : "");
	}
	CHECK("a second before", holds_expired(&h, noon - US_PER_S, &count) == NULL && count == 0, "%zu",
	        count);
	CHECK("three at noon", holds_expired(&h, noon, &count) == &hold[0] && count == 3, "%zu", count);
	CHECK("all", holds_expired(&h, later, &count) == &hold[0] && count == 6, "%zu", count);
}

/* Ten thousand of them: each is found, and nothing else. */
static void
test_many(void)
{
	enum { N = 10000 };
	struct hold *hold = calloc(N, sizeof(*hold));
	char(*name)[24] = calloc(N, sizeof(*name));
	struct names_slot *room = calloc(names_room(N), sizeof(*room));
	struct holds h;
	struct text  why;
	size_t       i, found = 0, wrong = 0;
	char         part[24];

	if (hold == NULL || name == NULL || room == NULL)
		abort();
	for (i = 0; i < N; i++) {
		snprintf(name[i], sizeof(name[i]), "o%zu/w%zu", i, i * 7);
		hold[i].workspace = name[i];
		hold[i].until_us = 1;
	}
	holds_init(&h, hold, N, room, 1);
	for (i = 0; i < N; i++) {
		char own[24];

		snprintf(own, sizeof(own), "O%zu", i);
		snprintf(part, sizeof(part), "W%zu", i * 7);
		found += holds_match(&h, own, part, 0, &why);
		wrong += holds_match(&h, part, own, 0, &why);
	}
	CHECK("many", found == N && wrong == 0, "%zu found, %zu wrong", found, wrong);
	free(hold);
	free(name);
	free(room);
}

int
main(void)
{
	test_workspace();
	test_match();
	test_many();
	return CHECK_DONE();
}
