/*
 * keyset.h - the member names seen in one JSON object, to find a second one of the same name.
 *
 * Names are compared decoded: "cws" and "\u0063ws" are the same.  One set is
 * used for object after object without being cleared.
 */

#ifndef CWS_KEYSET_H
#define CWS_KEYSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scan.h"

struct keyset {
	struct keyslot {
		struct slice name; /* borrowed from the scanned text */
		uint32_t     hash, turn;
	} *slot; /* owned */
	size_t   size, used;
	uint32_t turn;
};

/* keyset_begin - a new object; earlier names are forgotten. */
void
keyset_begin(struct keyset *k);

/*
 * keyset_add - false when the name was there already.
 * plain: the name has no escape, as struct scan's plain says; false is never wrong, only slower.
 */
bool
keyset_add(struct keyset *k, const struct slice *name, bool plain);

void
keyset_release(struct keyset *k);

#endif
