/* zones.c - a small cache in front of tz_load. */

#include "settings/zones.h"

#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "base/xalloc.h"
#include "settings/tz_load.h"

#define DAY_US    (DAY_S * US_PER_S)
#define BEFORE_US (5 * DAY_US)   /* of the 40 days loaded before, 35 are the caller's */
#define AFTER_US  (385 * DAY_US) /* and of the 420 behind */

struct zones_entry {
	struct tz tz;
	bool      known;
	int64_t   from_us, to_us; /* what may be asked about */
};

const struct tz *
zones_at(struct zones *z, const char *name, int64_t around_us, bool *failed, struct err *err)
{
	struct zones_entry *one;
	size_t       i;

	*failed = false;
	for (i = 0; i < z->n; i++) {
		one = z->zone[i];
		if (strcmp(one->tz.name, name) == 0 &&
		    (!one->known || (around_us >= one->from_us && around_us <= one->to_us)))
			return one->known ? &one->tz : NULL;
	}
	if (z->n == z->room) {
		z->room = z->room != 0 ? 2 * z->room : 32;
		z->zone = xrealloc(z->zone, z->room, sizeof(struct zones_entry *));
	}
	one = xcalloc(1, sizeof(*one));
	one->known = tz_load(&one->tz, name, around_us, err) == 0;
	if (!one->known)
		tz_fixed(&one->tz, name, 0); /* for its name */
	one->from_us = add_sat(around_us, -BEFORE_US);
	one->to_us = add_sat(around_us, AFTER_US);
	z->zone[z->n++] = one;
	*failed = !one->known && err->status == CWS_FAIL;
	return one->known ? &one->tz : NULL;
}

void
zones_release(struct zones *z)
{
	size_t i;

	for (i = 0; i < z->n; i++)
		free(z->zone[i]);
	free(z->zone);
	memset(z, 0, sizeof(*z));
}
