# records: what goes through our programs comes out as it went in, but for cws.
#
# shellcheck shell=bash disable=SC2016,SC2086,SC2094,SC2154 # a program with its options is words

load helper

NOW=2026-11-23T03:02:21Z

setup() {
	IN=$BATS_TEST_TMPDIR/in
	OUT=$BATS_TEST_TMPDIR/out
	jq -c '.workspaces[]' "$FIXTURES/world/workspaces.json" >"$IN"
}

judge() { cws-ttl -qa -N "$NOW" | cws-quiet -qa -N "$NOW"; }

# Output without cws is the input without it; other programs' members of cws are the same too.
same_outside() {
	cmp <(jq -c 'del(.cws)' "$1") <(jq -c 'del(.cws)' "$2")
	cmp <(jq -c '.cws // {} | del(.ttl, .quiet)' "$1") <(jq -c '.cws // {} | del(.ttl, .quiet)' "$2")
}

@test "a record keeps its bytes outside cws" {
	judge <"$IN" >"$OUT"
	[ "$(wc -l <"$OUT")" -eq 88 ]
	same_outside "$IN" "$OUT"
	# No recorded workspace has a cws: what stands before it is the input's line, to the byte.
	cmp <(sed 's/}$//' "$IN") <(sed 's/,"cws":{"ttl":{.*$//' "$OUT")
}

@test "cws is as good in any place" {
	judge <"$IN" >"$OUT"
	for filter in '{cws} + .' '{cws} + {a: 1} + .' 'to_entries | (.[:9] + [{key: "cws", value: .[-1].value}] + .[9:-1]) | from_entries' \
		'. + {last: 1}' '.'; do
		jq -c "$filter" "$OUT" >"$IN"
		judge <"$IN" >"$IN.out"
		same_outside "$IN" "$IN.out"
		[ "$(jq -r 'keys_unsorted[-1]' "$IN.out" | sort -u)" = cws ]
		cmp <(jq -c .cws "$OUT") <(jq -c .cws "$IN.out")
	done
	# jq -S moves every member.
	jq -cS . "$OUT" | judge >"$IN.out"
	cmp <(jq -cS . "$OUT") <(jq -cS . "$IN.out")
}

@test "a stage replaces its own member of cws where it stands, and no other" {
	echo '{"id":"a","cws":{"fetch":{"at":"2026-11-23T03:00:00Z"},"ttl":{"due":true,"old":1},"mine":{"due":false,"n":1.0}}}' >"$IN"
	cws-ttl -qa -N "$NOW" <"$IN" >"$OUT"
	[ "$(jq -c '.cws | keys_unsorted' "$OUT")" = '["fetch","ttl","mine"]' ]
	[[ "$(cat "$OUT")" == '{"id":"a","cws":{"fetch":{"at":"2026-11-23T03:00:00Z"},"ttl":{"due":false,"state":"unknown",'*'},"mine":{"due":false,"n":1.0}}}' ]]
}

@test "two passes at one instant change no byte" {
	judge <"$IN" >"$OUT"
	judge <"$OUT" | cmp - "$OUT"
	jq -cS . "$OUT" | judge >"$IN"
	judge <"$IN" | cmp - "$IN"
}

@test "numbers, escapes, blanks and unknown members survive to the byte" {
	while IFS= read -r line; do
		printf '%s\n' "$line" >"$IN"
		judge <"$IN" >"$OUT"
		# Everything up to the last brace is a prefix of what comes out.
		head=${line%\}*}
		[[ "$(cat "$OUT")" == "$head"*'"cws":{"ttl":{'*'}}}' ]] || {
			echo "$line"
			cat "$OUT"
			return 1
		}
	done <<'END'
{"id":"a","n":9007199254740993}
{"id":"a","n":12345678901234567890123456789012345678901234567890}
{"id":"a","n":-9007199254740993,"m":[1.0,1E3,1e+3,-0,0.10,1e400,1.7976931348623157e309]}
{"id":"a","s":"\/\u00e9é\ud83d\ude00😀\u0000"}
{"id":"a","a":{"x":1,"x":2}}
{ "id" : "a" ,  "b":[ 1 , 2,3 ],"c":{ }}
{"":1,"cw":2,"cwss":3,"CWS":4,"x":{"cws":5}}
END
}

