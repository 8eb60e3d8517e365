# cws-stop against a server that fails, and a world that moves between two requests.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

# dennis owns four running workspaces; things happen to the second one.
VICTIM=ws1-k8s-go
VICTIM_PATH=/api/v2/workspaces/$(workspace "dennis/$VICTIM")

# Start a server whose fault script has these rules; V in them is the victim's path.
faulty() {
	start_world "${1//V/$VICTIM_PATH}"
}

# What it wrote, without the mark that ends a broken stream.
records() {
	grep -v '^{"cws":{"aborted":' <<<"$output"
}

# tells OUTCOME OTHERS - the victim's "result http attempts why" (a pattern), and the others' results; there are four, none
# was stopped twice, and what this run says was done is what the server did.
tells() {
	local victim others kept
	{ read -r victim && read -r others && read -r kept; } < <(records | jq -rs --arg n "$VICTIM" --argjson posts "$(posts)" '
		(.[] | select(.name == $n).cws.stop | "\(.result) \(.http) \(.attempts) \(.why)"),
		(map(select(.name != $n).cws.stop.result) | join(" ")),
		(length == 4 and all($posts[]; . == 1) and
			all(.[] | select(.cws.stop.result | . == "accepted" or . == "stopped"); $posts[.id]))')
	[[ "$victim" == $1 && "$others" == "$2" && "$kept" == true ]] || {
		echo "$victim; $others; $kept"
		return 1
	}
}

# One row: rules, exit status, the victim's outcome (a pattern), the others.
row() {
	local status=$2
	faulty "$1"
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr "-$status" cws-stop -x -j 1 --rate 0 "${@:5}" <"$BATS_TEST_TMPDIR/in"
	tells "$3" "$4" || {
		echo "$1"
		return 1
	}
	stop_fake
}

ALL="accepted accepted accepted"
ENDS="accepted skipped skipped"

# A rule for the victim's POST, and one for its re-read.
on_post() { echo '{"match":{"method":"POST","path":"V/builds"},"do":'"$1"'}'; }
on_read() { echo '{"match":{"method":"GET","path":"V"},"do":'"$1"'}'; }
world() { echo '{"world":[{'"$1"'}]}'; }
V="dennis/$VICTIM"

@test "cws-stop serves everybody else when the world moved before it looked again" {
	row "$(on_read "$(world '"stop":"'$V'"')")" 0 "skipped null 0 it has another build now (number 2; number 1 was judged)" "$ALL"
	row "$(on_read "$(world '"stop":"'$V'","active":true')")" 0 "skipped null 0 it has another build now *" "$ALL"
	row "$(on_read "$(world '"delete":"'$V'"')")" 0 "already null 0 it was deleted" "$ALL"
	row "$(on_read "$(world '"transfer":"'$V'","to":"ada"')")" 0 "skipped null 0 it has another owner now" "$ALL"
	row "$(on_read "$(world '"status":"failed","of":"'$V'"')")" 0 "skipped null 0 its last start failed since it was judged" "$ALL"
	row "$(on_read '{"status":404,"body":"{\"message\":\"Resource not found or you do not have access to this resource\"}"}')" 1 \
		"failed null 0 it is gone, or hidden from this token *" "$ALL"
	row "$(on_read '{"status":403,"body":"{\"message\":\"Forbidden.\"}"}')" 1 \
		"failed null 0 the workspace cannot be read again, nothing was sent: the token needs template:read, *" "$ALL"
	row "$(on_read '{"body":"[]"}')" 1 "failed null 0 the workspace cannot be read again, nothing was sent" "$ALL"
	row "$(on_read '{"body":"{}"}')" 1 "failed null 0 the workspace cannot be read again, nothing was sent" "$ALL"
	# Another workspace than the one that was asked for, as a broken cache would have it.
	row "$(on_read '{"body":'"$(jq -c '.workspaces[0] | tojson' "$FIXTURES/world/workspaces.json")"'}')" 1 \
		"failed null 0 the workspace cannot be read again, nothing was sent" "$ALL"
}

@test "cws-stop lets an owner who extends keep the workspace" {
	faulty "$(on_read "$(world '"extend":"'$V'","by":"3h"')")"
	due "$dennis"' | .cws.ttl = (.cws.mine | .state = "expired" | .deadline = .latest_build.deadline)' |
		jq -c '.cws.ttl.deadline = .latest_build.deadline | if .cws.ttl.deadline == null then del(.cws.ttl) else . end' \
			>"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x -j 1 --rate 0 <"$BATS_TEST_TMPDIR/in"
	tells "skipped null 0 its deadline was extended to *" "$ALL"
}

@test "cws-stop takes no answer from what is no HTTP" {
	local unknown="unknown null 1 the answer was lost and no new build is seen: the stop may still arrive"
	row "$(on_post '{"status":999,"body":"{\"message\":\"x\"}","coder":true}')" 1 "$unknown" "$ALL"
	# carried out, though nobody could tell from this
	row "$(on_post '{"status":999,"process":true}')" 0 "accepted null 1 *" "$ALL"
	row "$(on_post '{"raw":"{\"id\":1}","process":true}')" 0 "accepted null 1 *" "$ALL"
	row "$(on_post '{"raw":"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n","process":true}')" 0 \
		"accepted null 1 *" "$ALL"
}

@test "cws-stop says what became of a stop that the server refused" {
	row "$(on_post "$(world '"stop":"'$V'","active":true')")" 0 "already 409 1 a stop is under way or done (build 2, stop)" "$ALL"
	row "$(on_post "$(world '"start":"'$V'","active":true')")" 0 "skipped 409 1 another build is in the way (build 2, start)" "$ALL"
	row "$(on_post "$(world '"delete":"'$V'"')")" 0 "already 409 1 it was deleted meanwhile" "$ALL"
	row "$(on_post "$(world '"drop_permission":"workspace:stop"')")" 1 "failed 403 1 the server refused it: the token needs workspace:stop, *" "accepted failed failed"
	row "$(on_post '{"status":410,"body":"{\"message\":\"was deleted\"}"}')" 0 "already 410 1 it was deleted" "$ALL"
	row "$(on_post '{"status":404,"body":"{\"message\":\"Resource not found\"}"}')" 1 "failed 404 1 it is gone, or hidden *" "$ALL"
	row "$(on_post '{"status":400,"body":"{\"message\":\"Validation failed.\"}"}')" 1 "failed 400 1 the server refused it" "$ALL"
	row "$(on_post '{"status":406,"body":"{\"message\":\"pending\"}"}')" 1 "failed 406 1 the server refused it" "$ALL"
	row "$(on_post '{"status":500,"body":"{\"message\":\"Internal error.\"}"}')" 1 "failed 500 1 the server failed and made no build" "$ALL"
}

@test "cws-stop believes what a proxy says of a workspace in nobody's place" {
	local page='"content_type":"text/html","body":"<html>default backend</html>"' unread="the workspace cannot be read again, nothing was sent"
	row "$(on_read '{"status":404,'"$page"'}')" 1 "failed null 0 $unread" "$ALL"
	row "$(on_read '{"status":410,'"$page"'}')" 1 "failed null 0 $unread" "$ALL"
	row "$(on_post '{"status":410,'"$page"'}')" 1 "failed 410 1 the server refused it" "$ALL"
	row "$(on_post '{"status":409,'"$page"'}')" 1 "unknown 409 1 the answer was lost and no new build is seen: *" "$ALL"
	row "$(on_post '{"reset":"before"}')
		{\"match\":{\"method\":\"GET\",\"path\":\"V\"},\"from\":2,\"to\":99,\"do\":{\"status\":410,$page}}" 1 \
		"unknown null 1 the answer was lost and the workspace cannot be read: *" "$ALL"
}

@test "cws-stop ends the run where nothing after it would fare better" {
	row "$(on_post "$(world '"expire_token":true')")" 3 "failed 401 1 the server refused it, and would refuse all others" "$ENDS"
	row "$(on_post '{"status":301,"redirect":"https://other.example.com/"}')" 3 "failed 301 1 the server refused it, *" "$ENDS"
	[[ "$stderr" == *"the run ended early: HTTP 301: the server redirects to https://other.example.com, and not to Coder's API there: check the URL"* ]]
	[[ "$output" == *'{"cws":{"aborted":"cws-stop: the run could not be finished"' ]]
	row "$(on_read "$(world '"expire_token":true')")" 3 "failed null 0 the workspace cannot be read again, nothing was sent" "$ENDS"
	row "$(on_read '{"redirect":"https://other.example.com/"}')" 3 "failed null 0 the workspace cannot be *" "$ENDS"
	row "$(on_read '{"body":"<html>sign in</html>","content_type":"text/html"}')" 3 "failed null 0 the workspace cannot be *" "$ENDS"
}

@test "cws-stop sends again after a 429, having looked again, and makes everybody wait" {
	row "$(on_post '{"status":429,"body":"{\"message\":\"rate limited\"}"}')" 0 "accepted 201 2 demo account" "$ALL"
	row "$(on_post '{"status":429,"body":"slow down","headers":{"Retry-After":"2"}}')" 0 "accepted 201 2 demo account" "$ALL"
	# Nobody sent anything in those two seconds; the next request after them was a re-read.
	jq -s -e '(map(.status == 429) | index(true)) as $i | .[$i + 1].at_ms - .[$i].at_ms >= 1900 and .[$i + 1].method == "GET"' "$FAKE_LOG"
	# Of what was verified before the pause nothing is sent without being read again.
	faulty "$(on_post '{"status":429,"headers":{"Retry-After":"3"},"body":"x","delay_ms":300}')
		{\"match\":{\"method\":\"POST\"},\"from\":2,\"to\":99,\"do\":{\"delay_ms\":0}}"
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x -j 4 --rate 2/s --burst 2 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r .cws.stop.result <<<"$output" | uniq -c)" = "      4 accepted" ]
	jq -s -e '[.[] | select(.method == "POST")] as $posts | . as $all | $posts | all(. as $p | ($all |
		map(select(.method == "GET" and .n < $p.n and (.path + "/builds") == $p.path)) | last |
		$p.at_ms - .at_ms <= 2500))' "$FAKE_LOG"
	stop_fake
	# The owner used the pause.
	row "$(on_post '{"status":429,"body":"x"}')
		{\"match\":{\"method\":\"GET\",\"path\":\"V\"},\"nth\":2,\"do\":{\"world\":[{\"stop\":\"$V\"}]}}" 0 \
		"skipped 429 1 it has another build now *" "$ALL"
}

@test "cws-stop looks after an unclear end, and finds its build" {
	row "$(on_post '{"reset":"after"}')" 0 "accepted null 1 demo account" "$ALL"
	row "$(on_post '{"cut":20}')" 0 "accepted null 1 demo account" "$ALL"
	row "$(on_post '{"process":true,"status":504,"body":"<html>gateway timeout</html>"}')" 0 "accepted 504 1 demo account" "$ALL"
	row "$(on_post '{"process":true,"status":200,"body":"<html>welcome</html>","content_type":"text/html"}')" 0 \
		"accepted 200 1 demo account" "$ALL"
	row "$(on_post '{"process":true,"status":500,"body":"{\"message\":\"Internal error.\"}"}')" 0 "accepted 500 1 demo account" "$ALL"
	row "$(on_post '{"process":true,"status":201,"body":"{}"}')" 0 "accepted 201 1 demo account" "$ALL"
	row "$(on_post '{"reset":"after"}')" 0 "stopped null 1 demo account" "stopped stopped stopped" --wait=20s
}

@test "cws-stop looks after an unclear end, and finds another's build, or none" {
	row "$(on_post '{"reset":"before","world":[{"stop":"'$V'"}]}')" 0 \
		"already null 1 somebody else's build came first (build 2, stop)" "$ALL"
	row "$(on_post '{"reset":"before","world":[{"delete":"'$V'"}]}')" 0 "already null 1 it was deleted meanwhile" "$ALL"
	row "$(on_post '{"reset":"before","world":[{"start":"'$V'"}]}')" 0 "skipped null 1 somebody else's build came first *" "$ALL"
	row "$(on_post '{"reset":"before"}')" 1 "unknown null 1 the answer was lost and no new build is seen: *" "$ALL"
	row "$(on_post '{"status":502,"body":"<html>bad gateway</html>"}')" 1 "unknown 502 1 the answer was lost and no new *" "$ALL"
	row "$(on_post '{"body":"<html>sign in</html>","content_type":"text/html"}')" 1 "unknown 200 1 the answer was lost and no *" "$ALL"
	row "$(on_post '{"status":502,"body":"x"}')
		{\"match\":{\"method\":\"GET\",\"path\":\"V\"},\"from\":2,\"do\":{\"status\":403,\"body\":\"{\\\"message\\\":\\\"no\\\"}\"}}" 1 \
		"unknown 502 1 the answer was lost and the workspace cannot be read: *" "$ALL"
}

@test "cws-stop does not wait for ever for an answer" {
	row "$(on_post '{"stall":true,"process":true}')" 0 "accepted null 1 demo account" "$ALL"
}

@test "cws-stop keeps going when reading a workspace again is hard" {
	row "$(on_read '{"status":503,"body":"x"}')" 0 "accepted 201 1 demo account" "$ALL"
	row "$(on_read '{"cut":100}')" 0 "accepted 201 1 demo account" "$ALL"
	row "$(on_read '{"reset":"before"}')" 0 "accepted 201 1 demo account" "$ALL"
	row "$(on_read '{"status":429,"body":"x","headers":{"Retry-After":"1"}}')" 0 "accepted 201 1 demo account" "$ALL"
}

@test "cws-stop reports a build that it cannot follow, and follows the others" {
	# The list refuses, so each is followed by itself.
	row '{"match":{"path":"/api/v2/workspaces","query":"id%3A"},"every":true,"do":{"status":403,"body":"{\"message\":\"no\"}"}}
		{"match":{"method":"GET","path":"/api/v2/workspacebuilds/*"},"nth":2,"do":{"status":404,"body":"{\"message\":\"no\"}"}}' 1 \
		"accepted 201 1 accepted, but its build cannot be read" "stopped stopped stopped" --wait=20s
}

@test "cws-stop keeps the record whole, whatever the server says" {
	row "$(on_post '{"status":400,"body":"{\"message\":\"'"$(printf 'é%.0s' {1..400})"'\"}"}')" 1 "failed 400 1 the server refused it" "$ALL"
	jq -r 'select(.cws.stop.result == "failed").cws.stop.error' <<<"$output" >"$BATS_TEST_TMPDIR/error"
	[ "$(wc -c <"$BATS_TEST_TMPDIR/error")" -le 301 ]
	[ "$(records | cws-ttl -qa | wc -l)" -eq 4 ] # which takes no line that is not strictly JSON and UTF-8
	row "$(on_post "$(printf '{"status":400,"body":"{\\"message\\":\\"a\\u0001b \\\\\\"q\\\\\\" \xff\xfe\\"}"}')")" 1 \
		"failed 400 1 the server refused it" "$ALL"
	[ "$(records | cws-ttl -qa | wc -l)" -eq 4 ]
}

@test "cws-stop hides the token where a server repeats it" {
	row "$(on_post '{"status":403,"body":"{\"message\":\"no: '"$TOKEN_OWNER"'\"}"}')" 1 "failed 403 1 the server refused it" "$ALL"
	[ "$(jq -r 'select(.cws.stop.result == "failed").cws.stop.error' <<<"$output")" = "HTTP 403: no: [redacted]" ]
	[[ "$output$stderr" != *"$TOKEN_OWNER"* ]]
	row "$(on_post '{"status":302,"redirect":"https://other.example.com/login?token='"$TOKEN_OWNER"'"}')" 3 "failed 302 1 *" "$ENDS"
	[[ "$output$stderr" != *"$TOKEN_OWNER"* ]]
}

@test "cws-stop sends nothing to a server that is not there, and says which" {
	start_fake --shift
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	stop_fake
	run --separate-stderr -3 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop.result' <<<"$(records)" | uniq -c)" = "      4 skipped" ]
	[[ "$output" == *'{"cws":{"aborted":"cws-stop: the run could not be finished"' ]]
	[[ "$stderr" == *"$CODER_URL: "*": nothing was sent"* ]]
}

@test "cws-stop and cws-start name the first three failures with their reasons, and count the others" {
	local forbidden='{"status":403,"body":"{\"message\":\"Forbidden\"}"}' why='HTTP 403: Forbidden (the server refused it)'
	local rules=() nth
	for nth in 1 2 3 4 9 10 11 12 13; do # four stops, and after four more all starts
		rules+=('{"match":{"method":"POST","path":"/api/v2/workspaces/*/builds"},"nth":'"$nth"',"do":'"$forbidden"'}')
	done
	start_world "${rules[@]}"
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x -j 1 --rate 0 <"$BATS_TEST_TMPDIR/in"
	jq -r '"cws-stop: \(.owner_name)/\(.name): '"$why"'"' "$BATS_TEST_TMPDIR/in" | head -n 3 >"$BATS_TEST_TMPDIR/want"
	diff - "$BATS_TEST_TMPDIR/want" <<<"$(head -n 3 <<<"$stderr")"
	[ "$(tail -n +4 <<<"$stderr")" = "cws-stop: and 1 more failed
cws-stop: 4 in, 4 failed, 0 bad" ]

	cws-stop -qx --wait --rate 0 <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/stops"
	run --separate-stderr -1 cws-start -qx --rate 0 <"$BATS_TEST_TMPDIR/stops"
	[ "$stderr" = "" ]
	run --separate-stderr -1 cws-start -x --rate 0 < <(head -n 1 "$BATS_TEST_TMPDIR/stops")
	[ "$stderr" = "cws-start: dennis/$(jq -r .name "$BATS_TEST_TMPDIR/stops" | head -n 1): $why
cws-start: 1 in, 1 failed, 0 bad" ]
}
