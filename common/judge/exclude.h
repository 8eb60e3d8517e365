/*
 * exclude.h - whom and what the rules leave alone: owners, templates, organizations, groups, names.
 * Pure.
 *
 * Each of the five sets holds names and patterns with * ? and [a-z]; ASCII case
 * does not count.  Templates and organizations may be given by their ids too.
 * In the set of workspace names an entry with a slash, "owner/name", is matched
 * against both parts.  Names are hashed once, so that a thousand of them cost a
 * record no more than one; patterns are tried one by one.
 */

#ifndef CWS_EXCLUDE_H
#define CWS_EXCLUDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/text.h"
#include "base/word_list.h"

enum exclude_kind {
	EXCLUDE_USER,
	EXCLUDE_TEMPLATE,
	EXCLUDE_ORG,
	EXCLUDE_GROUP, /* of the owner */
	EXCLUDE_NAME,
	EXCLUDE_KINDS
};

/* One name or pattern, n bytes borrowed from the text it was read from. */
struct exclude_entry {
	const char *s;
	size_t      n;
	const char *setting; /* where it was written: "--exclude-user" */
	bool        seen;    /* exclude_note has met a workspace that it matches */
};

struct exclude_set {
	/* names from the front, patterns from the back; the caller's */
	struct exclude_entry *entry;
	size_t                plain, patterns, room;
	struct names          table;   /* of the names */
	const char           *setting; /* of the first entry */
	/* it has names or patterns, ids, entries with a slash */
	bool                  names, ids, owners;
	size_t                noted; /* entries that are seen */
};

/* All zero excludes nothing. */
struct exclude {
	struct exclude_set set[EXCLUDE_KINDS];
};

/* What a record says of itself; NULL is "not known". */
struct exclude_subject {
	const char      *owner;
	const char      *workspace;
	const char      *template_name, *template_id;
	const char      *org_name, *org_id;
	struct word_list groups; /* the names of the owner's */
};

/*
 * exclude_as_meant - a name as people copy it, to the name that Coder has: without blanks and line
 * ends around it, without the @ before "@ada" and "@ada/dev", and, of a workspace, without the
 * agent
 * behind "ada/dev.main".  *s and *n are narrowed.  False where nobody can be meant: an e-mail
 * address.
 */
bool
exclude_as_meant(enum exclude_kind kind, const char **s, size_t *n);

/* exclude_count - how many entries a list "a,b,c*" holds. */
size_t
exclude_count(const char *list);

/* exclude_room - how many bytes of memory a set of n entries needs. */
size_t
exclude_room(size_t n);

/*
 * exclude_init - an empty set of up to n entries in zeroed, borrowed memory of exclude_room(n);
 * seed: names.h.
 */
void
exclude_init(struct exclude_set *set, void *room, size_t n, uint64_t seed);

/* exclude_is_list - would exclude_add take this list? */
bool
exclude_is_list(enum exclude_kind kind, const char *list);

/*
 * exclude_add - add the names and patterns of a list separated by commas, blanks
 * around them dropped; the text is borrowed for the life of the set, and so is
 * setting, the option or setting that gave it, for the sentence.  False when
 * one could match nothing although somebody relies on it: empty, a bracket
 * that is not closed, a slash outside EXCLUDE_NAME, an e-mail address, or other
 * than printable ASCII.
 */
bool
exclude_add(struct exclude *x, enum exclude_kind kind, const char *list, const char *setting);

/*
 * exclude_match - is this workspace to be left alone?  *why (cleared first) then
 * says by which entry.  A set that cannot be judged, because the record does not
 * say whose it is, leaves it alone as well.
 */
bool
exclude_match(const struct exclude *x, const struct exclude_subject *who, struct text *why);

enum selection {
	SELECTED,
	OUTSIDE,
	UNDECIDED, /* nobody knows, so it is left alone as by an exclusion that cannot be judged */
};

/*
 * exclude_selects - the other way round: does each kind of which x has entries
 * match this workspace?  If not, *why (cleared first) says which does not, and
 * where all others do, which cannot be judged.
 */
enum selection
exclude_selects(const struct exclude *x, const struct exclude_subject *who, struct text *why);

/* exclude_note - mark the entries that match this workspace, whichever of them decides. */
void
exclude_note(struct exclude *x, const struct exclude_subject *who);

/*
 * exclude_unseen - the next entry that matched none of the workspaces noted; NULL behind the last.
 * *at is 0 at first; *kind is the entry's.
 */
const struct exclude_entry *
exclude_unseen(const struct exclude *x, size_t *at, enum exclude_kind *kind);

#endif
