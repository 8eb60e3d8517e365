# Token, headers and client key of the programs that talk to the server: read once, shown nowhere, in no core dump.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2154

load helper

PROXY_PASS=open-sesame-9c1

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout tls.key -out tls.pem 2>/dev/null
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=client-of-the-tests -keyout client.key -out client.pem 2>/dev/null
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	umask 077
	export CODER_CLIENT_TLS_CERT_FILE=$BATS_FILE_TMPDIR/client.pem CODER_CLIENT_TLS_KEY_FILE=$BATS_FILE_TMPDIR/client.key
	export CODER_CLIENT_TLS_CA_FILE=$BATS_FILE_TMPDIR/tls.pem
	export CODER_HEADER_COMMAND='echo run >>"$COUNT"; echo X-Proxy-Pass='$PROXY_PASS COUNT=$BATS_TEST_TMPDIR/count
}

teardown() {
	[ -z "${PID:-}" ] || kill "$PID" 2>/dev/null || true
	stop_fake || true
	[ -z "${COPY:-}" ] || rm -r "$COPY"
}

# A server over TLS; the token only in a file.
start() {
	start_fake --tls-cert "$BATS_FILE_TMPDIR/tls.pem" --tls-key "$BATS_FILE_TMPDIR/tls.key" --build-time 20ms "$@"
	unset CODER_SESSION_TOKEN
	printf '%s\n' "$TOKEN_OWNER" >token
}

# Whatever a program writes into: no secret, and of a key no line.
shows_nothing() {
	grep -v -e '-----' "$CODER_CLIENT_TLS_KEY_FILE" >key-lines
	[ "$(wc -l <key-lines)" -gt 20 ]
	run ! grep -haF -e "$TOKEN_OWNER" -e "$PROXY_PASS" -f key-lines "$@"
}

# What was asked, as the trace has it: METHOD PATH STATUS
traced() {
	sed -n 's/^cws-[a-z]*: \([A-Z]* [^ ]*\): HTTP \([0-9]*\), [0-9]* ms, attempt [0-9]*$/\1 \2/p' "$1" | sort
}

logged() {
	jq -r '.method + " " + .path + (if .query != "" then "?" + .query else "" end) + " \(.status)"' "$FAKE_LOG" | sort
}

@test "a trace of fetch and stop has every request the server saw, and no secret" {
	start
	cws-fetch -v --token-file token --page-size 30 --with owner,groups >all 2>trace.fetch
	[ "$(wc -l <all)" -eq 88 ]
	diff <(logged) <(traced trace.fetch)
	[ "$(logged | wc -l)" -gt 8 ]
	: >"$FAKE_LOG"
	jq -c 'select(.latest_build.status == "running" and (.is_prebuild | not)) | .cws.mine = {due: true, state: "mine",
		stop_at: null, why: "a test", at: (now | todate)}' all | head -n 7 >due
	cws-stop -v -x --wait --rate 0 --token-file token <due 2>trace.stop >stopped
	[ "$(wc -l <stopped)" -eq 7 ]
	diff <(logged) <(traced trace.stop)
	[ "$(requests POST '*')" -eq 7 ]
	shows_nothing all stopped trace.fetch trace.stop "$FAKE_LOG"
	# The log has them all, and the token did go along.
	[ "$(requests '*' '*' '.headers.token | not')" -eq 0 ]
}

@test "a check and a sweep from end to end write no secret anywhere" {
	start --shift
	mkdir tmp
	echo '.cws.note = ([env | to_entries[] | .value] | join(" "))' >policy.jq
	echo '{"quiet_hours": {"enabled": false}, "sweep": {"stop": ["--rate", "0"]}}' >config.json
	CODER_SESSION_TOKEN=$TOKEN_OWNER run --separate-stderr -0 cws-fetch -v --check
	printf '%s\n' "$output" "$stderr" >checked
	shows_nothing checked
	unset CODER_HEADER_COMMAND # a policy may see what any program of this user does
	export CODER_SESSION_TOKEN=$TOKEN_OWNER
	TMPDIR=$PWD/tmp cws-sweep -xv -c config.json --policy policy.jq --report report --html page --prom prom --journal journal \
		--snapshots snapshots >out 2>err || [ $? -eq 1 ]
	grep -q ': accepted: ' out
	find snapshots -name '*.zst' -exec zstd -dcq {} + >snapshot
	[ "$(wc -l <snapshot)" -eq 88 ]
	PROXY_PASS=none-is-sent shows_nothing out err report page prom snapshot "$(find journal -name '*.ndjson')"
}

@test "the token, the client's certificate and its key are read once, the header command is run once" {
	local program pids
	start
	cws-fetch -q --token-file token | jq -c 'select(.latest_build.status == "running" and (.is_prebuild | not)) |
		.cws.mine = {due: true, state: "mine", stop_at: null, why: "a test", at: (now | todate)}' | head -n 5 >due
	: >count
	mkfifo token-pipe cert-pipe key-pipe
	for program in 'cws-fetch -q --page-size 10' 'cws-stop -qx --rate 0'; do
		cat token >token-pipe 3>&- &
		pids=$!
		cat "$CODER_CLIENT_TLS_CERT_FILE" >cert-pipe 3>&- &
		pids="$pids $!"
		cat "$CODER_CLIENT_TLS_KEY_FILE" >key-pipe 3>&- &
		pids="$pids $!"
		# Who opens one of them again waits for ever.
		# shellcheck disable=SC2086 # in words
		CODER_CLIENT_TLS_CERT_FILE=cert-pipe CODER_CLIENT_TLS_KEY_FILE=key-pipe \
			run --separate-stderr -0 timeout 60 $program --token-file token-pipe <due
		[ "$stderr" = '' ]
		# shellcheck disable=SC2086
		wait $pids
	done
	[ "$(requests POST '*')" -eq 5 ]
	[ "$(wc -l <count)" -eq 2 ]
}

