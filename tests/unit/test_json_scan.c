/* test_json_scan.c - the grammar of RFC 8259, rule by rule, tail by tail, and against a slow reader. */

#include "base/json_scan.h"

#include <stdlib.h>

#include "check.h"
#include "json_gen.h"

/* Calls after which the scanner stood outside the text, or had both a fault and a value. */
static unsigned astray;

/* Does the scanner take these bytes as one value? */
static bool
takes(const char *p, size_t n)
{
	char        *copy = exact(p, n);
	struct json_scan  s;
	struct slice v;
	bool         ok;

	json_scan_open(&s, copy, n);
	v = json_scan_value(&s);
	ok = json_scan_end(&s);
	astray += (s.fault == NULL) != ok || (ok && v.p == NULL) || s.p < copy || s.p > copy + n;
	free(copy);
	return ok;
}

static void
test_grammar(void)
{
	static const char *const good[] = {
		"{}", "[]", " \t\r\n{ \t\r\n} \t\r\n", "[ ]", "null", "true", "false", "\"\"", "0",
		"[[],{},[{}]]", "{\"a\":1}", "{\"a\" : 1 , \"b\" : [ 1 , 2 ] }", "{\"\":{\"\":\"\"}}",
		"{\"a\":1,\"a\":2}", "-0", "-1", "10", "0.0", "0.10", "1.5e3", "1E3", "1e+3", "1e-03",
		"0e0", "-0.0e-0", "123456789012345678901234567890", "1e999999",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\"", "\"\\u00e9\\u00E9\"", "\"\\uFFFF\"",
		"\"\\uD7FF\\uE000\"", "\"\\ud800\\udc00\"", "\"\\uDBFF\\uDFFF\"", "\"\x7f\"",
	};
	static const char *const bad[] = {
		"", " ", "{", "}", "[", "]", "{]", "[}", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}",
		"{,\"a\":1}", "{\"a\":1,,\"b\":2}", "{\"a\":1 \"b\":2}", "{\"a\",1}", "{\"a\"::1}",
		"{a:1}", "{'a':1}", "{1:1}", "{null:1}", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1:2]", "[1",
		"[1,", "[\"a\":1]", ":", ",", "{}{}", "{} {}", "{}x", "{},", "1 2", "nullnull", "nul",
		"nulL", "Null", "nullx", "true1", "tru", "fals", "NaN", "nan", "Infinity", "undefined",
		"/* */{}", "{}//", "\xef\xbb\xbf{}", "\xc2\xa0{}", "\v1", "\f{}", "01", "-01", "00", "-",
		"+1", "1.", ".5", "-.5", "1.e3", "1e", "1e+", "1e-", "1e+-3", "1.5.5", "1e3.5", "0x10",
		"1_000", "1a", "--1", "1-", "- 1", "1 e3", "1,5", "\"\\\"", "\"\\", "\"\\x41\"", "\"\\'\"",
		"\"\\U0041\"", "\"\\a\"", "\"\\0\"", "\"\\ \"", "\"\\u\"", "\"\\u004\"", "\"\\u00g1\"",
		"\"\\u 041\"", "\"\\u-041\"", "\"\\u004", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\n\"",
		"\"\\ud800\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\u\"", "\"\\ud800\\udc0\"",
		"\"\\ud800\\u0041\"", "\"\\ud800udc00\"", "\"\\udc00\\ud800\"", "\"\\ud800\\",
		"\"\\ud800\\udc00", "\"", "\"a", "'a'", "\"a\"b\"", "\"\t\"", "\"\n\"", "\"\r\"",
		"{\"\xff\":1}", "{\"\t\":1}", "{\"\\x\":1}",
	};
	size_t i, n;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		n = strlen(good[i]);
		CHECK(good[i], takes(good[i], n), "refused");
		CHECK(good[i], strict_json(good[i], n, JSON_SCAN_DEPTH_MAX), "the slow reader is wrong");
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		n = strlen(bad[i]);
		CHECK(bad[i], !takes(bad[i], n), "taken");
		CHECK(bad[i], !strict_json(bad[i], n, JSON_SCAN_DEPTH_MAX), "the slow reader is wrong");
	}
	CHECK("NUL behind", !takes("{}\0", 3), "taken");
	CHECK("NUL before", !takes("\0{}", 3), "taken");
	CHECK("NUL inside", !takes("[\0]", 3) && !takes("[1\0]", 4) && !takes("{\0}", 3), "taken");
	CHECK("NUL in a string", !takes("\"a\0b\"", 5) && !takes("\"\\\0\"", 4), "taken");
}

