# fakecoder.bats - the simulated Coder as the other tests rely on it: world, queue, faults, log.

# shellcheck disable=SC2154 # run --separate-stderr sets stderr
load helper

script() { printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/script"; }

stop_of() { api POST "/api/v2/workspaces/$1/builds" -d '{"transition":"stop"}' "${@:2}"; }
status_of() { api GET "/api/v2/workspaces/$1" | jq -r '.latest_build.status'; }
is() { [ "$(status_of "$1")" = "$2" ]; }

@test "the unlimited listing is the recording, byte for byte" {
	start_fake
	api GET '/api/v2/workspaces?limit=0' >"$BATS_TEST_TMPDIR/page"
	cmp "$BATS_TEST_TMPDIR/page" "$FIXTURES/world/workspaces.json"
	api GET '/api/v2/users' | cmp - "$FIXTURES/world/users.json"
	api GET '/api/v2/templates' | cmp - "$FIXTURES/world/templates.json"
}

@test "pages put together are the listing" {
	start_fake
	for offset in 0 30 60 90; do
		api GET "/api/v2/workspaces?limit=30&offset=$offset"
	done | jq -c '.workspaces[]' >"$BATS_TEST_TMPDIR/rows"
	jq -c '.workspaces[]' "$FIXTURES/world/workspaces.json" | cmp - "$BATS_TEST_TMPDIR/rows"
}

@test "--shift makes the recording's moment now and leaves fractions, order and the zero time" {
	start_fake --shift
	api GET '/api/v2/workspaces?limit=0' >"$BATS_TEST_TMPDIR/page"
	run words 'def fraction: (capture("(?<f>[.][0-9]+)") // {f: ""}).f;
		(("2026-11-23T03:02:21Z" | instant) - now | -.) as $shift
		| [$was[0].workspaces, $is[0].workspaces] | transpose
		| all(.[0].id == .[1].id
			and ([.[].latest_build.deadline] | .[0] == null and .[1] == null
				or (((.[1] | instant) - (.[0] | instant) - $shift | fabs) < 60 and (.[0] | fraction) == (.[1] | fraction)))
			and ([.[].next_start_at] | (.[0] == null) == (.[1] == null))
			and (.[1].next_start_at == null or (.[1].next_start_at | instant) > now - 60))' \
		-n --slurpfile was "$FIXTURES/world/workspaces.json" --slurpfile is "$BATS_TEST_TMPDIR/page"
	[ "$output" = true ]
	api GET /api/v2/users/ada | jq -e '.last_seen_at == "0001-01-01T00:00:00Z"'
}

@test "workspaces are listed by their ids, 100 at once, and what nobody has is an empty list or a 400" {
	local q='/api/v2/workspaces?q=' none=00000000-0000-4000-8000-000000000000 ids
	start_fake --clone 2
	ids=$(api GET '/api/v2/workspaces?limit=100' | jq -r '[.workspaces[].id] | join(",")')
	[ "$(api GET "${q}id:$ids&limit=200" | jq -c '[.count, ([.workspaces[].id] | join(",") == $ids)]' --arg ids "$ids")" = '[100,true]' ]
	api GET "${q}id:${ids:0:36},$none%20id:${ids:37:36}" | jq -e '.count == 2'
	api GET "${q}id:$ids%20owner:ada" | jq -e '.count > 0 and all(.workspaces[]; .owner_name == "ada")'
	api GET "${q}id:$none" | jq -e '. == {workspaces: [], count: 0}'
	api GET "${q}id:${ids:0:36},abc" | jq -e '.validations == [{field: "id", detail: "Query param \"id\" has invalid values: invalid UUID length: 3"}]'
	for key in owner:nobody template:nothing owner:ada,alan template:gpu,forever owner:ada@example.com; do
		api GET "$q$key" | jq -e '. == {workspaces: [], count: 0}'
	done
	for token in "$TOKEN_OWNER" "$TOKEN_LEAST"; do # which exists, but cannot be read with these scopes
		CODER_SESSION_TOKEN=$token api GET "${q}organization:$([ "$token" = "$TOKEN_LEAST" ] && echo coder || echo nowhere)" | jq -e '
			.message == "Invalid workspace search query." and (.validations[0].detail | endswith("either does not exist, or you are unauthorized to view it"))'
	done
	api GET "${q}organization:coder" | jq -e '.count == 176'
}

@test "--clone makes copies with ids and names of their own, in order" {
	start_fake --clone 3 --rate-limit 0
	api GET '/api/v2/workspaces?limit=0' >"$BATS_TEST_TMPDIR/page"
	jq -e '.count == 264 and (.workspaces | length == 264
		and (map(.id) | unique | length) == 264 and (map(.latest_build.id) | unique | length) == 264
		and (map(.latest_build.job.id) | unique | length) == 264
		and (map(.owner_name + "/" + .name) | unique | length) == 264
		and all(.id == .latest_build.workspace_id and .name == .latest_build.workspace_name
			and .latest_build.id == .latest_build.job.input.workspace_build_id)
		and (map([.latest_build.status != "running", .owner_name, .name]) | . == sort))' "$BATS_TEST_TMPDIR/page"
	id=$(jq -r '.workspaces[] | select(.name == "ws0-gpu-c1" and .owner_name == "ada").id' "$BATS_TEST_TMPDIR/page")
	stop_of "$id" | jq -e '.workspace_name == "ws0-gpu-c1"'
	api GET '/api/v2/workspaces?q=name:ws0-gpu-c1%20owner:ada' | jq -e '.workspaces[0].latest_build.transition == "stop"'
}

@test "a stop is queued, runs, ends, and moves the row behind the running ones" {
	start_fake --build-time 1h
	id=$(workspace ada/ws0-gpu)
	stop_of "$id" | jq -e '.status == "pending" and .build_number == 4 and .initiator_name == "ops"'
	run jq -r .message <(stop_of "$id")
	[ "$output" = "A workspace build is already active." ]
	control '{"clock":"2h"}'
	api GET "/api/v2/workspaces/$id" | jq -e '.latest_build | .job.status == "succeeded" and .deadline != null
		and (.resources | map(.type)) == ["kubernetes_persistent_volume_claim"]'
	api GET '/api/v2/workspaces?limit=53' | jq -e --arg id "$id" '.workspaces | all(.id != $id)'
	[ "$(posts)" = "{\"$id\":1}" ]
	# Nothing refuses the stop of a stopped workspace.
	stop_of "$id" | jq -e '.build_number == 5'
}

@test "provisioners take one job each, and those behind them know their place" {
	start_fake --provisioners 2 --build-time 1h
	for name in ada/ws0-gpu ada/ws2-forever ada/ws3-gpu alan/ws0-k8s-go; do
		stop_of "$(workspace "$name")" >/dev/null
	done
	control '{"clock":"1s"}'
	run jq -r '.latest_build | "\(.status) \(.job.queue_position)/\(.job.queue_size)"' <(
		for name in ada/ws0-gpu ada/ws2-forever ada/ws3-gpu alan/ws0-k8s-go; do
			api GET "/api/v2/workspaces/$(workspace "$name")"
		done
	)
	[ "$output" = $'stopping 0/0\nstopping 0/0\npending 1/2\npending 2/2' ]
	api GET /api/v2/organizations/default/provisionerdaemons | jq -e 'map(.status) == ["busy", "busy"]'
	control '{"clock":"2h"}'
	[ "$(status_of "$(workspace alan/ws0-k8s-go)")" = stopped ]
}

@test "a build that waits shows its place wherever it is shown, but in the reply to its POST; 0 of 0 is no provisioner" {
	local ids=() builds=() place='.job | "\(.queue_position)/\(.queue_size)"'
	start_fake --provisioners 1 --build-time 1h
	for name in ada/ws0-gpu ada/ws2-forever ada/ws3-gpu; do
		ids+=("$(workspace "$name")")
		stop_of "${ids[-1]}" >"$BATS_TEST_TMPDIR/reply"
		[ "$(jq -r "$place" "$BATS_TEST_TMPDIR/reply")" = 0/0 ]
		builds+=("$(jq -r .id "$BATS_TEST_TMPDIR/reply")")
	done
	control '{"clock":"1s"}' # the first has been picked up
	for i in 1 2; do
		[ "$(api GET "/api/v2/workspaces?q=id:${ids[i]}" | jq -r ".workspaces[0].latest_build | $place")" = $i/2 ]
		[ "$(api GET "/api/v2/workspaces/${ids[i]}" | jq -r ".latest_build | $place")" = $i/2 ]
		[ "$(api GET "/api/v2/workspacebuilds/${builds[i]}" | jq -r "$place")" = $i/2 ]
		[ "$(CODER_SESSION_TOKEN=$TOKEN_LEAST api GET "/api/v2/workspacebuilds/${builds[i]}" | jq -r "$place")" = $i/2 ]
	done
	api GET /api/v2/organizations/default/provisionerjobs?status=running | jq -e --arg b "${builds[0]}" 'any(.input.workspace_build_id == $b)'
	control '[{"clock":"1h"},{"stop":"alan/ws0-k8s-go","active":true}]'
	[ "$(api GET "/api/v2/workspaces/${ids[1]}" | jq -r '.latest_build.status')" = stopping ]
	[ "$(api GET "/api/v2/workspacebuilds/${builds[2]}" | jq -r "$place")" = 1/2 ]
	[ "$(api GET "/api/v2/workspaces/$(workspace alan/ws0-k8s-go)" | jq -r ".latest_build | $place")" = 2/2 ]
	stop_fake
	start_fake --provisioners 0
	stop_of "${ids[0]}" >/dev/null
	api GET "/api/v2/workspaces/${ids[0]}" | jq -e '.latest_build | .status == "pending" and .job.queue_position == 0 and .job.queue_size == 0
		and .matched_provisioners.count == 0'
}

