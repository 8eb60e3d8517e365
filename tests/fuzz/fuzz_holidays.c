/*
 * fuzz_holidays.c - any text as a file of holidays: wherever one looks from, the same days are holidays.
 *
 * Input: a day (2 bytes), then the text.
 */

#include "judge/holidays.h"

#include "../unit/json_gen.h"
#include "base/rfc3339.h"
#include "fuzz.h"

static void
check_order(const struct holidays *h)
{
	size_t i;

	REQUIRE(h->n <= HOLIDAYS_MAX);
	for (i = 0; i < h->n; i++) {
		REQUIRE(i == 0 || h->day[i - 1] < h->day[i]);
		REQUIRE(h->day[i] >= h->around - HOLIDAYS_SPAN && h->day[i] <= h->around + HOLIDAYS_SPAN);
	}
}

static bool
has(const struct holidays *h, int64_t day)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (h->day[i] == day)
			return true;
	return false;
}

/* The days as dates, one a line, are the same days. */
static void
check_dates(const struct holidays *h)
{
	static struct holidays again;
	struct buf             b;
	char                   text[RFC3339_SIZE];
	size_t                 i;

	buf_init(&b, BUF_RECORD_MAX);
	for (i = 0; i < h->n; i++) {
		rfc3339_print(text, h->day[i] * INT64_C(86400000000));
		buf_printf(&b, "%.10s%s\r\n", text, i % 2 == 0 ? " # x" : " a name");
	}
	REQUIRE(holidays_parse(&again, buf_text(&b), b.n, h->around) == NULL);
	REQUIRE(again.n == h->n && again.dates == h->n);
	REQUIRE(memcmp(again.day, h->day, h->n * sizeof(h->day[0])) == 0);
	buf_release(&b);
}

static size_t
lines_of(const char *text, size_t n)
{
	size_t lines = 1, i;

	for (i = 0; i < n; i++)
		lines += text[i] == '\n';
	return lines;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct holidays h, later;
	struct bytes           b = { data, n };
	int64_t                around = (int64_t)take_number(&b, 2), day;
	char                  *text = exact((const char *)b.p, b.n);
	const char            *fault = holidays_parse(&h, text, b.n, around), *other;

	check_order(&h);
	other = holidays_parse(&later, text, b.n, around + 200);
	REQUIRE((fault == NULL) == (other == NULL));
	if (fault != NULL) {
		REQUIRE(strcmp(fault, other) == 0 && h.line == later.line);
		REQUIRE(h.line >= 1 && h.line <= lines_of(text, b.n) + 1 && strncmp(fault, "expected ", 9) == 0);
	} else {
		check_order(&later);
		REQUIRE(h.dates == later.dates && (h.dates == 0 || h.last == later.last));
		REQUIRE(h.dates == 0 || h.n == 0 || h.last >= h.day[h.n - 1]);
		REQUIRE(!holidays_is_calendar(text, b.n));
		for (day = around + 200 - HOLIDAYS_SPAN; day <= around + HOLIDAYS_SPAN; day++)
			REQUIRE(has(&h, day) == has(&later, day));
		check_dates(&h);
	}
	free(text);
	return 0;
}
