/* test_journal.c - lines of a journal: written, read back, and which of them are still open. */

#include "books/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"

#include "check.h"

#define ID_A "aaaaaaaa-0000-4000-8000-000000000001"
#define ID_B "bbbbbbbb-0000-4000-8000-000000000002"
#define LINE(more)                                                                                                     \
	"{\"run\":\"r1\",\"at\":\"2026-06-16T19:00:00Z\",\"intent\":\"stop\",\"id\":\"" ID_A                          \
	"\",\"owner_name\":\"ada\",\"name\":\"dev\",\"build_id\":\"" ID_B "\",\"build_number\":41,"                    \
	"\"url\":\"https://c\"" more "}"

static void
test_parse(void)
{
	static const struct {
		const char *name, *line;
		int         want;
		const char *err; /* NULL: none */
	} rows[] = {
		{ "an intent", LINE(""), 0, NULL },
		{ "an outcome", LINE(",\"outcome\":{\"result\":\"accepted\"}"), 0, NULL },
		{ "a null outcome is none", LINE(",\"outcome\":null"), 0, NULL },
		{ "members of later versions", LINE(",\"x\":[1]"), 0, NULL },
		{ "a record", "{\"id\":\"" ID_A "\",\"cws\":{}}", 1, NULL },
		{ "no member at all", "{}", 1, NULL },
		{ "another intent", "{\"intent\":\"delete\"}", -1, "a line of a journal without a usable '.intent'" },
		{ "an intent that is no text", "{\"intent\":1}", -1, "'.intent' is not a string" },
		{ "nothing but an intent", "{\"intent\":\"stop\"}", -1, "a line of a journal without a usable '.run'" },
		{ "an outcome that is none", LINE(",\"outcome\":\"accepted\""), -1,
			"a line of a journal without a usable '.outcome'" },
		{ "a moved deadline without one",
			"{\"run\":\"r1\",\"at\":\"2026-06-16T19:00:00Z\",\"intent\":\"soften\",\"id\":\"" ID_A
			"\",\"build_id\":\"" ID_B "\",\"build_number\":41,\"url\":\"https://c\"}", -1,
			"a line of a journal without a usable '.deadline_after'" },
		{ "names that are not known",
			"{\"run\":\"r1\",\"at\":\"2026-06-16T19:00:00Z\",\"intent\":\"stop\",\"id\":\"" ID_A
			"\",\"owner_name\":null,\"build_id\":\"" ID_B "\",\"build_number\":41,\"url\":\"https://c\"}", 0, NULL },
		{ "an id that cannot stand in a path",
			"{\"run\":\"r1\",\"at\":\"2026-06-16T19:00:00Z\",\"intent\":\"stop\",\"id\":\"../x\""
			",\"build_id\":\"" ID_B "\",\"build_number\":41,\"url\":\"https://c\"}", -1,
			"a line of a journal without a usable '.id'" },
		{ "no build number",
			"{\"run\":\"r1\",\"at\":\"2026-06-16T19:00:00Z\",\"intent\":\"stop\",\"id\":\"" ID_A
			"\",\"build_id\":\"" ID_B "\",\"url\":\"https://c\"}", -1,
			"a line of a journal without a usable '.build_number'" },
		{ "no instant",
			"{\"run\":\"r1\",\"intent\":\"stop\",\"id\":\"" ID_A
			"\",\"build_id\":\"" ID_B "\",\"build_number\":41,\"url\":\"https://c\"}", -1,
			"a line of a journal without a usable '.at'" },
		{ "a run that is too long",
			"{\"run\":\"0123456789012345678901234567890123456789\",\"intent\":\"stop\"}", -1,
			"a line of a journal without a usable '.run'" },
	};
	struct rec *rec = rec_new();
	size_t      i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct journal_line l;
		struct err          err = { .text = "" };
		int                 got;

		if (rec_parse(rec, rows[i].line, strlen(rows[i].line), &err) != REC_OK)
			abort();
		got = journal_parse(rec, &l, &err);
		CHECK(rows[i].name, got == rows[i].want, "got %d: %s", got, err.text);
		if (rows[i].err != NULL)
			CHECK_TEXT(rows[i].name, err.text, rows[i].err);
	}
	rec_free(rec);
}

