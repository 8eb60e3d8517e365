# cws-report --format html, as far as no browser is needed; scripts/check-page looks at it in one.

load helper

NOW=2026-11-23T03:02:21Z

setup_file() {
	export JUDGED=$BATS_FILE_TMPDIR/judged HOSTILE=$BATS_FILE_TMPDIR/hostile
	jq -c '.workspaces[] | .cws.fetch = {at: "2026-11-23T03:00:00Z", url: "https://coder.example.com", scheduling: false,
			server: {version: "v2.31.14", clock_offset_ms: 0, provisioners_live: 4}, template: null, owner: null}' "$FIXTURES/world/workspaces.json" |
		cws-ttl -qa -N "$NOW" | cws-quiet -qa -N "$NOW" --start 02:30 --end 05:00 --grace 10m --exclude-user ada |
		cws-autostop -q -N "$NOW" >"$JUDGED"
	jq -nc -f "$REPO/tests/report/hostile.jq" >"$HOSTILE"
}

setup() {
	export TZ=UTC
	PAGE=$BATS_TEST_TMPDIR/page.html
}

page() { cws-report -q -N "$NOW" -f html "$@"; }

# read_page FILE PROGRAM [ARGUMENT] - Python, given tags, as (name, attributes), and rows: for each table row its
# attributes and the text of its cells
read_page() {
	python3 - "$@" <<-'END'
	import html.parser, json, sys
	tags, rows, texts = [], [], []
	class Page(html.parser.HTMLParser):
	    def handle_starttag(self, name, attributes):
	        tags.append((name, dict(attributes)))
	        if name == "tr":
	            rows.append((dict(attributes), []))
	        if name in ("td", "th"):
	            rows[-1][1].append("")
	    def handle_data(self, data):
	        texts.append(data)
	        if rows and rows[-1][1]:
	            rows[-1][1][-1] += data.rstrip("\n")
	Page().feed(open(sys.argv[1], encoding="utf-8").read())
	exec(sys.argv[2])
	END
}

# record [JQ] - a due one of its own rule, changed
record() {
	jq -nc '{id: "31d5a3d6-9970-469a-8b4f-3c66c358f2ef", name: "dev", owner_name: "ada", organization_name: "coder", template_name: "docker",
		latest_build: {status: "running", transition: "start", job: {status: "succeeded", completed_at: "2026-11-22T20:00:10Z"}},
		cws: {fetch: {at: "2026-11-23T03:00:00Z", url: "https://coder.example.com"},
			mine: {due: true, state: "demo", stop_at: "2026-11-23T02:02:21Z", why: "demo account", at: "2026-11-23T03:02:21Z"}}} | '"${1:-.}"
}

