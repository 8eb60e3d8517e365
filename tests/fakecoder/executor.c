/*
 * executor.c - the lifecycle executor as it works without a licence: what runs
 * stops after its deadline, what is stopped starts on its schedule.
 *
 * The server's ticks come about once a minute and are cut down to the minute;
 * here each is the whole minute itself.  A workspace whose turn comes while a
 * build is active, or while no provisioner takes jobs of the template's active
 * version, is looked at again at the next one.
 * Source: coderd/autobuild/lifecycle_executor.go of Coder v2.31, and the
 * schedules that were driven through it minute by minute.
 */

#include "executor.h"

#include <string.h>

#define MINUTE_US INT64_C(60000000)
#define NEVER     INT64_MAX

/* The first whole minute that is not before at_us. */
static int64_t
tick_from(int64_t at_us)
{
	return (at_us + MINUTE_US - 1) / MINUTE_US * MINUTE_US;
}

/* The first one strictly after the deadline; a suspended owner's runs no longer than to the next, deadline or not. */
static int64_t
stop_due(const struct ws *ws)
{
	if (strcmp(ws->user->status, "suspended") == 0)
		return 0;
	return ws->latest->deadline_us != NO_TIME ? tick_from(ws->latest->deadline_us + 1) : NEVER;
}

/* The schedule's first firing since the latest build was made: the search is long, and its answer kept. */
static int64_t
first_firing(struct ws *ws)
{
	if (ws->fires_since_us != ws->latest->created_us) {
		ws->fires_since_us = ws->latest->created_us;
		ws->fires_us = ws_next_firing(ws, ws->fires_since_us);
	}
	return ws->fires_us;
}

/*
 * next_start_at has to have come too, unless it is null, which means not computed
 * and never "never".  A version that asks for what nobody said fails at every
 * tick, of which nothing is seen.
 */
static int64_t
start_due(struct ws *ws)
{
	if (strcmp(ws->user->status, "active") != 0 || first_firing(ws) == NO_TIME || !ws_may_build(ws, ws_autostart_version(ws)))
		return NEVER;
	return tick_from(first_firing(ws) > ws->next_start_us ? first_firing(ws) : ws->next_start_us);
}

struct ws *
executor_next(struct world *w, int64_t *at_us)
{
	int64_t    soonest = tick_from(w->now_us);
	struct ws *first = NULL;

	*at_us = NEVER;
	for (size_t i = 0; w->set.executor && i < w->n; i++) {
		struct ws *ws = w->all[i];
		int64_t    due;

		if (ws->deleted || ws->dormant || ws->latest->job == FAILED || build_active(ws->latest) ||
		    ws->latest->transition == DELETE)
			continue;
		due = ws->latest->transition == START ? stop_due(ws) : start_due(ws);
		if (due < soonest)
			due = soonest;
		if (due < *at_us && world_provisioners(w, ws->template->active) > 0) {
			*at_us = due;
			first = ws;
		}
	}
	return first;
}

void
executor_act(struct world *w, struct ws *ws)
{
	if (ws->latest->transition == START)
		build_new(w, ws, STOP, NULL, "autostop", ws->owner);
	else
		build_new(w, ws, START, ws_autostart_version(ws), "autostart", ws->owner);
}
