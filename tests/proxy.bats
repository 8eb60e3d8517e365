# A proxy as it stands before a real Coder: nginx with TLS and HTTP/2, and what it makes of a server that fails.
#
# Patterns are meant where a right-hand side is unquoted; run sets stderr and stderr_lines.
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

# dennis owns four running workspaces; things happen to the second one.
VICTIM=ws1-k8s-go

teardown() {
	stop_proxy || true
	stop_fake || true
}

# Start both; the fault script has these rules, V in them is the victim's path.
faulty() {
	local path
	path=/api/v2/workspaces/$(workspace "dennis/$VICTIM")
	start_world "${@//V/$path}"
}

# Records that the proxy's URL may be stopped by.
dennis() {
	due 'select(.owner_name == "dennis")' >"$BATS_TEST_TMPDIR/in"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/in")" -eq 4 ]
}

# What the proxy saw: "how many, what" by a filter over the list of its requests.
seen() {
	jq -cs "$1" "$PROXY_LOG"
}

ids() {
	jq -r .id | sort
}

victim() {
	jq -r --arg n "$VICTIM" 'select(.name == $n).cws.stop | "\(.result) \(.http) \(.attempts) \(.why)"' <<<"$output"
}

# Stop dennis' four: the status, the victim's outcome, stops of the victim that the server carried out.
stops() {
	local status=$1 outcome=$2 stopped=$3
	shift 3
	run --separate-stderr "-$status" cws-stop -q -x -j 1 --rate 0 "$@" <"$BATS_TEST_TMPDIR/in"
	[[ $(victim) == $outcome ]] || {
		victim
		return 1
	}
	[ "$(jq -r --arg n "$VICTIM" 'select(.name != $n).cws.stop.result' <<<"$output" | paste -sd' ')" = "accepted accepted accepted" ]
	[ "$(posts | jq --arg id "$(workspace "dennis/$VICTIM")" '.[$id] // 0')" -eq "$stopped" ]
	posts | jq -e 'all(.[]; . == 1)' >/dev/null
	# and one POST each left this machine
	[ "$(seen 'map(select(.method == "POST").path) | [length, (unique | length)]')" = "[4,4]" ]
}

@test "cws-fetch lists through a proxy over HTTP/2, several requests on one connection" {
	start_fake
	cws-fetch -q | ids >"$BATS_TEST_TMPDIR/want"
	start_proxy
	run --separate-stderr -0 cws-fetch --page-size 10 -j 4 --with owner
	[ "$stderr" = "cws-fetch: 88 workspaces, 9 pages, 0 retries" ]
	ids <<<"$output" | cmp - "$BATS_TEST_TMPDIR/want"
	[ "$(seen 'map(.protocol) | unique')" = '["HTTP/2.0"]' ]
	[ "$(seen 'length > 9 and (map(.connection) | unique | length) == 1')" = true ]
	[ "$(jq -r .cws.fetch.url <<<"$output" | sort -u)" = "$CODER_URL" ]
}

@test "cws-fetch goes on where a proxy closes its connections after a few requests and streams" {
	start_fake
	start_proxy 'keepalive_requests 3; http2_max_concurrent_streams 2;'
	run --separate-stderr -0 cws-fetch --page-size 4 -j 6
	[ "$(ids <<<"$output" | uniq | wc -l)" -eq 88 ]
	[ "$(ids <<<"$output" | uniq -d)" = "" ]
	[ "$(seen '(map(.connection) | unique | length) > 5')" = true ]
}

@test "cws-stop, cws-start and a soft stop send each request once, by HTTP/1.1 on a connection of its own" {
	start_world
	start_proxy
	dennis
	cws-stop -q -x -j 4 --rate 0 --soft 45m <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/soft"
	cws-stop -q -x -j 4 --rate 0 --wait <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/stopped"
	[ "$(jq -r .cws.stop.result "$BATS_TEST_TMPDIR/stopped" | sort -u)" = stopped ]
	cws-start -q -x -j 4 --rate 0 --wait <"$BATS_TEST_TMPDIR/stopped" >"$BATS_TEST_TMPDIR/started"
	[ "$(jq -r .cws.start.result "$BATS_TEST_TMPDIR/started" | sort -u)" = started ]
	acts | jq -e 'length == 4 and all(.[]; .stop == 1 and .start == 1 and .extend <= 1)' >/dev/null
	[ "$(seen 'map(select(.method == "POST")) | length')" -eq 8 ]
	[ "$(seen 'map(select(.method == "PUT")) | length')" -eq "$(jq -r .cws.stop.result "$BATS_TEST_TMPDIR/soft" | grep -c softened)" ]
	[ "$(seen 'map(select(.method == "PUT")) | length > 0')" = true ]
	[ "$(seen 'map(select(.method != "GET").protocol) | unique')" = '["HTTP/1.1"]' ]
	[ "$(seen 'map(select(.method == "GET").protocol) | unique')" = '["HTTP/2.0"]' ]
	# nor does anything of one request cling to the next
	[ "$(jq -c 'select(.method == "GET" and (.headers["user-agent"] | startswith("cws/"))) | [.body, .headers["content-type"], .headers.accept, .headers.token]' "$FAKE_LOG" | sort -u)" = \
		'["",null,"application/json",true]' ]
	[ "$(jq -c 'select(.method != "GET") | [.body != "", .headers["content-type"], .headers.accept, .headers.token]' "$FAKE_LOG" | sort -u)" = \
		'[true,"application/json","application/json",true]' ]
	# nothing else ever used one of these connections
	[ "$(seen 'group_by(.connection) | map(select(any(.method != "GET"))) | all(length == 1 and .[0].nth == 1)')" = true ]
}

