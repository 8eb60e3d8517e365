/* json_scan.c - strict RFC 8259, one pass, no copies. */

#include "base/json_scan.h"

#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Without it -O2 makes a call of every name and value, which costs 3 % of a whole stage. */
#define ALWAYS_INLINE __attribute__((always_inline)) inline
#define BLOCK 64 /* bytes, a bit of s->marks each */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static bool
fault(struct json_scan *s, const char *what)
{
	if (s->fault == NULL)
		s->fault = what;
	return false;
}

/*
 * The functions that take a place p and return one keep it in a register
 * instead of in *s; NULL says that there is a fault, and s->p is where.
 */
__attribute__((cold, noinline)) static const char *
fault_at(struct json_scan *s, const char *p, const char *what)
{
	s->p = p;
	fault(s, what);
	return NULL;
}

static const char too_early[] = "the text ends too early",
                  in_string[] = "the text ends inside a string";

__attribute__((cold, noinline)) static const char *
ends_or(struct json_scan *s, const char *p, const char *what)
{
	return fault_at(s, p, p == s->end ? too_early : what);
}

__attribute__((noinline)) static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

/* Compact text has no blanks, and one comparison tells: none of them is above a space. */
static inline const char *
after_blanks(const char *p, const char *end)
{
	return p < end && (unsigned char)*p <= ' ' ? skip_blanks(p, end) : p;
}

char
json_scan_peek(struct json_scan *s)
{
	s->p = after_blanks(s->p, s->end);
	return s->p < s->end ? *s->p : '\0';
}

#if defined(__SSE2__)
/*
 * A bit for each of sixteen bytes; as signed, those of other than ASCII are not above 0x1f either.
 */
static inline uint64_t
marks_of(const char *p)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
	              low = _mm_set1_epi8(0x1f);
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i both = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash));
	__m128i plain = _mm_andnot_si128(both, _mm_cmpgt_epi8(v, low));

	return (unsigned)_mm_movemask_epi8(plain) ^ 0xffff;
}
#else
/*
 * The top bit of each byte that is none of these; adding to seven bits carries nothing into the
 * next byte.
 */
static inline uint64_t
above(uint64_t w, uint64_t low)
{
	return (w & EACH(0x7f)) + EACH(0x7f) - low;
}

