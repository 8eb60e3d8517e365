/* test_holidays.c - dates from text, and the stretches that holidays make. */

#include "judge/holidays.h"

#include <stdlib.h>

#include "at.h"
#include "base/rfc3339.h"
#include "check.h"
#include "judge/sched.h"
#include "settings/tz_load.h"

static int64_t
day_of(const char *date)
{
	char full[40];

	snprintf(full, sizeof(full), "%.10sT00:00:00Z", date);
	return at(full) / US_PER_S / 86400;
}

/* Parsed from memory of the exact size, so that a sanitizer sees one byte too far. */
static const char *
parse(struct holidays *h, const char *text, const char *around)
{
	size_t      n = strlen(text);
	char       *copy = malloc(n > 0 ? n : 1);
	const char *fault;

	if (copy == NULL)
		abort();
	memcpy(copy, text, n);
	fault = holidays_parse(h, copy, n, day_of(around));
	free(copy);
	return fault;
}

/* Lines of dates, or of spans such as 2026-12-25/2026-12-26, to one date a line. */
static void
spell(const char *spans, char *out, size_t size)
{
	char   s[RFC3339_SIZE];
	size_t n = 0;

	for (; *spans != '\0'; spans += strcspn(spans, "\n"), spans += *spans == '\n') {
		const char *slash = spans + strlen("2026-12-25");
		int64_t     day = day_of(spans), last = *slash == '/' ? day_of(slash + 1) : day;

		for (; day <= last && n + 12 < size; day++) {
			rfc3339_print(s, day * INT64_C(86400) * US_PER_S);
			n += (size_t)snprintf(out + n, size - n, "%.10s\n", s);
		}
	}
	out[n] = '\0';
}

/* "2026-12-25 2026-12-26" */
static void
show_days(const struct holidays *h, char *out, size_t size)
{
	char   s[RFC3339_SIZE];
	size_t i, n = 0;

	out[0] = '\0';
	for (i = 0; i < h->n && n + 12 < size; i++) {
		rfc3339_print(s, h->day[i] * INT64_C(86400) * US_PER_S);
		n += (size_t)snprintf(out + n, size - n, "%s%.10s", i > 0 ? " " : "", s);
	}
}

static void
test_good(void)
{
	static const struct {
		const char *name, *text, *days;
	} rows[] = {
		{ "nothing", "", "" },
		{ "comments only", "# none yet\n\n   # really\n", "" },
		{ "one", "2026-12-25\n", "2026-12-25" },
		{ "no newline", "2026-12-25", "2026-12-25" },
		{ "in any order, twice, with comments", "2026-12-26 # second\r\n2026-12-25\n\t2026-12-26\n",
		        "2026-12-25 2026-12-26" },
		{ "byte order mark", "\xef\xbb\xbf" "2026-12-25\n", "2026-12-25" },
		{ "leap day", "2028-02-29\n2026-12-25", "2026-12-25" },
		{ "the edges of the span", "2025-08-20\n2025-08-21\n2027-12-09\n2027-12-10\n",
		        "2025-08-21 2027-12-09" },
		{ "names", "2026-12-25 Christmas\n2026-12-26\tBoxing Day # England\n2026-12-27 27\n",
		        "2026-12-25 2026-12-26 2026-12-27" },
		{ "a comment at once", "2026-12-25#\n", "2026-12-25" },
		{ "a second date in a comment", "2026-12-25 # 2026-12-26\n", "2026-12-25" },
		{ "a name of any bytes", "2026-12-25 No\xebl \x01\n", "2026-12-25" },
	};
	struct holidays h;
	const char     *fault;
	char            got[2000];
	static char     text[800000];
	size_t          i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fault = parse(&h, rows[i].text, "2026-10-15");
		CHECK(rows[i].name, fault == NULL, "line %zu: %s", h.line, fault);
		show_days(&h, got, sizeof(got));
		CHECK_TEXT(rows[i].name, got, rows[i].days);
	}
	/* However much the text says, what is kept is bounded. */
	spell("0001-01-01\n2000-01-01/2099-12-31", text, sizeof(text));
	CHECK("for ever", parse(&h, text, "2026-10-15") == NULL && h.n == HOLIDAYS_MAX &&
	                          h.day[0] == day_of("2026-10-15") - HOLIDAYS_SPAN && h.dates == 36526 &&
	                          h.last == day_of("2099-12-31"),
	        "%zu days of %zu", h.n, h.dates);
}

