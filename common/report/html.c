/* html.c - the page: what the sheet says, in tags. */

#include "report/html.h"

#include <stdio.h>

#include "report/html_parts.h"
#include "report/page.h"

#define PAGE_MAX ((size_t)1 << 31)

struct page {
	const struct model *m;
	struct buf      nav, main; /* both are written as the sheet goes, and joined at its end */
	size_t          sections;
	enum sheet_part part; /* of the section under way, if there is one */
};

static void
write_title(void *to, const char *text)
{
	struct page *p = to;

	buf_puts(&p->main, "<header>");
	html_element(&p->main, "h1", text);
	buf_putc(&p->main, '\n');
}

/* The lists stand together, so that one filter goes over all of them. */
static void
end_section(struct page *p)
{
	buf_puts(&p->main, p->sections == 0 ? "</header>\n<main>\n" : "</section>\n");
}

static void
change_part(struct page *p, enum sheet_part part)
{
	if (p->sections > 0 && p->part == PART_LIST && part != PART_LIST)
		buf_puts(&p->main, "</div>\n");
	if (part == PART_LIST && (p->sections == 0 || p->part != PART_LIST))
		buf_puts(&p->main, "<div class=\"lists\">\n");
	p->part = part;
}

static void
write_section(void *to, const struct sheet_section *s)
{
	static const char *const class[] = { "totals", "counts", "run", "list", "how", "day",
		"groups", "people", "past" };
	struct page *p = to;
	char         id[16];

	end_section(p);
	change_part(p, s->part);
	p->sections++;
	if (s->part == PART_HOW)
		snprintf(id, sizeof(id), "how");
	else if (s->part == PART_LIST)
		snprintf(id, sizeof(id), "%s", model_list_names[s->list]);
	else
		snprintf(id, sizeof(id), "s%u", (unsigned)p->sections);
	buf_printf(&p->main, "<section class=\"%s %s\" id=\"%s\"><h2>", class[s->part],
	        html_tone(s->tone), id);
	buf_printf(&p->nav, "<li class=\"%s\"><a href=\"#%s\">", html_tone(s->tone), id);
	html_text(&p->main, s->name);
	html_text(&p->nav, s->name);
	if (s->n > 0) {
		buf_printf(&p->main, " <span class=\"many\">%zu</span>", s->n);
		buf_printf(&p->nav, " <b>%zu</b>", s->n);
	}
	buf_puts(&p->main, "</h2>\n");
	buf_puts(&p->nav, "</a>\n");
	if (s->part == PART_TOTALS)
		html_summary(&p->main, p->m);
}

static void
write_sentence(void *to, const char *text, enum sheet_tone tone)
{
	struct page *p = to;

	/* html_summary has it in a box, html_counts below each word */
	if (tone == TONE_FIRST || tone == TONE_LEGEND)
		return;
	buf_printf(&p->main, "<p class=\"%s\">", html_tone(tone));
	html_text(&p->main, text);
	buf_puts(&p->main, "</p>\n");
}

static void
write_code(void *to, const char *text)
{
	struct page *p = to;

	html_code(&p->main, text);
}

static void
write_counts(void *to, const struct sheet_counts *block, size_t n)
{
	struct page *p = to;

	html_counts(&p->main, p->m, block, n);
}

static void
write_table(void *to, const struct sheet_table *t)
{
	struct page *p = to;

	html_table(&p->main, p->m, t);
}

/* All that the page may do: nothing but its own style and script, which the hashes name. */
static void
put_head(struct buf *out, const struct model *m)
{
	buf_printf(out,
	        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	        "style-src '%s'; script-src '%s'; "
	        "base-uri 'none'; form-action 'none'\">\n"
	        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	        "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" "
	        "content=\"no-referrer\">\n",
	        page_style_hash, page_script_hash);
	html_element(
	        out, "title", m->options->title != NULL ? m->options->title : "Coder workspaces");
	buf_puts(out, "\n<style>");
	buf_put(out, (const char *)page_style, page_style_size);
	buf_puts(out, "</style>\n</head>\n<body>\n");
}

void
html_render(struct buf *out, const struct model *m)
{
	struct page               p = { .m = m };
	const struct sheet_writer w = { write_title, write_section, write_sentence, write_code,
		write_counts, write_table, &p };

	buf_init(&p.nav, PAGE_MAX);
	buf_init(&p.main, PAGE_MAX);
	sheet_write(m, true, &w);
	end_section(&p);
	change_part(&p, PART_PAST);
	put_head(out, m);
	if (p.sections > 0) {
		buf_puts(out, "<nav aria-label=\"Parts of this report\"><ul>\n");
		buf_put(out, p.nav.p, p.nav.n);
		buf_puts(out, "</ul></nav>\n");
	}
	buf_put(out, p.main.p, p.main.n);
	buf_puts(out, "</main>\n<footer>Written by cws-report " CWS_VERSION
	              ". The page loads nothing from anywhere.</footer>\n<script>");
	buf_put(out, (const char *)page_script, page_script_size);
	buf_puts(out, "</script>\n</body>\n</html>\n");
	out->over = out->over || p.nav.over || p.main.over;
	buf_release(&p.nav);
	buf_release(&p.main);
}
