# Quiet hours against a second implementation: other language, other zone library, minute by minute.

load helper

@test "quiet hours agree with an independent reckoning on 2,000 random cases" {
	command -v python3 >/dev/null || skip "no python3 here: 'make oracle' compares 100,000 cases where there is one"
	run --separate-stderr -0 env PYTHONDONTWRITEBYTECODE=1 TZ=Asia/Kolkata python3 "$REPO/tests/oracle/compare.py" "$O/oracle" 2000
	[[ "${lines[-1]}" == *": 0 differences" ]]
	[ "$stderr" = "" ]
}
