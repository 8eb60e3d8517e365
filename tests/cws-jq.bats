# The words of share/cws/cws.jq, over the recorded deployment and over records made for each.

# shellcheck disable=SC2016 # for jq
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	jq -c '.workspaces[]' "$FIXTURES/world/workspaces.json" >all.ndjson
}

# at INSTANT COMMAND... - as if it were that instant.  The wrapper faketime gives up where /dev/shm has kept the file of a
# process that had its number; its library does without.
at() {
	local library
	library=$(find /usr/lib -name libfaketime.so.1 | head -n 1)
	env FAKETIME_FMT=%s FAKETIME="$(date -d "$1" +%s)" LD_PRELOAD="$library" "${@:2}"
}

# everywhere PROGRAM EXPECTED - in winter, Ramadan and summer, in zones whose clocks change by an hour, half an hour and two hours,
# north and south, and in those whose data call winter (Dublin) or Ramadan (Casablanca) the season that differs.
everywhere() {
	local zone now
	for zone in UTC Europe/Dublin Europe/Berlin Pacific/Auckland Australia/Lord_Howe Africa/Casablanca Antarctica/Troll; do
		for now in 2026-01-15T12:00:10Z 2026-03-01T12:00:10Z 2026-07-15T12:00:10Z; do
			TZ=$zone run -0 at "$now" jq -L "$REPO/share/cws" -nc "include \"cws\"; $1"
			[ "$output" = "$2" ] || {
				echo "TZ=$zone at $now: $output" >&2
				return 1
			}
		done
	done
}

@test "cws.jq reads instants with any offset and fraction, and none from null and year 1" {
	run -0 words '["2026-06-30T15:00:41.123Z", "2026-06-30T17:00:41+02:00", "2026-06-30T10:30:41.5-04:30",
		"0001-01-01T00:00:00Z", null | instant]' -nc
	[ "$output" = "[1782831641,1782831641,1782831641,null,null]" ]
}

@test "cws.jq reads an instant as the same second whatever TZ says" {
	everywhere '["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z", "2026-03-01T12:00:00.999999Z", "2026-07-15t12:00:00.5z",
		"2026-07-15 14:00:00+02:00", "2026-07-15T06:15:00-05:45", "2026-10-25T01:30:00+01:00", "2024-02-29T23:59:60Z",
		"1969-12-31T23:59:59Z", "0001-01-01T00:00:00.0+00:00", "0002-01-01T00:00:00Z", "9999-12-31T23:59:59Z" | instant]' \
		"[1768478400,1784116800,1772366400,1784116800,1784116800,1784116800,1792888200,1709251199,$(
		)-1,null,-62104060800,253402300799]"
}

@test "cws.jq refuses what is no instant, and never makes a number of it" {
	everywhere '[("", "soon", "2026-06-30", "2026-06-30T15:00:41", "2026-06-30T15:00Z", "2026-06-30T15:00:41,5Z",
		"2026-06-30T15:00:41.Z", "2026-06-30T15:00:41+0200", "2026-06-30T15:00:41+24:00", "2026-06-30T15:00:41+02:60",
		"2026-06-30T24:00:00Z", "2026-06-30T15:60:00Z", "2026-06-30T15:00:61Z", "2026-06-31T15:00:41Z", "2026-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z", "2026-00-10T00:00:00Z", "2026-13-10T00:00:00Z", "2026-06-00T00:00:00Z", "0000-01-01T00:00:00Z",
		"0001-02-30T00:00:00Z", "0001-", "12026-06-30T15:00:41Z", "-026-06-30T15:00:41Z", " 2026-06-30T15:00:41Z",
		"2026-06-30T15:00:41Z\n", "2026-06-30T15:00:41Z2026-06-30T15:00:41Z", 1782831641, true, [], {})
		| try instant catch (if startswith("expected an instant such as") then empty else . end)]' '[]'
	for bad in '"soon"' '"2026-06-31T15:00:41Z"' 5; do
		run ! words "{last_used_at: $bad} | idle(\"1h\")" -n
		[[ "$output" == *"expected an instant such as 2026-06-30T15:00:41Z, got ${bad}"* ]]
	done
}

