/* html.c - the page: what the sheet says, in tags. */

#include "report/html.h"

#include "report/page.h"
#include "report/sheet.h"

static void
put_escaped(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		const char *entity = *text == '<'    ? "&lt;"
		                     : *text == '>'  ? "&gt;"
		                     : *text == '&'  ? "&amp;"
		                     : *text == '"'  ? "&quot;"
		                     : *text == '\'' ? "&#39;"
		                                     : NULL;

		if (entity != NULL)
			buf_puts(out, entity);
		else
			buf_putc(out, *text);
	}
}

static void
put_element(struct buf *out, const char *tag, const char *text)
{
	buf_printf(out, "<%s>", tag);
	put_escaped(out, text);
	buf_printf(out, "</%s>", tag);
}

static void
write_title(void *to, const char *text)
{
	put_element(to, "h1", text);
}

static void
write_section(void *to, const char *text, enum sheet_tone tone)
{
	(void)tone;
	put_element(to, "h2", text);
}

static void
write_sentence(void *to, const char *text, enum sheet_tone tone)
{
	(void)tone;
	put_element(to, "p", text);
}

static void
write_counts(void *to, const struct sheet_counts *block, size_t n)
{
	size_t i, k;

	buf_puts(to, "<table><thead><tr><th>of<th>what<th>n<tbody>\n");
	for (i = 0; i < n; i++)
		for (k = 0; k < block[i].counts->n; k++) {
			const struct model_count *c = &block[i].counts->item[k];

			if (c->n == 0)
				continue;
			buf_puts(to, "<tr>");
			put_element(to, "td", block[i].title);
			put_element(to, "td", c->name);
			buf_printf(to, "<td>%llu</td>\n", (unsigned long long)c->n);
		}
	buf_puts(to, "</table>\n");
}

static void
write_table(void *to, const struct sheet_table *t)
{
	size_t i, k;

	buf_puts(to, "<table><thead><tr>");
	for (k = 0; k < t->columns; k++)
		put_element(to, "th", t->column[k].name);
	buf_puts(to, "<tbody>\n");
	for (i = 0; i < t->rows; i++) {
		buf_puts(to, "<tr>");
		for (k = 0; k < t->columns; k++)
			put_element(to, "td", t->cell[i * t->columns + k]);
		buf_putc(to, '\n');
	}
	buf_puts(to, "</table>\n");
	if (t->left_out > 0)
		buf_printf(to, "<p>%zu more; --top 0 shows all.</p>\n", t->left_out);
}

void
html_render(struct buf *out, const struct model *m)
{
	const struct sheet_writer w = { write_title, write_section, write_sentence, write_counts,
		write_table, out };

	buf_printf(out,
	        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	        "style-src '%s'; "
	        "base-uri 'none'; form-action 'none'\">\n<title>",
	        page_style_hash);
	put_escaped(out, m->options->title != NULL ? m->options->title : "Coder workspaces");
	buf_puts(out, "</title>\n<style>");
	buf_put(out, (const char *)page_style, page_style_size);
	buf_puts(out, "</style>\n<body>\n");
	sheet_write(m, true, &w);
	buf_puts(out, "</body>\n</html>\n");
}
