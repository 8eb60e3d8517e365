# Every block of the README, run as it is printed, in the order it stands there.

load helper
load paste

# A block that makes a world of its own has its own test below.
of_its_own() {
	grep -q -e '^\./scripts/quickstart' -e 'fakecoder --shift' -e "^make\$" -e '^SHELL=' -e '^{"id":' "$1"
}

every_block() {
	local n=0
	blocks_of "$REPO/README.md" blocks
	for block in blocks/*; do
		of_its_own "$block" && continue
		sed -i '/^export CODER_URL=/d' "$block"
		pasted "$PWD/$block"
		n=$((n + 1))
	done
	echo "$n blocks"
	[ "$n" -ge 8 ]
}

# block WORDS - the block of the README that has these, in the file "block"
block() {
	blocks_of "$REPO/README.md" blocks
	cp "$(grep -lF -- "$1" blocks/*)" block
}

@test "the README's blocks run as printed with the programs of a clone" {
	as_reader clone
	every_block
}

@test "the README's blocks run as printed with installed programs" {
	as_reader installed
	cd ../clone
	rm build/plain/cws-* # no other than those are run
	every_block
}

@test "the README opens with two commands, and the first shows the whole job" {
	as_reader clone
	block ./scripts/quickstart
	[ "$(grep -n -m 1 '^    ' "$REPO/README.md" | cut -d : -f 2-)" = "    $(head -n 1 block)" ]
	[ "$(wc -l <block)" -eq 2 ]
	run -0 bash -e block 3>&-
	[[ $output == *'Exactly what the run had stopped runs again.'* ]]
}

@test "the README builds" {
	as_reader clone
	block ./scripts/packages
	ln -sfn "$O" build/plain
	CODER_URL='' run -0 bash -ec '. ./block && command -v cws-fetch' 3>&-
	[ "${lines[-1]}" = "$PWD/build/plain/cws-fetch" ]
}

@test "the README's simulated Coder is there until it is ended" {
	as_reader clone
	block 'fakecoder --shift'
	! (: <"/dev/tcp/127.0.0.1/8384") 2>/dev/null || skip 'somebody is at port 8384'
	ln -sfn "$O" build/plain
	block 'kill %1'
	run -0 --separate-stderr bash -mec '. ./block; cws-fetch | wc -l; cws-fetch | wc -l; kill %1' 3>&-
	[ "$(xargs <<<"${lines[-2]} ${lines[-1]}")" = '88 88' ]
}

@test "the README's crontab and that of share/examples run, dry" {
	as_reader clone
	block 'SHELL=/bin/bash'
	as_cron block
	as_cron "$REPO/share/examples/cws.cron"
	jq -e '.cws.stop.result | IN("would-stop", "skipped")' lib/plans.ndjson >/dev/null
}

@test "the README's record is one" {
	block '{"id":'
	sed 's/{\.\.\.}/{}/; s/,\.\.\.}/}/' block | jq -e '.cws.ttl.due' >/dev/null
}
