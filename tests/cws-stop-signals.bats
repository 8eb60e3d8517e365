# cws-stop when it is told to end, when nobody takes its results, and when its input is not whole.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

setup() {
	start_fake --shift --clone 2 --build-time 50ms
	due | head -n 50 >"$BATS_TEST_TMPDIR/in"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/in")" -eq 50 ]
}

# Start it in the background, as a shell with job control would; wait until N stops were sent.
start_stop() {
	local n=$1
	shift
	env --default-signal=INT cws-stop -x --rate 20/s "$@" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" \
		2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	eventually came "$n" POST '*'
}

ended_with() {
	local status=0
	wait "$pid" || status=$?
	[ "$status" -eq "$1" ] || {
		echo "ended with $status"
		return 1
	}
}

# A result for each input, in order, and what it says was done is what the server did.
books_kept() {
	[ "$(jq -r .id "$BATS_TEST_TMPDIR/out")" = "$(jq -r .id "$BATS_TEST_TMPDIR/in")" ]
	[ "$(jq -r 'select(.cws.stop.result == "accepted").id' "$BATS_TEST_TMPDIR/out" | sort)" = "$(posts | jq -r 'keys[]')" ]
	posts | jq -e 'all(.[]; . == 1)'
	[ "$(posts | jq length)" -lt 50 ]
}

nothing_was_sent() {
	[ "$(requests POST '*')" -eq 0 ]
}

@test "cws-stop ends by SIGTERM in the middle of 50 stops, with a record for each and no stop after it" {
	start_stop 5
	kill -TERM "$pid"
	at=$(requests POST '*')
	ended_with 143
	books_kept
	[ "$(requests POST '*')" -le $((at + 5)) ] # five may have been on their way
	[ "$(jq -r '.cws.stop.why' "$BATS_TEST_TMPDIR/out" | tail -n 1)" = "never sent: the run was ended by a signal" ]
	sent=$(requests POST '*')
	sleep 0.3
	[ "$(requests POST '*')" -eq "$sent" ]
}

@test "cws-stop ends by SIGINT, and follows no build any further" {
	start_stop 5 --wait
	kill -INT "$pid"
	ended_with 130
	[ "$(jq -r .id "$BATS_TEST_TMPDIR/out")" = "$(jq -r .id "$BATS_TEST_TMPDIR/in")" ]
	[ "$(jq -r 'select(.cws.stop.result | . == "accepted" or . == "stopped").id' "$BATS_TEST_TMPDIR/out" | sort)" = \
		"$(posts | jq -r 'keys[]')" ]
}

@test "cws-stop lets a stop in flight finish, but not for ever" {
	stop_fake
	printf '%s\n' '{"match":{"method":"POST"},"do":{"stall":true,"process":true}}' \
		'{"match":{"method":"POST"},"nth":2,"do":{"delay_ms":1000}}' >"$BATS_TEST_TMPDIR/script"
	start_fake --shift --clone 2 --build-time 50ms --script "$BATS_TEST_TMPDIR/script"
	start_stop 2 -j 2
	kill -TERM "$pid"
	sleep 3 # until the other is answered
	kill -0 "$pid"
	kill -TERM "$pid" # and at once with a second one
	ended_with 143
	# Whichever of the two came first stands still.
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' "$BATS_TEST_TMPDIR/out" | head -n 3 | sort)" = \
		"accepted demo account
skipped never sent: the run was ended by a signal
unknown the run was ended before the answer came" ]
	[ "$(jq -s length "$BATS_TEST_TMPDIR/out")" -eq 50 ]
	[ "$(requests POST '*')" -eq 2 ]
}

@test "cws-stop ends by a signal while it reads, meets the server, or verifies, and has sent nothing" {
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/fifo" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	exec 7>"$BATS_TEST_TMPDIR/fifo"
	head -n 2 "$BATS_TEST_TMPDIR/in" >&7
	eventually sleeps "$pid" cws-stop
	sleep 0.3
	kill -TERM "$pid"
	ended_with 143
	exec 7>&-
	[ "$(jq -r .cws.stop.result "$BATS_TEST_TMPDIR/out" | uniq -c)" = "      2 skipped" ]
	stop_fake

	for path in '/api/v2/users/me' '/api/v2/workspaces/*'; do
		printf '%s\n' '{"match":{"method":"GET","path":"'"$path"'"},"from":1,"to":99,"do":{"stall":true}}' >"$BATS_TEST_TMPDIR/script"
		start_fake --shift --clone 2 --script "$BATS_TEST_TMPDIR/script"
		cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
		pid=$!
		eventually came 1 GET "$path"
		kill -TERM "$pid"
		ended_with 143
		[ "$(jq -r .cws.stop.result "$BATS_TEST_TMPDIR/out" | uniq -c)" = "     50 skipped" ]
		nothing_was_sent
		stop_fake
	done
}

