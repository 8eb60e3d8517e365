/*
 * jw.h - write JSON members into a buffer: the verdicts we add to a record.
 *
 * Between jw_open and jw_close each call appends one member with its comma.
 * Text is escaped (quote, backslash, control characters); it has to be UTF-8.
 */

#ifndef CWS_JW_H
#define CWS_JW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "judge/verdict.h"

/* jw_open - begin an object; name NULL for a bare one or an array's element. */
void
jw_open(struct buf *b, const char *name);
void
jw_close(struct buf *b);

/* jw_array, jw_array_end - a list; its elements have no name. */
void
jw_array(struct buf *b, const char *name);
void
jw_array_end(struct buf *b);

/* jw_text - a string, or null when text is NULL. */
void
jw_text(struct buf *b, const char *name, const char *text);

/*
 * jw_foreign - a string of foreign words, null when there are none.  They may hold
 * bytes that are no UTF-8, or have been cut in the middle of a character; such
 * bytes become '?': the line has to stay JSON.
 */
void
jw_foreign(struct buf *b, const char *name, const char *text);
void
jw_int(struct buf *b, const char *name, int64_t v);
void
jw_null(struct buf *b, const char *name);
void
jw_flag(struct buf *b, const char *name, bool v);

/* jw_when - RFC 3339 in UTC with whole seconds, or null. */
void
jw_when(struct buf *b, const char *name, struct when w);

/* jw_raw - a value that is JSON already; n == 0 writes null. */
void
jw_raw(struct buf *b, const char *name, const char *json, size_t n);

/* jw_verdict - the members every verdict begins with: due, state, stop_at, why, at, and keep when true. */
void
jw_verdict(struct buf *b, const struct verdict *v);

#endif
