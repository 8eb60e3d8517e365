/* test_batch.c - held records: judged, bounded, written in order, with every member of .cws.stop. */

#include "act/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/rfc3339.h"
#include "base/xalloc.h"

#include "check.h"

#define ID_A "aaaaaaaa-0000-4000-8000-000000000001"
#define ID_B "bbbbbbbb-0000-4000-8000-000000000002"

/* A descriptor to read text from. */
static int
input(const char *text)
{
	FILE *f = tmpfile();
	int   fd;

	if (f == NULL || fputs(text, f) < 0 || fflush(f) != 0)
		abort();
	fd = dup(fileno(f));
	fclose(f);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* What was written to fd; owned by the caller. */
static char *
text_of(int fd)
{
	char   *text = xcalloc(1 << 16, 1);
	ssize_t n = pread(fd, text, (1 << 16) - 1, 0);

	if (n < 0)
		abort();
	return text;
}

struct named {
	const char *name;
};

static const struct fact named_fact[] = { FACT(struct named, name, ".name") };

static const struct fact_table named_table = FACT_TABLE(named_fact);

/* The judge of these tests goes by the record's name: d is due, k is kept, s is due but stale, x is bad. */
static int
judge(void *ctx, struct batch *b, struct rec *rec, struct item *item, struct err *err)
{
	struct named is;
	const char  *name;

	(void)ctx;
	if (rec_read(rec, &named_table, &is, err) != 0 || (name = is.name) == NULL || name[0] == 'x')
		return err_set(err, CWS_PARTIAL, "bad");
	item->kept = name[0] == 'k';
	item->due = name[0] == 'd' || name[0] == 's';
	if (name[0] != 'd')
		batch_close(b, item, RESULT_SKIPPED,
			item->kept ? "kept" : name[0] == 's' ? "stale" : "not due");
	return 0;
}

static void
held_for(struct batch *b, enum action action, bool last, bool open, const char *text, enum records_next want)
{
	struct records    in;
	enum records_next got;
	int               fd = input(text);

	batch_init(b, action);
	records_open(&in, fd, "test");
	got = batch_read(b, &in);
	if (!batch_judge_all(b, &in, judge, NULL))
		got = RECORDS_BROKEN;
	CHECK(text, got == want, "read ended with %d", got);
	batch_duplicates(b, last);
	if (open)
		batch_open_items(b);
	records_close(&in);
	close(fd);
}

static void
held(struct batch *b, const char *text, enum records_next want)
{
	held_for(b, ACTION_STOP, false, false, text, want);
}

/* The same, with items for what is open. */
static void
opened(struct batch *b, const char *text, enum records_next want)
{
	held_for(b, ACTION_STOP, false, true, text, want);
}

/* Ids 1 and 2 of a row are these; anything else stands for itself. */
static const char *
id_of(char c)
{
	if (c == 'U')
		return "AAAAAAAA-0000-4000-8000-000000000001";
	return c == '1' ? ID_A : c == '2' ? ID_B : "no-uuid";
}

/* A copy that is bad keeps, as far as its id can be read. */
static void
test_bad_copies(void)
{
	static const struct {
		const char *copy;
		bool        keeps;
		size_t      nameless;
	} rows[] = {
		{ "{\"id\":\"" ID_A "\",\"name\":\"x\"}", true, 0 },
		{ "{\"id\":\"" ID_A "\",\"name\":7}", true, 0 },
		{ "{\"id\":\"" ID_A "\",\"name\":\"n\",\"name\":\"k\"}", true, 0 },
		{ "{\"cws\":{\"keep\":true},\"id\":\"" ID_A "\",\"name\":\"n\"}", true, 0 },
		{ "{\"id\":\"" ID_A "\",\"cws\":{\"mine\":{\"keep\":\"yes\"}},\"name\":\"n\"}", true, 0 },
		{ "{\"id\":\"" ID_A "\",\"name\":\"n\"", true, 0 },
		{ "{\"id\":\"" ID_B "\",\"name\":\"n\"", false, 0 },
		{ "{\"name\":\"n\"", false, 1 },
		{ "[]", false, 0 },
		{ "{\"id\":\"no-uuid\",\"cws\":{\"keep\":true}}", false, 0 },
		{ "{\"id\":\"no-uuid\",\"id\":\"" ID_A "\"}", true, 0 },
		{ "{\"id\":\"" ID_B "\"}{\"id\":\"" ID_A "\"}", true, 0 },
		{ "{\"id\":\"" ID_B "\"} {\"id\":\"" ID_B "\"} {\"id\":\"" ID_A "\",\"na", true, 0 },
		{ "{\"id\":\"" ID_B "\"}{\"name\":\"n\"}", false, 1 },
		{ "{\"id\":\"" ID_B "\"}}{\"id\":\"" ID_B "\"}", false, 0 },
		{ "{\"id\":\"" ID_B "\",\"na{\"id\":\"" ID_A "\"}", true, 0 },
		{ "{\"id\":\"" ID_B "\",\"name\":\"" ID_A, false, 0 },
	};
	static const char due[] = "{\"id\":\"" ID_A "\",\"name\":\"d\"}\n";
	size_t            i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct batch b;
		struct buf   text;

		buf_init(&text, BUF_RECORD_MAX);
		buf_printf(&text, "%s%s\n", due, rows[i].copy);
		held(&b, buf_text(&text), RECORDS_END);
		CHECK(rows[i].copy, b.n == 1 && batch_item(&b, 0)->due == !rows[i].keeps, "%zu records", b.n);
		CHECK(rows[i].copy, b.nameless == rows[i].nameless, "%zu nameless", b.nameless);
		batch_release(&b);
		buf_release(&text);
	}
}

