# cws-stop when time passes between its look and its request: a slow disk, a slow handshake, a full socket, a machine
# that slept, a server that asks to wait for ever.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2154

load helper

ID=$(workspace dennis/ws0-gpu)
LOOK='"match":{"method":"GET","path":"/api/v2/workspaces/'$ID'"}'

setup() {
	J=$BATS_TEST_TMPDIR/journal
	IN=$BATS_TEST_TMPDIR/in
	export CWS_LATE_SLEPT=$BATS_TEST_TMPDIR/slept
}

# Before a program: late.c before libc.
LATE=(env "LD_PRELOAD=$O/late.so" "ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0")

# One workspace that is due because its deadline passed.
expired() {
	api GET "/api/v2/workspaces/$ID" | jq -c '.cws.ttl = {due: true, state: "expired", deadline: .latest_build.deadline,
		stop_at: null, why: "deadline passed", at: (now | todate)}' >"$IN"
}

slow_handshakes() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout "$BATS_TEST_TMPDIR/key" -out "$BATS_TEST_TMPDIR/pem" 2>/dev/null
	export SSL_CERT_FILE=$BATS_TEST_TMPDIR/pem
	start_world --tls-cert "$BATS_TEST_TMPDIR/pem" --tls-key "$BATS_TEST_TMPDIR/key" "$@"
}

# Of each request that could change something: ms from the end of the last look's answer to its arrival.
gaps() {
	jq -s '. as $all | [.[] | select((.method == "POST" or .method == "PUT") and (.path | test("/workspaces/"))) | . as $p |
		($p.path | split("/")[4]) as $id |
		$p.at_ms - ([$all[] | select(.method == "GET" and .path == "/api/v2/workspaces/" + $id and .at_ms <= $p.at_ms) |
			.at_ms + .took_ms] | max)]' "$FAKE_LOG"
}

told_once() {
	jq -r '.cws.stop | "\(.result) \(.attempts) \(.why)"' <<<"$output"
}

@test "cws-stop looks again after a slow sync, and leaves alone what its owner extended meanwhile" {
	start_world '{'"$LOOK"',"nth":2,"do":{"world":[{"extend":"'"$ID"'","by":"2h"}],"when":"after"}}'
	expired
	CWS_LATE_SYNC=3000 run --separate-stderr -0 "${LATE[@]}" cws-stop -x --rate 0 --journal "$J" <"$IN"
	[[ "$(told_once)" == "skipped 0 its deadline was extended to "* ]]
	[ "$(sent)" -eq 0 ]
	[ "$(jq -r '.outcome.result // .intent' "$J" | xargs)" = "stop skipped" ]
}

@test "cws-stop sends after a slow sync what a second look found unchanged, with one intent" {
	start_world
	expired
	CWS_LATE_SYNC=3000 run --separate-stderr -0 "${LATE[@]}" cws-stop -v -x --rate 0 --journal "$J" <"$IN"
	[ "$(told_once)" = "accepted 1 deadline passed" ]
	[ "$(jq -r '.outcome.result // .intent' "$J" | xargs)" = "stop accepted" ]
	[ "$(requests GET "/api/v2/workspaces/$ID")" -ge 3 ] || { echo "$stderr"; false; }
	gaps | jq -e '. != [] and max <= 1000'
}

@test "cws-stop tells the outcome of an intent to move a deadline that a second look finds moved" {
	local soon
	soon=$(date -u -d '+40 minutes' +%FT%TZ)
	start_world '{'"$LOOK"',"nth":1,"do":{"world":[{"extend":"'"$ID"'","to":"'"$soon"'"}],"when":"after"}}'
	control '{"extend":"'"$ID"'","to":"'"$(date -u -d '+3 hours' +%FT%TZ)"'"}'
	due "$dennis | select(.id == \"$ID\")" >"$IN"
	CWS_LATE_SYNC=3000 run --separate-stderr -0 "${LATE[@]}" cws-stop -x --soft 45m --rate 0 --journal "$J" <"$IN"
	[ "$(told_once)" = "skipped 0 its deadline is no later already: $soon" ]
	[ "$(jq -r '.outcome.result // .intent' "$J" | xargs)" = "soften skipped" ]
	[ "$(jq -c '[.deadline_before, .deadline_after]' "$J" | uniq | wc -l)" -eq 1 ]
	run --separate-stderr -0 cws-stop --recover "$J"
	[ "$output" = "" ]
	[ "$stderr" = "cws-stop: 0 in, 0 bad" ]
}