@test "cws-stop ends by a signal though its reader stands still" {
	for _ in {1..8}; do
		cat "$BATS_TEST_TMPDIR/in"
	done | jq -c 'del(.cws) | .filler = "x" * 5000' >"$BATS_TEST_TMPDIR/long" # more than a pipe holds
	mkfifo "$BATS_TEST_TMPDIR/still"
	cws-stop <"$BATS_TEST_TMPDIR/long" >"$BATS_TEST_TMPDIR/still" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	exec 7<"$BATS_TEST_TMPDIR/still"
	sleep 0.5
	kill -0 "$pid"
	kill -TERM "$pid"
	for _ in {1..100}; do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	run ! kill -9 "$pid"
	ended_with 143
	exec 7<&-
}

@test "cws-stop sends nothing more when its reader leaves, and says what it had done" {
	for ignored in "" "trap '' PIPE;"; do
		before=$(requests POST '*')
		run --separate-stderr -0 bash -c "$ignored"'cws-stop -x --rate 1/s <"$1" | head -n 1; [ "${PIPESTATUS[0]}" -eq 3 ]' - \
			"$BATS_TEST_TMPDIR/in"
		[ "$(jq -s length <<<"$output")" -eq 1 ]
		[ "$(requests POST '*')" -lt $((before + 30)) ]
		# Each stop is in the output or in a message: the reader has left when the second record is written.
		said=$(grep -c 'not written: .*: accepted: demo account' <<<"$stderr" || :)
		[ "$(posts | jq length)" -le $((before + said + 1)) ]
		posts | jq -e 'all(.[]; . == 1)'
	done
}

@test "cws-stop in a dry run counts all, though its reader has left" {
	all=$(cws-stop <"$BATS_TEST_TMPDIR/in" 2>&1 >/dev/null)
	[[ "$all" =~ ^"cws-stop: 50 in, "[1-9][0-9]*" would-stop, " ]]
	for reader in "head -n 1" true; do
		run --separate-stderr -0 bash -c 'cws-stop <"$1" | '"$reader"'; [ "${PIPESTATUS[0]}" -eq 3 ]' - "$BATS_TEST_TMPDIR/in"
		[ "${stderr_lines[-1]}" = "$all" ]
	done
	nothing_was_sent
}

@test "cws-stop whose output cannot be written from the start sends nothing" {
	run -3 bash -c 'cws-stop -x --rate 0 <"$1" 2>&1 >&-' - "$BATS_TEST_TMPDIR/in"
	[[ "$output" == *"cws-stop: <stdout>: cannot write: Bad file descriptor"* ]]
	nothing_was_sent
	run -0 bash -c 'cws-stop -x --rate 0 <"$1" 2>/dev/null | true; [ "${PIPESTATUS[0]}" -eq 3 ]' - "$BATS_TEST_TMPDIR/in"
	nothing_was_sent
}

@test "cws-stop on a full disk stops stopping, and says what it had done" {
	run -3 bash -c 'cws-stop -x --rate 20/s <"$1" 2>&1 >/dev/full' - "$BATS_TEST_TMPDIR/in"
	[[ "$output" == *"cws-stop: <stdout>: cannot write: No space left on device"* ]]
	[ "$(grep -c 'not written: .*: accepted: demo account' <<<"$output")" -eq "$(posts | jq length)" ]
	[ "$(requests POST '*')" -le 6 ]
	[[ "$output" =~ "50 in, "[0-9]+" accepted, "[0-9]+" skipped, 0 bad" ]]
	run -3 bash -c 'cws-stop <"$1" 2>&1 >/dev/full' - "$BATS_TEST_TMPDIR/in"
	[[ "$output" == *"<stdout>: cannot write"* ]]
}

