# cws-stop within its bounds: how many, of whom, how fast, alone, and never on what it cannot know.
#
# shellcheck shell=bash disable=SC2016,SC2030,SC2031,SC2053,SC2154

load helper

setup() {
	start_world
}

# Every record is refused for this reason, and nothing was sent.
refuses() {
	local why=$1
	shift
	run --separate-stderr -4 cws-stop --rate 0 "$@" <"$BATS_TEST_TMPDIR/in"
	[[ "$stderr" == *"$why: nothing was sent"* ]] || {
		echo "$stderr"
		return 1
	}
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"$output" | sort -u)" = "refused $why" ]
	[ "$(jq -r .id <<<"$output")" = "$(jq -r .id "$BATS_TEST_TMPDIR/in")" ]
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop --max-percent asks the server how many run, and refuses the whole run beyond its part" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	running=$(api GET '/api/v2/workspaces?q=status:running&limit=1' | jq .count)
	part=$((400 / running))
	refuses "4 workspaces are due of the $running that run, more than $part%: look at them first, and if all of them are meant raise --max-percent" -x --max-percent $part
	refuses "4 workspaces are due of the $running that run, more than $part%: look at them first, and if all of them are meant raise --max-percent" --max-percent $part
	refuses "4 workspaces are due of the $running that run, more than 0%: look at them first, and if all of them are meant raise --max-percent" -x --max-percent 0
	# It asked for the number alone, and read no workspace again.
	[ "$(requests GET '/api/v2/workspaces' '.query == "limit=1&offset=0&q=status%3Arunning"')" -eq 3 ]
	[ "$(requests GET '/api/v2/workspaces/*')" -eq 0 ]
	run --separate-stderr -0 cws-stop -x --rate 0 --max-percent $((part + 1)) <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "4 accepted" ]
}

@test "cws-stop --max-percent counts what is due, not what is kept or repeated" {
	due "$dennis" | jq -c 'if .name == "ws0-gpu" then .cws.hold = {keep: true} else . end' >"$BATS_TEST_TMPDIR/half"
	cat "$BATS_TEST_TMPDIR/half" "$BATS_TEST_TMPDIR/half" >"$BATS_TEST_TMPDIR/in"
	running=$(api GET '/api/v2/workspaces?q=status:running&limit=1' | jq .count)
	run --separate-stderr -0 cws-stop --max-percent $((300 / running + 1)) <"$BATS_TEST_TMPDIR/in"
	refuses "3 workspaces are due of the $running that run, more than $((300 / running))%: look at them first, and if all of them are meant raise --max-percent" \
		--max-percent $((300 / running))
}

@test "cws-stop --max-percent is refused where the server does not say how many run" {
	local body status
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	stop_fake
	while read -r status body; do
		printf '{"match":{"method":"GET","path":"/api/v2/workspaces"},"every":true,"do":{"status":%s,"body":%s}}\n' "$status" "$body" \
			>"$BATS_TEST_TMPDIR/script"
		start_fake --shift --script "$BATS_TEST_TMPDIR/script"
		refuses "the server does not say how many workspaces run, so --max-percent cannot be kept" -x --max-percent 100
		stop_fake
	done <<-'ROWS'
		403 "{\"message\":\"Forbidden.\"}"
		200 "<html>sign in</html>"
		200 "{\"workspaces\":[]}"
		200 "{\"workspaces\":[],\"count\":\"7\"}"
		200 "{\"workspaces\":[],\"count\":-1}"
		200 "{\"workspaces\":null,\"count\":100}"
		200 "[]"
	ROWS
	start_fake --shift
}

@test "cws-stop --max-per-owner refuses the whole run when one owner has too many" {
	due 'select(.owner_name == "dennis" or .owner_name == "ada")' >"$BATS_TEST_TMPDIR/in"
	ada=$(jq -s 'map(select(.owner_name == "ada")) | length' "$BATS_TEST_TMPDIR/in")
	[ "$ada" -gt 0 ] && [ "$ada" -ne 4 ]
	most=$((ada > 4 ? ada : 4)) who=$([ "$ada" -gt 4 ] && echo ada || echo dennis)
	refuses "$most workspaces of $who are due, more than $((most - 1)): look at them first, and if all of them are meant raise --max-per-owner" -x --max-per-owner $((most - 1))
	refuses "$most workspaces of $who are due, more than 0: look at them first, and if all of them are meant raise --max-per-owner" --max-per-owner 0
	[ "$(requests GET '/api/v2/users/me')" -eq 0 ] # it asked nothing
	run --separate-stderr -0 cws-stop -x --rate 0 --max-per-owner $most <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "$((ada + 4)) accepted" ]
}

