# cws-quiet: which running workspaces are past the grace of their quiet hours.

load helper

NOW=2026-06-12T19:29:00Z # a Friday; by default quiet hours have lasted 1h 29m

# One running workspace that was started yesterday, changed by a jq filter.
record() {
	jq -cn '{id: "w1", name: "dev", owner_name: "ada", template_name: "k8s", template_id: "t1",
		organization_name: "coder", organization_id: "o1", is_prebuild: false,
		last_used_at: "2026-06-12T19:00:00Z", latest_build: {transition: "start", status: "running",
		job: {completed_at: "2026-06-11T09:00:00Z"}}} | '"${1:-.}"
}

# Judge that workspace; print the members named by a jq filter.
judge() {
	local change=$1 show=$2
	shift 2
	record "$change" | cws-quiet -qa -N "$NOW" "$@" | jq -c ".cws.quiet | $show"
}

quiet_fails_with() {
	local status=$1 text=$2
	shift 2
	run --separate-stderr -"$status" cws-quiet "$@" <"$FIXTURES/quiet-vectors.ndjson"
	[ "$output" = "" ]
	[ "$stderr" = "cws-quiet: $text" ]
}

@test "cws-quiet gives a verdict with every member, in order, and leaves the other bytes alone" {
	printf '%s\n' '{ "name":"dev","n": 1.0, "owner_name":"ada","latest_build":{"status":"running","transition":"start","job":{"completed_at":"2026-06-11T09:00:00.5Z"}} }' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-quiet -N "$NOW" --idle 20m <"$BATS_TEST_TMPDIR/in"
	[ "$output" = '{ "name":"dev","n": 1.0, "owner_name":"ada","latest_build":{"status":"running","transition":"start","job":{"completed_at":"2026-06-11T09:00:00.5Z"}},"cws":{"quiet":{"due":true,"state":"quiet","stop_at":"2026-06-12T19:00:00Z","why":"quiet hours Fri 18:00-Sat 08:00 began 1h 29m ago, grace 1h over; local time Fri 19:29 UTC","at":"2026-06-12T19:29:00Z","zone":"UTC","window_start":"2026-06-12T18:00:00Z","window_end":"2026-06-13T08:00:00Z","grace_s":3600,"idle_s":1200,"min_uptime_s":3600,"schedule":"default"}} }' ]
	[ "$stderr" = "cws-quiet: 1 in, 1 due, 0 held, 0 bad" ]
}

# No minimum of uptime: the last row lies before 1970, and a start that early counts as not known.
@test "cws-quiet answers all 66 vectors of windows across clock changes" {
	local rows=0
	while IFS=$'\t' read -r id zone start end days grace now want; do
		run --separate-stderr -0 bash -c 'jq -cn "{latest_build: {transition: \"start\", status: \"running\",
			job: {completed_at: \"1970-01-01T00:00:01Z\"}}}" |
			cws-quiet -qa --min-uptime 0s -N "$1" --tz "$2" --start "$3" --end "$4" --days "$5" --grace "$6s" |
			jq -r ".cws.quiet | [.window_start, .stop_at, .window_end, .due, .state] | map(tostring) | join(\" \")"' \
			- "$now" "$zone" "$start" "$end" "$days" "$grace"
		[ "$stderr" = "" ]
		case $want in
		outside) [[ "$output" =~ \ false\ (outside|overran)$ ]] ;;
		*) [ "$output" = "$want" ] ;;
		esac || {
			echo "$id: got $output, want $want"
			return 1
		}
		rows=$((rows + 1))
	done < <(jq -r '[.id, .zone, .start, .end, .days, .grace_s, .now, if .in_window then
		(.stop_at != null and .stop_at <= .now) as $due |
		"\(.window_start) \(.stop_at) \(.window_end) \($due) \(if $due then "quiet" else "grace" end)"
		else "outside" end] | map(tostring) | join("\t")' "$FIXTURES/quiet-vectors.ndjson")
	[ "$rows" -eq 66 ]
}

