/* test_sched.c - windows as people write them, and the stretches they make around an instant. */

#include "judge/sched.h"

#include "at.h"
#include "base/rfc3339.h"
#include "check.h"
#include "settings/tz_load.h"

#define WORKDAYS 0x3e
#define WEEKEND  0x41

static void
test_window(void)
{
	static const struct {
		const char *text;
		int         days, start, end; /* days 0: refused */
	} rows[] = {
		{ "18:00-08:00", SCHED_DAILY, 1080, 480 },
		{ "mon-fri 18:00-08:00", WORKDAYS, 1080, 480 },
		{ "Mon-Fri  00:00-24:00", WORKDAYS, 0, 1440 },
		{ "sat,sun 00:00-24:00", WEEKEND, 0, 1440 },
		{ "SATURDAY,sunday 00:00-00:00", WEEKEND, 0, 0 },
		{ "fri-mon 23:59-00:00", 0x63, 1439, 0 },
		{ "sat-sun 12:00-13:00", WEEKEND, 720, 780 },
		{ "mon-mon 12:00-13:00", 0x02, 720, 780 },
		{ "sun-sat 12:00-13:00", SCHED_DAILY, 720, 780 },
		{ "wed,mon-tue,wed 12:00-13:00", 0x0e, 720, 780 },
		{ "* 12:00-13:00", SCHED_DAILY, 720, 780 },
		{ "daily 12:00-13:00", SCHED_DAILY, 720, 780 },
		{ "", 0, 0, 0 },
		{ " 18:00-08:00", 0, 0, 0 },
		{ "mon-fri", 0, 0, 0 },
		{ "mon-fri 18:00", 0, 0, 0 },
		{ "mon-fri 18:00-", 0, 0, 0 },
		{ "mon-fri 24:00-08:00", 0, 0, 0 },
		{ "mon-fri 18:00-24:01", 0, 0, 0 },
		{ "mon-fri 25:00-08:00", 0, 0, 0 },
		{ "mon-fri 18:60-08:00", 0, 0, 0 },
		{ "mon-fri 8:00-18:00", 0x3e, 480, 1080 },
		{ "mon-fri 8:00-9:05", 0x3e, 480, 545 },
		{ "mon-fri 8:0-18:00", 0, 0, 0 },
		{ "mon-fri :00-18:00", 0, 0, 0 },
		{ "mon-fri 008:00-18:00", 0, 0, 0 },
		{ "mon-fri 8:00", 0, 0, 0 },
		{ "mon-fri 8:00-", 0, 0, 0 },
		{ "mon-fri 8:00-9:00-10:00", 0, 0, 0 },
		{ "mon-fri 18.00-08.00", 0, 0, 0 },
		{ "mon-fri +8:00-18:00", 0, 0, 0 },
		{ "mon-fri 18:00-08:00 ", 0, 0, 0 },
		{ "mon-fri 18:00-08:00x", 0, 0, 0 },
		{ "mo 18:00-08:00", 0, 0, 0 },
		{ "mond 18:00-08:00", 0, 0, 0 },
		{ "mondays 18:00-08:00", 0, 0, 0 },
		{ "mon, 18:00-08:00", 0, 0, 0 },
		{ ",mon 18:00-08:00", 0, 0, 0 },
		{ "mon- 18:00-08:00", 0, 0, 0 },
		{ "-mon 18:00-08:00", 0, 0, 0 },
		{ "mon-wed-fri 18:00-08:00", 0, 0, 0 },
		{ "1-5 18:00-08:00", 0, 0, 0 },
		{ "*,mon 18:00-08:00", 0, 0, 0 },
	};
	struct window w;
	size_t        i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool ok = sched_window(rows[i].text, &w);

		CHECK(rows[i].text, ok == (rows[i].days != 0), "taken: %d", ok);
		CHECK(rows[i].text,
		        !ok || (w.days == rows[i].days && w.start_min == rows[i].start &&
		                       w.end_min == rows[i].end),
		        "got %x %d-%d", w.days, w.start_min, w.end_min);
	}
}

