# Whose build it is: cws-stop and cws-start call theirs only what their own request made.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

ws0='select(.owner_name == "dennis" and .name == "ws0-gpu")'

reasons() {
	jq -r '.cws | (.start // .stop) | "\(.result): \(.why)"' <<<"$output"
}

intent_now() {
	jq -c --arg url "$CODER_URL" --arg run "$1" '{run: $run, at: (now - 60 | todate), intent: "stop", id, owner_name, name,
		build_id: .latest_build.id, build_number: .latest_build.build_number, url: $url}' "$BATS_TEST_TMPDIR/in"
}

@test "an autostop is not called our stop, though its initiator is the owner whose token we have" {
	start_world --executor
	export CODER_SESSION_TOKEN=$TOKEN_MEMBER
	# One that no autostart brings back, at whatever time of day this runs.
	local unscheduled='select(.owner_name == "dennis" and .name == "ws1-k8s-go")'
	due "$unscheduled" >"$BATS_TEST_TMPDIR/in"
	intent_now 0123456789abcdef >"$BATS_TEST_TMPDIR/journal"
	control '{"clock":"14h"}'
	autostopped() { [ "$(api GET "/api/v2/workspaces/$1" | jq -r '.latest_build | "\(.status) \(.reason)"')" = "stopped autostop" ]; }
	eventually autostopped "$(jq -r .id "$BATS_TEST_TMPDIR/in")"
	run --separate-stderr -0 cws-stop --recover "$BATS_TEST_TMPDIR/journal"
	[ "$(reasons)" = "already: somebody else's build came first (build 2, stop)" ]
	# Nor where the answer to a request that never arrived is lost.
	stop_fake
	id=$(jq -r .id "$BATS_TEST_TMPDIR/in")
	start_world --executor '{"match":{"method":"POST","path":"/api/v2/workspaces/'"$id"'/builds"},"do":{"reset":"before","world":[{"clock":"14h"}]}}'
	due "$unscheduled" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[[ "$(reasons)" == "already: "* ]]
	[ "$(posts)" = '{}' ]
}

@test "a run's name says as whom it ran, so that another token can recover its journal" {
	start_world
	due "$ws0" >"$BATS_TEST_TMPDIR/in"
	CODER_SESSION_TOKEN=$TOKEN_MEMBER run --separate-stderr -0 cws-stop -x --rate 0 --journal "$BATS_TEST_TMPDIR/journal" <"$BATS_TEST_TMPDIR/in"
	me=$(CODER_SESSION_TOKEN=$TOKEN_MEMBER api GET /api/v2/users/me | jq -r .id)
	[[ "$(jq -r .cws.stop.run <<<"$output")" =~ ^[0-9a-f]{8}-${me%%-*}$ ]]
	head -n 1 "$BATS_TEST_TMPDIR/journal" >"$BATS_TEST_TMPDIR/killed"
	sleep 0.2
	run --separate-stderr -0 cws-stop --recover "$BATS_TEST_TMPDIR/killed"
	[ "$(reasons)" = "stopped: found by --recover" ]
	# A stop that somebody else made is nobody's of that run.
	sed 's/"run":"\(........\)-......../"run":"\1-00000000/' "$BATS_TEST_TMPDIR/killed" >"$BATS_TEST_TMPDIR/other"
	run --separate-stderr -0 cws-stop --recover "$BATS_TEST_TMPDIR/other"
	[ "$(reasons)" = "already: somebody else's build came first (build 2, stop)" ]
}

@test "a stop with another build before it says so, and cws-start leaves it to a person" {
	start_world '{"match":{"method":"POST","path":"/api/v2/workspaces/*/builds"},"do":{"world":[{"stop":"dennis/ws0-gpu"}]}}'
	due "$ws0" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 0 --wait=20s --journal "$BATS_TEST_TMPDIR/journal" <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons)" = "stopped: demo account; another build came before it" ]
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/stops"
	for from in stops journal; do
		run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/$from"
		[ "$(reasons)" = "skipped: another build came before its stop: look at it" ]
	done
}

@test "a build of something else is no answer to our request, and no news of our build" {
	start_world
	other=$(api GET "/api/v2/users/ada/workspace/ws0-gpu" | jq -c .latest_build)
	stop=$(jq -c '.transition = "stop" | .build_number = 9' <<<"$other")
	stop_fake
	start_world "$(jq -nc --arg b "$stop" '{match: {method: "POST", path: "/api/v2/workspaces/*/builds"}, do: {status: 201, body: $b, coder: true}}')"
	due "$ws0" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons)" = "unknown: the answer was lost and no new build is seen: the stop may still arrive" ]
	[ "$(posts)" = '{}' ]
	stop_fake
	start_world "$(jq -nc --arg b "$stop" '{match: {method: "GET", path: "/api/v2/workspacebuilds/*"}, every: true, do: {status: 200, body: $b, coder: true}}')"
	due "$ws0" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x --rate 0 --wait=5s <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons)" = "accepted: accepted, but its build cannot be read" ]
}

@test "a 429 whose request was carried out all the same is found, and not sent again" {
	start_world '{"match":{"method":"POST","path":"/api/v2/workspaces/*/builds"},"nth":1,"do":{"process":true,"status":429,"body":"{}"}}'
	due "$ws0" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons)" = "accepted: demo account" ]
	[ "$(posts | jq -c '[.[]]')" = '[1]' ]
}

