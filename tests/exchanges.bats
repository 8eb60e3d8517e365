# exchanges.bats - the simulated Coder answers as the real one did.
#
# tests/fixtures/exchanges.ndjson has the exchanges, each with its caller and
# the changes of the world it needs; the server's clock is set to the moment of
# the recording.

load helper

token_of() {
	case $1 in
	none) ;;
	malformed) echo nonsense ;;
	unknown) fake_token UnknownTok ;;
	'bad secret') echo OwnerToken-aaaaaaaaaaaaaaaaaaaaaa ;;
	owner) echo "$TOKEN_OWNER" ;;
	orgadmin) echo "$TOKEN_ORGADMIN" ;;
	tadmin) echo "$TOKEN_TADMIN" ;;
	member) echo "$TOKEN_MEMBER" ;;
	niklaus) echo "$TOKEN_NIKLAUS" ;;
	suspended) echo "$TOKEN_SUSPENDED" ;;
	wsonly) echo "$TOKEN_WSONLY" ;;
	readstop) echo "$TOKEN_READSTOP" ;;
	least) echo "$TOKEN_LEAST" ;;
	notemplate) echo "$TOKEN_NOTEMPLATE" ;;
	operate) echo "$TOKEN_OPERATE" ;;
	*) echo "no such caller: $1" >&2 && return 1 ;;
	esac
}

# A path may name {build:owner/name}, the latest build of a workspace: its id is new in every run.
resolve() {
	local target=$1 name id
	if [[ $target =~ \{build:([^}]*)\} ]]; then
		name=${BASH_REMATCH[1]}
		id=$(api GET "/api/v2/workspaces/$(workspace "$name")" | jq -er .latest_build.id)
		target=${target/"{build:$name}"/$id}
	fi
	printf '%s\n' "$target"
}

# exchange CALLER METHOD TARGET OPTIONS FLOOD FLOOD_PATH BEARER DATE STATE BODY STATUS
# The reply goes to the end of $out, as exchanges.jq takes it.  A server that nothing happened to serves the next exchange too.
exchange() {
	local token args=() offset changes=1
	if [ "$9 $4 $5" = "[]  0" ] && { [ "$2" = GET ] || [ "${11}" -ge 400 ]; }; then
		changes=
	fi
	if [ -z "${FAKE_PID:-}" ] || [ -n "$used$changes" ]; then
		stop_fake
		offset=$(($(date -d "$8" +%s) - $(date +%s)))
		# shellcheck disable=SC2086 # several options
		start_fake --clock-offset "${offset}s" $4
		used=$changes
	fi
	if [ "$9" != '[]' ]; then
		control "$9"
		sleep 0.03 # a free provisioner takes a new build up after 12 ms
	fi
	if [ "$5" -gt 0 ]; then
		api GET "${6:-${3%%\?*}}?flood=[1-$5]" >/dev/null
	fi
	token=$(token_of "$1")
	if [ "$7" = true ]; then
		args+=(-H "Authorization: Bearer $token")
	elif [ -n "$token" ]; then
		args+=(-H "Coder-Session-Token: $token")
	fi
	case $2 in
	HEAD) args+=(-I) ;;
	*) args+=(-X "$2") ;;
	esac
	[ "${10}" = null ] || args+=(-H 'Content-Type: application/json' --data-binary "${10}")
	: >"$out.body"
	curl -sgS --path-as-is "${args[@]}" -D "$out.head" -o "$out.body" "$CODER_URL$(resolve "$3")"
	[ "$2" != HEAD ] || : >"$out.body"
	{
		cat "$out.head"
		printf '\036'
		cat "$out.body"
		printf '\035'
	} >>"$out"
}

@test "fakecoder answers each recorded exchange with the same status, words and headers" {
	local args n=0 out=$BATS_TEST_TMPDIR/replies used=
	while IFS= read -r args; do
		eval "set -- $args"
		exchange "$@"
		n=$((n + 1))
	done < <(jq -r '[.caller, .method, .as // .path, .options // "", .flood // 0,
		.flood_path // "", .bearer // false, .headers.Date, (.state | tojson),
		(.request | if type == "object" then tojson elif . == null then "null" else . end), .status] | @sh' "$FIXTURES/exchanges.ndjson")
	[ "$n" -ge 290 ]
	run -0 jq -nr --slurpfile recorded "$FIXTURES/exchanges.ndjson" --rawfile replies "$out" -f "$REPO/tests/exchanges.jq"
	[ "$output" = "" ] || {
		echo "$output"
		return 1
	}
}
