/* test_rec.c - records: what is refused, what the getters say, where the splice cuts. */

#include "record/rec.h"

#include "check.h"

static struct err err;

/* One member of each kind. */
struct seen {
	const char  *text, *or_empty;
	int64_t      number;
	bool         flag, known;
	struct when  when;
	struct word_list words;
	struct slice raw;
};

static const struct fact text_fact[] = {
	FACT(struct seen, text, ".name"),
	FACT_OR_EMPTY(struct seen, or_empty, ".name"),
};
static const struct fact_table text_table = FACT_TABLE(text_fact);

static const struct fact number_fact[] = {
	FACT(struct seen, number, ".ttl_ms"),
	FACT_IS_KNOWN(struct seen, known, ".ttl_ms"),
};
static const struct fact_table number_table = FACT_TABLE(number_fact);

static const struct fact flag_fact[] = { FACT(struct seen, flag, ".is_prebuild") };
static const struct fact_table flag_table = FACT_TABLE(flag_fact);

static const struct fact when_fact[] = { FACT(struct seen, when, ".latest_build.deadline") };
static const struct fact_table when_table = FACT_TABLE(when_fact);

static const struct fact words_fact[] = { FACT(struct seen, words, ".cws.fetch.owner.groups") };
static const struct fact_table words_table = FACT_TABLE(words_fact);

static void
test_parse(void)
{
	static const struct {
		const char *line;
		int         want;
		const char *text;
	} rows[] = {
		{ "{}", REC_OK, "" },
		{ " { } ", REC_OK, "" },
		{ "{\"id\":\"a\",\"latest_build\":{},\"cws\":{}}", REC_OK, "" },
		{ "{\"latest_build\":null,\"cws\":null,\"latest_app_status\":null}", REC_OK, "" },
		{ "{\"Id\":1,\"id\":\"a\"}", REC_OK, "" },
		/* twice at one of the three levels */
		{ "{\"id\":1,\"id\":2}", REC_BAD, "two members named 'id'" },
		{ "{\"x\":1,\"y\":2,\"x\":3}", REC_BAD, "two members named 'x'" },
		{ "{\"\":1,\"\":2}", REC_BAD, "two members named ''" },
		{ "{\"id\":1,\"\\u0069d\":2}", REC_BAD, "two members named '\\u0069d'" },
		{ "{\"\\u0069d\":1,\"i\\u0064\":2}", REC_BAD, "two members named 'i\\u0064'" },
		{ "{\"\xc3\xa9\":1,\"\\u00e9\":2}", REC_BAD, "two members named '\\u00e9'" },
		{ "{\"cws\":{},\"cws\":{}}", REC_BAD, "two members named 'cws'" },
		{ "{\"cws\":{},\"\\u0063ws\":{}}", REC_BAD, "two members named '\\u0063ws'" },
		{ "{\"cws\":null,\"\\u0063ws\":null}", REC_BAD, "two members named '\\u0063ws'" },
		{ "{\"latest_build\":{},\"latest\\u005fbuild\":{}}", REC_BAD,
		        "two members named 'latest\\u005fbuild'" },
		{ "{\"latest_build\":{\"status\":1,\"status\":2}}", REC_BAD, "two members named 'status'" },
		{ "{\"latest_build\":{\"a\":1,\"\\u0061\":2}}", REC_BAD, "two members named '\\u0061'" },
		{ "{\"latest\\u005fbuild\":{\"a\":1,\"a\":2}}", REC_BAD, "two members named 'a'" },
		{ "{\"latest_build\":{\"job\":{},\"job\":{}}}", REC_BAD, "two members named 'job'" },
		{ "{\"cws\":{\"ttl\":{},\"ttl\":{}}}", REC_BAD, "two members named 'ttl'" },
		{ "{\"cws\":{\"ttl\":{},\"\\u0074tl\":{}}}", REC_BAD, "two members named '\\u0074tl'" },
		{ "{\"\\u0063ws\":{\"x\":1,\"x\":1}}", REC_BAD, "two members named 'x'" },
		/* elsewhere they are nobody's business, and a name may be used at several levels */
		{ "{\"template\":{\"a\":1,\"a\":2}}", REC_OK, "" },
		{ "{\"id\":1,\"latest_build\":{\"id\":2,\"job\":{\"id\":3}},\"cws\":{\"id\":{}}}", REC_OK,
		        "" },
		{ "{\"latest_build\":{\"x\":{\"a\":1,\"a\":2}}}", REC_OK, "" },
		{ "{\"cws\":{\"ttl\":{\"a\":1,\"a\":2}}}", REC_OK, "" },
		/* no objects */
		{ "{\"cws\":[]}", REC_BAD, "'.cws' is not an object" },
		{ "{\"cws\":\"x\"}", REC_BAD, "'.cws' is not an object" },
		{ "{\"cws\":false}", REC_BAD, "'.cws' is not an object" },
		{ "{\"\\u0063ws\":1}", REC_BAD, "'.cws' is not an object" },
		{ "{\"latest_build\":1}", REC_BAD, "'.latest_build' is not an object" },
		{ "{\"latest_build\":[{}]}", REC_BAD, "'.latest_build' is not an object" },
		{ "{\"latest_build\":{\"job\":7}}", REC_BAD, "'.latest_build.job' is not an object" },
		{ "{\"latest_app_status\":true}", REC_BAD, "'.latest_app_status' is not an object" },
		{ "{\"cws\":{\"fetch\":1}}", REC_BAD, "'.cws.fetch' is not an object" },
		{ "{\"cws\":{\"keep\":true}}", REC_BAD, "'.cws.keep' is not an object" },
		{ "{\"cws\":{\"a\":{\"keep\":1}}}", REC_BAD, "'.cws.a.keep' is not true or false" },
		/* broken rules in a broken line: the line counts */
		{ "{\"id\":1,\"id\":2", REC_BROKEN,
		        "not one whole JSON object: the text ends too early at byte 15" },
		{ "{\"cws\":[],", REC_BROKEN,
		        "not one whole JSON object: the text ends too early at byte 11" },
		{ "{\"id\":1,\"id\":2}x", REC_BROKEN,
		        "not one whole JSON object: something follows the value at byte 16" },
		{ "", REC_BROKEN, "not one whole JSON object: not an object at byte 1" },
		{ "[]", REC_BROKEN, "not one whole JSON object: not an object at byte 1" },
		{ "1", REC_BROKEN, "not one whole JSON object: not an object at byte 1" },
		{ "{}{}", REC_BROKEN, "not one whole JSON object: something follows the value at byte 3" },
		{ "{\"id\":\"\xff\"}", REC_BROKEN, "not one whole JSON object: not UTF-8 at byte 8" },
		{ "{\"cws\":{\"aborted\":\"cws-fetch: HTTP 401\"", REC_BROKEN,
		        "not one whole JSON object: the text ends too early at byte 40" },
	};
	struct rec *r = rec_new();
	size_t      i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got = rec_parse(r, rows[i].line, strlen(rows[i].line), &err);

		CHECK(rows[i].line, got == rows[i].want, "got %d, want %d", got, rows[i].want);
		CHECK_TEXT(rows[i].line, err.text, rows[i].text);
	}
	rec_free(r);
	rec_free(NULL);
}

