/*
 * rec_priv.h - what a record is made of: for rec.c, which reads and writes it,
 * and rec_verdicts.c, which reads the verdicts on it.  Nobody else includes it.
 */

#ifndef CWS_REC_PRIV_H
#define CWS_REC_PRIV_H

#include <cjson/cJSON.h>

#include "base/json_keys.h"
#include "record/rec.h"

/* The objects of a record that programs look into. */
enum place { IN_RECORD, IN_BUILD, IN_JOB, IN_APP_STATUS, IN_CWS, IN_FETCH, IN_SERVER, IN_TEMPLATE,
	IN_AUTOSTART, IN_OWNER, IN_QUIET_HOURS, IN_STOP };

#define PLACES (IN_STOP + 1)
#define INNERS (PLACES - 1) /* every one but the record itself */

/* A name to look for in one object: a member to note, or an object to walk. */
struct target {
	const char *name;
	size_t      n;
	int         member; /* -1: an object */
	enum place  place;
};

struct pair {
	struct slice name, value;
};

struct rec {
	uint64_t      want;
	struct target target[PLACES][REC_MEMBERS + INNERS];
	size_t        targets[PLACES];
	uint64_t      marks[PLACES]; /* of each target's name: most names are in no table */
	struct json_keys names[PLACES];
	struct slice  line;
	struct slice  raw[REC_MEMBERS];
	cJSON        *item[REC_MEMBERS]; /* borrowed from tree, or one of simple */
	cJSON        *tree;
	cJSON         simple[REC_MEMBERS];
	struct buf    projection, texts;

	/* Where rec_splice cuts. */
	const char  *cws_name;  /* its opening quote */
	const char  *after_cws; /* the next member's opening quote; NULL when cws is the last */
	const char  *last_end;  /* behind the last member's value, or behind the opening brace */
	bool         empty;     /* the line has no member at all */
	struct pair *pair;      /* the members of cws, in order; owned */
	size_t       pairs, room;

	cJSON              *cws_tree;
	struct verdict_seen *verdict; /* owned */
	size_t              verdicts;
};

/* rec_tree - cJSON's tree of a text, owned by the caller; NULL when it takes it for none. */
cJSON *
rec_tree(const struct buf *text);

/* rec_whole - a number without a fraction that a double holds exactly. */
bool
rec_whole(const cJSON *item, int64_t *out);

/* rec_instant - null, absent, and years before 1970 (Go's zero time) are none; -1 for what is no instant. */
int
rec_instant(const cJSON *item, struct when *out);

/*
 * rec_has_nul - does a validated value, or a name with its quotes, hold an escaped NUL?
 * cJSON ends strings and names there: two owners could compare equal, "due\u0000x" be taken for "due".
 */
bool
rec_has_nul(struct slice value);

/* rec_put_span - append the bytes from one place of the line to another. */
void
rec_put_span(struct buf *out, const char *from, const char *to);

#endif
