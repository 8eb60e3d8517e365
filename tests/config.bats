# The settings file: found, checked as a whole, given to the options; vetoes hold in cws-stop.

load helper

teardown() {
	stop_fake || true
}

setup() {
	C=$BATS_TEST_TMPDIR/config.json
	# The older agents' own file, with hours that are easier to follow.
	AGENTS=$BATS_TEST_TMPDIR/agents_config.json
	jq '.quiet_hours += {start_time: "18:00", timezone: "America/New_York", excluded_users: ["ci", "grace"],
		excluded_templates: ["gpu"]}' "$FIXTURES/agents_config.json" >"$AGENTS"
	export AGENTS
	cd "$BATS_TEST_TMPDIR" || return
}

PROGRAMS=(cws-quiet cws-ttl cws-stop)

# One running workspace, started the day before and long past its deadline, changed by a jq filter.
record() {
	jq -cn '{id: "w1", name: "dev", owner_name: "ada", template_name: "k8s", template_id: "t1",
		organization_name: "coder", organization_id: "o1", is_prebuild: false, ttl_ms: 3600000,
		last_used_at: "2026-06-12T19:00:00Z", latest_build: {transition: "start", status: "running",
		deadline: "2026-06-11T10:00:00Z", job: {completed_at: "2026-06-11T09:00:00Z"}}} | '"${1:-.}"
}

# Each program refuses this file, config.json in the current directory, in these words, before it reads or sends.
refused() {
	local words=$1 p
	record >in
	for p in "${PROGRAMS[@]}"; do
		run --separate-stderr -2 bash -c '"$1" -c config.json; status=$?; cat; exit $status' - "$p" <in
		[ "$output" = "$(cat in)" ]
		[ "$stderr" = "$p: config.json: $words" ]
	done
}

# The same for a file of this JSON text.
refused_text() {
	printf '%s' "$1" >"$C"
	refused "$2"
}

@test "each bad setting is one line with file, path and what was expected, in every program, before anything is read" {
	refused_text '{"safety":{"max_stops_per_minute":"ten"}}' 'safety.max_stops_per_minute: expected a number, got "ten"'
	refused_text '{"quiet_hours":{"timezone":"Mars/Olympus"}}' \
		"quiet_hours.timezone: unknown time zone 'Mars/Olympus': write an IANA name such as Europe/Berlin"
	refused_text '{"quiet_hours":{"start_time":"25:00"}}' \
		'quiet_hours.start_time: expected HH:MM from 00:00 to 23:59, got "25:00"'
	refused_text '{"quiet_hours":{"windows":["18:00-08:00"]}}' \
		"quiet_hours.windows[0]: expected days and times such as 'mon-fri 18:00-08:00', got \"18:00-08:00\""
	refused_text '{"quiet_hours":{"windows":[]}}' \
		"quiet_hours.windows: expected a list of windows such as 'mon-fri 18:00-08:00', got an empty list"
	refused_text '{"unheard_of":1,"ttl_monitor":{"grace":300}}' \
		'ttl_monitor.grace: expected a duration such as 90s, 30m, 8h, 2d or 1h30m, got 300'
}

@test "a settings file that is none is refused in one line" {
	refused_text '' 'is empty: expected one JSON object'
	refused_text '[]' 'expected one JSON object, got a list'
	refused_text $'{\n"dry_run": yes}' 'line 2: expected one JSON object: not JSON'
	refused_text $'{"quiet_hours":{\n"excluded_users":["\xff"]}}' 'line 2: expected one JSON object: not UTF-8'
	refused_text '{"dry_run":true,"dry_run":false}' 'dry_run: is there twice: expected it once'
	head -c 10000000 /dev/zero | tr '\0' ' ' >"$C"
	refused 'longer than 1 MiB: expected a settings file'
	{ printf '{"dry_run":true'; head -c 1048560 /dev/zero | tr '\0' ' '; printf '}'; } >"$C"
	[ "$(wc -c <"$C")" -eq 1048576 ]
	run --separate-stderr -0 cws-stop -c config.json --show-config
	rm "$C"
	mkdir "$C"
	refused 'is a directory: expected a file'
	rmdir "$C"
	refused 'cannot read: No such file or directory'
}

@test "cws-stop sends nothing on a bad setting" {
	start_fake
	record '.cws.mine = {due: true, at: (now | todate)}' >in
	echo '{"safety":{"max_stops":"many"}}' >"$C"
	run --separate-stderr -2 cws-stop -x -c config.json <in
	[ "$output" = "" ]
	[ "$stderr" = 'cws-stop: config.json: safety.max_stops: expected a number, got "many"' ]
	[ ! -s "$FAKE_LOG" ]
}

