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
	[[ $stderr == "cws-fetch: $CODER_URL: cannot list workspaces: SSL certificate problem: "* ]]
	run --separate-stderr -3 cws-fetch -q --cacert "$BATS_FILE_TMPDIR/other.pem"
	[[ $stderr == *"SSL certificate problem: "* ]]
	# the right CA, but another name
	run --separate-stderr -3 cws-fetch -q --cacert "$CA" --url "${CODER_URL/localhost/127.0.0.1}"
	[[ $stderr == *"SSL: "*"127.0.0.1"* ]]
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
	run --separate-stderr -3 cws-fetch -q --url "${CODER_URL/https/http}" --deadline 2s
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "cws-fetch: ${CODER_URL/https/http}: cannot list workspaces: "* ]]
}
