# helper.bash - what every bats file starts with: load helper
#
# It fixes the environment, puts the programs under test first in PATH, and
# starts and asks the simulated Coder.  SAN and CC choose the build as they do
# for make; O names another directory; CWS_TEST_TZ and CWS_TEST_LC_ALL another
# zone than UTC and another locale than C, in which every test holds too.
#
#   start_fake [fakecoder's options]  sets CODER_URL CODER_SESSION_TOKEN FAKE_LOG FAKE_PID FAKE_URL
#   start_scripted OPTION|RULE...     the same with a fault script of the rules, which begin with a brace
#   start_world [OPTION|RULE...]      the same with the recorded world as if it were of today, and builds that are soon done
#   stop_fake                         ends it; fails if it did not end with 0
#   start_proxy [nginx's directives]  before it, with TLS and HTTP/2: CODER_URL is the proxy's then, FAKE_URL
#                                     still the server's; SSL_CERT_FILE trusts it; PROXY_LOG has a line of
#                                     JSON for each request.  Skips the test where there is no nginx
#   stop_proxy                        ends it; CODER_URL is the server's again
#   requests METHOD GLOB [JQ]         how many requests the log has; JQ narrows: '.status == 201'
#   control JSON                      change its world now: tests/fakecoder/control.c
#   posts                             stop requests carried out, {"<workspace id>":1,...}
#   acts                              all that were, {"<workspace id>":{"stop":1,"start":0,"extend":2},...}
#   api METHOD PATH [curl's options]  ask it as the holder of $CODER_SESSION_TOKEN
#   words PROGRAM [jq's options]      jq with the words of share/cws/cws.jq: fromdate of jq 1.6 is right in UTC only
#   due [JQ]                          the running workspaces as records, each due; $dennis leaves those of one owner, four
#   results                           how many of $output, the records of cws-stop or cws-start, had which result
#   told                              name, result and reason of each
#   sent                              how many requests could have changed something
#   without_descriptors FILE COMMAND  run it with FILE as its input, once it runs unable to open anything
#   workspace OWNER/NAME              the id of a recorded workspace
#
# What a test started is ended by the teardown here; a file that has more to end defines its own.
#
# shellcheck shell=bash disable=SC2034,SC2154 # the constants are for the files that load this; run sets output

