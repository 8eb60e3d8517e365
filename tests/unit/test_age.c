/* test_age.c - how old an answer may be, by each form of its Age. */

#include "check.h"
#include "net/age.h"

int
main(void)
{
	static const struct {
		const char *name, *value[2];
		int64_t     want;
	} rows[] = {
		{ "from the server", { "0", NULL }, 0 },
		{ "zeros", { "000", NULL }, 0 },
		{ "a second", { "1", NULL }, 1 },
		{ "zeros before it", { "0007", NULL }, 7 },
		{ "blanks around it", { " \t7 ", NULL }, 7 },
		{ "the most", { "86400", NULL }, AGE_MOST_S },
		{ "more than that", { "86401", NULL }, AGE_MOST_S },
		{ "more than any number", { "99999999999999999999999", NULL }, AGE_MOST_S },
		{ "two fields, the first the larger", { "9", "0" }, 9 },
		{ "two fields, the last the larger", { "0", "9" }, 9 },
		{ "two fields of none", { "0", "0" }, 0 },
		{ "a list", { "3, 12 ,0", NULL }, 12 },
		{ "a list of none", { "0,0", NULL }, 0 },
		{ "nothing", { "", NULL }, AGE_UNKNOWN },
		{ "blanks", { " ", NULL }, AGE_UNKNOWN },
		{ "a word", { "old", NULL }, AGE_UNKNOWN },
		{ "negative", { "-1", NULL }, AGE_UNKNOWN },
		{ "a sign", { "+0", NULL }, AGE_UNKNOWN },
		{ "a fraction", { "0.5", NULL }, AGE_UNKNOWN },
		{ "a unit", { "0s", NULL }, AGE_UNKNOWN },
		{ "two numbers", { "0 5", NULL }, AGE_UNKNOWN },
		{ "a list that ends early", { "0,", NULL }, AGE_UNKNOWN },
		{ "malformed, then none", { "x", "0" }, AGE_UNKNOWN },
		{ "none, then malformed", { "0", "x" }, AGE_UNKNOWN },
		{ "malformed, then a number", { "x", "4" }, 4 },
		{ "a number, then malformed", { "4", "x" }, 4 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t got = age_with(0, rows[i].value[0]);

		if (rows[i].value[1] != NULL)
			got = age_with(got, rows[i].value[1]);
		CHECK(rows[i].name, got == rows[i].want, "got %lld, want %lld", (long long)got,
		        (long long)rows[i].want);
	}
	return CHECK_DONE();
}
