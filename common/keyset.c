/* keyset.c - open addressing; a slot counts only if it was written in the present turn. */

#include "keyset.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

#define FIRST_SIZE 256

static bool
is_escaped(const struct slice *name)
{
	return memchr(name->p, '\\', name->n) != NULL;
}

static uint32_t
mix(uint64_t h, uint64_t w)
{
	h = (h ^ w) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 32);
}

static uint32_t
hash_of(const struct slice *name)
{
	uint32_t h = 0;
	uint64_t w;
	size_t   at = 0, n;
	char     c[4];

	if (is_escaped(name)) {
		char   word[8];
		size_t have = 0, i;

		while (at < name->n)
			for (n = slice_char(name, &at, c), i = 0; i < n; i++) {
				word[have++] = c[i];
				if (have == sizeof(word)) {
					memcpy(&w, word, 8);
					h = mix(h, w);
					have = 0;
				}
			}
		w = 0;
		memcpy(&w, word, have);
		return mix(h, w);
	}
	for (; name->n - at >= 8; at += 8) {
		memcpy(&w, name->p + at, 8);
		h = mix(h, w);
	}
	w = 0;
	memcpy(&w, name->p + at, name->n - at);
	return mix(h, w);
}

static bool
same(const struct slice *a, const struct slice *b)
{
	size_t i = 0, j = 0, n;
	char   x[4], y[4];

	if (!is_escaped(a) && !is_escaped(b))
		return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
	/* A plain multi-byte character comes byte by byte, an escaped one at once: compare bytes. */
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

/* The slot of this name: one that holds it, or the free one where it belongs. */
static struct keyslot *
find(const struct keyset *k, const struct slice *name, uint32_t hash)
{
	size_t i = hash & (k->size - 1);

	while (k->slot[i].turn == k->turn && !(k->slot[i].hash == hash && same(&k->slot[i].name, name)))
		i = (i + 1) & (k->size - 1);
	return &k->slot[i];
}

static void
grow(struct keyset *k)
{
	struct keyset wide = { .size = k->size ? 2 * k->size : FIRST_SIZE, .used = k->used, .turn = k->turn };
	size_t        i;

	wide.slot = xcalloc(wide.size, sizeof(*wide.slot));
	for (i = 0; i < k->size; i++)
		if (k->slot[i].turn == k->turn)
			*find(&wide, &k->slot[i].name, k->slot[i].hash) = k->slot[i];
	free(k->slot);
	*k = wide;
}

void
keyset_begin(struct keyset *k)
{
	k->used = 0;
	if (++k->turn == 0) { /* after four thousand million objects old turns would come back */
		free(k->slot);
		k->slot = NULL;
		k->size = 0;
		k->turn = 1;
	}
}

bool
keyset_add(struct keyset *k, const struct slice *name)
{
	uint32_t        hash = hash_of(name);
	struct keyslot *at;

	if (2 * k->used >= k->size)
		grow(k);
	at = find(k, name, hash);
	if (at->turn == k->turn)
		return false;
	at->name = *name;
	at->hash = hash;
	at->turn = k->turn;
	k->used++;
	return true;
}

void
keyset_release(struct keyset *k)
{
	free(k->slot);
	memset(k, 0, sizeof(*k));
}
