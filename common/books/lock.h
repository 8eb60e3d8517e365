/*
 * lock.h - one run at a time that acts on one deployment.
 *
 * The lock is cws-HOST-PORT.lock in $XDG_RUNTIME_DIR, else in /run/lock, else in
 * /tmp, opened without following links and held by flock(2): it ends with the
 * process, however that ends, and the file stays.
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

#endif