static void
test_text(void)
{
	static const struct {
		const char *line, *want, *fault; /* want NULL: absent */
	} rows[] = {
		{ "{}", NULL, NULL },
		{ "{\"name\":null}", NULL, NULL },
		{ "{\"name\":\"\"}", "", NULL },
		{ "{\"name\":\"dev\"}", "dev", NULL },
		{ "{\"Name\":\"no\",\"name\":\"dev\"}", "dev", NULL },
		{ "{\"Name\":\"no\"}", NULL, NULL },
		{ "{\"n\\u0061me\":\"dev\"}", "dev", NULL },
		{ "{\"name\":\"a\\tb\\u00e9\\ud83d\\ude00\\/\"}", "a\tb\xc3\xa9\xf0\x9f\x98\x80/", NULL },
		{ "{\"x\":{\"name\":\"inner\"}}", NULL, NULL },
		{ "{\"latest_build\":{\"name\":\"inner\"}}", NULL, NULL },
		{ "{\"name\":1}", NULL, "'.name' is not a string" },
		{ "{\"name\":{}}", NULL, "'.name' is not a string" },
		{ "{\"name\":[\"a\"]}", NULL, "'.name' is not a string" },
		{ "{\"name\":true}", NULL, "'.name' is not a string" },
		{ "{\"name\":\"a\\u0000b\"}", NULL, "'.name' is not text: it holds a NUL" },
		{ "{\"name\":\"\\u0000\"}", NULL, "'.name' is not text: it holds a NUL" },
		{ "{\"name\":\"a\\\\u0000b\"}", "a\\u0000b", NULL },
	};
	struct rec *r = rec_new();
	size_t      i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seen seen = { .text = NULL };
		const char *got;
		int         ok;

		CHECK(rows[i].line, rec_parse(r, rows[i].line, strlen(rows[i].line), &err) == REC_OK, "%s",
		        err.text);
		ok = rec_read(r, &text_table, &seen, &err);
		got = seen.text;
		CHECK(rows[i].line, (ok == 0) == (rows[i].fault == NULL), "got %d", ok);
		CHECK(rows[i].line, (got == NULL) == (rows[i].want == NULL), "got %s", got ? got : "nothing");
		if (rows[i].want != NULL && got != NULL)
			CHECK_TEXT(rows[i].line, got, rows[i].want);
		if (ok == 0)
			CHECK_TEXT(rows[i].line, seen.or_empty, rows[i].want != NULL ? rows[i].want : "");
		if (ok != 0 && rows[i].fault != NULL)
			CHECK_TEXT(rows[i].line, err.text, rows[i].fault);
	}
	rec_free(r);
}

