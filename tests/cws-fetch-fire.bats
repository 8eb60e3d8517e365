# cws-fetch under fire: whatever a server and what stands before it do to the pages, each workspace comes
# out once and whole, or the end says that the list is not.  The reckoning of tries, pauses and budgets is
# in tests/unit/test_patience.c, a real proxy in proxy.bats.
#
# Patterns are meant where a right-hand side is unquoted; each test sets its own
# environment; run sets stderr and stderr_lines.
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

teardown() {
	stop_fake || true
}

# A rule for a page of the list: when, what.
page() {
	printf '{"match":{"path":"/api/v2/workspaces"},%s,"do":%s}\n' "$1" "$2"
}

# A rule for the first request for the page at an offset: where, what.
at_offset() {
	printf '{"match":{"path":"/api/v2/workspaces","query":"offset=%d"},"do":%s}\n' "$1" "$2"
}

# A reply as text, for "raw": each line, then the body without one.
raw() {
	local lines='' line body=${*: -1}
	for line in "${@:1:$#-1}"; do
		lines+=$line$'\r\n'
	done
	jq -cn --arg t "$lines"$'\r\n'"$body" '{raw: $t}'
}

# Whole records of the recorded world, each once, and nothing else on standard output.
whole() {
	jq -r .id <<<"$output" | sort >"$BATS_TEST_TMPDIR/got"
	jq -r '.workspaces[].id' "$FIXTURES/world/workspaces.json" | sort | cmp - "$BATS_TEST_TMPDIR/got"
	jq -ce 'select(.latest_build.id == null or .cws.fetch.url == null)' <<<"$output" && return 1
	return 0
}

# Status 3, records that are whole and come once, the mark behind them, and one line on standard error.
broken() {
	local pattern=$1
	shift
	run --separate-stderr -3 cws-fetch -q "$@"
	[[ $stderr == "cws-fetch: $CODER_URL: cannot list workspaces: "$pattern ]] || {
		echo "$stderr"
		return 1
	}
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ ${lines[-1]} == '{"cws":{"aborted":"cws-fetch: the listing is not whole'* ]]
	[ "$(grep -v '^{"cws":{"aborted"' <<<"$output" | jq -r .id | sort | uniq -d)" = '' ]
}

@test "cws-fetch reads a page once more that came cut, garbled or with a status that is none" {
	local torn='{"workspaces":[{"id":"b1b7f9d2-3c55-4a1e-9a74-' rules=() i fault faults
	mapfile -t faults <<-ROWS
		{"cut":9000,"chunked":true}
		{"cut":9000}
		{"cut":1}
		$(raw 'HTTP/1.1 200 OK' 'Content-Type: application/json' 'Content-Length: 5000' "$torn")
		$(raw 'HTTP/1.1 200 OK' 'Content-Type: application/json' 'Content-Length: 20' "$torn")
		$(raw 'HTTP/1.1 200 OK' 'Content-Type: application/json' 'Connection: close' "$torn")
		$(raw 'HTTP/1.0 200 OK' 'Content-Type: application/json' "$torn")
		$(raw 'HTTP/1.1 200 OK' 'Content-Type: application/json' 'Transfer-Encoding: chunked' 'not a chunk')
		$(raw 'HTTP/1.1 200 OK' 'Content-Type: application/json' 'Content-Length: 0' '')
		{"status":999,"body":"{\"workspaces\":[],\"count\":0}","coder":true}
		{"body":"{\"workspaces\":[],\"count\":0} and more"}
		{"body":"{\"workspaces\":[nul],\"count\":0}"}
	ROWS
	[ "${#faults[@]}" -eq 12 ]
	for i in "${!faults[@]}"; do
		rules+=("$(at_offset $((7 * i + 7)) "${faults[i]}")")
	done
	start_scripted "${rules[@]}"
	run --separate-stderr -0 cws-fetch --page-size 7 -j 6
	whole
	[ "$stderr" = "cws-fetch: 88 workspaces, 13 pages, 12 retries" ]
	# each but the first page twice
	[ "$(jq -r 'select(.path == "/api/v2/workspaces").query' "$FAKE_LOG" | sort | uniq -c | awk '{ print $1 }' | sort | uniq -c |
		awk '{ print $1 "x" $2 }' | paste -sd' ')" = "1x1 12x2" ]
}

