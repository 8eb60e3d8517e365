# Two lines of one workspace: a bad one keeps it, however it is bad, whichever comes first.
#
# shellcheck shell=bash disable=SC2030,SC2031,SC2154

load helper

setup() {
	start_world
	due "$dennis" >"$BATS_TEST_TMPDIR/in"
	GOOD=$(head -n 1 "$BATS_TEST_TMPDIR/in")
	OTHER=$(sed -n 2p "$BATS_TEST_TMPDIR/in")
}

# The good line in each form that makes it bad, its id still to be read; a name before each.
bad_copies() {
	local good=$1 id escaped
	id=$(jq -r .id <<<"$good")
	escaped=$(printf '\\u%04x%s' "'${id:0:1}" "${id:1}")
	printf '%s\t%s\n' \
		'doubled cws' "${good%\}},\"cws\":{\"mine\":{\"due\":true}}}" \
		'cws a list' "$(jq -c '.cws = [.cws]' <<<"$good")" \
		'cws a text' "$(jq -c '.cws = "keep"' <<<"$good")" \
		'not UTF-8' "${good%\}},\"note\":\"$(printf '\377')\"}" \
		'a NUL' "$(jq -c '.name = "a\u0000b"' <<<"$good")" \
		'cut inside' "${good:0:200}" \
		'cut behind its id' "${good%%\"owner_id\"*}" \
		'text behind it' "$good}" \
		'behind another, a newline lost' "{\"id\":\"00000000-0000-4000-8000-000000000000\"}$good" \
		'into another, torn' "{\"id\":\"00000000-0000-4000-8000-000000000000\",\"owner_na$good" \
		'capitals' "$(jq -c '.id |= ascii_upcase | .cws.mine.keep = true' <<<"$good")" \
		'capitals and bad' "$(jq -c '.id |= ascii_upcase | .cws.mine.keep = "yes"' <<<"$good")" \
		'due no boolean' "$(jq -c '.cws.mine.due = "true"' <<<"$good")" \
		'keep no boolean' "$(jq -c '.cws.mine.keep = 1' <<<"$good")" \
		'keep null and due' "$(jq -c '.cws.hold = {keep: 0}' <<<"$good")" \
		'keep one level short' "$(jq -c '.cws.keep = true' <<<"$good")" \
		'a veto that is a flag' "$(jq -c '.cws.hold = true' <<<"$good")" \
		'a key doubled' "${good%\}},\"name\":\"other\"}" \
		'a key of cws doubled' "$(jq -c '.cws.zz = 1' <<<"$good" | sed 's/"zz":1/"mine":{"due":false}/')" \
		'escapes' "{\"id\":\"$escaped\",\"cws\":[]}" \
		'escapes in its key' "{\"\\u0069d\":\"$id\",\"cws\":[]}" \
		'its id doubled' "{\"id\":\"$id\",\"id\":\"00000000-0000-4000-8000-000000000000\"}" \
		'its id doubled, behind' "{\"id\":\"00000000-0000-4000-8000-000000000000\",\"id\":\"$id\"}" \
		'a build that is none' "$(jq -c '.latest_build = 7' <<<"$good")" \
		'a name that is none' "$(jq -c '.name = {}' <<<"$good")" \
		'an at that is none' "$(jq -c '.cws.mine.at = "yesterday"' <<<"$good")"
}

