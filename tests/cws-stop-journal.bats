# The journal of cws-stop: what it is about to do is on disk before it does it, and what became of it can be found later.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

setup() {
	J=$BATS_TEST_TMPDIR/journal
	start_world
}

@test "cws-stop writes an intent before each stop, and its outcome after it" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 0 --journal "$J" <"$BATS_TEST_TMPDIR/in"
	[ "$(stat -c %a "$J")" = 600 ]
	[ "$(jq -c keys_unsorted "$J" | sort | uniq -c | sed 's/^ *//')" = \
		'4 ["run","at","intent","id","owner_id","owner_name","name","build_id","build_number","url","outcome"]
4 ["run","at","intent","id","owner_id","owner_name","name","build_id","build_number","url"]' ]
	# The build named is the one that was verified, the outcome the whole of .cws.stop.
	jq -s -e --slurpfile out <(printf '%s\n' "$output") --arg url "$CODER_URL" '
		($out | map({key: .id, value: .}) | from_entries) as $of |
		all(.[]; . as $l | $of[.id] as $w | .url == $url and .intent == "stop" and .owner_name == "dennis" and
			.name == $w.name and .build_id == $w.latest_build.id and .build_number == $w.latest_build.build_number and
			.run == $w.cws.stop.run and (.outcome == null or .outcome == $w.cws.stop))' "$J"
	# Of each the intent comes first.
	jq -s -e 'group_by(.id) | all(.[]; map(has("outcome")) == [false, true])' "$J"
	# A dry run writes none.
	run --separate-stderr -0 cws-stop --journal "$BATS_TEST_TMPDIR/dry" <"$BATS_TEST_TMPDIR/in"
	[ ! -e "$BATS_TEST_TMPDIR/dry" ]
}

@test "cws-stop syncs an intent before its request leaves" {
	strace -o /dev/null true 2>/dev/null || skip "nothing can be traced here"
	[[ "$O" != *address* ]] || skip "a traced program cannot look for leaks"
	due "$dennis" | head -n 2 >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 strace -o "$BATS_TEST_TMPDIR/trace" -e trace=write,fsync,fdatasync,sendto,openat \
		cws-stop -x -j 1 --rate 0 --journal "$J" <"$BATS_TEST_TMPDIR/in"
	fd=$(sed -n "s|^openat(.*\"$J\".* = \([0-9]*\)\$|\1|p" "$BATS_TEST_TMPDIR/trace" | tail -n 1)
	[ -n "$fd" ]
	# As one letter each: the line, its sync, the POST.
	sequence=$(sed -n -e "s|^write($fd, .*|w|p" -e "s|^fsync($fd).*|s|p" -e 's|^sendto([0-9]*, "POST .*|P|p' "$BATS_TEST_TMPDIR/trace" | tr -d '\n')
	[[ "$sequence" =~ ^(s?wsPw)+s*$ ]] || {
		echo "$sequence"
		return 1
	}
}

