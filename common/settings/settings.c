/* settings.c - the table of settings. */

#include "settings/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/spelling.h"

#define HOURS_MAX 87600 /* ten years */
/* the same in seconds, as cws-sweep has it */
#define SWEEP_SPAN_MAX (HOURS_MAX * INT64_C(3600))

enum { QUIET = 1, TTL = 2, STOP = 4, START = 8, ACT = STOP | START, SWEEP = 16 };

static const struct reader readers[] = {
	{ "cws-quiet", "quiet_hours", QUIET },
	{ "cws-ttl", "ttl_monitor", TTL },
	{ "cws-stop", "autostop", STOP },
	{ "cws-start", "autostop", START },
	{ "cws-fetch", NULL, SWEEP },
};

/*
 * excluded_*, exclude_* and safety.holds_file are vetoes, so whatever acts reads them too.  The
 * section
 * prune_workspaces is the older agents'; their include_* chose for the quiet hours of owners alone.
 */
const struct setting settings[SETTINGS] = {
	{ "quiet_hours.enabled", T_FLAG, QUIET, NULL, 0, 0, NULL },
	{ "quiet_hours.start_time", T_START, QUIET, "start", 0, 0, NULL },
	{ "quiet_hours.end_time", T_END, QUIET, "end", 0, 0, NULL },
	{ "quiet_hours.days", T_DAYS, QUIET, "days", 0, 0, NULL },
	{ "quiet_hours.windows", T_WINDOWS, QUIET, "window", 0, 0, NULL },
	{ "quiet_hours.timezone", T_ZONE, QUIET, "tz", 0, 0, NULL },
	{ "quiet_hours.grace_period_hours", T_HOURS, QUIET, "grace", 0, HOURS_MAX, NULL },
	{ "quiet_hours.min_uptime", T_SPAN, QUIET, "min-uptime", 0, 0, NULL },
	{ "quiet_hours.idle", T_SPAN, QUIET, "idle", 0, 0, NULL },
	{ "quiet_hours.owner_schedule", T_FLAG, QUIET, "owner-schedule", 0, 0, NULL },
	{ "quiet_hours.length", T_SPAN, QUIET, "length", 60, 86400, NULL },
	{ "quiet_hours.holidays_file", T_TEXT, QUIET, "holidays", 0, 0, NULL },
	{ "quiet_hours.holidays_open", T_FLAG, QUIET, "holidays-open", 0, 0, NULL },
	{ "quiet_hours.excluded_users", T_NAMES, QUIET | ACT, "exclude-user", 0, 0, NULL },
	{ "quiet_hours.excluded_templates", T_NAMES, QUIET | ACT, "exclude-template", 0, 0, NULL },
	{ "quiet_hours.excluded_organizations", T_NAMES, QUIET | ACT, "exclude-org", 0, 0, NULL },
	{ "quiet_hours.excluded_groups", T_NAMES, QUIET | ACT, "exclude-group", 0, 0, NULL },
	{ "quiet_hours.excluded_names", T_WORKSPACES, QUIET | ACT, "exclude-name", 0, 0, NULL },
	{ "prune_workspaces.default_quiet_hours_duration", T_HOURS, QUIET, "length", 1, 24, NULL },
	{ "prune_workspaces.exclude_users", T_NAMES, QUIET | ACT, "exclude-user", 0, 0, NULL },
	{ "prune_workspaces.exclude_templates", T_NAMES, QUIET | ACT, "exclude-template", 0, 0,
	        NULL },
	{ "prune_workspaces.exclude_organizations", T_NAMES, QUIET | ACT, "exclude-org", 0, 0,
	        NULL },
	{ "prune_workspaces.exclude_groups", T_NAMES, QUIET | ACT, "exclude-group", 0, 0, NULL },
	{ "prune_workspaces.include_users", T_NAMES, QUIET, "only-user", 0, 0, "owner-schedule" },
	{ "prune_workspaces.include_templates", T_NAMES, QUIET, "only-template", 0, 0,
	        "owner-schedule" },
	{ "prune_workspaces.include_organizations", T_NAMES, QUIET, "only-org", 0, 0,
	        "owner-schedule" },
	{ "prune_workspaces.include_groups", T_NAMES, QUIET, "only-group", 0, 0, "owner-schedule" },
	{ "ttl_monitor.enabled", T_FLAG, TTL, NULL, 0, 0, NULL },
	{ "ttl_monitor.warning_threshold_hours", T_HOURS, TTL, "soon", 0, HOURS_MAX, NULL },
	{ "ttl_monitor.grace", T_SPAN, TTL, "grace", 0, 0, NULL },
	{ "ttl_monitor.overrun", T_FLAG, TTL, "overrun", 0, 0, NULL },
	{ "ttl_monitor.unlimited", T_SPAN, TTL, "unlimited", 0, 0, NULL },
	{ "ttl_monitor.failed", T_FLAG, TTL, "failed", 0, 0, NULL },
	{ "ttl_monitor.canceled", T_FLAG, TTL, "canceled", 0, 0, NULL },
	{ "autostop.enabled", T_FLAG, ACT, NULL, 0, 0, NULL },
	{ "autostop.max_concurrent_stops", T_COUNT, ACT, "jobs", 1, 64, NULL },
	{ "safety.max_stops_per_minute", T_RATE, ACT, "rate", 1, 1000000, NULL },
	{ "safety.max_stops", T_COUNT, ACT, "max", 0, 1000000, NULL },
	{ "safety.max_percent", T_COUNT, ACT, "max-percent", 0, 100, NULL },
	{ "safety.max_per_owner", T_COUNT, ACT, "max-per-owner", 0, 1000000, NULL },
	{ "safety.holds_file", T_TEXT, QUIET | ACT, "holds", 0, 0, NULL },
	{ "safety.journal", T_TEXT, ACT, "journal", 0, 0, NULL },
	{ "sweep.every", T_SPAN, SWEEP, NULL, 1, SWEEP_SPAN_MAX, NULL },
	{ "sweep.policies", T_FILES, SWEEP, NULL, 0, 0, NULL },
	{ "sweep.report_file", T_TEXT, SWEEP, NULL, 0, 0, NULL },
	{ "sweep.html_file", T_TEXT, SWEEP, NULL, 0, 0, NULL },
	{ "sweep.prom_file", T_TEXT, SWEEP, NULL, 0, 0, NULL },
	{ "sweep.journal_dir", T_TEXT, SWEEP, NULL, 0, 0, NULL },
	{ "sweep.snapshot_dir", T_TEXT, SWEEP, NULL, 0, 0, NULL },
	{ "sweep.keep", T_SPAN, SWEEP, NULL, 1, SWEEP_SPAN_MAX, NULL },
	{ "sweep.habit", T_FLAG, SWEEP, NULL, 0, 0, NULL },
	{ "sweep.stop", T_WORDS, SWEEP, NULL, 0, 0, NULL },
	{ "sweep.notify", T_WORDS, SWEEP, NULL, 0, 0, NULL },
	{ "sweep.report", T_WORDS, SWEEP, NULL, 0, 0, NULL },
	{ "dry_run", T_FLAG, ACT, "dry-run", 0, 0, NULL },
};