@test "a job waits for a provisioner that has its tags, is counted among those alone, and at 0 of 0 where there is none" {
	local gpu k8s place='.latest_build | [.status, .job.queue_position, .job.queue_size, .matched_provisioners.count] | join(" ")'
	gpu=$(workspace ada/ws0-gpu) k8s=$(workspace alan/ws0-k8s-go)
	start_fake --provisioners 2 --build-time 1h
	control '{"tags":"gpu","are":{"zone":"b"}}'
	stop_of "$gpu" | jq -e '.job.tags == {owner: "", scope: "organization", zone: "b"} and .matched_provisioners == {count: 0, available: 0, most_recently_seen: null}'
	stop_of "$k8s" | jq -e '.job.tags == {owner: "", scope: "organization"} and .matched_provisioners.count == 2'
	control '{"clock":"1m"}'
	[ "$(api GET "/api/v2/workspaces/$gpu" | jq -r "$place")" = 'pending 0 0 0' ]
	[ "$(api GET "/api/v2/workspaces/$k8s" | jq -r "$place")" = 'stopping 0 0 0' ]
	control '[{"provisioners":1,"tags":{"zone":"b","more":"yes"}},{"clock":"1m"}]'
	[ "$(api GET "/api/v2/workspaces/$gpu" | jq -r "$place")" = 'stopping 0 0 0' ]
	api GET /api/v2/organizations/default/provisionerdaemons | jq -e 'map([.status, .tags.zone]) == [["busy", null], ["idle", null], ["busy", "b"]]'
	for name in ada/ws3-gpu alan/ws2-gpu ada/ws2-forever; do
		stop_of "$(workspace $name)" >/dev/null
	done
	control '{"clock":"1m"}'
	[ "$(api GET "/api/v2/workspaces/$(workspace alan/ws2-gpu)" | jq -r "$place")" = 'pending 2 2 1' ]
	[ "$(api GET "/api/v2/workspaces/$(workspace ada/ws2-forever)" | jq -r "$place")" = 'stopping 0 0 0' ]
	# Who may not look at the provisioners is told of none, but of the place.
	[ "$(CODER_SESSION_TOKEN=$TOKEN_LEAST api GET "/api/v2/workspaces/$(workspace alan/ws2-gpu)" | jq -r "$place")" = 'pending 2 2 0' ]
	[ "$(CODER_SESSION_TOKEN=$TOKEN_TADMIN api GET "/api/v2/workspaces/$(workspace alan/ws2-gpu)" | jq -r "$place")" = 'pending 2 2 0' ]
	control '{"provisioners":0,"tags":{"more":"yes","zone":"b"}}' # the last goes, and leaves the queue to nobody
	[ "$(api GET "/api/v2/workspaces/$(workspace alan/ws2-gpu)" | jq -r "$place")" = 'pending 0 0 0' ]
	run -22 control '{"provisioners":-1}'
	run -22 control '{"tags":"gpu","are":{"zone":1}}'
	control '{"reset":true}'
	stop_of "$gpu" | jq -e '.matched_provisioners.count == 2'
}

@test "a version tells the tags of its jobs to who may read its template" {
	local id
	start_fake
	control '{"publish":"gpu","tags":{"zone":"b"}}'
	id=$(api GET '/api/v2/templates?q=exact_name:gpu' | jq -r '.[0].active_version_id')
	api GET "/api/v2/templateversions/$id" | jq -e --arg id "$id" '.id == $id and .archived == false and
		.job.tags == {owner: "", scope: "organization", zone: "b"} and .job.type == "template_version_import" and
		.job.input == {template_version_id: $id} and (has("matched_provisioners") | not)'
	CODER_SESSION_TOKEN=$TOKEN_LEAST api GET "/api/v2/templateversions/$id" | jq -e '.job.tags.zone == "b"'
	[ "$(CODER_SESSION_TOKEN=$TOKEN_WSONLY http GET "/api/v2/templateversions/$id")" = 404 ]
	[ "$(http GET /api/v2/templateversions/b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11)" = 404 ]
	[ "$(http GET /api/v2/templateversions/none)" = 400 ]
}

@test "a world whose jobs carry tags, and whose provisioners have others, is served by none" {
	local id
	id=$(workspace ada/ws0-gpu)
	cp -r "$FIXTURES/world" "$BATS_TEST_TMPDIR/world"
	jq -c '(.workspaces[] | select(.template_name == "gpu").latest_build.job.tags).zone = "b"' "$FIXTURES/world/workspaces.json" >"$BATS_TEST_TMPDIR/world/workspaces.json"
	jq -c '.[0].tags.zone = "a"' "$FIXTURES/world/provisionerdaemons.json" >"$BATS_TEST_TMPDIR/world/provisionerdaemons.json"
	start_fake --world "$BATS_TEST_TMPDIR/world" --provisioners 4
	api GET /api/v2/organizations/default/provisionerdaemons | jq -e '[.[] | select(.tags.zone == "a")] | length == 1'
	stop_of "$id" | jq -e '.matched_provisioners.count == 0 and .job.tags.zone == "b"'
	stop_of "$(workspace alan/ws0-k8s-go)" | jq -e '.matched_provisioners.count == 3'
	control '{"publish":"gpu","tags":{"zone":"a"}}'
	api POST "/api/v2/workspaces/$(workspace ada/ws3-gpu)/builds" -d "$(api GET '/api/v2/templates?q=exact_name:gpu' |
		jq -c '.[0] | {transition: "start", template_version_id: .active_version_id}')" | jq -e '.matched_provisioners.count == 1'
}

@test "templates fail to stop, fail to start and hang as recorded" {
	start_fake --build-time 50ms
	stop_of "$(workspace ada/sf)" | jq -e '.build_number == 6'
	api POST "/api/v2/workspaces/$(workspace ada/bf)/builds" -d '{"transition":"start"}' >/dev/null
	control '{"start":"grace/sh"}'
	build=$(stop_of "$(workspace grace/sh)" | jq -r .id)
	eventually is "$(workspace ada/sf)" failed
	eventually is "$(workspace ada/bf)" failed
	api GET "/api/v2/workspaces/$(workspace ada/sf)" | jq -e '.latest_build | .resources == [] and .deadline == null
		and .job.error == "exit status 1: Error: deleting Deployment: context deadline exceeded"'
	sleep 0.3
	[ "$(status_of "$(workspace grace/sh)")" = stopping ]
	# In one go: it is canceling for a fraction of a second.
	api PATCH "/api/v2/workspacebuilds/$build/cancel" --next -ksS -H "Coder-Session-Token: $CODER_SESSION_TOKEN" \
		"$FAKE_URL/api/v2/workspaces/$(workspace grace/sh)" | jq -c '.message // .latest_build.status' >"$BATS_TEST_TMPDIR/canceled"
	[ "$(cat "$BATS_TEST_TMPDIR/canceled")" = '"Job has been marked as canceled..."
"canceling"' ]
	eventually is "$(workspace grace/sh)" failed
	api GET "/api/v2/workspacebuilds/$build" | jq -e '.job.error == "canceled"'
}

@test "the history of builds goes back to the first, newest first, and each is found by its id" {
	start_fake
	id=$(workspace ada/sf)
	api GET "/api/v2/workspaces/$id/builds" >"$BATS_TEST_TMPDIR/builds"
	jq -e 'map([.build_number, .transition, .status]) == [[5, "stop", "failed"], [4, "start", "running"],
		[3, "stop", "failed"], [2, "stop", "failed"], [1, "start", "running"]]' "$BATS_TEST_TMPDIR/builds"
	third=$(jq -r '.[2].id' "$BATS_TEST_TMPDIR/builds")
	api GET "/api/v2/workspacebuilds/$third" | jq -e '.build_number == 3'
	api GET "/api/v2/workspaces/$id/builds?limit=2&offset=3" | jq -e 'map(.build_number) == [2, 1]'
}

@test "a start that succeeds has a deadline of its TTL, or of the autostart before that" {
	start_fake --build-time 0s
	for name in ada/ws1-k8s-go barbara/ws1-k8s-go katherine/ws0-forever; do
		api POST "/api/v2/workspaces/$(workspace "$name")/builds" -d '{"transition":"start"}' >/dev/null
		eventually is "$(workspace "$name")" running
	done
	api GET "/api/v2/workspaces/$(workspace katherine/ws0-forever)" | jq -e '.latest_build.deadline == null'
	api GET "/api/v2/workspaces/$(workspace ada/ws1-k8s-go)" | words '
		((.latest_build.deadline | instant) - (.latest_build.job.completed_at | instant)) as $ttl
		| $ttl == .ttl_ms / 1000 or (.latest_build.deadline | endswith(":30:00Z"))' -e
}

@test "tokens with scopes see and do what they do on the real server" {
	start_fake
	running=$(workspace ada/ws0-gpu) dormant=$(workspace donald/ws2-gpu)
	while read -r token list rows one stop dorm; do
		export CODER_SESSION_TOKEN=$token
		run jq -r '"\(.count) \(.workspaces | length)"' <(api GET '/api/v2/workspaces?limit=0')
		[ "$output" = "$list $rows" ]
		[ "$(api GET "/api/v2/workspaces/$running" -o /dev/null -w '%{http_code}')" = "$one" ]
		[ "$(stop_of "$running" -o /dev/null -w '%{http_code}')" = "$stop" ]
		[ "$(api GET "/api/v2/workspaces/$dormant" -o /dev/null -w '%{http_code}')" = "$dorm" ]
	done <<-EOT
		$TOKEN_WSONLY 88 0 403 403 404
		$TOKEN_READONLY 88 88 200 403 404
		$TOKEN_READSTOP 88 88 200 400 404
		$TOKEN_NOTEMPLATE 88 0 403 500 404
		$TOKEN_OPERATE 88 88 200 403 404
		$TOKEN_TADMIN 88 88 200 403 200
		$TOKEN_MEMBER 4 4 404 404 404
		$TOKEN_LEAST 88 88 200 201 404
		$TOKEN_ORGADMIN 88 88 200 409 200
		$TOKEN_EXPIRED null 0 401 401 401
		$TOKEN_SUSPENDED null 0 401 401 401
	EOT
}

