/* test_slice.c - what validated bytes of JSON say: names, texts, whole numbers. */

#include "base/slice.h"

#include <stdlib.h>

#include "base/xalloc.h"

#include "check.h"

static struct slice
slice_of(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

static void
test_names(void)
{
	static const struct {
		const char *name, *word;
		size_t      n;
		bool        want;
	} rows[] = {
		{ "id", "id", 2, true },
		{ "id", "ids", 3, false },
		{ "id", "ids", 2, true },
		{ "ids", "id", 2, false },
		{ "", "", 0, true },
		{ "", "id", 2, false },
		{ "\\u0069d", "id", 2, true },
		{ "i\\u0064", "ids", 2, true },
		{ "\\u0069d", "ids", 3, false },
		{ "\\u0069ds", "ids", 2, false },
		{ "\\u00e9", "e", 1, false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice name = slice_of(rows[i].name);

		CHECK(rows[i].name, slice_spells(&name, rows[i].word, rows[i].n) == rows[i].want, "%.*s",
		        (int)rows[i].n, rows[i].word);
		if (rows[i].word[rows[i].n] == '\0')
			CHECK(rows[i].name, slice_is(&name, rows[i].word) == rows[i].want, "%s", rows[i].word);
	}
}

static void
test_text(void)
{
	static const struct {
		const char *value, *want; /* want NULL: it holds a NUL */
	} rows[] = {
		{ "\"\"", "" },
		{ "\"a\"", "a" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
		{ "\"\xc3\xa9\\u00e9\\ud83d\\ude00x\"", "\xc3\xa9\xc3\xa9\xf0\x9f\x98\x80x" },
		{ "\"\\u20ac\"", "\xe2\x82\xac" },
		{ "\"\\\\u0000\"", "\\u0000" },
		{ "\"\\u0000\"", NULL },
		{ "\"a\\u0000b\"", NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice value = slice_of(rows[i].value);
		char        *out = xcalloc(value.n, 1); /* of the very size that has to be enough */
		bool         got = slice_text(&value, out);

		CHECK(rows[i].value, got == (rows[i].want != NULL), "got %d", got);
		CHECK(rows[i].value, slice_has_nul(&value) == !got, "%d", got);
		if (got && rows[i].want != NULL)
			CHECK_TEXT(rows[i].value, out, rows[i].want);
		free(out);
	}
}

static void
test_int(void)
{
	static const struct {
		const char *value;
		bool        ok;
		int64_t     want;
	} rows[] = {
		{ "0", true, 0 },
		{ "-0", true, 0 },
		{ "-0.0e5", true, 0 },
		{ "0e999999999999999999", true, 0 },
		{ "7", true, 7 },
		{ "-28800000", true, -28800000 },
		{ "1.0", true, 1 },
		{ "1.50e1", true, 15 },
		{ "150e-1", true, 15 },
		{ "100.00", true, 100 },
		{ "0.0001E+4", true, 1 },
		{ "10000000000000000000000e-10", true, INT64_C(1000000000000) },
		{ "9007199254740991", true, INT64_C(9007199254740991) },
		{ "-9007199254740991", true, INT64_C(-9007199254740991) },
		{ "9007199254740991.000", true, INT64_C(9007199254740991) },
		{ "900719925474099.1e1", true, INT64_C(9007199254740991) },
		{ "9e15", true, INT64_C(9000000000000000) },
		{ "9007199254740992", false, 0 },
		{ "9007199254740993", false, 0 },
		{ "-9007199254740992", false, 0 },
		{ "9007199254740991.5", false, 0 },
		{ "9e16", false, 0 },
		{ "18446744073709551617", false, 0 },
		{ "36893488147419103233", false, 0 },
		{ "1e400", false, 0 },
		{ "1e18446744073709551617", false, 0 },
		{ "1e-18446744073709551617", false, 0 },
		{ "0.5", false, 0 },
		{ "15e-1", false, 0 },
		{ "1e-400", false, 0 },
		{ "1.00000000000000000000001", false, 0 },
		{ "\"7\"", false, 0 },
		{ "true", false, 0 },
		{ "null", false, 0 },
		{ "[7]", false, 0 },
		{ "{}", false, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice value = slice_of(rows[i].value);
		int64_t      got = 0;

		CHECK(rows[i].value, slice_int(&value, &got) == rows[i].ok, "%s", rows[i].ok ? "no number" : "a number");
		CHECK(rows[i].value, !rows[i].ok || got == rows[i].want, "%lld", (long long)got);
	}
}

int
main(void)
{
	test_names();
	test_text();
	test_int();
	return CHECK_DONE();
}
