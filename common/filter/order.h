/*
 * order.h - lines held until the end of a stream, then taken by an instant.
 *
 * The whole stream is in memory meanwhile: for programs that were asked to sort.
 */

#ifndef CWS_ORDER_H
#define CWS_ORDER_H

#include <stddef.h>

#include "base/scan.h"
#include "base/when.h"

struct held; /* private: order.c */

/* All zero is an empty one. */
struct order {
	struct held *held; /* owned */
	size_t       n, room;
};

/* order_add - hold a copy of n bytes. */
void
order_add(struct order *o, struct when at, const char *line, size_t n);

/* order_sort - earliest first, lines without an instant last; equal ones keep the order they came in. */
void
order_sort(struct order *o);

/* order_line - the line at place i; borrowed until order_release. */
struct slice
order_line(const struct order *o, size_t i);

void
order_release(struct order *o);

#endif