/*
 * Each special byte with 0 to 40 plain ones before and behind it, so that it meets every place of a
 * vector.
 */
static void
test_tails(void)
{
	static const struct {
		const char *name, *bytes;
		size_t      n;
		bool        ok;
	} rows[] = {
		{ "nothing", "", 0, true }, { "escaped quote", "\\\"", 2, true },
		{ "escaped backslash", "\\\\", 2, true },
		{ "escape", "\\n", 2, true }, { "\\u", "\\u0041", 6, true },
		{ "pair", "\\ud83d\\ude00", 12, true },
		{ "blank", " ", 1, true }, { "bang", "!", 1, true }, { "hash", "#", 1, true },
		{ "open", "[", 1, true },
		{ "close", "]", 1, true }, { "DEL", "\x7f", 1, true },
		{ "U+0080", "\xc2\x80", 2, true }, { "U+07FF", "\xdf\xbf", 2, true },
		{ "U+0800", "\xe0\xa0\x80", 3, true },
		{ "U+D7FF", "\xed\x9f\xbf", 3, true }, { "U+E000", "\xee\x80\x80", 3, true },
		{ "U+FFFF", "\xef\xbf\xbf", 3, true },
		{ "U+10000", "\xf0\x90\x80\x80", 4, true }, { "U+10FFFF", "\xf4\x8f\xbf\xbf", 4, true },
		{ "quote", "\"", 1, false }, { "NUL", "\0", 1, false }, { "0x01", "\x01", 1, false },
		{ "tab", "\t", 1, false },
		{ "newline", "\n", 1, false }, { "0x1f", "\x1f", 1, false },
		{ "bad escape", "\\x", 2, false },
		{ "half a pair", "\\ud83d", 6, false }, { "lone 0x80", "\x80", 1, false },
		{ "lone 0xbf", "\xbf", 1, false },
		{ "0xc0", "\xc0\x80", 2, false }, { "0xc1", "\xc1\xbf", 2, false },
		{ "overlong 3", "\xe0\x9f\xbf", 3, false },
		{ "surrogate", "\xed\xa0\x80", 3, false }, { "surrogate", "\xed\xbf\xbf", 3, false },
		{ "overlong 4", "\xf0\x8f\xbf\xbf", 4, false }, { "U+110000", "\xf4\x90\x80\x80", 4, false },
		{ "0xf5", "\xf5\x80\x80\x80", 4, false }, { "0xff", "\xff", 1, false },
		{ "cut 2", "\xc3", 1, false },
		{ "cut 3", "\xe2\x82", 2, false }, { "cut 3", "\xe2", 1, false },
		{ "cut 4", "\xf0\x9f\x98", 3, false },
		{ "cut 4", "\xf0\x9f", 2, false }, { "cut 4", "\xf0", 1, false },
		{ "bad second", "\xc3(", 2, false },
		{ "bad third", "\xe2\x82(", 3, false }, { "bad fourth", "\xf0\x9f\x98(", 4, false },
		{ "lead as second", "\xc3\xc3\xa9", 3, false }, { "one too many", "\xc3\xa9\x80", 3, false },
	};
	char   text[128];
	size_t i, before, behind, n;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned wrong = 0, slow_wrong = 0;

		for (before = 0; before <= 40; before++)
			for (behind = 0; behind <= 40; behind++) {
				n = 0;
				text[n++] = '"';
				memset(text + n, 'a', before);
				n += before;
				memcpy(text + n, rows[i].bytes, rows[i].n);
				n += rows[i].n;
				memset(text + n, 'b', behind);
				n += behind;
				wrong += takes(text, n) && rows[i].bytes[0] != '"';
				text[n++] = '"';
				wrong += takes(text, n) != rows[i].ok;
				slow_wrong += strict_json(text, n, 1) != rows[i].ok;
			}
		CHECK(rows[i].name, wrong == 0, "%u of 3362 wrong, want %d", wrong, rows[i].ok);
		CHECK(rows[i].name, slow_wrong == 0, "the slow reader is wrong");
	}
}