# keeps PROGRAM GOOD OTHER - in all forms and both orders, GOOD is left alone and OTHER is not.
keeps() {
	local program=$1 good=$2 other=$3 name bad order id
	id=$(jq -r .id <<<"$good")
	while IFS=$'\t' read -r name bad; do
		for order in before behind; do
			echo "$program: $name, $order"
			if [ "$order" = before ]; then
				printf '%s\n' "$bad" "$good" "$other"
			else
				printf '%s\n' "$good" "$bad" "$other"
			fi >"$BATS_TEST_TMPDIR/two"
			run --separate-stderr "$program" --rate 0 <"$BATS_TEST_TMPDIR/two"
			[ "$status" -le 1 ]
			[ "$(jq -r --arg id "$id" --arg of "${program#cws-}" \
				'select(.id == $id).cws[$of].result' <<<"$output" | sort -u)" = skipped ]
			[ "$(grep -c '"result":"would-' <<<"$output")" -eq 1 ]
		done
	done < <(bad_copies "$good")
	# One of them for all, carried out.
	printf '%s\n' "$good" "$other" "$(jq -c '.cws.mine = {keep: "no"}' <<<"$good")" >"$BATS_TEST_TMPDIR/two"
	run --separate-stderr -1 "$program" -x --rate 0 <"$BATS_TEST_TMPDIR/two"
	[ "$(results)" = "1 accepted 1 skipped" ]
}

@test "a bad copy keeps its workspace from cws-stop, however it is bad and whichever comes first" {
	keeps cws-stop "$GOOD" "$OTHER"
	[ "$(posts | jq -c 'keys')" = "[$(jq .id <<<"$OTHER")]" ]
}

@test "a bad copy keeps its workspace from cws-start, however it is bad and whichever comes first" {
	cws-stop -q -x --wait --rate 0 <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/stops"
	keeps cws-start "$(head -n 1 "$BATS_TEST_TMPDIR/stops")" "$(sed -n 2p "$BATS_TEST_TMPDIR/stops")"
}

@test "ids that differ in case are one workspace: one stop, and a keep on either keeps" {
	local upper
	upper=$(jq -c '.id |= ascii_upcase' <<<"$GOOD")
	printf '%s\n' "$upper" "$GOOD" >"$BATS_TEST_TMPDIR/two"
	run --separate-stderr -0 cws-stop <"$BATS_TEST_TMPDIR/two"
	[ "$(results)" = "1 skipped 1 would-stop" ]
	printf '%s\n' "$GOOD" "$(jq -c '.cws.hold = {keep: true}' <<<"$upper")" >"$BATS_TEST_TMPDIR/two"
	run --separate-stderr -0 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/two"
	[ "$(results)" = "2 skipped" ]
	[ "$(sent)" -eq 0 ]
}

# What can name no workspace may keep any: -x is refused, and a dry run says so.
@test "a bad line whose id cannot be read, or a keep whose id is no UUID, refuses the run, as far as it acts" {
	local line program before
	cws-stop -q -x --wait --rate 0 <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/stops"
	before=$(sent)
	for program in cws-stop cws-start; do
		[ "$program" = cws-stop ] || cp "$BATS_TEST_TMPDIR/stops" "$BATS_TEST_TMPDIR/in"
		while IFS= read -r line; do
			echo "$program: $line"
			{
				head -n 1 "$BATS_TEST_TMPDIR/in"
				printf '%b\n' "$line"
				sed -n 2p "$BATS_TEST_TMPDIR/in"
			} >"$BATS_TEST_TMPDIR/three"
			run --separate-stderr -4 "$program" -x --rate 0 <"$BATS_TEST_TMPDIR/three"
			[[ "$stderr" == *"1 bad line of the input can name no workspace, and may keep any: leave out what is bad: nothing was sent"* ]]
			[[ "$(results)" == [23]" refused" ]]
			run --separate-stderr "$program" -q --rate 0 <"$BATS_TEST_TMPDIR/three"
			[ "$status" -le 1 ]
			[[ "$stderr" == *"warning: 1 bad line of the input can name no workspace: --execute would be refused"* ]]
		done <<'END'
not JSON
{"owner_id":"00000000-0000-4000-8000-000000000000","na
{"id":7}
{"id":null,"cws":[]}
{"id":"ada/dev","owner_name":"ada","name":"dev","cws":{"mine":{"keep":true}}}
{"id":"{12345678-0000-4000-8000-000000000000}","cws":{"mine":{"keep":true}}}
{"cws":{"mine":{"keep":"yes"}}}
{"cws":{"mine":{"keep":true}}}
{"workspaces":[{"id":"00000000-0000-4000-8000-000000000000"}]}
{"name":"\0377","id":"00000000-0000-4000-8000-000000000000"}
{"id":"0000
[{"id":
END
	done
	{
		cat "$BATS_TEST_TMPDIR/in"
		head -c 17000000 /dev/zero | tr '\0' x
		echo
	} >"$BATS_TEST_TMPDIR/long"
	run --separate-stderr -4 cws-start -x <"$BATS_TEST_TMPDIR/long"
	[ "$(sent)" -eq "$before" ]
}

@test "a blank line is no line, and a whole value that is no object is merely bad" {
	{
		printf '%s\n\n \t\n\r\n' "$GOOD"
		printf '%s\n' '[]' '12' 'null' '"keep"' '[{"id":1}]' '{"id":"no-uuid","cws":[]}'
	} >"$BATS_TEST_TMPDIR/values"
	run --separate-stderr -1 cws-stop -x --rate 0 <"$BATS_TEST_TMPDIR/values"
	[ "$(results)" = "1 accepted" ]
	[[ "$stderr" == *"7 in, 1 accepted, 6 bad"* ]]
}