static void
test_int(void)
{
	static const struct {
		const char *value; /* NULL: absent */
		bool        ok, known;
		int64_t     want;
	} rows[] = {
		{ NULL, true, false, 0 },
		{ "null", true, false, 0 },
		{ "0", true, true, 0 },
		{ "-0", true, true, 0 },
		{ "28800000", true, true, 28800000 },
		{ "-1", true, true, -1 },
		{ "1.0", true, true, 1 },
		{ "999999999999999", true, true, INT64_C(999999999999999) },
		{ "-999999999999999", true, true, INT64_C(-999999999999999) },
		{ "1000000000000000", true, true, INT64_C(1000000000000000) },
		{ "100000000000000000", false, false, 0 },
		{ "1E3", true, true, 1000 },
		{ "15e-1", false, false, 0 },
		{ "0.5", false, false, 0 },
		{ "9007199254740991", true, true, INT64_C(9007199254740991) },
		{ "-9007199254740991", true, true, INT64_C(-9007199254740991) },
		{ "9007199254740992", false, false, 0 },
		{ "9007199254740993", false, false, 0 },
		{ "-9007199254740992", false, false, 0 },
		{ "18446744073709551616", false, false, 0 },
		{ "1e400", false, false, 0 },
		{ "-1e400", false, false, 0 },
		{ "\"28800000\"", false, false, 0 },
		{ "true", false, false, 0 },
		{ "[1]", false, false, 0 },
		{ "{}", false, false, 0 },
	};
	struct rec *r = rec_new();
	size_t      i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *name = rows[i].value ? rows[i].value : "absent";
		struct seen seen = { .number = 7 };
		char        line[80];
		int         got;

		snprintf(line, sizeof(line), rows[i].value ? "{\"ttl_ms\":%s}" : "{}%s",
		        rows[i].value ? rows[i].value : "");
		CHECK(name, rec_parse(r, line, strlen(line), &err) == REC_OK, "%s", err.text);
		got = rec_read(r, &number_table, &seen, &err);
		CHECK(name, (got == 0) == rows[i].ok, "got %d", got);
		CHECK(name, seen.known == rows[i].known && (got != 0 || seen.number == rows[i].want), "got %d, %lld",
		        seen.known, (long long)seen.number);
		if (got != 0)
			CHECK_TEXT(name, err.text, "'.ttl_ms' is not a whole number");
	}
	rec_free(r);
}

static void
test_flag(void)
{
	static const struct {
		const char *line;
		bool        ok, want;
	} rows[] = {
		{ "{}", true, false },
		{ "{\"is_prebuild\":null}", true, false },
		{ "{\"is_prebuild\":false}", true, false },
		{ "{\"is_prebuild\":true}", true, true },
		{ "{\"is_prebuild\":1}", false, false },
		{ "{\"is_prebuild\":\"true\"}", false, false },
		{ "{\"is_prebuild\":[]}", false, false },
	};
	struct rec *r = rec_new();
	size_t      i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seen seen = { .flag = true };
		int         got;

		CHECK(rows[i].line, rec_parse(r, rows[i].line, strlen(rows[i].line), &err) == REC_OK, "%s",
		        err.text);
		got = rec_read(r, &flag_table, &seen, &err);
		CHECK(rows[i].line, (got == 0) == rows[i].ok && seen.flag == rows[i].want, "got %d, %d", got,
		        seen.flag);
		if (got != 0)
			CHECK_TEXT(rows[i].line, err.text, "'.is_prebuild' is not true or false");
	}
	rec_free(r);
}

static void
test_when(void)
{
	static const struct {
		const char *value;
		bool        ok, known;
		int64_t     us;
	} rows[] = {
		{ "null", true, false, 0 },
		{ "\"0001-01-01T00:00:00Z\"", true, false, 0 },
		{ "\"0001-01-01T00:00:00.5+01:00\"", true, false, 0 },
		{ "\"1969-12-31T23:59:59Z\"", true, false, 0 },
		{ "\"1970-01-01T00:00:00Z\"", true, true, 0 },
		{ "\"1970-01-01T01:00:00.000001+01:00\"", true, true, 1 },
		{ "\"1970-01-01T00:00:01\\u005a\"", true, true, 1000000 },
		{ "\"2026-11-23T03:02:21.5Z\"", true, true, INT64_C(1795402941500000) },
		{ "\"9999-12-31T23:59:59Z\"", true, true, INT64_C(253402300799000000) },
		{ "\"\"", false, false, 0 },
		{ "\"soon\"", false, false, 0 },
		{ "\"2026-11-23\"", false, false, 0 },
		{ "\"2026-11-23T03:02:21\"", false, false, 0 },
		{ "\"2026-11-23T03:02:21Z \"", false, false, 0 },
		{ "\"2026-11-23T03:02:21Z\\u0000junk\"", false, false, 0 },
		{ "\"2026-02-29T00:00:00Z\"", false, false, 0 },
		{ "1795402941", false, false, 0 },
		{ "{}", false, false, 0 },
		{ "false", false, false, 0 },
	};
	struct rec *r = rec_new();
	size_t      i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seen seen = { .flag = false };
		char        line[100];
		int         got;

		snprintf(line, sizeof(line), "{\"latest_build\":{\"deadline\":%s}}", rows[i].value);
		CHECK(rows[i].value, rec_parse(r, line, strlen(line), &err) == REC_OK, "%s", err.text);
		got = rec_read(r, &when_table, &seen, &err);
		CHECK(rows[i].value, (got == 0) == rows[i].ok, "got %d", got);
		CHECK(rows[i].value, seen.when.known == rows[i].known && seen.when.us == rows[i].us, "got %d, %lld",
		        seen.when.known, (long long)seen.when.us);
		if (got != 0)
			CHECK_TEXT(rows[i].value, err.text,
			        "'.latest_build.deadline' is not an instant (RFC 3339)");
	}
	rec_free(r);
}

