# --holds: what is promised to be left alone stays alone, whatever happens to a record on its way.

load helper

setup() { HOLDS=$BATS_TEST_TMPDIR/holds.ndjson; }
holds() { printf '%s\n' "$@" >"$HOLDS"; }

# Both programs refuse the file in one line with status 2, and neither reads or sends anything.
refuses() {
	local program
	for program in cws-quiet 'cws-stop --url http://127.0.0.1:1'; do
		# shellcheck disable=SC2086 # a program and its options
		CODER_SESSION_TOKEN=none run --separate-stderr -2 $program --holds "$HOLDS" <"$FIXTURES/quiet-vectors.ndjson"
		[ "$output" = "" ]
		[ "$stderr" = "${program%% *}: $1" ]
	done
}

judge() {
	jq -cn '{name: "dev", owner_name: "ada", latest_build: {transition: "start", status: "running",
		job: {completed_at: "2026-06-11T09:00:00Z"}}} | '"$1" |
		cws-quiet -qa -N 2026-06-12T19:29:00Z --holds "$HOLDS" 2>/dev/null | jq -c '.cws.quiet | [.state, .due, .keep, .why]'
}

@test "a hold keeps its workspace until its instant, and says by whom and why" {
	local tail='; quiet hours Fri 18:00-Sat 08:00 (the default); local time Fri 19:29 UTC"]'

	holds '{"workspace":"Ada/DEV","until":"2026-06-12T19:29:01Z","who":"bob","why":"demo \u00e0 deux","ticket":7}'
	[ "$(judge .)" = '["excluded",false,true,"held until 2026-06-12T19:29:01Z by bob: demo à deux'"$tail" ]
	holds '{"workspace":"ada/dev","until":"2026-06-12T21:29:00.5+01:00","who":null}' ''
	[ "$(judge . | jq -c .[0])" = '"excluded"' ]
	holds '{"workspace":"ada/dev","until":"2026-06-12T19:29:00Z"}'
	[ "$(judge . | jq -c .[0])" = '"quiet"' ]
	holds '{"workspace":"bob/dev","until":"2026-06-13T19:29:00Z"}'
	[ "$(judge . | jq -c .[0])" = '"quiet"' ]
	[ "$(judge 'del(.owner_name)' | jq -c '.[:3]')" = '["excluded",false,true]' ]
	: >"$HOLDS"
	[ "$(judge 'del(.owner_name)' | jq -c .[0])" = '"quiet"' ]
}

@test "holds that have ended are told once a run" {
	holds '{"workspace":"ada/dev","until":"2027-01-01T00:00:00Z"}' '{"workspace":"ada/old","until":"2026-01-01T00:00:00Z"}' \
		'{"workspace":"bob/old","until":"2026-02-01T00:00:00Z"}'
	run --separate-stderr -0 cws-quiet -q -N 2026-06-12T19:29:00Z --holds "$HOLDS" < <(jq -cn 'range(50) | {}')
	[ "$stderr" = "cws-quiet: warning: $HOLDS:2: the hold of ada/old ended at 2026-01-01T00:00:00Z (and 1 more of this file)" ]
	run --separate-stderr -0 cws-quiet -q -N 2025-06-12T19:29:00Z --holds "$HOLDS" </dev/null
	[ "$stderr" = "" ]
}

