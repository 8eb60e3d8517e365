#!/bin/sh
# cws-sweep - the usual pipeline from end to end, once or every so often, never two at a time.
#
# Each stage reads a file and writes a file.  In a shell's pipe only the last status is seen, and what
# one stage could not finish must stop nothing.
set -u
unset CDPATH # a directory of ours is the one of that name here, and what is printed is ours alone

prog=cws-sweep
execute='' dry='' quiet='' verbose=''
every='' report='' html='' prom='' journal='' snapshots='' keep=''
policies='' stop_words='' report_words='' # each a list of words in quotes, for eval
child='' caught='' owed='' tmp=''

# shellcheck source=cmd/options.sh
. cmd/options.sh

usage() {
	cat <<-'EOF'
		usage: cws-sweep [-xnhqVv] [--every duration] [--policy file] [--report file] [--html file] [--prom file] [--journal dir] [--snapshots dir] [--keep duration] [-c file]
		Fetch, judge, stop what is due, report: once or every so often; a dry run unless -x is given.

		  -x, --execute                      stop them; without it nothing is sent
		  -n, --dry-run                      send nothing, even with -x
		      --every duration               again and again, one start so long after the other
		      --policy file                  a jq program over one record; may be repeated
		      --report file                  replace this file by the report
		      --html file                    the same, as a page
		      --prom file                    the same, for Prometheus' textfile collector
		      --journal dir                  a journal of each run that acts, in YYYY/MM/DD
		      --snapshots dir                the judged records of each run, in YYYY/MM/DD
		      --keep duration                delete journals and snapshots that are older
		  -c, --config file                  read the settings from this file
		  -h, --help                         print this and exit
		  -q, --quiet                        print nothing but faults
		  -V, --version                      print the version and exit
		  -v, --verbose                      say more on standard error

		example: cws-sweep --report report.txt
	EOF
}

takes() {
	case $1 in
	--every | --keep) echo duration ;;
	--policy | --report | --html | --prom | --config | -c) echo file ;;
	--journal | --snapshots) echo dir ;;
	esac
}

option() {
	case $1 in
	-h | --help) print usage ;;
	-V | --version) print echo "$prog @VERSION@" ;;
	-x | --execute) execute=-x ;;
	-n | --dry-run) dry=-n ;;
	-q | --quiet) quiet=-q ;;
	-v | --verbose) verbose=-v ;;
	-c | --config) export CWS_CONFIG="$2" ;;
	--every) every=$2 ;;
	--policy) policies="$policies $(quoted "$2")" ;;
	--report) report=$2 ;;
	--html) html=$2 ;;
	--prom) prom=$2 ;;
	--journal) journal=$2 ;;
	--snapshots) snapshots=$2 ;;
	--keep) keep=$2 ;;
	--habit | --notify) refuse "$1: not in this version" ;;
	*) refuse "unknown option '$1': see '$prog --help' for those there are" ;;
	esac
}

find_words() {
	for share in "$here/../share/cws" "$here/../../share/cws"; do
		[ ! -f "$share/cws.jq" ] || return 0
	done
	refuse "cannot find share/cws/cws.jq near $here"
}

