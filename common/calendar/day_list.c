/* day_list.c - days in a list that grows. */

#include "calendar/day_list.h"

#include <stdlib.h>

#include "base/xalloc.h"

void
day_list_add(struct day_list *l, int64_t day)
{
	if (l->n == l->room) {
		l->room = l->room != 0 ? 2 * l->room : 16;
		l->day = xrealloc(l->day, l->room, sizeof(*l->day));
	}
	l->day[l->n++] = day;
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
day_list_sort(struct day_list *l)
{
	size_t i, n = 0;

	if (l->n == 0)
		return;
	qsort(l->day, l->n, sizeof(*l->day), compare);
	for (i = 1; i < l->n; i++)
		if (l->day[i] != l->day[n])
			l->day[++n] = l->day[i];
	l->n = n + 1;
}

bool
day_list_has(const struct day_list *l, int64_t day)
{
	return l->n > 0 && bsearch(&day, l->day, l->n, sizeof(*l->day), compare) != NULL;
}

void
day_list_subtract(struct day_list *l, const struct day_list *out)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++)
		if (!day_list_has(out, l->day[i]))
			l->day[n++] = l->day[i];
	l->n = n;
}

void
day_list_release(struct day_list *l)
{
	free(l->day);
	l->day = NULL;
	l->n = l->room = 0;
}
