/* say.c - words for instants, spans and amounts. */

#include "report/say.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/rfc3339.h"
#include "base/text.h"

void
say_time(struct buf *b, const struct tz *tz, struct when w)
{
	struct civil c;

	if (!w.known) {
		buf_putc(b, '-');
		return;
	}
	c = civil_from_s(tz_wall(tz, floor_s(w.us)));
	buf_printf(b, "%04lld-%02d-%02d %02d:%02d", (long long)c.year, c.month, c.day, c.hour,
	        c.minute);
}

void
say_hour(struct buf *b, const struct tz *tz, int64_t at_s)
{
	struct civil c = civil_from_s(tz_wall(tz, at_s));

	buf_printf(b, "%02d:%02d", c.hour, c.minute);
}

void
say_span(struct buf *b, int64_t span_s)
{
	struct text t;

	text_clear(&t);
	text_span(&t, span_s);
	buf_puts(b, t.s);
}

void
say_since(struct buf *b, const struct model_row *r)
{
	int64_t span_s = model_span_s(r);

	if (!r->since.known) {
		buf_putc(b, '-');
	} else if (span_s == 0) {
		buf_puts(b, "now");
	} else if (span_s > 0) {
		buf_puts(b, "in ");
		say_span(b, span_s);
	} else {
		say_span(b, span_s);
		buf_puts(b, " ago");
	}
}

void
say_list(struct buf *b, enum model_list_kind kind)
{
	const char *title = model_list_titles[kind];

	buf_putc(b, (char)ascii_lower(title[0]));
	buf_puts(b, title + 1);
}

/* Digits with a comma between each three before the point. */
static void
put_grouped(struct buf *b, const char *digits)
{
	size_t n = strcspn(digits, "."), i;

	for (i = 0; i < n; i++) {
		buf_putc(b, digits[i]);
		if (digits[i] != '-' && (n - i) % 3 == 1 && i + 1 < n)
			buf_putc(b, ',');
	}
	buf_puts(b, digits + n);
}

void
say_hours(struct buf *b, int64_t span_s)
{
	char   digits[64];
	double hours = (double)span_s / 3600;

	snprintf(digits, sizeof(digits), fabs(hours) < 99.95 ? "%.1f" : "%.0f", hours);
	put_grouped(b, digits);
	buf_puts(b, " h");
}

void
say_amount(struct buf *b, double amount, const char *currency)
{
	char digits[400]; /* the largest double has 309 before the point */

	snprintf(digits, sizeof(digits), "%.2f", amount);
	put_grouped(b, digits);
	if (currency != NULL)
		buf_printf(b, " %s", currency);
}

const char *
say_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

void
say_utc(struct buf *b, struct when w)
{
	char s[RFC3339_SIZE];

	if (!w.known)
		return;
	rfc3339_print(s, w.us);
	buf_puts(b, s);
}