@test "the page allows just its own style and script, by the hashes of what stands in it" {
	page <"$JUDGED" >"$PAGE"
	python3 - "$PAGE" <<-'END'
	import base64, hashlib, re, sys
	text = open(sys.argv[1], encoding="utf-8").read()
	def only(pattern):
	    found = re.findall(pattern, text, re.S)
	    assert len(found) == 1, (pattern, len(found))
	    return found[0]
	def digest(part):
	    return "sha256-" + base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
	policy = only('<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
	style, script = only("<style>(.*?)</style>"), only("<script>(.*?)</script>")
	assert policy == f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; base-uri 'none'; form-action 'none'", policy
	assert style == open("common/report/page.css").read() and script == open("common/report/page.js").read()
	# The policy stands before all that it is to hold.
	assert text.index("Content-Security-Policy") < text.index("<style>")
	# Nothing that loads, and no style or script in an attribute, which the policy would refuse.
	assert not re.search(r"<[^>]*\s(src|srcset|style|on[a-z]+|action|data)=", text.replace(script, "")), "an attribute"
	assert not re.search(r"url\(|@import|@font-face", style)
	END
}

@test "what is not due, kept, broken or without a UUID cannot be chosen" {
	# chosen JQ - the ids that a page of that record offers
	chosen() { record "$1" | page >"$PAGE" && read_page "$PAGE" 'print(" ".join(a["data-id"] for a, _ in rows if "data-id" in a))'; }
	[ "$(chosen .)" = 31d5a3d6-9970-469a-8b4f-3c66c358f2ef ]
	[ "$(chosen '.id |= ascii_upcase')" = 31D5A3D6-9970-469A-8B4F-3C66C358F2EF ]
	[ "$(chosen '.latest_build.status = "failed"')" = 31d5a3d6-9970-469a-8b4f-3c66c358f2ef ]
	[ "$(chosen '.cws.other = {due: false, keep: true, state: "s", stop_at: null, why: "w", at: .cws.mine.at}')" = "" ]
	[ "$(chosen '.id = "x"))'"'"' | evil"')" = "" ]
	[ "$(chosen '.id += "0"')" = "" ]
	[ "$(chosen '.id = "31d5a3d6-9970-469a-8b4f-3c66c358f2eg"')" = "" ]
	[ "$(chosen '.id = null')" = "" ]
	[ "$(chosen '.latest_build.status = "stopped" | .latest_build.transition = "stop"')" = "" ]
	page <"$HOSTILE" >"$PAGE"
	[ "$(grep -c 'data-id=' "$PAGE")" -eq "$(grep -cE '<tr data-id="[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}">' "$PAGE")" ]
}

@test "a name leads to its page only where server and names are safe to write into a link" {
	link() { record "$1" | page >"$PAGE" && read_page "$PAGE" 'print(" ".join(a["href"] for n, a in tags if n == "a" and a["href"][0] != "#"))'; }
	local here=https://coder.example.com/@ada/dev
	[ "$(link .)" = "$here $here" ] # in its list, and as the first to be looked at
	[ "$(link '.cws.fetch.url = "javascript:alert(1)"')" = "" ]
	[ "$(link '.cws.fetch.url = "https://coder.example.com\" onclick=\"x"')" = "" ]
	[ "$(link 'del(.cws.fetch)')" = "" ]
	for name in .. 'a/b' 'a?b' 'a b' '"x' 'é' ''; do
		[ "$(link ".name = \"${name//\"/\\\"}\"")" = "" ]
	done
}

@test "foreign text is text: every name comes back as it was, and no tag of theirs is there" {
	page --title '</title><script>alert(1)</script>' <"$HOSTILE" >"$PAGE"
	read_page "$PAGE" '
allowed = {"html", "head", "meta", "title", "style", "body", "nav", "ul", "li", "a", "b", "header", "h1", "h2", "p", "main", "section", "div", "dl", "dt", "dd", "span",
	"strong", "pre", "code", "table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "rect", "line", "text", "g", "figure", "figcaption", "details", "summary", "time", "footer", "script"}
known = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "aria-label", "aria-hidden", "role", "scope", "width", "height", "x", "y", "x1", "x2", "y1", "y2",
	"rx", "datetime", "title", "data-id", "data-label", "tabindex", "colspan"}
assert {n for n, _ in tags} <= allowed, {n for n, _ in tags} - allowed
assert {k for _, a in tags for k in a} <= known, {k for _, a in tags for k in a} - known
assert sum(n == "script" for n, _ in tags) == 1
clean = lambda s: "".join("?" if ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u200e\u2028\u202e\u2066" else c for c in s)
names = [clean(json.loads(line)["name"]) for line in open(sys.argv[3], encoding="utf-8")]
listed = [cells[0] for a, cells in rows if "data-id" in a]
assert set(listed) == {f"{n}/{n}" for n in names} and len(listed) == 2 * len(names), listed # in their list, and among the failures
assert texts.count("</title><script>alert(1)</script>") == 2' "$HOSTILE"
}

@test "the parts are in their order, each with its rows, and all rows without --top" {
	jq -c -f "$REPO/tests/report/past.jq" "$JUDGED" | page --by template >"$PAGE"
	[ "$(grep -oE '<section class="[a-z]+' "$PAGE" | sed 's/.*"//' | uniq | paste -sd' ')" = 'totals counts run list day groups past' ]
	[ "$(read_page "$PAGE" 'print(len([1 for n, a in tags if n == "svg" and a.get("role") == "img"]))')" -eq 5 ] # a day, use, three policies
	local rows
	rows=$(cws-report -q -N "$NOW" -f json <"$JUDGED" | jq '[.lists[].rows[]] | length')
	page <"$JUDGED" >"$PAGE"
	[ "$rows" -gt 50 ]
	[ "$(sed -n '/<div class="lists">/,/^<\/div>$/p' "$PAGE" | grep -cE '^<tr( |><td)')" -eq "$rows" ]
	# Every link within leads to something that is there.
	read_page "$PAGE" '
ids = [a["id"] for _, a in tags if "id" in a]
links = {a["href"][1:] for n, a in tags if n == "a" and a["href"][0] == "#"}
assert len(ids) == len(set(ids)) and links == set(ids), (links, ids)'
	# Of each hour and policy a title says what is drawn.
	[ "$(grep -cE '<title>[0-9]{2}:00: the server stops [0-9]+, a run would stop [0-9]+, [0-9]+ starts?</title>' "$PAGE")" -eq 25 ]
	# --top cuts, and says so.
	page --top 2 <"$JUDGED" | grep -q 'more; --top 0 shows all'
}

@test "below each word that is counted stands what it means" {
	page <"$JUDGED" >"$PAGE"
	read_page "$PAGE" '
at = [i for i, (a, cells) in enumerate(rows) if cells[0] == "overrun"]
assert len(at) == 1 and rows[at[0] + 1][1] == ["it runs longer than its TTL: its deadline was moved, or counts no more"], rows[at[0] + 1]
at = [i for i, (a, cells) in enumerate(rows) if cells[0] == "running"]
assert len(at) == 1 and rows[at[0] + 1][1][0] == "pending", rows[at[0] + 1]'
	grep -qF '<caption>autostop <span class="means">what stops it next</span></caption>' "$PAGE"
	# It stands there once: not as a sentence too.
	[ "$(grep -cF 'it runs longer than its TTL: its deadline was moved' "$PAGE")" -eq 1 ]
	record '.cws.mine.state = "expired"' | page >"$PAGE"
	run ! grep -q '"means"' <(grep -v '{$' "$PAGE")
}

@test "what is to be looked at first stands first, with the reason and the way" {
	# first JQ... - the words of that box, of a page of these records
	first() {
		for change; do record "$change"; done | page | tr '\n' ' ' | grep -oE '<div class="first .*</div> <dl' |
			sed 's/<dl$//; s/<[^>]*>/ /g; s/&quot;/"/g; s/&#39;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/  */ /g; s/^ //; s/ $//'
	}
	local own='No rule asks for its stop, so it is not among the due and has its own commands (-f stops what no rule asks for). The plan, which stops nothing:'
	[ "$(first .)" = 'Look at this first ada/dev Due by another rule , 1h ago: demo account. How to stop the 1 that is due' ]
	[ "$(first . '.name = "old" | .latest_build.transition = "stop" | .latest_build.status = "failed" | del(.cws.mine)')" = \
		"Look at this first ada/old Stuck , 6h 59m ago. $own cws-fetch | jq -c 'select(.id == \"31d5a3d6-9970-469a-8b4f-3c66c358f2ef\")' | tee one.ndjson | cws-stop -f --max 1 | cws-report The stop, within 15 minutes; cws-start does not take this one back: cws-stop -f --max 1 -x <one.ndjson >one-stopped.ndjson How to stop the 1 that is due" ]
	# What cannot be named in a command has none.
	[ "$(first '.id = "x" | .latest_build.transition = "stop" | .latest_build.status = "failed" | del(.cws.mine)')" = 'Look at this first ada/dev Stuck , 6h 59m ago.' ]
	[ "$(first '.cws.mine.due = false')" = 'Nothing is due No rule asks for a stop now.' ]
	# It is calm only where it can know.
	[ "$(first 'del(.cws.mine)')" = "" ]
	[ "$({ record '.cws.mine.due = false' && printf '{"id"'; } | { cws-report -q -N "$NOW" -f html 2>/dev/null || true; } | grep -c 'Nothing is due')" -eq 0 ]
	# Where a run has done it, the way back is told instead.
	record '.cws.stop = {result: "stopped", why: "w", rule: "mine", run: "r", at: "2026-11-23T03:02:00Z"}' | page >"$PAGE"
	grep -q 'To take it back (1): ' "$PAGE"
	run ! grep -q 'id="how"' "$PAGE"
}
