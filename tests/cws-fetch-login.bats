# cws-fetch: where the server and the token come from, and that secrets stay in.
#
# Patterns are meant where a right-hand side is unquoted; each test sets its own
# environment; run sets stderr and stderr_lines.
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

setup() {
	start_fake
	# these tests set what they need themselves
	URL=$CODER_URL
	unset CODER_URL CODER_SESSION_TOKEN
	CLI=$HOME/.config/coderv2
	mkdir -p "$CLI"
	(umask 077 && printf '%s' "$TOKEN_OWNER" >"$BATS_TEST_TMPDIR/token")
}

teardown() {
	CODER_URL=$URL
	stop_fake || true
}

# coder login, as that program leaves it: URL, TOKEN.
cli_login() {
	(umask 077 && printf '%s' "$1" >"$CLI/url" && printf '%s\n' "$2" >"$CLI/session")
}

# Status 2, nothing on standard output, one line of this text, nothing sent.
refused() {
	local text=$1
	shift
	run --separate-stderr -2 "$@"
	[ "$output" = "" ]
	[[ $stderr == $text ]] || {
		printf 'got:  %s\nwant: %s\n' "$stderr" "$text"
		return 1
	}
	[ ! -s "$FAKE_LOG" ]
}

users() {
	jq -r .user "$FAKE_LOG" | sort -u
}

