# The words of share/cws/cws.jq, over the recorded deployment and over records made for each.

# shellcheck disable=SC2016 # for jq
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	jq -c '.workspaces[]' "$FIXTURES/world/workspaces.json" >all.ndjson
}

# words PROGRAM [jq's options and files]
words() {
	jq -L "$REPO/share/cws" "include \"cws\"; $1" "${@:2}"
}

@test "cws.jq reads instants with any offset and fraction, and none from null and year 1" {
	run -0 words '["2026-06-30T15:00:41.123Z", "2026-06-30T17:00:41+02:00", "2026-06-30T10:30:41.5-04:30",
		"0001-01-01T00:00:00Z", null | instant]' -nc
	[ "$output" = "[1782831641,1782831641,1782831641,null,null]" ]
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
