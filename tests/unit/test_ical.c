/* test_ical.c - iCalendar text to days: RFC 5545 rule by rule, and what calendars in use make of it. */

#include "calendar/ical.h"

#include <stdlib.h>

#include "at.h"
#include "base/when.h"
#include "check.h"

#define CALENDAR(events) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" events "END:VCALENDAR\r\n"
#define LINES(lines)     "BEGIN:VEVENT\r\n" lines "END:VEVENT\r\n"
#define EVENT(lines)     CALENDAR(LINES(lines))
#define START(day)       "DTSTART;VALUE=DATE:" day "\r\n"
#define END(day)         "DTEND;VALUE=DATE:" day "\r\n"
#define REPLACES(day)    "RECURRENCE-ID;VALUE=DATE:" day "\r\n"
#define MIDNIGHT(a, b)   "DTSTART;TZID=Europe/Berlin:" a "T000000\r\nDTEND;TZID=Europe/Berlin:" b "T000000\r\n"

/* What went wrong, "7: why; ", in order. */
static char   faults[1000];
static size_t events, not_taken;

static void
bad(void *arg, size_t line, const char *why)
{
	size_t n = strlen(faults);

	(void)arg;
	snprintf(faults + n, sizeof(faults) - n, "%s%zu: %s", n > 0 ? "; " : "", line, why);
}

static int64_t
day_of(const char *date)
{
	char full[40];

	snprintf(full, sizeof(full), "%.10sT00:00:00Z", date);
	return at(full) / US_PER_S / 86400;
}

/* The lines from one day to another, "; " between them; "!12: why" when the text is refused. */
static void
show(const char *text, const char *from, const char *to, bool midnight, char *out, size_t size)
{
	struct ical c = { .first = day_of(from), .last = day_of(to), .midnight = midnight, .time_ms = 20000, .bad = bad };
	char       *copy = malloc(strlen(text) + 1);
	struct err  err;
	struct buf  b;
	size_t      i;

	if (copy == NULL)
		abort();
	memcpy(copy, text, strlen(text) + 1);
	faults[0] = '\0';
	buf_init(&b, BUF_RECORD_MAX);
	if (ical_read(&c, copy, &err) != 0) {
		buf_printf(&b, "!%zu: %s", c.line, err.text);
	} else {
		ical_sort(&c);
		for (i = 0; i < c.n; i++) {
			ical_print(&b, &c.day[i]);
			b.n--; /* the newline */
			buf_puts(&b, i + 1 < c.n ? "; " : "");
		}
	}
	snprintf(out, size, "%.*s", (int)b.n, buf_text(&b));
	events = c.events;
	not_taken = c.not_taken;
	buf_release(&b);
	ical_release(&c);
	free(copy);
}