@test "quiet hours, groups and features need --premium" {
	start_fake
	[ "$(api GET /api/v2/users/ada/quiet-hours -o /dev/null -w '%{http_code}')" = 403 ]
	stop_fake
	start_fake --premium
	api GET /api/v2/users/ada/quiet-hours | jq -e '.user_set and .timezone == "Europe/Berlin" and (.next | length) > 0'
	api GET /api/v2/users/alan/quiet-hours | jq -e '.user_set == false and .raw_schedule == "CRON_TZ=UTC 0 0 * * *"'
	api GET /api/v2/groups | jq -e 'map(.name) == ["Everyone", "night-shift"]'
	api GET /api/v2/entitlements | jq -e '.has_license and .features.advanced_template_scheduling.enabled'
}

@test "a feature is licensed alone, by option or by a change, and one that is paid for may be switched off" {
	local quiet=/api/v2/users/ada/quiet-hours
	start_fake --feature advanced_template_scheduling
	api GET /api/v2/entitlements | jq -e '.has_license and (.features | map_values(select(.enabled)) | keys) == ["advanced_template_scheduling"]'
	[ "$(http GET $quiet) $(http GET /api/v2/groups)" = '200 403' ]
	control '[{"feature":"template_rbac","is":"grace_period"},{"feature":"advanced_template_scheduling","is":"entitled"}]'
	[ "$(http GET $quiet) $(http GET /api/v2/groups)" = '403 200' ]
	[[ $(api GET $quiet) == *'(and user quiet hours schedule) is not enabled."'* ]]
	api GET /api/v2/entitlements | jq -e '.features.template_rbac == {entitlement: "grace_period", enabled: true}
		and .features.advanced_template_scheduling == {entitlement: "entitled", enabled: false}'
	control '[{"feature":"template_rbac","is":"not_entitled"},{"feature":"advanced_template_scheduling","is":"not_entitled"}]'
	api GET /api/v2/entitlements | jq -e '.has_license == false'
	run -22 control '{"feature":"telepathy","is":"enabled"}'
	run -22 control '{"feature":"template_rbac","is":"broken"}'
	control '{"reset":true}'
	[ "$(http GET $quiet)" = 200 ]
	run -2 --separate-stderr fakecoder --feature telepathy
	[ "$stderr" = "fakecoder: --feature: no such feature: 'telepathy'" ]
}

@test "a server says what it is: an older one, or a workspace proxy" {
	start_fake
	control '{"buildinfo":{"version":"v2.20.3+abc1234","workspace_proxy":true}}'
	api GET /api/v2/buildinfo -D "$BATS_TEST_TMPDIR/head" | jq -e '.version == "v2.20.3+abc1234" and .workspace_proxy'
	grep -qi $'^x-coder-build-version: v2.20.3+abc1234\r' "$BATS_TEST_TMPDIR/head"
	run -22 control '{"buildinfo":{"versoin":"v2"}}'
}

@test "tokens tell their users when they expire, those with scopes only where these allow it" {
	local mine=/api/v2/users/me/keys/tokens
	start_fake
	control '{"expire_token":"LeastKeyTk","in":"36h"}'
	export CODER_SESSION_TOKEN=$TOKEN_LEASTKEY
	api GET /api/v2/users/me/keys/LeastKeyTk | words '(.expires_at | instant - now - 36 * 3600 | fabs) < 60
		and .id == "LeastKeyTk" and (.scopes | sort) == ["api_key:read", "template:read", "user:read", "workspace:read", "workspace:stop"]' -e
	api GET $mine | jq -e 'map(.id) | any(. == "LeastKeyTk") and any(. == "OwnerToken") and all(. != "ExpiredTkn" and . != "MemberTokn")'
	api GET "$mine?include_expired=true" | jq -e 'any(.id == "ExpiredTkn")'
	[ "$(http GET /api/v2/users/me/keys/OwnerToken) $(http GET /api/v2/users/me/keys/MemberTokn) $(http GET "/api/v2/users/me/keys/$TOKEN_OWNER")" = '200 404 404' ]
	CODER_SESSION_TOKEN=$TOKEN_LEAST
	[ "$(http GET /api/v2/users/me/keys/LeastPrivT) $(api GET $mine)" = '404 null' ]
	CODER_SESSION_TOKEN=$TOKEN_READSTOP
	[ "$(http GET /api/v2/users/me/keys/ReadStopTk) $(http GET $mine)" = '404 404' ]
	control '{"clock":"37h"}'
	[ "$(CODER_SESSION_TOKEN=$TOKEN_LEASTKEY http GET $mine)" = 401 ]
	run -22 control '{"expire_token":"LeastKeyTk","in":"soon"}'
}

@test "512 requests a minute for each user and path, then 429" {
	start_fake --rate-limit 3 --clock-offset "$((30 - $(date +%s) % 60))s" # the middle of a minute
	for expected in 200 200 200 429; do
		[ "$(api GET '/api/v2/users/me?x=1' -o /dev/null -w '%{http_code}')" = "$expected" ]
	done
	run api GET /api/v2/users/me -D - -o /dev/null
	[[ $output == *'Retry-After: 60'* && $output == *'X-Ratelimit-Remaining: 0'* ]]
	[ "$(api GET /api/v2/users/ada -o /dev/null -w '%{http_code}')" = 200 ]
}

@test "eight late replies asked for at once take as long as one" {
	start_fake --latency 1s
	from=$(date +%s%N)
	for _ in 1 2 3 4 5 6 7 8; do
		api GET '/api/v2/workspaces?limit=10' -o /dev/null &
		pids+=($!)
	done
	wait "${pids[@]}"
	[ $((($(date +%s%N) - from) / 1000000)) -lt 6000 ]
	[ "$(requests GET /api/v2/workspaces '.status == 200')" = 8 ]
}

@test "the log tells each request, what became of it, and no token" {
	start_fake
	stop_of "$(workspace ada/ws0-gpu)" -H 'User-Agent: probe/1' -H 'Content-Type: application/json' >/dev/null
	curl -s "$CODER_URL/api/v2/workspaces/$(workspace ada/sf)/builds" -d '{"transition":"stop"}' >/dev/null
	run jq -c '[.n, .method, .user, .status, .body, .headers["user-agent"], .headers.token, .processed, .fault]' "$FAKE_LOG"
	[ "${lines[0]}" = '[1,"POST","ops",201,"{\"transition\":\"stop\"}","probe/1",true,true,null]' ]
	[[ ${lines[1]} == '[2,"POST",null,401,'* ]]
	run ! grep -q "$TOKEN_OWNER" "$FAKE_LOG"
}

@test "a log that a test emptied goes on at its beginning" {
	start_fake
	api GET /api/v2/buildinfo >/dev/null
	: >"$FAKE_LOG"
	api GET /api/v2/users/me >/dev/null
	[ "$(jq -r .path "$FAKE_LOG")" = /api/v2/users/me ]
	[ "$(tr -d '\0' <"$FAKE_LOG" | wc -c)" = "$(wc -c <"$FAKE_LOG")" ]
	control '{"reset":true}'
	api GET /api/v2/templates >/dev/null
	[ "$(jq -r '[.n, .path] | @tsv' "$FAKE_LOG")" = $'1\t/api/v2/templates' ]
}

@test "a fault answers in the server's place, at the hit it names" {
	start_scripted '{"match":{"method":"GET","path":"/api/v2/workspaces/*/builds","query":"offset=2"},"nth":2,"do":{"status":503,"headers":{"Retry-After":"2"},"body":"<html>","content_type":"text/html"}}' \
		'{"match":{"path":"/api/v2/buildinfo"},"from":2,"to":3,"do":{"redirect":"http://other/"}}'
	path=/api/v2/workspaces/$(workspace ada/sf)/builds
	[ "$(api GET "$path?offset=1" -o /dev/null -w '%{http_code}')" = 200 ]
	[ "$(api GET "$path?offset=2" -o /dev/null -w '%{http_code}')" = 200 ]
	run api GET "$path?offset=2" -D -
	[[ $output == *' 503 '*'Retry-After: 2'*'<html>' && $output != *X-Coder* ]]
	[ "$(api GET "$path?offset=2" -o /dev/null -w '%{http_code}')" = 200 ]
	for expected in 200 307 307 200; do
		[ "$(api GET /api/v2/buildinfo -o /dev/null -w '%{http_code}')" = "$expected" ]
	done
}

