# cws-ttl: which running workspaces should have stopped, would have, or soon will.

load helper

NOW=2026-11-23T03:02:21Z # the recording's moment

setup() {
	IN=$BATS_TEST_TMPDIR/in
	jq -c '.workspaces[]' "$FIXTURES/world/workspaces.json" >"$IN"
}

# The contract's table in jq, for the states that the recording has; --grace 5m, --soon 1h.
STATES='
	($now | instant) as $now | .latest_build as $b | ($b.deadline | instant) as $stop |
	(if .ttl_ms and $b.job.completed_at then ($b.job.completed_at | instant) + .ttl_ms / 1000 else null end) as $ttl |
	if .is_prebuild then "prebuild"
	elif $b.status | IN("pending", "starting", "stopping", "canceling", "deleting") then "changing"
	elif ($b.status | IN("failed", "canceled")) and $b.transition == "stop" then "stuck"
	elif $b.status != "running" then "stopped"
	elif $stop and $stop <= $now then "expired"
	elif $ttl and $ttl <= $now then "overrun"
	elif $stop and $stop - $now <= 3600 then "soon"
	elif $stop then "ok"
	else "unlimited" end'

# One running workspace, changed by a jq filter.
record() {
	jq -cn '{id: "w1", name: "dev", owner_name: "ada", ttl_ms: 28800000, is_prebuild: false,
		latest_build: {transition: "start", status: "running", deadline: "2026-11-23T08:00:00Z",
		max_deadline: null, job: {completed_at: "2026-11-23T00:00:00Z"}}} | '"${1:-.}"
}

# Judge that workspace; print what a jq filter shows of the verdict.
judge() {
	local change=$1 show=$2
	shift 2
	record "$change" | cws-ttl -qa -N "$NOW" "$@" | jq -c ".cws.ttl | $show"
}

fails_with() {
	local status=$1 text=$2
	shift 2
	run --separate-stderr -"$status" cws-ttl "$@" <"$IN"
	[ "$output" = "" ]
	[ "$stderr" = "cws-ttl: $text" ]
}

@test "cws-ttl gives a verdict with every member, in order, and leaves the other bytes alone" {
	printf '%s\n' '{ "owner_name":"ada", "ttl_ms":28800000,"n": 1.0,"latest_build":{"status":"running","transition":"start","deadline":"2026-11-23T02:00:00.5Z","max_deadline":"2026-11-24T00:00:00Z","job":{"completed_at":"2026-11-22T18:00:00.4Z"}} }' >"$IN"
	run --separate-stderr -0 cws-ttl -N "$NOW" <"$IN"
	[ "$output" = '{ "owner_name":"ada", "ttl_ms":28800000,"n": 1.0,"latest_build":{"status":"running","transition":"start","deadline":"2026-11-23T02:00:00.5Z","max_deadline":"2026-11-24T00:00:00Z","job":{"completed_at":"2026-11-22T18:00:00.4Z"}},"cws":{"ttl":{"due":true,"state":"expired","stop_at":"2026-11-23T02:05:00Z","why":"deadline passed 1h 2m ago (ttl 8h)","at":"2026-11-23T03:02:21Z","deadline":"2026-11-23T02:00:00Z","max_deadline":"2026-11-24T00:00:00Z","ttl_ms":28800000,"started_at":"2026-11-22T18:00:00Z","in_s":-3741,"basis":"deadline"}} }' ]
	[ "$stderr" = "cws-ttl: 1 in, 1 due, 0 held, 0 bad" ]
}

@test "cws-ttl finds in the recorded page the states that the contract's table gives" {
	run --separate-stderr -0 cws-ttl --all -N "$NOW" <"$IN"
	[ "$(wc -l <<<"$output")" -eq 88 ]
	[ "$(jq -r '.id + " " + .cws.ttl.state' <<<"$output")" = "$(words '.id + " " + ('"$STATES"')' -r --arg now "$NOW" "$IN")" ]
	# Every state that a recording can hold is in it.
	[ "$(jq -r .cws.ttl.state <<<"$output" | sort -u | paste -sd' ')" = "changing expired ok overrun soon stopped stuck unlimited" ]
	due=$(words '('"$STATES"') as $s | select(($s == "stuck" and .latest_build.job.canceled_at == null)
		or ($s == "expired" and ($now | instant) - (.latest_build.deadline | instant) > 300)) | .id' -r --arg now "$NOW" "$IN")
	[ "$(jq -r 'select(.cws.ttl.due) | .id' <<<"$output")" = "$due" ]
	[ "$stderr" = "cws-ttl: 88 in, $(wc -l <<<"$due") due, 0 held, 0 bad" ]
	# The plain form writes those, in the order of the input.
	run --separate-stderr -0 cws-ttl -N "$NOW" <"$IN"
	[ "$(jq -r .id <<<"$output")" = "$due" ]
}

