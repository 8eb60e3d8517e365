/*
 * json_gen.h - random JSON from a seed, and a slow strict reader to judge by.
 *
 * The reader shares no line with common/scan.c: it goes byte by byte, decodes
 * every character and knows no shortcut.
 */

#ifndef CWS_JSON_GEN_H
#define CWS_JSON_GEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* xorshift: the same lines on every machine. */
static uint64_t gen_state = UINT64_C(0x9e3779b97f4a7c15);

static inline unsigned
gen_below(unsigned n)
{
	gen_state ^= gen_state << 13;
	gen_state ^= gen_state >> 7;
	gen_state ^= gen_state << 17;
	return (unsigned)(gen_state >> 33) % n;
}

static inline void
gen_blanks(struct buf *b)
{
	unsigned n = gen_below(4) == 0 ? gen_below(4) : 0;

	while (n-- > 0)
		buf_putc(b, " \t\r "[gen_below(4)]);
}

/*
 * A string of 0 to about 40 characters, plain for long stretches, with everything that is special
 * in between.
 */
static inline void
gen_string(struct buf *b)
{
	static const char *const odd[] = { "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t",
	        "\\u0041", "\\u00e9",
		"\\u20AC", "\\ud83d\\ude00", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf",
		"\xee\x80\x80",
		"\xf4\x8f\xbf\xbf", "\x7f", "{", "}", "[", "]", ",", ":", "cws", "'" };
	unsigned n = gen_below(41), rate = 2 + gen_below(30);

	buf_putc(b, '"');
	while (n-- > 0)
		if (gen_below(rate) == 0)
			buf_puts(b, odd[gen_below(sizeof(odd) / sizeof(odd[0]))]);
		else
			buf_putc(b, (char)('a' + gen_below(26)));
	buf_putc(b, '"');
}

static inline void
gen_value(struct buf *b, unsigned depth)
{
	static const char *const plain[] = { "null", "true", "false", "0", "-0", "1.0", "1E3", "-12.5e-3",
	        "9007199254740993",
		"12345678901234567890123456789", "1e400", "\"\"", "[]", "{}", "0.1" };
	unsigned n, kind = gen_below(depth == 0 ? 3 : 5);

	if (kind <= 1) {
		gen_string(b);
	} else if (kind == 2) {
		buf_puts(b, plain[gen_below(sizeof(plain) / sizeof(plain[0]))]);
	} else {
		buf_putc(b, kind == 3 ? '[' : '{');
		gen_blanks(b);
		for (n = gen_below(5); n > 0; n--) {
			if (kind == 4) {
				/* Two members of one name are nobody's business down here. */
				if (gen_below(3) == 0)
					buf_puts(b, "\"twice\"");
				else
					gen_string(b);
				gen_blanks(b);
				buf_putc(b, ':');
				gen_blanks(b);
			}
			gen_value(b, depth - 1);
			gen_blanks(b);
			if (n > 1) {
				buf_putc(b, ',');
				gen_blanks(b);
			}
		}
		buf_putc(b, kind == 3 ? ']' : '}');
	}
}

/* One byte changed, dropped, put in, or the end cut off. */
static inline void
gen_damage(struct buf *b)
{
	static const char bytes[] =
	        "\"\\{}[],:0123456789.eE+-tfnul \t\n\x01\x1f\x7f\x80\xbf\xc0\xc3\xe2\xed\xf0\xf4\xff";
	size_t            at = gen_below((unsigned)b->n);
	char              c = bytes[gen_below(sizeof(bytes))];

	switch (gen_below(4)) {
	case 0:
		b->p[at] = c;
		break;
	case 1:
		memmove(b->p + at, b->p + at + 1, b->n - at - 1);
		b->n--;
		break;
	case 2:
		buf_putc(b, ' ');
		memmove(b->p + at + 1, b->p + at, b->n - at - 1);
		b->p[at] = c;
		break;
	default:
		b->n = at;
	}
}

/* The strict reader: text, its length, how far it is. */
struct strict {
	const unsigned char *p;
	size_t               n, i;
	int                  depth_max;
};

static inline int
strict_peek(const struct strict *s)
{
	return s->i < s->n ? s->p[s->i] : -1;
}

static inline bool
strict_take(struct strict *s, int c)
{
	if (strict_peek(s) != c)
		return false;
	s->i++;
	return true;
}

static inline void
strict_blanks(struct strict *s)
{
	while (strict_take(s, ' ') || strict_take(s, '\t') || strict_take(s, '\n') || strict_take(s, '\r'))
		continue;
}

/*
 * The next UTF-8 character, decoded by the book and then refused where it is overlong or no scalar
 * value; -1.
 */