static void
test_words(void)
{
	static const struct {
		const char *value, *want; /* each with a bar behind it; NULL: there is no list */
	} rows[] = {
		{ "null", NULL },
		{ "[]", "" },
		{ "[\"a\"]", "a|" },
		{ "[ \"\" , \"b\\u00e9\", \"c d\" ]", "|b\xc3\xa9|c d|" },
		{ "[\"a\",1]", "!" },
		{ "[null]", "!" },
		{ "[[\"a\"]]", "!" },
		{ "[\"a\\u0000b\"]", "!" },
		{ "{}", "!" },
		{ "\"a\"", "!" },
		{ "7", "!" },
	};
	struct rec *r = rec_new();
	size_t      i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seen seen = { .flag = false };
		char        line[200], got[100] = "";
		const char *word;
		size_t      at = 0;

		snprintf(line, sizeof(line), "{\"cws\":{\"fetch\":{\"owner\":{\"groups\":%s}}}}", rows[i].value);
		CHECK(rows[i].value, rec_parse(r, line, strlen(line), &err) == REC_OK, "%s", err.text);
		if (rec_read(r, &words_table, &seen, &err) != 0) {
			CHECK_TEXT(rows[i].value, err.text, "'.cws.fetch.owner.groups' is not a list of names");
			CHECK_TEXT(rows[i].value, "!", rows[i].want);
			continue;
		}
		CHECK(rows[i].value, (seen.words.first == NULL) == (rows[i].want == NULL), "%zu words", seen.words.n);
		for (word = seen.words.first, k = 0; k < seen.words.n; k++, word += strlen(word) + 1)
			at += (size_t)snprintf(got + at, sizeof(got) - at, "%s|", word);
		if (rows[i].want != NULL)
			CHECK_TEXT(rows[i].value, got, rows[i].want);
	}
	rec_free(r);
}

/* A member within what is no object is no member of anybody: only who asks for it is told. */
static void
test_misfits(void)
{
	static const struct {
		const char *owner, *fault; /* NULL: there are no groups */
	} rows[] = {
		{ "null", NULL },
		{ "{}", NULL },
		{ "7", "'.cws.fetch.owner' is not an object" },
		{ "[]", "'.cws.fetch.owner' is not an object" },
		{ "\"ada\"", "'.cws.fetch.owner' is not an object" },
	};
	struct rec *asked = rec_new(), *r = rec_new();
	struct seen seen;
	size_t      i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char line[100];
		int  got;

		snprintf(line, sizeof(line), "{\"name\":\"dev\",\"cws\":{\"fetch\":{\"owner\":%s}}}", rows[i].owner);
		CHECK(rows[i].owner, rec_parse(r, line, strlen(line), &err) == REC_OK, "%s", err.text);
		CHECK(rows[i].owner, rec_read(r, &text_table, &seen, &err) == 0, "%s", err.text);
		CHECK(rows[i].owner, rec_parse(asked, line, strlen(line), &err) == REC_OK, "%s", err.text);
		got = rec_read(asked, &words_table, &seen, &err);
		CHECK(rows[i].owner, (got == 0) == (rows[i].fault == NULL), "got %d", got);
		if (rows[i].fault != NULL)
			CHECK_TEXT(rows[i].owner, err.text, rows[i].fault);
	}
	rec_free(asked);
	rec_free(r);
}

