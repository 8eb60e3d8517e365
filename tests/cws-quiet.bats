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
	printf '%s\n' '{ "name":"dev","n": 1.0, "owner_name":"ada","last_used_at":"2026-06-12T18:00:00Z","latest_build":{"status":"running","transition":"start","job":{"completed_at":"2026-06-11T09:00:00.5Z"}} }' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-quiet -N "$NOW" --idle 20m <"$BATS_TEST_TMPDIR/in" # hours that nobody gave are told
	[ "$output" = '{ "name":"dev","n": 1.0, "owner_name":"ada","last_used_at":"2026-06-12T18:00:00Z","latest_build":{"status":"running","transition":"start","job":{"completed_at":"2026-06-11T09:00:00.5Z"}},"cws":{"quiet":{"due":true,"state":"quiet","stop_at":"2026-06-12T19:00:00Z","why":"quiet hours Fri 18:00-Sat 08:00 (the default) began 1h 29m ago, grace 1h over; local time Fri 19:29 UTC","at":"2026-06-12T19:29:00Z","zone":"UTC","window_start":"2026-06-12T18:00:00Z","window_end":"2026-06-13T08:00:00Z","grace_s":3600,"idle_s":1200,"min_uptime_s":3600,"schedule":"default"}} }' ]
	[ "$stderr" = "cws-quiet: warning: no option or setting says the hours: 18:00 to 08:00 every day, UTC
cws-quiet: 1 in, 1 due, 0 held, 0 bad" ]
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
	local tail='; quiet hours Fri 18:00-Sat 08:00 (the default); local time Fri 19:29 UTC"'
	[ "$(judge . .why --exclude-user bob,ADA)" = '"owner ada is excluded (--exclude-user ADA)'"$tail" ]
	[ "$(judge . .why --exclude-template 'k8*')" = '"template k8s is excluded (--exclude-template k8*)'"$tail" ]
	[ "$(judge . .why --exclude-org x --exclude-org coder)" = '"organization coder is excluded (--exclude-org coder)'"$tail" ]
	[ "$(judge . .why --exclude-name ada/d?v)" = '"workspace dev is excluded (--exclude-name ada/d?v)'"$tail" ]
	[ "$(judge . .state --exclude-user bob --exclude-name bob/dev,test)" = '"quiet"' ]
	[ "$(judge 'del(.owner_name)' '[.state, .keep]' --exclude-user bob)" = '["excluded",true]' ]
}

@test "cws-quiet leaves alone owners by their groups, and keeps where nobody fetched them" {
	local in='.cws = {fetch: {owner: {groups: ["Everyone", "night\u002dshift"]}}}' show='[.state, .keep, .why[:60]]'

	[ "$(judge "$in" "$show" --exclude-group NIGHT-shift)" = \
		'["excluded",true,"group night-shift is excluded (--exclude-group NIGHT-shift);"]' ]
	[ "$(judge "$in" .state --exclude-group day-shift)" = '"quiet"' ]
	[ "$(judge '.cws = {fetch: {owner: {groups: []}}}' .state --exclude-group day-shift)" = '"quiet"' ]
	for in in . '.cws = {fetch: {owner: {groups: null}}}' '.cws = {fetch: {owner: null}}'; do
		[ "$(judge "$in" "$show" --exclude-group day-shift)" = \
			'["excluded",true,"left alone: the record does not say its owner'"'"'s groups (cws-"]' ]
		[ "$(judge "$in" "$show" --only-group day-shift)" = \
			'["excluded",true,"left alone: the record does not say its owner'"'"'s groups (cws-"]' ]
		[ "$(judge "$in" '[.state, .keep]' --only-group day-shift --only-user eve)" = '["excluded",null]' ]
	done
	run --separate-stderr -0 bash -c 'cws-quiet -a --exclude-group day-shift' < <(record .)
	[[ "$stderr" == *"cws-quiet: warning: --exclude-group day-shift: no record says its owner's groups (cws-fetch --with groups)"* ]]
	run --separate-stderr -0 bash -c 'cws-quiet -a --exclude-group day-shift' < <(record '.cws = {fetch: {owner: {groups: []}}}')
	[[ "$stderr" == *"cws-quiet: warning: --exclude-group day-shift: nobody here is in such a group"* ]]
	for in in '["a", 7]' '"a"' '{"a": 1}' '["a\u0000"]'; do
		run --separate-stderr -1 bash -c 'cws-quiet -qa --exclude-group b' < <(record ".cws = {fetch: {owner: {groups: $in}}}")
		[ "$stderr" = "cws-quiet: <stdin>:1: '.cws.fetch.owner.groups' is not a list of names" ]
	done
}

