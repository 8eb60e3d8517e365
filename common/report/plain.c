/* plain.c - tables of cells for a person's eyes. */

#define _XOPEN_SOURCE 700 /* wcwidth */

#include "report/plain.h"

#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/json_scan.h"
#include "base/xalloc.h"
#include "report/sheet.h"

#define GAP 2         /* between columns, and before the first */
#define NARROW 24     /* cells in which a sentence is hard to read */
#define PARAGRAPH 100 /* of a sentence, where a row may be as wide as it needs */

struct plain {
	struct buf *out;
	size_t      width;
	bool        cut; /* what is wider than its column */
	bool        colour;
	bool        after_table; /* a table stands directly above */
};

/* -- Cells of a terminal ------------------------------------------------------- */

/* The character of n bytes of UTF-8. */
static uint32_t
code_point(const char *p, size_t n)
{
	const unsigned char *u = (const unsigned char *)p;

	return n == 1   ? u[0]
	       : n == 2 ? (uint32_t)((u[0] & 0x1f) << 6 | (u[1] & 0x3f))
	       : n == 3 ? (uint32_t)((u[0] & 0x0f) << 12 | (u[1] & 0x3f) << 6 | (u[2] & 0x3f))
	                : (uint32_t)((u[0] & 0x07) << 18 | (u[1] & 0x3f) << 12 |
	                             (u[2] & 0x3f) << 6 | (u[3] & 0x3f));
}

/* The bytes of the character at p, and the cells it takes under the locale in use. */
static size_t
next_char(const char *p, const char *end, size_t *cells)
{
	size_t n = (unsigned char)*p < 0x80 ? 1 : json_scan_utf8(p, end);
	int    width;

	*cells = 1;
	if (n <= 1)
		return 1;
	width = wcwidth((wchar_t)code_point(p, n));
	if (width >= 0)
		*cells = (size_t)width;
	return n;
}

static size_t
cells_of(const char *text)
{
	const char *end = text + strlen(text);
	size_t      all = 0, cells;

	while (text < end) {
		text += next_char(text, end, &cells);
		all += cells;
	}
	return all;
}

static void
put_blanks(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_putc(out, ' ');
}

/*
 * The text in at most room cells, of which there are two or more, with ".." where it was cut;
 * returns the cells it took.
 */
static size_t
put_cut(struct buf *out, const char *text, size_t room)
{
	const char *end = text + strlen(text);
	size_t      all = cells_of(text), limit = all > room ? room - 2 : room, taken = 0, cells, n;

	while (text < end) {
		n = next_char(text, end, &cells);
		if (taken + cells > limit)
			break;
		buf_put(out, text, n);
		text += n;
		taken += cells;
	}
	if (all <= room)
		return taken;
	buf_puts(out, "..");
	return taken + 2;
}

static void
put_right(struct buf *out, const char *text, size_t room)
{
	size_t cells = cells_of(text);

	put_blanks(out, cells < room ? room - cells : 0);
	put_cut(out, text, room);
}

/* Blanks at the end of a line are nothing but bytes. */
static void
end_line(struct buf *out)
{
	while (out->n > 0 && out->p[out->n - 1] == ' ')
		out->n--;
	buf_putc(out, '\n');
}

static void
paint(const struct plain *p, const char *code)
{
	if (p->colour)
		buf_printf(p->out, "\033[%sm", code);
}

static const char *
colour_of(enum sheet_tone tone)
{
	return tone == TONE_BAD                            ? "31"
	       : tone == TONE_DUE                          ? "33"
	       : tone == TONE_QUIET || tone == TONE_LEGEND ? "2"
	       : tone == TONE_FIRST                        ? "1"
	                                                   : "0";
}

/* -- Titles and sentences -------------------------------------------------------- */

static void
write_title(void *to, const char *text)
{
	struct plain *p = to;

	paint(p, "1");
	buf_puts(p->out, text);
	paint(p, "0");
	buf_putc(p->out, '\n');
}

static void
write_section(void *to, const struct sheet_section *section)
{
	struct plain *p = to;

	p->after_table = false;
	buf_putc(p->out, '\n');
	paint(p, "1");
	if (section->tone != TONE_PLAIN)
		paint(p, colour_of(section->tone));
	buf_puts(p->out, section->text);
	paint(p, "0");
	buf_putc(p->out, '\n');
}

/* The bytes of the longest piece of text that fits into room cells and ends before a blank. */
static size_t
piece_of(const char *text, size_t room)
{
	const char *p = text, *end = text + strlen(text), *blank = NULL;
	size_t      taken = 0, cells;

	while (p < end) {
		size_t n = next_char(p, end, &cells);

		if (taken + cells > room)
			return blank != NULL ? (size_t)(blank - text)
			       : p > text    ? (size_t)(p - text)
			                     : n;
		if (*p == ' ')
			blank = p;
		taken += cells;
		p += n;
	}
	return (size_t)(end - text);
}

