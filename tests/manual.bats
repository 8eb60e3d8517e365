# Every EXAMPLES block of every manual, and the pipelines of the README, run as they are printed.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# A stop a few seconds apart is what a user wants, and nothing that a test should wait for; how many are
	# due depends on the hour.
	mkdir bin
	for program in cws-stop cws-start; do
		printf '#!/bin/sh\nexec %s/%s --rate 0 --max 1000 "$@"\n' "$O" "$program" >"bin/$program"
		chmod +x "bin/$program"
	done
	# A calendar as that address has it; every other one is the simulated server's.
	cat >bin/curl <<-'END'
		#!/bin/sh
		case "$*" in
		'-fsSo bank.ics https://www.gov.uk/'*) cp calendar.ics bank.ics ;;
		*) PATH=${PATH#*:} exec curl "$@" ;;
		esac
	END
	chmod +x bin/curl
	printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 METHOD:PUBLISH BEGIN:VEVENT 'DTEND;VALUE=DATE:20271226' \
		'DTSTART;VALUE=DATE:20271225' 'SUMMARY:Christmas Day' UID:ours-1@example.com SEQUENCE:0 DTSTAMP:20260601T010101Z \
		END:VEVENT END:VCALENDAR >calendar.ics
	cp calendar.ics bank.ics
	PATH=$PWD/bin:$PATH
	(umask 077 && echo "$TOKEN_OWNER" >token)
}

# The blocks of EXAMPLES and POLICIES of one manual into files 1, 2, ... of a directory, without mdoc's escapes.
examples() {
	mkdir -p "$2"
	awk -v dir="$2" '
		/^\.Sh/ { inside = ($2 == "EXAMPLES" || $2 == "POLICIES") }
		inside && /^\.Dl/ { n++; sub(/^\.Dl /, ""); print >(dir "/" n); next }
		inside && /^\.Bd -literal/ { n++; open = 1; next }
		/^\.Ed/ { open = 0 }
		open { print >(dir "/" n) }' "$1"
	for block in "$2"/*; do
		[ -e "$block" ] || continue
		sed -i 's/\\(dq/"/g; s/\\&//g; s/\\-/-/g; s/\\e/\\/g' "$block"
		sed -i "s|/usr/local/share/cws|$REPO/share/cws|" "$block"
	done
}

# Run a file as a person would paste it.  Each command ends with 0 or 1, or because its reader left.
# shellcheck disable=SC2016 # for the inner shell
pasted() {
	start_world "${@:2}"
	printf 'block: %s\n' "$(cat "$1")"
	timeout 60 bash -o pipefail -c 'trap '\''echo "$? ${PIPESTATUS[*]}" >>statuses'\'' ERR; : >statuses; . "$0"' \
		"$1" </dev/null >out 2>err || [ $? -eq 1 ]
	head -n 20 err | cut -c 1-300
	run ! grep -E '^usage:|: (unknown|unrecognized) option' err
	run ! grep -E '[^ 01]' <(sed 's/\<141\>/0/g' statuses)
	stop_fake
}

@test "the EXAMPLES of every manual run as printed" {
	n=0
	for page in "$REPO"/share/man/man[17]/*; do # what stands in man5 is a file, see below
		examples "$page" "$PWD/${page##*/}"
		for block in "$PWD/${page##*/}"/*; do
			[ -e "$block" ] || { echo "no EXAMPLES in $page"; return 1; }
			pasted "$block"
			n=$((n + 1))
		done
	done
	[ "$n" -ge 8 ]
}

@test "the example of every --help runs as printed" {
	for program in "$REPO"/cmd/cws-*.*; do
		program=${program##*/} program=${program%.*}
		run --separate-stderr -0 "$program" --help
		[[ ${lines[-1]} == 'example: '* ]]
		echo "${lines[-1]#example: }" >example
		pasted "$PWD/example"
	done
}

@test "the pipelines of the README run as printed, and change nothing without -x" {
	# Blocks that hold a program of ours; a line of cron and the one that makes a token are not for this shell.
	awk '/^    /{ if (!open) n++; open = 1; sub(/^    /, ""); print >("block" n); next } { open = 0 }' "$REPO/README.md"
	n=0
	for block in block*; do
		grep -q '^cws-' "$block" || continue
		sed -i '/^export CODER_URL=/d' "$block"
		pasted "$PWD/$block"
		[ "$(sent)" -eq 0 ] || grep -q '^cws-.* -x' "$block"
		n=$((n + 1))
	done
	[ "$n" -ge 3 ]
}

@test "cws-config(5): its example is taken by every program, dry, and every setting there is has a place in it" {
	local page=$REPO/share/man/man5/cws-config.5 p key
	sed -n '/^\.Bd -literal/,/^\.Ed/p' "$page" | grep -v '^\.' >config.json
	jq -e .dry_run config.json
	for p in cws-quiet cws-ttl cws-stop cws-start cws-fetch; do
		run --separate-stderr -0 "$p" -c config.json --show-config
		[ "$stderr" = "" ]
		for key in $(jq -r 'del(.config, .url) | [paths | map(strings)] | map(select(.[-1] | IN("value", "from") | not)) | .[][-1]' <<<"$output" | sort -u); do
			grep -qw -- "$key" "$page"
		done
	done
	for key in $(jq -r '[paths | map(strings)] | .[][-1]' "$FIXTURES/agents_config.json" | sort -u); do
		grep -qw -- "$key" "$page"
	done
}
