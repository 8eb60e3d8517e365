# cws-fetch --check: each way in which a first contact goes wrong is one line that says what, and what to do.

# shellcheck disable=SC2030,SC2031,SC2154

load helper

teardown() {
	stop_fake || true
}

# finding LEVEL WHAT WORDS... - there is one line of that, with these words in it, in their order
finding() {
	local level=$1 what=$2 line word
	shift 2
	line=$(grep -E "^$level +$what  " <<<"$output") || { echo "no $level of $what in: $output"; return 1; }
	[ "$(wc -l <<<"$line")" -eq 1 ]
	for word; do
		[[ "$line" == *"$word"* ]] || { echo "no '$word' in: $line"; return 1; }
		line=${line#*"$word"}
	done
}

# check STATUS [OPTION...]
check() {
	run --separate-stderr -"$1" timeout 60 cws-fetch -q --check "${@:2}"
	[ "$stderr" = "" ] || [[ "$stderr" == "cws-fetch: warning: "*" is not encrypted"* ]]
}

@test "an owner's token: who, until when, what is listed, what may be done, the licence, who builds; nothing is changed" {
	start_world
	check 0
	finding ok server "Coder v2.31.14 at $CODER_URL"
	finding ok clock "this clock is the server's"
	finding ok token "ops, owner"
	[[ "$(grep '^ok    expiry' <<<"$output")" =~ 'the token expires in '(7d|6d\ 23h)', 20' ]]
	finding ok cws-fetch "lists 88 workspaces, none hidden"
	finding ok cws-stop "others' workspaces too"
	finding ok 'cws-stop --soft' "others' workspaces too"
	finding ok cws-start "others' workspaces too"
	finding ok licence "no owners' quiet hours"
	finding ok provisioners "3 live"
	[ "${#lines[@]}" -eq 10 ]
	[ "$(sent)" -eq 0 ]
	run --separate-stderr -0 cws-fetch --check --json
	[ "$stderr" = "cws-fetch: 10 ok, 0 to look at, 0 failed" ]
	[ "$(jq -c '[.format, .url, .ok, .version, .user, .roles, .workspaces, .hidden, .may, .scheduling, .groups, .provisioners_live,
		(.expires_at | length), (.findings | length), ([.findings[] | keys] | unique)]' <<<"$output")" = \
		"[1,\"$CODER_URL\",true,\"v2.31.14\",\"ops\",\"owner\",88,0,{\"read\":\"others\",\"stop\":\"others\",\"update\":\"others\",\"start\":\"others\"},false,false,3,20,10,[[\"advice\",\"found\",\"level\",\"what\"]]]" ]
}

@test "all provisioners are counted where the server lists but the first fifty; a rest that is lost leaves them unknown" {
	start_fake --provisioners 60
	check 0
	finding ok provisioners "60 live"
	[ "$(requests GET '*/provisionerdaemons')" -eq 2 ]
	stop_fake
	start_scripted --provisioners 60 '{"match":{"path":"*/provisionerdaemons","query":"limit=0"},"do":{"status":404,"body":"{\"message\":\"Resource not found\"}"}}'
	run --separate-stderr -0 cws-fetch -q --check --json
	[ "$(jq .provisioners_live <<<"$output")" = null ]
}

@test "what is licensed is told, and which templates remind owners" {
	start_world --premium '{"match":{"path":"/api/v2/templates"},"every":true,"do":{"body":"[{\"name\":\"gpu\",\"time_til_autostop_notify_ms\":600000},{\"name\":\"k8s\",\"time_til_autostop_notify_ms\":0}]"}}'
	check 0
	finding ok licence "owners' quiet hours, dormancy, the templates' scheduling; groups"
	finding ok reminders "templates that remind owners: gpu"
}

@test "each scope that is missing is named, with what needs it" {
	local token lacks want
	start_world
	while IFS='|' read -r token want list stop soft start; do
		export CODER_SESSION_TOKEN=${!token}
		check "$want"
		for part in "cws-fetch:$list" "cws-stop:$stop" "cws-stop --soft:$soft" "cws-start:$start"; do
			lacks=${part#*:}
			case $lacks in
			'') finding ok "${part%%:*}" ;;
			fail*) finding fail "${part%%:*}" "${lacks#fail }" ;;
			*) finding warn "${part%%:*}" "the token lacks $lacks - make a token with that too" ;;
			esac
		done
	done <<-END
		TOKEN_WSONLY|3|fail 88 of 88 workspaces are hidden - make a token with template:read|workspace:stop, template:read and user:read|workspace:update, template:read and user:read|workspace:start, template:read and user:read
		TOKEN_READONLY|0||workspace:stop and user:read|workspace:update and user:read|workspace:start and user:read
		TOKEN_READSTOP|0||user:read|workspace:update and user:read|workspace:start and user:read
		TOKEN_LEAST|0|||workspace:update|workspace:start
		TOKEN_WSSTAR|0||||
		TOKEN_NOTEMPLATE|3|fail 88 of 88 workspaces are hidden - make a token with template:read|template:read|workspace:update and template:read|workspace:start and template:read
		TOKEN_OPERATE|0||workspace:stop||workspace:start
	END
	export CODER_SESSION_TOKEN=$TOKEN_READSTOP
	check 0
	finding warn token "whose it is cannot be read: it lacks user:read"
	finding warn expiry "give it api_key:read and user:read"
	export CODER_SESSION_TOKEN=$TOKEN_LEASTKEY
	check 0
	finding ok expiry "the token expires in "
	[ "$(sent)" -eq 0 ]
}

