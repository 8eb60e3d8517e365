/* test_rfc3339.c - instants from text, to text, and the calendar behind them. */

#include "base/rfc3339.h"

#include "base/when.h"
#include "check.h"

static void
test_parse(void)
{
	static const struct {
		const char *text;
		bool        ok;
		int64_t     us;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", true, 0 },
		{ "1970-01-01t00:00:00z", true, 0 },
		{ "1970-01-01 00:00:00Z", true, 0 },
		{ "1969-12-31T23:59:59.999999Z", true, -1 },
		{ "1970-01-01T00:00:00.000001Z", true, 1 },
		{ "1970-01-01T00:00:00.0000009Z", true, 0 },
		{ "1970-01-01T00:00:00.123456789123456789Z", true, 123456 },
		{ "1970-01-01T00:00:00.5Z", true, 500000 },
		{ "1970-01-01T05:45:00+05:45", true, 0 },
		{ "1969-12-31T19:00:00-05:00", true, 0 },
		{ "1970-01-01T23:59:00+23:59", true, 0 },
		{ "0001-01-01T00:00:00Z", true, INT64_C(-62135596800000000) },
		{ "9999-12-31T23:59:59Z", true, INT64_C(253402300799000000) },
		{ "2024-02-29T12:00:00Z", true, INT64_C(1709208000000000) },
		{ "2000-02-29T00:00:00Z", true, INT64_C(951782400000000) },
		{ "2016-12-31T23:59:60Z", true, INT64_C(1483228799999999) },
		{ "2026-02-29T12:00:00Z", false, 0 },
		{ "1900-02-29T12:00:00Z", false, 0 },
		{ "2026-04-31T12:00:00Z", false, 0 },
		{ "2026-13-01T12:00:00Z", false, 0 },
		{ "2026-00-01T12:00:00Z", false, 0 },
		{ "2026-01-00T12:00:00Z", false, 0 },
		{ "0000-01-01T00:00:00Z", false, 0 },
		{ "2026-01-01T24:00:00Z", false, 0 },
		{ "2026-01-01T12:60:00Z", false, 0 },
		{ "2026-01-01T12:00:61Z", false, 0 },
		{ "2026-01-01T12:00:00", false, 0 },
		{ "2026-01-01T12:00:00.Z", false, 0 },
		{ "2026-01-01T12:00:00+24:00", false, 0 },
		{ "2026-01-01T12:00:00+05:60", false, 0 },
		{ "2026-01-01T12:00:00+0530", false, 0 },
		{ "2026-01-01T12:00:00ZZ", false, 0 },
		{ "2026-01-01T12:00:00Z ", false, 0 },
		{ " 2026-01-01T12:00:00Z", false, 0 },
		{ "2026-1-1T12:00:00Z", false, 0 },
		{ "+026-01-01T12:00:00Z", false, 0 },
		{ "2026-01-01", false, 0 },
		{ "", false, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t us = -7;
		bool    ok = rfc3339_parse(rows[i].text, strlen(rows[i].text), &us);

		CHECK(rows[i].text, ok == rows[i].ok, "taken: %d", ok);
		CHECK(rows[i].text, !ok || us == rows[i].us, "got %lld", (long long)us);
	}
}

static void
test_print(void)
{
	static const struct {
		int64_t     us;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 999999, "1970-01-01T00:00:00Z" },
		{ INT64_C(1709208000000000), "2024-02-29T12:00:00Z" },
		{ INT64_C(253402300799999999), "9999-12-31T23:59:59Z" },
		{ INT64_C(253402300800000000), "9999-12-31T23:59:59Z" },
		{ INT64_MAX, "9999-12-31T23:59:59Z" },
		{ INT64_C(-62135596800000000), "0001-01-01T00:00:00Z" },
		{ INT64_C(-62135596800000001), "0001-01-01T00:00:00Z" },
		{ INT64_MIN, "0001-01-01T00:00:00Z" },
	};
	char   out[RFC3339_SIZE];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rfc3339_print(out, rows[i].us);
		CHECK_TEXT(rows[i].text, out, rows[i].text);
	}
}

/* Every day of 800 years there and back, the weekdays in their order. */
static void
test_calendar(void)
{
	int64_t day, first = days_from_civil(1600, 1, 1), last = days_from_civil(2400, 1, 1);
	int     before = weekday_of(first - 1);

	CHECK("epoch", days_from_civil(1970, 1, 1) == 0 && weekday_of(0) == 4, "1970-01-01 was a Thursday");
	for (day = first; day < last; day++) {
		struct civil c = civil_from_s(day * 86400 + 86399);
		bool         ok = days_from_civil(c.year, c.month, c.day) == day;

		ok = ok && c.hour == 23 && c.minute == 59 && c.second == 59;
		ok = ok && weekday_of(day) == (before + 1) % 7;
		before = weekday_of(day);
		if (!ok) {
			CHECK("calendar", ok, "day %lld", (long long)day);
			return;
		}
	}
	CHECK("calendar", last - first == 2 * 146097, "800 years have %lld days", (long long)(last - first));
}

static void
test_floor(void)
{
	CHECK("floor", floor_s(-1) == -1 && floor_s(-1000000) == -1 && floor_s(-1000001) == -2,
	        "towards the past");
	CHECK("floor", floor_s(0) == 0 && floor_s(999999) == 0 && floor_s(1000000) == 1, "towards the past");
	CHECK("floor", floor_day(-1) == -1 && floor_day(-86400) == -1 && floor_day(-86401) == -2, "towards the past");
	CHECK("floor", floor_day(0) == 0 && floor_day(86399) == 0 && floor_day(86400) == 1, "towards the past");
	CHECK("floor", floor_day(INT64_MIN) == INT64_C(-106751991167301) && floor_day(INT64_MAX) == INT64_C(106751991167300),
	        "at the ends");
	CHECK("add", add_sat(INT64_MAX, 1) == INT64_MAX && add_sat(INT64_MIN, -1) == INT64_MIN,
	        "not saturated");
}

/* With its fraction an instant is read back as it was. */
static void
test_exact(void)
{
	static const struct {
		int64_t     us;
		const char *want;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 1, "1970-01-01T00:00:00.000001Z" },
		{ INT64_C(1782831641220914), "2026-06-30T15:00:41.220914Z" },
		{ INT64_C(1782831641500000), "2026-06-30T15:00:41.5Z" },
		{ INT64_C(1782831641000000), "2026-06-30T15:00:41Z" },
		{ -1, "1969-12-31T23:59:59.999999Z" },
	};
	char    out[RFC3339_EXACT_SIZE];
	int64_t us;
	size_t  i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rfc3339_print_exact(out, rows[i].us);
		CHECK_TEXT(rows[i].want, out, rows[i].want);
		CHECK(rows[i].want, rfc3339_parse(out, strlen(out), &us) && us == rows[i].us, "read as %lld", (long long)us);
	}
}

int
main(void)
{
	test_parse();
	test_print();
	test_exact();
	test_calendar();
	test_floor();
	return CHECK_DONE();
}
