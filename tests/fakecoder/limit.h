/*
 * limit.h - 512 requests a minute for each user and path.
 *
 * A sliding window over two clock minutes, as go-chi/httprate v0.15 counts:
 * allowed while round(previous * (1 - elapsed/60) + current) + 1 <= limit;
 * what was refused does not count.  Coder v2.31 takes the client's address for
 * the key and later versions the user: on loopback, where all callers share one
 * address, the user is the key that a test can tell apart.
 */

#ifndef FAKE_LIMIT_H
#define FAKE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "req.h"

struct limiter {
	int limit; /* a minute; 0 is off */
	struct counter {
		char   *key; /* owned */
		int64_t minute;
		int     current, previous;
		struct counter *next;
	} *table[1024];
};

/* limit_pass - count the request and set its X-Ratelimit headers; answers 429 and returns false when it is one too many. */
bool
limit_pass(struct limiter *l, struct req *r, const char *user, int64_t now_us);

/* limit_reset - forget what was counted.  limit_free - the same at the end. */
void
limit_reset(struct limiter *l);
void
limit_free(struct limiter *l);

#endif
