# cws-stop when time passes that nobody meant to: a machine that slept.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2154

load helper

setup() {
	IN=$BATS_TEST_TMPDIR/in
	export CWS_LATE_SLEPT=$BATS_TEST_TMPDIR/slept
}

# Before a program: late.c before libc.
LATE=(env "LD_PRELOAD=$O/late.so" "ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0")

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

@test "cws-stop counts the time that the machine slept towards its deadline" {
	asleep 5400 --max-age 1d --deadline 1h
	[ "$status" -eq 3 ]
	[ "$(results)" = "1 accepted 3 skipped" ]
	[ "$(told | tail -n 1 | cut -f 3)" = "never sent: the deadline of the run has passed" ]
}