@test "a server that is away while builds are followed is waited for" {
	start_world '{"match":{"method":"GET","path":"/api/v2/workspacebuilds/*"},"nth":1,"do":{"status":502,"body":"<html>"}}' \
		'{"match":{"method":"GET","path":"/api/v2/workspacebuilds/*"},"nth":2,"do":{"away_ms":1500}}'
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 0 --wait=60s <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons | sort | uniq -c | xargs)" = "4 stopped: demo account" ]
}

@test "--halt ends the sending, not the following of what was accepted" {
	start_scripted --shift --build-time 300ms '{"match":{"method":"POST","path":"/api/v2/workspaces/*/builds"},"nth":2,"do":{"status":403,"body":"{\"message\":\"Forbidden.\"}"}}'
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x -j 1 --rate 0 --wait=60s --halt 1 <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons | cut -d: -f1 | xargs)" = "stopped failed skipped skipped" ]
}

@test "--deadline ends a run whose input does not end, or whose server does not answer" {
	start_fake --shift
	due "$ws0" >"$BATS_TEST_TMPDIR/in"
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	(cat "$BATS_TEST_TMPDIR/in"; sleep 60) >"$BATS_TEST_TMPDIR/fifo" 3>&- &
	producer=$!
	run --separate-stderr -3 timeout 60 cws-stop --deadline 3s <"$BATS_TEST_TMPDIR/fifo"
	kill "$producer"
	[[ "$stderr" == *"cws-stop: <stdin>: --deadline came before the input ended"* ]]
	[ "$(head -n 1 <<<"$output" | jq -r '"\(.cws.stop.result): \(.cws.stop.why)"')" = "skipped: the input is not whole" ]
	stop_fake
	start_scripted --shift '{"match":{"path":"/api/v2/users/me"},"every":true,"do":{"stall":true}}'
	run --separate-stderr -3 timeout 60 cws-stop --deadline 1s <"$BATS_TEST_TMPDIR/in"
	[[ "$stderr" == *"--deadline came before it answered: nothing was sent"* ]]
}

@test "a bad copy of a record keeps the workspace it names" {
	start_fake --shift
	due "$ws0" >"$BATS_TEST_TMPDIR/in"
	{
		jq -c '.cws.mine.keep = "true"' "$BATS_TEST_TMPDIR/in"
		cat "$BATS_TEST_TMPDIR/in"
	} >"$BATS_TEST_TMPDIR/two"
	run --separate-stderr -1 cws-stop <"$BATS_TEST_TMPDIR/two"
	[ "$(reasons)" = "skipped: another line of the input has the same id and is bad" ]
}

@test "a verdict that says nothing but due has a reason all the same" {
	start_fake --shift
	due "$ws0" | jq -c 'del(.cws.mine.why, .cws.mine.state)' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons)" = "would-stop: mine says that it is due" ]
}

@test "a journal of two servers is undone on the one that is set" {
	start_world
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	cws-stop -q -x --rate 0 --journal "$BATS_TEST_TMPDIR/journal" <"$BATS_TEST_TMPDIR/in" >/dev/null
	{
		head -n 2 "$BATS_TEST_TMPDIR/journal" | sed "s|$CODER_URL|https://other.example.com|g"
		cat "$BATS_TEST_TMPDIR/journal"
	} >"$BATS_TEST_TMPDIR/mixed"
	sleep 0.2
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/mixed"
	[ "$(reasons | cut -d: -f1 | sort | uniq -c | xargs)" = "4 would-start" ]
	[[ "$stderr" == *"cws-start: warning: 2 lines of the journal are of other servers than $CODER_URL"* ]]
	# Of nothing but others it is the wrong server.
	head -n 2 "$BATS_TEST_TMPDIR/mixed" >"$BATS_TEST_TMPDIR/others"
	run --separate-stderr -4 cws-start <"$BATS_TEST_TMPDIR/others"
	[[ "$stderr" == *"the records come from https://other.example.com, not from $CODER_URL"* ]]
}

