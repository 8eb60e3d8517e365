/* model_groups.c - workspaces by owner, template or organization; and their owners. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "report/model_store.h"

#define IDLE_US (3600 * US_PER_S)

/* A row and the name it goes under. */
struct member {
	const char *name;
	size_t      row;
};

static int
by_member(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int                  order = x->name == y->name ? 0 : strcmp(x->name, y->name);

	return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

static const char *
name_of(const struct model_row *r, enum model_by by)
{
	const char *name = by == BY_OWNER      ? r->owner
	                   : by == BY_TEMPLATE ? r->template_name
	                                       : r->org;

	return name[0] != '\0' ? name : "(none)";
}

/* All rows, those of one name side by side; owned by the caller. */
static struct member *
sorted(const struct model_store *st, enum model_by by)
{
	struct member *m = xcalloc(st->rows, sizeof(*m));
	size_t         i;

	for (i = 0; i < st->rows; i++)
		m[i] = (struct member){ name_of(&st->row[i], by), i };
	if (st->rows > 1)
		qsort(m, st->rows, sizeof(*m), by_member);
	return m;
}

static int64_t
overdue_s(const struct model_row *r)
{
	return r->list == LIST_EXPIRED && model_span_s(r) < 0 ? -model_span_s(r) : 0;
}

static void
add_to_group(struct model_group *g, const struct model_row *r, const struct model_more *more)
{
	g->records++;
	g->running += r->running;
	g->due += r->due;
	g->keep += r->list == LIST_KEPT;
	if (overdue_s(r) > g->overdue_s)
		g->overdue_s = overdue_s(r);
	if (r->last_used.known && (!g->last_used.known || r->last_used.us > g->last_used.us))
		g->last_used = r->last_used;
	if (more->ran_known) {
		g->has_hours = true;
		g->hours += more->ran_s / 3600;
	}
	if (more->ran_known && more->price >= 0) {
		g->has_cost = true;
		g->cost += more->ran_s / 3600 * more->price;
	}
}

static int
by_due(const void *a, const void *b)
{
	const struct model_group *x = a, *y = b;

	if (x->due != y->due)
		return x->due > y->due ? -1 : 1;
	if (x->running != y->running)
		return x->running > y->running ? -1 : 1;
	return strcmp(x->name, y->name);
}

void
model_finish_groups(struct model_store *st)
{
	struct model_groups *g = &st->model.groups;
	struct member       *m = sorted(st, st->model.options->by);
	size_t               i;

	g->item = xcalloc(st->rows, sizeof(*g->item));
	for (i = 0; i < st->rows; i++) {
		if (i == 0 || m[i].name != m[i - 1].name)
			g->item[g->n++].name = m[i].name;
		add_to_group(&g->item[g->n - 1], &st->row[m[i].row], &st->more[m[i].row]);
	}
	free(m);
	if (g->n > 1)
		qsort(g->item, g->n, sizeof(*g->item), by_due);
}

/* Not used for an hour before the instant its list was made at. */
static bool
is_idle(const struct model_row *r)
{
	return r->running && r->last_used.known && sub_sat(r->at.us, r->last_used.us) >= IDLE_US;
}

static int
by_idle(const void *a, const void *b)
{
	const struct model_person *x = a, *y = b;

	if (x->idle != y->idle)
		return x->idle > y->idle ? -1 : 1;
	if (x->running != y->running)
		return x->running > y->running ? -1 : 1;
	return strcmp(x->name, y->name);
}

void
model_finish_people(struct model_store *st)
{
	struct model_people *p = &st->model.people;
	struct member       *m;
	bool                 known = false;
	size_t               i;

	for (i = 0; i < st->rows; i++)
		known = known || st->more[i].last_seen.known;
	if (!known)
		return;
	m = sorted(st, BY_OWNER);
	p->item = xcalloc(st->rows, sizeof(*p->item));
	for (i = 0; i < st->rows; i++) {
		const struct model_row  *r = &st->row[m[i].row];
		const struct model_more *more = &st->more[m[i].row];
		struct model_person     *one;

		if (i == 0 || m[i].name != m[i - 1].name)
			p->item[p->n++].name = m[i].name;
		one = &p->item[p->n - 1];
		one->records++;
		one->running += r->running;
		one->idle += is_idle(r);
		if (more->owner_status != NULL)
			one->status = more->owner_status;
		if (more->last_seen.known &&
		        (!one->last_seen.known || more->last_seen.us > one->last_seen.us))
			one->last_seen = more->last_seen;
	}
	free(m);
	if (p->n > 1)
		qsort(p->item, p->n, sizeof(*p->item), by_idle);
}
