# cws-stop: which records it acts upon, what it refuses, and that it does so once.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

setup() {
	start_world
}

# "result why" of each record of the last run.
reasons() {
	jq -r '.cws.stop | "\(.result) \(.why)"' <<<"$output"
}

# Run it over what a jq filter makes of dennis' records: status, then reasons.
outcome() {
	local status=$1 filter=$2
	shift 2
	due "$dennis | select(.name == \"ws0-gpu\") | $filter" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr "-$status" cws-stop -x --rate 0 "$@" <"$BATS_TEST_TMPDIR/in"
}

# That record is skipped for this reason, and nothing is sent.
skips() {
	local status=$1 why=$2 filter=$3
	shift 3
	outcome "$status" "$filter" "$@"
	[ "$(reasons)" = "skipped $why" ]
	[ "$(sent)" -eq 0 ]
}

refuses() {
	local why=$1
	shift
	run --separate-stderr -4 cws-stop --rate 0 "$@" <"$BATS_TEST_TMPDIR/in"
	[[ "$stderr" == *"$why: nothing was sent"* ]]
	[ "$(jq -r .cws.stop.result <<<"$output" | sort -u)" = refused ]
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop dry and in earnest name the same set; each is stopped once, and a second run stops nothing" {
	due 'if .owner_name == "ada" then .cws.mine.due = false else . end |
		if .name == "ws2-gpu" then .cws.hold = {keep: true} else . end' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop --max 100 <"$BATS_TEST_TMPDIR/in"
	would=$(jq -r 'select(.cws.stop.result == "would-stop").id' <<<"$output" | sort)
	[ "$(sent)" -eq 0 ]
	[[ "$stderr" == *"dry run: nothing was sent"* ]]

	run --separate-stderr -0 cws-stop -x --rate 0 --max 100 --wait=30s <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r 'select(.cws.stop.result == "stopped").id' <<<"$output" | sort)" = "$would" ]
	[ "$(posts | jq -r 'keys_unsorted[]' | sort)" = "$would" ]
	[ "$(posts | jq -c '[.[]] | unique')" = "[1]" ]
	[ "$(requests POST '*')" -eq "$(wc -l <<<"$would")" ]
	[ "$(jq -r .id <<<"$output")" = "$(jq -r .id "$BATS_TEST_TMPDIR/in")" ]

	run --separate-stderr -0 cws-stop -x --rate 0 --max 100 --wait=30s <"$BATS_TEST_TMPDIR/in"
	[ "$(requests POST '*')" -eq "$(wc -l <<<"$would")" ]
	[ "$(jq -r .cws.stop.result <<<"$output" | sort -u)" = skipped ]
}

@test "cws-stop gives each record every member, and leaves its other bytes alone" {
	due "$dennis" | head -n 1 >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 0 --wait=30s <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -c '.cws.stop | keys_unsorted' <<<"$output")" = '["result","why","rule","run","at","build_id","build_number","http","attempts","took_ms","queue_position","deadline_before","deadline_after","error"]' ]
	jq -e '.cws.stop | .result == "stopped" and .why == "demo account" and .rule == "mine" and .http == 201 and
		.attempts == 1 and (.took_ms | type) == "number" and .error == null and (.run | test("^[0-9a-f]{8}-[0-9a-f]{8}$"))' <<<"$output"
	[ "$(jq -r '.cws.stop.build_number' <<<"$output")" -eq $(($(jq .latest_build.build_number "$BATS_TEST_TMPDIR/in") + 1)) ]
	[ "${output%%,\"cws\":*}" = "$(sed 's/,"cws":.*//' "$BATS_TEST_TMPDIR/in")" ]
	[ "$stderr" = "cws-stop: 1 in, 1 stopped, 0 bad" ]
	[ "$(jq -r 'select(.method == "POST").body' "$FAKE_LOG")" = '{"transition":"stop"}' ]
	run --separate-stderr -0 cws-stop -q <"$BATS_TEST_TMPDIR/in"
	[ "$stderr" = "" ]
}

