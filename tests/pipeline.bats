# The four programs joined over the recorded deployment.
#
# What decides is tried on the recording as it is, judged at its own moment; what
# stops runs on the recording shifted to the present, since a verdict has to be fresh.

load helper

NOW=2026-11-23T03:02:21Z # the recording's moment
QUIET=(--start 22:00 --end 06:00 --grace 1m)

# A window of four hours around the present moment, whatever day that is.
around_now() {
	WINDOW=(--start "$(date -u -d '2 hours ago' +%H:%M)" --end "$(date -u -d '2 hours' +%H:%M)" --grace 1m)
}

# Start the shifted world and fetch, judge and keep it in $JUDGED.
judged_world() {
	start_world
	around_now
	JUDGED=$BATS_TEST_TMPDIR/judged
	cws-fetch -q | cws-ttl -q --all | cws-quiet -q --all "${WINDOW[@]}" >"$JUDGED"
	[ "$(wc -l <"$JUDGED")" -eq 88 ]
}

# The ids of a stream, those with one of the results when there are any.
ids() {
	local want=" $* "
	jq -r --arg want "$want" 'select($want == "  " or ((.cws.stop.result // "") as $r | $want | contains(" \($r) "))) | .id' | sort
}

@test "the deciding stages find in the recording what was in it" {
	start_fake
	cws-fetch -q >"$BATS_TEST_TMPDIR/in"
	run --separate-stderr -0 bash -c 'set -o pipefail; cws-ttl -a -N "$0" | cws-quiet -a -N "$0" "$@"' "$NOW" "${QUIET[@]}" <"$BATS_TEST_TMPDIR/in"
	[ "$stderr" = $'cws-ttl: 88 in, 6 due, 0 held, 0 bad\ncws-quiet: 88 in, 53 due, 0 held, 0 bad' ] ||
		[ "$stderr" = $'cws-quiet: 88 in, 53 due, 0 held, 0 bad\ncws-ttl: 88 in, 6 due, 0 held, 0 bad' ]
	jq -r '[.latest_build.status, .cws.ttl.state, .cws.ttl.due, .cws.quiet.state, .cws.quiet.due] | @tsv' <<<"$output" |
		sort | uniq -c | sed 's/^ *//' | diff "$FIXTURES/pipeline.expect" -
}

@test "two deciding stages: the plain form is and, --all on both is or" {
	start_fake
	local dir=$BATS_TEST_TMPDIR
	cws-fetch -q >"$dir/in"
	cws-ttl -q -N "$NOW" <"$dir/in" | ids >"$dir/ttl"
	cws-quiet -q -N "$NOW" "${QUIET[@]}" <"$dir/in" | ids >"$dir/quiet"
	cws-ttl -q -N "$NOW" <"$dir/in" | cws-quiet -q -N "$NOW" "${QUIET[@]}" | ids >"$dir/and"
	cws-ttl -qa -N "$NOW" <"$dir/in" | cws-quiet -qa -N "$NOW" "${QUIET[@]}" |
		jq -c 'select([.cws[] | .due?] | any(. == true))' | ids >"$dir/or"
	comm -12 "$dir/ttl" "$dir/quiet" | diff "$dir/and" -
	sort -u "$dir/ttl" "$dir/quiet" | diff "$dir/or" -
	# All three are different sets, or this would show nothing.
	[ -s "$dir/and" ]
	[ "$(wc -l <"$dir/and")" -lt "$(wc -l <"$dir/ttl")" ]
	[ "$(wc -l <"$dir/or")" -gt "$(wc -l <"$dir/quiet")" ]
}