/* Plain texts beside such as have escapes, in both orders, at their first reading and their second. */
static void
test_mixed(void)
{
	static const char *const lines[] = {
		"{\"id\":\"i\",\"name\":\"a\\tb\",\"owner_id\":\"\",\"owner_name\":null,"
		"\"ttl_ms\":1e3,\"is_prebuild\":true,"
		"\"latest_build\":{\"build_number\":7,\"status\":\"\\u0073\",\"transition\":\"t\"}}",
		"{\"latest_build\":{\"transition\":\"t\",\"status\":\"\\u0073\",\"build_number\":7},"
		"\"is_prebuild\":true,"
		"\"ttl_ms\":1e3,\"owner_name\":null,\"owner_id\":\"\",\"name\":\"a\\tb\",\"id\":\"i\"}",
	};
	struct mixed {
		const char *id, *name, *owner_id, *owner_name, *status, *transition, *build_id;
		int64_t     ttl_ms, build_number;
		bool        prebuild;
	} m;
	static const struct fact fact[] = {
		FACT(struct mixed, id, ".id"),
		FACT(struct mixed, name, ".name"),
		FACT(struct mixed, owner_id, ".owner_id"),
		FACT(struct mixed, owner_name, ".owner_name"),
		FACT(struct mixed, status, ".latest_build.status"),
		FACT(struct mixed, transition, ".latest_build.transition"),
		FACT(struct mixed, build_id, ".latest_build.id"),
		FACT(struct mixed, ttl_ms, ".ttl_ms"),
		FACT(struct mixed, build_number, ".latest_build.build_number"),
		FACT(struct mixed, prebuild, ".is_prebuild"),
	};
	static const struct fact_table table = FACT_TABLE(fact);
	struct rec                    *r = rec_new();
	size_t                         i;

	for (i = 0; i < 4; i++) {
		const char *line = lines[i / 2];

		CHECK(line, rec_parse(r, line, strlen(line), &err) == REC_OK, "%s", err.text);
		memset(&m, 0xff, sizeof(m));
		CHECK(line, rec_read(r, &table, &m, &err) == 0, "%s", err.text);
		CHECK_TEXT(line, m.id, "i");
		CHECK_TEXT(line, m.name, "a\tb");
		CHECK_TEXT(line, m.owner_id, "");
		CHECK_TEXT(line, m.status, "s");
		CHECK_TEXT(line, m.transition, "t");
		CHECK(line, m.owner_name == NULL && m.build_id == NULL, "texts out of nothing");
		CHECK(line, m.ttl_ms == 1000 && m.build_number == 7 && m.prebuild, "%lld, %lld, %d",
		        (long long)m.ttl_ms, (long long)m.build_number, m.prebuild);
	}
	rec_free(r);
}

/* As many members as one likes, at several depths; the texts of a table stay when the reader learns another. */
static void
test_many(void)
{
	enum { MANY = 200 };
	static struct fact fact[MANY];
	static char        path[MANY][40];
	struct fact_table  table = { fact, MANY };
	struct seen        first;
	const char        *got[MANY];
	struct rec        *r = rec_new();
	struct buf         line;
	char               want[20];
	size_t             i;

	buf_init(&line, BUF_RECORD_MAX);
	buf_puts(&line, "{\"name\":\"d\\u0065v\",\"a\":{\"b\":{");
	for (i = 0; i < MANY; i++) {
		snprintf(path[i], sizeof(path[i]), i < MANY / 2 ? ".a.b.m%zu" : ".m%zu", i);
		fact[i] = (struct fact){ i * sizeof(got[0]), FACT_TEXT, path[i] };
		if (i == MANY / 2)
			buf_puts(&line, "}}");
		buf_printf(&line, "%s\"m%zu\":\"v%zu\"", i == 0 ? "" : ",", i, i);
	}
	buf_puts(&line, "}");
	CHECK("many", rec_parse(r, line.p, line.n, &err) == REC_OK, "%s", err.text);
	CHECK("many", rec_read(r, &text_table, &first, &err) == 0, "%s", err.text);
	CHECK("many", rec_read(r, &table, got, &err) == 0, "%s", err.text);
	for (i = 0; i < MANY; i++) {
		snprintf(want, sizeof(want), "v%zu", i);
		CHECK_TEXT(path[i], got[i], want);
	}
	CHECK_TEXT("many", first.text, "dev");
	rec_free(r);
	buf_release(&line);
}

