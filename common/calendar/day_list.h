/* day_list.h - days, as numbers since 1970-01-01, in a list that grows. */

#ifndef CWS_DAY_LIST_H
#define CWS_DAY_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct day_list {
	int64_t *day; /* owned */
	size_t   n, room;
};

/* day_list_add - put a day behind the others. */
void
day_list_add(struct day_list *l, int64_t day);

/* day_list_sort - in ascending order, each once: what day_list_has and day_list_subtract need. */
void
day_list_sort(struct day_list *l);

/* day_list_has - is it among them? */
bool
day_list_has(const struct day_list *l, int64_t day);

/* day_list_subtract - take those of another list out. */
void
day_list_subtract(struct day_list *l, const struct day_list *out);

/* day_list_release - free its memory; it is empty then. */
void
day_list_release(struct day_list *l);

#endif
