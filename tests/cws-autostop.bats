# cws-autostop: what will be stopped, when, by which rule.

load helper

NOW=2026-11-23T03:02:21Z # the moment of the recording, a Monday

# One running workspace of an active owner, changed by a jq filter.
record() {
	jq -cn '{id: "w1", name: "dev", owner_name: "ada", ttl_ms: 28800000, last_used_at: "2026-11-23T01:00:00Z",
		dormant_at: null, deleting_at: null, next_start_at: null, automatic_updates: "never", outdated: false,
		is_prebuild: false, latest_build: {created_at: "2026-11-22T20:00:00Z", transition: "start", status: "running",
		deadline: "2026-11-23T04:00:41Z", max_deadline: null, job: {completed_at: "2026-11-22T20:00:41Z"}},
		cws: {fetch: {at: "2026-11-23T03:02:00Z", scheduling: false,
		server: {version: "v2.31.14", clock_offset_ms: 0, provisioners_live: 4},
		template: {default_ttl_ms: 28800000, failure_ttl_ms: 0, time_til_dormant_ms: 0,
		autostart_requirement: {days_of_week: ["monday"]}, allow_user_autostart: true},
		owner: {status: "active"}}}} | '"${1:-.}"
}

# Judge that workspace; print the members named by a jq filter.
judge() {
	record "$1" | cws-autostop -qN "$NOW" | jq -c ".cws.autostop | $2"
}

refuses() {
	local text=$1
	shift
	run --separate-stderr -2 cws-autostop "$@" <"$FIXTURES/quiet-vectors.ndjson"
	[ "$output" = "" ]
	[[ "$stderr" == "cws-autostop: $text"* ]]
}

@test "cws-autostop gives up where a zone's data cannot be read, behind what it has held back" {
	[ -z "${SAN:-}" ] || skip 'a sanitizer needs descriptors of its own'
	{
		record
		record '.id = "w2" | .autostart_schedule = "CRON_TZ=Europe/London 0 9 * * 1-5"'
	} >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -3 without_descriptors "$BATS_TEST_TMPDIR/in" cws-autostop -q --sort -N "$NOW"
	[ "$(jq -r .id <<<"${lines[0]}")" = w1 ]
	[ "${lines[1]}" = "{\"cws\":{\"aborted\":\"cws-autostop: cannot read the data of time zone 'Europe/London': Too many open files\"" ]
	[ "$stderr" = "cws-autostop: <stdin>:2: cannot read the data of time zone 'Europe/London': Too many open files" ]
}

# The deployment as cws-fetch shows it, judged by both rules.
judged_world() {
	start_fake
	cws-fetch -q | cws-ttl -qaN "$NOW" | cws-quiet -qaN "$NOW" --tz Europe/Berlin
}

@test "cws-autostop writes every member, in order, and leaves the other bytes alone" {
	printf '%s\n' '{ "n": 1.0, "latest_build":{"status":"running","transition":"start","deadline":"2026-11-23T04:00:41.5Z"} ,"cws":{"mine":{"n":1},"fetch":{"scheduling":false,"owner":{"status":"active"}}} }' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-autostop -N "$NOW" <"$BATS_TEST_TMPDIR/in"
	[ "$output" = '{ "n": 1.0, "latest_build":{"status":"running","transition":"start","deadline":"2026-11-23T04:00:41.5Z"} ,"cws":{"mine":{"n":1},"fetch":{"scheduling":false,"owner":{"status":"active"}},"autostop":{"state":"scheduled","stop_at":"2026-11-23T04:01:00Z","why":"the server stops it in 58m 39s, the first minute after its deadline 2026-11-23T04:00:41Z","at":"2026-11-23T03:02:21Z","by":"deadline","in_s":3519,"restarts_at":null,"conflicts":[]}} }' ]
	[ "$stderr" = "cws-autostop: 1 in, 0 kept, 0 now, 1 scheduled, 0 never, 0 stopped, 0 unknown, 0 bad" ]
}