@test "cws.jq: idle and the verdicts are the same in every zone and season" {
	everywhere 'def used(ago): {last_used_at: (now - ago | todate)};
		def here(hours): {last_used_at: ("\(now + hours * 3600 - 60 | todate | .[:19]).25" + (if hours < 0 then "-" else "+" end)
			+ "0\(hours | fabs):00")};
		[(used(0), used(3500), used(3700), here(2), here(-3), {}, {last_used_at: "0001-01-01T00:00:00Z"} | idle("1h")),
			(used(60) | verdict("mine"; idle("1h"); "unused") | due, (.cws.mine.at | instant) == (now | floor)),
			(used(7200) | verdict("mine"; idle("1h"); "unused") | due, kept),
			({owner_name: "ada", name: "dev"} | keep_listed("list"; "ada/dev\n"; "it stays")
				| due, kept, (.cws.list.at | instant) == (now | floor)),
			(["90s", "1h30m", "1w"][] | seconds),
			([{owner_name: "ada", latest_build: {status: "running", transition: "start"}}] | by_owner[0].running)]' \
		'[false,false,true,false,false,true,true,false,true,true,false,false,true,true,90,5400,604800,1]'
}

@test "cws.jq: at_most spares the one used last across a change of clocks" {
	everywhere '[["2026-10-25T00:55:00Z", "2026-10-25T01:05:00Z"], ["2026-04-04T13:55:00Z", "2026-04-04T14:05:00Z"],
		["2026-04-04T14:55:00Z", "2026-04-04T15:05:00Z"], ["2026-02-15T01:55:00Z", "2026-02-15T02:05:00Z"]] | to_entries
		| map("\(.key)" as $owner | .value | to_entries[] | {id: "\($owner)-\(.key)", owner_name: $owner, last_used_at: .value,
			latest_build: {status: "running", transition: "start"}})
		| [at_most(1; "many"; "x") | select(due) | .id]' '["0-0","1-0","2-0","3-0"]'
}

@test "cws.jq: local_time is the wall clock of the zone, in winter and in summer" {
	while IFS=, read -r zone winter ramadan summer; do
		for row in "2026-01-15T12:00:10Z,$winter" "2026-03-01T12:00:10Z,$ramadan" "2026-07-15T12:00:10Z,$summer"; do
			TZ=$zone run -0 at "${row%,*}" jq -L "$REPO/share/cws" -nr "include \"cws\"; local_time(\"$zone\")"
			[ "$output" = "${row#*,}" ]
		done
	done <<-END
		UTC,Thu 12:00,Sun 12:00,Wed 12:00
		Europe/Dublin,Thu 12:00,Sun 12:00,Wed 13:00
		Europe/Berlin,Thu 13:00,Sun 13:00,Wed 14:00
		Pacific/Auckland,Fri 01:00,Mon 01:00,Thu 00:00
		Australia/Lord_Howe,Thu 23:00,Sun 23:00,Wed 22:30
		Africa/Casablanca,Thu 13:00,Sun 12:00,Wed 13:00
		Antarctica/Troll,Thu 12:00,Sun 12:00,Wed 14:00
	END
}

@test "cws.jq reads durations as the command line does, and refuses a bare number" {
	run -0 words '["90s", "1h30m", "2d", "1w" | seconds]' -nc
	[ "$output" = "[90,5400,172800,604800]" ]
	for bad in 5 1.5h 30m1h ""; do
		run ! words "\"$bad\" | seconds" -n
		[[ "$output" == *"expected a duration"* ]]
	done
}

@test "cws.jq: due wants a verdict with at and no keep, as cws-stop does" {
	run -0 words '[due, kept]' -c <<-'END'
		{}
		{"cws":{"a":{"due":true,"at":"2026-01-01T00:00:00Z"}}}
		{"cws":{"a":{"due":true}}}
		{"cws":{"a":{"due":true,"at":"2026-01-01T00:00:00Z"},"b":{"keep":true},"note":"x"}}
	END
	[ "$output" = $'[false,false]\n[true,false]\n[false,false]\n[false,true]' ]
}

