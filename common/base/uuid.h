/*
 * uuid.h - the ids of Coder: 36 bytes of hexadecimal digits and dashes.  Pure.
 *
 * Ids are opaque; that they are UUIDs is asked only where one is counted (idset.h) or
 * goes into a URL, where anything else could climb to another path.
 */

#ifndef CWS_UUID_H
#define CWS_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_scan.h"

#define UUID_SIZE 37 /* of its text, with the NUL */

struct uuid {
	uint8_t byte[16];
};

/*
 * uuid_parse - 36 bytes of text, digits of either case.  False, with *id all zero, for anything
 * else.
 */
bool
uuid_parse(const char *s, size_t n, struct uuid *id);

/*
 * uuid_of - the id in a JSON string, whose bytes v are (p may be NULL); all zero when there is
 * none.
 */
struct uuid
uuid_of(struct slice v);

/* uuid_print - its text, in lower case. */
void
uuid_print(char out[UUID_SIZE], const struct uuid *id);

/*
 * uuid_is_plain - is this text an id as Coder writes it, in lower case?  Then it may stand in a
 * path.
 */
bool
uuid_is_plain(const char *text);

#endif
