/* test_text.c - sentences of bounded length. */

#include "base/text.h"

#include "check.h"

static void
test_span(void)
{
	static const struct {
		int64_t     s;
		const char *text;
	} rows[] = {
		{ 0, "0s" },
		{ 1, "1s" },
		{ 59, "59s" },
		{ 60, "1m" },
		{ 61, "1m 1s" },
		{ 3599, "59m 59s" },
		{ 3600, "1h" },
		{ 3601, "1h" },
		{ 5340, "1h 29m" },
		{ 86399, "23h 59m" },
		{ 86400, "1d" },
		{ 90000, "1d 1h" },
		{ -60, "1m" },
		{ INT64_MAX, "106751991167300d 15h" },
		{ INT64_MIN, "106751991167300d 15h" },
	};
	struct text t;
	size_t      i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		text_clear(&t);
		text_span(&t, rows[i].s);
		CHECK_TEXT(rows[i].text, t.s, rows[i].text);
	}
}

static void
test_put(void)
{
	struct text t;
	int         i;

	text_clear(&t);
	text_put(&t, NULL);
	CHECK_TEXT("nothing", t.s, "");
	text_put(&t, "due ");
	text_int(&t, -42);
	text_put(&t, " ");
	text_int(&t, INT64_MIN);
	CHECK_TEXT("numbers", t.s, "due -42 -9223372036854775808");
	text_clear(&t);
	text_instant(&t, 0);
	CHECK_TEXT("instant", t.s, "1970-01-01T00:00:00Z");

	/* 254 bytes leave room for one more, not for a character of two. */
	text_clear(&t);
	for (i = 0; i < 254; i++)
		text_put(&t, "x");
	text_put(&t, "\xc3\xa9");
	CHECK("cut", t.n == 254 && strlen(t.s) == 254, "%zu bytes", t.n);
	text_put(&t, "yz");
	CHECK("full", t.n == 255 && t.s[254] == 'y', "%zu bytes", t.n);
	text_put(&t, "z");
	CHECK("full", t.n == 255 && t.s[255] == '\0', "%zu bytes", t.n);
}

int
main(void)
{
	test_span();
	test_put();
	return CHECK_DONE();
}