static void
test_days(void)
{
	static const struct {
		const char *name, *text, *days;
	} rows[] = {
		{ "a date", EVENT(START("20260501") "SUMMARY:Labour Day\r\n"), "2026-05-01 Labour Day" },
		{ "the first and the last day asked for", CALENDAR(LINES(START("20251231")) LINES(START("20260101"))
		    LINES(START("20261231")) LINES(START("20270101"))), "2026-01-01; 2026-12-31" },
		{ "the end is not included", EVENT(START("20260501") END("20260503")), "2026-05-01; 2026-05-02" },
		{ "an end that is the start", EVENT(START("20260501") END("20260501")), "2026-05-01" },
		{ "the end before the start", EVENT(END("20260502") START("20260501")), "2026-05-01" },
		{ "days", EVENT(START("20260501") "DURATION:P2D\r\n"), "2026-05-01; 2026-05-02" },
		{ "a week", EVENT(START("20260501") "DURATION:P1W\r\n"), "2026-05-01; 2026-05-02; 2026-05-03; "
		    "2026-05-04; 2026-05-05; 2026-05-06; 2026-05-07" },
		{ "no time", EVENT(START("20260501") "DURATION:PT0S\r\n"), "2026-05-01" },
		{ "a day in hours", EVENT(START("20260501") "DURATION:PT24H\r\n"), "2026-05-01" },
		{ "into what is asked for", EVENT(START("20251220") END("20260103")), "2026-01-01; 2026-01-02" },
		{ "out of it", EVENT(START("20261231") END("20270103")), "2026-12-31" },
		{ "without VALUE", EVENT("DTSTART:20260501\r\n"), "2026-05-01" },
		{ "a date in a zone, against 3.2.19", EVENT("DTSTART;VALUE=DATE;TZID=Asia/Bangkok:20260501\r\n"
		    "DTEND;VALUE=DATE;TZID=Asia/Bangkok:20260502\r\n"), "2026-05-01" },
		{ "a date, and a time for an end", EVENT(START("20260501") "DTEND:20260501T050001Z\r\n"), "2026-05-01" },
		{ "hours", EVENT("DTSTART:20260501T100000Z\r\nDTEND:20260501T110000Z\r\nRRULE:FREQ=DAILY\r\n"), "" },
		{ "a moment", EVENT("DTSTART:20260501T000000Z\r\n"), "" },
		{ "cancelled", EVENT(START("20260501") "STATUS:CANCELLED\r\n"), "" },
		{ "small letters", "begin:vcalendar\nbegin:vevent\ndtstart;value=date:20260501\nstatus:cancelled\nend:vevent\n"
		    "begin:vevent\ndtstart;value=date:20260502\nend:vevent\nend:vcalendar\n", "2026-05-02" },
		{ "tentative", EVENT(START("20260501") "STATUS:TENTATIVE\r\n"), "2026-05-01" },
		{ "an alarm's own lines", EVENT("BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDURATION:PT15M\r\nSUMMARY:no\r\n"
		    "END:VALARM\r\n" START("20260501") "SUMMARY:yes\r\n"), "2026-05-01 yes" },
		{ "zones, tasks and notes", CALENDAR("BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\n"
		    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VTODO\r\n"
		    START("20260501") "END:VTODO\r\nBEGIN:VJOURNAL\r\n" START("20260502") "END:VJOURNAL\r\n"
		    LINES(START("20260503"))), "2026-05-03" },
		{ "lines that do not matter may be wrong", EVENT("X-A;B\r\nno property\r\nLOCATION:\r\nURL:\r\nGEO:x\r\n"
		    "DTSTAMP:never\r\n" START("20260501")), "2026-05-01" },
		{ "empty values", EVENT("DTEND:\r\nRRULE:\r\nSTATUS: \r\nUID:\r\n" START("20260501") "SUMMARY:\r\n"),
		    "2026-05-01" },
		{ "a byte order mark", "\xef\xbb\xbf" EVENT(START("20260501")), "2026-05-01" },
		{ "newlines alone, no last one",
		    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260501\nEND:VEVENT\nEND:VCALENDAR", "2026-05-01" },
		{ "carriage returns alone",
		    "BEGIN:VCALENDAR\rBEGIN:VEVENT\rDTSTART;VALUE=DATE:20260501\rSUMMARY:a\r b\rEND:VEVENT\rEND:VCALENDAR\r",
		    "2026-05-01 ab" },
		{ "two carriage returns", "BEGIN:VCALENDAR\r\r\nBEGIN:VEVENT\r\r\nDTSTART;VALUE=DATE:20260501\r\r\n"
		    "SUMMARY:a\r\r\n b\r\r\nEND:VEVENT\r\r\nEND:VCALENDAR\r\r\n", "2026-05-01 ab" },
		{ "folded", EVENT("DTSTART;VALUE=\r\n DATE:2026\r\n\t0501\r\nSUMMARY:Labour \r\n Day\r\n"),
		    "2026-05-01 Labour Day" },
		{ "Latin-1", EVENT(START("20260501") "SUMMARY:F\xeate\r\n"), "2026-05-01 F\xc3\xaate" },
		{ "escapes in a name", EVENT(START("20260501") "SUMMARY:a\\, b\\; c\\nd\\\\\r\n"), "2026-05-01 a, b; c d\\" },
		{ "a name that is a date", EVENT(START("20260501") "SUMMARY:2026-05-02\r\n"), "2026-05-01 # 2026-05-02" },
		{ "two of one day, and one twice", CALENDAR(LINES(START("20260501") "SUMMARY:b\r\n")
		    LINES(START("20260501") "SUMMARY:a\r\n") LINES(START("20260501") "SUMMARY:b\r\n")),
		    "2026-05-01 a; 2026-05-01 b" },
		{ "many calendars", EVENT(START("20260502")) EVENT(START("20260501")), "2026-05-01; 2026-05-02" },
		{ "a misspelt one", "BEGIN:VCALENDER\nBEGIN:VEVENT\nDTSTART:20260501\nEND:VEVENT\nEND:VCALENDER\n", "2026-05-01" },
		{ "none", CALENDAR(""), "" },
		{ "the ends of time", EVENT(START("00010101") END("99991231") "SUMMARY:x\r\nRRULE:FREQ=YEARLY;COUNT=1\r\n"
		    "EXDATE;VALUE=DATE:00010101\r\n"), "" },
	};
	char   got[2000];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		show(rows[i].text, "2026-01-01", "2026-12-31", false, got, sizeof(got));
		CHECK_TEXT(rows[i].name, got, rows[i].days);
		CHECK_TEXT(rows[i].name, faults, "");
		CHECK(rows[i].name, not_taken == 0, "%zu not taken", not_taken);
	}
}

