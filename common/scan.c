/* scan.c - strict RFC 8259, one pass, no copies. */

#include "scan.h"

#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

void
scan_open(struct scan *s, const char *text, size_t n)
{
	s->p = s->start = text;
	s->end = text + n;
	s->fault = NULL;
	s->depth = 0;
	s->first = false;
}

static bool
fault(struct scan *s, const char *what)
{
	if (s->fault == NULL)
		s->fault = what;
	return false;
}

static inline void
blanks(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

char
scan_peek(struct scan *s)
{
	blanks(s);
	return s->p < s->end ? *s->p : '\0';
}

/* A byte that ends the plain part of a string: a quote, a backslash, a control or a non-ASCII byte. */
static inline bool
is_special(unsigned char c)
{
	return c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
}

/*
 * The first special byte at or after p, sixteen or eight bytes at a time.  Taken
 * as signed, non-ASCII bytes are below 0x20 like the control characters.
 */
static inline const char *
plain_end(const char *p, const char *end)
{
#if defined(__SSE2__)
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), least = _mm_set1_epi8(0x20);

	while (end - p >= 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)),
		        _mm_cmplt_epi8(v, least));
		int     mask = _mm_movemask_epi8(hit);

		if (mask != 0)
			return p + __builtin_ctz((unsigned)mask);
		p += 16;
	}
#elif defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	/* The lowest set bit of each test is exact: a borrow can only disturb bytes above it. */
	while (end - p >= 8) {
		uint64_t w, quote, slash, hit;

		memcpy(&w, p, 8);
		quote = w ^ EACH('"');
		slash = w ^ EACH('\\');
		hit = (((quote - EACH(1)) & ~quote) | ((slash - EACH(1)) & ~slash) | ((w - EACH(0x20)) & ~w) | w) &
		      EACH(0x80);
		if (hit != 0)
			return p + (__builtin_ctzll(hit) >> 3);
		p += 8;
	}
#endif
	while (p < end && !is_special((unsigned char)*p))
		p++;
	return p;
}

/* Length of the well-formed UTF-8 sequence at p (Unicode table 3-7), 0 when it is none. */
static size_t
utf8_length(const char *text, const char *end)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t               have = (size_t)(end - text), n, i;
	unsigned char        low = 0x80, high = 0xbf;

	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		n = 2;
	} else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		n = 3;
		if (p[0] == 0xe0)
			low = 0xa0;
		if (p[0] == 0xed)
			high = 0x9f;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		n = 4;
		if (p[0] == 0xf0)
			low = 0x90;
		if (p[0] == 0xf4)
			high = 0x8f;
	} else {
		return 0;
	}
	if (have < n || p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < n; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return n;
}

