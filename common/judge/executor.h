/*
 * executor.h - what Coder's lifecycle executor will stop, when and by which of its rules.  Pure.
 *
 * It looks once a minute, on the minute, at what had passed strictly before; a
 * start it makes at the first look at or after its instant.  What an earlier look
 * has passed over waits for the one behind the instant of judging.  Instants are
 * microseconds.  Source: coderd/autobuild/lifecycle_executor.go.
 */

#ifndef CWS_EXECUTOR_H
#define CWS_EXECUTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/when.h"
#include "judge/autostop.h"

/* One stop: when, by which rule, and the instant the rule rests on. */
struct executor_act {
	struct when at, basis;
	const char *by; /* NULL: none */
};

/* What the server will do, as far as the facts say. */
struct executor_outlook {
	struct executor_act act;
	/* the fact that decides and is not known; NULL: it is certain */
	const char         *lacks;
	/* when any of it could be at the earliest; none: it never acts */
	struct when         soonest;
};

/*
 * executor_look - the server's stop in every world that the facts leave open: lacks tells them
 * apart.
 */
struct executor_outlook
executor_look(const struct autostop_facts *f, int64_t now_us);

/*
 * executor_dormant - the look after now that makes it dormant for want of use; none: it never does.
 */
struct when
executor_dormant(const struct autostop_facts *f, bool licensed, int64_t now_us);

/* executor_skips - what each of its builds waits for; NULL: nothing says that one does. */
const char *
executor_skips(const struct autostop_facts *f);

/* executor_minute_after - the first whole minute behind an instant; _minute_at: or the instant. */
int64_t
executor_minute_after(int64_t us);
int64_t
executor_minute_at(int64_t us);

#endif
