/* shift.h - moving the recording's instants to the present. */

#ifndef FAKE_SHIFT_H
#define FAKE_SHIFT_H

#include <stddef.h>
#include <stdint.h>

/*
 * shift_text - add delta_s seconds to every JSON string in text that is an
 * instant in UTC.  The fraction and the length stay as they are; the zero time
 * of year 1 means "never" and is left alone.
 */
void
shift_text(char *text, size_t n, int64_t delta_s);

/* shift_next_starts - recompute each next_start_at that is not null from the autostart_schedule before it. */
void
shift_next_starts(char *text, int64_t now_us);

#endif
