/*
 * queue.c - provisioners at work: which build runs when, and how it ends.
 *
 * Nothing runs in the background.  world_advance plays the events since the
 * last request in their order: a provisioner that is free takes the oldest
 * pending job, a job ends --build-time after it began.  The recorded jobs that
 * hang hold no provisioner, and the recorded pending ones never start.
 */

#include <stdio.h>
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

int
world_provisioners(const struct world *w)
{
	return w->set.provisioners;
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
begin(struct world *w, struct build *b, int64_t at_us)
{
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

/*
 * Positions count the pending jobs of this run only: the recorded ones keep
 * theirs, as they keep nobody waiting.  Without a provisioner there is no queue.
 */
static void
number_queue(struct world *w)
{
	int size = 0, position = 0;

	for (size_t i = 0; w->set.provisioners > 0 && i < w->n_queue; i++)
		size += w->queue[i]->job == PENDING;
	for (size_t i = 0; size > 0 && i < w->n_queue; i++) {
		struct build *b = w->queue[i];

		if (b->job != PENDING)
			continue;
		position++;
		if (b->queue_position == position && b->queue_size == size)
			continue;
		b->queue_position = position;
		b->queue_size = size;
		build_refresh(w, b);
	}
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
	int64_t free_us = INT64_MIN; /* when a provisioner last became free */

	for (;;) {
		struct build *ends = NULL, *begins = NULL;
		struct ws    *due;
		int64_t       begins_us = INT64_MAX, due_us;
		int           busy = 0;

		for (size_t i = 0; i < w->n_queue; i++) {
			struct build *b = w->queue[i];

			busy += holds_provisioner(b);
			if (b->job != PENDING && (ends == NULL || b->ends_us < ends->ends_us))
				ends = b;
			if (b->job == PENDING && begins == NULL)
				begins = b;
		}
		if (begins != NULL && busy < w->set.provisioners)
			begins_us = free_us > begins->created_us + PICKUP_US ? free_us : begins->created_us + PICKUP_US;
		due = executor_next(w, &due_us);
		if (due != NULL && due_us <= until_us && due_us < begins_us && (ends == NULL || due_us < ends->ends_us)) {
			come_to(w, due_us);
			executor_act(w, due);
		} else if (ends != NULL && ends->ends_us <= begins_us && ends->ends_us <= until_us) {
			free_us = ends->ends_us;
			come_to(w, free_us);
			end(w, ends, free_us);
		} else if (begins_us <= until_us) {
			come_to(w, begins_us);
			begin(w, begins, begins_us);
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
		begin(w, b, w->now_us);
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
