/*
 * quiet_cache.h - the schedules of quiet hours that records bring along, each looked up once a run.
 *
 * An owner's own quiet hours are a start and a zone; a workspace's autostart is
 * a zone for the configured hours.  Either comes on record after record, so a
 * schedule is kept by what it says, and a zone is loaded once (zones.h).  What is
 * kept is bounded: beyond PLANS_MAX schedules one begins anew.
 */

#ifndef CWS_QUIET_CACHE_H
#define CWS_QUIET_CACHE_H

#include <stdint.h>

#include "base/err.h"
#include "judge/quiet.h"
#include "judge/sched.h"
#include "record/rec.h"

#define PLANS_MAX 2048

struct quiet_cache; /* private: quiet_cache.c */

/*
 * quiet_cache_new - configured: the windows for autostarts' zones, with the holidays
 * and their rule, which owners' schedules share; borrowed.  length_min: how long
 * an owner's quiet hours last, 1-1440.  Owned by the caller.
 */
struct quiet_cache *
quiet_cache_new(const struct sched *configured, int length_min, int64_t now_us, int64_t grace_s);
void
quiet_cache_free(struct quiet_cache *p);

/*
 * quiet_cache_of - the schedule that a record brings along: its owner's own quiet
 * hours where they are set, else by the zone of its autostart, else otherwise.
 * Text that cannot be read, or an unknown zone, gives one that is not known.
 * Notes in *f whose it is.  Borrowed until the next call.  NULL with err where a
 * member has the wrong type (CWS_PARTIAL), or a zone's data cannot be read (CWS_FAIL).
 */
const struct quiet_schedule *
quiet_cache_of(struct quiet_cache *p, struct rec *rec, const struct quiet_schedule *otherwise,
        struct quiet_facts *f, struct err *err);

#endif