@test "cws-quiet knows every state" {
	[ "$(judge . '[.state, .due]')" = '["quiet",true]' ]
	[ "$(judge . '[.state, .due, .stop_at]' --grace 2h)" = '["grace",false,"2026-06-12T20:00:00Z"]' ]
	[ "$(judge . '[.state, .due, .stop_at]' --min-uptime 36h)" = '["young",false,"2026-06-12T21:00:00Z"]' ]
	[ "$(judge . '[.state, .due, .stop_at]' --idle 30m)" = '["active",false,"2026-06-12T19:30:00Z"]' ]
	[ "$(judge '.latest_app_status = {state: "working"}' '[.state, .due, .stop_at]')" = '["active",false,null]' ]
	[ "$(judge . '[.state, .due, .stop_at]' --start 20:00)" = '["overran",false,"2026-06-12T21:00:00Z"]' ]
	[ "$(judge . '[.state, .due, .stop_at]' --start 20:00 --overran)" = '["overran",true,"2026-06-11T21:00:00Z"]' ]
	[ "$(judge '.latest_build.job.completed_at = "2026-06-12T09:00:00Z"' '[.state, .due, .stop_at]' --start 20:00)" = \
		'["outside",false,"2026-06-12T21:00:00Z"]' ]
	[ "$(judge '.latest_build |= (.transition = "stop" | .status = "stopped")' '[.state, .due, .keep]')" = \
		'["inactive",false,null]' ]
	[ "$(judge '.is_prebuild = true' '[.state, .due, .keep]')" = '["inactive",false,true]' ]
	[ "$(judge . '[.state, .due, .keep]' --exclude-user ada)" = '["excluded",false,true]' ]
	[ "$(judge '.latest_build.status = "dreaming"' '[.state, .due]')" = '["unknown",false]' ]
	[ "$(judge 'del(.latest_build)' '[.state, .due]')" = '["unknown",false]' ]
	[ "$(judge 'del(.latest_build.job)' '[.state, .due]')" = '["unknown",false]' ]
}

@test "cws-quiet takes several windows as stretches with one grace" {
	local week=(-w 'mon-fri 18:00-08:00' -w 'sat,sun 00:00-24:00' --tz Europe/Berlin) show='[.window_start, .window_end, .stop_at, .due]'

	NOW=2026-06-14T12:00:00Z
	[ "$(judge . "$show" "${week[@]}")" = \
		'["2026-06-12T16:00:00Z","2026-06-14T22:00:00Z","2026-06-12T17:00:00Z",true]' ]
	NOW=2026-06-14T22:00:00Z
	[ "$(judge . "$show" "${week[@]}")" = \
		'["2026-06-15T16:00:00Z","2026-06-16T06:00:00Z","2026-06-15T17:00:00Z",false]' ]
	[ "$(judge . "$show" -w 08:00-20:00 -w 20:00-08:00)" = '[null,null,"2026-06-14T22:00:00Z",true]' ]
	[ "$(judge . .why -w 08:00-20:00 -w 20:00-08:00)" = \
		'"always quiet, the windows leave no gap in the week; local time Sun 22:00 UTC"' ]
}

@test "cws-quiet says where its schedule came from" {
	[ "$(judge . .schedule)" = '"default"' ]
	[ "$(judge . .schedule --grace 5m)" = '"default"' ]
	[ "$(judge . .schedule --tz UTC)" = '"option"' ]
	[ "$(judge . .schedule --end 08:00)" = '"option"' ]
	[ "$(judge . .schedule -w 18:00-08:00)" = '"option"' ]
}

@test "cws-quiet leaves alone what is excluded, by every kind of name" {
	[ "$(judge . .why --exclude-user bob,ADA)" = '"owner ada is excluded (--exclude-user ADA)"' ]
	[ "$(judge . .why --exclude-template 'k8*')" = '"template k8s is excluded (--exclude-template k8*)"' ]
	[ "$(judge . .why --exclude-org x --exclude-org coder)" = '"organization coder is excluded (--exclude-org coder)"' ]
	[ "$(judge . .why --exclude-name ada/d?v)" = '"workspace dev is excluded (--exclude-name ada/d?v)"' ]
	[ "$(judge . .state --exclude-user bob --exclude-name bob/dev,test)" = '"quiet"' ]
	[ "$(judge 'del(.owner_name)' '[.state, .keep]' --exclude-user bob)" = '["excluded",true]' ]
}

@test "cws-quiet writes the due ones, all, or the states asked for" {
	{ record '.id = "a"'; record '.id = "b" | .latest_build.status = "stopping"'; record '.is_prebuild = true'; } \
		>"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 bash -c 'cws-quiet -N "$1" <"$2" | jq -r .id' - "$NOW" "$BATS_TEST_TMPDIR/in"
	[ "$output" = "a" ]
	[ "$stderr" = "cws-quiet: 3 in, 1 due, 1 held, 0 bad" ]
	run --separate-stderr -0 bash -c 'cws-quiet -q --all -N "$1" <"$2" | jq -r .id' - "$NOW" "$BATS_TEST_TMPDIR/in"
	[ "$output" = $'a\nb\nw1' ]
	[ "$stderr" = "" ]
	run --separate-stderr -0 bash -c 'cws-quiet -q -s inactive,grace -N "$1" <"$2" | jq -r .id' - "$NOW" \
		"$BATS_TEST_TMPDIR/in"
	[ "$output" = $'b\nw1' ]
}

