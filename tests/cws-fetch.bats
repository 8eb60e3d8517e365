# cws-fetch: the list as it is, whole, each workspace once, whatever the server and the network do.
# The login is in cws-fetch-login.bats, TLS in cws-fetch-tls.bats.
#
# Patterns are meant where a right-hand side is unquoted; each test sets its own
# environment; run sets stderr and stderr_lines.
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

teardown() {
	stop_fake || true
}

# Write a fault script of the given lines and start the server with it.
fake_with_faults() {
	start_scripted "$@"
}

# What a faulty list does: the rule for hit N of the list ($1), and what to do ($2).
list_fault() {
	printf '{"match":{"path":"/api/v2/workspaces"},%s,"do":%s}\n' "$1" "$2"
}

# Distinct ids among records on standard input.
distinct() {
	jq -r .id | sort -u | wc -l
}

# The run failed: status 3, the abort mark closes the output, one line of the given form, and but for -q the summary.
fails_with() {
	local pattern=$1
	shift
	run --separate-stderr -3 cws-fetch "$@"
	[[ ${stderr_lines[0]} == $pattern ]]
	# Nothing else, but for the summary where -q does not silence it.
	[ "$(grep -vcE '^cws-fetch: [0-9]+ workspaces?, [0-9]+ pages?, [0-9]+ retr(y|ies)$' <<<"$stderr")" -eq 1 ]
	[[ ${lines[-1]} == '{"cws":{"aborted":"cws-fetch: '* ]]
	run ! jq -e . <<<"${lines[-1]}"
}

@test "cws-fetch --full writes the recorded workspaces byte for byte" {
	start_fake
	cws-fetch -q --full >"$BATS_TEST_TMPDIR/out"
	{
		printf '{"workspaces":['
		sed 's/,"cws":{"fetch":{"at":.*$/}/' "$BATS_TEST_TMPDIR/out" | paste -sd, | tr -d '\n'
		printf '],"count":88}\n'
	} >"$BATS_TEST_TMPDIR/page"
	cmp "$BATS_TEST_TMPDIR/page" "$FIXTURES/world/workspaces.json"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 88 ]
}

@test "cws-fetch leaves latest_build.resources out, and with them the agents' environment" {
	start_fake
	cws-fetch -q >"$BATS_TEST_TMPDIR/out"
	jq -c 'del(.cws)' "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/got"
	jq -c '.workspaces[] | del(.latest_build.resources)' "$FIXTURES/world/workspaces.json" >"$BATS_TEST_TMPDIR/want"
	cmp "$BATS_TEST_TMPDIR/got" "$BATS_TEST_TMPDIR/want"
	grep -q s3cr3t-environment-value "$FIXTURES/world/workspaces.json"
	run ! grep -q s3cr3t "$BATS_TEST_TMPDIR/out"
	run ! grep -q '#!/' "$BATS_TEST_TMPDIR/out"
}

@test "cws-fetch joins licence, server, template and owner into each record, and posts nothing" {
	start_fake
	run --separate-stderr -0 cws-fetch
	[ "$stderr" = "cws-fetch: 88 workspaces, 1 page, 0 retries" ]
	jq -c . <<<"$output" >"$BATS_TEST_TMPDIR/out"
	run -0 jq -cs 'map(.cws.fetch | [.url, .scheduling, .server.version, .server.provisioners_live]) | unique' \
		"$BATS_TEST_TMPDIR/out"
	[ "$output" = "[[\"$CODER_URL\",false,\"v2.31.14\",3]]" ] # the simulated server has three provisioners
	run -0 jq -cs 'map(.cws.fetch.owner | to_entries | map("\(.key)=\(.value)") | join(" ")) | unique | .[]' \
		"$BATS_TEST_TMPDIR/out"
	[ "${lines[0]}" = '"status=active last_seen_at=null email=null groups=null quiet_hours=null"' ]
	[ "${lines[1]}" = '"status=suspended last_seen_at=null email=null groups=null quiet_hours=null"' ]
	[ "$(jq -r 'select(.cws.fetch.owner.status == "suspended") | .owner_name' "$BATS_TEST_TMPDIR/out" | sort -u)" = vint ]
	# each record carries its own template's fields
	jq -c '[.template_id, .cws.fetch.template]' "$BATS_TEST_TMPDIR/out" | sort -u >"$BATS_TEST_TMPDIR/got"
	jq -c --slurpfile w "$BATS_TEST_TMPDIR/out" '.[] | select(.id as $id | any($w[]; .template_id == $id)) |
		[.id, {default_ttl_ms, activity_bump_ms, failure_ttl_ms, time_til_dormant_ms, autostop_requirement,
		autostart_requirement, allow_user_autostart, allow_user_autostop, deprecated, time_til_autostop_notify_ms, provisioners_matching: 3}]' \
		"$FIXTURES/world/templates.json" | sort -u >"$BATS_TEST_TMPDIR/want"
	cmp "$BATS_TEST_TMPDIR/got" "$BATS_TEST_TMPDIR/want"
	[ "$(words '.cws.fetch.at | instant' "$BATS_TEST_TMPDIR/out" | sort -u | wc -l)" -eq 1 ]
	[ "$(jq -c '.cws | keys_unsorted' "$BATS_TEST_TMPDIR/out" | sort -u)" = '["fetch"]' ]
	[ "$(requests POST '*')" -eq 0 ]
	[ "$(requests PUT '*')" -eq 0 ]
}

