# cws.jq - words for the records of cws, for jq 1.6 and later.
#
#	jq -L /usr/local/share/cws -c 'include "cws"; select(due)'
#
# Functions without an input named take a record.

# An instant of the API (any offset, any fraction) to seconds since 1970; null for null and for Go's year 1.
# fromdate would not do: jq 1.6 refuses fractions, and adds the summer time of TZ's zone.
def instant:
	# Days since 1970-01-01.  A year begins in March here, so that the leap day is its last.
	def days($year; $month; $day):
		($year - (if $month <= 2 then 1 else 0 end)) as $y
		| $y * 365 + ($y / 4 | floor) - ($y / 100 | floor) + ($y / 400 | floor)
			+ ((153 * (($month + 9) % 12) + 2) / 5 | floor) + $day - 719469;
	def part(from; to): .[from:to] | tonumber;
	def refuse: error("expected an instant such as 2026-06-30T15:00:41Z, got \(tojson)");
	if . == null then null
	elif type != "string" then refuse
	elif test("\\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?" +
		"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])\\z") | not then refuse
	else
		[part(0; 4), part(5; 7), part(8; 10)] as [$year, $month, $day]
		| days($year; $month; $day) as $days
		# No 30 February, no month 13: the day has to be the one it says.
		| if $year == 0 or ($days * 86400 | gmtime | .[:3]) != [$year, $month - 1, $day] then refuse
		elif $year == 1 then null
		else
			(if test("[Zz]\\z") then 0
				else (part(-5; -3) * 60 + part(-2; length)) * (if .[-6:-5] == "-" then -60 else 60 end)
				end) as $offset
			| $days * 86400 + part(11; 13) * 3600 + part(14; 16) * 60 + ([part(17; 19), 59] | min) - $offset
		end
	end;

# "1h30m" to seconds; a bare number is refused, as on the command line.
def seconds:
	if test("^([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$") and . != "" then
		[scan("([0-9]+)([wdhms])") | (.[0] | tonumber) * {w: 604800, d: 86400, h: 3600, m: 60, s: 1}[.[1]]] | add
	else error("expected a duration such as 30m, 4h or 1h30m, got \(tojson)") end;

# Does a verdict, ours or a person's, say keep?
def kept: [.cws // {} | .[] | select(type == "object") | .keep == true] | any;

# Does a verdict say due, and none keep?  A verdict without "at" does not count, as for cws-stop.
def due: (kept | not) and ([.cws // {} | .[] | select(type == "object") | .due == true and .at != null] | any);

# A start that succeeded.
def running: .latest_build.status == "running" and .latest_build.transition == "start";

# Not used for so long: idle("4h").  One that was never used counts.
def idle(d): ((.last_used_at | instant) // 0) + (d | seconds) <= now;

# "Tue 18:00" now, in a zone.  jq knows one zone, that of TZ: it has to be the one that is meant.
def local_time(zone):
	if env.TZ == zone then now | strflocaltime("%a %H:%M")
	else error("local_time(\"\(zone)\"): run jq with TZ=\(zone)") end;

# A policy: the record with the verdict .cws[name].  It stops nothing that another verdict keeps.
def verdict(name; due; why):
	(due | if type == "boolean" then . else error("verdict(\"\(name)\"): due is \(type), not boolean") end) as $due
	| .cws[name] = {due: $due, state: name, stop_at: null, why: why, at: (now | todate)};

# A veto: the record with .cws[name].keep, where it is listed, "owner/name" a line, in a text.  A line is taken as
# meant: in any case, with blanks or a carriage return around it, as "@owner/name" or "owner/name.agent".
def keep_listed(name; list; why):
	def meant: ascii_downcase | ltrimstr("\ufeff") | sub("^[ \t]+"; "") | sub("[ \t\r]+$"; "") | ltrimstr("@")
		| sub("\\.[^/]*$"; "");
	("\(.owner_name)/\(.name)" | ascii_downcase) as $me
	| if list | split("\n") | any(meant == $me) then
		.cws[name] = {due: false, keep: true, state: name, stop_at: null, why: why, at: (now | todate)}
	  else . end;

# An array of records (jq -s) to a line for each owner: how many, running, due.
def by_owner: group_by(.owner_name) | map({owner: .[0].owner_name, workspaces: length,
	running: (map(select(running)) | length), due: (map(select(due)) | length)});

# An array of records (jq -s) to the same records; of an owner's running ones all but the n used last are due.
def at_most(n; name; why):
	group_by(.owner_name)[]
	| (map(select(running)) | sort_by((.last_used_at | instant) // 0) | reverse | .[n:] | map(.id)) as $over
	| .[] | .id as $id | verdict(name; ($over | index($id)) != null; why);
