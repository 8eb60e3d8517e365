# The rules of the source tree: scripts/check-layers and scripts/check-pure refuse what breaks one, and the linker does.
#
# shellcheck shell=bash disable=SC2016,SC2154

load helper

setup() {
	TREE=$BATS_TEST_TMPDIR/tree
	mkdir "$TREE"
	cp -a "$REPO"/{Makefile,cmd,common,scripts} "$TREE"
	unset MAKEFLAGS MAKELEVEL MFLAGS
}

# broken FILE LINE MESSAGE - with that line at the file's end the check says this of it, and nothing else
broken() {
	local file=$TREE/$1 at
	cp -p "$file" "$file.whole"
	echo "$2" >>"$file"
	at=$(wc -l <"$file")
	run --separate-stderr -1 "$TREE/scripts/check-layers"
	[ "$output" = "" ]
	[ "$stderr" = "check-layers: $1:$at: $3" ] || {
		echo "$stderr"
		return 1
	}
	mv "$file.whole" "$file"
}

@test "the tree keeps the rules of common/README.md" {
	run -0 "$REPO/scripts/check-layers"
	[ "$output" = "" ]
}

@test "check-layers refuses an include of a room that the own room may not include" {
	broken common/judge/ttl.c '#include "record/rec.h"' 'judge/ may not include record/: "record/rec.h"'
	broken common/base/when.h '#include "judge/ttl.h"' 'base/ may not include judge/: "judge/ttl.h"'
	broken common/settings/config.c ' # include "coder/login.h"' 'settings/ may not include coder/: "coder/login.h"'
	broken common/net/http.c '#include "coder/login.h"' 'net/ may not include coder/: "coder/login.h"'
	broken common/filter/stage.c '#include "net/http.h"' 'filter/ may not include net/: "net/http.h"'
	broken common/books/journal.c '#include "act/batch.h"' 'books/ may not include act/: "act/batch.h"'
}

@test "check-layers refuses an include that does not name its room" {
	broken common/record/facts.c '#include "rec.h"' 'an include names its room: "rec.h"'
	broken common/record/facts.c '#include "../judge/ttl.h"' 'there is no room ../: "../judge/ttl.h"'
	broken cmd/cws-ttl.c '#include "stage.h"' 'an include names its room: "stage.h"'
	broken cmd/cws-ttl.c '#include "engine/engine.h"' 'there is no room engine/: "engine/engine.h"'
}

@test "check-layers refuses a path of the API outside coder/" {
	broken common/act/engine.c 'static const char path[] = "/api/v2/workspaces";' '"/api/v2 stands in coder/ only'
	broken cmd/cws-fetch.c 'static const char path[] = "/api/v2/workspaces";' '"/api/v2 stands in coder/ only'
}

@test "check-layers refuses libcurl outside net/" {
	broken common/coder/login.c '#include <curl/curl.h>' '<curl/ stands in net/ only'
	broken cmd/cws-ttl.c '#include <curl/curl.h>' '<curl/ stands in net/ only'
}

@test "check-layers refuses the words of the session token outside coder/" {
	broken common/net/http.c 'static const char name[] = "Coder-Session-Token";' 'session-token stands in coder/ only'
	broken common/act/act_run.c 'static const char name[] = "CODER_SESSION_TOKEN";' 'session_token stands in coder/ only'
	broken common/act/act_run.c '/* l->token */' 'l->token stands in coder/ only'
}

@test "check-layers refuses cJSON but for the settings file and small replies" {
	broken common/judge/ttl.c '#include <cjson/cJSON.h>' 'cJSON stands in settings/config.c coder/api_parse.c only'
	broken common/settings/windows.c '/* cjson */' 'cJSON stands in settings/config.c coder/api_parse.c only'
	broken common/record/rec.c '#include <cjson/cJSON.h>' 'cJSON stands in settings/config.c coder/api_parse.c only'
}

@test "check-layers wants each folder in the table, and each room of the table to be a folder and an archive" {
	mkdir "$TREE/common/attic"
	run --separate-stderr -1 "$TREE/scripts/check-layers"
	[[ "$stderr" == *"common/attic: not in the table of rooms"* ]]
	rmdir "$TREE/common/attic"
	sed -i 's/^ROOMS = act books/ROOMS = act/' "$TREE/Makefile"
	run --separate-stderr -1 "$TREE/scripts/check-layers"
	[ "$stderr" = "check-layers: common/README.md: books/ is no folder, or not among the ROOMS of the Makefile" ]
}

@test "check-layers refuses a map with an arrow that turns back, and a map without its tables" {
	sed -i 's/^| `judge\/` | base |/| `judge\/` | base record |/' "$TREE/common/README.md"
	run --separate-stderr -1 "$TREE/scripts/check-layers"
	[[ "$stderr" == "check-layers: common/README.md:"*": judge/ stands above record/, which it may include" ]]
	cp "$REPO/common/README.md" "$TREE/common"
	sed -i '/^## Words/,$d' "$TREE/common/README.md"
	run --separate-stderr -1 "$TREE/scripts/check-layers"
	[ "$stderr" = "check-layers: common/README.md: there is no table of rooms, or of words" ]
}

@test "a call of time() in judge/ fails check-pure" {
	local room
	for room in "$O"/common/*/; do
		mkdir -p "$TREE/objects/$(basename "$room")"
		cp "$room"*.o "$TREE/objects/$(basename "$room")"
	done
	run -0 "$TREE/scripts/check-pure" "$TREE/objects"
	printf '#include <time.h>\nint64_t ttl_now(void);\nint64_t\nttl_now(void)\n{\n\treturn time(NULL);\n}\n' >>"$TREE/common/judge/ttl.c"
	"${CC:-cc}" -std=c11 -iquote "$TREE/common" -c -o "$TREE/objects/judge/ttl.o" "$TREE/common/judge/ttl.c"
	run --separate-stderr -1 "$TREE/scripts/check-pure" "$TREE/objects"
	[ "$stderr" = "check-pure: $TREE/objects/judge/ttl.o calls time" ]
}

@test "a module of judge/ that does not call itself pure fails check-pure" {
	sed -i '1,/\*\//s/Pure\.//' "$TREE/common/judge/ttl.h"
	run --separate-stderr -1 "$TREE/scripts/check-pure" "$O/common"
	[ "$stderr" = 'check-pure: common/judge/ttl.h: all of judge/ is pure, and its first comment says so: "Pure."' ]
}

@test "a filter that calls the network does not link" {
	[ "$O" = "$REPO/build/plain" ] || skip 'about the plain build'
	mkdir -p "$TREE/build/plain"
	cp -a "$O"/{common,cmd} "$TREE/build/plain"
	run -0 make -s -C "$TREE" build/plain/cws-ttl
	echo 'int origin_is_loopback(const char *); int (*const calls)(const char *) = origin_is_loopback;' >>"$TREE/cmd/cws-ttl.c"
	run -2 make -s -C "$TREE" build/plain/cws-ttl
	[[ $output == *'undefined reference to `origin_is_loopback'* ]]
}
