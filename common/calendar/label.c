/* label.c - names from anywhere, made fit for a line. */

#include "calendar/label.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/xalloc.h"

/*
 * One character of UTF-8 at s, which ends with a NUL: its length, 0 when it is none.
 * Source: RFC 3629, 4.
 */
static size_t
take_utf8(const unsigned char *s, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t                n = 0, i;

	if (s[0] < 0x80)
		n = 1;
	else if (s[0] >= 0xc0 && s[0] < 0xf8)
		n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (n == 0)
		return 0;
	*c = n == 1 ? s[0] : s[0] & (0xffU >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3fU);
	}
	return *c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000) ? 0 : n;
}

static bool
is_utf8(const unsigned char *s)
{
	uint32_t c;
	size_t   n;

	for (; *s != '\0'; s += n)
		if ((n = take_utf8(s, &c)) == 0)
			return false;
	return true;
}

/* Controls of both kinds, blanks, and the line and paragraph separators. */
static bool
is_blank(uint32_t c)
{
	return c <= ' ' || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029;
}

/* As holidays_parse would see a second date, behind blanks and dashes too. */
static bool
begins_with_date(const char *s)
{
	static const char shape[] = "0000-00-00";
	size_t            i;

	s += strspn(s, " -");
	for (i = 0; shape[i] != '\0'; i++)
		if (shape[i] == '0' ? s[i] < '0' || s[i] > '9' : s[i] != shape[i])
			return false;
	return true;
}

/* Where the text goes on behind a character; *c is that character. */
static const unsigned char *
take(const unsigned char *s, bool utf8, uint32_t *c)
{
	*c = *s;
	return s + (utf8 ? take_utf8(s, c) : 1);
}

/* c as UTF-8 at p: its length. */
static size_t
put_utf8(char *p, uint32_t c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	for (i = n; i-- > 1; c >>= 6)
		p[i] = (char)(0x80 | (c & 0x3f));
	p[0] = (char)(n == 1 ? c : (0xf00U >> n & 0xff) | c);
	return n;
}

char *
label_of(const char *text)
{
	const unsigned char *s = (const unsigned char *)(text != NULL ? text : "");
	bool                 utf8 = is_utf8(s), blank = false;
	char                 out[2 + LABEL_MAX + 1], *label = out + 2, one[4];
	uint32_t             c;
	size_t               n = 0, size;

	while (*s != '\0') {
		s = take(s, utf8, &c);
		if (is_blank(c)) {
			blank = n > 0;
			continue;
		}
		size = put_utf8(one, c);
		if (n + blank + size > LABEL_MAX)
			break;
		if (blank)
			label[n++] = ' ';
		memcpy(label + n, one, size);
		n += size;
		blank = false;
	}
	label[n] = '\0';
	if (!begins_with_date(label))
		return xmemdup0(label, n);
	memcpy(out, "# ", 2);
	return xmemdup0(out, n + 2);
}
