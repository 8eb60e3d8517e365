# cws-sweep: the pipeline from end to end; what one stage could not finish stops nothing.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir bin
	PATH=$PWD/bin:$PATH
	export TMPDIR=$PWD/tmp
	mkdir tmp
	# What is due by its deadline and by being stuck does not depend on the hour at which a test runs.
	# A stop of ada/sf always fails, so that it is due again at once.
	jq -n '{quiet_hours: {enabled: false, excluded_names: ["ada/sf"]}, sweep: {stop: ["--rate", "0"]}}' >config.json
	export CWS_CONFIG=$PWD/config.json
}

teardown() {
	local pid
	for pid in ${SWEEPS:-}; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	stop_fake
}

# settings JQ - change the settings file
settings() {
	jq "$1" config.json >config.new && mv config.new config.json
}

# wrapped PROGRAM SCRIPT - from now on the program is this script; $real is the program itself
wrapped() {
	printf '#!/bin/sh\nreal=%s/%s\n%s\n' "$O" "$1" "$2" >"bin/$1"
	chmod +x "bin/$1"
}

# background COMMAND... - a sweep that goes on; SWEEP is its process
background() {
	env --default-signal=INT,TERM "$@" >out 2>err 3>&- &
	SWEEP=$!
	SWEEPS="${SWEEPS:-} $SWEEP"
}

# ended N - the sweep in the background ends, with this status
ended() {
	local status=0
	wait "$SWEEP" || status=$?
	SWEEPS=
	[ "$status" -eq "$1" ] || { echo "it ended with $status"; cat err; return 1; }
}

left_over() {
	find tmp -mindepth 1
}

# due_names [OPTION...] - those that are due in the recorded world, by name; with options of cws-ttl
due_names() {
	cws-fetch -q | cws-ttl -q "$@" | jq -r 'select(.name != "sf") | .owner_name + "/" + .name' | sort
}

@test "a sweep is dry: a line for each that would be stopped, the reports, and nothing is sent" {
	start_world
	due_names >due
	[ "$(wc -l <due)" -ge 3 ]
	echo old >old.html
	chmod 644 old.html
	run --separate-stderr -0 cws-sweep --report report.txt --html old.html --prom cws.prom --journal journal --snapshots snapshots
	[ "$stderr" = "" ]
	[ "$(sed 's/: would-stop: .*//' <<<"$output" | sort)" = "$(cat due)" ]
	[ "$(sent)" -eq 0 ]
	[ ! -e journal ]
	grep -qx " *$(wc -l <due)  would-stop  ttl" report.txt
	grep -q 'A dry run: nothing was sent' report.txt
	grep -q '<!DOCTYPE html>\|<!doctype html>' old.html
	grep -qx 'cws_last_run_status 0' cws.prom
	grep -qx "cws_results{program=\"stop\",result=\"would-stop\"} $(wc -l <due)" cws.prom
	[ "$(stat -c %a report.txt old.html cws.prom | xargs)" = '600 644 600' ]
	[ "$(left_over)" = "" ]
	# -n wins, and so does the settings file.
	run --separate-stderr -0 cws-sweep -xn
	[[ "$output" == *": would-stop: "* ]]
	settings '.dry_run = true'
	run --separate-stderr -0 cws-sweep -x
	[[ "$stderr" == "cws-stop: warning: dry_run is true"* ]]
	[ "$(sent)" -eq 0 ]
}

@test "with -x it stops them, keeps a journal that takes them back, and the next sweep has nothing to say" {
	start_world
	due_names >due
	run --separate-stderr -0 cws-sweep -x --journal journal
	[ "$stderr" = "" ]
	[ "$(sed 's/: accepted: .*//' <<<"$output" | sort)" = "$(cat due)" ]
	[ "$(sent)" -eq "$(wc -l <due)" ]
	[[ "$(find journal -type f)" =~ ^journal/[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]{6}Z\.ndjson$ ]]
	[ "$(stat -c %a journal "$(find journal -type f)" | xargs)" = '700 600' ]
	run --separate-stderr -0 bash -c 'cws-start -q <"$0"' "$(find journal -type f)"
	[[ "$output" == *'"result":"would-start"'* ]]
	run --separate-stderr -0 cws-sweep -x --journal journal
	[ "$output$stderr" = "" ]
	[ "$(find journal -type f | wc -l)" -eq 1 ]
	[ "$(find journal -type d -empty | wc -l)" -eq 0 ]
}

