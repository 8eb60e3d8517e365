/* fuzz_rfc3339.c - any bytes as an instant: read as the letter says, and printing is turned round by reading. */

#include "base/rfc3339.h"

#include "../unit/json_gen.h"
#include "fuzz.h"

#define US INT64_C(1000000)

static bool
leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
month_days(int64_t year, int month)
{
	return month == 2 ? 28 + leap(year) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Counted year by year, and month by month. */
static int64_t
slow_days(int64_t year, int month, int day)
{
	int64_t days = day - 1, y;
	int     m;

	for (y = 1970; y < year; y++)
		days += 365 + leap(y);
	for (y = year; y < 1970; y++)
		days -= 365 + leap(y);
	for (m = 1; m < month; m++)
		days += month_days(year, m);
	return days;
}

/* Do the bytes fit the pattern, in which 'd' is a digit and 'T' one of "Tt "? */
static bool
fits(const char *s, size_t n, const char *pattern)
{
	size_t i;

	if (n != strlen(pattern))
		return false;
	for (i = 0; i < n; i++)
		if (pattern[i] == 'd' ? s[i] < '0' || s[i] > '9'
		    : pattern[i] == 'T' ? s[i] != 'T' && s[i] != 't' && s[i] != ' '
		                        : s[i] != pattern[i])
			return false;
	return true;
}

static int
digits(const char *s, size_t n)
{
	int v = 0;

	while (n-- > 0)
		v = v * 10 + *s++ - '0';
	return v;
}

static bool
slow_parse(const char *s, size_t n, int64_t *at_us)
{
	size_t  zone = n, i;
	int64_t shift = 0, us = 0, scale = US / 10;
	int     year, month, day, hour, minute, second;

	if (n < 20 || !fits(s, 19, "dddd-dd-ddTdd:dd:dd"))
		return false;
	if (s[n - 1] == 'Z' || s[n - 1] == 'z') {
		zone = n - 1;
	} else {
		if (n < 25 || (!fits(s + n - 6, 6, "+dd:dd") && !fits(s + n - 6, 6, "-dd:dd")))
			return false;
		zone = n - 6;
		if (digits(s + zone + 1, 2) > 23 || digits(s + zone + 4, 2) > 59)
			return false;
		shift = digits(s + zone + 1, 2) * 3600 + digits(s + zone + 4, 2) * 60;
		if (s[zone] == '-')
			shift = -shift;
	}
	if (zone > 19 && (s[19] != '.' || zone == 20))
		return false;
	for (i = 20; i < zone; i++, scale /= 10) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		us += (s[i] - '0') * scale;
	}
	year = digits(s, 4);
	month = digits(s + 5, 2);
	day = digits(s + 8, 2);
	hour = digits(s + 11, 2);
	minute = digits(s + 14, 2);
	second = digits(s + 17, 2);
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > month_days(year, month) || hour > 23 ||
	    minute > 59 || second > 60)
		return false;
	if (second == 60) {
		second = 59;
		us = US - 1;
	}
	*at_us = (slow_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - shift) * US + us;
	return true;
}

static int64_t
whole_s(int64_t us)
{
	return us / US - (us % US < 0);
}

/* Printed, and read again: the same second, as far as four digits of a year go. */
static void
check_print(int64_t at_us)
{
	static const int64_t last_s = INT64_C(253402300799), first_s = INT64_C(-62135596800);
	char                 text[RFC3339_SIZE], again[RFC3339_SIZE];
	int64_t              back, want = whole_s(at_us);
	struct civil         c;

	rfc3339_print(text, at_us);
	REQUIRE(strlen(text) < sizeof(text) && text[strlen(text) - 1] == 'Z');
	if (want > last_s)
		want = last_s;
	if (want >= first_s) {
		REQUIRE(rfc3339_parse(text, strlen(text), &back) && back == want * US);
		rfc3339_print(again, back);
		REQUIRE(strcmp(text, again) == 0);
	}
	want = whole_s(at_us);
	c = civil_from_s(want);
	REQUIRE(c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= month_days(c.year, c.month));
	REQUIRE(days_from_civil(c.year, c.month, c.day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second == want);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct bytes b = { data, n };
	char        *text = exact((const char *)data, n);
	int64_t      got = 0, want = 0;
	bool         ok = rfc3339_parse(text, n, &got);

	REQUIRE(ok == slow_parse(text, n, &want));
	if (ok) {
		REQUIRE(got == want);
		check_print(got);
	}
	free(text);
	if (n <= 8)
		check_print((int64_t)take_number(&b, 8));
	return 0;
}