@test "a reply is cut, reset, stalled, slow or late, and the log says whether the stop was carried out" {
	start_scripted '{"match":{"query":"cut"},"do":{"cut":100}}' \
		'{"match":{"method":"POST","query":"before"},"do":{"reset":"before"}}' \
		'{"match":{"method":"POST","query":"after"},"do":{"reset":"after"}}' \
		'{"match":{"query":"stall"},"do":{"stall":true}}' \
		'{"match":{"query":"slow"},"do":{"slow":{"bytes":40,"every_ms":100}}}' \
		'{"match":{"query":"late"},"do":{"delay_ms":400}}'
	run -18 api GET '/api/v2/workspaces?limit=5&cut' -o "$BATS_TEST_TMPDIR/cut"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/cut")" = 100 ]
	id=$(workspace ada/ws0-gpu)
	run -56 api POST "/api/v2/workspaces/$id/builds?before" -d '{"transition":"stop"}'
	[ "$(status_of "$id")" = running ]
	run -56 api POST "/api/v2/workspaces/$id/builds?after" -d '{"transition":"stop"}'
	[ "$(status_of "$id")" != running ]
	[ "$(jq -c 'select(.method == "POST") | [.status, .fault, .processed]' "$FAKE_LOG")" = $'[0,"reset",false]\n[0,"reset",true]' ]
	run -28 api GET '/api/v2/buildinfo?stall' -m 0.5
	api GET '/api/v2/buildinfo?slow' -o /dev/null -w '%{time_total}' >"$BATS_TEST_TMPDIR/slow"
	jq -e '. > 0.5' "$BATS_TEST_TMPDIR/slow"
	api GET '/api/v2/buildinfo?late' -o /dev/null -w '%{time_total}' >"$BATS_TEST_TMPDIR/late"
	jq -e '. > 0.4' "$BATS_TEST_TMPDIR/late"
}

@test "a reply is packed, padded, cut in its chunks, another page's, or no HTTP at all" {
	local path=/api/v2/workspaces
	printf '{"a":1}' | gzip >"$BATS_TEST_TMPDIR/packed"
	start_scripted '{"match":{"query":"packed"},"do":{"body_file":"'"$BATS_TEST_TMPDIR/packed"'","content_type":"application/json","headers":{"Content-Encoding":"gzip"}}}' \
		'{"match":{"query":"padded"},"do":{"pad":3000000}}' \
		'{"match":{"query":"chunks"},"do":{"cut":5000,"chunked":true}}' \
		'{"match":{"query":"mixed"},"do":{"query":"limit=3&offset=7"}}' \
		'{"match":{"query":"raw"},"do":{"raw":"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef"}}'
	[ "$(api GET "$path?packed" --compressed)" = '{"a":1}' ]
	[ "$(api GET "$path?limit=2&padded" | wc -c)" -eq $(($(api GET "$path?limit=2" | wc -c) + 3000000)) ]
	run -18 api GET "$path?chunks" -D "$BATS_TEST_TMPDIR/head" -o "$BATS_TEST_TMPDIR/cut"
	grep -qi '^transfer-encoding: chunked' "$BATS_TEST_TMPDIR/head"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/cut")" -eq 5000 ]
	[ "$(api GET "$path?limit=1&mixed" | jq -c '[.workspaces[].id]')" = "$(api GET "$path?limit=3&offset=7" | jq -c '[.workspaces[].id]')" ]
	[ "$(api GET "$path?raw")" = abc ]
	# the log tells what was asked for
	[ "$(requests GET "$path" 'select(.query == "limit=1&mixed" and .status == 200 and .fault == "query")')" -eq 1 ]
	[ "$(requests GET "$path" 'select(.query == "raw" and .status == 0)')" -eq 1 ]
}

http() { api "$@" -o /dev/null -w '%{http_code}\n'; }

# answers STATUS TARGET - does the server, to a GET?
answers() { [ "$(http GET "$2")" = "$1" ]; }

@test "the server's own fault answers each call that needs a token, for a time, a number of calls, or for good" {
	local url='/api/v2/workspaces?limit=1' body
	start_fake
	control '{"outage":401,"times":2}'
	body=$(api GET "$url" -D "$BATS_TEST_TMPDIR/head")
	jq -e '.message == "An internal error occurred. Please try again or contact the system administrator."
		and (.detail | startswith("Internal error fetching API key by id. "))' <<<"$body"
	grep -qi '^www-authenticate: Bearer' "$BATS_TEST_TMPDIR/head"
	[ "$(http GET /healthz) $(http GET /api/v2/buildinfo) $(http GET /api/v2/entitlements)" = '200 200 200' ]
	[[ $(CODER_SESSION_TOKEN=nonsense api GET "$url") == *'Invalid API key format'* ]]
	[ "$(http GET "$url") $(http GET "$url")" = '401 200' ]
	control '{"outage":500,"after":2,"for":"3s"}'
	[ "$(http GET "$url") $(http GET "$url") $(http GET "$url")" = '200 200 500' ]
	api GET /api/v2/users/me | jq -e '.message == "An internal server error occurred." and (.detail | length) > 0'
	answers 500 "$url"
	eventually answers 200 "$url"
	control '{"outage":500}'
	[ "$(http GET "$url") $(http GET "$url")" = '500 500' ]
	control '{"outage":0}'
	[ "$(http GET "$url")" = 200 ]
	control '[{"outage":401},{"reset":true}]'
	[ "$(http GET "$url")" = 200 ]
	run -22 control '{"outage":503}'
	run -22 control '{"outage":401,"for":"a while"}'
}

@test "the database goes away while a page is listed, a build is followed, or a stop is in flight" {
	local a b build
	a=$(workspace ada/ws0-gpu) b=$(workspace ada/ws3-gpu)
	start_scripted --build-time 0s '{"match":{"path":"/api/v2/workspaces"},"from":3,"for":"3s","do":{"outage":500}}' \
		'{"match":{"method":"POST","path":"*'"$a"'*"},"do":{"world":[{"outage":401,"times":3}],"when":"after"}}' \
		'{"match":{"method":"POST","path":"*'"$b"'*"},"do":{"outage":401,"process":true}}' \
		'{"match":{"path":"/api/v2/templates"},"do":{"outage":401}}'
	for expected in 200 200 500 500; do
		[ "$(http GET "/api/v2/workspaces?limit=20")" = "$expected" ]
	done
	[ "$(http GET /api/v2/users/me)" = 200 ] # the others are answered
	eventually answers 200 '/api/v2/workspaces?limit=20'
	build=$(stop_of "$a" | jq -er .id)
	for expected in 401 401 401 200; do
		[ "$(http GET "/api/v2/workspacebuilds/$build")" = "$expected" ]
	done
	[[ $(stop_of "$b") == *'Internal error fetching API key by id.'* ]]
	[ "$(http GET /api/v2/templates) $(http GET /api/v2/templates)" = '401 200' ]
	acts | jq -e --arg a "$a" --arg b "$b" '.[$a].stop == 1 and .[$b].stop == 1'
	run -22 control '{"script":[{"match":{},"for":"long","do":{"outage":401}}]}'
	run -22 control '{"script":[{"match":{},"do":{"outage":200}}]}'
}

@test "headers are another's, off or missing, members of a reply are others, and trailers do not end" {
	local path=/api/v2/workspaces head=$BATS_TEST_TMPDIR/head off
	start_scripted '{"match":{"query":"old"},"do":{"headers":{"Age":"3600","X-Coder-Build-Version":"v2.31.'$'\xff''","Content-Type":"text/plain"}}}' \
		'{"match":{"query":"dateless"},"do":{"headers":{"Date":null,"X-Ratelimit-Limit":null}}}' \
		'{"match":{"query":"slow"},"do":{"date":"-90s"}}' \
		'{"match":{"query":"none"},"do":{"set":{"count":0}}}' \
		'{"match":{"query":"trailing"},"do":{"trailers":true}}'
	api GET "$path?limit=1&old" -D "$head" -o /dev/null
	grep -qi $'^age: 3600\r' "$head"
	[ "$(grep -ciE '^(content-type: text/plain|x-coder-build-version: v2.31.'$'\xff'')' "$head")" = 2 ]
	[ "$(grep -ciE '^(content-type|x-coder-build-version):' "$head")" = 2 ]
	api GET "$path?limit=1&dateless" -D "$head" -o /dev/null
	run ! grep -iE '^(date|x-ratelimit-limit):' "$head"
	grep -qi '^x-ratelimit-remaining:' "$head"
	api GET "$path?limit=1&slow" -D "$head" -o /dev/null
	off=$(($(date -d "$(sed -n 's/\r$//; s/^Date: //p' "$head")" +%s) - $(date +%s)))
	[ $off -ge -100 ] && [ $off -le -89 ]
	api GET "$path?limit=3&none" | jq -e '.count == 0 and (.workspaces | length) == 3'
	run ! api GET "$path?limit=1&trailing" -m 3 -o "$BATS_TEST_TMPDIR/body"
	jq -e '.count == 88' "$BATS_TEST_TMPDIR/body"
	run -22 control '{"script":[{"match":{},"do":{"date":"late"}}]}'
}

@test "what is expected is refused before the body, and a client that drops it is served" {
	start_scripted '{"match":{"method":"POST","expect":true},"every":true,"do":{"status":417}}'
	[ "$(stop_of "$(workspace ada/ws0-gpu)" -H 'Expect: 100-continue' -w '%{http_code}')" = 417 ]
	[ "$(stop_of "$(workspace ada/ws0-gpu)" -o /dev/null -w '%{http_code}')" = 201 ]
	[ "$(jq -c '[.status, .body]' "$FAKE_LOG")" = $'[417,""]\n[201,"{\\"transition\\":\\"stop\\"}"]' ]
	control '{"script":[]}'
	[ "$(http POST /api/v2/authcheck -H 'Expect: 100-continue' -d '{"checks":{}}')" = 200 ]
}