const struct setting_words setting_type[T_KINDS] = {
	[T_FLAG] = { "true or false", NULL },
	[T_START] = { "HH:MM from 00:00 to 23:59", NULL },
	[T_END] = { "HH:MM from 00:00 to 24:00", NULL },
	[T_DAYS] = { "days such as mon-fri, sat,sun or daily", NULL },
	[T_WINDOWS] = { "a list of windows such as 'mon-fri 18:00-08:00'",
	        "days and times such as 'mon-fri 18:00-08:00'" },
	[T_ZONE] = { "an IANA time zone such as Europe/Berlin", NULL },
	[T_TEXT] = { "the name of a file", NULL },
	[T_SPAN] = { "a duration such as 90s, 30m, 8h, 2d or 1h30m", NULL },
	[T_HOURS] = { "a number of hours", NULL },
	[T_COUNT] = { "a number", NULL },
	[T_RATE] = { "a number", NULL },
	[T_NAMES] = { "a list of names", "a name such as ada or ci-*" },
	[T_WORKSPACES] = { "a list of names", "a name such as dev, ada/dev or ci-*" },
	[T_FILES] = { "a list of files", "the name of a file" },
	[T_WORDS] = { "a list of arguments", "an argument such as --max" },
};

/*
 * Of agents_config.json as the older agents' repository has it, less what has a meaning above; then
 * what is to come.
 */
