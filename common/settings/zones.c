/* zones.c - a small cache in front of tz_load. */

#include "settings/zones.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/when.h"
#include "base/xalloc.h"
#include "settings/tz_load.h"

/* Of the 420 days loaded on either side 35 are the caller's. */
#define SPAN_US (385 * DAY_S * US_PER_S)

struct zones_entry {
	struct tz tz; /* only its name when it is not known */
	bool      known;
	int64_t   from_us, to_us; /* what may be asked about */
};

/* tz_load takes a zone in any case, and so does the table of names. */
static struct zones_entry *
find(const struct zones *z, const char *name, int64_t around_us)
{
	struct zones_entry *one;
	size_t              step = 0;
	ptrdiff_t           number;

	while ((number = names_find(&z->names, NULL, name, &step)) >= 0) {
		one = z->zone[number];
		if (!one->known || (around_us >= one->from_us && around_us <= one->to_us))
			return one;
	}
	return NULL;
}

static void
begin(struct zones *z)
{
	zones_release(z);
	z->zone = xcalloc(ZONES_MAX, sizeof(*z->zone));
	z->room = xcalloc(names_room(ZONES_MAX), sizeof(*z->room));
	names_init(&z->names, z->room, ZONES_MAX, random_u64());
}

const struct tz *
zones_at(struct zones *z, const char *name, int64_t around_us, bool *failed, struct err *err)
{
	struct zones_entry *one = find(z, name, around_us);

	*failed = false;
	if (one != NULL)
		return one->known ? &one->tz : NULL;
	if (z->zone == NULL || z->n == ZONES_MAX)
		begin(z);
	one = z->zone[z->n] = xcalloc(1, sizeof(*one));
	one->known = tz_load(&one->tz, name, around_us, err) == 0;
	if (!one->known)
		tz_fixed(&one->tz, name, 0);
	one->from_us = add_sat(around_us, -SPAN_US);
	one->to_us = add_sat(around_us, SPAN_US);
	names_add(&z->names, one->tz.name, strlen(one->tz.name), z->n++);
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
	free(z->room);
	memset(z, 0, sizeof(*z));
}