@test "cws-fetch tells a licence that enables scheduling, and a clock that is ahead" {
	start_fake --premium --clock-offset 1h
	cws-fetch -q --owner ada >"$BATS_TEST_TMPDIR/out"
	[ "$(jq -r '.cws.fetch.scheduling' "$BATS_TEST_TMPDIR/out" | sort -u)" = true ]
	[ "$(jq -r '.cws.fetch.server.clock_offset_ms / 60000 | round' "$BATS_TEST_TMPDIR/out" | sort -u)" = 60 ]
}

@test "cws-fetch reads pages in parallel and writes them in the server's order" {
	start_fake --latency 5ms
	cws-fetch -q --page-size 1000 | jq -r .id >"$BATS_TEST_TMPDIR/one"
	run --separate-stderr -0 cws-fetch --page-size 7 -j 5
	jq -r .id <<<"$output" >"$BATS_TEST_TMPDIR/many"
	cmp "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/many"
	[ "$stderr" = "cws-fetch: 88 workspaces, 13 pages, 0 retries" ]
	[ "$(requests GET /api/v2/workspaces)" -eq 14 ]
	run -0 bash -c 'cws-fetch -q --page-size 1 -j 32 | jq -r .id'
	[ "$output" = "$(cat "$BATS_TEST_TMPDIR/one")" ]
}

@test "cws-fetch misses nothing and repeats nothing when ten workspaces stop between two pages" {
	fake_with_faults "$(list_fault '"nth":2' '{"world":[{"stop_first":10}]}')"
	run --separate-stderr -0 cws-fetch --page-size 20 -j 1
	[ "$(jq -r .id <<<"$output" | wc -l)" -eq 88 ]
	[ "$(distinct <<<"$output")" -eq 88 ]
	[[ $stderr == "cws-fetch: 88 workspaces, "*", 1 read again, 0 retries" ]]
}

@test "cws-fetch takes a workspace deleted between two pages for no gap" {
	fake_with_faults "$(list_fault '"nth":3' '{"world":[{"delete":"ada/ws0-gpu"}]}')"
	run --separate-stderr -0 cws-fetch --page-size 10 -j 1
	[ "$(distinct <<<"$output")" -ge 87 ]
	[[ $stderr != *missing* ]]
}

@test "cws-fetch finds a workspace created while it reads" {
	fake_with_faults "$(list_fault '"nth":2' '{"world":[{"create":{"owner":"ada","name":"aaa-new","template":"k8s-go"}}]}')"
	run --separate-stderr -0 cws-fetch --page-size 30 -j 1
	[ "$(distinct <<<"$output")" -eq 89 ]
	[ "$(jq -r .name <<<"$output" | grep -c aaa-new)" -eq 1 ]
}

