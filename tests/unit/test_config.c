/* test_config.c - the settings file: each type, each refusal in its words, who wins. */

#include "settings/config.h"
#include "settings/config_show.h"

#include <getopt.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/rate.h"
#include "base/xalloc.h"
#include "check.h"
#include "settings/windows.h"

static int
parse_rate(void *target, const char *text, struct err *err)
{
	return rate_parse(text, target) ? 0 : err_set(err, CWS_USAGE, "bad rate");
}

static void
test_refusals(void)
{
	static const struct {
		const char *json, *message; /* NULL: it is taken */
	} rows[] = {
		{ "{}", NULL },
		{ " \n{ } \n", NULL },
		{ "", "is empty: expected one JSON object" },
		{ " \n\t ", "is empty: expected one JSON object" },
		{ "[]", "expected one JSON object, got a list" },
		{ " [{}]", "expected one JSON object, got a list" },
		{ "7", "line 1: expected one JSON object: not an object" },
		{ "{}{}", "line 1: expected one JSON object: something follows the value" },
		{ "{\n\"dry_run\": true,\n}", "line 3: expected one JSON object: expected a member's name" },
		{ "{\n\"safety\": {\"max_stops\": 01}}", "line 2: expected one JSON object: expected a comma or a closing bracket" },
		{ "{\"a\":\"\xff\"}", "line 1: expected one JSON object: not UTF-8" },
		{ "{\"a\":\"x\\u0000y\"}", "expected text without \\u0000" },
		{ "{\"a\":\"x\\\\u0000y\"}", NULL },
		{ "{\"dry_run\":true,\"dry_run\":true}", "dry_run: is there twice: expected it once" },
		{ "{\"dry_run\":true,\"dry\\u005frun\":true}", "dry\\u005frun: is there twice: expected it once" },
		{ "{\"safety\":{\"max_stops\":1,\"max_stops\":1}}", "safety.max_stops: is there twice: expected it once" },
		{ "{\"quiet_hours\":{\"enabled\":true},\"ttl_monitor\":{\"enabled\":true}}", NULL },
		{ "{\"quiet_hours\":true}", "quiet_hours: expected an object, got true" },
		{ "{\"safety\":[]}", "safety: expected an object, got an empty list" },
		{ "{\"safety.max_stops\":\"many\",\"autostop.batch_size\":1}", NULL },
		{ "{\"notifications\":7,\"logging\":[],\"prune_workspaces\":{\"enabled\":\"no\"}}", NULL },
		{ "{\"prune_workspaces\":[]}", "prune_workspaces: expected an object, got an empty list" },
		{ "{\"prune_workspaces\":{\"exclude_users\":\"ada\"}}",
		        "prune_workspaces.exclude_users: expected a list of names, got \"ada\"" },
		{ "{\"prune_workspaces\":{\"include_groups\":[7]}}",
		        "prune_workspaces.include_groups[0]: expected a name such as ada or ci-*, got 7" },
		{ "{\"prune_workspaces\":{\"default_quiet_hours_duration\":\"8h\"}}",
		        "prune_workspaces.default_quiet_hours_duration: expected a number of hours, got \"8h\"" },
		{ "{\"prune_workspaces\":{\"default_quiet_hours_duration\":25}}",
		        "prune_workspaces.default_quiet_hours_duration: expected a number of hours from 1 to 24, got 25" },
		{ "{\"quiet_hours\":{\"start_time\":\"9:00\",\"timezone\":\"europe/london\"}}", NULL },
		{ "{\"quiet_hours\":{\"timezone\":\"utc\",\"windows\":[\"mon-fri 9:00-17:30\"]}}", NULL },

		{ "{\"sweep\":{\"every\":\"15m\",\"policies\":[\"a b.jq\",\"-.jq\"],\"report_file\":\"r\",\"html_file\":\"h\","
		  "\"prom_file\":\"p\",\"journal_dir\":\"j\",\"snapshot_dir\":\"s\",\"keep\":\"90d\",\"habit\":true,\"notify\":[]}}", NULL },
		{ "{\"sweep\":{\"every\":\"0s\"}}", "sweep.every: 0s is out of range: write 1s to 3650d" },
		{ "{\"sweep\":{\"keep\":90}}",
		        "sweep.keep: expected a duration such as 90s, 30m, 8h, 2d or 1h30m, got 90" },
		{ "{\"sweep\":{\"policies\":\"a.jq\"}}", "sweep.policies: expected a list of files, got \"a.jq\"" },
		{ "{\"sweep\":{\"policies\":[\"\"]}}", "sweep.policies[0]: expected the name of a file, got \"\"" },
		{ "{\"sweep\":{\"stop\":\"--wait\"}}", "sweep.stop: expected a list of arguments, got \"--wait\"" },
		{ "{\"sweep\":{\"stop\":[\"--max\",20]}}",
		        "sweep.stop[1]: expected an argument such as --max, got 20" },
		{ "{\"sweep\":{\"stop\":[\"--max\",\"20\",\"--exclude-name\",\"*/xnc\",\"-fvj5\",\"-j\",\"--\"]}}", NULL },
		{ "{\"sweep\":{\"stop\":[\"-x\"]}}",
		        "sweep.stop[0]: -x, -n and -c are not to be said here, got \"-x\"" },
		{ "{\"sweep\":{\"stop\":[\"-fqx\"]}}",
		        "sweep.stop[0]: -x, -n and -c are not to be said here, got \"-fqx\"" },
		{ "{\"sweep\":{\"stop\":[\"--execute\"]}}",
		        "sweep.stop[0]: -x, -n and -c are not to be said here, got \"--execute\"" },
		{ "{\"sweep\":{\"stop\":[\"--wait\",\"--config=f\"]}}",
		        "sweep.stop[1]: -x, -n and -c are not to be said here, got \"--config=f\"" },
		{ "{\"sweep\":{\"report\":[\"-fcsv\",\"-fhtml\",\"--title\",\"next\"]}}", NULL },
		{ "{\"sweep\":{\"report\":[\"--dry-run\"]}}",
		        "sweep.report[0]: -x, -n and -c are not to be said here, got \"--dry-run\"" },
		{ "{\"sweep\":{\"notify\":[\"-n\"]}}",
		        "sweep.notify[0]: -x, -n and -c are not to be said here, got \"-n\"" },
		{ "{\"dry_run\":1}", "dry_run: expected true or false, got 1" },
		{ "{\"dry_run\":\"yes\"}", "dry_run: expected true or false, got \"yes\"" },
		{ "{\"dry_run\":null}", "dry_run: expected true or false, got null" },
		{ "{\"quiet_hours\":{\"enabled\":\"true\"}}", "quiet_hours.enabled: expected true or false, got \"true\"" },
		{ "{\"quiet_hours\":{\"start_time\":\"25:00\"}}",
		        "quiet_hours.start_time: expected HH:MM from 00:00 to 23:59, got \"25:00\"" },
		{ "{\"quiet_hours\":{\"start_time\":\"24:00\"}}",
		        "quiet_hours.start_time: expected HH:MM from 00:00 to 23:59, got \"24:00\"" },
		{ "{\"quiet_hours\":{\"end_time\":\"24:00\"}}", NULL },
		{ "{\"quiet_hours\":{\"end_time\":\"24:01\"}}",
		        "quiet_hours.end_time: expected HH:MM from 00:00 to 24:00, got \"24:01\"" },
		{ "{\"quiet_hours\":{\"end_time\":8}}", "quiet_hours.end_time: expected HH:MM from 00:00 to 24:00, got 8" },
		{ "{\"quiet_hours\":{\"days\":\"mon-fri,sun\"}}", NULL },
		{ "{\"quiet_hours\":{\"days\":\"\"}}",
		        "quiet_hours.days: expected days such as mon-fri, sat,sun or daily, got \"\"" },
		{ "{\"quiet_hours\":{\"days\":[\"mon\"]}}",
		        "quiet_hours.days: expected days such as mon-fri, sat,sun or daily, got a list" },
		{ "{\"quiet_hours\":{\"days\":\"workdays\"}}",
		        "quiet_hours.days: expected days such as mon-fri, sat,sun or daily, got \"workdays\"" },
		{ "{\"quiet_hours\":{\"windows\":[\"mon-fri 18:00-08:00\",\"daily 12:00-13:00\"]}}", NULL },
		{ "{\"quiet_hours\":{\"windows\":\"mon-fri 18:00-08:00\"}}", "quiet_hours.windows: expected a list of windows "
		        "such as 'mon-fri 18:00-08:00', got \"mon-fri 18:00-08:00\"" },
		{ "{\"quiet_hours\":{\"windows\":[]}}", "quiet_hours.windows: expected a list of windows such as "
		        "'mon-fri 18:00-08:00', got an empty list" },
		{ "{\"quiet_hours\":{\"windows\":[\"daily 12:00-13:00\",\"18:00-08:00\"]}}", "quiet_hours.windows[1]: "
		        "expected days and times such as 'mon-fri 18:00-08:00', got \"18:00-08:00\"" },
		{ "{\"quiet_hours\":{\"windows\":[\"mon-fri\"]}}", "quiet_hours.windows[0]: "
		        "expected days and times such as 'mon-fri 18:00-08:00', got \"mon-fri\"" },
		{ "{\"quiet_hours\":{\"windows\":[{}]}}", "quiet_hours.windows[0]: "
		        "expected days and times such as 'mon-fri 18:00-08:00', got an object" },
		{ "{\"quiet_hours\":{\"timezone\":\"UTC\"}}", NULL },
		{ "{\"quiet_hours\":{\"timezone\":\"Nope/Nowhere\"}}",
		        "quiet_hours.timezone: unknown time zone 'Nope/Nowhere': write an IANA name such as Europe/Berlin" },
		{ "{\"quiet_hours\":{\"timezone\":2}}",
		        "quiet_hours.timezone: expected an IANA time zone such as Europe/Berlin, got 2" },
		{ "{\"quiet_hours\":{\"grace_period_hours\":0.5}}", NULL },
		{ "{\"quiet_hours\":{\"grace_period_hours\":\"1h\"}}",
		        "quiet_hours.grace_period_hours: expected a number of hours, got \"1h\"" },
		{ "{\"quiet_hours\":{\"grace_period_hours\":-1}}",
		        "quiet_hours.grace_period_hours: expected a number of hours from 0 to 87600, got -1" },
		{ "{\"quiet_hours\":{\"grace_period_hours\":1e400}}",
		        "quiet_hours.grace_period_hours: expected a number of hours from 0 to 87600, got inf" },
		{ "{\"quiet_hours\":{\"min_uptime\":\"1h30m\",\"idle\":\"0s\"}}", NULL },
		{ "{\"quiet_hours\":{\"idle\":30}}",
		        "quiet_hours.idle: expected a duration such as 90s, 30m, 8h, 2d or 1h30m, got 30" },
		{ "{\"quiet_hours\":{\"idle\":\"30\"}}", "quiet_hours.idle: \"30\" has no unit: write 30m or 30s" },
		{ "{\"quiet_hours\":{\"length\":\"1m\"}}", NULL },
		{ "{\"quiet_hours\":{\"length\":\"59s\"}}", "quiet_hours.length: 59s is out of range: write 1m to 1d" },
		{ "{\"quiet_hours\":{\"length\":\"1d1s\"}}", "quiet_hours.length: 1d1s is out of range: write 1m to 1d" },
		{ "{\"ttl_monitor\":{\"grace\":\"soon\"}}",
		        "ttl_monitor.grace: expected a duration such as 90s, 30m, 8h, 2d or 1h30m, got \"soon\"" },
		{ "{\"quiet_hours\":{\"excluded_users\":\"ada\"}}",
		        "quiet_hours.excluded_users: expected a list of names, got \"ada\"" },
		{ "{\"quiet_hours\":{\"excluded_users\":[\"ada\",7]}}",
		        "quiet_hours.excluded_users[1]: expected a name such as ada or ci-*, got 7" },
		{ "{\"quiet_hours\":{\"excluded_templates\":[\"\"]}}",
		        "quiet_hours.excluded_templates[0]: expected a name such as ada or ci-*, got \"\"" },
		{ "{\"quiet_hours\":{\"excluded_groups\":[\"a/b\"]}}",
		        "quiet_hours.excluded_groups[0]: expected a name such as ada or ci-*, got \"a/b\"" },
		{ "{\"quiet_hours\":{\"excluded_names\":[\"ada/dev\",\"ci-*\"]}}", NULL },
		{ "{\"quiet_hours\":{\"excluded_names\":[\"ci-[\"]}}",
		        "quiet_hours.excluded_names[0]: expected a name such as dev, ada/dev or ci-*, got \"ci-[\"" },
		{ "{\"quiet_hours\":{\"holidays_file\":\"\"}}",
		        "quiet_hours.holidays_file: expected the name of a file, got \"\"" },
		{ "{\"safety\":{\"holds_file\":{}}}", "safety.holds_file: expected the name of a file, got an object" },
		{ "{\"safety\":{\"max_stops_per_minute\":\"ten\"}}",
		        "safety.max_stops_per_minute: expected a number, got \"ten\"" },
		{ "{\"safety\":{\"max_stops_per_minute\":0}}",
		        "safety.max_stops_per_minute: expected a whole number from 1 to 1000000, got 0" },
		{ "{\"safety\":{\"max_stops\":2.5}}", "safety.max_stops: expected a whole number from 0 to 1000000, got 2.5" },
		{ "{\"safety\":{\"max_percent\":101}}", "safety.max_percent: expected a whole number from 0 to 100, got 101" },
		{ "{\"autostop\":{\"max_concurrent_stops\":65}}",
		        "autostop.max_concurrent_stops: expected a whole number from 1 to 64, got 65" },
		{ "{\"autostop\":{\"max_concurrent_stops\":true}}", "autostop.max_concurrent_stops: expected a number, got true" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config c = { .option = NULL };
		struct err    err = { .text = "" };
		int           status;

		c.file.path = xstrdup("config.json");
		status = config_parse(&c, rows[i].json, strlen(rows[i].json), &err);
		CHECK(rows[i].json, (status == 0) == (rows[i].message == NULL), "status %d, \"%s\"", status, err.text);
		if (status != 0 && rows[i].message != NULL) {
			CHECK_TEXT(rows[i].json, err.text, rows[i].message);
			CHECK(rows[i].json, err.status == CWS_USAGE, "status %d", (int)err.status);
		}
		config_release(&c);
	}
}

static void
test_windows_count(void)
{
	struct config c = { .option = NULL };
	struct buf    b;
	struct err    err = { .text = "" };
	int           i;

	buf_init(&b, BUF_RECORD_MAX);
	buf_puts(&b, "{\"quiet_hours\":{\"windows\":[\"mon 18:00-08:00\"");
	for (i = 0; i < 32; i++)
		buf_puts(&b, ",\"tue 18:00-08:00\"");
	buf_puts(&b, "]}}");
	CHECK("33 windows", config_parse(&c, b.p, b.n, &err) == -1, "taken");
	CHECK_TEXT("33 windows", err.text, "quiet_hours.windows: expected at most 32 windows, got 33");
	config_release(&c);
	buf_release(&b);
}

/* One program's options, set by argv and then by a file; shows them. */
static void
look(const char *name, const char *prog, const char *json, const char *const *words, const char *want)
{
	struct config  c = { .option = NULL };
	struct windows w = WINDOWS_DEFAULT;
	struct cli_list          users = { .n = 0 };
	int64_t                  grace_s = 3600, idle_s = 0, jobs = 5, emit_us = 6000000, max = 50;
	bool                     dry = false;
	const struct cli_option  quiet[] = {
		WINDOWS_OPTIONS(w),
		OPT_SPAN(0, "grace", &grace_s, ""),
		OPT_SPAN(0, "idle", &idle_s, ""),
		OPT_LIST(0, "exclude-user", &users, ""),
	};
	const struct cli_option stop[] = {
		OPT_FLAG('n', "dry-run", &dry, ""),
		OPT_INT(0, "max", &max, 0, 1000000, ""),
		OPT_INT('j', "jobs", &jobs, 1, 64, ""),
		OPT_PARSE(0, "rate", "n/unit", &emit_us, parse_rate, ""),
	};
	bool             is_stop = strcmp(prog, "cws-stop") == 0;
	const struct cli cli = { .prog = prog, .option = is_stop ? stop : quiet,
		.options = is_stop ? sizeof(stop) / sizeof(stop[0]) : sizeof(quiet) / sizeof(quiet[0]) };
	char            *argv[16] = { xstrdup(prog) };
	struct err       err = { .text = "" };
	struct buf       b;
	int              argc = 1, i;

	for (; words[argc - 1] != NULL; argc++)
		argv[argc] = xstrdup(words[argc - 1]);
	optind = 0; /* glibc: begin anew */
	CHECK(name, cli_parse(&cli, argc, argv) == -1, "refused");
	c.file.path = xstrdup("f");
	c.file.named = "environment";
	buf_init(&b, BUF_RECORD_MAX);
	if (config_parse(&c, json, strlen(json), &err) != 0 || config_apply(&c, &cli, &err) != 0)
		buf_puts(&b, err.text);
	else
		config_show(&c, &cli, &b);
	CHECK_TEXT(name, buf_text(&b), want);
	buf_release(&b);
	cli_list_release(&users);
	config_release(&c);
	for (i = 0; i < argc; i++)
		free(argv[i]);
}

/* Which unknown keys refuse a run that acts, and which key was meant. */
static void
test_doubtful(void)
{
	static const struct {
		const char *json, *doubtful;
	} rows[] = {
		{ "{\"quiet_hours\":{\"strat_time\":\"19:00\"},\"x\":1}", "" },
		{ "{\"safety\":{\"max_stop\":5}}", "safety.max_stop, perhaps meant as safety.max_stops" },
		{ "{\"safety\":{\"zzz\":5}}", "safety.zzz" },
		{ "{\"safety\":{\"_max_stop\":\"a note\"}}", "" },
		{ "{\"safety\":{\"rollback_enabled\":true}}", "" },
		{ "{\"safty\":{\"max_stops\":5}}", "safty.max_stops, perhaps meant as safety.max_stops" },
		{ "{\"safety.max_stops\":5}", "\"safety.max_stops\", perhaps meant as safety.max_stops" },
		{ "{\"quiet_hours\":{\"excluded_user\":[\"ada\"]}}",
		        "quiet_hours.excluded_user, perhaps meant as quiet_hours.excluded_users" },
		{ "{\"quiet_hours\":{\"xcluded_users\":[\"ada\"]}}",
		        "quiet_hours.xcluded_users, perhaps meant as quiet_hours.excluded_users" },
		{ "{\"quiet_hours\":{\"Exclusions\":[\"ada\"]}}", "quiet_hours.Exclusions" },
		{ "{\"quiet\":{\"excluded_users\":[\"ada\"]}}",
		        "quiet.excluded_users, perhaps meant as quiet_hours.excluded_users" },
		{ "{\"excluded_users\":[\"ada\"]}", "excluded_users, perhaps meant as quiet_hours.excluded_users" },
		{ "{\"excluded_things\":[\"ada\"]}", "excluded_things" },
		{ "{\"safety\":{\"enabled\":true}}", "safety.enabled" },
		{ "{\"prune_workspaces\":{\"exclude_user\":[\"ada\"]}}",
		        "prune_workspaces.exclude_user, perhaps meant as prune_workspaces.exclude_users" },
		{ "{\"prune_workspaces\":{\"include_user\":[\"ada\"]}}", "" },
		{ "{\"_quiet\":{\"excluded_users\":[\"ada\"]}}", "" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config c = { .option = NULL };
		struct err    err = { .text = "" };

		c.file.path = xstrdup("config.json");
		CHECK(rows[i].json, config_parse(&c, rows[i].json, strlen(rows[i].json), &err) == 0, "%s", err.text);
		CHECK_TEXT(rows[i].json, c.doubtful, rows[i].doubtful);
		config_release(&c);
	}
}

#define SHOWN(settings) "{\"config\":{\"value\":\"f\",\"from\":\"environment\"}," settings "}"
#define ONE(name, value, from) "\"" name "\":{\"value\":" value ",\"from\":\"" from "\"}"

static void
test_precedence(void)
{
	look("defaults", "cws-stop", "{}", (const char *const[]){ NULL },
	        SHOWN("\"autostop\":{" ONE("enabled", "true", "default") "," ONE("max_concurrent_stops", "5", "default")
	              "},\"safety\":{" ONE("max_stops_per_minute", "10", "default") "," ONE("max_stops", "50", "default")
	              "}," ONE("dry_run", "false", "default")));
	look("file and options", "cws-stop",
	        "{\"autostop\":{\"enabled\":false,\"max_concurrent_stops\":7},"
	        "\"safety\":{\"max_stops_per_minute\":60,\"max_stops\":9},\"dry_run\":true}",
	        (const char *const[]){ "--max", "8", "--rate", "0", NULL },
	        SHOWN("\"autostop\":{" ONE("enabled", "false", "f") "," ONE("max_concurrent_stops", "7", "f")
	              "},\"safety\":{" ONE("max_stops_per_minute", "null", "option") "," ONE("max_stops", "8", "option")
	              "}," ONE("dry_run", "true", "f")));
	look("a rate that does not divide a minute", "cws-stop", "{\"safety\":{\"max_stops_per_minute\":18}}",
	        (const char *const[]){ NULL },
	        SHOWN("\"autostop\":{" ONE("enabled", "true", "default") "," ONE("max_concurrent_stops", "5", "default")
	              "},\"safety\":{" ONE("max_stops_per_minute", "18", "f") "," ONE("max_stops", "50", "default")
	              "}," ONE("dry_run", "false", "default")));
	look("a rate by the hour", "cws-stop", "{}", (const char *const[]){ "--rate", "90/h", NULL },
	        SHOWN("\"autostop\":{" ONE("enabled", "true", "default") "," ONE("max_concurrent_stops", "5", "default")
	              "},\"safety\":{" ONE("max_stops_per_minute", "1.5", "option") "," ONE("max_stops", "50", "default")
	              "}," ONE("dry_run", "false", "default")));
	look("false gives nothing", "cws-stop", "{\"dry_run\":false}", (const char *const[]){ "-n", NULL },
	        SHOWN("\"autostop\":{" ONE("enabled", "true", "default") "," ONE("max_concurrent_stops", "5", "default")
	              "},\"safety\":{" ONE("max_stops_per_minute", "10", "default") "," ONE("max_stops", "50", "default")
	              "}," ONE("dry_run", "true", "option")));
	look("nothing asked of it", "cws-quiet",
	        "{\"quiet_hours\":{\"owner_schedule\":false,\"excluded_groups\":[],\"grace_period_hours\":0.75},"
	        "\"safety\":{\"journal\":\"j\"}}",
	        (const char *const[]){ "--idle", "90s", NULL },
	        SHOWN("\"quiet_hours\":{" ONE("enabled", "true", "default") "," ONE("start_time", "\"18:00\"", "default") ","
	              ONE("end_time", "\"08:00\"", "default") "," ONE("days", "\"daily\"", "default") ","
	              ONE("timezone", "\"UTC\"", "default") "," ONE("grace_period_hours", "0.75", "f") ","
	              ONE("idle", "\"1m30s\"", "option") "," ONE("excluded_users", "[]", "default") "}"));
	look("names add up", "cws-quiet",
	        "{\"quiet_hours\":{\"start_time\":\"20:00\",\"end_time\":\"06:00\",\"days\":\"mon,wed-fri\","
	        "\"timezone\":\"Europe/Berlin\",\"excluded_users\":[\"b\\u006fb\",\"ci-*\"]}}",
	        (const char *const[]){ "--exclude-user", "ada", NULL },
	        SHOWN("\"quiet_hours\":{" ONE("enabled", "true", "default") "," ONE("start_time", "\"20:00\"", "f") ","
	              ONE("end_time", "\"06:00\"", "f") "," ONE("days", "\"mon,wed,thu,fri\"", "f") ","
	              ONE("timezone", "\"Europe/Berlin\"", "f") "," ONE("grace_period_hours", "1", "default") ","
	              ONE("idle", "null", "default") ","
	              ONE("excluded_users", "[\"ada\",\"bob\",\"ci-*\"]", "option and f") "}"));
	look("one part given replaces all windows of the file", "cws-quiet",
	        "{\"quiet_hours\":{\"start_time\":\"20:00\",\"end_time\":\"06:00\",\"timezone\":\"Europe/Berlin\","
	        "\"windows\":[\"sat,sun 00:00-24:00\"]}}",
	        (const char *const[]){ "--end", "07:00", NULL },
	        SHOWN("\"quiet_hours\":{" ONE("enabled", "true", "default") "," ONE("start_time", "\"18:00\"", "default") ","
	              ONE("end_time", "\"07:00\"", "option") "," ONE("days", "\"daily\"", "default") ","
	              ONE("timezone", "\"Europe/Berlin\"", "f") "," ONE("grace_period_hours", "1", "default") ","
	              ONE("idle", "null", "default") "," ONE("excluded_users", "[]", "default") "}"));
	look("windows replace the parts", "cws-quiet",
	        "{\"quiet_hours\":{\"start_time\":\"20:00\",\"windows\":[\"mon-fri 18:00-08:00\",\"sat,sun 00:00-24:00\"]}}",
	        (const char *const[]){ "--tz", "UTC", NULL },
	        SHOWN("\"quiet_hours\":{" ONE("enabled", "true", "default") ","
	              ONE("windows", "[\"sun,sat 00:00-24:00\",\"mon,tue,wed,thu,fri 18:00-08:00\"]", "f") ","
	              ONE("timezone", "\"UTC\"", "option") "," ONE("grace_period_hours", "1", "default") ","
	              ONE("idle", "null", "default") "," ONE("excluded_users", "[]", "default") "}"));
	look("another program's", "cws-other", "{\"dry_run\":true}", (const char *const[]){ NULL },
	        "{\"config\":{\"value\":\"f\",\"from\":\"environment\"}}");
}

/* Bytes of a real file changed, dropped and doubled: taken or refused, with a reason. */
static void
test_damage(void)
{
	static const char whole[] =
	        "{\"quiet_hours\":{\"enabled\":true,\"start_time\":\"18:00\",\"days\":\"mon-fri\","
	        "\"windows\":[\"mon-fri 18:00-08:00\",\"sat,sun 00:00-24:00\"],\"grace_period_hours\":0.5,\"idle\":\"1h30m\","
	        "\"excluded_users\":[\"ci-*\",\"a[a-c]a\"]},\"safety\":{\"max_stops\":50,\"journal\":\"\\u00e9\"},\"dry_run\":false}";
	static const char bytes[] = "\"{}[]:,\\u0019.-+eE \n\tz\xff\x80\xc3";
	unsigned          turn, x = 1;

	for (turn = 0; turn < 20000; turn++) {
		struct config c = { .option = NULL };
		struct err    err = { .text = "" };
		char         *text = xmemdup0(whole, sizeof(whole) - 1);
		size_t        n = sizeof(whole) - 1, at;
		int           status, edits;

		for (edits = 0; edits < 3; edits++) {
			x = x * 1103515245u + 12345u;
			at = (x >> 8) % n;
			if ((x >> 28) < 8)
				text[at] = bytes[(x >> 4) % (sizeof(bytes) - 1)];
			else if ((x >> 28) < 12 && n > 1)
				memmove(text + at, text + at + 1, --n - at);
			else
				n = at + 1;
		}
		text = xrealloc(text, n, 1); /* a reader that goes too far shall be seen */
		c.file.path = xstrdup("config.json");
		status = config_parse(&c, text, n, &err);
		CHECK("damaged", (status == 0) == (err.text[0] == '\0'), "status %d, \"%s\"", status, err.text);
		config_release(&c);
		free(text);
	}
}

int
main(void)
{
	diag_init("test");
	test_damage();
	test_refusals();
	test_windows_count();
	test_doubtful();
	test_precedence();
	return CHECK_DONE();
}
