/*
 * say.h - instants, spans and amounts as a person reads them, the same in every format.
 */

#ifndef CWS_SAY_H
#define CWS_SAY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/when.h"
#include "judge/tz.h"
#include "report/model.h"

/* say_time - append "2026-06-30 17:05" as clocks in the zone read; "-" for no instant. */
void
say_time(struct buf *b, const struct tz *tz, struct when w);

/* say_hour - append "17:00" of an instant in seconds since 1970. */
void
say_hour(struct buf *b, const struct tz *tz, int64_t at_s);

/* say_span - append "1h 29m", without a sign. */
void
say_span(struct buf *b, int64_t span_s);

/* say_since - append "1h 29m ago", "in 20m", "now", or "-" where the row counts to no instant. */
void
say_since(struct buf *b, const struct model_row *r);

/* say_list - append the title of a list as it stands in a sentence: "should have stopped". */
void
say_list(struct buf *b, enum model_list_kind kind);

/* say_hours - append a span as "12.5 h", from 100 hours on as "1,234 h". */
void
say_hours(struct buf *b, int64_t span_s);

/* say_amount - append "1,234.50", and the currency behind a blank unless it is NULL. */
void
say_amount(struct buf *b, double amount, const char *currency);

/* say_plural - the "s" behind a word of which there are n, or nothing. */
const char *
say_plural(uint64_t n);

/* say_utc - append "2026-06-30T15:05:41Z", or nothing for no instant. */
void
say_utc(struct buf *b, struct when w);

#endif
