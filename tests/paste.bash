# paste.bash - blocks of the documentation, run as a reader would paste them: load paste, behind load helper
#
#   as_reader clone|installed     sets up the current directory, and which programs a block finds
#   blocks_of FILE DIRECTORY      every indented block of a manual or of Markdown, as printed, in files 001, 002, ...
#   pasted FILE                   runs one against the simulated Coder; fails where a person would be lost
#   as_cron FILE                  runs the lines of a crontab, each once
#   every_manual clone|installed  runs every block of every manual
#
# A test begins in a directory of its own.
#
# shellcheck shell=bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# A stop a few seconds apart is what a reader wants, and nothing that a test should wait for; how many are due depends
# on the hour.  Where a block is about the world outside, something here stands for it: a public calendar, the coder
# command of somebody who is signed in, and a server that makes the token it is asked for.
stand_ins() {
	local bin=$1 programs=$2 program
	mkdir -p "$bin"
	for program in cws-stop cws-start; do
		printf '#!/bin/sh\nexec %s/%s --rate 0 --max 1000 "$@"\n' "$programs" "$program" >"$bin/$program"
	done
	printf '#!/bin/sh\n[ "$*" != "login token" ] || echo %s\n' "$TOKEN_ORGADMIN" >"$bin/coder"
	cat >"$bin/curl" <<-END
		#!/bin/bash
		case "\$*" in
		'-fsSo bank.ics https://www.gov.uk/'*) cp "$BATS_TEST_TMPDIR/calendar.ics" bank.ics ;;
		"-fsS -H @- https://coder.example.com/api/v2/users/me/keys/tokens -d "*)
			[ "\$(cat)" = "Coder-Session-Token: $TOKEN_ORGADMIN" ] || exit 22
			jq -ce --arg key "$TOKEN_ADMINLEAST" 'select(.lifetime == 90 * 86400e9 and
				(.scopes | sort) == ["template:read", "user:read", "workspace:read", "workspace:stop"]) | {key: \$key}' <<<"\$6"
			;;
		*) PATH=\${PATH#*:} exec curl "\$@" ;;
		esac
	END
	chmod +x "$bin"/*
	printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 METHOD:PUBLISH BEGIN:VEVENT 'DTEND;VALUE=DATE:20271226' \
		'DTSTART;VALUE=DATE:20271225' 'SUMMARY:Christmas Day' UID:ours-1@example.com SEQUENCE:0 DTSTAMP:20260601T010101Z \
		END:VEVENT END:VCALENDAR >"$BATS_TEST_TMPDIR/calendar.ics"
}

# The directory of a clone, with the build that is tested; the check itself is not run from within.
a_clone() {
	local entry
	mkdir -p "$1/scripts" "$1/build/plain"
	for entry in "$REPO"/*; do
		case ${entry##*/} in build | scripts) ;; *) ln -s "$entry" "$1/" ;; esac
	done
	ln -s "$REPO"/scripts/* "$1/scripts/"
	rm "$1/scripts/check"
	printf '#!/bin/sh\n' >"$1/scripts/check"
	chmod +x "$1/scripts/check"
	ln -s "$O"/* "$1/build/plain/"
}

as_reader() {
	local programs=$O
	if [ "$1" = installed ]; then
		make -s -C "$REPO" O="$O" PREFIX="$BATS_TEST_TMPDIR/usr" install
		programs=$BATS_TEST_TMPDIR/usr/bin
		PATH=$programs:${PATH#"$O:"}
	fi
	stand_ins "$BATS_TEST_TMPDIR/bin" "$programs"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	a_clone "$BATS_TEST_TMPDIR/clone"
	mkdir "$BATS_TEST_TMPDIR/elsewhere"
	case $1 in clone) cd "$BATS_TEST_TMPDIR/clone" ;; installed) cd "$BATS_TEST_TMPDIR/elsewhere" ;; esac || return
	cp "$BATS_TEST_TMPDIR/calendar.ics" .
	cp calendar.ics bank.ics
	cp "$FIXTURES/agents_config.json" .
	(umask 077 && echo "$TOKEN_OWNER" | tee token >coder-token)
}

blocks_of() {
	mkdir -p "$2"
	case $1 in
	*.md) awk -v dir="$2" '
		/^    /{ if (!open) n++; open = 1; sub(/^    /, ""); print >sprintf("%s/%03d", dir, n); next }
		/^$/ { next }
		{ open = 0 }' "$1" ;;
	*) awk -v dir="$2" '
		function put(line) {
			gsub(/\\\(dq/, "\"", line); gsub(/\\&/, "", line); gsub(/\\-/, "-", line); gsub(/\\\(aq/, "\x27", line)
			gsub(/\\e/, "\\", line)
			print line >sprintf("%s/%03d", dir, n)
		}
		/^\.Dl/ { n++; sub(/^\.Dl /, ""); put($0); next }
		/^\.Bd -literal/ { n++; open = 1; next }
		/^\.Ed/ { open = 0 }
		open { put($0) }' "$1" ;;
	esac
}

# Each command ends with 0 or 1, or because its reader left.
# shellcheck disable=SC2016 # for the inner shell
pasted() {
	rm -rf "$HOME/.config"
	if [ -n "${FAKE_PID:-}" ]; then
		control '{"reset":true}'
	else
		start_world
	fi
	printf 'block: %s\n' "$(cat "$1")"
	timeout 300 bash -o pipefail -c 'trap '\''echo "$? ${PIPESTATUS[*]}" >>statuses'\'' ERR; : >statuses; . "$0"' \
		"$1" </dev/null >out 2>err 3>&- || [ $? -eq 1 ]
	head -n 20 err | cut -c 1-300
	run ! grep -E '^usage:|: (unknown|unrecognized) option|not found|No such file' err
	run ! grep -E '[^ 01]' <(sed 's/\<141\>/0/g' statuses)
	says_hours "$1"
	dry_first "$1"
}

# Whoever copies a block gets the hours and the zone that it says, not those of our defaults.
says_hours() {
	local call
	run ! grep 'says the hours' err
	while IFS= read -r call; do
		case $call in
		*' --tz '* | *' -c '*) ;;
		*) grep -q 'config\.json' "$1" || { echo "no time zone: $call"; return 1; } ;;
		esac
	done < <(tr '\n' ' ' <"$1" | grep -o 'cws-quiet [^|]*')
}

# Nothing is sent without -x, and what is stopped by quiet hours has been looked at before.
dry_first() {
	[ "$(sent)" -eq 0 ] || grep -q '^cws-.* -x' "$1"
	! grep -q cws-quiet "$1" || [[ $(grep -o 'cws-stop.*' "$1" | head -n 1) != *' -x'* ]] || {
		echo 'no dry run before this'
		return 1
	}
}

# Its token, settings and directories are those of a machine that has them; the minute is now.
as_cron() {
	local line command
	mkdir -p lib
	start_world
	export CWS_CONFIG=$REPO/share/examples/config-complete.json CREDENTIALS_DIRECTORY=$PWD
	unset CODER_SESSION_TOKEN
	grep -qx MAILTO=root "$1" # its user has no mailbox
	while IFS= read -r line; do
		case $line in
		'' | '#'* | CODER_URL=* | CREDENTIALS_DIRECTORY=/etc/cws) continue ;;
		SHELL=/bin/* | MAILTO=* | PATH=/usr/local/bin:*) continue ;;
		esac
		command=$(sed -E 's|^([^ ]+ ){5}cws ||; s|/etc/cws/token|token|g; s|/var/(lib\|log)/cws|lib|g' <<<"$line")
		[ "$command" != "$line" ]
		run ! grep -q % <<<"$command" # cron would end the line there
		printf '%s\n' "$command" >one
		pasted "$PWD/one"
		[ ! -s statuses ]
		[ ! -s out ] # cron would mail it, run for run
	done <"$1"
	stop_fake
}

# not_run FILE - blocks that are no commands of their own, by their first line
not_run() {
	case $(head -n 1 "$1") in
	'cws-fetch | jq ... >list && '*) ;; # the dots are the reader's
	'2026-12-25 Christmas Day') ;;      # a line of a file, as the words before it say
	'{'*) jq -e . "$1" >/dev/null ;;    # a file, or a line of one
	*'CODER_URL=... '* | *' <JOURNAL' | *' --recover JOURNAL'*) ;; # the reader's own
	'apt install '* | 'install -d '* | 'systemctl '* | '[Service]') ;; # root's, on a machine for it
	*) return 1 ;;
	esac
}

# What it writes goes to a file, or it finds something at some hours and on some worlds only.
may_be_silent() {
	grep -qE '>|cws-quiet|cws-autostop|--owner me|outdated:true|name:dev' "$1"
}

every_manual() {
	local page block dir n=0
	dir=$REPO/share/man
	as_reader "$1"
	[ "$1" = clone ] || dir=$BATS_TEST_TMPDIR/usr/share/man
	for page in "$dir"/man[157]/cws*; do
		blocks_of "$page" "$BATS_TEST_TMPDIR/blocks/${page##*/}"
		for block in "$BATS_TEST_TMPDIR/blocks/${page##*/}"/*; do
			[ -e "$block" ] || { echo "no block in $page"; return 1; }
			not_run "$block" && continue
			pasted "$block"
			[ -s out ] || may_be_silent "$block"
			n=$((n + 1))
		done
	done
	[ "$n" -ge 60 ]
}