static void
test_verdicts(void)
{
#define AT "\"at\":\"2026-01-01T00:00:00Z\""
	static const struct {
		const char *cws, *want; /* want: "name due keep state at known idle;" of each, idle what cannot be
		        read where something cannot; or the fault after '!' */
	} rows[] = {
		{ "null", "" },
		{ "{}", "" },
		{ "{\"ttl\":{\"due\":true,\"state\":\"expired\"," AT "}}", "ttl 1 0 expired 1 -;" },
		{ "{\"ttl\":{\"due\":false}}", "ttl 0 0  0 -;" },
		{ "{\"ttl\":{\"due\":true,\"at\":null}}", "ttl 1 0  0 -;" },
		{ "{\"ttl\":{\"keep\":true," AT "}}", "ttl 0 1  1 -;" },
		{ "{\"a\":{\"due\":true},\"fetch\":{" AT "},\"b\":{\"keep\":false}}",
		        "a 1 0  0 -;b 0 0  0 -;" },
		{ "{\"quiet\":{\"due\":true,\"idle_s\":1800}}", "quiet 1 0  0 1800;" },
		{ "{\"quiet\":{\"due\":true,\"idle_s\":null,\"window_end\":null}}", "quiet 1 0  0 -;" },
		{ "{\"quiet\":{\"due\":true,\"idle_s\":0,\"window_end\":\"2026-01-01T00:00:00Z\"}}", "quiet 1 0  0 0;" },
		{ "{\"mine\":{\"due\":true,\"state\":7,\"window_start\":[],\"deadline\":1,\"stop_at\":\"y\"}}",
		        "mine 1 0  0 -;" },
		/* what narrows a verdict and cannot be read */
		{ "{\"quiet\":{\"due\":true,\"idle_s\":\"20m\"}}", "quiet 1 0  0 idle_s;" },
		{ "{\"quiet\":{\"due\":true,\"idle_s\":-1}}", "quiet 1 0  0 idle_s;" },
		{ "{\"quiet\":{\"due\":true,\"idle_s\":0.5}}", "quiet 1 0  0 idle_s;" },
		{ "{\"quiet\":{\"due\":true,\"idle_s\":9223372036854}}", "quiet 1 0  0 9223372036854;" },
		{ "{\"quiet\":{\"due\":true,\"idle_s\":9223372036855}}", "quiet 1 0  0 idle_s;" },
		{ "{\"quiet\":{\"due\":true,\"idle_s\":1e300}}", "quiet 1 0  0 idle_s;" },
		{ "{\"quiet\":{\"due\":true,\"idle_s\":60,\"idle_s\":60}}", "quiet 1 0  0 idle_s;" },
		{ "{\"quiet\":{\"due\":true,\"window_end\":\"at eight\"}}", "quiet 1 0  0 window_end;" },
		{ "{\"quiet\":{\"due\":true,\"window_end\":8}}", "quiet 1 0  0 window_end;" },
		{ "{\"quiet\":{\"due\":true,\"window_end\":\"0001-01-01T00:00:00Z\"}}", "quiet 1 0  0 window_end;" },
		{ "{\"quiet\":{\"due\":true,\"window_end\":\"1969-12-31T23:59:59Z\"}}", "quiet 1 0  0 window_end;" },
		{ "{\"quiet\":{\"due\":true,\"window_end\":null,\"window_end\":null}}", "quiet 1 0  0 window_end;" },
		{ "{\"mine\":{\"due\":true,\"window_end\":[],\"idle_s\":60}}", "mine 1 0  0 window_end;" },
		{ "{\"habit\":{\"due\":true,\"unused_s\":1800,\"idle_s\":\"x\"}}", "habit 1 0  0 1800;" },
		{ "{\"habit\":{\"due\":true,\"unused_s\":null}}", "habit 1 0  0 -;" },
		{ "{\"habit\":{\"due\":true,\"unused_s\":\"30m\"}}", "habit 1 0  0 unused_s;" },
		{ "{\"habit\":{\"due\":true,\"unused_s\":60,\"unused_s\":60}}", "habit 1 0  0 unused_s;" },
		{ "{\"quiet\":{\"due\":true,\"unused_s\":\"x\"}}", "quiet 1 0  0 -;" },
		{ "{\"\\u0074tl\":{\"d\\u0075e\":true}}", "ttl 1 0  0 -;" },
		{ "{\"fetch\":null,\"note\":\"due\",\"Due\":{\"Due\":true}}", "" },
		{ "{\"note\":\"x\",\"aborted\":\"y\",\"due\":null,\"keep\":null}", "" },
		{ "{\"note\":{\"due\":true},\"aborted\":7}", "note 1 0  0 -;" },
		/* a veto one level short, and other members that are no objects */
		{ "{\"keep\":true}", "!'.cws.keep' is not an object" },
		{ "{\"keep\":false}", "!'.cws.keep' is not an object" },
		{ "{\"due\":true}", "!'.cws.due' is not an object" },
		{ "{\"ttl\":{\"due\":true},\"k\\u0065ep\":\"yes\"}", "!'.cws.k\\u0065ep' is not an object" },
		{ "{\"fetch\":7}", "!'.cws.fetch' is not an object" },
		{ "{\"list\":[{\"due\":true}]}", "!'.cws.list' is not an object" },
		{ "{\"note\":7}", "!'.cws.note' is not an object" },
		{ "{\"ttl\":{\"x\":{\"due\":true}}}", "" },
		{ "{\"ttl\":{\"due\":1}}", "!'.cws.ttl.due' is not true or false" },
		{ "{\"ttl\":{\"due\":\"true\"}}", "!'.cws.ttl.due' is not true or false" },
		{ "{\"ttl\":{\"due\":null}}", "!'.cws.ttl.due' is not true or false" },
		{ "{\"ttl\":{\"due\":true,\"keep\":1}}", "!'.cws.ttl.keep' is not true or false" },
		{ "{\"ttl\":{\"keep\":null}}", "!'.cws.ttl.keep' is not true or false" },
		{ "{\"a\":{\"due\":true},\"b\":{\"due\":[]}}", "!'.cws.b.due' is not true or false" },
		{ "{\"a\":{\"due\\u0000x\":true}}", "!'.cws.a' holds a NUL" },
		{ "{\"a\":{\"due\":true,\"why\":\"x\\u0000y\"}}", "!'.cws.a' holds a NUL" },
		/* A name may begin with an escape. */
		{ "{\"\\\\l\":{\"due\":true}}", "\\l 1 0  0 -;" },
		{ "{\"\\\"\":{\"due\":true}}", "\" 1 0  0 -;" },
		{ "{\"\\u0000\":{\"due\":true}}", "!'.cws.\\u0000' holds a NUL" },
		{ "{\"\":{\"due\":true}}", " 1 0  0 -;" },
		{ "{\"ttl\":{\"due\":true,\"at\":\"yesterday\"}}",
		        "!'.cws.ttl.at' is not an instant (RFC 3339)" },
		{ "{\"ttl\":{\"due\":true,\"at\":7}}", "!'.cws.ttl.at' is not an instant (RFC 3339)" },
		/* jq takes the last of two, cJSON the first: nobody takes either */
		{ "{\"ttl\":{\"keep\":false,\"keep\":true}}", "!'.cws.ttl' has two members named 'keep'" },
		{ "{\"ttl\":{\"due\":true,\"d\\u0075e\":false}}", "!'.cws.ttl' has two members named 'due'" },
		{ "{\"ttl\":{\"due\":true," AT "," AT "}}", "!'.cws.ttl' has two members named 'at'" },
	};
	struct rec *r = rec_new();
	size_t      i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct verdict_seen *v;
		char                      line[200], seen[600] = "";
		size_t                    n, at = 0;

		snprintf(line, sizeof(line), "{\"cws\":%s}", rows[i].cws);
		if (rec_parse(r, line, strlen(line), &err) != REC_OK || rec_verdicts(r, &v, &n, &err) != 0) {
			snprintf(seen, sizeof(seen), "!%s", err.text);
			n = 0;
		}
		for (k = 0; k < n; k++) {
			at += (size_t)snprintf(seen + at, sizeof(seen) - at, "%s %d %d %s %d ", v[k].name,
			        v[k].due,
			        v[k].keep, v[k].state, v[k].at.known);
			if (v[k].unreadable != NULL)
				at += (size_t)snprintf(seen + at, sizeof(seen) - at, "%s;", v[k].unreadable);
			else if (v[k].has_idle)
				at += (size_t)snprintf(seen + at, sizeof(seen) - at, "%lld;",
				        (long long)v[k].idle_s);
			else
				at += (size_t)snprintf(seen + at, sizeof(seen) - at, "-;");
		}
		CHECK_TEXT(rows[i].cws, seen, rows[i].want);
	}
	rec_free(r);
}