@test "an end or a licence that cannot be read is not known, and never none" {
	start_world '{"match":{"path":"/api/v2/users/me/keys/*"},"every":true,"do":{"body":"{\"expires_at\":\"next week\",\"login_type\":\"token\"}"}}' \
		'{"match":{"path":"/api/v2/entitlements"},"every":true,"do":{"set":{"features":null}}}'
	check 0
	finding warn expiry "when the token expires cannot be read"
	run --separate-stderr -0 cws-fetch -q --check --json
	[ "$(jq -c '[.expires_at, .scheduling, .groups]' <<<"$output")" = '[null,null,null]' ]
	run --separate-stderr -0 cws-fetch
	[ "$(jq -c .cws.fetch.scheduling <<<"$output" | sort -u)" = null ]
	[[ $stderr == *"null in the records: scheduling of 88"* ]]
}

@test "a role that reaches its own workspaces alone is told from one that lacks a scope" {
	start_world
	for token in "$TOKEN_MEMBER" "$TOKEN_AUDITOR" "$TOKEN_TADMIN"; do
		export CODER_SESSION_TOKEN=$token
		check 0
		finding warn cws-stop "its own user alone - where others' are meant, take a user who is organization-admin or owner"
	done
	export CODER_SESSION_TOKEN=$TOKEN_ADMINLEAST
	check 0
	finding ok cws-stop "others' workspaces too"
	control '{"join":"zoe"}'
	export CODER_SESSION_TOKEN=$TOKEN_NEWCOMER
	check 3
	finding fail cws-fetch "this token sees no workspace: its user owns none"
}

@test "some rows that are hidden are counted" {
	start_world '{"match":{"path":"/api/v2/workspaces"},"every":true,"do":{"set":{"count":91}}}'
	check 3
	finding fail cws-fetch "3 of 91 workspaces are hidden"
	run --separate-stderr -3 cws-fetch -q --check --json
	[ "$(jq -c '[.ok, .workspaces, .hidden]' <<<"$output")" = '[false,91,3]' ]
}

@test "a token that is expired, malformed, unknown or of a suspended user is refused in the server's words" {
	start_world
	export CODER_SESSION_TOKEN=$TOKEN_EXPIRED
	check 3
	[ "${#lines[@]}" -eq 3 ]
	finding fail token "HTTP 401" "API key expired at" "make a new one: coder tokens create, or coder login $CODER_URL"
	export CODER_SESSION_TOKEN=rather-short
	check 3
	finding fail token "Invalid API key format" "make a new one"
	export CODER_SESSION_TOKEN=Nobodyhere-s3cr3tNobodyhere000000
	check 3
	finding fail token "API key is invalid" "make a new one"
	export CODER_SESSION_TOKEN=$TOKEN_SUSPENDED
	check 3
	finding fail token "User is not active" "have its user activated"
	run ! grep -rF "${TOKEN_EXPIRED#*-}" <<<"$output"
}

@test "a token that ends soon is a warning" {
	start_world
	control '{"expire_token":"OwnerToken","in":"26h"}'
	check 0
	finding warn expiry "the token expires in 1d" "make a new one before that"
}

