/* html_put.c - text, and links. */

#include <stdbool.h>
#include <string.h>

#include "report/html_parts.h"

void
html_text(struct buf *b, const char *text)
{
	for (;;) {
		size_t plain = strcspn(text, "<>&\"'");

		buf_put(b, text, plain);
		text += plain;
		if (*text == '\0')
			return;
		buf_puts(b, *text == '<'   ? "&lt;"
		            : *text == '>' ? "&gt;"
		            : *text == '&' ? "&amp;"
		            : *text == '"' ? "&quot;"
		                           : "&#39;");
		text++;
	}
}

void
html_element(struct buf *b, const char *tag, const char *text)
{
	buf_printf(b, "<%s>", tag);
	html_text(b, text);
	buf_printf(b, "</%s>", tag);
}

void
html_code(struct buf *b, const char *text)
{
	buf_puts(b, "<pre class=\"code\" tabindex=\"0\"><code>");
	html_text(b, text);
	buf_puts(b, "</code></pre>\n");
}

const char *
html_tone(enum sheet_tone tone)
{
	return tone == TONE_BAD     ? "bad"
	       : tone == TONE_DUE   ? "due"
	       : tone == TONE_QUIET ? "quiet"
	                            : "plain";
}

/* One step of a path: not empty, no dot that would climb, nothing a URL would have to escape. */
static bool
is_step(const char *name)
{
	static const char letters[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	return name[0] != '\0' && name[0] != '.' && name[strspn(name, letters)] == '\0';
}

void
html_workspace(struct buf *b, const struct model_row *r)
{
	bool link = r->origin != NULL && is_step(r->owner) && is_step(r->name);

	if (link)
		buf_printf(b, "<a href=\"%s/@%s/%s\">", r->origin, r->owner, r->name);
	html_text(b, r->owner);
	buf_putc(b, '/');
	html_text(b, r->name);
	if (link)
		buf_puts(b, "</a>");
}
