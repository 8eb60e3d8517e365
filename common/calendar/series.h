/*
 * series.h - events of one UID belong together: which of them count, and where.
 *
 * Of several that repeat, the ones with the highest SEQUENCE count.  One with a
 * RECURRENCE-ID takes the place of that occurrence, and with RANGE=THISANDFUTURE moves
 * all later ones as far; of several for one day the last SEQUENCE counts.  It is
 * obsolete when it is older than what it changes, which has no such day any more.
 * Source: RFC 5545, 3.8.4.4 and 3.8.7.4.
 */

#ifndef CWS_SERIES_H
#define CWS_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "calendar/vevent.h"

/*
 * series_resolve - call put for each occurrence of n events (whose starts this changes) that
 * is left: its first day, and the event that says how long it is and what it is called.
 * span: the one they were read for.
 */
void
series_resolve(struct vevent *event, size_t n, const struct recur_span *span,
        void (*put)(void *arg, const struct vevent *as, int64_t day), void *arg);

#endif
