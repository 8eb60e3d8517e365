# Records whose every text could be taken for something else by one format or another:
# tags, formulas, mentions, links, columns, escapes, what turns the writing round, what is too long.
# jq -nc -f hostile.jq
def names:
	"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg onload=alert(1)>", "</style><b>", "a|b", "a\\|b", "=cmd|' /C calc'!A0",
	"<!channel>", "<@U123>", "esc\u001b[31m", "\u202egpj.exe", "+1", "-1", "@sum", "`rm -rf`", "a\\b", "*b*", "_u_", "~~s~~", "$x$",
	"[x](http://evil.example)", "![x](http://evil.example)", "www.evil.example", "http://evil.example", "a@evil.example", "\"q\",", "# h", "- [ ] t",
	("x" * 300), ("\u00e9\u65e5" * 100), "line\nfeed", "tab\tcell", "cws_due{rule=\"x\"} 1", "&amp;", "&lt;b&gt;", "a\u200eb\u2066c\u0085d\u2028e", "{{7*7}}", "%s%n", "";
names as $name | {id: "31d5a3d6-9970-469a-8b4f-3c66c358f2ef", name: $name, owner_name: $name, organization_name: $name, template_name: $name,
	last_used_at: "2026-11-23T03:00:00Z",
	latest_build: {status: "failed", transition: "start", job: {completed_at: "2026-11-22T20:00:10Z"}},
	cws: {fetch: {at: "2026-11-23T03:00:00Z", url: $name, scheduling: false, server: {version: $name, clock_offset_ms: 0, provisioners_live: 1}, template: null,
			owner: {status: $name, last_seen_at: "2026-11-23T01:00:00Z", email: null, groups: null, quiet_hours: null}},
		mine: {due: true, state: $name, stop_at: null, why: $name, at: "2026-11-23T03:02:21Z"},
		autostop: {state: $name, stop_at: null, why: $name, at: "2026-11-23T03:02:21Z", by: $name, restarts_at: null, conflicts: [{code: $name, why: $name}]},
		stop: {result: "failed", why: $name, rule: $name, run: $name, at: "2026-11-23T03:00:00Z", error: $name},
		whatif: {since: "2026-11-01T00:00:00Z", until: "2026-11-23T00:00:00Z", ran_s: 3600,
			policies: [{policy: $name, saved_s: 60, stops: 1, returns: 0, regrets: 0, cut: 0, saved_cost: null}]},
		savings: {stops: 1, from: "2026-11-20T18:00:00Z", low_s: 60, high_s: 120, ended_by: $name, low_ended_by: $name, regret: 0,
			price: {currency: $name, per_hour: 1}, cost_low: 1, cost_high: 2}}}
