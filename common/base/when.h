/*
 * when.h - an instant that may be missing.  Pure.
 *
 * Instants are microseconds since 1970-01-01T00:00:00Z (_us), the resolution
 * the server stores.  Null, an absent member and Go's zero time (year 1) all
 * mean "none": known is false and us is 0.
 */

#ifndef CWS_WHEN_H
#define CWS_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#define US_PER_S INT64_C(1000000)
#define DAY_S INT64_C(86400)

struct when {
	bool    known;
	int64_t us;
};

/* when_at - a known instant. */
static inline struct when
when_at(int64_t us)
{
	struct when w = { true, us };

	return w;
}

/* when_none - no instant. */
static inline struct when
when_none(void)
{
	struct when w = { false, 0 };

	return w;
}

/* floor_s - whole seconds of a span or an instant in microseconds, towards the past. */
static inline int64_t
floor_s(int64_t us)
{
	return us / US_PER_S - (us % US_PER_S < 0);
}

/* floor_day - the day, counted from 1970-01-01, of an instant or a wall reading in seconds. */
static inline int64_t
floor_day(int64_t s)
{
	return s / DAY_S - (s % DAY_S < 0);
}

/* add_sat - a + b, at the ends of int64 instead of past them. */
static inline int64_t
add_sat(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return b > 0 ? INT64_MAX : INT64_MIN;
	return sum;
}

/* sub_sat - a - b, likewise. */
static inline int64_t
sub_sat(int64_t a, int64_t b)
{
	if (b == INT64_MIN)
		return a >= 0 ? INT64_MAX : a - b;
	return add_sat(a, -b);
}

#endif
