/*
 * json_keys.h - the member names seen in one JSON object, to find a second one of the same name.
 *
 * Names are compared decoded: "cws" and "\u0063ws" are the same.  One set is
 * used for object after object without being cleared.  Whoever writes the text
 * chooses the names: the hash has a seed (hash.h).
 */

#ifndef CWS_JSON_KEYS_H
#define CWS_JSON_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct json_keys {
	struct json_keys_slot {
		struct slice name; /* borrowed from the scanned text */
		uint32_t     hash, turn;
	} * slot; /* owned */
	size_t   size, used;
	uint32_t turn;
	uint64_t seed; /* 0: drawn before the first object */
};

/* json_keys_begin - a new object; earlier names are forgotten. */
void
json_keys_begin(struct json_keys *k);

/*
 * json_keys_add - false when the name was there already.
 * plain: the name has no escape, as struct json_scan's plain says; false is never wrong, only
 * slower.
 */
bool
json_keys_add(struct json_keys *k, const struct slice *name, bool plain);

void
json_keys_release(struct json_keys *k);

#endif
