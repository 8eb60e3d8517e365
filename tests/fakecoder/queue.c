/*
 * queue.c - provisioners at work: which build runs when, and how it ends.
 *
 * Nothing runs in the background.  world_advance plays the events since the
 * last request in their order: a provisioner that is free takes the oldest
 * pending job whose tags it has, a job ends --build-time after it began.  The recorded jobs that
 * hang hold no provisioner, and the recorded pending ones never start.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "executor.h"
#include "world.h"

#define PICKUP_US 12000  /* from created to started, as recorded */
#define YIELD_US  500000 /* from canceled to completed: Terraform needs a moment */

static bool
holds_provisioner(const struct build *b)
{
	return !b->recorded && (b->job == RUNNING || b->job == CANCELING);
}

static void
enqueue(struct world *w, struct build *b)
{
	w->queue = xrealloc(w->queue, w->n_queue + 1, sizeof(struct build *));
	w->queue[w->n_queue++] = b;
}

static void
leave_queue(struct world *w, const struct build *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n_queue; i++)
		if (w->queue[i] != b)
			w->queue[kept++] = w->queue[i];
	w->n_queue = kept;
}

static void
begin(struct world *w, struct build *b, const struct pool *p, int64_t at_us)
{
	b->pool = p;
	b->job = RUNNING;
	b->started_us = at_us;
	b->ends_us = b->transition == STOP && strcmp(b->ws->template->name, "stophang") == 0
	    ? INT64_MAX
	    : at_us + w->set.build_time_us;
	b->queue_position = b->queue_size = 0;
	build_refresh(w, b);
}

static void
end(struct world *w, struct build *b, int64_t at_us)
{
	const char *t = b->ws->template->name;
	int64_t     start_us;

	for (size_t i = 0; i < w->n_pools; i++)
		if (&w->pools[i] == b->pool)
			w->pools[i].free_us = at_us;
	b->completed_us = at_us;
	if (b->job == CANCELING) {
		b->job = FAILED;
		snprintf(b->error, sizeof(b->error), "canceled");
	} else if (b->transition == STOP && strcmp(t, "stopfail") == 0) {
		b->job = FAILED;
		snprintf(b->error, sizeof(b->error), "%s", STOP_ERROR);
	} else if (b->transition == START && strcmp(t, "startfail") == 0) {
		b->job = FAILED;
		snprintf(b->error, sizeof(b->error), "%s", START_ERROR);
	} else {
		b->job = SUCCEEDED;
		start_us = ws_next_firing(b->ws, at_us);
		b->deadline_us = deadline_after(b->ws, at_us, start_us);
		b->ws->deleted = b->transition == DELETE;
		if (start_us != NO_TIME && !b->ws->dormant)
			ws_set_next_start(b->ws, start_us);
	}
	leave_queue(w, b);
	w->sorted = false;
	build_refresh(w, b);
}

struct place {
	int position, size;
};

static bool
waits_for(const struct build *b, const struct pool *p)
{
	return b->job == PENDING && p->n > 0 && pool_takes(p, b->version);
}

/* Where each stands among those that the pool's provisioners may take: its best place, in the longest queue. */
static void
number_pool(const struct world *w, const struct pool *p, struct place *places)
{
	int size = 0, position = 0;

	for (size_t i = 0; i < w->n_queue; i++)
		size += waits_for(w->queue[i], p);
	for (size_t i = 0; size > 0 && i < w->n_queue; i++) {
		if (!waits_for(w->queue[i], p))
			continue;
		position++;
		if (places[i].position == 0 || position < places[i].position)
			places[i].position = position;
		if (size > places[i].size)
			places[i].size = size;
	}
}

/*
 * Positions count the pending jobs of this run only: the recorded ones keep
 * theirs, as they keep nobody waiting.  Without a provisioner there is no queue.
 * Source: GetProvisionerJobsByIDsWithQueuePosition in coderd/database/queries/provisionerjobs.sql.
 */
static void
number_queue(struct world *w)
{
	struct place *places = xcalloc(w->n_queue + 1, sizeof(*places));

	for (size_t i = 0; i < w->n_pools; i++)
		number_pool(w, &w->pools[i], places);
	for (size_t i = 0; i < w->n_queue; i++) {
		struct build *b = w->queue[i];

		if (b->job != PENDING || (b->queue_position == places[i].position && b->queue_size == places[i].size))
			continue;
		b->queue_position = places[i].position;
		b->queue_size = places[i].size;
		build_refresh(w, b);
	}
	free(places);
}

void
queue_refresh(struct world *w)
{
	for (size_t i = 0; i < w->n_queue; i++)
		if (w->queue[i]->job == PENDING)
			build_refresh(w, w->queue[i]);
}

