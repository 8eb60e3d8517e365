/*
 * html_parts.h - what the files of the page share: foreign text made harmless, pictures,
 * and the head of the totals.  Only html*.c includes it.
 */

#ifndef CWS_HTML_PARTS_H
#define CWS_HTML_PARTS_H

#include "base/buf.h"
#include "report/model.h"
#include "report/sheet.h"

/* html_text - append text as it may stand between tags and in a quoted attribute. */
void
html_text(struct buf *b, const char *text);

/* html_element - append text inside a tag without attributes. */
void
html_element(struct buf *b, const char *tag, const char *text);

/* html_tone - the class of a tone: "bad", "due", "quiet" or "plain". */
const char *
html_tone(enum sheet_tone tone);

/*
 * html_workspace - append "owner/name", as a link to its page where the record says which
 * server it is of and both names are such as Coder allows: letters, digits, '-', '_', '.'.
 */
void
html_workspace(struct buf *b, const struct model_row *r);

/* html_code - append commands that page.js makes a button for. */
void
html_code(struct buf *b, const char *text);

/* html_counts, html_table - append what a sheet_writer is given. */
void
html_counts(struct buf *b, const struct model *m, const struct sheet_counts *block, size_t n);
void
html_table(struct buf *b, const struct model *m, const struct sheet_table *t);

/* html_summary - append the numbers that matter most, and what is to be looked at first. */
void
html_summary(struct buf *b, const struct model *m);

/* html_share - append a bar of n of most in the colour of its class; the number stands beside. */
void
html_share(struct buf *b, uint64_t n, uint64_t most, const char *class);

/* html_figure - append the picture of a table; nothing for FIGURE_NONE. */
void
html_figure(struct buf *b, const struct model *m, enum sheet_figure figure);

#endif