@test "cws-autostop knows every state" {
	[ "$(judge . '[.state, .by, .in_s]')" = '["scheduled","deadline",3519]' ]
	[ "$(judge '.latest_build.deadline = "2026-11-23T03:00:00Z"' '[.state, .stop_at, .in_s]')" = \
		'["now","2026-11-23T03:03:00Z",39]' ]
	[ "$(judge '.latest_build.deadline = null' '[.state, .stop_at, .by, .in_s, .restarts_at]')" = \
		'["never",null,null,null,null]' ]
	[ "$(judge '.latest_build |= (.transition = "stop" | .status = "stopped")' .state)" = '"stopped"' ]
	[ "$(judge '.cws.mine = {keep: true, why: "a promise"}' '[.state, .stop_at, .by]')" = \
		'["kept","2026-11-23T04:01:00Z","deadline"]' ]
	[ "$(judge '.cws.fetch.owner.status = null' '[.state, .stop_at]')" = '["unknown",null]' ]
	[ "$(judge '.cws.fetch.server.provisioners_live = 0' .state)" = '"unknown"' ]
	[ "$(judge '.cws.fetch.server.provisioners_live = null' .state)" = '"scheduled"' ]
	[ "$(judge '.cws.fetch.template.provisioners_matching = 0' '[.state, .stop_at, (.why | contains("serves its template"))]')" = \
		'["unknown",null,true]' ]
	[ "$(judge '.cws.fetch.template.provisioners_matching = null' .state)" = '"scheduled"' ]
	[ "$(judge '.automatic_updates = "always" | .outdated = true' .state)" = '"scheduled"' ]
	[ "$(judge '.cws.fetch |= (.scheduling = true | .template = null)' .state)" = '"unknown"' ]
	[ "$(judge '.latest_build.status = "stopping"' .state)" = '"unknown"' ]
	[ "$(judge 'del(.latest_build)' .state)" = '"unknown"' ]
	[ "$(judge 'del(.cws)' .state)" = '"unknown"' ]
}

@test "cws-autostop names the server's rule" {
	local licensed='.cws.fetch.scheduling = true | .latest_build.deadline = null'

	[ "$(judge '.latest_build.max_deadline = .latest_build.deadline' .by)" = '"max_deadline"' ]
	[ "$(judge '.cws.fetch.owner.status = "suspended"' '[.by, .stop_at]')" = '["suspended","2026-11-23T03:03:00Z"]' ]
	[ "$(judge "$licensed"' | .cws.fetch.template.time_til_dormant_ms = 7200000' '[.by, .stop_at]')" = \
		'["dormancy","2026-11-23T03:03:00Z"]' ]
	[ "$(judge "$licensed"' | .cws.fetch.template.failure_ttl_ms = 36000000 | .latest_build.status = "failed"' '[.by, .stop_at]')" = \
		'["failure_ttl","2026-11-23T06:01:00Z"]' ]
	[ "$(judge "$licensed"' | .dormant_at = "2026-11-22T00:00:00Z" | .deleting_at = "2026-11-29T00:00:00Z"' '[.by, .stop_at]')" = \
		'["autodelete","2026-11-29T00:01:00Z"]' ]
	local stuck="$licensed"' | .cws.fetch.template.failure_ttl_ms = 36000000 | .latest_build |= (.status = "failed" | .transition = "stop")'
	[ "$(judge "$stuck" .state)" = '"never"' ]
	for version in v2.33.7 v2.34.1 v2.9.99 v1.99.0; do
		[ "$(judge "$stuck | .cws.fetch.server.version = \"$version\"" .state)" = '"never"' ]
	done
	for version in v2.33.8 v2.34.2 v2.35.0-devel+abc v3.0.0; do
		[ "$(judge "$stuck | .cws.fetch.server.version = \"$version\"" .by)" = '"failure_ttl"' ]
	done
	[ "$(judge "$stuck | .cws.fetch.server.version = null" .state)" = '"unknown"' ]
	[ "$(judge "$stuck"' | .cws.fetch.server.version = null | .cws.mine = {due: false, at: "2026-11-23T03:02:21Z", stop_at: "2026-11-23T06:00:59Z"}' \
		'[.state, .by]')" = '["scheduled","mine"]' ]
}

