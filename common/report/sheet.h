/*
 * sheet.h - a report as titles, sentences and tables of text, in the order they are read:
 * what the formats that a person reads line by line have in common.
 *
 * Cells and sentences hold foreign text as the model has it; the writer escapes them.
 */

#ifndef CWS_SHEET_H
#define CWS_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "report/model.h"

#define SHEET_COLUMNS_MAX 8
#define SHEET_LISTS "list" /* the counts of the lists, by the titles of their sections */

enum sheet_tone {
	TONE_PLAIN,
	TONE_DUE,   /* something is to be stopped */
	TONE_BAD,   /* something failed, or cannot be trusted */
	TONE_QUIET, /* beside the point */
	/* for those who have no place of their own for it: */
	TONE_FIRST,  /* what to look at first */
	TONE_LEGEND, /* what words mean */
};

/* What the cells of a column are. */
enum sheet_kind {
	CELL_TEXT,
	CELL_NAME,   /* of the workspace whose row it is */
	CELL_LABEL,  /* a name of theirs: of a template */
	CELL_STATE,  /* one of our words, or of the server's: "failed" */
	CELL_TIME,   /* "2026-11-23 03:02", "-" */
	CELL_WHEN,   /* "1h 29m ago", "in 20m", "now", "-": the instant its row counts to */
	CELL_USED,   /* likewise, when its workspace was last used */
	CELL_NUMBER, /* set right: a count, an amount, a span */
	CELL_BAR,    /* a row of '#', for those who see; no column of its own elsewhere */
};

struct sheet_column {
	const char     *name;
	enum sheet_kind kind;
};

/* What a table may be drawn as, by those who can draw. */
enum sheet_figure {
	FIGURE_NONE,
	FIGURE_DAY,      /* model.day */
	FIGURE_POLICIES, /* model.past.policy */
	FIGURE_USE,      /* model.past.use_s */
};

struct sheet_table {
	const struct sheet_column *column;
	size_t                     columns;
	const char *const         *cell; /* rows * columns of them */
	size_t                     rows;
	size_t                     left_out; /* behind the last row */
	const struct model_row *const
	        *row; /* the workspace of each row, named in its first cell; NULL: those are none */
	enum sheet_figure figure;
};

/* The parts of cws-report(1) that have headings; a part may have several. */
enum sheet_part {
	PART_TOTALS,
	PART_COUNTS,
	PART_RUN,
	PART_LIST,
	PART_HOW,
	PART_DAY,
	PART_GROUPS,
	PART_PEOPLE,
	PART_PAST
};

struct sheet_section {
	const char     *text; /* the name, and behind it in brackets how many, unless that is 0 */
	const char     *name;
	size_t          n;
	enum sheet_part part;
	enum sheet_tone tone;
	enum model_list_kind list; /* of PART_LIST; LIST_NONE elsewhere */
};

/* One block of counts: "52 running". */
struct sheet_counts {
	const char                *title;  /* "status", the name of a rule, or SHEET_LISTS */
	const struct model_counts *counts; /* those with n == 0 are left out */
};

/* Who writes it down; each is called in the order of the report. */
struct sheet_writer {
	void (*title)(void *to, const char *text);
	void (*section)(void *to, const struct sheet_section *section);
	void (*sentence)(void *to, const char *text, enum sheet_tone tone);
	/* commands to be copied as they stand, lines of printable ASCII of our own and of UUIDs */
	void (*code)(void *to, const char *text);
	void (*counts)(void *to, const struct sheet_counts *block, size_t n);
	void (*table)(void *to, const struct sheet_table *t);
	void *to;
};

/* The command that does what sheet_own_plan shows, and the sentence before it. */
extern const char sheet_own_stop[];
extern const char sheet_own_then[];

/*
 * sheet_own_plan - the command that shows what would be done to a workspace which no rule asks to
 * stop, by its id, which has to be a UUID (model_can_choose).
 */
void
sheet_own_plan(struct buf *b, const struct model_row *r);

/* sheet_write - the whole report to the writer.  all: as of model_top. */
void
sheet_write(const struct model *m, bool all, const struct sheet_writer *w);

#endif
