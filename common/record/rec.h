/*
 * rec.h - one line <-> one workspace.
 *
 * A record is the object the API returned plus the member cws.  rec_parse
 * validates the whole line and finds, in one pass, the members that programs
 * look at; rec_read puts those of one table into a struct; rec_splice writes
 * the line again with one member of cws replaced and every other byte as it came.
 *
 * Which members those are is said in tables of facts and nowhere else: a reader
 * takes the paths of a table from the table, the first time it is read.
 *
 *	struct ttl_seen { struct ttl_facts f; ... };
 *	static const struct fact ttl_fact[] = {
 *		FACT(struct ttl_seen, f.deadline, ".latest_build.deadline"), ...
 *	};
 *	static const struct fact_table ttl_table = FACT_TABLE(ttl_fact);
 *
 *	if (rec_read(rec, &ttl_table, &seen, err) != 0) ... the record is bad, err says why
 *
 * Source: cws(7), RECORDS.
 */

#ifndef CWS_REC_H
#define CWS_REC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/when.h"
#include "base/word_list.h"
#include "judge/verdict.h"

/* What a member becomes.  One that is null is as one that is absent. */
enum fact_kind {
	FACT_TEXT,          /* const char *, NULL when absent */
	FACT_TEXT_OR_EMPTY, /* const char *, "" when absent */
	FACT_INT,           /* int64_t, 0 when absent; whole, and within 2^53 - 1 */
	FACT_FLAG,          /* bool, false when absent */
	FACT_WHEN,          /* struct when, none when absent and before 1970 (Go's zero time) */
	FACT_WORDS,         /* struct word_list; not known when absent */
	FACT_RAW,           /* struct slice: any value as it came; p is NULL when absent */
	FACT_KNOWN,         /* bool: is the member there, and not null? */
};

/*
 * Where in the program's struct, what, and where in the record: as a person names it,
 * ".latest_build.deadline".
 */
struct fact {
	size_t         offset;
	enum fact_kind kind;
	const char    *path;
};

/* The kind follows from the type of the struct's member, so that no other can be written down. */
/* clang-format off */
#define FACT_KIND(type, member) \
	_Generic(((type *)NULL)->member, const char *: FACT_TEXT, int64_t: FACT_INT, \
		bool: FACT_FLAG, struct when: FACT_WHEN, struct word_list: FACT_WORDS, \
		struct slice: FACT_RAW)
#define FACT_TEXT_KIND(type, member) \
	_Generic(((type *)NULL)->member, const char *: FACT_TEXT_OR_EMPTY)
#define FACT_KNOWN_KIND(type, member) _Generic(((type *)NULL)->member, bool: FACT_KNOWN)

#define FACT(type, member, path)          { offsetof(type, member), FACT_KIND(type, member), path }
#define FACT_OR_EMPTY(type, member, path) \
	{ offsetof(type, member), FACT_TEXT_KIND(type, member), path }
#define FACT_IS_KNOWN(type, member, path) \
	{ offsetof(type, member), FACT_KNOWN_KIND(type, member), path }
/* clang-format on */

struct fact_table {
	const struct fact *fact;
	size_t             n;
};

#define FACT_TABLE(facts) \
	{ \
		facts, sizeof(facts) / sizeof((facts)[0]) \
	}

struct rec; /* private: rec.c */

/* rec_new - a reader of records.  Owned by the caller. */
struct rec *
rec_new(void);
void
rec_free(struct rec *r);

enum rec_result {
	REC_OK = 0,
	REC_BAD = -1,    /* a whole object, but against the rules of records */
	REC_BROKEN = -2, /* not one whole JSON object */
};

/*
 * rec_parse - make r the record of this line (n bytes, borrowed until the next
 * rec_parse or rec_free).  REC_BAD, with err: two members of one name at the top
 * level, in latest_build or in cws; latest_build, its job, latest_app_status, cws
 * or a member of cws but note and aborted is no object; a due or keep of a
 * verdict is no boolean, or comes twice.  Of a record that is bad or broken, rec_read says what was
 * found of it.
 */
int
rec_parse(struct rec *r, const char *line, size_t n, struct err *err);

/*
 * rec_read - put the members of a table into the struct that it was written for.
 * -1 with err ("'.ttl_ms' is not a whole number") where the type or value of one
 * is wrong: those before it in the table are filled in, the others as they were.  Text is borrowed
 * until the next
 * rec_parse and holds no NUL.  The table is a constant: the reader remembers it.
 */
int
rec_read(struct rec *r, const struct fact_table *table, void *facts, struct err *err);

/*
 * rec_cws_member - the i-th member of cws in the order of the line: its name, without quotes,
 * escapes undecoded,
 * and its value's own bytes.  False behind the last.
 */
bool
rec_cws_member(const struct rec *r, size_t i, struct slice *name, struct slice *value);

/* rec_splice - append to out the line with .cws.STAGE set to the JSON in value, cws last. */
void
rec_splice(const struct rec *r, const char *stage, const struct buf *value, struct buf *out);

/*
 * rec_verdicts - the record's verdicts in the order of the line; *out is
 * borrowed until the next rec_parse.  -1 when an at is no instant, or a verdict
 * holds a NUL: such a record is bad and is not acted upon.
 */
int
rec_verdicts(struct rec *r, const struct verdict_seen **out, size_t *n, struct err *err);

#endif