static void
test_bad(void)
{
	static const struct {
		const char *name, *text;
		size_t      line;
		const char *fault;
	} rows[] = {
		{ "a word", "christmas\n", 1, "expected a date such as 2026-12-25" },
		{ "the third line", "2026-12-25\n\n2026-12\n", 3, "expected a date such as 2026-12-25" },
		{ "other order", "25.12.2026\n", 1, "expected a date such as 2026-12-25" },
		{ "a time too", "2026-12-25T00:00:00Z\n", 1, "expected a date such as 2026-12-25" },
		{ "two on a line", "2026-12-25 2026-12-26\n", 1, "expected one date a line" },
		{ "a span", "2026-12-25 - 2026-12-26\n", 1, "expected one date a line" },
		{ "a name at once", "2026-12-25Christmas\n", 1, "expected a date such as 2026-12-25" },
		{ "a calendar", "BEGIN:VCALENDAR\n", 1, "expected a date such as 2026-12-25" },
		{ "no such day", "2026-02-29\n", 1, "expected a date that exists, such as 2026-12-25" },
		{ "no such month", "2026-13-01\n", 1, "expected a date that exists, such as 2026-12-25" },
		{ "no such year", "0000-01-01\n", 1, "expected a date that exists, such as 2026-12-25" },
		{ "letters", "2026-l2-25\n", 1, "expected a date such as 2026-12-25" },
		{ "NUL", "2026-12-2\x01\n", 1, "expected a date such as 2026-12-25" },
	};
	struct holidays h;
	const char     *fault;
	size_t          i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fault = parse(&h, rows[i].text, "2026-10-15");
		CHECK_TEXT(rows[i].name, fault != NULL ? fault : "", rows[i].fault);
		CHECK(rows[i].name, h.line == rows[i].line, "line %zu", h.line);
	}
}

#define SUMMER "2026-07-01/2026-08-31"
#define WEEKS                                                                                              \
	"2026-06-01/2026-06-05\n2026-06-08/2026-06-12\n2026-06-15/2026-06-19\n2026-06-22/2026-06-26\n"     \
	"2026-06-29/2026-07-03\n2026-07-06/2026-07-10"