@test "cws-stop holds a second between look and stop for all, on a disk that takes its time" {
	start_world
	due "$dennis" >"$IN"
	CWS_LATE_SYNC=1200 run --separate-stderr -0 "${LATE[@]}" cws-stop -x --rate 0 --journal "$J" <"$IN"
	# on a machine that is busy for whole seconds one may be left to the next run
	[ "$(told | grep -c -v -e '	accepted	' -e '	skipped	no connection within a second of the look$')" -eq 0 ]
	[ "$(told | grep -c '	accepted	')" -ge 2 ]
	[ "$(jq -r 'select(has("outcome") | not).id' "$J" | sort | uniq -c | awk '{print $1}' | xargs)" = "1 1 1 1" ]
	gaps | jq -e 'length >= 2 and max <= 1000'
}

@test "cws-stop sends nothing once a signal has come, though it came while the disk was slow" {
	start_world
	expired
	CWS_LATE_SYNC=3000 "${LATE[@]}" cws-stop -x --rate 0 --journal "$J" <"$IN" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	eventually [ -e "$J" ]
	eventually lines 1 "$J" # which is written, and not on the disk
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 143 ]
	[ "$(sent)" -eq 0 ]
	[ "$(jq -r '.cws.stop | "\(.result) \(.attempts) \(.why)"' "$BATS_TEST_TMPDIR/out")" = \
		"skipped 0 never sent: the run was ended by a signal" ]
	[ "$(jq -r '.outcome.result // .intent' "$J" | xargs)" = "stop skipped" ]
}

@test "cws-stop stops through handshakes of 8 s, on the connection of its look" {
	slow_handshakes --accept-delay 8s
	expired
	run --separate-stderr -0 timeout 100 cws-stop -x --rate 0 --journal "$J" <"$IN"
	[ "$(told_once)" = "accepted 1 deadline passed" ]
	gaps | jq -e '. != [] and max <= 1000'
	[ "$(jq -r '.outcome.result // .intent' "$J" | xargs)" = "stop accepted" ]
}

@test "cws-stop tells of its deadline that came during a handshake" {
	slow_handshakes --accept-delay 1500ms
	expired
	run --separate-stderr -3 timeout 100 cws-stop -x --rate 0 --deadline 3s --journal "$J" <"$IN"
	output=$(grep -v '"aborted"' <<<"$output")
	[ "$(told_once)" = "skipped 0 never sent: the deadline of the run has passed" ]
	[[ "$stderr" == *"--deadline came before everything was sent"* ]]
	[ "$(jq -r '.outcome.result // .intent' "$J" | xargs)" = "stop skipped" ]
}

@test "cws-stop leaves alone what its owner extended during a handshake" {
	slow_handshakes --accept-delay 3s '{'"$LOOK"',"nth":2,"do":{"world":[{"extend":"'"$ID"'","by":"2h"}],"when":"after"}}'
	expired
	run --separate-stderr -0 timeout 100 cws-stop -x --rate 0 --journal "$J" <"$IN"
	[[ "$(told_once)" == "skipped 0 its deadline was extended to "* ]]
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop gives up on a server that takes no request within a second of its look" {
	slow_handshakes --accept-delay 1500ms '{"match":{"method":"GET"},"every":true,"do":{"headers":{"Connection":"close"}}}'
	expired
	run --separate-stderr -0 timeout 100 cws-stop -x --rate 0 --journal "$J" <"$IN"
	[ "$(told_once)" = "skipped 0 no connection within a second of the look" ]
	[ "$(sent)" -eq 0 ]
	[ "$(requests GET "/api/v2/workspaces/$ID")" -eq 5 ] # one of expired(), the first look, and three more
	[ "$(jq -r '.outcome.result // .intent' "$J" | xargs)" = "stop skipped" ]
}

