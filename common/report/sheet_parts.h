/*
 * sheet_parts.h - a sheet under way: its sentences, and the cells of the table that is being
 * filled.  Only sheet*.c includes it.
 */

#ifndef CWS_SHEET_PARTS_H
#define CWS_SHEET_PARTS_H

#include "base/buf.h"
#include "report/model.h"
#include "report/sheet.h"

/* Cells are offsets of text until all of it is there. */
struct sheet_cells {
	struct buf   text;
	size_t      *at;   /* owned */
	const char **cell; /* owned; made when the table is handed over */
	size_t       n, room;
};

struct sheet {
	const struct model        *m;
	const struct sheet_writer *w;
	bool                       all;
	struct sheet_cells         cells;
	struct buf                 line;
};

/* sheet_cell - the next cell is what is appended to the buffer returned, up to the next call. */
struct buf *
sheet_cell(struct sheet *s);
void
sheet_text_cell(struct sheet *s, const char *text);
void
sheet_count_cell(struct sheet *s, uint64_t n);

/* sheet_bar_cell - a bar of n of most, at least one mark where n is not 0. */
void
sheet_bar_cell(struct sheet *s, uint64_t n, uint64_t most);
void
sheet_name_cell(struct sheet *s, const struct model_row *r);

/* sheet_table - hand the cells over as the table of these columns, and begin anew. */
void
sheet_table(struct sheet *s, struct sheet_table t);

/* The columns are an array; what else struct sheet_table has may follow by its name. */
#define SHEET_TABLE(s, c, ...) \
	sheet_table( \
	        (s), (struct sheet_table){ \
	                     .column = (c), .columns = sizeof(c) / sizeof((c)[0]), __VA_ARGS__ })

/* sheet_begin, sheet_end - a sentence is what is appended between them. */
struct buf *
sheet_begin(struct sheet *s);
void
sheet_end(struct sheet *s, enum sheet_tone tone);

/* sheet_say - a sentence of ours. */
void
sheet_say(struct sheet *s, const char *text, enum sheet_tone tone);

/* sheet_section - a heading with how many stand under it, unless that is 0. */
void
sheet_section(
        struct sheet *s, enum sheet_part part, const char *name, size_t n, enum sheet_tone tone);

/* sheet_list_section - the heading of a list, which others may lead to. */
void
sheet_list_section(struct sheet *s, enum model_list_kind kind, enum sheet_tone tone);

/* sheet_first - what is to be looked at first, in one sentence; nothing where nothing is. */
void
sheet_first(struct sheet *s);

/* sheet_lately - who of the due may be at work, in one sentence; nothing where nobody is. */
void
sheet_lately(struct sheet *s);

/* sheet_how - what to do about what is due, as commands; nothing where a run has done it. */
void
sheet_how(struct sheet *s);

/* sheet_list - the list with its rows; nothing where it is empty. */
void
sheet_list(struct sheet *s, enum model_list_kind kind);

#endif
