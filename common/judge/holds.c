/* holds.c - find the hold of a workspace. */

#include "judge/holds.h"

#include <string.h>

#include "base/ascii.h"

#define SAID_MAX 80 /* of who and why: the sentence has more to say */

bool
holds_is_workspace(const char *text)
{
	const char *p, *slash = strchr(text, '/');

	for (p = text; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("*?[]", *p) != NULL) /* a pattern would hold nothing */
			return false;
	return slash != NULL && slash != text && slash[1] != '\0' && strchr(slash + 1, '/') == NULL;
}

size_t
holds_room(size_t n)
{
	size_t slots = 4;

	while (slots < 2 * n)
		slots *= 2;
	return slots;
}

void
holds_init(struct holds *h, const struct hold *hold, size_t n, uint32_t *room)
{
	size_t i, at;

	h->hold = hold;
	h->n = n;
	h->slot = room;
	h->slots = holds_room(n);
	for (i = 0; i < n; i++) {
		at = ascii_hash(ASCII_HASH_START, hold[i].workspace,
		        strlen(hold[i].workspace)) & (h->slots - 1);
		while (room[at] != 0)
			at = (at + 1) & (h->slots - 1);
		room[at] = (uint32_t)i + 1;
	}
}

/* Cut at a character's boundary. */
static void
put_said(struct text *why, const char *said)
{
	char   s[SAID_MAX + 1];
	size_t n = strlen(said);

	if (n > SAID_MAX)
		for (n = SAID_MAX; n > 0 && ((unsigned char)said[n] & 0xc0) == 0x80; n--)
			continue;
	memcpy(s, said, n);
	s[n] = '\0';
	text_put(why, s);
}

static bool
is_of(const struct hold *hold, const char *owner, size_t owner_n, const char *name, size_t name_n)
{
	const char *w = hold->workspace;

	return strlen(w) == owner_n + 1 + name_n && w[owner_n] == '/' && ascii_same(w, owner, owner_n) &&
	       ascii_same(w + owner_n + 1, name, name_n);
}

bool
holds_match(const struct holds *h, const char *owner, const char *name, int64_t now_us, struct text *why)
{
	const struct hold *best = NULL, *x;
	size_t             owner_n, name_n, at;
	uint64_t           hash;

	text_clear(why);
	if (h->n == 0)
		return false;
	if (owner == NULL || name == NULL) {
		text_put(why,
		        "left alone: the record does not say its owner and name, so --holds cannot be "
		        "judged");
		return true;
	}
	owner_n = strlen(owner);
	name_n = strlen(name);
	hash = ascii_hash(ascii_hash(ascii_hash(ASCII_HASH_START, owner, owner_n), "/", 1), name, name_n);
	for (at = hash & (h->slots - 1); h->slot[at] != 0; at = (at + 1) & (h->slots - 1)) {
		x = &h->hold[h->slot[at] - 1];
		if (x->until_us > now_us && (best == NULL || x->until_us > best->until_us) &&
		    is_of(x, owner, owner_n, name, name_n))
			best = x;
	}
	if (best == NULL)
		return false;
	text_put(why, "held until ");
	text_instant(why, best->until_us);
	if (best->who != NULL) {
		text_put(why, " by ");
		put_said(why, best->who);
	}
	if (best->why != NULL) {
		text_put(why, ": ");
		put_said(why, best->why);
	}
	return true;
}

const struct hold *
holds_expired(const struct holds *h, int64_t now_us, size_t *count)
{
	const struct hold *first = NULL;
	size_t             i;

	*count = 0;
	for (i = 0; i < h->n; i++)
		if (h->hold[i].until_us <= now_us) {
			if (first == NULL)
				first = &h->hold[i];
			++*count;
		}
	return first;
}
