/*
 * listing.h - all workspaces that match, each once, in the server's order, while rows move.
 *
 * The first page alone tells how many there are; the rest are read in parallel
 * and written in order, with a bounded window of pages in memory.  The server
 * drops rows the token may not see after it has cut the page, and rows shift
 * while they are read, so short and empty pages mean nothing: the loop goes by
 * offset.  A listing is whole when its distinct ids reach the highest count
 * seen; until then the pages are read again, and only add.
 * Source: coder coderd/workspaces.go; cws-fetch(1), DESCRIPTION.
 */

#ifndef CWS_LISTING_H
#define CWS_LISTING_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ndjson.h"
#include "coder/api.h"
#include "coder/joins.h"

struct listing {
	struct api                  *api;
	struct joins                *joins;
	struct ndjson_out           *out;
	int                          page_size, jobs, passes;
	bool                         full; /* keep latest_build.resources */
	const volatile sig_atomic_t *stop; /* ends the listing when not 0 */

	/* Counted over all calls: */
	uint64_t     written, pages, reread; /* records, replies, passes beyond the first */
	/* rows that match and that the server did not show; rows beyond those that no pass found */
	uint64_t     hidden, missing;
	struct idset all;        /* owned; freed by listing_release */
	bool         told_count; /* that the server counts fewer than it shows */
};

enum listing_end {
	LISTING_DONE,    /* read to the end; hidden and missing say how well */
	LISTING_FAILED,  /* err says why */
	LISTING_GONE,    /* out->error: the reader left, or the disk is full */
	LISTING_STOPPED, /* *stop was set */
};

/*
 * listing_run - write the workspaces that match q ("": all) and were not written by an earlier
 * call.
 */
enum listing_end
listing_run(struct listing *l, const char *q, struct err *err);

/*
 * listing_stoppable - as listing_run, only what a stop could change: running
 * ones, and failed and canceled ones, whose stop may not have come through.
 */
enum listing_end
listing_stoppable(struct listing *l, const char *q, struct err *err);
void
listing_release(struct listing *l);

#endif
