/* test_label.c - the text of an event on one line. */

#include "calendar/label.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

static void
test_rows(void)
{
	static const struct {
		const char *name, *text, *label;
	} rows[] = {
		{ "nothing", "", "" },
		{ "none", NULL, "" },
		{ "as it is", "Tag der Arbeit (1. Mai)", "Tag der Arbeit (1. Mai)" },
		{ "UTF-8", "F\xc3\xaate nationale \xe5\x85\x83\xe6\x97\xa5 \xf0\x9f\x8e\x84", "F\xc3\xaate nationale \xe5\x85\x83\xe6\x97\xa5 \xf0\x9f\x8e\x84" },
		{ "Latin-1", "No\xebl \xe9t\xe9", "No\xc3\xabl \xc3\xa9t\xc3\xa9" },
		{ "blanks", "  a \t b  ", "a b" },
		{ "lines", "a\nb\r\nc\n", "a b c" },
		{ "controls", "a\x01\x1b[31mb\x7f", "a [31mb" },
		{ "C1 controls", "a\xc2\x9b" "31mb\xc2\x85" "c", "a 31mb c" },
		{ "C1 controls of Latin-1", "\xe9\x9b" "31m", "\xc3\xa9 31m" },
		{ "a no-break space, separators", "a\xc2\xa0" "b\xe2\x80\xa8" "c\xe2\x80\xa9" "d", "a b c d" },
		{ "only blanks", " \n\t\x02 ", "" },
		{ "a date in front", "2026-12-25 Christmas", "# 2026-12-25 Christmas" },
		{ "behind blanks", " \x01\t2026-12-25", "# 2026-12-25" },
		{ "behind a dash", "- 2026-12-25", "# - 2026-12-25" },
		{ "a date further on", "Easter 2026-04-05", "Easter 2026-04-05" },
		{ "a number in front", "2026 ends", "2026 ends" },
		{ "overlong UTF-8 is none", "\xc0\xaf", "\xc3\x80\xc2\xaf" },
		{ "a surrogate is none", "\xed\xa0\x80x", "\xc3\xad x" },
		{ "cut short", "a\xe2\x82", "a\xc3\xa2" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *got = label_of(rows[i].text);

		CHECK_TEXT(rows[i].name, got, rows[i].label);
		free(got);
	}
}

/* Cut at a character, whatever the length of the characters. */
static void
test_length(void)
{
	static const char *const chars[] = { "x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8e\x84", "\xe9" };
	size_t                   i, k;

	for (i = 0; i < sizeof(chars) / sizeof(chars[0]); i++) {
		size_t size = strlen(chars[i]), as = strcmp(chars[i], "\xe9") == 0 ? 2 : size;
		char   text[4 * 300 + 1] = "", *got;

		for (k = 0; k < 300; k++)
			strcat(text, chars[i]);
		got = label_of(text);
		CHECK(chars[i], strlen(got) == LABEL_MAX / as * as, "%zu bytes", strlen(got));
		free(got);
	}
}

int
main(void)
{
	test_rows();
	test_length();
	return CHECK_DONE();
}