@test "cws-fetch -r lists what a stop could change, the short lists on both sides of the long one" {
	start_fake
	run --separate-stderr -0 cws-fetch -r
	jq -r .id <<<"$output" | sort >"$BATS_TEST_TMPDIR/got"
	jq -r '.workspaces[] | select(.latest_build.status | IN("running", "failed", "canceled")) | .id' \
		"$FIXTURES/world/workspaces.json" | sort >"$BATS_TEST_TMPDIR/want"
	cmp "$BATS_TEST_TMPDIR/got" "$BATS_TEST_TMPDIR/want"
	[ "$(jq -r 'select(.path == "/api/v2/workspaces").query' "$FAKE_LOG" | sed 's/.*status%3A//' | paste -sd' ')" = \
		"failed canceled running failed canceled" ]
	run --separate-stderr -2 cws-fetch -r -Q 'owner:ada status:failed'
	[ "$stderr" = "cws-fetch: --running chooses the status: leave 'status:' out of --query" ]
}

@test "cws-fetch hands the search to the server, with shorthands" {
	start_fake
	local want
	want=$(jq -r '[.workspaces[] | select(.owner_name == "ada" and .template_name == "gpu")] | length' \
		"$FIXTURES/world/workspaces.json")
	[ "$want" -gt 0 ]
	[ "$(cws-fetch -q --owner ada --template gpu --org coder | wc -l)" -eq "$want" ]
	[ "$(cws-fetch -q -Q 'owner:ada template:gpu' | wc -l)" -eq "$want" ]
	[ "$(cws-fetch -q -r --owner ada | jq -r .owner_name | sort -u)" = ada ]
	[ "$(cws-fetch -q --owner frances -Q status:failed | wc -l)" -eq 0 ]
	run --separate-stderr -2 cws-fetch --owner 'a"b'
	[ "$stderr" = "cws-fetch: a value of 'owner:' cannot hold a double quote" ]
	run --separate-stderr -2 cws-fetch --template ''
	run --separate-stderr -3 cws-fetch -q --owner 'a b:c' # quoted, so the server takes it for a name
	[ "$(requests GET /api/v2/workspaces 'select(.query | endswith("q=owner%3A%22a%20b%3Ac%22"))')" -eq 1 ]
}

@test "cws-fetch passes on what the server says about a search it does not know" {
	start_fake
	fails_with "cws-fetch: $CODER_URL: cannot list workspaces: HTTP 400: Invalid workspace search query: \"foo\" is not*" \
		-Q foo:bar
}

@test "cws-fetch calls a list without rows a missing permission, not an empty deployment" {
	start_fake
	export CODER_SESSION_TOKEN=$TOKEN_WSONLY
	fails_with "cws-fetch: $CODER_URL: 88 of 88 workspaces are hidden: this token needs template:read"
	[ "$(requests GET /api/v2/workspaces)" -eq 1 ]
	# two failed ones among them, whose list is read twice
	fails_with "cws-fetch: $CODER_URL: 55 of 55 workspaces are hidden: this token needs template:read" -r
}

@test "cws-fetch counts the rows that a page should have held" {
	local row='{\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\"}'
	fake_with_faults "$(list_fault '"every":true' '{"body":"{\"workspaces\":['"$row"'],\"count\":3}"}')"
	run --separate-stderr -1 cws-fetch -q
	[ "$(wc -l <<<"$output")" -eq 1 ]
	[ "${stderr_lines[0]}" = "cws-fetch: $CODER_URL: 2 of 3 workspaces are hidden: this token needs template:read" ]
	[ "$(requests GET /api/v2/workspaces)" -eq 2 ] # once more, to see that they stay hidden
}

@test "cws-fetch gives up on a list that never stands still after --passes" {
	local row='{\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\"}'
	fake_with_faults "$(list_fault '"every":true' '{"body":"{\"workspaces\":['"$row"'],\"count\":2}"}')"
	run --separate-stderr -1 cws-fetch -q --page-size 1
	[ "$(wc -l <<<"$output")" -eq 1 ]
	[ "${stderr_lines[0]}" = "cws-fetch: $CODER_URL: 1 of 2 workspaces are missing: the list kept changing, raise --passes" ]
	[ "$(requests GET /api/v2/workspaces)" -eq 6 ]
	run --separate-stderr -1 cws-fetch -q --page-size 1 --passes 1
	[ "$(requests GET /api/v2/workspaces)" -eq 8 ]
}