/* A bit for each of eight bytes. */
static inline uint64_t
marks_of_8(const char *p)
{
	uint64_t w, plain;

	memcpy(&w, p, sizeof(w));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	plain = above(w, EACH(0x1f)) & above(w ^ EACH('"'), 0) & above(w ^ EACH('\\'), 0) & ~w &
	        EACH(0x80);
	/* Bit 8i + 7 goes to bit 56 + i; no two of the products meet. */
	return ((plain ^ EACH(0x80)) >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline uint64_t
marks_of(const char *p)
{
	return marks_of_8(p) | marks_of_8(p + 8) << 8;
}
#endif

/*
 * Look at the block that begins at p; the last one is filled up with marks, so that they end every
 * search.
 */
__attribute__((noinline)) static void
look(struct json_scan *s, const char *p)
{
	char   last[BLOCK] = "";
	size_t left = (size_t)(s->end - p);

	s->block = p;
	if (left < BLOCK)
		/* of no text there is no address either */
		p = left != 0 ? memcpy(last, p, left) : last;
	s->marks = marks_of(p) | marks_of(p + 16) << 16 | marks_of(p + 32) << 32 |
	           marks_of(p + 48) << 48;
}

/* The first special byte at or after p, or the end of the text. */
ALWAYS_INLINE static const char *
plain_end(struct json_scan *s, const char *p)
{
	size_t at = (size_t)(p - s->block);

	while (at >= BLOCK || s->marks >> at == 0) {
		if (at < BLOCK)
			p = s->block + BLOCK;
		look(s, s->block + BLOCK);
		at = (size_t)(p - s->block);
	}
	return p + (unsigned)__builtin_ctzll(s->marks >> at);
}

void
json_scan_open(struct json_scan *s, const char *text, size_t n)
{
	s->p = s->start = text;
	s->end = text + n;
	s->fault = NULL;
	s->depth = 0;
	s->first = false;
	s->plain = false;
	look(s, text);
}

size_t
json_scan_utf8(const char *text, const char *end)
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

/* Length of the escape at p, which is a backslash; 0 when it is malformed. */
static size_t
escape_length(const char *p, const char *end)
{
	int high, low;

	if (end - p < 2)
		return 0;
	switch (p[1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return 2;
	case 'u':
		break;
	default:
		return 0;
	}
	high = slice_hex4(p + 2, end);
	if (high < 0 || (high >= 0xdc00 && high <= 0xdfff))
		return 0;
	if (high < 0xd800 || high > 0xdfff)
		return 6;
	if (end - p < 12 || p[6] != '\\' || p[7] != 'u')
		return 0;
	low = slice_hex4(p + 8, end);
	return low >= 0xdc00 && low <= 0xdfff ? 12 : 0;
}

/* The rest of a string from its first special byte: to behind its closing quote. */
__attribute__((noinline)) static const char *
rest_of_string(struct json_scan *s, const char *p)
{
	size_t n;

	for (;; p = plain_end(s, p + n)) {
		if (p == s->end)
			return fault_at(s, p, in_string);
		if (*p == '"')
			return p + 1;
		if ((unsigned char)*p < 0x20)
			return fault_at(s, p, "control character in a string");
		n = *p == '\\' ? escape_length(p, s->end) : json_scan_utf8(p, s->end);
		if (n == 0)
			return fault_at(s, p, *p == '\\' ? "bad escape in a string" : "not UTF-8");
	}
}

/* From a string's opening quote to behind the closing one. */
ALWAYS_INLINE static const char *
string(struct json_scan *s, const char *p)
{
	p = plain_end(s, p + 1);
	return p < s->end && *p == '"' ? p + 1 : rest_of_string(s, p);
}

static inline bool
is_digit(const char *p, const char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

static inline const char *
digit_run(struct json_scan *s, const char *p)
{
	if (!is_digit(p, s->end))
		return fault_at(s, p, "bad number");
	while (is_digit(p, s->end))
		p++;
	return p;
}

static const char *
number(struct json_scan *s, const char *p)
{
	if (*p == '-')
		p++;
	if (p < s->end && *p == '0')
		p++;
	else if ((p = digit_run(s, p)) == NULL)
		return NULL;
	if (p < s->end && *p == '.' && (p = digit_run(s, p + 1)) == NULL)
		return NULL;
	if (p < s->end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < s->end && (*p == '+' || *p == '-'))
			p++;
		return digit_run(s, p);
	}
	return p;
}

static inline const char *
word(struct json_scan *s, const char *p, const char *w, size_t n)
{
	return (size_t)(s->end - p) >= n && memcmp(p, w, n) == 0 ? p + n
	                                                         : fault_at(s, p, "not JSON");
}

/* Step over the string, number or word at p. */
ALWAYS_INLINE static const char *
scalar(struct json_scan *s, const char *p)
{
	switch (p < s->end ? *p : '\0') {
	case '"':
		return string(s, p);
	case 't':
		return word(s, p, "true", 4);
	case 'f':
		return word(s, p, "false", 5);
	case 'n':
		return word(s, p, "null", 4);
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
		return number(s, p);
	default:
		return ends_or(s, p, "not JSON");
	}
}

/* Step over the member's name at p and its colon. */
ALWAYS_INLINE static const char *
member(struct json_scan *s, const char *p, struct slice *name)
{
	const char *const end = s->end, *const from = p + 1;
	bool plain;

	if (p == end || *p != '"')
		return ends_or(s, p, "expected a member's name");
	p = plain_end(s, from);
	plain = p < end && *p == '"';
	if (plain)
		p++;
	else if ((p = rest_of_string(s, p)) == NULL)
		return NULL;
	s->plain = plain;
	name->p = from;
	name->n = (size_t)(p - from) - 1;
	p = after_blanks(p, end);
	if (p == end || *p != ':')
		return ends_or(s, p, "expected a colon");
	return p + 1;
}

/*
 * Step over the object or array at p with all that is in it.  Most bytes of a
 * record are skipped here, so what is open is kept in an array, not in calls.
 * Not inlined: scalars need neither that array nor as many registers.
 */
__attribute__((noinline)) static const char *
nested(struct json_scan *s, const char *p)
{
	char         close[JSON_SCAN_DEPTH_MAX + 1]; /* the bracket that ends each open one */
	struct slice name;
	const char  *end = s->end;
	int          depth = s->depth;

/* it does not see that each turn reads what an earlier one, or it itself, has put there */
#ifdef __clang_analyzer__
	memset(close, 0, sizeof(close));
#endif
	for (;;) {
		p = after_blanks(p, end);
		if (p < end && (*p == '{' || *p == '[')) {
			if (depth == JSON_SCAN_DEPTH_MAX)
				return fault_at(s, p, "nested too deeply");
			close[++depth] = *p == '{' ? '}' : ']';
			p = after_blanks(p + 1, end);
			if (p == end || *p != close[depth]) {
				if (close[depth] == '}' && (p = member(s, p, &name)) == NULL)
					return NULL;
				continue;
			}
		} else if ((p = scalar(s, p)) == NULL) {
			return NULL;
		}
		p = after_blanks(p, end);
		/* The first turn opens one: nobody comes here with another byte at p. */
		// cppcheck-suppress uninitvar
		while (p < end && *p == close[depth]) {
			p++;
			if (--depth == s->depth)
				return p;
			p = after_blanks(p, end);
		}
		if (p == end || *p != ',')
			return ends_or(s, p, "expected a comma or a closing bracket");
		p++;
		if (close[depth] == '}' && (p = member(s, after_blanks(p, end), &name)) == NULL)
			return NULL;
	}
}

bool
json_scan_enter(struct json_scan *s, char open)
{
	if (s->fault != NULL)
		return false;
	if (json_scan_peek(s) != open)
		return fault(s, open == '{' ? "not an object" : "not an array");
	if (++s->depth > JSON_SCAN_DEPTH_MAX)
		return fault(s, "nested too deeply");
	s->p++;
	s->first = true;
	return true;
}

/* At what follows a value or an opening bracket: where another item comes, or NULL. */
static inline const char *
next_item(struct json_scan *s, char close)
{
	const char *p;

	if (s->fault != NULL)
		return NULL;
	p = after_blanks(s->p, s->end);
	if (p < s->end && *p == close) {
		s->p = p + 1;
		s->depth--;
		s->first = false;
		return NULL;
	}
	if (s->first) {
		s->first = false;
		return p;
	}
	if (p == s->end || *p != ',')
		return ends_or(s, p, "expected a comma or a closing bracket");
	return after_blanks(p + 1, s->end);
}

bool
json_scan_member(struct json_scan *s, struct slice *key)
{
	const char *p = next_item(s, '}');

	if (p == NULL || (p = member(s, p, key)) == NULL)
		return false;
	s->p = p;
	return true;
}

bool
json_scan_element(struct json_scan *s)
{
	const char *p = next_item(s, ']');

	if (p == NULL)
		return false;
	s->p = p;
	return true;
}

struct slice
json_scan_value(struct json_scan *s)
{
	struct slice v = { NULL, 0 };
	const char  *at, *p;

	if (s->fault != NULL)
		return v;
	at = after_blanks(s->p, s->end);
	p = at < s->end && (*at == '{' || *at == '[') ? nested(s, at) : scalar(s, at);
	if (p == NULL)
		return v;
	s->p = p;
	s->first = false;
	v.p = at;
	v.n = (size_t)(p - at);
	return v;
}

bool
json_scan_end(struct json_scan *s)
{
	if (s->fault != NULL)
		return false;
	json_scan_peek(s);
	return s->p == s->end ? true : fault(s, "something follows the value");
}

const char *
json_scan_fault(const char *text, size_t n)
{
	struct json_scan s;

	json_scan_open(&s, text, n);
	json_scan_value(&s);
	json_scan_end(&s);
	return s.fault;
}

struct slice
json_scan_find(struct slice object, const char *name)
{
	struct slice     found = { NULL, 0 }, key, v;
	struct json_scan s;

	json_scan_open(&s, object.p, object.n);
	for (json_scan_enter(&s, '{'); json_scan_member(&s, &key);) {
		v = json_scan_value(&s);
		if (slice_is(&key, name))
			found = v;
	}
	if (!json_scan_end(&s))
		found.p = NULL;
	return found;
}

bool
json_scan_is_cut(const char *text, size_t n)
{
	const char *why = json_scan_fault(text, n);

	return why == too_early || why == in_string;
}
