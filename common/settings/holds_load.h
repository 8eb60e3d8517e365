/*
 * holds_load.h - read a file of holds, one JSON object a line:
 *
 *	{"workspace":"ada/dev","until":"2026-12-31T18:00:00Z","who":"bob","why":"demo"}
 *
 * who and why may be left out, other members are passed over.  A file that is
 * wrong anywhere is refused as a whole: somebody relies on each line.
 */

#ifndef CWS_HOLDS_LOAD_H
#define CWS_HOLDS_LOAD_H

#include "base/err.h"
#include "judge/holds.h"

/* All zero holds nothing. */
struct holds_file {
	struct holds       holds;
	struct hold       *hold; /* owned, with its texts */
	const char        *path; /* borrowed */
	struct names_slot *room; /* owned */
};

/* holds_load - -1 with err (CWS_USAGE): "FILE:3: what was expected".  holds_unload in any case. */
int
holds_load(struct holds_file *f, const char *path, struct err *err);
void
holds_unload(struct holds_file *f);

/* holds_note - the workspace of this owner and name is there. */
void
holds_note(struct holds_file *f, const char *owner, const char *name);

/*
 * holds_report_unseen - one line for each hold of a workspace that was not noted, those that have
 * ended aside.
 */
void
holds_report_unseen(const struct holds_file *f, int64_t now_us);

/* holds_report - one warning for all holds of the file that have ended by now_us. */
void
holds_report(const struct holds_file *f, int64_t now_us);

#endif