@test "cws-stop takes its bounds from the settings, and an option wins" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	echo '{"safety":{"max_per_owner":3,"max_percent":1}}' >"$BATS_TEST_TMPDIR/config.json"
	export CWS_CONFIG=$BATS_TEST_TMPDIR/config.json
	refuses "4 workspaces of dennis are due, more than 3: look at them first, and if all of them are meant raise --max-per-owner" -x
	running=$(api GET '/api/v2/workspaces?q=status:running&limit=1' | jq .count)
	refuses "4 workspaces are due of the $running that run, more than 1%: look at them first, and if all of them are meant raise --max-percent" -x --max-per-owner 4
	run --separate-stderr -0 cws-stop -x --rate 0 --max-per-owner 4 --max-percent 100 <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "4 accepted" ]
}

@test "cws-stop --halt sends nothing more after so many failures, and says so" {
	stop_fake
	echo '{"match":{"method":"POST"},"every":true,"do":{"status":403,"body":"{\"message\":\"no\"}"}}' >"$BATS_TEST_TMPDIR/script"
	start_fake --shift --script "$BATS_TEST_TMPDIR/script"
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x -j 1 --rate 0 --halt 2 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"$output")" = "failed the server refused it
failed the server refused it
skipped never sent: too many have failed (--halt)
skipped never sent: too many have failed (--halt)" ]
	[ "$(requests POST '*')" -eq 2 ]
	run --separate-stderr -1 cws-stop -x -j 1 --rate 0 --halt 5 <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "4 failed" ]
}

@test "cws-stop --halt counts what nobody knows as a failure" {
	stop_fake
	echo '{"match":{"method":"POST"},"every":true,"do":{"reset":"before"}}' >"$BATS_TEST_TMPDIR/script"
	start_fake --shift --script "$BATS_TEST_TMPDIR/script"
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	# Three looks take three seconds; the next stop would go out after four.
	run --separate-stderr -1 cws-stop -x -j 1 --rate 15/m --halt 1 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r .cws.stop.result <<<"$output" | sort -u | xargs)" = "skipped unknown" ]
	[ "$(jq -r 'select(.cws.stop.result == "unknown").id' <<<"$output" | wc -l)" -eq "$(requests POST '*')" ]
}

@test "cws-stop leaves a stuck stop that failed --tries times in a row to a person" {
	control '{"create":{"owner":"dennis","name":"stuck","template":"stopfail"}}'
	due "$dennis | select(.name == \"stuck\")" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x --rate 0 --wait=20s <"$BATS_TEST_TMPDIR/in"
	# Its record now says that its last stop failed.
	again() {
		api GET '/api/v2/workspaces?limit=1000' | jq -c '.workspaces[] | select(.name == "stuck") |
			.cws.mine = {due: true, state: "stuck", stop_at: null, why: "its stop failed", at: (now | todate)}' \
			>"$BATS_TEST_TMPDIR/in"
	}
	again
	run --separate-stderr -0 cws-stop -x --rate 0 --tries 1 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"$output")" = "skipped its last 1 stop failed (--tries): it needs a person" ]
	run --separate-stderr -1 cws-stop -x --rate 0 --wait=20s <"$BATS_TEST_TMPDIR/in"
	again
	run --separate-stderr -1 cws-stop -x --rate 0 --wait=20s <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "1 failed" ]
	[ "$(requests POST '*')" -eq 3 ]
	again
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"$output")" = "skipped its last 3 stops failed (--tries): it needs a person" ]
	run --separate-stderr -0 cws-stop <"$BATS_TEST_TMPDIR/in" # dry runs know it too
	[ "$(results)" = "1 skipped" ]
	[ "$(requests POST '*')" -eq 3 ]
	run --separate-stderr -1 cws-stop -x --rate 0 --wait=20s --tries 4 <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "1 failed" ]
}

