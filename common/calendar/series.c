/* series.c - events sorted by UID, and each group of them resolved. */

#include "calendar/series.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* The events of one UID: those that repeat, then what changes them, by the day they replace. */
struct group {
	struct vevent **master, **change;
	size_t          masters, changes;
	void (*put)(void *arg, const struct vevent *as, int64_t day);
	void *arg;
};

static int
compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* By UID, what repeats first, the day replaced, SEQUENCE, the order of the text. */
static int
compare(const void *a, const void *b)
{
	const struct vevent *x = *(struct vevent *const *)a, *y = *(struct vevent *const *)b;
	int                  c = strcmp(x->uid, y->uid);

	if (c == 0)
		c = x->replaces - y->replaces;
	if (c == 0)
		c = compare_numbers(x->replaced, y->replaced);
	if (c == 0)
		c = compare_numbers(x->sequence, y->sequence);
	return c != 0 ? c : x < y ? -1 : x > y;
}

static void
put_all(const struct group *g, const struct vevent *e)
{
	size_t i;

	for (i = 0; i < e->starts.n; i++)
		g->put(g->arg, e, e->starts.day[i]);
}

/* Was this day taken out of what repeats after the change was made? */
static bool
is_obsolete(const struct group *g, const struct vevent *change, const struct recur_span *span)
{
	size_t i;

	if (g->masters == 0 || change->sequence >= g->master[0]->sequence ||
	        change->replaced < span->first || change->replaced > span->last)
		return false;
	for (i = 0; i < g->masters; i++)
		if (g->master[i]->kind == VEVENT_TIMED || g->master[i]->cancelled ||
		        day_list_has(&g->master[i]->starts, change->replaced))
			return false;
	return true;
}

/* Keep the masters of the highest SEQUENCE, and one change for each day. */
static void
keep_latest(struct group *g, const struct recur_span *span)
{
	size_t i, n = 0;

	while (g->masters > 1 && g->master[0]->sequence < g->master[g->masters - 1]->sequence) {
		g->master++;
		g->masters--;
	}
	for (i = 0; i < g->changes; i++)
		if ((i + 1 == g->changes || g->change[i + 1]->replaced != g->change[i]->replaced) &&
		        !is_obsolete(g, g->change[i], span))
			g->change[n++] = g->change[i];
	g->changes = n;
}

/* The occurrences of a master, each where the changes up to its day leave it. */
static void
put_changed(const struct group *g, const struct vevent *master)
{
	const struct vevent *later = NULL;
	size_t               i, next = 0;
	int64_t              day;

	for (i = 0; i < master->starts.n; i++) {
		day = master->starts.day[i];
		for (; next < g->changes && g->change[next]->replaced <= day; next++)
			if (g->change[next]->and_later)
				later = g->change[next];
		if (next > 0 && g->change[next - 1]->replaced == day)
			continue; /* the change puts itself */
		if (later == NULL)
			g->put(g->arg, master, day);
		else if (!later->cancelled && later->kind != VEVENT_TIMED)
			g->put(g->arg, later, day + later->start - later->replaced);
	}
}

static void
resolve_group(struct group *g, const struct recur_span *span)
{
	size_t i;

	keep_latest(g, span);
	for (i = 0; i < g->masters; i++)
		put_changed(g, g->master[i]);
	for (i = 0; i < g->changes; i++)
		put_all(g, g->change[i]);
}

void
series_resolve(struct vevent *event, size_t n, const struct recur_span *span,
        void (*put)(void *arg, const struct vevent *as, int64_t day), void *arg)
{
	struct vevent **by_uid = xcalloc(n, sizeof(struct vevent *));
	struct group    g = { .put = put, .arg = arg };
	size_t          i, first, known = 0;

	for (i = 0; i < n; i++)
		if (event[i].uid != NULL)
			by_uid[known++] = &event[i];
		else
			put_all(&g, &event[i]);
	if (known > 0)
		qsort(by_uid, known, sizeof(*by_uid), compare);
	for (first = 0; first < known; first = i) {
		g.master = by_uid + first;
		g.masters = g.changes = 0;
		for (i = first; i < known && strcmp(by_uid[i]->uid, by_uid[first]->uid) == 0; i++)
			++*(by_uid[i]->replaces ? &g.changes : &g.masters);
		g.change = g.master + g.masters;
		resolve_group(&g, span);
	}
	free(by_uid);
}