@test "cws-autostop says when it starts again" {
	local stopped='.latest_build |= (.transition = "stop" | .status = "stopped" | .created_at = "2026-11-23T02:30:00Z")'

	[ "$(judge '.autostart_schedule = "CRON_TZ=Europe/Berlin 30 8 * * 1-5"' .restarts_at)" = '"2026-11-23T07:30:00Z"' ]
	[ "$(judge "$stopped"' | .autostart_schedule = "CRON_TZ=Asia/Kolkata 30 7 * * 1-5"' .restarts_at)" = '"2026-11-24T02:00:00Z"' ]
	[ "$(judge "$stopped"' | .autostart_schedule = "CRON_TZ=Asia/Kolkata 30 7 * * 1-5" | .cws.fetch.scheduling = true' .restarts_at)" = \
		'"2026-11-30T02:00:00Z"' ]
	[ "$(judge "$stopped"' | .autostart_schedule = "0 9 * * *" | .cws.fetch |= (.scheduling = true | .template.allow_user_autostart = false)' .restarts_at)" = null ]
	[ "$(judge "$stopped"' | .autostart_schedule = "CRON_TZ=Nope/Nowhere 0 9 * * *"' '[.state, .restarts_at]')" = '["stopped",null]' ]
	[[ "$(judge "$stopped"' | .autostart_schedule = "CRON_TZ=Nope/Nowhere 0 9 * * *"' .why)" == *"time zone of its autostart schedule"* ]]
	[ "$(judge '.autostart_schedule = "CRON_TZ=Europe/Berlin 0 9 * * *" | .latest_build.deadline = "2031-07-01T00:00:00Z"' .restarts_at)" = \
		'"2031-07-01T07:00:00Z"' ]
	[ "$(judge '.autostart_schedule = "CRON_TZ=Europe/Berlin 0 9 * * *" | .latest_build.deadline = "9999-12-31T23:59:59Z"' .state)" = \
		'"scheduled"' ]
}

@test "cws-autostop starts what is overdue at the next whole minute" {
	local stopped='.latest_build |= (.transition = "stop" | .status = "stopped") | .autostart_schedule = "CRON_TZ=Europe/Berlin 55 17 * * 1-5"'

	while read -r NOW next want; do
		[ "$(judge "$stopped | .next_start_at = $next" .restarts_at)" = "\"$want\"" ]
	done <<'EOF'
2026-11-23T16:54:59Z null 2026-11-23T16:55:00Z
2026-11-23T16:55:00Z null 2026-11-23T16:55:00Z
2026-11-23T16:55:00Z "2026-11-23T16:55:00Z" 2026-11-23T16:55:00Z
2026-11-23T16:55:01Z null 2026-11-23T16:56:00Z
2026-11-23T16:55:01Z "2026-11-23T16:55:00Z" 2026-11-23T16:56:00Z
2026-11-23T16:55:59Z "2026-11-23T16:55:00Z" 2026-11-23T16:56:00Z
2026-11-23T16:56:00Z "2026-11-23T16:55:00Z" 2026-11-23T16:56:00Z
2026-11-23T16:56:01Z null 2026-11-23T16:57:00Z
2026-11-23T16:57:00Z null 2026-11-23T16:57:00Z
2026-11-23T16:57:00Z "2026-11-24T16:55:00Z" 2026-11-24T16:55:00Z
EOF
}

