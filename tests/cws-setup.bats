# cws-setup: a dry settings file from answers or options, tried on the programs that will read it, and the lines that use it.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	start_world
	(umask 077 && echo "$TOKEN_ORGADMIN" >token)
	unset CODER_SESSION_TOKEN
	# Root's settings are in /etc/cws, which no test may touch.
	mkdir bin
	printf '#!/bin/sh\n[ "$1" != -u ] || exec echo 1000\nexec /usr/bin/id "$@"\n' >bin/id
	chmod +x bin/id
	PATH=$PWD/bin:$PATH
}

# answered [OPTION...] - the lines of standard input are typed
answered() {
	run --separate-stderr cws-setup "$@" <answers
}

answers() {
	printf '%s\n' "$@" >answers
}

# The block of $output below the line that begins so, as a file.
block() {
	awk -v head="$1" 'index($0, head) == 1 { here = 1; getline; next } here && /:$/ { exit } here' <<<"$output"
}

nothing_written() {
	[ -z "$(find . "$HOME" -name '*.json' -o -name '.cws-setup*')" ]
}

@test "cws-setup: what is asked for is written, dry, and every program takes it" {
	answers "$CODER_URL" token Europe/Berlin 19:00 07:00 mon-fri 'ci, on-call-*'
	answered -o config.json
	[ "$status" -eq 0 ]
	jq -e '.quiet_hours == {start_time: "19:00", end_time: "07:00", days: "mon-fri", timezone: "Europe/Berlin",
		excluded_users: ["ci", "on-call-*"]} and .dry_run == true' config.json
	[ "$(stat -c %a config.json)" = 644 ]
	[[ "$stderr" == *"Server ["*"]: File with the session token: "* && "$stderr" == *"ok    cws-stop "*"cws-fetch: 10 ok, "* ]]
	for program in cws-fetch cws-ttl cws-quiet cws-stop cws-start; do
		run --separate-stderr -0 "$program" -c config.json --show-config
		[ "$stderr" = "" ]
	done
	run ! grep -rF "$TOKEN_ORGADMIN" config.json <(echo "$output$stderr")
	[ "$(sent)" -eq 0 ]
}

@test "cws-setup: the words of a ~/.jq take nobody off the list of those who are left alone" {
	mkdir user
	echo 'def select(f): empty; def split($x): [];' >user/.jq
	HOME=$PWD/user run --separate-stderr -0 cws-setup -y --url "$CODER_URL" --token-file token --exclude-user 'ci,ada' -o config.json </dev/null
	[ "$(jq -c .quiet_hours.excluded_users config.json)" = '["ci","ada"]' ]
}

@test "cws-setup: every answer is an option too, and -y asks nothing" {
	run --separate-stderr -0 cws-setup -y --token-file token --tz America/New_York --start 20:00 --end 6:00 --days sat,sun \
		--exclude-user ci,ada --exclude-user 'o"brien' --output some/where/config.json </dev/null
	[[ "$stderr" != *']: '* ]]
	jq -e '.quiet_hours | .timezone == "America/New_York" and .start_time == "20:00" and .end_time == "6:00" and
		.days == "sat,sun" and .excluded_users == ["ci", "ada", "o\"brien"]' some/where/config.json
	cp token some/where
	answers '' '' '' ''
	answered --url "$CODER_URL" --token-file some/where/token --tz utc -o other.json
	[ "$status" -eq 0 ]
	jq -e '.quiet_hours == {start_time: "18:00", end_time: "08:00", days: "daily", timezone: "utc", excluded_users: []}' other.json
	[ "$(grep -o ']: ' <<<"$stderr" | wc -l)" -eq 3 ]
}

@test "cws-setup: a bad answer is told in the words of the program that would refuse it, and asked for again" {
	answers ftp://coder "$CODER_URL/workspaces" "$CODER_URL" none token Mars/Olympus '' 25:00 18 18:00 later 08:00 someday daily ''
	answered -o config.json
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"'ftp://coder' is neither http nor https"* && "$stderr" == *"/workspaces"* ]]
	[[ "$stderr" == *"cannot read 'none': No such file"* && "$stderr" == *"unknown time zone 'Mars/Olympus'"* ]]
	[[ "$stderr" == *'cws-quiet: --start: expected HH:MM from 00:00 to 23:59, got "25:00"'* ]]
	[[ "$stderr" == *'cws-quiet: --end: '* && "$stderr" == *'cws-quiet: --days: '* ]]
	jq -e .dry_run config.json
}

