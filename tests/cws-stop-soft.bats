# cws-stop --soft: the deadline comes nearer, never farther; whoever uses the workspace keeps it; undo restores it.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

setup() {
	start_soft
}

# Three of dennis' workspaces run for hours yet, the fourth for ever.
start_soft() {
	start_world "$@"
	for name in ws0-gpu ws1-k8s-go ws2-gpu; do
		control '{"extend":"dennis/'$name'","to":"'"$(date -u -d '+6 hours' +%FT%TZ)"'"}'
	done
}

deadline() {
	api GET "/api/v2/workspaces/$(workspace "$1")" | jq -r '.latest_build.deadline | if . == null then . else .[:19] + "Z" end'
}

@test "cws-stop --soft shortens deadlines to so far ahead, and records both" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	before=$(deadline dennis/ws0-gpu)
	run --separate-stderr -0 cws-stop --soft 45m <"$BATS_TEST_TMPDIR/in"
	[ "$(told)" = "ws0-gpu	would-soften	demo account
ws1-k8s-go	would-soften	demo account
ws2-gpu	would-soften	demo account
ws3-forever	skipped	it has no deadline to shorten" ]
	jq -s -e '.[:3] | all(.[]; .cws.stop.deadline_before > .cws.stop.deadline_after)' <<<"$output"
	[ "$(sent)" -eq 0 ]

	run --separate-stderr -0 cws-stop -x --soft 45m --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(told)" = "ws0-gpu	softened	demo account
ws1-k8s-go	softened	demo account
ws2-gpu	softened	demo account
ws3-forever	skipped	it has no deadline to shorten" ]
	[ "$stderr" = "cws-stop: 4 in, 3 softened, 1 skipped, 0 bad" ]
	[ "$(requests PUT '/api/v2/workspaces/*/extend')" -eq 3 ]
	[ "$(requests POST '*')" -eq 0 ]
	words '.[0].cws.stop | .deadline_before == $before and .http == 200 and .attempts == 1 and
		.build_id == null and (.deadline_after | instant - now | . > 2680 and . < 2702)' -s -e --arg before "$before" <<<"$output"
	[ "$(deadline dennis/ws0-gpu)" = "$(jq -r 'select(.name == "ws0-gpu").cws.stop.deadline_after' <<<"$output")" ]
	# What is near already is left as it is: a second run moves nothing.
	run --separate-stderr -0 cws-stop -x --soft 45m --rate 0 <"$BATS_TEST_TMPDIR/in"
	[[ "$(told)" == "ws0-gpu	skipped	its deadline is no later already: "* ]]
	[ "$(requests PUT '*')" -eq 3 ]
}

@test "a plan made with --soft is carried out with the same one only, also where all of it was skipped" {
	due "$dennis" | jq -c 'select(.name == "ws3-forever")' >"$BATS_TEST_TMPDIR/in"
	cws-stop -q --soft 45m <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/plan"
	[ "$(jq -r '.cws.stop | "\(.result) \(.soft_s)"' "$BATS_TEST_TMPDIR/plan")" = "skipped 2700" ]
	for soft in "" "--soft 1h"; do
		# shellcheck disable=SC2086 # an option and its value
		run --separate-stderr -4 cws-stop -x --rate 0 $soft <"$BATS_TEST_TMPDIR/plan"
		[ "$(results)" = "1 refused" ]
		[[ "$stderr" == *"the plan is one of --soft: say it again, or judge afresh: nothing was sent"* ]]
	done
	[ "$(sent)" -eq 0 ]
	run --separate-stderr -0 cws-stop -x --rate 0 --soft 45m <"$BATS_TEST_TMPDIR/plan"
	[ "$(told)" = "ws3-forever	skipped	it has no deadline to shorten" ]
	[ "$(jq '.cws.stop | has("soft_s")' <<<"$output")" = false ]
}

@test "cws-stop --soft goes by the server's clock" {
	stop_fake
	start_soft --clock-offset 4m
	due "$dennis | select(.name == \"ws0-gpu\")" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --soft 30m --rate 0 --max-age 1h <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r .cws.stop.result <<<"$output")" = softened ]
	words '.cws.stop.deadline_after | instant - now | . > 2030 and . < 2045' -e <<<"$output" # 34 minutes by ours
}

@test "cws-stop --soft lets the owner's use save the workspace, and the others stop in time" {
	stop_fake
	# The server's own executor stops what is due, so two with hours to go are chosen.
	start_world --executor
	due 'select(.latest_build.deadline != null and .latest_build.max_deadline == null and .autostart_schedule == null)' |
		words 'select((.latest_build.deadline | instant) > now + 4 * 3600)' -c | head -n 2 >"$BATS_TEST_TMPDIR/in"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/in")" -eq 2 ]
	used=$(head -n 1 "$BATS_TEST_TMPDIR/in" | jq -r '.owner_name + "/" + .name') left=$(tail -n 1 "$BATS_TEST_TMPDIR/in" | jq -r '.owner_name + "/" + .name')
	cws-stop -q -x --soft 45m --rate 0 <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out"
	[ "$(jq -r .cws.stop.result "$BATS_TEST_TMPDIR/out" | xargs)" = "softened softened" ]
	control '{"clock":"20m"}'
	control '{"use":"'"$used"'"}'
	[[ "$(deadline "$used")" > "$(deadline "$left")" ]]
	control '{"clock":"27m"}'
	status() { api GET "/api/v2/workspaces/$(workspace "$1")" | jq -r '.latest_build | "\(.status) \(.reason)"'; }
	[[ "$(status "$used")" == "running "* ]]
	autostopped() { [ "$(status "$1")" = "stopped autostop" ]; }
	eventually autostopped "$left"
	# The undo leaves both alone: one was used, the other stopped since.
	run --separate-stderr -0 cws-start -n <"$BATS_TEST_TMPDIR/out"
	[[ "$(jq -r .cws.start.why <<<"$output" | head -n 1)" == "its deadline was moved since: "* ]]
	[ "$(jq -r .cws.start.why <<<"$output" | tail -n 1)" = "it does not run any more" ]
}

