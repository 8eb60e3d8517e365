/*
 * buf.h - bytes that grow up to a ceiling named when the buffer is made.
 *
 * Going over the ceiling is remembered, not returned: b->over is set, that
 * append and all later ones are dropped, and the writer looks once at the end.
 * The bytes are always followed by a NUL that b->n does not count.
 */

#ifndef CWS_BUF_H
#define CWS_BUF_H

#include <stdbool.h>
#include <stddef.h>

#define BUF_RECORD_MAX ((size_t)16 << 20) /* one line, contract of the stream: cws(7) */
#define BUF_BODY_MAX ((size_t)64 << 20)   /* one reply of the API */

struct buf {
	char  *p; /* owned; NULL until the first append */
	size_t n;
	size_t cap;
	size_t max;
	bool   over;
};

/* buf_init - an empty buffer that may hold up to max bytes. */
void
buf_init(struct buf *b, size_t max);

/* buf_reset - forget the contents, keep the memory. */
void
buf_reset(struct buf *b);

/* buf_release - free the memory; the buffer is as after buf_init. */
void
buf_release(struct buf *b);

/* buf_put, buf_puts, buf_putc - append n bytes, a string, a byte. */
void
buf_put(struct buf *b, const char *p, size_t n);
void
buf_puts(struct buf *b, const char *s);
void
buf_putc(struct buf *b, char c);

/*
 * buf_space - append n bytes that the caller fills in at once; NULL when there is no room for them.
 */
char *
buf_space(struct buf *b, size_t n);

/* buf_printf - append formatted text. */
void
buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* buf_text - the contents as a string, "" when empty.  Borrowed until the next append. */
const char *
buf_text(const struct buf *b);

#endif
