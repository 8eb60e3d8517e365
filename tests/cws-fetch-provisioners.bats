# cws-fetch: how many live provisioners serve each template, and what follows.
#
# run sets stderr and stderr_lines.
# shellcheck shell=bash disable=SC2154

load helper

teardown() {
	stop_fake
}

# Of each template in the records of standard input, as NAME=NUMBER.
matching() {
	jq -r '"\(.template_name)=\(.cws.fetch.template.provisioners_matching)"' | sort -u | paste -sd' '
}

@test "cws-fetch counts the live provisioners whose tags serve the active version, one request a version" {
	start_fake --provisioners 2
	control '[{"provisioners":3,"tags":{"zone":"b","more":"yes"}},{"tags":"gpu","are":{"zone":"b"}},
		{"tags":"forever","are":{"zone":"a"}}]'
	run --separate-stderr -0 cws-fetch
	[ "$stderr" = "cws-fetch: 88 workspaces, 1 page, 0 retries" ]
	[ "$(jq -r .cws.fetch.server.provisioners_live <<<"$output" | sort -u)" = 5 ]
	[ "$(matching <<<"$output")" = "forever=0 gpu=3 k8s-go=2 startfail=2 stopfail=2 stophang=2" ]
	[ "$(requests GET '/api/v2/organizations/*/provisionerdaemons')" -eq 1 ]
	[ "$(requests GET '/api/v2/templateversions/*')" -eq 6 ]
	# Pages do not ask again for what is known, and one template costs one.
	run --separate-stderr -0 cws-fetch -q --page-size 10 -j 4
	[ "$(requests GET '/api/v2/templateversions/*')" -eq 12 ]
	run --separate-stderr -0 cws-fetch -q --template gpu
	[ "$(requests GET '/api/v2/templateversions/*')" -eq 13 ]
}

@test "cws-fetch goes by the active version's tags, not by those of the builds" {
	start_fake --provisioners 2
	control '{"publish":"gpu","tags":{"zone":"b"}}'
	run --separate-stderr -0 cws-fetch -q
	[ "$(jq -r 'select(.template_name == "gpu") | .latest_build.job.tags.zone' <<<"$output" | sort -u)" = null ]
	[ "$(matching <<<"$output")" = "forever=2 gpu=0 k8s-go=2 startfail=2 stopfail=2 stophang=2" ]
}

@test "cws-fetch knows without asking that nobody serves a template where nobody is live" {
	start_fake --provisioners 0
	run --separate-stderr -0 cws-fetch -q
	[ "$(matching <<<"$output")" = "forever=0 gpu=0 k8s-go=0 startfail=0 stopfail=0 stophang=0" ]
	[ "$(requests GET '/api/v2/templateversions/*')" -eq 0 ]
}

@test "cws-fetch counts all provisioners where the server lists but the first fifty" {
	start_fake --provisioners 49
	run --separate-stderr -0 cws-fetch -q --template gpu
	[ "$(matching <<<"$output")" = "gpu=49" ]
	[ "$(requests GET '*/provisionerdaemons')" -eq 1 ]
	control '[{"provisioners":50},{"provisioners":20,"tags":{"zone":"b"}},{"tags":"gpu","are":{"zone":"b"}}]'
	run --separate-stderr -0 cws-fetch -q
	[ "$(jq -r .cws.fetch.server.provisioners_live <<<"$output" | sort -u)" = 70 ]
	[ "$(matching <<<"$output")" = "forever=50 gpu=20 k8s-go=50 startfail=50 stopfail=50 stophang=50" ]
	[ "$(requests GET '*/provisionerdaemons' '.query == "limit=0"')" -eq 1 ]
	stop_fake
	# an older one has no limit, and refuses to hear of one; where the rest is lost nobody knows
	start_scripted --provisioners 50 '{"match":{"path":"*/provisionerdaemons","query":"limit=0"},"do":{"status":400,"coder":true,"body":"{\"message\":\"Query param not supported\"}"}}' \
		'{"match":{"path":"*/provisionerdaemons","query":"limit=0"},"nth":2,"do":{"status":404,"coder":true,"body":"{\"message\":\"Resource not found\"}"}}'
	run --separate-stderr -0 cws-fetch -q --template gpu
	[ "$(matching <<<"$output")" = "gpu=50" ]
	run --separate-stderr -0 cws-fetch --template gpu
	[ "$(matching <<<"$output")" = "gpu=null" ]
	[[ ${stderr_lines[0]} == *"server.provisioners_live of "*", template.provisioners_matching of "* ]]
	stop_fake
	# what a proxy refuses says nothing of how many there are
	start_scripted --provisioners 50 '{"match":{"path":"*/provisionerdaemons","query":"limit=0"},"do":{"status":400,"content_type":"text/html","body":"<html>no</html>"}}'
	run --separate-stderr -0 cws-fetch -q --template gpu
	[ "$(matching <<<"$output")" = "gpu=null" ]
}

@test "cws-fetch says null where a version is hidden, torn or lost, and tells why" {
	start_scripted '{"match":{"path":"/api/v2/templateversions/*"},"every":true,"do":{"status":404,"coder":true,"body":"{\"message\":\"Resource not found\"}"}}'
	run --separate-stderr -0 cws-fetch --template gpu
	[ "$(matching <<<"$output")" = "gpu=null" ]
	[[ ${stderr_lines[0]} == "cws-fetch: warning: not readable, so null in the records: template.provisioners_matching of "* ]]
	[[ ${stderr_lines[0]} != *"("* ]]
	stop_fake
	start_scripted '{"match":{"path":"/api/v2/templateversions/*"},"every":true,"do":{"cut":40,"chunked":true}}'
	run --separate-stderr -0 cws-fetch --template gpu --deadline 4s
	[ "$(matching <<<"$output")" = "gpu=null" ]
	[[ ${stderr_lines[0]} == *"template.provisioners_matching of "*" ("*")"* ]]
	stop_fake
	start_scripted '{"match":{"path":"/api/v2/templateversions/*"},"every":true,"do":{"set":{"job":null}}}'
	run --separate-stderr -0 cws-fetch -q --template gpu
	[ "$(matching <<<"$output")" = "gpu=null" ]
}

@test "cws-fetch says null where a provisioner does not tell its tags" {
	start_scripted '{"match":{"path":"*/provisionerdaemons"},"every":true,"do":{"status":200,"coder":true,"body":"[{\"status\":\"idle\"},{\"status\":\"offline\",\"tags\":{}}]"}}'
	run --separate-stderr -0 cws-fetch -q --template gpu
	[ "$(jq -r .cws.fetch.server.provisioners_live <<<"$output" | sort -u)" = 1 ]
	[ "$(matching <<<"$output")" = "gpu=null" ]
}

@test "cws-autostop calls unknown what no live provisioner serves, from the server's own word" {
	start_world --provisioners 2
	control '{"tags":"gpu","are":{"zone":"b"}}'
	bash -c 'set -o pipefail; cws-fetch -q | cws-autostop -q' >"$BATS_TEST_TMPDIR/out"
	run -0 jq -r 'select(.template_name == "gpu" and .latest_build.status == "running" and .dormant_at == null) |
		"\(.cws.autostop.state) \(.cws.autostop.why | contains("a provisioner comes back that serves its template"))"' "$BATS_TEST_TMPDIR/out"
	[ "$(sort -u <<<"$output")" = "unknown true" ]
	run -0 jq -r 'select(.template_name == "k8s-go") | .cws.autostop.state' "$BATS_TEST_TMPDIR/out"
	[[ $output != *unknown* ]]
}