@test "-q prints nothing but faults" {
	start_world
	run --separate-stderr -0 cws-sweep -q
	[ "$output$stderr" = "" ]
	settings '.sweep.stop += ["--max", "0"]'
	run --separate-stderr -4 cws-sweep -q
	[ "$output" = "" ]
	[[ "$stderr" == "cws-stop: "*"nothing was sent" ]]
}

@test "a wrong call is status 2 in one line, and nothing is asked" {
	start_fake
	refused() {
		local words=$1
		shift
		run --separate-stderr -2 cws-sweep "$@"
		[ "$output" = "" ]
		[ "$stderr" = "cws-sweep: $words" ]
	}
	refused "unknown option '--foo': see 'cws-sweep --help' for those there are" --foo
	refused "unknown option '-z': see 'cws-sweep --help' for those there are" -xz
	refused "unknown option '--exec': see 'cws-sweep --help' for those there are" --exec
	refused "unexpected operand 'now': only options are taken, see 'cws-sweep --help'" -x now
	refused "unexpected operand 'now': only options are taken, see 'cws-sweep --help'" -- now
	refused "option '--every' needs its duration behind it: see 'cws-sweep --help'" --every
	refused "option '-c' needs its file behind it: see 'cws-sweep --help'" -xc
	refused "option '--quiet' takes no argument: write --quiet" --quiet=yes
	refused "--html: expected file, got nothing" --html=
	refused '--every: expected a duration such as 30m, 4h or 1h30m, got "15"' --every 15
	refused '--every: expected 1s to 3650d' --every 0s
	refused "--keep is of journals and snapshots: say --journal or --snapshots too" --keep 7d
	refused "--habit: not in this version" --habit
	refused "--notify: not in this version" --notify
	refused "--policy: cannot read 'none.jq'" --policy none.jq
	refused "--policy: '$BATS_TEST_TMPDIR' is no file" --policy "$BATS_TEST_TMPDIR"
	settings '.sweep.stop = ["--maximum", "3"]'
	run --separate-stderr -2 cws-sweep
	[[ "$stderr" == "cws-stop: unknown option '--maximum'"* ]]
	settings '.sweep.stop = [] | .sweep.report = ["-f", "pdf"]'
	run --separate-stderr -2 cws-sweep
	[[ "$stderr" == "cws-report: "*"pdf"* ]]
	settings '.sweep.report = ["-o"]'
	run --separate-stderr -2 cws-sweep
	[[ "$stderr" == "cws-report: unexpected operand"* ]]
	settings '.sweep.report = [] | .sweep.stop = ["--journal"]'
	run --separate-stderr -2 cws-sweep
	[[ "$stderr" == "cws-stop: unexpected operand"* ]]
	[ ! -e --help ]
	settings '.sweep.stop = [] | .sweep.habit = true'
	refused "sweep.habit: not in this version"
	settings '.sweep.habit = false | .sweep.notify = ["--mail"]'
	refused "sweep.notify: not in this version"
	settings '.sweep.notify = []'
	echo 'select(' >bad.jq
	run --separate-stderr -2 cws-sweep --policy bad.jq
	[ "${stderr_lines[-1]}" = "cws-sweep: --policy: jq does not take 'bad.jq'" ]
	run --separate-stderr -2 cws-sweep -c none.json
	[[ "$stderr" == "cws-fetch: none.json: cannot read"* ]]
	unset CODER_URL
	refused "no server: give --url, set CODER_URL, or run 'coder login https://...'"
	[ ! -s "$FAKE_LOG" ]
}

@test "words of the settings with which cws-stop stops nothing are no sweep that went well" {
	start_world
	: >none.journal
	for words in '["--show-config"]' '["--recover", "none.journal"]' '["--version"]'; do
		settings ".sweep.stop = $words"
		run --separate-stderr -3 cws-sweep --report report.txt
		[ "$output" = "" ]
		[[ "$stderr" == *"cws-stop has not answered for each workspace: look at sweep.stop in the settings" ]]
		head -1 report.txt | grep -F 'cws-stop has not answered for each workspace'
		grep -qF ', 88 workspaces, ' report.txt
	done
}

