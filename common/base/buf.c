/* buf.c - growable bytes with a ceiling. */

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void
buf_init(struct buf *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void
buf_reset(struct buf *b)
{
	b->n = 0;
	b->over = false;
	if (b->p != NULL)
		b->p[0] = '\0';
}

void
buf_release(struct buf *b)
{
	free(b->p);
	buf_init(b, b->max);
}

/*
 * Room for n more bytes and a NUL, which the buffer as it is does not have; or false with b->over
 * set.
 */
static bool
grow(struct buf *b, size_t n)
{
	size_t cap;

	if (b->over || n > b->max - b->n) {
		b->over = true;
		return false;
	}
	cap = b->cap ? b->cap : 256;
	while (cap <= b->n + n)
		cap *= 2;
	b->p = xrealloc(b->p, cap, 1);
	b->cap = cap;
	return true;
}

/* Memory may exceed the ceiling, so that is looked at as well. */
static inline bool
room(struct buf *b, size_t n)
{
	return (!b->over && n < b->cap - b->n && n <= b->max - b->n) || grow(b, n);
}

char *
buf_space(struct buf *b, size_t n)
{
	char *p;

	if (!room(b, n))
		return NULL;
	p = b->p + b->n;
	b->n += n;
	b->p[b->n] = '\0';
	return p;
}

void
buf_put(struct buf *b, const char *p, size_t n)
{
	if (n == 0 || !room(b, n))
		return;
	memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	if (!room(b, 1))
		return;
	b->p[b->n++] = c;
	b->p[b->n] = '\0';
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int     n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0 || !room(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

const char *
buf_text(const struct buf *b)
{
	return b->p != NULL ? b->p : "";
}