@test "cws-fetch says in one line what is wrong with a page that stays broken" {
	local say fault n=0
	while IFS='|' read -r say fault; do
		start_scripted "$(page '"from":2' "$fault")"
		broken "$say" --page-size 30 -j 1 --deadline 3s
		# what came before it is there
		[ "${#lines[@]}" -eq 31 ]
		stop_fake
		n=$((n + 1))
	done <<-ROWS
		HTTP 200, but no JSON: a login page, or not Coder's URL[?]|{"body":"{\"workspaces\":[],\"count\":0}","content_type":"text/plain"}
		HTTP 200, but no JSON: a login page, or not Coder's URL[?]|{"body":"<html>","content_type":"text/html"}
		HTTP 204, but no JSON: *|{"status":204}
		the reply cannot be read: the text ends inside a string at byte 12|{"body":"{\"workspaces","content_type":"application/json"}
		the reply is no list of workspaces|{"body":"{\"message\":\"hello\"}"}
		HTTP 999 is no status of HTTP|{"status":999}
		*[rR]eply*|$(raw 'HTTP/1.1 101 Switching Protocols' 'Upgrade: websocket' '')
		*HTTP/0.9*|$(raw 'no HTTP at all' '')
	ROWS
	[ "$n" -eq 8 ]
}

@test "cws-fetch goes on with smaller pages where one is too large" {
	# by -j: one after the other, and several that are on their way when the first comes back
	local jobs
	for jobs in 1 4; do
		start_scripted '{"match":{"path":"/api/v2/workspaces","query":"limit=30&"},"every":true,"do":{"pad":100000000}}'
		run --separate-stderr -0 cws-fetch --page-size 30 -j "$jobs"
		whole
		[ "${stderr_lines[0]}" = "cws-fetch: warning: a page of 30 workspaces is too large: going on with 8 a page" ]
		[ "${#stderr_lines[@]}" -eq 2 ]
		[ "$(requests GET /api/v2/workspaces '.query | startswith("limit=30&")')" -eq 1 ]
		stop_fake
	done
	# a page behind the first, whose rows come in order all the same, and one that has to shrink twice
	start_scripted '{"match":{"path":"/api/v2/workspaces","query":"limit=20&offset=40"},"every":true,"do":{"pad":100000000}}' \
		'{"match":{"path":"/api/v2/workspaces","query":"limit=5&offset=40"},"every":true,"do":{"pad":100000000}}'
	run --separate-stderr -0 cws-fetch -q --page-size 20 -j 4
	whole
	[ "$(jq -r .id <<<"$output")" = "$(cws-fetch -q | jq -r .id)" ]
	[ "$(requests GET /api/v2/workspaces '.query | startswith("limit=2&")')" -ge 3 ]
}

@test "cws-fetch reads on where the server counts fewer than it shows" {
	local count
	for count in 0 1 31 59; do
		start_scripted "$(page '"every":true' '{"set":{"count":'$count'}}')"
		run --separate-stderr -0 cws-fetch -q --page-size 30 -j 4
		whole
		[ "$stderr" = "cws-fetch: warning: the server counts $count workspaces and shows more: going by what it shows" ]
		[ "$(requests GET /api/v2/workspaces)" -eq 3 ]
		stop_fake
	done
	# and says so once, however many lists there are
	start_scripted "$(page '"every":true' '{"set":{"count":0}}')"
	run --separate-stderr -0 cws-fetch -qr
	[ "${#stderr_lines[@]}" -eq 1 ]
	stop_fake
	# where the last page is full, one more is asked for
	start_scripted "$(page '"every":true' '{"set":{"count":0}}')"
	run --separate-stderr -0 cws-fetch -q --page-size 44
	whole
	[ "$(requests GET /api/v2/workspaces)" -eq 3 ]
}

@test "cws-fetch reads no headers and trailers without end" {
	start_scripted "$(page '"every":true' '{"trailers":true}')"
	broken 'the reply has more than 256 KiB of headers'
	[ "$(requests GET /api/v2/workspaces)" -eq 1 ]
	stop_fake
	start_scripted '{"match":{"path":"/api/v2/entitlements"},"every":true,"do":{"trailers":true}}'
	run --separate-stderr -0 cws-fetch
	whole
	[[ ${stderr_lines[0]} == *"scheduling of 88 (the reply has more than 256 KiB of headers)" ]]
}