@test "cws-stop carries out the plan that its dry run wrote" {
	due "$dennis" | cws-stop -q >"$BATS_TEST_TMPDIR/plan"
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/plan"
	[ "$(jq -r .cws.stop.result <<<"$output" | uniq -c)" = "      4 accepted" ]
	[ "$(sent)" -eq 4 ]
}

@test "cws-stop stops what every stage of the pipe calls due" {
	run --separate-stderr -0 bash -c 'set -o pipefail; cws-fetch -q | cws-ttl -qa | cws-quiet -qa --start 00:00 --end 00:00 --grace 0s --min-uptime 0s |
		cws-stop -x --rate 0 --max 100'
	[ "$(posts | jq 'length')" -eq "$(jq -s 'map(select(.cws.stop.result == "accepted")) | length' <<<"$output")" ]
	[ "$(posts | jq 'length')" -gt 50 ]
	[ "$(jq -r 'select(.name == "sf").cws.stop | "\(.result) \(.rule)"' <<<"$output")" = "accepted ttl" ]
	# The second run finds only the one whose stop always fails.
	eventually idle
	run --separate-stderr -1 bash -c 'cws-fetch -q | cws-ttl -q | cws-stop -x --rate 0 --wait=30s'
	[ "$(jq -r '[.name, .cws.stop.result, .cws.stop.why] | @tsv' <<<"$output" | grep -v ^sh)" = \
		"sf	failed	the build was accepted, but its job failed" ]
	[[ "$(jq -r 'select(.name == "sf").cws.stop.error' <<<"$output")" == *"exit status 1"* ]]
}

# The simulated provisioners have nothing left but what hangs.
idle() {
	api GET '/api/v2/workspaces?limit=1000' |
		jq -e '[.workspaces[] | select(.template_name != "stophang") | .latest_build.job.status] |
			all(. != "pending" and . != "running")' >/dev/null
}

@test "cws-stop and cws-start show on a terminal which workspaces they are at" {
	command -v script >/dev/null || skip "no script(1) here"
	on_terminal() { env -u NO_COLOR TERM=xterm script -qec "$1" /dev/null </dev/null; }
	local in=$BATS_TEST_TMPDIR/in out=$BATS_TEST_TMPDIR/out
	due "$dennis" >"$in"
	[[ "$(on_terminal "cws-stop -x --rate 0 --wait=30s <$in >$out")" == *$'\r\033[K'"cws-stop: "[0-3]" of 4 done: dennis/"* ]]
	[ "$(jq -r .cws.stop.result "$out" | sort -u)" = stopped ]
	[[ "$(on_terminal "cws-start -x --rate 0 <$out >$out.start")" == *$'\r\033[K'"cws-start: "[0-3]" of 4 done: dennis/"* ]]
	[[ "$(on_terminal "cws-stop -q <$in >$out")" != *" done"* ]]
	# A name that is none of Coder's moves no cursor, and no line is longer than what can be wiped.
	jq -c '.name = "\u001b[2J" + "x" * 50' "$in" >"$in.foreign"
	on_terminal "cws-stop <$in.foreign >$out" >"$out.shown"
	grep -F 'dennis/?[2Jxxx' "$out.shown"
	run ! grep -F $'\033[2J' "$out.shown"
	[ "$(tr '\r' '\n' <"$out.shown" | sed 's/^\x1b\[K//' | grep ' done' | wc -L)" -le 79 ]
}

