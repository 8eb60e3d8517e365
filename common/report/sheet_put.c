/* sheet_put.c - cells, sentences and headings. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "report/sheet_parts.h"

#define BAR_CELLS 30

struct buf *
sheet_cell(struct sheet *s)
{
	struct sheet_cells *c = &s->cells;

	if (c->n == c->room) {
		c->room = c->room ? 2 * c->room : 256;
		c->at = xrealloc(c->at, c->room, sizeof(*c->at));
	}
	if (c->n > 0)
		buf_putc(&c->text, '\0');
	c->at[c->n++] = c->text.n;
	return &c->text;
}

void
sheet_text_cell(struct sheet *s, const char *text)
{
	buf_puts(sheet_cell(s), text);
}

void
sheet_count_cell(struct sheet *s, uint64_t n)
{
	buf_printf(sheet_cell(s), "%llu", (unsigned long long)n);
}

void
sheet_bar_cell(struct sheet *s, uint64_t n, uint64_t most)
{
	uint64_t    marks = most == 0 ? 0 : (uint64_t)((double)n / (double)most * BAR_CELLS + 0.5);
	struct buf *b = sheet_cell(s);

	if (n > 0 && marks == 0)
		marks = 1;
	while (marks-- > 0)
		buf_putc(b, '#');
}

void
sheet_name_cell(struct sheet *s, const struct model_row *r)
{
	buf_printf(sheet_cell(s), "%s/%s", r->owner, r->name);
}

void
sheet_table(struct sheet *s, struct sheet_table t)
{
	struct sheet_cells *c = &s->cells;
	size_t              i;

	c->cell = xrealloc(c->cell, c->n, sizeof(*c->cell));
	for (i = 0; i < c->n; i++)
		c->cell[i] = c->text.p + c->at[i];
	t.cell = c->cell;
	t.rows = c->n / t.columns;
	if (c->n > 0)
		s->w->table(s->w->to, &t);
	c->n = 0;
	buf_reset(&c->text);
}

struct buf *
sheet_begin(struct sheet *s)
{
	buf_reset(&s->line);
	return &s->line;
}

void
sheet_end(struct sheet *s, enum sheet_tone tone)
{
	s->w->sentence(s->w->to, buf_text(&s->line), tone);
}

void
sheet_say(struct sheet *s, const char *text, enum sheet_tone tone)
{
	s->w->sentence(s->w->to, text, tone);
}

static void
put_section(struct sheet *s, struct sheet_section heading)
{
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	buf_puts(&text, heading.name);
	if (heading.n > 0)
		buf_printf(&text, " (%zu)", heading.n);
	heading.text = buf_text(&text);
	s->w->section(s->w->to, &heading);
	buf_release(&text);
}

void
sheet_section(
        struct sheet *s, enum sheet_part part, const char *name, size_t n, enum sheet_tone tone)
{
	put_section(
	        s, (struct sheet_section){
	                   .name = name, .n = n, .part = part, .tone = tone, .list = LIST_NONE });
}

void
sheet_list_section(struct sheet *s, enum model_list_kind kind, enum sheet_tone tone)
{
	put_section(s, (struct sheet_section){ .name = model_list_titles[kind],
	                       .n = s->m->list[kind].n,
	                       .part = PART_LIST,
	                       .tone = tone,
	                       .list = kind });
}
