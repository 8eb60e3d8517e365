/*
 * csv.h - a report as a table for spreadsheets: RFC 4180, one row per record under a fixed header.
 *
 * Source: cws-report(1), CSV.
 */

#ifndef CWS_CSV_H
#define CWS_CSV_H

#include "base/buf.h"
#include "report/model.h"

/* csv_render - append the rows, in the order read. */
void
csv_render(struct buf *out, const struct model *m);

#endif
