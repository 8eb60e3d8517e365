#!/bin/sh
# cws-setup - ask for what a first run needs, try it, and write it down, dry.
#
# Whether an answer is good the programs say that will read it: nothing is judged here.  The token is never
# read: where it is, is all that is asked.
set -u

prog=cws-setup
url='' token_file='' zone='' start='' end='' days='' output=''
excluded='' # names, commas between them
yes='' quiet='' verbose='' tmp='' made=''

# shellcheck source=cmd/options.sh
. cmd/options.sh

usage() {
	cat <<-'EOF'
		usage: cws-setup [-yhqVv] [--url url] [--token-file file] [--tz zone] [--start HH:MM] [--end HH:MM] [--days days] [--exclude-user name,...] [-o file]
		Ask for server, token file, quiet hours and whom to leave alone; try them, write dry settings.

		      --url url                      the deployment, such as https://coder.example.com
		      --token-file file              where the session token is
		      --tz zone                      IANA time zone of the quiet hours (this machine's)
		      --start HH:MM                  quiet hours begin (18:00)
		      --end HH:MM                    quiet hours end (08:00)
		      --days days                    days on which they begin (daily)
		      --exclude-user name,...        leave these owners alone (nobody)
		  -o, --output file                  the settings file, which may not exist yet
		  -y, --yes                          ask nothing: take what would be proposed
		  -h, --help                         print this and exit
		  -q, --quiet                        print nothing but questions and faults
		  -V, --version                      print the version and exit
		  -v, --verbose                      say more on standard error

		example: cws-setup -y --token-file token --tz Europe/Berlin --output cws.json
	EOF
}

takes() {
	case $1 in
	--url) echo url ;;
	--token-file | --output | -o) echo file ;;
	--tz) echo zone ;;
	--start | --end) echo HH:MM ;;
	--days) echo days ;;
	--exclude-user) echo name,... ;;
	esac
}

option() {
	case $1 in
	-h | --help) print usage ;;
	-V | --version) print echo "$prog @VERSION@" ;;
	-q | --quiet) quiet=-q ;;
	-v | --verbose) verbose=-v ;;
	-y | --yes) yes=yes ;;
	-o | --output) output=$2 ;;
	--url) url=$2 ;;
	--token-file) token_file=$2 ;;
	--tz) zone=$2 ;;
	--start) start=$2 ;;
	--end) end=$2 ;;
	--days) days=$2 ;;
	--exclude-user) excluded=$excluded${excluded:+,}$2 ;;
	*) refuse "unknown option '$1': see '$prog --help' for those there are" ;;
	esac
}

clean_up() {
	[ -z "$tmp" ] || rm -rf "$tmp"
	[ -z "$made" ] || rm -f "$made"
}

# ask QUESTION PROPOSAL - the answer, without blanks or a carriage return around it; a line that is empty takes the proposal
ask() {
	printf '%s%s: ' "$1" "${2:+ [$2]}" >&2
	if ! IFS= read -r answer; then
		echo >&2
		refuse 'no answer: nothing was written'
	fi
	answer=$(printf '%s\n' "$answer" | sed 's/^[[:blank:]]*//; s/[[:space:]]*$//')
	answer=${answer:-$2}
}

# settle NAME QUESTION PROPOSAL CHECK... - the variable NAME is what an option said, else an answer, and the check, called
# with it, takes it.  A bad answer is asked for again; a bad option, or proposal of -y, ends with the check's status.
settle() {
	name=$1 question=$2 proposal=$3
	shift 3
	eval "answer=\$$name"
	asked=''
	if [ -z "$answer" ]; then
		answer=$proposal
		[ -n "$yes" ] || asked=yes
	fi
	while
		[ -z "$asked" ] || ask "$question" "$proposal"
		"$@" "$answer"
		status=$?
		[ "$status" -ne 0 ]
	do
		[ -n "$asked" ] || exit "$status"
	done
	eval "$name=\$answer"
}

# What cws-quiet says of an option, it says of the setting.
taken() {
	[ -z "$2" ] || cws-quiet --status -c "$tmp/none" "$1" "$2" >/dev/null
}

named() {
	[ -n "$1" ] || {
		say "no $what: say $option"
		return 2
	}
}

# The server answers and the token will do: each finding is shown, with what to do.
reached() {
	option=--token-file what='token file'
	named "$1" || return
	cws-fetch --check ${quiet:+"$quiet"} ${verbose:+"$verbose"} --deadline 1m --url "$url" --token-file "$1" >"$tmp/found" 2>&1
	found=$?
	if [ -n "$quiet" ]; then
		grep -v '^ok ' <"$tmp/found" >&2
	else
		cat "$tmp/found" >&2
	fi
	# The token cannot mend that: of somebody who is here the server is asked again, and this file is proposed.
	if [ -n "$asked" ] && grep -q '^fail  server ' <"$tmp/found"; then
		proposal=$1
		while
			ask 'Server' "$url"
			! a_server "$answer"
		do :; done
		url=$answer
	fi
	return "$found"
}

# Only that it is a URL of a server; whether that one answers is seen with the token.
a_server() {
	option=--url what=server
	named "$1" || return
	cws-fetch -q --url "$1" --show-config -c "$tmp/none" >"$tmp/shown" || return
	! $jq -e 'select(.url.value == null)' <"$tmp/shown" >/dev/null || {
		say "$($jq -r .url.from <"$tmp/shown")"
		return 2
	}
}