static void
write_sentence(void *to, const char *text, enum sheet_tone tone)
{
	struct plain *p = to;
	size_t        n;

	p->after_table = false;
	while (*text != '\0') {
		n = piece_of(text, p->width - GAP);
		put_blanks(p->out, GAP);
		if (tone != TONE_PLAIN)
			paint(p, colour_of(tone));
		buf_put(p->out, text, n);
		if (tone != TONE_PLAIN)
			paint(p, "0");
		buf_putc(p->out, '\n');
		for (text += n; *text == ' '; text++)
			continue;
	}
}

/* Commands stand alone, unbroken, so that they can be copied. */
static void
write_code(void *to, const char *text)
{
	struct plain *p = to;

	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		put_blanks(p->out, 2 * GAP);
		paint(p, "36");
		buf_put(p->out, text, n);
		paint(p, "0");
		buf_putc(p->out, '\n');
		text += n + (text[n] == '\n');
	}
}

/* -- Counts, side by side --------------------------------------------------------- */

struct block {
	const struct sheet_counts *counts;
	size_t                     lines;  /* those that are not 0 */
	size_t                     number; /* cells of the widest number */
	size_t                     cells;  /* of the whole block */
};

static size_t
digits_of(uint64_t n)
{
	size_t digits = 1;

	while ((n /= 10) != 0)
		digits++;
	return digits;
}

static struct block
measure(const struct sheet_counts *counts, size_t width)
{
	struct block b = { counts, 0, 1, 0 };
	size_t       i, word = 0;

	for (i = 0; i < counts->counts->n; i++) {
		const struct model_count *c = &counts->counts->item[i];

		if (c->n == 0)
			continue;
		b.lines++;
		if (digits_of(c->n) > b.number)
			b.number = digits_of(c->n);
		if (cells_of(c->name) > word)
			word = cells_of(c->name);
	}
	b.cells = b.number + 1 + word;
	if (cells_of(counts->title) > b.cells)
		b.cells = cells_of(counts->title);
	if (b.cells > width / 2)
		b.cells = width / 2;
	if (b.cells < b.number + 3)
		b.cells = b.number + 3;
	return b;
}

/* Its i-th line that is not 0. */
static const struct model_count *
line_of(const struct block *b, size_t i)
{
	const struct model_count *c = b->counts->counts->item;

	for (;; c++)
		if (c->n != 0 && i-- == 0)
			return c;
}

static void
put_block_line(struct buf *out, const struct block *b, size_t i)
{
	const struct model_count *c;
	char                      digits[24];
	struct buf                number;

	if (i >= b->lines) {
		put_blanks(out, b->cells);
		return;
	}
	c = line_of(b, i);
	buf_init(&number, sizeof(digits));
	buf_printf(&number, "%llu", (unsigned long long)c->n);
	put_right(out, buf_text(&number), b->number);
	buf_release(&number);
	buf_putc(out, ' ');
	put_blanks(out, b->cells - b->number - 1 - put_cut(out, c->name, b->cells - b->number - 1));
}

/* As many blocks as fit into one line, from the first; returns how many. */
static size_t
put_band(const struct plain *p, const struct block *b, size_t n)
{
	size_t fit = 0, cells = 0, lines = 0, i, k;

	while (fit < n && (fit == 0 || cells + 2 * GAP + b[fit].cells <= p->width)) {
		cells += 2 * GAP + b[fit].cells;
		lines = b[fit].lines > lines ? b[fit].lines : lines;
		fit++;
	}
	for (k = 0; k < fit; k++) {
		put_blanks(p->out, k == 0 ? GAP : 2 * GAP);
		paint(p, "2");
		put_blanks(p->out, b[k].cells - put_cut(p->out, b[k].counts->title, b[k].cells));
		paint(p, "0");
	}
	end_line(p->out);
	for (i = 0; i < lines; i++) {
		for (k = 0; k < fit; k++) {
			put_blanks(p->out, k == 0 ? GAP : 2 * GAP);
			put_block_line(p->out, &b[k], i);
		}
		end_line(p->out);
	}
	return fit;
}

static void
write_counts(void *to, const struct sheet_counts *counts, size_t n)
{
	const struct plain *p = to;
	struct block       *b = xcalloc(n, sizeof(*b));
	size_t              i;

	for (i = 0; i < n; i++)
		b[i] = measure(&counts[i], p->width);
	for (i = 0; i < n; i += put_band(p, b + i, n - i))
		continue;
	free(b);
}