/* What is written is read back, whatever the names hold. */
static void
test_round_trip(void)
{
	struct journal_line l = { .run = "r1", .id = ID_A, .build_id = ID_B, .owner_id = ID_B, .owner_name = "a\"\\\n\xff", .name = "dev",
		.url = "https://c", .action = ACTION_SOFTEN, .build_number = 41, .at = { true, INT64_C(1781636400000000) },
		.before = { true, INT64_C(1781640000250000) }, .after = { true, INT64_C(1781638200000000) } }, got;
	char           path[] = "/tmp/test_journal.XXXXXX", text[2000];
	struct journal j;
	struct err     err = { .text = "" };
	struct rec    *rec = rec_new();
	struct buf     record, value;
	int            fd = mkstemp(path);
	ssize_t        n;
	char          *second;

	if (fd == -1 || write(fd, "torn", 4) != 4)
		abort();
	CHECK("open", journal_open(&j, path, &err) == 0, "%s", err.text);
	CHECK("intent", journal_write(&j, &l, &err) == 0, "%s", err.text);
	l.outcome = (struct slice){ "{\"result\":\"softened\"}", 21 };
	CHECK("outcome", journal_write(&j, &l, &err) == 0, "%s", err.text);
	CHECK("close", journal_close(&j, &err) == 0, "%s", err.text);
	n = pread(fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	CHECK("a torn line is ended", strncmp(text, "torn\n{", 6) == 0, "%s", text);
	second = strchr(text + 5, '\n') + 1;
	CHECK("parse", rec_parse(rec, text + 5, (size_t)(second - text) - 6, &err) == REC_OK &&
		journal_parse(rec, &got, &err) == 0, "%s", err.text);
	CHECK_TEXT("owner", got.owner_name, "a\"\\\n?");
	CHECK_TEXT("owner's id", got.owner_id, ID_B);
	CHECK("action", got.action == ACTION_SOFTEN && got.build_number == 41 && got.outcome.p == NULL, "other");
	CHECK("instants", got.at.us == l.at.us && got.before.us == l.before.us && got.after.us == l.after.us, "other");
	CHECK("parse", rec_parse(rec, second, strlen(second) - 1, &err) == REC_OK && journal_parse(rec, &got, &err) == 0,
		"%s", err.text);
	CHECK("outcome", got.outcome.n == 21 && memcmp(got.outcome.p, l.outcome.p, 21) == 0, "%.*s", (int)got.outcome.n,
		got.outcome.p);
	buf_init(&record, BUF_RECORD_MAX);
	buf_init(&value, 16);
	buf_puts(&value, "{}");
	journal_record(&got, "start", &value, &record);
	CHECK_TEXT("record", buf_text(&record), "{\"id\":\"" ID_A "\",\"owner_id\":\"" ID_B "\",\"owner_name\":\"a\\\"\\\\\\u000a?\",\"name\":\"dev\","
		"\"url\":\"https://c\",\"cws\":{\"stop\":{\"result\":\"softened\"},\"start\":{}}}");
	buf_reset(&record);
	journal_record(&got, "stop", &value, &record);
	CHECK_TEXT("its own", strstr(buf_text(&record), "\"cws\""), "\"cws\":{\"stop\":{}}}");
	buf_release(&record);
	buf_release(&value);
	rec_free(rec);
	close(fd);
	unlink(path);
}

/*
 * A letter per workspace, small for an intent, with its run; ".": a start, "!": an outcome that claims no build,
 * "/": on another server.
 */
static void
test_settle(void)
{
	static const struct {
		const char *name, *lines, *want;
	} rows[] = {
		{ "nothing", "", "" },
		{ "open", "a1", "o" },
		{ "settled", "a1 A1", "--" },
		{ "one of two", "a1 b1 B1", "o--" },
		{ "settled by another run", "a1 A2!", "o-" },
		{ "covered by another run", "a1 A2", "c-" },
		{ "covered by an outcome before it", "A2 a1", "-c" },
		{ "covered by a later intent", "a1 b1 a2", "coo" },
		{ "a later intent that came to nothing", "a1 a2 A2!", "o--" },
		{ "another workspace covers none", "a1 B2", "o-" },
		{ "a start covers no stop", "a1 A2.", "o-" },
		{ "settled by another action", "a1 A1.", "o-" },
		{ "another server covers none", "a1/ A2", "o-" },
		{ "of three the last", "a1 a2 a3", "cco" },
		{ "its own earlier outcome covers none", "A1 a1", "-o" },
		{ "two runs' outcomes cover any", "A1 A2 a1", "--c" },
		{ "sent again, open", "a1 a1", "-o" },
		{ "sent again, settled", "a1 a1 A1", "---" },
		{ "an outcome before it", "A1 a1", "-o" },
		{ "two runs", "a1 A1! a2", "--o" },
		{ "a stop and a start", "a1 A1 a1.", "--o" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct journal_key  line[8];
		const char         *p = rows[i].lines;
		size_t              n = 0, k;

		memset(line, 0, sizeof(line));
		for (; *p != '\0'; n++) {
			bool outcome = *p < 'a';

			line[n].id.byte[0] = (uint8_t)(outcome ? *p + 'a' - 'A' : *p);
			snprintf(line[n].run, sizeof(line[n].run), "%c", p[1]);
			line[n].told = outcome;
			line[n].here = p[2] != '/';
			line[n].build_number = 7;
			line[n].made = outcome && p[2] != '!' ? 8 : 0;
			line[n].action = p[2] == '.' ? ACTION_START : ACTION_STOP;
			p += p[2] == '.' || p[2] == '!' || p[2] == '/' ? 3 : 2;
			p += *p == ' ';
		}
		journal_settle(line, n);
		for (k = 0; k < n; k++) {
			char got = !line[k].open ? '-' : line[k].claimed ? 'c' : 'o';

			CHECK(rows[i].name, got == rows[i].want[k], "line %zu is '%c'", k + 1, got);
		}
	}
}

static void
test_faults(void)
{
	struct journal      none = { .path = NULL }, j;
	struct journal_line l = { .run = "r1" };
	struct err          err = { .text = "" };

	CHECK("no journal takes every line", journal_write(&none, &l, &err) == 0 && journal_close(&none, &err) == 0, "%s",
		err.text);
	CHECK("no such directory", journal_open(&j, "/nonexistent/j", &err) == -1 && err.status == CWS_FAIL, "opened");
	CHECK_TEXT("no such directory", err.text, "the journal '/nonexistent/j': cannot be opened: No such file or directory");
	CHECK("a full disk", journal_open(&j, "/dev/full", &err) == 0 && journal_write(&j, &l, &err) == -1, "written");
	CHECK_TEXT("a full disk", err.text, "the journal '/dev/full': cannot be written: No space left on device");
	CHECK("closed", journal_close(&j, &err) == 0, "%s", err.text);
}

int
main(void)
{
	test_parse();
	test_round_trip();
	test_settle();
	test_faults();
	return CHECK_DONE();
}
