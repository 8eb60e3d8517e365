/* clock.h - the only caller of clock_gettime. */

#ifndef CWS_CLOCK_H
#define CWS_CLOCK_H

#include <stdint.h>

/* clock_wall_us - microseconds since 1970-01-01T00:00:00Z, as this machine believes. */
int64_t
clock_wall_us(void);

/*
 * clock_mono_ms - milliseconds that never step, and go on while the machine sleeps; for waits,
 * deadlines and pacing only.  CLOCK_MONOTONIC stands still in a suspend: a wait would be hours
 * longer than it says.
 */
int64_t
clock_mono_ms(void);

#endif