@test "a proxy answers for the server: a login elsewhere, a page, another's JSON, 429 for ever" {
	start_scripted '{"match":{"path":"/api/v2/workspaces"},"do":{"redirect":"https://login.example.com/authorize?client_id=x&redirect_uri=https%3A%2F%2Fcoder","status":302,"headers":{"Set-Cookie":"state=1"}}}' \
		'{"match":{"path":"/api/v2/templates"},"every":true,"do":{"status":200,"content_type":"text/html; charset=utf-8","body":"<!doctype html><title>Sign in</title>"}}' \
		'{"match":{"path":"/api/v2/users"},"every":true,"do":{"status":200,"body":"{\"message\":\"👋\"}\n"}}' \
		'{"match":{"path":"/api/v2/users/me"},"every":true,"do":{"status":429,"headers":{"Retry-After":"60"},"body":"{\"message\":\"You'"'"'ve been rate limited for sending more than 512 requests in 1m0s.\"}"}}'
	run api GET /api/v2/workspaces -D -
	[[ $output == *' 302 '*'Location: https://login.example.com/authorize?client_id=x&redirect_uri=https%3A%2F%2Fcoder'* && $output != *X-Coder* ]]
	[ "$(http GET /api/v2/workspaces)" = 200 ]
	run api GET /api/v2/templates -D -
	[[ $output == *' 200 '*'Content-Type: text/html'*'Sign in'* && $output != *X-Coder* ]]
	[ "$(api GET /api/v2/users | jq -r .message)" = "$(api GET /api/v2/ | jq -r .message)" ]
	for _ in 1 2 3; do
		[ "$(http GET /api/v2/users/me)" = 429 ]
	done
}

@test "connections are taken late where the server is slow to accept" {
	start_fake --accept-delay 400ms
	api GET /api/v2/buildinfo -o /dev/null -w '%{time_total}' >"$BATS_TEST_TMPDIR/time"
	jq -e '. > 0.35' "$BATS_TEST_TMPDIR/time"
}

TOKEN_AUDITOR=$(fake_token AuditorTkn) TOKEN_NEWCOMER=$(fake_token NewcomerTk)
TOKEN_ADMINLEAST=$(fake_token AdminLeast) TOKEN_MEMBERLEAST=$(fake_token MemberLeas)

# authorized TYPE ACTION [MEMBERS OF THE OBJECT] - does authcheck say so to the holder of $CODER_SESSION_TOKEN?
authorized() {
	api POST /api/v2/authcheck -d '{"checks":{"k":{"object":{"resource_type":"'"$1"'"'"${3:+,$3}"'},"action":"'"$2"'"}}}' | jq .k
}

@test "authcheck tells an organization's administrator from a member, whatever scopes both have" {
	local org wid tid in_org
	start_fake
	control '{"share":"ada/ws0-gpu","with":"dennis"}'
	org=$(api GET /api/v2/organizations | jq -er '.[0].id') wid=$(workspace ada/ws0-gpu)
	tid=$(api GET /api/v2/templates | jq -er '.[0].id') in_org='"organization_id":"'$org'"'
	while read -r token type action object expected; do
		export CODER_SESSION_TOKEN=$token
		[ "$(authorized "$type" "$action" "${object#-}")" = "$expected" ] || {
			echo "$token $type $action $object: not $expected" >&2
			return 1
		}
	done <<-EOT
		$TOKEN_ADMINLEAST workspace stop $in_org true
		$TOKEN_ADMINLEAST workspace start $in_org false
		$TOKEN_ADMINLEAST workspace_dormant stop $in_org false
		$TOKEN_ORGADMIN workspace_dormant stop $in_org true
		$TOKEN_ORGADMIN workspace_dormant start $in_org false
		$TOKEN_ORGADMIN workspace stop - false
		$TOKEN_ORGADMIN workspace stop "any_org":true true
		$TOKEN_OWNER workspace stop - true
		$TOKEN_MEMBERLEAST workspace stop $in_org false
		$TOKEN_MEMBER workspace stop $in_org false
		$TOKEN_MEMBER workspace stop $in_org,"owner_id":"me" true
		$TOKEN_TADMIN workspace stop $in_org false
		$TOKEN_TADMIN workspace read $in_org true
		$TOKEN_AUDITOR workspace read $in_org false
		$TOKEN_AUDITOR audit_log read - true
		$TOKEN_AUDITOR user read - true
		$TOKEN_MEMBER user read - false
		$TOKEN_LEAST template read $in_org true
		$TOKEN_NOTEMPLATE template read $in_org false
	EOT
	CODER_SESSION_TOKEN=$TOKEN_MEMBERLEAST
	[ "$(authorized workspace stop "\"resource_id\":\"$wid\"")" = true ]
	CODER_SESSION_TOKEN=$TOKEN_NIKLAUS
	[ "$(authorized workspace stop "\"resource_id\":\"$wid\"")" = false ]
	[ "$(authorized template read "\"resource_id\":\"$tid\"")" = true ]
	[ "$(authorized template read "\"resource_id\":\"$wid\"")" = false ]
	for CODER_SESSION_TOKEN in "$TOKEN_ADMINLEAST" "$TOKEN_LEAST" "$TOKEN_WSSTAR"; do
		api GET "/api/v2/organizations/$org/members" -w '%{http_code}' >"$BATS_TEST_TMPDIR/members"
		grep -q 'lookup custom roles: unauthorized: rbac: forbidden.*}' "$BATS_TEST_TMPDIR/members"
		[ "$(tail -n 1 "$BATS_TEST_TMPDIR/members")" = 500 ]
	done
	CODER_SESSION_TOKEN=$TOKEN_ORGADMIN api GET "/api/v2/organizations/$org/members" | jq -e 'length == 21'
}

@test "an auditor sees every user and her own workspaces, a newcomer sees herself" {
	start_fake
	CODER_SESSION_TOKEN=$TOKEN_AUDITOR
	api GET /api/v2/workspaces | jq -e '.count == 4 and all(.workspaces[]; .owner_name == "frances")'
	[ "$(http GET "/api/v2/workspaces/$(workspace ada/ws0-gpu)") $(http GET /api/v2/organizations/default/provisionerdaemons)" = '404 404' ]
	api GET /api/v2/users | jq -e '.count == 21'
	api GET /api/v2/users/me | jq -e '.username == "frances" and (.roles | map(.name)) == ["auditor"]'
	CODER_SESSION_TOKEN=$TOKEN_NEWCOMER
	[[ $(api GET /api/v2/users/me) == *'API key is invalid.'* ]]
	control '{"join":"zoe"}'
	api GET /api/v2/users/me | jq -e '.username == "zoe" and .status == "active" and .roles == []'
	api GET /api/v2/users | jq -e '.count == 1'
	api GET /api/v2/workspaces | jq -e '. == {workspaces: [], count: 0}'
	CODER_SESSION_TOKEN=$TOKEN_OWNER api GET /api/v2/users | jq -e '.count == 22 and (.users | map(.username) | . == sort)'
	control '{"user_status":"zoe","to":"suspended"}'
	[ "$(http GET /api/v2/users/me)" = 401 ]
	run -22 control '{"join":"zoe"}'
	run -22 control '{"user_status":"zoe","to":"away"}'
	control '{"reset":true}'
	[ "$(http GET /api/v2/users/me)" = 401 ]
}

@test "the world changes beside a request, and by /_control" {
	start_scripted '{"match":{"method":"GET","query":"offset=10"},"do":{"world":[{"stop_first":10}]}}' \
		'{"match":{"path":"/api/v2/buildinfo"},"do":{"expire_token":true,"when":"after"}}'
	api GET '/api/v2/workspaces?limit=10' | jq -r '.workspaces[].id' >"$BATS_TEST_TMPDIR/ids"
	api GET '/api/v2/workspaces?limit=100&offset=10' | jq -r '.workspaces[].id' >>"$BATS_TEST_TMPDIR/ids"
	[ "$(sort -u "$BATS_TEST_TMPDIR/ids" | wc -l)" = 78 ] # ten were stopped between the pages and never seen
	id=$(workspace alan/ws2-gpu)
	control '[{"extend":"alan/ws2-gpu","to":"2030-01-01T00:00:00Z"},{"touch":"alan/ws2-gpu"},{"transfer":"alan/ws2-gpu","to":"ada"}]'
	api GET "/api/v2/workspaces/$id" | jq -e '.latest_build.deadline == "2030-01-01T00:00:00Z" and .owner_name == "ada"
		and .latest_build.workspace_owner_name == "ada"'
	control '{"create":{"owner":"ken","name":"new","template":"gpu"}}'
	api GET '/api/v2/workspaces?q=ken/new' | jq -e '.count == 1 and .workspaces[0].latest_build.status == "running"'
	control '{"delete":"ken/new"}'
	api GET '/api/v2/workspaces?q=ken/new' | jq -e '.count == 0'
	control "{\"drop_permission\":\"workspace:stop\",\"of\":\"$TOKEN_LEAST\"}"
	CODER_SESSION_TOKEN=$TOKEN_LEAST run stop_of "$id"
	[[ $output == *'You do not have permission to stop this workspace.'* ]]
	run -22 control '{"stop":"nobody/nothing"}'
	run -22 control '{"extend":"alan/ws2-gpu","by":"soon"}'
	api GET /api/v2/buildinfo >/dev/null
	[ "$(api GET /api/v2/users/me -o /dev/null -w '%{http_code}')" = 401 ]
}

from_now() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }

# Set its deadline, use it: how many minutes from that use the deadline is then, or "kept".
used() {
	local to
	to=$(from_now "$2")
	control "[{\"extend\":\"$1\",\"to\":\"$to\"},{\"use\":\"$1\"}]"
	api GET "/api/v2/workspaces/$(workspace "$1")" | words '
		if .latest_build.deadline == $to then "kept"
		else ((.latest_build.deadline | instant) - (.last_used_at | instant)) / 60 end' -r --arg to "$to"
}