@test "cws.jq: a verdict is taken by cws-stop, one that is not boolean is refused" {
	start_fake --shift
	cws-fetch -q -r | words 'verdict("mine"; .owner_name == "tim" and running; "tim is away")' -c |
		cws-stop -q >plan
	[ "$(jq -r 'select(.cws.stop.result == "would-stop") | .owner_name' plan | sort | uniq -c | tr -s ' ')" = " 4 tim" ]
	[ "$(jq -r 'select(.cws.stop.rule == "mine") | .cws.stop.why' plan | sort -u)" = "tim is away" ]
	run ! words 'verdict("mine"; .owner_name; "x")' -c all.ndjson
	[[ "$output" == *"due is string, not boolean"* ]]
	stop_fake
}

@test "cws.jq: a listed workspace is kept against every rule" {
	printf 'ada/ws0-gpu\nalan/ws2-gpu\n' >keep.txt
	words 'keep_listed("list"; $keep; "it stays") | verdict("all"; true; "x")' -c --rawfile keep keep.txt all.ndjson >out
	[ "$(jq -r -L "$REPO/share/cws" 'include "cws"; select(kept) | "\(.owner_name)/\(.name)"' out)" = $'ada/ws0-gpu\nalan/ws2-gpu' ]
	[ "$(jq -c -L "$REPO/share/cws" 'include "cws"; select(due)' out | wc -l)" -eq 86 ]
}

@test "cws.jq: at_most spares those used last, by_owner counts" {
	words 'at_most(1; "many"; "x")' -sc all.ndjson >out
	[ "$(wc -l <out)" -eq 88 ]
	# Of each owner one running workspace is spared, and none was used after it.
	[ "$(jq -s 'group_by(.owner_name) | map(map(select(.latest_build.status == "running")) | select(length > 0)
		| (map(select(.cws.many.due | not)) | length == 1) and
		  (max_by(.last_used_at).cws.many.due | not)) | all' out)" = true ]
	run -0 words 'by_owner[] | select(.owner == "tim")' -sc out
	[ "$output" = '{"owner":"tim","workspaces":4,"running":4,"due":3}' ]
}

@test "cws.jq: idle and local_time" {
	run -0 words '({last_used_at: (now - 3700 | todate)}, {last_used_at: (now - 3500 | todate)}, {}) | idle("1h")' -n
	[ "$output" = $'true\nfalse\ntrue' ]
	TZ=Asia/Kolkata run -0 words 'local_time("Asia/Kolkata")' -nr
	[ "$output" = "$(TZ=Asia/Kolkata date '+%a %H:%M')" ] || [ "$output" = "$(TZ=Asia/Kolkata date -d '1 minute ago' '+%a %H:%M')" ]
	run ! words 'local_time("Europe/Berlin")' -n
	[[ "$output" == *"run jq with TZ=Europe/Berlin"* ]]
}

@test "keep_listed: a line of the list keeps its veto whatever an editor did to it" {
	local line
	for line in 'ada/dev' 'Ada/DEV' 'ada/dev ' $'ada/dev\r' $'\tada/dev \r' $'\xef\xbb\xbfada/dev' '@ada/dev' 'ada/dev.main'; do
		run -0 jq -rn -L "$REPO/share/cws" --arg list "$line"$'\nbob/x\n' 'include "cws";
			{owner_name: "ada", name: "Dev"} | keep_listed("list"; $list; "listed") | .cws.list.keep'
		[ "$output" = true ] || { printf '%q\n' "$line"; false; }
	done
	for line in 'ada/dev2' 'ada' 'dev' '' 'ada/de.v' 'bob/dev'; do
		run -0 jq -rn -L "$REPO/share/cws" --arg list "$line" 'include "cws";
			{owner_name: "ada", name: "dev"} | keep_listed("list"; $list; "listed") | .cws'
		[ "$output" = null ]
	done
}