@test "cws-stop takes its journal from the settings, and appends to what is there" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	jq -n --arg j "$J" '{safety: {journal: $j}}' >"$BATS_TEST_TMPDIR/config.json"
	printf '{"earlier":1}\n{"torn":' >"$J"
	run --separate-stderr -0 cws-stop -x --rate 0 -c "$BATS_TEST_TMPDIR/config.json" <"$BATS_TEST_TMPDIR/in"
	[ "$(head -n 2 "$J")" = '{"earlier":1}
{"torn":' ] # ended, so that nothing is lost with it
	[ "$(tail -n +3 "$J" | jq -s length)" -eq 8 ]
}

@test "cws-stop sends nothing when its journal cannot be opened or written" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	local path
	for path in "$BATS_TEST_TMPDIR/none/journal" "$BATS_TEST_TMPDIR" /dev/full; do
		run --separate-stderr -3 cws-stop -x --rate 0 --journal "$path" <"$BATS_TEST_TMPDIR/in"
		[[ "$stderr" == *"cws-stop: the journal '$path': cannot be "*": "*"not"* || "$stderr" == *"nothing"* ]]
		[ "$(jq -r '.cws.stop.result' <<<"${output%$'\n'*}" | uniq -c | xargs)" = "4 skipped" ]
	done
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop stops stopping when the disk under its journal is full, and says what it had done" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	# A limit on the size of files stands for a full disk: two intents and an outcome fit.
	run --separate-stderr -3 bash -c 'ulimit -f 2; exec cws-stop -x -j 1 --rate 0 --journal "$1" <"$2" | cat' - "$J" "$BATS_TEST_TMPDIR/in" || true
	[ "$(posts | jq length)" -lt 4 ]
	[ "$(jq -r 'select(.cws.stop.result == "accepted").id' <<<"${output%$'\n'*}" | sort)" = "$(posts | jq -r 'keys[]' | sort)" ]
	[[ "$(jq -r 'select(.cws.stop.result == "skipped").cws.stop.why' <<<"${output%$'\n'*}" | sort -u)" == \
		"never sent: the journal can no longer be written" ]]
	[[ "$stderr" == *"the journal '$J': cannot be written: File too large: nothing more is sent"* ]]
}

# An intent as a killed run leaves it.
intent() {
	local of=$1 kind=${2:-stop} more=${3:-.}
	api GET "/api/v2/users/${of%/*}/workspace/${of#*/}" | jq -c --arg url "$CODER_URL" --arg intent "$kind" '
		{run: "0123456789abcdef", at: (now - 60 | todate), intent: $intent, id, owner_name, name, build_id: .latest_build.id,
			build_number: .latest_build.build_number, url: $url} | '"$more"
}

by_us() {
	api POST "/api/v2/workspaces/$(workspace "$1")/builds" -d '{"transition":"'"${2:-stop}"'"}' >/dev/null
}

