/* clock.h - the only caller of clock_gettime. */

#ifndef CWS_CLOCK_H
#define CWS_CLOCK_H

#include <stdint.h>

/* clock_wall_us - microseconds since 1970-01-01T00:00:00Z, as this machine believes. */
int64_t
clock_wall_us(void);

/* clock_mono_ms - milliseconds that never step; for waits, deadlines and pacing only. */
int64_t
clock_mono_ms(void);

#endif