@test "cws-ttl gives every verdict the members of the contract" {
	run --separate-stderr -0 bash -c 'set -o pipefail; cws-ttl -qa -N "$1" <"$2" | jq -cr ".cws.ttl | keys_unsorted | join(\" \")" | sort -u' - "$NOW" "$IN"
	[ "$output" = "due state stop_at why at deadline max_deadline ttl_ms started_at in_s basis" ]
	# in_s counts to the instant that basis names; nothing of the build is told unless it runs.
	cws-ttl -qa -N "$NOW" <"$IN" >"$BATS_TEST_TMPDIR/out"
	run --separate-stderr -0 words '.cws.ttl | (if .basis == "deadline" then (.deadline | instant)
			elif .basis == "ttl" then (.started_at | instant) + .ttl_ms / 1000 else null end) as $to |
		select((if $to == null then .in_s != null else .in_s - ($to - (.at | instant)) | . < 0 or . > 1 end)
			or ((.state | IN("stopped", "stuck", "changing")) and (.deadline != null or .started_at != null)))' -c "$BATS_TEST_TMPDIR/out"
	[ "$output" = "" ]
}

@test "cws-ttl judges what no recording has" {
	[ "$(judge '.is_prebuild = true' '[.state, .due, .keep]')" = '["prebuild",false,true]' ]
	[ "$(judge '.latest_build.status = "hibernated"' '[.state, .due, .keep]')" = '["unknown",false,null]' ]
	[ "$(judge '.latest_build = {status: "failed", transition: "delete"}' .state)" = '"unknown"' ]
	[ "$(judge '.latest_build = null' .state)" = '"unknown"' ]
	[ "$(judge '{}' '[.state, .ttl_ms, .in_s, .basis]')" = '["unknown",null,null,"none"]' ]
	[ "$(judge '.latest_build.deadline = "0001-01-01T00:00:00Z" | .ttl_ms = 0' '[.state, .deadline, .ttl_ms]')" = '["unlimited",null,null]' ]
	[ "$(judge '.latest_build.deadline = "2026-11-23T04:02:21+01:00"' '[.state, .in_s]')" = '["expired",0]' ]
}

@test "cws-ttl --grace and --soon move their boundaries" {
	[ "$(judge '.latest_build.deadline = "2026-11-23T03:00:21Z"' '[.due, .stop_at]')" = '[false,"2026-11-23T03:05:21Z"]' ]
	[ "$(judge '.latest_build.deadline = "2026-11-23T03:00:21Z"' '[.due, .stop_at]' --grace 2m)" = '[false,"2026-11-23T03:02:21Z"]' ]
	[ "$(judge '.latest_build.deadline = "2026-11-23T03:00:21Z"' '[.due, .stop_at]' --grace 119s)" = '[true,"2026-11-23T03:02:20Z"]' ]
	[ "$(judge '.latest_build.deadline = "2026-11-23T03:02:21Z"' .due --grace 0s)" = false ]
	[ "$(judge '.latest_build.deadline = "2026-11-23T03:02:20Z"' .due --grace 0s)" = true ]
	[ "$(judge . .state --soon 4h)" = '"ok"' ]
	[ "$(judge . .state --soon 4h57m39s)" = '"soon"' ]
	[ "$(judge . .state --soon 4h57m38s)" = '"ok"' ]
}

