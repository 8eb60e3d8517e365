/* test_tz.c - zone names, offsets, and the instants that wall times stand for. */

#include "judge/tz.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "at.h"
#include "base/rfc3339.h"
#include "base/when.h"
#include "check.h"
#include "settings/tz_load.h"

static void
test_names(void)
{
	static const struct {
		const char *name, *is; /* NULL: refused */
	} rows[] = {
		{ "UTC", "UTC" },
		{ "Europe/Berlin", "Europe/Berlin" },
		{ "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires" },
		{ "Etc/GMT+5", "Etc/GMT+5" },
		{ "utc", "UTC" },
		{ "europe/london", "Europe/London" },
		{ "AMERICA/argentina/BUENOS_aires", "America/Argentina/Buenos_Aires" },
		{ "etc/gmt+5", "Etc/GMT+5" },
		{ "POSIX/europe/berlin", NULL },
		{ "Right/Europe/Berlin", NULL },
		{ "LOCALTIME", NULL },
		{ "europe", NULL },
		{ "Nope/Nowhere", NULL },
		{ "america/new_yorkshire", NULL },
		{ "America/New_York ", NULL },
		{ "America", NULL },
		{ "Europe/", NULL },
		{ "PST", NULL },
		{ "UTC+5", NULL },
		{ "EST5EDT,M3.2.0,M11.1.0", NULL },
		{ "<+03>-3", NULL },
		{ ":Europe/Berlin", NULL },
		{ "/usr/share/zoneinfo/Europe/Berlin", NULL },
		{ "../zoneinfo/Europe/Berlin", NULL },
		{ "right/Europe/Berlin", NULL },
		{ "posix/Europe/Berlin", NULL },
		{ "localtime", NULL },
		{ "posixrules", NULL },
		{ "Factory", NULL },
		{ "zone.tab", NULL },
		{ "tzdata.zi", NULL },
		{ "", NULL },
		{ "Europe/Berlinnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", NULL },
	};
	struct tz  tz;
	struct err err;
	size_t     i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got = tz_load(&tz, rows[i].name, 0, &err);

		CHECK(rows[i].name, (got == 0) == (rows[i].is != NULL), "got %d", got);
		if (got == 0 && rows[i].is != NULL)
			CHECK_TEXT("name", tz.name, rows[i].is);
		else
			CHECK(rows[i].name, err.status == CWS_USAGE && strstr(err.text,
			        "Europe/Berlin") != NULL, "%s",
			        err.text);
	}
	setenv("TZDIR", "relative", 1);
	CHECK("TZDIR", tz_load(&tz, "Europe/Berlin", 0, &err) == 0, "%s", err.text);
	unsetenv("TZDIR");
}

/* A link of the tz database without a file of data, as Debian 13 has it where tzdata-legacy is missing. */
static void
test_old_names(void)
{
	static const struct {
		const char *name, *text;
	} rows[] = {
		{ "Old/Town", "time zone 'Old/Town' is an old name, whose data are in the package tzdata-legacy: "
		              "install it, or write Europe/Berlin" },
		{ "old/town", "time zone 'old/town' is an old name, whose data are in the package tzdata-legacy: "
		              "install it, or write Europe/Berlin" },
		{ "Old/Tow", "unknown time zone 'Old/Tow': write an IANA name such as Europe/Berlin" },
		{ "Old", "unknown time zone 'Old': write an IANA name such as Europe/Berlin" },
		{ "L", "unknown time zone 'L': write an IANA name such as Europe/Berlin" },
	};
	char       dir[] = "/tmp/test_tz.XXXXXX", path[64];
	FILE      *zi;
	struct tz  tz;
	struct err err;
	size_t     i;

	CHECK("directory", mkdtemp(dir) != NULL, "%s", dir);
	snprintf(path, sizeof(path), "%s/tzdata.zi", dir);
	zi = fopen(path, "w");
	CHECK("tzdata.zi", zi != NULL && fputs("# version 2026f\nR a 1977 1980 - Ap Su>=1 1u 1 S\n"
	                                       "Z Old/City 0:53:28 - LMT 1893 Ap\n1 - CET\n"
	                                       "L Europe/Paris Old/Townhall\nL Europe/Berlin Old/Town\n", zi) >= 0 &&
	                                       fclose(zi) == 0, "%s", path);
	setenv("TZDIR", dir, 1);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK(rows[i].name, tz_load(&tz, rows[i].name, 0, &err) == -1, "loaded");
		CHECK_TEXT(rows[i].name, err.text, rows[i].text);
	}
	CHECK("TZDIR", tz_load(&tz, "Europe/Berlin", 0, &err) == 0, "%s", err.text);
	unsetenv("TZDIR");
	unlink(path);
	rmdir(dir);
}

static void
test_environment(void)
{
	struct tz  tz;
	struct err err;

	setenv("TZ", "Asia/Tokyo", 1);
	CHECK("TZ", tz_load(&tz, "Europe/Berlin", 0, &err) == 0, "%s", err.text);
	CHECK_TEXT("TZ", getenv("TZ"), "Asia/Tokyo");
	unsetenv("TZ");
	CHECK("TZ", tz_load(&tz, "Europe/Berlin", 0, &err) == 0, "%s", err.text);
	CHECK("TZ", getenv("TZ") == NULL, "it is set");
}

