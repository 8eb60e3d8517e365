/*
 * owners.h - what .cws.fetch.owner says beside the status: cws-fetch --with.
 *
 * The list of users, read in pages, has last_seen_at and email; one list of
 * groups has who is in which; quiet hours are one request per distinct owner,
 * some at a time, and the first alone: a server without the licence refuses
 * them all.  A page's records are held until its owners are known, so the
 * window of pages bounds what is under way.  What cannot be read is null.
 * Source: cws(7), RECORDS; coder coderd/users.go, enterprise/coderd/users.go, groups.go.
 */

#ifndef CWS_OWNERS_H
#define CWS_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "coder/api.h"
#include "coder/page.h"

#define OWNERS_SEEN 1u   /* --with owner: last_seen_at, email */
#define OWNERS_QUIET 2u  /* --with quiet-hours */
#define OWNERS_GROUPS 4u /* --with groups */

struct owners; /* private: owners.c */

/* What --with may say, NULL at the end. */
extern const char *const owners_words[];

/*
 * owners_with - for CLI_PARSE: a list of owner, quiet-hours and groups adds to the unsigned target.
 */
int
owners_with(void *target, const char *text, struct err *err);

/* owners_new - a is borrowed; jobs: requests at a time, 1-32. */
struct owners *
owners_new(struct api *a, unsigned with, int jobs);
void
owners_free(struct owners *o);

/* owners_start - queue the lists; once. */
void
owners_start(struct owners *o);

/*
 * owners_expect - the rows of this page need their owners.  Returns a ticket:
 * owners_ready says whether all that was expected up to it is known.
 */
size_t
owners_expect(struct owners *o, const struct page *p);
bool
owners_ready(const struct owners *o, size_t ticket);

/*
 * owners_write - append the members last_seen_at, email, groups, quiet_hours, and count what is
 * null.
 */
void
owners_write(struct owners *o, const struct row *row, struct buf *out);

/*
 * What was asked for and null in the rows written, and why the first read failed; "" for a refusal.
 */
struct owners_gaps {
	uint64_t    seen, groups, quiet;
	const char *fault;
};

struct owners_gaps
owners_gaps(const struct owners *o);

#endif
