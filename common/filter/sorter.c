/* sorter.c - hold lines, sort them by an instant. */

#include "filter/sorter.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct held {
	struct when at;
	size_t      came; /* qsort may swap equal ones */
	char       *line; /* owned */
	size_t      n;
};

void
sorter_add(struct sorter *o, struct when at, const char *line, size_t n)
{
	struct held *h;

	if (o->n == o->room) {
		o->room = o->room != 0 ? 2 * o->room : 256;
		o->held = xrealloc(o->held, o->room, sizeof(*o->held));
	}
	h = &o->held[o->n];
	h->at = at;
	h->came = o->n++;
	h->line = xcalloc(n + 1, 1);
	h->n = n;
	memcpy(h->line, line, n);
}

static int
by_instant(const void *left, const void *right)
{
	const struct held *a = left, *b = right;

	if (a->at.known != b->at.known)
		return a->at.known ? -1 : 1;
	if (a->at.us != b->at.us)
		return a->at.us < b->at.us ? -1 : 1;
	return a->came < b->came ? -1 : 1;
}

void
sorter_sort(struct sorter *o)
{
	if (o->n > 1)
		qsort(o->held, o->n, sizeof(*o->held), by_instant);
}

struct slice
sorter_line(const struct sorter *o, size_t i)
{
	struct slice s = { o->held[i].line, o->held[i].n };

	return s;
}

void
sorter_release(struct sorter *o)
{
	size_t i;

	for (i = 0; i < o->n; i++)
		free(o->held[i].line);
	free(o->held);
	memset(o, 0, sizeof(*o));
}
