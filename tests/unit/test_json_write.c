/* test_json_write.c - the JSON we add: commas, escapes, numbers, instants, verdicts. */

#include "base/json_write.h"

#include "base/json_scan.h"
#include "check.h"

static struct buf b;

static bool
is_json(void)
{
	struct json_scan s;

	json_scan_open(&s, b.p, b.n);
	json_scan_value(&s);
	return json_scan_end(&s);
}

static void
test_members(void)
{
	buf_reset(&b);
	json_write_open(&b, NULL);
	json_write_close(&b);
	CHECK_TEXT("empty", buf_text(&b), "{}");
	buf_reset(&b);
	json_write_open(&b, NULL);
	json_write_text(&b, "text", "x");
	json_write_text(&b, "none", NULL);
	json_write_int(&b, "int", -5);
	json_write_open(&b, "inner");
	json_write_flag(&b, "yes", true);
	json_write_flag(&b, "no", false);
	json_write_close(&b);
	json_write_open(&b, "empty");
	json_write_close(&b);
	json_write_null(&b, "null");
	json_write_raw(&b, "raw", "[1, 2]", 6);
	json_write_raw(&b, "absent", NULL, 0);
	json_write_when(&b, "when", when_at(INT64_C(1795402941999999)));
	json_write_when(&b, "never", when_none());
	json_write_close(&b);
	CHECK_TEXT("members", buf_text(&b),
	        "{\"text\":\"x\",\"none\":null,\"int\":-5,\"inner\":{\"yes\":true,\"no\":false},"
	        "\"empty\":{},\"null\":null,\"raw\":[1, 2],\"absent\":null,\"when\":\"2026-11-23T03:02:21Z\","
	        "\"never\":null}");
	CHECK("members", is_json(), "not JSON");
}

static void
test_text(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "\"", "\"\\\"\"" },
		{ "\\", "\"\\\\\"" },
		{ "a\"b\\c", "\"a\\\"b\\\\c\"" },
		{ "\x01\n\r\t\x1f", "\"\\u0001\\u000a\\u000d\\u0009\\u001f\"" },
		{ "/\x7f", "\"/\x7f\"" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ "{\"}],:", "\"{\\\"}],:\"" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char want[128];

		buf_reset(&b);
		json_write_open(&b, NULL);
		json_write_text(&b, "t", rows[i].text);
		json_write_text(&b, "u", "x");
		json_write_close(&b);
		snprintf(want, sizeof(want), "{\"t\":%s,\"u\":\"x\"}", rows[i].want);
		CHECK_TEXT(rows[i].text, buf_text(&b), want);
		CHECK(rows[i].text, is_json(), "not JSON");
	}
}

static void
test_int(void)
{
	static const struct {
		int64_t     v;
		const char *want;
	} rows[] = {
		{ 0, "{\"i\":0}" },
		{ -1, "{\"i\":-1}" },
		{ INT64_C(9007199254740993), "{\"i\":9007199254740993}" },
		{ INT64_MAX, "{\"i\":9223372036854775807}" },
		{ INT64_MIN, "{\"i\":-9223372036854775808}" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&b);
		json_write_open(&b, NULL);
		json_write_int(&b, "i", rows[i].v);
		json_write_close(&b);
		CHECK_TEXT(rows[i].want, buf_text(&b), rows[i].want);
	}
}

int
main(void)
{
	buf_init(&b, BUF_RECORD_MAX);
	test_members();
	test_text();
	test_int();
	buf_release(&b);
	return CHECK_DONE();
}
