# helper.bash - what every bats file starts with: load helper
#
# It fixes the environment, puts the programs under test first in PATH, and
# starts and asks the simulated Coder.  SAN and CC choose the build as they do
# for make; O names another directory.
#
#   start_fake [fakecoder's options]  sets CODER_URL CODER_SESSION_TOKEN FAKE_LOG FAKE_PID
#   stop_fake                         ends it; fails if it did not end with 0
#   requests METHOD GLOB [JQ]         how many requests the log has; JQ narrows: '.status == 201'
#   control JSON                      change its world now: tests/fakecoder/control.c
#   posts                             stop requests carried out, {"<workspace id>":1,...}
#   acts                              all that were, {"<workspace id>":{"stop":1,"start":0,"extend":2},...}
#   api METHOD PATH [curl's options]  ask it as the holder of $CODER_SESSION_TOKEN
#   due [JQ]                          the running workspaces as records, each due
#   sent                              how many requests could have changed something
#   without_descriptors FILE COMMAND  run it with FILE as its input, once it runs unable to open anything
#   workspace OWNER/NAME              the id of a recorded workspace
#
# shellcheck shell=bash disable=SC2034 # the constants are for the files that load this

bats_require_minimum_version 1.5.0

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
FIXTURES=$REPO/tests/fixtures
case ${CC:-} in *clang*) O=${O:-build/${SAN:-plain}-clang} ;; esac
O=${O:-build/${SAN:-plain}}
case $O in /*) ;; *) O=$REPO/$O ;; esac

for name in $(compgen -e); do
	case $name in
	*_proxy | *_PROXY | CODER_* | CWS_* | XDG_* | CURL_CA_BUNDLE | SSL_CERT_FILE | SSL_CERT_DIR | CREDENTIALS_DIRECTORY)
		# What start_fake set in setup_file is for the tests of that file.
		case $name in CODER_URL | CODER_SESSION_TOKEN) [ -z "${FAKE_PID:-}" ] || continue ;; esac
		unset "$name"
		;;
	esac
done
unset name
export LC_ALL=C TZ=UTC PATH="$O:$PATH" FAKECODER_WORLD=$FIXTURES/world
export HOME=${BATS_TEST_TMPDIR:-${BATS_RUN_TMPDIR:-${TMPDIR:-/tmp}}}/home
export XDG_RUNTIME_DIR=$HOME # where the locks are
mkdir -p "$HOME"

# A token is <id>-s3cr3t<id>000000; fakecoder --help says what each may do.
fake_token() { printf '%s-s3cr3t%s000000\n' "$1" "$1"; }
TOKEN_OWNER=$(fake_token OwnerToken)     # ops, site owner
TOKEN_ORGADMIN=$(fake_token OrgAdminTk)  # margaret, organization-admin
TOKEN_TADMIN=$(fake_token TmplAdmTkn)    # radia, template-admin
TOKEN_MEMBER=$(fake_token MemberTokn)    # dennis, owns four workspaces
TOKEN_NIKLAUS=$(fake_token NiklausTkn)   # niklaus, another member
TOKEN_SUSPENDED=$(fake_token SuspendTkn) # vint
TOKEN_EXPIRED=$(fake_token ExpiredTkn)
TOKEN_WSONLY=$(fake_token WsReadOnly)     # workspace:read
TOKEN_READONLY=$(fake_token ReadListTk)   # + template:read
TOKEN_READSTOP=$(fake_token ReadStopTk)   # + workspace:stop
TOKEN_LEAST=$(fake_token LeastPrivT)      # + user:read: the least that lists and stops
TOKEN_LEASTKEY=$(fake_token LeastKeyTk)   # + api_key:read
TOKEN_WSSTAR=$(fake_token WsStarTokn)     # workspace:* template:read user:read
TOKEN_NOTEMPLATE=$(fake_token NoTemplate) # workspace:read workspace:stop user:read
TOKEN_OPERATE=$(fake_token OperateTkn)    # coder:workspaces.operate template:read user:read

start_fake() {
	local dir line=
	dir=$(mktemp -d "${BATS_TEST_TMPDIR:-${BATS_FILE_TMPDIR:-${TMPDIR:-/tmp}}}/fake.XXXXXX")
	FAKE_LOG=$dir/log
	: >"$FAKE_LOG"
	: >"$dir/url"
	fakecoder --log "$FAKE_LOG" "$@" >"$dir/url" 2>"$dir/err" 3>&- &
	FAKE_PID=$!
	for _ in {1..1500}; do
		read -r line <"$dir/url" && break
		if ! kill -0 "$FAKE_PID" 2>/dev/null; then
			cat "$dir/err" >&2
			return 1
		fi
		sleep 0.02
	done
	export CODER_URL=$line CODER_SESSION_TOKEN=$TOKEN_OWNER FAKE_LOG FAKE_PID
	[ -n "$CODER_URL" ]
}

stop_fake() {
	local pid=${FAKE_PID:-}
	[ -n "$pid" ] || return 0
	unset FAKE_PID
	kill "$pid" 2>/dev/null || return 1
	wait "$pid" 2>/dev/null || { # started by setup_file, it is no child of this shell
		local status=$?
		[ "$status" -eq 127 ] || return "$status"
	}
}

requests() {
	local method path n=0
	while IFS=$'\t' read -r method path; do
		# shellcheck disable=SC2053 # GLOB is a pattern
		if [[ $method == "$1" && $path == $2 ]]; then
			n=$((n + 1))
		fi
	done < <(jq -r "select(${3:-true}) | [.method, .path] | @tsv" "$FAKE_LOG")
	echo "$n"
}

control() {
	curl -kfsS "$CODER_URL/_control" -d "$1" >/dev/null || {
		curl -ksS "$CODER_URL/_control" -d "$1" >&2
		return 1
	}
}

posts() {
	curl -kfsS "$CODER_URL/_control/posts"
}

acts() {
	curl -kfsS "$CODER_URL/_control/acts"
}

api() {
	local method=$1 path=$2
	shift 2
	curl -ksS -X "$method" -H "Coder-Session-Token: $CODER_SESSION_TOKEN" "$CODER_URL$path" "$@"
}

# The running workspaces a jq filter leaves, each due by a rule of our own.
due() {
	api GET '/api/v2/workspaces?limit=1000' | jq -c '.workspaces[] | select(.latest_build.status == "running") |
		.cws.mine = {due: true, state: "demo", stop_at: null, why: "demo account", at: (now | todate)} | '"${1:-.}"
}

# Requests that may have changed something.
sent() {
	jq -s 'map(select(.method != "GET")) | length' "$FAKE_LOG"
}

workspace() {
	jq -er --arg w "$1" '.workspaces[] | select(.owner_name + "/" + .name == $w) | .id' "$FIXTURES/world/workspaces.json"
}

# The loader needs descriptors, so the limit comes when the program waits for its first line.
without_descriptors() {
	local file=$1 pid
	shift
	mkfifo "$BATS_TEST_TMPDIR/late"
	"$@" <"$BATS_TEST_TMPDIR/late" 3>&- &
	pid=$!
	exec 7>"$BATS_TEST_TMPDIR/late"
	sleep 0.1
	for _ in {1..500}; do
		# It sleeps in its read: wchan is not for everybody, the state is.
		[[ $(ps -o stat= -p "$pid") != S* ]] || break
		sleep 0.02
	done
	prlimit --nofile=3 --pid "$pid" && cat "$file" >&7
	exec 7>&-
	wait "$pid"
}
