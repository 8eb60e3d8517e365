/*
 * page.h - one reply of GET /workspaces taken apart into lines.  Pure but for memory.
 *
 * The reply is validated as a whole (json_scan.h); each element of workspaces[]
 * becomes one line of its own bytes, less the member cws (ours) and, unless all
 * is asked for, less latest_build.resources: it is most of the bytes and
 * carries agents' environment variables.  Raw newlines between tokens become
 * blanks; nothing else changes.
 */

#ifndef CWS_PAGE_H
#define CWS_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/idset.h"

/* Ids other than id are all zero when absent or no UUID. */
struct row {
	size_t      at, n; /* the line's bytes in page.text; from '{' to '}' */
	struct uuid id, owner_id, template_id, active_version_id, organization_id;
	bool        prebuild;
};

struct page {
	int64_t     count; /* workspaces that match, on all pages; hidden ones too */
	struct row *row;   /* owned */
	size_t      rows, cap;
	struct buf  text;
};

/* page_init - a page to be used again and again.  page_release frees what it holds. */
void
page_init(struct page *p);
void
page_release(struct page *p);

/*
 * page_split - make p the contents of this body (borrowed for the call).
 * full: keep latest_build.resources.  -1 with err (CWS_FAIL) when it is no
 * list of workspaces.
 */
int
page_split(struct page *p, const char *body, size_t n, bool full, struct err *err);

#endif
