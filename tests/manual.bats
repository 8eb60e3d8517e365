# Every block of every manual, and the example of each --help, run as they are printed, in a clone; once installed:
# long/installed.bats.

load helper
load paste

# programs [OPTION] - all, or those that take it
programs() {
	local p
	for p in "$REPO"/cmd/cws-*.*; do
		p=${p##*/} p=${p%.*}
		"$p" --help | grep -q -- "${1:---help}" || continue
		echo "$p"
	done
}

@test "every block of every manual runs as printed, in a clone" {
	every_manual clone
}

@test "cws-migrate(7) has a place for each command of the older agents" {
	local page=$BATS_TEST_TMPDIR/page word
	mandoc -T ascii "$REPO/share/man/man7/cws-migrate.7" | col -bx >"$page"
	while read -ra words; do
		sed -n "/^   ${words[0]}/,/^   [a-z]/p" "$page" >section
		for word in "${words[@]}"; do
			grep -qF -- "$word" section || { echo "${words[0]} $word is not in it"; return 1; }
		done
	done <<-END
		quiet_hours_agent.py --status --dry-run --execute --force --categorize --report --timezone --enterprise
		ttl_monitor_agent.py --report --user --threshold --all --monitor --interval --json
		prune_workspaces.py --all --user --cleanup --dry-run --duration --json --include-user --include-template --include-org \
			--include-group --exclude-user --exclude-template --exclude-org --exclude-group
		workspace_controller.py
		enterprise_quiet_hours.py
	END
	for word in coder_audit_ttl.py get_and_bump_ttl_workspaces.py last_seen_monitor.py find_cost.py find_updated_workspaces_v2.py \
		find_deleted_workspaces.py org_workspace_sorter.py; do
		grep -qF "$word" "$page"
	done
}

@test "the example of every --help runs as printed" {
	as_reader clone
	for program in $(programs); do
		run --separate-stderr -0 "$program" --help
		[[ ${lines[-1]} == 'example: '* ]]
		echo "${lines[-1]#example: }" >example
		: >stops.ndjson # of a run that had nothing to do
		pasted "$PWD/example"
	done
}

@test "cws-config(5): its example is taken by every program, dry, and every setting there is has a place in it" {
	local page=$REPO/share/man/man5/cws-config.5 p key
	blocks_of "$page" blocks
	cp blocks/001 config.json
	jq -e .dry_run config.json
	for p in $(programs --show-config); do
		run --separate-stderr -0 "$p" -c config.json --show-config
		[ "$stderr" = "" ]
		for key in $(jq -r 'del(.config, .url) | [paths | map(strings)] | map(select(.[-1] | IN("value", "from") | not)) | .[][-1]' <<<"$output" | sort -u); do
			grep -qw -- "$key" "$page"
		done
	done
	for key in $(jq -r '[paths | map(strings)] | .[][-1]' "$FIXTURES/agents_config.json" | sort -u); do
		grep -qw -- "$key" "$page"
	done
}

# settings FILE - what each program that takes settings makes of it: "section.key value from", one a line
settings() {
	local p
	for p in $(programs --show-config); do
		"$p" -c "$1" --show-config
	done | jq -r 'paths(type == "object" and has("from")) as $p | "\($p | join(".")) \(getpath($p) | "\(.value | tojson) \(.from)")"' |
		grep -v -e '^config ' -e '^url ' | sort -u
}

@test "share/examples/config-complete.json has every setting, with its default but for hours, zone and dry_run" {
	local file=$REPO/share/examples/config-complete.json key
	run --separate-stderr -0 settings "$file"
	[ "$stderr" = "" ]
	echo '{}' >none
	diff <(settings none | sed 's/ [^ ]*$//') <(sed 's/ [^ ]*$//' <<<"$output") | grep '^>' >differs || true
	# What the older agents' section excludes is shown only where it is there.
	[ "$(cut -d ' ' -f 2 differs | grep -v '^prune_workspaces.exclude_' | xargs)" = \
		'dry_run quiet_hours.timezone quiet_hours.windows' ]
	# What stands there as a comment is taken too, once it is none.
	: >holds
	echo 2030-01-01 >holidays
	sed -E 's/"_([a-z])/"\1/; s|/[a-z/]*/holds.ndjson|holds|; s|/[a-z/]*/holidays|holidays|; s/"windows"/"_windows"/
		s/"owner_schedule": false/"owner_schedule": true/' "$file" >all
	run --separate-stderr -0 settings all
	[ "$stderr" = "" ]
	echo "$output" >taken
	run ! grep 'default$' taken
	diff <(settings none | cut -d ' ' -f 1) <(cut -d ' ' -f 1 taken) >differs || true
	run ! grep '^<' differs
}

@test "cws-quiet(1): nights and whole weekends have no gap, in its example and in those of settings" {
	local file at
	blocks_of "$REPO/share/man/man1/cws-quiet.1" blocks
	grep -oE -- "-w '[^']*'|--tz [^ ]*" "$(grep -l sat,sun blocks/*)" | tr '\n' ' ' >options
	blocks_of "$REPO/share/man/man5/cws-config.5" config
	for file in options config/001 "$REPO/share/examples/config-complete.json"; do
		for at in 2026-11-20T12 2026-11-21T03 2026-11-21T12 2026-11-22T23 2026-11-23T03; do
			if [ "$file" = options ]; then
				eval "cws-quiet $(cat options) -N $at:00:00+01:00 --status --json"
			else
				cws-quiet -c "$file" -N "$at:00:00+01:00" --status --json
			fi
		done | jq .quiet | xargs >quiet
		[ "$(cat quiet)" = 'false true true true true' ]
	done
}
