/*
 * zones.h - the zones that records name, each loaded once per run.
 *
 * A table of tz_load spans 40 days before and 420 after an instant; a question
 * beyond that loads the zone once more around it.
 */

#ifndef CWS_ZONES_H
#define CWS_ZONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "judge/tz.h"

struct zones_entry; /* private: zones.c */

/* All zero is an empty cache. */
struct zones {
	struct zones_entry **zone; /* owned */
	size_t        n, room;
};

/*
 * zones_at - the zone's table, good from five weeks before around_us to five
 * weeks after it; borrowed until zones_release.  NULL: this machine knows no
 * zone of that name; with *failed, and err, its data cannot be read.
 */
const struct tz *
zones_at(struct zones *z, const char *name, int64_t around_us, bool *failed, struct err *err);

void
zones_release(struct zones *z);

#endif
