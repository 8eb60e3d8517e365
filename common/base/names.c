/* names.c - open addressing with linear probing, at most half full. */

#include "base/names.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hash.h"

/* A hash in the making: a name may come in parts. */
struct name_hash {
	uint64_t h, w;
	unsigned have; /* bytes in w */
};

static void
hash_part(struct name_hash *x, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		x->w |= (uint64_t)ascii_lower(s[i]) << (8 * x->have);
		if (++x->have == 8) {
			x->h = hash_word(x->h, x->w);
			x->w = x->have = 0;
		}
	}
}

size_t
names_room(size_t n)
{
	size_t slots = 4;

	while (slots < 2 * n)
		slots *= 2;
	return slots;
}

void
names_init(struct names *t, struct names_slot *room, size_t n, uint64_t seed)
{
	t->slot = room;
	t->slots = names_room(n);
	t->seed = seed;
}

void
names_add(struct names *t, const char *s, size_t n, size_t number)
{
	struct name_hash x = { .h = t->seed };
	size_t           at;

	hash_part(&x, s, n);
	at = hash_word(x.h, x.w) & (t->slots - 1);
	while (t->slot[at].s != NULL)
		at = (at + 1) & (t->slots - 1);
	t->slot[at] = (struct names_slot){ s, (uint32_t)n, (uint32_t)number };
}

static int
is_name(const struct names_slot *x, const char *owner, size_t head, const char *name, size_t n)
{
	return x->n == head + n && ascii_same(x->s + head, name, n) &&
	       (head == 0 || (x->s[head - 1] == '/' && ascii_same(x->s, owner, head - 1)));
}

ptrdiff_t
names_find(const struct names *t, const char *owner, const char *name, size_t *step)
{
	struct name_hash         x = { .h = t->seed };
	size_t                   n = strlen(name), home;
	size_t                   head = owner != NULL ? strlen(owner) + 1 : 0;
	const struct names_slot *slot;

	if (t->slots == 0)
		return -1;
	if (owner != NULL) {
		hash_part(&x, owner, head - 1);
		hash_part(&x, "/", 1);
	}
	hash_part(&x, name, n);
	home = hash_word(x.h, x.w);
	for (;;) {
		slot = &t->slot[(home + *step) & (t->slots - 1)];
		if (slot->s == NULL)
			return -1;
		++*step;
		if (is_name(slot, owner, head, name, n))
			return (ptrdiff_t)slot->number;
	}
}