@test "a directory is the one of that name here, whatever CDPATH or a dash makes of it" {
	start_world
	mkdir -p elsewhere/journal/2020/01/01 here/-/2020/01/01
	touch elsewhere/journal/2020/01/01/000000Z.ndjson here/-/2020/01/01/000000Z.ndjson
	cd here
	CDPATH=$BATS_TEST_TMPDIR/elsewhere run --separate-stderr -0 cws-sweep -x --journal journal --keep 1d
	[[ "$output" != *"/elsewhere/"* ]]
	[ -e ../elsewhere/journal/2020/01/01/000000Z.ndjson ]
	[ "$(find journal -name '*Z.ndjson' | wc -l)" -eq 1 ]
	run --separate-stderr -0 cws-sweep -x --journal=- --snapshots=-s --keep 1d
	[ "$stderr" = "" ]
	[ ! -e ./-/2020 ]
	[ "$(find ./-s -name '*Z.ndjson.zst' | wc -l)" -eq 1 ]
}

@test "a program that is missing is named at the start" {
	local none=$BATS_TEST_TMPDIR/none
	mkdir none
	for program in sh cat env sed tr readlink flock jq; do
		ln -s "$(command -v "$program")" none/
	done
	export CODER_URL=http://127.0.0.1:1
	run --separate-stderr -2 env PATH="$none" "$O/cws-sweep" --snapshots snapshots
	[ "$stderr" = "cws-sweep: needs zstd, which is not in PATH" ]
	rm none/jq
	run --separate-stderr -2 env PATH="$none" "$O/cws-sweep"
	[ "$stderr" = "cws-sweep: needs jq, which is not in PATH" ]
	rm none/flock
	run --separate-stderr -2 env PATH="$none" "$O/cws-sweep"
	[ "$stderr" = "cws-sweep: needs flock, which is not in PATH" ]
}

@test "the settings say what options say, and an option wins" {
	start_world
	echo . >plain.jq
	echo 'include "cws"; verdict("mine"; .owner_name == "dennis"; "dennis is away")' >policy.jq
	settings '.sweep += {policies: ["policy.jq"], report_file: "r.txt", html_file: "r.html", prom_file: "r.prom",
		journal_dir: "j", snapshot_dir: "s", keep: "7d", report: ["--title", "Our own"]}'
	run --separate-stderr -0 cws-sweep -x
	[ "$(grep -c '^dennis/.*: accepted: ' <<<"$output")" -eq 4 ]
	grep -qx 'Our own' r.txt
	[ -s r.html ] && [ -s r.prom ] && [ -d j ] && [ -d s ]
	rm -r r.* j s
	run --separate-stderr -0 cws-sweep --report other.txt --policy plain.jq
	[ "$(ls -d other.txt r.* s)" = $'other.txt\nr.html\nr.prom\ns' ]
	run --separate-stderr -0 cws-fetch --show-config
	[ "$(jq -c '[.url, .sweep.keep, .sweep.stop.value, .sweep.every]' <<<"$output")" = \
		"[{\"value\":\"$CODER_URL\",\"from\":\"CODER_URL\"},{\"value\":\"7d\",\"from\":\"$CWS_CONFIG\"},[\"--rate\",\"0\"],{\"value\":null,\"from\":\"default\"}]" ]
}

@test "a setting that nobody knows is told once in a sweep, and one that may be a bound refuses -x all the same" {
	local told
	settings '.safety.max_stps = 3 | .quiet_hours.tiemzone = "UTC"'
	told="cws-fetch: warning: $CWS_CONFIG: safety.max_stps: unknown setting: did you mean safety.max_stops"
	start_world
	run --separate-stderr -0 cws-sweep --report report.txt
	[ "$stderr" = "$told" ]
	run --separate-stderr -0 cws-sweep -v
	[ "$(grep -c 'safety.max_stps' <<<"$stderr")" -eq 1 ]
	[ "$(grep -c 'quiet_hours.tiemzone' <<<"$stderr")" -eq 1 ]
	run --separate-stderr -4 cws-sweep -x
	[ "${stderr_lines[0]}" = "$told" ]
	[[ "${stderr_lines[1]}" == "cws-stop: unknown setting in $CWS_CONFIG: safety.max_stps, perhaps meant as safety.max_stops"* ]]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ "$(sent)" -eq 0 ]
}

@test "what --show-config cannot know costs no request: groups and quiet hours are fetched where a rule asks for them" {
	start_world
	wrapped cws-fetch 'echo "$@" >>calls; exec "$real" "$@"'
	settings '.quiet_hours = {excluded_groups: ["night"], owner_schedule: true}'
	run --separate-stderr -0 cws-sweep
	grep -qx -- '-q --with quiet-hours,groups' calls
	settings '.quiet_hours = {}'
	run --separate-stderr -0 cws-sweep
	[ "$(tail -n 1 calls)" = -q ]
}