@test "a key in disguise is the key" {
	printf '%s\n' '{"\u0063ws":{"mine":{"n":1}},"id":"a","latest\u005fbuild":{"st\u0061tus":"running","transition":"start"}}' >"$IN"
	cws-ttl -qa -N "$NOW" <"$IN" >"$OUT"
	[[ "$(cat "$OUT")" == '{"id":"a","latest\u005fbuild":{"st\u0061tus":"running","transition":"start"},"cws":{"mine":{"n":1},"ttl":{"due":false,"state":"unlimited",'* ]]
	printf '%s\n' '{"cws":{"x":1},"c\u0077s":{}}' '{"latest_build":{},"latest_buil\u0064":{}}' '{"cws":{"ttl":{},"tt\u006c":{}}}' \
		'{"latest_build":{"status":"running","s\u0074atus":"stopped"}}' >"$IN"
	run --separate-stderr -1 cws-ttl -qa <"$IN"
	[ "$output" = "" ]
	[ "${#stderr_lines[@]}" -eq 4 ]
	[[ "${stderr_lines[3]}" == "cws-ttl: <stdin>:4: two members named "* ]]
}

@test "lines may end as on Windows, begin with a byte order mark, and be blank" {
	printf '\357\273\277{"id":"a"}\r\n\n \t\n\r\n{"id":"b"}\r\n' >"$IN"
	run --separate-stderr -0 cws-ttl -a -N "$NOW" <"$IN"
	[ "$(jq -r .id <<<"$output" | paste -sd' ')" = "a b" ]
	[[ "$output" != *$'\r'* && "$output" != $'\357'* ]]
	[ "$stderr" = "cws-ttl: 2 in, 0 due, 0 held, 0 bad" ]
}

