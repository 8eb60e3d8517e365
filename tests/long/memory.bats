# What programs that hold their input take of memory: what they need of each record; the lines go into a file.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2089,SC2090,SC2154 # the members are JSON, not words

load ../helper

LINES_HELD=80000 # of 3 KB, so 240 MB

setup() {
	memory=200000 # KiB
	[[ $O != *address* ]] || memory=unlimited # a sanitizer maps terabytes
	export memory
	export CODER_URL=http://127.0.0.1:9 CODER_SESSION_TOKEN=$TOKEN_OWNER TMPDIR=$BATS_TEST_TMPDIR/spool
	mkdir "$TMPDIR"
}

# many MEMBER [N] - so many running workspaces with this member of cws; AT in it is now.
many() {
	local at
	at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	awk -v n="${2:-$LINES_HELD}" -v member="${1//AT/$at}" 'BEGIN {
		pad = sprintf("%2500s", "")
		gsub(/ /, "x", pad)
		for (i = 0; i < n; i++)
			printf "{\"id\":\"%08x-0000-4000-8000-000000000001\",\"owner_id\":\"%08x-0000-4000-8000-000000000002\"," \
				"\"owner_name\":\"user%d\",\"name\":\"ws%d\",\"latest_build\":{\"id\":\"%08x-0000-4000-8000-000000000003\"," \
				"\"build_number\":3,\"transition\":\"start\",\"status\":\"running\",\"job\":{\"status\":\"succeeded\"}}," \
				"\"pad\":\"%s\",\"cws\":{%s}}\n", i, i % 5000, i % 5000, i, i, pad, member
	}'
}

due='"ttl":{"due":true,"state":"expired","stop_at":"AT","why":"deadline passed 1h 29m ago (ttl 8h)","at":"AT"}'
stopped='"stop":{"result":"accepted","run":"0123456789abcdef","build_id":"00000000-0000-4000-8000-000000000009","build_number":4}'
export due stopped
export -f many
export LINES_HELD

# Each record came out once, in its place, and no file stays.
in_order() {
	[ "$output" = "$LINES_HELD$1" ] || {
		echo "$output"
		return 1
	}
	[ "$(ls -A "$TMPDIR")" = "" ]
}

