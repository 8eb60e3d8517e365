# What the compiler and the linker made, and what make install and make dist do with it.

load helper

PROGRAMS=$(cd "$REPO/cmd" && printf '%s ' cws-*.c | sed 's/\.c//g')
SCRIPTS=$(cd "$REPO/cmd" && printf '%s ' cws-*.sh | sed 's/\.sh//g')

setup() {
	[ "$O" = "$REPO/build/plain" ] || skip 'about the plain build'
	# Of the make that may have started these tests, nothing is left to this one.
	cd "$BATS_TEST_TMPDIR" || return
	unset MAKEFLAGS MAKELEVEL MFLAGS FLAGS_PROBED
}

@test "the programs are position independent, their tables read-only, their stacks guarded" {
	[ "$(wc -w <<<"$PROGRAMS")" -ge 6 ]
	for program in $PROGRAMS; do
		echo "$program"
		readelf -hW "$O/$program" | grep -q 'Type: *DYN'
		readelf -dW "$O/$program" >dynamic
		grep -q 'FLAGS_1.*PIE' dynamic
		grep -q 'FLAGS) .*BIND_NOW' dynamic
		run ! grep -E 'TEXTREL|RPATH|RUNPATH' dynamic
		readelf -lW "$O/$program" >segments
		grep -q 'GNU_RELRO' segments
		grep -q 'GNU_STACK.* RW ' segments
		run ! grep -E 'LOAD .* RWE' segments
		nm -D "$O/$program" >symbols
		grep -q 'U __stack_chk_fail' symbols
		grep -q 'U __.*_chk@' symbols
		run ! grep -E ' U (vsnprintf|vfprintf|fprintf|printf|strcpy|strcat|sprintf|gets)@' symbols
	done
}