@test "a file of holds that is wrong anywhere is refused, before anything is read" {
	local good='{"workspace":"ada/dev","until":"2026-06-12T19:29:01Z"}'

	holds "$good" '{"workspace":"ada/dev"}'
	refuses "$HOLDS:2: '.until' is missing: expected an instant such as \"2026-12-31T18:00:00Z\""
	holds '{"workspace":"ada/dev","until":null}'
	refuses "$HOLDS:1: '.until' is missing: expected an instant such as \"2026-12-31T18:00:00Z\""
	holds "$good" '' '{"workspace":"ada/dev","until":"tomorrow"}'
	refuses "$HOLDS:3: '.until': expected an instant such as \"2026-12-31T18:00:00Z\", got \"tomorrow\""
	holds '{"until":"2026-06-12T19:29:01Z"}'
	refuses "$HOLDS:1: '.workspace' is missing: expected \"owner/name\""
	holds '{"workspace":"dev","until":"2026-06-12T19:29:01Z"}'
	refuses "$HOLDS:1: '.workspace': expected \"owner/name\", got \"dev\""
	holds '{"workspace":["ada/dev"],"until":"2026-06-12T19:29:01Z"}'
	refuses "$HOLDS:1: '.workspace': expected \"owner/name\", got [\"ada/dev\"]"
	holds '{"workspace":"ada/dev","until":"2026-06-12T19:29:01Z","who":7}'
	refuses "$HOLDS:1: '.who': expected text, got 7"
	holds '{"workspace":"ada/dev","until":"2026-06-12T19:29:01Z","why":"a\u0000b"}'
	refuses "$HOLDS:1: '.why': expected text, got \"a\\u0000b\""
	holds '{"workspace":"ada/dev","until":"2026-06-12T19:29:01Z","until":"2027-06-12T19:29:01Z"}'
	refuses "$HOLDS:1: two members named 'until': expected one"
	holds "$good" '[]'
	refuses "$HOLDS:2: expected one JSON object a line: not an object at byte 1"
	printf '%s\n{"workspace":"ada/dev' "$good" >"$HOLDS"
	CODER_SESSION_TOKEN=none run --separate-stderr -2 cws-quiet --holds "$HOLDS" </dev/null
	[[ "$stderr" == "cws-quiet: $HOLDS:2: expected one JSON object a line: "* ]]
	printf '%s\n\xff\n' "$good" >"$HOLDS"
	run --separate-stderr -2 cws-quiet --holds "$HOLDS" </dev/null
	[[ "$stderr" == "cws-quiet: $HOLDS:2: expected one JSON object a line: "* ]]
	head -c 17000000 /dev/zero | tr '\0' ' ' >"$HOLDS"
	echo x >>"$HOLDS"
	run --separate-stderr -2 cws-quiet --holds "$HOLDS" </dev/null
	[ "$stderr" = "cws-quiet: $HOLDS:1: expected a line of less than 16 MiB" ]
	rm "$HOLDS"
	refuses "$HOLDS: cannot open: No such file or directory"
	mkdir "$HOLDS"
	refuses "$HOLDS: cannot read: Is a directory"
}

@test "a held workspace is never posted, although jq dropped every verdict and named it anew" {
	start_fake
	cws-fetch -q -r >"$BATS_TEST_TMPDIR/all"
	held=$(jq -r 'select(.latest_build.status == "running") | .owner_name + "/" + .name' "$BATS_TEST_TMPDIR/all" | head -n 5)
	[ "$(wc -l <<<"$held")" -eq 5 ]
	jq -cR '{workspace: (. | ascii_upcase), until: "2099-01-01T00:00:00Z", who: "ops", why: "migration"}' <<<"$held" >"$HOLDS"
	ids=$(jq -c --arg h "$held" 'select([.owner_name + "/" + .name] | inside($h | split("\n"))) | .id' "$BATS_TEST_TMPDIR/all" | sort)

	run --separate-stderr -0 bash -c 'set -o pipefail; cws-quiet -a --holds "$1" <"$2" 2>/dev/null | jq -c "del(.cws)" |
		cws-stop -x -f --max 200 --rate 0 --holds "$1"' - "$HOLDS" "$BATS_TEST_TMPDIR/all"
	[ "$(jq -c --argjson p "$(posts)" 'select($p[.] != null)' <<<"$ids")" = "" ]
	[ "$(posts | jq length)" -gt 20 ]
	[ "$(jq -r 'select(.cws.stop.why == "held until 2099-01-01T00:00:00Z by ops: migration") | .cws.stop.result' <<<"$output" | sort | uniq -c | xargs)" = \
		"5 skipped" ]

	# What jq calls it does not count: the server says whose it is.
	run --separate-stderr bash -c 'jq -c "del(.cws) | .owner_name = \"x\" | .name = \"y\"" "$2" | cws-stop -x -f --max 200 --rate 0 --holds "$1"' \
		- "$HOLDS" "$BATS_TEST_TMPDIR/all"
	[ "$(jq -c --argjson p "$(posts)" 'select($p[.] != null)' <<<"$ids")" = "" ]
	stop_fake
}

