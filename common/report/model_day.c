/* model_day.c - the next 24 hours by the hour, and the contradictions. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "report/model_store.h"

#define HOUR_S INT64_C(3600)

static int
by_frequency(const void *a, const void *b)
{
	const struct model_count *x = a, *y = b;

	return x->n != y->n ? (x->n > y->n ? -1 : 1) : strcmp(x->name, y->name);
}

static int
conflict_by_frequency(const void *a, const void *b)
{
	const struct model_conflict *x = a, *y = b;

	return x->n != y->n ? (x->n > y->n ? -1 : 1) : strcmp(x->code, y->code);
}

/*
 * The hour an instant lies in; what has passed counts in the first, MODEL_HOURS is beyond the last.
 */
static size_t
hour_of(const struct model_day *d, struct when w)
{
	int64_t hour;

	if (!w.known || sub_sat(floor_s(w.us), d->now_s) >= 24 * HOUR_S)
		return MODEL_HOURS;
	hour = sub_sat(floor_s(w.us), d->hour[0].from_s) / HOUR_S;
	return hour < 0 ? 0 : hour < MODEL_HOURS ? (size_t)hour : MODEL_HOURS;
}

static void
add_plan(struct model_day *d, const struct model_plan *plan)
{
	size_t stop = hour_of(d, plan->stop_at), start = hour_of(d, plan->restarts_at);

	if (stop < MODEL_HOURS) {
		d->hour[stop].stops++;
		d->stops++;
		model_count(&d->by, plan->by != NULL ? plan->by : "unknown", 1);
	}
	if (start < MODEL_HOURS) {
		d->hour[start].starts++;
		d->starts++;
	}
}

static void
add_conflicts(struct model_store *st)
{
	struct model_day *d = &st->model.day;
	size_t            i;

	if (st->conflicts == 0)
		return;
	qsort(st->conflict, st->conflicts, sizeof(*st->conflict), conflict_by_frequency);
	d->conflict_why = xcalloc(st->conflicts, sizeof(*d->conflict_why));
	for (i = 0; i < st->conflicts; i++) {
		model_count(&d->conflicts, st->conflict[i].code, st->conflict[i].n);
		d->conflict_why[i] = st->conflict[i].why;
	}
}

void
model_finish_day(struct model_store *st)
{
	struct model_day *d = &st->model.day;
	const struct tz  *tz = st->model.options->tz;
	struct when       now = when_none();
	int64_t           wall;
	size_t            i;

	add_conflicts(st);
	for (i = 0; i < st->rows; i++) {
		const struct model_plan *plan = &st->row[i].plan;

		d->known = d->known || plan->state != NULL;
		if (plan->at.known && (!now.known || plan->at.us > now.us))
			now = plan->at;
	}
	d->now_s = floor_s(now.known ? now.us : st->model.options->now_us);
	wall = tz_wall(tz, d->now_s);
	for (i = 0; i < MODEL_HOURS; i++)
		d->hour[i].from_s =
		        d->now_s - ((wall % HOUR_S) + HOUR_S) % HOUR_S + (int64_t)i * HOUR_S;
	for (i = 0; i < st->rows; i++)
		if (st->row[i].plan.state != NULL)
			add_plan(d, &st->row[i].plan);
	if (d->by.n > 1)
		qsort(d->by.item, d->by.n, sizeof(*d->by.item), by_frequency);
}