@test "every object was compiled with the guards that this machine's compiler has" {
	local objects=("$O"/common/*/*.o "$O"/cmd/*.o) feature
	[ ${#objects[@]} -gt 50 ]
	case $(uname -m) in
	x86_64) feature='x86 feature: IBT, SHSTK' ;;
	aarch64) feature='AArch64 feature: BTI, PAC' ;;
	*) feature= ;;
	esac
	for object in "${objects[@]}"; do
		echo "$object"
		readelf --debug-dump=info "$object" | grep -m 1 DW_AT_producer >producer
		grep -q 'GNU C' producer || skip 'only gcc writes down how it was called'
		for flag in '-O2' -fstack-protector-strong -fstack-clash-protection -fno-strict-overflow -fno-common -fPIE; do
			grep -qe " $flag" producer
		done
		[ -z "$feature" ] || readelf -nW "$object" | grep -q "$feature"
	done
}

@test "make checks sizes at the highest level, whatever a packager's flags say" {
	run -0 make -s -n -B V=1 -C "$REPO" O="$BATS_TEST_TMPDIR/none" CPPFLAGS='-D_FORTIFY_SOURCE=2' all
	local compiled=0
	for line in "${lines[@]}"; do
		[[ $line == *' -c -o '* ]] || continue
		compiled=$((compiled + 1))
		[[ $line == *' -U_FORTIFY_SOURCE '*' -D_FORTIFY_SOURCE=3 '* ]]
		[[ ${line##*-D_FORTIFY_SOURCE=3} != *FORTIFY* ]]
	done
	[ "$compiled" -gt 50 ]
	# Without an optimizer they do nothing but warn.
	run -0 make -s -n -B V=1 -C "$REPO" O="$BATS_TEST_TMPDIR/none" CFLAGS=-g all
	[[ $output != *-D_FORTIFY_SOURCE* ]]
}

@test "filters link nothing but libc, libm and libcjson; what talks to the server links libcurl, what reads calendars libical" {
	for program in $PROGRAMS; do
		readelf -dW "$O/$program" >needed
		run -0 sed -n -e '/\[lib\(c\|m\|cjson\)\.so/d' -e 's/.*NEEDED.*\[\(.*\)\].*/\1/p' needed
		case $program in
		cws-ttl | cws-quiet | cws-autostop | cws-report) [ "$output" = '' ] ;;
		cws-holidays) [[ $output == libical.so.* && ${#lines[@]} -eq 1 ]] ;;
		*) [[ $output == libcurl.so.* && ${#lines[@]} -eq 1 ]] ;;
		esac
	done
}

@test "each function of libcurl that our objects call can be made to fail, or cannot fail" {
	nm -u "$O"/common/*/*.o "$O"/cmd/*.o | sed -n 's/^ *U \(curl_\)/\1/p' | sort -u >called
	sed -n 's/^__wrap_\(curl_[a-z_]*\)(.*/\1/p' "$REPO"/tests/torture/wrap_curl.c >fails
	[ "$(wc -l <fails)" -gt 10 ]
	# These return nothing, a word of their own, or what was there before.
	printf 'curl_%s\n' easy_cleanup easy_reset easy_strerror free getdate global_cleanup multi_cleanup multi_info_read \
		multi_strerror slist_free_all strnequal url_cleanup version_info >>fails
	run -0 comm -23 called <(sort fails)
	[ "$output" = '' ]
}

@test "an option whose variable is not of its kind does not compile" {
	cat >option.c <<-'EOF'
		#include "base/cli.h"
		extern int64_t jobs;
		extern bool all;
		extern const struct cli_option option[];
		const struct cli_option option[] = {
			OPT_INT('j', "jobs", &jobs, 1, 64, "requests at a time"),
			OPT_FLAG('a', "all", &all, "every record"),
		};
	EOF
	run -0 "${CC:-cc}" -std=c11 -iquote "$REPO/common" -fsyntax-only option.c
	sed -i 's/&all/\&jobs/' option.c
	run ! "${CC:-cc}" -std=c11 -iquote "$REPO/common" -fsyntax-only option.c
	[[ $output == *_Generic* ]]
}

@test "make install puts everything below DESTDIR, where it runs, and uninstall takes it away" {
	local pkg=$BATS_TEST_TMPDIR/pkg
	run -0 make -s -C "$REPO" install PREFIX=/usr DESTDIR="$pkg"
	for program in $PROGRAMS $SCRIPTS; do
		run -0 env PATH=/usr/bin:/bin "$pkg/usr/bin/$program" --version
		[[ "$output" == "$program "[0-9]* ]]
		[ -f "$pkg/usr/share/man/man1/$program.1" ]
	done
	[ -f "$pkg/usr/share/man/man7/cws.7" ]
	jq -e .definitions.ttl "$pkg/usr/share/cws/record.schema.json" >/dev/null
	[ -f "$pkg/usr/share/doc/cws/examples/cws-alerts.yml" ]
	grep -q '^MIT License$' "$pkg/usr/share/doc/cws/LICENSE"
	version=$("$pkg/usr/bin/cws-stop" --version)
	grep -qx "cws ${version#* }" "$pkg/usr/share/doc/cws/NEWS"
	start_fake
	run -0 --separate-stderr bash -c 'set -o pipefail; PATH=$0:$PATH; cws-fetch -q | cws-ttl -qa | cws-quiet -qa | cws-stop -q --max 100 | wc -l' "$pkg/usr/bin"
	[ "$output" -eq 88 ]
	# A script finds its siblings beside it, and what is in share.
	echo '{"safety": {"max_stops": 100}}' >config.json
	run -0 --separate-stderr env PATH=/usr/bin:/bin "$pkg/usr/bin/cws-sweep" -c config.json --report "$BATS_TEST_TMPDIR/report"
	[ -s "$BATS_TEST_TMPDIR/report" ]
	stop_fake
	run -0 make -s -C "$REPO" uninstall PREFIX=/usr DESTDIR="$pkg"
	[ "$(find "$pkg" ! -type d | wc -l)" -eq 0 ]
	[ ! -e "$pkg/usr/share/cws" ]
}

@test "build-deb takes no directory for a version" {
	for version in build/deb x '' '1 2'; do
		run --separate-stderr -2 "$REPO/scripts/build-deb" "$version"
		[ "$stderr" = "build-deb: expected a version such as 0.2.0+1, got '$version'" ]
	done
}

@test "build-deb says which packages it needs" {
	mkdir bin
	ln -s "$(command -v sed)" "$(command -v dirname)" bin
	run --separate-stderr -1 env PATH="$PWD/bin" /bin/sh "$REPO/scripts/build-deb"
	[ "$stderr" = 'build-deb: needs git, which is not in PATH: apt install git debhelper' ]
}