# How many records, and what all of them say, in the order they came in.
count='
	index($0, sprintf("{\"id\":\"%08x-", n)) != 1 { bad = "out of order at " n }
	{ n++ }
	match($0, /"result":"[a-z]*","why":"[0-9a-z ]*/) { said[substr($0, RSTART, RLENGTH)] }
	END { printf "%d", n; for (s in said) printf " %s", s; print bad }'
export count

@test "cws-stop refuses eighty thousand records in little memory" {
	run --separate-stderr -4 bash -o pipefail -c 'many "$due" | (ulimit -v "$memory"; exec cws-stop --max 10) | awk "$count"'
	in_order " \"result\":\"refused\",\"why\":\"$LINES_HELD workspaces are due"
	[[ "$stderr" == *"cws-stop: $LINES_HELD in, $LINES_HELD refused, 0 bad"* ]]
}

@test "cws-start refuses eighty thousand records in little memory" {
	run --separate-stderr -4 bash -o pipefail -c 'many "$stopped" | (ulimit -v "$memory"; exec cws-start --max 10) | awk "$count"'
	in_order " \"result\":\"refused\",\"why\":\"$LINES_HELD workspaces are due"
}

@test "cws-autostop --sort sorts eighty thousand records in little memory" {
	run --separate-stderr -0 bash -o pipefail -c 'many "$due" | (ulimit -v "$memory"; exec cws-autostop --sort) | awk "$count"'
	in_order ''
	# Out of the file too, what comes last goes first.
	run --separate-stderr -0 bash -o pipefail -c '{ many "\"mine\":null" 40000; many "$due" 1 | sed s/ws0/first/; } |
		cws-autostop --sort | sed -n "1{s/.*\"name\":\"//;s/\".*//;p}"'
	[ "$output" = first ]
}

@test "programs that hold their input end where it finds no room, and send nothing" {
	local program
	for program in 'cws-stop --max 10' 'cws-start --max 10' 'cws-autostop --sort'; do
		run --separate-stderr -3 bash -o pipefail -c 'many "$due" 20000 | TMPDIR=/nonexistent '"$program"' | tail -n 1'
		[[ "$stderr" == *": <stdin>:"*": the temporary file for the held lines: cannot be made: No such file or directory"* ]]
		[[ "$output" == '{"cws":{"aborted":"'* ]]
		# A limit on the size of files is a full disk.
		run --separate-stderr -3 bash -o pipefail -c 'many "$due" 20000 | (ulimit -f 1000; '"$program"') | tail -n 1'
		[[ "$stderr" == *": <stdin>:"*": the temporary file for the held lines: cannot be written: File too large"* ]]
		[[ "$output" == '{"cws":{"aborted":"'* ]]
		[ "$(ls -A "$TMPDIR")" = "" ]
	done
}

# spoiled PROGRAM... - what it spooled can no longer be read back once there is anything in the file spoil.
spoiled() {
	CWS_LATE_LOST=$spoil run -3 bash -c 'exec "$@" 2>"$0"' "$BATS_TEST_TMPDIR/err" env LD_PRELOAD="$O/late.so" \
		ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" "$@" <"$BATS_TEST_TMPDIR/in"
	stderr=$(cat "$BATS_TEST_TMPDIR/err")
	[ "$(grep -c '^cws-stop: the temporary file for the held lines: cannot be read: Input/output error$' <<<"$stderr")" -eq 1 ]
	[[ "$output" == *'{"cws":{"aborted":"cws-stop: the run could not be finished"' ]]
}

@test "cws-stop says what it has done where the records of it cannot be read back" {
	local told
	start_world '{"match":{"method":"POST"},"every":true,"do":{"delay_ms":2000}}'
	{
		due "$dennis"
		many '"mine":{"due":false}' 15000
	} >"$BATS_TEST_TMPDIR/in"
	spoil=$BATS_TEST_TMPDIR/spoil
	(eventually came 1 POST '*/builds' && echo spoilt >"$spoil") 3>&- &
	spoiled cws-stop -x --rate 0 --journal "$BATS_TEST_TMPDIR/journal"
	# One may still lie in what was read last.
	told=$(sed -n 's/^cws-stop: not written: \(.*\): accepted: demo account$/\1/p' <<<"$stderr")
	[ -n "$told" ]
	posts | jq -e 'all(.[]; . == 1)'
	[ "$({ echo "$told"; sed '$d' <<<"$output" | jq -r 'select(.cws.stop.result == "accepted").id'; } | sort)" = "$(posts | jq -r 'keys[]')" ]
	[ "$(jq -r 'select(.outcome.result == "accepted").id' "$BATS_TEST_TMPDIR/journal" | sort)" = "$(posts | jq -r 'keys[]')" ]
}

@test "cws-stop sends nothing where what it judged cannot be read back" {
	start_world
	# The names and reasons alone are more than is held in memory; most that is due stands in the midst of them.
	due "$dennis" | awk -v n=100000 'BEGIN { x = sprintf("%60s", ""); gsub(/ /, "x", x) }
		{ print }
		NR == 1 || NR == 4 { for (i = 0; i < n / 2; i++) printf "{\"id\":\"%08x-0000-4000-8000-00000000000%d\",\"owner_name\":\"%s\"," \
			"\"name\":\"%s\",\"cws\":{\"mine\":{\"keep\":true,\"why\":\"%s\"}}}\n", i, NR, x, x, x x x x }' >"$BATS_TEST_TMPDIR/in"
	spoil=$BATS_TEST_TMPDIR/err # -v says something when all is judged
	spoiled cws-stop -v -x --rate 0
	[[ "$stderr" == *"cws-stop: the input cannot be read back: nothing was sent"* ]]
	[ "$(grep -c '"user-agent":"cws/' "$FAKE_LOG")" -eq 0 ]
}
