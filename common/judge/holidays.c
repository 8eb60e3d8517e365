/* holidays.c - lines of dates to day numbers. */

#include "judge/holidays.h"

#include <string.h>

#include "base/ascii.h"
#include "base/rfc3339.h"
#include "base/when.h"

#define DATE_SIZE strlen("2026-12-25")

/* One line of the text: its bytes, and where the next one begins. */
struct line {
	const char *p, *end;
};

static bool
next_line(const char **at, const char *end, struct line *l)
{
	const char *nl;

	if (*at == end)
		return false;
	nl = memchr(*at, '\n', (size_t)(end - *at));
	l->p = *at;
	l->end = nl != NULL ? nl : end;
	*at = nl != NULL ? nl + 1 : end;
	if (l->end > l->p && l->end[-1] == '\r')
		l->end--;
	return true;
}

/* Insert where it belongs; days outside the span are dropped. */
static void
add_day(struct holidays *h, int64_t day)
{
	size_t i = h->n;

	h->last = h->dates++ == 0 || day > h->last ? day : h->last;
	if (day < h->around - HOLIDAYS_SPAN || day > h->around + HOLIDAYS_SPAN)
		return;
	while (i > 0 && h->day[i - 1] > day)
		i--;
	if (i > 0 && h->day[i - 1] == day)
		return;
	memmove(h->day + i + 1, h->day + i, (h->n - i) * sizeof(h->day[0]));
	h->day[i] = (int32_t)day;
	h->n++;
}

/* Over what may stand between a date and what is behind it. */
static const char *
skip(const char *p, const char *end, const char *these)
{
	while (p < end && *p != '\0' && strchr(these, *p) != NULL)
		p++;
	return p;
}

static bool
has_date_form(const char *p, const char *end)
{
	static const char form[] = "0000-00-00";
	size_t            i;

	if ((size_t)(end - p) < DATE_SIZE)
		return false;
	for (i = 0; i < DATE_SIZE; i++)
		if (form[i] == '0' ? p[i] < '0' || p[i] > '9' : p[i] != form[i])
			return false;
	return true;
}

static bool
read_date(const char *p, int64_t *day)
{
	char    full[] = "2026-12-25T00:00:00Z";
	int64_t at_us;

	memcpy(full, p, DATE_SIZE);
	if (!rfc3339_parse(full, strlen(full), &at_us))
		return false;
	*day = floor_day(floor_s(at_us));
	return true;
}

static const char *
parse_line(struct holidays *h, struct line l)
{
	const char *hash = memchr(l.p, '#', (size_t)(l.end - l.p)), *behind;
	int64_t     day;

	if (hash != NULL)
		l.end = hash;
	l.p = skip(l.p, l.end, " \t");
	if (l.p == l.end)
		return NULL;
	if (!has_date_form(l.p, l.end))
		return "expected a date such as 2026-12-25";
	behind = l.p + DATE_SIZE;
	if (behind < l.end && *behind != ' ' && *behind != '\t')
		return "expected a date such as 2026-12-25";
	if (!read_date(l.p, &day))
		return "expected a date that exists, such as 2026-12-25";
	if (has_date_form(skip(behind, l.end, " \t-"), l.end))
		return "expected one date a line";
	add_day(h, day);
	return NULL;
}

static const char *
skip_mark(const char *text, size_t n)
{
	return n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
}

const char *
holidays_parse(struct holidays *h, const char *text, size_t n, int64_t around)
{
	const char *at = skip_mark(text, n), *end = text + n, *fault = NULL;
	struct line l;

	memset(h, 0, sizeof(*h));
	h->around = around;
	for (h->line = 1; next_line(&at, end, &l); h->line++)
		if ((fault = parse_line(h, l)) != NULL)
			break;
	return fault;
}

bool
holidays_is_calendar(const char *text, size_t n)
{
	static const char begin[] = "begin:vcal";
	const char       *end = text + n, *p = skip(skip_mark(text, n), end, " \t\r\n");

	return (size_t)(end - p) >= strlen(begin) && ascii_same(p, begin, strlen(begin));
}
