/*
 * json.h - a report as one JSON object, for programs: "format": 1.
 *
 * Source: share/cws/report.schema.json, which describes each member; cws-report(1), JSON.
 */

#ifndef CWS_JSON_H
#define CWS_JSON_H

#include "base/buf.h"
#include "report/model.h"

/* json_render - append the object and a newline. */
void
json_render(struct buf *out, const struct model *m);

#endif
