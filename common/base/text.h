/*
 * text.h - short sentences for people, without stdio.  Pure.
 *
 * A struct text holds one sentence (a verdict's "why"); what does not fit is
 * dropped at a character's boundary.  It is always NUL-terminated.
 */

#ifndef CWS_TEXT_H
#define CWS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	size_t n;
	char   s[256];
};

/* text_clear - the empty sentence. */
void
text_clear(struct text *t);

/* text_put - append a string; NULL appends nothing. */
void
text_put(struct text *t, const char *s);

/* text_int - append a decimal number. */
void
text_int(struct text *t, int64_t v);

/*
 * text_span - append a span of seconds as people say it: its two largest
 * units, "1h 29m", "3d", "45s"; a negative span is printed without its sign.
 */
void
text_span(struct text *t, int64_t span_s);

/*
 * text_is_command - does this character, n bytes of UTF-8, command the terminal, or hide, turn
 * or end what stands around it?  U+0080 to U+009F are as escape sequences to many; U+061C,
 * U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069 change the order in which the rest is
 * shown, U+2028 and U+2029 end the line.
 * Source: Unicode Standard Annex 9, Bidirectional Algorithm.
 */
bool
text_is_command(const char *p, size_t n);

/* text_instant - append "2026-06-30T15:00:41Z". */
void
text_instant(struct text *t, int64_t at_us);

#endif
