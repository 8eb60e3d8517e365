/*
 * tz_load.h - fill a struct tz from the machine's time zone data.
 *
 * libc takes an unknown name for UTC without a word, so the name is checked
 * here first: it has to be an IANA name with a file of zone data behind it.
 * POSIX strings (EST5EDT,M3.2.0,M11.1.0) are refused as Coder refuses them.
 * Reads TZDIR, changes TZ and puts it back: not for programs with threads.
 */

#ifndef CWS_TZ_LOAD_H
#define CWS_TZ_LOAD_H

#include <stdint.h>

#include "base/err.h"
#include "judge/tz.h"

/*
 * tz_load - of a zone, whatever the case of its name (tz->name is the true one), the
 * offsets from 420 days before an instant to 420 days after it: what a file of holidays
 * may have to say about a stretch.  "UTC" needs no data.  0, or -1 with err saying what to
 * write or to install instead, or that the machine has no time zone data at all
 * (CWS_USAGE), or that the zone's cannot be read (CWS_FAIL).
 */
int
tz_load(struct tz *tz, const char *name, int64_t around_us, struct err *err);

#endif
