/*
 * sorter.h - lines held until the end of a stream, then taken by an instant.
 *
 * The whole stream is in memory meanwhile: for programs that were asked to sort.
 */

#ifndef CWS_SORTER_H
#define CWS_SORTER_H

#include <stddef.h>

#include "base/slice.h"
#include "base/when.h"

struct held; /* private: sorter.c */

/* All zero is an empty one. */
struct sorter {
	struct held *held; /* owned */
	size_t       n, room;
};

/* sorter_add - hold a copy of n bytes. */
void
sorter_add(struct sorter *o, struct when at, const char *line, size_t n);

/*
 * sorter_sort - earliest first, lines without an instant last; equal ones keep the order they came
 * in.
 */
void
sorter_sort(struct sorter *o);

/* sorter_line - the line at place i; borrowed until sorter_release. */
struct slice
sorter_line(const struct sorter *o, size_t i);

void
sorter_release(struct sorter *o);

#endif