@test "cws-fetch writes null for what the token may not read, and says so once" {
	start_fake
	export CODER_SESSION_TOKEN=$TOKEN_READONLY
	run --separate-stderr -0 cws-fetch
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ "${stderr_lines[0]}" = "cws-fetch: warning: not readable, so null in the records: server.provisioners_live of 88, template.provisioners_matching of 88, owner.status of 88" ]
	[ "$(jq -c '.cws.fetch | [.server.provisioners_live, .template.provisioners_matching, .owner.status]' <<<"$output" | sort -u)" = '[null,null,null]' ]
	[ "$(requests GET '/api/v2/templateversions/*')" -eq 0 ] # of no use without the provisioners
	# A token of that kind always lacks them: a cron line is not told every hour.
	run --separate-stderr -0 cws-fetch -q
	[ "$stderr" = "" ]
	run --separate-stderr -0 cws-fetch -qv
	[ "$(grep -c 'not readable, so null in the records' <<<"$stderr")" -eq 1 ]
}

@test "cws-fetch knows only a member's own status with a member's token" {
	start_fake
	export CODER_SESSION_TOKEN=$TOKEN_MEMBER
	run --separate-stderr -0 cws-fetch -q
	[ "$(jq -r 'select(.owner_name == "dennis") | .cws.fetch.owner.status' <<<"$output" | sort -u)" = active ]
}

@test "cws-fetch tells no status of a prebuild's owner" {
	local row='{\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\",\"owner_id\":\"c42fdf75-3097-471c-8c33-fb52454d81c0\",\"is_prebuild\":true}'
	fake_with_faults "$(list_fault '"every":true' '{"body":"{\"workspaces\":['"$row"'],\"count\":1}"}')"
	[ "$(cws-fetch -q | jq -c .cws.fetch.owner.status)" = null ]
}

@test "cws-fetch replaces a member cws that the server sent, and keeps a pretty-printed page on one line each" {
	fake_with_faults "$(list_fault '"every":true' \
		'{"body":"{\n\"workspaces\": [\n{ \"cws\": {\"a\":1},\n\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\",\r\n\"n\": 1.0 }\n],\n\"count\": 1}"}')"
	run --separate-stderr -0 cws-fetch -q
	[[ $output == '{ "id":"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11",  "n": 1.0 ,"cws":{"fetch":{"at":"'* ]]
	[ "$(jq -c '[.cws | keys[]]' <<<"$output")" = '["fetch"]' ]
}

@test "cws-fetch tries passing faults of the list again" {
	local fault
	for fault in '{"status":503}' '{"status":502,"body":"<html>","content_type":"text/html"}' '{"status":504}' '{"status":408}' \
		'{"status":500,"body":"{\"message\":\"An internal server error occurred.\"}"}' \
		'{"cut":20000}' '{"reset":"before"}' '{"reset":"after"}' \
		'{"status":429,"body":"{\"message\":\"slow down\"}","headers":{"Retry-After":"1"}}' \
		'{"status":503,"headers":{"Retry-After":"Mon, 01 Jan 2024 00:00:00 GMT"}}'; do
		fake_with_faults "$(list_fault '"nth":2' "$fault")"
		run --separate-stderr -0 cws-fetch --page-size 50
		[ "$(distinct <<<"$output")" -eq 88 ]
		# libcurl itself sends a GET again when a reused connection was reset
		[[ $stderr == "cws-fetch: 88 workspaces, 2 pages, 1 retry" || $fault$stderr == *reset*"0 retries" ]] || {
			echo "$fault: $stderr"
			return 1
		}
		stop_fake
	done
}