static void
test_calendar(void)
{
	static const struct {
		const char *text;
		bool        is;
	} rows[] = {
		{ "BEGIN:VCALENDAR\r\n", true }, { "begin:vcalendar", true }, { "\xef\xbb\xbf" "BEGIN:VCALENDAR", true },
		{ "\n\r\n  BEGIN:VCALENDER\n", true }, { "", false }, { "BEGIN:VCA", false }, { "2026-12-25", false },
		{ "# BEGIN:VCALENDAR", false }, { "BEGIN:VEVENT", false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK(rows[i].text, holidays_is_calendar(rows[i].text, strlen(rows[i].text)) == rows[i].is, "is it?");
}

/* "start/end" of a stretch, "" for none. */
static void
check_stretch(const char *name, const char *which, const struct stretch *st, const char *want)
{
	char got[2 * RFC3339_SIZE + 2] = "", end[RFC3339_SIZE];

	if (st->start.known) {
		rfc3339_print(got, st->start.us);
		rfc3339_print(end, st->end.us);
		strcat(got, "/");
		strcat(got, end);
	}
	CHECK(name, strcmp(got, want) == 0, "%s: got \"%s\", want \"%s\"", which, got, want);
}

static void
test_view(void)
{
	static const struct {
		const char *name, *windows, *zone, *holidays;
		bool        open;
		const char *now, *held, *next, *last;
	} rows[] = {
		{ "the second before", "18:00-08:00", "UTC", "2026-12-25", false, "2026-12-24T17:59:59Z", "",
		        "2026-12-24T18:00:00Z/2026-12-26T08:00:00Z",
		        "2026-12-23T18:00:00Z/2026-12-24T08:00:00Z" },
		{ "the eve joins", "18:00-08:00", "UTC", "2026-12-25", false, "2026-12-24T18:00:00Z",
		        "2026-12-24T18:00:00Z/2026-12-26T08:00:00Z",
		        "2026-12-26T18:00:00Z/2026-12-27T08:00:00Z",
		        "2026-12-23T18:00:00Z/2026-12-24T08:00:00Z" },
		{ "so does the night after", "18:00-08:00", "UTC", "2026-12-25", false,
		        "2026-12-26T07:59:59Z",
		        "2026-12-24T18:00:00Z/2026-12-26T08:00:00Z",
		        "2026-12-26T18:00:00Z/2026-12-27T08:00:00Z",
		        "2026-12-23T18:00:00Z/2026-12-24T08:00:00Z" },
		{ "its end", "18:00-08:00", "UTC", "2026-12-25", false, "2026-12-26T08:00:00Z", "",
		        "2026-12-26T18:00:00Z/2026-12-27T08:00:00Z",
		        "2026-12-24T18:00:00Z/2026-12-26T08:00:00Z" },
		{ "the second before midnight", "08:00-09:00", "UTC", "2026-12-25", false,
		        "2026-12-24T23:59:59Z", "",
		        "2026-12-25T00:00:00Z/2026-12-26T00:00:00Z",
		        "2026-12-24T08:00:00Z/2026-12-24T09:00:00Z" },
		{ "midnight", "08:00-09:00", "UTC", "2026-12-25", false, "2026-12-25T00:00:00Z",
		        "2026-12-25T00:00:00Z/2026-12-26T00:00:00Z",
		        "2026-12-26T08:00:00Z/2026-12-26T09:00:00Z",
		        "2026-12-24T08:00:00Z/2026-12-24T09:00:00Z" },
		{ "its last second", "08:00-09:00", "UTC", "2026-12-25", false, "2026-12-25T23:59:59Z",
		        "2026-12-25T00:00:00Z/2026-12-26T00:00:00Z",
		        "2026-12-26T08:00:00Z/2026-12-26T09:00:00Z",
		        "2026-12-24T08:00:00Z/2026-12-24T09:00:00Z" },
		{ "midnight after", "08:00-09:00", "UTC", "2026-12-25", false, "2026-12-26T00:00:00Z", "",
		        "2026-12-26T08:00:00Z/2026-12-26T09:00:00Z",
		        "2026-12-25T00:00:00Z/2026-12-26T00:00:00Z" },
		{ "on a day without a window", "mon 08:00-09:00", "UTC", "2026-12-25", false,
		        "2026-12-25T12:00:00Z",
		        "2026-12-25T00:00:00Z/2026-12-26T00:00:00Z",
		        "2026-12-28T08:00:00Z/2026-12-28T09:00:00Z",
		        "2026-12-21T08:00:00Z/2026-12-21T09:00:00Z" },
		{ "a window that ends at its midnight", "22:00-24:00", "UTC", "2026-12-25", false,
		        "2026-12-25T12:00:00Z",
		        "2026-12-24T22:00:00Z/2026-12-26T00:00:00Z",
		        "2026-12-26T22:00:00Z/2026-12-27T00:00:00Z",
		        "2026-12-23T22:00:00Z/2026-12-24T00:00:00Z" },
		{ "a window that begins at its end", "sat 00:00-01:00", "UTC", "2026-12-25", false,
		        "2026-12-25T12:00:00Z",
		        "2026-12-25T00:00:00Z/2026-12-26T01:00:00Z",
		        "2027-01-02T00:00:00Z/2027-01-02T01:00:00Z",
		        "2026-12-19T00:00:00Z/2026-12-19T01:00:00Z" },
		{ "two in a row", "08:00-09:00", "UTC", "2026-12-25\n2026-12-26", false,
		        "2026-12-26T12:00:00Z",
		        "2026-12-25T00:00:00Z/2026-12-27T00:00:00Z",
		        "2026-12-27T08:00:00Z/2026-12-27T09:00:00Z",
		        "2026-12-24T08:00:00Z/2026-12-24T09:00:00Z" },
		{ "24 h each: joined through the holiday", "09:00-09:00", "UTC", "2026-12-25", false,
		        "2026-12-26T08:59:59Z", "2026-12-24T09:00:00Z/2026-12-26T09:00:00Z",
		        "2026-12-26T09:00:00Z/2026-12-27T09:00:00Z",
		        "2026-12-23T09:00:00Z/2026-12-24T09:00:00Z" },
		{ "and anew behind it", "09:00-09:00", "UTC", "2026-12-25", false, "2026-12-26T09:00:00Z",
		        "2026-12-26T09:00:00Z/2026-12-27T09:00:00Z",
		        "2026-12-27T09:00:00Z/2026-12-28T09:00:00Z",
		        "2026-12-24T09:00:00Z/2026-12-26T09:00:00Z" },
		{ "weekends and nights", "mon-fri 18:00-08:00;sat,sun 00:00-24:00", "UTC", "2026-12-25",
		        false,
		        "2026-12-25T12:00:00Z", "2026-12-24T18:00:00Z/2026-12-28T00:00:00Z",
		        "2026-12-28T18:00:00Z/2026-12-29T08:00:00Z",
		        "2026-12-23T18:00:00Z/2026-12-24T08:00:00Z" },

		{ "in its own zone", "08:00-09:00", "America/New_York", "2026-12-25", false,
		        "2026-12-25T05:00:00Z",
		        "2026-12-25T05:00:00Z/2026-12-26T05:00:00Z",
		        "2026-12-26T13:00:00Z/2026-12-26T14:00:00Z",
		        "2026-12-24T13:00:00Z/2026-12-24T14:00:00Z" },
		{ "a second before there", "08:00-09:00", "America/New_York", "2026-12-25", false,
		        "2026-12-25T04:59:59Z", "",
		        "2026-12-25T05:00:00Z/2026-12-26T05:00:00Z",
		        "2026-12-24T13:00:00Z/2026-12-24T14:00:00Z" },
		{ "23 hours", "08:00-09:00", "Europe/Berlin", "2026-03-29", false, "2026-03-29T12:00:00Z",
		        "2026-03-28T23:00:00Z/2026-03-29T22:00:00Z",
		        "2026-03-30T06:00:00Z/2026-03-30T07:00:00Z",
		        "2026-03-28T07:00:00Z/2026-03-28T08:00:00Z" },
		{ "25 hours", "08:00-09:00", "Europe/Berlin", "2026-10-25", false, "2026-10-25T22:59:59Z",
		        "2026-10-24T22:00:00Z/2026-10-25T23:00:00Z",
		        "2026-10-26T07:00:00Z/2026-10-26T08:00:00Z",
		        "2026-10-24T06:00:00Z/2026-10-24T07:00:00Z" },
		{ "23 and a half", "08:00-09:00", "Australia/Lord_Howe", "2026-10-04", false,
		        "2026-10-04T12:59:59Z",
		        "2026-10-03T13:30:00Z/2026-10-04T13:00:00Z",
		        "2026-10-04T21:00:00Z/2026-10-04T22:00:00Z",
		        "2026-10-02T21:30:00Z/2026-10-02T22:30:00Z" },
		{ "a date that was not", "08:00-09:00", "Pacific/Apia", "2011-12-30", false,
		        "2011-12-30T10:00:00Z", "",
		        "2011-12-30T18:00:00Z/2011-12-30T19:00:00Z",
		        "2011-12-29T18:00:00Z/2011-12-29T19:00:00Z" },
		{ "the date behind it", "08:00-09:00", "Pacific/Apia", "2011-12-31", false,
		        "2011-12-30T10:00:00Z",
		        "2011-12-30T10:00:00Z/2011-12-31T10:00:00Z",
		        "2011-12-31T18:00:00Z/2011-12-31T19:00:00Z",
		        "2011-12-29T18:00:00Z/2011-12-29T19:00:00Z" },
		{ "no midnight", "08:00-09:00", "America/Sao_Paulo", "2018-11-04", false,
		        "2018-11-04T03:00:00Z",
		        "2018-11-04T03:00:00Z/2018-11-05T02:00:00Z",
		        "2018-11-05T10:00:00Z/2018-11-05T11:00:00Z",
		        "2018-11-03T11:00:00Z/2018-11-03T12:00:00Z" },

		{ "two months, from their middle", "mon-fri 18:00-08:00", "UTC", SUMMER, false,
		        "2026-08-01T12:00:00Z",
		        "2026-06-30T18:00:00Z/2026-09-01T08:00:00Z",
		        "2026-09-01T18:00:00Z/2026-09-02T08:00:00Z",
		        "2026-06-29T18:00:00Z/2026-06-30T08:00:00Z" },
		{ "two months, from their end", "mon-fri 18:00-08:00", "UTC", SUMMER, false,
		        "2026-09-01T08:00:00Z", "",
		        "2026-09-01T18:00:00Z/2026-09-02T08:00:00Z",
		        "2026-06-30T18:00:00Z/2026-09-01T08:00:00Z" },
		{ "two months ahead", "mon-fri 18:00-08:00", "UTC", SUMMER, false, "2026-06-30T17:59:59Z", "",
		        "2026-06-30T18:00:00Z/2026-09-01T08:00:00Z",
		        "2026-06-29T18:00:00Z/2026-06-30T08:00:00Z" },
		{ "weekdays off, weekends quiet", "sat 00:00-24:00;sun 00:00-24:00", "UTC", WEEKS, false,
		        "2026-07-11T12:00:00Z",
		        "2026-05-30T00:00:00Z/2026-07-13T00:00:00Z",
		        "2026-07-18T00:00:00Z/2026-07-20T00:00:00Z",
		        "2026-05-23T00:00:00Z/2026-05-25T00:00:00Z" },

		{ "the same by one window: Sundays begin anew", "sat,sun 00:00-24:00", "UTC", WEEKS, false,
		        "2026-07-11T12:00:00Z", "2026-07-05T00:00:00Z/2026-07-12T00:00:00Z",
		        "2026-07-12T00:00:00Z/2026-07-13T00:00:00Z",
		        "2026-06-28T00:00:00Z/2026-07-05T00:00:00Z" },

		{ "open: the eve's night ends", "18:00-08:00", "UTC", "2026-12-25", true,
		        "2026-12-25T07:59:59Z",
		        "2026-12-24T18:00:00Z/2026-12-25T08:00:00Z",
		        "2026-12-26T18:00:00Z/2026-12-27T08:00:00Z",
		        "2026-12-23T18:00:00Z/2026-12-24T08:00:00Z" },
		{ "open: nothing begins", "18:00-08:00", "UTC", "2026-12-25", true, "2026-12-25T18:00:00Z",
		        "",
		        "2026-12-26T18:00:00Z/2026-12-27T08:00:00Z",
		        "2026-12-24T18:00:00Z/2026-12-25T08:00:00Z" },
		{ "open: nor past midnight", "18:00-08:00", "UTC", "2026-12-25", true, "2026-12-26T00:00:00Z",
		        "",
		        "2026-12-26T18:00:00Z/2026-12-27T08:00:00Z",
		        "2026-12-24T18:00:00Z/2026-12-25T08:00:00Z" },
		{ "open: in the gap of the clocks", "02:30-06:00", "America/New_York", "2026-03-08", true,
		        "2026-03-08T07:00:00Z", "", "2026-03-09T06:30:00Z/2026-03-09T10:00:00Z",
		        "2026-03-07T07:30:00Z/2026-03-07T11:00:00Z" },
		{ "open: two months", "mon-fri 18:00-08:00", "UTC", SUMMER, true, "2026-07-15T12:00:00Z", "",
		        "2026-09-01T18:00:00Z/2026-09-02T08:00:00Z",
		        "2026-06-30T18:00:00Z/2026-07-01T08:00:00Z" },
		{ "open: the days around", "18:00-08:00", "UTC", "2026-12-25", true, "2026-12-24T18:00:00Z",
		        "2026-12-24T18:00:00Z/2026-12-25T08:00:00Z",
		        "2026-12-26T18:00:00Z/2026-12-27T08:00:00Z",
		        "2026-12-23T18:00:00Z/2026-12-24T08:00:00Z" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sched      s = { .open = rows[i].open };
		struct holidays   h;
		struct tz         tz;
		struct err        err;
		struct sched_view v;
		struct window     w;
		char              text[200], dates[2000], *p, *save = NULL;

		snprintf(text, sizeof(text), "%s", rows[i].windows);
		for (p = strtok_r(text, ";", &save); p != NULL; p = strtok_r(NULL, ";", &save))
			CHECK(rows[i].name, sched_window(p, &w) && sched_add(&s, w) == 0, "window %s", p);
		spell(rows[i].holidays, dates, sizeof(dates));
		CHECK(rows[i].name, parse(&h, dates, rows[i].now) == NULL, "line %zu", h.line);
		CHECK(rows[i].name, tz_load(&tz, rows[i].zone, at(rows[i].now), &err) == 0, "%s", err.text);
		s.holiday = h.day;
		s.holidays = h.n;
		v = sched_view(&s, &tz, at(rows[i].now), 0);
		check_stretch(rows[i].name, "held", &v.held, rows[i].held);
		check_stretch(rows[i].name, "next", &v.next, rows[i].next);
		check_stretch(rows[i].name, "last", &v.last, rows[i].last);
	}
}

int
main(void)
{
	test_good();
	test_bad();
	test_calendar();
	test_view();
	return CHECK_DONE();
}
