/*
 * words.h - foreign text made fit to be shown, each text kept once.
 *
 * Thousands of records share a few hundred owners, templates and sentences; a report
 * holds all of them to its end.  Equal texts are one pointer, so they may be
 * compared by it.
 */

#ifndef CWS_WORDS_H
#define CWS_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json_scan.h"

struct words_chunk; /* private: words.c */

/* All zero is an empty store. */
struct words {
	struct words_chunk *chunk; /* owned */
	const char        **slot;  /* owned; open addressing, NULL is free */
	size_t              size, n;
	struct buf          shown, decoded; /* scratch of words_keep and words_json */
};

/*
 * words_keep - n bytes of UTF-8 as they may be shown, borrowed until words_release:
 * control characters, line and paragraph separators, and what overrides the direction
 * of writing (U+061C, U+200E-200F, U+202A-202E, U+2066-2069) become '?'; cut at
 * max bytes, at a character's boundary, with "..." at the end.
 */
const char *
words_keep(struct words *w, const char *p, size_t n, size_t max);

/*
 * words_json - the same of a JSON string that was validated, with its quotes; an escaped NUL is a
 * control character.
 */
const char *
words_json(struct words *w, struct slice quoted, size_t max);

/* words_space - n zeroed bytes, aligned for anything, that live as long as the words. */
void *
words_space(struct words *w, size_t n);

void
words_release(struct words *w);

#endif
