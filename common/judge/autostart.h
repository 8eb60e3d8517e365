/*
 * autostart.h - when does a workspace start by itself, and why does it not?  Pure.
 *
 * The executor starts what is stopped at its first look at or after both
 * next_start_at and the schedule's first allowed firing after the latest build
 * was created.  Of one that runs, that is what follows its stop.  Instants are
 * microseconds.  Source: coderd/autobuild/lifecycle_executor.go, coderd/schedule;
 * cws-autostop(1).
 */

#ifndef CWS_AUTOSTART_H
#define CWS_AUTOSTART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/when.h"
#include "judge/autostop.h"

struct autostart {
	struct when at;
	const char *lacks; /* the fact that decides and is not known; at is none then */
	const char *none;  /* why it does not start */
};

/*
 * autostart_look - stop_at and by: its next stop and the rule behind it; none and NULL where
 * nothing stops it, or where it stands already.
 */
struct autostart
autostart_look(const struct autostop_facts *f, struct when stop_at, const char *by, int64_t now_us);

/* autostart_around - the instant from which firings count: f->tz has to be loaded around it. */
int64_t
autostart_around(const struct autostop_facts *f, struct when stop_at, int64_t now_us);

/* autostart_may_fail - does its next start go to a newer version with the parameters it has? */
bool
autostart_may_fail(const struct autostop_facts *f);

#endif