/* The value of four hexadecimal digits at p, or -1. */
static int
hex4(const char *p, const char *end)
{
	int v = 0, i;

	if (end - p < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		char c = p[i];
		int  d = c >= '0' && c <= '9' ? c - '0'
		        : c >= 'a' && c <= 'f' ? c - 'a' + 10
		        : c >= 'A' && c <= 'F' ? c - 'A' + 10
		                               : -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

/* Length of the escape at p, which is a backslash; 0 when it is malformed. */
static size_t
escape_length(const char *p, const char *end)
{
	int high, low;

	if (end - p < 2)
		return 0;
	if (p[1] != 'u')
		return strchr("\"\\/bfnrt", p[1]) != NULL && p[1] != '\0' ? 2 : 0;
	high = hex4(p + 2, end);
	if (high < 0 || (high >= 0xdc00 && high <= 0xdfff))
		return 0;
	if (high < 0xd800 || high > 0xdfff)
		return 6;
	if (end - p < 12 || p[6] != '\\' || p[7] != 'u')
		return 0;
	low = hex4(p + 8, end);
	return low >= 0xdc00 && low <= 0xdfff ? 12 : 0;
}

/* Step over the string at s->p, a quote. */
static bool
string(struct scan *s)
{
	const char *p = s->p + 1;
	size_t      n;

	for (;;) {
		p = plain_end(p, s->end);
		if (p == s->end) {
			s->p = p;
			return fault(s, "the text ends inside a string");
		}
		if (*p == '"') {
			s->p = p + 1;
			return true;
		}
		n = *p == '\\' ? escape_length(p, s->end) : (unsigned char)*p < 0x20 ? 0 : utf8_length(p, s->end);
		if (n == 0) {
			s->p = p;
			return fault(s, *p == '\\'               ? "bad escape in a string"
			                : (unsigned char)*p < 0x20 ? "control character in a string"
			                                           : "not UTF-8");
		}
		p += n;
	}
}

static inline bool
is_digit(const struct scan *s)
{
	return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

static bool
digit_run(struct scan *s)
{
	if (!is_digit(s))
		return fault(s, "bad number");
	while (is_digit(s))
		s->p++;
	return true;
}

static bool
number(struct scan *s)
{
	if (*s->p == '-')
		s->p++;
	if (s->p < s->end && *s->p == '0')
		s->p++;
	else if (!digit_run(s))
		return false;
	if (s->p < s->end && *s->p == '.') {
		s->p++;
		if (!digit_run(s))
			return false;
	}
	if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
		s->p++;
		if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
			s->p++;
		if (!digit_run(s))
			return false;
	}
	return true;
}

static bool
word(struct scan *s, const char *w, size_t n)
{
	if ((size_t)(s->end - s->p) < n || memcmp(s->p, w, n) != 0)
		return fault(s, "not JSON");
	s->p += n;
	return true;
}

bool
scan_enter(struct scan *s, char open)
{
	if (s->fault != NULL)
		return false;
	if (scan_peek(s) != open)
		return fault(s, open == '{' ? "not an object" : "not an array");
	if (++s->depth > SCAN_DEPTH_MAX)
		return fault(s, "nested too deeply");
	s->p++;
	s->first = true;
	return true;
}

/* At what follows a value or an opening bracket: true when another item comes. */
static inline bool
next_item(struct scan *s, char close)
{
	char c;

	if (s->fault != NULL)
		return false;
	c = scan_peek(s);
	if (c == close) {
		s->p++;
		s->depth--;
		s->first = false;
		return false;
	}
	if (s->first) {
		s->first = false;
		return true;
	}
	if (c != ',')
		return fault(s, s->p == s->end ? "the text ends too early" : "expected a comma or a closing bracket");
	s->p++;
	blanks(s);
	return true;
}

bool
scan_member(struct scan *s, struct slice *key)
{
	const char *at;

	if (!next_item(s, '}'))
		return false;
	at = s->p;
	if (at == s->end || *at != '"')
		return fault(s, at == s->end ? "the text ends too early" : "expected a member's name");
	if (!string(s))
		return false;
	key->p = at + 1;
	key->n = (size_t)(s->p - at) - 2;
	if (scan_peek(s) != ':')
		return fault(s, s->p == s->end ? "the text ends too early" : "expected a colon");
	s->p++;
	return true;
}

bool
scan_element(struct scan *s)
{
	return next_item(s, ']');
}

struct slice
scan_value(struct scan *s)
{
	struct slice v = { NULL, 0 }, key;
	const char  *at;
	char         c;

	if (s->fault != NULL)
		return v;
	c = scan_peek(s);
	at = s->p;
	switch (c) {
	case '"':
		string(s);
		break;
	case '{':
		if (scan_enter(s, '{'))
			while (scan_member(s, &key))
				scan_value(s);
		break;
	case '[':
		if (scan_enter(s, '['))
			while (scan_element(s))
				scan_value(s);
		break;
	case 't':
		word(s, "true", 4);
		break;
	case 'f':
		word(s, "false", 5);
		break;
	case 'n':
		word(s, "null", 4);
		break;
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		number(s);
		break;
	default:
		fault(s, at == s->end ? "the text ends too early" : "not JSON");
	}
	if (s->fault != NULL)
		return v;
	s->first = false;
	v.p = at;
	v.n = (size_t)(s->p - at);
	return v;
}

bool
scan_end(struct scan *s)
{
	if (s->fault != NULL)
		return false;
	blanks(s);
	return s->p == s->end ? true : fault(s, "something follows the value");
}

size_t
slice_char(const struct slice *name, size_t *at, char out[4])
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char       *p = name->p + *at, *end = name->p + name->n;
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
	c = (uint32_t)hex4(p + 2, end);
	*at += 6;
	if (c >= 0xd800 && c <= 0xdbff) {
		c = 0x10000 + ((c - 0xd800) << 10) + ((uint32_t)hex4(p + 8, end) - 0xdc00);
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
slice_is(const struct slice *name, const char *plain)
{
	size_t n = strlen(plain), at = 0, i = 0;
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
