# What scripts/check and scripts/check-releases say when they are asked wrongly or cannot do their work.

# shellcheck disable=SC2154 # run --separate-stderr sets stderr
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# releases [options] - with a first directory of PATH that this test fills
releases() {
	PATH=$BATS_TEST_TMPDIR/bin:$PATH "$REPO/scripts/check-releases" --no-install -d "$BATS_TEST_TMPDIR/releases" "$@"
}

@test "check and check-releases refuse what they do not know" {
	run --separate-stderr -2 "$REPO/scripts/check" --evrything
	[ "$stderr" = "usage: scripts/check [--no-install] [--all]" ]
	run --separate-stderr -2 env SAN=address,undefined "$REPO/scripts/check" --no-install --all
	[ "$output" = "" ]
	[ "$stderr" = "check: --all is for the plain build" ]
	run --separate-stderr -2 releases -d
	[ "$stderr" = "usage: scripts/check-releases [--no-install] [-d DIRECTORY] [-r RELEASE] [-f FILE]... [COMMAND...]" ]
	run --separate-stderr -2 releases -r 11
	run --separate-stderr -2 releases --all
	[ "$output" = "" ]
}

@test "check shows of its bats files what failed, what was measured, and what was skipped" {
	printf '%s\n' '@test "a measure" { echo "# measured: 3 ms" >&3; }' '@test "a failure" { echo why; false; }' >a.bats
	printf '%s\n' '@test "a gap" { skip "no nginx"; }' '@test "a note" { echo "# seen" >&3; }' >b.bats
	{
		sed -n -e '/^part() {/,/^}/p' -e '/^bats_files() {/,/^}/p' "$REPO/scripts/check"
		echo "tmp=$PWD passed=0 failed=0; bats_files bats build/plain a.bats b.bats"
	} >part.sh
	run -0 env -i PATH=/usr/local/bin:/usr/bin:/bin sh part.sh # not the PATH in which bats runs itself
	[[ "$output" == "not ok 2 a failure"*"# why"* ]]
	[[ "$output" == *"
bats                         2 passed, 1 failed
    3 ms
    skipped: a gap: no nginx" ]]
}

@test "check-releases says why it is skipped: without root" {
	mkdir bin
	printf '#!/bin/sh\necho 1000\n' >bin/id
	chmod +x bin/id
	run --separate-stderr -0 releases
	[[ "$output" =~ ^"skipped: Debian 1"[23]" wants root"$ ]]
	[ ! -e releases ]
}

@test "check-releases says why it is skipped: no mirror, or one that does not answer" {
	[ "$(id -u)" -eq 0 ] || skip 'not root'
	git -C "$REPO" rev-parse -q --verify HEAD >/dev/null 2>&1 || skip 'not a git checkout'
	unshare --mount --pid --fork true 2>/dev/null || skip 'no mount namespaces here'
	mkdir bin sources
	ln -s "$(type -P true)" bin/debootstrap # asked for before the mirror, and not called
	printf 'Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "%s/sources";\n' "$PWD" >apt.conf
	APT_CONFIG=$PWD/apt.conf run --separate-stderr -0 releases
	[[ "$output" =~ ^"skipped: Debian 1"[23]": apt reads no mirror of "(bookworm|trixie)" here"$ ]]
	[ ! -e releases ]
	# shellcheck source=/dev/null
	echo "deb http://127.0.0.1:9/debian $(. /etc/os-release && echo "$VERSION_CODENAME") main" >sources/closed.list
	APT_CONFIG=$PWD/apt.conf run --separate-stderr -0 releases
	[[ "$output" =~ ^"skipped: Debian 1"[23]": no answer from http://127.0.0.1:9/debian/"$ ]]
	[ ! -e releases ]
}