@test "unknown settings are warned of with their paths, those of the older agents are named once with -v" {
	echo '{"_":"a note","quiet_hours":{"strat_time":"19:00","_why":7},"x":{"y":1},"logging":{"level":"INFO"},"ttl_monitor":{"report_expired":true}}' >"$C"
	run --separate-stderr -0 cws-ttl -c config.json </dev/null
	[ "$stderr" = "cws-ttl: warning: config.json: quiet_hours.strat_time: unknown setting: did you mean quiet_hours.start_time
cws-ttl: warning: config.json: x: unknown setting
cws-ttl: 0 in, 0 due, 0 held, 0 bad" ]
	run --separate-stderr -0 cws-ttl -qc config.json </dev/null
	[ "$stderr" = "" ]
	run --separate-stderr -0 cws-ttl -qvc config.json </dev/null
	[ "${stderr_lines[2]}" = \
		"cws-ttl: config.json: without a meaning here, passed over: logging.level, ttl_monitor.report_expired" ]
	jq -n '[range(30) | {key: "k\(.)", value: 1}] | from_entries' >"$C"
	run --separate-stderr -0 cws-ttl -qvc config.json </dev/null
	[ "${#stderr_lines[@]}" -eq 12 ]
	[ "${stderr_lines[10]}" = "cws-ttl: warning: config.json: 20 more unknown settings" ]
}

# The file that cws-stop says it uses.
in_force() {
	cws-stop --show-config "$@" | jq -c '[.config.value, .config.from, .safety.max_stops.value]'
}

@test "the file is the option's, the environment's, the user's" {
	mkdir -p "$HOME/.config/cws" xdg/cws
	[ "$(in_force)" = '[null,"default",50]' ]
	echo '{"safety":{"max_stops":1}}' >"$HOME/.config/cws/config.json"
	[ "$(in_force)" = "[\"$HOME/.config/cws/config.json\",\"default\",1]" ]
	export XDG_CONFIG_HOME=$PWD/xdg
	[ "$(in_force)" = '[null,"default",50]' ]
	echo '{"safety":{"max_stops":2}}' >xdg/cws/config.json
	[ "$(in_force)" = "[\"$PWD/xdg/cws/config.json\",\"default\",2]" ]
	echo '{"safety":{"max_stops":3}}' >env.json
	CWS_CONFIG=env.json
	export CWS_CONFIG
	[ "$(in_force)" = '["env.json","environment",3]' ]
	echo '{"safety":{"max_stops":4}}' >"$C"
	[ "$(in_force -c config.json)" = '["config.json","option",4]' ]
	[ "$(in_force -c config.json --max 5)" = '["config.json","option",5]' ]
	CWS_CONFIG=
	[ "$(in_force)" = "[\"$PWD/xdg/cws/config.json\",\"default\",2]" ]
	XDG_CONFIG_HOME=xdg
	[ "$(in_force)" = "[\"$HOME/.config/cws/config.json\",\"default\",1]" ]
}

@test "a named file has to exist, and one that is there has to be read" {
	run --separate-stderr -2 env CWS_CONFIG=nowhere.json cws-ttl </dev/null
	[ "$stderr" = "cws-ttl: nowhere.json: cannot read: No such file or directory" ]
	mkdir -p "$HOME/.config/cws"
	ln -s nowhere "$HOME/.config/cws/config.json"
	run --separate-stderr -2 cws-ttl </dev/null
	[ "$stderr" = "cws-ttl: $HOME/.config/cws/config.json: cannot read: No such file or directory" ]
	rm "$HOME/.config/cws/config.json"
	mkdir "$HOME/.config/cws/config.json"
	run --separate-stderr -2 cws-ttl </dev/null
	[ "$stderr" = "cws-ttl: $HOME/.config/cws/config.json: is a directory: expected a file" ]
}

@test "the machine's file is the last that is looked for" {
	command -v unshare >/dev/null && unshare -rm true 2>/dev/null || skip "no mount namespaces here"
	run --separate-stderr -0 unshare -rm sh -c 'mount -t tmpfs none /etc && mkdir /etc/cws &&
		echo "{\"safety\":{\"max_stops\":7}}" >/etc/cws/config.json && cws-stop --show-config'
	[ "$(jq -c '[.config.value, .safety.max_stops]' <<<"$output")" = \
		'["/etc/cws/config.json",{"value":7,"from":"/etc/cws/config.json"}]' ]
}

@test "--show-config tells each setting in force and where it came from, and reads nothing" {
	cp "$AGENTS" "$C"
	run --separate-stderr -0 cws-quiet -c config.json --show-config --grace 90m --exclude-user ada </dev/full
	[ "$stderr" = "" ]
	[ "$(jq -c .quiet_hours <<<"$output")" = '{"enabled":{"value":true,"from":"config.json"},"start_time":{"value":"18:00","from":"config.json"},"end_time":{"value":"08:00","from":"config.json"},"days":{"value":"daily","from":"default"},"timezone":{"value":"America/New_York","from":"config.json"},"grace_period_hours":{"value":1.5,"from":"option"},"min_uptime":{"value":"1h30m","from":"default"},"idle":{"value":null,"from":"default"},"owner_schedule":{"value":false,"from":"default"},"length":{"value":"8h","from":"default"},"holidays_file":{"value":null,"from":"default"},"holidays_open":{"value":false,"from":"default"},"excluded_users":{"value":["ada","ci","grace"],"from":"option and config.json"},"excluded_templates":{"value":["gpu"],"from":"config.json"},"excluded_organizations":{"value":[],"from":"default"},"excluded_groups":{"value":[],"from":"default"},"excluded_names":{"value":[],"from":"default"}}' ]
	run --separate-stderr -0 cws-ttl -c config.json --show-config --overrun
	[ "$(jq -c .ttl_monitor <<<"$output")" = '{"enabled":{"value":true,"from":"config.json"},"warning_threshold_hours":{"value":1,"from":"config.json"},"grace":{"value":"5m","from":"default"},"overrun":{"value":true,"from":"option"},"unlimited":{"value":null,"from":"default"},"failed":{"value":false,"from":"default"},"canceled":{"value":false,"from":"default"}}' ]
	CODER_SESSION_TOKEN=$TOKEN_OWNER run --separate-stderr -0 cws-stop -c config.json --show-config -x
	[ "$(jq -c '[.autostop, .safety, .dry_run]' <<<"$output")" = '[{"enabled":{"value":true,"from":"config.json"},"max_concurrent_stops":{"value":5,"from":"config.json"}},{"max_stops_per_minute":{"value":10,"from":"config.json"},"max_stops":{"value":50,"from":"default"},"max_percent":{"value":null,"from":"default"},"max_per_owner":{"value":null,"from":"default"},"holds_file":{"value":null,"from":"default"},"journal":{"value":null,"from":"default"}},{"value":false,"from":"config.json"}]' ]
	[[ "$output" != *s3cr3t* ]]
	run --separate-stderr -3 bash -c 'cws-ttl --show-config >/dev/full'
	[ "$stderr" = "cws-ttl: <stdout>: cannot write: No space left on device" ]
	run --separate-stderr -2 cws-fetch --config config.json
}

@test "the settings in force, written as a file, are those settings again" {
	cp "$AGENTS" "$C"
	cws-quiet -c config.json --show-config --idle 20m -w 'fri-mon 18:00-24:00' |
		jq 'del(.config, .safety) | map_values(map_values(.value) | with_entries(select(.value != null)))' >again.json
	cws-quiet -c again.json --show-config | jq '.quiet_hours | map_values(.value) | with_entries(select(.value != null))' >got
	jq .quiet_hours again.json >want
	cmp got want
	[ "$(jq -c .windows got)" = '["sun,mon,fri,sat 18:00-24:00"]' ]
}

# Judge a record by the older agents' settings at an instant: state, due, stop_at, schedule.
agents_judge() {
	local now=$1 change=$2
	record "$change" | cws-quiet -qa -c "$AGENTS" -N "$now" |
		jq -c '.cws.quiet | [.state, .due, .stop_at, .zone, .schedule]'
}

@test "the older agents' agents_config.json drives cws-quiet to the decisions its users expect" {
	local ny='"America/New_York","config"]'
	[ "$(agents_judge 2026-06-12T21:59:59Z .)" = "[\"overran\",false,\"2026-06-12T23:00:00Z\",$ny" ]
	[ "$(agents_judge 2026-06-12T22:00:00Z .)" = "[\"grace\",false,\"2026-06-12T23:00:00Z\",$ny" ]
	[ "$(agents_judge 2026-06-12T22:59:59Z .)" = "[\"grace\",false,\"2026-06-12T23:00:00Z\",$ny" ]
	[ "$(agents_judge 2026-06-12T23:00:00Z .)" = "[\"quiet\",true,\"2026-06-12T23:00:00Z\",$ny" ]
	[ "$(agents_judge 2026-06-13T11:59:59Z .)" = "[\"quiet\",true,\"2026-06-12T23:00:00Z\",$ny" ]
	[ "$(agents_judge 2026-06-13T12:00:00Z '.latest_build.job.completed_at = "2026-06-13T11:30:00Z"')" = \
		"[\"outside\",false,\"2026-06-13T23:00:00Z\",$ny" ]
	[ "$(agents_judge 2026-06-12T23:00:00Z '.owner_name = "ci"')" = "[\"excluded\",false,null,$ny" ]
	[ "$(agents_judge 2026-06-12T23:00:00Z '.template_name = "gpu"')" = "[\"excluded\",false,null,$ny" ]
	run --separate-stderr -0 bash -c 'cws-quiet -qa -N 2026-06-12T23:00:00Z -c "$1" | jq -c "[.cws.quiet.keep, .cws.quiet.why]"' - \
		"$AGENTS" <<<"$(record '.owner_name = "grace"')"
	[ "$output" = '[true,"owner grace is excluded (quiet_hours.excluded_users grace); quiet hours Fri 18:00-Sat 08:00 (from the settings); local time Fri 19:00 America/New_York"]' ]
	[ "$stderr" = "" ]
}

@test "the older agents' agents_config.json drives cws-ttl to the decisions its users expect" {
	local show='.cws.ttl | [.state, .due]'
	ttl_judge() { record ".latest_build.deadline = \"$1\"" | cws-ttl -qa -c "$AGENTS" -N 2026-06-12T20:00:00Z; }
	[ "$(ttl_judge 2026-06-12T19:54:59Z | jq -c "$show")" = '["expired",true]' ]
	[ "$(ttl_judge 2026-06-12T19:55:00Z | jq -c "$show")" = '["expired",false]' ]
	jq '.ttl_monitor.warning_threshold_hours = 0.5' "$AGENTS" >"$C"
	record '.ttl_ms = null | .latest_build.deadline = "2026-06-12T20:30:00Z"' >soon
	record '.ttl_ms = null | .latest_build.deadline = "2026-06-12T20:30:01Z"' >ok
	[ "$(cws-ttl -qa -c config.json -N 2026-06-12T20:00:00Z <soon | jq -c "$show")" = '["soon",false]' ]
	[ "$(cws-ttl -qa -c config.json -N 2026-06-12T20:00:00Z <ok | jq -c "$show")" = '["ok",false]' ]
	[ "$(cws-ttl -qa -c "$AGENTS" -N 2026-06-12T20:00:00Z <ok | jq -c "$show")" = '["soon",false]' ]
	[ "$(cws-ttl -qa -c config.json --soon 1h -N 2026-06-12T20:00:00Z <ok | jq -c "$show")" = '["soon",false]' ]
}

@test "settings of a program become its options: windows, spans, switches" {
	echo '{"quiet_hours":{"start_time":"01:00","windows":["fri 18:00-20:00","fri 20:00-24:00"],"grace_period_hours":0.5,
		"min_uptime":"0s","idle":"10m","excluded_names":["ada/d?v"]},
		"ttl_monitor":{"grace":"0s","overrun":true,"unlimited":"1d"}}' >"$C"
	record '.name = "test"' >in
	run --separate-stderr -0 bash -c 'cws-quiet -qa -N 2026-06-12T19:00:00Z -c config.json <in |
		jq -c ".cws.quiet | [.state, .window_start, .window_end, .grace_s, .idle_s, .min_uptime_s, .schedule]"'
	[ "$output" = '["active","2026-06-12T18:00:00Z","2026-06-13T00:00:00Z",1800,600,0,"config"]' ]
	run --separate-stderr -0 bash -c 'cws-quiet -qa -N 2026-06-12T19:00:00Z -c config.json --days fri <in |
		jq -c ".cws.quiet | [.window_start, .window_end, .schedule]"'
	[ "$output" = '["2026-06-12T18:00:00Z","2026-06-13T08:00:00Z","option"]' ]
	record >in
	run --separate-stderr -0 bash -c 'cws-quiet -qa -N 2026-06-12T19:00:00Z -c config.json <in | jq -r .cws.quiet.why'
	[ "$output" = "workspace dev is excluded (quiet_hours.excluded_names ada/d?v); quiet hours Fri 18:00-Sat 00:00 (from the settings); local time Fri 19:00 UTC" ]
	record 'del(.latest_build.deadline)' >in
	run --separate-stderr -0 bash -c 'cws-ttl -qa -N 2026-06-12T19:00:00Z -c config.json <in | jq -c ".cws.ttl | [.state, .due]"'
	[ "$output" = '["overrun",true]' ]
	record 'del(.latest_build.deadline, .ttl_ms)' >in
	run --separate-stderr -0 bash -c 'cws-ttl -qa -N 2026-06-12T19:00:00Z -c config.json <in | jq -c ".cws.ttl | [.state, .due]"'
	[ "$output" = '["unlimited",true]' ]
}

