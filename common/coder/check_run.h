/*
 * check_run.h - cws-fetch --check: a first contact, told to a person or a program.
 * Source: cws-fetch(1).
 */

#ifndef CWS_CHECK_RUN_H
#define CWS_CHECK_RUN_H

#include <stdbool.h>

#include "coder/fetch_run.h"

struct check_run {
	bool wanted, json;
};

#define CHECK_OPTIONS(c) \
	OPT_FLAG(0, "check", &(c).wanted, \
	        "list nothing: say whether server and token will do, and what to mend"), \
	        OPT_FLAG(0, "json", &(c).json, "with --check: one JSON object")

/*
 * check_run - ask, judge, write to standard output; changes nothing.  Of f only the login and the
 * deadline.  CWS_OK, or CWS_FAIL when something failed; a signal that came ends the process by
 * itself.
 */
int
check_run(const struct check_run *c, const struct fetch_run *f, const char *prog);

#endif
