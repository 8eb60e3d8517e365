# cws-stop through a proxy's tunnel that is refused: no byte of the request has reached the server.
#
# run sets stderr and stderr_lines.
# shellcheck shell=bash disable=SC2154

load helper

setup() {
	command -v python3 >/dev/null || skip "no python3 here, and the proxy is written in it"
	cd "$BATS_TEST_TMPDIR" || return
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=coder.test \
		-addext subjectAltName=DNS:coder.test -keyout tls.key -out tls.pem 2>/dev/null
	start_world --tls-cert tls.pem --tls-key tls.key
	workspace ada/ws3-gpu >id
	jq -c --arg id "$(cat id)" --arg at "$(date -u +%FT%TZ)" '.workspaces[] | select(.id == $id) | .cws = {mine: {due: true, state: "demo", stop_at: null, why: "demo", at: $at}}' \
		"$FIXTURES/world/workspaces.json" >due
}

teardown() {
	[ -z "${TUNNEL_PID:-}" ] || kill "$TUNNEL_PID"
	stop_fake || true
}

# tunnel FIRST LAST STATUS [STEP]: a proxy that refuses those stands before the server, whose name only it knows.
tunnel() {
	local port=${FAKE_URL##*:}
	mkfifo said
	python3 "$REPO/tests/tunnel.py" "$port" "$@" >said 2>tunnels 3>&- &
	TUNNEL_PID=$!
	read -r https_proxy <said
	export https_proxy=http://127.0.0.1:$https_proxy CODER_URL=https://coder.test:$port CODER_CLIENT_TLS_CA_FILE=$PWD/tls.pem
}

@test "cws-stop sends a stop once more whose tunnel the proxy refused or cut" {
	local answer
	for answer in 403 502 0; do
		rm -f said
		tunnel 2 2 "$answer"
		run --separate-stderr -0 cws-stop -vx -j 1 <due
		# an attempt is one of which a byte may have left
		[ "$(jq -r '"\(.cws.stop.result) \(.cws.stop.attempts)"' <<<"$output")" = "accepted 1" ]
		grep -qE ': POST .*(the proxy opens no way to the server: it answers HTTP '"$answer"'|CONNECT)' <<<"$stderr"
		grep -q '^3 CONNECT coder.test:' tunnels
		[ "$(acts | jq -r ".\"$(cat id)\".stop")" = 1 ]
		kill "$TUNNEL_PID"
		unset TUNNEL_PID https_proxy
		control '{"reset":true}'
	done
}

@test "cws-stop does not count what never left towards the six 429 that end it" {
	control '{"script":[{"match":{"method":"POST"},"from":1,"to":3,"do":{"status":429,"headers":{"Retry-After":"1"},"body":"x"}}]}'
	tunnel 2 6 503 2 # each second connection is for a stop
	run --separate-stderr -0 timeout 100 cws-stop -vx --rate 0 -j 1 <due
	[ "$(jq -r '"\(.cws.stop.result) \(.cws.stop.attempts)"' <<<"$output")" = "accepted 4" ]
	[ "$(grep -c ': POST .*: the proxy opens no way to the server: it answers HTTP 503' <<<"$stderr")" -eq 3 ]
	[ "$(requests POST '*/builds')" -eq 4 ]
}

@test "cws-fetch says at once what a proxy answers that opens no tunnel, and waits for one that may" {
	local answer
	for answer in 403 407; do
		rm -f said
		tunnel 1 1000 "$answer"
		run --separate-stderr -3 cws-fetch -q
		[ "$stderr" = "cws-fetch: $CODER_URL: cannot list workspaces: the proxy opens no way to the server: it answers HTTP $answer" ]
		[ "$(wc -l <tunnels)" -le 7 ] # the page, and the facts beside it: each once
		kill "$TUNNEL_PID"
		unset TUNNEL_PID https_proxy
	done
	[ ! -s "$FAKE_LOG" ]
	rm said
	tunnel 1 8 503
	run --separate-stderr -0 cws-fetch -q
	[ "${#lines[@]}" -eq 88 ]
}
