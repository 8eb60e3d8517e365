/* test_zones.c - a zone is loaded once for 420 days on both sides, by its one spelling; the cache is bounded. */

#include "settings/zones.h"

#include "at.h"
#include "base/when.h"
#include "check.h"

#define DAY_US (INT64_C(86400) * US_PER_S)

int
main(void)
{
	struct zones     z = { .n = 0 };
	struct err       err;
	const struct tz *one;
	int64_t          now = at("2026-11-23T12:00:00Z");
	char             name[16];
	bool             failed;
	int              i;

	one = zones_at(&z, "Europe/Berlin", now, &failed, &err);
	CHECK("load", one != NULL && !failed && z.n == 1, "%zu zones", z.n);
	CHECK("sides", one != NULL && tz_offset(one, now / US_PER_S - 419 * 86400) == 7200 &&
	        tz_offset(one, now / US_PER_S + 419 * 86400) == 3600, "not its offsets 420 days away");
	CHECK("again", zones_at(&z, "Europe/Berlin", now, &failed, &err) == one, "loaded twice");
	CHECK("385 days before", zones_at(&z, "Europe/Berlin", now - 385 * DAY_US, &failed, &err) == one, "loaded");
	CHECK("385 days after", zones_at(&z, "Europe/Berlin", now + 385 * DAY_US, &failed, &err) == one, "loaded");
	CHECK("further", zones_at(&z, "Europe/Berlin", now + 385 * DAY_US + 1, &failed, &err) != one && z.n == 2,
	        "%zu zones", z.n);
	CHECK("further back", zones_at(&z, "Europe/Berlin", now - 385 * DAY_US - 1, &failed, &err) != one && z.n == 3,
	        "%zu zones", z.n);
	CHECK("both are kept", zones_at(&z, "Europe/Berlin", now, &failed, &err) == one && z.n == 3, "%zu zones", z.n);
	CHECK("no such zone", zones_at(&z, "Mars/Base", now, &failed, &err) == NULL && !failed && z.n == 4, "known");
	CHECK("at any time", zones_at(&z, "Mars/Base", now + 999 * DAY_US, &failed, &err) == NULL && z.n == 4,
	        "%zu zones", z.n);
	CHECK("another spelling", zones_at(&z, "europe/berlin", now, &failed, &err) == one && z.n == 4, "loaded");
	for (i = 0; z.n < ZONES_MAX; i++) {
		snprintf(name, sizeof(name), "X/Y%d", i);
		zones_at(&z, name, now, &failed, &err);
	}
	one = zones_at(&z, "UTC", now, &failed, &err);
	CHECK("anew", one != NULL && z.n == 1, "%zu zones", z.n);
	zones_release(&z);
	return CHECK_DONE();
}
