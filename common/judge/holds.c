/* holds.c - find the hold of a workspace. */

#include "judge/holds.h"

#include <string.h>

#define SAID_MAX 80 /* of who and why: the sentence has more to say */

bool
holds_is_workspace(const char *text)
{
	const char *p, *slash = strchr(text, '/');

	for (p = text; *p != '\0'; p++)
		/* a pattern would hold nothing */
		if (*p <= ' ' || *p > '~' || strchr("*?[]", *p) != NULL)
			return false;
	return slash != NULL && slash != text && slash[1] != '\0' && strchr(slash + 1, '/') == NULL;
}

void
holds_init(
        struct holds *h, const struct hold *hold, size_t n, struct names_slot *room, uint64_t seed)
{
	size_t i;

	h->hold = hold;
	h->n = n;
	names_init(&h->names, room, n, seed);
	for (i = 0; i < n; i++)
		names_add(&h->names, hold[i].workspace, strlen(hold[i].workspace), i);
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

bool
holds_match(const struct holds *h, const char *owner, const char *name, int64_t now_us,
        struct text *why)
{
	const struct hold *best = NULL, *x;
	ptrdiff_t          number;
	size_t             step = 0;

	text_clear(why);
	if (h->n == 0)
		return false;
	if (owner == NULL || name == NULL) {
		text_put(why, "left alone: the record does not say its owner and name, so --holds "
		              "cannot be "
		              "judged");
		return true;
	}
	while ((number = names_find(&h->names, owner, name, &step)) >= 0) {
		x = &h->hold[number];
		if (x->until_us > now_us && (best == NULL || x->until_us > best->until_us))
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