@test "cws-quiet judges only what is selected, and spares the rest without a veto" {
	local show='[.state, .keep]' in='.cws = {fetch: {owner: {groups: ["g"]}}}'

	[ "$(judge "$in" "$show" --only-user ada,bob --only-template 'k*' --only-org o1 --only-group g --only-name dev)" = \
		'["quiet",null]' ]
	for only in user template org group name; do
		[ "$(judge "$in" "$show" "--only-$only" other)" = '["excluded",null]' ]
	done
	[ "$(judge . .why --only-user bob)" = \
		'"not selected: owner ada is outside --only-user; quiet hours Fri 18:00-Sat 08:00 (the default); local time Fri 19:29 UTC"' ]
	[ "$(judge . "$show" --only-user ada --exclude-name dev)" = '["excluded",true]' ]
	quiet_fails_with 2 "--only-name: expected names such as ada,ci-*, got \"a b\"" --only-name 'a b'
}

@test "cws-quiet --owner-schedule: the owner's own hours, else the zone of the autostart, else the configured" {
	local show='[.state, .schedule, .zone, .window_start, .window_end, .stop_at]'
	local own='.cws = {fetch: {owner: {quiet_hours: {raw_schedule: "CRON_TZ=Europe/Berlin 0 21 * * *", user_set: true}}}}'
	local auto='.autostart_schedule = "CRON_TZ=America/New_York 30 9 * * 1-5"'

	[ "$(judge "$own | $auto" "$show" --owner-schedule)" = \
		'["grace","owner","Europe/Berlin","2026-06-12T19:00:00Z","2026-06-13T03:00:00Z","2026-06-12T20:00:00Z"]' ]
	[ "$(judge "$own" .why --owner-schedule)" = \
		'"ada'"'"'s own quiet hours Fri 21:00-Sat 05:00 began 29m ago, grace 1h ends in 31m; local time Fri 21:29 Europe/Berlin"' ]
	[ "$(judge "$own" "$show" --owner-schedule --length 90m)" = \
		'["grace","owner","Europe/Berlin","2026-06-12T19:00:00Z","2026-06-12T20:30:00Z","2026-06-12T20:00:00Z"]' ]
	[ "$(judge "${own/Europe\/Berlin/}" "$show" --owner-schedule)" = \
		'["overran","owner","UTC","2026-06-12T21:00:00Z","2026-06-13T05:00:00Z","2026-06-12T22:00:00Z"]' ]
	[ "$(judge "$own" "$show")" = \
		'["quiet","default","UTC","2026-06-12T18:00:00Z","2026-06-13T08:00:00Z","2026-06-12T19:00:00Z"]' ]
	[ "$(judge "$own | $auto | .cws.fetch.owner.quiet_hours.user_set = false" "$show" --owner-schedule)" = \
		'["overran","autostart","America/New_York","2026-06-12T22:00:00Z","2026-06-13T12:00:00Z","2026-06-12T23:00:00Z"]' ]
	[ "$(judge "$auto | .latest_build.job.completed_at = \"2026-06-12T18:00:00Z\"" .why --owner-schedule)" = \
		'"outside: quiet hours Fri 18:00-Sat 08:00 (zone of its autostart) begin in 2h 31m, grace 1h; local time Fri 15:29 America/New_York"' ]
	for none in . '.autostart_schedule = ""' '.autostart_schedule = null' '.cws = {fetch: {owner: {quiet_hours: null}}}'; do
		[ "$(judge "$none" "$show" --owner-schedule --end 07:00)" = \
			'["quiet","option","UTC","2026-06-12T18:00:00Z","2026-06-13T07:00:00Z","2026-06-12T19:00:00Z"]' ]
	done
}

