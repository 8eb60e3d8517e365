/* exclude.c - match a workspace against names and patterns. */

#include "judge/exclude.h"

#include <string.h>

#include "base/ascii.h"

#define ID_LENGTH 36 /* of a UUID; no name in Coder is longer than 32 */

static const char *const kinds[EXCLUDE_KINDS] = { "owner", "template", "organization", "group",
	"workspace" };

/* The bracket that opens at p, up to e: its closing one, or NULL. */
static const char *
bracket_end(const char *p, const char *e)
{
	const char *q = p + 1;

	if (q < e && *q == '!')
		q++;
	return q < e ? memchr(q + 1, ']', (size_t)(e - q - 1)) : NULL;
}

static bool
bracket_has(const char *p, const char *close, char c)
{
	bool inverted = p[1] == '!', in = false;

	for (p += inverted ? 2 : 1; p < close; p++) {
		if (p + 2 < close && p[1] == '-') {
			in = in || (ascii_lower(c) >= ascii_lower(p[0]) &&
			                   ascii_lower(c) <= ascii_lower(p[2]));
			p += 2;
		} else {
			in = in || ascii_lower(c) == ascii_lower(*p);
		}
	}
	return in != inverted;
}

/*
 * Does the pattern p..e match the whole of s?  On a mismatch only the last star takes one more
 * byte.
 */
static bool
matches(const char *p, const char *e, const char *s)
{
	const char *star = NULL, *tried = s, *close;

	for (;;) {
		if (p < e && *p == '*') {
			star = ++p;
			tried = s;
			continue;
		}
		if (*s == '\0' && p == e)
			return true;
		if (*s != '\0' && p < e) {
			close = *p == '[' ? bracket_end(p, e) : NULL;
			if (close != NULL ? bracket_has(p, close, *s)
			                  : *p == '?' || ascii_lower(*p) == ascii_lower(*s)) {
				p = close != NULL ? close + 1 : p + 1;
				s++;
				continue;
			}
		}
		if (star == NULL || *tried == '\0')
			return false;
		p = star;
		s = ++tried;
	}
}

size_t
exclude_count(const char *list)
{
	size_t n = 1;

	for (; *list != '\0'; list++)
		n += *list == ',';
	return n;
}

size_t
exclude_room(size_t n)
{
	return names_room(n) * sizeof(struct names_slot) + n * sizeof(struct exclude_entry);
}

void
exclude_init(struct exclude_set *set, void *room, size_t n, uint64_t seed)
{
	struct names_slot *slot = room;

	memset(set, 0, sizeof(*set));
	names_init(&set->table, slot, n, seed);
	set->entry = (struct exclude_entry *)(void *)(slot + names_room(n));
	set->room = n;
}

/* No slash, or one, between an owner and a name. */
static bool
is_owner_and_name(const char *s, const char *e)
{
	const char *slash = memchr(s, '/', (size_t)(e - s));

	return slash == NULL || (slash > s && slash + 1 < e &&
	                                memchr(slash + 1, '/', (size_t)(e - slash - 1)) == NULL);
}