static void
test_rules(void)
{
	static const struct {
		const char *name, *text, *days;
	} rows[] = {
		{ "yearly", EVENT(START("20001225") "RRULE:FREQ=YEARLY\r\n"), "2025-12-25; 2026-12-25; 2027-12-25" },
		{ "not before its start", EVENT(START("20261225") "RRULE:FREQ=YEARLY\r\n"), "2026-12-25; 2027-12-25" },
		{ "every second year", EVENT(START("20001225") "RRULE:FREQ=YEARLY;INTERVAL=2\r\n"), "2026-12-25" },
		{ "27 times", EVENT(START("20001225") "RRULE:FREQ=YEARLY;COUNT=27\r\n"), "2025-12-25; 2026-12-25" },
		{ "leap days, counted", EVENT(START("20000229") "RRULE:FREQ=YEARLY;COUNT=8\r\n"), "" },
		{ "until it", EVENT(START("20001225") "RRULE:FREQ=YEARLY;UNTIL=20261225\r\n"), "2025-12-25; 2026-12-25" },
		{ "until the day before", EVENT(START("20001225") "RRULE:FREQ=YEARLY;UNTIL=20261224T235959Z\r\n"), "2025-12-25" },
		{ "two days each", EVENT(START("20001231") END("20010102") "RRULE:FREQ=YEARLY;UNTIL=20260101\r\n"),
		    "2025-01-01; 2025-12-31; 2026-01-01" },
		{ "from before what is asked for", EVENT(START("20001229") END("20010103") "RRULE:FREQ=YEARLY;UNTIL=20250101\r\n"),
		    "2025-01-01; 2025-01-02" },
		{ "the fourth Thursday", EVENT(START("20001123") "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\n"),
		    "2025-11-27; 2026-11-26; 2027-11-25" },
		{ "the last Monday", EVENT(START("20000529") "RRULE:FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5\r\n"),
		    "2025-05-26; 2026-05-25; 2027-05-31" },
		{ "Tuesday after the first Monday", EVENT(START("20001107") "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=TU;"
		    "BYMONTHDAY=2,3,4,5,6,7,8\r\n"), "2025-11-04; 2026-11-03; 2027-11-02" },
		{ "a day of the year", EVENT(START("20000913") "RRULE:FREQ=YEARLY;BYYEARDAY=256\r\n"),
		    "2025-09-13; 2026-09-13; 2027-09-13" },
		{ "every twelve months", EVENT(START("20070108") "RRULE:FREQ=MONTHLY;INTERVAL=12;BYDAY=2MO\r\n"),
		    "2025-01-13; 2026-01-12; 2027-01-11" },
		{ "the last workday of a quarter", EVENT(START("20241231") "RRULE:FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;"
		    "BYSETPOS=-1;COUNT=4\r\n"), "2025-03-31; 2025-06-30; 2025-09-30" },
		{ "weekly, every third", EVENT(START("20251229") "RRULE:FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TU;UNTIL=20260120\r\n"),
		    "2025-12-29; 2025-12-30; 2026-01-19; 2026-01-20" },
		{ "weekly, by another first day", EVENT(START("19970805") "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;"
		    "UNTIL=20250115\r\n"), "2025-01-12; 2025-01-14" },
		{ "daily", EVENT(START("20260101") "RRULE:FREQ=DAILY;INTERVAL=10;COUNT=3\r\n"),
		    "2026-01-01; 2026-01-11; 2026-01-21" },
		{ "hours of a date are ignored", EVENT(START("20260101") "RRULE:FREQ=YEARLY;BYHOUR=1,2;BYMINUTE=3;COUNT=2\r\n"),
		    "2026-01-01; 2027-01-01" },
		{ "two rules", EVENT(START("20260101") "RRULE:FREQ=YEARLY\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=3\r\n"),
		    "2026-01-01; 2026-02-03; 2027-01-01; 2027-02-03" },
		{ "the start is always one", EVENT(START("20260102") "RRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1\r\n"),
		    "2026-01-02; 2027-01-01" },
		{ "dates", EVENT(START("20250420") "RDATE;VALUE=DATE:20260405,20270328\r\nRDATE;VALUE=DATE:20280416\r\n"),
		    "2025-04-20; 2026-04-05; 2027-03-28" },
		{ "dates without VALUE", EVENT(START("20250420") "RDATE:20260405\r\n"), "2025-04-20; 2026-04-05" },
		{ "a date that does not exist", EVENT(START("20250420") "RDATE;VALUE=DATE:20260230,20261301,20260405\r\n"),
		    "2025-04-20; 2026-04-05" },
		{ "without one", EVENT(START("20001225") "RRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20261225\r\n"),
		    "2025-12-25; 2027-12-25" },
		{ "without the first", EVENT(START("20261225") "RRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20261225\r\n"),
		    "2027-12-25" },
		{ "without one, as a time", EVENT(START("20001225") "RRULE:FREQ=YEARLY\r\nEXDATE:20261225T000000\r\n"),
		    "2025-12-25; 2027-12-25" },
		{ "without what a rule says", EVENT(START("20001225") "RRULE:FREQ=YEARLY\r\nEXRULE:FREQ=YEARLY;INTERVAL=2\r\n"),
		    "2025-12-25; 2027-12-25" },
		{ "a rule that is long over", EVENT(START("20001225") "RRULE:FREQ=YEARLY;UNTIL=20101225\r\n"), "" },
		{ "a rule that is not begun", EVENT(START("20301225") "RRULE:FREQ=YEARLY\r\n"), "" },
		{ "for ever, and far ago", EVENT(START("19000101") "RRULE:FREQ=YEARLY;COUNT=2147483647\r\n"),
		    "2025-01-01; 2026-01-01; 2027-01-01" },
	};
	char   got[2000];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		show(rows[i].text, "2025-01-01", "2027-12-31", false, got, sizeof(got));
		CHECK_TEXT(rows[i].name, got, rows[i].days);
		CHECK_TEXT(rows[i].name, faults, "");
	}
}

