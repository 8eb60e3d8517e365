/* model_past.c - policies tried on the past, and use by the hour of the day. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "report/model_store.h"

#define HOUR_S INT64_C(3600)

static uint64_t
count_of(int64_t n)
{
	return n > 0 ? (uint64_t)n : 0;
}

void
model_add_policy(struct model_store *st, const struct model_tried *t)
{
	struct model_past   *past = &st->model.past;
	struct model_policy *p;
	size_t               i;

	for (i = 0; i < past->policies && past->policy[i].policy != t->policy; i++)
		continue;
	if (i == past->policies) {
		past->policy = xrealloc(past->policy, ++past->policies, sizeof(*past->policy));
		memset(&past->policy[i], 0, sizeof(past->policy[i]));
		past->policy[i].policy = t->policy;
	}
	p = &past->policy[i];
	p->workspaces++;
	p->saved_s = add_sat(p->saved_s, t->saved_s);
	p->stops += count_of(t->stops);
	p->returns += count_of(t->returns);
	p->regrets += count_of(t->regrets);
	p->cut += count_of(t->cut);
	p->has_cost = p->has_cost || t->has_cost;
	p->saved_cost += t->saved_cost;
	if (t->stops > 0 && i < POLICIES_MAX)
		st->more[st->rows - 1].stopped_by |= UINT64_C(1) << i;
}

void
model_add_use(struct model_store *st, int64_t from_s, int64_t to_s)
{
	int64_t *use_s = st->model.past.use_s;
	int64_t  days, wall, until;
	size_t   i;

	/* Of a fortnight and more, whole days count alike for every hour. */
	days = sub_sat(to_s, from_s) / DAY_S;
	if (days >= 14) {
		for (i = 0; i < 24; i++)
			use_s[i] += days * HOUR_S;
		from_s += days * DAY_S;
	}
	for (; from_s < to_s; from_s = until) {
		wall = tz_wall(st->model.options->tz, from_s);
		wall = (wall % DAY_S + DAY_S) % DAY_S;
		until = from_s + HOUR_S - wall % HOUR_S;
		if (until > to_s)
			until = to_s;
		use_s[wall / HOUR_S] += until - from_s;
	}
}

/* A row's owner and the policies that would have stopped it. */
struct met {
	const char *owner;
	uint64_t    stopped_by;
};

static int
by_owner(const void *a, const void *b)
{
	const struct met *x = a, *y = b;

	return strcmp(x->owner, y->owner);
}

static void
add_owner(struct model_past *past, uint64_t stopped_by)
{
	size_t i;

	for (i = 0; i < past->policies && i < POLICIES_MAX; i++)
		past->policy[i].owners += stopped_by >> i & 1;
}

static void
count_owners(struct model_store *st)
{
	struct met *m = xcalloc(st->rows, sizeof(*m));
	uint64_t    all = 0;
	size_t      i;

	for (i = 0; i < st->rows; i++)
		m[i] = (struct met){ st->row[i].owner, st->more[i].stopped_by };
	if (st->rows > 1)
		qsort(m, st->rows, sizeof(*m), by_owner);
	for (i = 0; i < st->rows; i++) {
		all |= m[i].stopped_by;
		if (i + 1 == st->rows || m[i + 1].owner != m[i].owner) {
			add_owner(&st->model.past, all);
			all = 0;
		}
	}
	free(m);
}

void
model_finish_past(struct model_store *st)
{
	struct model_past *past = &st->model.past;
	size_t             i, k;

	if (past->policies > 0)
		count_owners(st);
	for (i = 0; i < st->rows; i++)
		for (k = 0; k < st->row[i].verdicts; k++) {
			const struct model_verdict *v = &st->row[i].verdict[k];

			if (strcmp(v->rule, "habit") != 0)
				continue;
			past->habits++;
			past->likely += strcmp(v->state, "likely") == 0;
			past->unlikely += strcmp(v->state, "unlikely") == 0;
		}
}
