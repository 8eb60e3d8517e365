# Every block of the README, run as it is printed, in the order it stands there.

load helper
load paste

# A block that makes a world of its own has its own test below.
of_its_own() {
	grep -q -e '^\./scripts/quickstart' -e 'fakecoder --shift' -e "^make -j2" -e '^CREDENTIALS_DIRECTORY=' -e '^useradd' -e '^{"id":' "$1"
}

every_block() {
	local n=0
	blocks_of "$REPO/README.md" blocks
	for block in blocks/*; do
		of_its_own "$block" && continue
		sed -i 's|CODER_URL=https://coder.example.com ||' "$block" # ours
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

# What root does, for the one who tests: below this directory, and without another user.
as_root() {
	mkdir -p root
	printf '#!/bin/sh\n[ "$*" = "--system cws" ]\n' >root/useradd
	chmod +x root/*
	sed -i "s| -o cws | |; s| /etc/cws| $PWD/etc|g; s| /var/lib/cws| $PWD/lib|g" "$1"
	PREFIX=$PWD/usr PATH=$PWD/root:$PATH bash -e "$1"
}

@test "the README's crontab and that of share/cron run, dry, with what root has made for them" {
	as_reader clone
	block useradd
	umask 077 # as it is since the token was made
	as_root block
	[ "$(stat -c %a etc/coder-token etc/config.json etc usr/bin/cws-sweep | xargs)" = '600 644 755 755' ]
	block '*/15 * * * * cws '
	as_cron block
	grep -q would-stop lib/report.txt
	rm -r lib
	as_cron "$REPO/share/cron/cws"
	grep -q would-stop lib/sweep.log
}

@test "the README's record is one" {
	block '{"id":'
	sed 's/{\.\.\.}/{}/; s/,\.\.\.}/}/' block | jq -e '.cws.ttl.due' >/dev/null
}

# did PROGRAM OPTION... - what became of those that were due, as "N result status"
did() {
	"$@" -q -x --rate 0 --max 100 2>/dev/null |
		jq -r '.cws | .start // .stop | select(.result != "skipped" and (.error // "" | test("HTTP 404") | not)) | "\(.result) \(.http)"' | sort | uniq -c | xargs
}

@test "the README's scopes are enough for what they are said to be for, and without them it is as said" {
	local hours=(-w 00:00-24:00 --tz UTC --grace 0s)
	start_world
	CODER_SESSION_TOKEN=$TOKEN_ADMINLEAST
	cws-fetch -r | cws-ttl >due
	cws-fetch -r | cws-quiet "${hours[@]}" >quiet
	[ "$(did cws-stop --soft 45m <quiet | sed 's/[0-9]* //')" = 'failed 500' ]
	cws-stop -q -x --rate 0 --wait <due >stops || [ $? -eq 1 ]
	[ "$(jq -r 'select(.template_name != "stopfail") | .cws.stop.result' stops | sort -u)" = stopped ]
	[ "$(did cws-start <stops | sed 's/[0-9]* //')" = 'failed 403' ]
	# workspace:read, workspace:update, template:read and user:read
	CODER_SESSION_TOKEN=$TOKEN_OPERATE
	cws-fetch -r | cws-ttl >due
	[ "$(did cws-stop <due | sed 's/[0-9]* //')" = 'failed 403' ]
	cws-fetch -r | cws-quiet "${hours[@]}" | cws-stop -q -x --soft 45m --rate 0 --max 100 >softened || [ $? -eq 1 ]
	[ "$(did cws-start <softened | sed 's/[0-9]* //')" = 'restored 200' ]
	CODER_SESSION_TOKEN=$TOKEN_WSSTAR # every one of workspace:
	[ "$(did cws-start <stops | sed 's/[0-9]* //')" = 'accepted 201' ]
	# Less than those to list.
	CODER_SESSION_TOKEN=$TOKEN_WSONLY
	run -3 --separate-stderr cws-fetch
	[[ $stderr == *'hidden: this token needs template:read'* ]]
	CODER_SESSION_TOKEN=$TOKEN_READONLY
	[ "$(cws-fetch -Q name:ws0-gpu | jq -c .cws.fetch.owner.status | sort -u)" = null ]
	CODER_SESSION_TOKEN=$TOKEN_READSTOP
	cws-fetch -r | cws-ttl >due
	[ "$(did cws-stop <due | sed 's/[0-9]* //')" = 'failed 400' ]
}