@test "cws-fetch takes the login of the coder CLI as it is" {
	cli_login "$URL/" "$TOKEN_OWNER"
	run --separate-stderr -0 cws-fetch -q
	[ "${#lines[@]}" -eq 88 ]
	[ "$stderr" = "" ]
	mkdir -p "$BATS_TEST_TMPDIR/a/coderv2"
	mv "$CLI"/* "$BATS_TEST_TMPDIR/a/coderv2"
	XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/a run --separate-stderr -0 cws-fetch -q
	[ "${#lines[@]}" -eq 88 ]
	CODER_CONFIG_DIR=$BATS_TEST_TMPDIR/a/coderv2 XDG_CONFIG_HOME=/nonexistent run --separate-stderr -0 cws-fetch -q
	[ "${#lines[@]}" -eq 88 ]
}

@test "cws-fetch says what is missing" {
	refused "cws-fetch: no server: give --url, set CODER_URL, or run 'coder login https://...'" cws-fetch
	refused "cws-fetch: no token: give --token-file, set CODER_SESSION_TOKEN, or run 'coder login $URL'" cws-fetch --url "$URL"
	CREDENTIALS_DIRECTORY=nowhere refused "cws-fetch: cannot read 'nowhere/coder-token': No such file or directory: no token: give *" \
		cws-fetch --url "$URL"
	rm -r "$HOME"
	refused "cws-fetch: no server: *" env -u HOME cws-fetch
}

@test "cws-fetch prefers --url to CODER_URL to the CLI's file" {
	cli_login http://127.0.0.1:1 "$TOKEN_OWNER"
	export CODER_SESSION_TOKEN=$TOKEN_OWNER
	CODER_URL=$URL run -0 cws-fetch -q
	CODER_URL=http://127.0.0.1:1 run -0 cws-fetch -q --url "$URL"
	[ "$(cws-fetch -q --url "$URL" | jq -r .cws.fetch.url | sort -u)" = "$URL" ]
}

@test "cws-fetch prefers --token-file, then the two variables, the credentials, the CLI's session" {
	cli_login "$URL" "$TOKEN_OWNER"
	mkdir "$BATS_TEST_TMPDIR/credentials"
	(umask 077 && printf '%s\n' "$TOKEN_LEAST" >"$BATS_TEST_TMPDIR/credentials/coder-token")
	(umask 077 && printf '%s\n' "$TOKEN_NIKLAUS" >"$BATS_TEST_TMPDIR/niklaus")
	export CODER_SESSION_TOKEN=$TOKEN_MEMBER CODER_TOKEN=$TOKEN_TADMIN CREDENTIALS_DIRECTORY=$BATS_TEST_TMPDIR/credentials
	cws-fetch -q --token-file "$BATS_TEST_TMPDIR/niklaus" >/dev/null
	[ "$(users)" = niklaus ]
	: >"$FAKE_LOG"
	cws-fetch -q >/dev/null
	[ "$(jq -r .token_id "$FAKE_LOG" | sort -u)" = MemberTokn ]
	: >"$FAKE_LOG"
	CODER_SESSION_TOKEN='' cws-fetch -q >/dev/null
	[ "$(jq -r .token_id "$FAKE_LOG" | sort -u)" = TmplAdmTkn ]
	: >"$FAKE_LOG"
	unset CODER_SESSION_TOKEN CODER_TOKEN
	cws-fetch -q >/dev/null
	[ "$(jq -r .token_id "$FAKE_LOG" | sort -u)" = LeastPrivT ]
	: >"$FAKE_LOG"
	unset CREDENTIALS_DIRECTORY
	cws-fetch -q >/dev/null
	[ "$(jq -r .token_id "$FAKE_LOG" | sort -u)" = OwnerToken ]
}

@test "cws-fetch sends the CLI's session to the server it belongs to and to no other" {
	cli_login https://coder.example.com "$TOKEN_OWNER"
	refused "cws-fetch: the session in '$CLI' belongs to https://coder.example.com, not to $URL: give --token-file, or run 'coder login $URL'" \
		cws-fetch --url "$URL"
	cli_login "${URL/127.0.0.1/localhost}" "$TOKEN_OWNER"
	refused "cws-fetch: the session in '$CLI' belongs to ${URL/127.0.0.1/localhost}, not to $URL: *" cws-fetch --url "$URL"
	rm "$CLI/url"
	refused "cws-fetch: the session in '$CLI' belongs to no server we know, not to $URL: *" cws-fetch --url "$URL"
	# another token may go there
	run -0 cws-fetch -q --url "$URL" --token-file "$BATS_TEST_TMPDIR/token"
}

@test "cws-fetch refuses URLs that are no address of a deployment" {
	export CODER_SESSION_TOKEN=$TOKEN_OWNER
	refused "cws-fetch: --url: '$URL/coder' has a path: Coder lives at the root of its host: use one like *" cws-fetch --url "$URL/coder"
	refused "cws-fetch: --url: '$URL?a=b' has a query or a fragment: *" cws-fetch --url "$URL?a=b"
	refused "cws-fetch: --url: '$URL/#a' has a query or a fragment: *" cws-fetch --url "$URL/#a"
	refused "cws-fetch: --url: the URL has a user or a password: *" cws-fetch --url "${URL/http:\/\//http://ada:pw@}"
	refused "cws-fetch: --url: the URL has a path: Coder lives at the root of its host: *" cws-fetch --url "$URL/@ada/dev"
	refused "cws-fetch: --url: the URL has a path: Coder lives at the root of its host: *" cws-fetch --url "$URL/@ada/.."
	refused "cws-fetch: --url: 'ftp://coder.example.com' is neither http nor https: *" cws-fetch --url ftp://coder.example.com
	CODER_URL=coder.example.com refused "cws-fetch: CODER_URL: 'coder.example.com' is no http or https URL: *" cws-fetch
	cli_login "$URL/path" "$TOKEN_OWNER"
	refused "cws-fetch: the coder CLI's file url: '$URL/path' has a path: *" cws-fetch
}

@test "cws-fetch takes a token file with or without a newline, and nothing that is no token" {
	export CODER_URL=$URL
	local f=$BATS_TEST_TMPDIR/t text
	umask 077
	for text in "$TOKEN_OWNER" "$TOKEN_OWNER\n" "$TOKEN_OWNER\r\n"; do
		# shellcheck disable=SC2059 # the format is the text
		printf "$text" >"$f"
		run -0 cws-fetch -q --token-file "$f"
	done
	run -0 cws-fetch -q --token-file <(printf '%s\n' "$TOKEN_OWNER")
	: >"$FAKE_LOG"
	for text in '' '\n' 'a b' 'abc\n\n' 'tok\r\nX-Evil: 1' 'a\tb' 'caf\303\251' "$(printf '%0513d' 0)"; do
		# shellcheck disable=SC2059
		printf "$text" >"$f"
		refused "cws-fetch: --token-file holds no token: 1 to 512 printable characters without blanks" cws-fetch --token-file "$f"
	done
	printf 'a\0b' >"$f"
	refused "cws-fetch: '$f' is no text of one line" cws-fetch --token-file "$f"
	refused "cws-fetch: cannot read '$BATS_TEST_TMPDIR': not a file" cws-fetch --token-file "$BATS_TEST_TMPDIR"
	refused "cws-fetch: cannot read '/nonexistent': No such file or directory" cws-fetch --token-file /nonexistent
	CODER_SESSION_TOKEN='a b' refused "cws-fetch: CODER_SESSION_TOKEN holds no token: *" cws-fetch
}

@test "a port that is none is a wrong call, wherever the URL comes from" {
	local none="'http://host:99999' has a port that is no number from 1 to 65535: use one like https://coder.example.com" program
	for program in cws-fetch cws-stop cws-start; do
		refused "$program: --url: $none" "$program" --url http://host:99999
		CODER_URL=http://host:99999 refused "$program: CODER_URL: $none" "$program"
	done
	printf 'http://host:99999' >"$CLI/url"
	refused "cws-fetch: the coder CLI's file url: $none" cws-fetch
}

@test "a server on this machine is spoken to without a proxy, and a proxy on a way in clear is named" {
	local name
	export CODER_URL=$URL CODER_SESSION_TOKEN=$TOKEN_OWNER
	# Nobody listens there.
	export http_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1
	for name in 127.0.0.1 localhost LOCALHOST 127.1 '[::ffff:127.0.0.1]' 0; do
		CODER_URL=http://$name:${CODER_URL##*:} run --separate-stderr cws-fetch
		[ "$status" -eq 0 ] && [ "${#lines[@]}" -eq 88 ]
		[[ $stderr != *"warning"* ]]
	done
	# Not each name service knows these, and some take their time to say so; but nobody else is asked.
	for name in localhost. 127.0.0.1.; do
		CODER_URL=http://$name:${CODER_URL##*:} run --separate-stderr cws-fetch --deadline 1s
		[ "$status" -eq 0 ] || [[ $stderr == *[Rr]"esolv"* ]]
		[[ $stderr != *"warning"* && $stderr != *"port 1 after"* ]]
	done
	run --separate-stderr -3 cws-fetch --url http://coder.invalid --deadline 1s
	[ "${stderr_lines[0]}" = "cws-fetch: warning: http://coder.invalid is not encrypted: the token can be read on the way, and by the proxy of http_proxy unless no_proxy names the server" ]
	run --separate-stderr -3 env -u http_proxy cws-fetch --url http://coder.invalid --deadline 1s
	[[ "${stderr_lines[0]}" == *", and by the proxy of ALL_PROXY unless no_proxy names the server" ]]
}

@test "cws-fetch ends with its summary, also where the list could not be read" {
	stop_fake
	start_scripted '{"match":{"path":"/api/v2/workspaces"},"from":3,"do":{"status":400,"body":"{\"message\":\"no\"}"}}'
	run --separate-stderr -3 cws-fetch --page-size 20 -j 1
	[[ "${stderr_lines[0]}" == "cws-fetch: $CODER_URL: cannot list workspaces: HTTP 400: no" ]]
	[[ "${stderr_lines[-1]}" == "cws-fetch: "*" workspaces, 2 pages, 0 retries" ]]
	CODER_SESSION_TOKEN=$TOKEN_WSONLY run --separate-stderr -3 cws-fetch
	[[ "${stderr_lines[-1]}" == "cws-fetch: 0 workspaces, "* ]]
	run --separate-stderr -3 cws-fetch -q
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "cws-fetch warns of a token file that others can read, and of a way that is not encrypted" {
	export CODER_URL=$URL
	chmod 644 "$BATS_TEST_TMPDIR/token"
	run --separate-stderr -0 cws-fetch -q --token-file "$BATS_TEST_TMPDIR/token"
	[ "$stderr" = "cws-fetch: warning: '$BATS_TEST_TMPDIR/token' can be read by others: chmod 600 it" ]
	local lent=$BATS_TEST_TMPDIR/coder-token
	cp "$BATS_TEST_TMPDIR/token" "$lent"
	CREDENTIALS_DIRECTORY=$BATS_TEST_TMPDIR run --separate-stderr -0 cws-fetch -q
	[ "$stderr" = "cws-fetch: warning: '$lent' can be read by others: chmod 600 it" ]
	chmod 440 "$lent" # as systemd and Kubernetes lend it
	CREDENTIALS_DIRECTORY=$BATS_TEST_TMPDIR run --separate-stderr -0 cws-fetch -q
	[ -z "$stderr" ]
	chmod 600 "$BATS_TEST_TMPDIR/token"
	run --separate-stderr -3 cws-fetch -q --token-file "$BATS_TEST_TMPDIR/token" --url http://coder.invalid --deadline 1s
	[ "${stderr_lines[0]}" = "cws-fetch: warning: http://coder.invalid is not encrypted: the token can be read on the way" ]
	run --separate-stderr -3 cws-fetch -q --token-file "$BATS_TEST_TMPDIR/token" --url https://coder.invalid --deadline 1s
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "cws-fetch reports a token that the server refuses" {
	export CODER_URL=$URL
	CODER_SESSION_TOKEN=$TOKEN_EXPIRED run --separate-stderr -3 cws-fetch -q
	[[ $stderr == "cws-fetch: $URL: cannot list workspaces: HTTP 401: "*"API key expired at "*" (the token is that of CODER_SESSION_TOKEN)" ]]
	CODER_SESSION_TOKEN=$TOKEN_SUSPENDED run --separate-stderr -3 cws-fetch -q
	[[ $stderr == "cws-fetch: $URL: cannot list workspaces: HTTP 401: User is not active"* ]]
	CODER_SESSION_TOKEN=abc run --separate-stderr -3 cws-fetch -q
	[[ $stderr == "cws-fetch: $URL: cannot list workspaces: HTTP 401: "* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	echo "$TOKEN_EXPIRED" >"$BATS_TEST_TMPDIR/expired"
	chmod 600 "$BATS_TEST_TMPDIR/expired"
	run --separate-stderr -3 cws-fetch -q --token-file "$BATS_TEST_TMPDIR/expired"
	[[ $stderr == *": HTTP 401: "*" (the token is that of --token-file)" ]]
}

@test "cws-fetch sends the headers of CODER_HEADER and CODER_HEADER_COMMAND" {
	export CODER_URL=$URL CODER_SESSION_TOKEN=$TOKEN_OWNER
	# what the simulated server shows of a request: an extra User-Agent wins over ours in its log
	CODER_HEADER='"X-One=a,b",User-Agent=through-a-proxy' cws-fetch -q >/dev/null
	jq -r '.headers["user-agent"]' "$FAKE_LOG" | grep -q through-a-proxy
	: >"$FAKE_LOG"
	CODER_HEADER_COMMAND='echo "User-Agent=by-command"; echo "X-Url=$CODER_URL"' cws-fetch -q >/dev/null
	jq -r '.headers["user-agent"]' "$FAKE_LOG" | grep -q by-command
}

@test "cws-fetch refuses header injection and broken header settings, without showing a value" {
	export CODER_URL=$URL CODER_SESSION_TOKEN=$TOKEN_OWNER
	CODER_HEADER=$'X-A=hidden\r\nX-Evil: 1' refused "cws-fetch: CODER_HEADER: the value of 'X-A' has a control character" cws-fetch
	CODER_HEADER='hidden' refused "cws-fetch: CODER_HEADER: an item has no '=': write Name=value" cws-fetch
	CODER_HEADER='Coder-Session-Token=hidden' refused "cws-fetch: CODER_HEADER: 'Coder-Session-Token' cannot be set" cws-fetch
	CODER_HEADER_COMMAND='echo hidden' refused "cws-fetch: CODER_HEADER_COMMAND: an item has no '=': write Name=value" cws-fetch
	CODER_HEADER_COMMAND='echo hidden >&2; exit 3' refused "cws-fetch: CODER_HEADER_COMMAND: ended with status 3" cws-fetch
	CODER_HEADER_COMMAND='kill -9 $$' refused "cws-fetch: CODER_HEADER_COMMAND: ended by signal 9" cws-fetch
	CODER_HEADER_COMMAND='yes X=1 | head -c 70000' refused "cws-fetch: CODER_HEADER_COMMAND: prints more than 64 KiB" cws-fetch
}

@test "what a server echoes of any header, or commands a terminal with, is in no message" {
	local echoed i headers=
	echoed='secret-value-17 secret-value-40 a\u202eb\u2066c\u009b31m'
	stop_fake
	start_scripted '{"match":{"path":"/api/v2/workspaces"},"from":1,"do":{"status":400,"body":"{\"message\":\"'"${echoed//\\/\\\\}"'\"}"}}'
	for i in {1..40}; do headers+="X-H$i=secret-value-$i,"; done
	CODER_HEADER=${headers%,} run --separate-stderr -3 cws-fetch
	[[ "$stderr" == *"[redacted] [redacted] a???b???c??31m"* ]]
	CODER_HEADER_COMMAND="echo '$headers' | tr , '\n'" run --separate-stderr -3 cws-fetch
	[[ "$stderr" == *"[redacted] [redacted] a???b???c??31m"* ]]
	[[ "$stderr" != *secret* ]]
}

@test "cws-fetch gives the header command its URL, no token and none of the input" {
	export CODER_URL=$URL/ CODER_SESSION_TOKEN=$TOKEN_OWNER CODER_TOKEN=$TOKEN_OWNER
	export SEEN=$BATS_TEST_TMPDIR/seen
	CODER_HEADER_COMMAND='env >"$SEEN"; cat >>"$SEEN"; cat /proc/$PPID/environ >>"$SEEN" 2>/dev/null; true' cws-fetch -q <<<'a line of input' >/dev/null
	grep -qx "CODER_URL=$URL" "$SEEN"
	run ! grep -qa "$TOKEN_OWNER" "$SEEN"
	run ! grep -qa 'a line of input' "$SEEN"
}

@test "cws-fetch wants both files of a client certificate, and files that are there" {
	export CODER_URL=$URL CODER_SESSION_TOKEN=$TOKEN_OWNER
	CODER_CLIENT_TLS_CERT_FILE=/etc/hostname refused "cws-fetch: CODER_CLIENT_TLS_CERT_FILE and CODER_CLIENT_TLS_KEY_FILE go together: set both or none" cws-fetch
	CODER_CLIENT_TLS_KEY_FILE=/etc/hostname refused "cws-fetch: *go together*" cws-fetch
	CURL_CA_BUNDLE=/nonexistent refused "cws-fetch: CURL_CA_BUNDLE: cannot read '/nonexistent': No such file or directory" cws-fetch
	CODER_CLIENT_TLS_CA_FILE=/nonexistent refused "cws-fetch: CODER_CLIENT_TLS_CA_FILE: cannot read *" cws-fetch
}

@test "cws-fetch shows the token nowhere: output, messages, traces, process list, environment" {
	stop_fake
	printf '%s\n' '{"match":{"path":"/api/v2/workspaces"},"nth":2,"do":{"delay_ms":2000}}' \
		'{"match":{"path":"/api/v2/templates"},"every":true,"do":{"status":500,"body":"{\"message\":\"echo '"$TOKEN_OWNER"' hidden-header\"}"}}' \
		>"$BATS_TEST_TMPDIR/script"
	start_fake --script "$BATS_TEST_TMPDIR/script"
	export CODER_HEADER='X-Secret=hidden-header'
	cws-fetch -v --full --page-size 50 >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	local pid=$!
	eventually [ -s "$BATS_TEST_TMPDIR/err" ]
	# Only root may look: the program that holds a token is not dumpable.
	tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" >"$BATS_TEST_TMPDIR/environ" || [ "$(id -u)" -ne 0 ]
	ps -ww -o args= -p "$pid" >"$BATS_TEST_TMPDIR/ps"
	ulimit_core=$(awk '/Max core file size/ { print $5 }' "/proc/$pid/limits")
	wait "$pid"
	[ "$ulimit_core" = 0 ]
	[ "$(id -u)" -ne 0 ] || grep -q '^CODER_URL=' "$BATS_TEST_TMPDIR/environ"
	grep -q cws-fetch "$BATS_TEST_TMPDIR/ps"
	grep -q 'HTTP 500: echo \[redacted\] \[redacted\]' "$BATS_TEST_TMPDIR/err"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 88 ]
	local f
	for f in out err environ ps; do
		run ! grep -qa -e "$TOKEN_OWNER" "$BATS_TEST_TMPDIR/$f"
	done
	run ! grep -qa hidden-header "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/err"
	URL=$CODER_URL
}

@test "cws-fetch does not print a token that was given where its file's name belongs" {
	export CODER_URL=$URL
	for option in --token-file --token; do
		run --separate-stderr -2 cws-fetch "$option" "$TOKEN_OWNER"
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ "$stderr" != *s3cr3t* ]]
	done
}