@test "cws-stop --soft says where use of the workspace does not keep it" {
	due "$dennis | select(.name == \"ws0-gpu\") | .cws.fetch.template.activity_bump_ms = 0" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --soft 45m --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(told)" = "ws0-gpu	softened	demo account; using it does not keep it (its template's activity_bump_ms is 0)" ]
}

@test "cws-stop --soft never stops instead: a stuck one, and one that is overdue, are left alone" {
	due "$dennis | select(.name == \"ws0-gpu\")" >"$BATS_TEST_TMPDIR/in"
	control '{"extend":"dennis/ws0-gpu","to":"'"$(date -u -d '+10 minutes' +%FT%TZ)"'"}'
	run --separate-stderr -0 cws-stop -x --soft 30m --rate 0 <"$BATS_TEST_TMPDIR/in"
	[[ "$(told)" == "ws0-gpu	skipped	its deadline is no later already: "* ]]
	control '[{"stop":"dennis/ws0-gpu","active":true},{"status":"failed","of":"dennis/ws0-gpu"}]'
	api GET "/api/v2/workspaces/$(workspace dennis/ws0-gpu)" |
		jq -c '.cws.mine = {due: true, state: "stuck", stop_at: null, why: "its stop failed", at: (now | todate)}' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --soft 30m --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(told)" = "ws0-gpu	skipped	its last stop failed: there is no deadline to shorten" ]
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop --soft knows what became of a deadline whose answer was lost, or that was refused" {
	local id do want
	id=$(workspace dennis/ws0-gpu)
	while IFS='|' read -r do want; do
		stop_fake
		printf '{"match":{"method":"PUT","path":"/api/v2/workspaces/%s/extend"},"do":%s}\n' "$id" "$do" >"$BATS_TEST_TMPDIR/script"
		start_soft --script "$BATS_TEST_TMPDIR/script"
		due "$dennis | select(.name == \"ws0-gpu\")" >"$BATS_TEST_TMPDIR/in"
		run --separate-stderr cws-stop -x --soft 45m --rate 0 <"$BATS_TEST_TMPDIR/in"
		[[ "$status $(jq -r '.cws.stop | "\(.result) \(.http) \(.attempts) \(.why)"' <<<"$output")" == $want ]] || {
			echo "$do: $status $output"
			return 1
		}
	done <<-'ROWS'
		{"reset":"after"}|0 softened null 1 demo account
		{"process":true,"status":504,"body":"<html>gateway timeout</html>"}|0 softened 504 1 demo account
		{"process":true,"status":200,"body":"<html>welcome</html>","content_type":"text/html"}|0 softened 200 1 demo account
		{"process":true,"status":500,"body":"{\"message\":\"x\"}"}|0 softened 500 1 demo account
		{"reset":"before"}|1 unknown null 1 the answer was lost and its deadline is the old one: the new deadline may still arrive
		{"status":502,"body":"<html>"}|1 unknown 502 1 the answer was lost and its deadline is the old one: *
		{"status":500,"body":"{\"message\":\"Failed to extend workspace deadline.\"}"}|1 failed 500 1 the server failed and moved no deadline: the token needs workspace:update, *
		{"status":403,"body":"{\"message\":\"Forbidden.\"}"}|1 failed 403 1 the server refused it*
		{"status":429,"body":"{\"message\":\"slow down\"}"}|0 softened 200 2 demo account
		{"world":[{"stop":"dennis/ws0-gpu","active":true}]}|0 skipped 409 1 its deadline can no longer be moved
		{"world":[{"delete":"dennis/ws0-gpu"}]}|0 skipped 409 1 it was deleted meanwhile
		{"reset":"before","world":[{"stop":"dennis/ws0-gpu"}]}|0 skipped null 1 another build came meanwhile, with a deadline of its own (build 2, stop)
	ROWS
}

@test "cws-start puts a softened deadline back, once, and only while it is the softened one" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	cws-stop -q -x --soft 45m --rate 0 --journal "$BATS_TEST_TMPDIR/j" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out"
	before=$(jq -r 'select(.name == "ws0-gpu").cws.stop.deadline_before' "$BATS_TEST_TMPDIR/out")
	control '{"extend":"dennis/ws2-gpu","by":"5m"}'
	run --separate-stderr -0 cws-start <"$BATS_TEST_TMPDIR/out"
	[ "$(jq -r '.name + " " + .cws.start.result' <<<"$output")" = "ws0-gpu would-restore
ws1-k8s-go would-restore
ws2-gpu skipped
ws3-forever skipped" ]
	run --separate-stderr -0 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/j"
	[ "$(jq -r '.name + " " + .cws.start.result' <<<"$output" | sort)" = "ws0-gpu restored
ws1-k8s-go restored
ws2-gpu skipped" ]
	[ "$(deadline dennis/ws0-gpu)" = "$before" ]
	run --separate-stderr -0 cws-start -x --rate 0 <"$BATS_TEST_TMPDIR/out"
	[ "$(jq -r '.name + " " + .cws.start.result' <<<"$output" | head -n 2)" = "ws0-gpu already
ws1-k8s-go already" ]
	[ "$(requests PUT '*')" -eq 5 ]
}