/* The line with .cws.ttl set to V; the same again changes nothing. */
static void
test_splice(void)
{
	static const struct {
		const char *name, *line, *want;
	} rows[] = {
		{ "absent", "{\"a\":1}", "{\"a\":1,\"cws\":{\"ttl\":V}}" },
		{ "empty", "{}", "{\"cws\":{\"ttl\":V}}" },
		{ "empty with blanks", " { } ", " {\"cws\":{\"ttl\":V} } " },
		{ "absent with blanks", "{ \"a\" : 1 } ", "{ \"a\" : 1,\"cws\":{\"ttl\":V} } " },
		{ "only", "{\"cws\":{}}", "{\"cws\":{\"ttl\":V}}" },
		{ "only, null", "{\"cws\":null}", "{\"cws\":{\"ttl\":V}}" },
		{ "only, with blanks", "{ \"cws\" : { } }", "{ \"cws\":{\"ttl\":V} }" },
		{ "last", "{\"a\":1,\"cws\":{\"x\":{}}}", "{\"a\":1,\"cws\":{\"x\":{},\"ttl\":V}}" },
		{ "first", "{\"cws\":{\"x\":{}},\"a\":1}", "{\"a\":1,\"cws\":{\"x\":{},\"ttl\":V}}" },
		{ "first with blanks", "{ \"cws\" : { \"x\" : {} } , \"a\" : 1 }",
		        "{ \"a\" : 1,\"cws\":{\"x\" : {},\"ttl\":V} }" },
		{ "middle", "{\"a\":1,\"cws\":{},\"b\":2}", "{\"a\":1,\"b\":2,\"cws\":{\"ttl\":V}}" },
		{ "middle with blanks", "{\"a\":1 , \"cws\":{} , \"b\":2}\t",
		        "{\"a\":1 , \"b\":2,\"cws\":{\"ttl\":V}}\t" },
		{ "its own in place", "{\"cws\":{\"fetch\":{\"at\":1},\"ttl\":{\"old\":1},\"quiet\":null}}",
		        "{\"cws\":{\"fetch\":{\"at\":1},\"ttl\":V,\"quiet\":null}}" },
		{ "its own with blanks", "{\"cws\":{ \"ttl\" : null , \"q\" : {\"n\": 2} }}",
		        "{\"cws\":{\"ttl\":V,\"q\" : {\"n\": 2}}}" },
		{ "its own was null", "{\"cws\":{\"ttl\":null}}", "{\"cws\":{\"ttl\":V}}" },
		{ "others' longer names", "{\"cws\":{\"ttls\":{},\"tt\":{},\"TTL\":null}}",
		        "{\"cws\":{\"ttls\":{},\"tt\":{},\"TTL\":null,\"ttl\":V}}" },
		{ "cws escaped", "{\"\\u0063ws\":{\"x\":{}},\"a\":1}",
		        "{\"a\":1,\"cws\":{\"x\":{},\"ttl\":V}}" },
		{ "cws escaped, last", "{\"a\":1,\"cw\\u0073\":{\"x\":{}}}",
		        "{\"a\":1,\"cws\":{\"x\":{},\"ttl\":V}}" },
		{ "its own escaped", "{\"cws\":{\"\\u0074tl\":{},\"q\":{}}}",
		        "{\"cws\":{\"ttl\":V,\"q\":{}}}" },
		{ "cws elsewhere",
		        "{\"x\":{\"cws\":1},\"l\":[\"cws\"],\"CWS\":3}",
		        "{\"x\":{\"cws\":1},\"l\":[\"cws\"],\"CWS\":3,\"cws\":{\"ttl\":V}}" },
		{ "cws within cws", "{\"cws\":{\"cws\":{\"ttl\":1}}}",
		        "{\"cws\":{\"cws\":{\"ttl\":1},\"ttl\":V}}" },
		{ "numbers and escapes",
		        "{\"a\":9007199254740993,\"b\":1.0,\"c\":1E3,\"d\":\"\\/\"}",
		        "{\"a\":9007199254740993,\"b\":1.0,\"c\":1E3,\"d\":\"\\/\",\"cws\":{\"ttl\":V}}" },
		{ "brackets in strings", "{\"a\":\"}\\\"{,\",\"cws\":{\"q\":{\"s\":\"}\\\"]\"}},\"b\":\"{\"}",
		        "{\"a\":\"}\\\"{,\",\"b\":\"{\",\"cws\":{\"q\":{\"s\":\"}\\\"]\"},\"ttl\":V}}" },
	};
	struct rec *r = rec_new();
	struct buf  value, once, twice;
	size_t      i;

	buf_init(&value, 16);
	buf_init(&once, BUF_RECORD_MAX);
	buf_init(&twice, BUF_RECORD_MAX);
	buf_puts(&value, "V");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&once);
		CHECK(rows[i].name, rec_parse(r, rows[i].line, strlen(rows[i].line), &err) == REC_OK, "%s",
		        err.text);
		rec_splice(r, "ttl", &value, &once);
		CHECK_TEXT(rows[i].name, buf_text(&once), rows[i].want);
	}
	buf_reset(&value);
	buf_puts(&value, "{\"due\":true}");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&once);
		buf_reset(&twice);
		rec_parse(r, rows[i].line, strlen(rows[i].line), &err);
		rec_splice(r, "ttl", &value, &once);
		CHECK(rows[i].name, rec_parse(r, once.p, once.n, &err) == REC_OK, "%s", err.text);
		rec_splice(r, "ttl", &value, &twice);
		CHECK_TEXT(rows[i].name, buf_text(&twice), buf_text(&once));
	}
	buf_release(&value);
	buf_release(&once);
	buf_release(&twice);
	rec_free(r);
}

