/*
 * prom.h - a report as metrics for Prometheus' textfile collector.
 *
 * No owner and no workspace is a label, so the series are as many as there are rules, and
 * no sample has a timestamp, which that collector refuses.
 * Source: cws-report(1), PROMETHEUS; https://prometheus.io/docs/instrumenting/exposition_formats/
 */

#ifndef CWS_PROM_H
#define CWS_PROM_H

#include "base/buf.h"
#include "base/when.h"
#include "report/model.h"

/*
 * prom_render - append the metrics.  status: of the run that is reported; run: its
 * instant.  success: of the last run that ended with 0; none: there was none yet.
 */
void
prom_render(struct buf *out, const struct model *m, int64_t status, struct when run,
        struct when success);

/* prom_run_at - when the run that the records tell of ended; now where they tell of none. */
struct when
prom_run_at(const struct model *m);

/* prom_success - the last success that an earlier file of ours holds; none where it holds none. */
struct when
prom_success(const char *text);

#endif
