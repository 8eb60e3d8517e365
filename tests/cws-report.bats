# cws-report: one model, six formats, the same totals in each.

load helper

NOW=2026-11-23T03:02:21Z

setup_file() {
	export JUDGED=$BATS_FILE_TMPDIR/judged FULL=$BATS_FILE_TMPDIR/full
	# As cws-fetch --with owner would have it, from the recorded API.
	jq -c --slurpfile users "$FIXTURES/world/users.json" '.workspaces[] | .owner_name as $o
		| ($users[0].users | map(select(.username == $o))[0]) as $u
		| .cws.fetch = {at: "2026-11-23T03:00:00Z", url: "https://coder.example.com", scheduling: false,
			server: {version: "v2.31.14", clock_offset_ms: 0, provisioners_live: 4}, template: null,
			owner: {status: $u.status, last_seen_at: $u.last_seen_at, email: null, groups: null, quiet_hours: null}}' \
		"$FIXTURES/world/workspaces.json" |
		cws-ttl -qa -N "$NOW" | cws-quiet -qa -N "$NOW" --start 02:30 --end 05:00 --grace 10m --exclude-user ada |
		cws-autostop -q -N "$NOW" >"$JUDGED"
	# Records as the programs to come will write them, one of each kind of a dozen.
	jq -c "$PAST" "$JUDGED" >"$FULL"
}

# input_line_number of the 88, from 1.
PAST='input_line_number as $n | .
	| .cws.mine = {due: ($n % 11 == 0), state: "demo", stop_at: null, why: "demo account", at: "2026-11-23T03:02:21Z"}
	| .cws.usage = {at: "2026-11-23T03:00:00Z", source: "insights", grain_s: 3600, since: "2026-11-01T00:00:00Z",
		until: "2026-11-23T00:00:00Z", shared_by: 1,
		used: [["2026-11-20T08:00:00Z", "2026-11-20T10:30:00Z"], ["2026-11-21T23:00:00Z", "2026-11-22T01:00:00Z"]]}
	| .cws.habit = {due: false, state: (if $n % 2 == 0 then "likely" else "unlikely" end), stop_at: null, why: "w", at: "2026-11-23T03:02:21Z",
		p_permille: 10, days: 38, hits: 1, unused_s: 2400, next_likely_at: null, zone: "UTC"}
	| .cws.whatif = {since: "2026-11-01T00:00:00Z", until: "2026-11-23T00:00:00Z", ran_s: 36000,
		policies: (if $n <= 8 then null else [
			{policy: "quiet mon-fri 18:00-08:00", saved_s: 7200, stops: 2, returns: 1, regrets: 1, cut: 0, saved_cost: 0.24},
			{policy: "ttl 8h", saved_s: 3600, stops: (if .owner_name == "ada" then 1 else 0 end), returns: 0, regrets: 0, cut: 0, saved_cost: null}] end)}
	| .cws.savings = {stops: 1, from: "2026-11-20T18:00:00Z", low_s: (if $n == 1 then null else 3600 end), high_s: 7200, ended_by: "start",
		low_ended_by: "deadline", regret: ($n % 4 == 0 | if . then 1 else 0 end), price: {currency: "EUR", per_hour: 0.12}, cost_low: 0.12, cost_high: 0.24}
	| .cws.set = {result: "would-set", why: "later", what: "extend", before: null, after: null, run: "r2", at: "2026-11-23T03:02:21Z",
		build_id: null, build_number: null, http: null, attempts: 0, took_ms: null, error: null}
	| .cws.notify = {result: (if $n == 3 then "failed" else "sent" end), why: "told", way: "mail", to: "a***@example.com", key: "k",
		told_at: null, run: "r3", at: "2026-11-23T03:02:21Z", http: null, attempts: 1, error: (if $n == 3 then "550 no such user" else null end)}'

setup() {
	export TZ=UTC # a report is in it, unless told otherwise
	IN=$BATS_TEST_TMPDIR/in
}

report() { cws-report -q -N "$NOW" "$@"; }

# record [JQ] - a small one, changed
record() {
	jq -nc '{id: "31d5a3d6-9970-469a-8b4f-3c66c358f2ef", name: "dev", owner_name: "ada", organization_name: "coder", template_name: "docker",
		last_used_at: "2026-11-23T01:00:00Z", latest_build: {status: "running", transition: "start", created_at: "2026-11-22T20:00:00Z",
			job: {status: "succeeded", completed_at: "2026-11-22T20:00:10Z"}}, cws: {}} | '"${1:-.}"
}

@test "the fixtures fit the schema, and what the programs to come write is in it" {
	run -0 jq -r --slurpfile schema "$REPO/share/cws/record.schema.json" "$SCHEMA" "$FULL"
	[ "$output" = "" ]
	[ "$(wc -l <"$FULL")" -eq 88 ]
	run -0 jq -r --slurpfile schema "$REPO/share/cws/record.schema.json" ".cws.habit.p_permille = 1001.5 | del(.cws.savings.stops) | .cws.notify.way = \"fax\" | .cws.usage.more = 1 | $SCHEMA" "$FULL"
	[ "${#lines[@]}" -eq $((88 * 4)) ]
}

@test "a report of nothing is one of nothing, in each format" {
	for format in text md csv json html prom; do
		run --separate-stderr -0 cws-report -f "$format" -N "$NOW" </dev/null
		[ "$stderr" = "cws-report: 0 in, 0 bad" ]
		[ "$output" != "" ]
	done
	[ "$(report </dev/null)" = $'Coder workspaces\n  0 workspaces' ]
	[ "$(report -f csv </dev/null | wc -l)" -eq 1 ]
	# A record that says nothing has its cells all the same.
	[ "$(echo '{}' | report -f csv | tr -d '\r' | sed -n 2p)" = ",,,,,,false,,,,false,false,,,,,,,,,,,,,,," ]
	[ "$(report -f csv </dev/null | tr -cd , | wc -c)" -eq "$(echo '{}' | report -f csv | sed -n 2p | tr -cd , | wc -c)" ]
	run -0 jq -e --slurpfile schema "$REPO/share/cws/report.schema.json" "[$SCHEMA] == []" <<<"$(report -f json </dev/null)"
	report -f prom </dev/null | grep -qx 'cws_workspaces{status="running"} 0'
}

# What all formats have to agree on: status, states of each rule, results of each program, as "status running 52".
totals_of_records() {
	jq -r '"status \(.latest_build.status)", (.cws | to_entries[] | select(.value | type == "object") | .key as $k
		| if (.value | has("due") or has("keep")) and ($k | IN("stop", "start", "set", "notify") | not) or $k == "autostop"
			then "\($k) \(.value.state)" else empty end,
		if .value.result and ($k | IN("stop", "start", "set", "notify")) then "cws-\($k) \(.value.result)" else empty end)' "$1" |
		sort | uniq -c | awk '{ print $2, $3, $1 }' | sort
}