/* -- Tables ------------------------------------------------------------------------ */

static const char *
cell_at(const struct sheet_table *t, size_t row, size_t column)
{
	return t->cell[row * t->columns + column];
}

/*
 * Cells of each column.  What is too wide for the line is taken from the widest text
 * column but the last, down to a third of the line, and then from the last.
 */
static void
lay_out(const struct plain *p, const struct sheet_table *t, size_t cells[SHEET_COLUMNS_MAX])
{
	size_t width = p->width, widest = p->cut ? width / 3 : width;
	size_t i, k, sum = 0, last = t->columns - 1, room;

	for (k = 0; k < t->columns; k++) {
		cells[k] = cells_of(t->column[k].name);
		for (i = 0; i < t->rows; i++)
			if (cells_of(cell_at(t, i, k)) > cells[k])
				cells[k] = cells_of(cell_at(t, i, k));
		if (k < last && t->column[k].kind != CELL_NUMBER && cells[k] > widest)
			cells[k] = widest;
		if (k < last)
			sum += cells[k] + GAP;
	}
	room = width > sum + GAP ? width - sum - GAP : 0;
	if (cells[last] > room)
		cells[last] = room;
	if (cells[last] < 8)
		/* such a line wraps, which is better than a column nobody can read */
		cells[last] = 8;
}

static void
put_cell(const struct plain *p, const struct sheet_column *c, const char *text, size_t cells)
{
	size_t own = cells_of(text);

	put_blanks(p->out, GAP);
	if (!p->cut && own > cells)
		buf_puts(p->out, text);
	else if (c->kind == CELL_NUMBER)
		put_right(p->out, text, cells);
	else
		put_blanks(p->out, cells - put_cut(p->out, text, cells));
}

/*
 * A sentence that is longer than its column goes on below it, or, where that is narrow, in lines of
 * its own: what is cut off it may be what differs.
 */
static void
put_wrapped(const struct plain *p, const char *text, size_t at, size_t cells)
{
	size_t n;

	if (cells < NARROW) {
		end_line(p->out);
		at = 2 * GAP;
		cells = p->width - at;
		put_blanks(p->out, at);
	} else {
		put_blanks(p->out, GAP);
	}
	for (;;) {
		n = piece_of(text, cells);
		buf_put(p->out, text, n);
		for (text += n; *text == ' '; text++)
			continue;
		if (*text == '\0')
			return;
		buf_putc(p->out, '\n');
		put_blanks(p->out, at);
	}
}

static void
put_row(const struct plain *p, const struct sheet_table *t, size_t i, const size_t *cells)
{
	size_t      k, at = GAP, last = t->columns - 1;
	const char *text = cell_at(t, i, last);

	for (k = 0; k < last; k++) {
		put_cell(p, &t->column[k], cell_at(t, i, k), cells[k]);
		at += cells[k] + GAP;
	}
	if (p->cut && t->column[last].kind == CELL_TEXT && cells_of(text) > cells[last])
		put_wrapped(p, text, at, cells[last]);
	else
		put_cell(p, &t->column[last], text, cells[last]);
	end_line(p->out);
}

static void
write_table(void *to, const struct sheet_table *t)
{
	struct plain *p = to;
	size_t        cells[SHEET_COLUMNS_MAX], i, k;

	if (p->after_table)
		buf_putc(p->out, '\n');
	p->after_table = true;
	lay_out(p, t, cells);
	paint(p, "2");
	for (k = 0; k < t->columns; k++)
		put_cell(p, &t->column[k], t->column[k].name, cells[k]);
	end_line(p->out);
	paint(p, "0");
	for (i = 0; i < t->rows; i++)
		put_row(p, t, i, cells);
	if (t->left_out > 0) {
		paint(p, "2");
		buf_printf(p->out, "  ... %zu more; --top 0 shows all", t->left_out);
		paint(p, "0");
		buf_putc(p->out, '\n');
	}
}

void
plain_render(struct buf *out, const struct model *m, size_t width, bool colour)
{
	struct plain              p = { .out = out,
		             .width = width != 0 ? width : PARAGRAPH,
		             .cut = width != 0,
		             .colour = colour };
	const struct sheet_writer w = { write_title, write_section, write_sentence, write_code,
		write_counts, write_table, &p };
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before = (locale_t)0;

	/*
	 * Whatever LC_ALL says; without this locale wcwidth knows ASCII only, and each character
	 * counts as one cell.
	 */
	if (utf8 != (locale_t)0)
		before = uselocale(utf8);
	sheet_write(m, false, &w);
	if (utf8 != (locale_t)0) {
		uselocale(before);
		freelocale(utf8);
	}
}
