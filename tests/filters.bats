# What every filter does alike: the bytes it leaves alone, and how it ends when something fails.
#
# A new filter gets a line in WAYS; until it has one, the first test fails.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2086,SC2094,SC2154 # a way is a command in words

load helper

NOW=2026-11-23T03:02:21Z # the recording's moment

# Each filter as it writes every record; a second time where it does so in another way.
WAYS=('cws-ttl --all' 'cws-quiet --all --start 18:00' 'cws-quiet --all --start 18:00 --owner-schedule' 'cws-autostop' 'cws-autostop --sort')

# By the Makefile: the programs that are made of the room filter/.
setup_file() {
	FILTERS=$(unset MAKEFLAGS MAKELEVEL MFLAGS && make -s -C "$REPO" filters)
	export FILTERS
}

setup() {
	IN=$BATS_TEST_TMPDIR/in
	OUT=$BATS_TEST_TMPDIR/out
	jq -c '.workspaces[]' "$FIXTURES/world/workspaces.json" >"$IN"
}

# next WAY - its name, and its name in a message that a test failed
next() {
	NAME=${1%% *}
	echo "$1"
}

# judge WAY [option...] - from standard input, without a summary
judge() {
	local way=$1
	shift
	$way -q -N "$NOW" "$@"
}

# ends STATUS MESSAGE WAY REDIRECTION - it cannot read or write
ends() {
	# shellcheck disable=SC2016 # the inner shell expands
	run --separate-stderr "-$1" bash -c "$3 -q -N '$NOW' $4" - "$IN" "$BATS_TEST_TMPDIR"
	[ "$stderr" = "${3%% *}: $2" ]
}

# ids FILE - as they come
ids() {
	jq -r .id "$1" | paste -sd' '
}

@test "every program that is a filter stands in this bench, and in that of the calls that fail" {
	[ "$(wc -w <<<"$FILTERS")" -ge 3 ]
	[ "$(printf '%s\n' "${WAYS[@]%% *}" | sort -u)" = "$(printf '%s\n' $FILTERS | sort)" ]
	for filter in $FILTERS; do
		grep -q "command=($filter " "$REPO/tests/torture/faults"
	done
}

@test "a filter adds its member to a record and leaves every other byte alone" {
	printf '%s\n' '{"id":"w0","big":123456789012345678901,"float" : 1.0, "text":"\u0041\/\ud83d\ude00","":[ ]}' >>"$IN"
	for way in "${WAYS[@]}"; do
		next "$way"
		judge "$way" <"$IN" >"$OUT"
		[ "$(grep -c ",\"cws\":{\"${NAME#cws-}\":{.*}}}\$" "$OUT")" -eq 89 ]
		cmp <(sed 's/}$//' "$IN" | sort) <(sed 's/,"cws":{.*//' "$OUT" | sort)
		[[ $way == *--sort ]] || [ "$(ids "$OUT")" = "$(ids "$IN")" ]
	done
}

@test "a filter run twice changes no byte, and at another instant only its own member" {
	for way in "${WAYS[@]}"; do
		next "$way"
		jq -c '.cws = {mine: {due: false}}' "$IN" | judge "$way" >"$OUT"
		judge "$way" <"$OUT" | cmp - "$OUT"
		judge "$way" -N 2026-11-24T00:00:00Z <"$OUT" >"$OUT.later"
		run ! cmp -s "$OUT" "$OUT.later"
		for file in "$OUT" "$OUT.later"; do
			jq -c "del(.cws[\"${NAME#cws-}\"])" "$file" | sort >"$file.rest"
		done
		cmp "$OUT.rest" "$OUT.later.rest"
	done
}

@test "a filter refuses a wrong call in one line, before it reads" {
	for way in "${WAYS[@]}"; do
		next "$way"
		run --separate-stderr -2 $way operand <"$IN"
		[ "$output" = "" ]
		[ "$stderr" = "$NAME: unexpected operand 'operand': only options are taken, see '$NAME --help'" ]
		exec 4<"$IN"
		run --separate-stderr -2 $way --bad <&4
		[ "$output" = "" ]
		[ "$stderr" = "$NAME: unknown option '--bad': see '$NAME --help' for those there are" ]
		[ "$(head -c 1 <&4)" = "{" ] # not a byte was read
		exec 4<&-
	done
}

@test "a filter prints help and version, and notices a full disk doing so" {
	for way in "${WAYS[@]}"; do
		next "$way"
		run --separate-stderr -0 $way --help
		[[ "$output" == "usage: $NAME [-"* && "$output" == *"example: cws-fetch | "*"$NAME"* && "$stderr" = "" ]]
		run --separate-stderr -0 $way -V
		[[ "$output" =~ ^$NAME\ [0-9.]+$ ]]
		run --separate-stderr -3 bash -c "$way --help >/dev/full"
		[ "$stderr" = "$NAME: <stdout>: cannot write: No space left on device" ]
	done
}

