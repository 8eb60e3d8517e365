/*
 * report_run.h - one report: standard input to its end, then a file or standard output.
 *
 * Source: cws-report(1).
 */

#ifndef CWS_REPORT_RUN_H
#define CWS_REPORT_RUN_H

#include <stdint.h>

#include "base/cli.h"
#include "base/err.h"
#include "base/when.h"
#include "judge/tz.h"
#include "report/model.h"

enum report_format {
	REPORT_TEXT,
	REPORT_MD,
	REPORT_CSV,
	REPORT_JSON,
	REPORT_HTML,
	REPORT_PROM,
	REPORT_FORMATS
};
extern const char *const report_formats[REPORT_FORMATS + 1]; /* their names, NULL at the end */

/* What the options say, and what becomes of them. */
struct report_run {
	struct model_options options;
	enum report_format   format;
	const char          *zone;   /* --tz; NULL: TZ says */
	const char          *output; /* NULL: standard output */
	bool                 has_width;
	int64_t              width; /* 0: nothing is cut */
	struct when          now;   /* none: the clock's */
	struct tz            tz;
	int                  status;
};

/*
 * report_run_format, report_run_by, report_run_width - parse --format, --by and --width; for
 * CLI_PARSE, target is the struct report_run.
 */
int
report_run_format(void *target, const char *text, struct err *err);
int
report_run_by(void *target, const char *text, struct err *err);
int
report_run_width(void *target, const char *text, struct err *err);

/*
 * report_run - returns the program's exit status.  Where the input was not whole, the report says
 * so and the status is CWS_FAIL.
 */
int
report_run(const struct cli *cli, struct report_run *run);

#endif
