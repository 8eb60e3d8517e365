/*
 * tz.h - a zone's offsets from UTC over a bounded span of time.  Pure.
 *
 * tz_load.h fills the table; from then on a lookup is arithmetic.  Instants are
 * seconds since 1970-01-01T00:00:00Z (_s).  A wall time (wall_s) is a clock's
 * reading counted as if it were UTC: local midnight of 1970-01-02 is 86400.
 */

#ifndef CWS_TZ_H
#define CWS_TZ_H

#include <stddef.h>
#include <stdint.h>

#define TZ_NAME_MAX 64
#define TZ_CHANGES_MAX 64

/* From at_s on, clocks read offset_s seconds more than UTC. */
struct tz_change {
	int64_t at_s;
	int64_t offset_s;
};

/*
 * change[0].at_s is INT64_MIN, the others ascend.  Before and after the loaded
 * span the nearest offset goes on for ever.
 */
struct tz {
	char             name[TZ_NAME_MAX + 1];
	size_t           n; /* >= 1 */
	struct tz_change change[TZ_CHANGES_MAX];
};

/* tz_fixed - a zone that never changes, such as UTC.  The name is copied, cut at TZ_NAME_MAX. */
void
tz_fixed(struct tz *tz, const char *name, int64_t offset_s);

/*
 * tz_add - from at_s, later than all before it, the offset is offset_s.  -1 when the table is full.
 */
int
tz_add(struct tz *tz, int64_t at_s, int64_t offset_s);

/* tz_offset - seconds the zone's clocks are ahead of UTC at an instant. */
int64_t
tz_offset(const struct tz *tz, int64_t at_s);

/* tz_wall - what the zone's clocks read at an instant. */
int64_t
tz_wall(const struct tz *tz, int64_t at_s);

/*
 * tz_instant - the first instant at which the zone's clocks read wall_s or
 * later: of a time that comes twice the first, of one that is skipped the jump.
 * The map never decreases, so windows laid end to end neither overlap nor leave
 * holes, whatever the clocks do.
 */
int64_t
tz_instant(const struct tz *tz, int64_t wall_s);

#endif