# What a login, the environment or the system has already.
propose() {
	known_url=$(cws-fetch -q --show-config -c "$tmp/none" 2>/dev/null | $jq -r '.url.value // ""')
	known_zone=$(readlink -f /etc/localtime | sed -n 's|.*/zoneinfo/||p')
	home=${XDG_CONFIG_HOME:-${HOME:-}/.config}/cws
	[ "$(id -u)" -ne 0 ] || home=/etc/cws
	known_token=''
	for file in "$home/coder-token" "$home/token"; do
		[ -n "$known_token" ] || [ ! -e "$file" ] || known_token=$file
	done
}

absent() {
	[ ! -e "$1" ] && [ ! -L "$1" ]
}

# Where the programs look; where something is there already, beside it under the server's name.
choose_output() {
	if [ -z "$output" ]; then
		host=${url#*://} host=${host%/}
		for output in "$home/config.json" "$home/$(printf '%s' "$host" | tr -c 'A-Za-z0-9.-' -).json"; do
			! absent "$output" || return 0
		done
	fi
	case $output in */) refuse "--output: '$output' names a directory: name a file" ;; esac
	absent "$output" || refuse "'$output' is there already, and is not touched: say --output"
}

# The names of a list between commas, without blanks around them.
# shellcheck disable=SC2016 # for jq
settings() {
	$jq -n --arg from "$start" --arg until "$end" --arg days "$days" --arg zone "$zone" --arg excluded "$excluded" '{
		"_": "made by cws-setup; cws-config(5) has every key; no run acts until dry_run is false",
		quiet_hours: {start_time: $from, end_time: $until, days: $days, timezone: $zone,
			excluded_users: ($excluded | split(",") | map(gsub("^ +| +$"; "")) | map(select(. != "")))},
		dry_run: true}'
}

# Whole, for everybody to read as there is no secret in it, and never over one that somebody has made meanwhile.
write() {
	case $output in */*) place=${output%/*} ;; *) place=. ;; esac
	why=$(mkdir -p -- "${place:-/}" 2>&1) || fail "$why"
	# What goes wrong is put where the name would be, and that is no file of ours.
	made=$(mktemp "${place:-/}/.cws-setup.XXXXXX" 2>&1) || {
		why=$made made=''
		fail "$why"
	}
	{ settings >"$made" && chmod 644 "$made"; } || fail "cannot write to '$place'"
	cws-quiet --status -c "$made" >/dev/null || exit
	why=$(ln -T -- "$made" "$output" 2>&1) || fail "cannot write '$output': $why"
}

# For a unit of systemd: one value, without what it would expand.
for_unit() {
	printf '"%s"' "$(printf '%s\n' "$1" | sed 's/[\\"]/\\&/g; s/%/%%/g')"
}

# What is said of settings that the unit of share/systemd cannot see: ProtectHome= and a /tmp of its own hide them. The
# token may be there: the service manager reads it.
unit_note() {
	case $1 in
	/home/* | /root/* | /run/user/* | /tmp/* | /var/tmp/*)
		printf '\nThe unit sees no home and no /tmp: copy the settings to /etc/cws, and name that copy as CWS_CONFIG.'
		;;
	esac
}

tell() {
	settings=$(readlink -f -- "$output") token=$(readlink -f -- "$token_file")
	# By the name that every program knows, else for this command alone: no list of processes shows an assignment.
	case $token in
	*/coder-token) secret="CREDENTIALS_DIRECTORY=$(quoted "${token%/*}")" ;;
	*) secret="CODER_SESSION_TOKEN=\"\$(cat $(quoted "$token"))\"" ;;
	esac
	line="CODER_URL=$(quoted "$url") CWS_CONFIG=$(quoted "$settings") $secret $(command -v cws-sweep)"
	cat <<-EOF
		Settings: $output
		They are dry: nothing is stopped until "dry_run" in them is false and cws-sweep is given -x.

		Once, by hand:

		$line

		With systemd, in "systemctl edit cws-sweep", then "systemctl enable --now cws-sweep.timer":$(unit_note "$settings")

		[Service]
		Environment=$(for_unit "CODER_URL=$url")
		Environment=$(for_unit "CWS_CONFIG=$settings")
		LoadCredential=$(printf 'coder-token:%s' "$token" | sed 's/%/%%/g')

		With cron, in "crontab -e" of a user who may read the token file:

		*/15 * * * * $(printf '%s\n' "$line" | sed 's/%/\\%/g')
	EOF
}

parse "$@"
find_siblings
needs jq cws-fetch cws-quiet cws-sweep
trap clean_up EXIT
for signal in HUP INT TERM; do
	# shellcheck disable=SC2064 # the name, now
	trap "clean_up; trap - $signal; kill -s $signal $$" $signal
done
tmp=$(mktemp -d "${TMPDIR:-/tmp}/cws-setup.XXXXXX") || fail 'cannot make a directory'
echo '{}' >"$tmp/none" || fail "cannot write to '$tmp'"
[ -z "$output" ] || choose_output
propose
settle url 'Server' "$known_url" a_server
settle token_file 'File with the session token' "$known_token" reached
choose_output
settle zone 'Time zone of the quiet hours' "${known_zone:-UTC}" taken --tz
settle start 'Quiet hours begin at' 18:00 taken --start
settle end 'Quiet hours end at' 08:00 taken --end
settle days 'Days on which they begin' daily taken --days
settle excluded 'Owners to leave alone, commas between them' '' taken --exclude-user
write
[ -n "$quiet" ] || tell || fail '<stdout>: cannot write'
