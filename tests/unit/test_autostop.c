/*
 * test_autostop.c - a row for each rule of the executor with its boundary minute a second before, at
 * and after, and for what was seen of a live one; every state, every conflict, the verdicts against the
 * server.
 */

#include "judge/autostop.h"

#include "at.h"
#include "base/rfc3339.h"
#include "check.h"
#include "settings/tz_load.h"

#define MON "2026-11-23T"

static struct when
when_of(const char *text)
{
	return text != NULL ? when_at(at(text)) : when_none();
}

/* One workspace; a row states what is unlike a running one of an active owner, unlicensed. */
struct row {
	const char *name;
	struct autostop_facts f;
	const char *deadline, *max_deadline, *completed, *created, *last_used, *dormant, *deleting, *next_start;
	const char *now; /* NULL: 12:00:30 */
	const char *state, *stop_at, *by, *restarts_at;
	const char *why; /* a part of it; NULL: not looked at */
	const char *conflicts;
};

#define RUNS     .life = LIFE_RUNNING, .turn = TURN_START
#define STOPS    .life = LIFE_STOPPED, .turn = TURN_STOP
#define STICKS   .life = LIFE_STUCK, .turn = TURN_STOP
#define ACTIVE   .owner = OWNER_ACTIVE
#define FREE     .licensed = FACT_NO
#define PREMIUM  .licensed = FACT_YES, .has_template = true
#define RUN      RUNS, ACTIVE, FREE
#define STOPPED  STOPS, ACTIVE, FREE
#define STUCK    STICKS, ACTIVE, FREE
#define RUN_P    RUNS, ACTIVE, PREMIUM
#define STOP_P   STOPS, ACTIVE, PREMIUM
#define STUCK_P  STICKS, ACTIVE, PREMIUM
#define SCHEDULE .schedule = "0 9 * * *", .has_cron = true
#define NINE     SCHEDULE, .days = CRON_DAILY
#define CRON(s)  .schedule = s, .has_cron = true, .days = CRON_DAILY
#define FAILED   .life = LIFE_FAILED, .turn = TURN_START, .failed = true
#define CANCELED .life = LIFE_FAILED, .turn = TURN_START, .canceled = true
#define ALWAYS   .outdated = true, .updates_always = true
#define REQUIRED .outdated = true, .requires_active = true
#define DYNAMIC  .dynamic_flow = true
#define SUNDAY   "2026-11-22T20:00:00Z"
#define D        MON "15:00:41Z"

