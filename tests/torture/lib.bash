# lib.bash - what the torture scripts share: the test helper without bats, parallel rows, one table.
#
# A script defines row(), which plays one scenario named by its arguments in a directory of
# its own and prints "result<TAB>what was seen"; the result is ok, or the violation in words.
#
# shellcheck shell=bash

set -u
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bats_require_minimum_version() { :; }
skip() {
	echo "$*" >&2
	exit 3
}

# enter DIRECTORY - a scenario's own temporary directory, environment and helper.
enter() {
	mkdir -p "$1" || exit 3
	export BATS_TEST_TMPDIR=$1
	# shellcheck source=tests/helper.bash
	. "$HERE/../helper.bash"
	trap 'stop_proxy >/dev/null 2>&1; stop_fake >/dev/null 2>&1' EXIT
}

# all JOBS TITLE <rows - play each line of standard input as the arguments of row(), JOBS at a time; the
# table on standard output in the order of the input, "N combinations, M violations" at its end.
all() {
	local jobs=$1 title=$2 dir n=0 bad=0 line
	dir=$(mktemp -d) || return 3
	export TORTURE_DIR=$dir
	cat >"$dir/rows"
	nl -ba -w1 -s' ' "$dir/rows" | xargs -P "$jobs" -L 1 "$0" --row
	while IFS= read -r line; do
		n=$((n + 1))
		if [ ! -s "$dir/$n/result" ] || ! grep -q '^ok	' "$dir/$n/result"; then
			bad=$((bad + 1))
			printf '%s\tVIOLATION: %s\n' "$line" "$(cat "$dir/$n/result" 2>/dev/null || echo 'it told nothing')"
			tail -n 5 "$dir/$n/log" 2>/dev/null | cut -c 1-300 | sed 's/^/    /'
		elif [ -n "${VERBOSE:-}" ]; then
			printf '%s\t%s\n' "$line" "$(cut -f 2- "$dir/$n/result")"
		fi
	done <"$dir/rows"
	echo "$title: $n combinations, $bad violations"
	[ -n "${KEEP:-}" ] || rm -rf "$dir"
	[ "$bad" -eq 0 ] && [ "$n" -gt 0 ]
}

# The inner call of all(): one numbered row, its result in a file.
if [ "${1:-}" = --row ]; then
	shift
	number=$1
	shift
	mkdir -p "$TORTURE_DIR/$number"
	play() {
		enter "$TORTURE_DIR/$number/t"
		row "$@" >"$TORTURE_DIR/$number/result" 2>"$TORTURE_DIR/$number/log"
		exit 0 # what went wrong is in the result
	}
fi
