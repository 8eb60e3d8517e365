/* spelling.h - how far is one short name from another?  Pure. */

#ifndef CWS_SPELLING_H
#define CWS_SPELLING_H

#include <stddef.h>

/*
 * spelling_distance - edits (insert, drop, change a letter, swap two neighbours) between two names;
 * of one over 63 bytes its length.
 */
size_t
spelling_distance(const char *a, const char *b);

#endif
