# cws-start: what a run of cws-stop did is taken back, exactly that, and only while nobody has done anything since.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

setup() {
	start_world
}

# Stop dennis' workspaces for good: their records in $BATS_TEST_TMPDIR/stops, the journal beside it.
stopped() {
	due "${1:-$dennis}" >"$BATS_TEST_TMPDIR/in"
	cws-stop -q -x --rate 0 --max 1000 --wait=30s --journal "$BATS_TEST_TMPDIR/journal" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/stops" || [ $? -eq 1 ]
}

starts() {
	requests POST '/api/v2/workspaces/*/builds' '.body | test("\"start\"")'
}

running() {
	api GET '/api/v2/workspaces?q=status:running&limit=1000' | jq -r '.workspaces[].id' | sort
}

@test "cws-start runs again exactly what a run of 100 stops stopped" {
	stop_fake
	start_fake --shift --build-time 20ms --clone 4
	running >"$BATS_TEST_TMPDIR/before"
	due 'select(.template_name | test("stop|start") | not)' | head -n 100 >"$BATS_TEST_TMPDIR/in"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/in")" -eq 100 ]
	# The stops are still on their way when the way back begins.
	cws-stop -q -x --rate 0 --max 100 <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/stops"
	run --separate-stderr -0 cws-start -x --rate 0 --max 100 --wait=60s <"$BATS_TEST_TMPDIR/stops"
	[ "$(results)" = "100 started" ]
	[ "$(jq -r .id <<<"$output")" = "$(jq -r .id "$BATS_TEST_TMPDIR/in")" ]
	[ "$(starts)" -eq 100 ]
	running >"$BATS_TEST_TMPDIR/after"
	cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	run --separate-stderr -0 cws-start -x --rate 0 --max 100 <"$BATS_TEST_TMPDIR/stops"
	[ "$(results)" = "100 already" ]
	[ "$(starts)" -eq 100 ]
}

@test "cws-start does nothing without -x, and names what it would start" {
	stopped
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/stops"
	[ "$(results)" = "4 would-start" ]
	[ "$stderr" = "cws-start: 4 in, 4 would-start, 0 bad (dry run: nothing was sent)" ]
	[ "$(starts)" -eq 0 ]
	run --separate-stderr -0 cws-start -x -n <"$BATS_TEST_TMPDIR/stops"
	[ "$(starts)" -eq 0 ]
	# Its plan is as good as the records.
	run --separate-stderr -0 bash -c 'cws-start -q <"$1" | cws-start -x --rate 0' - "$BATS_TEST_TMPDIR/stops"
	[ "$(results)" = "4 accepted" ]
}

@test "cws-start writes every member of .cws.start, and leaves all other bytes alone" {
	stopped
	head -n 1 "$BATS_TEST_TMPDIR/stops" >"$BATS_TEST_TMPDIR/one"
	run --separate-stderr -0 cws-start -x --rate 0 --wait=20s <"$BATS_TEST_TMPDIR/one"
	[ "$(jq -c '.cws.start | keys_unsorted' <<<"$output")" = '["result","why","rule","run","at","build_id","build_number","http","attempts","took_ms","queue_position","deadline_before","deadline_after","error"]' ]
	[ "$(sed 's/,"start":{[^{}]*}}}$/}}/' <<<"$output")" = "$(cat "$BATS_TEST_TMPDIR/one")" ]
	jq -e '.cws.start | .result == "started" and .http == 201 and .attempts == 1 and .build_number == 3' <<<"$output"
	[ "$(jq -r .cws.start.why <<<"$output")" = "undoes run $(jq -r .cws.stop.run "$BATS_TEST_TMPDIR/one")" ]
	[ "$(jq -r 'select(.method == "POST").body' "$FAKE_LOG" | tail -n 1)" = '{"transition":"start"}' ]
}

