/*
 * activity.c - somebody works in a workspace: when it was last used, and the
 * bump of its deadline.
 *
 * The server learns of use from an agent's report, at the latest a minute or
 * two after; here it is known at once.
 * Source: coderd/database/queries/activitybump.sql of Coder v2.31.
 */

#include "world.h"

#define BUMP_MS 3600000 /* of a template that does not say */

/*
 * How far from now a use moves the deadline: the template's bump or, where that
 * would reach past the next autostart, until then and the TTL behind it, as if
 * it had been started there.  0: not at all.
 */
static int64_t
reach_us(const struct world *w, const struct ws *ws)
{
	int64_t bump_us = jx_number(ws->template->obj, "activity_bump_ms", BUMP_MS) * 1000;
	int64_t start_us = ws_next_firing(ws, w->now_us);

	if (bump_us <= 0 || start_us == NO_TIME || w->now_us + bump_us <= start_us)
		return bump_us;
	return ws->ttl_ms > 0 ? start_us - w->now_us + ws->ttl_ms * 1000 : 0;
}

void
ws_touch(struct world *w, struct ws *ws)
{
	char at[TIME_SIZE];

	ws->last_used_us = w->now_us;
	jx_set(ws_edit(ws), "last_used_at", cJSON_CreateString(time_text(at, w->now_us)));
}

void
ws_use(struct world *w, struct ws *ws)
{
	const struct build *b = ws->latest;
	int64_t             reach = reach_us(w, ws), to_us = w->now_us + reach;

	ws_touch(w, ws);
	/* Only where less than 95 % of the reach is left, so never to an earlier instant. */
	if (b->transition != START || b->completed_us == NO_TIME || b->deadline_us == NO_TIME || reach <= 0 ||
	    b->deadline_us - reach / 100 * 95 >= w->now_us)
		return;
	ws_set_deadline(w, ws, b->max_deadline_us != NO_TIME && b->max_deadline_us < to_us ? b->max_deadline_us : to_us);
}