@test "cws-fetch says in one line that the proxy has no server behind it" {
	export CODER_SESSION_TOKEN=$TOKEN_OWNER
	FAKE_URL=http://127.0.0.1:1 # a port once left may be somebody else's by now
	start_proxy
	run --separate-stderr -3 cws-fetch -q --deadline 3s
	[ "$stderr" = "cws-fetch: $CODER_URL: cannot list workspaces: HTTP 502: not an answer of Coder's" ]
	[[ $output == '{"cws":{"aborted":"cws-fetch: '* ]]
	[ "$(seen 'map(.status) | unique')" = "[502]" ]
	stop_proxy
	export CODER_URL=https://localhost:1
	run --separate-stderr -3 cws-fetch -q --deadline 1s
	[[ $stderr == "cws-fetch: $CODER_URL: cannot list workspaces: "*onnect* ]]
}

@test "cws-fetch rides out a server that is away for a moment, late, cut or broken off behind the proxy" {
	local fault
	for fault in '{"away_ms":300}' '{"stall":true}' '{"reset":"after"}' '{"cut":20000}' '{"status":503,"body":"<html>busy</html>"}'; do
		faulty '{"match":{"path":"/api/v2/workspaces"},"nth":2,"do":'"$fault"'}'
		start_proxy 'proxy_read_timeout 1s;'
		run --separate-stderr -0 cws-fetch --page-size 20 -j 2
		[ "$(ids <<<"$output" | uniq | wc -l)" -eq 88 ]
		[ "$(ids <<<"$output" | uniq -d)" = "" ]
		stop_proxy
		stop_fake
	done
}

@test "cws-fetch unpacks what the proxy packs, and no more than it takes" {
	local packs='gzip on; gzip_types application/json; gzip_proxied any;'
	faulty '{"match":{"path":"/api/v2/workspaces","query":"limit=200"},"every":true,"do":{"pad":100000000}}'
	start_proxy "$packs"
	curl -ksS --compressed -H "Coder-Session-Token: $CODER_SESSION_TOKEN" -D "$BATS_TEST_TMPDIR/head" -o /dev/null \
		"$CODER_URL/api/v2/workspaces?limit=9"
	grep -qi '^content-encoding: gzip' "$BATS_TEST_TMPDIR/head"
	run --separate-stderr -0 cws-fetch -q --page-size 30
	[ "$(ids <<<"$output" | uniq | wc -l)" -eq 88 ]
	run --separate-stderr -0 cws-fetch --page-size 200
	[ "${stderr_lines[0]}" = "cws-fetch: warning: a page of 200 workspaces is too large: going on with 50 a page" ]
	[ "$(ids <<<"$output" | uniq | wc -l)" -eq 88 ]
}

@test "a proxy with TLS is not taken for one without, though it answers 400 to either" {
	faulty
	start_proxy 'return 400;'
	[ "$(curl -s -o /dev/null -w '%{http_code}' "${CODER_URL/https:/http:}")" = 400 ]
	run --separate-stderr -3 cws-fetch -q
	[ "$stderr" = "cws-fetch: $CODER_URL: cannot list workspaces: HTTP 400: not an answer of Coder's" ]
	run --separate-stderr -3 cws-fetch -q --url "${CODER_URL/https:/http:}"
	[ "$stderr" = "cws-fetch: ${CODER_URL/https:/http:}: cannot list workspaces: the server speaks TLS at this port: use $CODER_URL" ]
}

@test "cws-stop finds out what became of a stop that the proxy lost sight of" {
	# handled, but later than the proxy waits
	faulty '{"match":{"method":"POST","path":"V/builds"},"do":{"delay_ms":1500}}'
	start_proxy 'proxy_read_timeout 1s;'
	dennis
	stops 0 "accepted 504 1 *" 1
	stop_proxy
	stop_fake
	# handled, and the connection broke
	faulty '{"match":{"method":"POST","path":"V/builds"},"do":{"reset":"after"}}'
	start_proxy
	dennis
	stops 0 "accepted 502 1 *" 1
}

@test "cws-stop claims nothing about a stop that the proxy could not deliver, and sends it once" {
	faulty '{"match":{"method":"GET","path":"V"},"do":{"away_ms":1500}}'
	start_proxy
	dennis
	stops 1 "unknown 502 1 *" 0
	# the next run does what is left
	dennis_left=$(due 'select(.owner_name == "dennis")')
	[ "$(wc -l <<<"$dennis_left")" -eq 1 ]
	run --separate-stderr -0 cws-stop -q -x --rate 0 <<<"$dennis_left"
	posts | jq -e 'length == 4 and all(.[]; . == 1)' >/dev/null
}

@test "cws-stop ends when the proxy asks for a login of its own" {
	start_world
	start_proxy 'location ~ /builds$ { return 302 https://sso.example.com/login; }'
	dennis
	run --separate-stderr -3 cws-stop -q -x -j 1 --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(posts)" = "{}" ]
	[ "$(seen 'map(select(.method == "POST")) | length')" -eq 1 ]
	[ "$(head -n 1 <<<"$output" | jq -r .cws.stop.result)" = failed ]
}

@test "cws-stop waits with all requests when the proxy limits their rate" {
	start_world
	start_proxy 'error_page 429 = @slow; location @slow { add_header Retry-After 1 always; return 429; }
		location ~ /builds$ { limit_req zone=acts nodelay; limit_req_status 429; proxy_pass '"$FAKE_URL"'; }'
	dennis
	run --separate-stderr -0 cws-stop -q -x -j 4 --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r .cws.stop.result <<<"$output" | sort | uniq -c | tr -s ' ')" = " 4 accepted" ]
	posts | jq -e 'length == 4 and all(.[]; . == 1)' >/dev/null
	[ "$(seen 'any(.status == 429)')" = true ]
}
