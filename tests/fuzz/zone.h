/* zone.h - an instant and a zone out of an input's first bytes, as strange as a real one may be. */

#ifndef CWS_ZONE_H
#define CWS_ZONE_H

#include "fuzz.h"
#include "judge/tz.h"

#define DAY_S INT64_C(86400)

/* take_instant - seconds since 1970, from 1970 to 2105. */
static inline int64_t
take_instant(struct bytes *b)
{
	return (int64_t)take_number(b, 4);
}

/*
 * take_zone - offsets within half a day, in quarters of an hour; up to seven
 * changes, thirty days or more apart, around an instant: two of them are never in
 * sight of one day, and the largest skips a whole date.
 */
static inline void
take_zone(struct tz *tz, struct bytes *b, int64_t around_s)
{
	uint64_t changes = take_number(b, 1) % 8;
	int64_t  at = around_s - 100 * DAY_S;

	tz_fixed(tz, "Test/Zone", ((int64_t)take_number(b, 1) % 97 - 48) * 900);
	for (; changes > 0; changes--) {
		at += 30 * DAY_S + (int64_t)take_number(b, 2) * 60;
		REQUIRE(tz_add(tz, at, ((int64_t)take_number(b, 1) % 97 - 48) * 900) == 0);
	}
}

#endif