@test "cws-fetch gives up on faults that do not pass" {
	local fault say n=0
	while IFS='|' read -r fault say; do
		fake_with_faults "$(list_fault '"every":true' "$fault")"
		fails_with "cws-fetch: $CODER_URL: cannot list workspaces: $say" -q
		stop_fake
		n=$((n + 1))
	done <<-'ROWS'
		{"status":403,"body":"{\"message\":\"Forbidden.\"}"}|HTTP 403: Forbidden
		{"status":404,"body":"{\"message\":\"Route not found.\"}"}|HTTP 404: Route not found
		{"status":500,"body":"{\"message\":\"x\",\"detail\":\"unauthorized: rbac: forbidden\"}"}|HTTP 500: x: unauthorized: rbac: forbidden
		{"status":200,"body":"<html>sign in</html>","content_type":"text/html"}|HTTP 200, but no JSON: a login page, or not Coder's URL[?]
		{"status":200,"body":"{\"workspaces\":[{\"id\":","content_type":"application/json"}|the reply cannot be read: the text ends too early at byte *
		{"status":200,"body":"{\"users\":[]}"}|the reply is no list of workspaces
		{"status":200,"body":"[]"}|the reply cannot be read: not an object at byte 0
		{"status":400,"body":"400 Bad Request","content_type":"text/plain"}|HTTP 400: not an answer of Coder's
		{"status":405}|HTTP 405: not an answer of Coder's
	ROWS
	[ "$n" -eq 9 ]
	# A fault of the server itself may pass: it has the whole deadline for that.
	fake_with_faults "$(list_fault '"every":true' '{"status":500,"body":"{\"message\":\"An internal server error occurred.\"}"}')"
	fails_with "cws-fetch: $CODER_URL: cannot list workspaces: HTTP 500: An internal server error occurred" -q --deadline 6s
	[ "$(requests GET '/api/v2/workspaces')" -gt 2 ]
	stop_fake
}

@test "cws-fetch stops at the deadline, whatever the server asks for" {
	fake_with_faults "$(list_fault '"every":true' '{"status":429,"body":"{\"message\":\"slow down\"}","headers":{"Retry-After":"60"}}')"
	fails_with "cws-fetch: $CODER_URL: cannot list workspaces: HTTP 429: slow down" -q --deadline 5s
	stop_fake
	fake_with_faults "$(list_fault '"every":true' '{"stall":true}')"
	fails_with "cws-fetch: $CODER_URL: cannot list workspaces: *timed out*" -q --deadline 1s
}