@test "cws-quiet --owner-schedule lasts eight hours of wall time on the nights clocks change" {
	local own='.cws = {fetch: {owner: {quiet_hours: {raw_schedule: "CRON_TZ=ZONE", user_set: true}}}}'
	local show='[.window_start, .window_end]'

	while read -r NOW zone minute hour want; do
		got=$(judge ".latest_build.job.completed_at = \"2001-01-01T00:00:00Z\" | ${own/ZONE/$zone $minute $hour * * *}" "$show" \
			--owner-schedule)
		[ "$got" = "$want" ] || {
			echo "$NOW $zone: $got"
			return 1
		}
	done <<'EOF'
2026-03-29T00:00:00Z Europe/Berlin 0 22 ["2026-03-28T21:00:00Z","2026-03-29T04:00:00Z"]
2026-10-25T00:00:00Z Europe/Berlin 0 22 ["2026-10-24T20:00:00Z","2026-10-25T05:00:00Z"]
2026-10-25T04:59:59Z Europe/Berlin 0 22 ["2026-10-24T20:00:00Z","2026-10-25T05:00:00Z"]
2026-10-25T05:00:00Z Europe/Berlin 0 22 ["2026-10-25T21:00:00Z","2026-10-26T05:00:00Z"]
2026-03-08T07:00:00Z America/New_York 30 2 ["2026-03-08T07:00:00Z","2026-03-08T14:30:00Z"]
2026-10-03T15:30:00Z Australia/Lord_Howe 15 2 ["2026-10-03T15:30:00Z","2026-10-03T23:15:00Z"]
2026-04-04T15:05:00Z Australia/Lord_Howe 45 1 ["2026-04-04T14:45:00Z","2026-04-04T23:15:00Z"]
2011-12-30T09:59:59Z Pacific/Apia 0 22 ["2011-12-30T08:00:00Z","2011-12-30T10:00:00Z"]
2011-12-30T10:00:00Z Pacific/Apia 0 22 ["2011-12-30T10:00:00Z","2011-12-30T16:00:00Z"]
2026-06-10T12:32:00Z Europe/London 32 13 ["2026-06-10T12:32:00Z","2026-06-10T20:32:00Z"]
EOF
}

@test "cws-quiet gives up where a zone's data cannot be read, and takes none of it for unknown" {
	[ -z "${SAN:-}" ] || skip 'a sanitizer needs descriptors of its own'
	{
		record
		record '.id = "w2" | .autostart_schedule = "CRON_TZ=Europe/London 0 9 * * 1-5"'
		record '.id = "w3"'
	} >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -3 without_descriptors "$BATS_TEST_TMPDIR/in" cws-quiet -qa -N "$NOW" --owner-schedule
	[ "$(jq -r .id <<<"${lines[0]}")" = w1 ]
	[ "${lines[1]}" = "{\"cws\":{\"aborted\":\"cws-quiet: cannot read the data of time zone 'Europe/London': Too many open files\"" ]
	[ "$stderr" = "cws-quiet: <stdin>:2: cannot read the data of time zone 'Europe/London': Too many open files" ]
}