@test "cws-stop says so when nothing before it has judged" {
	local hint="cws-stop: warning: no record has a verdict: put cws-ttl or cws-quiet before cws-stop, or use --force"
	run --separate-stderr -0 bash -c 'cws-fetch -q | cws-stop -x'
	[ "$stderr" = "$hint"$'\ncws-stop: 88 in, 88 skipped, 0 bad' ]
	[ "$(sent)" -eq 0 ]
	# One verdict is enough, whatever it says; and so is a choice that needs none.
	due "$dennis"' | if .name == "ws0-gpu" then .cws.mine.due = false else del(.cws) end' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x <"$BATS_TEST_TMPDIR/in"
	[ "$stderr" = "cws-stop: 4 in, 4 skipped, 0 bad" ]
	run --separate-stderr -0 bash -c 'cws-fetch -q | cws-stop --force --max 100'
	[[ "${#stderr_lines[@]}" -eq 1 && "$stderr" == "cws-stop: 88 in, "*" would-stop, "* ]]
	run --separate-stderr -0 bash -c 'cws-fetch -q | cws-stop -q'
	[ "$stderr" = "" ]
	run --separate-stderr -0 cws-stop </dev/null
	[ "$stderr" = "cws-stop: 0 in, 0 bad (dry run: nothing was sent)" ]
}

@test "cws-stop skips what no verdict asks for, what one keeps, and what was judged too long ago" {
	skips 0 "no verdict on it" 'del(.cws)'
	skips 0 "no verdict says due" '.cws.mine.due = false'
	skips 0 "the verdict of mine has no 'at', so it stops nothing" 'del(.cws.mine.at)'
	skips 0 "hold keeps it: on call" '.cws.hold = {keep: true, why: "on call"}'
	# Half a minute or more off the next unit: a busy machine takes seconds.
	skips 4 "the verdict of mine is 2h 30m old, older than --max-age 15m" '.cws.mine.at = (now - 9000 | todate)'
	skips 4 "the verdict of mine is 2h 30m old, older than --max-age 1m" '.cws.mine.at = (now - 9000 | todate)' --max-age 1m
	outcome 4 '.cws.mine.at = (now + 100 | todate)'
	[[ "$(reasons)" == "skipped the verdict of mine lies ahead of this clock: "* ]]
	outcome 4 '.cws.fetch.at = (now - 1000 | todate)'
	[[ "$(reasons)" == "skipped the record is 16m "* ]]
	outcome 4 '.cws.fetch.at = "0001-01-01T00:00:00Z"'
	[[ "$(reasons)" == "skipped the record is "*", older than --max-age 15m" ]]
	outcome 4 '.cws.quiet = (.cws.mine | .state = "quiet" | .window_end = (now - 1 | todate))'
	[[ "$(reasons)" == "skipped its quiet hours ended at "* ]]
	[[ "$stderr" == *"nothing that is due is current"* ]]
	[ "$(jq -r .path "$FAKE_LOG" | sort -u)" = /api/v2/workspaces ] # it asked nothing
}

@test "cws-stop verifies each record just before: build, owner, state and verdict" {
	local id
	id=$(workspace dennis/ws0-gpu)
	skips 0 "it has another owner now" '.owner_id = "00000000-0000-4000-8000-000000000000"'
	skips 0 "it has another build now (number 1; number 7 was judged)" '.latest_build.build_number = 7'
	skips 0 "the record does not say which build, or whose workspace, was judged" 'del(.latest_build.id)'
	skips 0 "its id is no UUID, so it cannot be read again" '.id = "../users/me"'
	skips 0 "its id is no UUID, so it cannot be read again" 'del(.id)'
	skips 0 "its deadline was extended to $(api GET "/api/v2/workspaces/$id" | jq -r '.latest_build.deadline[:19] + "Z"')" \
		'.cws.ttl = (.cws.mine | .state = "expired" | .deadline = "2020-01-01T00:00:00Z")'
	skips 0 "it has a deadline now" '.cws.ttl = (.cws.mine | .state = "unlimited")'
	skips 0 "its deadline was changed" '.cws.ttl = (.cws.mine | .state = "overrun" | .deadline = null)'
	control '{"touch":"dennis/ws0-gpu"}'
	outcome 0 '.cws.quiet = (.cws.mine | .state = "quiet" | .idle_s = 600)'
	[[ "$(reasons)" == "skipped it was used "* ]]
	for wrong in '.idle_s = "20m"' '.idle_s = -1' '.idle_s = 1e300' '.idle_s = 9223372036855' '.window_end = "at eight"' '.window_end = "0001-01-01T00:00:00Z"'; do
		outcome 0 ".cws.quiet = (.cws.mine | .state = \"quiet\" | $wrong)"
		[[ "$(reasons)" == "skipped the verdict of quiet is narrowed by '"*"', which cannot be read" ]]
	done
	outcome 0 '.cws.habit = (.cws.mine | .state = "unlikely" | .unused_s = 600)'
	[[ "$(reasons)" == "skipped it was used "* ]]
	outcome 0 '.cws.habit = (.cws.mine | .state = "unlikely")'
	[ "$(reasons)" = "skipped the verdict does not say for how long it was unused" ]
	outcome 0 '.cws.quiet = (.cws.mine | .state = "quiet" | .idle_s = null) | .cws.habit = (.cws.mine | .state = "unlikely" | .unused_s = 0)' -n
	[ "$(reasons)" = "would-stop demo account" ]
	[ "$(requests GET "/api/v2/workspaces/$id")" -ge 9 ]
}

