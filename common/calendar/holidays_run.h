/* holidays_run.h - all of cws-holidays behind its options: calendars in, dates out. */

#ifndef CWS_HOLIDAYS_RUN_H
#define CWS_HOLIDAYS_RUN_H

#include <stdbool.h>

#include "base/cli.h"
#include "base/when.h"

#define HOLIDAYS_RUN_FILE_MAX ((size_t)32 << 20)

struct holidays_run {
	struct cli_list files; /* calendars, by name */
	struct when     now;   /* none: the clock's */
	struct when     from;  /* midnight UTC of the first day; none: 31 days before now */
	struct when     to;    /* of the last day; none: 800 days after now */
	bool            midnight;
};

/* holidays_run_date - for CLI_PARSE: "2026-12-25", from 1900 to 2500, as a struct when. */
int
holidays_run_date(void *when, const char *text, struct err *err);

/*
 * holidays_run - read the files, write the days; nothing is written unless all can be read.
 * Returns the exit status.
 */
int
holidays_run(struct holidays_run *run, const struct cli *cli);

#endif