@test "cws-stop sends once on the connection of its look, though that dies under the request" {
	slow_handshakes --accept-delay 1500ms '{"match":{"method":"POST"},"every":true,"do":{"reset":"before"}}'
	expired
	run --separate-stderr -1 timeout 100 cws-stop -x --rate 0 --journal "$J" <"$IN"
	[[ "$(told_once)" == "unknown 1 the answer was lost and no new build is seen: the stop may still arrive" ]]
	[ "$(requests POST '*/builds')" -eq 1 ]
}

@test "cws-stop sends once what the socket had no room for at first, though its answer is lost" {
	start_world '{"match":{"method":"POST"},"nth":1,"do":{"reset":"before"}}'
	expired
	CWS_LATE_ROOM=1 run --separate-stderr -1 "${LATE[@]}" cws-stop -x --rate 0 --journal "$J" <"$IN"
	[[ "$(told_once)" == "unknown 1 the answer was lost and no new build is seen: the stop may still arrive" ]]
	[ "$(requests POST '*/builds')" -eq 1 ]
}

# asleep SECONDS [OPTION...] - four quiet ones; once the first is stopped, the machine sleeps for so long.  Sets status and output.
asleep() {
	rm -f "$CWS_LATE_SLEPT"
	start_world
	due "$dennis" | jq -c '.cws = {quiet: {due: true, state: "quiet", stop_at: null, why: "quiet hours", at: (now | todate),
		window_end: (now + 14400 | todate)}}' >"$IN"
	"${LATE[@]}" cws-stop -x --rate 2/m "${@:2}" <"$IN" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	eventually came 1 POST '*/builds'
	control '{"clock":"'"$1"'s"}'
	echo "$1" >"$CWS_LATE_SLEPT"
	status=0
	wait "$pid" || status=$?
	output=$(grep -v '"aborted"' "$BATS_TEST_TMPDIR/out")
	stderr=$(cat "$BATS_TEST_TMPDIR/err")
	[ "$(requests POST '*/builds')" -eq 1 ]
}

@test "cws-stop stops nothing in the morning because the machine slept through the night" {
	asleep 28800 --max-age 10h --deadline 1d
	[ "$status" -eq 0 ]
	[ "$(results)" = "1 accepted 3 skipped" ]
	[ "$(told | cut -f 3 | sed 's/ at 20.*//' | sort | uniq -c | xargs)" = "3 its quiet hours ended 1 quiet hours" ]
	[[ "$stderr" == *"the run stood still: the ages of what is left are judged anew"* ]]
}

@test "cws-stop judges ages anew after a standstill" {
	asleep 1200
	[ "$status" -eq 0 ]
	[ "$(results)" = "1 accepted 3 skipped" ]
	[[ "$(told | tail -n 1)" == *"	the verdict of quiet is 20m "*" old, older than --max-age 15m" ]]
}

@test "cws-stop counts the time that the machine slept towards its deadline, and so to that which nobody set" {
	asleep 5400 --max-age 1d --deadline 1h
	[ "$status" -eq 3 ]
	[ "$(results)" = "1 accepted 3 skipped" ]
	[ "$(told | tail -n 1 | cut -f 3)" = "never sent: the deadline of the run has passed" ]
	stop_fake
	asleep 7500 --max-age 1d
	[ "$status" -eq 3 ]
	[ "$(told | tail -n 1 | cut -f 3)" = "never sent: the deadline of the run has passed" ]
}