static const char *const of_others[] = {
	"ttl_monitor.check_interval_minutes",
	"ttl_monitor.report_expired",
	"ttl_monitor.report_expiring_soon",
	"autostop.batch_size",
	"autostop.notification_enabled",
	"logging.level",
	"logging.file",
	"logging.max_size_mb",
	"logging.backup_count",
	"safety.emergency_stop_enabled",
	"safety.rollback_enabled",
	"safety.rollback_window_hours",
	"prune_workspaces.enabled",
	"prune_workspaces.timezone",
	"notifications.email_enabled",
	"notifications.slack_webhook",
	"notifications.teams_webhook",
	"notifications.notification_threshold_minutes",
	"notifications.way",
	"notifications.smtp_url_file",
	"notifications.from",
	"notifications.map_file",
	"notifications.fallback",
	"notifications.state_file",
	"habit.unused",
	"habit.ahead",
	"habit.at_most_percent",
	"habit.weeks",
	"prices_file",
};

#define OF_OTHERS (sizeof(of_others) / sizeof(of_others[0]))

/* The i-th of all known keys. */
static const char *
known_key(size_t i)
{
	return i < SETTINGS ? settings[i].path : of_others[i - SETTINGS];
}

const struct reader *
setting_reader(const char *prog)
{
	size_t i;

	for (i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (strcmp(readers[i].prog, prog) == 0)
			return &readers[i];
	return NULL;
}

bool
setting_is_list(const struct setting *s)
{
	return setting_type[s->type].element != NULL;
}

bool
setting_is_window(const struct setting *s)
{
	return s->type == T_START || s->type == T_END || s->type == T_DAYS || s->type == T_WINDOWS;
}

bool
setting_of_script(const struct setting *s)
{
	return s->read_by == SWEEP;
}

/* Does one of the first n known keys stand in this section? */
static bool
is_section(const char *name, size_t n)
{
	size_t i, length = strlen(name);

	for (i = 0; i < n; i++)
		if (strncmp(known_key(i), name, length) == 0 && known_key(i)[length] == '.')
			return true;
	return false;
}

bool
setting_section(const char *name)
{
	return is_section(name, SETTINGS + OF_OTHERS);
}

bool
setting_section_ours(const char *name)
{
	return is_section(name, SETTINGS);
}

bool
setting_of_others(const char *path)
{
	size_t i;

	for (i = 0; i < OF_OTHERS; i++)
		if (strcmp(of_others[i], path) == 0)
			return true;
	return false;
}

/* What follows the section. */
static const char *
last_part(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL ? dot + 1 : path + (path[0] == '"');
}

/* The one setting of this name, in whatever section; NULL: there is none, or more than one. */
static const char *
elsewhere(const char *key)
{
	const char *found = NULL;
	size_t      i;

	for (i = 0; i < SETTINGS; i++)
		if (strcmp(last_part(settings[i].path), key) == 0) {
			if (found != NULL)
				return NULL;
			found = settings[i].path;
		}
	return found;
}

const char *
setting_nearest(const char *path)
{
	const char *nearest = NULL;
	size_t      i, d, best = 4; /* more edits make any short key of any other */

	for (i = 0; i < SETTINGS + OF_OTHERS; i++) {
		d = spelling_distance(path, known_key(i));
		if (d < best) {
			best = d;
			nearest = known_key(i);
		}
	}
	return nearest != NULL ? nearest : elsewhere(last_part(path));
}

bool
setting_is_veto_like(const char *path)
{
	const char *key = last_part(path);
	char        section[16];
	size_t      i;

	path += path[0] == '"';
	snprintf(section, sizeof(section), "%.*s", (int)strcspn(path, "."), path);
	if (spelling_distance(section, "safety") <= 2 ||
	        (strlen(key) >= 5 && ascii_same(key, "exclu", 5)))
		return true;
	for (i = 0; i < SETTINGS; i++)
		if (strncmp(last_part(settings[i].path), "exclude", 7) == 0 &&
		        spelling_distance(key, last_part(settings[i].path)) <= 1)
			return true;
	return false;
}
