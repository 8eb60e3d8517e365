/*
 * zones.h - the zones that records and owners name, each loaded once a run.
 *
 * A table of tz_load spans 420 days before and after the instant it was loaded
 * around; a question beyond that loads the zone once more.  What is kept is
 * bounded: beyond ZONES_MAX tables one begins anew.
 */

#ifndef CWS_ZONES_H
#define CWS_ZONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/names.h"
#include "judge/tz.h"

#define ZONES_MAX 512

struct zones_entry; /* private: zones.c */

/* All zero is an empty cache. */
struct zones {
	struct zones_entry **zone; /* owned, with what they point to */
	struct names_slot   *room; /* owned; what names works in */
	struct names         names;
	size_t               n;
};

/*
 * zones_at - the zone's table, good from five weeks before around_us to five
 * weeks after it, and for all 420 days where every question is of one instant;
 * borrowed until the next call.  NULL: this machine knows no zone of that name;
 * with *failed, and err, its data cannot be read.
 */
const struct tz *
zones_at(struct zones *z, const char *name, int64_t around_us, bool *failed, struct err *err);

void
zones_release(struct zones *z);

#endif