@test "cws-ttl: a deadline that the server set across the next autostart is no overrun" {
	# Started at 18:00 with a ttl of 8 h; the autostart of 01:30 lies before 02:00, so the deadline is 09:30.
	local across='.autostart_schedule = "CRON_TZ=UTC 30 1 * * *" | .latest_build.job.completed_at = "2026-11-22T18:00:00Z"
		| .ttl_ms = 28800000 | .latest_build.deadline = "2026-11-23T09:30:00Z"'
	[ "$(judge "$across" '[.state, .due, .stop_at, .basis, .why]' --overrun)" = '["ok",false,"2026-11-23T09:35:00Z","deadline","deadline in 6h 27m (ttl 8h); the server set it across the autostart of 2026-11-23T01:30:00Z"]' ]
	[ "$(judge "$across" '[.state, .due]' --overrun --soon 7h)" = '["soon",false]' ]
	# Moved since, on another day than the template allows, or without a schedule: it would have stopped.
	[ "$(judge "$across | .latest_build.deadline = \"2026-11-23T09:30:01Z\"" '[.state, .due]' --overrun)" = '["overrun",true]' ]
	[ "$(judge "$across | del(.autostart_schedule)" '[.state, .due]' --overrun)" = '["overrun",true]' ]
	local sunday='.cws.fetch = {scheduling: true, template: {autostart_requirement: {days_of_week: ["sunday"]}}}'
	[ "$(judge "$across | $sunday" '[.state, .due]' --overrun)" = '["overrun",true]' ]
	[ "$(judge "$across | $sunday | .cws.fetch.scheduling = false" '[.state, .due]' --overrun)" = '["ok",false]' ]
	# A schedule that this machine cannot read is no evidence that it would have stopped.
	for schedule in 'CRON_TZ=Mars/Olympus 30 1 * * *' '@every 6h'; do
		[ "$(judge "$across | .autostart_schedule = \"$schedule\"" '[.state, .due]' --overrun)" = '["ok",false]' ]
		[ "$(judge "$across | .autostart_schedule = \"$schedule\" | .latest_build.deadline = \"2026-11-23T09:30:01Z\"" '[.state, .due]' --overrun)" = '["overrun",true]' ]
	done
	[ "$(judge "$across | .autostart_schedule = \"CRON_TZ=Mars/Olympus 30 1 * * *\" | .cws.fetch.template.allow_user_autostart = false | .cws.fetch.scheduling = true" '[.state, .due]' --overrun)" = '["overrun",true]' ]
}

@test "cws-ttl --user names whom nobody here is called" {
	run --separate-stderr -0 cws-ttl -a -N "$NOW" --user @dennis,denis <"$IN"
	[ "$(jq -r .owner_name <<<"$output" | sort -u)" = dennis ]
	[ "${stderr_lines[1]}" = "cws-ttl: warning: --user denis: nobody here has that name" ]
	run --separate-stderr -2 cws-ttl --user dennis@example.com <"$IN"
	[ "$stderr" = 'cws-ttl: --user: expected names such as ada,ci-*, got "dennis@example.com": write the name, not the address' ]
}

@test "cws-ttl calls a start that failed or was canceled so, due with --failed" {
	local failed='.latest_build |= (.status = "failed" | .job.status = "failed")'
	[ "$(judge "$failed" '[.state, .due, .stop_at, .why]')" = '["failed",false,null,"its last start failed, so it may have left resources that a stop takes away"]' ]
	[ "$(judge "$failed" '[.state, .due, .stop_at]' --failed)" = '["failed",true,"2026-11-23T03:02:21Z"]' ]
	[ "$(judge '.latest_build.status = "canceled"' '[.state, .due, .why]' --failed --canceled)" = '["failed",true,"its last start was canceled, so it may have left resources that a stop takes away"]' ]
	[ "$(judge "$failed" '[.state, .due]' --canceled)" = '["failed",false]' ]
	echo '{"ttl_monitor":{"failed":true}}' >"$BATS_TEST_TMPDIR/c.json"
	[ "$(judge "$failed" '[.state, .due]' -c "$BATS_TEST_TMPDIR/c.json")" = '["failed",true]' ]
}

