/*
 * jx.h - small helpers over cJSON and text that every part of the server uses.
 *
 * Members are added in the order of Coder's Go structs; a reader must not rely
 * on it, but a diff against a recording should be short.
 */

#ifndef FAKE_JX_H
#define FAKE_JX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/buf.h"

#define UUID_SIZE 37 /* 36 characters and the NUL */
#define TIME_SIZE 40
#define NO_TIME   INT64_MIN /* an instant that is not set; JSON null */

/* jx_text - the string member k of o, "" when absent or no string.  Borrowed. */
const char *
jx_text(const cJSON *o, const char *k);

/* jx_number - the number member k of o, or otherwise. */
int64_t
jx_number(const cJSON *o, const char *k, int64_t otherwise);

bool
jx_true(const cJSON *o, const char *k);

/* jx_time - the instant in member k of o in microseconds, NO_TIME for null, absent or year 1. */
int64_t
jx_time(const cJSON *o, const char *k);

/* jx_get - member k of o, case-sensitive.  Borrowed. */
cJSON *
jx_get(const cJSON *o, const char *k);

/* jx_set - replace member k of o with v (taken), in place, or append it. */
void
jx_set(cJSON *o, const char *k, cJSON *v);

/* jx_set_time - the same for an instant; a NO_TIME is set as null. */
void
jx_set_time(cJSON *o, const char *k, int64_t at_us);

/* jx_set_after - as jx_set, but a member that is new goes behind member after. */
void
jx_set_after(cJSON *o, const char *after, const char *k, cJSON *v);

/* jx_add_* - append a member.  A NO_TIME is added as null. */
void
jx_add_text(cJSON *o, const char *k, const char *v);
void
jx_add_int(cJSON *o, const char *k, int64_t v);
void
jx_add_bool(cJSON *o, const char *k, bool v);
void
jx_add_time(cJSON *o, const char *k, int64_t at_us);
void
jx_add(cJSON *o, const char *k, cJSON *v);

/* jx_print - v as Go's encoder writes it (<, > and & escaped), appended to b. */
void
jx_print(struct buf *b, const cJSON *v);

/* jx_puts - s as a JSON string, quotes included, appended to b. */
void
jx_puts(struct buf *b, const char *s);

/* time_text - an instant as Go prints it: UTC, 0 to 6 fraction digits. */
const char *
time_text(char out[TIME_SIZE], int64_t at_us);

/* span - a number with ms, s, m, h or d behind it, in microseconds: "1.5h", "-90s".  False when s is none. */
bool
span(const char *s, int64_t *us);

/*
 * go_time - read s as Go's time.Parse(time.RFC3339) would.
 * Returns false and writes Go's own complaint, for which layout names the
 * layout to quote.
 */
bool
go_time(const char *s, const char *layout, int64_t *at_us, struct buf *why);

/* uuid_problem - NULL when s is a UUID, else Google's uuid package's complaint in why. */
const char *
uuid_problem(const char *s, char why[64]);

/* uuid_new - a fresh version 4 UUID; the same sequence in every run, so that runs can be compared. */
void
uuid_new(char out[UUID_SIZE]);

/* same_name - equal without regard to case, as the database's lower() makes them. */
bool
same_name(const char *a, const char *b);

/* has_name - b occurs in a, without regard to case. */
bool
has_name(const char *a, const char *b);

/* read_file - a whole file as a string; *n is its length.  Exits when it cannot. */
char *
read_file(const char *path, size_t *n);

/* die - one message on stderr, status 2. */
_Noreturn void
die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