@test "a partial list stops nothing, and the report says so" {
	start_world
	# A row that is counted and not shown.
	stop_fake
	start_world '{"match":{"path":"/api/v2/workspaces"},"every":true,"do":{"set":{"count":89}}}'
	run --separate-stderr -1 cws-sweep -x --report report.txt --prom cws.prom --snapshots snapshots
	[ "$output" = "" ]
	[[ "${stderr_lines[0]}" == "cws-fetch: $CODER_URL: 1 of 89 workspaces are "* ]]
	[ "${stderr_lines[-1]}" = "cws-sweep: the list is not whole (cws-fetch ended with status 1): nothing was stopped" ]
	[ "$(sent)" -eq 0 ]
	[ "$(head -n 1 report.txt)" = "Coder workspaces - the list is not whole (cws-fetch ended with status 1): nothing was stopped" ]
	grep -q '88 workspaces' report.txt
	grep -qx 'cws_last_run_status 1' cws.prom
	[ ! -e snapshots ]
	[ "$(left_over)" = "" ]
}

@test "a fetch that fails stops nothing, though the list before it was whole, and the reports say so" {
	start_world
	run --separate-stderr -0 cws-sweep --prom cws.prom
	success=$(grep '^cws_last_success' cws.prom)
	wrapped cws-fetch 'case $* in *show-config*) exec "$real" "$@" ;; esac; "$real" "$@" | head -n 60
		printf "%s" "{\"cws\":{\"aborted\":\"cws-fetch: the listing is not whole\""; exit 3'
	run --separate-stderr -3 cws-sweep -x --report report.txt --prom cws.prom
	[ "$output" = "" ]
	[ "$stderr" = "cws-sweep: the list is not whole (cws-fetch ended with status 3): nothing was stopped" ]
	grep -q '60 workspaces' report.txt
	[ "$(head -n 1 report.txt)" = "Coder workspaces - the list is not whole (cws-fetch ended with status 3): nothing was stopped" ]
	grep -qx 'cws_last_run_status 3' cws.prom
	[ "$(grep '^cws_last_success' cws.prom)" = "$success" ]
	[ "$(sent)" -eq 0 ]
}

@test "a stage that ends with 2, 3, 4 or by a signal stops nothing, and the reports are written" {
	start_world
	for stage in cws-ttl cws-quiet cws-autostop; do
		for end in 'exit 2' 'exit 3' 'exit 4' 'kill -9 $$'; do
			wrapped "$stage" "case \$* in *show-config*) exec \"\$real\" \"\$@\" ;; esac; \"\$real\" \"\$@\" | head -n 3; $end"
			case $end in exit*) want=${end#exit } ;; *) want=137 ;; esac
			rm -f report.txt
			run --separate-stderr -"$want" cws-sweep -x --report report.txt
			[ "$output" = "" ]
			[ "${stderr_lines[-1]}" = "cws-sweep: $stage ended with status $want: nothing was stopped" ]
			[ "$(head -n 1 report.txt)" = "Coder workspaces - $stage ended with status $want: nothing was stopped" ]
			grep -q '88 workspaces' report.txt
		done
		rm "bin/$stage"
	done
	[ "$(sent)" -eq 0 ]
	[ "$(left_over)" = "" ]
}

@test "bad records are dropped and reported, and the others are stopped" {
	start_world
	due_names >due
	wrapped cws-fetch 'case $* in *show-config*) exec "$real" "$@" ;; esac; echo "{"; exec "$real" "$@"'
	run --separate-stderr -1 cws-sweep -x
	[ "$(sed 's/: accepted: .*//' <<<"$output" | sort)" = "$(cat due)" ]
	[[ "${stderr_lines[0]}" == "cws-ttl: <stdin>:1: "* ]]
	# A bound that refuses is the stopper's to say.
	stop_fake
	start_world
	settings '.safety.max_stops = 1'
	run --separate-stderr -4 cws-sweep -x --report report.txt
	[ "$(sent)" -eq 0 ]
	[ "$(head -n 1 report.txt)" = "Coder workspaces - cws-stop ended with status 4" ]
	grep -q 'refused' report.txt
}

