/* text.c - append words, numbers, spans and instants to a sentence of bounded length. */

#include "base/text.h"

#include <string.h>

#include "base/rfc3339.h"

void
text_clear(struct text *t)
{
	t->n = 0;
	t->s[0] = '\0';
}

void
text_put(struct text *t, const char *s)
{
	size_t n, room = sizeof(t->s) - 1 - t->n;

	if (s == NULL)
		return;
	n = strlen(s);
	if (n > room) {
		n = room;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(t->s + t->n, s, n);
	t->n += n;
	t->s[t->n] = '\0';
}

void
text_int(struct text *t, int64_t v)
{
	char     digits[24];
	size_t   i = sizeof(digits);
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	digits[--i] = '\0';
	do
		digits[--i] = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (v < 0)
		digits[--i] = '-';
	text_put(t, digits + i);
}

void
text_span(struct text *t, int64_t span_s)
{
	static const struct {
		int64_t     s;
		const char *letter;
	} unit[] = { { 86400, "d" }, { 3600, "h" }, { 60, "m" }, { 1, "s" } };
	const size_t units = sizeof(unit) / sizeof(unit[0]);
	size_t       i;

	if (span_s < 0)
		span_s = span_s == INT64_MIN ? INT64_MAX : -span_s;
	for (i = 0; i < units - 1 && span_s < unit[i].s; i++)
		continue;
	text_int(t, span_s / unit[i].s);
	text_put(t, unit[i].letter);
	if (i + 1 < units && span_s % unit[i].s / unit[i + 1].s != 0) {
		text_put(t, " ");
		text_int(t, span_s % unit[i].s / unit[i + 1].s);
		text_put(t, unit[i + 1].letter);
	}
}

void
text_instant(struct text *t, int64_t at_us)
{
	char s[RFC3339_SIZE];

	rfc3339_print(s, at_us);
	text_put(t, s);
}

bool
text_is_command(const char *p, size_t n)
{
	const unsigned char *c = (const unsigned char *)p;

	if (n == 1)
		return c[0] < 0x20 || c[0] == 0x7f;
	if (n == 2)
		return (c[0] == 0xc2 && c[1] < 0xa0) || (c[0] == 0xd8 && c[1] == 0x9c);
	if (n != 3 || c[0] != 0xe2)
		return false;
	return c[1] == 0x80 ? c[2] == 0x8e || c[2] == 0x8f || (c[2] >= 0xa8 && c[2] <= 0xae)
	                    : c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9;
}