/* Can this name or pattern match anything that exists? */
static bool
is_entry(enum exclude_kind kind, const char *s, const char *e, bool *pattern)
{
	const char *close;

	*pattern = false;
	if (s == e || (kind == EXCLUDE_NAME && !is_owner_and_name(s, e)))
		return false;
	for (; s < e; s++) {
		if (*s <= ' ' || *s > '~' || (*s == '/' && kind != EXCLUDE_NAME))
			return false;
		*pattern = *pattern || *s == '*' || *s == '?' || *s == '[';
		if (*s != '[')
			continue;
		close = bracket_end(s, e);
		if (close == NULL || memchr(s, '/', (size_t)(close - s)) != NULL)
			return false;
		s = close;
	}
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
exclude_as_meant(enum exclude_kind kind, const char **s, size_t *n)
{
	const char *e = *s + *n, *dot;

	while (*s < e && is_blank(**s))
		++*s;
	while (e > *s && is_blank(e[-1]))
		e--;
	if ((kind == EXCLUDE_USER || kind == EXCLUDE_NAME) && *s < e && **s == '@')
		++*s;
	*n = (size_t)(e - *s);
	/* Coder's names have neither: an agent stands behind a dot, a domain behind an @. */
	if (kind == EXCLUDE_NAME && (dot = memchr(*s, '.', *n)) != NULL &&
	        memchr(dot, '/', (size_t)(e - dot)) == NULL &&
	        memchr(dot, ']', (size_t)(e - dot)) == NULL)
		*n = (size_t)(dot - *s);
	return memchr(*s, '@', *n) == NULL;
}

/*
 * The next entry of a list, as it is meant; n is 0 for nobody.  *list moves behind it, to NULL
 * after the last.
 */
static struct exclude_entry
next_entry(enum exclude_kind kind, const char **list)
{
	struct exclude_entry x = { .s = *list, .n = strcspn(*list, ",") };
	const char          *stop = x.s + x.n;

	*list = *stop != '\0' ? stop + 1 : NULL;
	if (!exclude_as_meant(kind, &x.s, &x.n))
		x.n = 0;
	return x;
}

bool
exclude_is_list(enum exclude_kind kind, const char *list)
{
	struct exclude_entry x;
	bool                 pattern;

	while (list != NULL) {
		x = next_entry(kind, &list);
		if (!is_entry(kind, x.s, x.s + x.n, &pattern))
			return false;
	}
	return true;
}

static bool
add_one(struct exclude_set *set, enum exclude_kind kind, struct exclude_entry x)
{
	bool pattern;

	if (!is_entry(kind, x.s, x.s + x.n, &pattern))
		return false;
	if (x.n == ID_LENGTH && !pattern && (kind == EXCLUDE_TEMPLATE || kind == EXCLUDE_ORG))
		set->ids = true;
	else if (memchr(x.s, '/', x.n) != NULL)
		set->owners = true;
	else
		set->names = true;
	if (set->setting == NULL)
		set->setting = x.setting;
	if (pattern) {
		set->entry[set->room - ++set->patterns] = x;
		return true;
	}
	names_add(&set->table, x.s, x.n, set->plain);
	set->entry[set->plain++] = x;
	return true;
}

bool
exclude_add(struct exclude *x, enum exclude_kind kind, const char *list, const char *setting)
{
	struct exclude_entry e;

	while (list != NULL) {
		e = next_entry(kind, &list);
		e.setting = setting;
		if (!add_one(&x->set[kind], kind, e))
			return false;
	}
	return true;
}

/*
 * Is this pattern, with or without an owner's part, one that matches owner/name, or just name where
 * owner is NULL?
 */
static bool
pattern_matches(const struct exclude_entry *x, const char *owner, const char *name)
{
	const char *slash = memchr(x->s, '/', x->n), *e = x->s + x->n;

	if (slash == NULL)
		return owner == NULL && matches(x->s, e, name);
	return owner != NULL && matches(x->s, slash, owner) && matches(slash + 1, e, name);
}

/* The entry that matches owner/name, or just name where owner is NULL. */
static const struct exclude_entry *
find(const struct exclude_set *set, const char *owner, const char *name)
{
	size_t    step = 0, i;
	ptrdiff_t number = names_find(&set->table, owner, name, &step);

	if (number >= 0)
		return &set->entry[number];
	for (i = 1; i <= set->patterns; i++)
		if (pattern_matches(&set->entry[set->room - i], owner, name))
			return &set->entry[set->room - i];
	return NULL;
}

static void
put_entry(struct text *why, const struct exclude_entry *x)
{
	char   s[97]; /* more than any name, less than the sentence has room for */
	size_t n = x->n < sizeof(s) ? x->n : sizeof(s) - 1;

	memcpy(s, x->s, n);
	s[n] = '\0';
	text_put(why, s);
}

/* What one set says of a workspace. */
struct found {
	enum { NOT_ASKED, MISSED, HIT, NOT_KNOWN } answer;
	const struct exclude_entry *entry; /* of a hit */
	const char                 *name;  /* what it matched, or the name that was not matched */
};

/* owner is NULL where entries cannot have a slash. */
static struct found
look_name(const struct exclude_set *set, const char *owner, const char *name, const char *id)
{
	struct found f = { MISSED, NULL, name != NULL ? name : id };

	if (name != NULL)
		f.entry = find(set, NULL, name);
	if (f.entry == NULL && id != NULL)
		f.entry = find(set, NULL, id);
	if (f.entry == NULL && name != NULL && owner != NULL)
		f.entry = find(set, owner, name);
	if (f.entry != NULL)
		f.answer = HIT;
	else if ((name == NULL && set->names) || (id == NULL && set->ids) ||
	         ((name == NULL || owner == NULL) && set->owners))
		f.answer = NOT_KNOWN;
	return f;
}

static struct found
look_group(const struct exclude_set *set, const struct exclude_subject *who)
{
	const char  *name = who->groups.first;
	struct found f = { name != NULL ? MISSED : NOT_KNOWN, NULL, NULL };
	size_t       i;

	for (i = 0; i < who->groups.n && f.entry == NULL; i++, name = word_next(name)) {
		f.entry = find(set, NULL, name);
		if (f.entry != NULL) {
			f.answer = HIT;
			f.name = name;
		}
	}
	return f;
}

static struct found
look(const struct exclude *x, enum exclude_kind kind, const struct exclude_subject *who)
{
	const struct exclude_set *set = &x->set[kind];

	if (!set->names && !set->ids && !set->owners)
		return (struct found){ NOT_ASKED, NULL, NULL };
	switch (kind) {
	case EXCLUDE_USER:
		return look_name(set, NULL, who->owner, NULL);
	case EXCLUDE_TEMPLATE:
		return look_name(set, NULL, who->template_name, who->template_id);
	case EXCLUDE_ORG:
		return look_name(set, NULL, who->org_name, who->org_id);
	case EXCLUDE_GROUP:
		return look_group(set, who);
	case EXCLUDE_NAME:
	case EXCLUDE_KINDS:
		break;
	}
	return look_name(set, who->owner, who->workspace, NULL);
}

static void
put_not_known(struct text *why, enum exclude_kind kind, const char *setting)
{
	text_put(why, "the record does not say its ");
	text_put(why, kind == EXCLUDE_GROUP ? "owner's groups (cws-fetch --with groups; without a "
	                                      "licence, name the owners)"
	                                    : kinds[kind]);
	text_put(why, ", so ");
	text_put(why, setting);
	text_put(why, " cannot be judged");
}

bool
exclude_match(const struct exclude *x, const struct exclude_subject *who, struct text *why)
{
	enum exclude_kind kind;
	struct found      f;

	text_clear(why);
	for (kind = 0; kind < EXCLUDE_KINDS; kind++) {
		f = look(x, kind, who);
		if (f.answer == NOT_KNOWN) {
			text_put(why, "left alone: ");
			put_not_known(why, kind, x->set[kind].setting);
			return true;
		}
		if (f.answer != HIT)
			continue;
		text_put(why, kinds[kind]);
		text_put(why, " ");
		text_put(why, f.name);
		text_put(why, " is excluded (");
		text_put(why, f.entry->setting);
		text_put(why, " ");
		put_entry(why, f.entry);
		text_put(why, ")");
		return true;
	}
	return false;
}

enum selection
exclude_selects(const struct exclude *x, const struct exclude_subject *who, struct text *why)
{
	enum exclude_kind kind, unknown = EXCLUDE_KINDS;
	struct found      f;

	text_clear(why);
	for (kind = 0; kind < EXCLUDE_KINDS; kind++) {
		f = look(x, kind, who);
		if (f.answer == NOT_KNOWN && unknown == EXCLUDE_KINDS)
			unknown = kind;
		if (f.answer != MISSED)
			continue;
		text_put(why, "not selected: ");
		text_put(why, kind == EXCLUDE_GROUP ? "every group of its owner" : kinds[kind]);
		if (f.name != NULL) {
			text_put(why, " ");
			text_put(why, f.name);
		}
		text_put(why, " is outside ");
		text_put(why, x->set[kind].setting);
		return OUTSIDE;
	}
	if (unknown == EXCLUDE_KINDS)
		return SELECTED;
	text_put(why, "left alone: ");
	put_not_known(why, unknown, x->set[unknown].setting);
	return UNDECIDED;
}

/* Mark what matches one name of a workspace: owner/name, or just name where owner is NULL. */
static void
note_name(struct exclude_set *set, const char *owner, const char *name)
{
	size_t    step = 0, i;
	ptrdiff_t number;

	if (name == NULL)
		return;
	while ((number = names_find(&set->table, owner, name, &step)) >= 0)
		if (!set->entry[number].seen) {
			set->entry[number].seen = true;
			set->noted++;
		}
	for (i = 1; i <= set->patterns; i++) {
		struct exclude_entry *x = &set->entry[set->room - i];

		if (!x->seen && pattern_matches(x, owner, name)) {
			x->seen = true;
			set->noted++;
		}
	}
}

void
exclude_note(struct exclude *x, const struct exclude_subject *who)
{
	const char *const name[EXCLUDE_KINDS] = { [EXCLUDE_USER] = who->owner,
		[EXCLUDE_TEMPLATE] = who->template_name,
		[EXCLUDE_ORG] = who->org_name,
		[EXCLUDE_NAME] = who->workspace };
	const char *const id[EXCLUDE_KINDS] = {
		[EXCLUDE_TEMPLATE] = who->template_id, [EXCLUDE_ORG] = who->org_id
	};
	const char *group = who->groups.first;
	size_t      kind, i;

	for (kind = 0; kind < EXCLUDE_KINDS; kind++) {
		struct exclude_set *set = &x->set[kind];

		/* As soon as each has matched, there is nothing left to look for. */
		if (set->noted == set->plain + set->patterns)
			continue;
		note_name(set, NULL, name[kind]);
		note_name(set, NULL, id[kind]);
		if (kind == EXCLUDE_NAME && who->owner != NULL)
			note_name(set, who->owner, who->workspace);
		for (i = 0; kind == EXCLUDE_GROUP && i < who->groups.n;
		        i++, group = word_next(group))
			note_name(set, NULL, group);
	}
}

const struct exclude_entry *
exclude_unseen(const struct exclude *x, size_t *at, enum exclude_kind *kind)
{
	size_t k, before = 0, i;

	for (k = 0; k < EXCLUDE_KINDS; before += x->set[k++].room)
		for (i = *at > before ? *at - before : 0; i < x->set[k].room; i++)
			/* Names lie at the front of the room, patterns at its back. */
			if (!x->set[k].entry[i].seen && x->set[k].entry[i].s != NULL) {
				*at = before + i + 1;
				*kind = (enum exclude_kind)k;
				return &x->set[k].entry[i];
			}
	return NULL;
}