@test "cws-setup: blanks and a carriage return around an answer do not count" {
	printf ' %s \r\n' "$CODER_URL" token UTC 19:00 7:00 mon-fri 'ada, bob' >answers
	answered -o config.json
	[ "$status" -eq 0 ]
	[ "$(jq -c '.quiet_hours | [.start_time, .end_time, .days, .timezone, .excluded_users]' config.json)" = \
		'["19:00","7:00","mon-fri","UTC",["ada","bob"]]' ]
	[[ "$output" == *"CODER_URL='$CODER_URL' "* && "$output" == *"/token'"* ]]
}

@test "cws-setup: where the server does not answer it is asked for again, and the token file is proposed" {
	answers http://127.0.0.1:1 token nonsense "$CODER_URL" '' UTC '' '' '' ''
	answered -o config.json
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"fail  server "*"Server [http://127.0.0.1:1]: "*"'nonsense' is no http or https URL"*"[token]: "*"ok    server "* ]]
	jq -e '.quiet_hours.timezone == "UTC"' config.json
	[[ "$output" == *"CODER_URL='$CODER_URL'"* ]]
	# Without anybody to ask, it ends.
	run --separate-stderr -3 cws-setup -y --url http://127.0.0.1:1 --token-file token -o other.json
	[ ! -e other.json ]
}

@test "cws-setup: a bad option ends it, with the status of the program that refuses it, and nothing is written" {
	refused() {
		local expected=$1 words=$2
		shift 2
		run --separate-stderr "-$expected" cws-setup -qy --token-file token "$@"
		[ "$output" = "" ]
		[[ "$stderr" == *"$words"* ]] || { echo "$stderr"; return 1; }
		nothing_written
	}
	refused 2 "unknown time zone 'Mars'" --tz Mars
	refused 2 '--start: expected HH:MM' --start 25:00
	refused 2 '--end: expected HH:MM' --end later
	refused 2 '--days: ' --days someday
	refused 2 "cannot read 'none'" --token-file none
	refused 2 "'ftp://x' is neither http nor https" --url ftp://x
	refused 3 'fail  server ' --url http://127.0.0.1:9
	refused 2 "unknown option '--token': see 'cws-setup --help'" --token x
	refused 2 "unexpected operand 'x'" x
	refused 2 "option '--tz' needs its zone behind it" --tz
	echo "$TOKEN_EXPIRED" >token
	refused 3 'HTTP 401' -q
	echo "$TOKEN_WSONLY" >token
	refused 3 'fail '
	rm token
	run --separate-stderr -2 cws-setup -y
	[ "$stderr" = "cws-setup: no token file: say --token-file" ]
	unset CODER_URL
	run --separate-stderr -2 cws-setup -y
	[ "$stderr" = "cws-setup: no server: say --url" ]
}

@test "cws-setup: where the answers end, it ends with 2, and nothing is written" {
	for n in 0 1 2 3 4 5 6; do
		printf '%s\n' "$CODER_URL" token UTC 18:00 08:00 daily '' | head -n "$n" >answers
		answered
		[ "$status" -eq 2 ]
		[ "${stderr_lines[-1]}" = "cws-setup: no answer: nothing was written" ]
		nothing_written
	done
	printf '%s\n' "$CODER_URL" token UTC 18:00 08:00 daily >answers
	printf 'ci' >>answers # torn
	answered
	[ "$status" -eq 2 ]
	nothing_written
}

@test "cws-setup: an existing settings file is never touched" {
	echo mine >config.json
	run --separate-stderr -2 cws-setup -y --token-file token -o config.json
	[ "$stderr" = "cws-setup: 'config.json' is there already, and is not touched: say --output" ]
	[ "$(cat config.json)" = mine ]
	ln -s nowhere dangling
	run --separate-stderr -2 cws-setup -y --token-file token -o dangling
	[ ! -e nowhere ]
	mkdir directory
	run --separate-stderr -2 cws-setup -y --token-file token -o directory
	[ -z "$(ls -A directory)" ]
	run --separate-stderr -2 cws-setup -y --token-file token -o new/
	[ "$stderr" = "cws-setup: --output: 'new/' names a directory: name a file" ]
	[ ! -e new ]
	# One that somebody makes while it asks.
	mkfifo answers
	cws-setup -o meanwhile.json <answers >out 2>err 3>&- &
	local setup=$!
	exec 7>answers
	printf '%s\n' "$CODER_URL" token UTC 18:00 08:00 daily >&7
	eventually grep -q 'commas between' err
	echo theirs >meanwhile.json
	echo >&7
	exec 7>&-
	local ended=0
	wait "$setup" || ended=$?
	[ "$ended" -eq 3 ]
	[ "$(cat meanwhile.json)" = theirs ]
	[ ! -s out ]
	[ -z "$(find . -name '.cws-setup*')" ]
}