@test "the order of the deciding stages does not matter, and a second pass changes no byte" {
	start_fake
	local dir=$BATS_TEST_TMPDIR
	cws-fetch -q >"$dir/in"
	cws-ttl -qa -N "$NOW" <"$dir/in" | cws-quiet -qa -N "$NOW" "${QUIET[@]}" >"$dir/one"
	cws-quiet -qa -N "$NOW" "${QUIET[@]}" <"$dir/in" | cws-ttl -qa -N "$NOW" >"$dir/other"
	cmp <(jq -cS . "$dir/one") <(jq -cS . "$dir/other")
	cws-ttl -qa -N "$NOW" <"$dir/one" | cws-quiet -qa -N "$NOW" "${QUIET[@]}" | cmp "$dir/one" -
}

@test "each stage leaves every byte outside cws as the one before wrote it" {
	judged_world
	local dir=$BATS_TEST_TMPDIR bare='s/,"cws":{"fetch":{.*$//'
	cws-stop -q --max 100 --rate 0 <"$JUDGED" >"$dir/out"
	sed "$bare" "$JUDGED" >"$dir/bare"
	sed "$bare" "$dir/out" | cmp "$dir/bare" -
	run ! grep '"cws":' "$dir/bare"
}

@test "jq between the stages: what it leaves out is not stopped, what it adds is a verdict" {
	judged_world
	local dir=$BATS_TEST_TMPDIR
	cws-stop -q --max 100 --rate 0 <"$JUDGED" | ids would-stop >"$dir/all"
	jq -c 'select(.owner_name != "ada")' <"$JUDGED" | cws-stop -q --max 100 --rate 0 | ids would-stop >"$dir/others"
	comm -23 "$dir/all" "$dir/others" >"$dir/ada"
	[ -s "$dir/ada" ]
	jq -r 'select(.owner_name == "ada") | .id' "$JUDGED" | sort | comm -12 - "$dir/all" | diff "$dir/ada" -
	# A policy of one's own: it may add a stop, and veto one.
	cws-fetch -qr | jq -c '.cws.mine = {due: (.owner_name == "ada"), keep: (.owner_name == "grace"), state: "x", stop_at: null,
		why: "x", at: (now | todate)}' | cws-ttl -qa | cws-stop -q --max 100 --rate 0 >"$dir/mine"
	[ "$(jq -r 'select(.owner_name == "ada" and .latest_build.status == "running") | .cws.stop.result' "$dir/mine" | sort -u)" = would-stop ]
	[ "$(jq -r 'select(.owner_name == "grace") | .cws.stop.result' "$dir/mine" | sort -u)" = skipped ]
}

@test "jq -S between the stages, so that cws is not the last member, changes no decision" {
	judged_world
	local dir=$BATS_TEST_TMPDIR
	cws-stop -q --max 100 --rate 0 <"$JUDGED" | ids would-stop >"$dir/plain"
	cws-fetch -q | jq -cS . | cws-ttl -q --all | jq -cS . | cws-quiet -q --all "${WINDOW[@]}" | jq -cS . |
		cws-stop -q --max 100 --rate 0 | jq -cS . >"$dir/sorted"
	[ "$(wc -l <"$dir/sorted")" -eq 88 ]
	ids would-stop <"$dir/sorted" | diff "$dir/plain" -
	[ "$(jq -r '.cws | keys_unsorted | join(" ")' "$dir/sorted" | sort -u)" = 'fetch quiet stop ttl' ]
}

