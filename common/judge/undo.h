/*
 * undo.h - may what a run of cws-stop did be taken back?  Pure.
 *
 * Only while nobody has done anything since: a workspace is started while its
 * latest build is the very stop of that run, a deadline put back while it
 * still is the one that run set.
 * Source: cws-start(1).
 */

#ifndef CWS_UNDO_H
#define CWS_UNDO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "base/when.h"
#include "judge/action.h"
#include "judge/life.h"

#define UNDO_AHEAD_S (31 * 60) /* the server takes no deadline less than about 30 minutes ahead */

/* What the run wrote: .cws.stop. */
struct undo_record {
	const char *result;   /* "" when absent, like the other texts */
	const char *build_id; /* of the stop */
	int64_t     build_number;
	struct when before, after; /* of the deadline */
	int64_t     was_number;    /* of the build that was to be stopped; 0: not known */
};

/*
 * undo_asked - what there is to take back: true with the action in *action; false
 * with why: the run did nothing here, or nobody knows what it did.
 */
bool
undo_asked(const struct undo_record *run, enum action *action, struct text *why);

/*
 * undo_ran - did it run when it was stopped, by the build before that stop?  Else why says so: a
 * start would be no way back.
 */
bool
undo_ran(enum life was, struct text *why);

/* Whose it is now, beside whose the run's record says it was. */
enum undo_owner { OWNER_SAME, OWNER_ANOTHER, OWNER_UNTOLD };

/* The workspace as just read. */
struct undo_facts {
	const char     *build_id, *transition; /* "" when absent */
	int64_t         build_number;
	enum life       life;
	bool            prebuild;
	enum undo_owner owner;
	struct when     deadline;
};

enum undo {
	UNDO_GO,
	UNDO_LATER,   /* the run's own stop is not over yet */
	UNDO_ALREADY, /* somebody did it: why says what is seen */
	UNDO_NO,      /* left alone: why */
};

/*
 * undo_holds - may the action be done to the workspace as it is now?  now_us: by the server's
 * clock.
 */
enum undo
undo_holds(const struct undo_record *run, enum action action, const struct undo_facts *fresh,
        int64_t now_us, struct text *why);

#endif
