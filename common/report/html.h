/*
 * html.h - a report as one page: a file of its own, nothing fetched from anywhere.
 *
 * Source: cws-report(1), HTML.
 */

#ifndef CWS_HTML_H
#define CWS_HTML_H

#include "base/buf.h"
#include "report/model.h"

/* html_render - append the page. */
void
html_render(struct buf *out, const struct model *m);

#endif