@test "no server under that name, nobody at that port, the wrong port's language" {
	export CODER_SESSION_TOKEN=$TOKEN_OWNER
	check 3 --url http://no.such.host.invalid
	finding fail server "esolv" "check the name in the URL, and this machine's DNS" # or "Resolving timed out", where none answers
	[ "${#lines[@]}" -eq 1 ]
	check 3 --url http://127.0.0.1:9
	finding fail server "onnect" "check the host and the port"
	start_fake
	check 3 --url "${CODER_URL/http:/https:}"
	finding fail server "no TLS at this port: use $CODER_URL"
	[ "$(requests '*' '*' .headers.token)" -eq 0 ]
}

@test "a certificate that nobody here trusts, and http at a port of https" {
	cd "$BATS_TEST_TMPDIR"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout tls.key -out tls.pem 2>/dev/null
	start_fake --tls-cert tls.pem --tls-key tls.key
	check 3
	finding fail server "ertificate" "--cacert"
	check 0 --cacert tls.pem
	check 3 --url "${CODER_URL/https:/http:}"
	finding fail server "TLS at this port: use $CODER_URL"
}

@test "a web page, a sign-in that redirects, another program's JSON, a workspace proxy" {
	start_world '{"match":{"path":"/api/v2/buildinfo"},"nth":1,"do":{"status":200,"content_type":"text/html","body":"<html>Sign in</html>"}}' \
		'{"match":{"path":"/api/v2/buildinfo"},"nth":2,"do":{"redirect":"https://sso.example.com/login"}}' \
		'{"match":{"path":"/api/v2/buildinfo"},"nth":3,"do":{"status":200,"body":"{\"status\":\"ok\"}"}}' \
		'{"match":{"path":"/api/v2/buildinfo"},"nth":4,"do":{"status":403,"content_type":"text/html","body":"<html>no</html>"}}'
	check 3
	finding fail server "no JSON" "CODER_HEADER_COMMAND"
	check 3
	finding fail server "redirects to https://sso.example.com" "CODER_HEADER_COMMAND"
	check 3
	finding fail server "not what Coder answers here" "check the URL"
	check 3
	finding fail server "HTTP 403" "check the URL" "CODER_HEADER_COMMAND"
	control '{"buildinfo":{"workspace_proxy":true}}'
	check 3
	finding fail server "$CODER_URL is a workspace proxy, not Coder itself" "set the URL to http://127.0.0.1:3000"
	# Nobody was asked more than that.
	[ "$(requests GET '/api/v2/users/*')" -eq 0 ]
}

@test "an old server is a warning, one whose pages do not count a fault" {
	start_world
	control '{"buildinfo":{"version":"v2.20.1+abc"}}'
	check 0
	finding warn server "Coder v2.20.1+abc" "older than v2.31"
	control '{"buildinfo":{"version":"v2.8.5"}}'
	check 3
	finding fail server "v2.8.5" "cannot be listed whole"
}

@test "a clock that is off is told with its side; no provisioner that lives is a warning" {
	start_fake --shift --clock-offset 2m
	check 0
	finding warn clock "this clock is" "behind the server's" "set it"
	stop_fake
	start_fake --shift --clock-offset -10m
	check 3
	finding fail clock "this clock is" "ahead of the server's" "cws-stop and cws-start refuse -x"
	control '{"provisioners":0}'
	check 3
	finding warn provisioners "0 live" "nothing will be stopped or started"
}

@test "a clock that a cache kept is none, and the cache is told" {
	start_world '{"match":{"path":"/api/v2/buildinfo"},"every":true,"do":{"date":"-600s","headers":{"Age":"600"}}}'
	check 0
	finding warn clock "the server does not tell its time" "a proxy on the way drops the header Date, or answers from a cache"
}

@test "a server whose own fault answers says so, and no token is blamed" {
	start_world
	control '{"outage":401,"for":"60s","after":0}'
	check 3 --deadline 3s
	finding fail server "An internal error occurred" "look at Coder, its database and what stands before it"
	run ! grep -q '^fail  token' <<<"$output"
}

@test "what shapes a list is refused with --check, and nothing is asked" {
	start_fake
	run --separate-stderr -2 cws-fetch --check -Q owner:ada
	[ "$stderr" = "cws-fetch: --check lists nothing: leave out --query" ]
	run --separate-stderr -2 cws-fetch --check --with owner
	[ "$stderr" = "cws-fetch: --check lists nothing: leave out --with" ]
	run --separate-stderr -2 cws-fetch --json
	[ "$stderr" = "cws-fetch: --json is of --check: records are JSON already" ]
	run --separate-stderr -2 env -u CODER_SESSION_TOKEN cws-fetch --check
	[[ "$stderr" == "cws-fetch: no token: give --token-file"* ]]
	[ ! -s "$FAKE_LOG" ]
}