@test "cws-stop takes the end of quiet hours by the server's clock, not by its own" {
	start_world --clock-offset 2m
	due "$dennis" | head -n 1 | jq -c '.cws = {quiet: {due: true, state: "quiet", stop_at: null, why: "quiet hours", at: (now | todate),
		window_end: (now + 60 | todate)}}' >"$IN"
	run --separate-stderr -0 cws-stop -x --rate 0 <"$IN"
	[[ "$(told | cut -f 3)" == "its quiet hours ended at "* ]]
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop takes the end of a hold by the server's clock too" {
	start_world --clock-offset -2m
	due "$dennis" | head -n 1 >"$IN"
	jq -nc --arg w "$(jq -r '.owner_name + "/" + .name' "$IN")" '{workspace: $w, until: (now - 60 | todate), who: "ada", why: "demo"}' >"$BATS_TEST_TMPDIR/holds"
	run --separate-stderr -0 cws-stop -x --rate 0 --holds "$BATS_TEST_TMPDIR/holds" <"$IN"
	[ "$(results)" = "1 skipped" ]
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop says with -v which deadline it has" {
	start_world
	due "$dennis" >"$IN"
	deadline() {
		run --separate-stderr -0 cws-stop -v -x -n "$@" <"$IN" # a dry run has none
		[[ "$stderr" != *"--deadline is"* ]]
		control '{"reset":true}'
		run --separate-stderr -0 cws-stop -v -x --burst 4 "$@" <"$IN"
		sed -n 's/^cws-stop: --deadline is //p' <<<"$stderr"
	}
	[ "$(deadline)" = 2h ]
	[ "$(deadline --rate 0)" = 2h ]
	[ "$(deadline --rate 0 --wait=30m)" = "2h 30m" ]
	[ "$(deadline --wait=30m)" = 2h ]
	[ "$(deadline --rate 1/h)" = 8h ]
	[ "$(deadline --rate 1/h --wait=30m)" = "8h 30m" ]
	[ "$(deadline --rate 1/h --deadline 1h)" = "" ]
}

@test "cws-stop lets nothing leave in a pause that came during its handshake" {
	slow_handshakes --accept-delay 100ms '{"match":{"method":"POST"},"nth":1,"do":{"status":429,"headers":{"Retry-After":"3"},"body":"x"}}'
	due "$dennis" >"$IN"
	run --separate-stderr -0 timeout 100 cws-stop -x --rate 0 --journal "$J" <"$IN"
	[ "$(results)" = "4 accepted" ]
	[ "$(posts | jq -c '[length, add]')" = "[4,4]" ]
	jq -s -e '[.[] | select(.method == "POST") | .at_ms] | length == 5 and .[1] - .[0] >= 3000' "$FAKE_LOG"
	[ "$(jq -r 'select(has("outcome")).id' "$J" | sort -u | wc -l)" -eq 4 ]
}

@test "cws-stop ends the run where the server asks it to wait for hours" {
	start_world '{"match":{"method":"POST"},"nth":2,"do":{"status":429,"headers":{"Retry-After":"3600"},"body":"x"}}'
	due "$dennis" >"$IN"
	run --separate-stderr -3 timeout 60 cws-stop -x --rate 0 -j 1 --journal "$J" <"$IN"
	output=$(grep -v '"aborted"' <<<"$output")
	[ "$(results)" = "1 accepted 3 skipped" ]
	[ "$(told | tail -n 1 | cut -f 3)" = "never sent: the server asks to wait 1h, longer than 5m" ]
	[[ "$(told | cut -f 3)" == *"not sent again: the server asks to wait 1h, longer than 5m"* ]]
	[[ "$stderr" == *"the run ended early: the server asks to wait 1h, longer than 5m"* ]]
	[[ "$stderr" != *"going on in"* ]]
	[ "$(requests POST '*/builds')" -eq 2 ]
	[ "$(jq -r 'select(has("outcome") | not).id' "$J" | wc -l)" = "$(jq -r 'select(has("outcome")).id' "$J" | wc -l)" ]
}

@test "cws-stop ends the run where a reading meets the same, and before it began" {
	start_world '{"match":{"method":"GET","path":"/api/v2/workspaces/*"},"every":true,"do":{"status":429,"headers":{"Retry-After":"301"},"body":"x"}}'
	due "$dennis" >"$IN"
	run --separate-stderr -3 timeout 60 cws-stop -x --rate 0 <"$IN"
	output=$(grep -v '"aborted"' <<<"$output")
	[ "$(results)" = "4 skipped" ]
	[[ "$(told | cut -f 3 | uniq)" == "never sent: the server asks to wait 5m 1s, longer than 5m" ]]
	stop_fake
	start_world '{"match":{"path":"/api/v2/users/me"},"every":true,"do":{"status":429,"headers":{"Retry-After":"301"},"body":"x"}}'
	run --separate-stderr -3 timeout 60 cws-stop -x --rate 0 <"$IN"
	[[ "$stderr" == *"the server asks to wait 5m 1s, longer than 5m: nothing was sent"* ]]
	control '{"script":[{"match":{"path":"/api/v2/workspaces"},"every":true,"do":{"status":429,"headers":{"Retry-After":"301"},"body":"x"}}]}'
	run --separate-stderr -3 timeout 60 cws-stop -x --rate 0 --max-percent 100 <"$IN"
	[[ "$stderr" == *"the server asks to wait 5m 1s, longer than 5m: nothing was sent"* ]]
	output=$(grep -v '"aborted"' <<<"$output")
	[ "$(results)" = "4 skipped" ]
}