@test "cws-stop sends no stop to a stuck one whose history it cannot read" {
	control '{"create":{"owner":"dennis","name":"stuck","template":"k8s-go"}}'
	control '[{"stop":"dennis/stuck","active":true},{"status":"failed","of":"dennis/stuck"}]'
	local id
	id=$(api GET '/api/v2/users/dennis/workspace/stuck' | jq -r .id)
	api GET "/api/v2/workspaces/$id" |
		jq -c '.cws.mine = {due: true, state: "stuck", stop_at: null, why: "its stop failed", at: (now | todate)}' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "1 would-stop" ]
	local rule='{"match":{"method":"GET","path":"/api/v2/workspaces/*/builds"},"every":true,"do":{"status":403,"body":"{\"message\":\"no\"}"}}'
	stop_fake
	echo "$rule" >"$BATS_TEST_TMPDIR/script"
	start_fake --shift --script "$BATS_TEST_TMPDIR/script"
	control '{"create":{"owner":"dennis","name":"stuck","template":"k8s-go","id":"'"$id"'"}}'
	control '[{"stop":"dennis/stuck","active":true},{"status":"failed","of":"dennis/stuck"}]'
	api GET "/api/v2/workspaces/$id" |
		jq -c '.cws.mine = {due: true, state: "stuck", stop_at: null, why: "its stop failed", at: (now | todate)}' >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"$output")" = "failed the workspace cannot be read again, nothing was sent" ]
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop takes no cache's word for the history of a stuck one" {
	control '{"create":{"owner":"dennis","name":"stuck","template":"stopfail"}}'
	control '[{"stop":"dennis/stuck","active":true},{"status":"failed","of":"dennis/stuck"}]'
	local id rule='{"match":{"method":"GET","path":"/api/v2/workspaces/*/builds"},"every":true,"do":{"headers":{"Age":"7"}}}'
	id=$(api GET '/api/v2/users/dennis/workspace/stuck' | jq -r .id)
	api GET "/api/v2/workspaces/$id" |
		jq -c '.cws.mine = {due: true, state: "stuck", stop_at: null, why: "its stop failed", at: (now | todate)}' >"$BATS_TEST_TMPDIR/in"
	control '{"script":['"$rule"']}'
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"$output")" = "skipped the answer came from a cache, 7s old" ]
	[ "$(requests GET '*/builds')" -eq 2 ]
	[ "$(sent)" -eq 0 ]
	control '{"script":['"${rule/\"every\":true/\"nth\":1}"']}'
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "1 accepted" ]
}

@test "cws-stop --queue holds back while more builds wait for a provisioner" {
	stop_fake
	start_fake --shift --provisioners 1 --build-time 300ms
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 cws-stop -x --rate 0 --queue 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "4 accepted" ]
	# Between two stops somebody asked for the newest build, and the last answer had no queue.
	jq -s -e '[.[] | select(.method == "POST").n] as $posts | . as $all | [range(1; 4)] | all(. as $i | $all |
		map(select(.n > $posts[$i - 1] and .n < $posts[$i] and (.path | startswith("/api/v2/workspacebuilds/")))) | length >= 1)' "$FAKE_LOG"
	# One at work and one waiting at most: never two builds of ours in the queue.
	stop_fake
	start_fake --shift --provisioners 1 --build-time 10s
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -3 cws-stop -x --rate 0 --queue 0 --deadline 4s <"$BATS_TEST_TMPDIR/in"
	[ "$(requests POST '*')" -eq 2 ]
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"${output%$'\n'*}" | sort | uniq -c | xargs)" = \
		"2 accepted demo account 2 skipped never sent: the deadline of the run has passed" ]
	[[ "$stderr" == *"cws-stop: --deadline came before everything was sent"* ]]
}

@test "cws-stop --queue ends the run where the queue cannot be seen" {
	stop_fake
	echo '{"match":{"method":"GET","path":"/api/v2/workspacebuilds/*"},"every":true,"do":{"status":404,"body":"{\"message\":\"Resource not found\"}"}}' \
		>"$BATS_TEST_TMPDIR/script"
	start_fake --shift --script "$BATS_TEST_TMPDIR/script"
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -3 cws-stop -x --rate 0 --queue 5 <"$BATS_TEST_TMPDIR/in"
	[ "$(requests POST '*')" -eq 1 ]
	[[ "$stderr" == *"the run ended early: HTTP 404: Resource not found"* ]]
}

