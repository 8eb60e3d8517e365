/*
 * query.h - the server's search language, as far as we write it.  Pure but for memory.
 *
 * key:value elements separated by blanks; a value with a blank or a colon goes
 * into double quotes, and there is no way to write a double quote.  Source:
 * coder searchquery.go:Workspaces, seen with v2.31.
 */

#ifndef CWS_QUERY_H
#define CWS_QUERY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* query_add - append key:value.  -1 with err (CWS_USAGE) for a value that cannot be written. */
int
query_add(struct buf *q, const char *key, const char *value, struct err *err);

/* query_has - does q, as the server splits it, have an element of this key? */
bool
query_has(const char *q, const char *key);

/*
 * query_value - append the value of the first element of this key, without its quotes; false when
 * there is none.
 */
bool
query_value(const char *q, const char *key, struct buf *value);

/* query_escape - append text as the value of a URL's query parameter. */
void
query_escape(struct buf *url, const char *text);

#endif