@test "cws-autostop and cws-quiet --owner-schedule read a schedule alike" {
	local stopped='.latest_build |= (.transition = "stop" | .status = "stopped")' schedule zone start

	while IFS='|' read -r schedule zone start; do
		schedule=$(printf '%b' "$schedule" | jq -Rs .)
		run --separate-stderr -0 bash -c 'cws-quiet -qaN "$1" --owner-schedule | cws-autostop -qN "$1" |
			jq -r ".cws | [.quiet.zone // \"-\", .autostop.restarts_at // \"-\",
				(.quiet.why | contains(\"cannot be read\")), (.autostop.why | contains(\"schedule means\"))] | join(\"|\")"' \
			- "$NOW" < <(record "$stopped | .autostart_schedule = $schedule"; record ".autostart_schedule = $schedule")
		[ "${lines[0]}" = "$zone|$start|false|$([ "$zone" = - ] && echo true || echo false)" ]
		[ "${lines[1]}" = "$zone|$start|$([ "$zone" = - ] && echo 'true|true' || echo 'false|false')" ]
	done <<'EOF'
CRON_TZ=Europe/Berlin 30 9 * * ?|Europe/Berlin|2026-11-23T08:30:00Z
CRON_TZ= 30 9 * * 1-5|UTC|2026-11-23T09:30:00Z
+30 9 * * *|UTC|2026-11-23T09:30:00Z
99 9 * * 1-5|-|-
 \t30\t9 * * MON,sun \n|UTC|2026-11-23T09:30:00Z
CRON_TZ=Asia/Kolkata */45 10-12/2 * * 0-3|Asia/Kolkata|2026-11-23T04:30:00Z
000000000000000000009 9 * * 1|UTC|2026-11-23T09:09:00Z
30 9 * * 7|-|-
30 9 * * 6-1|-|-
30 24 * * *|-|-
30 9 1 * *|-|-
30 9 ? * *|-|-
30 9 * * 1 2026|-|-
@daily|-|-
TZ=Europe/Berlin 30 9 * * *|-|-
CRON_TZ=Local 30 9 * * *|-|-
CRON_TZ=Europe/Berlin\t30 9 * * *|-|-
EOF
}

@test "cws-autostop hears every verdict, ours or not" {
	[ "$(judge '.cws.mine = {due: true, at: "2026-11-23T03:02:21Z", why: "a demo"}' '[.state, .by, .stop_at, .in_s]')" = \
		'["now","mine","2026-11-23T03:02:21Z",0]' ]
	[ "$(judge '.cws.mine = {due: true, why: "no instant"}' .by)" = '"deadline"' ]
	[ "$(judge '.cws.mine = {due: false, at: "2026-11-23T03:02:21Z", stop_at: "2026-11-23T03:30:00Z"}' '[.state, .by, .in_s]')" = \
		'["scheduled","mine",1659]' ]
	[ "$(judge '.cws.mine = {due: false, at: "2026-11-23T03:02:21Z", stop_at: 7}' .by)" = '"deadline"' ]
	[ "$(judge '.cws.mine = {stop_at: "2026-11-23T03:30:00Z"}' .by)" = '"deadline"' ]
	run --separate-stderr -1 bash -c 'cws-autostop -N "$1"' - "$NOW" < <(record '.cws.mine = {due: "yes"}')
	[ "$output" = "" ]
	[[ "$stderr" == "cws-autostop: <stdin>:1: '.cws.mine.due' is not true or false"* ]]
}

@test "cws-autostop has no due: cws-stop asks it for nothing" {
	[ "$(judge '.cws.fetch.owner.status = "suspended"' 'has("due"), has("keep")')" = $'false\nfalse' ]
}

@test "cws-autostop names a rule and a sentence for all 88 of the recorded page" {
	judged_world >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-autostop -N "$NOW" <"$BATS_TEST_TMPDIR/in"
	[ "${#lines[@]}" -eq 88 ]
	[[ "$stderr" =~ ^cws-autostop:\ 88\ in,\ .*\ 6\ unknown,\ 0\ bad$ ]]
	[ "$(jq -c 'select(.cws.autostop | (.why | length) < 12 or (.stop_at == null) != (.by == null) or
		(.stop_at == null) != (.in_s == null) or ((.state == "now" or .state == "scheduled") and .stop_at == null))' <<<"$output")" = "" ]
	[ "$(jq -c 'del(.cws.autostop)' <<<"$output")" = "$(jq -c . "$BATS_TEST_TMPDIR/in")" ]
	run --separate-stderr -0 bash -c 'cws-autostop -qN "$1" <"$2" | cws-autostop -qN "$1" | cmp - <(cws-autostop -qN "$1" <"$2")' \
		- "$NOW" "$BATS_TEST_TMPDIR/in"
}

@test "cws-autostop agrees with the server's next_start_at wherever a stopped one has it" {
	judged_world >"$BATS_TEST_TMPDIR/in"
	cws-autostop -qN "$NOW" -s stopped <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out"
	[ "$(jq -r 'select(.next_start_at != null and .cws.fetch.owner.status == "active") | .id' "$BATS_TEST_TMPDIR/out" | wc -l)" -gt 8 ]
	[ "$(jq -c 'select(.next_start_at != null and .cws.fetch.owner.status == "active" and
		.cws.autostop.restarts_at != .next_start_at)' "$BATS_TEST_TMPDIR/out")" = "" ]
	jq -c '.next_start_at = null' "$BATS_TEST_TMPDIR/out" | cws-autostop -qN "$NOW" | jq -c .cws.autostop.restarts_at |
		cmp - <(jq -c .cws.autostop.restarts_at "$BATS_TEST_TMPDIR/out")
}

@test "cws-autostop finds each planted contradiction" {
	local codes='.conflicts | map(.code) | join(" ")'

	[ "$(judge . "$codes")" = '""' ]
	[ "$(judge '.autostart_schedule = "30 4 * * *"' "$codes")" = '"restart-soon"' ]
	[ "$(judge '.ttl_ms = 3600000' "$codes")" = '"ttl-not-template"' ]
	[ "$(judge 'del(.ttl_ms)' "$codes")" = '"ttl-not-template"' ]
	[ "$(judge '.cws.fetch.template = null | del(.ttl_ms)' "$codes")" = '""' ]
	[ "$(judge '.latest_build.deadline = null' "$codes")" = '"no-limit"' ]
	[ "$(judge '.latest_build |= (.status = "failed" | .transition = "stop")' "$codes")" = '"stuck"' ]
	[ "$(judge '.is_prebuild = true | .latest_build |= (.status = "failed" | .transition = "stop")' "$codes")" = '""' ]
	run --separate-stderr -0 bash -c 'cws-quiet -qaN "$1" | cws-autostop -qN "$1" | jq -r "[.cws.autostop.conflicts[].code] | join(\" \")"' \
		- "$NOW" < <(record '.autostart_schedule = "0 7 * * *"')
	[ "$output" = "autostart-in-quiet deadline-after-quiet" ]
	[ "$(judge '.ttl_ms = 3600000' '.conflicts[0].why')" = "\"its ttl is 1h, its template's default is 8h\"" ]
}

@test "cws-autostop stops an outdated workspace on time, and says that its next start may fail" {
	local codes='[.state, .stop_at, .restarts_at, (.conflicts | map(.code) | join(" "))]' cause
	local stop='.latest_build |= (.transition = "stop" | .status = "stopped")'
	local auto='.outdated = true | .autostart_schedule = "0 9 * * *"'

	for cause in '.automatic_updates = "always"' '.template_require_active_version = true'; do
		for flow in . '.template_use_classic_parameter_flow = true' '.template_use_classic_parameter_flow = null'; do
			[ "$(judge "$auto | $cause | $flow" "$codes")" = \
				'["scheduled","2026-11-23T04:01:00Z","2026-11-23T09:00:00Z","start-may-fail"]' ]
			[ "$(judge "$auto | $cause | $flow | $stop" "$codes")" = \
				'["stopped",null,"2026-11-23T09:00:00Z","start-may-fail"]' ]
		done
		flow='.template_use_classic_parameter_flow = false'
		[ "$(judge "$auto | $cause | $flow" "$codes")" = '["scheduled","2026-11-23T04:01:00Z","2026-11-23T09:00:00Z",""]' ]
		[ "$(judge "$auto | $cause | $flow | $stop" "$codes")" = '["stopped",null,"2026-11-23T09:00:00Z",""]' ]
		[ "$(judge "$auto | $cause | .outdated = false" "$codes")" = '["scheduled","2026-11-23T04:01:00Z","2026-11-23T09:00:00Z",""]' ]
	done
	[ "$(judge "$auto"' | .template_require_active_version = true' '.conflicts[0].why')" = \
		'"its autostart goes to a newer template version (its template requires the active version), and fails where that asks for something new"' ]
}

@test "cws-autostop knows that where it is always quiet every autostart is in quiet hours" {
	local change

	for change in . '.latest_build.job.completed_at = "2026-11-23T03:00:00Z"' '.latest_build |= (.transition = "stop" | .status = "stopped")'; do
		run --separate-stderr -0 bash -c 'cws-quiet -qaN "$1" -w "* 00:00-12:00" -w "* 12:00-24:00" | cws-autostop -qN "$1" |
			jq -r "[.cws.autostop.conflicts[].code] | join(\" \")"' - "$NOW" < <(record "$change"' | .autostart_schedule = "0 7 * * *"')
		[[ "$output" == autostart-in-quiet* ]]
		run --separate-stderr -0 bash -c 'cws-quiet -qaN "$1" --owner-schedule | cws-autostop -qN "$1" |
			jq -r "[.cws.autostop.conflicts[].code] | join(\" \")"' - "$NOW" < <(record "$change"' | .autostart_schedule = "0 7 * * *" |
			.cws.fetch.owner.quiet_hours = {raw_schedule: "never", user_set: true}')
		[ "$output" = "" ]
	done
}

@test "cws-autostop filters by time and by state, and sorts" {
	local d

	for d in 06 05 none 07 05; do
		if [ "$d" = none ]; then
			record '.id = "none" | .latest_build.deadline = null'
		else
			n=$((${n:-0} + 1)) && record ".id = \"$d-$n\" | .latest_build.deadline = \"2026-11-23T$d:00:00Z\""
		fi
	done >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 bash -c 'cws-autostop -N "$1" --sort <"$2" | jq -r .id' - "$NOW" "$BATS_TEST_TMPDIR/in"
	[ "$output" = $'05-2\n05-4\n06-1\n07-3\nnone' ]
	[ "$stderr" = "cws-autostop: 5 in, 0 kept, 0 now, 4 scheduled, 1 never, 0 stopped, 0 unknown, 0 bad" ]
	run --separate-stderr -0 bash -c 'cws-autostop -qN 2026-11-23T03:01:00Z --within 2h <"$1" | jq -r .id' - "$BATS_TEST_TMPDIR/in"
	[ "$output" = $'05-2\n05-4' ]
	run --separate-stderr -0 bash -c 'cws-autostop -qN 2026-11-23T03:00:59Z --within 2h <"$1" | jq -r .id' - "$BATS_TEST_TMPDIR/in"
	[ "$output" = "" ]
	run --separate-stderr -0 bash -c 'cws-autostop -qN "$1" -s never,now <"$2" | jq -r .id' - "$NOW" "$BATS_TEST_TMPDIR/in"
	[ "$output" = "none" ]
}

@test "cws-autostop refuses a wrong call in one line, before it reads" {
	refuses "--state: no state 'due': the states are kept now scheduled never stopped unknown" -s due
	refuses "--within: " --within 60
	refuses "--now: " -N yesterday
	refuses "" -a
	refuses "" operand
}

@test "cws-autostop reports a bad record by its line and forwards the others" {
	{ record '.id = "a"'; echo '{"id":'; record '.next_start_at = 7'; record '.cws.fetch.template.autostart_requirement.days_of_week = "monday"'; record '.id = "b"'; } \
		>"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 bash -c 'set -o pipefail; cws-autostop -N "$1" <"$2" | jq -r .id; exit "${PIPESTATUS[0]}"' \
		- "$NOW" "$BATS_TEST_TMPDIR/in"
	[ "$output" = $'a\nb' ]
	[[ "${stderr_lines[0]}" == "cws-autostop: <stdin>:2: "* ]]
	[[ "${stderr_lines[1]}" == "cws-autostop: <stdin>:3: '.next_start_at' "* ]]
	[[ "${stderr_lines[2]}" == "cws-autostop: <stdin>:4: '.cws.fetch.template.autostart_requirement.days_of_week' "* ]]
	[[ "${stderr_lines[3]}" == "cws-autostop: 5 in, "*", 3 bad" ]]
}
