/* slice.c - strings and numbers of validated JSON text, decoded. */

#include "base/slice.h"

#include <string.h>

#define WHOLE_MAX ((INT64_C(1) << 53) - 1)
#define TENS_MAX 1000000000 /* more zeros than any text of ours could undo */

int
slice_hex4(const char *p, const char *end)
{
	int v = 0, i;

	if (end - p < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		char c = p[i];
		int  d = c >= '0' && c <= '9'   ? c - '0'
		         : c >= 'a' && c <= 'f' ? c - 'a' + 10
		         : c >= 'A' && c <= 'F' ? c - 'A' + 10
		                                : -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

size_t
slice_char(const struct slice *s, size_t *at, char out[4])
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char       *p = s->p + *at, *end = s->p + s->n;
	uint32_t          c;

	if (*p != '\\') {
		out[0] = *p;
		++*at;
		return 1;
	}
	if (p[1] != 'u') {
		out[0] = to[strchr(from, p[1]) - from];
		*at += 2;
		return 1;
	}
	c = (uint32_t)slice_hex4(p + 2, end);
	*at += 6;
	if (c >= 0xd800 && c <= 0xdbff) {
		c = 0x10000 + ((c - 0xd800) << 10) + ((uint32_t)slice_hex4(p + 8, end) - 0xdc00);
		*at += 6;
	}
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

bool
slice_spells(const struct slice *name, const char *plain, size_t n)
{
	size_t at = 0, i = 0;
	char   c[4];

	if (name->n == n)
		return memcmp(name->p, plain, n) == 0;
	/* A longer spelling can only be the same name when it is escaped. */
	if (name->n < n || memchr(name->p, '\\', name->n) == NULL)
		return false;
	while (at < name->n) {
		if (slice_char(name, &at, c) != 1 || i == n || c[0] != plain[i++])
			return false;
	}
	return i == n;
}

bool
slice_is(const struct slice *name, const char *word)
{
	return slice_spells(name, word, strlen(word));
}

bool
slice_is_true(struct slice s)
{
	return s.p != NULL && s.n == 4 && s.p[0] == 't';
}

bool
slice_has_nul(const struct slice *s)
{
	size_t at = 0;
	char   c[4];

	if (memchr(s->p, '\\', s->n) == NULL)
		return false;
	while (at < s->n)
		if (slice_char(s, &at, c) == 1 && c[0] == '\0')
			return true;
	return false;
}

bool
slice_text(const struct slice *s, char *out)
{
	struct slice inner = { s->p + 1, s->n - 2 };
	size_t       at = 0, n;
	char         c[4];

	if (memchr(inner.p, '\\', inner.n) == NULL) {
		memcpy(out, inner.p, inner.n);
		out[inner.n] = '\0';
		return true;
	}
	while (at < inner.n) {
		n = slice_char(&inner, &at, c);
		if (c[0] == '\0')
			return false;
		memcpy(out, c, n);
		out += n;
	}
	*out = '\0';
	return true;
}

/* n and one more digit, or as many zeros as tens says before it; false beyond WHOLE_MAX. */
static bool
append_digit(int64_t *n, int64_t tens, int digit)
{
	for (; tens > 0 && *n != 0; tens--) {
		if (*n > WHOLE_MAX / 10)
			return false;
		*n *= 10;
	}
	*n += digit;
	return *n <= WHOLE_MAX;
}

/* The exponent behind e or E; beyond TENS_MAX it stays there. */
static int64_t
exponent(const char *p, const char *end)
{
	bool    minus = *p == '-';
	int64_t n = 0;

	for (p += *p == '-' || *p == '+'; p < end; p++)
		n = n < TENS_MAX ? 10 * n + (*p - '0') : TENS_MAX;
	return minus ? -n : n;
}

bool
slice_int(const struct slice *s, int64_t *out)
{
	const char *p = s->p, *end = s->p + s->n;
	bool        minus = *p == '-', fraction = false;
	int64_t     n = 0, tens = 0; /* the digits so far are n and then so many zeros, */
	int64_t     point = 0;       /* so many of all behind the point */

	if (*p != '-' && (*p < '0' || *p > '9'))
		return false;
	for (p += minus; p < end && *p != 'e' && *p != 'E'; p++) {
		if (*p == '.') {
			fraction = true;
			continue;
		}
		point += fraction;
		tens++;
		if (*p == '0')
			continue;
		if (!append_digit(&n, tens, *p - '0'))
			return false;
		tens = 0;
	}
	tens += (p < end ? exponent(p + 1, end) : 0) - point;
	if (n != 0 && (tens < 0 || !append_digit(&n, tens, 0)))
		return false;
	*out = minus ? -n : n;
	return true;
}