bats_require_minimum_version 1.5.0

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
FIXTURES=$REPO/tests/fixtures
case ${CC:-} in *clang*) O=${O:-build/${SAN:-plain}-clang} ;; esac
O=${O:-build/${SAN:-plain}}
case $O in /*) ;; *) O=$REPO/$O ;; esac

for name in $(compgen -e); do
	case $name in
	CWS_TEST_TZ | CWS_TEST_LC_ALL) ;; # a file's tests load this once more, each in a shell of its own
	*_proxy | *_PROXY | CODER_* | CWS_* | XDG_* | CURL_CA_BUNDLE | SSL_CERT_FILE | SSL_CERT_DIR | CREDENTIALS_DIRECTORY)
		# What start_fake set in setup_file is for the tests of that file.
		case $name in CODER_URL | CODER_SESSION_TOKEN) [ -z "${FAKE_PID:-}" ] || continue ;; esac
		unset "$name"
		;;
	esac
done
unset name
export LC_ALL=${CWS_TEST_LC_ALL:-C} TZ=${CWS_TEST_TZ:-UTC} PATH="$O:$PATH" FAKECODER_WORLD=$FIXTURES/world
export HOME=${BATS_TEST_TMPDIR:-${BATS_RUN_TMPDIR:-${TMPDIR:-/tmp}}}/home
export XDG_RUNTIME_DIR=$HOME CWS_LOCK_DIR=$HOME # the locks of tests are not the machine's
mkdir -p "$HOME"

# A token is <id>-s3cr3t<id>000000; fakecoder --help says what each may do.
fake_token() { printf '%s-s3cr3t%s000000\n' "$1" "$1"; }
TOKEN_OWNER=$(fake_token OwnerToken)     # ops, site owner
TOKEN_ORGADMIN=$(fake_token OrgAdminTk)  # margaret, organization-admin
TOKEN_TADMIN=$(fake_token TmplAdmTkn)    # radia, template-admin
TOKEN_ADMINLEAST=$(fake_token AdminLeast) # margaret, with the scopes of TOKEN_LEAST
TOKEN_MEMBER=$(fake_token MemberTokn)    # dennis, owns four workspaces
TOKEN_NIKLAUS=$(fake_token NiklausTkn)   # niklaus, another member
TOKEN_AUDITOR=$(fake_token AuditorTkn) # frances, auditor
TOKEN_NEWCOMER=$(fake_token NewcomerTk) # zoe, a member without a workspace, once she has joined
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
	export CODER_URL=$line CODER_SESSION_TOKEN=$TOKEN_OWNER FAKE_LOG FAKE_PID FAKE_URL=$line
	[ -n "$CODER_URL" ]
}

start_scripted() {
	local arg rules=() options=()
	for arg; do
		case $arg in
		'{'*) rules+=("$arg") ;;
		*) options+=("$arg") ;;
		esac
	done
	if [ ${#rules[@]} -gt 0 ]; then
		printf '%s\n' "${rules[@]}" >"$BATS_TEST_TMPDIR/script"
		options+=(--script "$BATS_TEST_TMPDIR/script")
	fi
	start_fake "${options[@]}"
}

start_world() {
	start_scripted --shift --build-time 50ms "$@"
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

teardown() {
	stop_fake
}

# proxy_conf DIRECTORY PORT [DIRECTIVE...] - nginx in one process, whoever runs it, with all its files in DIRECTORY.
proxy_conf() {
	local dir=$1 port=$2 version listen
	shift 2
	version=$("$NGINX" -v 2>&1 | sed 's/.*\///')
	listen="listen 127.0.0.1:$port ssl http2;"
	if [ "$(printf '%s\n' 1.25.1 "$version" | sort -V | head -n 1)" = 1.25.1 ]; then
		listen="listen 127.0.0.1:$port ssl; http2 on;"
	fi
	cat <<-EOF
		daemon off; master_process off;
		pid $dir/pid;
		error_log $dir/error;
		events { worker_connections 256; }
		http {
			log_format json escape=json '{"protocol":"\$server_protocol","method":"\$request_method","path":"\$uri",'
				'"status":\$status,"upstream":"\$upstream_status","connection":\$connection,"nth":\$connection_requests}';
			access_log $dir/log json;
			client_body_temp_path $dir/body; proxy_temp_path $dir/proxy; fastcgi_temp_path $dir/fastcgi;
			uwsgi_temp_path $dir/uwsgi; scgi_temp_path $dir/scgi;
			limit_req_zone \$server_name zone=acts:1m rate=120r/m;
			server {
				$listen
				server_name localhost;
				ssl_certificate $dir/proxy.pem; ssl_certificate_key $dir/proxy.key;
				$*
				location / { proxy_pass $FAKE_URL; }
			}
		}
	EOF
}

start_proxy() {
	local dir port
	NGINX=$("$REPO/scripts/nginx" 2>&1) || skip "no nginx: ${NGINX##*: }"
	dir=$(mktemp -d "${BATS_TEST_TMPDIR:-${TMPDIR:-/tmp}}/proxy.XXXXXX")
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout "$dir/proxy.key" -out "$dir/proxy.pem" 2>/dev/null
	PROXY_LOG=$dir/log
	for _ in {1..20}; do
		port=$((RANDOM % 20000 + 10000)) # nginx takes a port by its number only, so one is tried that nobody is at
		! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
		proxy_conf "$dir" "$port" "$@" >"$dir/conf"
		"$NGINX" -p "$dir" -c "$dir/conf" -e "$dir/error" >/dev/null 2>"$dir/err" 3>&- &
		PROXY_PID=$!
		while kill -0 "$PROXY_PID" 2>/dev/null; do
			if [ -s "$dir/pid" ]; then # it listens; somebody else might at that port too, if not
				export CODER_URL=https://localhost:$port SSL_CERT_FILE=$dir/proxy.pem PROXY_LOG PROXY_PID
				return 0
			fi
			sleep 0.02
		done
		wait "$PROXY_PID" || true
		unset PROXY_PID
		grep -q 'bind() .*98' "$dir/error" || break
	done
	cat "$dir/err" "$dir/error" >&2
	return 1
}

stop_proxy() {
	local pid=${PROXY_PID:-}
	[ -n "$pid" ] || return 0
	unset PROXY_PID SSL_CERT_FILE
	export CODER_URL=$FAKE_URL
	kill "$pid" 2>/dev/null || return 1
	wait "$pid" 2>/dev/null
}

requests() {
	local count method path n=0
	while IFS=$'\t' read -r count method path; do
		# shellcheck disable=SC2053 # GLOB is a pattern
		if [[ $method == $1 && $path == $2 ]]; then
			n=$((n + count))
		fi
	done < <(jq -nr "reduce (inputs | select(${3:-true}) | [.method, .path] | @tsv) as \$key ({}; .[\$key] += 1) |
		to_entries[] | \"\(.value)\\t\(.key)\"" "$FAKE_LOG")
	echo "$n"
}

# eventually COMMAND... - wait until it succeeds, for at most half a minute.
eventually() {
	local _
	for _ in {1..1000}; do
		! "$@" || return 0
		sleep 0.03
	done
	echo "never so: $*" >&2
	return 1
}

# came N METHOD GLOB [FILTER] - has the server got N such requests?
came() {
	[ "$(requests "${@:2}")" -ge "$1" ]
}

# lines N FILE - does it hold so many already?
lines() {
	[ "$(wc -l <"$2")" -ge "$1" ]
}

# executes PID NAME... - has the shell that was to start one of these given way to it?
executes() {
	local comm
	comm=$(cat "/proc/$1/comm")
	shift
	[[ " $* " == *" $comm "* ]]
}

# sleeps PID NAME - in its read: wchan is not for everybody, the state is
sleeps() {
	executes "$@" && [[ $(ps -o stat= -p "$1") == S* ]]
}

control() {
	curl -kfsS "$FAKE_URL/_control" -d "$1" >/dev/null || {
		curl -ksS "$FAKE_URL/_control" -d "$1" >&2
		return 22
	}
}

posts() {
	curl -kfsS "$FAKE_URL/_control/posts"
}

acts() {
	curl -kfsS "$FAKE_URL/_control/acts"
}

api() {
	local method=$1 path=$2
	shift 2
	curl -ksS -X "$method" -H "Coder-Session-Token: $CODER_SESSION_TOKEN" "$FAKE_URL$path" "$@"
}

words() {
	jq -L "$REPO/share/cws" "include \"cws\"; $1" "${@:2}"
}

# The running workspaces a jq filter leaves, each due by a rule of our own.
due() {
	api GET '/api/v2/workspaces?limit=1000' | jq -c '.workspaces[] | select(.latest_build.status == "running") |
		.cws.mine = {due: true, state: "demo", stop_at: null, why: "demo account", at: (now | todate)} | '"${1:-.}"
}

dennis='select(.owner_name == "dennis")'

results() {
	jq -r '.cws | (.start // .stop).result' <<<"$output" | sort | uniq -c | xargs
}

told() {
	jq -r '[.name, (.cws | (.start // .stop) | .result, .why)] | @tsv' <<<"$output"
}

# Requests that may have changed something.
sent() {
	# POST /authcheck is a question.
	jq -s 'map(select(.method != "GET" and .path != "/api/v2/authcheck")) | length' "$FAKE_LOG"
}

workspace() {
	jq -er --arg w "$1" '.workspaces[] | select(.owner_name + "/" + .name == $w) | .id' "$FIXTURES/world/workspaces.json"
}

# The loader needs descriptors, so the limit comes when the program waits for its first line.
without_descriptors() {
	local file=$1 name=$2 pid
	shift
	mkfifo "$BATS_TEST_TMPDIR/late"
	"$@" <"$BATS_TEST_TMPDIR/late" 3>&- &
	pid=$!
	exec 7>"$BATS_TEST_TMPDIR/late"
	eventually sleeps "$pid" "${name##*/}"
	prlimit --nofile=3 --pid "$pid" && cat "$file" >&7
	exec 7>&-
	wait "$pid"
}