@test "cws-quiet --owner-schedule says unknown where a schedule cannot be used, and stops nothing" {
	local show='[.state, .due, .schedule, .zone, .stop_at, .window_start, .why]'
	local own='.cws = {fetch: {owner: {quiet_hours: {user_set: true, raw_schedule: RAW}}}}'

	[ "$(judge "${own/RAW/\"CRON_TZ=Mars\/Base 0 2 * * *\"}" "$show" --owner-schedule)" = \
		'["unknown",false,"owner","Mars/Base",null,null,"ada'"'"'s own quiet hours name a time zone this machine does not know: Mars/Base"]' ]
	[ "$(judge "${own/RAW/\"0 2 * * 1-5\"}" "$show" --owner-schedule)" = \
		'["unknown",false,"owner",null,null,null,"ada'"'"'s own quiet hours cannot be read: 0 2 * * 1-5"]' ]
	[ "$(judge "${own/RAW/null} | del(.owner_name)" "$show" --owner-schedule)" = \
		'["unknown",false,"owner",null,null,null,"the owner'"'"'s own quiet hours cannot be read: null"]' ]
	[ "$(judge '.autostart_schedule = "CRON_TZ=Mars/Base 0 9 * * 1-5"' "$show" --owner-schedule)" = \
		'["unknown",false,"autostart","Mars/Base",null,null,"its autostart schedule names a time zone this machine does not know: Mars/Base"]' ]
	[ "$(judge '.autostart_schedule = "@daily"' "$show" --owner-schedule)" = \
		'["unknown",false,"autostart",null,null,null,"its autostart schedule cannot be read: @daily"]' ]
	[ "$(judge "${own/RAW/null} | .latest_build |= (.transition = \"stop\" | .status = \"stopped\")" .state --owner-schedule)" = '"inactive"' ]
	run --separate-stderr -1 cws-quiet -qa --owner-schedule < <(record "${own/RAW/7}"; record "${own/RAW/null} | .cws.fetch.owner.quiet_hours.user_set = 1"
		record '.cws = {fetch: {owner: {quiet_hours: "x"}}}'; record '.autostart_schedule = {}')
	[ "$output" = "" ]
	[ "${stderr_lines[0]}" = "cws-quiet: <stdin>:1: '.cws.fetch.owner.quiet_hours.raw_schedule' is not a string" ]
	[ "${stderr_lines[1]}" = "cws-quiet: <stdin>:2: '.cws.fetch.owner.quiet_hours.user_set' is not true or false" ]
	[ "${stderr_lines[2]}" = "cws-quiet: <stdin>:3: '.cws.fetch.owner.quiet_hours' is not an object" ]
	[ "${stderr_lines[3]}" = "cws-quiet: <stdin>:4: '.autostart_schedule' is not a string" ]
	quiet_fails_with 2 '--length: expected whole minutes, got 90s' --length 90s
	run --separate-stderr -2 cws-quiet --length 2d </dev/null
	[[ "$stderr" == "cws-quiet: --length: 2d is out of range: "* ]]
}

@test "cws-quiet --owner-schedule looks a schedule up once, however many records name it" {
	jq -cn 'range(20000) as $i | {id: "w\($i)", name: "dev", owner_name: "o\($i)", latest_build: {transition: "start",
		status: "running", job: {completed_at: "2026-06-11T09:00:00Z"}}, cws: {fetch: {owner: {quiet_hours: {user_set: true,
		raw_schedule: "CRON_TZ=\(["Europe/Berlin", "America/New_York", "Asia/Kolkata"][$i % 3]) \($i % 60) \($i % 24) * * *"}}}}}' \
		>"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-quiet -a -N "$NOW" --owner-schedule <"$BATS_TEST_TMPDIR/in"
	[ "${#lines[@]}" -eq 20000 ]
	one=$(sed -n 12345p "$BATS_TEST_TMPDIR/in" | cws-quiet -qa -N "$NOW" --owner-schedule)
	[ "${lines[12344]}" = "$one" ]
}

@test "cws-quiet --holidays: quiet all day, or open" {
	local show='[.state, .window_start, .window_end]'

	printf '# none of ours\n2026-06-12 # a Friday\n' >"$BATS_TEST_TMPDIR/days"
	NOW=2026-06-12T12:00:00Z
	[ "$(judge . "$show" --holidays "$BATS_TEST_TMPDIR/days")" = '["quiet","2026-06-11T18:00:00Z","2026-06-13T08:00:00Z"]' ]
	[ "$(judge . .why --holidays "$BATS_TEST_TMPDIR/days")" = \
		'"quiet hours Thu 18:00-Sat 08:00 (the default) began 18h ago, grace 1h over; local time Fri 12:00 UTC, a holiday"' ]
	[ "$(judge . "$show" --holidays "$BATS_TEST_TMPDIR/days" --holidays-open)" = \
		'["overran","2026-06-13T18:00:00Z","2026-06-14T08:00:00Z"]' ]
	# in the schedule's own zone, also of an owner's own schedule
	NOW=2026-06-11T12:00:00Z
	[ "$(judge '.cws = {fetch: {owner: {quiet_hours: {user_set: true, raw_schedule: "CRON_TZ=Pacific/Auckland 0 12 * * *"}}}}' \
		"$show" --owner-schedule --length 1h --holidays "$BATS_TEST_TMPDIR/days")" = \
		'["grace","2026-06-11T12:00:00Z","2026-06-12T12:00:00Z"]' ]
}

@test "cws-quiet refuses a file of holidays that is wrong anywhere, before it reads" {
	local f=$BATS_TEST_TMPDIR/days

	printf '2026-12-25\n25.12.2026\n' >"$f"
	quiet_fails_with 2 "$f:2: expected a date such as 2026-12-25" --holidays "$f"
	printf '2026-12-25 2026-12-26\n' >"$f"
	quiet_fails_with 2 "$f:1: expected one date a line" --holidays "$f"
	quiet_fails_with 2 "cannot read '$f.not': No such file or directory" --holidays "$f.not"
	quiet_fails_with 2 "cannot read '$BATS_TEST_TMPDIR': not a file" --holidays "$BATS_TEST_TMPDIR"
	head -c 5000000 /dev/zero | tr '\0' '#' >"$f"
	quiet_fails_with 2 "'$f' is not text of at most 4 MiB" --holidays "$f"
	quiet_fails_with 2 "--holidays-open needs the days: write --holidays FILE too" --holidays-open
	: >"$f"
	quiet_fails_with 2 "--holidays-open: the windows leave no gap in the week, so none begins on a holiday: leave a gap, or leave it out" \
		-w 00:00-12:00 -w 12:00-24:00 --holidays "$f" --holidays-open
}

