# cws-holidays: the all-day days of calendars, for cws-quiet --holidays.  The rules of RFC 5545 are rows of test_ical.

load helper

NOW=2026-06-12T12:00:00Z

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	calendar "$(event 20260612 'SUMMARY:Our day')" >days.ics
}

# calendar EVENT... - lines with CR LF, as RFC 5545 has them
calendar() {
	printf '%s\n' BEGIN:VCALENDAR VERSION:2.0 "$@" END:VCALENDAR | sed 's/$/\r/'
}

# event DATE [LINE...]
event() {
	printf '%s\n' BEGIN:VEVENT "DTSTART;VALUE=DATE:$1" "${@:2}" END:VEVENT
}

fails_with() {
	local status=$1 text=$2
	shift 2
	run --separate-stderr -"$status" cws-holidays "$@"
	[ "$output" = "" ]
	[ "$stderr" = "cws-holidays: $text" ]
}

@test "cws-holidays writes dates and names, sorted, one line each, and sums up" {
	calendar "$(event 20261225 'SUMMARY:Christmas\, Day 1' 'DTEND;VALUE=DATE:20261227')" \
		"$(event 20200501 'SUMMARY:Labour Day' 'RRULE:FREQ=YEARLY')" >more.ics
	run --separate-stderr -0 cws-holidays -N "$NOW" more.ics days.ics more.ics
	[ "$output" = "2026-06-12 Our day
2026-12-25 Christmas, Day 1
2026-12-26 Christmas, Day 1
2027-05-01 Labour Day
2028-05-01 Labour Day" ]
	[ "$stderr" = "cws-holidays: 3 files, 5 all-day events, 5 lines" ]
	run --separate-stderr -0 cws-holidays -q -N "$NOW" days.ics
	[ "$output" = "2026-06-12 Our day" ]
	[ "$stderr" = "" ]
}

@test "cws-holidays: from 31 days ago to 800 days ahead, or the days asked for, both included" {
	calendar "$(event 20200101 RRULE:FREQ=DAILY)" >daily.ics
	run -0 cws-holidays -q -N "$NOW" daily.ics
	[ "${lines[0]}" = 2026-05-12 ]
	[ "${lines[-1]}" = 2028-08-20 ]
	[ "${#lines[@]}" -eq 832 ]
	run -0 cws-holidays -q -N 2026-06-12T23:59:59Z daily.ics
	[ "${lines[0]}" = 2026-05-12 ]
	run -0 cws-holidays -q --from 2027-02-27 --to 2027-03-01 daily.ics
	[ "$output" = "2027-02-27
2027-02-28
2027-03-01" ]
	run -0 cws-holidays -q -N "$NOW" --to 2026-05-12 daily.ics
	[ "$output" = 2026-05-12 ]
	run -0 cws-holidays -q daily.ics --from 2500-12-31 --to 2500-12-31
	[ "$output" = 2500-12-31 ]
	# in a zone that had no such day, and in one whose clocks skip midnight
	for zone in Pacific/Apia America/Santiago; do
		run -0 env TZ=$zone cws-holidays -q --from 2011-12-29 --to 2011-12-31 <(calendar "$(event 20110101 RRULE:FREQ=DAILY)")
		[ "${lines[*]}" = '2011-12-29 2011-12-30 2011-12-31' ]
	done
	# from the machine's clock
	run -0 cws-holidays -q daily.ics
	[ "${#lines[@]}" -eq 832 ]
	[[ "$(date -u -d '-31 days' +%F) $(date -u -d 'yesterday -31 days' +%F)" == *"${lines[0]}"* ]]
}

@test "cws-holidays refuses a wrong call in one line" {
	fails_with 2 "no file given: see 'cws-holidays --help'"
	fails_with 2 "--from: expected a date from 1900-01-01 to 2500-12-31, got \"1899-12-31\"" --from 1899-12-31 days.ics
	fails_with 2 "--to: expected a date from 1900-01-01 to 2500-12-31, got \"2501-01-01\"" --to 2501-01-01 days.ics
	fails_with 2 "--to: expected a date from 1900-01-01 to 2500-12-31, got \"2026-1-1\"" --to 2026-1-1 days.ics
	fails_with 2 "--from: expected a date that exists, such as 2026-12-25, got \"2026-02-29\"" --from 2026-02-29 days.ics
	fails_with 2 "--from is after --to: no day lies between" --from 2026-01-02 --to 2026-01-01 days.ics
	fails_with 2 "unknown option '--form': write --from, or see 'cws-holidays --help'" days.ics --form 2026-01-01
}

@test "cws-holidays writes nothing when one of the files cannot be read" {
	mkdir dir
	head -c 60 days.ics >torn.ics
	sed '/END:VCALENDAR/d' days.ics >short.ics
	printf 'BEGIN:VCALENDAR\n\0END:VCALENDAR\n' >nul.ics
	iconv -f UTF-8 -t UTF-16 days.ics >wide.ics
	echo '<!DOCTYPE html>' >page.ics
	head -c 33554433 /dev/zero | tr '\0' '\n' >large.ics
	: >empty.ics
	fails_with 3 "cannot read 'none.ics': No such file or directory" days.ics none.ics
	fails_with 3 "cannot read '': No such file or directory" days.ics ''
	fails_with 3 "cannot read 'dir': not a file" days.ics dir
	fails_with 3 "torn.ics:3: expected END:VEVENT before the end" days.ics torn.ics
	fails_with 3 "short.ics: torn: expected END:VCALENDAR before the end" days.ics short.ics
	fails_with 3 "'nul.ics' is not text of at most 32 MiB" days.ics nul.ics
	fails_with 3 "'wide.ics' is not text of at most 32 MiB" days.ics wide.ics
	fails_with 3 "'large.ics' is not text of at most 32 MiB" days.ics large.ics
	fails_with 3 "page.ics: not a calendar: expected BEGIN:VCALENDAR" days.ics page.ics
	fails_with 3 "empty.ics: not a calendar: expected BEGIN:VCALENDAR" days.ics empty.ics
}

@test "cws-holidays leaves out an event that is wrong, tells its line, and reads the others" {
	calendar "$(event 20260230)" "$(event 20260701 'RRULE:FREQ=YEARLY;BYEASTER=1')" "$(event 20260702)" >bad.ics
	run --separate-stderr -1 cws-holidays -N "$NOW" bad.ics days.ics
	[ "$output" = "2026-06-12 Our day
2026-07-02" ]
	[ "$stderr" = "cws-holidays: bad.ics:3: DTSTART: expected a date that exists
cws-holidays: bad.ics:8: cannot read 'RRULE:FREQ=YEARLY;BYEASTER=1'
cws-holidays: 2 files, 2 all-day events, 2 bad, 2 lines" ]
	calendar "$(for _ in {1..15}; do event 20260230; done)" >bad.ics
	run --separate-stderr -1 cws-holidays -q -N "$NOW" bad.ics
	[ "$(wc -l <<<"$stderr")" -eq 11 ]
	[ "${stderr_lines[10]}" = "cws-holidays: the calendars: 5 more bad lines" ]
}

@test "cws-holidays tells of events from midnight to midnight, and takes them with --midnight" {
	local times=('DTSTART;TZID=Europe/Berlin:20261003T000000' 'DTEND;TZID=Europe/Berlin:20261004T000000')
	calendar BEGIN:VEVENT "${times[@]}" 'SUMMARY:Tag der Einheit' END:VEVENT >one.ics
	run --separate-stderr -0 cws-holidays -q -N "$NOW" one.ics days.ics
	[ "$output" = "2026-06-12 Our day" ]
	[ "$stderr" = "cws-holidays: warning: one.ics: 1 event from midnight to midnight, as times: --midnight takes it for days" ]
	calendar BEGIN:VEVENT "${times[@]}" END:VEVENT BEGIN:VEVENT "${times[@]}" END:VEVENT >two.ics
	run --separate-stderr -0 cws-holidays -q -N "$NOW" two.ics
	[ "$stderr" = "cws-holidays: warning: two.ics: 2 events from midnight to midnight, as times: --midnight takes them for days" ]
	run --separate-stderr -0 cws-holidays -N "$NOW" --midnight one.ics days.ics
	[ "$output" = "2026-06-12 Our day
2026-10-03 Tag der Einheit" ]
	[ "$stderr" = "cws-holidays: 2 files, 2 all-day events, 2 lines" ]
	# whatever the zone of this machine
	run --separate-stderr -0 env TZ=Pacific/Auckland cws-holidays -q -N "$NOW" --midnight one.ics
	[ "$output" = "2026-10-03 Tag der Einheit" ]
}

@test "cws-holidays takes what is no file by name: a pipe, standard input" {
	run --separate-stderr -0 bash -c 'cws-holidays -q -N "$1" <(cat days.ics)' - "$NOW"
	[ "$output" = "2026-06-12 Our day" ]
	run --separate-stderr -0 bash -c 'cat days.ics | cws-holidays -q -N "$1" /dev/stdin' - "$NOW"
	[ "$output" = "2026-06-12 Our day" ]
}

@test "cws-holidays writes what cws-quiet --holidays reads, whatever the names are" {
	calendar "$(event 20260612 'SUMMARY:2026-06-13 # \n\n2026-06-14')" "$(event 20260613 $'SUMMARY:No\xebl \e[31m')" \
		"$(event 20260614)" >names.ics
	cws-holidays -q -N "$NOW" names.ics >names
	[ "$(cat names)" = "2026-06-12 # 2026-06-13 # 2026-06-14
2026-06-13 Noël [31m
2026-06-14" ]
	run --separate-stderr -0 cws-quiet --status --json -N "$NOW" --holidays names
	[ "$stderr" = "" ]
	[ "$(jq -c '[.quiet, .window_start, .window_end]' <<<"$output")" = '[true,"2026-06-11T18:00:00Z","2026-06-15T08:00:00Z"]' ]
}

@test "cws-holidays: the disk is full, standard output is closed, the reader leaves" {
	calendar "$(event 20200101 RRULE:FREQ=DAILY "SUMMARY:$(printf '%0150d' 7)")" >daily.ics
	for to in '>/dev/full' '>&-' '>out'; do
		run --separate-stderr -3 bash -c "ulimit -f 1; cws-holidays -N $NOW daily.ics $to"
		[[ "$stderr" == "cws-holidays: <stdout>: cannot write: "* ]]
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
	for trap in '' "trap '' PIPE;"; do
		run --separate-stderr -0 bash -c "set -o pipefail; $trap cws-holidays --to 2400-01-01 daily.ics | head -n 1"
		[ "${#lines[@]}" -eq 1 ]
		[ "$stderr" = "" ]
	done
}

@test "cws-holidays: thirty megabytes of calendar, a hundred thousand events, in little memory and time" {
	{
		printf 'BEGIN:VCALENDAR\n'
		awk 'BEGIN { for (i = 0; i < 100000; i++) printf "BEGIN:VEVENT\nUID:%d\nDTSTART;VALUE=DATE:202%d%02d%02d\n" \
			"DESCRIPTION:%0200d\nSUMMARY:day %d\nEND:VEVENT\n", i, i % 10, i % 12 + 1, i % 28 + 1, i, i % 3 }'
		printf 'END:VCALENDAR\n'
	} >large.ics
	local memory=400000
	[[ $O != *address* ]] || memory=unlimited # a sanitizer maps terabytes
	run --separate-stderr -0 bash -c "ulimit -v $memory; timeout 60 cws-holidays -N $NOW large.ics"
	[ "${#lines[@]}" -gt 50 ]
	[[ "$stderr" == "cws-holidays: 1 file, 100000 all-day events, "* ]]
}

@test "cws-holidays: rules that never end, or never come true, end in time" {
	calendar "$(event 19000101 'RRULE:FREQ=DAILY;COUNT=2000000000')" "$(event 20260101 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30')" \
		"$(event 20260101 'RRULE:FREQ=SECONDLY')" >slow.ics
	run --separate-stderr -1 timeout 60 cws-holidays -q -N "$NOW" slow.ics
	[ "${#lines[@]}" -eq 832 ]
	[ "$stderr" = "cws-holidays: slow.ics:7: RRULE: the rule has no day, or is not supported
cws-holidays: slow.ics:11: RRULE: a rule of hours, minutes or seconds has no whole days" ]
}

@test "cws-holidays: a deep nest of components is no matter" {
	{
		printf 'BEGIN:VCALENDAR\n'
		yes BEGIN:VTIMEZONE | head -n 300000
		yes END:VTIMEZONE | head -n 300000
		event 20260612
		printf 'END:VCALENDAR\n'
	} >deep.ics
	run --separate-stderr -0 cws-holidays -q -N "$NOW" deep.ics
	[ "$output" = "2026-06-12" ]
	{
		printf 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260612\n'
		yes BEGIN:VALARM | head -n 300000
		printf 'END:VEVENT\nEND:VCALENDAR\n'
	} >deep.ics
	run --separate-stderr -0 cws-holidays -q -N "$NOW" deep.ics
	[ "$output" = "2026-06-12" ]
}
