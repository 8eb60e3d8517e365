# cws-fetch --with: what a record says of its owner.

load helper

owner() { jq -c --arg o "$1" 'select(.owner_name == $o) | .cws.fetch.owner' <<<"$output" | sort -u; }

fake_with_faults() {
	start_scripted --premium "$@"
}

@test "cws-fetch --with owner, quiet-hours, groups fills in the owner, and asks once for each" {
	start_fake --premium
	run --separate-stderr -0 cws-fetch --page-size 10 --with owner,quiet-hours --with groups
	[ "$stderr" = "cws-fetch: 88 workspaces, 9 pages, 0 retries" ]
	[ "$(owner ada)" = '{"status":"active","last_seen_at":null,"email":"ada@example.com","groups":["Everyone"],"quiet_hours":{"raw_schedule":"CRON_TZ=Europe/Berlin 0 19 * * *","user_set":true}}' ]
	[ "$(owner hedy | jq -c .groups)" = '["Everyone","night-shift"]' ]
	[ "$(owner dennis | jq -r .last_seen_at)" != null ]
	[ "$(requests GET '/api/v2/users/*/quiet-hours')" -eq "$(jq -s 'map(.owner_id) | unique | length' <<<"$output")" ]
	[ "$(requests GET /api/v2/groups)" -eq 1 ]
	[ "$(jq -r .id <<<"$output" | sort -u | wc -l)" -eq 88 ]
}

@test "cws-fetch asks for nothing that was not asked for" {
	start_fake --premium
	run --separate-stderr -0 cws-fetch -q
	[ "$(jq -c '.cws.fetch.owner | [.last_seen_at, .email, .groups, .quiet_hours]' <<<"$output" | sort -u)" = '[null,null,null,null]' ]
	[ "$(requests GET '/api/v2/users/*')" -eq 0 ]
	[ "$(requests GET /api/v2/groups)" -eq 0 ]
	run --separate-stderr -0 cws-fetch -q --with quiet-hours
	[ "$(jq -c '.cws.fetch.owner | [.email, .groups, .quiet_hours == null]' <<<"$output" | sort -u)" = '[null,null,false]' ]
}

@test "cws-fetch --with writes null where there is no licence, says so once and asks one owner only" {
	start_fake
	run --separate-stderr -0 cws-fetch --page-size 10 --with quiet-hours,groups
	[ "${stderr_lines[0]}" = "cws-fetch: warning: not readable, so null in the records: owner.groups of 88, owner.quiet_hours of 88" ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ "$(jq -c '.cws.fetch.owner | [.groups, .quiet_hours]' <<<"$output" | sort -u)" = '[null,null]' ]
	[ "$(requests GET '/api/v2/users/*/quiet-hours')" -eq 1 ]
}

@test "cws-fetch --with knows of others what a member's token may see" {
	start_fake --premium
	export CODER_SESSION_TOKEN=$TOKEN_MEMBER
	run --separate-stderr -0 cws-fetch -q --with owner,quiet-hours
	[ "$(owner dennis | jq -c '[.email, .quiet_hours.user_set]')" != '[null,null]' ]
}

@test "cws-fetch --with outlives a failure of one owner's quiet hours, and tells it" {
	local grace
	grace=$(jq -r '.users[] | select(.username == "grace") | .id' "$FIXTURES/world/users.json")
	fake_with_faults '{"match":{"method":"GET","path":"/api/v2/users/'"$grace"'/quiet-hours"},"every":true,"do":{"status":404,"body":"{\"message\":\"Resource not found or you do not have access to this resource\"}"}}'
	run --separate-stderr -0 cws-fetch --with quiet-hours
	[ "$(owner grace | jq -c .quiet_hours)" = null ]
	[ "$(owner ada | jq -c .quiet_hours.user_set)" = true ]
	[[ "${stderr_lines[0]}" == "cws-fetch: warning: not readable, so null in the records: owner.quiet_hours of "[0-9]* ]]
}

@test "cws-fetch --with asks for the others' quiet hours where a proxy refuses one owner's" {
	fake_with_faults '{"match":{"path":"/api/v2/users/*/quiet-hours"},"nth":1,"do":{"status":403,"content_type":"text/html","body":"<html>no</html>"}}'
	run --separate-stderr -0 cws-fetch --with quiet-hours
	[ "$(jq -r 'select(.cws.fetch.owner.quiet_hours == null).owner_name' <<<"$output" | sort -u | wc -l)" -eq 1 ]
	[[ "${stderr_lines[0]}" == *"owner.quiet_hours of "*" (HTTP 403: not an answer of Coder's)" ]]
}

@test "cws-fetch --with groups takes half of a group for none: somebody might be missing" {
	fake_with_faults '{"match":{"method":"GET","path":"/api/v2/groups"},"every":true,"do":{"body":"[{\"id\":\"g\",\"name\":\"a\",\"members\":[],\"total_member_count\":3}]"}}'
	run --separate-stderr -0 cws-fetch --with groups
	[ "$(jq -c .cws.fetch.owner.groups <<<"$output" | sort -u)" = null ]
	[ "${stderr_lines[0]}" = "cws-fetch: warning: not readable, so null in the records: owner.groups of 88 (members of groups are hidden from this token)" ]
}

@test "cws-fetch --with takes an empty list of groups for what it is" {
	fake_with_faults '{"match":{"method":"GET","path":"/api/v2/groups"},"every":true,"do":{"body":"null","content_type":"application/json"}}'
	run --separate-stderr -0 cws-fetch -q --with groups
	[ "$(jq -c .cws.fetch.owner.groups <<<"$output" | sort -u)" = '[]' ]
}

@test "cws-fetch --with refuses another word" {
	run --separate-stderr -2 cws-fetch --with owner,quiet
	[ "$stderr" = 'cws-fetch: --with: expected owner, quiet-hours or groups, got "quiet"' ]
	run --separate-stderr -2 cws-fetch --with ''
	[ "$stderr" = 'cws-fetch: --with: expected owner, quiet-hours or groups, got ""' ]
}

@test "cws-fetch --with and cws-quiet --owner-schedule judge each owner by their own hours" {
	start_fake --premium
	run --separate-stderr -0 bash -c 'cws-fetch -q --with quiet-hours,groups |
		cws-quiet -qa --owner-schedule --min-uptime 0s --exclude-group night-shift -N 2026-06-30T19:30:00Z'
	[ "$(jq -r 'select(.cws.quiet.state != "inactive") | .cws.quiet.schedule' <<<"$output" | sort -u | grep -c owner)" -eq 1 ]
	[ "$(jq -r 'select(.cws.fetch.owner.groups | index("night-shift")) | select(.cws.quiet.state == "excluded") | .cws.quiet.keep' <<<"$output" | sort -u)" = true ]
	[ "$(jq -r 'select(.owner_name == "ada") | select(.cws.quiet.state == "quiet") | .cws.quiet.why' <<<"$output" | head -n 1)" = \
		"ada's own quiet hours Tue 19:00-Wed 03:00 began 2h 30m ago, grace 1h over; local time Tue 21:30 Europe/Berlin" ]
}
