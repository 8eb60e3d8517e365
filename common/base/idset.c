/* idset.c - open addressing with linear probing, at most half full. */

#include "base/idset.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define FIRST_SIZE 64

/* Ids are not always random (imported, copied): mix all of them. */
static size_t
hash(const struct uuid *id)
{
	uint64_t a, b;

	memcpy(&a, id->byte, 8);
	memcpy(&b, id->byte + 8, 8);
	a = (a ^ (b >> 31) ^ (b << 33)) * UINT64_C(0x9e3779b97f4a7c15);
	a = (a ^ a >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return (size_t)(a ^ a >> 32);
}

/* The slot that holds id, or the free one where it belongs. */
static struct idslot *
probe(const struct idset *set, const struct uuid *id)
{
	size_t at = hash(id) & (set->size - 1);

	while (set->slot[at].turn == set->turn && memcmp(&set->slot[at].id, id, sizeof(*id)) != 0)
		at = (at + 1) & (set->size - 1);
	return &set->slot[at];
}

static void
grow(struct idset *set)
{
	struct idset old = *set;
	size_t       i;

	set->size = old.size == 0 ? FIRST_SIZE : old.size * 2;
	set->slot = xcalloc(set->size, sizeof(*set->slot));
	set->turn = 1;
	for (i = 0; i < old.size; i++)
		if (old.slot[i].turn == old.turn) {
			struct idslot *s = probe(set, &old.slot[i].id);

			*s = old.slot[i];
			s->turn = set->turn;
		}
	free(old.slot);
}

size_t
idset_add(struct idset *set, const struct uuid *id, bool *fresh)
{
	struct idslot *s;
	bool           is_new;

	if (set->n * 2 >= set->size)
		grow(set);
	s = probe(set, id);
	is_new = s->turn != set->turn;
	if (is_new) {
		s->id = *id;
		s->turn = set->turn;
		s->number = (uint32_t)set->n++;
	}
	if (fresh != NULL)
		*fresh = is_new;
	return s->number;
}

ptrdiff_t
idset_find(const struct idset *set, const struct uuid *id)
{
	const struct idslot *s;

	if (set->size == 0)
		return -1;
	s = probe(set, id);
	return s->turn == set->turn ? (ptrdiff_t)s->number : -1;
}

void
idset_reset(struct idset *set)
{
	set->n = 0;
	if (set->size == 0)
		return;
	if (++set->turn == 0) { /* the turns have come round: old slots would look used */
		memset(set->slot, 0, set->size * sizeof(*set->slot));
		set->turn = 1;
	}
}

void
idset_release(struct idset *set)
{
	free(set->slot);
	memset(set, 0, sizeof(*set));
}