@test "holds and exclusions are taken as meant, and what can mean nobody is refused" {
	cd "$BATS_TEST_TMPDIR"
	printf '%s\r\n' '{"workspace":"@dennis/ws0-gpu.main ","until":"2036-01-01T00:00:00Z"}' >holds
	start_fake
	due 'select(.name == "ws0-gpu")' >in
	run --separate-stderr -0 cws-stop -q --holds holds <in
	[ "$(jq -c 'select(.owner_name == "dennis") | [.cws.stop.result, .cws.stop.why]' <<<"$output")" = '["skipped","held until 2036-01-01T00:00:00Z"]' ]
	run --separate-stderr -0 cws-stop -q --exclude-name @dennis/ws0-gpu.main <in
	[ "$(jq -r 'select(.owner_name == "dennis") | .cws.stop.why' <<<"$output")" = "workspace ws0-gpu is excluded (--exclude-name dennis/ws0-gpu)" ]
	run --separate-stderr -0 cws-stop -q --exclude-user @Dennis <in
	[ "$(jq -r 'select(.owner_name == "dennis") | .cws.stop.result' <<<"$output")" = skipped ]
	run --separate-stderr -2 cws-stop -q --exclude-user dennis@example.com <in
	[ "$stderr" = 'cws-stop: --exclude-user: expected names such as ada,ci-*, got "dennis@example.com": write the name, not the address' ]
	echo '{"workspace":"dennis@example.com/ws0-gpu","until":"2036-01-01T00:00:00Z"}' >holds
	run --separate-stderr -2 cws-stop -q --holds holds <in
	[[ "$stderr" == "cws-stop: holds:1: '.workspace': expected \"owner/name\", got "* ]]
	[ "$(requests POST '*')" -eq 0 ]
	stop_fake
}

@test "cws-quiet names each exclusion, selection and hold that matched nothing in the whole input" {
	cd "$BATS_TEST_TMPDIR"
	jq -c '.workspaces[]' "$FIXTURES/world/workspaces.json" >in
	{ echo '{"workspace":"dennis/ws0-gpu","until":"2036-01-01T00:00:00Z"}'
		echo '{"workspace":"dennis/wso-gpu","until":"2036-01-01T00:00:00Z"}'
		echo '{"workspace":"dennis/long-ago","until":"2016-01-01T00:00:00Z"}'; } >holds
	echo '{"quiet_hours":{"start_time":"18:00","excluded_users":["grace","graca"]}}' >c.json
	run --separate-stderr -0 cws-quiet -c c.json --holds holds --exclude-user dennis,denis --exclude-template gpu,cpu2 \
		--only-name 'ws*,nope-*' --exclude-name 'dennis/*' -N 2026-11-23T03:00:00Z <in
	[ "$stderr" = "cws-quiet: warning: holds:3: the hold of dennis/long-ago ended at 2016-01-01T00:00:00Z
cws-quiet: 88 in, 3 due, 21 held, 0 bad
cws-quiet: warning: --exclude-user denis: nobody here has that name
cws-quiet: warning: quiet_hours.excluded_users graca: nobody here has that name
cws-quiet: warning: --exclude-template cpu2: no template here has that name
cws-quiet: warning: --only-name nope-*: no workspace here has that name
cws-quiet: warning: holds:2: dennis/wso-gpu: no workspace here has that name" ] || { echo "$stderr"; false; }
	run --separate-stderr -0 cws-quiet -q -c c.json --exclude-user denis <in
	[ "$stderr" = "" ]
	# Nothing came, so nobody can tell.
	run --separate-stderr -0 cws-quiet -c c.json --exclude-user denis </dev/null
	[ "$stderr" = "cws-quiet: 0 in, 0 due, 0 held, 0 bad" ]
}
