/* outage.c - see outage.h. */

#include "outage.h"

#include "authz.h"
#include "base/clock.h"

#define REFUSED "dial tcp 127.0.0.1:5432: connect: connection refused"

static void
begin(struct outage *o)
{
	o->until_ms = o->for_ms == INT64_MAX ? INT64_MAX : clock_mono_ms() + o->for_ms;
}

bool
outage_set(struct outage *o, const cJSON *json, struct buf *why)
{
	struct outage as = { .status = (int)jx_number(json, "outage", -1), .for_ms = INT64_MAX };
	int64_t       for_us;

	as.after = jx_number(json, "after", 0);
	as.times = jx_number(json, "times", INT64_MAX);
	if (as.status != 0 && as.status != 401 && as.status != 500) {
		buf_puts(why, "outage: 401, 500, or 0 for its end");
		return false;
	}
	if (jx_get(json, "for") != NULL) {
		if (!span(jx_text(json, "for"), &for_us)) {
			buf_puts(why, "outage: 'for' is no duration");
			return false;
		}
		as.for_ms = for_us / 1000;
	}
	*o = as;
	if (o->after == 0)
		begin(o);
	return true;
}

int
outage_strikes(struct outage *o)
{
	if (o->status == 0)
		return 0;
	if (o->after > 0) {
		if (--o->after == 0)
			begin(o);
		return 0;
	}
	if (o->times == 0 || clock_mono_ms() >= o->until_ms)
		return o->status = 0;
	o->times--;
	return o->status;
}

void
outage_answer(struct req *r, const struct world *w, int status)
{
	if (status == 401)
		unauthorized(r, w, "An internal error occurred. Please try again or contact the system administrator.",
		    "Internal error fetching API key by id. " REFUSED);
	else
		reply_message(r, status, "An internal server error occurred.", REFUSED);
}
