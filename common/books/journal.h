/*
 * journal.h - what a run is about to do, on disk before it does it.
 *
 * One line {"run","at","intent","id","owner_id","owner_name","name","build_id",
 * "build_number","url"} is written and synced before each request that changes
 * something, and one line of the same keys with "outcome" (the whole .cws.stop
 * or .cws.start) after it.  build_id and build_number are those of the latest build as
 * verified just before.  An intent that moves a deadline has deadline_before
 * and deadline_after too: without them nobody could tell later what became of it.
 * Source: cws(7), JOURNAL.
 */

#ifndef CWS_JOURNAL_H
#define CWS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/uuid.h"
#include "base/when.h"
#include "judge/action.h"
#include "record/rec.h"

#define JOURNAL_ID_SIZE 40
#define JOURNAL_NAME_SIZE 64
#define JOURNAL_URL_SIZE 300

struct journal_line {
	char         run[JOURNAL_ID_SIZE], id[JOURNAL_ID_SIZE], build_id[JOURNAL_ID_SIZE];
	/* "" where nobody knew it, as in journals of before it was kept */
	char         owner_id[JOURNAL_ID_SIZE];
	char         owner_name[JOURNAL_NAME_SIZE], name[JOURNAL_NAME_SIZE];
	char         url[JOURNAL_URL_SIZE];
	enum action  action;
	int64_t      build_number;
	struct when  at;
	struct when  before, after; /* of a deadline */
	/* JSON; p is NULL for an intent.  Whose it is: see where the line came from */
	struct slice outcome;
	/* the build that the outcome calls its own, 0: none; journal_parse leaves it alone */
	int64_t      made;
};

/*
 * journal_parse - the line of the journal that rec holds: 0; 1 when it has no
 * "intent", so it is none; -1 with err when a member is missing or wrong.
 * l->outcome is borrowed from rec.
 */
int
journal_parse(struct rec *rec, struct journal_line *l, struct err *err);

/* As much of a line as says what became of an intent: 100 bytes, of a journal of any length. */
struct journal_key {
	struct uuid id;
	char        run[JOURNAL_ID_SIZE];
	enum action action;
	int64_t     build_number, made; /* as in the line */
	bool        told;               /* the line is an outcome */
	bool        here;               /* it is of the server that is asked about */
	/* by journal_settle */
	bool        open, claimed;
};

/* journal_key - of a line, ->made apart; origin: of the server that is asked about. */
struct journal_key
journal_key(const struct journal_line *l, const char *origin);

/*
 * journal_settle - which of n lines, in the order of the file, are intents
 * without an outcome after them?  ->open is set for those; of several for one
 * action of one run only for the last: it was sent again because the one before
 * had not been carried out.
 *
 * Would the build that follows such a line's build_number be that of another run?  Then
 * ->claimed is set, where ->here is: another run's line for the same action on the same
 * workspace and server has an outcome that made just that build (->made is one
 * more), or is a later open intent with the same build_number.  Of two open intents only one can
 * have been carried out; the later counts, because its run read the workspace before it sent and
 * found nothing done.  It takes no longer than sorting them.
 */
void
journal_settle(struct journal_key *key, size_t n);

/*
 * journal_record - append to out what a journal knows of a workspace, as a record: id, owner_id,
 * owner_name, name, url, the outcome as .cws.stop or .cws.start, and value as .cws.MEMBER.
 */
void
journal_record(
        const struct journal_line *l, const char *member, const struct buf *value, struct buf *out);

/* All zero is no journal, which takes every line. */
struct journal {
	const char *path; /* borrowed; NULL: none */
	int         fd;
};

/*
 * journal_open - append to path, which is made (mode 0600) if it is not there; a
 * last line that was torn is ended first.  -1 with err (CWS_FAIL).
 */
int
journal_open(struct journal *j, const char *path, struct err *err);

/*
 * journal_write - append one line; it is synced to the disk before the call
 * returns, unless it is an outcome: that one costs a reading at most.
 * -1 with err (CWS_FAIL): nothing further may be sent.
 */
int
journal_write(struct journal *j, const struct journal_line *l, struct err *err);

/* journal_close - sync and close.  -1 with err (CWS_FAIL). */
int
journal_close(struct journal *j, struct err *err);

#endif