@test "cws-start leaves alone what was started, deleted or rebuilt meanwhile, with a sentence" {
	stopped
	control '{"start":"dennis/ws0-gpu"}'
	control '{"delete":"dennis/ws1-k8s-go"}'
	control '[{"start":"dennis/ws2-gpu"},{"stop":"dennis/ws2-gpu"}]'
	run --separate-stderr -0 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/stops"
	[ "$(told | sed 's/undoes run .*/undoes/')" = "ws0-gpu	already	somebody started it already (build 3, start)
ws1-k8s-go	skipped	it was deleted
ws2-gpu	skipped	its latest build is not the stop of that run (build 4, stop)
ws3-forever	accepted	undoes" ]
	[ "$(starts)" -eq 1 ]
	control '{"start":"dennis/ws2-gpu","active":true}'
	run --separate-stderr -0 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/stops"
	# On a busy machine its build has ended before it is looked at.
	[[ "$(told | sed -n 3p)" =~ ^"ws2-gpu	already	"("somebody's start is under way"|"somebody started it already")" (build 5, start)"$ ]]
	[ "$(starts)" -eq 1 ]
}

@test "cws-start knows an owner by name where there is no id, and leaves alone what is nobody's" {
	stopped
	control '{"transfer":"dennis/ws3-forever","to":"ada"}'
	for from in stops journal; do
		jq -c 'select(has("outcome") or has("cws")) | if .name == "ws0-gpu" then del(.owner_id, .owner_name) elif .name == "ws1-k8s-go"
			then .owner_id = null | .owner_name = "" else .owner_id = null end' "$BATS_TEST_TMPDIR/$from" >"$BATS_TEST_TMPDIR/all"
		run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/all"
		[ "$(told | sed 's/undoes run .*/undoes/' | sort)" = "ws0-gpu	skipped	the record does not say whose workspace it was
ws1-k8s-go	skipped	the record does not say whose workspace it was
ws2-gpu	would-start	undoes
ws3-forever	skipped	it has another owner now" ]
	done
}

@test "cws-start takes nothing back that the run did not do" {
	control '{"create":{"owner":"dennis","name":"fails","template":"stopfail"}}'
	stopped
	{
		cat "$BATS_TEST_TMPDIR/stops" # with the one whose stop failed
		jq -c 'select(.name == "ws0-gpu") | del(.cws.stop)' "$BATS_TEST_TMPDIR/stops"
		for word in would-stop already skipped refused unknown; do
			jq -c --arg w "$word" 'select(.name == "ws0-gpu") | .cws.stop.result = $w' "$BATS_TEST_TMPDIR/stops"
		done
		jq -c 'select(.name == "ws0-gpu") | .cws.stop.build_id = null' "$BATS_TEST_TMPDIR/stops"
	} >"$BATS_TEST_TMPDIR/all"
	run --separate-stderr -0 cws-start -n <"$BATS_TEST_TMPDIR/all"
	[ "$(told | sed 's/undoes run .*/undoes/')" = "fails	skipped	its stop failed: what runs there needs a person's eye
ws0-gpu	would-start	undoes
ws1-k8s-go	would-start	undoes
ws2-gpu	would-start	undoes
ws3-forever	would-start	undoes
ws0-gpu	skipped	no stop on it
ws0-gpu	skipped	the run did not stop it: would-stop
ws0-gpu	skipped	the run did not stop it: already
ws0-gpu	skipped	the run did not stop it: skipped
ws0-gpu	skipped	the run did not stop it: refused
ws0-gpu	skipped	nobody knows whether the run stopped it: look at it
ws0-gpu	skipped	the record does not say which build the stop made" ]
}

@test "cws-start starts nothing that was not running when it was stopped, from records and from a journal" {
	control '[{"status":"failed","of":"dennis/ws0-gpu"},{"status":"canceled","of":"dennis/ws1-k8s-go"},
		{"stop":"dennis/ws2-gpu"},{"status":"failed","of":"dennis/ws2-gpu"}]'
	api GET '/api/v2/workspaces?limit=1000' | jq -c '.workspaces[] | '"$dennis"' |
		.cws.mine = {due: true, state: "demo", at: (now | todate)}' >"$BATS_TEST_TMPDIR/in"
	cws-stop -q -x --rate 0 --wait=30s --journal "$BATS_TEST_TMPDIR/journal" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/stops"
	[ "$(jq -r .cws.stop.result "$BATS_TEST_TMPDIR/stops" | uniq -c | xargs)" = "4 stopped" ]
	jq -c 'select(.outcome)' "$BATS_TEST_TMPDIR/journal" >"$BATS_TEST_TMPDIR/outcomes"
	# A record that does not say how its build stood is as good as a journal.
	jq -c '.latest_build.status = "odd"' "$BATS_TEST_TMPDIR/stops" >"$BATS_TEST_TMPDIR/odd"
	for from in stops journal outcomes odd; do
		run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/$from"
		[ "$(told | sed 's/undoes run .*/undoes/' | sort)" = "ws0-gpu	skipped	it was not running when it was stopped: its start had failed
ws1-k8s-go	skipped	it was not running when it was stopped: its start had failed
ws2-gpu	skipped	it was not running when it was stopped: the stop before had failed
ws3-forever	would-start	undoes" ]
	done
	# A record that says so counts for no bound.
	run --separate-stderr -0 cws-start -x --rate 0 --max 1 <"$BATS_TEST_TMPDIR/stops"
	[ "$(results)" = "1 accepted 3 skipped" ]
	[ "$(starts)" -eq 1 ]
}

@test "cws-start from a journal starts nothing where the build before the stop cannot be read" {
	local builds
	stopped "$dennis | select(.name == \"ws0-gpu\" or .name == \"ws1-k8s-go\")"
	builds=/api/v2/workspaces/$(workspace dennis/ws0-gpu)/builds
	control '{"script":[{"match":{"method":"GET","path":"'"$builds"'"},"every":true,"do":{"status":404,"body":"{\"message\":\"m\"}"}}]}'
	run --separate-stderr -1 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/journal"
	[ "$(told | cut -f 1,2 | sort)" = "ws0-gpu	failed
ws1-k8s-go	accepted" ]
	control '{"script":[{"match":{"method":"GET","path":"'"$builds"'"},"every":true,"do":{"body":"[]"}}]}'
	run --separate-stderr -0 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/journal"
	[[ "$(told | sort)" == "ws0-gpu	skipped	nobody knows whether it was running when it was stopped
"* ]]
	[ "$(starts)" -eq 1 ]
}

@test "cws-start leaves a stop that failed after it was accepted to a person" {
	control '{"create":{"owner":"dennis","name":"fails","template":"stopfail"}}'
	due "$dennis | select(.name == \"fails\")" | cws-stop -q -x --rate 0 >"$BATS_TEST_TMPDIR/stops"
	run --separate-stderr -0 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/stops"
	[ "$(told)" = "fails	skipped	its stop failed: what runs there needs a person's eye" ]
	[ "$(starts)" -eq 0 ]
}

@test "cws-start reads the journal of a run, one record for each stop, and hints at what is open" {
	stopped
	head -n 1 "$BATS_TEST_TMPDIR/journal" | jq -c '.run = "killed" | .name = "open"' >>"$BATS_TEST_TMPDIR/journal"
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/journal"
	[ "$(told | sed 's/undoes run .*/undoes/' | sort)" = "open	skipped	the journal does not tell what became of its stop: ask cws-stop --recover
ws0-gpu	would-start	undoes
ws1-k8s-go	would-start	undoes
ws2-gpu	would-start	undoes
ws3-forever	would-start	undoes" ]
	run --separate-stderr -0 cws-start -x --rate 0 --journal "$BATS_TEST_TMPDIR/journal" <"$BATS_TEST_TMPDIR/journal"
	[ "$(results)" = "4 accepted 1 skipped" ]
	# Its own lines in the same journal are no stops.
	[ "$(jq -r 'select(.intent == "start") | .outcome.result // "-"' "$BATS_TEST_TMPDIR/journal" | sort | uniq -c | xargs)" = "4 - 4 accepted" ]
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/journal"
	[ "$(results)" = "4 already 1 skipped" ]
}

@test "cws-start passes over a torn line of a journal, at its end and before" {
	stopped
	printf '{"run":"aaaaaaaa-bbbbbbbb","at":"2026-' >>"$BATS_TEST_TMPDIR/journal"
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/journal"
	[ "$(jq -r .cws.start.result <<<"$output" | sort | uniq -c | xargs)" = "4 would-start" ]
	[[ "$stderr" == *"a torn line of a journal: no request followed it"* ]]
	echo >>"$BATS_TEST_TMPDIR/journal"
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/journal"
	# The abort mark is no such line.
	printf '{"cws":{"aborted":"cws-stop: x"' >>"$BATS_TEST_TMPDIR/journal"
	run --separate-stderr -3 cws-start <"$BATS_TEST_TMPDIR/journal"
}

@test "cws-start takes what --recover found" {
	api GET /api/v2/users/dennis/workspace/ws0-gpu | jq -c --arg url "$CODER_URL" '{run: "0123456789abcdef", at: (now - 60 | todate),
		intent: "stop", id, owner_name, name, build_id: .latest_build.id, build_number: .latest_build.build_number, url: $url}' \
		>"$BATS_TEST_TMPDIR/journal"
	api POST "/api/v2/workspaces/$(workspace dennis/ws0-gpu)/builds" -d '{"transition":"stop"}' >/dev/null
	run --separate-stderr -0 bash -c 'set -o pipefail; cws-stop -q --recover "$1" | cws-start -x --rate 0' - "$BATS_TEST_TMPDIR/journal"
	[ "$(results)" = "1 accepted" ]
}

@test "cws-start --run takes back one run of several, and of several stops the last" {
	stopped
	first=$(jq -r .cws.stop.run "$BATS_TEST_TMPDIR/stops" | head -n 1)
	cp "$BATS_TEST_TMPDIR/stops" "$BATS_TEST_TMPDIR/all"
	control '{"start":"dennis/ws0-gpu"}'
	stopped "$dennis | select(.name == \"ws0-gpu\")"
	cat "$BATS_TEST_TMPDIR/stops" >>"$BATS_TEST_TMPDIR/all"
	run --separate-stderr -0 cws-start --run last <"$BATS_TEST_TMPDIR/all"
	[ "$(jq -r '.cws.start.result' <<<"$output" | xargs)" = "skipped skipped skipped skipped would-start" ]
	[ "$(told | head -n 1)" = "ws0-gpu	skipped	not of the run that was asked for" ]
	run --separate-stderr -0 cws-start --run "$first" <"$BATS_TEST_TMPDIR/all"
	[ "$(jq -r '.cws.start.result' <<<"$output" | xargs)" = "skipped would-start would-start would-start skipped" ]
	[ "$(told | head -n 1)" = "ws0-gpu	skipped	its latest build is not the stop of that run (build 4, stop)" ]
	run --separate-stderr -0 cws-start --run last <"$BATS_TEST_TMPDIR/journal"
	[ "$(results)" = "4 skipped 1 would-start" ]
	run --separate-stderr -0 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/all"
	[ "$(told | sed 's/undoes run .*/undoes/')" = "ws0-gpu	skipped	a later line of the input has the same id
ws1-k8s-go	accepted	undoes
ws2-gpu	accepted	undoes
ws3-forever	accepted	undoes
ws0-gpu	accepted	undoes" ]
	[ "$(starts)" -eq 4 ]
}

@test "cws-start keeps the bounds, the vetoes, the lock and the origin of cws-stop" {
	stopped
	local before why
	before=$(sent)
	refused() {
		why=$1
		shift
		run --separate-stderr -4 cws-start --rate 0 "$@" <"$BATS_TEST_TMPDIR/stops"
		[[ "$stderr" == *"$why: nothing was sent"* ]]
		[ "$(results)" = "4 refused" ]
		[ "$(sent)" -eq "$before" ]
	}
	refused "4 workspaces are due, more than 3: look at them first, and if all of them are meant raise --max" -x --max 3
	refused "4 workspaces of dennis are due, more than 3: look at them first, and if all of them are meant raise --max-per-owner" -x --max-per-owner 3
	refused "4 workspaces are due of the $(running | wc -l) that run, more than 1%: look at them first, and if all of them are meant raise --max-percent" -x --max-percent 1
	(
		exec 9>"$CWS_LOCK_DIR/cws-127.0.0.1-${CODER_URL##*:}.lock"
		flock 9
		refused "another run is at work on this server (it holds '$CWS_LOCK_DIR/cws-127.0.0.1-${CODER_URL##*:}.lock')" -x
	)
	jq -c '.cws.fetch.url = "https://other.example.com"' "$BATS_TEST_TMPDIR/stops" >"$BATS_TEST_TMPDIR/other"
	run --separate-stderr -4 cws-start -x <"$BATS_TEST_TMPDIR/other"
	[[ "$stderr" == *"the records come from https://other.example.com, not from $CODER_URL: nothing was sent"* ]]
	sed "s|\"url\":\"[^\"]*\"|\"url\":\"https://other.example.com\"|" "$BATS_TEST_TMPDIR/journal" >"$BATS_TEST_TMPDIR/other"
	run --separate-stderr -4 cws-start -x <"$BATS_TEST_TMPDIR/other"
	[ "$(sent)" -eq "$before" ]
	run --separate-stderr -0 cws-start --exclude-user dennis <"$BATS_TEST_TMPDIR/stops"
	[ "$(results)" = "4 skipped" ]
	jq -c '.cws.mine = {keep: (.name == "ws0-gpu")}' "$BATS_TEST_TMPDIR/stops" >"$BATS_TEST_TMPDIR/kept"
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/kept"
	[ "$(told | head -n 1)" = "ws0-gpu	skipped	mine keeps it as it is" ]
	[ "$(results)" = "1 skipped 3 would-start" ]
}

@test "cws-start takes its bounds from the settings" {
	stopped
	echo '{"safety":{"max_stops":3}}' >"$BATS_TEST_TMPDIR/config.json"
	run --separate-stderr -4 cws-start -x -c "$BATS_TEST_TMPDIR/config.json" <"$BATS_TEST_TMPDIR/stops"
	[[ "$stderr" == *"4 workspaces are due, more than 3: look at them first, and if all of them are meant raise --max: nothing was sent"* ]]
	run --separate-stderr -0 cws-start -x --rate 0 --max 4 -c "$BATS_TEST_TMPDIR/config.json" <"$BATS_TEST_TMPDIR/stops"
	[ "$(results)" = "4 accepted" ]
	echo '{"dry_run":true}' >"$BATS_TEST_TMPDIR/config.json"
	run --separate-stderr -0 cws-start -x -c "$BATS_TEST_TMPDIR/config.json" <"$BATS_TEST_TMPDIR/stops"
	[[ "$stderr" == *"warning: dry_run is true in $BATS_TEST_TMPDIR/config.json, so --execute sends nothing"* ]]
}

@test "cws-start says what became of a start that the server refused, or whose answer was lost" {
	local do want
	stopped
	cp "$BATS_TEST_TMPDIR/stops" "$BATS_TEST_TMPDIR/all"
	while IFS='|' read -r do want; do
		stop_fake
		printf '{"match":{"method":"POST"},"nth":2,"do":%s}\n' "$do" >"$BATS_TEST_TMPDIR/script"
		start_world --script "$BATS_TEST_TMPDIR/script"
		stopped "$dennis | select(.name == \"ws0-gpu\")"
		run --separate-stderr cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/stops"
		[[ "$status $(jq -r '.cws.start | "\(.result) \(.http) \(.attempts) \(.why)"' <<<"${lines[0]}")" == $want ]] || {
			echo "$do: $status $output"
			return 1
		}
		[ "$(requests POST '*' .processed)" -le 2 ]
	done <<-'ROWS'
		{"status":403,"body":"{\"message\":\"insert workspace build\",\"detail\":\"cannot use non-active version\"}"}|1 failed 403 1 the server refused it
		{"reset":"after"}|0 accepted null 1 undoes run *
		{"process":true,"status":504,"body":"<html>"}|0 accepted 504 1 undoes run *
		{"reset":"before"}|1 unknown null 1 the answer was lost and no new build is seen: the start may still arrive
		{"status":429,"body":"{\"message\":\"slow down\"}"}|0 accepted 201 2 undoes run *
		{"world":[{"start":"dennis/ws0-gpu","active":true}]}|0 already 409 1 a start is under way or done (build 3, start)
		{"world":[{"stop":"dennis/ws0-gpu","active":true}]}|0 skipped 409 1 another build is in the way (build 3, stop)
		{"world":[{"delete":"dennis/ws0-gpu"}]}|0 skipped 409 1 it was deleted meanwhile
		{"status":401,"body":"{\"message\":\"You are signed out.\"}"}|3 failed 401 1 the server refused it, and would refuse all others
		{"reset":"before","world":[{"start":"dennis/ws0-gpu"}]}|0 already null 1 somebody else's build came first (build 3, start)
	ROWS
}

@test "cws-start sends nothing when its input is torn or was given up, and passes over bad lines" {
	stopped
	before=$(sent)
	{
		head -n 2 "$BATS_TEST_TMPDIR/stops"
		sed -n 3p "$BATS_TEST_TMPDIR/stops" | head -c 100
	} >"$BATS_TEST_TMPDIR/torn"
	run --separate-stderr -3 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/torn"
	[ "$(jq -r '.cws.start.result' <<<"${output%$'\n'*}" | xargs)" = "skipped skipped" ]
	[[ "${lines[-1]}" == '{"cws":{"aborted":"cws-start: '* ]]
	run --separate-stderr -3 bash -c '{ cat "$1"; printf "{\"cws\":{\"aborted\":\"cws-stop: x\""; } | cws-start -x' - "$BATS_TEST_TMPDIR/stops"
	[[ "$stderr" == *"upstream gave up: cws-stop: x"* ]]
	[ "$(sent)" -eq "$before" ]
	{
		head -n 2 "$BATS_TEST_TMPDIR/stops"
		echo '["no record"]'
		echo '{"id":"00000000-0000-4000-8000-000000000000","intent":"stop"}'
		echo '{"id":"00000000-0000-4000-8000-000000000000","name":7}'
		tail -n 2 "$BATS_TEST_TMPDIR/stops"
	} >"$BATS_TEST_TMPDIR/bad"
	run --separate-stderr -1 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/bad"
	[ "$(results)" = "4 accepted" ]
	[[ "$stderr" == *"cws-start: <stdin>:3: "*"cws-start: <stdin>:4: a line of a journal without a usable '.run'"*"cws-start: <stdin>:5: '.name' is not a string"* ]]
}

@test "cws-start ends by a signal with its books kept, and with 3 when its reader leaves or its disk is full" {
	stopped
	before=$(sent)
	env --default-signal=INT cws-start -x --rate 10/m <"$BATS_TEST_TMPDIR/stops" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	eventually came 1 POST '/api/v2/workspaces/*/builds' '.body | test("\"start\"")'
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 130 ]
	[ "$(jq -r .cws.start.result "$BATS_TEST_TMPDIR/out" | xargs)" = "accepted skipped skipped skipped" ]
	[ "$(starts)" -eq 1 ]
	run --separate-stderr -3 bash -c 'cws-start -x --rate 0 <"$1" >/dev/full' - "$BATS_TEST_TMPDIR/stops"
	[[ "$stderr" == *"cws-start: <stdout>: cannot write: No space left on device"* ]]
	run --separate-stderr -3 bash -c 'cws-start -x --rate 0 <"$1" >&-' - "$BATS_TEST_TMPDIR/stops"
	run --separate-stderr -3 bash -c 'cws-start -x <&-'
	[[ "$stderr" == *"cws-start: <stdin>: cannot read: "* ]]
	run --separate-stderr -3 bash -c 'cws-start -x </'
	[[ "$stderr" == *"cws-start: <stdin>: cannot read: "* ]]
}

@test "cws-start with no input does nothing, and asks the server nothing" {
	run --separate-stderr -0 cws-start -x </dev/null
	[ "$output" = "" ]
	[ "$stderr" = "cws-start: 0 in, 0 bad" ]
	[ ! -s "$FAKE_LOG" ]
	run --separate-stderr -2 cws-start --now 2026-06-30T15:00:00Z </dev/null
	run --separate-stderr -2 cws-start operand </dev/null
	[ ! -s "$FAKE_LOG" ]
}

@test "cws-start says which scope a start lacks" {
	stopped
	CODER_SESSION_TOKEN=$TOKEN_LEAST run --separate-stderr -1 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/stops"
	[ "$(jq -r .cws.start.why <<<"$output" | sort -u)" = \
		"the server refused it: the token needs workspace:start, and its user a role that allows it" ]
}

@test "cws-start from a journal counts workspaces, and leaves one alone that has another owner by now" {
	stopped
	control '{"transfer":"dennis/ws0-gpu","to":"alan"}'
	[ "$(wc -l <"$BATS_TEST_TMPDIR/journal")" -eq 8 ]
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/journal"
	[ "$stderr" = "cws-start: 4 in, 3 would-start, 1 skipped, 0 bad (dry run: nothing was sent)" ]
	[ "$(jq -r 'select(.cws.start.result == "skipped").cws.start.why' <<<"$output")" = "it has another owner now" ]
}

@test "cws-start restores a deadline with its fraction, from records and from a journal" {
	local id before from
	due 'select(.owner_name == "dennis" and .latest_build.deadline != null)' | head -n 1 >"$BATS_TEST_TMPDIR/in"
	id=$(jq -r .id "$BATS_TEST_TMPDIR/in")
	before=$(date -u -d '+3 hours' +%Y-%m-%dT%H:%M:%S).220914Z
	for from in records journal; do
		rm -f "$BATS_TEST_TMPDIR/journal"
		api PUT "/api/v2/workspaces/$id/extend" -d '{"deadline":"'"$before"'"}' >/dev/null
		cws-stop -q -x --rate 0 --soft 45m --journal "$BATS_TEST_TMPDIR/journal" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/records"
		[ "$(jq -r .cws.stop.result "$BATS_TEST_TMPDIR/records")" = softened ]
		[ "$(api GET "/api/v2/workspaces/$id" | jq -r .latest_build.deadline)" != "$before" ]
		run --separate-stderr -0 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/$from"
		[ "$(jq -r .cws.start.result <<<"$output")" = restored ]
		[ "$(api GET "/api/v2/workspaces/$id" | jq -r .latest_build.deadline)" = "$before" ]
	done
}
