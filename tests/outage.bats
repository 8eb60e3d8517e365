#!/usr/bin/env bats
# outage.bats - a server whose database is away for a moment, for longer, for longer than anybody waits.
#
# Coder 2.31 then answers 401 to every call that needs a token, later versions 500: neither is a refusal.

# shellcheck disable=SC2154

load helper

# outage STATUS FOR [AFTER] - for that long, from the call after so many on.
outage() {
	control '{"outage":'"$1"',"for":"'"$2"'","after":'"${3:-0}"'}'
}

results() {
	grep -v '"aborted"' <<<"$output" | jq -r .cws.stop.result | sort | uniq -c | xargs
}

@test "a list is whole, though the database was away while it was read" {
	local code
	start_fake
	for code in 401 500; do
		# At the first call, and in the middle of pages and facts.
		outage $code 300ms
		run --separate-stderr -0 cws-fetch --page-size 20
		[ "$(jq -r .id <<<"$output" | sort -u | wc -l)" -eq 88 ]
		outage $code 5s 3
		run --separate-stderr -0 cws-fetch --page-size 20 -j 2
		[ "$(jq -r .id <<<"$output" | sort -u | wc -l)" -eq 88 ]
		# Nor is a fact lost that is only joined.
		[ "$(jq -c '[.cws.fetch.template, .cws.fetch.owner.status, .cws.fetch.server.provisioners_live] | map(. != null)' \
			<<<"$output" | sort -u)" = '[true,true,true]' ]
		[[ "$stderr" != *"not readable"* ]]
	done
}

@test "a list that the database does not give before --deadline is none, and says why" {
	start_fake
	outage 401 60s 2
	run --separate-stderr -3 cws-fetch --page-size 20 -j 1 --deadline 3s
	[[ "$stderr" == *"cannot list workspaces: HTTP 401: An internal error occurred. Please try again"* ]]
	[[ "$output" == *'{"cws":{"aborted":"cws-fetch: the listing is not whole"' ]]
}

@test "a refused token ends the list at once" {
	start_fake
	export CODER_SESSION_TOKEN=$TOKEN_EXPIRED
	run --separate-stderr -3 timeout 60 cws-fetch
	[[ "$stderr" == *"HTTP 401: You are signed out or your session has expired"* ]]
	[ "$(requests GET /api/v2/workspaces)" -eq 1 ]
}

@test "stops go on when the database is back: greeting, re-read and following outlast it" {
	local code
	for code in 401 500; do
		start_world
		due 'select(.owner_name == "dennis")' >"$BATS_TEST_TMPDIR/in"
		outage $code 300ms
		run --separate-stderr -0 cws-stop -x --rate 0 -j 1 <"$BATS_TEST_TMPDIR/in"
		[ "$(results)" = "4 accepted" ]
		stop_fake
		# From the first re-read on; the POST that follows is sent when it is over.
		start_world
		due 'select(.owner_name == "dennis")' >"$BATS_TEST_TMPDIR/in"
		outage $code 5s 1
		run --separate-stderr -0 cws-stop -x --rate 0 -j 1 <"$BATS_TEST_TMPDIR/in"
		[ "$(results)" = "4 accepted" ]
		[ "$(sent)" -eq 4 ]
		stop_fake
		start_world '{"match":{"path":"/api/v2/workspacebuilds/*"},"for":"1500ms","do":{"outage":'$code'}}'
		due 'select(.owner_name == "dennis")' | head -n 1 >"$BATS_TEST_TMPDIR/in"
		run --separate-stderr -0 cws-stop -x --rate 0 --wait=60s <"$BATS_TEST_TMPDIR/in"
		[ "$(results)" = "1 stopped" ]
		stop_fake
	done
}

@test "a stop that the server's own fault answers is looked into, and never sent again" {
	local id
	start_world
	id=$(workspace dennis/ws0-gpu)
	control '{"script":[{"match":{"method":"POST","path":"*'"$id"'*"},"do":{"outage":401,"process":true}}]}'
	due 'select(.owner_name == "dennis" and .name == "ws0-gpu")' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "1 accepted" ]
	acts | jq -e --arg id "$id" '.[$id].stop == 1'
	stop_fake
	# It was not carried out, but who knows: the others go on.
	start_world
	control '{"script":[{"match":{"method":"POST","path":"*'"$id"'*"},"do":{"outage":401}}]}'
	due 'select(.owner_name == "dennis")' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "3 accepted 1 unknown" ]
	[ "$(jq -r 'select(.cws.stop.result == "unknown").cws.stop | "\(.http) \(.attempts)"' <<<"$output")" = "401 1" ]
	[[ "$(jq -r 'select(.cws.stop.result == "unknown").cws.stop.error' <<<"$output")" == "HTTP 401: An internal error occurred."* ]]
	[ "$(sent)" -eq 4 ]
}

@test "stops that the database outlasts say so, and none is sent" {
	start_world
	due 'select(.owner_name == "dennis")' >"$BATS_TEST_TMPDIR/in"
	outage 401 60s 1
	run --separate-stderr -3 timeout 40 cws-stop -x --rate 0 --deadline 3s <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "4 skipped" ]
	[ "$(sent)" -eq 0 ]
}