@test "the client's certificate goes to a server that asks for it, on every connection" {
	local line=
	start
	openssl s_server -accept 127.0.0.1:0 -www -Verify 1 -CAfile "$CODER_CLIENT_TLS_CERT_FILE" \
		-cert "$BATS_FILE_TMPDIR/tls.pem" -key "$BATS_FILE_TMPDIR/tls.key" </dev/null >asking 2>asked 3>&- &
	PID=$!
	eventually grep -q '^ACCEPT ' asking
	line=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' asking)
	for _ in 1 2; do
		# It answers with a page about itself.
		run --separate-stderr -3 cws-fetch --token-file token --url "https://localhost:$line"
		[[ "$stderr" == *"HTTP 200, but no JSON"* ]]
	done
	kill "$PID"
	wait "$PID" || [ $? -eq 143 ]
	[ "$(grep -c 'CN *= *client-of-the-tests' asked)" -ge 2 ]
}

@test "a client's files that cannot be read or hold no key are told before anything is sent" {
	local program
	start
	for program in cws-fetch 'cws-stop -x'; do
		# shellcheck disable=SC2086
		CODER_CLIENT_TLS_KEY_FILE=/nonexistent run --separate-stderr -2 $program --token-file token </dev/null
		[ "$stderr" = "${program%% *}: CODER_CLIENT_TLS_KEY_FILE: cannot read '/nonexistent': No such file or directory" ]
		# shellcheck disable=SC2086
		CODER_CLIENT_TLS_CERT_FILE=/ run --separate-stderr -2 $program --token-file token </dev/null
		[ "$stderr" = "${program%% *}: CODER_CLIENT_TLS_CERT_FILE: cannot read '/': not a file" ]
		head -c 300000 /dev/zero | tr '\0' x >large
		# shellcheck disable=SC2086
		CODER_CLIENT_TLS_KEY_FILE=large run --separate-stderr -2 $program --token-file token </dev/null
		[ "$stderr" = "${program%% *}: CODER_CLIENT_TLS_KEY_FILE: 'large' is no PEM text" ]
		[ ! -s "$FAKE_LOG" ]
	done
	# The key of another certificate, and none: libcurl's fault, and no second try.
	printf 'no key\n' >none
	for key in "$BATS_FILE_TMPDIR/tls.key" none; do
		CODER_CLIENT_TLS_KEY_FILE=$key run --separate-stderr -3 cws-fetch -q --token-file token
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ "$stderr" == "cws-fetch: $CODER_URL: cannot list workspaces: "* ]]
		[ ! -s "$FAKE_LOG" ]
	done
}

# The owner of what /proc shows of a process; root for one that is not dumpable.
dumpable_by() {
	stat -c %u "/proc/$1/environ"
}

# One of ours: the shell, or setpriv, that it is before is not dumpable either.
undumpable() {
	executes "$1" cws-fetch cws-stop cws-start && [ "$(dumpable_by "$1")" = 0 ]
}

@test "a program that holds a token can leave no core dump, and no other process of its user reads its memory" {
	local as=() program
	if [ "$(id -u)" -eq 0 ]; then
		command -v setpriv >/dev/null || skip 'about a user other than root: no setpriv'
		as=(setpriv --reuid=65534 --clear-groups)
	fi
	start --latency 30s
	COPY=$(mktemp -d)
	chmod 755 "$COPY"
	install "$O/cws-fetch" "$O/cws-stop" "$O/cws-start" "$COPY"
	install -m 644 token "$BATS_FILE_TMPDIR"/*.{key,pem} "$COPY"
	export CODER_CLIENT_TLS_CERT_FILE=$COPY/client.pem CODER_CLIENT_TLS_KEY_FILE=$COPY/client.key CODER_CLIENT_TLS_CA_FILE=$COPY/tls.pem
	export COUNT=/dev/null HOME=$COPY
	mkfifo in
	exec 8<>in # cws-stop and cws-start wait for records, cws-fetch for its first reply
	ulimit -c "$(ulimit -H -c)"
	for program in cws-fetch 'cws-stop -x' 'cws-start -x'; do
		# shellcheck disable=SC2086
		"${as[@]}" "$COPY"/$program --token-file "$COPY/token" <&8 >out 2>err 3>&- 8>&- &
		PID=$!
		eventually undumpable "$PID" || { cat err && false; }
		[ "$(awk '/Max core file size/ { print $5, $6 }' "/proc/$PID/limits")" = '0 0' ]
		kill "$PID"
		wait "$PID" || [ $? -eq 143 ]
	done
	# That the test can tell.
	"${as[@]}" sleep 10 3>&- 8>&- &
	PID=$!
	eventually executes "$PID" sleep
	[ "$(dumpable_by "$PID")" != 0 ]
}
