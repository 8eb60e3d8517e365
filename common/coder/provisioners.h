/*
 * provisioners.h - who would build a template: those of each organization that are live.
 *
 * One list per organization met, of which most tokens see nothing, and a second where the
 * first is cut.  Where any is live, one reply more for each distinct active version met, since only
 * that has the tags its jobs will carry.  The executor asks for the same before it starts or stops.
 * Source: cws(7), RECORDS; coder coderd/autobuild/lifecycle_executor.go,
 * provisioner_tagset_contains in coderd/database/dump.sql (v2.31).
 */

#ifndef CWS_PROVISIONERS_H
#define CWS_PROVISIONERS_H

#include <stdbool.h>

#include "base/slice.h"
#include "coder/api.h"
#include "coder/page.h"

#define PROVISIONERS_UNKNOWN (-1)

struct provisioners; /* private: provisioners.c */

/* provisioners_new - a is borrowed. */
struct provisioners *
provisioners_new(struct api *a);
void
provisioners_free(struct provisioners *p);

/* provisioners_expect - queue what the rows of a page still need. */
void
provisioners_expect(struct provisioners *p, const struct page *page);

/* provisioners_expect_org - queue the list of one organization, unless that was done. */
void
provisioners_expect_org(struct provisioners *p, const struct uuid *id);

/* provisioners_ready - is all known that was expected? */
bool
provisioners_ready(const struct provisioners *p);

/*
 * provisioners_live - how many of an organization are live; provisioners_matching - of those of
 * the row's, how many serve its template's active version.  PROVISIONERS_UNKNOWN where that cannot
 * be read.
 */
int
provisioners_live(const struct provisioners *p, const struct uuid *org_id);
int
provisioners_matching(const struct provisioners *p, const struct row *row);

/* provisioners_fault - why the first read failed; "" when none did, or it was refused. */
const char *
provisioners_fault(const struct provisioners *p);

/*
 * provisioners_serve - does a provisioner with these tags take a job with those?  Both are
 * JSON objects of strings.  It has to have all of the job's; a job without tags of its own (owner
 * and scope alone) goes only to one without.
 */
bool
provisioners_serve(struct slice tags, struct slice job);

#endif
