/* words.c - an arena of texts, and a table that finds those that are there. */

#include "report/words.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

#define CHUNK ((size_t)64 << 10)

struct words_chunk {
	struct words_chunk *next;
	size_t              used, size;
	max_align_t         space[];
};

static void *
take(struct words *w, size_t n, size_t align)
{
	struct words_chunk *c = w->chunk;
	size_t              at = c != NULL ? (c->used + align - 1) / align * align : 0;

	if (c == NULL || at > c->size || n > c->size - at) {
		size_t size = n > CHUNK / 4 ? n : CHUNK;

		c = xcalloc(1, sizeof(*c) + size);
		c->size = size;
		c->next = w->chunk;
		w->chunk = c;
		at = 0;
	}
	c->used = at + n;
	return (char *)c->space + at;
}

void *
words_space(struct words *w, size_t n)
{
	return take(w, n, sizeof(max_align_t));
}

static uint64_t
hash_of(const char *p, size_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	size_t   i;

	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 32;
}

static size_t
place_of(const struct words *w, const char *p, size_t n)
{
	size_t at = (size_t)hash_of(p, n) & (w->size - 1);

	while (w->slot[at] != NULL && !(strncmp(w->slot[at], p, n) == 0 && w->slot[at][n] == '\0'))
		at = (at + 1) & (w->size - 1);
	return at;
}

static void
grow(struct words *w)
{
	const char **old = w->slot;
	size_t       i, size = w->size;

	w->size = size ? 2 * size : 1024;
	w->slot = xcalloc(w->size, sizeof(*w->slot));
	for (i = 0; i < size; i++)
		if (old[i] != NULL)
			w->slot[place_of(w, old[i], strlen(old[i]))] = old[i];
	free(old);
}

/* n bytes without a NUL. */
static const char *
intern(struct words *w, const char *p, size_t n)
{
	size_t at;
	char  *kept;

	if (2 * (w->n + 1) > w->size)
		grow(w);
	at = place_of(w, p, n);
	if (w->slot[at] != NULL)
		return w->slot[at];
	kept = take(w, n + 1, 1);
	memcpy(kept, p, n);
	w->slot[at] = kept;
	w->n++;
	return kept;
}

/* Append one character; false when the text is full, after "..." has replaced what it ends with. */
static bool
put_shown(struct buf *b, const char *c, size_t n, size_t max)
{
	if (b->n + (text_is_command(c, n) ? 1 : n) > max) {
		size_t end = max - 3;

		while (end > 0 && ((unsigned char)b->p[end] & 0xc0) == 0x80)
			end--;
		b->n = end;
		buf_puts(b, "...");
		return false;
	}
	if (text_is_command(c, n))
		buf_putc(b, '?');
	else
		buf_put(b, c, n);
	return true;
}

const char *
words_keep(struct words *w, const char *p, size_t n, size_t max)
{
	struct buf *b = &w->shown;
	const char *end = p + n;
	size_t      length;

	b->max = max + 8;
	buf_reset(b);
	for (; p < end; p += length) {
		length = (unsigned char)*p < 0x80 ? 1 : json_scan_utf8(p, end);
		if (!put_shown(b, length == 0 ? "?" : p, length == 0 ? 1 : length, max))
			break;
		if (length == 0)
			length = 1;
	}
	return intern(w, buf_text(b), b->n);
}

const char *
words_json(struct words *w, struct slice quoted, size_t max)
{
	struct buf *b = &w->decoded;
	size_t      at = 1;
	char        c[4];

	if (memchr(quoted.p, '\\', quoted.n) == NULL)
		return words_keep(w, quoted.p + 1, quoted.n - 2, max);
	/* What is cut off needs no decoding, but for the characters that tell that something is. */
	b->max = max + 16;
	buf_reset(b);
	while (at < quoted.n - 1 && b->n <= max + 4) {
		size_t length = slice_char(&quoted, &at, c);

		buf_put(b, c, length);
	}
	return words_keep(w, b->p, b->n, max);
}

void
words_release(struct words *w)
{
	struct words_chunk *c, *next;

	for (c = w->chunk; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(w->slot);
	buf_release(&w->shown);
	buf_release(&w->decoded);
	memset(w, 0, sizeof(*w));
}
