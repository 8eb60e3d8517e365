/* rate.c - the bucket's arithmetic. */

#include "base/rate.h"

#include <stddef.h>
#include <string.h>

bool
rate_parse(const char *text, int64_t *emit_us)
{
	static const struct {
		const char *unit;
		int64_t     us;
	} per[] = { { "/s", INT64_C(1000000) }, { "/m", INT64_C(60000000) },
		{ "/h", INT64_C(3600000000) } };
	const char *p = text;
	int64_t     n = 0;
	size_t      i;

	for (; *p >= '0' && *p <= '9' && n <= 1000000; p++)
		n = n * 10 + (*p - '0');
	if (p == text || n > 1000000)
		return false;
	if (n == 0 && *p == '\0') {
		*emit_us = 0;
		return true;
	}
	for (i = 0; i < sizeof(per) / sizeof(per[0]) && n != 0; i++)
		if (strcmp(p, per[i].unit) == 0) {
			*emit_us = (per[i].us + n - 1) / n;
			return true;
		}
	return false;
}

void
rate_init(struct rate *r, int64_t emit_us, int64_t burst)
{
	r->emit_us = emit_us;
	r->slack_us = (burst - 1) * emit_us;
	r->next_us = 0;
}

int64_t
rate_wait_us(const struct rate *r, int64_t now_us)
{
	int64_t wait = r->next_us - now_us - r->slack_us;

	return wait > 0 ? wait : 0;
}

int64_t
rate_room(const struct rate *r, int64_t now_us, int64_t until_us, int64_t max)
{
	struct rate ahead = *r;
	int64_t     n;

	for (n = 0; n < max; n++) {
		now_us += rate_wait_us(&ahead, now_us);
		if (now_us > until_us)
			break;
		rate_take(&ahead, now_us);
	}
	return n;
}

void
rate_take(struct rate *r, int64_t now_us)
{
	r->next_us = (r->next_us > now_us ? r->next_us : now_us) + r->emit_us;
}

void
rate_return(struct rate *r)
{
	r->next_us -= r->emit_us;
}

void
rate_pause(struct rate *r, int64_t until_us)
{
	if (r->next_us < until_us + r->slack_us)
		r->next_us = until_us + r->slack_us;
}