@test "the dry run sends nothing and names the set that the run stops, each with one request, and once" {
	judged_world
	local dir=$BATS_TEST_TMPDIR
	run --separate-stderr -0 cws-stop --max 100 --rate 0 <"$JUDGED"
	[ "$stderr" = 'cws-stop: 88 in, 54 would-stop, 34 skipped, 0 bad (dry run: nothing was sent)' ]
	ids would-stop <<<"$output" >"$dir/dry"
	[ "$(wc -l <"$dir/dry")" -eq 54 ]
	[ "$(requests POST '*')" -eq 0 ]
	[ "$(requests PUT '*')" -eq 0 ]

	run --separate-stderr -1 cws-stop -x --wait --max 100 --rate 0 <"$JUDGED"
	local failed
	failed=$(jq -r 'select(.cws.stop.result == "failed") | "\(.owner_name)/\(.name): \(.cws.stop.error) (\(.cws.stop.why))"' <<<"$output")
	[ "$stderr" = "cws-stop: $failed"$'\ncws-stop: 88 in, 53 stopped, 34 skipped, 1 failed, 0 bad' ]
	cmp <(jq -r .id "$JUDGED") <(jq -r .id <<<"$output")
	ids stopped failed <<<"$output" | cmp "$dir/dry" -
	[ "$(requests POST '/api/v2/workspaces/*/builds')" -eq 54 ]
	posts | jq -r 'to_entries[] | select(.value == 1) | .key' | sort | cmp "$dir/dry" -
	[ "$(jq -r 'select(.cws.stop.result == "failed") | .template_name' <<<"$output")" = stopfail ]

	# What is stopped is not stopped again; the one that cannot be stopped is tried again.
	cws-fetch -q | cws-ttl -q --all | cws-quiet -q --all "${WINDOW[@]}" >"$dir/again"
	run --separate-stderr -1 cws-stop -x --wait --max 100 --rate 0 <"$dir/again"
	[ "$stderr" = "cws-stop: $failed"$'\ncws-stop: 88 in, 87 skipped, 1 failed, 0 bad' ]
	[ "$(requests POST '/api/v2/workspaces/*/builds')" -eq 55 ]

	# Nor are the records of before the stops good for more.
	run --separate-stderr -0 cws-stop -x --max 100 --rate 0 <"$JUDGED"
	[ "$stderr" = 'cws-stop: 88 in, 88 skipped, 0 bad' ]
	[ "$(requests POST '/api/v2/workspaces/*/builds')" -eq 55 ]
}

@test "a dry run's output is a plan: cws-stop -x carries out what it says" {
	judged_world
	local dir=$BATS_TEST_TMPDIR
	cws-stop -q --max 100 --rate 0 <"$JUDGED" >"$dir/plan"
	run --separate-stderr -1 cws-stop -q -x --wait --max 100 --rate 0 <"$dir/plan"
	diff <(ids would-stop <"$dir/plan") <(ids stopped failed <<<"$output")
}

@test "the organization's administrator and the least-privilege token do the whole job" {
	for token in "$TOKEN_ORGADMIN" "$TOKEN_LEAST"; do
		judged_world
		export CODER_SESSION_TOKEN=$token
		# A dormant workspace is hidden from a scoped token: there is none in this half of the recording.
		run --separate-stderr cws-stop -q -x --wait --max 100 --rate 0 <<<"$(jq -c 'select(.dormant_at == null)' "$JUDGED")"
		[ "$status" -eq 1 ]
		[ "$(jq -r 'select(.cws.stop.result == "failed") | .template_name' <<<"$output")" = stopfail ]
		[ "$(ids stopped <<<"$output" | wc -l)" -ge 50 ]
		stop_fake
	done
}

@test "a listing that fails travels down the pipe as an abort mark, and nothing is stopped" {
	judged_world
	local dir=$BATS_TEST_TMPDIR
	cd "$dir"
	# The third page is refused: what came before it is whole records.
	cat >script <<<'{"match":{"method":"GET","path":"/api/v2/workspaces","query":"offset=60"},"every":true,"do":{"status":403,"body":{"message":"Forbidden."}}}'
	stop_fake
	start_fake --shift --script script
	run --separate-stderr bash -c '
		cws-fetch -j 1 --page-size 30 | cws-ttl --all | cws-quiet --all "$@" | tee seen | cws-stop -x --max 100 --rate 0 >out
		echo "${PIPESTATUS[*]}"' - "${WINDOW[@]}"
	[ "$output" = '3 3 3 0 3' ]
	# Each program passes the mark on, unterminated, after whole records.
	[ "$(grep -c '"quiet":{' seen)" -eq 60 ]
	tail -n 1 seen | grep -q '^{"cws":{"aborted":"cws-fetch: '
	[ "$(tail -c 1 seen | wc -l)" -eq 0 ]
	[[ $stderr == *'cws-stop: '*'nothing was sent'* ]]
	[ "$(requests POST '*')" -eq 0 ]
	[ "$(requests PUT '*')" -eq 0 ]
	# Each record that arrived comes out and says that nothing was done with it.
	[ "$(jq -rR 'fromjson? | objects | .cws.stop.result // empty' out | sort | uniq -c | tr -s ' ')" = ' 60 skipped' ]
}

