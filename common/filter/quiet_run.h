/*
 * quiet_run.h - a run of cws-quiet: from what the command line says to the records
 * that are due, or to how it stands now.  Source: cws-quiet(1).
 */

#ifndef CWS_QUIET_RUN_H
#define CWS_QUIET_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cli.h"
#include "filter/quiet_cache.h"
#include "filter/quiet_show.h"
#include "filter/stage.h"
#include "settings/config.h"
#include "settings/exclusions.h"
#include "settings/windows.h"

struct quiet_run {
	/* the caller names it and its states, and what the options choose */
	struct stage       stage;
	struct windows     windows;
	struct quiet_setup setup; /* the rule is the caller's, but for what the settings turn off */
	struct exclusions  exclusions;
	struct config      config;
	/* owned by the run; NULL without --owner-schedule */
	struct quiet_cache *cache;
	int64_t             length_s;       /* of owners' quiet hours */
	bool                owner_schedule; /* judge by the owner's own quiet hours */
	bool                has_min;        /* --min-uptime was given; the grace otherwise */
	bool                status, json, check;
};

/* quiet_run - the whole of it, after the command line; returns the exit status.  Once. */
int
quiet_run(struct quiet_run *q, const struct cli *cli);

/* quiet_run_release - free what the run and its options hold. */
void
quiet_run_release(struct quiet_run *q);

#endif