#define YEARLY "UID:u\r\n" START("20241226") "RRULE:FREQ=YEARLY\r\n"
#define MOVED  "UID:u\r\n" REPLACES("20261226")

static void
test_changes(void)
{
	static const struct {
		const char *name, *text, *days;
	} rows[] = {
		{ "moved: its old day is none", CALENDAR(LINES(YEARLY) LINES(MOVED START("20261228") "SUMMARY:Substitute\r\n")),
		    "2025-12-26; 2026-12-28 Substitute; 2027-12-26" },
		{ "the change comes first", CALENDAR(LINES(MOVED START("20261228")) LINES(YEARLY)),
		    "2025-12-26; 2026-12-28; 2027-12-26" },
		{ "in another calendar of the file", EVENT(MOVED START("20261228")) EVENT(YEARLY),
		    "2025-12-26; 2026-12-28; 2027-12-26" },
		{ "of another UID", CALENDAR(LINES(YEARLY) LINES("UID:v\r\n" REPLACES("20261226") START("20261228"))),
		    "2025-12-26; 2026-12-26; 2026-12-28; 2027-12-26" },
		{ "no UID at all", CALENDAR(LINES(START("20261226")) LINES(REPLACES("20261226") START("20261228"))),
		    "2026-12-26; 2026-12-28" },
		{ "only its name", CALENDAR(LINES(YEARLY) LINES(MOVED START("20261226") "SUMMARY:x\r\n")),
		    "2025-12-26; 2026-12-26 x; 2027-12-26" },
		{ "longer", CALENDAR(LINES(YEARLY) LINES(MOVED START("20261226") END("20261228"))),
		    "2025-12-26; 2026-12-26; 2026-12-27; 2027-12-26" },
		{ "cancelled once", CALENDAR(LINES(YEARLY) LINES(MOVED START("20261226") "STATUS:CANCELLED\r\n")),
		    "2025-12-26; 2027-12-26" },
		{ "once an appointment", CALENDAR(LINES(YEARLY) LINES(MOVED "DTSTART:20261226T090000Z\r\n")),
		    "2025-12-26; 2027-12-26" },
		{ "the day replaced as a time", CALENDAR(LINES(YEARLY) LINES("UID:u\r\nRECURRENCE-ID:20261226T000000\r\n"
		    START("20261228"))), "2025-12-26; 2026-12-28; 2027-12-26" },
		{ "its rule is the other's", CALENDAR(LINES(YEARLY) LINES(MOVED START("20261228") "RRULE:FREQ=YEARLY\r\n")),
		    "2025-12-26; 2026-12-28; 2027-12-26" },
		{ "this and future", CALENDAR(LINES(YEARLY) LINES("UID:u\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20261226\r\n"
		    START("20261228") "SUMMARY:x\r\n")), "2025-12-26; 2026-12-28 x; 2027-12-28 x" },
		{ "this and future, cancelled", CALENDAR(LINES(YEARLY) LINES("UID:u\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;"
		    "VALUE=DATE:20261226\r\n" START("20261226") "STATUS:CANCELLED\r\n")), "2025-12-26" },
		{ "this and future, but one", CALENDAR(LINES(YEARLY) LINES("UID:u\r\n" REPLACES("20271226") START("20271224"))
		    LINES("UID:u\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20251226\r\n" START("20251227"))),
		    "2025-12-27; 2026-12-27; 2027-12-24" },
		{ "of two changes the last SEQUENCE", CALENDAR(LINES(YEARLY) LINES(MOVED "SEQUENCE:2\r\n" START("20261228"))
		    LINES(MOVED "SEQUENCE:1\r\n" START("20261229"))), "2025-12-26; 2026-12-28; 2027-12-26" },
		{ "else the last one", CALENDAR(LINES(YEARLY) LINES(MOVED START("20261228")) LINES(MOVED START("20261229"))),
		    "2025-12-26; 2026-12-29; 2027-12-26" },
		{ "older than the rule, and still a day of it", CALENDAR(LINES(YEARLY "SEQUENCE:3\r\n") LINES(MOVED START("20261228"))),
		    "2025-12-26; 2026-12-28; 2027-12-26" },
		{ "older than the rule, which has no such day now", CALENDAR(LINES(YEARLY "SEQUENCE:3\r\n"
		    "EXDATE;VALUE=DATE:20261226\r\n") LINES(MOVED START("20261228"))), "2025-12-26; 2027-12-26" },
		{ "as old as the rule, which has no such day", CALENDAR(LINES(YEARLY "EXDATE;VALUE=DATE:20261226\r\n")
		    LINES(MOVED START("20261228"))), "2025-12-26; 2026-12-28; 2027-12-26" },
		{ "a rule made anew", CALENDAR(LINES("UID:u\r\nSEQUENCE:1\r\n" START("20260501")) LINES("UID:u\r\nSEQUENCE:2\r\n"
		    START("20260502"))), "2026-05-02" },
		{ "one UID for all", CALENDAR(LINES("UID:u\r\n" START("20260501")) LINES("UID:u\r\n" START("20260502"))),
		    "2026-05-01; 2026-05-02" },
		{ "the change of a day that is long gone", CALENDAR(LINES(YEARLY) LINES("UID:u\r\n" REPLACES("19990101")
		    START("20260101"))), "2025-12-26; 2026-01-01; 2026-12-26; 2027-12-26" },
	};
	char   got[2000];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		show(rows[i].text, "2025-01-01", "2027-12-31", false, got, sizeof(got));
		CHECK_TEXT(rows[i].name, got, rows[i].days);
		CHECK_TEXT(rows[i].name, faults, "");
	}
}