@test "jq in between swallows the mark, and pipefail is what still tells" {
	judged_world
	export CODER_SESSION_TOKEN=$TOKEN_EXPIRED
	run --separate-stderr -0 bash -c 'cws-fetch | jq -c . | cws-ttl; echo "${PIPESTATUS[*]}"'
	[[ $output =~ ^3\ [1-9][0-9]*\ 0$ ]]
	run --separate-stderr bash -c 'set -o pipefail; cws-fetch | jq -c . | cws-ttl'
	[ "$status" -ne 0 ]
}

@test "no token, environment value or script text of the deployment is in any output" {
	judged_world
	local dir=$BATS_TEST_TMPDIR
	cws-fetch -v >"$dir/1" 2>&1
	cws-ttl -v --all <"$JUDGED" >"$dir/2" 2>&1
	cws-quiet -v --all "${WINDOW[@]}" <"$JUDGED" >"$dir/3" 2>&1
	cws-stop -v -x --wait --max 100 --rate 0 <"$JUDGED" >"$dir/4" 2>&1 || [ $? -eq 1 ]
	CODER_SESSION_TOKEN=$TOKEN_EXPIRED cws-fetch -v >"$dir/5" 2>&1 || [ $? -eq 3 ]
	CODER_SESSION_TOKEN=$TOKEN_EXPIRED cws-stop -v -x --max 100 <"$JUDGED" >"$dir/6" 2>&1 || [ $? -ge 1 ]
	for n in 1 2 3 4 5 6; do
		[ -s "$dir/$n" ]
		run ! grep -e s3cr3t -e '"startup_script"' -e '"environment_variables"' "$dir/$n"
	done
}

@test "every record fits record.schema.json, and the schema would tell if not" {
	judged_world
	local dir=$BATS_TEST_TMPDIR schema=$REPO/share/cws/record.schema.json
	cws-stop -q -x --wait --max 100 --rate 0 <"$JUDGED" >"$dir/stopped" || [ $? -eq 1 ]
	cws-stop -q --max 1 <"$JUDGED" >"$dir/refused" || [ $? -eq 4 ]
	cws-stop -q -x --soft 1h --max 100 --rate 0 <"$JUDGED" >"$dir/softened" || [ $? -eq 1 ]
	cws-start -q -x --wait --max 100 --rate 0 <"$dir/stopped" >"$dir/started" || [ $? -eq 1 ]
	cws-start -q --max 100 <"$dir/softened" >"$dir/restored"
	cws-autostop -q <"$JUDGED" >"$dir/explained"
	cws-quiet -qa --exclude-user ada --idle 1h --overran <"$JUDGED" >"$dir/excluded"
	CODER_SESSION_TOKEN=$TOKEN_LEAST cws-fetch -q >"$dir/least"
	for file in "$JUDGED" "$dir"/{stopped,refused,softened,started,restored,excluded,explained,least}; do
		[ "$(wc -l <"$file")" -eq 88 ]
		run -0 jq -r --slurpfile schema "$schema" "$SCHEMA" "$file"
		[ "$output" = '' ]
	done
	grep -q '"result":"started"' "$dir/started"
	run -0 jq -r --slurpfile schema "$schema" ".cws.ttl.due = 1 | .cws.stop.result = \"gone\" | del(.cws.quiet.why) | .cws.fetch.x = 1 | $SCHEMA" "$dir/refused"
	[ "${#lines[@]}" -eq $((88 * 4)) ]
}
