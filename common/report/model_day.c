/* model_day.c - the next 24 hours by the hour, who stops what, and the contradictions. */

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

bool
model_is_of_server(const char *by)
{
	static const char *const rules[] = { "deadline", "max_deadline", "suspended", "failure_ttl",
		"dormancy", "autodelete" };
	size_t                   i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(rules[i], by) == 0)
			return true;
	return false;
}

static void
add_stop(struct model_day *d, size_t hour, const char *by)
{
	bool server = model_is_of_server(by);

	d->hour[hour].stops++;
	d->hour[hour].server += server;
	d->stops++;
	d->server += server;
	model_count(server ? &d->by_server : &d->by_run, by, 1);
}

static void
add_plan(struct model_day *d, const struct model_plan *plan)
{
	size_t stop = hour_of(d, plan->stop_at), start = hour_of(d, plan->restarts_at);

	if (stop < MODEL_HOURS)
		add_stop(d, stop, plan->by != NULL ? plan->by : "unknown");
	if (start < MODEL_HOURS) {
		d->hour[start].starts++;
		d->starts++;
	}
}

/*
 * Why nothing can be said, without what is of this workspace alone: "not known: its quiet hours",
 * and behind a semicolon what would follow.
 */
static void
add_gap(struct model_store *st, const char *why)
{
	model_count(&st->model.day.gaps,
	        words_keep(&st->words, why, strcspn(why, ";"), MODEL_TEXT_MAX), 1);
}

const char *
model_conflict_words(const char *code)
{
	static const struct {
		const char *code, *words;
	} table[] = {
		{ "autostart-in-quiet", "starts by itself in its quiet hours" },
		{ "restart-soon", "starts again within an hour of its stop" },
		{ "ttl-not-template", "has another TTL than its template gives" },
		{ "no-limit", "runs, and nothing ever stops it" },
		{ "deadline-after-quiet", "quiet hours stop it before its deadline does" },
		{ "stuck", "its last stop failed, and the server does not try again" },
		{ "start-may-fail", "may not start again: its template has a newer version" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].code, code) == 0)
			return table[i].words;
	return code;
}

static void
sort_counts(struct model_counts *c)
{
	if (c->n > 1)
		qsort(c->item, c->n, sizeof(*c->item), by_frequency);
}

void
model_finish_day(struct model_store *st)
{
	struct model_day *d = &st->model.day;
	const struct tz  *tz = st->model.options->tz;
	struct when       now = when_none();
	int64_t           wall;
	size_t            i;

	if (st->conflicts > 1)
		qsort(st->conflict, st->conflicts, sizeof(*st->conflict), conflict_by_frequency);
	d->conflict = st->conflict;
	d->conflicts = st->conflicts;
	for (i = 0; i < st->rows; i++) {
		const struct model_plan *plan = &st->row[i].plan;

		d->known += plan->state != NULL;
		if (plan->state != NULL && strcmp(plan->state, "unknown") == 0)
			add_gap(st, plan->why);
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
	sort_counts(&d->by_server);
	sort_counts(&d->by_run);
	sort_counts(&d->gaps);
}
