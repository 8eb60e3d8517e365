/* exclude.c - match a workspace against names and patterns. */

#include "exclude.h"

#include <stdint.h>
#include <string.h>

#define ID_LENGTH 36 /* of a UUID; no name in Coder is longer than 32 */

static const char *const kinds[EXCLUDE_KINDS] = { "owner", "template", "organization", "workspace" };

static unsigned char
fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool
same(const char *a, const char *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (fold(a[i]) != fold(b[i]))
			return false;
	return true;
}

/* FNV-1a, continued from h. */
static uint64_t
hash(uint64_t h, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ fold(s[i])) * UINT64_C(0x100000001b3);
	return h;
}
#define HASH_START UINT64_C(0xcbf29ce484222325)

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
	bool not = p[1] == '!', in = false;

	for (p += not ? 2 : 1; p < close; p++) {
		if (p + 2 < close && p[1] == '-') {
			in = in || (fold(c) >= fold(p[0]) && fold(c) <= fold(p[2]));
			p += 2;
		} else {
			in = in || fold(c) == fold(*p);
		}
	}
	return in != not;
}

/* Does the pattern p..e match the whole of s?  On a mismatch only the last star takes one more byte. */
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
			if (close != NULL ? bracket_has(p, close, *s) : *p == '?' || fold(*p) == fold(*s)) {
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

static size_t
slots_for(size_t n)
{
	size_t slots = 4;

	while (slots < 2 * n)
		slots *= 2;
	return slots;
}

size_t
exclude_room(size_t n)
{
	return slots_for(n) + n;
}

void
exclude_init(struct exclude_set *set, struct exclude_entry *room, size_t n)
{
	memset(set, 0, sizeof(*set));
	set->slot = room;
	set->slots = slots_for(n);
	set->pattern = room + set->slots;
}

static size_t
next(const struct exclude_set *set, size_t i)
{
	return (i + 1) & (set->slots - 1);
}

/* Can this name or pattern match anything that exists? */
static bool
is_entry(enum exclude_kind kind, const char *s, const char *e, bool *pattern)
{
	const char *close;

	*pattern = false;
	if (s == e)
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

/* The next entry of a list, without the blanks around it; *list moves behind it, to NULL after the last. */
static struct exclude_entry
next_entry(const char **list)
{
	const char *s = *list + strspn(*list, " \t"), *stop = s + strcspn(s, ","), *e;

	for (e = stop; e > s && (e[-1] == ' ' || e[-1] == '\t'); e--)
		continue;
	*list = *stop != '\0' ? stop + 1 : NULL;
	return (struct exclude_entry){ s, (size_t)(e - s), NULL };
}

bool
exclude_is_list(enum exclude_kind kind, const char *list)
{
	struct exclude_entry x;
	bool                 pattern;

	while (list != NULL) {
		x = next_entry(&list);
		if (!is_entry(kind, x.s, x.s + x.n, &pattern))
			return false;
	}
	return true;
}

static bool
add_one(struct exclude_set *set, enum exclude_kind kind, struct exclude_entry x)
{
	bool   pattern;
	size_t i;

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
		set->pattern[set->patterns++] = x;
		return true;
	}
	i = hash(HASH_START, x.s, x.n) & (set->slots - 1);
	while (set->slot[i].s != NULL)
		i = next(set, i);
	set->slot[i] = x;
	return true;
}

bool
exclude_add(struct exclude *x, enum exclude_kind kind, const char *list, const char *setting)
{
	struct exclude_entry e;

	while (list != NULL) {
		e = next_entry(&list);
		e.setting = setting;
		if (!add_one(&x->set[kind], kind, e))
			return false;
	}
	return true;
}

/* The entry that matches owner/name, or just name where owner is NULL. */
static const struct exclude_entry *
find(const struct exclude_set *set, const char *owner, const char *name)
{
	size_t      name_n = strlen(name), head = owner != NULL ? strlen(owner) + 1 : 0, i;
	uint64_t    h = HASH_START;
	const char *slash;

	if (owner != NULL)
		h = hash(hash(h, owner, head - 1), "/", 1);
	for (i = hash(h, name, name_n) & (set->slots - 1); set->slot[i].s != NULL; i = next(set, i)) {
		const struct exclude_entry *x = &set->slot[i];

		if (x->n == head + name_n && same(x->s + head, name, name_n) &&
		    (head == 0 || (x->s[head - 1] == '/' && same(x->s, owner, head - 1))))
			return x;
	}
	for (i = 0; i < set->patterns; i++) {
		const struct exclude_entry *x = &set->pattern[i];

		slash = memchr(x->s, '/', x->n);
		if (slash == NULL && owner == NULL && matches(x->s, x->s + x->n, name))
			return x;
		if (slash != NULL && owner != NULL && matches(x->s, slash, owner) &&
		    matches(slash + 1, x->s + x->n, name))
			return x;
	}
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

/* owner is NULL where entries cannot have a slash. */
static bool
match_set(const struct exclude *x, enum exclude_kind kind, const char *owner, const char *name,
          const char *id, struct text *why)
{
	const struct exclude_set   *set = &x->set[kind];
	const struct exclude_entry *hit = NULL;
	bool                        judged;

	if (!set->names && !set->ids && !set->owners)
		return false;
	if (name != NULL)
		hit = find(set, NULL, name);
	if (hit == NULL && id != NULL)
		hit = find(set, NULL, id);
	if (hit == NULL && name != NULL && owner != NULL)
		hit = find(set, owner, name);
	judged = hit != NULL || ((name != NULL || !set->names) && (id != NULL || !set->ids) &&
	                         ((name != NULL && owner != NULL) || !set->owners));
	if (hit == NULL && judged)
		return false;
	if (!judged)
		text_put(why, "left alone: the record does not say its ");
	text_put(why, kinds[kind]);
	if (judged) {
		text_put(why, " ");
		text_put(why, name != NULL ? name : id);
		text_put(why, " is excluded (");
		text_put(why, hit->setting);
		text_put(why, " ");
		put_entry(why, hit);
		text_put(why, ")");
	} else {
		text_put(why, ", so ");
		text_put(why, set->setting);
		text_put(why, " cannot be judged");
	}
	return true;
}

bool
exclude_match(const struct exclude *x, const struct exclude_subject *who, struct text *why)
{
	text_clear(why);
	return match_set(x, EXCLUDE_USER, NULL, who->owner, NULL, why) ||
	       match_set(x, EXCLUDE_TEMPLATE, NULL, who->template_name, who->template_id, why) ||
	       match_set(x, EXCLUDE_ORG, NULL, who->org_name, who->org_id, why) ||
	       match_set(x, EXCLUDE_NAME, who->owner, who->workspace, NULL, why);
}
