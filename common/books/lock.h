/*
 * lock.h - one run at a time that acts on one deployment.
 *
 * The lock is cws-HOST-PORT.lock in /run/lock, where cron and a login meet, opened
 * without following links and held by flock(2): it ends with the process, however that
 * ends, and the file stays.  Where /run/lock is absent, or neither holds the file nor can be
 * written, it is in $XDG_RUNTIME_DIR, else in /tmp.  $CWS_LOCK_DIR, where it is set, is the
 * only place: for hosts that share a directory, and for tests.
 * Source: cws-stop(1), FILES.
 */

#ifndef CWS_LOCK_H
#define CWS_LOCK_H

#include "base/err.h"

/*
 * lock_take - take the lock of an origin (in the form of struct login).  The
 * descriptor, to be closed at the end of the run; -1 with err: CWS_REFUSED when another
 * run holds it, CWS_FAIL when there is no place for it.
 */
int
lock_take(const char *origin, struct err *err);

/* lock_take_in - the same in the first of these directories that will do; NULL ends them. */
int
lock_take_in(const char *const *place, const char *origin, struct err *err);

#endif
