/*
 * recur.h - the days of a recurrence rule, by libical.
 *
 * What libical would do for ever is bounded here: nothing later than the span is
 * asked for, and a rule that never comes true gives up when the time is over.
 */

#ifndef CWS_RECUR_H
#define CWS_RECUR_H

#include <libical/ical.h>
#include <stdint.h>

#include "base/err.h"
#include "calendar/day_list.h"

/* The days asked for, both included, and until when (clock_mono_ms) libical may look for them. */
struct recur_span {
	int64_t first, last;
	int64_t deadline_ms;
};

/* recur_date - a day number as a date of libical.  recur_day - the day of a date, or of a time. */
struct icaltimetype
recur_date(int64_t day);
int64_t
recur_day(struct icaltimetype t);

/*
 * recur_expand - append the days of the rule within the span that lie at or after its
 * start, a day number.  The rule's UNTIL counts by its date.  -1 with err: CWS_PARTIAL
 * for a rule that cannot be followed, CWS_FAIL when the time is over.
 * Source: RFC 5545, 3.3.10; days only: BYHOUR, BYMINUTE and BYSECOND are ignored, and
 * a rule of hours, minutes or seconds is refused.
 */
int
recur_expand(struct day_list *out, const struct icalrecurrencetype *rule, int64_t start,
        const struct recur_span *span, struct err *err);

#endif