@test "a filter on a terminal says in one line what it wants" {
	command -v script >/dev/null || skip "no script(1) here"
	# The last one has a warning to give, too.
	for way in "${WAYS[@]}" cws-quiet; do
		next "$way"
		run -0 script -qec "$way; echo \"status \$?\"" /dev/null </dev/null
		[[ "${lines[0]}" == "$NAME: records come on standard input: usage: $NAME [-"*"; example: cws-fetch | "* ]]
		[ "${lines[1]%$'\r'}" = "status 2" ]
	done
}

@test "a filter reports a malformed line by its number and forwards the others" {
	{
		echo '{"id":"a"}'
		echo '{"id":"b",'
		echo '{"id":"c","id":"c"}'
		echo '{"id":"d","cws":[]}'
		printf '\n  \n'
		echo '{"id":"e"}'
	} >"$IN"
	for way in "${WAYS[@]}"; do
		next "$way"
		run --separate-stderr -1 judge "$way" <"$IN"
		[ "$(jq -r .id <<<"$output")" = $'a\ne' ]
		[ "$stderr" = "$NAME: <stdin>:2: not one whole JSON object: the text ends too early at byte 11
$NAME: <stdin>:3: two members named 'id'
$NAME: <stdin>:4: '.cws' is not an object" ]
	done
}

@test "a filter takes no record whose verdicts cannot be meant, whoever wrote them" {
	{
		echo '{"id":"a","cws":{"note":"it may be text","keep":null,"mine":{"due":false}}}'
		echo '{"id":"b","cws":{"mine":{"due":1}}}'
		echo '{"id":"c","cws":{"mine":{"keep":"yes"}}}'
		echo '{"id":"d","cws":{"mine":{"keep":true,"keep":false}}}'
		echo '{"id":"e","cws":{"keep":true}}'
		echo '{"id":"f","cws":{"mine":[{"keep":true}]}}'
		echo '{"id":"g","cws":{"fetch":{"keep":null}}}'
		echo '{"id":"h","cws":{"note":true}}'
	} >"$IN"
	for way in "${WAYS[@]}"; do
		next "$way"
		run --separate-stderr -1 judge "$way" <"$IN"
		[ "$(jq -r .id <<<"$output")" = a ]
		[ "$stderr" = "$NAME: <stdin>:2: '.cws.mine.due' is not true or false
$NAME: <stdin>:3: '.cws.mine.keep' is not true or false
$NAME: <stdin>:4: '.cws.mine' has two members named 'keep'
$NAME: <stdin>:5: '.cws.keep' is not an object
$NAME: <stdin>:6: '.cws.mine' is not an object
$NAME: <stdin>:7: '.cws.fetch.keep' is not true or false
$NAME: <stdin>:8: '.cws.note' is not an object" ]
	done
}

@test "a filter names ten bad lines and counts the rest" {
	for way in "${WAYS[@]}"; do
		next "$way"
		run --separate-stderr -1 bash -c "yes '{1}' | head -n 25 | $way"
		[ "$output" = "" ]
		[ "${#stderr_lines[@]}" -eq 12 ]
		[[ "${stderr_lines[0]}" == "$NAME: <stdin>:1: is this NDJSON, one object a line (jq -c .)?: "* ]]
		[[ "${stderr_lines[9]}" == "$NAME: <stdin>:10: "* ]]
		[ "${stderr_lines[10]}" = "$NAME: <stdin>: 15 more bad lines" ]
		[[ "${stderr_lines[11]}" == "$NAME: 25 in, "*" 25 bad" ]]
	done
}

# bad TEXT - of three lines on standard input the second is not forwarded, and this is said of it
bad() {
	cat >"$IN"
	for way in "${WAYS[@]}"; do
		next "$way"
		run --separate-stderr -1 judge "$way" <"$IN"
		[ "$(jq -r .id <<<"$output")" = $'first\nlast' ]
		[ "$stderr" = "$NAME: <stdin>:2: $1" ]
	done
}

# long BYTES - a line of so many, between two others
long() {
	printf '{"id":"first"}\n{"x":"'
	head -c $(($1 - 8)) /dev/zero | tr '\0' x
	printf '"}\n{"id":"last"}\n'
}

@test "a filter forwards no line that is too long" {
	long $((16 * 1024 * 1024 + 1)) | bad 'longer than 16 MiB'
}

@test "a filter forwards no line that would be too long with its verdict" {
	long $((16 * 1024 * 1024)) | bad 'longer than 16 MiB with its verdict'
}

@test "a filter forwards no line with a NUL, in a string or outside" {
	printf '{"id":"first"}\n{"id":"a\0b"}\n{"id":"last"}\n' | bad 'not one whole JSON object: control character in a string at byte 9'
	printf '{"id":"first"}\n\0{}\n{"id":"last"}\n' | bad 'not one whole JSON object: not an object at byte 1'
}

@test "a filter forwards no line that is not UTF-8" {
	printf '{"id":"first"}\n{"id":"\xff"}\n{"id":"last"}\n' | bad 'not one whole JSON object: not UTF-8 at byte 8'
}

@test "a filter reports a torn last line, forwards the rest and says that the stream died" {
	printf '{"id":"a"}\n{"id":"b","na' >"$IN"
	for way in "${WAYS[@]}"; do
		next "$way"
		run --separate-stderr -3 judge "$way" <"$IN"
		[ "$(jq -r .id <<<"${lines[0]}")" = a ]
		[ "${lines[1]}" = '{"cws":{"aborted":"'"$NAME"': its input ended in the middle of a record"' ]
		[ "${#lines[@]}" -eq 2 ]
		[ "$stderr" = "$NAME: <stdin>:2: the input ends in the middle of a record, upstream died: not one whole JSON object: the text ends inside a string at byte 14" ]
	done
}

@test "a filter takes a last line without its newline that is a whole object" {
	printf '{"id":"a"}' >"$IN"
	for way in "${WAYS[@]}"; do
		next "$way"
		run --separate-stderr -0 judge "$way" <"$IN"
		[ "$(jq -r .id <<<"$output")" = a ]
		[ "$stderr" = "" ]
	done
}

@test "the abort mark of a dead stream passes through every filter, unterminated, and jq refuses it" {
	{
		head -n 1 "$IN"
		printf '{"cws":{"aborted":"cws-fetch: HTTP 401: sign in again"'
	} >"$OUT"
	for way in "${WAYS[@]}"; do
		next "$way"
		mv "$OUT" "$IN"
		status=0
		judge "$way" <"$IN" >"$OUT" 2>"$OUT.err" || status=$?
		[ "$status" -eq 3 ]
		[ "$(cat "$OUT.err")" = "$NAME: <stdin>:2: upstream gave up: cws-fetch: HTTP 401: sign in again" ]
		[ "$(wc -l <"$OUT")" -eq 1 ]
		[ "$(tail -n 1 "$OUT")" = '{"cws":{"aborted":"cws-fetch: HTTP 401: sign in again"' ]
		run ! jq . "$OUT"
	done
	head -n 1 "$OUT" | jq -e '.id and ([.cws.ttl, .cws.quiet, .cws.autostop] | all)'
}

@test "an abort mark that gained a newline on its way still says that upstream died" {
	{
		head -n 1 "$IN"
		echo '{"cws":{"aborted":"cws-fetch: HTTP 401: sign in again"'
	} >"$IN.marked"
	for way in "${WAYS[@]}"; do
		next "$way"
		run --separate-stderr -3 judge "$way" <"$IN.marked"
		[ "${#lines[@]}" -eq 2 ]
		[ "${lines[1]}" = '{"cws":{"aborted":"cws-fetch: HTTP 401: sign in again"' ]
		[ "$stderr" = "$NAME: <stdin>:2: upstream gave up: cws-fetch: HTTP 401: sign in again" ]
	done
}

@test "a filter ended by a signal says that its output is not the whole" {
	local signal
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	for way in "${WAYS[@]}"; do
		next "$way"
		for signal in HUP:129 TERM:143; do
			env --default-signal=HUP,TERM $way -q -N "$NOW" <"$BATS_TEST_TMPDIR/pipe" >"$OUT" 3>&- &
			local pid=$! ended=0
			exec 9>"$BATS_TEST_TMPDIR/pipe"
			head -n 2 "$IN" >&9
			if [[ $way == *--sort ]]; then
				eventually sleeps "$pid" "$NAME"
			else
				eventually lines 2 "$OUT"
			fi
			kill "-${signal%:*}" "$pid"
			wait "$pid" || ended=$?
			exec 9>&-
			[ "$ended" -eq "${signal#*:}" ]
			[ "$(tail -n 1 "$OUT")" = '{"cws":{"aborted":"'"$NAME"': ended by a signal"' ]
			[ "$(wc -l <"$OUT")" -eq 2 ]
		done
	done
}

@test "a filter has nothing to say about no input" {
	local nothing
	for way in "${WAYS[@]}"; do
		next "$way"
		case $NAME in
		cws-autostop) nothing='0 in, 0 kept, 0 now, 0 scheduled, 0 never, 0 stopped, 0 unknown, 0 bad' ;;
		*) nothing='0 in, 0 due, 0 held, 0 bad' ;;
		esac
		run --separate-stderr -0 $way </dev/null
		[ "$output" = "" ]
		[ "$stderr" = "$NAME: $nothing" ]
		run --separate-stderr -0 $way -q </dev/null
		[ "$output$stderr" = "" ]
	done
}

