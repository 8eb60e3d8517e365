# What bash, zsh and fish complete: the options of --help and of the manual, the words that an argument may be, files.

# shellcheck disable=SC2154 # run --separate-stderr sets stderr
load helper

setup_file() {
	[ "$O" = "$REPO/build/plain" ] || return 0
	unset MAKEFLAGS MAKELEVEL MFLAGS FLAGS_PROBED
	make -s -C "$REPO" install PREFIX=/usr DESTDIR="$BATS_FILE_TMPDIR"
}

setup() {
	[ "$O" = "$REPO/build/plain" ] || skip 'about the plain build'
	cd "$BATS_TEST_TMPDIR" || return
	SHARE=$BATS_FILE_TMPDIR/usr/share
}

programs() { (cd "$REPO/cmd" && printf '%s\n' cws-*.* | sed 's/\.[^.]*$//'); }

# The options of a program as --help has them, one a line.
options() { "$1" --help | sed -n 's/^  \(-.\), \(--[a-z-]*\).*/\1\n\2/p; s/^      \(--[a-z-]*\).*/\1/p'; }

# Each program's options, when a minus has been typed: cases for tab.py.
lists() {
	for program in $(programs); do
		echo "$program -<tab> lists $(options "$program" | xargs)"
	done
}

# tab SHELL [SHARE] - the cases on standard input, all of which have to pass
tab() {
	command -v "$1" >/dev/null || skip "no $1 here"
	[ "$1" != bash ] || [ -e /usr/share/bash-completion/bash_completion ] || skip 'no bash-completion here'
	run timeout 300 python3 "$REPO/tests/completions/tab.py" "$1" "${2:-$SHARE}"
	echo "$output"
	[[ $status -eq 0 && ${lines[-1]} =~ ^[1-9][0-9]*\ passed,\ 0\ failed$ ]]
}

# Cases that hold in each shell.
common() {
	cat <<-'EOF'
		cws-ttl --ov<tab> => --overrun
		cws-ttl --exec<tab> => --exec
		cws-stop --wai<tab> => --wait
		cws-ttl -s exp<tab> => -s|expired
		cws-ttl --state=sto<tab> => --state=stopped
		cws-ttl -s stuck,exp<tab> => -s|stuck,expired
		cws-autostop -s kept,n<tab>o => -s|kept,no
		cws-fetch --with groups,qu<tab> => --with|groups,quiet-hours
		cws-report -f m<tab> => -f|md
		cws-report -qf j<tab> => -qf|json
		cws-report --by te<tab> => --by|template
		cws-report --tz Europe/Berl<tab> => --tz|Europe/Berlin
		cws-quiet -c conf<tab> => -c|config.json
		cws-quiet --config=conf<tab> => --config=config.json
		cws-quiet -c my<tab> => -c|my settings
		cws-stop -x --recover pla<tab>o<tab> => -x|--recover|plans/of today
		cws-quiet --exclude-user ci --exclude-u<tab> ada => --exclude-user|ci|--exclude-user|ada
		cws-ttl --grace cal<tab> => --grace|cal
		cws-ttl cal<tab> => cal
		cws-holidays cal<tab> => calendar.ics
	EOF
}

@test "tab in bash: every option of --help and no other, words, files" {
	tab bash < <(lists; common)
}

@test "tab in zsh: every option of --help and no other, words, files" {
	tab zsh < <(lists; common)
}

@test "tab in fish: every option of --help and no other, words, files" {
	tab fish < <(lists; common)
}

# A program as none of ours is yet.
odd() {
	cat >cws-odd <<-'END'
		#!/bin/sh
		cat <<'HELP'
		usage: cws-odd [-hx] [--keep-this-in-mind directory] [--it's] [-d dir] [-w window]
		It's $HOME "odd" [really] \ this: `way`.

		  -x, --quote                        it's $HOME, "[really]" \o/ this: `way`
		      --keep-this-in-mind directory  as long as the column
		      --a-name-as-long-as-this-one file  longer than its column
		  -d, --directory dir                a directory
		  -w, --window window                quiet hours (repeatable)
		      --how[=word]                   one that may be left out
		  -h, --help                         print this and exit

		example: cws-odd
		HELP
	END
	chmod +x cws-odd
	"$REPO/scripts/completions" ./cws-odd made
	mkdir -p share/bash-completion share/zsh share/fish
	mv made/bash share/bash-completion/completions
	mv made/zsh share/zsh/site-functions
	mv made/fish share/fish/vendor_completions.d
	cat >cases <<-'EOF'
		cws-odd -<tab> lists -x --quote --keep-this-in-mind --a-name-as-long-as-this-one -d --directory -w --window --how -h --help
		cws-odd --q<tab> => --quote
		cws-odd --keep-this-in-mind pla<tab>of<tab> => --keep-this-in-mind|plans/of
		cws-odd -d conf<tab> => -d|conf
		cws-odd --a-name-as-long-as-this-one conf<tab> => --a-name-as-long-as-this-one|config.json
		cws-odd --how --win<tab> x => --how|--window|x
	EOF
}

@test "quotes, brackets, long names and directories in a --help are no trouble for any shell" {
	odd
	for shell in bash zsh fish; do
		tab "$shell" "$PWD/share" <cases
	done
}

@test "a program without an option, or one that fails, leaves no completion" {
	printf '#!/bin/sh\necho usage: cws-none\n' >cws-none
	chmod +x cws-none
	run --separate-stderr -1 "$REPO/scripts/completions" ./cws-none made
	[ "$stderr" = "completions: ./cws-none --help has no option" ]
	run --separate-stderr ! "$REPO/scripts/completions" ./cws-missing made
	[ "$(find made -type f)" = "" ]
	run --separate-stderr -2 "$REPO/scripts/completions" ./cws-none
	[ "$stderr" = "usage: scripts/completions PROGRAM DIRECTORY" ]
}

@test "each program has its file where the shells look, below /usr and below /usr/local" {
	for program in $(programs); do
		[ -f "$SHARE/bash-completion/completions/$program" ]
		[ -f "$SHARE/fish/vendor_completions.d/$program.fish" ]
		[ -f "$SHARE/zsh/vendor-completions/_$program" ] || [ -f "$SHARE/zsh/site-functions/_$program" ]
	done
	make -s -C "$REPO" install DESTDIR="$PWD/local"
	command -v zsh >/dev/null || skip 'no zsh here'
	zsh -fc 'print -l $fpath' >fpath
	for directory in "$BATS_FILE_TMPDIR"/usr/share/zsh/* "$PWD"/local/usr/local/share/zsh/*; do
		grep -qx "/usr/${directory#*/usr/}" fpath
	done
	command -v fish >/dev/null || skip 'no fish here'
	# Below /usr/local it looks only where somebody has said so.
	XDG_DATA_DIRS=/usr/local/share:/usr/share HOME=$PWD fish -c 'printf "%s\n" $fish_complete_path' >fish
	grep -qx /usr/share/fish/vendor_completions.d fish
	grep -qx /usr/local/share/fish/vendor_completions.d fish
}
