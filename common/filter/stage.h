/*
 * stage.h - the loop every filter runs: line, facts, decision, verdict, line.
 *
 * The program supplies step(), which turns a record into a verdict and does no
 * I/O.  The loop reads, filters (due ones, --all, --state), splices the verdict
 * into the record's own bytes, writes, counts, and passes a broken stream on as
 * broken.
 */

#ifndef CWS_STAGE_H
#define CWS_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cli.h"
#include "base/err.h"
#include "base/ndjson.h"
#include "judge/verdict.h"
#include "record/rec.h"

enum step {
	STEP_JUDGED, /* *v is filled, and member holds the object to write as .cws.NAME */
	STEP_DROP,   /* not for this program: not written, not counted */
	/* err says why; reported, not written; with CWS_FAIL nothing after it either */
	STEP_BAD,
};

struct stage {
	const char        *name;   /* the member of cws this program owns */
	const char *const *states; /* its table of states, NULL at the end */
	enum step (*step)(
	        struct rec *rec, void *ctx, struct verdict *v, struct buf *member, struct err *err);
	void       *ctx;
	/* it decides nothing: it writes every record, and counts states */
	bool        explains;
	bool        all; /* -a */
	/* --sort: hold the records to the end, write them by stop_at */
	bool        sort;
	/* -s: a bit for each wanted state; 0: the due ones, or every one */
	uint64_t    selected;
	struct when now; /* -N; stage_now fills it from the clock when it is none */
};

/* The options -a, -s and -N of a stage, for its option table; one that explains has no -a. */
#define STAGE_OPTIONS(st) \
	OPT_FLAG('a', "all", &(st).all, "write every record, not only the due ones"), \
	        STAGE_EXPLAIN_OPTIONS(st)
#define STAGE_EXPLAIN_OPTIONS(st) \
	OPT_PARSE('s', "state", "state,...", &(st), stage_states, \
	        "write the records in these states", .values = (st).states), \
	        OPT_INSTANT('N', "now", &(st).now, "judge as of this instant (RFC 3339)")

/*
 * stage_states - parse "-s a,b" against the stage's table; for CLI_PARSE, target is the struct
 * stage.
 */
int
stage_states(void *target, const char *text, struct err *err);

/* stage_now - the one instant this run judges at, in microseconds. */
int64_t
stage_now(struct stage *st);

/*
 * stage_put_verdict - the members every verdict begins with: due, state, stop_at, why, at, and keep
 * when true.
 */
void
stage_put_verdict(struct buf *member, const struct verdict *v);

/*
 * stage_run - standard input to standard output; returns the program's exit
 * status.  A signal (INT, TERM, HUP) ends the output with the abort mark and the
 * process by that signal, so that nobody takes a part for the whole.
 */
int
stage_run(const struct cli *cli, struct stage *st);

#endif
