/* json_keys.c - open addressing; a slot counts only if it was written in the present turn. */

#include "base/json_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "base/xalloc.h"

#define FIRST_SIZE 128 /* 3 KB; the largest object of a record has some thirty names */

/* A name is hashed in words of eight bytes; the last one may have fewer. */
static uint32_t
hash_of_plain(uint64_t h, const struct slice *name)
{
	uint64_t w = 0;
	size_t   at, i, left = name->n % 8;

	for (at = 0; at + 8 <= name->n; at += 8)
		h = hash_word(h, hash_load(name->p + at));
	if (at != 0 && left != 0)
		w = hash_load(name->p + name->n - 8) >> (64 - 8 * left);
	else
		for (i = 0; i < left; i++)
			w |= (uint64_t)(unsigned char)name->p[at + i] << (8 * i);
	return (uint32_t)hash_word(h, w);
}

/* The same, of the name that the escapes mean. */
__attribute__((noinline)) static uint32_t
hash_of_escaped(uint64_t h, const struct slice *name)
{
	uint64_t w = 0;
	size_t   at = 0, have = 0, i, n;
	char     c[4];

	while (at < name->n)
		for (n = slice_char(name, &at, c), i = 0; i < n; i++) {
			w |= (uint64_t)(unsigned char)c[i] << (8 * have);
			if (++have == 8) {
				h = hash_word(h, w);
				w = have = 0;
			}
		}
	return (uint32_t)hash_word(h, w);
}

/* Names as their escapes mean them. */
__attribute__((noinline)) static bool
same_decoded(const struct slice *a, const struct slice *b)
{
	size_t i = 0, j = 0, n;
	char   x[4], y[4];

	/*
	 * A plain multi-byte character comes byte by byte, an escaped one at once: compare bytes.
	 */
	for (;;) {
		size_t m, k;

		if (i == a->n || j == b->n)
			return i == a->n && j == b->n;
		n = slice_char(a, &i, x);
		m = slice_char(b, &j, y);
		while (n < m && i < a->n && a->p[i] != '\\')
			x[n++] = a->p[i++];
		while (m < n && j < b->n && b->p[j] != '\\')
			y[m++] = b->p[j++];
		for (k = 0; k < n || k < m; k++)
			if (k >= n || k >= m || x[k] != y[k])
				return false;
	}
}

/* Names of one hash: the same bytes are the same name, and hardly ever is there more to compare. */
static bool
same(const struct slice *a, const struct slice *b)
{
	return (a->n == b->n && memcmp(a->p, b->p, a->n) == 0) || same_decoded(a, b);
}

/* The slot of this name: one that holds it, or the free one where it belongs. */
static struct json_keys_slot *
find(const struct json_keys *k, const struct slice *name, uint32_t hash)
{
	size_t i = hash & (k->size - 1);

	while (k->slot[i].turn == k->turn &&
	        !(k->slot[i].hash == hash && same(&k->slot[i].name, name)))
		i = (i + 1) & (k->size - 1);
	return &k->slot[i];
}

static void
grow(struct json_keys *k)
{
	struct json_keys wide = { .size = k->size ? 2 * k->size : FIRST_SIZE,
		.used = k->used,
		.turn = k->turn,
		.seed = k->seed };
	size_t           i;

	wide.slot = xcalloc(wide.size, sizeof(*wide.slot));
	for (i = 0; i < k->size; i++)
		if (k->slot[i].turn == k->turn)
			*find(&wide, &k->slot[i].name, k->slot[i].hash) = k->slot[i];
	free(k->slot);
	*k = wide;
}

static inline bool
put(struct json_keys *k, struct json_keys_slot *at, const struct slice *name, uint32_t hash)
{
	at->name = *name;
	at->hash = hash;
	at->turn = k->turn;
	k->used++;
	return true;
}

/* With a set that is full or a slot that is taken. */
__attribute__((noinline)) static bool
add(struct json_keys *k, const struct slice *name, uint32_t hash)
{
	struct json_keys_slot *at;

	if (2 * k->used >= k->size)
		grow(k);
	at = find(k, name, hash);
	return at->turn != k->turn && put(k, at, name, hash);
}

void
json_keys_begin(struct json_keys *k)
{
	k->used = 0;
	if (k->seed == 0)
		k->seed = random_u64();
	if (++k->turn == 0) { /* after four thousand million objects old turns would come back */
		free(k->slot);
		k->slot = NULL;
		k->size = 0;
		k->turn = 1;
	}
}

/* Nearly every name is plain, new and alone in its slot: no call, no register to save. */
bool
json_keys_add(struct json_keys *k, const struct slice *name, bool plain)
{
	struct json_keys_slot *at;
	uint32_t               hash;

	if (!plain)
		return add(k, name, hash_of_escaped(k->seed, name));
	hash = hash_of_plain(k->seed, name);
	if (2 * k->used >= k->size)
		return add(k, name, hash);
	at = &k->slot[hash & (k->size - 1)];
	return at->turn == k->turn ? add(k, name, hash) : put(k, at, name, hash);
}

void
json_keys_release(struct json_keys *k)
{
	free(k->slot);
	memset(k, 0, sizeof(*k));
}
