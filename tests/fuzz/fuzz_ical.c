/*
 * fuzz_ical.c - any text as a calendar: it ends in time, and what it says is a file of holidays.
 *
 * Input: the first day (2 bytes, from 1970), how much is asked for (1 byte), then the text.
 */

#define _GNU_SOURCE /* strcasestr */
#include "calendar/ical.h"

#include <strings.h>

#include "base/rfc3339.h"
#include "fuzz.h"
#include "judge/holidays.h"

#define TIME_MS 2000

static size_t lines;

static void
bad(void *arg, size_t line, const char *why)
{
	REQUIRE(line >= 1 && line <= lines && why[0] != '\0');
	++*(size_t *)arg;
}

/* Read a copy; false when it cannot be read. */
static bool
read_text(struct ical *c, const char *text, int64_t first, int64_t days, bool midnight,
        size_t *bads)
{
	struct err err;
	char      *copy = text_of((const uint8_t *)text, strlen(text));
	int        got;

	memset(c, 0, sizeof(*c));
	*bads = 0;
	c->first = first;
	c->last = first + days - 1;
	c->time_ms = TIME_MS;
	c->midnight = midnight;
	c->bad = bad;
	c->arg = bads;
	got = ical_read(c, copy, &err);
	free(copy);
	REQUIRE(got == 0 || (err.status == CWS_FAIL && err.text[0] != '\0' && c->line <= lines));
	ical_sort(c);
	return got == 0;
}

/* The lines are in order, within what was asked for, and the dates file of the same days. */
static void
check_days(const struct ical *c)
{
	static struct holidays h;
	struct buf             b;
	size_t                 i, dates = 0;

	buf_init(&b, BUF_BODY_MAX);
	for (i = 0; i < c->n; i++) {
		REQUIRE(c->day[i].day >= c->first && c->day[i].day <= c->last);
		REQUIRE(i == 0 || c->day[i - 1].day < c->day[i].day ||
		        (c->day[i - 1].day == c->day[i].day &&
		                strcmp(c->day[i - 1].name, c->day[i].name) < 0));
		ical_print(&b, &c->day[i]);
	}
	REQUIRE(holidays_parse(&h, buf_text(&b), b.n, c->first) == NULL && h.dates == c->n);
	REQUIRE(c->n == 0 || h.last == c->day[c->n - 1].day);
	for (i = 0; i < c->n; i++)
		dates += (i == 0 || c->day[i - 1].day != c->day[i].day) &&
		         c->day[i].day <= c->first + HOLIDAYS_SPAN;
	REQUIRE(dates == h.n);
	buf_release(&b);
}

/* Asked for fewer days, it says the same of those. */
static void
check_part(const struct ical *whole, const struct ical *part)
{
	size_t i, k = 0;

	for (i = 0; i < whole->n; i++)
		if (whole->day[i].day >= part->first && whole->day[i].day <= part->last) {
			REQUIRE(k < part->n && part->day[k].day == whole->day[i].day);
			REQUIRE(strcmp(part->day[k].name, whole->day[i].name) == 0);
			k++;
		}
	REQUIRE(k == part->n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct bytes b = { data, n };
	int64_t      first = (int64_t)take_number(&b, 2);
	uint64_t     how = take_number(&b, 1);
	bool         midnight = how % 2 != 0;
	char        *text = text_of(b.p, b.n), *p;
	struct ical  whole, part;
	size_t       bads, others;

	for (lines = 1, p = text; *p != '\0'; p++)
		lines += *p == '\n' || *p == '\r';
	if (read_text(&whole, text, first, (int64_t)how * 8 + 40, midnight, &bads)) {
		check_days(&whole);
		/* What a change replaces is known within some distance only. */
		if (strstr(text, "\n ") == NULL && strstr(text, "\n\t") == NULL &&
		    strchr(text, '\r') == NULL && strcasestr(text, "RECURRENCE-ID") == NULL &&
		    read_text(&part, text, first + 10, (int64_t)how * 4 + 10, midnight, &others)) {
			REQUIRE(others == bads && part.events == whole.events);
			REQUIRE(part.not_taken <= whole.not_taken);
			check_part(&whole, &part);
			ical_release(&part);
		}
	}
	ical_release(&whole);
	free(text);
	return 0;
}