/*
 * The scanner looks at sixty-four bytes at once: strings of every length that end, or do not, in every
 * place of two such blocks, and one behind the other over many of them.
 */
static void
test_blocks(void)
{
	static const char *const behind[] = { "\"", "\\n\"", "\xc3\xa9\"", "\"]" };
	char                     text[400], name[32];
	size_t                   before, length, i, n;

	for (i = 0; i < sizeof(behind) / sizeof(behind[0]); i++)
		for (before = 0; before <= 70; before++) {
			unsigned wrong = 0;

			snprintf(name, sizeof(name), "%zu before %s", before, behind[i]);
			for (length = 0; length <= 140; length++) {
				memset(text, ' ', before);
				text[before] = '"';
				memset(text + before + 1, 'x', length);
				n = before + 1 + length;
				wrong += takes(text, n);
				memcpy(text + n, behind[i], strlen(behind[i]));
				n += strlen(behind[i]);
				wrong += takes(text, n) != (behind[i][1] != ']');
				text[before + 1 + length / 2] = '\n';
				wrong += takes(text, n) && length > 1;
			}
			CHECK(name, wrong == 0, "%u of 423 wrong", wrong);
		}
	for (length = 0; length <= 140; length++) {
		struct buf b;

		buf_init(&b, BUF_RECORD_MAX);
		for (i = 0; i < 200; i++) {
			buf_putc(&b, i == 0 ? '[' : ',');
			buf_putc(&b, '"');
			for (n = 0; n < (length + i) % 150; n++)
				buf_putc(&b, 'y');
			buf_putc(&b, '"');
		}
		buf_putc(&b, ']');
		CHECK("many strings", takes(b.p, b.n), "refused");
		b.p[b.n - 2] = 'y';
		CHECK("many strings", !takes(b.p, b.n), "taken");
		buf_release(&b);
	}
}

/* A name is plain when its bytes are what it says, wherever in a block it ends. */
static void
test_plain(void)
{
	static const struct {
		const char *name;
		bool        plain;
	} rows[] = {
		{ "", true }, { "cws", true }, { "\x7f", true }, { "\\u0063ws", false },
		{ "a\\/b", false }, { "\xc3\xa9", false },
	};
	size_t i, before;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (before = 0; before <= 70; before++) {
			char         text[120];
			struct json_scan  s;
			struct slice key;
			int          n = snprintf(text, sizeof(text), "%*s{\"%s\":\"\\n\"}", (int)before, "",
			        rows[i].name);

			json_scan_open(&s, text, (size_t)n);
			CHECK(rows[i].name, json_scan_enter(&s, '{') && json_scan_member(&s, &key), "fault %s",
			        s.fault);
			CHECK(rows[i].name, s.plain == rows[i].plain && key.n == strlen(rows[i].name),
			        "%d, %zu bytes", s.plain, key.n);
		}
}

/* Every byte value inside a string, at every place of a vector. */
static void
test_bytes(void)
{
	char   text[20];
	size_t at;
	int    c;

	for (c = 0; c < 256; c++) {
		bool     plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
		unsigned wrong = 0;

		for (at = 1; at <= 18; at++) {
			memset(text, 'x', sizeof(text));
			text[0] = text[19] = '"';
			text[at] = (char)c;
			wrong += takes(text, 20) != plain;
		}
		CHECK("byte", wrong == 0, "0x%02x: %u of 18 wrong", (unsigned)c, wrong);
	}
}

