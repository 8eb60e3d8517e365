/*
 * search.h - the q= grammar that workspaces, users and templates share.
 *
 * key:value and bare words, split at blanks outside double quotes, all in
 * lower case; the bare words together are the value of one key.  The first
 * fault is kept; search_done answers it.
 * Source: coderd/searchquery/search.go and httpapi/queryparams.go of Coder v2.31.
 */

#ifndef FAKE_SEARCH_H
#define FAKE_SEARCH_H

#include "req.h"

#define MAX_TERMS 64

struct search {
	struct term {
		char *key, *value; /* owned; the value without its quotes */
		bool  used;
	} terms[MAX_TERMS];
	size_t     n;
	char       field[128];
	struct buf problem; /* empty: none so far */
};

/* search_parse - bare: the key of bare words; for workspaces (slash) one '/' in them splits owner and name. */
void
search_parse(struct search *s, const char *q, const char *bare, bool slash);

/* search_text - the value of a key that may be given once, "" when absent. */
const char *
search_text(struct search *s, const char *key);

/* search_each - the next value of a key that may be repeated; NULL at the end.  *i starts as 0. */
const char *
search_each(struct search *s, const char *key, size_t *i);

/* search_bool - 1, 0, or -1 when absent. */
int
search_bool(struct search *s, const char *key);

/* search_time - NO_TIME when absent. */
int64_t
search_time(struct search *s, const char *key);

/* search_fault - note what is wrong with a key, unless something already is. */
void
search_fault(struct search *s, const char *key, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* search_done - true when all was well; otherwise answers 400 with message. */
bool
search_done(struct search *s, struct req *r, const char *message);

void
search_free(struct search *s);

#endif
