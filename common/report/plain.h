/*
 * plain.h - a report for a terminal or a mail: columns of cells, cut where the line ends.
 *
 * Source: cws-report(1), TEXT.
 */

#ifndef CWS_PLAIN_H
#define CWS_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "report/model.h"

#define PLAIN_WIDTH_MIN 40
#define PLAIN_WIDTH_MAX 1000

/*
 * plain_render - append the report.  width: cells of a line, 0: as many as a row needs, so that
 * nothing is cut; colour: with the codes of a terminal.
 */
void
plain_render(struct buf *out, const struct model *m, size_t width, bool colour);

#endif