# Nothing at all is sent, and each whole record comes out skipped.
refuses_input() {
	local text=$1 n=$2
	run --separate-stderr -3 cws-stop -x --rate 0
	[[ "$stderr" == *"$text"* ]]
	[ "$(grep -c '"result":"skipped"' <<<"$output")" -eq "$n" ]
	[[ "$output" == *'{"cws":{"aborted":"cws-stop: the run could not be finished"' ]]
	nothing_was_sent
}

@test "cws-stop sends nothing when its input is torn, was given up by the program before, or cannot be read" {
	asked=$(wc -l <"$FAKE_LOG")
	refuses_input "<stdin>:50: the input ends in the middle of a record" 49 < <(head -c -9 "$BATS_TEST_TMPDIR/in")
	refuses_input "<stdin>:51: upstream gave up: cws-fetch: no route" 50 \
		< <(cat "$BATS_TEST_TMPDIR/in" - <<<'{"cws":{"aborted":"cws-fetch: no route"' | head -c -1)
	refuses_input "<stdin>:51: upstream gave up: cws-fetch: no route" 50 \
		< <(cat "$BATS_TEST_TMPDIR/in" - <<<'{"cws":{"aborted":"cws-fetch: no route"')
	refuses_input "<stdin>: cannot read: Is a directory" 0 <"$BATS_TEST_TMPDIR"
	run --separate-stderr -3 bash -c 'cws-stop -x <&-'
	[[ "$stderr" == *"<stdin>: cannot read: Bad file descriptor"* ]]
	[ "$(wc -l <"$FAKE_LOG")" -eq "$asked" ]
}

@test "cws-stop passes over bad lines, serves the others, and ends with 1" {
	{
		head -n 1 "$BATS_TEST_TMPDIR/in"
		echo "not JSON"
		printf '{"id":"a\0b"}\n{"id":"\xff"}\n'
		sed -n 2p "$BATS_TEST_TMPDIR/in" | jq -c '.cws.mine.due = "yes"'
		sed -n 2p "$BATS_TEST_TMPDIR/in" | jq -c '.cws.mine.at = 5'
		sed -n 2p "$BATS_TEST_TMPDIR/in" | jq -c '.latest_build.build_number = "7"'
		head -c 17000000 /dev/zero | tr '\0' x
		echo
		sed -n 3p "$BATS_TEST_TMPDIR/in"
	} >"$BATS_TEST_TMPDIR/bad"
	run --separate-stderr -1 cws-stop --rate 0 <"$BATS_TEST_TMPDIR/bad"
	[ "$(jq -r .cws.stop.result <<<"$output" | uniq -c)" = "      2 would-stop" ]
	for line in 2 3 4 5 6 7 8; do
		[[ "$stderr" == *"cws-stop: <stdin>:$line: "* ]]
	done
	[[ "$stderr" == *"cws-stop: 9 in, 2 would-stop, 7 bad (dry run: nothing was sent)" ]]
	# Of those whose workspace nobody can name see copies.bats.
	run --separate-stderr -1 cws-stop -x --rate 0 < <(sed -n '1p;5,7p;9p' "$BATS_TEST_TMPDIR/bad")
	[[ "$stderr" == *"cws-stop: 5 in, 2 accepted, 3 bad" ]]
	[ "$(requests POST '*')" -eq 2 ]
	for _ in {1..13}; do
		sed -n 2p "$BATS_TEST_TMPDIR/in" | jq -c '.cws.mine.due = "yes"'
	done >"$BATS_TEST_TMPDIR/bad"
	run --separate-stderr -1 cws-stop -q <"$BATS_TEST_TMPDIR/bad"
	[ "$(tail -n 1 <<<"$stderr")" = "cws-stop: <stdin>: 3 more bad lines" ]
}

@test "cws-stop with no input does nothing, and asks the server nothing" {
	asked=$(wc -l <"$FAKE_LOG")
	run --separate-stderr -0 cws-stop -x </dev/null
	[ "$output" = "" ]
	[ "$stderr" = "cws-stop: 0 in, 0 bad" ]
	[ "$(wc -l <"$FAKE_LOG")" -eq "$asked" ]
}
