# cws-fetch over TLS: whom it trusts, and what it says when it does not.
#
# Patterns are meant where a right-hand side is unquoted; each test sets its own
# environment; run sets stderr and stderr_lines.
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	# A CA, a certificate for localhost from it, and one of nobody's.
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=test CA' \
		-keyout ca.key -out ca.pem 2>/dev/null
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' -keyout tls.key -out tls.csr 2>/dev/null
	openssl x509 -req -in tls.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out tls.pem \
		-extfile <(printf 'subjectAltName=DNS:localhost') 2>/dev/null
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=other CA' \
		-keyout other.key -out other.pem 2>/dev/null
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=localhost' \
		-addext subjectAltName=DNS:localhost -keyout self.key -out self.pem 2>/dev/null
}

setup() {
	start_fake --tls-cert "$BATS_FILE_TMPDIR/tls.pem" --tls-key "$BATS_FILE_TMPDIR/tls.key"
	CA=$BATS_FILE_TMPDIR/ca.pem
}

teardown() {
	stop_fake || true
}

@test "cws-fetch lists over TLS with --cacert, and with each variable that names certificates" {
	[[ $CODER_URL == https://* ]]
	run --separate-stderr -0 cws-fetch --cacert "$CA" --page-size 20
	[ "${#lines[@]}" -eq 88 ]
	[ "$stderr" = "cws-fetch: 88 workspaces, 5 pages, 0 retries" ]
	CODER_CLIENT_TLS_CA_FILE=$CA run -0 cws-fetch -q
	CURL_CA_BUNDLE=$CA run -0 cws-fetch -q
	SSL_CERT_FILE=$CA run -0 cws-fetch -q
	mkdir "$BATS_TEST_TMPDIR/certs"
	cp "$CA" "$BATS_TEST_TMPDIR/certs/$(openssl x509 -hash -noout -in "$CA").0"
	SSL_CERT_DIR=$BATS_TEST_TMPDIR/certs run -0 cws-fetch -q
}

@test "cws-fetch takes the first of the settings that name certificates" {
	CODER_CLIENT_TLS_CA_FILE=$BATS_FILE_TMPDIR/other.pem run -0 cws-fetch -q --cacert "$CA"
	CURL_CA_BUNDLE=$BATS_FILE_TMPDIR/other.pem CODER_CLIENT_TLS_CA_FILE=$CA run -0 cws-fetch -q
}

@test "cws-fetch talks to no server it cannot verify, and does not try again" {
	local pid=$FAKE_PID
	run --separate-stderr -3 cws-fetch -q
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "cws-fetch: $CODER_URL: cannot list workspaces: its certificate is of a CA "*" --cacert FILE (SSL certificate problem: "*")" ]]
	run --separate-stderr -3 cws-fetch -q --cacert "$BATS_FILE_TMPDIR/other.pem"
	[[ $stderr == *"SSL certificate problem: "* ]]
	# the right CA, but another name
	run --separate-stderr -3 cws-fetch -q --cacert "$CA" --url "${CODER_URL/localhost/127.0.0.1}"
	[[ $stderr == *": its certificate is for another name: use that in the URL (SSL: "*"127.0.0.1"*")" ]]
	[ ! -s "$FAKE_LOG" ]
	kill -0 "$pid"
}

@test "cws-fetch refuses a CA file that is none" {
	printf 'not a certificate\n' >"$BATS_TEST_TMPDIR/ca.pem"
	run --separate-stderr -3 cws-fetch -q --cacert "$BATS_TEST_TMPDIR/ca.pem"
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "cws-fetch: $CODER_URL: cannot list workspaces: "* ]]
}