/* wall is a clock's reading; first is the instant it stands for. */
static void
test_instants(void)
{
	static const struct {
		const char *name, *zone, *wall, *first;
	} rows[] = {
		{ "plain", "America/New_York", "2026-01-06T18:00:00Z", "2026-01-06T23:00:00Z" },
		{ "before the gap", "America/New_York", "2026-03-08T01:59:59Z", "2026-03-08T06:59:59Z" },
		{ "gap begins", "America/New_York", "2026-03-08T02:00:00Z", "2026-03-08T07:00:00Z" },
		{ "gap ends", "America/New_York", "2026-03-08T02:59:59Z", "2026-03-08T07:00:00Z" },
		{ "after the gap", "America/New_York", "2026-03-08T03:00:01Z", "2026-03-08T07:00:01Z" },
		{ "before the overlap", "America/New_York", "2026-11-01T00:59:59Z", "2026-11-01T04:59:59Z" },
		{ "first pass", "America/New_York", "2026-11-01T01:30:00Z", "2026-11-01T05:30:00Z" },
		{ "last of the first pass", "America/New_York", "2026-11-01T01:59:59Z",
		        "2026-11-01T05:59:59Z" },
		{ "after the overlap", "America/New_York", "2026-11-01T02:00:00Z", "2026-11-01T07:00:00Z" },
		{ "half an hour skipped", "Australia/Lord_Howe", "2026-10-04T02:15:00Z",
		        "2026-10-03T15:30:00Z" },
		{ "half an hour twice", "Australia/Lord_Howe", "2026-04-05T01:45:00Z",
		        "2026-04-04T14:45:00Z" },
		{ "a day skipped", "Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z" },
		{ "its first second", "Pacific/Apia", "2011-12-30T00:00:00Z", "2011-12-30T10:00:00Z" },
		{ "the day after", "Pacific/Apia", "2011-12-31T00:00:01Z", "2011-12-30T10:00:01Z" },
		{ "no midnight", "America/Sao_Paulo", "2018-11-04T00:30:00Z", "2018-11-04T03:00:00Z" },
		{ "quarter of an hour", "Asia/Kathmandu", "2026-06-01T18:00:00Z", "2026-06-01T12:15:00Z" },
		{ "leap day", "Europe/Berlin", "2028-02-29T00:00:00Z", "2028-02-28T23:00:00Z" },
		{ "before the epoch", "Asia/Kolkata", "1969-12-31T18:00:00Z", "1969-12-31T12:30:00Z" },
		{ "far ahead", "Europe/Berlin", "2426-07-01T12:00:00Z", "2426-07-01T10:00:00Z" },
		{ "year 9999", "Europe/Berlin", "9999-07-01T12:00:00Z", "9999-07-01T10:00:00Z" },
		{ "year 1", "UTC", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z" },
	};
	struct tz  tz;
	struct err err;
	size_t     i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t wall = at(rows[i].wall), first = at(rows[i].first), got;

		if (tz_load(&tz, rows[i].zone, first, &err) != 0) {
			CHECK(rows[i].name, false, "%s", err.text);
			continue;
		}
		got = tz_instant(&tz, wall / US_PER_S);
		CHECK(rows[i].name, got == first / US_PER_S, "got %lld", (long long)got);
		CHECK(rows[i].name, tz_wall(&tz, got) >= wall / US_PER_S && tz_wall(&tz,
		        got - 1) < wall / US_PER_S,
		        "not the first instant");
	}
}

/* A change is found to the second, on both sides of the instant the table is made for. */
static void
test_changes(void)
{
	int64_t    change = at("2026-03-08T07:00:00Z") / US_PER_S, around;
	struct tz  tz;
	struct err err;

	for (around = change - 419 * 86400; around <= change + 419 * 86400; around += 86399) {
		bool ok = tz_load(&tz, "America/New_York", around * US_PER_S, &err) == 0;

		CHECK("New York", ok && tz_offset(&tz, change) == -14400 && tz_offset(&tz,
		        change - 1) == -18000,
		        "seen from %lld", (long long)around);
		CHECK("New York", tz.n >= 2 && tz.n <= 6, "%zu offsets", tz.n);
	}
}

static void
test_table(void)
{
	struct tz tz;
	int64_t   i;

	tz_fixed(&tz, "Somewhere", 3600);
	CHECK("fixed", tz_offset(&tz, INT64_MIN) == 3600 && tz_offset(&tz, INT64_MAX) == 3600,
	        "not for ever");
	CHECK("fixed", tz_wall(&tz, INT64_MAX) == INT64_MAX, "not saturated");
	CHECK("fixed", tz_instant(&tz, INT64_MIN) == INT64_MIN, "not saturated");
	for (i = 1; i < TZ_CHANGES_MAX; i++)
		CHECK("room", tz_add(&tz, i * 1000000, i % 2 * 3600) == 0, "full at %lld", (long long)i);
	CHECK("full", tz_add(&tz, INT64_MAX, 0) == -1, "one too many was taken");
}

int
main(void)
{
	test_names();
	test_old_names();
	test_environment();
	test_instants();
	test_changes();
	test_table();
	return CHECK_DONE();
}