static void
test_duplicates(void)
{
	static const struct {
		const char *name;
		const char *in;   /* pairs of a record's name and its id */
		const char *want; /* for each: . open, s skipped */
		size_t      due;
		const char *why;  /* of the last one */
	} rows[] = {
		{ "nothing", "", "", 0, NULL },
		{ "two workspaces", "d1 d2", "..", 2, "" },
		{ "one twice", "d1 d1", ".s", 1, "an earlier line of the input has the same id" },
		{ "one thrice, another between", "d1 d2 d1 d1", "..ss", 2,
			"an earlier line of the input has the same id" },
		{ "kept after", "d1 k1", "ss", 0, "kept" },
		{ "kept before", "k1 d1", "ss", 0, "another line of the input keeps it" },
		{ "kept between", "d1 k1 d1 d2", "sss.", 1, "" },
		{ "the first is not due", "n1 d1", "s.", 1, "" },
		{ "a stale copy first", "s1 d1", "ss", 1, "an earlier line of the input has the same id" },
		{ "a stale copy later", "d1 s1", ".s", 1, "stale" },
		{ "a stale one alone counts for the bounds", "s1 d2", "s.", 2, "" },
		{ "no id that can be read again", "d? d?", "ss", 0,
			"its id is no UUID, so it cannot be read again" },
		{ "an id in capitals", "dU", "s", 0, "its id is no UUID, so it cannot be read again" },
		{ "a keep without an id keeps only itself", "k? d1", "s.", 1, "" },
		{ "bad ones are gone", "x? d1 x2", ".", 1, "" },
		{ "a bad copy keeps", "d2 x1 d1", ".s", 1, "another line of the input has the same id and is bad" },
	};
	size_t i, at;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct batch b;
		struct buf   text;
		const char  *p;

		buf_init(&text, BUF_RECORD_MAX);
		for (p = rows[i].in; *p != '\0'; p += p[2] == ' ' ? 3 : 2)
			buf_printf(&text, "{\"id\":\"%s\",\"name\":\"%c\"}\n", id_of(p[1]), p[0]);
		held(&b, buf_text(&text), RECORDS_END);
		CHECK(rows[i].name, b.n == strlen(rows[i].want), "%zu records", b.n);
		CHECK(rows[i].name, batch_due(&b) == rows[i].due, "%zu due", batch_due(&b));
		for (at = 0; at < b.n; at++)
			CHECK(rows[i].name, (batch_result(&b, at) == RESULT_NONE) == (rows[i].want[at] == '.'),
				"record %zu is %s: %s", at + 1, result_name(batch_result(&b, at)),
				batch_item(&b, at)->why.s);
		if (rows[i].why != NULL)
			CHECK_TEXT(rows[i].name, batch_item(&b, b.n - 1)->why.s, rows[i].why);
		batch_release(&b);
		buf_release(&text);
	}
}

/* The last stop of a workspace is the one to take back. */
static void
test_last(void)
{
	struct batch b;

	held_for(&b, ACTION_START, true, false,
		"{\"id\":\"" ID_A "\",\"name\":\"d\"}\n{\"id\":\"" ID_B "\",\"name\":\"d\"}\n"
		"{\"id\":\"" ID_A "\",\"name\":\"d\"}\n{\"id\":\"" ID_A "\",\"name\":\"n\"}\n", RECORDS_END);
	CHECK("the first gives way", batch_item(&b, 0)->result == RESULT_SKIPPED && !batch_item(&b, 0)->due, "%s",
		result_name(batch_item(&b, 0)->result));
	CHECK_TEXT("the first gives way", batch_item(&b, 0)->why.s, "a later line of the input has the same id");
	CHECK("the last acts", batch_item(&b, 2)->result == RESULT_NONE && batch_item(&b, 2)->due, "%s",
		result_name(batch_item(&b, 2)->result));
	CHECK("and another", batch_item(&b, 1)->due && batch_due(&b) == 2, "%zu due", batch_due(&b));
	CHECK("its action", batch_item(&b, 1)->action == ACTION_START, "%d", batch_item(&b, 1)->action);
	batch_release(&b);
}