@test "cws-quiet --holidays, given a calendar, names the command that makes dates of it" {
	local f="$BATS_TEST_TMPDIR/our days.ics" make
	printf 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20250612\r\nSUMMARY:Day\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' >"$f"
	quiet_fails_with 2 "$f: an iCalendar file, where dates are expected: run cws-holidays '$f' >holidays.txt and name holidays.txt" --holidays "$f"
	make=${stderr#*: run } make=${make% and name *}
	cd "$BATS_TEST_TMPDIR" && bash -c "${make/cws-holidays/cws-holidays -qN 2026-06-12T12:00:00Z}"
	NOW=2026-06-12T12:00:00Z
	[ "$(judge . '[.state, .window_start, .window_end]' --holidays holidays.txt)" = '["quiet","2026-06-11T18:00:00Z","2026-06-13T08:00:00Z"]' ]
}

@test "cws-quiet warns once of holidays that are over, or none" {
	local f=$BATS_TEST_TMPDIR/days
	printf '2026-06-12 Friday\n2026-06-11\n' >"$f"
	run --separate-stderr -0 cws-quiet -q -N 2026-06-12T23:59:59Z --holidays "$f" </dev/null
	[ "$stderr" = '' ]
	run --separate-stderr -0 cws-quiet -q -N 2026-06-13T00:00:00Z --holidays "$f" </dev/null
	[ "$stderr" = "cws-quiet: warning: $f: its last day, 2026-06-12, has passed: make it anew" ]
	printf '# none\n\n' >"$f"
	run --separate-stderr -0 cws-quiet -q -N 2026-06-13T00:00:00Z --holidays "$f" </dev/null
	[ "$stderr" = "cws-quiet: warning: $f: no date in it, so no day is a holiday" ]
}

@test "cws-quiet writes the due ones, all, or the states asked for" {
	{ record '.id = "a"'; record '.id = "b" | .latest_build.status = "stopping"'; record '.is_prebuild = true'; } \
		>"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 bash -c 'cws-quiet --start 18:00 -N "$1" <"$2" | jq -r .id' - "$NOW" "$BATS_TEST_TMPDIR/in"
	[ "$output" = "a" ]
	[ "$stderr" = "cws-quiet: 3 in, 1 due, 1 held, 0 bad" ]
	run --separate-stderr -0 bash -c 'cws-quiet -q --all -N "$1" <"$2" | jq -r .id' - "$NOW" "$BATS_TEST_TMPDIR/in"
	[ "$output" = $'a\nb\nw1' ]
	[ "$stderr" = "" ]
	run --separate-stderr -0 bash -c 'cws-quiet -q -s inactive,grace -N "$1" <"$2" | jq -r .id' - "$NOW" \
		"$BATS_TEST_TMPDIR/in"
	[ "$output" = $'b\nw1' ]
}

@test "cws-quiet --status tells a person and a program how it stands" {
	run --separate-stderr -0 cws-quiet --status -N "$NOW" --tz America/New_York </dev/full
	[ "$output" = "quiet now:   no
grace over:  no
next change: 2026-06-12T22:00:00Z, in 2h 31m
because:     outside: quiet hours Fri 18:00-Sat 08:00 (from the command line) begin in 2h 31m, grace 1h; local time Fri 15:29 America/New_York" ]
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
	quiet_fails_with 2 "--end: expected HH:MM from 00:00 to 24:00, got \"8:0\"" --end 8:0
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
	run --separate-stderr -1 bash -c 'set -o pipefail; cws-quiet --start 18:00 -N "$1" <"$2" | jq -r .id; exit "${PIPESTATUS[0]}"' \
		- "$NOW" "$BATS_TEST_TMPDIR/in"
	[ "$output" = $'a\nb' ]
	[[ "${stderr_lines[0]}" == "cws-quiet: <stdin>:2: "* ]]
	[[ "${stderr_lines[1]}" == "cws-quiet: <stdin>:3: '.latest_build.status' "* ]]
	[ "${stderr_lines[2]}" = "cws-quiet: 4 in, 2 due, 0 held, 2 bad" ]
}