@test "cws-stop stops one workspace once, whatever the input repeats, and a keep on any copy holds" {
	due "$dennis" >"$BATS_TEST_TMPDIR/once"
	{
		cat "$BATS_TEST_TMPDIR/once" "$BATS_TEST_TMPDIR/once"
		jq -c 'select(.name == "ws1-k8s-go") | .cws.mine = {keep: true}' "$BATS_TEST_TMPDIR/once"
	} >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 0 --max 3 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.name + " " + .cws.stop.result' <<<"$output" | xargs -n 2 | paste -sd,)" = \
		"ws0-gpu accepted,ws1-k8s-go skipped,ws2-gpu accepted,ws3-forever accepted,ws0-gpu skipped,ws1-k8s-go skipped,ws2-gpu skipped,ws3-forever skipped,ws1-k8s-go skipped" ]
	[ "$(reasons | sed -n '5p;6p;9p')" = "skipped an earlier line of the input has the same id
skipped another line of the input keeps it
skipped mine keeps it" ]
	[ "$(posts | jq -c '[.[]]')" = "[1,1,1]" ]
}

@test "cws-stop refuses a run over a bound, with records of another server, or with a clock that is off" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	before=$(wc -l <"$FAKE_LOG")
	refuses "4 workspaces are due, more than 3: look at them first, and if all of them are meant raise --max" --max 3
	refuses "4 workspaces are due, more than 3: look at them first, and if all of them are meant raise --max" --max 3 -x
	refuses "4 workspaces are due, more than 0: look at them first, and if all of them are meant raise --max" --max 0 -x
	jq -c '.cws.fetch.url = "https://other.example.com"' "$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/other"
	mv "$BATS_TEST_TMPDIR/other" "$BATS_TEST_TMPDIR/in"
	refuses "the records come from https://other.example.com, not from $CODER_URL" -x
	jq -c '.cws.fetch.url = ""' "$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/other"
	mv "$BATS_TEST_TMPDIR/other" "$BATS_TEST_TMPDIR/in"
	refuses "the records come from nowhere (an empty URL), not from $CODER_URL" -x
	[ "$(wc -l <"$FAKE_LOG")" -eq "$before" ] # not one request
	outcome 0 '.cws.fetch.url = "'"$CODER_URL"'/"'
	[ "$(reasons)" = "accepted demo account" ]
}

@test "cws-stop says so in one line where the server does not show its clock" {
	stop_fake
	start_world '{"match":{},"every":true,"do":{"headers":{"Date":null}}}'
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -q <"$BATS_TEST_TMPDIR/in"
	[ "$stderr" = "cws-stop: warning: $CODER_URL does not say what time it has: going by this clock alone" ]
}