@test "cws-stop --deadline ends the run, sends nothing after it, and tells of each what became of it" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -3 cws-stop -x --rate 6/m --deadline 4s <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"${output%$'\n'*}")" = "accepted demo account
skipped never sent: the deadline of the run has passed
skipped never sent: the deadline of the run has passed
skipped never sent: the deadline of the run has passed" ]
	[ "$(requests POST '*')" -eq 1 ]
	[[ "$output" == *'{"cws":{"aborted":"cws-stop: the run could not be finished"' ]]
}

@test "cws-stop --deadline follows a build no longer, which is no failure of the run" {
	control '{"create":{"owner":"dennis","name":"hangs","template":"stophang"}}'
	due "$dennis | select(.name == \"hangs\")" >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -1 cws-stop -x --rate 0 --wait=20s --deadline 3s <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"$output")" = "accepted accepted, not followed to its end" ]
}

# A run that is in the middle of its stops holds the lock.
busy() {
	cws-stop -x --rate 6/m "$@" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/busy" 2>&1 3>&- &
	pid=$!
	eventually came 1 POST '*'
}

@test "cws-stop -x runs alone on a server: a second one is refused, a dry run is not" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	busy
	lock=$CWS_LOCK_DIR/cws-127.0.0.1-${CODER_URL##*:}.lock
	[ -f "$lock" ] && [ ! -s "$lock" ]
	run --separate-stderr -4 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	[ "$(jq -r '.cws.stop | "\(.result) \(.why)"' <<<"$output" | sort -u)" = \
		"refused another run is at work on this server (it holds '$lock')" ]
	[[ "$stderr" == *"another run is at work on this server (it holds '$lock'): nothing was sent"* ]]
	[ "$(requests POST '*')" -eq 1 ]
	run --separate-stderr -0 cws-stop <"$BATS_TEST_TMPDIR/in"
	# However a run ends, its lock ends with it.
	kill -KILL "$pid"
	wait "$pid" || true
	[ -f "$lock" ]
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/in"
	posts | jq -e 'length == 4 and all(.[]; . == 1)'
}

@test "cws-stop follows no link to its lock, and takes no other thing for one" {
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	lock=$CWS_LOCK_DIR/cws-127.0.0.1-${CODER_URL##*:}.lock
	ln -s "$BATS_TEST_TMPDIR/elsewhere" "$lock"
	run --separate-stderr -3 cws-stop -x <"$BATS_TEST_TMPDIR/in"
	[[ "$stderr" == *"cannot take the lock '$lock': Too many levels of symbolic links: nothing was sent"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/elsewhere" ]
	rm "$lock"
	mkfifo "$lock"
	run --separate-stderr -3 cws-stop -x <"$BATS_TEST_TMPDIR/in"
	[[ "$stderr" == *"cannot take the lock '$lock': not a file: nothing was sent"* ]]
	[ "$(sent)" -eq 0 ]
}

@test "cws-stop --shared takes what its owner shared with this user" {
	local id shared
	id=$(workspace dennis/ws0-gpu)
	shared='.shared_with = [{id: "11111111-0000-4000-8000-000000000001", actor_type: "user", roles: ["use"]}]'
	jq -cn --arg path "/api/v2/workspaces/$id" --arg body "$(api GET "/api/v2/workspaces/$id" | jq -c "$shared")" \
		'{match: {method: "GET", path: $path}, every: true, do: {body: $body}}' >"$BATS_TEST_TMPDIR/script"
	due "$dennis | select(.id == \"$id\") | $shared" >"$BATS_TEST_TMPDIR/in"
	stop_fake
	start_world --script "$BATS_TEST_TMPDIR/script"
	CODER_SESSION_TOKEN=$TOKEN_NIKLAUS run --separate-stderr -0 cws-stop <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "1 skipped" ]
	CODER_SESSION_TOKEN=$TOKEN_NIKLAUS run --separate-stderr -0 cws-stop --shared <"$BATS_TEST_TMPDIR/in"
	[ "$(results)" = "1 would-stop" ]
	[ "$(requests POST '/api/v2/authcheck')" -eq 1 ] # with --shared nobody asks whether we are an administrator
}