@test "cws-quiet run twice changes no byte" {
	record '.cws = {mine: {due: false}}' >"$BATS_TEST_TMPDIR/in"
	cws-quiet -qa -N "$NOW" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/once"
	run --separate-stderr -0 cws-quiet -qa -N "$NOW" <"$BATS_TEST_TMPDIR/once"
	[ "$output" = "$(cat "$BATS_TEST_TMPDIR/once")" ]
	[ "$(jq -c .cws.mine "$BATS_TEST_TMPDIR/once")" = '{"due":false}' ]
}

@test "cws-quiet --status tells a person and a program how it stands" {
	run --separate-stderr -0 cws-quiet --status -N "$NOW" --tz America/New_York </dev/full
	[ "$output" = "quiet now:   no
grace over:  no
next change: 2026-06-12T22:00:00Z, in 2h 31m
because:     outside quiet hours, the next are Fri 18:00-Sat 08:00, in 2h 31m, grace 1h; local time Fri 15:29 America/New_York" ]
	[ "$stderr" = "" ]
	run --separate-stderr -0 cws-quiet --status --json -N 2026-06-12T18:59:59Z
	[ "$(jq -c '[.quiet, .grace_over, .grace_ends, .next_change, .window_end]' <<<"$output")" = \
		'[true,false,"2026-06-12T19:00:00Z","2026-06-12T19:00:00Z","2026-06-13T08:00:00Z"]' ]
	run --separate-stderr -0 cws-quiet --status --json -N 2026-06-12T19:00:00Z
	[ "$(jq -c '[.quiet, .grace_over, .grace_ends, .next_change]' <<<"$output")" = \
		'[true,true,"2026-06-12T19:00:00Z","2026-06-13T08:00:00Z"]' ]
	run --separate-stderr -0 cws-quiet --status --json -N 2026-06-12T18:00:00Z --grace 14h
	[ "$(jq -c '[.quiet, .grace_over, .grace_ends, .next_change]' <<<"$output")" = \
		'[true,false,null,"2026-06-13T08:00:00Z"]' ]
	run --separate-stderr -0 cws-quiet --status --json -w 08:00-20:00 -w 20:00-08:00
	[ "$(jq -c '[.quiet, .grace_over, .grace_ends, .next_change]' <<<"$output")" = '[true,true,null,null]' ]
	run --separate-stderr -3 bash -c 'cws-quiet --status >/dev/full'
	[ "$stderr" = "cws-quiet: <stdout>: cannot write: No space left on device" ]
}

@test "cws-quiet --check answers with its status alone" {
	run --separate-stderr -0 cws-quiet --check -N 2026-06-12T19:00:00Z
	[ "$output$stderr" = "" ]
	run --separate-stderr -1 cws-quiet --check -N 2026-06-12T18:59:59Z
	[ "$output$stderr" = "" ]
	run --separate-stderr -1 cws-quiet --check -N 2026-06-12T08:00:00Z
	[ "$output$stderr" = "" ]
	run --separate-stderr -0 cws-quiet --check -w 08:00-20:00 -w 20:00-08:00
	[ "$output$stderr" = "" ]
}

@test "cws-quiet refuses a wrong call in one line, before it reads" {
	quiet_fails_with 2 "--tz: unknown time zone 'Nope/Nowhere': write an IANA name such as Europe/Berlin" --tz Nope/Nowhere
	quiet_fails_with 2 "--tz: unknown time zone 'EST5EDT,M3.2.0,M11.1.0': write an IANA name such as Europe/Berlin" \
		--tz EST5EDT,M3.2.0,M11.1.0
	quiet_fails_with 2 "--start: expected HH:MM from 00:00 to 23:59, got \"25:00\"" --start 25:00
	quiet_fails_with 2 "--start: expected HH:MM from 00:00 to 23:59, got \"24:00\"" --start 24:00
	quiet_fails_with 2 "--end: expected HH:MM from 00:00 to 24:00, got \"8:00\"" --end 8:00
	quiet_fails_with 2 "--days: expected days such as mon-fri, sat,sun or daily, got \"workdays\"" --days workdays
	quiet_fails_with 2 "--window: expected days and times such as 'mon-fri 18:00-08:00', got \"mon-fri\"" -w mon-fri
	quiet_fails_with 2 "--window replaces --start, --end and --days: write one or the other" -w 18:00-08:00 --end 09:00
	quiet_fails_with 2 "--exclude-user: expected names such as ada,ci-*, got \"ada,,bob\"" --exclude-user ada,,bob
	quiet_fails_with 2 "--json belongs to --status: records are JSON in any case" --json
	quiet_fails_with 2 "--check prints nothing: write it or --status, not both" --check --status
	run --separate-stderr -2 cws-quiet --grace 60 </dev/null
	[[ "$stderr" == "cws-quiet: --grace: "*"60m"* ]]
	run --separate-stderr -2 env -i PATH="$PATH" bash -c 'for i in {1..33}; do set -- "$@" -w 18:00-08:00; done; cws-quiet "$@"'
	[ "$stderr" = "cws-quiet: --window: more than 32 windows" ]
}

@test "cws-quiet takes UTC without zone data and says when there is none" {
	command -v unshare >/dev/null && unshare -rm true 2>/dev/null || skip "no mount namespaces here"
	run --separate-stderr -2 unshare -rm sh -c 'mount -t tmpfs none /usr/share/zoneinfo && cws-quiet --check --tz Europe/Berlin'
	[ "$stderr" = "cws-quiet: --tz: time zone data (tzdata) not found: install it, or use UTC" ]
	run --separate-stderr -0 unshare -rm sh -c 'mount -t tmpfs none /usr/share/zoneinfo && cws-quiet --check -N "$1"' - "$NOW"
}

@test "cws-quiet reports a bad record by its line and forwards the others" {
	{ record '.id = "a"'; echo '{"id":'; record '.latest_build.status = 7'; record '.id = "b"'; } >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 bash -c 'set -o pipefail; cws-quiet -N "$1" <"$2" | jq -r .id; exit "${PIPESTATUS[0]}"' \
		- "$NOW" "$BATS_TEST_TMPDIR/in"
	[ "$output" = $'a\nb' ]
	[[ "${stderr_lines[0]}" == "cws-quiet: <stdin>:2: "* ]]
	[[ "${stderr_lines[1]}" == "cws-quiet: <stdin>:3: '.latest_build.status' "* ]]
	[ "${stderr_lines[2]}" = "cws-quiet: 4 in, 2 due, 0 held, 2 bad" ]
}

@test "cws-quiet forwards nothing that is too long, holds a NUL or is not UTF-8" {
	run --separate-stderr -1 bash -c 'head -c 17000000 /dev/zero | tr "\0" x | { cat; echo; } | cws-quiet -qa'
	[ "$output" = "" ]
	[[ "$stderr" == "cws-quiet: <stdin>:1: "* ]]
	run --separate-stderr -1 bash -c 'printf "{\"name\":\"a\0b\"}\n" | cws-quiet -qa'
	[ "$output" = "" ]
	[[ "$stderr" == "cws-quiet: <stdin>:1: "* ]]
	run --separate-stderr -1 bash -c 'printf "{\"name\":\"\xff\"}\n" | cws-quiet -qa'
	[ "$output" = "" ]
	[[ "$stderr" == "cws-quiet: <stdin>:1: "* ]]
}

@test "cws-quiet reports a torn last line, forwards the rest and says that the stream died" {
	run --separate-stderr -3 bash -c '{ echo "{\"id\":\"a\"}"; printf "{\"id\":"; } | cws-quiet -qa -N "$1"' - "$NOW"
	[[ "${lines[0]}" == '{"id":"a","cws":{"quiet":'* ]]
	[[ "${lines[1]}" == '{"cws":{"aborted":"cws-quiet: '* ]]
	[[ "$stderr" == "cws-quiet: <stdin>:2: "* ]]
}

@test "cws-quiet has nothing to say about no input" {
	run --separate-stderr -0 cws-quiet </dev/null
	[ "$output" = "" ]
	[ "$stderr" = "cws-quiet: 0 in, 0 due, 0 held, 0 bad" ]
}

@test "cws-quiet ends with 3 when it cannot read or write" {
	record . >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -3 bash -c 'cws-quiet -qa <"$1" >/dev/full' - "$BATS_TEST_TMPDIR/in"
	[[ "$stderr" == "cws-quiet: <stdout>: "* ]]
	run --separate-stderr -3 bash -c 'cws-quiet -qa <"$1" >&-' - "$BATS_TEST_TMPDIR/in"
	[[ "$stderr" == "cws-quiet: <stdout>: "* ]]
	run --separate-stderr -3 bash -c 'cws-quiet -qa <.'
	[[ "$stderr" == "cws-quiet: <stdin>: "* ]]
	run --separate-stderr -3 bash -c 'cws-quiet -qa <&-'
	[[ "$stderr" == "cws-quiet: <stdin>: "* ]]
}

@test "cws-quiet ends silently with 0 when its reader leaves" {
	record '. as $r | range(2000) | $r' >"$BATS_TEST_TMPDIR/in"
	for trap in : "trap '' PIPE"; do
		run --separate-stderr -0 bash -c "$trap"'; cws-quiet -a <"$1" | head -n 1 >/dev/null; exit "${PIPESTATUS[0]}"' \
			- "$BATS_TEST_TMPDIR/in"
		[ "$stderr" = "" ]
	done
}
