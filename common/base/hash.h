/*
 * hash.h - the one hash of our tables: eight bytes at a time, begun with a seed.  Pure.
 *
 * What is hashed, a server, a file or a person chose: without knowing the seed
 * nobody can choose keys that share a slot, so no input makes a table quadratic.
 * The numbers differ from run to run; nothing that is written depends on them.
 * Not for secrets, and no digest: a collision is only slow.
 */

#ifndef CWS_HASH_H
#define CWS_HASH_H

#include <stdint.h>
#include <string.h>

/*
 * hash_word - h, at first the seed, and eight bytes more.  Multiplied twice: after
 * once, words that differ in their last bytes alone would share their low bits whatever the seed.
 */
static inline uint64_t
hash_word(uint64_t h, uint64_t w)
{
	h = (h ^ w) * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ h >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

/* hash_load - eight bytes as a word, the first of them lowest on every machine. */
static inline uint64_t
hash_load(const void *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

/* hash_text - a string, begun with the seed. */
static inline uint64_t
hash_text(uint64_t seed, const char *s)
{
	size_t   n = strlen(s);
	uint64_t h = hash_word(seed, n), w = 0;

	for (; n >= sizeof(w); s += sizeof(w), n -= sizeof(w))
		h = hash_word(h, hash_load(s));
	memcpy(&w, s, n);
	return n != 0 ? hash_word(h, w) : h;
}

#endif
