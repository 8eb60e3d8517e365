/*
 * fetching.h - a run of cws-fetch: from what the command line says to the list on
 * standard output.  Source: cws-fetch(1).
 */

#ifndef CWS_FETCHING_H
#define CWS_FETCHING_H

#include <stdbool.h>
#include <stdint.h>

#include "coder/login.h"

struct fetching {
	const char          *query;                 /* the server's own search; "" is all */
	const char          *owner, *org, *template; /* shorthands for it; NULL: any */
	bool                 running;               /* only what a stop could change */
	bool                 full;                  /* keep latest_build.resources */
	unsigned             with;                  /* OWNERS_... */
	int64_t              page_size, jobs, passes, deadline_s;
	struct login_options login;
};

/*
 * fetching_run - list, write, close standard output, with the abort mark where the
 * list is not whole.  prog names the program to the server and to the next one.  The exit status; a
 * signal that came ends the process by itself.
 */
int
fetching_run(const struct fetching *f, const char *prog);

#endif