@test "cws-stop --recover finds what became of each intent without outcome" {
	{
		intent dennis/ws0-gpu
		intent dennis/ws1-k8s-go
		intent dennis/ws2-gpu
		intent dennis/ws3-forever
		intent ada/ws0-gpu
		intent ada/ws1-k8s-go
	} >"$J"
	by_us dennis/ws0-gpu
	control '{"stop":"dennis/ws1-k8s-go"}'
	control '{"delete":"dennis/ws2-gpu"}'
	control '{"start":"dennis/ws3-forever"}'
	control '[{"stop":"ada/ws0-gpu"},{"start":"ada/ws0-gpu"}]'
	sleep 0.3
	run --separate-stderr -0 cws-stop --recover "$J"
	[ "$(jq -r '[.owner_name, .name, .cws.stop.result, .cws.stop.why] | @tsv' <<<"$output")" = \
		"dennis	ws0-gpu	stopped	found by --recover
dennis	ws1-k8s-go	already	somebody else's build came first (build 2, stop)
dennis	ws2-gpu	already	it was deleted meanwhile
dennis	ws3-forever	skipped	somebody else's build came first (build 2, start)
ada	ws0-gpu	skipped	somebody else's build came first (build 5, start)
ada	ws1-k8s-go	skipped	it never arrived: no new build is seen" ]
	[ "$(jq -r .cws.stop.run <<<"$output" | sort -u)" = 0123456789abcdef ]
	[ "$(jq -c 'keys_unsorted' <<<"$output" | sort -u)" = '["id","owner_id","owner_name","name","url","cws"]' ]
	[ "$(sent)" -eq 1 ] # that of by_us
	[ "$stderr" = "cws-stop: 6 in, 1 stopped, 2 already, 3 skipped, 0 bad" ]
	[ "$(wc -l <"$J")" -eq 6 ]
}

@test "cws-stop --recover finds its stop among the builds that came since" {
	intent dennis/ws0-gpu >"$J"
	by_us dennis/ws0-gpu
	sleep 0.2
	control '{"start":"dennis/ws0-gpu"}'
	control '{"stop":"dennis/ws0-gpu"}'
	run --separate-stderr -0 cws-stop --recover "$J"
	[ "$(jq -r '.cws.stop | "\(.result) \(.build_number)"' <<<"$output")" = "stopped 2" ]
}

@test "cws-stop --recover gives one build to one run: the last that asked for it" {
	# The first run was killed before its request left, the second after; then one whose outcome is known.
	{
		intent dennis/ws0-gpu stop '.run = "1111111111111111"'
		intent dennis/ws0-gpu stop '.run = "2222222222222222"'
		intent dennis/ws1-k8s-go
	} >"$J"
	due 'select(.owner_name == "dennis" and .name == "ws1-k8s-go")' | cws-stop -x --wait --journal "$J" >/dev/null
	by_us dennis/ws0-gpu
	run --separate-stderr -0 cws-stop --recover "$J" --journal "$J" --wait
	[ "$(jq -r '.cws.stop | [.run[:4], .result, .why] | join(" ")' <<<"$output")" = \
		"1111 already another run's request made the build that came (build 2, stop)
2222 stopped found by --recover
0123 already another run's request made the build that came (build 2, stop)" ]
	[ "$(jq -r 'select(.outcome.result == "stopped").name' "$J" | xargs)" = "ws1-k8s-go ws0-gpu" ]
}

@test "cws-stop --recover tells a stop that is under way, and follows it with --wait" {
	stop_fake
	start_fake --shift --build-time 2s
	intent dennis/ws0-gpu >"$J"
	by_us dennis/ws0-gpu
	run --separate-stderr -0 cws-stop --recover "$J"
	[ "$(jq -r '.cws.stop | "\(.result) \(.build_number)"' <<<"$output")" = "accepted 2" ]
	run --separate-stderr -0 cws-stop --recover "$J" --wait=20s
	[ "$(jq -r '.cws.stop | "\(.result) \(.build_number)"' <<<"$output")" = "stopped 2" ]
}

@test "cws-stop --recover gives a fresh intent time to arrive before it says that it never did" {
	intent dennis/ws0-gpu stop '.at = (now | todate)' >"$J"
	cws-stop --recover "$J" >"$BATS_TEST_TMPDIR/out" 2>/dev/null 3>&- &
	pid=$!
	eventually came 1 GET '/api/v2/workspaces/*'
	by_us dennis/ws0-gpu # it does arrive
	wait "$pid"
	[ "$(jq -r '.cws.stop | "\(.result) \(.build_number)"' "$BATS_TEST_TMPDIR/out" | sed 's/stopped/accepted/')" = "accepted 2" ]
}

@test "cws-stop --recover knows softened, started and restored ones" {
	local now after before
	before=$(api GET /api/v2/users/dennis/workspace/ws0-gpu | jq -r .latest_build.deadline)
	after=$(date -u -d '+45 minutes' +%FT%TZ)
	{
		intent dennis/ws0-gpu soften ".deadline_before = \"$before\" | .deadline_after = \"$after\""
		intent dennis/ws2-gpu soften ".deadline_before = \"$before\" | .deadline_after = \"$after\""
	} >"$J"
	api PUT "/api/v2/workspaces/$(workspace dennis/ws0-gpu)/extend" -d "{\"deadline\":\"$after\"}" >/dev/null
	control '{"stop":"dennis/ws1-k8s-go"}'
	intent dennis/ws1-k8s-go start >>"$J"
	by_us dennis/ws1-k8s-go start
	sleep 0.2
	run --separate-stderr -1 cws-stop --recover "$J"
	[ "$(jq -r '[.name, .cws.stop.result // .cws.start.result, .cws.stop.why // .cws.start.why] | @tsv' <<<"$output" | sed 's/: 20.*//')" = \
		"ws0-gpu	softened	found by --recover
ws2-gpu	unknown	the answer was lost and its deadline is another now
ws1-k8s-go	started	found by --recover" ]
}

@test "cws-stop --recover passes over settled intents, and with --journal settles the others" {
	{
		intent dennis/ws0-gpu
		intent dennis/ws1-k8s-go
		intent dennis/ws0-gpu stop '.outcome = {result: "accepted"}'
		intent dennis/ws2-gpu # sent again after a 429
		intent dennis/ws2-gpu
		intent dennis/ws2-gpu stop '.run = "another"'
	} >"$J"
	run --separate-stderr -0 cws-stop --recover "$J" --journal "$J"
	[ "$(jq -r '.name + " " + .cws.stop.run' <<<"$output")" = "ws1-k8s-go 0123456789abcdef
ws2-gpu 0123456789abcdef
ws2-gpu another" ]
	[ "$(tail -n 3 "$J" | jq -r '.name + " " + .run + " " + .outcome.result' | sort)" = "ws1-k8s-go 0123456789abcdef skipped
ws2-gpu 0123456789abcdef skipped
ws2-gpu another skipped" ]
	run --separate-stderr -0 cws-stop --recover "$J"
	[ "$output" = "" ]
	[ "$stderr" = "cws-stop: 0 in, 0 bad" ]
}

@test "cws-stop --recover finds what a run did that its deadline ended before the answer came" {
	stop_fake
	start_world '{"match":{"method":"POST","path":"*/builds"},"do":{"stall":true}}'
	due "$dennis" | head -n 1 >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 timeout 60 cws-stop -x --rate 0 --deadline 3s --journal "$J" <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"$output")" = \
		"unknown the answer was lost and no new build is seen: the stop may still arrive: ask cws-stop --recover" ]
	[ "$(jq -r 'has("outcome")' "$J")" = false ]
	by_us "$(jq -r '.owner_name + "/" + .name' "$BATS_TEST_TMPDIR/in")" # it does arrive
	run --separate-stderr -0 cws-stop --recover "$J" --journal "$J"
	[[ "$(jq -r .cws.stop.result <<<"$output")" == @(accepted|stopped) ]]
	[ "$(acts | jq -c '[.[].stop]')" = '[1]' ]
	run --separate-stderr -0 cws-stop --recover "$J"
	[ -z "$output" ]
}

@test "cws-stop --recover reads a damaged journal as far as it goes" {
	{
		echo 'no JSON'
		echo '{"id":"x"}'
		intent dennis/ws0-gpu
		intent dennis/ws1-k8s-go stop 'del(.build_number)'
		intent dennis/ws1-k8s-go stop '.intent = "delete"'
		intent dennis/ws1-k8s-go stop '.id = "../x"'
		intent dennis/ws1-k8s-go stop '.url = "https://other.example.com"'
		intent dennis/ws2-gpu | tr -d '\n' | head -c 80
	} >"$J"
	run --separate-stderr -1 cws-stop --recover "$J"
	[ "$(jq -r '.name + " " + .cws.stop.result' <<<"$output")" = "ws0-gpu skipped" ]
	[ "$(cut -d: -f1-3 <<<"$stderr" | head -n 6)" = "cws-stop: $J:1
cws-stop: $J:2
cws-stop: $J:4
cws-stop: $J:5
cws-stop: $J:6
cws-stop: $J:8" ]
	[[ "$stderr" == *"$J:2: no line of a journal"* ]]
	[[ "$stderr" == *"$J:4: a line of a journal without a usable '.build_number'"* ]]
	[[ "$stderr" == *"$J:8: a torn line: no request followed it"* ]]
	[[ "$stderr" == *"warning: $J: 1 more are open on other servers than $CODER_URL"* ]]
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop --recover passes over a torn line that a later run has ended" {
	{
		intent dennis/ws0-gpu
		printf '{"run":"1","at":"2026-01'
	} >"$J"
	due 'select(.name == "ws1-k8s-go" and .owner_name == "dennis")' | cws-stop -q -x --journal "$J" >/dev/null
	run --separate-stderr -0 cws-stop --recover "$J"
	[[ "$stderr" == *"$J:2: a torn line: no request followed it"* ]]
	[ "$(jq -r .name <<<"$output")" = ws0-gpu ]
}

@test "cws-stop --recover waits for nobody, and says what it cannot know" {
	intent dennis/ws0-gpu >"$J"
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	cws-stop -x --rate 6/m <"$BATS_TEST_TMPDIR/in" >/dev/null 2>&1 3>&- &
	pid=$!
	eventually came 1 POST '*'
	run --separate-stderr -4 cws-stop --recover "$J"
	[ "$output" = "" ]
	[[ "$stderr" == *"another run is at work on this server"* ]]
	kill -KILL "$pid"
	wait "$pid" || true
	CODER_SESSION_TOKEN=$TOKEN_NIKLAUS run --separate-stderr -1 cws-stop --recover "$J"
	[ "$(results)" = "1 unknown" ]
	control '{"script":[{"match":{},"every":true,"do":{"reset":"before"}}]}'
	run --separate-stderr -3 cws-stop --recover "$J" --deadline 1s
	[[ "$output" == '{"cws":{"aborted":"cws-stop: '* ]]
}

# Kill a run of all dennis' and ada's stops after a while; $1: seconds.
@test "cws-stop killed outright loses no stop and sends none twice" {
	local i
	due 'select(.owner_name == "dennis" or .owner_name == "ada")' >"$BATS_TEST_TMPDIR/in"
	for i in 0.02 0.05 0.09; do
		cws-stop -x --rate 100/s --journal "$J" <"$BATS_TEST_TMPDIR/in" >/dev/null 2>&1 3>&- &
		pid=$!
		sleep $i
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" || true
	done
	[ ! -e "$J" ] || cws-stop --recover "$J" --journal "$J" >"$BATS_TEST_TMPDIR/found"
	due 'select(.owner_name == "dennis" or .owner_name == "ada")' >"$BATS_TEST_TMPDIR/rest"
	run --separate-stderr -0 cws-stop -x --rate 0 --journal "$J" <"$BATS_TEST_TMPDIR/rest"
	[ "$(posts | jq length)" -eq "$(wc -l <"$BATS_TEST_TMPDIR/in")" ]
	posts | jq -e 'all(.[]; . == 1)'
	# Each workspace has exactly one outcome that claims its stop.
	[ "$(jq -r 'select(.outcome.result | IN("accepted", "stopped")).id' "$J" | sort)" = "$(posts | jq -r 'keys[]')" ]
}

@test "cws-stop --recover reads forty thousand open intents in a moment, and heeds --deadline" {
	local ended
	stop_fake
	start_world --rate-limit 0
	intent dennis/ws0-gpu >"$BATS_TEST_TMPDIR/one"
	# Of as many runs: each may have been carried out, so each is looked into.
	awk '{ for (i = 0; i < 40000; i++) { sub(/"run":"[0-9a-f]*"/, sprintf("\"run\":\"%016x\"", i)); print } }' \
		"$BATS_TEST_TMPDIR/one" >"$J"
	CODER_URL=http://127.0.0.1:9 run --separate-stderr -0 timeout 60 cws-stop --recover "$J"
	[[ "$stderr" == *"40000 more are open on other servers than http://127.0.0.1:9"* ]]
	ended=$(date +%s)
	run --separate-stderr -3 timeout 60 cws-stop -j 2 --recover "$J" --deadline 2s
	[ $(($(date +%s) - ended)) -lt 30 ] # it would take minutes to ask for them all
	[ "$(requests GET '/api/v2/workspaces/*')" -lt 39000 ]
	# A busy machine has not even met the server by then.
	[[ "$stderr" == *"--deadline came before it answered"* || ("$stderr" == *"--deadline came before everything was looked into"* &&
		"$output" == *'"result":"unknown","why":"the answer was lost, and the run was ended before anybody could look"'*) ]]
	# The reading itself ends with the deadline, where the journal is a pipe that stands still.
	run --separate-stderr -3 bash -c 'sleep 5 | timeout 60 cws-stop --recover /dev/stdin --deadline 1s'
	[[ "$stderr" == *"--deadline came before '/dev/stdin' was read"* ]]
}
