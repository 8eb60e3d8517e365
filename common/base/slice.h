/*
 * slice.h - bytes inside a text of JSON that somebody else holds, and what they say.  Pure.
 *
 * All but struct slice is for text that json_scan.h has validated.  A name is
 * without its quotes, a value with them.
 */

#ifndef CWS_SLICE_H
#define CWS_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* p is NULL when there is none. */
struct slice {
	const char *p;
	size_t      n;
};

/*
 * slice_is, slice_spells - does the name, which may have escapes, spell this plain ASCII word, or
 * its first n bytes?
 */
bool
slice_is(const struct slice *name, const char *word);
bool
slice_spells(const struct slice *name, const char *word, size_t n);

/*
 * slice_char - decode the next character of a name, or of a value's inside, at *at (an
 * offset, moved on) into out; returns its 1 to 4 bytes of UTF-8.
 */
size_t
slice_char(const struct slice *s, size_t *at, char out[4]);

/*
 * slice_has_nul - does any string of the value, or the name, hold an escaped NUL?  C's strings
 * would end there.
 */
bool
slice_has_nul(const struct slice *s);

/*
 * slice_text - decode a value that is a string into out, with a NUL: s->n bytes are enough.  False:
 * it holds a NUL.
 */
bool
slice_text(const struct slice *s, char *out);

/*
 * slice_int - a value that is a whole number, however it is written (1, 1.0, 10e-1), and
 * within 2^53 - 1, which every reader of JSON takes for the same.  False for any other value.
 */
bool
slice_int(const struct slice *s, int64_t *out);

/* slice_is_true - is there a value, and is it true? */
bool
slice_is_true(struct slice s);

/* slice_hex4 - the value of four hexadecimal digits at p, or -1. */
int
slice_hex4(const char *p, const char *end);

#endif