@test "cws-stop takes no clock from what a cache kept" {
	local off
	for off in -600s 600s; do
		stop_fake
		start_world '{"match":{"path":"/api/v2/users/me"},"every":true,"do":{"date":"'"$off"'","headers":{"Age":"600"}}}'
		due "$dennis" >"$BATS_TEST_TMPDIR/in"
		run --separate-stderr -0 cws-stop -xq --rate 0 <"$BATS_TEST_TMPDIR/in"
		[ "$stderr" = "cws-stop: warning: $CODER_URL does not say what time it has: going by this clock alone" ]
		[ "$(results)" = "4 accepted" ]
	done
}

@test "cws-stop asks the server's clock: off by a minute it warns, by five it refuses" {
	stop_fake
	start_fake --shift --clock-offset 2m
	due "$dennis | .cws.mine.at = (now | todate)" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[[ "$stderr" =~ "warning: this clock is 1"[12][0-9]" s behind the server's" ]]
	stop_fake
	start_fake --shift --clock-offset -6m
	due "$dennis | .cws.mine.at = (now | todate)" >"$BATS_TEST_TMPDIR/in"
	refuses "this clock and the server's are more than 5m apart" -x
	[[ "$stderr" == *"s ahead of the server's"* ]]
	run --separate-stderr -0 cws-stop <"$BATS_TEST_TMPDIR/in"
	[[ "$stderr" == *"warning: this clock is 3"*"would-stop"* ]]
}

@test "cws-stop --force takes what a person chose, within an explicit --max, but nothing that is kept" {
	run --separate-stderr -2 cws-stop -f </dev/null
	[ "$stderr" = "cws-stop: --force needs --max: write how many it may stop at most" ]
	due "$dennis | del(.cws) | if .name == \"ws0-gpu\" then .cws.mine = {keep: true, why: \"mine\"} else . end" >"$BATS_TEST_TMPDIR/in"
	refuses "3 workspaces are due, more than 2: look at them first, and if all of them are meant raise --max" -xf --max 2
	run --separate-stderr -0 cws-stop -xf --max 3 --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons)" = "skipped mine keeps it: mine
accepted chosen by --force
accepted chosen by --force
accepted chosen by --force" ]
}

@test "cws-stop refuses wrong calls before it reads or sends anything" {
	local args text
	while IFS='|' read -r args text; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr -2 cws-stop $args </dev/null
		[ "$output" = "" ]
			[[ "$stderr" == cws-stop:\ $text ]] || {
			echo "$args: $stderr"
			return 1
		}
	done <<-'ROWS'
		-x -N 2026-06-30T15:00:00Z|--now replays and never acts: leave out --now or --execute
		--rate 10|--rate: expected a rate such as 10/m, 2/s, 100/h, or 0 (none), got "10"
		--max-age 15|--max-age: "15" has no unit: write 15m or 15s
		--burst 0|--burst: *
		--jobs 65|--jobs: *
		--wait=5|--wait: "5" has no unit: write 5m or 5s
		--wait=367d|--wait: 367d is out of range: write 0s to 366d
		--url https://coder.example.com/path|*path*
		--soft 29m|--soft: *
		--soft 25h|--soft: *
		--soft 30|--soft: "30" has no unit: write 30m or 30s
		--tries 0|--tries: *
		--tries 51|--tries: *
		--halt 0|--halt: *
		--max-percent 101|--max-percent: *
		--queue x|--queue: *
		--deadline 0s|--deadline: *
		--recover j -x|--recover only looks: leave out --execute, --force, --soft and --now
		--recover j --soft 1h|--recover only looks: *
		--recover j -f --max 1|--recover only looks: *
		--recover j -N 2026-06-30T15:00:00Z|--recover only looks: *
		--recover /nonexistent/j|cannot read '/nonexistent/j': No such file or directory
	ROWS
	[ "$(wc -l <"$FAKE_LOG")" -eq 0 ]
}

