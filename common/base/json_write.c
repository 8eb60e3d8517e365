/* json_write.c - JSON text of the members we add. */

#include "base/json_write.h"

#include <string.h>

#include "base/json_scan.h"
#include "base/rfc3339.h"
#include "base/text.h"

/* Comma and name of a member, and space for the n bytes of its value; NULL when there is none. */
static char *
begin(struct buf *b, const char *name, size_t n)
{
	char   last = b->n != 0 ? b->p[b->n - 1] : '{';
	bool   comma = last != '{' && last != '[' && last != ':';
	size_t length = name != NULL ? strlen(name) : 0;
	char  *p = buf_space(b, comma + (name != NULL ? length + 3 : 0) + n);

	if (p == NULL)
		return NULL;
	if (comma)
		*p++ = ',';
	if (name != NULL) {
		*p++ = '"';
		memcpy(p, name, length);
		p += length;
		*p++ = '"';
		*p++ = ':';
	}
	return p;
}

/* A member whose value is these bytes. */
static void
value(struct buf *b, const char *name, const char *json, size_t n)
{
	char *p = begin(b, name, n);

	if (p != NULL)
		memcpy(p, json, n);
}

/* A string that needs no escapes. */
static void
plain(struct buf *b, const char *name, const char *text, size_t n)
{
	char *p = begin(b, name, n + 2);

	if (p == NULL)
		return;
	p[0] = p[n + 1] = '"';
	memcpy(p + 1, text, n);
}

void
json_write_open(struct buf *b, const char *name)
{
	value(b, name, "{", 1);
}

void
json_write_close(struct buf *b)
{
	buf_putc(b, '}');
}

void
json_write_array(struct buf *b, const char *name)
{
	value(b, name, "[", 1);
}

void
json_write_array_end(struct buf *b)
{
	buf_putc(b, ']');
}

/* The first byte that cannot stand in a string as it is, or the NUL. */
static const char *
odd_byte(const char *p)
{
	while ((unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
		p++;
	return p;
}

void
json_write_text(struct buf *b, const char *name, const char *text)
{
	const char *p, *odd;

	if (text == NULL) {
		json_write_null(b, name);
		return;
	}
	odd = odd_byte(text);
	if (*odd == '\0') {
		plain(b, name, text, (size_t)(odd - text));
		return;
	}
	value(b, name, "\"", 1);
	for (p = text; *odd != '\0'; p = odd + 1, odd = odd_byte(p)) {
		buf_put(b, p, (size_t)(odd - p));
		if ((unsigned char)*odd < 0x20)
			buf_printf(b, "\\u%04x", (unsigned)(unsigned char)*odd);
		else
			buf_printf(b, "\\%c", *odd);
	}
	buf_put(b, p, (size_t)(odd - p));
	buf_putc(b, '"');
}

void
json_write_foreign(struct buf *b, const char *name, const char *text)
{
	const char *end = text + strlen(text);
	struct buf  clean;
	size_t      n;

	buf_init(&clean, BUF_RECORD_MAX);
	for (; text < end; text += n) {
		n = (unsigned char)*text < 0x80 ? 1 : json_scan_utf8(text, end);
		if (n != 0)
			buf_put(&clean, text, n);
		else
			buf_putc(&clean, '?');
		n += n == 0;
	}
	json_write_text(b, name, clean.n != 0 ? buf_text(&clean) : NULL);
	buf_release(&clean);
}

void
json_write_int(struct buf *b, const char *name, int64_t v)
{
	struct text t;

	text_clear(&t);
	text_int(&t, v);
	value(b, name, t.s, t.n);
}

void
json_write_int_or_null(struct buf *b, const char *name, bool known, int64_t v)
{
	if (known)
		json_write_int(b, name, v);
	else
		json_write_null(b, name);
}

void
json_write_null(struct buf *b, const char *name)
{
	value(b, name, "null", 4);
}

void
json_write_flag(struct buf *b, const char *name, bool v)
{
	if (v)
		value(b, name, "true", 4);
	else
		value(b, name, "false", 5);
}

void
json_write_when(struct buf *b, const char *name, struct when w)
{
	char s[RFC3339_SIZE];

	if (!w.known) {
		json_write_null(b, name);
		return;
	}
	rfc3339_print(s, w.us);
	plain(b, name, s, strlen(s));
}

void
json_write_when_exact(struct buf *b, const char *name, struct when w)
{
	char s[RFC3339_EXACT_SIZE];

	if (!w.known) {
		json_write_null(b, name);
		return;
	}
	rfc3339_print_exact(s, w.us);
	plain(b, name, s, strlen(s));
}

void
json_write_raw(struct buf *b, const char *name, const char *json, size_t n)
{
	if (n != 0)
		value(b, name, json, n);
	else
		json_write_null(b, name);
}
