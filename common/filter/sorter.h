/*
 * sorter.h - lines held until the end of a stream, then taken by an instant.
 *
 * In memory are 40 bytes a line; the lines themselves lie in a spool (spool.h).
 */

#ifndef CWS_SORTER_H
#define CWS_SORTER_H

#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"
#include "base/spool.h"
#include "base/when.h"

struct sorted; /* private: sorter.c */

/* All zero is an empty one. */
struct sorter {
	struct sorted *line; /* owned */
	size_t         n, room;
	struct spool   text;
};

/* sorter_add - hold a copy of the line.  -1 with err (CWS_FAIL) when there is no room for it. */
int
sorter_add(struct sorter *o, struct when at, struct slice line, struct err *err);

/*
 * sorter_sort - earliest first, lines without an instant last; equal ones keep the order they came
 * in.
 */
void
sorter_sort(struct sorter *o);

/*
 * sorter_line - the line at place i; borrowed until the next call.  -1 with err (CWS_FAIL) when it
 * cannot be read back.
 */
int
sorter_line(struct sorter *o, size_t i, struct slice *line, struct err *err);

void
sorter_release(struct sorter *o);

#endif