@test "policies: a verdict, a veto, a name with anything in it; without the token; one that fails stops nothing" {
	local odd=$'it\'s "a"\n policy.jq'
	start_world
	due_names | head -n 1 >first
	echo 'include "cws"; keep_listed("left"; "'"$(cat first)"'"; "left alone")' >"$odd"
	echo '.cws.note = (env | keys | map(select(test("TOKEN"))) | join(","))' >./-dash.jq
	run --separate-stderr -0 cws-sweep --policy "$odd" --policy=-dash.jq --snapshots snapshots
	run ! grep -qF "$(cat first): would-stop" <<<"$output"
	[ "$(find snapshots -name '*.zst' -exec zstd -dcq {} + | jq -r .cws.note | sort -u)" = "" ]
	[ "$(find snapshots -name '*.zst' -exec zstd -dcq {} + | jq -r 'select(.cws.left).cws.left.keep')" = true ]
	echo 'if .owner_name == "tim" then error("no tim") else . end' >fails.jq
	run --separate-stderr -3 cws-sweep -x --policy fails.jq --report report.txt
	[ "${stderr_lines[-1]}" = "cws-sweep: the policy 'fails.jq' ended with status 3: nothing was stopped" ]
	grep -q '88 workspaces' report.txt
	[ "$(sent)" -eq 0 ]
}

@test "the words of a ~/.jq change nothing of what is stopped: not the settings, not a policy" {
	local with_words=(env "HOME=$PWD/user")
	start_world
	mkdir user
	echo 'include "cws"; select(.owner_name != "'"$(due_names | sed -n '1s,/.*,,p')"'")' >policy.jq
	cws-sweep --policy policy.jq | sed 's/: would-stop: .*//' >plain
	[ "$(wc -l <plain)" -lt "$(due_names | wc -l)" ]
	for word in 'def select(f): .;' 'def map(f): [];' 'def IN($a; $b; $c; $d; $e; $f; $g): false;' 'def gsub($a; $b): "";' 'no words'; do
		echo "$word" >user/.jq
		run --separate-stderr -0 "${with_words[@]}" cws-sweep --policy policy.jq
		[ "$stderr" = "" ]
		[ "$(sed 's/: would-stop: .*//' <<<"$output")" = "$(cat plain)" ]
	done
	# The bounds of the settings, and what is fetched of the owners for its rules.
	echo 'def map(f): []; def join($x): "";' >user/.jq
	settings '.sweep.stop += ["--max", "0"]'
	run --separate-stderr -4 "${with_words[@]}" cws-sweep -x
	[ "$(sent)" -eq 0 ]
	wrapped cws-fetch 'echo "$@" >>calls; exec "$real" "$@"'
	settings '.quiet_hours.excluded_groups = ["night"]'
	run --separate-stderr -0 "${with_words[@]}" cws-sweep
	grep -qx -- '-q --with groups' calls
}

@test "a snapshot is whole under its name, and one that cannot be written stops nothing" {
	start_world
	run --separate-stderr -0 cws-sweep --snapshots snapshots
	snapshot=$(find snapshots -type f)
	[[ "$snapshot" =~ ^snapshots/[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]{6}Z\.ndjson\.zst$ ]]
	[ "$(stat -c %a "$snapshot")" = 600 ]
	[ "$(zstd -dcq "$snapshot" | jq -c 'select(.cws | .ttl and .quiet) | .id' | wc -l)" -eq 88 ]
	echo a file >file
	run --separate-stderr -3 cws-sweep -x --snapshots file --report report.txt
	[ "${stderr_lines[-1]}" = "cws-sweep: no snapshot could be written to 'file': nothing was stopped" ]
	run --separate-stderr -3 cws-sweep -x --journal file
	[ "${stderr_lines[-1]}" = "cws-sweep: no journal can be written to 'file': nothing was stopped" ]
	wrapped zstd 'echo torn; exit 1'
	run --separate-stderr -3 cws-sweep -x --snapshots torn
	[ "$(find torn -type f)" = "" ]
	[ "$(sent)" -eq 0 ]
}

@test "--keep deletes what is older by its name, and nothing else" {
	start_world
	local yesterday
	yesterday=$(date -u -d '-1 day' +%Y/%m/%d)
	mkdir -p s/2020/01/02 s/2020/01/03 "s/$yesterday"
	touch s/2020/01/02/030405Z.ndjson.zst s/2020/01/03/030405Z.ndjson.zst s/2020/01/03/mine.ndjson.zst s/2020/030405Z.ndjson.zst \
		"s/$yesterday/000000Z.ndjson.zst" s/2020/01/03/.cws-abcdef
	touch -d '-2 days' s/2020/01/03/.cws-abcdef
	run --separate-stderr -0 cws-sweep --snapshots s --keep 3d
	[ -f "s/$yesterday/000000Z.ndjson.zst" ]
	[ "$(find s/2020 -type f | sort)" = $'s/2020/01/03/mine.ndjson.zst\ns/2020/030405Z.ndjson.zst' ]
	[ "$(find s -name '*.zst' -path "s/2*" | wc -l)" -eq 4 ]
	[ ! -e s/2020/01/02 ]
}

