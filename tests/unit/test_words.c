/* test_words.c - foreign text as it may be shown, kept once. */

#include "report/words.h"

#include <stdint.h>

#include "check.h"

static void
test_keep(void)
{
	static const struct {
		const char *name, *text, *want;
		size_t      max;
	} rows[] = {
		{ "nothing", "", "", 10 },
		{ "plain", "ada/dev", "ada/dev", 10 },
		{ "what formats take for theirs stays", "<b>|\"'=`@", "<b>|\"'=`@", 20 },
		{ "control characters", "a\tb\nc\x1b[31m\x7f", "a?b?c?[31m?", 20 },
		{ "C1", "a\xc2\x80\xc2\x9f\xc2\xa0", "a??\xc2\xa0", 20 },
		{ "what turns the writing round", "\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9", "???????", 20 },
		{ "line and paragraph", "\xe2\x80\xa8\xe2\x80\xa9", "??", 20 },
		{ "their neighbours", "\xd8\x9b\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa",
		        "\xd8\x9b\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa", 40 },
		{ "just as long as may be", "0123456789", "0123456789", 10 },
		{ "longer", "0123456789a", "0123456...", 10 },
		{ "cut before a character, not in it", "012345\xc3\xa9\xc3\xa9\xc3\xa9", "012345...", 10 },
		{ "bytes that are no UTF-8", "a\xff\xc3", "a??", 10 },
	};
	struct words w = { 0 };
	size_t       i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_TEXT(rows[i].name, words_keep(&w, rows[i].text, strlen(rows[i].text), rows[i].max), rows[i].want);
	words_release(&w);
}

static void
test_json(void)
{
	static const struct {
		const char *json, *want;
	} rows[] = {
		{ "\"\"", "" },
		{ "\"ada\"", "ada" },
		{ "\"a\\\"b\\\\\"", "a\"b\\" },
		{ "\"\\u0041\\u00e9\\ud83d\\ude00\"", "A\xc3\xa9\xf0\x9f\x98\x80" },
		{ "\"a\\u0000b\\u001b\\u202e\\n\"", "a?b???" },
		{ "\"\xc3\xa9\\u00e9\"", "\xc3\xa9\xc3\xa9" },
		{ "\"\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\"",
		        "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9..." },
	};
	struct words w = { 0 };
	size_t       i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice quoted = { rows[i].json, strlen(rows[i].json) };

		CHECK_TEXT(rows[i].json, words_json(&w, quoted, 20), rows[i].want);
	}
	words_release(&w);
}

/* Thousands of texts, each one pointer, and none moved by those that came later. */
static void
test_once(void)
{
	static const char *first[5000];
	struct words       w = { 0 };
	char               text[16];
	int                i, same = 0, right = 0;

	for (i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		first[i] = words_keep(&w, text, strlen(text), 100);
	}
	for (i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		same += words_keep(&w, text, strlen(text), 100) == first[i];
		right += strcmp(first[i], text) == 0;
	}
	CHECK("one pointer", same == 5000, "%d", same);
	CHECK("not moved", right == 5000, "%d", right);
	words_release(&w);
}

static void
test_space(void)
{
	struct words w = { 0 };
	size_t       i, bad = 0;

	for (i = 0; i < 3000; i++) {
		unsigned char *p = words_space(&w, 1 + i * 7 % 500);

		bad += (uintptr_t)p % sizeof(max_align_t) % _Alignof(max_align_t) != 0 || p[0] != 0;
		memset(p, 0xff, 1 + i * 7 % 500);
	}
	CHECK("aligned and zeroed", bad == 0, "%zu", bad);
	memset(words_space(&w, 1000000), 0xff, 1000000);
	words_release(&w);
	CHECK("released", w.n == 0 && w.chunk == NULL, "%zu", w.n);
}

int
main(void)
{
	test_keep();
	test_json();
	test_once();
	test_space();
	return CHECK_DONE();
}
