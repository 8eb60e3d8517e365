/*
 * records.h - the records on standard input, one after the other.
 *
 * Bad lines are reported by number, counted and passed over; a stream that is
 * not whole is told apart from one that ended.  An array of records and a whole
 * reply of the API are bad lines, which are told how to unpack them.
 */

#ifndef CWS_RECORDS_H
#define CWS_RECORDS_H

#include <stdint.h>

#include "base/cli.h"
#include "base/ndjson.h"
#include "record/rec.h"

enum records_next {
	RECORDS_ONE,    /* in->rec is the next record */
	RECORDS_END,    /* the input ended whole */
	RECORDS_BROKEN, /* upstream died; reported, ->broken says why */
	RECORDS_ERROR,  /* cannot read; reported unless it was the output or a signal */
};

struct records {
	struct ndjson_in in;
	struct rec      *rec; /* owned */
	const char      *prog;
	/* the input may be a journal (journal.h): a torn line of one is passed over */
	bool             journals;
	/* lines that are no blank ones; those of them that are no records */
	uint64_t         read, bad;
	uint64_t         unread;      /* of the bad ones those too long to be held */
	char             broken[480]; /* for the abort mark: "program: reason" */
};

/* records_open - read fd; prog is borrowed. */
void
records_open(struct records *r, int fd, const char *prog);
void
records_close(struct records *r);

/* records_next - the next good record. */
enum records_next
records_next(struct records *r);

/*
 * records_line, records_take - records_next in two steps, for those that hold the
 * lines before they look at them.  The line is borrowed until the next one; last:
 * no newline ended it.  The number that is reported is in->in.lineno.
 */
enum records_next
records_line(struct records *r, struct slice *line, bool *last);

enum records_taken {
	TAKEN_RECORD, /* in->rec is it */
	TAKEN_BAD,    /* reported and counted; in->rec has what was found of it */
	TAKEN_TORN,   /* with ->journals: a killed run tore it, and it is passed over */
	TAKEN_BROKEN, /* upstream died; reported, ->broken says why */
};

enum records_taken
records_take(struct records *r, struct slice line, bool last);

/* records_bad - report the present line as bad and count it. */
void
records_bad(struct records *r, const char *text);

/* records_fail - report that the run cannot go on at the present line; ->broken says it too. */
void
records_fail(struct records *r, const char *text);

#endif