@test "a record of 15 MiB goes through" {
	{
		printf '{"id":"big","x":"'
		head -c $((15 * 1024 * 1024)) /dev/zero | tr '\0' x
		printf '"}\n{"id":"small"}\n'
	} >"$IN"
	run --separate-stderr -0 bash -c 'set -o pipefail; cws-ttl -qa <"$1" | jq -r "[.id, (.x | length)] | @tsv"' - "$IN"
	[ "$output" = "big	15728640
small	0" ]
}

@test "what is packed, a whole reply or an array, is refused by whoever reads records, with the way to unpack it" {
	local world=$FIXTURES/world/workspaces.json program laid
	jq -c . "$world" >"$IN.reply"
	jq -c .workspaces "$world" >"$IN.array"
	export CODER_URL=http://127.0.0.1:9 CODER_SESSION_TOKEN=$TOKEN_OWNER # nothing is asked of it
	for program in cws-ttl 'cws-quiet --start 18:00' cws-autostop cws-stop cws-start cws-report; do
		echo "$program"
		run --separate-stderr -1 $program <"$IN.reply"
		[ "${stderr_lines[0]}" = "${program%% *}: <stdin>:1: a whole API reply, not a record: unpack it with jq -c '.workspaces[]'" ]
		[[ "$output" != *'"id":'* ]]
		run --separate-stderr -1 $program <"$IN.array"
		[ "${stderr_lines[0]}" = "${program%% *}: <stdin>:1: an array, not a record: unpack it with jq -c '.[]'" ]
		# With no newline behind it, as printf writes it, no upstream has died.
		run --separate-stderr -1 $program < <(printf %s "$(cat "$IN.array")")
		[[ "${stderr_lines[0]}" == *"an array, not a record: "* ]]
	done
	# Laid out over many lines, by jq or by a person, the first line says what it can.
	jq . "$world" >"$IN.laid"
	(echo '{"count": 88, "workspaces": [' && jq -c '.workspaces[] + {x: 1}' "$world" | sed '$!s/$/,/' && echo ']}') >"$IN.rows"
	(echo '{"workspaces":' && cat "$IN.array" && echo '}') >"$IN.name"
	for program in cws-ttl cws-stop cws-report; do
		run --separate-stderr -1 $program <"$IN.laid"
		[[ "${stderr_lines[0]}" == "$program: <stdin>:1: is this NDJSON, one object a line (a whole API reply: jq -c '.workspaces[]', else jq -c .)?: "* ]]
		for laid in rows name; do
			run --separate-stderr -1 $program <"$IN.$laid"
			[ "${stderr_lines[0]}" = "$program: <stdin>:1: a whole API reply, not a record: unpack it with jq -c '.workspaces[]'" ]
		done
	done
	# A record that is cut where its line ends is none of those.
	run --separate-stderr -1 cws-ttl <<<'{"id":"x","workspaces":['
	[[ "${stderr_lines[0]}" == "cws-ttl: <stdin>:1: is this NDJSON, one object a line (jq -c .)?: "* ]]
	run --separate-stderr -3 cws-ttl < <(printf '{"workspaces":[')
	# The advice is right.
	[ "$(jq -c '.workspaces[]' "$IN.laid" | judge | wc -l)" -eq 88 ]
	[ "$(jq -c '.workspaces[]' "$IN.reply" | judge | wc -l)" -eq 88 ]
	[ "$(jq -c '.[]' "$IN.array" | judge | wc -l)" -eq 88 ]
}

# One running workspace with each instant, then each number, at the ends of what can be written.
extremes() {
	head -n 40 "$IN" | jq -c 'select(.latest_build.status == "running")' | head -n 1 | jq -c '
		. as $w
		| ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59.999999-23:59") as $at
		| (["last_used_at"], ["created_at"], ["next_start_at"], ["latest_build", "deadline"], ["latest_build", "max_deadline"],
			["latest_build", "created_at"], ["latest_build", "job", "completed_at"]) as $path
		| $w | setpath($path; $at)
			| .cws.mine = {due: true, state: "quiet", stop_at: $at, why: "", at: $at, window_end: $at, idle_s: 9007199254740991}
			| .cws.ttl = {due: true, state: "expired", stop_at: $at, at: $at, in_s: -9007199254740991, deadline: $at}
			| .cws.stop = {result: "softened", run: "0", at: $at, deadline_before: $at, deadline_after: $at, build_id: .latest_build.id}'
	head -n 40 "$IN" | jq -c '
		select(.latest_build.status == "running")
		| .id as $id | .latest_build.id as $build
		| (9007199254740991, -9007199254740991) as $n
		| .ttl_ms = $n | .latest_build.build_number = $n
		| .cws.fetch = {at: "2026-11-23T03:02:21Z", scheduling: true, template: {default_ttl_ms: $n, activity_bump_ms: $n,
			failure_ttl_ms: $n, time_til_dormant_ms: $n, allow_user_autostop: true}}'
}

# Most of what this finds a sanitizer says: make SAN=address,undefined tests
@test "instants and numbers at the ends of what can be written overflow nothing, whenever now is" {
	local now way
	extremes >"$OUT"
	export CODER_URL=http://127.0.0.1:9 CODER_SESSION_TOKEN=$TOKEN_OWNER
	for now in 0001-01-01T00:00:00Z 1969-12-31T23:59:59.5Z 9999-12-31T23:59:59-14:00 "$NOW"; do
		for way in 'cws-ttl -a --grace 3650000d --soon 3650000d --unlimited 3650000d' 'cws-ttl -a --overrun --unlimited 1s' \
			'cws-quiet -a --tz Pacific/Apia --idle 1s --overran --grace 100000d' 'cws-quiet -a --owner-schedule --min-uptime 3650000d' \
			'cws-autostop --sort --within 3650000d' 'cws-report -f json' 'cws-report -f html'; do
			for file in "$IN" "$OUT"; do
				echo "$way $now $file"
				run --separate-stderr $way -q -N "$now" <"$file"
				[ "$status" -le 1 ]
				[[ "$stderr" != *"runtime error"* ]]
			done
		done
		run --separate-stderr cws-stop -q -N "$now" --max-age 3650000d --max 1000 <"$OUT"
		[ "$status" -eq 3 ] || [ "$status" -eq 4 ] || [ "$status" -eq 0 ]
		[[ "$stderr" != *"runtime error"* ]]
	done
}