@test "cws-fetch waits as long as Retry-After says, everybody, and tells a person" {
	fake_with_faults "$(list_fault '"nth":2' '{"status":429,"body":"{\"message\":\"slow down\"}","headers":{"Retry-After":"5"}}')"
	run --separate-stderr -0 cws-fetch --page-size 20 -j 2
	[[ ${stderr_lines[0]} == "cws-fetch: the server asks to wait: going on in "*" s" ]]
	# the retry, and every request that began after the refusal, came five seconds later
	[ "$(jq -s '(map(select(.status == 429)) | .[0].at_ms) as $t |
		map(select(.at_ms > $t + 2000) | .at_ms - $t) | min >= 5000' "$FAKE_LOG")" = true ]
}

@test "cws-fetch ends at the first page that fails for good, after whole records and the abort mark" {
	fake_with_faults "$(list_fault '"from":3' '{"status":401,"body":"{\"message\":\"You are signed out.\"}"}')"
	run --separate-stderr -3 cws-fetch --page-size 10 -j 1
	[ "${stderr_lines[0]}" = "cws-fetch: $CODER_URL: cannot list workspaces: HTTP 401: You are signed out (the token is that of CODER_SESSION_TOKEN)" ]
	[[ ${lines[-1]} == '{"cws":{"aborted":"cws-fetch: '* ]]
	[ "${#lines[@]}" -le 21 ]
	[ "$(printf '%s\n' "${lines[@]:0:${#lines[@]}-1}" | distinct)" -eq $((${#lines[@]} - 1)) ]
	# the next program takes it for what it is
	run --separate-stderr -3 bash -c 'cws-fetch -q --page-size 10 2>/dev/null | cws-ttl --all'
	[[ $stderr == *"cws-fetch: "* ]]
}

@test "cws-fetch says of a login in the way that it is one, and sends nobody there" {
	local to=https://login.microsoftonline.com
	fake_with_faults "{\"match\":{},\"every\":true,\"do\":{\"status\":302,\"redirect\":\"$to/0c1d/oauth2/authorize?state=s3cr3t\"}}"
	fails_with "cws-fetch: $CODER_URL: cannot list workspaces: HTTP 302: the server redirects to $to, an identity provider: a proxy before Coder wants a login, whose header CODER_HEADER or CODER_HEADER_COMMAND can give" -q
	jq -c '.workspaces[0]' "$FIXTURES/world/workspaces.json" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -3 cws-stop -x -f --max 5 <"$BATS_TEST_TMPDIR/in"
	[[ $stderr == *"redirects to $to, an identity provider: "* && $stderr != *"set the URL"* && $stderr != *s3cr3t* ]]
}

@test "cws-fetch never follows a redirect, so no other host sees the token" {
	start_fake
	local other=$CODER_URL other_log=$FAKE_LOG other_pid=$FAKE_PID
	fake_with_faults "$(list_fault '"every":true' "{\"redirect\":\"$other/?token=x\"}")" \
		"{\"match\":{\"path\":\"/api/v2/entitlements\"},\"every\":true,\"do\":{\"redirect\":\"$other/\"}}"
	fails_with "cws-fetch: $CODER_URL: cannot list workspaces: HTTP 307: the server redirects to $other, and not to Coder's API there: check the URL" -q
	[ ! -s "$other_log" ]
	kill "$other_pid"
}

@test "cws-fetch goes on without facts beside the list" {
	fake_with_faults '{"match":{"path":"/api/v2/entitlements"},"every":true,"do":{"status":404,"body":"{\"message\":\"Route not found.\"}"}}' \
		'{"match":{"path":"/api/v2/templates"},"every":true,"do":{"status":500,"body":"{\"message\":\"broken\"}"}}' \
		'{"match":{"path":"/api/v2/users","query":"suspended"},"every":true,"do":{"status":403,"body":"{\"message\":\"Forbidden.\"}"}}'
	run --separate-stderr -0 cws-fetch --deadline 8s
	[ "$(jq -c '.cws.fetch | [.scheduling, .template]' <<<"$output" | sort -u)" = '[false,null]' ]
	[[ $stderr == *"cws-fetch: warning: not readable, so null in the records: template of 88, owner.status of "*" (HTTP 500: broken)"* ]]
}

@test "cws-fetch knows no version of a server whose proxy takes Coder's headers away" {
	fake_with_faults '{"match":{},"every":true,"do":{"headers":{"X-Coder-Build-Version":null,"Date":null}}}'
	run --separate-stderr -0 cws-fetch
	[ "$(jq -c '.cws.fetch.server | [.version, .clock_offset_ms]' <<<"$output" | sort -u)" = '[null,null]' ]
	[[ $stderr == "cws-fetch: warning: not readable, so null in the records: server.version of 88, server.clock_offset_ms of 88"$'\n'* ]]
}

@test "cws-fetch takes no clock from what a cache kept" {
	fake_with_faults '{"match":{"path":"/api/v2/workspaces"},"every":true,"do":{"date":"-600s","headers":{"Age":"600"}}}'
	run --separate-stderr -0 cws-fetch
	[ "$(jq -c .cws.fetch.server.clock_offset_ms <<<"$output" | sort -u)" = null ]
	[[ $stderr == *"null in the records: server.clock_offset_ms of 88"* ]]
}

@test "cws-fetch takes no proxy's 404 for a server without a licence" {
	local fault
	for fault in '"content_type":"text/plain","body":"default backend - 404"' '"coder":false,"body":"{\"message\":\"Route not found.\"}"'; do
		fake_with_faults '{"match":{"path":"/api/v2/entitlements"},"every":true,"do":{"status":404,'"$fault"'}}'
		run --separate-stderr -0 cws-fetch
		[ "$(jq -c .cws.fetch.scheduling <<<"$output" | sort -u)" = null ]
		[[ $stderr == *"null in the records: scheduling of 88 (HTTP 404: "* ]]
		stop_fake
	done
}

@test "cws-fetch -v tells each request in one line" {
	fake_with_faults "$(list_fault '"nth":1' '{"status":503}')"
	run --separate-stderr -0 cws-fetch -v
	[ "$(grep -c '^cws-fetch: GET /api/v2/workspaces?limit=200&offset=0: HTTP 503, [0-9]* ms, attempt 1$' <<<"$stderr")" -eq 1 ]
	[ "$(grep -c '^cws-fetch: GET /api/v2/workspaces?limit=200&offset=0: HTTP 200, [0-9]* ms, attempt 2$' <<<"$stderr")" -eq 1 ]
	[ "$(grep -c '^cws-fetch: GET ' <<<"$stderr")" -eq "$(requests GET '*')" ]
}

@test "cws-fetch is silent when its reader leaves" {
	start_fake --clone 20
	run --separate-stderr -0 bash -c 'set -o pipefail; cws-fetch --page-size 20 | head -n 1 | wc -l'
	[ "$output" -eq 1 ]
	[ "$stderr" = "" ]
	run --separate-stderr -0 bash -c 'trap "" PIPE; set -o pipefail; cws-fetch --page-size 20 | head -n 1 | wc -l'
	[ "$stderr" = "" ]
}

@test "cws-fetch reports a full disk and a closed output" {
	start_fake
	run --separate-stderr -3 bash -c 'cws-fetch -q >/dev/full'
	[ "$stderr" = "cws-fetch: <stdout>: cannot write: No space left on device" ]
	run --separate-stderr -3 bash -c 'ulimit -f 1; cws-fetch -q >"$1"' - "$BATS_TEST_TMPDIR/out"
	[ "$stderr" = "cws-fetch: <stdout>: cannot write: File too large" ]
	run --separate-stderr -3 bash -c 'cws-fetch -q >&-'
	[[ $stderr == "cws-fetch: <stdout>: cannot write: "* ]]
}

@test "cws-fetch needs no standard input" {
	start_fake
	[ "$(cws-fetch -q <&- | wc -l)" -eq 88 ]
	[ "$(cws-fetch -q </dev/null | wc -l)" -eq 88 ]
}

@test "cws-fetch -r misses nothing that goes from failed to running while it asks for one after the other" {
	local nth
	for nth in 1 2; do
		printf '{"match":{"path":"/api/v2/workspaces","query":"failed"},"nth":%d,"do":{"world":[{"start":"ada/sf"}]}}\n' \
			"$nth" >"$BATS_TEST_TMPDIR/script"
		start_fake --shift --script "$BATS_TEST_TMPDIR/script"
		run -0 --separate-stderr cws-fetch -q -r
		[ "$(jq -r '"\(.owner_name)/\(.name)"' <<<"$output" | grep -c '^ada/sf$')" -eq 1 ]
		[ "$(jq -r .id <<<"$output" | sort | uniq -d)" = '' ]
		stop_fake
	done
}

@test "cws-fetch ends by a signal while its reader stands still" {
	start_fake --clone 20
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	sleep 60 <"$BATS_TEST_TMPDIR/fifo" 3>&- &
	local reader=$!
	cws-fetch -q --full >"$BATS_TEST_TMPDIR/fifo" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	local pid=$! status=0
	# It has filled the pipe once it asks for no more pages, with some still to ask for.
	local before=-1 now=0
	for _ in {1..40}; do
		[ "$now" -eq "$before" ] && [ "$now" -ge 4 ] && break
		before=$now
		sleep 0.3
		now=$(requests GET '/api/v2/workspaces')
	done
	kill -TERM "$pid"
	wait "$pid" || status=$?
	kill "$reader"
	[ "$status" -eq 143 ]
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
}

@test "cws-fetch ended by a signal marks its output and ends by that signal" {
	local signal out
	for signal in INT TERM; do
		out=$BATS_TEST_TMPDIR/$signal
		fake_with_faults "$(list_fault '"from":3' '{"delay_ms":60000}')"
		# bash starts background jobs with SIGINT ignored, and that is inherited
		env --default-signal=INT cws-fetch -q --page-size 20 >"$out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
		local pid=$! status=0
		eventually lines 20 "$out"
		kill -"$signal" "$pid"
		wait "$pid" || status=$?
		[ "$status" -eq $((128 + $(kill -l "$signal"))) ]
		tail -n 1 "$out" | grep -q '^{"cws":{"aborted":"cws-fetch: ended by a signal"'
		[ ! -s "$BATS_TEST_TMPDIR/err" ]
		kill -9 "$FAKE_PID" # it is still holding the replies back
		wait "$FAKE_PID" || true
		unset FAKE_PID
	done
}

@test "cws-fetch refuses wrong calls in one line, before anything is sent" {
	start_fake
	local call
	for call in '--page-size 0' '--page-size 1001' '--page-size x' '-j 0' '-j 33' '--passes 0' '--deadline 10' '--deadline 0s' \
		'--no-such-option' 'operand' '-Q' '--check -r' '--with owners' '--url ftp://coder.example.com' '--token-file /nonexistent/t' \
		'--cacert /nonexistent/ca.pem' '--url https://coder.example.com/path'; do
		# shellcheck disable=SC2086 # one word or two
		run --separate-stderr -2 cws-fetch $call
		[ "$output" = "" ]
		[ "${#stderr_lines[@]}" -ge 1 ]
		[[ ${stderr_lines[0]} == "cws-fetch: "* ]]
	done
	[ ! -s "$FAKE_LOG" ]
}

@test "cws-fetch cannot reach a server that is not there" {
	export CODER_URL=http://127.0.0.1:1 CODER_SESSION_TOKEN=$TOKEN_OWNER
	fails_with "cws-fetch: $CODER_URL: cannot list workspaces: *onnect*" -q --deadline 2s
}

@test "the examples of cws-fetch(1) run" {
	start_fake
	export PAGER=cat
	cd "$BATS_TEST_TMPDIR"
	local block=
	while IFS= read -r line; do
		case $line in
		.Bd*) block= ;;
		.Ed)
			run --separate-stderr bash -c "set -o pipefail; $block"
			[ "$status" -eq 0 ] || {
				echo "$block: $stderr"
				return 1
			}
			;;
		*) block+=$line$'\n' ;;
		esac
	done < <(sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAGNOSTICS/p' "$REPO/share/man/man1/cws-fetch.1" | sed -n '/^\.Bd/,/^\.Ed/p')
}

@test "cws-fetch tells a token that sees nothing from a list that is empty" {
	local q
	start_fake
	control '{"join":"zoe"}'
	# What is not there is no fault where its owner or template is, or where others are seen.
	for q in 'owner:frances status:failed' 'template:gpu status:deleting' 'status:deleting' 'name:nosuchthing' 'owner:me name:x'; do
		run --separate-stderr -0 cws-fetch -Q "$q"
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
	run --separate-stderr -3 cws-fetch --owner frnces
	[ "${stderr_lines[0]}" = "cws-fetch: $CODER_URL: no user 'frnces' that this token sees: check the name, and that it has user:read" ]
	[ "$output" = '{"cws":{"aborted":"cws-fetch: the listing is not whole"' ]
	run --separate-stderr -3 cws-fetch -r --template gqu
	[ "${stderr_lines[0]}" = "cws-fetch: $CODER_URL: no template 'gqu' that this token sees: check the name, and that it has template:read" ]
	# An owner that is there says nothing of the template beside it.
	for q in --owner=frances --owner=me; do
		run --separate-stderr -3 cws-fetch "$q" --template gqu
		[[ "${stderr_lines[0]}" == *": no template 'gqu' that this token sees: "* ]]
	done
	CODER_SESSION_TOKEN=$TOKEN_NEWCOMER run --separate-stderr -3 cws-fetch
	[ "${stderr_lines[0]}" = "cws-fetch: $CODER_URL: this token sees no workspace: its user owns none and has no role that reads others' (an organization-admin does, an auditor does not), or it lacks workspace:read" ]
	CODER_SESSION_TOKEN=$TOKEN_NEWCOMER run --separate-stderr -3 cws-fetch -r
	[[ "${stderr_lines[0]}" == *": this token sees no workspace: "* ]]
	stop_fake
	# A list of all is not empty where one is counted; that of those that run may be.
	start_scripted '{"match":{"path":"/api/v2/workspaces"},"do":{"set":{"workspaces":[],"count":0}}}' \
		'{"match":{"path":"/api/v2/workspaces","query":"status"},"every":true,"do":{"set":{"workspaces":[],"count":0}}}'
	run --separate-stderr -3 cws-fetch
	[ "${stderr_lines[0]}" = "cws-fetch: $CODER_URL: the list is empty, and a moment later the server counts workspaces: list them again" ]
	run --separate-stderr -0 cws-fetch -r
	stop_fake
	# The page of a proxy says nothing of an owner.
	start_scripted '{"match":{"path":"/api/v2/users/frances"},"every":true,"do":{"status":404,"content_type":"text/plain","body":"default backend - 404"}}'
	run --separate-stderr -3 cws-fetch -Q 'owner:frances status:failed'
	[ "${stderr_lines[0]}" = "cws-fetch: $CODER_URL: the list is empty, and whether that is true cannot be read: HTTP 404: not an answer of Coder's" ]
}