static void
test_nothing(void)
{
	struct json_scan s;

	json_scan_open(&s, NULL, 0);
	CHECK("nothing", json_scan_peek(&s) == '\0' && json_scan_value(&s).p == NULL && !json_scan_end(&s), "taken");
	json_scan_open(&s, NULL, 0);
	CHECK("nothing", !json_scan_enter(&s, '{') && s.fault != NULL, "entered");
}

static void
test_depth(void)
{
	static const char open[] = "[{", close[] = "]}";
	char              text[2 * JSON_SCAN_DEPTH_MAX * 5 + 20];
	int               depth, kind, i;

	for (depth = JSON_SCAN_DEPTH_MAX - 1; depth <= JSON_SCAN_DEPTH_MAX + 1; depth++)
		for (kind = 0; kind < 2; kind++) {
			size_t n = 0;

			for (i = 0; i < depth; i++) {
				text[n++] = open[kind];
				if (kind == 1 && i < depth - 1) {
					memcpy(text + n, "\"a\":", 4);
					n += 4;
				}
			}
			for (i = 0; i < depth; i++)
				text[n++] = close[kind];
			CHECK("depth", takes(text, n) == (depth <= JSON_SCAN_DEPTH_MAX), "%d of %c", depth,
			        open[kind]);
		}
	/* What was entered before counts, and what was left does not. */
	for (depth = 1; depth <= JSON_SCAN_DEPTH_MAX + 1; depth += JSON_SCAN_DEPTH_MAX / 4) {
		struct json_scan s;

		memset(text, '[', JSON_SCAN_DEPTH_MAX);
		memset(text + JSON_SCAN_DEPTH_MAX, ']', JSON_SCAN_DEPTH_MAX);
		json_scan_open(&s, text, 2 * JSON_SCAN_DEPTH_MAX);
		for (i = 0; i < depth - 1; i++)
			json_scan_enter(&s, '[');
		CHECK("entered", (json_scan_value(&s).p != NULL) == (depth <= JSON_SCAN_DEPTH_MAX), "%d before",
		        depth - 1);
		for (i = 0; i < depth - 1 && depth <= JSON_SCAN_DEPTH_MAX; i++)
			CHECK("left", !json_scan_element(&s), "another element");
		CHECK("entered", json_scan_end(&s) == (depth <= JSON_SCAN_DEPTH_MAX), "%d before", depth - 1);
	}
	/* Wide is not deep. */
	{
		struct buf b;

		buf_init(&b, BUF_RECORD_MAX);
		buf_putc(&b, '[');
		for (i = 0; i < 1000; i++)
			buf_puts(&b, "[[{}],{\"a\":[]}],");
		buf_puts(&b, "0]");
		CHECK("wide", takes(b.p, b.n), "refused");
		buf_release(&b);
	}
}

