/* sorter.c - hold lines, sort them by an instant. */

#include "filter/sorter.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct sorted {
	struct when        at;
	size_t             came; /* qsort may swap equal ones */
	struct spool_place place;
};

int
sorter_add(struct sorter *o, struct when at, struct slice line, struct err *err)
{
	struct spool_place place;

	if (spool_put(&o->text, line.p, line.n, &place, err) != 0)
		return -1;
	if (o->n == o->room) {
		o->room = o->room != 0 ? 2 * o->room : 256;
		o->line = xrealloc(o->line, o->room, sizeof(*o->line));
	}
	o->line[o->n] = (struct sorted){ at, o->n, place };
	o->n++;
	return 0;
}

static int
by_instant(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;

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
		qsort(o->line, o->n, sizeof(*o->line), by_instant);
}

int
sorter_line(struct sorter *o, size_t i, struct slice *line, struct err *err)
{
	return spool_get(&o->text, o->line[i].place, line, err);
}

void
sorter_release(struct sorter *o)
{
	spool_release(&o->text);
	free(o->line);
	memset(o, 0, sizeof(*o));
}
