/*
 * json_write.h - write JSON members into a buffer: what we add to a record.
 *
 * Between json_write_open and json_write_close each call appends one member with its comma.
 * Text is escaped (quote, backslash, control characters); it has to be UTF-8.
 */

#ifndef CWS_JSON_WRITE_H
#define CWS_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/when.h"

/* json_write_open - begin an object; name NULL for a bare one or an array's element. */
void
json_write_open(struct buf *b, const char *name);
void
json_write_close(struct buf *b);

/* json_write_array, json_write_array_end - a list; its elements have no name. */
void
json_write_array(struct buf *b, const char *name);
void
json_write_array_end(struct buf *b);

/* json_write_text - a string, or null when text is NULL. */
void
json_write_text(struct buf *b, const char *name, const char *text);

/*
 * json_write_foreign - a string of foreign words, null when they are empty.  They may hold
 * bytes that are no UTF-8, or have been cut in the middle of a character; such
 * bytes become '?': the line has to stay JSON.
 */
void
json_write_foreign(struct buf *b, const char *name, const char *text);
void
json_write_int(struct buf *b, const char *name, int64_t v);

/* json_write_int_or_null - v, or null where it is not known. */
void
json_write_int_or_null(struct buf *b, const char *name, bool known, int64_t v);

void
json_write_null(struct buf *b, const char *name);
void
json_write_flag(struct buf *b, const char *name, bool v);

/* json_write_when - RFC 3339 in UTC with whole seconds, or null. */
void
json_write_when(struct buf *b, const char *name, struct when w);

/*
 * json_write_when_exact - the same with its fraction: of an instant that is to be put back as it
 * was.
 */
void
json_write_when_exact(struct buf *b, const char *name, struct when w);

/* json_write_raw - a value that is JSON already; n == 0 writes null. */
void
json_write_raw(struct buf *b, const char *name, const char *json, size_t n);

#endif