/* What a caller sees on the way: names, values without the blanks around, where a fault is. */
static void
test_walk(void)
{
	static const char text[] =
	        " { \"id\" : \"a\" , \"list\":[ 1 ,[] , {\"x\":2} ],\"\\u006eul\": null } ";
	struct json_scan       s;
	struct slice      key, v;
	char              seen[200] = "";
	size_t            n = 0;

	json_scan_open(&s, text, sizeof(text) - 1);
	CHECK("peek", json_scan_peek(&s) == '{', "'%c'", json_scan_peek(&s));
	CHECK("enter", json_scan_enter(&s, '{'), "fault %s", s.fault);
	while (json_scan_member(&s, &key)) {
		if (slice_is(&key, "list")) {
			CHECK("list", json_scan_enter(&s, '['), "fault %s", s.fault);
			while (json_scan_element(&s)) {
				v = json_scan_value(&s);
				n += (size_t)snprintf(seen + n, sizeof(seen) - n, "(%.*s)", (int)v.n, v.p);
			}
			continue;
		}
		v = json_scan_value(&s);
		n += (size_t)snprintf(seen + n, sizeof(seen) - n, "%.*s=%.*s;", (int)key.n, key.p, (int)v.n,
		        v.p);
	}
	CHECK("end", json_scan_end(&s), "fault %s", s.fault);
	CHECK_TEXT("seen", seen, "id=\"a\";(1)([])({\"x\":2})\\u006eul=null;");

	json_scan_open(&s, "[1]", 3);
	CHECK("not an object", !json_scan_enter(&s, '{') && strcmp(s.fault, "not an object") == 0, "%s", s.fault);
	json_scan_open(&s, "{}", 2);
	CHECK("not an array", !json_scan_enter(&s, '[') && strcmp(s.fault, "not an array") == 0, "%s", s.fault);
	CHECK("a fault stays", !json_scan_enter(&s, '{') && !json_scan_member(&s, &key) && !json_scan_element(&s) &&
	        json_scan_value(&s).p == NULL && !json_scan_end(&s), "went on");
	json_scan_open(&s, "", 0);
	CHECK("empty", json_scan_peek(&s) == '\0' && !json_scan_enter(&s, '{'), "entered");
}