@test "cws-stop ends the run at the sixth 429 in a row" {
	start_world '{"match":{"method":"POST"},"every":true,"do":{"status":429,"headers":{"Retry-After":"1"},"body":"x"}}'
	due "$dennis" >"$IN"
	run --separate-stderr -3 timeout 120 cws-stop -x --rate 0 -j 1 <"$IN"
	output=$(grep -v '"aborted"' <<<"$output")
	[ "$(results)" = "4 skipped" ]
	[ "$(told | cut -f 3 | sed 's/^[^:]*: //' | sort -u)" = "the server's rate limit let nothing through in 6 tries" ]
	[[ "$stderr" == *"the run ended early: the server's rate limit let nothing through in 6 tries"* ]]
	[ "$(requests POST '*/builds')" -eq 6 ]
	head -n 1 "$IN" >"$BATS_TEST_TMPDIR/one"
	control '{"reset":true}'
	run --separate-stderr -3 timeout 120 cws-stop -x --rate 0 --journal "$J" <"$BATS_TEST_TMPDIR/one"
	output=$(grep -v '"aborted"' <<<"$output")
	[ "$(told_once)" = "skipped 6 not sent again: the server's rate limit let nothing through in 6 tries" ]
	[ "$(jq -r '.outcome.result // empty' "$J")" = skipped ]
	control '{"script":[{"match":{"method":"GET","path":"/api/v2/workspaces/*"},"every":true,"do":{"status":429,"headers":{"Retry-After":"1"},"body":"x"}}]}'
	run --separate-stderr -3 timeout 120 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/one"
	output=$(grep -v '"aborted"' <<<"$output")
	[ "$(told_once)" = "skipped 0 never sent: the server's rate limit let nothing through in 6 tries" ]
}

@test "no header makes one request two" {
	start_world '{"match":{"method":"POST"},"nth":1,"do":{"status":417,"body":"<html>"}}'
	due "$dennis" | head -n 1 >"$IN"
	CODER_HEADER='Expect=100-continue' run --separate-stderr -2 timeout 60 cws-stop -x --rate 0 <"$IN"
	[ "$stderr" = "cws-stop: CODER_HEADER: 'Expect' cannot be set" ]
	CODER_HEADER_COMMAND='echo expect=100-continue' run --separate-stderr -2 timeout 60 cws-stop -x --rate 0 <"$IN"
	[ "$(sent)" -eq 0 ]
	run --separate-stderr -1 timeout 60 cws-stop -x --rate 0 <"$IN"
	[[ "$(told_once)" == "unknown 1 "* ]]
	[ "$(requests POST '*/builds')" -eq 1 ]
}