@test "a filter ends with 3 when the disk is full" {
	for way in "${WAYS[@]}"; do
		next "$way"
		ends 3 '<stdout>: cannot write: No space left on device' "$way" '<"$1" >/dev/full'
	done
}

@test "a filter ends with 3 when its output may not grow, as when the disk is full" {
	for way in "${WAYS[@]}"; do
		next "$way"
		run --separate-stderr -3 bash -c "ulimit -f 1; $way -q -N '$NOW' <\"\$1\" >\"\$2\"" - "$IN" "$OUT"
		[ "$stderr" = "$NAME: <stdout>: cannot write: File too large" ]
	done
}

@test "a filter does not read what it writes, as cat does not" {
	for way in "${WAYS[@]}"; do
		next "$way"
		for to in '>>"$1"' '1<>"$1"'; do
			cp "$IN" "$OUT"
			run --separate-stderr -2 timeout 20 bash -c "$way -N '$NOW' <\"\$1\" $to" - "$OUT"
			[ "$stderr" = "$NAME: <stdin>: input file is output file" ]
			cmp "$IN" "$OUT"
		done
		# Nothing comes of an empty one, and two files may be appended to each other.
		: >"$OUT"
		run -0 bash -c "$way -q <\"\$1\" >>\"\$1\"" - "$OUT"
		run -0 bash -c "$way -q -N '$NOW' <\"\$1\" >>\"\$2\"" - "$IN" "$OUT"
		[ "$(wc -l <"$OUT")" -eq "$(wc -l <"$IN")" ]
	done
}