static void
test_midnight(void)
{
	static const struct {
		const char *name, *text;
		size_t      not_taken; /* without the option */
		const char *days;      /* with it */
	} rows[] = {
		{ "a day", EVENT(MIDNIGHT("20260501", "20260502")), 1, "2026-05-01" },
		{ "two", EVENT(MIDNIGHT("20260501", "20260503")), 1, "2026-05-01; 2026-05-02" },
		{ "floating", EVENT("DTSTART:20260501T000000\r\nDTEND:20260502T000000\r\n"), 1, "2026-05-01" },
		{ "in UTC", EVENT("DTSTART:20260501T000000Z\r\nDTEND:20260502T000000Z\r\n"), 1, "2026-05-01" },
		{ "for a day", EVENT("DTSTART:20260501T000000Z\r\nDURATION:P1D\r\n"), 1, "2026-05-01" },
		{ "for 24 hours", EVENT("DTSTART:20260501T000000Z\r\nDURATION:PT24H\r\n"), 1, "2026-05-01" },
		{ "to the minute before", EVENT("DTSTART:20260501T000000\r\nDTEND:20260501T235959\r\n"), 1, "2026-05-01" },
		{ "to that of the next day", EVENT("DTSTART:20260501T000000\r\nDTEND:20260502T235900\r\n"), 1,
		    "2026-05-01; 2026-05-02" },
		{ "not asked for", EVENT(MIDNIGHT("20240501", "20240502")), 0, "" },
		{ "cancelled", EVENT(MIDNIGHT("20260501", "20260502") "STATUS:CANCELLED\r\n"), 0, "" },
		{ "from one o'clock", EVENT("DTSTART:20260501T010000\r\nDTEND:20260502T000000\r\n"), 0, "" },
		{ "to one o'clock", EVENT("DTSTART:20260501T000000\r\nDTEND:20260502T010000\r\n"), 0, "" },
		{ "no time at all", EVENT("DTSTART:20260501T000000\r\nDTEND:20260501T000000\r\n"), 0, "" },
		{ "backwards", EVENT("DTSTART:20260501T000000\r\nDTEND:20260430T235900\r\n"), 0, "" },
		{ "counted once each, with dates", CALENDAR(LINES(MIDNIGHT("20260501", "20260503") "RRULE:FREQ=MONTHLY;COUNT=2\r\n")
		    LINES(MIDNIGHT("20260701", "20260702")) LINES(START("20260801"))), 2,
		    "2026-05-01; 2026-05-02; 2026-06-01; 2026-06-02; 2026-07-01; 2026-08-01" },
		{ "until its own midnight, in UTC", EVENT(MIDNIGHT("20260501", "20260502") "RRULE:FREQ=DAILY;UNTIL=20260502T220000Z\r\n"),
		    1, "2026-05-01; 2026-05-02; 2026-05-03" },
		{ "until the second before", EVENT(MIDNIGHT("20260501", "20260502") "RRULE:FREQ=DAILY;UNTIL=20260502T215959Z\r\n"),
		    1, "2026-05-01; 2026-05-02" },
		{ "the same west of Greenwich", EVENT("DTSTART;TZID=America/New_York:20260501T000000\r\n"
		    "DTEND;TZID=America/New_York:20260502T000000\r\nRRULE:FREQ=DAILY;UNTIL=20260503T040000Z\r\n"), 1,
		    "2026-05-01; 2026-05-02; 2026-05-03" },
		{ "of a zone nobody knows", EVENT("DTSTART;TZID=W. Europe Standard Time:20260501T000000\r\n"
		    "DTEND;TZID=W. Europe Standard Time:20260502T000000\r\nRRULE:FREQ=DAILY;UNTIL=20260502T220000Z\r\n"), 1,
		    "2026-05-01; 2026-05-02; 2026-05-03" },
		{ "without one, in UTC", EVENT(MIDNIGHT("20260501", "20260502") "RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20260501T220000Z\r\n"),
		    1, "2026-05-01; 2026-05-03" },
		{ "moved", CALENDAR(LINES("UID:u\r\n" MIDNIGHT("20260501", "20260502") "RRULE:FREQ=DAILY;COUNT=3\r\n")
		    LINES("UID:u\r\nRECURRENCE-ID;TZID=Europe/Berlin:20260502T000000\r\n" MIDNIGHT("20260510", "20260511"))), 2,
		    "2026-05-01; 2026-05-03; 2026-05-10" },
	};
	char   got[2000];
	size_t i, without;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		show(rows[i].text, "2026-01-01", "2026-12-31", false, got, sizeof(got));
		without = not_taken;
		CHECK(rows[i].name, without == rows[i].not_taken, "%zu not taken", without);
		CHECK(rows[i].name, strstr(got, "2026-05") == NULL, "%s", got);
		show(rows[i].text, "2026-01-01", "2026-12-31", true, got, sizeof(got));
		CHECK_TEXT(rows[i].name, got, rows[i].days);
		CHECK(rows[i].name, not_taken == 0, "%zu not taken", not_taken);
		CHECK_TEXT(rows[i].name, faults, "");
	}
}

