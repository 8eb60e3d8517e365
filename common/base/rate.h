/*
 * rate.h - a token bucket kept as one number, on a clock that is given.  Pure.
 *
 * The theoretical time of the next start moves on by `emit` at each start; a
 * burst may run ahead of it by (burst - 1) * emit.
 */

#ifndef CWS_RATE_H
#define CWS_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct rate {
	int64_t emit_us;  /* between two starts; 0: no limit */
	int64_t slack_us; /* how far a burst may run ahead */
	int64_t next_us;  /* theoretical next start, on the caller's monotonic clock */
};

/*
 * rate_parse - "10/m", "2/s", "100/h" or "0" (none) to the span between two starts.  False: none of
 * these.
 */
bool
rate_parse(const char *text, int64_t *emit_us);

/* rate_init - burst >= 1 starts may come at once. */
void
rate_init(struct rate *r, int64_t emit_us, int64_t burst);

/* rate_wait_us - how long until a start is allowed; 0: now. */
int64_t
rate_wait_us(const struct rate *r, int64_t now_us);

/* rate_room - how many starts would be allowed from now up to the instant until_us; at most max. */
int64_t
rate_room(const struct rate *r, int64_t now_us, int64_t until_us, int64_t max);

/* rate_take - a start happens now. */
void
rate_take(struct rate *r, int64_t now_us);

/* rate_return - the start that was taken last did not happen. */
void
rate_return(struct rate *r);

/*
 * rate_pause - no start before until_us, and none of those that a pause saved up in a burst after
 * it.
 */
void
rate_pause(struct rate *r, int64_t until_us);

#endif