@test "a journal is undone where templates are excluded: what it does not say is read from the server" {
	start_world
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	cws-stop -q -x --rate 0 --journal "$BATS_TEST_TMPDIR/journal" <"$BATS_TEST_TMPDIR/in" >/dev/null
	sleep 0.2
	template=$(jq -r 'select(.name == "ws0-gpu").template_name' "$BATS_TEST_TMPDIR/in")
	others=$(jq -s --arg t "$template" 'map(select(.template_name != $t)) | length' "$BATS_TEST_TMPDIR/in")
	run --separate-stderr -0 cws-start --exclude-template "$template" --exclude-org nosuch <"$BATS_TEST_TMPDIR/journal"
	[ "$(reasons | grep -c '^would-start')" -eq "$others" ]
	[ "$(reasons | grep -c "^skipped: .*$template")" -eq $((4 - others)) ]
	run --separate-stderr -0 cws-start --exclude-name 'dennis/*' <"$BATS_TEST_TMPDIR/journal"
	[ "$(reasons | grep -c '^skipped')" -eq 4 ]
}

@test "cws-start leaves a workspace alone that has another owner by now" {
	start_world
	due "$ws0" >"$BATS_TEST_TMPDIR/in"
	cws-stop -q -x --rate 0 <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/stops"
	sleep 0.2
	control '{"transfer":"dennis/ws0-gpu","to":"alan"}'
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/stops"
	[ "$(reasons)" = "skipped: it has another owner now" ]
}

@test "an organization's administrator takes back from a journal what others share, whatever scopes the token has" {
	start_world
	control '{"share":"dennis/ws0-gpu","with":"margaret"}'
	export CODER_SESSION_TOKEN=$TOKEN_ORGADMIN
	due "$ws0" >"$BATS_TEST_TMPDIR/in"
	cws-stop -q -x --rate 0 --journal "$BATS_TEST_TMPDIR/journal" <"$BATS_TEST_TMPDIR/in" >/dev/null
	sleep 0.2
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/journal"
	[[ "$(reasons)" == "would-start: "* ]]
	# Four scopes are enough to ask, and a dry run may: the question changes nothing.  The members are nobody's business.
	control '{"share":"dennis/ws2-gpu","with":"margaret"}'
	due 'select(.owner_name == "dennis" and .name == "ws2-gpu")' >"$BATS_TEST_TMPDIR/one"
	CODER_SESSION_TOKEN=$TOKEN_ADMINLEAST run --separate-stderr -0 cws-stop <"$BATS_TEST_TMPDIR/one"
	[[ "$(reasons)" == "would-stop: "* ]]
	[ "$(jq -r 'select(.path == "/api/v2/authcheck") | .method' "$FAKE_LOG" | sort -u)" = POST ]
	run ! grep -q /members "$FAKE_LOG"
	stop_fake
	start_world '{"match":{"method":"POST","path":"/api/v2/authcheck"},"every":true,"do":{"status":404,"body":"{\"message\":\"Resource not found or you do not have access to this resource\"}","coder":true}}'
	control '{"share":"dennis/ws0-gpu","with":"margaret"}'
	due "$ws0" >"$BATS_TEST_TMPDIR/in"
	CODER_SESSION_TOKEN=$TOKEN_ORGADMIN run --separate-stderr -0 cws-stop <"$BATS_TEST_TMPDIR/in"
	[ "$(reasons)" = "skipped: it is shared, and the server does not say whether this token's user administers its organization" ]
}

@test "a plan is carried out as it was made: what it left alone stays, and a soft one is no hard one" {
	start_world
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	printf '{"workspace":"dennis/ws2-gpu","until":"2099-01-01T00:00:00Z"}\n' >"$BATS_TEST_TMPDIR/holds"
	cws-stop -q --exclude-name ws0-gpu --holds "$BATS_TEST_TMPDIR/holds" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/plan"
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/plan"
	[ "$(reasons | cut -d: -f1 | xargs)" = "skipped accepted skipped accepted" ]
	[[ "$(reasons | head -n 1)" == "skipped: stop keeps it: workspace "*"ws0-gpu"*" is excluded"* ]]
	# And so on, however often it goes through.
	run --separate-stderr -0 cws-stop <<<"$output"
	[[ "$(reasons | head -n 1)" == "skipped: stop keeps it: "* ]]
	due >"$BATS_TEST_TMPDIR/in"
	cws-stop -q --soft 45m --max 200 <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/soft"
	grep -q would-soften "$BATS_TEST_TMPDIR/soft"
	before=$(sent)
	run --separate-stderr -4 cws-stop -x --rate 0 --max 200 <"$BATS_TEST_TMPDIR/soft"
	[[ "$stderr" == *"the plan is one of --soft: say it again, or judge afresh: nothing was sent"* ]]
	[ "$(sent)" -eq "$before" ]
	run --separate-stderr -0 cws-stop -n --soft 45m --max 200 <"$BATS_TEST_TMPDIR/soft"
}
