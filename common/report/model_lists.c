/* model_lists.c - which list a workspace stands in, since when, and why. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "report/model_store.h"

static const struct model_verdict *
verdict_of(const struct model_row *r, const char *rule)
{
	size_t i;

	for (i = 0; i < r->verdicts; i++)
		if (strcmp(r->verdict[i].rule, rule) == 0)
			return &r->verdict[i];
	return NULL;
}

static bool
says(const struct model_verdict *v, const char *state)
{
	return v != NULL && strcmp(v->state, state) == 0;
}

/*
 * The list, and what is shown there: the verdict behind it (NULL: none) and the instant it counts
 * to.
 */
struct place {
	enum model_list_kind        list;
	const struct model_verdict *v;
	struct when                 since;
};

static struct place
put(enum model_list_kind list, const struct model_verdict *v, struct when since)
{
	struct place p = { list, v, since };

	return p;
}

static struct place
kept_by(const struct model_row *r)
{
	size_t i;

	for (i = 0; i < r->verdicts; i++)
		if (r->verdict[i].keep)
			return put(LIST_KEPT, &r->verdict[i], r->verdict[i].stop_at);
	return put(LIST_KEPT, NULL, when_none());
}

/*
 * Due by quiet hours, else by any other rule than the three of cws-ttl that have a list of their
 * own.
 */
static bool
due_by(const struct model_row *r, const struct model_verdict *quiet, struct place *p)
{
	size_t i;

	if (quiet != NULL && model_asks(quiet)) {
		*p = put(LIST_QUIET, quiet, quiet->stop_at);
		return true;
	}
	for (i = 0; i < r->verdicts; i++)
		if (model_asks(&r->verdict[i])) {
			*p = put(LIST_OTHER, &r->verdict[i], r->verdict[i].stop_at);
			return true;
		}
	return false;
}

/* What is only to come, or cannot be said. */
static struct place
place_ahead(const struct model_row *r, const struct model_more *more,
        const struct model_verdict *ttl, const struct model_verdict *quiet)
{
	const struct model_plan *plan = &r->plan;

	if (says(ttl, "expired") && ttl->stop_at.known)
		return put(LIST_GRACE, ttl, ttl->stop_at);
	if (says(quiet, "grace") || says(quiet, "young"))
		return put(LIST_GRACE, quiet, quiet->stop_at);
	if (says(ttl, "overrun"))
		return put(LIST_OVERRUN, ttl, more->overrun);
	/* the settings switch the rule off: it says what it saw, and never when it stops */
	if (says(ttl, "expired"))
		return put(LIST_OVERRUN, ttl, more->deadline);
	if (says(ttl, "soon"))
		return put(LIST_SOON, ttl, more->deadline);
	if (says(ttl, "unlimited") || (plan->state != NULL && strcmp(plan->state, "never") == 0))
		return put(LIST_NEVER, ttl, more->started);
	if (says(ttl, "unknown"))
		return put(LIST_UNKNOWN, ttl, when_none());
	if (says(quiet, "unknown"))
		return put(LIST_UNKNOWN, quiet, when_none());
	if (plan->state != NULL && strcmp(plan->state, "unknown") == 0 && !more->changing)
		return put(LIST_UNKNOWN, NULL, when_none());
	return put(LIST_NONE, NULL, when_none());
}

/* The verdict was right when it was made, and then the run on the record has done it. */
static bool
is_done(const struct model_row *r)
{
	static const char *const done[] = { "stopped", "accepted", "softened", "already" };
	size_t                   i;

	for (i = 0; r->act[DID_STOP] != NULL && i < sizeof(done) / sizeof(done[0]); i++)
		if (strcmp(r->act[DID_STOP]->result, done[i]) == 0)
			return true;
	return false;
}

static struct place
place_of(const struct model_row *r, const struct model_more *more)
{
	const struct model_verdict *ttl = verdict_of(r, "ttl"), *quiet = verdict_of(r, "quiet");
	struct place                p;

	if (is_done(r))
		return put(LIST_NONE, NULL, when_none());
	/* What does not run needs no protection, and would only hide what does. */
	if (r->keep && (r->running || r->stuck || more->start_failed))
		return kept_by(r);
	if (says(ttl, "stuck") || (ttl == NULL && r->stuck))
		return put(LIST_STUCK, ttl, more->failed);
	if (says(ttl, "failed") || more->start_failed)
		return put(LIST_FAILED, ttl, more->failed);
	if (says(ttl, "expired") && model_asks(ttl) && !r->keep)
		return put(LIST_EXPIRED, ttl, more->deadline);
	if (!r->keep && due_by(r, quiet, &p))
		return p;
	return place_ahead(r, more, ttl, quiet);
}

/* The sentence of what put it there; the plan's where no verdict did. */
static void
explain(struct model_row *r, const struct place *p)
{
	r->list = p->list;
	r->since = p->since;
	r->rule = p->v != NULL ? p->v->rule : "";
	r->why = p->v != NULL ? p->v->why : "";
	if (p->v != NULL && p->v->at.known)
		r->at = p->v->at;
	if (p->v == NULL && r->plan.state != NULL && p->list >= LIST_NEVER) {
		r->rule = "autostop";
		r->why = r->plan.why;
		r->at = r->plan.at.known ? r->plan.at : r->at;
	}
	if (p->v == NULL && p->list == LIST_KEPT && r->act[DID_STOP] != NULL) {
		r->rule = "stop";
		r->why = r->act[DID_STOP]->why;
	}
}

/* The earliest instant first, those without one last; then by name. */
static int
by_urgency(const void *a, const void *b)
{
	const struct model_row *x = *(const struct model_row *const *)a,
	                       *y = *(const struct model_row *const *)b;
	int order;

	if (x->since.known != y->since.known)
		return x->since.known ? -1 : 1;
	if (x->since.us != y->since.us)
		return x->since.us < y->since.us ? -1 : 1;
	order = strcmp(x->owner, y->owner);
	if (order == 0)
		order = strcmp(x->name, y->name);
	return order != 0 ? order : (x > y) - (x < y);
}

void
model_finish_lists(struct model_store *st)
{
	size_t             n[MODEL_LISTS] = { 0 }, i;
	struct model_list *list = st->model.list;
	struct place       p;

	for (i = 0; i < st->rows; i++) {
		if (!st->row[i].at.known)
			st->row[i].at = when_at(st->model.options->now_us);
		st->row[i].due = st->row[i].due && !is_done(&st->row[i]);
		p = place_of(&st->row[i], &st->more[i]);
		explain(&st->row[i], &p);
		if (p.list != LIST_NONE)
			n[p.list]++;
	}
	for (i = 0; i < MODEL_LISTS; i++)
		list[i].row = n[i] != 0 ? xcalloc(n[i], sizeof(*list[i].row)) : NULL;
	for (i = 0; i < st->rows; i++)
		if (st->row[i].list != LIST_NONE) {
			struct model_list *l = &list[st->row[i].list];

			l->row[l->n++] = &st->row[i];
			l->due += st->row[i].due;
			l->stuck += st->row[i].stuck;
		}
	for (i = 0; i < MODEL_LISTS; i++)
		if (n[i] > 1)
			qsort(list[i].row, list[i].n, sizeof(*list[i].row), by_urgency);
}