@test "cws-stop -N replays without acting, and -n wins over -x" {
	due "$dennis | .cws.mine.at = \"2026-01-01T12:00:00Z\"" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -N 2026-01-01T12:00:05Z <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop | "\(.result) \(.at)"' <<<"$output" | sort -u)" = "would-stop 2026-01-01T12:00:05Z" ]
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x -n <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r .cws.stop.result <<<"$output" | sort -u)" = would-stop ]
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop keeps the rate, and reads a workspace again no earlier than its turn comes" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 30/m -j 4 <"$BATS_TEST_TMPDIR/in"
	# 2 s lie between two stops, and at most 1.5 s between a reading and its stop; a busy server sees one a little late.
	jq -s -e '[.[] | select(.method == "POST").at_ms] | . as $at | length == 4 and
		([range(1; 4) | $at[.] - $at[. - 1]] | all(. >= 1500))' "$FAKE_LOG"
	jq -s -e '[.[] | select(.method == "POST")] as $posts | . as $all | $posts | all(. as $p | ($all |
		map(select(.method == "GET" and (.path + "/builds") == $p.path)) | length == 1 and
		$p.at_ms - .[0].at_ms <= 1500))' "$FAKE_LOG"
}

@test "cws-stop --wait follows each build to its end" {
	control '{"create":{"owner":"dennis","name":"hangs","template":"stophang"}}'
	control '{"create":{"owner":"dennis","name":"fails","template":"stopfail"}}'
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x --rate 0 --wait=6s <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '[.name, .cws.stop.result, .cws.stop.why] | @tsv' <<<"$output")" = \
		"fails	failed	the build was accepted, but its job failed
hangs	accepted	accepted, still building at the end of the wait
ws0-gpu	stopped	demo account
ws1-k8s-go	stopped	demo account
ws2-gpu	stopped	demo account
ws3-forever	stopped	demo account" ]
	[[ "$(jq -r 'select(.name == "fails").cws.stop.error' <<<"$output")" == *"exit status 1"* ]]
	[ "$(requests POST '*')" -eq 6 ]
}

@test "cws-stop lets no build that it follows hold up another stop" {
	for i in 1 2 3 4 5 6; do
		control '{"create":{"owner":"dennis","name":"a'$i'","template":"stophang"}}'
	done
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x -j 1 --rate 0 --wait=4s <"$BATS_TEST_TMPDIR/in"
	[ "$(posts | jq length)" -eq 10 ]
	# With one slot every stop comes before the first look at a build.
	jq -s -e '(map(.method == "POST") | rindex(true)) < (map(.path | startswith("/api/v2/workspacebuilds/")) | index(true))' "$FAKE_LOG"
}

@test "cws-stop leaves alone what somebody else shared with its user, who is no administrator" {
	local id shared
	id=$(workspace dennis/ws0-gpu)
	shared='.shared_with = [{id: "11111111-0000-4000-8000-000000000001", actor_type: "user", roles: ["use"]}]'
	jq -cn --arg path "/api/v2/workspaces/$id" --arg body "$(api GET "/api/v2/workspaces/$id" | jq -c "$shared")" \
		'{match: {method: "GET", path: $path}, every: true, do: {body: $body}}' >"$BATS_TEST_TMPDIR/script"
	due "$dennis | select(.id == \"$id\") | $shared" >"$BATS_TEST_TMPDIR/in"
	stop_fake
	start_world --script "$BATS_TEST_TMPDIR/script"
	CODER_SESSION_TOKEN=$TOKEN_NIKLAUS run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons)" = "skipped it belongs to somebody else, who shared it with this token's user" ]
	[ "$(sent)" -eq 0 ]
	for token in "$TOKEN_OWNER" "$TOKEN_ORGADMIN" "$TOKEN_MEMBER"; do
		CODER_SESSION_TOKEN=$token run --separate-stderr -0 cws-stop -n <"$BATS_TEST_TMPDIR/in"
		[ "$(reasons)" = "would-stop demo account" ]
	done
}

