/* test_records.c - how a stream of records ends, and what is passed over on the way. */

#include "record/records.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

#define A "{\"id\":\"a\"}"
#define B "{\"id\":\"b\",\"cws\":{}}"

static const struct {
	const char       *name, *text;
	enum records_next end;
	uint64_t          ones, read, bad;
	const char       *broken; /* for the abort mark */
} rows[] = {
	{ "nothing", "", RECORDS_END, 0, 0, 0, "" },
	{ "blank lines", "\n \n\t\n\r\n", RECORDS_END, 0, 0, 0, "" },
	{ "two", A "\n" B "\n", RECORDS_END, 2, 2, 0, "" },
	{ "no newline at the end", A "\n" B, RECORDS_END, 2, 2, 0, "" },
	{ "a byte order mark, carriage returns", "\xef\xbb\xbf" A "\r\n" B "\r\n", RECORDS_END, 2, 2, 0, "" },
	{ "a bad line", A "\nnot JSON\n" B "\n", RECORDS_END, 2, 3, 1, "" },
	{ "an array", "[" A "]\n", RECORDS_END, 0, 1, 1, "" },
	{ "an array, unterminated", "[" A "]", RECORDS_END, 0, 1, 1, "" },
	{ "an array, torn", "[" A ",", RECORDS_BROKEN, 0, 0, 0, "test: its input ended in the middle of a record" },
	{ "an array over several lines", "[\n" A "\n]\n", RECORDS_END, 1, 3, 2, "" },
	{ "a whole reply", "{\"workspaces\":[" A "],\"count\":1}\n", RECORDS_END, 0, 1, 1, "" },
	{ "a whole reply, unterminated", "{\"count\":0,\"workspaces\":[]}", RECORDS_END, 0, 1, 1, "" },
	{ "a record with a list of that name", "{\"id\":\"a\",\"workspaces\":[]}\n", RECORDS_END, 1, 1, 0, "" },
	{ "a member of that name that is no list", "{\"workspaces\":{}}\n", RECORDS_END, 1, 1, 0, "" },
	{ "two on one line", A A "\n", RECORDS_END, 0, 1, 1, "" },
	{ "a member twice", "{\"id\":\"a\",\"id\":\"b\"}\n" A "\n", RECORDS_END, 1, 2, 1, "" },
	{ "a member twice, last, unterminated", "{\"id\":\"a\",\"id\":\"b\"}", RECORDS_END, 0, 1, 1, "" },
	{ "torn", A "\n{\"id\":\"b", RECORDS_BROKEN, 1, 1, 0,
		"test: its input ended in the middle of a record" },
	{ "torn at once", "{", RECORDS_BROKEN, 0, 0, 0, "test: its input ended in the middle of a record" },
	{ "torn after a bad line", "x\n{", RECORDS_BROKEN, 0, 1, 1,
		"test: its input ended in the middle of a record" },
	{ "an abort mark", A "\n{\"cws\":{\"aborted\":\"cws-fetch: no route\"", RECORDS_BROKEN, 1, 1, 0,
		"cws-fetch: no route" },
};

static void
test_ends(void)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct records    in;
		enum records_next got;
		uint64_t          ones = 0;
		FILE             *f = tmpfile();

		if (f == NULL || fputs(rows[i].text, f) < 0 || fflush(f) != 0)
			abort();
		rewind(f);
		records_open(&in, fileno(f), "test");
		while ((got = records_next(&in)) == RECORDS_ONE)
			ones++;
		CHECK(rows[i].name, got == rows[i].end, "ended with %d", got);
		CHECK(rows[i].name, ones == rows[i].ones, "%llu records", (unsigned long long)ones);
		CHECK(rows[i].name, in.read == rows[i].read, "%llu read", (unsigned long long)in.read);
		CHECK(rows[i].name, in.bad == rows[i].bad, "%llu bad", (unsigned long long)in.bad);
		CHECK_TEXT(rows[i].name, in.broken, rows[i].broken);
		records_close(&in);
		fclose(f);
	}
}

static void
test_errors(void)
{
	struct records in;

	records_open(&in, -1, "test");
	CHECK("no such descriptor", records_next(&in) == RECORDS_ERROR, "it reads");
	CHECK_TEXT("no such descriptor", in.broken, "test: cannot read its input");
	records_close(&in);
}

int
main(void)
{
	test_ends();
	test_errors();
	return CHECK_DONE();
}