#define FIRST LINES(START("20260501") "SUMMARY:good\r\n")

/* An event that is wrong is told and left out; the others are read. */
static void
test_bad_events(void)
{
	static const struct {
		const char *name, *lines, *faults;
	} rows[] = {
		{ "no start", "SUMMARY:x\r\n", "7: an event without DTSTART" },
		{ "no such day", START("20260230"), "7: DTSTART: expected a date that exists" },
		{ "no such month", START("20261301"), "7: DTSTART: expected a date that exists" },
		{ "no date", "DTSTART;VALUE=DATE:today\r\n", "8: cannot read 'DTSTART;VALUE=DATE:today'" },
		{ "no end", START("20260501") "DTEND:tomorrow\r\n", "9: cannot read 'DTEND:tomorrow'" },
		{ "the first of two", "DTSTART:x\r\nDTEND:y\r\n", "8: cannot read 'DTSTART:x'" },
		{ "behind a fold", "SUMMARY:x\r\n y\r\n z\r\nDTSTART:x\r\n", "11: cannot read 'DTSTART:x'" },
		{ "backwards", START("20260502") END("20260501"), "7: an event that ends before it starts" },
		{ "a negative length", START("20260502") "DURATION:-P1D\r\n", "7: an event that ends before it starts" },
		{ "a part nobody knows", START("20260502") "RRULE:FREQ=YEARLY;BYEASTER=1\r\n",
		    "9: cannot read 'RRULE:FREQ=YEARLY;BYEASTER=1'" },
		{ "no frequency", START("20260502") "RRULE:COUNT=3\r\n", "9: cannot read 'RRULE:COUNT=3'" },
		{ "hours", START("20260502") "RRULE:FREQ=HOURLY\r\n",
		    "7: RRULE: a rule of hours, minutes or seconds has no whole days" },
		{ "never", START("20260502") "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n",
		    "7: RRULE: the rule has no day, or is not supported" },
		{ "what libical passes over", START("20260502") "RRULE:FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=-1\r\n",
		    "7: RRULE: BYSETPOS in a rule of days or weeks is not supported" },
		{ "what libical gets wrong", START("20260502") "RRULE:FREQ=DAILY;BYMONTHDAY=1,-1\r\n",
		    "7: RRULE: a day from the end of the month in a rule of days is not supported" },
		{ "more than a month has", START("20260502") "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300\r\n",
		    "7: RRULE: no month has so many days as BYSETPOS counts" },
	};
	char   got[2000], text[2000];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), CALENDAR(FIRST "%s%s%s"), "BEGIN:VEVENT\r\n", rows[i].lines, "END:VEVENT\r\n");
		show(text, "2026-01-01", "2026-12-31", false, got, sizeof(got));
		CHECK_TEXT(rows[i].name, got, "2026-05-01 good");
		CHECK_TEXT(rows[i].name, faults, rows[i].faults);
		CHECK(rows[i].name, events == 1, "%zu events", events);
	}
}

