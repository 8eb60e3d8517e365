/*
 * markdown.c - headings, paragraphs and tables, with every character escaped that could be more
 * than text.
 */

#include "report/markdown.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "report/sheet.h"

/* GFM makes links of "www." and "scheme://" without any mark: their dot and colon are escaped. */
static bool
begins_link(const char *text, const char *p)
{
	return (*p == ':' && p[1] == '/') ||
	       (*p == '.' && p - text >= 3 && ascii_same(p - 3, "www", 3));
}

/*
 * '<' and '&' become entities: chats that take <!channel> for a call look for the bare
 * sign.  Mentions and mail addresses are found in what is left after a backslash has done
 * its work, but never in code, so an '@' is set as code.
 */
static void
put_escaped(struct buf *out, const char *text)
{
	const char *p;
	size_t      n;

	for (p = text; *p != '\0'; p++) {
		n = strspn(p, "@");
		if (n > 0) {
			buf_putc(out, '`');
			buf_put(out, p, n);
			buf_putc(out, '`');
			p += n - 1;
		} else if (*p == '<') {
			buf_puts(out, "&lt;");
		} else if (*p == '>') {
			buf_puts(out, "&gt;");
		} else if (*p == '&') {
			buf_puts(out, "&amp;");
		} else {
			if (begins_link(text, p) || strchr("\\`*_[]|~#!$", *p) != NULL)
				buf_putc(out, '\\');
			buf_putc(out, *p);
		}
	}
}

static void
write_title(void *to, const char *text)
{
	buf_puts(to, "# ");
	put_escaped(to, text);
	buf_putc(to, '\n');
}

static void
write_section(void *to, const struct sheet_section *section)
{
	buf_puts(to, "\n## ");
	put_escaped(to, section->text);
	buf_putc(to, '\n');
}

static void
write_sentence(void *to, const char *text, enum sheet_tone tone)
{
	const char *mark = tone == TONE_BAD || tone == TONE_DUE || tone == TONE_FIRST ? "**" : "";

	buf_putc(to, '\n');
	buf_puts(to, mark);
	put_escaped(to, text);
	buf_puts(to, mark);
	buf_putc(to, '\n');
}

/* Commands are ours: no fence can be in them. */
static void
write_code(void *to, const char *text)
{
	buf_printf(to, "\n```sh\n%s\n```\n", text);
}

static void
write_counts(void *to, const struct sheet_counts *block, size_t n)
{
	size_t i, k;

	buf_puts(to, "\n| of | what | n |\n| --- | --- | ---: |\n");
	for (i = 0; i < n; i++)
		for (k = 0; k < block[i].counts->n; k++) {
			const struct model_count *c = &block[i].counts->item[k];

			if (c->n == 0)
				continue;
			buf_puts(to, "| ");
			put_escaped(to, block[i].title);
			buf_puts(to, " | ");
			put_escaped(to, c->name);
			buf_printf(to, " | %llu |\n", (unsigned long long)c->n);
		}
}

static void
write_table(void *to, const struct sheet_table *t)
{
	size_t i, k;

	buf_puts(to, "\n|");
	for (k = 0; k < t->columns; k++)
		if (t->column[k].kind != CELL_BAR)
			buf_printf(to, " %s |", t->column[k].name);
	buf_puts(to, "\n|");
	for (k = 0; k < t->columns; k++)
		if (t->column[k].kind != CELL_BAR)
			buf_puts(to, t->column[k].kind == CELL_NUMBER ? " ---: |" : " --- |");
	buf_putc(to, '\n');
	for (i = 0; i < t->rows; i++) {
		buf_putc(to, '|');
		for (k = 0; k < t->columns; k++) {
			if (t->column[k].kind == CELL_BAR)
				continue;
			buf_putc(to, ' ');
			put_escaped(to, t->cell[i * t->columns + k]);
			buf_puts(to, " |");
		}
		buf_putc(to, '\n');
	}
	if (t->left_out > 0)
		buf_printf(to, "\n%zu more; `--top 0` shows all.\n", t->left_out);
}

void
markdown_render(struct buf *out, const struct model *m)
{
	const struct sheet_writer w = { write_title, write_section, write_sentence, write_code,
		write_counts, write_table, out };

	sheet_write(m, false, &w);
}