# A jq program for --slurpfile schema: the part of JSON Schema that ours use; prints what does not fit.
# shellcheck disable=SC2016 # for jq
SCHEMA='
	def typed($t): ($t | if type == "array" then . else [.] end) as $all | type as $is
		| any($all[]; . == $is) or ($is == "number" and floor == . and any($all[]; . == "integer"));
	def problems($s; $at; $root): . as $v
		| if $s["$ref"] then problems($root.definitions[$s["$ref"] | ltrimstr("#/definitions/")]; $at; $root) else
		(if ($s | has("type")) and ($v | typed($s.type) | not) then "\($at): \($v | type), not \($s.type)" else empty end),
		(if $s.enum and ($s.enum | index([$v]) | not) then "\($at): \($v) is none of \($s.enum)" else empty end),
		(if $s.minimum and ($v | type) == "number" and $v < $s.minimum then "\($at): \($v) is under \($s.minimum)" else empty end),
		(if $s.pattern and ($v | type) == "string" and ($v | test($s.pattern) | not) then "\($at): \($v)" else empty end),
		(if ($v | type) == "object" then
			(($s.required // [])[] as $k | if $v | has($k) then empty else "\($at).\($k) is missing" end),
			($v | keys_unsorted[] as $k | if $s.properties[$k] then ($v[$k] | problems($s.properties[$k]; "\($at).\($k)"; $root))
				elif $s.additionalProperties == false then "\($at).\($k) is not in the schema" else empty end)
		elif ($v | type) == "array" and $s.items then ($v[] | problems($s.items; "\($at)[]"; $root)) else empty end)
		end;
	problems($schema[0]; ""; $schema[0])'
