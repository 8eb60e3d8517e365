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

enum sheet_tone {
	TONE_PLAIN,
	TONE_DUE,   /* something is to be stopped */
	TONE_BAD,   /* something failed, or cannot be trusted */
	TONE_QUIET, /* beside the point */
};

struct sheet_column {
	const char *name;
	bool        number; /* set right */
	bool        bar;    /* a row of '#', for those who see; no column of its own elsewhere */
};

struct sheet_table {
	const struct sheet_column *column;
	size_t                     columns;
	const char *const         *cell; /* rows * columns of them */
	size_t                     rows;
	size_t                     left_out; /* behind the last row */
};

/* One block of counts: "52 running". */
struct sheet_counts {
	const char                *title;
	const struct model_counts *counts; /* those with n == 0 are left out */
};

/* Who writes it down; each is called in the order of the report. */
struct sheet_writer {
	void (*title)(void *to, const char *text);
	void (*section)(void *to, const char *text, enum sheet_tone tone);
	void (*sentence)(void *to, const char *text, enum sheet_tone tone);
	void (*counts)(void *to, const struct sheet_counts *block, size_t n);
	void (*table)(void *to, const struct sheet_table *t);
	void *to;
};

/* sheet_write - the whole report to the writer.  all: as of model_top. */
void
sheet_write(const struct model *m, bool all, const struct sheet_writer *w);

#endif
