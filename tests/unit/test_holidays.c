/* test_holidays.c - dates and all-day events from text, and the stretches that holidays make. */

#include "judge/holidays.h"

#include <stdlib.h>

#include "at.h"
#include "base/rfc3339.h"
#include "check.h"
#include "judge/sched.h"
#include "settings/tz_load.h"

#define EVENT(lines)   "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" lines "END:VEVENT\r\nEND:VCALENDAR\r\n"
#define DATE(day)      "DTSTART;VALUE=DATE:" day "\r\n"
#define UNTIL_DAY(day) "DTEND;VALUE=DATE:" day "\r\n"

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
		{ "an event", EVENT(DATE("20261225") "SUMMARY:Christmas\r\n"), "2026-12-25" },
		{ "its end is not included", EVENT(DATE("20261225") UNTIL_DAY("20261227")),
		        "2026-12-25 2026-12-26" },
		{ "the end before the start", EVENT(UNTIL_DAY("20261227") DATE("20261225")),
		        "2026-12-25 2026-12-26" },
		{ "days", EVENT(DATE("20261225") "DURATION:P2D\r\n"), "2026-12-25 2026-12-26" },
		{ "a week", EVENT(DATE("20261225") "DURATION:P1W\r\n"),
		        "2026-12-25 2026-12-26 2026-12-27 2026-12-28 2026-12-29 2026-12-30 2026-12-31" },
		{ "newlines alone",
		        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\n",
		        "2026-12-25" },
		{ "small letters", "begin:vcalendar\nbegin:vevent\ndtstart;value=date:20261225\nend:vevent\n",
		        "2026-12-25" },
		{ "without VALUE", EVENT("DTSTART:20261225\r\n"), "2026-12-25" },
		{ "another parameter", EVENT("DTSTART;X-A=\"b:c;d\";VALUE=DATE:20261225\r\n"), "2026-12-25" },
		{ "folded", EVENT("DTSTART;VALUE=\r\n DATE:2026\r\n\t1225\r\n"), "2026-12-25" },
		{ "folded to nothing", EVENT(DATE("20261225") "SUMMARY:a\r\n \r\n"), "2026-12-25" },
		{ "an appointment",
		        EVENT("DTSTART:20261225T100000Z\r\nDTEND:20261225T110000Z\r\nRRULE:FREQ=DAILY\r\n"),
		        "" },
		{ "called off", EVENT(DATE("20261225") "STATUS:CANCELLED\r\n"), "" },
		{ "confirmed", EVENT(DATE("20261225") "STATUS:CONFIRMED\r\n"), "2026-12-25" },
		{ "an alarm's own lines", EVENT(DATE("20261225")
		          "BEGIN:VALARM\r\nDURATION:PT15M\r\nEND:VALARM\r\n"), "2026-12-25" },
		{ "a zone's own rules",
		        "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nBEGIN:STANDARD\nDTSTART:19701025T030000\n"
		        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n", "" },
		{ "every year", EVENT(DATE("20001225") "RRULE:FREQ=YEARLY\r\n"), "2025-12-25 2026-12-25" },
		{ "every year, months ahead", EVENT(DATE("20001001") "RRULE:FREQ=YEARLY\r\n"),
		        "2025-10-01 2026-10-01 2027-10-01" },
		{ "every second year", EVENT(DATE("20001225") "RRULE:FREQ=YEARLY;INTERVAL=2\r\n"),
		        "2026-12-25" },
		{ "27 times", EVENT(DATE("20001225") "RRULE:FREQ=YEARLY;COUNT=27\r\n"),
		        "2025-12-25 2026-12-25" },
		{ "26 times", EVENT(DATE("20001225") "RRULE:FREQ=YEARLY;COUNT=26\r\n"), "2025-12-25" },
		{ "until it", EVENT(DATE("20001225") "RRULE:FREQ=YEARLY;UNTIL=20261225\r\n"),
		        "2025-12-25 2026-12-25" },
		{ "until the day before",
		        EVENT(DATE("20001225") "RRULE:FREQ=YEARLY;UNTIL=20261224T235959Z\r\n"),
		        "2025-12-25" },
		{ "not before its start", EVENT(DATE("20261225") "RRULE:FREQ=YEARLY\r\n"), "2026-12-25" },
		{ "the fourth Thursday", EVENT(DATE("20001123") "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\n"),
		        "2025-11-27 2026-11-26 2027-11-25" },
		{ "the last Monday", EVENT(DATE("20000529") "RRULE:FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5\r\n"),
		        "2026-05-25 2027-05-31" },
		{ "a month and its day",
		        EVENT(DATE("20000101") "RRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1;WKST=MO\r\n"),
		        "2026-01-01 2027-01-01" },
		{ "two days every year",
		        EVENT(DATE("20001225") UNTIL_DAY("20001227") "RRULE:FREQ=YEARLY\r\n"),
		        "2025-12-25 2025-12-26 2026-12-25 2026-12-26" },
		{ "over the turn of the year",
		        EVENT(DATE("20001231") UNTIL_DAY("20010102") "RRULE:FREQ=YEARLY\r\n"),
		        "2025-12-31 2026-01-01 2026-12-31 2027-01-01" },
		{ "leap days", EVENT(DATE("20240229") "RRULE:FREQ=YEARLY\r\n"), "" },
	};
	struct holidays h;
	const char     *fault;
	char            got[2000];
	size_t          i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fault = parse(&h, rows[i].text, "2026-10-15");
		CHECK(rows[i].name, fault == NULL, "line %zu: %s", h.line, fault);
		show_days(&h, got, sizeof(got));
		CHECK_TEXT(rows[i].name, got, rows[i].days);
	}
	CHECK("leap days", parse(&h, EVENT(DATE("20240229") "RRULE:FREQ=YEARLY\r\n"), "2028-01-01") == NULL &&
	        h.n == 1,
	        "%zu days", h.n);
	/* However much the text says, what is kept is bounded. */
	CHECK("for ever", parse(&h, EVENT(DATE("00010101") UNTIL_DAY("99991231")), "2026-10-15") == NULL &&
	                          h.n == HOLIDAYS_MAX && h.day[0] == day_of("2026-10-15") - HOLIDAYS_SPAN,
	        "%zu days", h.n);
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
		{ "two on a line", "2026-12-25 2026-12-26\n", 1, "expected a date such as 2026-12-25" },
		{ "no such day", "2026-02-29\n", 1, "expected a date that exists, such as 2026-12-25" },
		{ "no such month", "2026-13-01\n", 1, "expected a date that exists, such as 2026-12-25" },
		{ "no such year", "0000-01-01\n", 1, "expected a date that exists, such as 2026-12-25" },
		{ "letters", "2026-l2-25\n", 1, "expected a date that exists, such as 2026-12-25" },
		{ "NUL", "2026-12-2\x01\n", 1, "expected a date that exists, such as 2026-12-25" },
		{ "no such start", EVENT(DATE("20260229")), 4,
		        "expected a date such as DTSTART;VALUE=DATE:20261225" },
		{ "a start that is no date", EVENT(DATE("2026-12-25")), 4,
		        "expected a date such as DTSTART;VALUE=DATE:20261225" },
		{ "no such end", EVENT(DATE("20261225") UNTIL_DAY("20261232")), 5,
		        "expected a date such as DTEND;VALUE=DATE:20261226" },
		{ "ends as it starts", EVENT(DATE("20261225") UNTIL_DAY("20261225")), 4,
		        "expected an event that ends after it starts, in whole days" },
		{ "hours", EVENT(DATE("20261225") "DURATION:PT8H\r\n"), 4,
		        "expected an event that ends after it starts, in whole days" },
		{ "every month", EVENT("SUMMARY:x\r\n" DATE("20261225") "RRULE:FREQ=MONTHLY\r\n"), 6,
		        "expected an all-day event once or by a yearly rule (FREQ=YEARLY)" },
		{ "a rule of two lines", EVENT(DATE("20261225") "RRULE:FREQ=YEARLY;\r\n BYEASTER=1\r\n"), 5,
		        "expected an all-day event once or by a yearly rule (FREQ=YEARLY)" },
		{ "the line after a fold", EVENT("SUMMARY:x\r\n y\r\n z\r\n" DATE("2026")), 7,
		        "expected a date such as DTSTART;VALUE=DATE:20261225" },
		{ "every Monday", EVENT(DATE("20261225") "RRULE:FREQ=YEARLY;BYDAY=MO\r\n"), 5,
		        "expected an all-day event once or by a yearly rule (FREQ=YEARLY)" },
		{ "a Monday of the year", EVENT(DATE("20261225") "RRULE:FREQ=YEARLY;BYDAY=20MO\r\n"), 5,
		        "expected an all-day event once or by a yearly rule (FREQ=YEARLY)" },
		{ "two months", EVENT(DATE("20261225") "RRULE:FREQ=YEARLY;BYMONTH=1,2\r\n"), 5,
		        "expected an all-day event once or by a yearly rule (FREQ=YEARLY)" },
		{ "exceptions", EVENT(DATE("20261225") "RRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20261225\r\n"),
		        6,
		        "expected an all-day event once or by a yearly rule (FREQ=YEARLY)" },
		{ "two rules", EVENT(DATE("20261225") "RRULE:FREQ=YEARLY\r\nRRULE:FREQ=YEARLY\r\n"), 6,
		        "expected an all-day event once or by a yearly rule (FREQ=YEARLY)" },
		{ "29 February, counted", EVENT(DATE("20240229") "RRULE:FREQ=YEARLY;COUNT=3\r\n"), 5,
		        "expected a yearly rule without COUNT for a day that some years lack" },
		{ "years long", EVENT(DATE("20240229") UNTIL_DAY("20260101") "RRULE:FREQ=YEARLY\r\n"), 6,
		        "expected a yearly event that ends within a year" },
		{ "torn", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\n", 4,
		        "expected END:VEVENT before the end of the file" },
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

#define SUMMER EVENT(DATE("20260701") UNTIL_DAY("20260901"))
#define WEEKS                                                                                              \
	EVENT(DATE("20260601") UNTIL_DAY("20260606")) EVENT(DATE("20260608") UNTIL_DAY("20260613"))        \
	EVENT(DATE("20260615") UNTIL_DAY("20260620")) EVENT(DATE("20260622") UNTIL_DAY("20260627"))        \
	EVENT(DATE("20260629") UNTIL_DAY("20260704")) EVENT(DATE("20260706") UNTIL_DAY("20260711"))

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
		char              text[200], *p, *save = NULL;

		snprintf(text, sizeof(text), "%s", rows[i].windows);
		for (p = strtok_r(text, ";", &save); p != NULL; p = strtok_r(NULL, ";", &save))
			CHECK(rows[i].name, sched_window(p, &w) && sched_add(&s, w) == 0, "window %s", p);
		CHECK(rows[i].name, parse(&h, rows[i].holidays, rows[i].now) == NULL, "line %zu", h.line);
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
	test_view();
	return CHECK_DONE();
}