@test "cws-fetch shows a client certificate" {
	run --separate-stderr -0 env CODER_CLIENT_TLS_CERT_FILE="$BATS_FILE_TMPDIR/tls.pem" \
		CODER_CLIENT_TLS_KEY_FILE="$BATS_FILE_TMPDIR/tls.key" cws-fetch -q --cacert "$CA"
	[ "${#lines[@]}" -eq 88 ]
	run --separate-stderr -3 env CODER_CLIENT_TLS_CERT_FILE="$BATS_FILE_TMPDIR/tls.pem" \
		CODER_CLIENT_TLS_KEY_FILE="$BATS_FILE_TMPDIR/other.key" cws-fetch -q --cacert "$CA"
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "cws-fetch tells a plain http URL of a TLS server from a working one" {
	local url=${CODER_URL/https/http}
	run --separate-stderr -3 cws-fetch -q --url "$url"
	[ "$stderr" = "cws-fetch: $url: cannot list workspaces: the server speaks TLS at this port: use $CODER_URL" ]
	run --separate-stderr -3 cws-stop --url "$url" <<<'{"id":"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11","name":"dev","owner_name":"ada","latest_build":{},"cws":{"mine":{"due":true,"at":"'"$(date -u +%FT%TZ)"'"}}}'
	[ "${stderr_lines[0]}" = "cws-stop: $url: the server speaks TLS at this port: use $CODER_URL: nothing was sent" ]
	[ ! -s "$FAKE_LOG" ] # nor did it see the token in clear: what it got was no request
	# where a certificate nobody believes is behind it, too
	SSL_CERT_FILE=$BATS_FILE_TMPDIR/other.pem run --separate-stderr -3 cws-fetch -q --url "$url"
	[[ $stderr == *": the server speaks TLS at this port: use $CODER_URL" ]]
}

@test "cws-fetch tells an https URL of a server without TLS, which it asks without the token" {
	local url
	stop_fake
	start_fake
	url=${CODER_URL/http:/https:}
	run --separate-stderr -3 cws-fetch -q --url "$url"
	[ "$stderr" = "cws-fetch: $url: cannot list workspaces: the server speaks no TLS at this port: use $CODER_URL" ]
	[ "$(jq -r '"\(.method) \(.path) \(.token_id)"' "$FAKE_LOG" | sort -u)" = "HEAD / null" ]
}

@test "cws-fetch asks what a port speaks that ends a request of its own kind, and asks no more once it has answered" {
	local kind
	# a server that refuses the first requests, but is the right one
	stop_fake
	for kind in '"status":400,"body":"<html>"' '"reset":"before"' '"raw":"no HTTP\r\n\r\n"'; do
		start_scripted '{"match":{"method":"GET"},"from":1,"to":2,"do":{'"$kind"'}}'
		run --separate-stderr cws-fetch --deadline 5s
		[[ $stderr != *" at this port: use "* ]]
		stop_fake
	done
	start_scripted '{"match":{"path":"/api/v2/workspaces"},"from":2,"to":3,"do":{"reset":"before"}}'
	run --separate-stderr -0 cws-fetch -q --page-size 30 -j 1
	[ "$(jq -s 'map(select(.path == "/")) | length' "$FAKE_LOG")" = 0 ]
}

@test "cws-fetch says what a server asks for that ends the handshake, and does not try again" {
	local want options fifo=$BATS_TEST_TMPDIR/in pid port
	mkfifo "$fifo"
	while IFS='|' read -r want options; do
		for _ in {1..20}; do
			port=$((RANDOM % 20000 + 10000)) # s_server tells no port that it has chosen
			# shellcheck disable=SC2086 # several options
			openssl s_server -accept "127.0.0.1:$port" -cert "$BATS_FILE_TMPDIR/tls.pem" -key "$BATS_FILE_TMPDIR/tls.key" $options \
				<>"$fifo" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
			pid=$!
			while kill -0 "$pid" 2>/dev/null && ! grep -q ACCEPT "$BATS_TEST_TMPDIR/said"; do sleep 0.02; done
			! kill -0 "$pid" 2>/dev/null || break
		done
		run --separate-stderr -3 cws-fetch -q --url "https://localhost:$port" --cacert "$CA"
		kill "$pid"
		[[ $stderr == "cws-fetch: https://localhost:$port: cannot list workspaces: $want ("*"alert"*")" ]] || {
			echo "$stderr"
			return 1
		}
	done <<-'ROWS'
		it wants a certificate of yours: set CODER_CLIENT_TLS_CERT_FILE and _KEY_FILE|-Verify 1
		it agrees to no TLS of ours, or wants a certificate: CODER_CLIENT_TLS_CERT_FILE and _KEY_FILE|-Verify 1 -no_tls1_3
		its TLS is older than 1.2: it needs a newer one|-tls1_1 -cipher ALL:@SECLEVEL=0
	ROWS
}

@test "cws-fetch says of a certificate signed by itself that it can be given" {
	stop_fake
	start_fake --tls-cert "$BATS_FILE_TMPDIR/self.pem" --tls-key "$BATS_FILE_TMPDIR/self.key"
	run --separate-stderr -3 cws-fetch -q
	[[ $stderr == "cws-fetch: $CODER_URL: cannot list workspaces: its certificate is signed by itself: if it is the right one, give it with --cacert FILE (SSL"*")" ]]
	run --separate-stderr -0 cws-fetch -q --cacert "$BATS_FILE_TMPDIR/self.pem"
	[ "${#lines[@]}" -eq 88 ]
}
