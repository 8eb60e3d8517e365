# The tarball.
#
# shellcheck shell=bash

load ../helper

@test "make dist packs what is committed, and it builds from there" {
	git -C "$REPO" rev-parse --is-inside-work-tree >/dev/null 2>&1 || skip 'not a git checkout'
	run -0 make -s -C "$REPO" dist
	local tarball=$REPO/$output
	diff <(tar -tzf "$tarball" | grep -v '/$' | sed 's|^[^/]*/||' | sort) <(git -C "$REPO" ls-tree -r --name-only HEAD | sort)
	tar -xzf "$tarball" -C "$BATS_TEST_TMPDIR"
	# The two are made of every room but those of acting and of reports, which are built as these are.
	run -0 make -C "$BATS_TEST_TMPDIR"/cws-* -j2 STRICT=1 build/plain/cws-fetch build/plain/cws-ttl
	# Short lines: no flag is to be seen.
	run ! grep -e ' -W' -e ' -O2' <<<"$output"
	run -0 "$BATS_TEST_TMPDIR"/cws-*/build/plain/cws-ttl --version
}