@test "use bumps the deadline of a running workspace by what its template says, and never lowers one" {
	local name was is
	start_fake
	while read -r name was is; do
		[ "$(used "$name" "$was minutes")" = "$is" ]
	done <<-EOT
		alan/ws2-gpu 112 120
		alan/ws2-gpu 116 kept
		alan/ws2-gpu 600 kept
		alan/ws2-gpu -5 120
		edsger/ws2-k8s-go 55 60
		edsger/ws2-k8s-go 59 kept
	EOT
	control '{"activity_bump":"gpu","ms":0}'
	[ "$(used alan/ws2-gpu '20 minutes')" = kept ]
	api GET /api/v2/templates | jq -e 'any(.name == "gpu" and .activity_bump_ms == 0)'
	api GET "/api/v2/workspaces/$(workspace alan/ws2-gpu)" | words '(.last_used_at | instant) > now - 60' -e
	control '[{"ttl":"edsger/ws2-k8s-go","ms":0},{"use":"edsger/ws2-k8s-go"}]' # no deadline any more, so nothing to bump
	api GET "/api/v2/workspaces/$(workspace edsger/ws2-k8s-go)" | jq -e '.latest_build.deadline == null'
	run -22 control '{"activity_bump":"nothing","ms":0}'
}

@test "use reaches no further than max_deadline, and past an autostart to that and the TTL behind it" {
	local name=edsger/ws2-k8s-go id start to
	start_fake
	id=$(workspace "$name") to=$(from_now '40 minutes')
	control "[{\"extend\":\"$name\",\"to\":\"$(from_now '3 hours')\"},{\"max_deadline\":\"$name\",\"to\":\"$to\"}]"
	api GET "/api/v2/workspaces/$id" | jq -e --arg to "$to" '.latest_build | .max_deadline == $to and .deadline == $to'
	used "$name" '10 minutes'
	api GET "/api/v2/workspaces/$id" | jq -e --arg to "$to" '.latest_build | .max_deadline == $to and .deadline == $to'
	run api PUT "/api/v2/workspaces/$id/extend" -d "{\"deadline\":\"$(from_now '50 minutes')\"}"
	[[ $output == *'Cannot extend workspace beyond max deadline.'* ]]
	name=tim/ws3-k8s-go start=$(($(date +%s) / 60 * 60 + 1800))
	id=$(workspace "$name")
	api PUT "/api/v2/workspaces/$id/autostart" -d "{\"schedule\":\"$(date -u -d "@$start" '+%M %H * * *')\"}"
	used "$name" '58 minutes'
	api GET "/api/v2/workspaces/$id" | words '(.latest_build.deadline | instant) == $start + .ttl_ms / 1000' -e --argjson start "$start"
	control "{\"stop\":\"$name\"}"
	to=$(api GET "/api/v2/workspaces/$id" | jq -r .latest_build.deadline)
	control "[{\"clock\":\"8h\"},{\"use\":\"$name\"}]" # a stopped build has a deadline that nothing moves
	[ "$(api GET "/api/v2/workspaces/$id" | jq -r .latest_build.deadline)" = "$to" ]
	run -22 control "{\"max_deadline\":\"$name\",\"to\":\"$(from_now '50 minutes')\"}"
}

built() { # OWNER/NAME [JQ, of the latest build]
	api GET "/api/v2/workspaces/$(workspace "$1")" | jq -r ".latest_build | ${2:-[.transition, .reason, .status, .initiator_name] | join(\" \")}"
}

