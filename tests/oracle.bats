# Quiet hours against a second implementation: other language, other zone library, minute by minute.

load helper

@test "quiet hours agree with an independent reckoning on 2,000 random cases" {
	command -v python3 >/dev/null || skip "no python3 here: 'make oracle' compares 100,000 cases where there is one"
	run --separate-stderr -0 env PYTHONDONTWRITEBYTECODE=1 TZ=Asia/Kolkata python3 "$REPO/tests/oracle/compare.py" "$O/oracle" 2000
	[[ "${lines[-1]}" == *": 0 differences" ]]
	[ "$stderr" = "" ]
}

@test "cws-holidays agrees with another reader on public calendars, where they are, but for what RFC 5545 decides" {
	[ -n "${HOLIDAY_CALENDARS:-}" ] || skip 'HOLIDAY_CALENDARS names no directory of them: see tests/oracle/holidays.py'
	run --separate-stderr -0 env PYTHONDONTWRITEBYTECODE=1 python3 "$REPO/tests/oracle/holidays.py" "$O/cws-holidays" "$HOLIDAY_CALENDARS"
	[[ "${lines[-1]}" == *", 0 differ" ]]
	[ "$stderr" = "" ]
}