static bool
has_free(const struct world *w, const struct pool *p)
{
	int busy = 0;

	for (size_t i = 0; i < w->n_queue; i++)
		busy += w->queue[i]->pool == p && holds_provisioner(w->queue[i]);
	return busy < p->n;
}

/* The first job that a free provisioner may take, which one's, and when; NULL when there is none. */
static struct build *
first_taken(struct world *w, struct pool **by, int64_t *at_us)
{
	struct pool *frees[MAX_POOLS];
	size_t       n = 0;

	*at_us = INT64_MAX;
	for (size_t i = 0; i < w->n_pools; i++)
		if (has_free(w, &w->pools[i]))
			frees[n++] = &w->pools[i];
	for (size_t i = 0; n > 0 && i < w->n_queue; i++)
		for (size_t k = 0; k < n; k++) {
			struct build *b = w->queue[i];

			if (!waits_for(b, frees[k]))
				continue;
			*by = frees[k];
			*at_us = b->created_us + PICKUP_US > frees[k]->free_us ? b->created_us + PICKUP_US : frees[k]->free_us;
			return b;
		}
	return NULL;
}

/* The build that is the first to end, NULL when none does. */
static struct build *
first_ended(const struct world *w)
{
	struct build *ends = NULL;

	for (size_t i = 0; i < w->n_queue; i++)
		if (w->queue[i]->job != PENDING && (ends == NULL || w->queue[i]->ends_us < ends->ends_us))
			ends = w->queue[i];
	return ends;
}

/* What happens happens then, also for whoever looks at world.now_us meanwhile. */
static void
come_to(struct world *w, int64_t at_us)
{
	if (at_us > w->now_us)
		w->now_us = at_us;
}

void
world_advance(struct world *w)
{
	int64_t until_us = clock_wall_us() + w->clock_offset_us;

	for (;;) {
		struct pool  *by = NULL;
		int64_t       begins_us, due_us;
		struct build *ends = first_ended(w), *begins = first_taken(w, &by, &begins_us);
		struct ws    *due = executor_next(w, &due_us);

		if (due != NULL && due_us <= until_us && due_us < begins_us && (ends == NULL || due_us < ends->ends_us)) {
			come_to(w, due_us);
			executor_act(w, due);
		} else if (ends != NULL && ends->ends_us <= begins_us && ends->ends_us <= until_us) {
			come_to(w, ends->ends_us);
			end(w, ends, ends->ends_us);
		} else if (begins_us <= until_us) {
			come_to(w, begins_us);
			begin(w, begins, by, begins_us);
		} else {
			break;
		}
	}
	come_to(w, until_us);
	number_queue(w);
}

struct build *
build_new(struct world *w, struct ws *ws, enum transition t, const struct version *v, const char *reason, const char *initiator)
{
	struct build *b = xcalloc(1, sizeof(*b));

	ws->earlier = xrealloc(ws->earlier, ws->n_earlier + 1, sizeof(struct build *));
	build_edit(ws->latest);
	ws->earlier[ws->n_earlier++] = ws->latest;
	b->ws = ws;
	b->number = ws->latest->number + 1;
	b->transition = t;
	b->version = v != NULL ? v : ws->latest->version;
	b->job = PENDING;
	uuid_new(b->id);
	uuid_new(b->job_id);
	snprintf(b->reason, sizeof(b->reason), "%s", reason);
	snprintf(b->initiator, sizeof(b->initiator), "%s", initiator);
	b->created_us = w->now_us;
	b->started_us = b->completed_us = b->canceled_us = NO_TIME;
	b->deadline_us = b->max_deadline_us = NO_TIME;
	b->ends_us = INT64_MAX;
	ws->latest = b;
	w->sorted = false;
	enqueue(w, b);
	build_refresh(w, b);
	return b;
}

void
build_finish_now(struct world *w, struct build *b)
{
	if (b->started_us == NO_TIME)
		begin(w, b, NULL, w->now_us);
	end(w, b, w->now_us);
}

bool
build_cancel(struct world *w, struct build *b)
{
	if (!build_active(b) || b->job == CANCELING)
		return false;
	b->canceled_us = w->now_us;
	if (b->job == PENDING) {
		b->job = CANCELED;
		b->completed_us = w->now_us;
		b->queue_position = b->queue_size = 0;
		leave_queue(w, b);
	} else {
		if (b->recorded)
			enqueue(w, b);
		b->job = CANCELING;
		b->ends_us = w->now_us + YIELD_US;
	}
	build_refresh(w, b);
	return true;
}
