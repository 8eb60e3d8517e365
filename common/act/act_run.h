/*
 * act_run.h - a run that acts, from its options to its exit status.
 *
 * Reads the input to its end, judges, checks what can be checked without the
 * server (bounds, origin), takes the lock, asks the server who we are, its clock
 * and how many run, and only then lets the engine loose; writes every record
 * with its result.  Nothing is sent when a rule of safety says no.  Shared by
 * cws-stop and cws-start; what they do differently is in struct act_run.
 */

#ifndef CWS_ACT_RUN_H
#define CWS_ACT_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "act/engine.h"
#include "act/guard.h"
#include "base/cli.h"
#include "coder/login.h"
#include "judge/bounds.h"
#include "record/records.h"
#include "settings/config.h"

/* What the command line and the settings say. */
struct act_options {
	struct login_options login;
	struct config        config;
	struct exclusions    exclusions;
	struct bounds        bounds;
	bool                 has_max; /* --max is on the command line itself */
	bool                 execute, dry_run, shared;
	int64_t              emit_us, burst, jobs, wait_s, queue, halt, deadline_s;
	const char          *journal;
};

#define ACT_SPAN_MAX_S (INT64_C(366) * 86400) /* of --wait and --deadline */

#define ACT_OPTIONS_INIT \
	{ \
		.bounds = { 50, -1, -1 }, .emit_us = 6 * INT64_C(1000000), .burst = 1, .jobs = 5, \
		.queue = -1 \
	}

/* Their tables: those before a program's own options, and those behind. */
#define ACT_OPTIONS(o, does) \
	OPT_FLAG('x', "execute", &(o).execute, does "; without it nothing is sent"), \
	        OPT_FLAG('n', "dry-run", &(o).dry_run, "send nothing, even with -x"), \
	        OPT_INT(0, "max", &(o).bounds.max, 0, 1000000, \
	                "refuse to act on more than this (50)", .given = &(o).has_max), \
	        OPT_INT(0, "max-percent", &(o).bounds.max_percent, 0, 100, \
	                "refuse to act on more than this part of those that run"), \
	        OPT_INT(0, "max-per-owner", &(o).bounds.max_per_owner, 0, 1000000, \
	                "refuse to act on more than this of one owner"), \
	        OPT_INT(0, "halt", &(o).halt, 1, 1000000, \
	                "send nothing more after so many failures"), \
	        OPT_PARSE(0, "rate", "n/unit", &(o).emit_us, act_parse_rate, \
	                "requests a minute, second or hour; 0 is no limit (10/m)"), \
	        OPT_INT(0, "burst", &(o).burst, 1, 1000, "so many may come at once (1)"), \
	        OPT_INT('j', "jobs", &(o).jobs, 1, 64, "requests at a time, 1-64 (5)"), \
	        OPT_INT(0, "queue", &(o).queue, 0, 1000000, \
	                "hold back while more builds than this wait"), \
	        OPT_PARSE(0, "wait", "[duration]", &(o).wait_s, act_parse_wait, \
	                "follow each build to its end (30m)"), \
	        OPT_SPAN(0, "deadline", &(o).deadline_s, "end the run after this time", .min = 1, \
	                .max = ACT_SPAN_MAX_S), \
	        OPT_TEXT(0, "journal", "file", &(o).journal, \
	                "append what is done, before it is done"), \
	        OPT_FLAG(0, "shared", &(o).shared, \
	                "also what others shared with this token's user")
#define ACT_MORE_OPTIONS(o) \
	EXCLUSIONS_OPTIONS((o).exclusions), CONFIG_OPTIONS((o).config), LOGIN_OPTIONS((o).login)

/* act_parse_rate, act_parse_wait - for CLI_PARSE. */
int
act_parse_rate(void *target, const char *text, struct err *err);
int
act_parse_wait(void *target, const char *text, struct err *err);

struct act_run {
	struct act_options *o;     /* borrowed */
	struct guard        guard; /* exclusions, shared and origin are filled in by act_run */
	enum action         action;
	struct when         now;       /* --now */
	int64_t             soft_s;    /* --soft, of a dry run; 0: none */
	const char         *recover;   /* --recover: a journal instead of standard input; NULL */
	bool                last_wins; /* of several records of one workspace the last acts */
	/* lines of journals to records, before judge(); may be NULL */
	void (*expand)(void *ctx, struct batch *b, struct records *in);
	batch_judge      *judge;
	struct engine_act act; /* its ctx is that of expand() and judge() too */
};

/*
 * act_prepare - read the settings and check what they and the options mean
 * together.  -1 when the program shall go on, else the status to end with.
 */
int
act_prepare(struct act_options *o, const struct cli *cli);

/* act_run - the run.  Returns the exit status; a signal that came ends the process by itself. */
int
act_run(struct act_run *r, const struct cli *cli);

/* act_release - free what the options own. */
void
act_release(struct act_options *o);

#endif