@test "cws-fetch writes a version that is no UTF-8 as text, and null for a clock that the server does not show" {
	start_scripted '{"match":{},"every":true,"do":{"headers":{"X-Coder-Build-Version":"v2.31.'$'\xff''","Date":null}}}'
	run --separate-stderr -0 cws-fetch
	whole
	[ "$(jq -c .cws.fetch.server <<<"$output" | sort -u)" = '{"version":"v2.31.?","clock_offset_ms":null,"provisioners_live":3}' ]
	[ "${stderr_lines[0]}" = "cws-fetch: warning: not readable, so null in the records: server.clock_offset_ms of 88" ]
	[ "$(iconv -f UTF-8 -t UTF-8 <<<"$output$stderr" | wc -l)" -eq 89 ]
}

@test "cws-fetch refuses a workspace that is larger than it takes, packed or not" {
	local fault
	head -c 100M /dev/zero | tr '\0' ' ' | gzip -1 >"$BATS_TEST_TMPDIR/bomb"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/bomb")" -lt 1000000 ]
	for fault in '{"body_file":"'"$BATS_TEST_TMPDIR/bomb"'","content_type":"application/json","headers":{"Content-Encoding":"gzip"}}' \
		'{"pad":100000000}' '{"pad":100000000,"chunked":false}'; do
		start_scripted "$(page '"every":true' "$fault")"
		run --separate-stderr -3 cws-fetch --page-size 13
		[ "${stderr_lines[0]}" = "cws-fetch: warning: a page of 13 workspaces is too large: going on with 4 a page" ]
		[ "${stderr_lines[1]}" = "cws-fetch: warning: a page of 4 workspaces is too large: going on with 1 a page" ]
		[ "${stderr_lines[2]}" = "cws-fetch: $CODER_URL: cannot list workspaces: the reply is larger than 64 MiB" ]
		[ "$(requests GET /api/v2/workspaces)" -eq 3 ] # once is enough to know
		stop_fake
	done
	# a joined fact of that kind is one that cannot be read
	start_scripted '{"match":{"path":"/api/v2/entitlements"},"every":true,"do":{"pad":100000000}}'
	run --separate-stderr -0 cws-fetch
	whole
	[ "${stderr_lines[0]}" = "cws-fetch: warning: not readable, so null in the records: scheduling of 88 (the reply is larger than 64 MiB)" ]
}

@test "cws-fetch takes a page that is large and packed, as long as it has room" {
	head -c 40M /dev/zero | tr '\0' ' ' >"$BATS_TEST_TMPDIR/large"
	cat "$FIXTURES/world/workspaces.json" "$BATS_TEST_TMPDIR/large" | gzip -1 >"$BATS_TEST_TMPDIR/packed"
	start_scripted "$(page '"every":true' '{"body_file":"'"$BATS_TEST_TMPDIR/packed"'","content_type":"application/json","headers":{"Content-Encoding":"gzip"}}')"
	run --separate-stderr -0 cws-fetch -q
	whole
}

@test "cws-fetch reads on when the server restarts between two pages" {
	start_scripted "$(page '"nth":2' '{"away_ms":700}')" "$(page '"nth":4' '{"away_ms":200}')"
	run --separate-stderr -0 cws-fetch --page-size 20 -j 2
	whole
	[[ $stderr == "cws-fetch: 88 workspaces, 5 pages, "*" retr"* ]]
}

@test "cws-fetch holds an instant in Retry-After against the server's clock, whatever ours says" {
	local at clock want
	for clock in 3h -3h; do
		at=$(($(date +%s) + 2))
		case $clock in 3h) at=$((at + 10800)) ;; -3h) at=$((at - 10800)) ;; esac
		want=$(LC_ALL=C date -u -d "@$at" '+%a, %d %b %Y %H:%M:%S GMT')
		start_scripted --clock-offset "$clock" "$(page '"nth":2' '{"status":503,"headers":{"Retry-After":"'"$want"'"}}')"
		# by our own clock it would be a wait of three hours, cut to five minutes, or none
		run --separate-stderr -0 cws-fetch -q --page-size 50 -j 1 --deadline 60s
		whole
		[ "$(words 'map(select(.path == "/api/v2/workspaces")) | .[2].at | instant >= $at' -s --argjson at "$at" "$FAKE_LOG")" = true ]
		stop_fake
	done
}