static void
test_room(void)
{
	struct sched  s = { 0 };
	struct window w = { SCHED_DAILY, 0, 60 };
	int           i;

	for (i = 0; i < SCHED_WINDOWS_MAX; i++) {
		w.start_min = (i * 599) % 1440;
		CHECK("room", sched_add(&s, w) == 0, "full at %d", i);
	}
	for (i = 1; i < SCHED_WINDOWS_MAX; i++)
		CHECK("order", s.window[i - 1].start_min <= s.window[i].start_min, "at %d", i);
	CHECK("full", sched_add(&s, w) == -1, "one too many was taken");
}

/* Windows separated by ';'. */
static void
read_windows(struct sched *s, const char *list)
{
	const char   *stop;
	struct window w;
	char          text[80];

	memset(s, 0, sizeof(*s));
	for (;; list = stop + 1) {
		stop = list + strcspn(list, ";");
		snprintf(text, sizeof(text), "%.*s", (int)(stop - list), list);
		CHECK(list, sched_window(text, &w) && sched_add(s, w) == 0, "refused %s", text);
		if (*stop == '\0')
			return;
	}
}

static void
check_stretch(const char *name, const char *which, const struct stretch *got, const char *start,
              const char *end)
{
	char a[RFC3339_SIZE] = "", b[RFC3339_SIZE] = "";

	if (got->start.known)
		rfc3339_print(a, got->start.us);
	if (got->end.known)
		rfc3339_print(b, got->end.us);
	CHECK(name, strcmp(a, start) == 0 && strcmp(b, end) == 0, "%s is %s - %s, want %s - %s", which, a, b,
	        start, end);
}

/*
 * What holds the instant, or else comes next, and what came last.  2026-06-12
 * was a Friday.
 */