@test "cws-stop takes no cache's word for a look" {
	start_world '{'"$LOOK"',"nth":2,"do":{"headers":{"Age":"3600"}}}'
	expired
	run --separate-stderr -0 cws-stop -x --rate 0 <"$IN"
	[ "$(told_once)" = "accepted 1 deadline passed" ]
	[ "$(jq -r 'select(.path == "/api/v2/workspaces/'"$ID"'" and (.headers["user-agent"] | startswith("cws/"))) |
		.headers["cache-control"]' "$FAKE_LOG" | uniq -c | xargs)" = "2 no-cache" ]
	stop_fake
	start_world '{'"$LOOK"',"from":2,"to":99,"do":{"headers":{"Age":"1"}}}'
	expired
	run --separate-stderr -0 cws-stop -x --rate 0 <"$IN"
	[ "$(told_once)" = "skipped 0 the answer came from a cache, 1s old" ]
	[ "$(requests GET "/api/v2/workspaces/$ID")" -eq 3 ]
	[ "$(sent)" -eq 0 ]
	stop_fake
	start_world '{'"$LOOK"',"from":2,"to":99,"do":{"headers":{"Age":"0"}}}'
	expired
	run --separate-stderr -0 cws-stop -x --rate 0 <"$IN"
	[ "$(told_once)" = "accepted 1 deadline passed" ]
}

@test "cws-stop takes for a look only what no Age of the answer makes doubtful" {
	local ages why
	while IFS='|' read -r ages why; do
		echo "$ages"
		start_world '{'"$LOOK"',"from":2,"to":99,"do":{"headers":{'"$ages"'}}}'
		expired
		run --separate-stderr -0 cws-stop -x --rate 0 <"$IN"
		[ "$(told_once)" = "skipped 0 the answer came from a cache, $why" ]
		[ "$(sent)" -eq 0 ]
		stop_fake
	done <<'END'
"Age":"0","age":"3600"|1h old
"Age":"0, 7"|7s old
"Age":"never"|and its Age cannot be read
"Age":"-1","age":"0"|and its Age cannot be read
END
}

@test "cws-stop looks once more into what its deadline or a signal left unanswered" {
	start_world '{"match":{"method":"POST","path":"*/builds"},"every":true,"do":{"stall":true,"process":true}}'
	expired
	run --separate-stderr -0 timeout 60 cws-stop -x --rate 0 -j 1 --deadline 3s --journal "$J" <"$IN"
	[ "$(told_once)" = "accepted 1 deadline passed" ]
	[ "$(jq -r '.outcome.result // .intent' "$J" | xargs)" = "stop accepted" ]
	control '{"reset":true}'
	expired
	cws-stop -x --rate 0 -j 1 <"$IN" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	eventually came 1 POST '*/builds'
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 143 ]
	[ "$(jq -r '.cws.stop.result' "$BATS_TEST_TMPDIR/out")" = accepted ]
}

@test "cws-stop leaves the intent open where the last look tells nothing" {
	start_world '{"match":{"method":"POST","path":"*/builds"},"every":true,"do":{"stall":true}}'
	expired
	run --separate-stderr -1 timeout 60 cws-stop -x --rate 0 -j 1 --deadline 3s --journal "$J" <"$IN"
	[ "$(told_once)" = "unknown 1 the answer was lost and no new build is seen: the stop may still arrive: ask cws-stop --recover" ]
	[ "$(jq -r 'has("outcome")' "$J")" = false ]
}

# The measure: how long it is from a look to the request that rests on it.
@test "the request leaves within a second of its look, in 200 stops under load" {
	start_fake --shift --clone 6 --build-time 10ms --provisioners 8
	due | head -n 200 >"$IN"
	[ "$(wc -l <"$IN")" -eq 200 ]
	for _ in 1 2 3 4; do
		(while :; do :; done) 3>&- &
		load="${load:-} $!"
	done
	run --separate-stderr cws-stop -v -x --rate 0 -j 5 --max 200 --journal "$J" <"$IN"
	# shellcheck disable=SC2086 # several
	kill $load
	[ "$status" -eq 0 ]
	[ "$(results)" = "200 accepted" ]
	[ "$(posts | jq -c '[length, add]')" = "[200,200]" ]
	sed -n 's/^cws-stop: .*: sent \([0-9]*\) ms after its look$/\1/p' <<<"$stderr" | sort -n >"$BATS_TEST_TMPDIR/gaps"
	awk '{ ms[NR] = $1 } END { printf "# measured: from look to first byte, %d stops beside busy loops: ", NR
		printf "min %d ms, median %d ms, max %d ms\n", ms[1], ms[int((NR + 1) / 2)], ms[NR] }' "$BATS_TEST_TMPDIR/gaps" >&3
	[ "$(wc -l <"$BATS_TEST_TMPDIR/gaps")" -eq 200 ]
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/gaps")" -le 1000 ]
}