@test "a filter ends with 3 when its output is closed" {
	for way in "${WAYS[@]}"; do
		next "$way"
		ends 3 '<stdout>: cannot write: Bad file descriptor' "$way" '<"$1" >&-'
	done
}

@test "a filter ends with 3 when its input cannot be read, and says so downstream" {
	for way in "${WAYS[@]}"; do
		next "$way"
		ends 3 '<stdin>: cannot read: Is a directory' "$way" '<"$2"'
		[ "$output" = '{"cws":{"aborted":"'"$NAME"': cannot read its input"' ]
		ends 3 '<stdin>: cannot read: Bad file descriptor' "$way" '<&-'
		[ "$output" = '{"cws":{"aborted":"'"$NAME"': cannot read its input"' ]
	done
}

@test "a filter ends with 3 also when it can neither read nor say so" {
	for way in "${WAYS[@]}"; do
		next "$way"
		run -3 bash -c "$way -q <\"\$1\" 2>&- >/dev/full" - "$BATS_TEST_TMPDIR"
	done
}

@test "a filter ends silently with 0 when its reader leaves" {
	for _ in {1..20}; do cat "$IN"; done >"$IN.long"
	for way in "${WAYS[@]}"; do
		next "$way"
		for trap in ':' "trap '' PIPE"; do
			run --separate-stderr -0 bash -c "$trap; $way <\"\$1\" | head -n 1 >/dev/null; exit \"\${PIPESTATUS[0]}\"" - "$IN.long"
			[ "$output$stderr" = "" ]
		done
	done
}

@test "a filter writes a record as soon as it has read it, unless it sorts" {
	mkfifo "$BATS_TEST_TMPDIR/slow"
	for way in "${WAYS[@]}"; do
		next "$way"
		$way -q -N "$NOW" <"$BATS_TEST_TMPDIR/slow" >"$OUT" 3>&- &
		local pid=$!
		exec 5>"$BATS_TEST_TMPDIR/slow"
		echo '{"id":"a"}' >&5
		if [[ $way == *--sort ]]; then
			eventually sleeps "$pid" "$NAME"
			[ ! -s "$OUT" ]
		else
			eventually [ -s "$OUT" ]
		fi
		exec 5>&-
		wait "$pid"
		[ "$(ids "$OUT")" = a ]
	done
}

@test "a filter that writes to a terminal says how records become a table, once and not with -q" {
	local way
	jq -c ".workspaces[:3][]" "$FIXTURES/world/workspaces.json" >"$BATS_TEST_TMPDIR/three"
	for way in "${WAYS[@]}"; do
		run -0 script -qec "$way -N 2026-11-23T03:00:00Z <$BATS_TEST_TMPDIR/three" /dev/null </dev/null
		[ "$(grep -c 'as JSON; "| cws-report" shows a table' <<<"$output")" -eq 1 ]
		[[ "$(tr -d '\r' <<<"${lines[-1]}")" =~ ^${way%% *}:\ [0-9]+\ records,\ as\ JSON ]]
		run -0 script -qec "$way -q -N 2026-11-23T03:00:00Z <$BATS_TEST_TMPDIR/three" /dev/null </dev/null
		[[ "$output" != *'shows a table'* ]]
	done
}
