/*
 * json_scan.h - a strict reader of JSON text that copies nothing.  Pure.
 *
 * A struct json_scan walks over RFC 8259 text; whatever it steps over has been
 * validated completely: grammar, numbers, escapes, surrogate pairs, UTF-8, no
 * control characters, nesting up to JSON_SCAN_DEPTH_MAX.
 *
 *	json_scan_open(&s, line, n);
 *	if (json_scan_enter(&s, '{'))
 *		while (json_scan_member(&s, &key))
 *			if (slice_is(&key, "id")) id = json_scan_value(&s);
 *			else json_scan_value(&s);
 *	if (!json_scan_end(&s)) ... s.fault says what, s.p where
 */

#ifndef CWS_JSON_SCAN_H
#define CWS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define JSON_SCAN_DEPTH_MAX 200

struct json_scan {
	const char *p, *start, *end;
	const char *fault; /* NULL while all is well; a string constant */
	int         depth;
	bool        first; /* the next member or element is the first of its container */
	/* json_scan_member: the name has no escape and is ASCII, so its bytes say it */
	bool        plain;

	/*
	 * Of 64 bytes, a bit for each that is special in a string: quote, backslash, control,
	 * non-ASCII.
	 */
	const char *block;
	uint64_t    marks;
};

/*
 * json_scan_open - begin at the first byte of n bytes (borrowed); text may be NULL when there are
 * none.
 */
void
json_scan_open(struct json_scan *s, const char *text, size_t n);

/*
 * json_scan_enter - step into the object ('{') or array ('[') that comes next; false, with a fault,
 * if none does.
 */
bool
json_scan_enter(struct json_scan *s, char open);

/*
 * json_scan_member - to the value of the next member; *key is its name without quotes,
 * escapes undecoded.  False at the end of the object, which is stepped over, or on a fault.
 */
bool
json_scan_member(struct json_scan *s, struct slice *key);

/*
 * json_scan_element - to the next element of an array; false at its end, which is stepped over, or
 * on a fault.
 */
bool
json_scan_element(struct json_scan *s);

/*
 * json_scan_value - step over the value that comes next; its bytes without blanks around, p == NULL
 * on a fault.
 */
struct slice
json_scan_value(struct json_scan *s);

/* json_scan_peek - the first byte of the value that comes next, 0 at the end of the text. */
char
json_scan_peek(struct json_scan *s);

/* json_scan_end - true when the text was one whole value and only blanks follow. */
bool
json_scan_end(struct json_scan *s);

/*
 * json_scan_fault - why n bytes of text are not one whole value, a string constant; NULL when they
 * are.
 */
const char *
json_scan_fault(const char *text, size_t n);

/*
 * json_scan_find - the value of an object's member, the last of that name; p == NULL when there is
 * none, or object is none.
 */
struct slice
json_scan_find(struct slice object, const char *name);

/* json_scan_is_cut - do n bytes of text begin a value and end before it does? */
bool
json_scan_is_cut(const char *text, size_t n);

/*
 * json_scan_utf8 - the length of the well-formed sequence of 2 to 4 bytes at text, which
 * is before end; 0 when there is none.  Source: Unicode, table 3-7.
 */
size_t
json_scan_utf8(const char *text, const char *end);

#endif
