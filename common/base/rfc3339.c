/* rfc3339.c - calendar arithmetic and the one text form of instants. */

#include "base/rfc3339.h"

#include <string.h>

#include "base/when.h"

int64_t
days_from_civil(int64_t year, int month, int day)
{
	int64_t era, yoe, doy;

	/* Years begin in March here, so that the leap day is the last of its year. */
	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	yoe = year - era * 400;
	doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct civil
civil_from_s(int64_t s)
{
	struct civil c;
	int64_t      days = floor_day(s);
	int64_t      rest = s - days * DAY_S;
	int64_t      era, doe, yoe, doy, mp;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	c.year = yoe + era * 400 + (c.month <= 2);
	c.hour = (int)(rest / 3600);
	c.minute = (int)(rest / 60 % 60);
	c.second = (int)(rest % 60);
	return c;
}

int
weekday_of(int64_t day)
{
	int64_t w = (day + 4) % 7;

	return (int)(w < 0 ? w + 7 : w);
}

/* Exactly k digits at s; the caller has checked the length. */
static bool
digits(const char *s, int k, int *out)
{
	int v = 0, i;

	for (i = 0; i < k; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (s[i] - '0');
	}
	*out = v;
	return true;
}

static bool
month_has(int year, int month, int day)
{
	static const int len[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool             leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= len[month - 1] + (month == 2 && leap);
}

/* "Z" or "+hh:mm" at s, to the end of the span. */
static bool
offset(const char *s, size_t n, int64_t *off_s)
{
	int hour, minute;

	*off_s = 0;
	if (n == 1 && (s[0] == 'Z' || s[0] == 'z'))
		return true;
	if (n != 6 || (s[0] != '+' && s[0] != '-') || s[3] != ':' || !digits(s + 1, 2, &hour) ||
	        !digits(s + 4, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*off_s = (hour * 60 + minute) * (s[0] == '-' ? INT64_C(-60) : INT64_C(60));
	return true;
}

bool
rfc3339_parse(const char *s, size_t n, int64_t *at_us)
{
	int     year, month, day, hour, minute, second;
	int64_t frac = 0, unit = US_PER_S, off_s;
	size_t  i = 19;

	if (n < 20 || s[4] != '-' || s[7] != '-' ||
	        (s[10] != 'T' && s[10] != 't' && s[10] != ' ') || s[13] != ':' || s[16] != ':')
		return false;
	if (!digits(s, 4, &year) || !digits(s + 5, 2, &month) || !digits(s + 8, 2, &day) ||
	        !digits(s + 11, 2, &hour) || !digits(s + 14, 2, &minute) ||
	        !digits(s + 17, 2, &second))
		return false;
	if (year < 1 || !month_has(year, month, day) || hour > 23 || minute > 59 || second > 60)
		return false;
	if (s[i] == '.') {
		size_t first = ++i;

		for (; i < n && s[i] >= '0' && s[i] <= '9'; i++)
			if (unit > 1) {
				unit /= 10;
				frac += (s[i] - '0') * unit;
			}
		if (i == first)
			return false;
	}
	if (!offset(s + i, n - i, &off_s))
		return false;
	if (second == 60) {
		second = 59;
		frac = US_PER_S - 1;
	}
	*at_us = (days_from_civil(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second -
	                 off_s) *
	                 US_PER_S +
	         frac;
	return true;
}

static char *
put_digits(char *p, int64_t v, int k)
{
	int i;

	for (i = k; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	return p + k;
}

void
rfc3339_print(char out[RFC3339_SIZE], int64_t at_us)
{
	const int64_t first = days_from_civil(1, 1, 1) * DAY_S,
	              last = days_from_civil(10000, 1, 1) * DAY_S - 1;
	int64_t      s = floor_s(at_us);
	struct civil c = civil_from_s(s < first ? first : s > last ? last : s);
	char        *p = out;

	p = put_digits(p, c.year, 4);
	*p++ = '-';
	p = put_digits(p, c.month, 2);
	*p++ = '-';
	p = put_digits(p, c.day, 2);
	*p++ = 'T';
	p = put_digits(p, c.hour, 2);
	*p++ = ':';
	p = put_digits(p, c.minute, 2);
	*p++ = ':';
	p = put_digits(p, c.second, 2);
	*p++ = 'Z';
	*p = '\0';
}

void
rfc3339_print_exact(char out[RFC3339_EXACT_SIZE], int64_t at_us)
{
	int64_t us = at_us - floor_s(at_us) * 1000000;
	char   *p = out;

	rfc3339_print(out, at_us);
	if (us == 0)
		return;
	p += strlen(out) - 1;
	*p++ = '.';
	p = put_digits(p, us, 6);
	while (p[-1] == '0')
		p--;
	*p++ = 'Z';
	*p = '\0';
}