static void
test_raw(void)
{
	static const char line[] =
	        "{\"ttl_ms\": 1.0 ,\"latest_build\":{\"job\":{\"error\":\"x\\n\",\"status\":1,\"status\":2}},"
	        "\"cws\":{\"fetch\":{\"url\":\"u\"}},\"shared_with\":[ 1 ]}";
	static const struct {
		const char *path, *want; /* want NULL: absent */
	} rows[] = {
		{ ".ttl_ms", "1.0" }, { ".latest_build.job.error", "\"x\\n\"" }, { ".latest_build.job.status", "2" },
		{ ".cws.fetch.url", "\"u\"" }, { ".cws.fetch", "{\"url\":\"u\"}" },
		{ ".shared_with", "[ 1 ]" }, { ".id", NULL }, { ".latest_build.id", NULL }, { ".cws.fetch.at", NULL },
	};
	enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
	struct fact             fact[ROWS];
	const struct fact_table table = { fact, ROWS };
	struct slice            got[ROWS];
	struct rec             *r = rec_new();
	size_t                  i;

	for (i = 0; i < ROWS; i++)
		fact[i] = (struct fact){ i * sizeof(got[0]), FACT_RAW, rows[i].path };
	CHECK("line", rec_parse(r, line, sizeof(line) - 1, &err) == REC_OK, "%s", err.text);
	CHECK("line", rec_read(r, &table, got, &err) == 0, "%s", err.text);
	for (i = 0; i < ROWS; i++) {
		struct slice v = got[i];
		size_t       n = rows[i].want ? strlen(rows[i].want) : 0;

		CHECK(rows[i].path, rows[i].want ? v.p && v.n == n && memcmp(v.p, rows[i].want, n) == 0 : v.p == NULL,
		        "%.*s", (int)v.n, v.p ? v.p : "");
	}
	/* Nothing of one line is left for the next. */
	CHECK("next", rec_parse(r, "{}", 2, &err) == REC_OK && rec_read(r, &table, got, &err) == 0 && got[0].p == NULL,
	        "left over");
	rec_free(r);
}

int
main(void)
{
	test_parse();
	test_text();
	test_int();
	test_flag();
	test_when();
	test_words();
	test_misfits();
	test_mixed();
	test_many();
	test_verdicts();
	test_splice();
	test_raw();
	return CHECK_DONE();
}