@test "cws-fetch rides out many faults of many kinds on many pages at once" {
	local rules=() i=0 fault # later offsets begin with earlier ones: each rule hits once
	for fault in '{"status":502,"body":"<html>"}' '{"cut":700}' '{"reset":"after"}' '{"cut":4000,"chunked":true}' \
		'{"status":429,"headers":{"Retry-After":"1"}}' '{"status":500,"body":"{\"message\":\"x\"}"}' \
		'{"body":"{\"wor","content_type":"application/json"}' '{"status":503}' '{"away_ms":100}' '{"status":408}' \
		'{"delay_ms":300}' '{"slow":{"bytes":20000,"every_ms":20}}' '{"status":504}' '{"reset":"before"}'; do
		i=$((i + 5))
		rules+=("$(at_offset "$i" "$fault")")
	done
	start_scripted "${rules[@]}"
	run --separate-stderr -0 cws-fetch --page-size 5 -j 8
	whole
	[[ ${stderr_lines[-1]} == "cws-fetch: 88 workspaces, 18 pages, "*" retries" ]]
}

@test "cws-fetch reads again what a page withheld, mixed up, or counted away" {
	local fault n=0
	while read -r fault; do
		start_scripted "$(page '"nth":2' "$fault")"
		run --separate-stderr -0 cws-fetch --page-size 20 -j 1
		whole
		[ "$stderr" = "cws-fetch: 88 workspaces, 10 pages, 1 read again, 0 retries" ] || {
			echo "$fault: $stderr"
			return 1
		}
		stop_fake
		n=$((n + 1))
	done <<-'ROWS'
		{"query":"limit=20&offset=0"}
		{"query":"limit=20&offset=40"}
		{"query":"limit=5&offset=20"}
		{"query":"limit=20&offset=5000"}
		{"body":"{\"workspaces\":[],\"count\":88}"}
		{"body":"{\"workspaces\":null,\"count\":88}"}
		{"body":"{\"workspaces\":[],\"count\":0}"}
		{"body":"{\"count\":3,\"workspaces\":[]}"}
	ROWS
	[ "$n" -eq 8 ]
	# one that answers with more than was asked for is nothing to complain of
	start_scripted "$(page '"nth":2' '{"query":"limit=1000&offset=0"}')"
	run --separate-stderr -0 cws-fetch --page-size 20 -j 1
	whole
	[ "$stderr" = "cws-fetch: 88 workspaces, 5 pages, 0 retries" ]
}

@test "cws-fetch does not run after a count that no other page confirms" {
	start_scripted "$(page '"nth":1' '{"body":"{\"workspaces\":[],\"count\":900000000}"}')" "$(page '"from":1000' '{"status":400}')"
	run --separate-stderr -0 cws-fetch --page-size 20 -j 4
	whole
	[[ $stderr == "cws-fetch: 88 workspaces, "*", 1 read again, 0 retries" ]]
	[ "$(requests GET /api/v2/workspaces)" -lt 40 ]
}

@test "cws-fetch says how many are missing where a page stays mixed up" {
	start_scripted '{"match":{"path":"/api/v2/workspaces","query":"offset=20"},"every":true,"do":{"query":"limit=20&offset=0"}}'
	run --separate-stderr -1 cws-fetch --page-size 20 -j 2
	[ "$(jq -r .id <<<"$output" | sort -u | wc -l)" -eq 68 ]
	[ "${#lines[@]}" -eq 68 ]
	[ "${stderr_lines[0]}" = "cws-fetch: $CODER_URL: 20 of 88 workspaces are missing: the list kept changing, raise --passes" ]
	[ "$(requests GET /api/v2/workspaces)" -eq 15 ]
}

@test "cws-fetch is not misled by a list that shrinks to a third, or grows, while it is read" {
	local gone
	gone=$(jq -c '[.workspaces[] | select(.owner_name != "ada") | {delete: .id}]' "$FIXTURES/world/workspaces.json")
	start_scripted "$(page '"nth":3' '{"world":'"$gone"'}')"
	run --separate-stderr -0 cws-fetch --page-size 10 -j 1
	[ "$(jq -r .id <<<"$output" | sort | uniq -d)" = '' ]
	[ "$(jq -r 'select(.owner_name == "ada").id' <<<"$output" | wc -l)" -eq \
		"$(jq '[.workspaces[] | select(.owner_name == "ada")] | length' "$FIXTURES/world/workspaces.json")" ]
	[[ $stderr != *missing* && $stderr != *hidden* ]]
	stop_fake
	start_scripted "$(page '"nth":2' "$(jq -cn '{world: [range(30) | {create: {owner: "ada", name: "aaa-new-\(.)", template: "k8s-go"}}]}')")"
	run --separate-stderr -0 cws-fetch --page-size 10 -j 3
	[ "$(jq -r .id <<<"$output" | sort -u | wc -l)" -eq 118 ]
	[ "${#lines[@]}" -eq 118 ]
}

