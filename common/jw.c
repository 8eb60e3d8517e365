/* jw.c - JSON text of the members we add. */

#include "jw.h"

#include <inttypes.h>
#include <string.h>

#include "rfc3339.h"

/* The comma and the name in front of a value. */
static void
begin(struct buf *b, const char *name)
{
	char last = b->n != 0 ? b->p[b->n - 1] : '{';

	if (last != '{' && last != '[' && last != ':')
		buf_putc(b, ',');
	if (name != NULL) {
		buf_putc(b, '"');
		buf_puts(b, name);
		buf_put(b, "\":", 2);
	}
}

void
jw_open(struct buf *b, const char *name)
{
	begin(b, name);
	buf_putc(b, '{');
}

void
jw_close(struct buf *b)
{
	buf_putc(b, '}');
}

void
jw_array(struct buf *b, const char *name)
{
	begin(b, name);
	buf_putc(b, '[');
}

void
jw_array_end(struct buf *b)
{
	buf_putc(b, ']');
}

static void
quoted(struct buf *b, const char *text)
{
	const char *p, *plain = text;

	buf_putc(b, '"');
	for (p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_put(b, plain, (size_t)(p - plain));
		plain = p + 1;
		if (c < 0x20)
			buf_printf(b, "\\u%04x", c);
		else
			buf_printf(b, "\\%c", c);
	}
	buf_put(b, plain, (size_t)(p - plain));
	buf_putc(b, '"');
}

void
jw_text(struct buf *b, const char *name, const char *text)
{
	begin(b, name);
	if (text == NULL)
		buf_put(b, "null", 4);
	else
		quoted(b, text);
}

void
jw_int(struct buf *b, const char *name, int64_t v)
{
	struct text t;

	begin(b, name);
	text_clear(&t);
	text_int(&t, v);
	buf_put(b, t.s, t.n);
}

void
jw_null(struct buf *b, const char *name)
{
	begin(b, name);
	buf_put(b, "null", 4);
}

void
jw_flag(struct buf *b, const char *name, bool v)
{
	begin(b, name);
	buf_puts(b, v ? "true" : "false");
}

void
jw_when(struct buf *b, const char *name, struct when w)
{
	char s[RFC3339_SIZE];

	if (!w.known) {
		jw_null(b, name);
		return;
	}
	rfc3339_print(s, w.us);
	jw_text(b, name, s);
}

void
jw_raw(struct buf *b, const char *name, const char *json, size_t n)
{
	begin(b, name);
	buf_put(b, n != 0 ? json : "null", n != 0 ? n : 4);
}

void
jw_verdict(struct buf *b, const struct verdict *v)
{
	jw_flag(b, "due", v->due);
	jw_text(b, "state", v->state);
	jw_when(b, "stop_at", v->stop_at);
	jw_text(b, "why", v->why.s);
	jw_when(b, "at", when_at(v->at_us));
	if (v->keep)
		jw_flag(b, "keep", true);
}
