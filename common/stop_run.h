/*
 * stop_run.h - one run of cws-stop: hold the input to its end, judge it once, check the
 * rules that can refuse the run, meet the server, act, and write every record.
 *
 * Source: cws-stop(1).
 */

#ifndef CWS_STOP_RUN_H
#define CWS_STOP_RUN_H

#include <stdint.h>

#include "batch.h"
#include "engine.h"
#include "login.h"
#include "stopping.h"
#include "when.h"

/* What the options and settings say; pointers are borrowed. */
struct stop_run {
	const struct login   *login;
	const char           *off_in; /* the settings file that switches acting off, or NULL */
	struct stopping       stopping;
	struct engine_options engine;
	struct when           now;    /* --now, or none */
	int64_t               max;    /* refuse to stop more */
	struct batch          batch;  /* used by stop_run alone */
};

/*
 * stop_run - standard input to standard output; prog stands in messages to the
 * next program.  Returns the exit status; a signal is left to signals_end.
 */
int
stop_run(struct stop_run *r, const char *prog);

#endif