@test "cws-fetch holds its time budget where all is slow, stalled or put off" {
	local fault n=0
	while read -r fault; do
		start_scripted '{"match":{"path":"/api/*"},"every":true,"do":'"$fault"'}'
		run --separate-stderr -3 timeout 60 cws-fetch -q --page-size 10 -j 4 --deadline 1s
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == "cws-fetch: $CODER_URL: cannot list workspaces: "* ]]
		[[ ${lines[-1]} == '{"cws":{"aborted":"cws-fetch: '* ]]
		stop_fake
		n=$((n + 1))
	done <<-'ROWS'
		{"stall":true}
		{"delay_ms":600}
		{"slow":{"bytes":50,"every_ms":50}}
		{"status":429,"headers":{"Retry-After":"1"},"delay_ms":100}
		{"status":503,"headers":{"Retry-After":"Fri, 31 Dec 2099 00:00:00 GMT"}}
	ROWS
	[ "$n" -eq 5 ]
}

@test "cws-fetch lists all where a joined fact hangs: null, with the reason, in half of the time" {
	local path
	for path in '*s' 'users/*/quiet-hours'; do # all of them, and one for each owner
		start_scripted '{"match":{"path":"/api/v2/workspaces"},"every":true,"do":{}}' \
			'{"match":{"path":"/api/v2/'"$path"'"},"every":true,"do":{"stall":true}}'
		run --separate-stderr -0 timeout 60 cws-fetch --page-size 10 -j 4 --deadline 6s --with owner,quiet-hours,groups
		whole
		[ "${#stderr_lines[@]}" -eq 2 ]
		[[ ${stderr_lines[0]} == "cws-fetch: warning: not readable, so null in the records: "*"owner.quiet_hours of 88 ("*")" ]] || {
			echo "$path: $stderr"
			return 1
		}
		stop_fake
	done
}

@test "cws-fetch has no fact from a reply that is broken, and tells of it" {
	local fault
	for fault in '{"body":"{\"a\":","content_type":"application/json"}' '{"status":200,"body":"<html>"}' '{"status":502}'; do
		start_scripted '{"match":{"path":"/api/v2/entitlements"},"every":true,"do":'"$fault"'}' \
			'{"match":{"path":"/api/v2/templates"},"every":true,"do":'"$fault"'}' \
			'{"match":{"path":"/api/v2/users"},"every":true,"do":'"$fault"'}' \
			'{"match":{"path":"/api/v2/organizations/*"},"every":true,"do":'"$fault"'}'
		run --separate-stderr -0 cws-fetch --page-size 20 --deadline 6s --with owner
		whole
		[ "$(jq -c '.cws.fetch | [.scheduling, .server.provisioners_live, .template, .owner.status, .owner.email]' <<<"$output" |
			sort -u)" = '[null,null,null,null,null]' ]
		[[ ${stderr_lines[0]} == "cws-fetch: warning: not readable, so null in the records: scheduling of 88, server.provisioners_live of 88, template of 88, owner.status of 88, owner.last_seen_at of 88 ("*")" ]] || {
			echo "$fault: $stderr"
			return 1
		}
		stop_fake
	done
}

@test "cws-fetch calls nobody active when a page of those who are not is empty before its end" {
	start_scripted '{"match":{"path":"/api/v2/users","query":"suspended"},"every":true,"do":{"body":"{\"users\":[],\"count\":2}"}}'
	run --separate-stderr -0 cws-fetch
	whole
	# but for the two that were seen by themselves
	[ "$(jq -r 'select(.owner_name == "vint").cws.fetch.owner.status' <<<"$output" | sort -u)" = null ]
	[ "$(jq -r 'select(.cws.fetch.owner.status == "active").owner_name' <<<"$output" | sort -u | wc -l)" -le 2 ]
	[[ ${stderr_lines[0]} == "cws-fetch: warning: not readable, so null in the records: owner.status of "[78][0-9] ]]
}