@test "cws-stop takes the least privileged token, and says what a weaker one lacks" {
	CODER_SESSION_TOKEN=$TOKEN_LEAST
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	CODER_SESSION_TOKEN=$TOKEN_READONLY run --separate-stderr -1 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[[ "$(jq -r .cws.stop.error <<<"$output" | sort -u)" == "HTTP 403: You do not have permission to stop this workspace: "* ]]
	[ "$(reasons | sort -u)" = "failed the server refused it: the token needs workspace:stop, and its user a role that allows it" ]
	CODER_SESSION_TOKEN=$TOKEN_READSTOP run --separate-stderr -1 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[[ "$(jq -r .cws.stop.error <<<"$output" | sort -u)" == "HTTP 400: Unable to validate parameters: Failed to fetch workspace owner"* ]]
	[[ "$(reasons | sort -u)" == "failed the server refused it: the token needs user:read, "* ]]
	CODER_SESSION_TOKEN=$TOKEN_NOTEMPLATE run --separate-stderr -1 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[[ "$(reasons | sort -u)" == "failed "*": the token needs template:read, "* ]]
	CODER_SESSION_TOKEN=$TOKEN_LEAST run --separate-stderr -1 cws-stop -x --rate 0 --soft 45m <"$BATS_TEST_TMPDIR/in"
	[[ "$(reasons | grep ^failed | sort -u)" == "failed "*": the token needs workspace:update, "* ]]
	CODER_SESSION_TOKEN=$TOKEN_EXPIRED run --separate-stderr -3 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[[ "$stderr" == *"$CODER_URL: HTTP 401: "*" (the token is that of CODER_SESSION_TOKEN): nothing was sent"* ]]
	[[ "$(reasons | sort -u | head -n 1)" == "skipped $CODER_URL: HTTP 401: "* ]]
	[ "$(posts)" = "{}" ]
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r .cws.stop.result <<<"$output" | uniq -c)" = "      4 accepted" ]
}

@test "cws-stop follows many builds by one request, and says with -v what it asked for" {
	stop_fake
	start_world
	due 'select(.template_name == "k8s-go" or .template_name == "gpu")' | head -n 20 >"$BATS_TEST_TMPDIR/in"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/in")" -eq 20 ]
	run --separate-stderr -0 cws-stop -x -v --rate 0 --wait=60s <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons | sort -u)" = "stopped demo account" ]
	[ "$(requests GET '/api/v2/workspacebuilds/*')" -le 2 ]
	[ "$(requests GET /api/v2/workspaces)" -le 6 ]
	[[ "$stderr" =~ cws-stop:\ [0-9]+\ requests:\ 20\ read,\ 20\ sent,\ 0\ looked\ into,\ [0-9]+\ followed,\ 0\ for\ the\ queue\;\ 2\.[0-9]\ for\ each\ of\ 20 ]]
}

@test "cws-stop follows each build by itself where the list does not show it" {
	local rule
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	# Refused for good, or at each time again; without the rows; and with a newer build than ours.
	for rule in '{"status":403,"body":"{\"message\":\"Forbidden.\"}"}' '{"status":500,"body":"{\"message\":\"Internal error.\"}"}' \
		'{"body":"{\"workspaces\":[],\"count\":4}"}' '{"world":[{"start":"dennis/ws0-gpu"}],"when":"before"}'; do
		stop_fake
		start_world '{"match":{"path":"/api/v2/workspaces","query":"id%3A"},"every":true,"do":'"$rule"'}'
		due "$dennis" >"$BATS_TEST_TMPDIR/in"
		run --separate-stderr -0 cws-stop -x --rate 0 --wait=60s <"$BATS_TEST_TMPDIR/in"
		[ "$(reasons | sort -u)" = "stopped demo account" ]
		[ "$(requests GET '/api/v2/workspacebuilds/*')" -ge 1 ]
		[ "$(requests GET /api/v2/workspaces)" -ge 1 ]
	done
}

