/*
 * quiet_show.h - tell a schedule of quiet hours: as members of a verdict, and as it stands now.
 */

#ifndef CWS_QUIET_SHOW_H
#define CWS_QUIET_SHOW_H

#include <stdbool.h>

#include "base/buf.h"
#include "judge/quiet.h"

/* A run's schedule and rule. */
struct quiet_setup {
	struct quiet_schedule schedule;
	struct quiet_rule     rule;
};

/*
 * quiet_put_schedule - append the members that tell the schedule and the rule, after the verdict's
 * own.
 */
void
quiet_put_schedule(struct buf *b, const struct quiet_rule *rule, const struct quiet_schedule *s,
        const struct quiet_verdict *q);

/*
 * quiet_now - the schedule as it meets a workspace that nothing spares and that is new to quiet
 * hours.
 */
struct quiet_verdict
quiet_now(const struct quiet_setup *s);

/*
 * quiet_print - how it stands now, on standard output, for a person or as one JSON object; returns
 * the
 * exit status.
 */
int
quiet_print(const struct quiet_setup *s, bool json);

#endif