static const struct row rows[] = {
	/* The first whole minute strictly after the deadline. */
	{ "deadline", { RUN }, .deadline = D, .state = "scheduled", .stop_at = MON "15:01:00Z",
	        .by = "deadline" },
	{ "1 s before a minute", { RUN }, .deadline = MON "15:00:59Z", .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "1 us before a minute", { RUN }, .deadline = MON "15:00:59.999999Z", .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "on a minute", { RUN }, .deadline = MON "15:01:00Z", .state = "scheduled",
	        .stop_at = MON "15:02:00Z",
	        .by = "deadline" },
	{ "1 s after a minute", { RUN }, .deadline = MON "15:01:01Z", .state = "scheduled",
	        .stop_at = MON "15:02:00Z", .by = "deadline" },
	{ "its tick is not the next", { RUN }, .deadline = D, .now = MON "14:59:59Z", .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "its tick is the next", { RUN }, .deadline = D, .now = MON "15:00:00Z", .state = "now",
	        .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "1 s before its tick", { RUN }, .deadline = D, .now = MON "15:00:59Z", .state = "now",
	        .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "at its tick", { RUN }, .deadline = D, .now = MON "15:01:00Z", .state = "now",
	        .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "at its tick, suspended or not", { RUNS, FREE, .owner = OWNER_UNKNOWN }, .deadline = D,
	        .now = MON "15:01:00Z", .state = "now", .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "1 s after its tick", { RUN }, .deadline = D, .now = MON "15:01:01Z", .state = "now",
	        .stop_at = MON "15:02:00Z", .by = "deadline" },
	{ "long past", { RUN, .ttl_ms = 28800000 }, .deadline = D, .now = MON "16:30:41Z", .state = "now",
	        .stop_at = MON "16:31:00Z", .by = "deadline",
	        .why = "the server stops it in 19s, the first minute after its deadline 2026-11-23T15:00:41Z "
	               "(ttl 8h), which passed 1h 30m ago" },
	{ "max_deadline", { RUN }, .deadline = D, .max_deadline = D, .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "max_deadline",
	        .why = "max_deadline, which no use extends" },
	{ "max_deadline later", { RUN }, .deadline = D, .max_deadline = MON "15:00:42Z", .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "no deadline", { RUN, .ttl_ms = 3600000 }, .state = "never", .conflicts = "no-limit",
	        .why = "its ttl of 1h waits for the next start" },

	/* Who is skipped, and who is not. */
	{ "suspended", { RUNS, FREE, .owner = OWNER_SUSPENDED }, .state = "now", .stop_at = MON "12:01:00Z",
	        .by = "suspended", .why = "its owner is suspended" },
	{ "suspended, on a minute", { RUNS, FREE, .owner = OWNER_SUSPENDED }, .deadline = D,
	        .now = MON "12:01:00Z",
	        .state = "now", .stop_at = MON "12:02:00Z", .by = "suspended" },
	{ "suspended, canceled start", { .life = LIFE_FAILED, .turn = TURN_START, .canceled = true,
	        .owner = OWNER_SUSPENDED, .licensed = FACT_NO }, .state = "now", .stop_at = MON "12:01:00Z",
	        .by = "suspended" },
	{ "suspended, failed start", { .life = LIFE_FAILED, .turn = TURN_START, .failed = true,
	        .owner = OWNER_SUSPENDED, .licensed = FACT_NO }, .state = "stopped" },
	{ "suspended, dormant", { RUNS, FREE, .owner = OWNER_SUSPENDED }, .dormant = MON "01:00:00Z",
	        .deadline = D,
	        .state = "never", .conflicts = "no-limit", .why = "dormant" },
	{ "suspended, pending", { .life = LIFE_CHANGING, .turn = TURN_START, .owner = OWNER_SUSPENDED },
	        .state = "unknown", .why = "changing" },
	{ "a dormant owner's stops all the same", { RUNS, FREE, .owner = OWNER_DORMANT, NINE }, .deadline = D,
	        .state = "scheduled", .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "prebuild", { RUNS, FREE, .prebuild = true, .owner = OWNER_UNKNOWN }, .deadline = D,
	        .state = "never",
	        .why = "prebuild reconciler" },
	{ "failed start", { .life = LIFE_FAILED, .turn = TURN_START, .failed = true, .owner = OWNER_ACTIVE,
	        .licensed = FACT_NO, NINE }, .state = "stopped", .why = "its last start failed" },
	{ "canceled start", { .life = LIFE_FAILED, .turn = TURN_START, .canceled = true,
	        .owner = OWNER_ACTIVE,
	        .licensed = FACT_NO, NINE }, .state = "stopped" },
	{ "failed stop", { STUCK, .failed = true, NINE }, .deadline = MON "09:00:00Z", .state = "never",
	        .conflicts = "stuck", .why = "its last stop failed" },
	{ "canceled stop", { STUCK, .canceled = true, NINE }, .state = "never", .conflicts = "stuck",
	        .restarts_at = "2026-11-24T09:00:00Z", .why = "it starts by itself" },
	{ "failed delete", { .life = LIFE_UNKNOWN, .turn = TURN_DELETE, .failed = true, .owner = OWNER_ACTIVE,
	        .licensed = FACT_NO, NINE }, .state = "never", .why = "its last delete failed" },
	{ "a stop's deadline means nothing", { STOPPED }, .deadline = D, .state = "stopped" },
	{ "deleted", { .life = LIFE_STOPPED, .turn = TURN_DELETE, .deleted = true, NINE },
	        .state = "stopped" },
	{ "a status nobody knows", { .life = LIFE_UNKNOWN, .turn = TURN_START }, .deadline = D,
	        .state = "unknown" },

	/* Licensed rules. */
	{ "dormancy", { RUN_P, .time_til_dormant_ms = 3600000 }, .last_used = MON "11:30:10Z",
	        .state = "scheduled", .stop_at = MON "12:31:00Z", .by = "dormancy",
	        .why = "last used at 2026-11-23T11:30:10Z, time_til_dormant is 1h" },
	{ "dormancy on a minute", { RUN_P, NINE, .time_til_dormant_ms = 3600000 },
	        .last_used = MON "11:30:00Z",
	        .state = "scheduled", .stop_at = MON "12:31:00Z", .by = "dormancy" },
	{ "dormancy unlicensed", { RUN, .has_template = true, .time_til_dormant_ms = 3600000 },
	        .last_used = MON "11:30:10Z", .state = "never", .conflicts = "no-limit" },
	{ "deadline before dormancy", { RUN_P, .time_til_dormant_ms = 3600000 }, .last_used = MON "11:30:10Z",
	        .deadline = MON "12:29:10Z", .state = "scheduled", .stop_at = MON "12:30:00Z",
	        .by = "deadline" },
	{ "at one tick the deadline is named", { RUN_P, .time_til_dormant_ms = 3600000 },
	        .last_used = MON "11:30:10Z", .deadline = MON "12:30:59Z", .state = "scheduled",
	        .stop_at = MON "12:31:00Z", .by = "deadline" },
	{ "failure_ttl, start", { .life = LIFE_FAILED, .turn = TURN_START, .failed = true,
	        .owner = OWNER_ACTIVE, PREMIUM, .failure_ttl_ms = 3600000, NINE },
	        .completed = MON "11:59:59Z",
	        .state = "scheduled", .stop_at = MON "13:00:00Z", .by = "failure_ttl",
	        .restarts_at = "2026-11-24T09:00:00Z", .why = "its start failed at 2026-11-23T11:59:59Z" },
	{ "failure_ttl unlicensed", { .life = LIFE_FAILED, .turn = TURN_START, .failed = true,
	        .owner = OWNER_ACTIVE, .licensed = FACT_NO, .has_template = true, .failure_ttl_ms = 3600000 },
	        .completed = MON "11:59:59Z", .state = "stopped" },
	{ "failure_ttl, stop", { STUCK_P, .failed = true, .failure_ttl_ms = 3600000,
	        .retries_stops = FACT_YES }, .completed = MON "10:00:00Z", .state = "now",
	        .stop_at = MON "12:01:00Z", .by = "failure_ttl" },
	{ "failure_ttl, stop, an older server", { STUCK_P, .failed = true, .failure_ttl_ms = 3600000,
	        .retries_stops = FACT_NO }, .completed = MON "10:00:00Z", .state = "never",
	        .conflicts = "stuck" },
	{ "failure_ttl, stop, a server nobody knows", { STUCK_P, .failed = true,
	        .failure_ttl_ms = 3600000 }, .completed = MON "10:00:00Z", .state = "unknown",
	        .why = "the server's version" },
	{ "autodelete", { STOP_P, NINE }, .dormant = MON "01:00:00Z", .deleting = MON "18:00:00Z",
	        .state = "scheduled", .stop_at = MON "18:01:00Z", .by = "autodelete",
	        .why = "the server deletes it" },
	{ "autodelete unlicensed", { STOPPED, NINE }, .dormant = MON "01:00:00Z", .deleting = MON "18:00:00Z",
	        .state = "stopped", .why = "it is dormant" },
	{ "autodelete again a day after", { .life = LIFE_UNKNOWN, .turn = TURN_DELETE, .failed = true,
	        .owner = OWNER_ACTIVE, PREMIUM }, .dormant = MON "01:00:00Z", .deleting = MON "02:00:00Z",
	        .completed = MON "02:01:30Z", .state = "scheduled", .stop_at = "2026-11-24T02:02:00Z",
	        .by = "autodelete" },
	{ "autodelete after one that was canceled", { .life = LIFE_UNKNOWN, .turn = TURN_DELETE, .canceled = true,
	        .owner = OWNER_ACTIVE, PREMIUM }, .dormant = MON "01:00:00Z", .deleting = MON "02:00:00Z",
	        .completed = MON "02:01:30Z", .state = "now", .stop_at = MON "12:01:00Z", .by = "autodelete" },

	/* When it starts again. */
	{ "stopped", { STOPPED, NINE }, .state = "stopped", .restarts_at = "2026-11-24T09:00:00Z",
	        .why = "it starts by itself in 20h 59m (0 9 * * *)" },
	{ "a second before its start", { STOPPED, NINE }, .now = MON "08:59:59Z", .state = "stopped",
	        .restarts_at = MON "09:00:00Z" },
	{ "at its start", { STOPPED, NINE }, .created = SUNDAY, .now = MON "09:00:00Z", .state = "stopped",
	        .restarts_at = MON "09:00:00Z" },
	{ "at its start, created then", { STOPPED, NINE }, .created = MON "09:00:00Z", .now = MON "09:00:00Z",
	        .state = "stopped", .restarts_at = "2026-11-24T09:00:00Z" },
	{ "created a microsecond before", { STOPPED, NINE }, .created = MON "08:59:59.999999Z",
	        .now = MON "09:00:00Z", .state = "stopped", .restarts_at = MON "09:00:00Z" },
	{ "nobody knows when it was created", { STOPPED, NINE }, .now = MON "09:00:00Z", .state = "stopped",
	        .restarts_at = "2026-11-24T09:00:00Z" },
	{ "overdue by days", { STOPPED, NINE }, .created = "2026-11-20T08:00:00Z", .state = "stopped",
	        .restarts_at = MON "12:01:00Z" },
	{ "overdue by years", { STOPPED, CRON("CRON_TZ=Europe/Berlin 0 9 * * 1-5") },
	        .created = "2019-03-01T08:00:00Z", .state = "stopped", .restarts_at = MON "12:01:00Z" },
	{ "overdue, its template allows Wednesdays", { STOP_P, SCHEDULE, .days = 0x08 },
	        .created = "2026-11-17T08:00:00Z", .state = "stopped", .restarts_at = MON "12:01:00Z" },
	{ "not yet, its template allows Wednesdays", { STOP_P, SCHEDULE, .days = 0x08 },
	        .created = "2026-11-18T09:00:00Z", .state = "stopped", .restarts_at = "2026-11-25T09:00:00Z" },
	{ "overdue, next_start_at ahead", { STOPPED, NINE }, .created = SUNDAY,
	        .next_start = MON "12:30:00Z", .state = "stopped", .restarts_at = MON "12:30:00Z" },
	{ "overdue, next_start_at gone by", { STOPPED, NINE }, .created = SUNDAY,
	        .next_start = MON "09:00:00Z", .state = "stopped", .restarts_at = MON "12:01:00Z" },
	{ "next_start_at gone by, its firing ahead", { STOPPED, NINE }, .created = MON "11:00:00Z",
	        .next_start = MON "09:00:00Z", .state = "stopped", .restarts_at = "2026-11-24T09:00:00Z" },
	{ "null next_start_at is no never", { STOPPED, NINE }, .created = MON "11:00:00Z", .state = "stopped",
	        .restarts_at = "2026-11-24T09:00:00Z" },
	{ "overdue, canceled stop", { STUCK, .canceled = true, NINE }, .created = SUNDAY, .state = "never",
	        .conflicts = "stuck", .restarts_at = MON "12:01:00Z" },
	{ "overdue, owner dormant", { STOPS, FREE, NINE, .owner = OWNER_DORMANT }, .created = SUNDAY,
	        .state = "stopped", .why = "its owner is dormant" },
	{ "overdue, dormant", { STOPPED, NINE }, .created = SUNDAY, .dormant = MON "01:00:00Z",
	        .state = "stopped", .why = "no autostart: it is dormant" },
	{ "overdue, failed stop", { STUCK, .failed = true, NINE }, .created = SUNDAY, .state = "never",
	        .conflicts = "stuck" },
	{ "overdue, canceled start", { CANCELED, ACTIVE, FREE, NINE }, .created = SUNDAY, .state = "stopped",
	        .why = "no autostart: its last build was no stop" },
	{ "overdue, before it is dormant at the same tick", { STOP_P, NINE, .time_til_dormant_ms = 3600000 },
	        .created = SUNDAY, .last_used = MON "11:00:00Z", .state = "stopped",
	        .restarts_at = MON "12:01:00Z" },
	{ "stopped, dormant by then", { STOP_P, NINE, .time_til_dormant_ms = 3600000 },
	        .created = MON "11:50:00Z", .last_used = MON "11:30:00Z", .state = "stopped",
	        .why = "it is dormant by then" },
	{ "next_start_at ahead", { STOPPED, NINE }, .next_start = "2026-11-25T09:00:00Z", .state = "stopped",
	        .restarts_at = "2026-11-25T09:00:00Z" },
	{ "next_start_at of another schedule", { STOPPED, NINE }, .next_start = "2026-11-25T08:30:00Z",
	        .state = "stopped", .restarts_at = "2026-11-25T08:30:00Z" },
	{ "next_start_at gone by", { STOPPED, NINE }, .next_start = MON "09:00:00Z", .state = "stopped",
	        .restarts_at = "2026-11-24T09:00:00Z" },
	{ "stopped after the instant of judging", { STOPPED, NINE }, .created = "2026-11-24T09:00:00Z",
	        .state = "stopped", .restarts_at = "2026-11-25T09:00:00Z" },
	{ "owner dormant", { STOPS, FREE, NINE, .owner = OWNER_DORMANT }, .state = "stopped",
	        .why = "its owner is dormant" },
	{ "owner suspended", { STOPS, FREE, NINE, .owner = OWNER_SUSPENDED }, .state = "stopped",
	        .why = "its owner is suspended" },
	{ "a schedule nobody can read", { STOPPED, .schedule = "@daily" }, .state = "stopped",
	        .why = "what its autostart schedule means" },
	{ "its template allows Wednesdays", { STOP_P, SCHEDULE, .days = 0x08 }, .state = "stopped",
	        .restarts_at = "2026-11-25T09:00:00Z" },
	{ "its template allows no day", { STOP_P, SCHEDULE, .days = 0 }, .state = "stopped",
	        .why = "its template allows it on none of the days" },
	{ "days count with a licence alone", { STOPPED, SCHEDULE, .days = 0 }, .state = "stopped",
	        .restarts_at = "2026-11-24T09:00:00Z" },
	{ "after the stop", { RUN, NINE }, .deadline = "2026-11-24T08:30:00Z", .state = "scheduled",
	        .stop_at = "2026-11-24T08:31:00Z", .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z",
	        .conflicts = "restart-soon" },
	{ "strictly after the stop", { RUN, NINE }, .deadline = "2026-11-24T08:59:00Z", .state = "scheduled",
	        .stop_at = "2026-11-24T09:00:00Z", .by = "deadline", .restarts_at = "2026-11-25T09:00:00Z" },
	{ "an hour after the stop", { RUN, NINE }, .deadline = "2026-11-24T07:59:00Z", .state = "scheduled",
	        .stop_at = "2026-11-24T08:00:00Z", .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z",
	        .conflicts = "restart-soon" },
	{ "more than an hour after", { RUN, NINE }, .deadline = "2026-11-24T07:58:00Z", .state = "scheduled",
	        .stop_at = "2026-11-24T07:59:00Z", .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z" },
	{ "next_start_at behind the stop", { RUN, NINE }, .deadline = D, .next_start = "2026-11-26T09:00:00Z",
	        .state = "scheduled", .stop_at = MON "15:01:00Z", .by = "deadline",
	        .restarts_at = "2026-11-26T09:00:00Z" },
	{ "next_start_at at the stop", { RUN, NINE }, .deadline = D, .next_start = MON "15:01:00Z",
	        .state = "scheduled", .stop_at = MON "15:01:00Z", .by = "deadline",
	        .restarts_at = "2026-11-24T09:00:00Z" },
	{ "next_start_at on a day not allowed", { RUN_P, SCHEDULE, .days = 0x08 }, .deadline = D,
	        .next_start = "2026-11-24T09:00:00Z", .state = "scheduled", .stop_at = MON "15:01:00Z",
	        .by = "deadline", .restarts_at = "2026-11-25T09:00:00Z" },
	{ "next_start_at of a schedule nobody can read", { RUN, .schedule = "@daily" }, .deadline = D,
	        .next_start = "2026-11-24T09:00:00Z", .state = "scheduled", .stop_at = MON "15:01:00Z",
	        .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z" },
	{ "it never stops, so it never starts", { RUN, NINE }, .next_start = "2026-11-24T09:00:00Z",
	        .state = "never", .conflicts = "no-limit" },
	{ "dormant by then", { RUN_P, NINE, .time_til_dormant_ms = 86400000 },
	        .last_used = "2026-11-23T08:58:00Z",
	        .deadline = D, .state = "scheduled", .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "dormant at the same tick", { RUN_P, NINE, .time_til_dormant_ms = 86400000 },
	        .last_used = "2026-11-23T08:59:00Z", .deadline = D, .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z" },

	/* What is not known. */
	{ "owner", { RUNS, FREE, .owner = OWNER_UNKNOWN }, .deadline = D, .state = "unknown",
	        .why = "its owner's status; all else being equal the server stops it at 2026-11-23T15:01:00Z" },
	{ "owner, at the next tick in any case", { RUNS, FREE, .owner = OWNER_UNKNOWN },
	        .deadline = MON "12:00:10Z",
	        .state = "now", .stop_at = MON "12:01:00Z", .by = "deadline" },
	{ "owner, stopped", { STOPS, FREE, NINE, .owner = OWNER_UNKNOWN }, .state = "unknown",
	        .why = "its owner's status" },
	{ "owner, stopped, no schedule", { STOPS, FREE, .owner = OWNER_UNKNOWN }, .state = "stopped" },
	{ "owner, dormant", { RUNS, FREE, .owner = OWNER_UNKNOWN }, .dormant = MON "01:00:00Z", .deadline = D,
	        .state = "never", .conflicts = "no-limit" },
	{ "template", { RUNS, ACTIVE, .licensed = FACT_YES }, .deadline = D, .state = "unknown",
	        .why = "its template" },
	{ "template, at the next tick in any case", { RUNS, ACTIVE, .licensed = FACT_YES },
	        .deadline = MON "12:00:10Z", .state = "now", .stop_at = MON "12:01:00Z", .by = "deadline" },
	{ "template, a failed start of a dormant one", { .life = LIFE_FAILED, .turn = TURN_START, .failed = true, ACTIVE,
	        .licensed = FACT_YES }, .dormant = MON "01:00:00Z", .completed = MON "10:00:00Z", .state = "unknown",
	        .why = "its template" },
	{ "template, a failed stop of a dormant one", { STICKS, ACTIVE, .failed = true, .licensed = FACT_YES,
	        .retries_stops = FACT_YES }, .dormant = MON "01:00:00Z", .completed = MON "10:00:00Z",
	        .state = "unknown", .why = "its template" },
	{ "template, unlicensed", { RUN }, .deadline = D, .state = "scheduled", .stop_at = MON "15:01:00Z",
	        .by = "deadline" },
	{ "template, stopped", { STOPS, ACTIVE, NINE, .licensed = FACT_YES }, .state = "unknown",
	        .why = "its template" },
	{ "licence, no difference", { RUNS, ACTIVE, .licensed = FACT_UNKNOWN, .has_template = true },
	        .deadline = D,
	        .state = "scheduled", .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "licence", { RUNS, ACTIVE, .licensed = FACT_UNKNOWN, .has_template = true,
	        .time_til_dormant_ms = 3600000 },
	        .last_used = MON "11:30:10Z", .deadline = D, .state = "unknown",
	        .why = "scheduling is licensed" },
	{ "no provisioner", { RUN, .no_provisioner = true }, .deadline = D, .state = "unknown",
	        .why = "when a provisioner comes back" },
	{ "no provisioner, nothing to do", { RUN, .no_provisioner = true }, .state = "never",
	        .conflicts = "no-limit" },
	{ "no provisioner to start it", { STOPPED, NINE, .no_provisioner = true }, .state = "unknown" },
	{ "none serves its template", { RUN, .no_match = true }, .deadline = D, .state = "unknown",
	        .why = "when a provisioner comes back that serves its template; all else being equal the "
	               "server stops it at 2026-11-23T15:01:00Z by its deadline" },
	{ "none serves its template, suspended", { RUNS, FREE, .owner = OWNER_SUSPENDED, .no_match = true },
	        .state = "unknown", .why = "serves its template" },
	{ "none serves its template, nothing to do", { RUN, .no_match = true }, .state = "never",
	        .conflicts = "no-limit" },
	{ "none serves its template to start it", { STOPPED, NINE, .no_match = true }, .state = "unknown",
	        .why = "serves its template" },
	{ "none serves its template, no schedule", { STOPPED, .no_match = true }, .state = "stopped" },
	{ "none serves its template, a failed start", { FAILED, ACTIVE, PREMIUM, .failure_ttl_ms = 3600000,
	        .no_match = true }, .completed = MON "11:59:59Z", .state = "unknown",
	        .why = "serves its template" },

	/* A newer version concerns starts alone. */
	{ "always, running", { RUN, NINE, ALWAYS }, .deadline = D, .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z",
	        .conflicts = "start-may-fail" },
	{ "always, running, dynamic", { RUN, NINE, ALWAYS, DYNAMIC }, .deadline = D, .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z" },
	{ "always, stopped", { STOPPED, NINE, ALWAYS }, .state = "stopped",
	        .restarts_at = "2026-11-24T09:00:00Z", .conflicts = "start-may-fail" },
	{ "always, stopped, dynamic", { STOPPED, NINE, ALWAYS, DYNAMIC }, .state = "stopped",
	        .restarts_at = "2026-11-24T09:00:00Z" },
	{ "required, running", { RUN, NINE, REQUIRED }, .deadline = D, .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z",
	        .conflicts = "start-may-fail" },
	{ "required, running, dynamic", { RUN, NINE, REQUIRED, DYNAMIC }, .deadline = D, .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z" },
	{ "required, stopped", { STOPPED, NINE, REQUIRED }, .state = "stopped",
	        .restarts_at = "2026-11-24T09:00:00Z", .conflicts = "start-may-fail" },
	{ "required, stopped, dynamic", { STOPPED, NINE, REQUIRED, DYNAMIC }, .state = "stopped",
	        .restarts_at = "2026-11-24T09:00:00Z" },
	{ "always, and not outdated", { STOPPED, NINE, .updates_always = true }, .state = "stopped",
	        .restarts_at = "2026-11-24T09:00:00Z" },
	{ "outdated, and never", { STOPPED, NINE, .outdated = true }, .state = "stopped",
	        .restarts_at = "2026-11-24T09:00:00Z" },
	{ "always, and no start", { STOPPED, ALWAYS }, .state = "stopped" },
	{ "always, overdue", { STOPPED, NINE, ALWAYS }, .created = SUNDAY, .state = "stopped",
	        .restarts_at = MON "12:01:00Z", .conflicts = "start-may-fail" },
	{ "always, restarted soon", { RUN, NINE, ALWAYS }, .deadline = "2026-11-24T08:30:00Z",
	        .state = "scheduled", .stop_at = "2026-11-24T08:31:00Z", .by = "deadline",
	        .restarts_at = "2026-11-24T09:00:00Z", .conflicts = "restart-soon,start-may-fail" },

	/* Where clocks change: skipped is no start that day, of two the first. */
	{ "a skipped time", { STOPPED, CRON("CRON_TZ=Europe/Berlin 30 2 * * *") },
	        .created = "2027-03-27T12:00:00Z", .now = "2027-03-27T13:00:00Z", .state = "stopped",
	        .restarts_at = "2027-03-29T00:30:00Z" },
	{ "a skipped time is not overdue", { STOPPED, CRON("CRON_TZ=Europe/Berlin 30 2 * * *") },
	        .created = "2027-03-27T12:00:00Z", .now = "2027-03-28T12:00:00Z", .state = "stopped",
	        .restarts_at = "2027-03-29T00:30:00Z" },
	{ "the first of two", { STOPPED, CRON("CRON_TZ=Europe/Berlin 0 2 * * *") },
	        .created = "2027-10-30T12:00:00Z", .now = "2027-10-30T13:00:00Z", .state = "stopped",
	        .restarts_at = "2027-10-31T00:00:00Z" },
	{ "after a stop too", { RUN, CRON("CRON_TZ=Europe/Berlin 0 2 * * *") }, .now = "2027-10-30T13:00:00Z",
	        .deadline = "2027-10-30T20:00:30Z", .state = "scheduled", .stop_at = "2027-10-30T20:01:00Z",
	        .by = "deadline", .restarts_at = "2027-10-31T00:00:00Z" },
	{ "half an hour", { STOPPED, CRON("CRON_TZ=Australia/Lord_Howe 15 9 * * *") },
	        .created = "2027-10-02T12:00:00Z", .now = "2027-10-02T13:00:00Z", .state = "stopped",
	        .restarts_at = "2027-10-03T22:15:00Z" },

	/* What stops one that is overdue, and what does not. */
	{ "overdue by two minutes", { RUN }, .deadline = MON "11:58:30Z", .state = "now",
	        .stop_at = MON "12:01:00Z", .by = "deadline" },
	{ "suspended, deadline far ahead", { RUNS, FREE, .owner = OWNER_SUSPENDED },
	        .deadline = "2026-12-23T15:00:00Z", .state = "now", .stop_at = MON "12:01:00Z",
	        .by = "suspended" },
	{ "a failed start's deadline means nothing", { FAILED, ACTIVE, FREE }, .deadline = MON "11:00:00Z",
	        .state = "stopped" },
	{ "failure_ttl on a minute", { FAILED, ACTIVE, PREMIUM, .failure_ttl_ms = 3600000 },
	        .completed = MON "11:59:00Z", .state = "scheduled", .stop_at = MON "13:00:00Z",
	        .by = "failure_ttl" },
	{ "a failed start becomes dormant", { FAILED, ACTIVE, PREMIUM, .time_til_dormant_ms = 3600000 },
	        .last_used = MON "11:30:10Z", .state = "scheduled", .stop_at = MON "12:31:00Z",
	        .by = "dormancy" },
	{ "a failed stop becomes dormant, and is not stopped", { STUCK_P, .failed = true,
	        .retries_stops = FACT_NO, .time_til_dormant_ms = 3600000 }, .last_used = MON "11:30:10Z",
	        .state = "never", .conflicts = "stuck" },
	{ "dormant while running", { RUN }, .dormant = MON "11:00:00Z", .deadline = MON "11:30:00Z",
	        .state = "never", .conflicts = "no-limit", .why = "it is dormant" },
	{ "outdated is no cause", { RUN, .outdated = true }, .deadline = D, .state = "scheduled",
	        .stop_at = MON "15:01:00Z", .by = "deadline" },
	{ "a stuck prebuild", { STICKS, FREE, .failed = true, .prebuild = true, .owner = OWNER_UNKNOWN },
	        .state = "never", .why = "prebuild reconciler" },
	{ "a canceled delete", { .life = LIFE_UNKNOWN, .turn = TURN_DELETE, .canceled = true, ACTIVE, FREE, NINE },
	        .created = SUNDAY, .state = "never", .why = "its last delete was canceled" },
	{ "version unknown, deleted before", { STUCK_P, .failed = true, .failure_ttl_ms = 36000000 },
	        .completed = MON "10:00:00Z", .dormant = MON "01:00:00Z", .deleting = MON "18:00:00Z",
	        .state = "scheduled", .stop_at = MON "18:01:00Z", .by = "autodelete" },

	{ "ttl unlike its template's", { RUN, .ttl_ms = 3600000, .has_default_ttl = true,
	        .default_ttl_ms = 28800000 }, .deadline = D, .state = "scheduled", .stop_at = MON "15:01:00Z",
	        .by = "deadline", .conflicts = "ttl-not-template" },
	{ "ttl as its template's", { RUN, .ttl_ms = 28800000, .has_default_ttl = true,
	        .default_ttl_ms = 28800000 }, .deadline = D, .state = "scheduled", .stop_at = MON "15:01:00Z",
	        .by = "deadline" },
};

static void
check_text(const char *name, struct when got, const char *want)
{
	char text[RFC3339_SIZE] = "none";

	if (got.known)
		rfc3339_print(text, got.us);
	CHECK_TEXT(name, text, want != NULL ? want : "none");
}

static void
check_one(const struct row *r, const struct verdict_seen *seen, size_t n)
{
	struct autostop_facts f = r->f;
	struct autostop       a;
	struct tz             tz;
	struct text           codes;
	struct err            err;
	int64_t               now = at(r->now != NULL ? r->now : MON "12:00:30Z");
	size_t                i;

	f.deadline = when_of(r->deadline);
	f.max_deadline = when_of(r->max_deadline);
	f.completed = when_of(r->completed);
	f.created = when_of(r->created);
	f.last_used = when_of(r->last_used);
	f.dormant = when_of(r->dormant);
	f.deleting = when_of(r->deleting);
	f.next_start = when_of(r->next_start);
	tz_fixed(&tz, "UTC", 0);
	f.tz = &tz;
	if (f.has_cron) {
		CHECK(r->name, cron_parse(f.schedule, &f.cron), "its schedule");
		CHECK(r->name, tz_load(&tz, f.cron.zone, autostop_around(&f, seen, n, now), &err) == 0, "%s",
		        err.text);
	}
	a = autostop_decide(&f, seen, n, now);
	CHECK_TEXT(r->name, a.state, r->state);
	CHECK_TEXT(r->name, a.by != NULL ? a.by : "none", r->by != NULL ? r->by : "none");
	check_text(r->name, a.stop_at, r->stop_at);
	check_text(r->name, a.restarts_at, r->restarts_at);
	CHECK(r->name, a.why.n > 0 && (r->why == NULL || strstr(a.why.s, r->why) != NULL), "why: %s", a.why.s);
	text_clear(&codes);
	for (i = 0; i < a.conflicts; i++) {
		text_put(&codes, i != 0 ? "," : "");
		text_put(&codes, a.conflict[i].code);
		CHECK(r->name, a.conflict[i].why.n > 0, "no reason");
	}
	CHECK_TEXT(r->name, codes.s, r->conflicts != NULL ? r->conflicts : "");
}

#define SEEN(rule, is_due, is_kept) { .name = rule, .state = "s", .why = "because", .due = is_due, .keep = is_kept }

static void
test_verdicts(void)
{
	static const struct {
		const char         *at, *stop_at, *window_start, *window_end;
		struct verdict_seen v;
		struct row          row;
	} two[] = {
		{ MON "12:00:30Z", NULL, NULL, NULL, SEEN("mine", true, false), { "a due verdict", { RUN },
		        .deadline = D, .state = "now", .stop_at = MON "12:00:30Z", .by = "mine",
		        .why = "mine says stop it now: because" } },
		{ NULL, NULL, NULL, NULL, SEEN("mine", true, false), { "one without at stops nothing",
		        { RUN },
		        .deadline = D, .state = "scheduled", .stop_at = MON "15:01:00Z", .by = "deadline" } },
		{ MON "12:00:30Z", MON "15:00:59Z", NULL, NULL, SEEN("mine", false, false),
		        { "a verdict ahead",
		        { RUN }, .deadline = D, .state = "scheduled", .stop_at = MON "15:00:59Z",
		        .by = "mine",
		        .why = "mine stops it in 3h, before the server does at 2026-11-23T15:01:00Z: because" } },
		{ MON "12:00:30Z", MON "15:01:00Z", NULL, NULL, SEEN("mine", false, false), { "a tie",
		        { RUN },
		        .deadline = D, .state = "scheduled", .stop_at = MON "15:01:00Z", .by = "deadline" } },
		{ MON "12:00:30Z", MON "15:01:01Z", NULL, NULL, SEEN("mine", false, false),
		        { "the server is first",
		        { RUN }, .deadline = D, .state = "scheduled", .stop_at = MON "15:01:00Z",
		        .by = "deadline" } },
		{ MON "12:00:30Z", MON "12:00:30Z", NULL, NULL, SEEN("mine", false, false),
		        { "gone by and not due",
		        { RUN }, .state = "never", .conflicts = "no-limit" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, SEEN("mine", true, true), { "kept", { RUN, NINE },
		        .deadline = D,
		        .state = "kept", .stop_at = MON "15:01:00Z", .by = "deadline",
		        .restarts_at = "2026-11-24T09:00:00Z",
		        .why = "the server stops it all the same in 3h" } },
		{ NULL, NULL, NULL, NULL, SEEN("mine", false, true), { "kept for ever", { RUN },
		        .state = "kept",
		        .conflicts = "no-limit", .why = "; kept by mine: because" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, SEEN("mine", false, true), { "kept, owner unknown",
		        { RUNS, FREE, .owner = OWNER_UNKNOWN }, .deadline = D, .state = "kept" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, SEEN("ttl", true, false), { "a failed stop that is due",
		        { STUCK, .failed = true, NINE }, .state = "now", .stop_at = MON "12:00:30Z",
		        .by = "ttl",
		        .restarts_at = "2026-11-24T09:00:00Z", .conflicts = "stuck" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, SEEN("mine", true, false), { "due but not running",
		        { STOPPED }, .state = "stopped" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, SEEN("ttl", true, false), { "a failed start that is due",
		        { FAILED, ACTIVE, FREE }, .state = "now", .stop_at = MON "12:00:30Z", .by = "ttl" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, SEEN("mine", true, false), { "a canceled start that is due",
		        { CANCELED, ACTIVE, FREE }, .state = "now", .stop_at = MON "12:00:30Z", .by = "mine" } },
		{ MON "12:00:30Z", MON "19:59:00Z", NULL, NULL, SEEN("mine", false, false),
		        { "version unknown, a verdict before its clean-up", { STUCK_P, .failed = true,
		        .failure_ttl_ms = 36000000 }, .completed = MON "10:00:00Z", .state = "scheduled",
		        .stop_at = MON "19:59:00Z", .by = "mine" } },
		{ MON "12:00:30Z", MON "20:01:00Z", NULL, NULL, SEEN("mine", false, false),
		        { "version unknown, a verdict at its clean-up", { STUCK_P, .failed = true,
		        .failure_ttl_ms = 36000000 }, .completed = MON "10:00:00Z", .state = "unknown",
		        .why = "the server's version" } },
		{ MON "12:00:30Z", MON "15:00:40Z", NULL, NULL, SEEN("quiet", false, false),
		        { "a deadline after quiet hours, its owner unknown", { RUNS, FREE,
		        .owner = OWNER_UNKNOWN }, .deadline = D, .state = "unknown",
		        .conflicts = "deadline-after-quiet" } },
		{ MON "12:00:30Z", MON "15:00:40Z", NULL, NULL, SEEN("quiet", false, false),
		        { "a deadline after quiet hours, none serves its template", { RUN, .no_match = true },
		        .deadline = D, .state = "scheduled", .stop_at = MON "15:00:40Z", .by = "quiet",
		        .conflicts = "deadline-after-quiet" } },
		{ MON "12:00:30Z", MON "15:00:40Z", NULL, NULL, SEEN("quiet", false, false),
		        { "its owner suspended, no deadline counts", { RUNS, FREE, .owner = OWNER_SUSPENDED },
		        .deadline = D, .state = "now", .stop_at = MON "12:01:00Z", .by = "suspended" } },
		{ MON "12:00:30Z", MON "13:00:00Z", NULL, NULL, { .name = "quiet", .state = "young", .why = "" },
		        { "always quiet", { RUN, NINE }, .state = "scheduled", .stop_at = MON "13:00:00Z",
		        .by = "quiet", .restarts_at = "2026-11-24T09:00:00Z",
		        .conflicts = "autostart-in-quiet" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, { .name = "quiet", .state = "inactive",
		        .why = "not running: stopped; always quiet; local time Mon 12:00 UTC" },
		        { "always quiet, stopped", { STOPPED, NINE }, .state = "stopped",
		        .restarts_at = "2026-11-24T09:00:00Z", .conflicts = "autostart-in-quiet" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, { .name = "quiet", .state = "inactive", .why = "not running: stopped" },
		        { "no hours known", { STOPPED, NINE }, .state = "stopped",
		        .restarts_at = "2026-11-24T09:00:00Z" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, { .name = "quiet", .state = "outside", .why = "switched off" },
		        { "no hours at all", { RUN, NINE }, .deadline = D, .state = "scheduled",
		        .stop_at = MON "15:01:00Z", .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, SEEN("mine", false, true), { "kept, and always",
		        { RUN, NINE, ALWAYS }, .deadline = D, .state = "kept", .stop_at = MON "15:01:00Z",
		        .by = "deadline", .restarts_at = "2026-11-24T09:00:00Z", .conflicts = "start-may-fail" } },
		{ MON "12:00:30Z", MON "15:00:59Z", NULL, NULL, SEEN("mine", false, false), { "owner unknown",
		        { RUNS, FREE, .owner = OWNER_UNKNOWN }, .deadline = D, .state = "unknown" } },
		{ MON "12:00:30Z", NULL, NULL, NULL, SEEN("mine", true, false), { "owner unknown and due",
		        { RUNS, FREE, .owner = OWNER_UNKNOWN }, .deadline = D, .state = "now",
		        .stop_at = MON "12:00:30Z",
		        .by = "mine" } },
		{ MON "12:00:30Z", MON "13:00:00Z", NULL, NULL, SEEN("mine", false, false),
		        { "no provisioner, and a rule ahead of it", { RUN, .no_provisioner = true },
		        .deadline = D,
		        .state = "scheduled", .stop_at = MON "13:00:00Z", .by = "mine" } },
		{ MON "12:00:30Z", MON "15:00:40Z", MON "14:00:00Z", "2026-11-24T09:00:01Z",
		        SEEN("quiet", false, false), { "its deadline after quiet hours", { RUN, NINE },
		        .deadline = D,
		        .state = "scheduled", .stop_at = MON "15:00:40Z", .by = "quiet",
		        .restarts_at = "2026-11-24T09:00:00Z",
		        .conflicts = "autostart-in-quiet,deadline-after-quiet" } },
		{ MON "12:00:30Z", MON "15:00:41Z", MON "14:00:00Z", "2026-11-24T09:00:00Z",
		        SEEN("quiet", false, false), { "at one instant, and quiet until the start", { RUN,
		        NINE },
		        .deadline = D, .state = "scheduled", .stop_at = MON "15:00:41Z", .by = "quiet",
		        .restarts_at = "2026-11-24T09:00:00Z" } },
		{ MON "12:00:30Z", NULL, "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z", SEEN("quiet", false,
		        false),
		        { "quiet from its start on", { STOPPED, NINE }, .state = "stopped",
		        .restarts_at = "2026-11-24T09:00:00Z", .conflicts = "autostart-in-quiet" } },
		{ MON "12:00:30Z", NULL, "2026-11-24T09:00:01Z", "2026-11-24T10:00:00Z", SEEN("quiet", false,
		        false),
		        { "quiet after its start", { STOPPED, NINE }, .state = "stopped",
		        .restarts_at = "2026-11-24T09:00:00Z" } },
	};
	size_t i;

	for (i = 0; i < sizeof(two) / sizeof(two[0]); i++) {
		struct verdict_seen v = two[i].v;

		v.at = when_of(two[i].at);
		v.stop_at = when_of(two[i].stop_at);
		v.window_start = when_of(two[i].window_start);
		v.window_end = when_of(two[i].window_end);
		check_one(&two[i].row, &v, 1);
	}
}

/* The earliest of several verdicts; of two at one instant the first on the record. */
static void
test_several(void)
{
	struct verdict_seen v[3] = { SEEN("a", false, false), SEEN("b", false, false), SEEN("c", false, false) };
	struct row          r = { "several", { RUN }, .state = "scheduled", .stop_at = MON "13:00:00Z", .by = "b" };
	size_t              i;

	for (i = 0; i < 3; i++) {
		v[i].at = when_of(MON "12:00:30Z");
		v[i].stop_at = when_of(i == 0 ? MON "13:00:01Z" : MON "13:00:00Z");
	}
	check_one(&r, v, 3);
}

/* The server was down over a firing: from a second before it to two minutes after. */
static void
test_overdue(void)
{
	static const char *const want[] = { MON "17:55:00Z", MON "17:56:00Z", MON "17:57:00Z" };
	struct autostop_facts    f = { STOPPED, CRON("55 17 * * *") };
	struct tz                tz;
	int64_t                  fires = at(MON "17:55:00Z"), s, us;

	tz_fixed(&tz, "UTC", 0);
	f.tz = &tz;
	f.created = when_of(SUNDAY);
	CHECK("overdue", cron_parse(f.schedule, &f.cron), "its schedule");
	for (s = -1; s <= 120; s++)
		for (us = -1; us <= 1; us++) {
			int64_t         past = s * US_PER_S + us, late = past <= 0 ? 0 : (past - 1) / (60 * US_PER_S) + 1;
			struct autostop a;

			if (late > 2)
				continue;
			f.next_start = s % 2 == 0 ? when_at(fires) : when_none();
			a = autostop_decide(&f, NULL, 0, fires + past);
			CHECK_TEXT("overdue", a.state, "stopped");
			check_text("overdue", a.restarts_at, want[late]);
		}
}

/* Far ends: no overflow, a sentence all the same. */
static void
test_ends(void)
{
	static const int64_t  us[] = { 0, 1, INT64_MAX - 1, INT64_MAX };
	struct autostop_facts f = { RUN_P, NINE, .time_til_dormant_ms = INT64_C(9007199254740991) };
	struct tz             tz;
	size_t                i, k;

	tz_fixed(&tz, "UTC", 0);
	f.tz = &tz;
	CHECK("ends", cron_parse(f.schedule, &f.cron), "its schedule");
	for (i = 0; i < 4; i++)
		for (k = 0; k < 4; k++) {
			struct autostop a;

			f.deadline = f.last_used = f.next_start = when_at(us[i]);
			a = autostop_decide(&f, NULL, 0, us[k]);
			CHECK("ends", a.why.n > 0 && a.stop_at.known, "%s", a.why.s);
		}
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_one(&rows[i], NULL, 0);
	test_verdicts();
	test_several();
	test_overdue();
	test_ends();
	return CHECK_DONE();
}