@test "cws-setup: without --output it writes where the programs look, else beside it under the server's name" {
	run --separate-stderr -0 cws-setup -y --token-file token
	[ "${lines[0]}" = "Settings: $HOME/.config/cws/config.json" ]
	run --separate-stderr -0 cws-quiet --show-config
	[ "$(jq -r .config.from <<<"$output" 2>/dev/null || jq -r .config <<<"$output")" != null ]
	cp token "$HOME/.config/cws/coder-token"
	run --separate-stderr -0 cws-setup -y # and finds the token beside it
	[ "${lines[0]}" = "Settings: $HOME/.config/cws/127.0.0.1-${CODER_URL##*:}.json" ]
	run --separate-stderr -2 cws-setup -y
	[[ "$stderr" == *"is there already, and is not touched: say --output" ]]
}

@test "cws-setup: the lines that it prints run, by hand, from cron and from a unit, whatever is in the names" {
	local odd="it's 100% \"odd\""
	mkdir "$odd"
	cp token "$odd"
	run --separate-stderr -0 cws-setup -y --token-file "$odd/token" --output "$odd/config.json"
	block 'Once, by hand:' >line
	grep -q cws-sweep line
	run --separate-stderr -0 env -u CODER_URL PATH=/usr/bin:/bin sh line
	[[ "$stderr" == "" && "$output" == *": would-stop: "* ]]
	[ "$(sent)" -eq 0 ]
	run --separate-stderr -0 cws-setup -y --token-file "$odd/token" --output "$odd/again.json"
	# What cron makes of its line: the first % that has no backslash ends the command, and those backslashes go.
	block 'With cron' | sed -n 's/^\*\/15 \* \* \* \* //p' >line
	run ! grep -q '[^\]%' line
	sed -i 's/\\%/%/g' line
	run --separate-stderr -0 env -u CODER_URL PATH=/usr/bin:/bin sh line
	[[ "$stderr" == "" && "$output" == *": would-stop: "* ]]
}

@test "cws-setup: a token file of the name that the programs know is named by its directory" {
	mkdir secrets
	cp token secrets/coder-token
	run --separate-stderr -0 cws-setup -y --token-file secrets/coder-token --output config.json
	block 'Once, by hand:' >line
	grep -q "CREDENTIALS_DIRECTORY='$PWD/secrets'" line
	run ! grep -q CODER_SESSION_TOKEN line
	run --separate-stderr -0 env -u CODER_URL PATH=/usr/bin:/bin sh line
	[[ "$stderr" == "" && "$output" == *": would-stop: "* ]]
}

@test "cws-setup: systemd takes the lines of the unit, and they name what was said" {
	command -v systemd-analyze >/dev/null || skip 'no systemd-analyze here'
	run --separate-stderr -0 cws-setup -y --token-file token --output 'at 100%.json'
	{
		block 'With systemd'
		printf 'Type=oneshot\nExecStart=/bin/true\n'
	} >cws-try.service
	grep -qx 'Environment="CWS_CONFIG='"$PWD"'/at 100%%.json"' cws-try.service
	grep -qx "LoadCredential=coder-token:$PWD/token" cws-try.service
	run -0 systemd-analyze verify "$PWD/cws-try.service"
	[ "$output" = "" ]
}

@test "cws-setup: settings that the unit cannot see are to be copied, and only those" {
	local note='The unit sees no home and no /tmp: copy the settings to /etc/cws, and name that copy as CWS_CONFIG.'
	local seen hidden
	seen=$(mktemp -d /dev/shm/cws.XXXXXX)
	hidden=$(mktemp -d /tmp/cws.XXXXXX)
	run --separate-stderr cws-setup -y --token-file token --output "$hidden/config.json"
	rm -r "$hidden"
	[ "$status" -eq 0 ]
	grep -qxF "$note" <<<"$output"
	run --separate-stderr cws-setup -y --token-file token --output "$seen/config.json"
	rm -r "$seen"
	[ "$status" -eq 0 ]
	run ! grep -qF "$note" <<<"$output"
}

@test "cws-setup: -q prints questions and faults only; a full disk is a fault" {
	answers '' ''
	answered -q --token-file token --tz UTC --start 18:00 --end 08:00 --days daily -o config.json
	[ "$status" -eq 0 ]
	[ "$output" = "" ]
	run ! grep -q '^ok ' <<<"$stderr"
	run --separate-stderr -3 bash -c 'cws-setup -y --token-file token -o more.json >/dev/full'
	[[ "${stderr_lines[-1]}" == "cws-setup: <stdout>: cannot write" ]]
	run --separate-stderr -3 cws-setup -qy --token-file token -o /proc/none/config.json
	[[ "$stderr" == "cws-setup: mkdir: "*"/proc/none"* ]]
	run --separate-stderr -3 cws-setup -qy --token-file token -o /proc/config.json
	[[ "$stderr" == "cws-setup: mktemp: "*"/proc/"* ]]
}
