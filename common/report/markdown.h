/*
 * markdown.h - a report for an issue, a wiki or a chat: tables of GitHub Flavored Markdown.
 *
 * Foreign text is text there too: it makes no link, no mention, no tag and no column.
 * Source: cws-report(1), MARKDOWN; https://github.github.com/gfm/
 */

#ifndef CWS_MARKDOWN_H
#define CWS_MARKDOWN_H

#include "base/buf.h"
#include "report/model.h"

/* markdown_render - append the report. */
void
markdown_render(struct buf *out, const struct model *m);

#endif