/* What cannot be read as a whole. */
static void
test_bad_texts(void)
{
	static const struct {
		const char *name, *text, *fault;
	} rows[] = {
		{ "nothing", "", "!0: not a calendar: expected BEGIN:VCALENDAR" },
		{ "a web page", "<!DOCTYPE html>\n<title>Sign in</title>\n", "!0: not a calendar: expected BEGIN:VCALENDAR" },
		{ "dates", "2026-12-25\n", "!0: not a calendar: expected BEGIN:VCALENDAR" },
		{ "torn in an event", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260501\n",
		    "!2: expected END:VEVENT before the end" },
		{ "an event in an event", CALENDAR("BEGIN:VEVENT\r\n" LINES(START("20260501"))),
		    "!3: expected END:VEVENT before the end" },
		{ "the calendar ends first", CALENDAR(FIRST "BEGIN:VEVENT\r\n" START("20260501")),
		    "!7: expected END:VEVENT before the end" },
		{ "torn between events", "BEGIN:VCALENDAR\r\n" FIRST, "!0: torn: expected END:VCALENDAR before the end" },
		{ "torn in the second", CALENDAR(FIRST) "BEGIN:VCALENDAR\r\n", "!0: torn: expected END:VCALENDAR before the end" },
		{ "too much", CALENDAR(LINES(START("20200101") "RRULE:FREQ=DAILY\r\nDURATION:P9999D\r\n")),
		    "!0: more than 1000000 days: ask for fewer with --from and --to" },
	};
	char   got[2000];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		show(rows[i].text, "2026-01-01", "2027-12-31", false, got, sizeof(got));
		CHECK_TEXT(rows[i].name, got, rows[i].fault);
	}
}