@test "enabled false decides nothing due and says so" {
	echo '{"quiet_hours":{"enabled":false,"excluded_users":["ci"]},"ttl_monitor":{"enabled":false}}' >"$C"
	{ record; record '.owner_name = "ci"'; record '.latest_build.status = "failed" | .latest_build.transition = "stop"'; } >in
	run --separate-stderr -0 bash -c 'cws-quiet -vac config.json -N 2026-06-12T19:29:00Z <in |
		jq -c ".cws.quiet | [.state, .due, .keep, .stop_at, .window_start, .why]"'
	[ "${lines[0]}" = '["outside",false,null,null,null,"quiet hours are switched off (quiet_hours.enabled); local time Fri 19:29 UTC"]' ]
	[ "${lines[1]}" = '["excluded",false,true,null,null,"owner ci is excluded (quiet_hours.excluded_users ci)"]' ]
	[ "$stderr" = "cws-quiet: config.json: these settings hold, quiet_hours is not enabled
cws-quiet: 3 in, 0 due, 1 held, 0 bad" ]
	run --separate-stderr -0 bash -c 'cws-ttl -vac config.json -N 2026-06-12T19:29:00Z <in | jq -c ".cws.ttl | [.state, .due, .stop_at, .why]"'
	[ "${lines[0]}" = '["expired",false,null,"deadline passed 1d 9h ago (ttl 1h); this rule is switched off (ttl_monitor.enabled)"]' ]
	[ "${lines[2]}" = '["stuck",false,null,"its last stop failed, so it may still be running and the server does not retry; this rule is switched off (ttl_monitor.enabled)"]' ]
	[ "${stderr_lines[0]}" = "cws-ttl: config.json: these settings hold, ttl_monitor is not enabled" ]
	[ "${stderr_lines[1]}" = "cws-ttl: 3 in, 0 due, 0 held, 0 bad" ]
	run --separate-stderr -1 cws-quiet --check -c config.json -N 2026-06-12T19:29:00Z
	[ "$output$stderr" = "" ]
	run --separate-stderr -0 cws-quiet --status -c config.json -N 2026-06-12T19:29:00Z
	[ "$output" = "quiet now:   no
grace over:  no
next change: never
because:     quiet hours are switched off (quiet_hours.enabled); local time Fri 19:29 UTC" ]
}

@test "the older agents' own file, every key of it, drives each program with one note and that with -v only" {
	start_fake
	cp "$FIXTURES/agents_config.json" "$C"
	cws-fetch -q >all
	# Who stands on its lists: an owner in both, a template in one each.
	jq '.quiet_hours.excluded_users = ["ada"] | .prune_workspaces.exclude_users = ["dennis"] |
		.prune_workspaces.exclude_templates = ["gpu"]' "$FIXTURES/agents_config.json" >"$C"
	for p in cws-quiet cws-ttl; do
		run --separate-stderr -0 "$p" -qc config.json <all
		[ "$stderr" = "" ]
		run --separate-stderr -0 "$p" -qvc config.json <all
		[ "$(grep -c 'without a meaning here' <<<"$stderr")" -eq 1 ]
		[[ "$stderr" == *'passed over: ttl_monitor.check_interval_minutes, ttl_monitor.report_expired, ttl_monitor.report_expiring_soon, autostop.batch_size, autostop.notification_enabled, notifications.email_enabled, notifications.slack_webhook, notifications.teams_webhook, notifications.notification_threshold_minutes, logging.level, logging.file, logging.max_size_mb, logging.backup_count, safety.emergency_stop_enabled, safety.rollback_enabled, safety.rollback_window_hours, prune_workspaces.enabled, prune_workspaces.timezone'* ]]
	done
	# Every running one is due by a rule of our own; whoever the file protects is never stopped.
	jq -c 'select(.latest_build.status == "running") | .cws.mine = {due: true, state: "mine", at: .cws.fetch.at}' all >in
	run --separate-stderr -0 cws-stop -qc config.json <in
	[ "$stderr" = "" ]
	[ "$(requests POST '*')" -eq 0 ]
	protected='.owner_name == "ada" or .owner_name == "dennis" or .template_name == "gpu"'
	[ "$(jq -r "select($protected) | .cws.stop.result" <<<"$output" | sort -u)" = skipped ]
	[ "$(jq -r "select($protected | not) | .cws.stop.result" <<<"$output" | sort -u)" = would-stop ]
	cws-stop -qx --rate 0 -c config.json <in >out
	[ "$(jq -r "select($protected | not) | .id" out | sort)" = "$(posts | jq -r 'keys[]' | sort)" ]
	[ "$(jq -r 'select(.owner_name == "dennis") | .cws.stop.why' out | sort -u)" = "owner dennis is excluded (prune_workspaces.exclude_users dennis)" ]
}

@test "prune_workspaces: who is included counts with --owner-schedule alone, and how long owners' hours last" {
	echo '{"prune_workspaces":{"include_users":["bob"],"default_quiet_hours_duration":2}}' >"$C"
	record '.cws.fetch.owner.quiet_hours = {raw_schedule: "CRON_TZ=UTC 0 18 * * *", user_set: true}' >in
	quiet() { cws-quiet -qa -N 2026-06-12T19:29:00Z -c config.json "$@" <in | jq -c '.cws.quiet | [.state, .keep, .window_end]'; }
	[ "$(quiet)" = '["quiet",null,"2026-06-13T08:00:00Z"]' ]
	[ "$(quiet --owner-schedule)" = '["excluded",null,"2026-06-12T20:00:00Z"]' ]
	echo '{"quiet_hours":{"length":"3h"},"prune_workspaces":{"include_users":["ada"],"default_quiet_hours_duration":2}}' >"$C"
	[ "$(quiet --owner-schedule)" = '["quiet",null,"2026-06-12T21:00:00Z"]' ]
	[ "$(quiet --owner-schedule --length 4h)" = '["quiet",null,"2026-06-12T22:00:00Z"]' ]
	[ "$(cws-quiet -c config.json --owner-schedule --show-config | jq -c '.prune_workspaces | [keys_unsorted, .include_users]')" = \
		'[["include_users","include_templates","include_organizations","include_groups"],{"value":["ada"],"from":"config.json"}]' ]
}

@test "times and zones are taken as people write them, and why shows the true name" {
	echo '{"quiet_hours":{"start_time":"9:00","end_time":"17:30","timezone":"europe/london","grace_period_hours":0}}' >"$C"
	run --separate-stderr -0 bash -c 'cws-quiet -qa -N 2026-06-12T08:00:00Z -c config.json | jq -r ".cws.quiet | .zone, .why"' <<<"$(record)"
	[ "$output" = "Europe/London
quiet hours Fri 09:00-17:30 (from the settings) began 0s ago, no grace; local time Fri 09:00 Europe/London" ]
	run --separate-stderr -0 bash -c 'cws-quiet -qa -N 2026-06-12T08:00:00Z -w "fri 8:00-9:05" --tz utc --grace 0s | jq -r ".cws.quiet.zone, .cws.quiet.window_end"' <<<"$(record)"
	[ "$output" = "UTC
2026-06-12T09:05:00Z" ]
}

# Records of the simulated server, all of them due by a rule of our own.
all_due() {
	cws-fetch -q | jq -c '.cws.mine = {due: true, state: "mine", at: .cws.fetch.at}' >due
}

@test "autostop.enabled false refuses --execute, and a dry run only that" {
	start_fake
	all_due
	head -n 3 due >in
	echo '{"autostop":{"enabled":false}}' >"$C"
	: >"$FAKE_LOG"
	run --separate-stderr -4 cws-stop -qx -c config.json <in
	[ "$(jq -r .cws.stop.result <<<"$output" | sort | uniq -c | xargs)" = "3 refused" ]
	[ "$stderr" = "cws-stop: autostop.enabled is false in config.json: nothing was sent" ]
	[ ! -s "$FAKE_LOG" ]
	run --separate-stderr -0 cws-stop -q -c config.json <in
	[[ "$(jq -r .cws.stop.result <<<"${lines[0]}")" == would-stop ]]
	[ "$stderr" = "" ]
}

@test "autostop.enabled false refuses cws-start too" {
	start_fake
	all_due
	head -n 1 due | cws-stop -qx --rate 0 --wait >stopped
	echo '{"autostop":{"enabled":false}}' >"$C"
	run --separate-stderr -4 cws-start -qx -c config.json <stopped
	[ "$(jq -r .cws.start.result <<<"$output")" = refused ]
	[ "$stderr" = "cws-start: autostop.enabled is false in config.json: nothing was sent" ]
	run --separate-stderr -0 cws-start -q -c config.json <stopped
	[ "$(jq -r .cws.start.result <<<"$output")" = would-start ]
	[ "$(acts | jq -c '[.[]]')" = '[{"stop":1,"start":0,"extend":0}]' ]
}

@test "a misspelt bound or veto in the settings refuses --execute; a dry run warns, with -q too" {
	start_fake
	all_due
	head -n 2 due >in
	: >"$FAKE_LOG"
	misspelt() {
		printf '%s' "$1" >"$C"
		run --separate-stderr -4 cws-stop -qx -c config.json <in
		[ "$(jq -r .cws.stop.result <<<"$output" | sort | uniq -c | xargs)" = "2 refused" ]
		[ "$stderr" = "cws-stop: warning: config.json: $2
cws-stop: unknown setting in config.json: $3: nothing was sent" ]
		run --separate-stderr -4 cws-start -qx -c config.json <in
		[ "$(requests '*' '*')" -eq 0 ]
		run --separate-stderr -0 cws-quiet -q -c config.json </dev/null
		[ "$stderr" = "cws-quiet: warning: config.json: $2" ]
	}
	misspelt '{"safety":{"max_stop":1}}' 'safety.max_stop: unknown setting: did you mean safety.max_stops' \
		'safety.max_stop, perhaps meant as safety.max_stops'
	misspelt '{"quiet_hours":{"xcluded_users":["dennis"]}}' \
		'quiet_hours.xcluded_users: unknown setting: did you mean quiet_hours.excluded_users' \
		'quiet_hours.xcluded_users, perhaps meant as quiet_hours.excluded_users'
	misspelt '{"quiet_hours":{"exlcuded_users":["dennis"]}}' \
		'quiet_hours.exlcuded_users: unknown setting: did you mean quiet_hours.excluded_users' \
		'quiet_hours.exlcuded_users, perhaps meant as quiet_hours.excluded_users'
	misspelt '{"exclusions":{"users":["dennis"]}}' 'exclusions: unknown setting' exclusions
	# However deep it stands in what nobody knows.
	misspelt '{"saftey":{"max_stops":1}}' 'saftey.max_stops: unknown setting: did you mean safety.max_stops' \
		'saftey.max_stops, perhaps meant as safety.max_stops'
	misspelt '{"settings":{"quiet_hours":{"excluded_users":["dennis"]}}}' \
		'settings.quiet_hours.excluded_users: unknown setting: did you mean quiet_hours.excluded_users' \
		'settings.quiet_hours.excluded_users, perhaps meant as quiet_hours.excluded_users'
	misspelt '{"settings":{"safety":{"max_stops":1}}}' 'settings.safety.max_stops: unknown setting: did you mean safety.max_stops' \
		'settings.safety.max_stops, perhaps meant as safety.max_stops'
	misspelt '{"quiet_hours":{"rules":[{"who":{"exclude":["dennis"]}}]}}' \
		'quiet_hours.rules.who.exclude: unknown setting' quiet_hours.rules.who.exclude
	echo '{"_old":{"safety":{"x":1}},"a":{"_b":{"excluded_users":[]}}}' >"$C"
	run --separate-stderr -0 cws-stop -x --rate 0 -c config.json </dev/null
	[[ "$stderr" == "cws-stop: warning: config.json: a: unknown setting"* ]]
	printf '{"exclusions":{"users":["dennis"]}}' >"$C"
	run --separate-stderr -0 cws-stop -q -c config.json <in
	[ "$stderr" = "cws-stop: warning: config.json: exclusions: unknown setting" ]
	[ "$(jq -r .cws.stop.result <<<"$output" | sort -u)" = would-stop ]
}

@test "dry_run true wins over --execute and says so even with -q; false enables nothing" {
	start_fake
	all_due
	head -n 2 due >in
	echo '{"dry_run":true}' >"$C"
	run --separate-stderr -0 cws-stop -qx -c config.json <in
	[ "$(jq -r .cws.stop.result <<<"$output" | sort -u)" = would-stop ]
	[ "$stderr" = "cws-stop: warning: dry_run is true in config.json, so --execute sends nothing" ]
	run --separate-stderr -0 cws-stop -q -c config.json <in
	[ "$stderr" = "" ]
	echo '{"dry_run":false}' >"$C"
	run --separate-stderr -0 cws-stop -q -c config.json <in
	[ "$(jq -r .cws.stop.result <<<"$output" | sort -u)" = would-stop ]
	[ "$stderr" = "" ]
	[ "$(requests POST '*')" -eq 0 ]
	run --separate-stderr -0 cws-stop -qx -c config.json --rate 0 <in
	[ "$(requests POST '*')" -eq 2 ]
}

@test "safety.max_stops bounds a run and is no explicit --max" {
	start_fake
	all_due
	head -n 3 due >in
	echo '{"safety":{"max_stops":2}}' >"$C"
	run --separate-stderr -4 cws-stop -qx -c config.json <in
	[ "$(jq -r .cws.stop.result <<<"$output" | sort | uniq -c | xargs)" = "3 refused" ]
	run --separate-stderr -0 cws-stop -q -c config.json --max 3 <in
	run --separate-stderr -2 cws-stop -f -c config.json <in
	[ "$stderr" = "cws-stop: --force needs --max: write how many it may stop at most" ]
}

@test "excluded users, templates, organizations and names are vetoes in cws-stop, whatever a filter dropped" {
	start_fake
	cws-fetch -q >all
	jq -c 'select(.latest_build.status == "running" and (.template_name == "gpu" or .owner_name == "frances"))' all >in
	echo '{"quiet_hours":{"excluded_users":["frances"],"excluded_templates":["gpu"],"excluded_groups":[]}}' >"$C"
	run --separate-stderr -0 bash -c 'cws-quiet -qa -c config.json <in | jq -c "del(.cws)" |
		cws-stop -qxf --max 1000 --rate 0 -c config.json | jq -r ".cws.stop | .result + \" \" + .why" | sort | uniq -c'
	[ "$stderr" = "" ]
	[ "$(grep -c skipped <<<"$output")" -eq "$(wc -l <<<"$output")" ]
	[[ "$output" == *"skipped owner frances is excluded (quiet_hours.excluded_users frances)"* ]]
	[[ "$output" == *"skipped template gpu is excluded (quiet_hours.excluded_templates gpu)"* ]]
	[ "$(requests POST '*')" -eq 0 ]

	jq -c 'select(.latest_build.status == "running") | del(.cws)' all | head -n 4 >in
	run --separate-stderr -0 bash -c 'cws-stop -qxf --max 10 --exclude-org "cod*" <in | jq -r .cws.stop.why | sort -u'
	[ "$output" = "organization coder is excluded (--exclude-org cod*)" ]
	run --separate-stderr -0 bash -c 'cws-stop -qxf --max 10 --exclude-name "*/*" <in | jq -r .cws.stop.result | sort -u'
	[ "$output" = "skipped" ]
	run --separate-stderr -0 bash -c 'cws-stop -qxf --max 10 --exclude-user nobody --exclude-template no-such <in |
		jq -c "del(.owner_name)" | jq -r .cws.stop.result | sort -u'
	[ "$output" = "accepted" ]
	run --separate-stderr -2 cws-stop --exclude-user ada,,bob </dev/null
	[ "$stderr" = 'cws-stop: --exclude-user: expected names such as ada,ci-*, got "ada,,bob"' ]
}

@test "a filter that rewrote or dropped a name loses no veto in cws-stop" {
	start_fake
	cws-fetch -q | jq -c 'select(.latest_build.status == "running" and .owner_name == "frances") | del(.cws)' >in
	[ -s in ]
	run --separate-stderr -0 bash -c 'jq -c "del(.owner_name)" in | cws-stop -qxf --max 9 --exclude-user frances | jq -r .cws.stop.why | sort -u'
	[ "$output" = "left alone: the record does not say its owner, so --exclude-user cannot be judged" ]
	run --separate-stderr -0 bash -c 'jq -c ".owner_name = \"bob\"" in | cws-stop -qxf --max 9 --exclude-user frances | jq -r .cws.stop.why | sort -u'
	[ "$output" = "owner frances is excluded (--exclude-user frances)" ]
	[ "$(requests POST '*')" -eq 0 ]
}

@test "an excluded copy of a workspace keeps every copy" {
	start_fake
	cws-fetch -q | jq -c 'select(.latest_build.status == "running") | .cws.mine = {due: true, at: .cws.fetch.at}' | head -n 1 >one
	{ jq -c '.owner_name = "somebody"' one; cat one; } >in
	run --separate-stderr -0 bash -c 'cws-stop -qx --exclude-user somebody <in | jq -r .cws.stop.result'
	[ "$output" = $'skipped\nskipped' ]
	[ "$(requests POST '*')" -eq 0 ]
}