static void
test_owners(void)
{
	static const struct {
		const char *name, *in, *owner;
		size_t      most;
	} rows[] = {
		{ "nothing", "", NULL, 0 },
		{ "nothing due", "{\"name\":\"n\",\"owner_id\":\"1\",\"owner_name\":\"ada\"}\n", NULL, 0 },
		{ "by id, whatever the name", "{\"id\":\"" ID_A "\",\"name\":\"d\",\"owner_id\":\"1\",\"owner_name\":\"ada\"}\n"
			"{\"id\":\"" ID_B "\",\"name\":\"d\",\"owner_id\":\"1\",\"owner_name\":\"ada\"}\n", "ada", 2 },
		{ "one twice is one", "{\"id\":\"" ID_A "\",\"name\":\"d\",\"owner_id\":\"1\",\"owner_name\":\"ada\"}\n"
			"{\"id\":\"" ID_A "\",\"name\":\"d\",\"owner_id\":\"1\",\"owner_name\":\"ada\"}\n", "ada", 1 },
		{ "one each", "{\"id\":\"" ID_A "\",\"name\":\"d\",\"owner_id\":\"1\",\"owner_name\":\"ada\"}\n"
			"{\"id\":\"" ID_B "\",\"name\":\"d\",\"owner_id\":\"2\",\"owner_name\":\"bob\"}\n", "ada", 1 },
		{ "without ids by name", "{\"id\":\"" ID_A "\",\"name\":\"d\",\"owner_name\":\"bob\"}\n"
			"{\"id\":\"" ID_B "\",\"name\":\"d\",\"owner_name\":\"bob\"}\n", "bob", 2 },
		{ "kept ones do not count", "{\"id\":\"" ID_A "\",\"name\":\"d\",\"owner_id\":\"1\",\"owner_name\":\"ada\"}\n"
			"{\"id\":\"" ID_B "\",\"name\":\"k\",\"owner_id\":\"1\",\"owner_name\":\"ada\"}\n", "ada", 1 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct batch b;
		const char  *owner;
		size_t       most;

		held(&b, rows[i].in, RECORDS_END);
		most = batch_most(&b, &owner);
		CHECK(rows[i].name, most == rows[i].most, "%zu", most);
		CHECK_TEXT(rows[i].name, owner != NULL ? owner : "-", rows[i].owner != NULL ? rows[i].owner : "-");
		batch_release(&b);
	}
}

#define ONE(id, name, rest) "{\"id\":\"" id "\",\"name\":\"" name "\"" rest "}\n"
#define DESCRIBED(result, more) \
	",\"cws\":{\"stop\":{\"result\":\"" result "\"," more \
	",\"deadline_before\":null,\"deadline_after\":null,"

static void
test_members(void)
{
	struct batch      b;
	struct ndjson_out out;
	char             *text, *want;
	struct buf        line;
	int               fd = input("");

	opened(&b, ONE(ID_A, "d", ",\"n\":1.0") ONE(ID_B, "d", ""), RECORDS_END);
	b.now = when_at(INT64_C(1781636400000000));
	batch_item(&b, 0)->attempts = 2;
	batch_item(&b, 0)->took_ms = 812;
	batch_item(&b, 0)->http = 201;
	batch_item(&b, 0)->queue_position = 3;
	batch_item(&b, 0)->build_number = 42;
	strcpy(batch_item(&b, 0)->build_id, ID_B);
	strcpy(batch_item(&b, 0)->rule, "ttl");
	/* foreign words: no UTF-8, a sequence cut short, quotes, a control character */
	strcpy(batch_item(&b, 0)->error, "\xff\xc3\xa9 \xed\xa0\x80 \"q\" \x01 \xf0\x9f\x98\x80 \xe2\x82");
	batch_close(&b, batch_item(&b, 0), RESULT_FAILED, "no");
	batch_close(&b, batch_item(&b, 1), RESULT_SKIPPED, NULL);
	ndjson_out_open(&out, dup(fd));
	CHECK("write", batch_write(&b, &out) == 0, "failed");
	ndjson_out_close(&out);
	buf_init(&line, BUF_RECORD_MAX);
	buf_printf(&line, "{\"id\":\"" ID_A "\",\"name\":\"d\",\"n\":1.0" DESCRIBED("failed",
		"\"why\":\"no\",\"rule\":\"ttl\","
		"\"run\":\"%s\",\"at\":\"2026-06-16T19:00:00Z\",\"build_id\":\"" ID_B "\","
		"\"build_number\":42,\"http\":201,"
		"\"attempts\":2,\"took_ms\":812,\"queue_position\":3")
		"\"error\":\"?\xc3\xa9 ??? \\\"q\\\" \\u0001 \xf0\x9f\x98\x80 ??\"}}}\n"
		"{\"id\":\"" ID_B "\",\"name\":\"d\"" DESCRIBED("skipped", "\"why\":null,\"rule\":null,"
		"\"run\":\"%s\",\"at\":\"2026-06-16T19:00:00Z\",\"build_id\":null,"
		"\"build_number\":null,\"http\":null,"
		"\"attempts\":0,\"took_ms\":null,\"queue_position\":null") "\"error\":null}}}\n", b.run,
			b.run);
	want = xmemdup0(buf_text(&line), line.n);
	text = text_of(fd);
	CHECK_TEXT("members", text, want);
	CHECK("run", strspn(b.run, "0123456789abcdef") == 16 && b.run[16] == '\0', "run is \"%s\"", b.run);
	free(text);
	free(want);
	buf_release(&line);
	batch_release(&b);
	close(fd);
}

static size_t
lines(int fd)
{
	char  *text = text_of(fd), *p;
	size_t n = 0;

	for (p = text; *p != '\0'; p++)
		n += *p == '\n';
	free(text);
	return n;
}

/* Records leave in input order: a known one waits for those before it. */
static void
test_order(void)
{
	struct batch      b;
	struct ndjson_out out;
	int               fd = input("");

	opened(&b, ONE(ID_A, "d", "") ONE(ID_B, "n", "") ONE(ID_B, "d", ""), RECORDS_END);
	ndjson_out_open(&out, dup(fd));
	batch_write(&b, &out);
	ndjson_flush(&out);
	CHECK("the first is open", lines(fd) == 0 && b.written == 0, "%zu lines", lines(fd));
	batch_close(&b, batch_item(&b, 2), RESULT_STOPPED, NULL);
	batch_write(&b, &out);
	ndjson_flush(&out);
	CHECK("a later one waits", lines(fd) == 0, "%zu lines", lines(fd));
	batch_close(&b, batch_item(&b, 0), RESULT_STOPPED, NULL);
	batch_write(&b, &out);
	ndjson_flush(&out);
	CHECK("all at once", lines(fd) == 3 && b.written == 3, "%zu lines", lines(fd));
	batch_write(&b, &out);
	ndjson_out_close(&out);
	CHECK("none twice", lines(fd) == 3, "%zu lines", lines(fd));
	CHECK("counted", batch_count(&b, RESULT_STOPPED) == 2 && batch_count(&b, RESULT_SKIPPED) == 1 &&
		batch_count(&b, RESULT_NONE) == 0, "%zu stopped", batch_count(&b, RESULT_STOPPED));
	batch_release(&b);
	close(fd);
}

static void
test_all(void)
{
	struct batch b;

	held(&b, ONE(ID_A, "d", "") ONE(ID_B, "n", ""), RECORDS_END);
	batch_close_all(&b, RESULT_SKIPPED, "never");
	CHECK_TEXT("open ones are closed", batch_item(&b, 0)->why.s, "never");
	CHECK_TEXT("decided ones stay", batch_item(&b, 1)->why.s, "not due");
	batch_refuse(&b, "too many");
	CHECK("every one is refused", batch_count(&b, RESULT_REFUSED) == 2, "%zu",
		batch_count(&b, RESULT_REFUSED));
	CHECK_TEXT("and says why", batch_item(&b, 1)->why.s, "too many");
	batch_release(&b);

	held(&b, ONE(ID_A, "d", "") "{\"id\":\"" ID_B, RECORDS_BROKEN);
	CHECK("what came whole is held", b.n == 1, "%zu", b.n);
	batch_release(&b);
}

static void
test_lost(void)
{
	struct batch      b;
	struct ndjson_out out;
	int               p[2], i;

	held(&b, ONE(ID_A, "n", "") ONE(ID_B, "n", ""), RECORDS_END);
	if (pipe(p) != 0)
		abort();
	for (i = 0; i < 2; i++)
		close(p[i]);
	ndjson_out_open(&out, p[1]);
	batch_write(&b, &out);
	CHECK("a lost output shows", ndjson_flush(&out) != 0 && batch_write(&b, &out) == 0 && out.error != 0,
		"no error");
	ndjson_out_close(&out);
	batch_release(&b);
}

int
main(void)
{
	test_duplicates();
	test_bad_copies();
	test_last();
	test_owners();
	test_members();
	test_order();
	test_all();
	test_lost();
	return CHECK_DONE();
}
