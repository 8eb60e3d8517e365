/*
 * fetch_run.h - a run of cws-fetch: from what the command line says to the list on
 * standard output.  Source: cws-fetch(1).
 */

#ifndef CWS_FETCH_RUN_H
#define CWS_FETCH_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "coder/login.h"

struct fetch_run {
	const char          *query;                  /* the server's own search; "" is all */
	const char          *owner, *org, *template; /* shorthands for it; NULL: any */
	bool                 running;                /* only what a stop could change */
	bool                 full;                   /* keep latest_build.resources */
	unsigned             with;                   /* OWNERS_... */
	int64_t              page_size, jobs, passes, deadline_s;
	struct login_options login;
};

/*
 * fetch_run - list, write, close standard output, with the abort mark where the
 * list is not whole.  prog names the program to the server and to the next one.  The exit status; a
 * signal that came ends the process by itself.
 */
int
fetch_run(const struct fetch_run *f, const char *prog);

#endif
