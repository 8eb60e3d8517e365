/*
 * cron.c - see cron.h.  Every minute is tried in turn in the C library's local
 * time, asked each quarter of an hour, which no zone's clock changes within:
 * slow, but it has nothing to get wrong that the programs under test could get
 * wrong in the same way.
 */

#include "cron.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "jx.h"

#define QUARTER_S 900

struct cron {
	char     zone[64];
	uint64_t minutes, hours, days; /* one bit a value */
};

static bool
load_zone(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	return name[0] != '\0' && name[0] != '/' && strstr(name, "..") == NULL && access(path, R_OK) == 0;
}

/* A number or a three-letter name; weekday and month names are robfig/cron's. */
static bool
value(const char **s, long *v)
{
	static const char *const names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };
	char                    *end;

	for (long i = 0; i < 7; i++)
		if (strlen(*s) >= 3 && has_name(names[i], (char[]){ (*s)[0], (*s)[1], (*s)[2], '\0' })) {
			*v = i;
			*s += 3;
			return true;
		}
	*v = strtol(*s, &end, 10);
	if (end == *s)
		return false;
	*s = end;
	return true;
}

static bool
field(const char *s, long min, long max, uint64_t *bits, struct buf *why)
{
	const char *whole = s;

	*bits = 0;
	for (;;) {
		long        low = min, high = max, step = 1;
		const char *part = s;

		if (*s == '*') {
			s++;
		} else {
			if (!value(&s, &low)) {
				buf_printf(why, "failed to parse int from %s: strconv.Atoi: parsing \"%s\": invalid syntax",
				    whole, whole);
				return false;
			}
			high = low;
			if (*s == '-' && (s++, !value(&s, &high)))
				return false;
		}
		if (*s == '/') {
			s++;
			if (!value(&s, &step) || step < 1)
				return false;
			if (part[0] != '*' && low == high)
				high = max;
		}
		if (low < min) {
			buf_printf(why, "beginning of range (%ld) below minimum (%ld): %s", low, min, whole);
			return false;
		}
		if (high > max) {
			buf_printf(why, "end of range (%ld) above maximum (%ld): %s", high, max, whole);
			return false;
		}
		for (long v = low; v <= high; v += step)
			*bits |= UINT64_C(1) << v;
		if (*s == '\0')
			return true;
		if (*s++ != ',')
			return false;
	}
}

static bool
parse(const char *s, struct cron *c, struct buf *why)
{
	char  copy[128], *f[8];
	char *save = NULL;
	int   n = 0;
	bool  zoned = false;

	snprintf(copy, sizeof(copy), "%s", s);
	snprintf(c->zone, sizeof(c->zone), "UTC");
	for (char *t = strtok_r(copy, " ", &save); t != NULL && n < 8; t = strtok_r(NULL, " ", &save)) {
		if (n == 0 && !zoned && strncmp(t, "CRON_TZ=", 8) == 0) {
			snprintf(c->zone, sizeof(c->zone), "%.63s", t + 8);
			zoned = true;
		} else {
			f[n++] = t;
		}
	}
	if (n < 4) {
		buf_puts(why, "validate weekly schedule: expected schedule to consist of 5 fields with an optional "
			      "CRON_TZ=<timezone> prefix");
		return false;
	}
	if (n == 5 && (strcmp(f[2], "*") != 0 || strcmp(f[3], "*") != 0)) {
		buf_puts(why, "validate weekly schedule: expected day-of-month and month to be *");
		return false;
	}
	buf_puts(why, "parse schedule: ");
	if (n != 5) {
		buf_printf(why, "expected exactly 5 fields, found %d: [%s]", n, s);
		return false;
	}
	if (!load_zone(c->zone)) {
		buf_printf(why, "provided bad location %s: unknown time zone %s", c->zone, c->zone);
		return false;
	}
	return field(f[0], 0, 59, &c->minutes, why) && field(f[1], 0, 23, &c->hours, why) &&
	    field(f[4], 0, 6, &c->days, why);
}

bool
cron_check(const char *s, struct buf *why)
{
	struct cron c;

	return parse(s, &c, why);
}

int64_t
cron_next(const char *s, int64_t at_us)
{
	struct cron c;
	struct buf  why;
	char       *was = getenv("TZ") != NULL ? strdup(getenv("TZ")) : NULL;
	int64_t     found = NO_TIME;

	buf_init(&why, 512);
	if (parse(s, &c, &why)) {
		time_t    t = (time_t)(at_us / 60000000) * 60;
		struct tm tm = { 0 };

		setenv("TZ", c.zone, 1);
		tzset();
		for (int i = 0; i < 8 * 24 * 60 && found == NO_TIME; i++) {
			t += 60;
			if (i == 0 || t % QUARTER_S == 0 || tm.tm_min == 59)
				localtime_r(&t, &tm);
			else
				tm.tm_min++;
			if ((c.minutes >> tm.tm_min & 1) && (c.hours >> tm.tm_hour & 1) && (c.days >> tm.tm_wday & 1))
				found = (int64_t)t * 1000000;
		}
		if (was != NULL)
			setenv("TZ", was, 1);
		else
			unsetenv("TZ");
		tzset();
	}
	free(was);
	buf_release(&why);
	return found;
}