# What the settings say where no option did, and the seconds of durations, as assignments; the first fault there is.
# shellcheck disable=SC2016 # for jq
READ_SETTINGS='include "cws";
	def said($name; $key): if $ARGS.named[$name] != "" then $ARGS.named[$name] else .sweep[$key].value // "" end;
	def text($name; $key): "\($name)=\(said($name; $key) | @sh)";
	def directory($name; $key): "\($name)=\(said($name; $key) | if startswith("-") then "./" + . else . end | @sh)";
	def span($name): said($name; $name) | if . == "" then "" else seconds end
		| if . == "" or (. >= 1 and . <= 315360000) then "\($name)=\(@sh)" else error("expected 1s to 3650d") end;
	def words($key): .sweep[$key].value // [] | map(@sh) | join(" ") | @sh;
	def span_or_fault($name): try span($name) catch "fault=\("--\($name): \(.)" | @sh)";
	def absent($key; $without): if .sweep[$key].value | IN($without, null) then empty
		else "fault=\("sweep.\($key): not in this version" | @sh)" end;
	span_or_fault("every"), span_or_fault("keep"),
	text("report"; "report_file"), text("html"; "html_file"), text("prom"; "prom_file"),
	directory("journal"; "journal_dir"), directory("snapshots"; "snapshot_dir"),
	"set_policies=\(words("policies"))", "stop_words=\(words("stop"))", "report_words=\(words("report"))",
	absent("habit"; false), absent("notify"; []),
	(if .url.value == null then "fault=\(.url.from | @sh)"
	else .url.value | capture("^http(?<tls>s?)://(?:\\[(?<six>[^]]*)\\]|(?<name>[^:]*))(?::(?<port>[0-9]+))?$")
		| "lock=\("cws-sweep-\(.six // .name)-\(.port // (if .tls == "s" then "443" else "80" end)).lock" | @sh)" end)'

read_settings() {
	fault='' set_policies='' lock=''
	settings=$(cws-fetch -q --show-config) || exit 2
	assigned=$(printf '%s\n' "$settings" | $jq -r -L "$share" --arg every "$every" --arg keep "$keep" --arg report "$report" \
		--arg html "$html" --arg prom "$prom" --arg journal "$journal" --arg snapshots "$snapshots" "$READ_SETTINGS") ||
		refuse 'cannot read the settings of cws-fetch --show-config'
	eval "$assigned"
	[ -z "$fault" ] || refuse "$fault"
	[ -n "$policies" ] || policies=$set_policies
	[ -z "$keep" ] || [ -n "$journal$snapshots" ] || refuse '--keep is of journals and snapshots: say --journal or --snapshots too'
	[ -z "$snapshots" ] || needs zstd
	# What those programs do not take, they say now; --help ends them.  A last word that wants more takes the option
	# before it, and leaves a file that is no option.
	eval "cws-stop $stop_words --journal /dev/null --help" </dev/null >/dev/null || exit 2
	eval "cws-report $report_words -o /dev/null --help" </dev/null >/dev/null || exit 2
	# What of the owners the rules ask for costs requests, so it is fetched only then.
	with=$(cws-quiet -q --show-config) || exit 2
	with=$(printf '%s\n' "$with" | $jq -r '[(if .quiet_hours.owner_schedule.value then "quiet-hours" else empty end),
		(if [.quiet_hours.excluded_groups, .prune_workspaces.exclude_groups, .prune_workspaces.include_groups | .value // [] | length]
			| add > 0 then "groups" else empty end)] | join(",")') || exit 2
}

check_policies() {
	eval "set -- $policies"
	for file; do
		[ -r "$file" ] || refuse "--policy: cannot read '$file'"
		# A pipe would be empty when it is read again.
		[ -f "$file" ] || refuse "--policy: '$file' is no file"
		policy "$file" </dev/null >/dev/null || refuse "--policy: jq does not take '$file'"
	done
}

# policy FILE [COMMAND...] - a jq program over one record; it may include the words of share/cws
policy() {
	file=$1
	shift
	case $file in -*) file=./$file ;; esac
	# shellcheck disable=SC2086 # jq is more than one word
	"$@" $jq -c -L "$share" -f "$file"
}

# lock_at FILE - 0: descriptor 9 holds it; 3: it cannot be used; 4: another sweep does; 5: nothing of the kind is there.
lock_at() {
	tries=3
	while [ $((tries -= 1)) -ge 0 ]; do
		# Others have to open it, whatever our umask; in a directory of everybody's an existing one is opened as it is.
		[ -e "$1" ] || [ -L "$1" ] || (umask 022 && set -C && : >"$1") 2>/dev/null || {
			[ -e "$1" ] || return 5
		}
		[ -f "$1" ] && [ ! -L "$1" ] && { command exec 9<"$1"; } 2>/dev/null || return 3
		flock -n 9 || return 4
		# Who tidies up may have taken it away meanwhile, and another sweep would make a new one.
		touch -c "$1" 2>/dev/null
		[ "$(stat -Lc %d:%i "$1" 2>/dev/null)" != "$(stat -Lc %d:%i "/proc/$$/fd/9")" ] || return 0
		exec 9<&-
	done
	return 3
}

# A second sweep waits for nobody: it says so.  The descriptor stays open in cws-stop alone (see stage): where this
# shell is killed, the next sweep begins when the stop under way has ended.  The places are those of cws-stop's lock.
take_lock() {
	set -- /run/lock "${XDG_RUNTIME_DIR:-}" /tmp
	[ -z "${CWS_LOCK_DIR:-}" ] || set -- "$CWS_LOCK_DIR"
	for place; do
		case $place in /*) ;; *) continue ;; esac
		[ -d "$place" ] || continue
		lock_at "$place/$lock"
		status=$?
		case $status in
		0) return 0 ;;
		3) break ;;
		4)
			exec 9<&-
			say "another sweep is at work on this server (it holds '$place/$lock')"
			return 4
			;;
		esac
	done
	say "cannot take the lock '$lock' in $*"
	return 3
}

# on_signal NUMBER - the stage at work is told once for each; one that comes before it is known, later
on_signal() {
	caught=${caught:-$1}
	if [ -n "$child" ]; then
		kill -TERM "$child" 2>/dev/null
	else
		owed=yes
	fi
}

# Until the command in the background has ended; its status.  A trap ends a wait early.
await() {
	child=$!
	if [ -n "$owed" ]; then
		owed=''
		kill -TERM "$child" 2>/dev/null
	fi
	while
		wait "$child" 2>/dev/null # the shell's "Killed" names nothing
		status=$?
		kill -0 "$child" 2>/dev/null
	do :; done
	child=''
	return "$status"
}

# stage INPUT OUTPUT COMMAND... - its status.  In the background, so that a signal can be handed on; without the token
# and the lock, which are for fetch and stop.
stage() {
	from=$1 to=$2
	shift 2
	(
		unset CODER_SESSION_TOKEN CODER_TOKEN
		exec "$@"
	) <"$from" >"$to" 9<&- &
	await
}

# failed STATUS WHAT - a stage could not go on: nothing is stopped, the rest goes on with what there is
failed() {
	[ "$1" -le "$worst" ] || worst=$1
	[ -n "$caught" ] || trouble=${trouble:-$2}
}

# settle NAME STATUS - take the new list as the list.  A stage that could not go on leaves it as it was.
settle() {
	if [ "$2" -ge 2 ]; then
		failed "$2" "$1 ended with status $2"
		return
	fi
	[ "$2" -le "$worst" ] || worst=$2
	mv -f "$tmp/new" "$tmp/list"
}

# filter PROGRAM OPTION... - a stage from the list to the list
filter() {
	[ -z "$caught" ] || return 0
	program=$1
	shift
	stage "$tmp/list" "$tmp/new" "$program" ${noise:+"$noise"} "$@"
	settle "$program" "$status"
}

# A torn last line is the mark of a list that is not whole: what stands before it is good.
drop_torn() {
	[ -z "$(tail -c 1 "$1")" ] || sed -i '$d' "$1"
}

# What is unknown in the settings is told here, and by no stage behind it.
fetch() {
	(
		unset CWS_CONFIG_TOLD
		exec cws-fetch ${noise:+"$noise"} ${with:+--with "$with"}
	) </dev/null >"$tmp/list" 9<&- &
	await
	[ "$status" -eq 0 ] || failed "$status" "the list is not whole (cws-fetch ended with status $status)"
	drop_torn "$tmp/list"
}

judge() {
	filter cws-ttl --all
	filter cws-quiet --all
	eval "set -- $policies"
	for file; do
		[ -z "$caught" ] || return 0
		policy "$file" stage "$tmp/list" "$tmp/new" 2>"$tmp/said"
		cat "$tmp/said" >&2
		# What jq calls 1 to 5 is no status of ours.  jq 1.6 ends with that of the last record: one that it dropped
		# with an error before is seen only here.
		if [ "$status" -lt 128 ] && { [ "$status" -ne 0 ] || grep -q '^jq: error' "$tmp/said"; }; then
			status=3
		fi
		settle "the policy '$file'" "$status"
	done
}

# dated DIRECTORY - the directory of this day in it
dated() {
	mkdir -p "$1/$day" && printf '%s\n' "$1/$day"
}

snapshot() {
	[ -n "$snapshots" ] && [ -z "$caught$trouble" ] || return 0
	if place=$(dated "$snapshots") && new=$(mktemp "$place/.cws-XXXXXX"); then
		stage "$tmp/list" "$new" zstd -q -c && sync "$new" && mv -f "$new" "$place/$stamp.ndjson.zst" && return 0
		rm -f "$new"
	fi
	failed 3 "no snapshot could be written to '$snapshots'"
}

# Where this run keeps its journal; nowhere when it sends nothing.
open_journal() {
	book=''
	[ -n "$journal" ] && [ -n "$execute" ] && [ -z "$dry" ] || return 0
	if place=$(dated "$journal"); then
		book=$place/$stamp.ndjson
	else
		failed 3 "no journal can be written to '$journal'"
	fi
}

# tell_killed SENTENCE - of a program that ended by a signal, and so could not say why; not by one that was handed on
tell_killed() {
	[ "$status" -lt 128 ] || [ -n "$caught" ] || say "$1"
}

# stop OPTION... - the words of the settings
stop() {
	[ -z "$caught" ] || return 0
	open_journal
	if [ -n "$trouble" ]; then
		trouble="$trouble: nothing was stopped"
		say "$trouble"
		return 0
	fi
	cws-stop ${noise:+"$noise"} ${execute:+"$execute"} ${dry:+"$dry"} "$@" ${book:+--journal "$book"} \
		<"$tmp/list" >"$tmp/stopped" &
	await
	# A run that had nothing to do has no journal.
	[ -z "$book" ] || (cd "$journal" && rmdir -p "./$day" 2>/dev/null)
	drop_torn "$tmp/stopped"
	answered=$(wc -l <"$tmp/stopped") asked=$(wc -l <"$tmp/list") short=''
	[ "$answered" -eq "$asked" ] || short=" after $answered of $asked workspaces"
	if [ "$status" -ge 2 ]; then
		failed "$status" "cws-stop ended with status $status$short"
		tell_killed "$trouble"
	elif [ -n "$short" ]; then
		# Each record comes out once.  Words as --show-config and --recover end in 0, and stop nothing.
		failed 3 'cws-stop has not answered for each workspace: look at sweep.stop in the settings'
		say "$trouble"
		return 0
	elif [ "$status" -gt "$worst" ]; then
		worst=$status
	fi
	tell
	[ ! -s "$tmp/stopped" ] || mv -f "$tmp/stopped" "$tmp/list"
}

# A line for each workspace that was stopped, would have been, or could not be.
tell() {
	$jq -r 'select(.cws.stop.result | IN("stopped", "accepted", "would-stop", "softened", "would-soften", "failed", "unknown"))
		| "\(.owner_name)/\(.name): \(.cws.stop.result): \(.cws.stop.why)" | gsub("[\\p{Cc}\\p{Cf}]"; "?")' \
		<"$tmp/stopped" >"$tmp/told" || failed 3 'what cws-stop wrote cannot be read'
	if [ -z "$quiet" ] && [ -s "$tmp/told" ]; then
		cat "$tmp/told" || failed 3 'cannot write to <stdout>'
	elif [ -z "$quiet" ] && [ -t 1 ]; then
		echo 'nothing to stop'
	fi
}

# report FILE OPTION... - what could not go on stands above it
report() {
	file=$1
	shift
	[ -n "$file" ] && [ -z "$caught" ] || return 0
	set -- "$@" -o "$file" --run-status "$worst"
	[ -z "$trouble" ] || set -- "$@" --title "Coder workspaces - $trouble"
	eval "set -- $report_words \"\$@\""
	stage "$tmp/list" /dev/null cws-report ${noise:+"$noise"} "$@"
	[ "$status" -le "$worst" ] || worst=$status
	tell_killed "cws-report ended with status $status: '$file' may be the old one"
}

# prune DIRECTORY SUFFIX - what is older than --keep, by its name, and what a killed run left half written
prune() {
	[ -d "$1" ] || return 0
	(
		cd "$1" || exit
		find . -path './[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/.cws-??????' -type f -mtime +0 -exec rm -f {} +
		[ -n "$keep" ] || exit 0
		find . -path "./[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9][0-9][0-9]Z$2" -type f |
			awk -v oldest="./$(date -u -d "@$((now - keep))" +%Y/%m/%d/%H%M%SZ)" '$0 < oldest' | while read -r old; do
			rm -f "$old"
			rmdir -p "${old%/*}" 2>/dev/null
		done
	)
}

# In a directory of its own, and new: who tidies up may have taken an earlier one away, and anybody may make its name anew.
sweep() {
	worst=0 trouble=''
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/cws-sweep.XXXXXX") || {
		say 'cannot make a directory for the lists'
		worst=3
		return 0
	}
	now=$(date +%s)
	day=$(date -u -d "@$now" +%Y/%m/%d) stamp=$(date -u -d "@$now" +%H%M%SZ)
	fetch
	judge
	snapshot
	filter cws-autostop
	eval "stop $stop_words"
	report "$report"
	report "$html" -f html
	report "$prom" -f prom
	clean_up
	[ -z "$journal" ] || prune "$journal" .ndjson
	[ -z "$snapshots" ] || prune "$snapshots" .ndjson.zst
}

# One sweep, alone; sets worst.
alone() {
	take_lock
	worst=$?
	[ "$worst" -eq 0 ] || return 0
	sweep
	exec 9<&-
}

# Seconds that a clock set anew does not change, and a machine that sleeps does not stop.
uptime_s() {
	read -r up _ </proc/uptime
	echo "${up%.*}"
}

# nap UNTIL - in pieces: a sleep does not count what the machine slept
nap() {
	while [ -z "$caught" ]; do
		left=$(($1 - $(uptime_s)))
		[ "$left" -gt 0 ] || break
		[ "$left" -le 60 ] || left=60
		sleep "$left" &
		await
	done
}

clean_up() {
	[ -z "$tmp" ] || rm -rf "$tmp"
	tmp=''
}

end() {
	clean_up
	if [ -n "$caught" ]; then
		trap - "$caught"
		kill -s "$caught" $$
	fi
	exit "$1"
}

parse "$@"
needs flock jq
find_siblings
find_words
needs cws-fetch cws-ttl cws-quiet cws-autostop cws-stop cws-report
export CWS_CONFIG_TOLD=yes
read_settings
check_policies
umask 077
noise=$verbose
if [ -n "$quiet" ] || { [ -z "$verbose" ] && [ ! -t 2 ]; }; then
	noise=-q${verbose:+v}
fi
trap clean_up EXIT
for signal in HUP INT TERM; do
	# shellcheck disable=SC2064 # the name, now
	trap "on_signal $signal" $signal
done

due=$(uptime_s)
while :; do
	alone
	if [ -z "$every" ] || [ -n "$caught" ]; then
		end "$worst"
	fi
	left=$(($(uptime_s) - due))
	due=$((due + every * (left / every + 1)))
	nap "$due"
	[ -z "$caught" ] || end "$worst"
done
