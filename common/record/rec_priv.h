/*
 * rec_priv.h - what a record is made of: for rec.c, which finds the members,
 * rec_read.c, which says what they are, and rec_verdicts.c, which reads the
 * verdicts on it.  Nobody else includes it.
 */

#ifndef CWS_REC_PRIV_H
#define CWS_REC_PRIV_H

#include "base/json_keys.h"
#include "record/rec.h"

/* The members of a verdict that are looked at. */
enum part {
	PART_DUE,
	PART_KEEP,
	PART_AT,
	PART_STATE,
	PART_WHY,
	PART_STOP_AT,
	PART_DEADLINE,
	PART_WINDOW_START,
	PART_WINDOW_END,
	PART_IDLE,
	PART_UNUSED,
	PARTS
};

#define NO_SLOT (-1)

struct place;

/* A name to look for in one object. */
struct target {
	const char   *name;
	size_t        n;
	int           slot; /* where its value is noted, or NO_SLOT */
	int           part; /* of a verdict, or PARTS */
	/* owned; it is an object to look into; NULL: only its value is asked for */
	struct place *place;
};

/* An object that is looked into. */
struct place {
	const char      *path; /* of one of its members, borrowed; its own are the first n bytes */
	size_t           n;
	bool             required; /* it is an object, or null, in every record */
	bool             unique;   /* no two members of one name */
	struct target   *target;   /* owned */
	size_t           targets;
	uint64_t         marks; /* of each target's name: most names are none */
	struct json_keys names; /* with unique */
};

/* A member of cws. */
struct pair {
	struct slice name, value;
	struct slice part[PARTS]; /* where the value is an object */
	unsigned     twice;       /* a bit for each part that came twice */
};

/* A table that was read once, and where its members are noted. */
struct known_table {
	const struct fact_table *table;
	int                     *slot; /* owned; one for each of its facts */
};

struct rec {
	struct place        root;
	struct place       *cws;
	struct place        rule; /* any object in cws that has no place of its own */
	/* so many are looked for in each: PARTS only once somebody wants verdicts */
	int                 parts;
	struct known_table *known; /* owned */
	size_t              tables;
	struct slice       *raw; /* owned; by slot; see rec_misfit */
	int                 slots;

	struct slice line;
	/* owned; as long as the line: a text is decoded to where it stands there */
	char        *texts;
	size_t       text_room;
	bool         breaks_rule;
	struct err  *err; /* of rec_parse; says which */

	/* Where rec_splice cuts. */
	const char  *cws_name;  /* its opening quote */
	const char  *after_cws; /* the next member's opening quote; NULL when cws is the last */
	const char  *last_end;  /* behind the last member's value, or behind the opening brace */
	bool         empty;     /* the line has no member at all */
	struct pair *pair;      /* the members of cws, in order; owned */
	size_t       pairs, room;

	struct verdict_seen *verdict; /* owned */
	size_t               verdict_room;
};

/* How the record calls them. */
extern const char *const rec_parts[PARTS];

/* What is noted of a member whose object is none; n: so much of its path names that one. */
extern const char rec_misfit[];

/*
 * rec_slots - where the members of a table are noted; the line is gone through again when that is
 * new.
 */
const int *
rec_slots(struct rec *r, const struct fact_table *table);

/* rec_check_cws - the rules for members of cws.  -1 with err. */
int
rec_check_cws(const struct rec *r, struct err *err);

/* rec_want_verdicts - find all parts of the verdicts, in this line and from now on. */
void
rec_want_verdicts(struct rec *r);

/*
 * rec_decode - a string of the line, decoded; borrowed until the next rec_parse.  NULL: it holds a
 * NUL.
 */
const char *
rec_decode(const struct rec *r, struct slice value);

/*
 * rec_instant - of a value that is not null; years before 1970 (Go's zero time) are none.  -1: it
 * is no instant.
 */
int
rec_instant(const struct rec *r, struct slice value, struct when *out);

#endif