static void
test_faults(void)
{
	static const struct {
		const char *text, *fault;
		size_t      at;
	} rows[] = {
		{ "{\"a\":\"x\ty\"}", "control character in a string", 7 },
		{ "{\"a\":\"x\\qy\"}", "bad escape in a string", 7 },
		{ "{\"a\":\"x\xffy\"}", "not UTF-8", 7 },
		{ "{\"a\":\"xy", "the text ends inside a string", 8 },
		{ "{\"a\":1.}", "bad number", 7 },
		{ "{\"a\":wat}", "not JSON", 5 },
		{ "{\"a\":1]", "expected a comma or a closing bracket", 6 },
		{ "{\"a\" 1}", "expected a colon", 5 },
		{ "{\"a\":1,2}", "expected a member's name", 7 },
		{ "{\"a\":1", "the text ends too early", 6 },
		{ "{\"a\":", "the text ends too early", 5 },
		{ "{\"a\"", "the text ends too early", 4 },
		{ "{", "the text ends too early", 1 },
		{ "{}{}", "something follows the value", 2 },
		{ "[[1,]]", "not JSON", 4 },
		{ "[[,1]]", "not JSON", 2 },
		{ "[{\"a\":[1}]", "expected a comma or a closing bracket", 8 },
		{ "[[1 2]]", "expected a comma or a closing bracket", 4 },
		{ "[{\"a\":{},}]", "expected a member's name", 9 },
		{ "[{\"a\":{} ", "the text ends too early", 9 },
		{ "[{\"a\" ,", "expected a colon", 6 },
		{ "[ \v]", "not JSON", 2 },
		{ "[tru]", "not JSON", 1 },
		{ "[-]", "bad number", 2 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json_scan s;

		json_scan_open(&s, rows[i].text, strlen(rows[i].text));
		json_scan_value(&s);
		CHECK(rows[i].text, !json_scan_end(&s), "taken");
		CHECK_TEXT(rows[i].text, s.fault ? s.fault : "", rows[i].fault);
		CHECK(rows[i].text, json_scan_fault(rows[i].text, strlen(rows[i].text)) != NULL &&
		        strcmp(json_scan_fault(rows[i].text, strlen(rows[i].text)), rows[i].fault) == 0, "another fault");
		CHECK(rows[i].text, (size_t)(s.p - rows[i].text) == rows[i].at, "at %td, want %zu",
		        s.p - rows[i].text, rows[i].at);
	}
	CHECK("whole", json_scan_fault(" {\"a\":[1,null]}\n", 16) == NULL, "a fault");
	CHECK("nothing", json_scan_fault("", 0) != NULL, "no fault");
}

static void
test_names(void)
{
	static const struct {
		const char *name, *word;
		bool        is;
	} rows[] = {
		{ "cws", "cws", true }, { "cwS", "cws", false }, { "cw", "cws", false },
		{ "cwss", "cws", false }, { "", "cws", false },
		{ "\\u0063ws", "cws", true }, { "\\u0063\\u0077\\u0073", "cws", true },
		{ "c\\u0077s", "cws", true },
		{ "cw\\u0073", "cws", true }, { "\\u0043ws", "cws", false }, { "\\u0063wss", "cws", false },
		{ "\\u0063w", "cws", false }, { "cws\\u0000", "cws", false }, { "\\u0000cws", "cws", false },
		{ "cw\\t", "cws", false },
		{ "\\u006Catest\\u005fbuild", "latest_build", true }, { "a\\/b", "a/b", true },
		{ "a\\\"b", "a\"b", true },
		{ "\\u0063w\\u0173", "cws", false }, { "\\ud83d\\ude00", "cws", false }, { "", "", true },
	};
	static const struct {
		const char *name, *utf8;
	} chars[] = {
		{ "\\u0041", "A" }, { "\\u007f", "\x7f" }, { "\\u0080", "\xc2\x80" },
		{ "\\u00e9", "\xc3\xa9" }, { "\\u07FF", "\xdf\xbf" },
		{ "\\u0800", "\xe0\xa0\x80" }, { "\\u20ac", "\xe2\x82\xac" }, { "\\uffff", "\xef\xbf\xbf" },
		{ "\\ud800\\udc00", "\xf0\x90\x80\x80" }, { "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
		{ "\\uDBFF\\uDFFF", "\xf4\x8f\xbf\xbf" }, { "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t" },
		{ "\xc3\xa9z", "\xc3\xa9z" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t       n = strlen(rows[i].name);
		char        *copy = exact(rows[i].name, n);
		struct slice name = { copy, n };

		CHECK(rows[i].name, slice_is(&name, rows[i].word) == rows[i].is, "is '%s': want %d",
		        rows[i].word, rows[i].is);
		free(copy);
	}
	for (i = 0; i < sizeof(chars) / sizeof(chars[0]); i++) {
		size_t       n = strlen(chars[i].name), at = 0;
		char        *copy = exact(chars[i].name, n), text[16] = "", c[4];
		struct slice name = { copy, n };

		while (at < n) {
			size_t m = slice_char(&name, &at, c), have = strlen(text);

			memcpy(text + have, c, m);
			text[have + m] = '\0';
		}
		CHECK_TEXT(chars[i].name, text, chars[i].utf8);
		free(copy);
	}
}

/* Thousands of generated texts, whole and damaged: the scanner and the slow reader always agree. */
static void
test_generated(void)
{
	struct buf b;
	unsigned   i, k, taken = 0, refused = 0, wrong = 0;

	buf_init(&b, BUF_RECORD_MAX);
	for (i = 0; i < 6000; i++) {
		buf_reset(&b);
		gen_blanks(&b);
		gen_value(&b, 1 + gen_below(5));
		gen_blanks(&b);
		wrong += !takes(b.p, b.n);
		for (k = 0; k < 4 && b.n > 0; k++) {
			bool ok;

			gen_damage(&b);
			ok = strict_json(b.p, b.n, JSON_SCAN_DEPTH_MAX);
			if (takes(b.p, b.n) != ok && wrong++ < 5)
				printf("# want %d: %.*s\n", ok, (int)b.n, b.p);
			taken += ok;
			refused += !ok;
		}
	}
	CHECK("generated", wrong == 0, "%u wrong", wrong);
	CHECK("both kinds", taken > 1000 && refused > 1000, "%u taken, %u refused", taken, refused);
	buf_release(&b);
}

int
main(void)
{
	test_grammar();
	test_tails();
	test_blocks();
	test_plain();
	test_bytes();
	test_nothing();
	test_depth();
	test_walk();
	test_faults();
	test_names();
	test_generated();
	CHECK("astray", astray == 0, "%u times", astray);
	return CHECK_DONE();
}
