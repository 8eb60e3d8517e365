/*
 * rfc3339.h - text <-> instant.  Pure.
 *
 * Read: years 0001 to 9999, 'T', 't' or a blank between date and time, any
 * number of fraction digits (kept to the microsecond, the rest checked and
 * dropped), 'Z', 'z' or +-hh:mm; second 60 is the last microsecond of 59.
 * The whole span has to fit.  Source: RFC 3339; Coder prints 0 to 6 digits and
 * whatever offset its database session has.
 */

#ifndef CWS_RFC3339_H
#define CWS_RFC3339_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RFC3339_SIZE sizeof("-00000-00-00T00:00:00Z")
#define RFC3339_EXACT_SIZE sizeof("-00000-00-00T00:00:00.000000Z")

/* A date and time of day as a clock on a wall shows it. */
struct civil {
	int64_t year;
	int     month; /* 1-12 */
	int     day;   /* 1-31 */
	int     hour, minute, second;
};

/* rfc3339_parse - n bytes of s to microseconds since 1970.  False when it is not RFC 3339. */
bool
rfc3339_parse(const char *s, size_t n, int64_t *at_us);

/*
 * rfc3339_print - UTC, whole seconds (floored), always ending in 'Z'; beyond year 9999 it prints
 * 9999-12-31T23:59:59Z.
 */
void
rfc3339_print(char out[RFC3339_SIZE], int64_t at_us);

/*
 * rfc3339_print_exact - the same with the microseconds, where there are any, without zeros at their
 * end.
 */
void
rfc3339_print_exact(char out[RFC3339_EXACT_SIZE], int64_t at_us);

/* days_from_civil - days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
int64_t
days_from_civil(int64_t year, int month, int day);

/* civil_from_s - the calendar reading of a count of seconds since 1970. */
struct civil
civil_from_s(int64_t s);

/* weekday_of - 0 is Sunday; day counts from 1970-01-01, a Thursday. */
int
weekday_of(int64_t day);

#endif
