/*
 * joins.h - what .cws.fetch says beside the workspace: licence, server, template, owner.
 *
 * A handful of reads that run beside the first page: entitlements, the two
 * lists of templates, the users that are not active, how many users this token
 * sees; the provisioners of each organization met (provisioners.h), and what owners.h
 * is asked for.  What cannot be read
 * is null in the records and is told in one line at the end.
 * Source: cws(7), RECORDS.
 */

#ifndef CWS_JOINS_H
#define CWS_JOINS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/when.h"
#include "coder/api.h"
#include "coder/owners.h"
#include "coder/page.h"

struct joins; /* private: joins.c */

/*
 * joins_new - a is borrowed; at: the instant of the run; origin: copied; with:
 * what owners.h is to add, 0 for nothing; jobs: requests at a time.
 */
struct joins *
joins_new(struct api *a, struct when at, const char *origin, unsigned with, int jobs);
void
joins_free(struct joins *j);

/* joins_start - queue the reads that need no page; once, whatever the number of calls. */
void
joins_start(struct joins *j);

/* joins_server - what the first page's reply says about the server. */
void
joins_server(struct joins *j, const struct http_reply *reply);

/* joins_expect - queue the reads that the rows of a page still need; a ticket for joins_ready. */
size_t
joins_expect(struct joins *j, const struct page *p);

/* joins_ready - is all known that the rows of the page with this ticket need? */
bool
joins_ready(const struct joins *j, size_t ticket);

/* joins_write - append {"fetch":{...}} of a row, and count what is null in it. */
void
joins_write(struct joins *j, const struct row *row, struct buf *out);

/* joins_gaps - what was null in the rows written, for one warning; false when nothing was. */
bool
joins_gaps(const struct joins *j, char *out, size_t size);

#endif