@test "cws-stop says of a stop that no provisioner takes what it waits for" {
	control '{"tags":"gpu","are":{"zone":"b"}}'
	due 'select(.name == "ws0-gpu" and .owner_name == "dennis")' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x --rate 0 --wait=5s <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons)" = "accepted accepted, but no provisioner that is live takes its build: it waits for one with the tags of its template" ]
	[[ "$stderr" == *"cws-stop: warning: dennis/ws0-gpu: no provisioner that is live takes its build: it waits for one with the tags of its template"* ]]
}

@test "cws-stop shows the token nowhere" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	printf '%s\n' "$CODER_SESSION_TOKEN" >"$BATS_TEST_TMPDIR/token"
	chmod 600 "$BATS_TEST_TMPDIR/token"
	(
		unset CODER_SESSION_TOKEN
		cws-stop -x -v --rate 60/m --token-file "$BATS_TEST_TMPDIR/token" <"$BATS_TEST_TMPDIR/in" \
			>"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
		pid=$!
		eventually executes "$pid" cws-stop
		tr '\0' '\n' <"/proc/$pid/cmdline" >"$BATS_TEST_TMPDIR/ps"
		wait "$pid"
	)
	[ "$(grep -c accepted "$BATS_TEST_TMPDIR/out")" -ge 4 ]
	grep -q -- --token-file "$BATS_TEST_TMPDIR/ps"
	run ! grep -r "$TOKEN_OWNER" "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/ps"
}

@test "cws-stop stops a start that failed where cws-ttl --failed or a rule of one's own asked for it, and no other" {
	stop_fake
	start_fake
	control '[{"status":"failed","of":"dennis/ws0-gpu"}]'
	cws-fetch -q | jq -c 'select(.owner_name == "dennis" and .name == "ws0-gpu")' >"$BATS_TEST_TMPDIR/failed"
	run --separate-stderr -0 bash -c 'cws-ttl -q --failed | cws-stop -qx --rate 0' <"$BATS_TEST_TMPDIR/failed"
	[ "$(jq -c '[.cws.ttl.state, .cws.stop.result, .cws.stop.rule, .cws.stop.http]' <<<"$output")" = '["failed","accepted","ttl",201]' ]
	[ "$(requests POST '*')" -eq 1 ]
	stop_fake
	start_fake
	control '[{"status":"failed","of":"dennis/ws0-gpu"}]'
	cws-fetch -q | jq -c 'select(.owner_name == "dennis" and .name == "ws0-gpu")' >"$BATS_TEST_TMPDIR/failed"
	# Quiet hours never mean what does not run, whatever somebody wrote into the verdict.
	run --separate-stderr -0 bash -c 'jq -c ".cws.quiet = {due: true, state: \"quiet\", at: .cws.fetch.at}" | cws-stop -qx --rate 0' <"$BATS_TEST_TMPDIR/failed"
	[ "$(jq -r .cws.stop.why <<<"$output")" = "it is not running: its last start failed" ]
	# Since it was judged as running.
	run --separate-stderr -0 bash -c 'jq -c ".latest_build.status = \"running\" | .cws.mine = {due: true, state: \"mine\", at: .cws.fetch.at}" | cws-stop -qx --rate 0' <"$BATS_TEST_TMPDIR/failed"
	[ "$(jq -r .cws.stop.why <<<"$output")" = "its last start failed since it was judged" ]
	[ "$(requests POST '*')" -eq 0 ]
	run --separate-stderr -0 bash -c 'jq -c ".cws.mine = {due: true, state: \"mine\", at: .cws.fetch.at}" | cws-stop -qx --rate 0' <"$BATS_TEST_TMPDIR/failed"
	[ "$(jq -r .cws.stop.result <<<"$output")" = accepted ]
	[ "$(requests POST '*')" -eq 1 ]
}
