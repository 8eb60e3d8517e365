/* test_json_keys.c - a second member of one name is found, whatever its spelling; nothing else is. */

#include "base/json_keys.h"

#include <stdlib.h>

#include "check.h"
#include "json_gen.h"

static struct json_keys set;

static bool
add(const char *name)
{
	struct slice s = { name, strlen(name) };

	return json_keys_add(&set, &s, strchr(name, '\\') == NULL);
}

static void
test_pairs(void)
{
	static const struct {
		const char *a, *b;
		bool        same;
	} rows[] = {
		{ "", "", true },
		{ "a", "a", true },
		{ "a", "b", false },
		{ "a", "A", false },
		{ "a", "aa", false },
		{ "a", "", false },
		{ "cws", "\\u0063ws", true },
		{ "\\u0063ws", "cws", true },
		{ "\\u0063ws", "c\\u0077s", true },
		{ "\\u0063ws", "\\u0063w", false },
		{ "\\u0063ws", "\\u0063wss", false },
		{ "a\\/b", "a/b", true },
		{ "a\\nb", "a\\u000ab", true },
		{ "a\\nb", "a\\u000db", false },
		{ "a\\\\u0041", "aA", false },
		{ "\xc3\xa9", "\\u00e9", true },
		{ "\\u00E9", "\\u00e9", true },
		{ "e\xcc\x81", "\\u00e9", false }, /* another spelling of the character, another name */
		{ "x\xe2\x82\xacy", "x\\u20acy", true },
		{ "x\\u20acy", "x\xe2\x82\xacz", false },
		{ "\xf0\x9f\x98\x80", "\\ud83d\\ude00", true },
		{ "\\ud83d\\ude00", "\\ud83d\\ude01", false },
		{ "\xc3\xa9\xc3\xa9", "\xc3\xa9\\u00e9", true },
		{ "\\u00e9\xc3\xa9", "\xc3\xa9\\u00e9", true },
		{ "\\u0000", "", false },
		{ "\\u0000", "\\u0000", true },
		{ "a\\u0000", "a", false },
		{ "a\\u0000b", "a\\u0000c", false },
		{ "1234567", "\\u0031234567", true },
		{ "12345678", "1234567\\u0038", true },
		{ "123456789", "12345678\\u0039", true },
		{ "1234567890123456", "12345678\\u00390123456", true },
		{ "12345678", "123456780", false },
		{ "1234567\\u0000", "1234567", false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_keys_begin(&set);
		CHECK(rows[i].a, add(rows[i].a), "was there already");
		CHECK(rows[i].a, add(rows[i].b) != rows[i].same, "and '%s' is wrong", rows[i].b);
		CHECK(rows[i].a, !add(rows[i].a), "is gone");
	}
}

/* Names of every length around the words that are hashed: in two spellings, and with one byte changed. */
static void
test_lengths(void)
{
	char   name[40], other[40], spelled[256];
	size_t length, at, i, n;

	for (length = 0; length < sizeof(name) - 1; length++) {
		unsigned wrong = 0;

		for (i = 0; i < length; i++)
			name[i] = (char)('a' + i % 26);
		name[length] = '\0';
		json_keys_begin(&set);
		wrong += !add(name) || add(name);
		for (at = 0; at < length; at++) {
			memcpy(other, name, sizeof(name));
			other[at] = '~';
			wrong += !add(other) || add(other);
			for (n = i = 0; i < length; i++)
				n += (size_t)snprintf(spelled + n, 8, i == at ? "\\u%04x" : "%c",
				        (unsigned)name[i]);
			wrong += add(spelled);
		}
		CHECK("length", wrong == 0, "%zu: %u wrong", length, wrong);
	}
}

/* More names than the table begins with; each is found again, in this object only. */
static void
test_many(void)
{
	enum { NAMES = 5000 };
	static char name[NAMES][16];
	unsigned    i, turn, lost, early;

	for (i = 0; i < NAMES; i++)
		snprintf(name[i], sizeof(name[i]), "member_%u", i);
	for (turn = 0; turn < 3; turn++) {
		lost = early = 0;
		json_keys_begin(&set);
		for (i = 0; i < NAMES; i++)
			early += !add(name[i]);
		for (i = 0; i < NAMES; i++)
			lost += add(name[i]);
		CHECK("many", early == 0 && lost == 0, "%u too early, %u lost", early, lost);
	}
}

/* After 2^32 objects the turns begin again; names of the first may not come back. */
static void
test_turns(void)
{
	json_keys_begin(&set);
	CHECK("first", add("a"), "was there");
	set.turn = UINT32_MAX;
	CHECK("last turn", add("a") && !add("a"), "not kept apart");
	json_keys_begin(&set);
	CHECK("around", set.turn == 1 && add("a") && !add("a"), "turn %u", (unsigned)set.turn);
}

/* Random names in random spellings against a plain search through decoded ones. */
static void
test_generated(void)
{
	static char  text[64][256];
	static char  plain[64][8];
	unsigned     round, i, k, wrong = 0;

	for (round = 0; round < 2000; round++) {
		unsigned names = 2 + gen_below(62);

		json_keys_begin(&set);
		for (i = 0; i < names; i++) {
			unsigned n = gen_below(7), at = 0;
			bool     seen = false;

			for (k = 0; k < n; k++) {
				plain[i][k] = (char)('a' + gen_below(3));
				at += (unsigned)snprintf(text[i] + at, 8, gen_below(3) ? "%c" : "\\u%04x",
				        (unsigned)plain[i][k]);
			}
			plain[i][n] = text[i][at] = '\0';
			for (k = 0; k < i; k++)
				seen = seen || strcmp(plain[k], plain[i]) == 0;
			wrong += add(text[i]) == seen;
		}
	}
	CHECK("generated", wrong == 0, "%u wrong", wrong);
}

/* Names that differ in their last two bytes alone, which one multiplication keeps out of the low bits. */
static void
test_chosen(void)
{
	static const char last[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	enum { LAST = sizeof(last) - 1, N = LAST * LAST };
	static char      name[N][9];
	struct json_keys k = { .seed = 0x5eed };
	struct slice     s = { NULL, 8 };
	size_t           i, run = 0, longest = 0;
	unsigned         refused = 0;

	json_keys_begin(&k);
	for (i = 0; i < N; i++) {
		snprintf(name[i], sizeof(name[i]), "member%c%c", last[i / LAST], last[i % LAST]);
		s.p = name[i];
		refused += !json_keys_add(&k, &s, true);
	}
	for (i = 0; i < k.size; i++) {
		run = k.slot[i].turn == k.turn ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	CHECK("chosen", longest < 100 && refused == 0, "%zu slots in a row, %u refused", longest, refused);
	json_keys_release(&k);
	json_keys_begin(&k);
	CHECK("seed", k.seed != 0, "none was drawn");
	json_keys_release(&k);
}

int
main(void)
{
	test_pairs();
	test_lengths();
	test_many();
	test_turns();
	test_generated();
	test_chosen();
	json_keys_release(&set);
	return CHECK_DONE();
}