@test "--executor stops at the first whole minute strictly after a deadline; without it nothing does" {
	local minute
	for option in --shift --executor; do
		start_fake --shift "$option" --build-time 1s
		minute=$(($(date +%s) / 60 * 60 + 1800))
		control "[{\"extend\":\"ada/ws0-gpu\",\"to\":\"$(from_now "@$minute")\"},
			{\"extend\":\"alan/ws2-gpu\",\"to\":\"$(from_now "@$((minute - 1))")\"},
			{\"extend\":\"grace/ws0-k8s-go\",\"to\":\"$(from_now "@$((minute + 59))")\"},
			{\"extend\":\"grace/ws1-k8s-go\",\"to\":\"$(from_now "@$((minute + 7200))")\"},
			{\"extend\":\"donald/ws2-gpu\",\"to\":\"$(from_now "@$minute")\"},{\"dormant\":\"donald/ws2-gpu\"},
			{\"status\":\"failed\",\"of\":\"linus/ws0-k8s-go\"},
			{\"transfer\":\"ken/ws0-forever\",\"to\":\"vint\"}]"
		control '{"clock":"1h"}'
		for name in grace/ws1-k8s-go donald/ws2-gpu radia/ws3-forever; do
			[ "$(built "$name" .transition)" = start ]
		done
		[ "$(built linus/ws0-k8s-go .status)" = failed ]
		[ $option = --executor ] || [ "$(built ada/ws0-gpu .transition)" = start ]
		[ $option = --executor ] || stop_fake
	done
	[ "$(built ada/ws0-gpu)" = 'stop autostop stopped ada' ]
	[ "$(built ada/ws0-gpu .created_at)" = "$(from_now "@$((minute + 60))")" ]
	[ "$(built alan/ws2-gpu .created_at)" = "$(from_now "@$minute")" ]
	[ "$(built grace/ws0-k8s-go .created_at)" = "$(from_now "@$((minute + 60))")" ]
	[ "$(built ken/ws0-forever)" = 'stop autostop stopped vint' ] # suspended: the next tick, without a deadline
	[ "$(acts)" = '{}' ]
}

@test "--executor leaves what is used or building, does not repeat a stop that failed, and needs a provisioner" {
	local soon
	start_fake --shift --executor --build-time 10m --provisioners 100
	soon=$(from_now '45 minutes')
	control "[{\"extend\":\"ada/ws0-gpu\",\"to\":\"$soon\"},{\"clock\":\"40m\"},{\"use\":\"ada/ws0-gpu\"},{\"clock\":\"100m\"}]"
	[ "$(built ada/ws0-gpu)" = 'start initiator running ops' ]
	control '{"clock":"23m"}'
	[ "$(built ada/ws0-gpu)" = 'stop autostop stopping ada' ]
	control '[{"transfer":"tim/ws2-forever","to":"vint"},{"start":"vint/ws2-forever","active":true},{"clock":"5m"}]'
	[ "$(built tim/ws2-forever)" = 'start initiator starting grace' ]
	control '{"clock":"7m"}'
	[ "$(built tim/ws2-forever)" = 'stop autostop stopping vint' ]
	control "[{\"create\":{\"owner\":\"ken\",\"name\":\"fails\",\"template\":\"stopfail\"}},{\"clock\":\"30h\"}]"
	api GET '/api/v2/workspaces?q=ken/fails' | jq -e '.workspaces[0].latest_build | .build_number == 2 and .reason == "autostop" and .status == "failed"'
	stop_fake
	start_fake --shift --executor --provisioners 0
	control '{"clock":"30h"}'
	api GET '/api/v2/workspaces?limit=0' | jq -c '.workspaces | map(.latest_build.build_number)' >"$BATS_TEST_TMPDIR/builds"
	jq -c '.workspaces | map(.latest_build.build_number)' "$FIXTURES/world/workspaces.json" | cmp - "$BATS_TEST_TMPDIR/builds"
}

@test "--executor starts what is stopped when its schedule fires, not sooner, and not for a suspended owner" {
	local fires
	start_fake --shift --executor --build-time 1s
	fires=$(($(date +%s) / 60 * 60 + 3600))
	for name in ada/ws0-gpu alan/ws2-gpu; do
		api PUT "/api/v2/workspaces/$(workspace $name)/autostart" -d "{\"schedule\":\"$(date -u -d "@$fires" '+%M %H * * *')\"}"
	done
	control '[{"stop":"ada/ws0-gpu"},{"stop":"alan/ws2-gpu"},{"transfer":"alan/ws2-gpu","to":"vint"},{"clock":"50m"}]'
	[ "$(built ada/ws0-gpu .transition)" = stop ]
	control '{"clock":"15m"}'
	[ "$(built ada/ws0-gpu)" = 'start autostart running ada' ]
	[ "$(built ada/ws0-gpu .created_at)" = "$(from_now "@$fires")" ]
	api GET "/api/v2/workspaces/$(workspace ada/ws0-gpu)" | words '(.next_start_at | instant) == $fires + 86400' -e --argjson fires "$fires"
	[ "$(built alan/ws2-gpu .transition)" = stop ]
}

in_minutes() { date -u -d "@$((SCHEDULED + $1 * 60))" '+%M %H * * *'; }

# At the next whole minute but 59: a schedule of ada's at NAME that fires, and the workspace stopped.
scheduled() {
	SCHEDULED=$(($(date +%s) / 60 * 60 + 3600))
	api PUT "/api/v2/workspaces/$(workspace "$1")/autostart" -d "{\"schedule\":\"$(in_minutes 0)\"}"
	control "{\"stop\":\"$1\"}"
}

@test "an overdue autostart starts at the first tick that has a provisioner, an active owner, and both its instants behind it" {
	start_fake --shift --executor --build-time 1s --provisioners 1
	scheduled ada/ws0-gpu
	control '[{"provisioners":0},{"clock":"65m"}]'
	[ "$(built ada/ws0-gpu .transition)" = stop ]
	control '[{"provisioners":1},{"clock":"2m"}]' # due since more than a minute
	[ "$(built ada/ws0-gpu)" = 'start autostart running ada' ]
	[ "$(($(date -d "$(built ada/ws0-gpu .created_at)" +%s) % 60))" = 0 ]
	stop_fake
	start_fake --shift --executor --build-time 1s
	scheduled ada/ws0-gpu
	control '[{"user_status":"ada","to":"dormant"},{"clock":"65m"}]'
	[ "$(built ada/ws0-gpu .transition)" = stop ]
	control '[{"user_status":"ada","to":"active"},{"clock":"2m"}]' # a build takes a second, also of a tick a moment ago
	[ "$(built ada/ws0-gpu)" = 'start autostart running ada' ]
	stop_fake
	start_fake --shift --executor --build-time 1s
	scheduled ada/ws0-gpu # then the latest build is one of after the firing: not before the next day
	control '[{"provisioners":0},{"clock":"61m"},{"stop":"ada/ws0-gpu"},{"provisioners":1},{"clock":"60m"}]'
	[ "$(built ada/ws0-gpu .transition)" = stop ]
	control '{"clock":"23h"}'
	[ "$(built ada/ws0-gpu '[.reason, .created_at] | join(" ")')" = "autostart $(from_now "@$((SCHEDULED + 86400))")" ]
}

@test "an autostart goes to the active version where that is to be, and fails where that asks for something in the classic flow" {
	local active old id mismatch
	id=$(workspace ada/ws0-gpu)
	start_fake --shift --executor --build-time 1s
	old=$(built ada/ws0-gpu .template_version_id)
	control '[{"automatic_updates":"ada/ws0-gpu","to":"always"},{"automatic_updates":"ada/ws3-gpu","to":"always"},{"publish":"gpu","asks":"size"},{"classic_flow":"gpu"}]'
	active=$(api GET '/api/v2/templates?q=exact_name:gpu' | jq -er '.[0] | select(.use_classic_parameter_flow) | .active_version_id')
	api GET "/api/v2/workspaces/$id" | jq -e '.automatic_updates == "always" and .outdated and .template_use_classic_parameter_flow'
	api GET "/api/v2/workspaces/$(workspace alan/ws0-k8s-go)" | jq -e '.automatic_updates == "never" and (.template_use_classic_parameter_flow | not)'
	scheduled ada/ws0-gpu
	[ "$(built ada/ws0-gpu .template_version_id)" = "$old" ] # a stop keeps to the old one
	mismatch=$(api GET "/api/v2/workspaces/$id/resolve-autostart")
	[ "$mismatch" = '{"parameter_mismatch":true}' ]
	control '{"clock":"70m"}'
	[ "$(built ada/ws0-gpu .transition)" = stop ]
	api POST "/api/v2/workspaces/$id/builds" -d "{\"transition\":\"start\",\"template_version_id\":\"$active\"}" | jq -e '.message == "Unable to validate parameter \"size\""'
	control '[{"classic_flow":"gpu","on":false},{"clock":"1m"}]'
	[ "$(built ada/ws0-gpu '[.reason, .template_version_id] | join(" ")')" = "autostart $active" ]
	[ "$(api GET "/api/v2/workspaces/$id/resolve-autostart")" = '{"parameter_mismatch":false}' ]
	# What runs outdated is stopped at its time, on its old version.
	control "[{\"extend\":\"ada/ws3-gpu\",\"to\":\"$(from_now '3 hours')\"},{\"clock\":\"4h\"}]"
	api GET "/api/v2/workspaces/$(workspace ada/ws3-gpu)/builds" | # it may have been started again since
		jq -e --arg old "$old" 'any(.[]; .reason == "autostop" and .template_version_id == $old)'
	stop_fake
	start_fake --shift --executor --build-time 1s
	scheduled ada/ws0-gpu # "never", and the template does not require the active one
	control '[{"publish":"gpu","asks":"size"},{"classic_flow":"gpu"},{"clock":"70m"}]'
	[ "$(built ada/ws0-gpu '[.reason, .template_version_id] | join(" ")')" = "autostart $old" ]
	[ "$(api GET "/api/v2/workspaces/$id/resolve-autostart")" = '{"parameter_mismatch":false}' ]
	control '[{"stop":"ada/ws0-gpu"},{"require_active":"gpu"},{"clock":"25h"}]'
	[ "$(built ada/ws0-gpu .transition)" = stop ]
	active=$(api GET '/api/v2/templates?q=exact_name:gpu' | jq -er '.[0].active_version_id')
	api POST "/api/v2/workspaces/$id/builds" -d "{\"transition\":\"start\",\"template_version_id\":\"$active\",\"rich_parameter_values\":[{\"name\":\"size\",\"value\":\"2\"}]}" |
		jq -e '.status == "pending"'
	control '[{"clock":"1m"},{"stop":"ada/ws0-gpu"},{"clock":"25h"}]' # said once, it stays said
	[ "$(built ada/ws0-gpu '[.reason, .template_version_id] | join(" ")')" = "autostart $active" ]
	run -22 control '{"automatic_updates":"ada/ws0-gpu","to":"often"}'
}

@test "what was carried out is counted for each workspace, whatever became of the reply" {
	local a b
	start_scripted '{"match":{"method":"PUT"},"from":2,"to":2,"do":{"reset":"after"}}' '{"match":{"method":"POST"},"do":{"status":502,"body":"<html>","process":true}}'
	a=$(workspace ada/ws0-gpu) b=$(workspace ada/ws1-k8s-go)
	[ "$(acts)" = '{}' ]
	for _ in 1 2; do
		api PUT "/api/v2/workspaces/$a/extend" -d "{\"deadline\":\"$(from_now '2 hours')\"}" || [ $? = 56 ]
	done
	api PUT "/api/v2/workspaces/$a/extend" -d "{\"deadline\":\"$(from_now '2 minutes')\"}"
	stop_of "$a"
	api POST "/api/v2/workspaces/$b/builds" -d '{"transition":"start"}'
	api POST "/api/v2/workspaces/$b/builds" -d '{"transition":"start"}' # already active
	control '{"stop":"alan/ws2-gpu"}'
	acts | jq -e --arg a "$a" --arg b "$b" '. == {($a): {stop: 1, start: 0, extend: 2}, ($b): {stop: 0, start: 1, extend: 0}}'
	posts | jq -e --arg a "$a" '. == {($a): 1}'
}

@test "whom a workspace is shared with sees it, stops it and starts it, and changes nothing else" {
	local id=$(workspace ada/ws0-gpu)
	start_fake --build-time 0s
	api GET "/api/v2/workspaces/$id" | jq -e 'has("shared_with") | not'
	control '[{"share":"ada/ws0-gpu","with":"dennis"},{"share":"ada/ws0-gpu","with":"dennis"}]'
	run -22 control '{"share":"ada/ws0-gpu","with":"nobody"}'
	api GET "/api/v2/workspaces/$id" | jq -e '.shared_with | length == 1 and .[0] == {id: .[0].id, actor_type: "user", name: "dennis", roles: ["use"]}'
	export CODER_SESSION_TOKEN=$TOKEN_MEMBER
	api GET /api/v2/workspaces | jq -e '.count == 5 and ([.workspaces[].owner_name] | unique) == ["ada", "dennis"]'
	api GET '/api/v2/workspaces?q=owner:me' | jq -e '.count == 4'
	api GET '/api/v2/workspaces?q=shared:true' | jq -e '.count == 1'
	api GET '/api/v2/workspaces?q=shared:false' | jq -e '.count == 4'
	api GET '/api/v2/workspaces?q=shared_with_user:dennis' | jq -e '.count == 1'
	api GET '/api/v2/workspaces?q=shared_with_user:niklaus' | jq -e '.count == 0'
	run api PUT "/api/v2/workspaces/$id/extend" -w '%{http_code}' -d "{\"deadline\":\"$(from_now '2 hours')\"}"
	[ "$output" = $'{"message":"Failed to extend workspace deadline."}\n500' ]
	[ "$(api PUT "/api/v2/workspaces/$id/ttl" -o /dev/null -w '%{http_code}' -d '{"ttl_ms":0}')" = 500 ]
	run api POST "/api/v2/workspaces/$id/builds" -d '{"transition":"delete"}'
	[[ $output == *'You do not have permission to delete this workspace.'* ]]
	api POST /api/v2/authcheck -d '{"checks":{"stop":{"object":{"resource_type":"workspace","resource_id":"'"$id"'"},"action":"stop"},
		"update":{"object":{"resource_type":"workspace","resource_id":"'"$id"'"},"action":"update"}}}' | jq -e '.stop and (.update | not)'
	stop_of "$id" | jq -e '.initiator_name == "dennis" and .workspace_owner_name == "ada"'
	eventually is "$id" stopped
	api POST "/api/v2/workspaces/$id/builds" -d '{"transition":"start"}' | jq -e '.status == "pending"'
	CODER_SESSION_TOKEN=$TOKEN_NIKLAUS run stop_of "$id"
	[[ $output == *'Resource not found'* ]]
	control '{"dormant":"ada/ws0-gpu"}'
	[ "$(api GET "/api/v2/workspaces/$id" -o /dev/null -w '%{http_code}')" = 404 ]
}

start_of() { api POST "/api/v2/workspaces/$1/builds" -d '{"transition":"start"}' "${@:2}"; }

@test "a new version outdates its template's workspaces, and where it is required an older one is not for everybody to start" {
	local active id=$(workspace dennis/ws0-gpu)
	start_fake --build-time 0s
	control '[{"publish":"gpu"},{"stop":"dennis/ws0-gpu"}]'
	active=$(api GET '/api/v2/templates?q=exact_name:gpu' | jq -r '.[0].active_version_id')
	api GET "/api/v2/workspaces/$id" | jq -e --arg v "$active" '.outdated and .template_active_version_id == $v
		and .latest_build.template_version_id != $v and (.template_require_active_version | not)'
	api GET '/api/v2/workspaces?q=outdated:true' | jq -e '.count > 10 and all(.workspaces[]; .template_name == "gpu" and .outdated)'
	api GET '/api/v2/workspaces?q=outdated:false' | jq -e '.count > 10 and all(.workspaces[]; .template_name != "gpu")'
	export CODER_SESSION_TOKEN=$TOKEN_MEMBER
	start_of "$id" | jq -e --arg v "$active" '.template_version_id != $v'
	eventually is "$id" running
	control '[{"stop":"dennis/ws0-gpu"},{"require_active":"gpu"}]'
	eventually is "$id" stopped
	api GET "/api/v2/workspaces/$id" | jq -e .template_require_active_version
	run start_of "$id" -w '%{http_code}'
	[ "$output" = $'{"message":"insert workspace build","detail":"cannot use non-active version: unauthorized: rbac: forbidden"}\n403' ]
	CODER_SESSION_TOKEN=$TOKEN_WSSTAR run start_of "$id"
	[[ $output == *'cannot use non-active version'* ]]
	stop_of "$id" | jq -e '.build_number > 0' # only a start has to be of the active one
	eventually is "$id" stopped
	api POST "/api/v2/workspaces/$id/builds" -d '{"transition":"start","template_version_id":"'"$active"'"}' | jq -e --arg v "$active" '.template_version_id == $v'
	eventually is "$id" running
	api GET "/api/v2/workspaces/$id" | jq -e --arg v "$active" '(.outdated | not) and .latest_build.template_version_id == $v'
	export CODER_SESSION_TOKEN=$TOKEN_ORGADMIN
	start_of "$(workspace hedy/ws2-gpu)" | jq -e --arg v "$active" '.template_version_id != $v'
	run -22 control '{"publish":"nothing"}'
}

@test "the clock moves forwards at once, and the builds in flight keep to it" {
	start_fake --provisioners 1 --build-time 1h
	first=$(workspace ada/ws0-gpu) second=$(workspace ada/ws3-gpu)
	stop_of "$first" >/dev/null
	stop_of "$second" >/dev/null
	date=$(date -d "$(api GET /api/v2/buildinfo -D - -o /dev/null | sed -n 's/\r$//; s/^Date: //p')" +%s)
	control '{"clock":"61m"}'
	[ $(($(date -d "$(api GET /api/v2/buildinfo -D - -o /dev/null | sed -n 's/\r$//; s/^Date: //p')" +%s) - date)) -ge 3659 ]
	api GET "/api/v2/workspaces/$first" >"$BATS_TEST_TMPDIR/first"
	api GET "/api/v2/workspaces/$second" >"$BATS_TEST_TMPDIR/second"
	jq -es '.[0].latest_build.status == "stopped" and .[1].latest_build.status == "stopping"
		and .[0].latest_build.job.completed_at == .[1].latest_build.job.started_at' "$BATS_TEST_TMPDIR"/{first,second}
	control '[{"clock":"1h"},{"stop":"ada/ws3-gpu"}]' # which is no longer building when the second change comes
	api GET "/api/v2/workspaces/$second" | jq -e '.latest_build | .status == "stopped" and .initiator_name == "grace"'
	run -22 control '{"clock":"-1m"}'
	run -22 control '{"clock":"46"}'
}

@test "a reset makes the world, the clock, the tokens, the limits, the rules' hits and the log what they were" {
	local first
	start_scripted --shift --build-time 0s --rate-limit 5 '{"match":{"path":"/api/v2/buildinfo"},"nth":2,"do":{"status":503}}'
	control '{"reset":true}' # without anything having happened
	api GET '/api/v2/workspaces?limit=0' | jq -c '.workspaces[] | [.id, .latest_build.id, .latest_build.status, .owner_name, .ttl_ms]' >"$BATS_TEST_TMPDIR/first"
	for expected in 200 503 200; do
		[ "$(api GET /api/v2/buildinfo -o /dev/null -w '%{http_code}')" = "$expected" ]
	done
	stop_of "$(workspace ada/ws0-gpu)" >/dev/null
	control '[{"clock":"10d"},{"transfer":"ada/ws3-gpu","to":"ken"},{"create":{"owner":"ken","name":"new","template":"gpu"}},{"delete":"grace/ws0-k8s-go"},
		{"share":"alan/ws2-gpu","with":"dennis"},{"publish":"gpu"},{"ttl":"tim/ws3-k8s-go","ms":0},
		{"expire_token":"'"$TOKEN_MEMBER"'"},{"drop_permission":"workspace:stop","of":"'"$TOKEN_LEAST"'"}]'
	for _ in 1 2 3 4 5 6; do
		api GET /api/v2/users/ada -o /dev/null
	done
	control '{"reset":true}'
	[ ! -s "$FAKE_LOG" ]
	[ "$(acts)" = '{}' ]
	api GET '/api/v2/workspaces?limit=0' | jq -c '.workspaces[] | [.id, .latest_build.id, .latest_build.status, .owner_name, .ttl_ms]' | cmp - "$BATS_TEST_TMPDIR/first"
	[ "$(jq -r .n "$FAKE_LOG")" = 1 ]
	for expected in 200 503 200; do
		[ "$(api GET /api/v2/buildinfo -o /dev/null -w '%{http_code}')" = "$expected" ]
	done
	[ "$(api GET /api/v2/users/ada -o /dev/null -w '%{http_code}')" = 200 ]
	date=$(api GET /api/v2/buildinfo -D - -o /dev/null | sed -n 's/\r$//; s/^Date: //p')
	[ $(($(date -d "$date" +%s) - $(date +%s))) -lt 60 ]
	[ "$(CODER_SESSION_TOKEN=$TOKEN_MEMBER api GET /api/v2/workspaces | jq .count)" = 4 ]
	[ "$(CODER_SESSION_TOKEN=$TOKEN_LEAST stop_of "$(workspace ada/ws0-gpu)" -o /dev/null -w '%{http_code}')" = 201 ]
}

@test "a request of before a reset changes nothing after it, whatever it waits for" {
	local id=$(workspace ada/ws0-gpu) pids=() status
	start_scripted '{"match":{"query":"stall"},"do":{"stall":true,"process":true}}' \
		'{"match":{"query":"delay"},"do":{"delay":"before","delay_ms":2500,"world":[{"stop":"alan/ws2-gpu"}]}}'
	for fault in stall delay; do
		api POST "/api/v2/workspaces/$id/builds?$fault" -d '{"transition":"stop"}' -v -m 60 >/dev/null 2>"$BATS_TEST_TMPDIR/$fault" 3>&- &
		pids+=($!)
	done
	for fault in stall delay; do # until it is on its way
		eventually grep -q '^> POST' "$BATS_TEST_TMPDIR/$fault"
	done
	control '{"reset":true}'
	for pid in "${pids[@]}"; do # both are told at once
		status=0
		wait "$pid" || status=$?
		[[ $status == 5[26] ]]
	done
	sleep 2.7
	[ "$(acts)" = '{}' ]
	[ ! -s "$FAKE_LOG" ]
	for name in ada/ws0-gpu alan/ws2-gpu; do
		[ "$(status_of "$(workspace "$name")")" = running ]
	done
}

@test "another script takes the place of the first, unless it is none" {
	start_scripted '{"match":{"path":"/api/v2/buildinfo"},"every":true,"do":{"status":503}}'
	[ "$(api GET /api/v2/buildinfo -o /dev/null -w '%{http_code}')" = 503 ]
	control '[{"reset":true},{"script":[{"match":{"path":"/api/v2/buildinfo"},"do":{"status":502}},{"match":{"path":"/api/v2/users/me"},"do":{"status":500}}]}]'
	for expected in 502 200; do
		[ "$(api GET /api/v2/buildinfo -o /dev/null -w '%{http_code}')" = "$expected" ]
	done
	run -22 control '{"script":[{"match":{"path":"/"},"do":{"statsu":500}}]}'
	run -22 control '{"script":[{"match":{"path":"/"}}]}'
	run -22 control '{"script":{"do":{}}}'
	[ "$(api GET /api/v2/users/me -o /dev/null -w '%{http_code}')" = 500 ] # still the second
	control '[{"script":[]}]'
	[ "$(api GET /api/v2/users/me -o /dev/null -w '%{http_code}')" = 200 ]
}

@test "TLS with a certificate of one's own" {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
		-keyout "$BATS_TEST_TMPDIR/key" -out "$BATS_TEST_TMPDIR/cert" 2>/dev/null
	start_fake --tls-cert "$BATS_TEST_TMPDIR/cert" --tls-key "$BATS_TEST_TMPDIR/key"
	[[ $CODER_URL == https://localhost:* ]]
	curl -sS --cacert "$BATS_TEST_TMPDIR/cert" "$CODER_URL/api/v2/buildinfo" | jq -e '.version == "v2.31.14"'
}

@test "wrong options and scripts end with 2 and say what is wrong" {
	run -2 --separate-stderr fakecoder --build-time soon
	[ "$stderr" = "fakecoder: --build-time: not a duration: 'soon'" ]
	script '{"match":{"pth":"/"},"do":{}}'
	run -2 --separate-stderr fakecoder --script "$BATS_TEST_TMPDIR/script"
	[[ $stderr == *":1: unknown key 'pth'" ]]
	run -2 --separate-stderr fakecoder --world /nonexistent
	[[ $stderr == "fakecoder: /nonexistent/users.json: "* ]]
}

@test "fakecoder leaves its port for a while when the script says so, and keeps its world" {
	echo '{"match":{"path":"/api/v2/buildinfo"},"do":{"away_ms":3000}}' >"$BATS_TEST_TMPDIR/script"
	start_fake --script "$BATS_TEST_TMPDIR/script"
	control '{"stop":"dennis/ws0-gpu"}'
	[ "$(api GET /api/v2/buildinfo | jq -r .version)" = v2.31.14 ]
	run curl -sS "$CODER_URL/healthz"
	[ "$status" -eq 7 ]
	[ "$(curl -sS --retry 20 --retry-delay 1 --retry-connrefused "$CODER_URL/healthz")" = OK ]
	[ "$(api GET /api/v2/users/dennis/workspace/ws0-gpu | jq -r .latest_build.status)" = stopped ]
	[ "$(api GET /api/v2/buildinfo | jq -r .version)" = v2.31.14 ]
	stop_fake
}
