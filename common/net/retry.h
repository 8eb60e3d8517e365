/*
 * retry.h - once more, or give up?  Pure: no clock, no random number of its own.
 */

#ifndef CWS_RETRY_H
#define CWS_RETRY_H

#include <stdint.h>

#include "base/http_end.h"

#define RETRY_TRIES 6 /* the first one included */
/* a Retry-After is read up to this, and waited for up to that, s */
#define RETRY_AFTER_MOST_S 86400
#define RETRY_WAIT_MOST_S 300

enum retry_class {
	RETRY_NO,    /* an answer that will not change: done */
	RETRY_ONCE,  /* 500 and unknown 5xx, a reply that is torn: one more try */
	RETRY_AGAIN, /* passing: back off and try again */
	RETRY_PAUSE, /* 429, or Retry-After: everybody waits */
	/*
	 * passing, by the word of the server itself: as long as there is time, whatever the
	 * tries
	 */
	RETRY_LONG,
};

/*
 * retry_read - classify the end of a read by what any server means with it; status: 0 unless
 * answered.
 */
enum retry_class
retry_read(enum http_end end, int status);

/*
 * retry_after_s - what a Retry-After asks for, 0 to RETRY_AFTER_MOST_S.  value: the header's; it
 * is a number of seconds, or an instant.  at_s: that instant, -1 when it is none;
 * now_s: the present by the clock that wrote it, the server's.  0 for nonsense and the past.
 */
int64_t
retry_after_s(const char *value, int64_t at_s, int64_t now_s);

/*
 * retry_wait_ms - how long before the next try, when `tries` of them were made, 1 or more: full
 * jitter, random in 0..min(30 s, 0.5 s << tries), at least retry_after_s (<= 0: none;
 * RETRY_WAIT_MOST_S at most) and up to a second more, so that those who were told to wait together
 * do not come back together; a 429 without Retry-After waits the back-off.  random: any 32 bits.
 * Returns -1 to give up (RETRY_TRIES reached, or left_ms of the time budget would be passed);
 * RETRY_LONG knows no such number, and its waits grow shorter towards the end of the time.
 */
int64_t
retry_wait_ms(
        enum retry_class c, int tries, int64_t retry_after_s, uint32_t random, int64_t left_ms);

#endif
