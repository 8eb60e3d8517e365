/* idset.c - open addressing with linear probing, at most half full. */

#include "base/idset.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/xalloc.h"

#define FIRST_SIZE 64

static size_t
hash(const struct idset *set, const struct uuid *id)
{
	return (size_t)hash_word(
	        hash_word(set->seed, hash_load(id->byte)), hash_load(id->byte + 8));
}

/* The slot that holds id, or the free one where it belongs. */
static struct idslot *
probe(const struct idset *set, const struct uuid *id)
{
	size_t at = hash(set, id) & (set->size - 1);

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
	if (set->seed == 0)
		set->seed = random_u64();
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
