# options.sh - how the scripts of cmd/ speak, read their options as the programs do, and call jq and each other.
#
# The build puts it into each script, in the place of the line that reads it.  The script has set prog,
# and has
#   takes OPTION          prints what its argument is called, nothing for a flag
#   option OPTION VALUE   takes it: one of "--name" and "-x"
#   usage                 prints the text of --help, in the form of the programs' (scripts/completions reads it)
#
# shellcheck shell=sh disable=SC2034,SC2154 # jq, prog

# The words of a ~/.jq would take the place of jq's own in our programs, and in a policy only where that user runs it.
jq='env HOME=/nonexistent jq'

# Foreign text on one line, without what a terminal would obey.
say() {
	printf '%s: %s\n' "$prog" "$(printf '%s' "$1" | LC_ALL=C tr '\001-\037\177' '?')" >&2
}

refuse() {
	say "$1"
	exit 2
}

fail() {
	say "$1"
	exit 3
}

print() {
	"$@" || fail '<stdout>: cannot write'
	exit 0
}

# The word in quotes, for sh, whatever is in it.
quoted() {
	printf '%s\n' "$1" | sed "s/'/'\\\\''/g; 1s/^/'/; \$s/\$/'/"
}

needs() {
	for program; do
		command -v "$program" >/dev/null || refuse "needs $program, which is not in PATH"
	done
}

# Our own directory comes last: it makes a run from a clone, or from a cron with another PATH, find its siblings.
find_siblings() {
	here=$(readlink -f "$0") here=${here%/*}
	PATH=$PATH:$here
}

# parse ARGUMENT... - each option is handed to option(); a wrong call is refused in one line
parse() {
	while [ $# -gt 0 ]; do
		word=$1 value='' given=''
		shift
		case $word in
		--)
			[ $# -eq 0 ] || refuse "unexpected operand '$1': only options are taken, see '$prog --help'"
			break
			;;
		--*=*) name=${word%%=*} value=${word#*=} given=yes ;;
		--*) name=$word ;;
		-?*) # one letter; behind it its argument, or more letters
			value=${word#-?} name=${word%"$value"}
			if [ -n "$value" ] && [ -z "$(takes "$name")" ]; then
				set -- "-$value" "$@"
				value=''
			fi
			given=$value
			;;
		*) refuse "unexpected operand '$word': only options are taken, see '$prog --help'" ;;
		esac
		what=$(takes "$name")
		if [ -z "$what" ]; then
			option "$name" ''
			[ -z "$given" ] || refuse "option '$name' takes no argument: write $name"
			continue
		fi
		if [ -z "$given" ]; then
			[ $# -gt 0 ] || refuse "option '$name' needs its $what behind it: see '$prog --help'"
			value=$1
			shift
		fi
		[ -n "$value" ] || refuse "$name: expected $what, got nothing"
		option "$name" "$value"
	done
}
