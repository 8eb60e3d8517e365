/* settings.c - the table of settings. */

#include "settings/settings.h"

#include <string.h>

#define HOURS_MAX 87600 /* ten years */

enum { QUIET = 1, TTL = 2, STOP = 4, START = 8, ACT = STOP | START };

static const struct reader readers[] = {
	{ "cws-quiet", "quiet_hours", QUIET },
	{ "cws-ttl", "ttl_monitor", TTL },
	{ "cws-stop", "autostop", STOP },
	{ "cws-start", NULL, START },
};

/* quiet_hours.excluded_* and safety.holds_file are vetoes, so whatever acts reads them too. */
const struct setting settings[SETTINGS] = {
	{ "quiet_hours.enabled", T_FLAG, QUIET, NULL, 0, 0 },
	{ "quiet_hours.start_time", T_START, QUIET, "start", 0, 0 },
	{ "quiet_hours.end_time", T_END, QUIET, "end", 0, 0 },
	{ "quiet_hours.days", T_DAYS, QUIET, "days", 0, 0 },
	{ "quiet_hours.windows", T_WINDOWS, QUIET, "window", 0, 0 },
	{ "quiet_hours.timezone", T_ZONE, QUIET, "tz", 0, 0 },
	{ "quiet_hours.grace_period_hours", T_HOURS, QUIET, "grace", 0, HOURS_MAX },
	{ "quiet_hours.min_uptime", T_SPAN, QUIET, "min-uptime", 0, 0 },
	{ "quiet_hours.idle", T_SPAN, QUIET, "idle", 0, 0 },
	{ "quiet_hours.owner_schedule", T_FLAG, QUIET, "owner-schedule", 0, 0 },
	{ "quiet_hours.length", T_SPAN, QUIET, "length", 60, 86400 },
	{ "quiet_hours.holidays_file", T_TEXT, QUIET, "holidays", 0, 0 },
	{ "quiet_hours.holidays_open", T_FLAG, QUIET, "holidays-open", 0, 0 },
	{ "quiet_hours.excluded_users", T_NAMES, QUIET | ACT, "exclude-user", 0, 0 },
	{ "quiet_hours.excluded_templates", T_NAMES, QUIET | ACT, "exclude-template", 0, 0 },
	{ "quiet_hours.excluded_organizations", T_NAMES, QUIET | ACT, "exclude-org", 0, 0 },
	{ "quiet_hours.excluded_groups", T_NAMES, QUIET | ACT, "exclude-group", 0, 0 },
	{ "quiet_hours.excluded_names", T_WORKSPACES, QUIET | ACT, "exclude-name", 0, 0 },
	{ "ttl_monitor.enabled", T_FLAG, TTL, NULL, 0, 0 },
	{ "ttl_monitor.warning_threshold_hours", T_HOURS, TTL, "soon", 0, HOURS_MAX },
	{ "ttl_monitor.grace", T_SPAN, TTL, "grace", 0, 0 },
	{ "ttl_monitor.overrun", T_FLAG, TTL, "overrun", 0, 0 },
	{ "ttl_monitor.unlimited", T_SPAN, TTL, "unlimited", 0, 0 },
	{ "autostop.enabled", T_FLAG, STOP, NULL, 0, 0 },
	{ "autostop.max_concurrent_stops", T_COUNT, ACT, "jobs", 1, 64 },
	{ "safety.max_stops_per_minute", T_RATE, ACT, "rate", 1, 1000000 },
	{ "safety.max_stops", T_COUNT, ACT, "max", 0, 1000000 },
	{ "safety.max_percent", T_COUNT, ACT, "max-percent", 0, 100 },
	{ "safety.max_per_owner", T_COUNT, ACT, "max-per-owner", 0, 1000000 },
	{ "safety.holds_file", T_TEXT, QUIET | ACT, "holds", 0, 0 },
	{ "safety.journal", T_TEXT, ACT, "journal", 0, 0 },
	{ "dry_run", T_FLAG, ACT, "dry-run", 0, 0 },
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
};

static const char *const agents_only[] = { "notifications", "logging", "prune_workspaces", "batch_size",
	"check_interval_minutes", "quiet_hours.batch_size", "quiet_hours.check_interval_minutes",
	"ttl_monitor.batch_size", "ttl_monitor.check_interval_minutes", "autostop.batch_size",
	"autostop.check_interval_minutes", "safety.batch_size" };

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
setting_section(const char *name)
{
	size_t i, n = strlen(name);

	for (i = 0; i < SETTINGS; i++)
		if (strncmp(settings[i].path, name, n) == 0 && settings[i].path[n] == '.')
			return true;
	return false;
}

bool
setting_of_agents(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(agents_only) / sizeof(agents_only[0]); i++)
		if (strcmp(agents_only[i], path) == 0)
			return true;
	return false;
}
