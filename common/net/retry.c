/* retry.c - once more, or give up? */

#include "net/retry.h"

#define BASE_MS INT64_C(500)
#define CAP_MS INT64_C(30000)
/* ms; several clients told to wait 60 s shall not come back in one volley */
#define PAUSE_SPREAD 1000

enum retry_class
retry_read(enum http_end end, int status)
{
	if (end != HTTP_ANSWERED)
		return end == HTTP_UNSENT || end == HTTP_UNCLEAR ? RETRY_AGAIN : RETRY_NO;
	switch (status) {
	case 429:
		return RETRY_PAUSE;
	case 408:
	case 502:
	case 503:
	case 504:
		return RETRY_AGAIN;
	default:
		return status < 500 ? RETRY_NO : RETRY_ONCE;
	}
}

int64_t
retry_after_s(const char *value, int64_t at_s, int64_t now_s)
{
	int64_t s = 0;

	while (*value == ' ' || *value == '\t')
		value++;
	if (*value >= '0' && *value <= '9') {
		for (; *value >= '0' && *value <= '9' && s <= RETRY_AFTER_MOST_S; value++)
			s = s * 10 + (*value - '0');
	} else if (at_s >= 0 && at_s > now_s) {
		s = at_s - now_s;
	}
	return s < RETRY_AFTER_MOST_S ? s : RETRY_AFTER_MOST_S;
}

int64_t
retry_wait_ms(
        enum retry_class c, int tries, int64_t retry_after_s, uint32_t random, int64_t left_ms)
{
	int64_t window, wait, told;

	if (c == RETRY_NO || left_ms <= 0)
		return -1;
	if ((c == RETRY_ONCE && tries >= 2) || (c != RETRY_LONG && tries >= RETRY_TRIES))
		return -1;
	window = tries < 6 ? BASE_MS << tries : CAP_MS;
	if (window > CAP_MS)
		window = CAP_MS;
	/* The last tries come before the end, not after a wait that would pass it. */
	if (c == RETRY_LONG && window > left_ms / 2)
		window = left_ms / 2 > BASE_MS ? left_ms / 2 : BASE_MS;
	wait = (int64_t)random % (window + 1);
	if (retry_after_s > 0) {
		if (retry_after_s > RETRY_WAIT_MOST_S)
			retry_after_s = RETRY_WAIT_MOST_S;
		told = retry_after_s * 1000 + (int64_t)random % (PAUSE_SPREAD + 1);
		if (wait < told)
			wait = told;
	}
	return wait > left_ms ? -1 : wait;
}
