/* fuzz_scan.c - any bytes as JSON: the scanner, however it walks, judges as the slow reader does. */

#include "base/json_scan.h"

#include "../unit/json_gen.h"
#include "fuzz.h"

/* A name decodes to UTF-8, and spells what it decodes to. */
static void
check_name(const struct slice *name)
{
	char   text[64], c[4];
	size_t at = 0, n = 0, k;
	bool   ascii = true;

	while (at < name->n) {
		k = slice_char(name, &at, c);
		REQUIRE(k >= 1 && k <= 4);
		if (k == 1 ? (c[0] & 0x80) != 0 || c[0] == '\0' : json_scan_utf8(c, c + k) != k)
			ascii = false; /* a byte of a character that was not escaped comes alone */
		if (k != 1 || n == sizeof(text) - 1)
			ascii = false;
		else
			text[n++] = c[0];
	}
	REQUIRE(at == name->n);
	text[n] = '\0';
	if (!ascii)
		return;
	REQUIRE(slice_is(name, text));
	if (n > 0) {
		text[n - 1]++;
		REQUIRE(text[n - 1] == '\0' || !slice_is(name, text));
		text[n - 1] = '\0';
		REQUIRE(!slice_is(name, text));
	}
}

/* Into each container whose depth has its bit in mask, over all others. */
static void
step(struct json_scan *s, unsigned mask, int depth)
{
	struct slice key, v;
	char         open = json_scan_peek(s);

	if ((open != '{' && open != '[') || (mask >> (depth % 8) & 1) == 0) {
		v = json_scan_value(s);
		REQUIRE((v.p != NULL) == (s->fault == NULL));
		REQUIRE(v.p == NULL || strict_json(v.p, v.n, JSON_SCAN_DEPTH_MAX - depth));
	} else if (!json_scan_enter(s, open)) {
		REQUIRE(s->fault != NULL);
	} else if (open == '{') {
		while (json_scan_member(s, &key)) {
			check_name(&key);
			step(s, mask, depth + 1);
		}
	} else {
		while (json_scan_element(s))
			step(s, mask, depth + 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	/* The text ends where its memory does, and begins at any place of sixteen. */
	const size_t skip = (16 - n % 16) % 16;
	char        *room = malloc(n + skip + (n == 0)), *text;
	bool         whole;
	size_t       i;
	struct json_scan  s;

	REQUIRE(room != NULL);
	text = room + skip;
	if (n != 0)
		memcpy(text, data, n);
	whole = strict_json(text, n, JSON_SCAN_DEPTH_MAX);
	for (i = 0; i < 4; i++) {
		static const unsigned mask[] = { 0, 0xff, 0x55, 0x03 };

		json_scan_open(&s, text, n);
		step(&s, mask[i], 0);
		REQUIRE(json_scan_end(&s) == whole);
		REQUIRE((s.fault == NULL) == whole);
		REQUIRE(s.p >= text && s.p <= text + n);
	}
	free(room);
	return 0;
}