@test "cws-ttl --overrun, --unlimited and --canceled make their state due" {
	local over='.latest_build.job.completed_at = "2026-11-22T18:02:21Z"'
	local endless='.latest_build.deadline = null | .ttl_ms = null'
	local canceled='.latest_build = {status: "failed", transition: "stop", job: {canceled_at: "2026-11-23T01:00:00Z"}}'
	[ "$(judge "$over" '[.state, .due, .stop_at, .basis, .in_s]')" = '["overrun",false,"2026-11-23T08:05:00Z","ttl",-3600]' ]
	[ "$(judge "$over" '[.state, .due, .stop_at]' --overrun)" = '["overrun",true,"2026-11-23T02:02:21Z"]' ]
	[ "$(judge . '[.state, .due, .stop_at]' --overrun)" = '["ok",false,"2026-11-23T08:05:00Z"]' ]
	# Its ttl passes before its deadline: that comes first.
	[ "$(judge '.ttl_ms = 25200000' '[.state, .due, .stop_at]' --overrun)" = '["ok",false,"2026-11-23T07:00:00Z"]' ]
	# It becomes an overrun before --unlimited could stop it, and nothing stops that.
	local waiting='.latest_build.deadline = null | .ttl_ms = 28800000'
	[ "$(judge "$waiting" '[.state, .due, .stop_at]' --unlimited 24h)" = '["unlimited",false,null]' ]
	[ "$(judge "$waiting" '[.state, .due, .stop_at]' --unlimited 4h)" = '["unlimited",false,"2026-11-23T04:00:00Z"]' ]
	[ "$(judge "$waiting" '[.state, .due, .stop_at]' --unlimited 24h --overrun)" = '["unlimited",false,"2026-11-23T08:00:00Z"]' ]
	# One canceled while it waited has no canceled_at.
	[ "$(judge '.latest_build = {status: "canceled", transition: "stop", job: {}}' '[.state, .due]')" = '["stuck",false]' ]
	[ "$(judge "$endless" '[.state, .due, .stop_at]')" = '["unlimited",false,null]' ]
	[ "$(judge "$endless" '[.state, .due, .stop_at]' --unlimited 4h)" = '["unlimited",false,"2026-11-23T04:00:00Z"]' ]
	[ "$(judge "$endless" '[.state, .due, .stop_at]' --unlimited 3h)" = '["unlimited",true,"2026-11-23T03:00:00Z"]' ]
	[ "$(judge "$canceled" '[.state, .due]')" = '["stuck",false]' ]
	[ "$(judge "$canceled" '[.state, .due, .stop_at]' --canceled)" = '["stuck",true,"2026-11-23T03:02:21Z"]' ]
}

@test "cws-ttl -s writes the states asked for, -a all of them" {
	for states in soon ok,soon stopped,stuck,changing prebuild; do
		run --separate-stderr -0 cws-ttl -q -s "$states" -N "$NOW" <"$IN"
		[ "$(jq -r .id <<<"$output")" = "$(words '('"$STATES"') as $is |
			select($s | split(",") | index($is)) | .id' -r --arg now "$NOW" --arg s "$states" "$IN")" ]
		[ "$stderr" = "" ]
	done
	run --separate-stderr -0 cws-ttl -q -s expired -s stuck -N "$NOW" <"$IN"
	[ "$(jq -r .cws.ttl.state <<<"$output" | sort -u | paste -sd' ')" = "expired stuck" ]
}

@test "cws-ttl -u drops other owners, also with --all, and does not look at case" {
	run --separate-stderr -0 cws-ttl -a -u ADA --user grace -N "$NOW" <"$IN"
	[ "$(jq -r .id <<<"$output")" = "$(jq -r 'select(.owner_name == "ada" or .owner_name == "grace") | .id' "$IN")" ]
	run --separate-stderr -0 cws-ttl -u grace -N "$NOW" <"$IN"
	[ "$(jq -r '.owner_name' <<<"$output" | sort -u)" = grace ]
	[ "$stderr" = "cws-ttl: 88 in, 1 due, 0 held, 0 bad" ]
	run --separate-stderr -0 cws-ttl -qa -u nobody -u ad -N "$NOW" <"$IN"
	[ "$output" = "" ]
}

@test "cws-ttl judges by the clock when no instant is given" {
	record '.latest_build.deadline = "2001-01-01T00:00:00Z"' >"$IN"
	before=$(date -u +%FT%TZ)
	run --separate-stderr -0 cws-ttl -q <"$IN"
	at=$(jq -r .cws.ttl.at <<<"$output")
	[[ ! "$at" < "$before" && ! "$at" > "$(date -u +%FT%TZ)" ]]
}

@test "two stages in a row are and, with --all on both they are or" {
	ids() { jq -r "select($1) | .id" "$2"; }
	cws-ttl -q -N "$NOW" <"$IN" | cws-quiet -q --min-uptime 0s -N "$NOW" >"$BATS_TEST_TMPDIR/and"
	cws-ttl -qa -N "$NOW" <"$IN" | cws-quiet -qa --min-uptime 0s -N "$NOW" >"$BATS_TEST_TMPDIR/or"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/or")" -eq 88 ]
	[ "$(ids true "$BATS_TEST_TMPDIR/and")" = "$(ids '.cws.ttl.due and .cws.quiet.due' "$BATS_TEST_TMPDIR/or")" ]
	[ -n "$(ids '.cws.ttl.due and .cws.quiet.due' "$BATS_TEST_TMPDIR/or")" ]
	[ -n "$(ids '(.cws.ttl.due | not) and .cws.quiet.due' "$BATS_TEST_TMPDIR/or")" ]
}