/* A list of dates that libical would cut is refused; one that it would not is read. */
static void
test_many_dates(void)
{
	static char text[20000], got[20000];
	size_t      n, i, many;

	for (many = 499; many <= 500; many++) {
		n = (size_t)snprintf(text, sizeof(text), "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nRDATE;VALUE=DATE:");
		for (i = 0; i < many; i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s20%02zu%02zu%02zu", i > 0 ? "," : "", 30 + i / 300,
			        1 + i % 300 / 28, 1 + i % 28);
		snprintf(text + n, sizeof(text) - n, "\nEND:VEVENT\nEND:VCALENDAR\n");
		show(text, "2029-01-01", "2033-12-31", false, got, sizeof(got));
		CHECK("dates in a line", strlen(got) == (many == 499 ? 499 * strlen("2026-12-25; ") - 2 : 0), "%zu: %s", many, got);
		CHECK_TEXT("dates in a line", faults, many == 499 ? "" : "4: RDATE: expected at most 499 values in a line");
	}
}

/* So is a rule that would write past libical's lists. */
static void
test_many_values(void)
{
	static char text[4000];
	char        got[100];
	size_t      n, i, many;

	for (many = 366; many <= 367; many++) {
		n = (size_t)snprintf(text, sizeof(text), "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n"
		    "RRULE:FREQ=YEARLY;COUNT=2;BYYEARDAY=");
		for (i = 0; i < many; i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s1", i > 0 ? "," : "");
		snprintf(text + n, sizeof(text) - n, "\nEND:VEVENT\nEND:VCALENDAR\n");
		show(text, "2026-01-01", "2029-12-31", false, got, sizeof(got));
		CHECK_TEXT("values in a rule", got, many == 366 ? "2026-01-01; 2027-01-01" : "");
		CHECK_TEXT("values in a rule", faults, many == 366 ? "" : "4: RRULE: expected at most 366 values in a line");
	}
}

/* A rule that libical would seek for seconds, a hundred times, ends when the time is over. */
static void
test_time(void)
{
	struct ical c = { .first = 20000, .last = 20800, .time_ms = 50, .bad = bad };
	struct buf  b;
	struct err  err;
	char       *text;
	int         i;

	buf_init(&b, BUF_RECORD_MAX);
	buf_puts(&b, "BEGIN:VCALENDAR\n");
	for (i = 0; i < 100; i++)
		buf_puts(&b, "BEGIN:VEVENT\nDTSTART:00010101\nRRULE:FREQ=DAILY;COUNT=2000000000\nEND:VEVENT\n");
	text = b.p;
	CHECK("time", ical_read(&c, text, &err) == -1 && err.status == CWS_FAIL && c.line == 2, "line %zu", c.line);
	CHECK_TEXT("time", err.text, "RRULE: the rules take too long to follow");
	ical_release(&c);
	buf_release(&b);
}

int
main(void)
{
	test_days();
	test_rules();
	test_changes();
	test_midnight();
	test_bad_events();
	test_bad_texts();
	test_many_dates();
	test_many_values();
	test_time();
	return CHECK_DONE();
}