@test "all six formats have the same totals" {
	local want
	cws-stop -q --max 1000 <"$FULL" >"$IN" 2>/dev/null || true
	want=$(totals_of_records "$FULL")
	[ "$(wc -l <<<"$want")" -ge 25 ]

	report -f json <"$FULL" >"$BATS_TEST_TMPDIR/json"
	[ "$(jq -r '(.totals.status[] | select(.n > 0) | "status \(.status) \(.n)"),
		(.totals.rules[] | .rule as $r | .states[] | select(.n > 0) | "\($r) \(.state) \(.n)"),
		(.runs[] | .program as $p | .results | group_by(.result)[] | "cws-\($p) \(.[0].result) \(map(.n) | add)")' "$BATS_TEST_TMPDIR/json" | sort)" = "$want" ]

	report -f prom <"$FULL" >"$BATS_TEST_TMPDIR/prom"
	[ "$(sed -n -e 's/^cws_workspaces{status="\(.*\)"} \([1-9].*\)/status \1 \2/p' \
		-e 's/^cws_verdicts{rule="\(.*\)",state="\(.*\)"} \([1-9].*\)/\1 \2 \3/p' \
		-e 's/^cws_results{program="\(.*\)",result="\(.*\)"} \([1-9].*\)/cws-\1 \2 \3/p' "$BATS_TEST_TMPDIR/prom" | sort)" = "$want" ]

	report -f csv <"$FULL" >"$BATS_TEST_TMPDIR/csv"
	# shellcheck disable=SC2016 # a program of Python
	[ "$(python3 -c '
import collections, csv, sys
n = collections.Counter()
for row in csv.DictReader(open(sys.argv[1], newline="")):
	n["status " + row["status"]] += 1
	if row["autostop"]:
		n["autostop " + row["autostop"]] += 1
	for verdict in row["verdicts"].split("; "):
		rule, state = verdict.split(" ")[0].split("=")
		n[rule + " " + state] += 1
		if rule in ("ttl", "quiet", "habit"):
			assert row[rule] == state
	for program in ("stop", "start", "set", "notify"):
		if row[program]:
			n["cws-" + program + " " + row[program]] += 1
print("\n".join(sorted(f"{k} {v}" for k, v in n.items())))' "$BATS_TEST_TMPDIR/csv" | sort)" = "$want" ]

	# The three for people leave out nothing either, but sum results in a table of each run.
	report -f md <"$FULL" >"$BATS_TEST_TMPDIR/md"
	[ "$(awk -F ' *[|] *' '/^## What cws-/ { program = $0; gsub(/## What | did/, "", program); gsub(/\\/, "", program) }
		/^## / && !/^## What cws-/ { program = "" }
		/^[|] (status|ttl|quiet|autostop|habit|mine) [|]/ { print $2, $3, $4 }
		program != "" && $2 ~ /^[0-9]+$/ { print program, $3, $2 }' "$BATS_TEST_TMPDIR/md" | sort)" = "$want" ]

	report <"$FULL" >"$BATS_TEST_TMPDIR/text"
	while read -r what state n; do
		grep -Eq "(^| )$n +$state( |\$)" "$BATS_TEST_TMPDIR/text" || { echo "no $n $state of $what"; return 1; }
	done <<<"$want"

	report -f html <"$FULL" >"$BATS_TEST_TMPDIR/html"
	python3 - "$BATS_TEST_TMPDIR/html" <<-'END' >"$BATS_TEST_TMPDIR/html.text"
	import html.parser, sys
	class Text(html.parser.HTMLParser):
	    def handle_data(self, data):
	        if self.lasttag not in ("style", "script") and data.strip():
	            print(data.strip())
	Text().feed(open(sys.argv[1], encoding="utf-8").read())
	END
	while read -r what state n; do
		tr '\n' ' ' <"$BATS_TEST_TMPDIR/html.text" | grep -Eq "(^| )($n $state|$state $n)( |\$)" || { echo "no $n $state of $what"; return 1; }
	done <<<"$want"
}

# sums FILE - each list's title, how many stand in it, and of those how many are due, as JSON says: "Stuck 1 0"
sums() { report -f json <"$1" | jq -r '.totals.lists[] | select(.n > 0) | "\(.title) \(.n) \(.due)"'; }

@test "all six formats have the same sums of what is due, in the same words" {
	local want json=$BATS_TEST_TMPDIR/json title n due
	for file in "$JUDGED" "$FULL"; do
		report -f json <"$file" >"$json"
		want=$(sums "$file")
		[ "$(wc -l <<<"$want")" -ge 5 ]
		# Each workspace in one list; what is due, in one sum; each list as long as its sum says.
		jq -e '(.totals.lists | map(.n) | add) == .head.records and (.totals.lists | map(.due) | add) == .totals.due' "$json"
		jq -e '(.lists | map({(.list): [.n, ([.rows[] | select(.due)] | length)]}) | add) == (.totals.lists | map(select(.n > 0 and .list != "none") | {(.list): [.n, .due]}) | add)' "$json"
		jq -e '(.totals.lists | map(select(.list == "kept").n) | add) == .totals.keep and .totals.keep == ([.groups.rows[].keep] | add) and .totals.due == ([.groups.rows[].due] | add)' "$json"

		[ "$(report -f csv <"$file" | python3 -c '
import collections, csv, json, sys
titles = {l["list"]: l["title"] for l in json.load(open(sys.argv[1]))["totals"]["lists"]}
n, due = collections.Counter(), collections.Counter()
for row in csv.DictReader(sys.stdin):
	n[row["list"] or "none"] += 1
	due[row["list"] or "none"] += row["due"] == "true"
print("\n".join(f"{t} {n[l]} {due[l]}" for l, t in titles.items() if n[l]))' "$json")" = "$want" ]

		[ "$(report -f prom <"$file" | sed -n 's/^cws_listed{list="\(.*\)",due="\(.*\)"} \(.*\)/\1 \2 \3/p' |
			awk '{ if (!($1 in n)) name[++k] = $1; n[$1] += $3 } $2 == "true" { due[$1] = $3 } END { for (i = 1; i <= k; i++) if (n[name[i]]) print name[i], n[name[i]], due[name[i]] }')" = \
			"$(jq -r '.totals.lists[] | select(.n > 0) | "\(.list) \(.n) \(.due)"' "$json")" ]

		report -f md <"$file" >"$BATS_TEST_TMPDIR/md"
		report --top 0 <"$file" >"$BATS_TEST_TMPDIR/text"
		report -f html <"$file" >"$BATS_TEST_TMPDIR/html"
		while read -r title n due; do
			title="$title $n $due" due=${title##* } title=${title% *} n=${title##* } title=${title% *}
			grep -qxF "| list | $title | $n |" "$BATS_TEST_TMPDIR/md"
			grep -qE "^ +$n $title( |\$)" "$BATS_TEST_TMPDIR/text"
			grep -qE "<th scope=\"row\">(<a href=\"#[a-z]+\">)?$title(</a>)?<td.*<td class=\"n\">$n\$" "$BATS_TEST_TMPDIR/html"
			[ "$title" = 'None of these' ] && continue
			grep -qxF "## $title ($n)" "$BATS_TEST_TMPDIR/md"
			grep -qxF "$title ($n)" "$BATS_TEST_TMPDIR/text"
			grep -qF "<h2>$title <span class=\"many\">$n</span></h2>" "$BATS_TEST_TMPDIR/html"
			grep -qF "$title <b>$n</b></a>" "$BATS_TEST_TMPDIR/html"
			[ "$due" -eq 0 ] || for format in md text html; do
				tr '\n' ' ' <"$BATS_TEST_TMPDIR/$format" | sed 's/  */ /g' | grep -qF "$due ${title,}"
			done
		done <<<"$want"
		n=$(jq .totals.due "$json")
		for format in md text html; do tr '\n' ' ' <"$BATS_TEST_TMPDIR/$format" | grep -qF ", $n due: "; done
		grep -qF "<dt>Due now<dd>$n</div>" "$BATS_TEST_TMPDIR/html"
	done
	# What a run has stopped is due no more, anywhere.
	jq -c 'if .cws.ttl.due then .cws.stop = {result: "stopped", why: "w", rule: "ttl", run: "r", at: "'$NOW'"} else . end' "$JUDGED" >"$IN"
	[ "$(report -f json <"$IN" | jq '.totals.due')" -eq 7 ]
	[ "$(report -f csv <"$IN" | grep -c ',true,false,2')" -eq 7 ]
	# The status on the records is of the list, from before the run.
	report <"$IN" | tr '\n' ' ' | grep -qF '53 running when listed, 5 of them stopped since, 7 due: 7 due by quiet hours;'
	report -f html <"$IN" | grep -qF '<dt>Running when listed<dd>53</div>'
}

@test "JSON fits its schema, whatever is on the records" {
	for file in "$JUDGED" "$FULL"; do
		report -f json <"$file" >"$BATS_TEST_TMPDIR/json"
		run -0 jq -r --slurpfile schema "$REPO/share/cws/report.schema.json" "$SCHEMA" "$BATS_TEST_TMPDIR/json"
		[ "$output" = "" ]
	done
	[ "$(jq -c '[.format, .zone, .head.server, .head.version, .head.listed_at, .head.age_s, .head.records]' "$BATS_TEST_TMPDIR/json")" = \
		'[1,"UTC","https://coder.example.com","v2.31.14","2026-11-23T03:00:00Z",141,88]' ]
}

@test "a workspace stands in one list, the most urgent that fits" {
	local list
	list() { record "$1" | report -f json | jq -r '.lists[] | "\(.list) \(.rows[0].in_s) \(.rows[0].rule)"'; }
	verdict() { echo ".cws.$1 = {due: $2, state: \"$3\", stop_at: ${4:-null}, why: \"w\", at: \"$NOW\"}"; }
	[ "$(list '.latest_build.transition = "stop" | .latest_build.status = "failed"')" = "stuck -25331 null" ]
	[ "$(list '.latest_build.status = "failed"')" = "failed -25331 null" ]
	[ "$(list "$(verdict ttl true expired) | .cws.ttl.deadline = \"2026-11-23T03:00:21Z\"")" = "expired -120 ttl" ]
	# Within the grace it is not due yet; a rule that is switched off never says when.
	[ "$(list "$(verdict ttl false expired '"2026-11-23T03:03:21Z"')")" = "grace 60 ttl" ]
	[ "$(list "$(verdict ttl false expired) | .cws.ttl.deadline = \"2026-11-23T03:00:21Z\"")" = "overrun -120 ttl" ]
	[ "$(list "$(verdict ttl false expired '"2026-11-23T03:03:21Z"') | $(verdict quiet true quiet '"2026-11-23T03:00:00Z"')")" = "quiet -141 quiet" ]
	[ "$(list "$(verdict ttl false ok) | $(verdict quiet true quiet '"2026-11-23T03:00:00Z"')")" = "quiet -141 quiet" ]
	[ "$(list "$(verdict ttl false ok) | $(verdict mine true demo)")" = "other null mine" ]
	[ "$(list "$(verdict ttl true overrun '"2026-11-23T03:00:00Z"')")" = "other -141 ttl" ]
	[ "$(list "$(verdict ttl false soon) | $(verdict quiet false grace '"2026-11-23T04:00:00Z"')")" = "grace 3459 quiet" ]
	[ "$(list "$(verdict ttl false overrun) | .cws.ttl.in_s = -3600")" = "overrun -3600 ttl" ]
	[ "$(list "$(verdict ttl false soon) | .cws.ttl.deadline = \"2026-11-23T03:32:21Z\"")" = "soon 1800 ttl" ]
	[ "$(list "$(verdict ttl false unlimited) | .cws.ttl.started_at = \"2026-11-22T03:02:21Z\"")" = "never -86400 ttl" ]
	[ "$(list '.cws.autostop = {state: "never", stop_at: null, why: "no rule", at: "'$NOW'"}')" = "never null autostop" ]
	[ "$(list "$(verdict ttl false unknown)")" = "unknown null ttl" ]
	[ "$(list "$(verdict ttl false ok)")" = "" ]
	# What is kept is not called due, whoever says so; what does not run is not called kept.
	[ "$(list "$(verdict ttl true expired) | $(verdict mine false demo) | .cws.mine.keep = true")" = "kept null mine" ]
	[ "$(list "$(verdict ttl true expired) | .cws.stop = {result: \"skipped\", why: \"held\", keep: true}")" = "kept null stop" ]
	[ "$(list "$(verdict mine false demo) | .cws.mine.keep = true | .latest_build.status = \"stopped\" | .latest_build.transition = \"stop\"")" = "" ]
	# A verdict that does not say when it was made stops nothing, and is not called due.
	[ "$(list "$(verdict mine true demo) | del(.cws.mine.at)")" = "" ]
	[ "$(list "$(verdict ttl false ok) | $(verdict mine true demo) | .cws.mine.at = null | $(verdict other true demo)")" = "other null other" ]
	run -0 report <<<"$(record "$(verdict mine true demo) | del(.cws.mine.at)")"
	[[ "$output" == *'1 running, 0 due; 1 asked for by a verdict without "at", which stops nothing.'* && "$output" != *"What to do"* ]]
	# What the run on the records has done is not to be done.
	[ "$(list "$(verdict ttl true expired) | .cws.stop = {result: \"stopped\", why: \"w\"}")" = "" ]
	[ "$(list "$(verdict ttl true expired) | .cws.stop = {result: \"failed\", why: \"w\"}")" = "expired null ttl" ]
	# All 88, once each.
	[ "$(report -f json <"$JUDGED" | jq '[.lists[].rows[].id] | length == (unique | length) and length > 50')" = true ]
	[ "$(report -f json <"$JUDGED" | jq '[.lists[] | (.n == (.rows | length)) and (.rows | [.[].in_s // 9e9] | . == sort)] | all')" = true ]
}

@test "text says what should be stopped first and why, cut to the line, with what was cut" {
	run -0 report --top 2 --width 80 <"$JUDGED"
	[[ "$output" == *$'\n  First: grace/sh, stuck, 4m 41s ago: its last stop was canceled'* ]]
	[[ "$output" == *$'\nShould have stopped (5)\n  The deadline has passed, and the grace after it: stop it now.\n  workspace '* ]]
	[[ "$output" == *$'edsger/ws0-k8s-go  k8s-go    15h ago     2h 10m ago  deadline passed 15h ago\n'*' (ttl 8h)'* ]]
	[[ "$output" == *"  ... 3 more; --top 0 shows all"* ]]
	for line in "${lines[@]}"; do [ "${#line}" -le 80 ]; done
	run -0 report --top 0 --width 80 <"$JUDGED"
	[[ "$output" != *"more; --top"* ]]
	[ "$(sed -n '/^Should have stopped/,/^$/p' <<<"$output" | grep -c 'deadline passed')" -eq 5 ]
}

@test "text ends at a terminal's edge only: not in a pipe, not in a file, not with --width 0" {
	local whole="its last stop was canceled, so it may still be running and the server does not retry"
	report --top 0 <"$JUDGED" >"$IN"
	grep -qE "^  grace/sh .*$whole\$" "$IN"
	run ! grep -qF .. <(grep -v ' \.\.\. ' "$IN")
	report --top 0 -o "$BATS_TEST_TMPDIR/file" <"$JUDGED"
	cmp "$IN" "$BATS_TEST_TMPDIR/file"
	cmp "$IN" <(report --top 0 --width 0 <"$JUDGED")
	# What is wider than others does not move those in its column, unless it is wider than a line.
	record '.latest_build.status = "failed" | .name *= 20' >"$IN"
	record '.latest_build.status = "failed"' >>"$IN"
	[ "$(report <"$IN" | sed -n '/^Failed/,/^$/{s/docker.*//;p;}' | awk '/^  ada/ { print length($0) }' | uniq | wc -l)" -eq 1 ]
	command -v script >/dev/null || skip "no script(1) here"
	script -qec "stty cols 80; cws-report -q -N $NOW <$JUDGED" /dev/null </dev/null | tr -d '\r' | sed 's/\x1b\[[0-9]*m//g' >"$IN"
	[ "$(wc -L <"$IN")" -le 80 ]
	# A reason goes on below, where its column is too narrow in a line of its own; nothing of it is lost.
	[ "$(tr '\n' ' ' <"$IN" | sed 's/  */ /g' | grep -cF "50m 45s ago $whole")" -eq 1 ]
	report --width 60 <"$JUDGED" >"$IN"
	[[ "$(<"$IN")" == *$' ago  50m 45s ago\n    its last stop was canceled, so it may still be running\n    and the server does not retry\n'* ]]
	[ "$(script -qec "stty cols 60; cws-report -q -N $NOW --width 0 <$JUDGED" /dev/null </dev/null | grep -cF "$whole")" -ge 1 ]
}

@test "what a rule says of all of a list is said once, and in the rows what differs" {
	run -0 report --top 0 --width 200 <"$JUDGED"
	[ "$(grep -c 'All 7: quiet hours Mon 02:30-05:00' <<<"$output")" -eq 1 ]
	[[ "$output" == *"37 of them: quiet hours Mon 02:30-05:00 (from the command line) began 32m 21s ago, grace 10m over ... local time Mon 03:02 UTC."* ]]
	[ "$(grep -cE ' but it was started [0-9]+m [0-9]+s ago and may run for 10m$' <<<"$output")" -eq 37 ]
	[[ "$output" == *"deadline passed 2m 49s ago (ttl 8h), within the grace of 5m"* ]]
	# why OF... - the sentences and cells of a list of these reasons
	why() {
		for of; do record ".latest_build.status = \"failed\" | .cws.ttl = {due: true, state: \"failed\", stop_at: null, why: \"$of\", at: \"$NOW\"}"; done |
			report | sed -n '/^Failed start/,/^$/p' | sed -n -e 's/^  All/All/p' -e 's/^  ada.*ago *//p'
	}
	local long='it was asked for by somebody, twice'
	[ "$(why "$long; a" "$long; b")" = $'All 2: it was asked for by somebody, twice ...\na\nb' ]
	[ "$(why "$long; a; end" "$long; b; end")" = $'All 2: it was asked for by somebody, twice ... end.\na\nb' ]
	[ "$(why "$long" "$long, too")" = $'All 2: it was asked for by somebody ...\ntwice\ntwice, too' ]
	[ "$(why "$long" "$long")" = "All 2: $long." ]
	[ "$(why "$long; a; a" "$long; a")" = $'All 2: it was asked for by somebody, twice; a ...\na' ]
	[ "$(why "$long")" = "$long" ]
	[ "$(why 'short, a' 'short, b')" = $'short, a\nshort, b' ]
	[ "$(why "$long" 'another reason altogether')" = "$long"$'\nanother reason altogether' ]
}

@test "what a rule calls due though it does not run is told" {
	local due='.cws.mine = {due: true, state: "demo", stop_at: null, why: "w", at: "'$NOW'"}'
	{
		record "$due"
		record "$due | .latest_build.status = \"stopped\" | .latest_build.transition = \"stop\""
		record "$due | .latest_build.status = \"starting\""
		record "$due | .latest_build.status = \"failed\""
		record '.latest_build.status = "stopped" | .latest_build.transition = "stop"'
	} >"$IN"
	[[ "$(report --width 0 <"$IN" | tr '\n' ' ' | sed 's/  */ /g')" == *" 1 running, 4 due: 1 failed start, 3 due by another rule; 1 of those due does not run, so cws-stop passes over it. "* ]]
	record "$due | .latest_build.status = \"deleted\" | .latest_build.transition = \"delete\"" >>"$IN"
	[[ "$(report --width 0 <"$IN" | tr '\n' ' ' | sed 's/  */ /g')" == *"; 2 of those due do not run, so cws-stop passes over them. "* ]]
}

@test "records that no rule has judged are told as such, in each format for people" {
	for format in text md html; do
		record 'del(.cws)' | report -f "$format" | grep -qF '1 running. No rule has judged them: cws-ttl and cws-quiet say what is due.'
		record '.cws.autostop = {state: "never", stop_at: null, why: "w", at: "'$NOW'", by: null}' | report -f "$format" >"$IN"
		run ! grep -q 'Nothing is due\| 0 due' "$IN"
		grep -qF '1 running. No rule has judged them: cws-ttl and cws-quiet say what is due.' "$IN"
		record '.cws.mine = {due: false, state: "s", stop_at: null, why: "w", at: "'$NOW'"}' | report -f "$format" >"$IN"
		run ! grep -q 'No rule has judged' "$IN"
	done
}

@test "what is to be done stands near the top, as commands" {
	run -0 report <"$JUDGED"
	[[ "$output" == *"To stop the 12 that are due: end the pipeline that made this report"* ]]
	[[ "$(head -n 22 <<<"$output")" == *$'\n    cws-stop <records.ndjson | cws-report\n'*$'\n    cws-stop -x <records.ndjson >stopped.ndjson\n'*$'\n    cws-start <stopped.ndjson | cws-report\n'* ]]
	# More than cws-stop takes at once have to be told.
	for _ in {1..51}; do record '.cws.mine = {due: true, state: "demo", stop_at: null, why: "w", at: "'$NOW'"}'; done >"$IN"
	[[ "$(report <"$IN")" == *$'\n    cws-stop --max 51 -x <records.ndjson >stopped.ndjson\n'* ]]
	[[ "$(head -n 50 "$IN" | report)" == *$'\n    cws-stop -x <records.ndjson >stopped.ndjson\n'* ]]
	# The command of what broke, which no rule asks to stop, by its id; nothing where one does, or where the id is none.
	local due
	stuck_record() { record '.latest_build.transition = "stop" | .latest_build.status = "failed" | '"$1"; }
	stuck() { stuck_record "$1" | report; }
	[[ "$(stuck .)" == *$'\n    cws-fetch | jq -c \'select(.id == "31d5a3d6-9970-469a-8b4f-3c66c358f2ef")\' |\n      tee one.ndjson | cws-stop -f --max 1 | cws-report\n'*$'\n    cws-stop -f --max 1 -x <one.ndjson >one-stopped.ndjson\n'* ]]
	[[ "$(stuck '.cws.ttl = {due: true, state: "stuck", stop_at: null, why: "w", at: "'$NOW'"}')" != *"select("* ]]
	[[ "$(stuck '.id = "x"')" != *"select("* ]]
	[[ "$({ stuck_record .; stuck_record '.name = "b"'; } | report --width 0)" == *"None of the 2 is due: no rule asks for a stop, so each has its own commands"* ]]
	# cws-start starts what ran, and not what was stuck.
	due='.cws.ttl = {due: true, state: "stuck", stop_at: null, why: "w", at: "'$NOW'"}'
	run -0 report --width 0 < <(stuck_record "$due")
	[[ "$output" == *"cws-stop -x <records.ndjson"* && "$output" != *"cws-start <stopped.ndjson"* ]]
	run -0 report --width 0 < <(stuck_record "$due"; record '.cws.mine = {due: true, state: "demo", stop_at: null, why: "w", at: "'$NOW'"}')
	[[ "$output" == *"cws-start -x starts them again, all but those that were stuck or failed:"*"cws-start <stopped.ndjson"* ]]
	[[ "$(stuck '.cws.mine = {due: false, state: "s", stop_at: null, why: "w", at: "'$NOW'"}')" == *"0 running, 0 due; not due, but broken: 1 stuck."* ]]
}

@test "those of the due that were used a moment ago are named, since somebody may be at work" {
	local text
	text=$(report --width 0 <"$JUDGED" | tr '\n' ' ' | sed 's/  */ /g')
	[[ "$text" == *" Of the 12 due 2 were used in the last 15 minutes, perhaps by somebody at work: margaret/ws3-gpu 1m 46s ago, dennis/ws3-forever 10m 47s ago. First: "* ]]
	report -f html <"$JUDGED" | grep -qxF '<p class="due">Of the 12 due 2 were used in the last 15 minutes, perhaps by somebody at work: margaret/ws3-gpu 1m 46s ago, dennis/ws3-forever 10m 47s ago.</p>'
	report -f md <"$JUDGED" | grep -q '^\*\*Of the 12 due 2 were used in the last 15 minutes,.* margaret/ws3-gpu 1m 46s ago'
	# The same number from those for programs, and from the rows of CSV.
	[ "$(report -f json <"$JUDGED" | jq .totals.due_used_lately)" -eq 2 ]
	report -f prom <"$JUDGED" | grep -qx 'cws_due_used_lately 2'
	[ "$(report -f csv <"$JUDGED" | python3 -c '
import csv, sys
print(sum(row["due"] == "true" and row["last_used_at"] > "2026-11-23T02:47:21Z" for row in csv.DictReader(sys.stdin)))')" -eq 2 ]

	# lately JQ... - how many, of records that are due unless they are changed
	lately() { for change; do record '.cws.mine = {due: true, state: "demo", stop_at: null, why: "w", at: "'$NOW'"} | '"$change"; done | report -f json | jq .totals.due_used_lately; }
	[ "$(lately '.last_used_at = "2026-11-23T02:47:21Z"')" -eq 0 ] # 15 minutes
	[ "$(lately '.last_used_at = "2026-11-23T02:47:22Z"')" -eq 1 ]
	[ "$(lately '.last_used_at = "2026-11-23T03:05:00Z"')" -eq 1 ] # by the server's clock, which is ahead
	[ "$(lately 'del(.last_used_at)' '.last_used_at = "0001-01-01T00:00:00Z"')" -eq 0 ]
	[ "$(lately '.last_used_at = "'$NOW'" | .cws.mine.due = false' '.last_used_at = "'$NOW'" | .cws.mine.keep = true')" -eq 0 ]
	[ "$(lately '.last_used_at = "'$NOW'" | .cws.stop = {result: "stopped", why: "w"}')" -eq 0 ]
	run -0 report <<<"$(record '.last_used_at = "'$NOW'"')"
	[[ "$output" != *"at work"* ]]
	# Of many the first are named, the last used first; of one it is said as of one.
	for n in {10..31}; do record '.name = "ws'$n'" | .last_used_at = "2026-11-23T03:01:'$n'Z" | .cws.mine = {due: true, state: "demo", stop_at: null, why: "w", at: "'$NOW'"}'; done >"$IN"
	text=$(report <"$IN" | tr '\n' ' ' | sed 's/  */ /g')
	[[ "$text" == *" Of the 22 due 22 were used in the last 15 minutes, perhaps by somebody at work: ada/ws31 now, ada/ws30 now, "*" ada/ws12 1m 9s ago, and 2 more. First: "* ]]
	[[ "$(report --top 0 <"$IN" | tr '\n' ' ' | sed 's/  */ /g')" == *" ada/ws10 1m 11s ago. First: "* ]]
	[[ "$(head -n 1 "$IN" | report)" == *"Of the 1 due 1 was used in the last 15 minutes, perhaps by somebody at work: ada/ws10 1m 11s ago."* ]]
}

@test "why autostop calls others now than those that are due is said beside both numbers" {
	local text due plan
	text=$(report --width 0 <"$JUDGED" | tr '\n' ' ' | sed 's/  */ /g')
	[[ "$text" == *" one workspace counts under each rule. Of the 13 that autostop calls now: 12 due, 1 the server stops by itself within a minute. list "* ]]
	[[ "$text" != *"due autostop says"* ]]
	for format in md html; do report -f "$format" <"$JUDGED" | grep -q 'Of the 13 that autostop calls now: 12 due, 1 the server stops by itself within a minute\.'; done

	due='.cws.mine = {due: true, state: "demo", stop_at: null, why: "w", at: "'$NOW'"}'
	plan() { echo ".cws.autostop = {state: \"$1\", stop_at: null, why: \"w\", at: \"$NOW\", by: $2, restarts_at: null, conflicts: []}"; }
	{
		record "$due | $(plan now '"mine"')"
		record "$due | $(plan stopped null)"
		record "$due | $(plan stopped null)"
		record "$due | $(plan unknown null)"
		record "$due | $(plan now '"mine"') | .cws.stop = {result: \"stopped\", why: \"w\"}"
	} >"$IN"
	text=$(report <"$IN" | tr '\n' ' ' | sed 's/  */ /g')
	[[ "$text" == *"Of the 2 that autostop calls now: 1 due, 1 due no more."*"Of the 4 due autostop says: 1 now, 2 stopped, 1 unknown."* ]]
	# Where both are the same there is nothing to explain.
	run -0 report <<<"$(head -n 1 "$IN")"
	[[ "$output" != *"autostop calls"* && "$output" != *"autostop says"* ]]
}

@test "the words that are counted are explained below the counts, those that came and are ours" {
	local text
	text=$(report --width 0 <"$JUDGED" | sed -n '/^Counts/,/^$/p' | tr '\n' ' ' | sed 's/  */ /g')
	[[ "$text" == *" ttl, by its deadline: changing = a build is under way; stuck = its last stop failed: it may still be running; stopped = "* ]]
	[[ "$text" == *"; unlimited = it has no deadline: it never stops by itself. quiet, by quiet hours: inactive = "*". autostop, what stops it next: kept = "* ]]
	[[ "$text" != *"prebuild = "* && "$text" != *"outside = "* && "$text" != *"running = "* ]] # none came; says so itself
	report -f md <"$JUDGED" | grep -q '^quiet, by quiet hours: inactive = it does not run, or a build is under way; excluded = .*\.$'
	# A rule of one's own may mean something else by a word of ours.
	text=$(record '.cws.mine = {due: true, state: "expired", stop_at: null, why: "w", at: "'$NOW'"}' | report)
	[[ "$text" == *" 1 expired"* && "$text" != *" = "* ]]
}

@test "what is stuck and left alone is called stuck there, and in the sum" {
	record '.latest_build.transition = "stop" | .latest_build.status = "failed" | .cws.mine = {due: false, keep: true, state: "hands-off", stop_at: null, why: "hands off", at: "'$NOW'"}' >"$IN"
	run -0 report <"$IN"
	[[ "$output" == *"0 due; 1 left alone (1 of them stuck)."* ]]
	[[ "$output" == *"whatever else is due. 1 of them is stuck."*"stuck, so it may still be running; mine: hands off"* ]]
	[[ "$output" != *"select("* ]]
	[ "$(report -f json <"$IN" | jq -c '[.lists[0].list, .lists[0].rows[0].stuck, (.totals.lists[] | select(.stuck > 0) | .list)]')" = '["kept",true,"kept"]' ]
}

@test "text is coloured on a terminal only, and not where nobody wants it" {
	command -v script >/dev/null || skip "no script(1) here"
	on_terminal() { TERM=${2:-xterm} script -qec "$1" /dev/null </dev/null; }
	[[ "$(on_terminal "cws-report -q <$JUDGED")" == *$'\033[1m'* ]]
	for quiet in "NO_COLOR=1 cws-report -q <$JUDGED" "cws-report -q -o /dev/null <$JUDGED; cat $JUDGED | cws-report -q | cat"; do
		[[ "$(on_terminal "$quiet")" != *$'\033'* ]]
	done
	[[ "$(on_terminal "cws-report -q <$JUDGED" dumb)" != *$'\033'* ]]
	[[ "$(report <"$JUDGED")" != *$'\033'* ]]
	# Standard input is a terminal: one line.
	run -0 script -qec 'cws-report; echo "status $?"' /dev/null </dev/null
	[[ "${lines[0]}" == "cws-report: records come on standard input: usage: cws-report [-"* ]]
	[ "${lines[1]%$'\r'}" = "status 2" ]
}

@test "a column is as wide as its cells on a terminal, whatever the locale" {
	{
		record '.name = "日本語" | .latest_build.status = "failed"'
		record '.name = "é" | .latest_build.status = "failed"'
		record '.name = "abcdefgh" | .latest_build.status = "failed"'
	} >"$IN"
	LC_ALL=C run -0 report <"$IN"
	[[ "$output" == *"  ada/日本語    docker"* && "$output" == *"  ada/é         docker"* && "$output" == *"  ada/abcdefgh  docker"* ]]
}

@test "instants are shown in the zone asked for" {
	record '.latest_build.status = "failed" | .cws.fetch = {at: "2026-11-23T03:00:00Z", url: "https://coder.example.com"}' >"$IN"
	[[ "$(report <"$IN")" == *"listed 2026-11-23 03:00 UTC"* ]]
	[[ "$(report --tz Asia/Kolkata <"$IN")" == *"listed 2026-11-23 08:30 Asia/Kolkata"* ]]
	[[ "$(TZ=America/New_York report <"$IN")" == *"listed 2026-11-22 22:00 America/New_York"* ]]
	# The zone is told though nobody knows when they were listed.
	[[ "$(record | report --tz Asia/Kolkata)" == *$'\n  1 workspace, times in Asia/Kolkata\n'*" 2026-11-23 06:30"* ]]
	[ "$(report -f json --tz Asia/Kolkata <"$FULL" | jq -c '[.past.usage.used_s_by_hour[] | . / 88]')" = \
		'[0,0,0,0,1800,3600,1800,0,0,0,0,0,0,1800,3600,3600,0,0,0,0,0,0,0,0]' ]
	run --separate-stderr -2 cws-report --tz Mars/Phobos <"$IN"
	[[ "$stderr" == "cws-report: --tz: unknown time zone 'Mars/Phobos'"* && "$output" = "" ]]
	TZ=EST5EDT4,M3.2.0 run --separate-stderr -0 cws-report -q -N "$NOW" <"$IN"
	[[ "$stderr" == "cws-report: warning: TZ: unknown time zone"*"this report is in UTC" && "$output" == *" UTC"* ]]
}

@test "an old list, bad records and an input that was not whole are told in the report" {
	run --separate-stderr -0 cws-report -N 2026-11-23T04:00:00Z <"$JUDGED"
	[[ "$output" == *"This list is old: made 1h ago."* ]]
	run ! grep -q 'is old' <<<"$(cws-report -q -N 2026-11-23T04:00:00Z --max-age 1h <"$JUDGED")"
	{
		head -n 3 "$JUDGED"
		echo '{"id":'
		echo '{"id":"x","cws":{"mine":{"due":"yes"}}}'
		record '.cws.fetch = {at: 7}'
		record '.cws.autostop = "never"'
		record
	} >"$IN"
	run --separate-stderr -1 cws-report -N "$NOW" <"$IN"
	[[ "$output" == *"Not in this report: 4 bad records."* ]]
	[ "$stderr" = "cws-report: <stdin>:4: not one whole JSON object: the text ends too early at byte 7
cws-report: <stdin>:5: '.cws.mine.due' is not true or false
cws-report: <stdin>:6: '.cws.fetch.at' is not an instant (RFC 3339)
cws-report: <stdin>:7: '.cws.autostop' is not an object
cws-report: 8 in, 4 bad" ]
	{
		head -n 3 "$JUDGED"
		printf '{"cws":{"aborted":"cws-fetch: HTTP 401: sign in again"'
	} >"$IN"
	for format in text md csv json html prom; do
		run --separate-stderr -3 cws-report -f "$format" -N "$NOW" <"$IN"
		[ "${stderr_lines[0]}" = "cws-report: <stdin>:4: upstream gave up: cws-fetch: HTTP 401: sign in again" ]
		case $format in
		csv) [ "${#lines[@]}" -eq 4 ] ;;
		prom) [[ "$output" == *$'\ncws_last_run_status 3' && "$output" == *'# HELP'* && "$output" != *last_success* ]] ;;
		json) [ "$(jq -r .head.broken <<<"$output")" = "cws-fetch: HTTP 401: sign in again" ] ;;
		*) [[ "$output" == *"not complete"*"sign in again"* ]] ;;
		esac
	done
}

@test "what a run did is counted by result and rule, with its troubles and the way back" {
	start_fake --build-time 50ms
	due | cws-stop -q -x --wait --max 100 --rate 0 >"$IN" || [ $? -eq 1 ]
	stop_fake
	report -f json <"$IN" | jq -c '.runs[0] | [.program, .dry, (.results | map([.result, .rule, .n])), (.trouble | length), .undoable, (.runs | length)]' >"$BATS_TEST_TMPDIR/got"
	jq -sc '[.[] | select(.cws.stop)] | ["stop", false, (group_by([.cws.stop.result, .cws.stop.rule]) | map([.[0].cws.stop.result, .[0].cws.stop.rule, length])
		| sort_by(.[0] | ["stopped", "already", "skipped", "refused", "unknown", "failed"] as $o | . as $r | $o | index($r))),
		(map(select(.cws.stop.result == "failed" or .cws.stop.result == "unknown")) | length), (map(select(.cws.stop.result == "stopped")) | length), 1]' "$IN" |
		diff - "$BATS_TEST_TMPDIR/got"
	run -0 report <"$IN"
	[[ "$output" == *"What cws-stop did"*"took "*" stopped "*"To take it back ("*"cws-start"* ]]
	# Every failure and unknown has its reason.
	record '.cws.stop = {result: "failed", why: "HTTP 403", rule: "ttl", run: "r", at: "2026-11-23T03:00:00Z", took_ms: 65000, error: "Forbidden"}' >"$IN"
	record '.cws.stop = {result: "unknown", why: "a lost answer", rule: null, run: "r", at: "2026-11-23T03:00:00Z"}' >>"$IN"
	record '.cws.stop = {result: "refused", why: "3 are due, --max is 2", rule: null, run: "q", at: "2026-11-23T03:00:00Z"}' >>"$IN"
	run -0 report <"$IN"
	[[ "$output" == *"run r, q, 2026-11-23 03:00, took 1m 5s"* ]]
	[[ "$output" == *"ada/dev    failed   HTTP 403: Forbidden"*"ada/dev    unknown  a lost answer"* ]]
	[[ "$output" == *"Refused (1): 3 are due, --max is 2"* ]]
	# A plan is no run.
	record '.cws.stop = {result: "would-stop", why: "w", rule: "ttl", run: "r", at: "2026-11-23T03:00:00Z"}' | report --width 0 >"$IN"
	grep -q 'A dry run: nothing was sent. Given these records within 15 minutes, cws-stop -x carries it out' <(tr '\n' ' ' <"$IN" | sed 's/  */ /g')
	run ! grep -q 'take it back' "$IN"
	# A plan and what became of it in one file: something was sent.
	for result in would-stop accepted; do record '.cws.stop = {result: "'$result'", why: "w"}'; done >"$IN"
	[[ "$(report <"$IN")" == *"To take it back (1)"* && "$(report <"$IN")" != *"A dry run"* ]]
	[ "$(report -f json <"$IN" | jq '.runs[0].dry')" = false ]
	# What was stuck when it was stopped is not started again, so it is not counted as if it were.
	{
		record '.cws.stop = {result: "stopped", why: "w"}'
		record '.latest_build.transition = "stop" | .latest_build.status = "failed" | .cws.stop = {result: "stopped", why: "w"}'
	} >"$IN"
	[ "$(report -f json <"$IN" | jq -c '.runs[0] | [.records, .undoable]')" = '[2,1]' ]
	# The way back knows no age limit.
	record '.cws.start = {result: "would-start", why: "w", run: "r", at: "2026-11-23T03:00:00Z"}' | report >"$IN"
	grep -q 'A dry run: nothing was sent. Given these records, cws-start -x carries it out' <(tr '\n' ' ' <"$IN" | sed 's/  */ /g')
	# Results stand as the manual of their program has them, words that it does not know behind them.
	for result in skipped would-start zap failed started; do record '.cws.start = {result: "'$result'", why: "w"} | .cws.stop = {result: "stopped", why: "w"}'; done >"$IN"
	[ "$(report -f json <"$IN" | jq -c '.runs[1].results | map(.result)')" = '["started","would-start","skipped","failed","zap"]' ]
}

@test "the next 24 hours are by the hour, groups and people by what is asked" {
	record '.cws.autostop = {state: "scheduled", stop_at: "2026-11-23T05:10:00Z", why: "w", at: "'$NOW'", by: "ttl", restarts_at: "2026-11-24T03:02:20Z",
		conflicts: [{code: "restart-soon", why: "it starts again"}, {code: 7}]}' >"$IN"
	local restart='{"code":"restart-soon","means":"starts again within an hour of its stop","n":1,"example":{"owner":"ada","name":"dev","why":"it starts again"}}'
	record '.owner_name = "bob" | .cws.autostop = {state: "now", stop_at: "2026-11-20T05:10:00Z", why: "w", at: "'$NOW'", by: "quiet", restarts_at: "2026-11-24T03:02:21Z", conflicts: []}' >>"$IN"
	[ "$(report -f json <"$IN" | jq -c '.next_24h | [.stops, .starts, [.hours[] | [.from[8:13], .stops, .starts] | select(.[1] + .[2] > 0)], .by, (.conflicts[] | del(.example.id))]')" = \
		'[2,1,[["23T03",1,0],["23T05",1,0],["24T03",0,1]],[{"by":"quiet","server":false,"n":1},{"by":"ttl","server":false,"n":1}],'"$restart]" ]
	run -0 report <"$IN"
	[[ "$output" == *"By itself the server stops 0 and starts 1 by their schedule. Runs of cws-stop would stop 2 (1 by"*"quiet, 1 by ttl)"* ]]
	[[ "$output" == *"1  starts again within an hour of its stop  ada/dev: it starts again"* ]]
	# Whose stop it is, and what nothing can be said of.
	record '.cws.autostop = {state: "scheduled", stop_at: "2026-11-23T05:10:00Z", why: "w", at: "'$NOW'", by: "deadline", restarts_at: null, conflicts: []}' >>"$IN"
	for why in 'not known: its template; all else being equal at 3' 'not known: its template; all else being equal at 4' 'changing: a build is under way'; do
		record '.cws.autostop = {state: "unknown", stop_at: null, why: "'"$why"'", at: "'$NOW'", by: null, restarts_at: null, conflicts: []}'
	done >>"$IN"
	record >>"$IN"
	[ "$(report -f json <"$IN" | jq -c '.next_24h | [.records, .stops, .server_stops, ([.hours[].server_stops] | add), .by[0], .unknown]')" = \
		'[6,3,1,1,{"by":"deadline","server":true,"n":1},[{"why":"not known: its template","n":2},{"why":"changing: a build is under way","n":1}]]' ]
	run -0 report --width 200 <"$IN"
	[[ "$output" == *"By itself the server stops 1 (1 by deadline) and starts 1 by their schedule. Runs of cws-stop would stop 2 (1 by quiet, 1 by ttl); without one those go on."* ]]
	[[ "$output" == *"cannot be told: 3 (2 not known: its template, 1 changing: a build is under way). Not asked (no .cws.autostop): 1."* ]]
	[ "$(report -f json --tz Asia/Kolkata <"$IN" | jq -r '.next_24h.hours[0].from')" = 2026-11-23T02:30:00Z ]
	for by in owner template org; do
		key=$by
		[ "$by" = org ] && key=organization
		[ "$(report -f json --by "$by" <"$JUDGED" | jq -c '[.groups.rows[] | [.name, .records, .running, .due, .keep]] | sort')" = \
			"$(jq -sc --arg key "${key}_name" 'group_by(.[$key]) | map([.[0][$key], length, (map(select(.latest_build.status == "running")) | length),
				(map(select((.cws.ttl.due or .cws.quiet.due) and (.cws.quiet.keep | not))) | length), (map(select(.cws.quiet.keep)) | length)]) | sort' "$JUDGED")" ]
	done
	[ "$(report -f json <"$JUDGED" | jq '.people.rows | length')" = "$(jq -r .owner_name "$JUDGED" | sort -u | wc -l)" ]
	[ "$(report -f json <"$JUDGED" | jq '[.people.rows[].running] | add')" = "$(jq -s 'map(select(.latest_build.status == "running")) | length' "$JUDGED")" ]
	record | report -f json | jq -e '.people == null and .next_24h == null'
}

@test "the past is summed: policies, owners met, savings, hours of use" {
	[ "$(report -f json <"$FULL" | jq -c '.past.whatif | [.records, .unjudged, .ran_s, (.policies[] | [.policy, .workspaces, .saved_s, .stops, .returns, .regrets, (.saved_cost | if . then . + 0 else . end)])]')" = \
		'[80,8,3168000,["quiet mon-fri 18:00-08:00",80,576000,160,80,80,19.2],["ttl 8h",80,288000,'"$(jq -s '[.[] | select(.owner_name == "ada" and .cws.whatif.policies)] | length' "$FULL")"',0,0,null]]' ]
	[ "$(report -f json <"$FULL" | jq -c '[.past.whatif.policies[].owners]')" = \
		"[$(jq -r 'select(.cws.whatif.policies) | .owner_name' "$FULL" | sort -u | wc -l),1]" ]
	[ "$(report -f json <"$FULL" | jq -c '.past.savings | [.records, .stops, .regrets, .unbounded, .low_s, .high_s, .cost_low, .cost_high, .currency, .ended_by]')" = \
		'[88,88,22,1,313200,633600,10.56,21.12,"EUR",[{"by":"start","n":88}]]' ]
	[ "$(report -f json <"$FULL" | jq -c '[.past.habit, ([.past.usage.used_s_by_hour[]] | add)]')" = '[{"records":88,"likely":44,"unlikely":44},1425600]' ]
	[ "$(report -f json <"$FULL" | jq -c '[.groups.rows[].hours] | add')" = 880 ]
	run -0 report <"$FULL"
	[[ "$output" == *"What policies would have done"*"quiet mon-fri 18:00-08:00"*"160 h"*"What our stops saved"*"avoided cost 10.56 EUR to 21.12 EUR"*"Use by hour of the day"* ]]
	# A price that is only a number, a regret that is only true.
	record '.cws.savings = {stops: 1, low_s: 60, high_s: 120, regret: true, price: 0.5, cost_low: 1, cost_high: 2}' | report -f json |
		jq -e '.past.savings | .regrets == 1 and .currency == null and .cost_high == 2'
}

@test "no name hides, moves or becomes anything, in any format" {
	local title=$'\xe2\x80\xae \033[31m <script> | @all'
	jq -nc -f "$REPO/tests/report/hostile.jq" >"$IN"
	for format in text md csv json html prom; do
		report -f "$format" --title "$title" --top 0 <"$IN" >"$BATS_TEST_TMPDIR/$format"
		# No control character but the line's end, none that turns the writing round.
		run ! grep -qP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]' "$BATS_TEST_TMPDIR/$format"
		run ! python3 -c 'import sys; t = open(sys.argv[1], encoding="utf-8").read(); sys.exit(0 if any(c in t for c in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u2028\u2029\u0085") else 1)' "$BATS_TEST_TMPDIR/$format"
	done
	run ! grep -qP '\t' "$BATS_TEST_TMPDIR/csv"
	# CSV: no cell is a formula, and each comes back as it was.
	# shellcheck disable=SC2016 # a program of Python
	python3 -c '
import csv, json, sys
rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8")))
assert all(len(r) == len(rows[0]) for r in rows), [len(r) for r in rows]
assert not any(c[:1] in "=+-@\t\r" for r in rows for c in r if c), rows
names = [json.loads(line)["name"] for line in open(sys.argv[2], encoding="utf-8")]
clean = lambda s: "".join("?" if ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u200e\u2028\u202e\u2066" else c for c in s)
guard = lambda s: "\x27" + s if s[:1] and s[0] in "=+-@" else s
assert [r[2] for r in rows[1:]] == [guard(clean(n)) for n in names]' "$BATS_TEST_TMPDIR/csv" "$IN"
	# JSON comes back too; nothing but what hides is gone.
	[ "$(jq -r '[.lists[].rows[].name] | length' "$BATS_TEST_TMPDIR/json")" -eq "$(wc -l <"$IN")" ]
	[ "$(jq -r '[.lists[].rows[].name] | map(select(. == "<!channel>" or . == "a|b" or . == "?gpj.exe" or . == "a\\b")) | length' "$BATS_TEST_TMPDIR/json")" -eq 4 ]
	# Markdown: every row has its columns, nothing is bare that could be a tag, a mention or a call.
	python3 - "$BATS_TEST_TMPDIR/md" <<-'END'
	import re, sys
	columns = 0
	for line in open(sys.argv[1], encoding="utf-8").read().split("\n"):
	    bars = len(re.findall(r"(?<!\\)\|", re.sub(r"\\\\", "", line)))
	    assert not re.search(r"[<>]", line), line
	    assert not re.search(r"@|(?<!\\)`", re.sub(r"`--top 0`|(?<!\\)`@+`", "", line)), line
	    columns = bars if line.startswith("|") and columns == 0 else columns
	    columns = 0 if not line.startswith("|") else columns
	    assert bars == columns, line
	END
	# HTML: no tag of theirs.
	run ! grep -qi -e '<script>alert' -e '<img' "$BATS_TEST_TMPDIR/html"
	# Prometheus: a sample is a sample, and no line is anything else.
	run ! grep -qvE '^(# (HELP|TYPE) [a-z_]+ .*|[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [0-9]+)$' "$BATS_TEST_TMPDIR/prom"
	run ! grep -qE 'owner|workspace=' <(grep -v '^#' "$BATS_TEST_TMPDIR/prom")
	# Text: 300 letters do not break a line.
	[ "$(report --width 60 <"$IN" | wc -L)" -le 110 ]
}

@test "-o replaces a file whole, keeps its mode, and leaves nothing beside it" {
	local dir=$BATS_TEST_TMPDIR/out
	mkdir "$dir"
	run --separate-stderr -0 cws-report -N "$NOW" -o "$dir/r" <"$JUDGED"
	[ "$output" = "" ]
	[ "$(stat -c %a "$dir/r")" = 600 ]
	chmod 644 "$dir/r"
	ln -s r "$dir/link"
	report -f json -o "$dir/link" <"$JUDGED"
	[ "$(stat -c %a "$dir/r")" = 644 ] && [ -L "$dir/link" ]
	jq -e '.format == 1' "$dir/r"
	[ "$(cd "$dir" && ls -A | paste -sd' ')" = "link r" ]
	report -o /dev/null <"$JUDGED"
	[ -c /dev/null ]
	run --separate-stderr -3 cws-report -q -o "$dir/none/r" <"$JUDGED"
	[ "$stderr" = "cws-report: cannot write '$dir/none/r': No such file or directory" ]
	run --separate-stderr -3 cws-report -q -o "$dir" <"$JUDGED"
	[ "$stderr" = "cws-report: cannot write '$dir': Is a directory" ]
	run --separate-stderr -3 cws-report -q -o /dev/full <"$JUDGED"
	[ "$stderr" = "cws-report: cannot write '/dev/full': No space left on device" ]
	run --separate-stderr -3 bash -c 'ulimit -f 1; cws-report -q -o "$1/large" <"$2"' - "$dir" "$JUDGED"
	[ "$stderr" = "cws-report: cannot write '$dir/large': File too large" ]
	[ ! -e "$dir/large" ]
}

@test "the metrics keep the last success while runs fail" {
	local file=$BATS_TEST_TMPDIR/cws.prom
	last() { sed -n 's/^cws_last_success_timestamp_seconds //p' "$file"; }
	metric() { sed -n "s/^$1 //p" "$file"; }
	report -f prom --run-status 3 -o "$file" <"$JUDGED"
	[ "$(last)" = "" ] && [ "$(metric cws_last_run_status)" = 3 ]
	report -f prom --run-status 0 -o "$file" <"$JUDGED"
	[ "$(last)" = "$(date -d "$NOW" +%s)" ] && [ "$(metric cws_last_run_status)" = 0 ]
	[ "$(metric cws_list_timestamp_seconds)" = "$(date -d 2026-11-23T03:00:00Z +%s)" ]
	cws-report -q -f prom --run-status 4 -N 2026-11-24T00:00:00Z -o "$file" <"$JUDGED"
	[ "$(last)" = "$(date -d "$NOW" +%s)" ] && [ "$(metric cws_last_run_timestamp_seconds)" = "$(date -d 2026-11-24T00:00:00Z +%s)" ]
	run -3 cws-report -q -f prom --run-status 0 -o "$file" <<<'{"cws":{"aborted":"cws-fetch: dead"'
	[ "$(last)" = "$(date -d "$NOW" +%s)" ] && [ "$(metric cws_last_run_status)" = 3 ]
	[ "$(metric 'cws_workspaces{status="running"}')" = 0 ]
	record '.cws.stop = {result: "stopped", why: "w", rule: "ttl", run: "r", at: "2026-11-25T00:00:00Z", took_ms: 1500}' | report -f prom -o "$file"
	[ "$(last)" = "$(date -d 2026-11-25T00:00:01Z +%s)" ] && [ "$(metric 'cws_results{program="stop",result="stopped"}')" = 1 ]
	[ "$(metric 'cws_results{program="notify",result="sent"}')" = 0 ] && [ "$(metric 'cws_verdicts{rule="habit",state="unlikely"}')" = 0 ]
	[ "$(metric cws_oldest_overdue_seconds)" = 0 ]
	report -f prom -o "$file" <"$JUDGED"
	[ "$(metric cws_oldest_overdue_seconds)" = "$(report -f json <"$JUDGED" | jq .totals.oldest_overdue_s)" ]
}

@test "a wrong call is refused in one line, before anything is read or written" {
	fails_with() {
		run --separate-stderr "-$1" cws-report "${@:3}" <"$JUDGED"
		[ "$stderr" = "cws-report: $2" ]
		[ "$output" = "" ]
	}
	fails_with 2 '--format: expected text, md, csv, json, html or prom, got "xml"' -f xml
	fails_with 2 '--by: expected owner, template or org, got "team"' --by team
	fails_with 2 '--top: expected a whole number from 0 to 1000000000, got "-1"' --top=-1
	fails_with 2 '--width: expected a whole number from 40 to 1000, got "39"' --width 39
	fails_with 2 '--width: expected a whole number from 40 to 1000, got "1001"' --width 1001
	fails_with 2 '--run-status: expected a whole number from 0 to 255, got "256"' --run-status 256
	fails_with 2 '--max-age: "5" has no unit: write 5m or 5s' --max-age 5
	fails_with 2 "unknown option '--execute': see 'cws-report --help' for those there are" --execute
	[ ! -e x ]
}

@test "cws-report ends with 3 when it cannot read or write, and with 0 when its reader leaves" {
	for format in text md csv json html prom; do
		run --separate-stderr -3 bash -c 'cws-report -q -f "$2" <"$1" >/dev/full' - "$JUDGED" "$format"
		[ "$stderr" = "cws-report: <stdout>: cannot write: No space left on device" ]
	done
	run --separate-stderr -3 bash -c 'cws-report -q <"$1" >&-' - "$JUDGED"
	[ "$stderr" = "cws-report: <stdout>: cannot write: Bad file descriptor" ]
	run --separate-stderr -3 cws-report -q -N "$NOW" <"$BATS_TEST_TMPDIR"
	[ "$stderr" = "cws-report: <stdin>: cannot read: Is a directory" ]
	[[ "$output" == *"not complete"*"cannot read its input"* ]]
	run --separate-stderr -3 bash -c 'cws-report -q <&-'
	[ "$stderr" = "cws-report: <stdin>: cannot read: Bad file descriptor" ]
	for trap in ':' "trap '' PIPE"; do
		for _ in {1..30}; do cat "$JUDGED"; done >"$IN"
		run --separate-stderr -0 bash -c "$trap"'; cws-report -q -f csv <"$1" | head -n 1 >/dev/null; exit "${PIPESTATUS[0]}"' - "$IN"
		[ "$output$stderr" = "" ]
	done
}

@test "malformed, too long, NUL and no UTF-8: counted, and the others reported" {
	{
		printf '{"x":"'
		head -c $((16 * 1024 * 1024)) /dev/zero | tr '\0' x
		printf '"}\n{"id":"a\0b"}\n{"id":"\xff"}\n'
		record
		record '.cws.other = [1]'
		record '.cws.mine = {due: true, state: 7, why: null, at: "2026-11-23T03:02:21Z"} | .cws.note = "n" | .cws.other = null'
	} >"$IN"
	run --separate-stderr -1 cws-report -f json -N "$NOW" <"$IN"
	[ "$(jq -c '[.head.records, .head.bad]' <<<"$output")" = '[2,4]' ]
	[ "${stderr_lines[0]}" = "cws-report: <stdin>:1: longer than 16 MiB" ]
	# A last line without its newline that is whole was not torn.
	record | tr -d '\n' | report -f json | jq -e '.head.records == 1 and .head.broken == null'
}

@test "cws-report prints help and version" {
	run --separate-stderr -0 cws-report --help
	[[ "$output" == "usage: cws-report [-"* && "$output" == *"example: cws-fetch | "*"cws-report" && "$stderr" = "" ]]
	run --separate-stderr -0 cws-report -V
	[[ "$output" =~ ^cws-report\ [0-9.]+$ ]]
}