@test "two sweeps never overlap: the second says so, and the lock is free when the first has ended" {
	start_world
	wrapped cws-fetch 'case $* in *show-config*) exec "$real" "$@" ;; esac
		: >begun
		until [ -e second ]; do sleep 0.1; done
		exec "$real" "$@"'
	background cws-sweep
	eventually [ -e begun ]
	run --separate-stderr -4 timeout 60 cws-sweep -x --report report.txt
	: >second
	[[ "$stderr" == "cws-sweep: another sweep is at work on this server (it holds '"*"/cws-sweep-127.0.0.1-${CODER_URL##*:}.lock')" ]]
	[ "$output" = "" ]
	[ ! -e report.txt ]
	ended 0
	run --separate-stderr -0 cws-sweep
	[ "$(sent)" -eq 0 ]
}

# stops N - have so many been sent?
stops() {
	[ "$(sent)" -ge "$1" ]
}

@test "a sweep that is killed leaves its lock to cws-stop, and then to the next" {
	start_world
	settings '.sweep.stop = ["--rate", "1/s"]'
	background cws-sweep -x --journal journal --report report.txt
	eventually stops 1
	kill -9 "$SWEEP"
	ended 137
	run --separate-stderr -4 cws-sweep
	[[ "$stderr" == *"another sweep is at work"* ]]
	[ ! -e report.txt ]
	settings '.sweep.stop = ["--rate", "0"]'
	again() { cws-sweep -x >out 2>err; }
	eventually again
	posts | jq -e 'length > 0 and all(.[]; . == 1)'
}

