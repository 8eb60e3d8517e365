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

#define ACT_OPTIONS_INIT                                                                                   \
	{                                                                                                  \
		.bounds = { 50, -1, -1 }, .emit_us = 6 * INT64_C(1000000), .burst = 1, .jobs = 5, .queue = -1 \
	}

/* Their tables: those before a program's own options, and those behind. */
#define ACT_OPTIONS(o, does)                                                                               \
	{ 'x', "execute", CLI_FLAG, NULL, &(o).execute, does "; without it nothing is sent", 0, 0, NULL, NULL }, \
	{ 'n', "dry-run", CLI_FLAG, NULL, &(o).dry_run, "send nothing, even with -x", 0, 0, NULL, NULL },  \
	{ 0, "max", CLI_INT, "n", &(o).bounds.max, "refuse to act on more than this (50)", 0, 1000000, NULL,  \
	        &(o).has_max },                                                                            \
	{ 0, "max-percent", CLI_INT, "n", &(o).bounds.max_percent,                                         \
	        "refuse to act on more than this part of those that run", 0, 100, NULL, NULL },            \
	{ 0, "max-per-owner", CLI_INT, "n", &(o).bounds.max_per_owner,                                     \
	        "refuse to act on more than this of one owner", 0, 1000000, NULL, NULL },                  \
	{ 0, "halt", CLI_INT, "n", &(o).halt, "send nothing more after so many failures", 1, 1000000, NULL, NULL }, \
	{ 0, "rate", CLI_PARSE, "n/unit", &(o).emit_us, "requests a minute, second or hour; 0 is no limit (10/m)", \
	        0, 0, act_parse_rate, NULL },                                                              \
	{ 0, "burst", CLI_INT, "n", &(o).burst, "so many may come at once (1)", 1, 1000, NULL, NULL },     \
	{ 'j', "jobs", CLI_INT, "n", &(o).jobs, "requests at a time, 1-64 (5)", 1, 64, NULL, NULL },       \
	{ 0, "queue", CLI_INT, "n", &(o).queue, "hold back while more builds than this wait", 0, 1000000, NULL, NULL }, \
	{ 0, "wait", CLI_PARSE, "[duration]", &(o).wait_s, "follow each build to its end (30m)", 0, 0,     \
	        act_parse_wait, NULL },                                                                    \
	{ 0, "deadline", CLI_SPAN, "duration", &(o).deadline_s, "end the run after this time", 1,          \
	        INT64_C(366) * 86400, NULL, NULL },                                                        \
	{ 0, "journal", CLI_TEXT, "file", &(o).journal, "append what is done, before it is done", 0, 0, NULL, NULL }, \
	{ 0, "shared", CLI_FLAG, NULL, &(o).shared, "also what others shared with this token's user", 0, 0, \
	        NULL, NULL }
#define ACT_MORE_OPTIONS(o) EXCLUSIONS_OPTIONS((o).exclusions), CONFIG_OPTIONS((o).config), LOGIN_OPTIONS((o).login)

/* act_parse_rate, act_parse_wait - for CLI_PARSE. */
int
act_parse_rate(void *target, const char *text, struct err *err);
int
act_parse_wait(void *target, const char *text, struct err *err);

struct act_run {
	struct act_options *o;      /* borrowed */
	struct guard       guard; /* exclusions, shared and origin are filled in by act_run */
	enum action           action;
	struct when         now;       /* --now */
	const char         *recover;   /* --recover: a journal instead of standard input; NULL */
	uint64_t            want;      /* the members that judge() looks at */
	bool                last_wins; /* of several records of one workspace the last acts */
	void (*expand)(void *ctx, struct batch *b, struct records *in); /* lines of journals to records, before judge(); may be NULL */
	batch_judge        *judge;
	struct engine_act   act; /* its ctx is that of expand() and judge() too */
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