static inline long
strict_utf8(struct strict *s)
{
	static const long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int               c = strict_peek(s), len, k;
	long              v;

	if (c < 0)
		return -1;
	len = c < 0x80 ? 1 : (c & 0xe0) == 0xc0 ? 2 : (c & 0xf0) == 0xe0 ? 3 : (c & 0xf8) == 0xf0 ? 4 : 0;
	if (len == 0 || s->n - s->i < (size_t)len)
		return -1;
	v = len == 1 ? c : c & (0x7f >> len);
	for (k = 1; k < len; k++) {
		if ((s->p[s->i + (size_t)k] & 0xc0) != 0x80)
			return -1;
		v = v * 64 + (s->p[s->i + (size_t)k] & 0x3f);
	}
	s->i += (size_t)len;
	return v < least[len] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff) ? -1 : v;
}

static inline long
strict_hex(struct strict *s)
{
	static const char set[] = "0123456789abcdefABCDEF";
	long              v = 0;
	int               k;

	for (k = 0; k < 4; k++) {
		int         c = strict_peek(s);
		const char *at = c > 0 ? strchr(set, c) : NULL;

		if (at == NULL)
			return -1;
		v = v * 16 + (at - set < 16 ? at - set : at - set - 6);
		s->i++;
	}
	return v;
}

static inline bool
strict_string(struct strict *s)
{
	if (!strict_take(s, '"'))
		return false;
	for (;;) {
		long c = strict_utf8(s), low;

		if (c == '"')
			return true;
		if (c < 0x20)
			return false;
		if (c != '\\')
			continue;
		c = strict_utf8(s);
		if (c == 'u') {
			c = strict_hex(s);
			if (c < 0 || (c >= 0xdc00 && c <= 0xdfff))
				return false;
			if (c < 0xd800 || c > 0xdbff)
				continue;
			if (!strict_take(s, '\\') || !strict_take(s, 'u'))
				return false;
			low = strict_hex(s);
			if (low < 0xdc00 || low > 0xdfff)
				return false;
		} else if (c <= 0 || c > 0x7f || strchr("\"\\/bfnrt", (int)c) == NULL) {
			return false;
		}
	}
}

static inline size_t
strict_digits(struct strict *s)
{
	size_t from = s->i;

	while (strict_peek(s) >= '0' && strict_peek(s) <= '9')
		s->i++;
	return s->i - from;
}

static inline bool
strict_number(struct strict *s)
{
	size_t from, n;

	strict_take(s, '-');
	from = s->i;
	n = strict_digits(s);
	if (n == 0 || (n > 1 && s->p[from] == '0'))
		return false;
	if (strict_take(s, '.') && strict_digits(s) == 0)
		return false;
	if (strict_take(s, 'e') || strict_take(s, 'E')) {
		if (!strict_take(s, '+'))
			strict_take(s, '-');
		return strict_digits(s) != 0;
	}
	return true;
}

static inline bool
strict_value(struct strict *s, int depth)
{
	static const char *const words[] = { "true", "false", "null" };
	int                      open = strict_peek(s);
	size_t                   k;

	if (open == '"')
		return strict_string(s);
	if (open == '-' || (open >= '0' && open <= '9'))
		return strict_number(s);
	if (open != '{' && open != '[') {
		for (k = 0; k < 3; k++)
			if (s->n - s->i >= strlen(words[k]) && memcmp(s->p + s->i, words[k],
			        strlen(words[k])) == 0) {
				s->i += strlen(words[k]);
				return true;
			}
		return false;
	}
	if (depth >= s->depth_max)
		return false;
	s->i++;
	strict_blanks(s);
	if (strict_take(s, open == '{' ? '}' : ']'))
		return true;
	do {
		strict_blanks(s);
		if (open == '{') {
			if (!strict_string(s))
				return false;
			strict_blanks(s);
			if (!strict_take(s, ':'))
				return false;
			strict_blanks(s);
		}
		if (!strict_value(s, depth + 1))
			return false;
		strict_blanks(s);
	} while (strict_take(s, ','));
	return strict_take(s, open == '{' ? '}' : ']');
}

/* One JSON value, blanks around it, nothing else. */
static inline bool
strict_json(const char *p, size_t n, int depth_max)
{
	struct strict s = { (const unsigned char *)p, n, 0, depth_max };

	strict_blanks(&s);
	if (!strict_value(&s, 0))
		return false;
	strict_blanks(&s);
	return s.i == s.n;
}

/* A copy of exactly n bytes: a sanitizer sees the first byte read too far. */
static inline char *
exact(const char *p, size_t n)
{
	char *copy = calloc(n != 0 ? n : 1, 1);

	if (copy == NULL)
		abort();
	if (n != 0)
		memcpy(copy, p, n);
	return copy;
}

#endif