@test "a cws-stop or a cws-report that is killed is named, with how far it came; the next sweep stops the rest" {
	start_world
	due_names >due
	settings '.sweep.stop = ["--rate", "1/m"]'
	background cws-sweep -x --journal journal --report report.txt --prom cws.prom
	written() { grep -q '"accepted"' tmp/*/stopped; }
	eventually written 2>/dev/null
	kill -KILL "$(pgrep -P "$SWEEP" -x cws-stop)"
	ended 137
	[[ "$(cat err)" =~ ^'cws-sweep: cws-stop ended with status 137 after '[0-9]+' of 88 workspaces'$ ]]
	[ "$(head -n 1 report.txt)" = "Coder workspaces - $(sed 's/^cws-sweep: //' err)" ]
	grep -qx 'cws_last_run_status 137' cws.prom
	[ "$(grep -c ': accepted: ' out)" -eq 1 ]
	grep -qx ' *1  accepted  ttl' report.txt
	settings '.sweep.stop = ["--rate", "0"]'
	wrapped cws-report 'case $* in *--help*) exec "$real" "$@" ;; esac; kill -KILL $$'
	run --separate-stderr -137 cws-sweep -x --report report.txt
	[[ "$stderr" == "cws-sweep: cws-report ended with status 137: 'report.txt' may be the old one" ]]
	posts | jq -e --argjson due "$(wc -l <due)" 'length == $due and all(.[]; . == 1)'
}

@test "TERM lets the requests in hand end, keeps the books and the files, and ends by that signal" {
	local signal
	for signal in TERM:143 INT:130 HUP:129; do
		start_world '{"match":{"method":"POST","path":"*/builds"},"every":true,"do":{"delay_ms":300}}'
		settings '.sweep.stop = ["--rate", "0", "-j", "2"]'
		rm -rf journal
		background env --default-signal=HUP cws-sweep -x --journal journal --report report.txt
		came_post() { [ "$(requests POST '*/builds')" -ge 1 ] || [ -s "$(find journal -name '*.ndjson' 2>/dev/null)" ]; }
		eventually came_post
		kill -"${signal%:*}" "$SWEEP"
		ended "${signal#*:}"
		[ ! -e report.txt ]
		[ "$(left_over)" = "" ]
		# Every intent has an outcome, and what was accepted is what was sent.
		jq -se '(map(select(.outcome | not) | .id) | sort) == (map(select(.outcome) | .id) | sort)' "$(find journal -name '*.ndjson')"
		[ "$(jq -r 'select(.outcome.result == "accepted").id' "$(find journal -name '*.ndjson')" | wc -l)" -eq "$(posts | jq length)" ]
		stop_fake
	done
}

@test "--every goes on after a failure and a bad record, starts on time, and ends by INT or TERM" {
	start_world
	# Away for a while, then back, with a bad record.
	wrapped cws-fetch 'case $* in *show-config*) exec "$real" "$@" ;; esac
		date +%s.%N >>starts
		[ $(wc -l <starts) -gt 3 ] || { echo "cws-fetch: the server is away" >&2; exit 3; }
		[ $(wc -l <starts) -gt 4 ] || { echo "{"; }
		exec "$real" "$@"'
	background cws-sweep --every 1s --prom cws.prom
	eventually lines 6 starts
	kill -INT "$SWEEP"
	ended 130
	[ "$(grep -c 'nothing was stopped' err)" -eq 3 ]
	[ "$(grep -c '^cws-ttl: <stdin>:1: ' err)" -eq 1 ]
	grep -q ': would-stop: ' out
	[ -s cws.prom ]
	# One second apart, by the clock of the machine; on a busy one the first may begin late.
	awk 'NR == 1 { first = $1 } END { exit !($1 - first > 3) }' starts
	[ "$(left_over)" = "" ]
}

@test "--every outlasts who tidies up in TMPDIR" {
	start_world
	background cws-sweep --every 1s --report report.txt
	eventually [ -s report.txt ]
	rm -rf tmp/* report.txt || : # where a file came meanwhile
	whole_again() { [ "$(head -n 1 report.txt)" = 'Coder workspaces' ]; }
	eventually whole_again 2>/dev/null
	kill -TERM "$SWEEP"
	ended 143
	[ "$(left_over)" = "" ]
}

@test "--every outlasts an hour without the server: each sweep is on time, says so and stops nothing, and the next is right" {
	# The hour takes seconds: what only waits is not kept waiting, and the server's clock is that of the sweeps.
	export CWS_LATE_SLEPT=$PWD/slept ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
	echo 0 >slept
	LD_PRELOAD=$O/late.so start_world
	due_names >due
	due_names -N "$(date -u -d '+75 minutes' +%Y-%m-%dT%H:%M:%SZ)" | comm -13 due - >due_later
	[ "$(wc -l <due_later)" -ge 3 ]
	settings '.sweep.report_file = "report.txt"'
	: >starts
	# Each sweep begins with this. From the second on nobody is at the server's port for half an hour, then there is a proxy
	# that says so, then a server without its database.  The lists before and after have a bad record.
	wrapped cws-fetch 'case $* in *show-config*) exec "$real" "$@" ;; esac
		[ ! -e report.txt ] || head -n 1 report.txt >>titles
		read -r up _ </proc/uptime
		echo "$up" >>starts
		becomes() {
			until curl -fsS "$FAKE_URL/_control" -d "{\"script\":[$1]}"; do :; done >/dev/null 2>&1
		}
		case $(wc -l <starts) in
		2) becomes "{\"match\":{},\"do\":{\"away_ms\":1790000}}" && curl -fsS "$FAKE_URL/api/v2/buildinfo" >/dev/null ;;
		4) becomes "{\"match\":{},\"every\":true,\"do\":{\"status\":502,\"body\":\"<html>Bad Gateway</html>\"}}" ;;
		5) becomes "{\"match\":{},\"every\":true,\"do\":{\"outage\":401}}" ;;
		1 | 6) becomes "" && echo "{" ;;
		esac
		exec "$real" "$@"'
	CWS_LATE_HASTE=1 LD_PRELOAD=$O/late.so background cws-sweep --every 15m -x
	eventually lines 4 starts
	eventually lines 7 starts
	kill -INT "$SWEEP"
	ended 130
	awk 'NR > 1 && ($1 - last < 840 || $1 - last > 960) { late = 1 } { last = $1 } END { exit late }' starts
	[ "$(cut -d : -f 1 err | head -n 10 | xargs)" = 'cws-ttl cws-fetch cws-sweep cws-fetch cws-sweep cws-fetch cws-sweep cws-fetch cws-sweep cws-ttl' ]
	[ "$(grep -o 'connect to server\|HTTP [0-9]*' err | xargs)" = 'connect to server connect to server HTTP 502 HTTP 401' ]
	[ "$(uniq -c titles | sed 's/^ *//')" = "1 Coder workspaces
4 Coder workspaces - the list is not whole (cws-fetch ended with status 3): nothing was stopped
1 Coder workspaces" ]
	[ "$(sed 's/: accepted: .*//' out | head -n "$(wc -l <due)" | sort)" = "$(cat due)" ]
	[ "$(sed 's/: accepted: .*//' out | tail -n +"$(($(wc -l <due) + 1))" | head -n "$(wc -l <due_later)" | sort)" = "$(cat due_later)" ]
	posts | jq -e 'length > 0 and all(.[]; . == 1)'
	# How many were sent in which sweep.
	jq -r 'select(.method == "POST" and .status == 201) | .at_ms' "$FAKE_LOG" |
		awk 'NR == FNR { start[NR] = $1; next } { n = 0; for (i in start) n += start[i] <= $1 / 1000; print n }' starts - >sweeps
	[ "$(uniq -c sweeps | head -n 2 | xargs)" = "$(wc -l <due) 1 $(wc -l <due_later) 6" ]
}

@test "a signal between two sweeps ends at once, and the lock is free there" {
	start_world
	background cws-sweep --every 1h
	eventually [ -s out ]
	idle() { [ "$(left_over)" = "" ] && cws-sweep >/dev/null 2>&1; }
	eventually idle
	kill -TERM "$SWEEP"
	ended 143
	[ "$(left_over)" = "" ]
}

# places LOCK COMMAND... - the directories in which it looks for that lock, which nobody lets it open
places() {
	local lock=$1 place of_lock=()
	shift
	for place in /run/lock "$XDG_RUNTIME_DIR" "$PWD/$XDG_RUNTIME_DIR" /tmp; do
		of_lock+=(-P "$place/$lock")
	done
	run --separate-stderr -3 strace -f -qq -o trace -e trace=openat -e signal=none -e inject=openat:error=EACCES "${of_lock[@]}" "$@"
	sed -n "s,.*\"\(.*\)/$lock\".*,\1,p" trace | uniq | xargs
}

@test "the lock is looked for where cws-stop looks for its own" {
	strace -o /dev/null true 2>/dev/null || skip "nothing can be traced here"
	[[ "$O" != *address* ]] || skip "a traced program cannot look for leaks"
	local server
	start_world
	due "$dennis" | head -n 1 >due
	# A name of its own: the machine may have kept the lock of another run against this port.
	server=lock-$$.localhost-${CODER_URL##*:}
	CODER_URL=http://lock-$$.localhost:${CODER_URL##*:}
	mkdir run
	unset CWS_LOCK_DIR
	for XDG_RUNTIME_DIR in "$PWD/run" "$PWD/absent" run ''; do
		places "cws-$server.lock" cws-stop -x --rate 0 <due >stop
		[ "$XDG_RUNTIME_DIR" != "$PWD/run" ] || [ "$(cat stop)" = "/run/lock $PWD/run /tmp" ]
		[ "$(places "cws-sweep-$server.lock" cws-sweep)" = "$(cat stop)" ]
	done
}

@test "the lock is where that of cws-stop is; one that is no file, or is nowhere to be made, ends the sweep" {
	start_world
	CWS_LOCK_DIR=$PWD/locks
	mkdir locks
	lock=$CWS_LOCK_DIR/cws-sweep-127.0.0.1-${CODER_URL##*:}.lock
	run --separate-stderr -0 cws-sweep
	[ "$(stat -c %a "$lock")" = 644 ]
	rm "$lock"
	ln -s "$PWD/elsewhere" "$lock"
	run --separate-stderr -3 cws-sweep -x
	[ "$stderr" = "cws-sweep: cannot take the lock '${lock##*/}' in $CWS_LOCK_DIR" ]
	[ ! -e elsewhere ]
	rm "$lock"
	mkfifo "$lock"
	run --separate-stderr -3 timeout 10 cws-sweep -x
	CWS_LOCK_DIR=$PWD/nowhere
	run --separate-stderr -3 cws-sweep -x
	[ "$(sent)" -eq 0 ]
	# One whose file somebody has tidied away holds nobody up.
	CWS_LOCK_DIR=$PWD/locks
	rm "$lock"
	exec 8>"$lock"
	flock -n 8
	run --separate-stderr -4 cws-sweep
	rm "$lock"
	run --separate-stderr -0 cws-sweep
	exec 8>&-
}