@test "cws-ttl refuses a wrong call in one line, before it reads" {
	fails_with 2 "--state: no state 'late': the states are prebuild changing failed stuck stopped expired overrun soon ok unlimited unknown" -s ok,late
	fails_with 2 "--state: no state '': the states are prebuild changing failed stuck stopped expired overrun soon ok unlimited unknown" -s ok,
	fails_with 2 "--grace: \"5\" has no unit: write 5m or 5s" --grace 5
	fails_with 2 "--soon: expected a duration such as 90s, 30m, 8h, 2d or 1h30m, got \"-1h\"" --soon -1h
	fails_with 2 "--unlimited: expected a duration such as 90s, 30m, 8h, 2d or 1h30m, got \"1.5h\"" --unlimited=1.5h
	fails_with 2 "--now: expected an instant such as 2026-06-30T15:00:00Z, got \"now\"" -N now
	fails_with 2 "--user: expected name,..., got nothing" -u ""
	fails_with 2 "option '-u' needs its name,... behind it: see 'cws-ttl --help'" -u
	fails_with 2 "unknown option '--overun': write --overrun, or see 'cws-ttl --help'" --overun
	fails_with 2 "unknown option '--gra': write --grace, or see 'cws-ttl --help'" --gra 5m
	fails_with 2 "unknown option '--execute': see 'cws-ttl --help' for those there are" --execute
	fails_with 2 "unexpected operand '$IN': only options are taken, see 'cws-ttl --help'" "$IN"
	exec 4<"$IN"
	run --separate-stderr -2 cws-ttl --bad <&4
	[ "$(head -c 1 <&4)" = "{" ] # not a byte was read
}

@test "cws-ttl reports a bad record by its line and forwards the others" {
	{
		record '.id = "a"'
		echo '{"id":"b",'
		record '.id = "c" | .ttl_ms = "8h"'
		record '.id = "d" | .ttl_ms = -1'
		record '.id = "e" | .latest_build.deadline = "soon"'
		record '.id = "f" | .is_prebuild = 1'
		record '.id = "g" | .latest_build.status = 7'
		record '.id = "h" | .owner_name = []'
		echo '{"id":"i","id":"i"}'
		echo '{"id":"j","cws":[]}'
		printf '\n  \n'
		record '.id = "k"'
	} >"$IN"
	run --separate-stderr -1 cws-ttl -a -N "$NOW" <"$IN"
	[ "$(jq -r .id <<<"$output" | paste -sd' ')" = "a k" ]
	[ "$stderr" = "cws-ttl: <stdin>:2: not one whole JSON object: the text ends too early at byte 11
cws-ttl: <stdin>:3: '.ttl_ms' is not a whole number
cws-ttl: <stdin>:4: '.ttl_ms' is negative
cws-ttl: <stdin>:5: '.latest_build.deadline' is not an instant (RFC 3339)
cws-ttl: <stdin>:6: '.is_prebuild' is not true or false
cws-ttl: <stdin>:7: '.latest_build.status' is not a string
cws-ttl: <stdin>:8: '.owner_name' is not a string
cws-ttl: <stdin>:9: two members named 'id'
cws-ttl: <stdin>:10: '.cws' is not an object
cws-ttl: 11 in, 0 due, 0 held, 9 bad" ]
}

@test "cws-ttl -s says how many it wrote" {
	run --separate-stderr -0 cws-ttl -s soon,ok -N "$NOW" <"$IN"
	[ "$stderr" = "cws-ttl: 88 in, 6 due, 0 held, 0 bad, $(wc -l <<<"$output") written" ]
}