static void
test_view(void)
{
	static const struct {
		const char *name, *windows, *zone, *now;
		bool        inside;
		const char *start, *end, *last_start, *last_end;
	} rows[] = {
		{ "Friday evening is one stretch to Monday", "mon-fri 18:00-08:00;sat,sun 00:00-24:00", "UTC",
		        "2026-06-12T18:00:00Z", true, "2026-06-12T18:00:00Z", "2026-06-15T00:00:00Z",
		        "2026-06-11T18:00:00Z", "2026-06-12T08:00:00Z" },
		{ "a second before it", "mon-fri 18:00-08:00;sat,sun 00:00-24:00", "UTC",
		        "2026-06-12T17:59:59Z", false, "2026-06-12T18:00:00Z", "2026-06-15T00:00:00Z",
		        "2026-06-11T18:00:00Z", "2026-06-12T08:00:00Z" },
		{ "its last second", "mon-fri 18:00-08:00;sat,sun 00:00-24:00", "UTC", "2026-06-14T23:59:59Z",
		        true, "2026-06-12T18:00:00Z", "2026-06-15T00:00:00Z", "2026-06-11T18:00:00Z",
		        "2026-06-12T08:00:00Z" },
		{ "its end", "mon-fri 18:00-08:00;sat,sun 00:00-24:00", "UTC", "2026-06-15T00:00:00Z", false,
		        "2026-06-15T18:00:00Z", "2026-06-16T08:00:00Z", "2026-06-12T18:00:00Z",
		        "2026-06-15T00:00:00Z" },
		{ "Sunday evening runs on to Monday morning",
		        "mon-fri 18:00-08:00;sat,sun 00:00-24:00;sun 18:00-08:00", "Europe/Berlin",
		        "2026-06-15T05:59:59Z", true, "2026-06-12T16:00:00Z", "2026-06-15T06:00:00Z",
		        "2026-06-11T16:00:00Z", "2026-06-12T06:00:00Z" },
		{ "one window of 24 h begins anew", "09:00-09:00", "UTC", "2026-06-12T09:00:00Z", true,
		        "2026-06-12T09:00:00Z", "2026-06-13T09:00:00Z", "2026-06-11T09:00:00Z",
		        "2026-06-12T09:00:00Z" },
		{ "a window twice is several", "09:00-12:00;09:00-12:00", "UTC", "2026-06-12T09:00:00Z", true,
		        "2026-06-12T09:00:00Z", "2026-06-12T12:00:00Z", "2026-06-11T09:00:00Z",
		        "2026-06-11T12:00:00Z" },
		{ "two that touch", "09:00-12:00;12:00-13:00", "UTC", "2026-06-12T12:30:00Z", true,
		        "2026-06-12T09:00:00Z", "2026-06-12T13:00:00Z", "2026-06-11T09:00:00Z",
		        "2026-06-11T13:00:00Z" },
		{ "two a minute apart", "09:00-12:00;12:01-13:00", "UTC", "2026-06-12T12:30:00Z", true,
		        "2026-06-12T12:01:00Z", "2026-06-12T13:00:00Z", "2026-06-12T09:00:00Z",
		        "2026-06-12T12:00:00Z" },
		{ "one within the other", "09:00-17:00;12:00-13:00", "UTC", "2026-06-12T16:59:59Z", true,
		        "2026-06-12T09:00:00Z", "2026-06-12T17:00:00Z", "2026-06-11T09:00:00Z",
		        "2026-06-11T17:00:00Z" },
		{ "spring night is 13 h", "18:00-08:00", "America/New_York", "2026-03-08T00:00:00Z", true,
		        "2026-03-07T23:00:00Z", "2026-03-08T12:00:00Z", "2026-03-06T23:00:00Z",
		        "2026-03-07T13:00:00Z" },
		{ "autumn night is 15 h", "18:00-08:00", "America/New_York", "2026-11-01T12:59:59Z", true,
		        "2026-10-31T22:00:00Z", "2026-11-01T13:00:00Z", "2026-10-30T22:00:00Z",
		        "2026-10-31T12:00:00Z" },
		{ "a swallowed window is no last one", "02:30-03:00", "America/New_York",
		        "2026-03-08T08:00:00Z", false, "2026-03-09T06:30:00Z", "2026-03-09T07:00:00Z",
		        "2026-03-07T07:30:00Z", "2026-03-07T08:00:00Z" },
		{ "weekly and swallowed: the week after", "sun 02:30-03:00", "America/New_York",
		        "2026-03-05T00:00:00Z", false, "2026-03-15T06:30:00Z", "2026-03-15T07:00:00Z",
		        "2026-03-01T07:30:00Z", "2026-03-01T08:00:00Z" },
		{ "the week's only gap is swallowed: two weeks",
		        "sun 03:00-24:00;mon-sat 00:00-24:00;sun 00:00-02:30", "America/New_York",
		        "2026-03-15T06:29:59Z", true, "2026-03-01T08:00:00Z", "2026-03-15T06:30:00Z",
		        "2026-02-22T08:00:00Z", "2026-03-01T07:30:00Z" },
		{ "the gap in autumn", "sun 02:00-24:00;mon-sat 00:00-24:00;sun 00:00-01:30",
		        "America/New_York", "2026-11-01T06:59:59Z", false, "2026-11-01T07:00:00Z",
		        "2026-11-08T06:30:00Z", "2026-10-25T06:00:00Z", "2026-11-01T05:30:00Z" },
		{ "half an hour skipped", "02:15-06:00", "Australia/Lord_Howe", "2026-10-03T15:30:00Z", true,
		        "2026-10-03T15:30:00Z", "2026-10-03T19:00:00Z", "2026-10-02T15:45:00Z",
		        "2026-10-02T19:30:00Z" },
		{ "half an hour twice", "01:45-06:00", "Australia/Lord_Howe", "2026-04-04T15:05:00Z", true,
		        "2026-04-04T14:45:00Z", "2026-04-04T19:30:00Z", "2026-04-03T14:45:00Z",
		        "2026-04-03T19:00:00Z" },
		{ "a day that was not", "fri 10:00-12:00", "Pacific/Apia", "2011-12-29T12:00:00Z", false,
		        "2012-01-05T20:00:00Z", "2012-01-05T22:00:00Z", "2011-12-23T20:00:00Z",
		        "2011-12-23T22:00:00Z" },
		{ "leap day", "00:00-24:00", "UTC", "2028-02-29T12:00:00Z", true, "2028-02-29T00:00:00Z",
		        "2028-03-01T00:00:00Z", "2028-02-28T00:00:00Z", "2028-02-29T00:00:00Z" },
		{ "before the epoch", "18:00-08:00", "UTC", "1969-12-31T23:59:59Z", true,
		        "1969-12-31T18:00:00Z", "1970-01-01T08:00:00Z", "1969-12-30T18:00:00Z",
		        "1969-12-31T08:00:00Z" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sched      s;
		struct tz         tz;
		struct err        err;
		struct sched_view v;

		read_windows(&s, rows[i].windows);
		CHECK(rows[i].name, tz_load(&tz, rows[i].zone, at(rows[i].now), &err) == 0, "%s", err.text);
		v = sched_view(&s, &tz, at(rows[i].now), 0);
		CHECK(rows[i].name, v.held.start.known == rows[i].inside && !v.always, "inside: %d",
		        v.held.start.known);
		check_stretch(rows[i].name, "it", rows[i].inside ? &v.held : &v.next, rows[i].start,
		        rows[i].end);
		check_stretch(rows[i].name, "last", &v.last, rows[i].last_start, rows[i].last_end);
		CHECK(rows[i].name, v.next.start.known && v.next.start.us > at(rows[i].now),
		        "none comes next");
	}
}

static void
test_always(void)
{
	static const struct {
		const char *windows;
		bool        always;
	} rows[] = {
		{ "00:00-24:00", false },
		{ "00:00-24:00;00:00-24:00", true },
		{ "mon-fri 00:00-24:00;sat,sun 00:00-00:00", true },
		{ "mon-fri 00:00-24:00;sat,sun 00:00-23:59", false },
		{ "08:00-18:00;18:00-08:00", true },
		{ "08:01-18:00;18:00-08:00", false },
		{ "08:00-18:00;18:01-08:00", false },
		{ "mon-sat 12:00-12:00;sun 12:00-12:00", true },
		{ "mon-sat 12:00-12:00;sun 13:00-12:00", false },
		{ "mon-sat 12:00-12:00;sun 12:00-11:59", false },
	};
	struct tz tz;
	size_t    i;

	tz_fixed(&tz, "UTC", 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sched      s;
		struct sched_view v;

		read_windows(&s, rows[i].windows);
		v = sched_view(&s, &tz, 0, 0);
		CHECK(rows[i].windows, v.always == rows[i].always, "always: %d", v.always);
		CHECK(rows[i].windows,
		        !v.always || (!v.held.start.known && !v.next.start.known && !v.last.start.known),
		        "a stretch all the same");
	}
}

/* The last one that lasted longer than its grace is further back than the last one. */
static void
test_outlasted(void)
{
	struct sched      s;
	struct tz         tz;
	struct sched_view v;
	int64_t           now = at("2026-06-18T12:00:00Z"); /* a Thursday */

	tz_fixed(&tz, "UTC", 0);
	read_windows(&s, "08:00-09:00;fri 18:00-08:00");
	v = sched_view(&s, &tz, now, 3600 * US_PER_S - 1);
	check_stretch("grace below", "last", &v.last, "2026-06-18T08:00:00Z", "2026-06-18T09:00:00Z");
	v = sched_view(&s, &tz, now, 3600 * US_PER_S);
	check_stretch("grace equal", "last", &v.last, "2026-06-12T18:00:00Z", "2026-06-13T09:00:00Z");
	v = sched_view(&s, &tz, now, 15 * 3600 * US_PER_S);
	check_stretch("grace too long for all", "last", &v.last, "", "");
	v = sched_view(&s, &tz, at("2026-06-18T08:00:00Z") - 1, 0);
	CHECK("a microsecond before", !v.held.start.known, "inside");
	v = sched_view(&s, &tz, at("2026-06-18T09:00:00Z") - 1, 0);
	CHECK("the last microsecond", v.held.start.known, "outside");
}

int
main(void)
{
	test_window();
	test_room();
	test_view();
	test_always();
	test_outlasted();
	return CHECK_DONE();
}
