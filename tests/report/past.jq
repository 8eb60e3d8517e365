# Judged records with a run that has ended, and with the past as the programs to come will write it.
# jq -c -f past.jq
input_line_number as $n | (.cws.ttl.due or .cws.quiet.due) as $due
| .cws.usage = {at: "2026-11-23T03:00:00Z", source: "insights", grain_s: 3600, since: "2026-11-01T00:00:00Z", until: "2026-11-23T00:00:00Z", shared_by: 1,
	used: [["2026-11-20T08:00:00Z", "2026-11-20T\(10 + $n % 9):30:00Z"], ["2026-11-21T23:00:00Z", "2026-11-22T01:00:00Z"]]}
| .cws.habit = {due: false, state: (if $n % 2 == 0 then "likely" else "unlikely" end), stop_at: null, why: "w", at: "2026-11-23T03:02:21Z",
	p_permille: 10, days: 38, hits: 1, unused_s: 2400, next_likely_at: null, zone: "UTC"}
| .cws.whatif = {since: "2026-11-01T00:00:00Z", until: "2026-11-23T00:00:00Z", ran_s: 36000, policies: [
	{policy: "quiet mon-fri 18:00-08:00", saved_s: 21600, stops: 2, returns: 1, regrets: ($n % 3), cut: 0, saved_cost: 0.72},
	{policy: "ttl 8h bump 1h", saved_s: 9000, stops: 1, returns: 0, regrets: 0, cut: 0, saved_cost: 0.3},
	{policy: "habit 5%", saved_s: 16200, stops: 1, returns: 0, regrets: ($n % 2), cut: 0, saved_cost: 0.54}]}
| .cws.savings = {stops: 1, from: "2026-11-20T18:00:00Z", low_s: 3600, high_s: 7200, ended_by: "start", low_ended_by: "deadline", regret: ($n % 2),
	price: {currency: "EUR", per_hour: 0.12}, cost_low: 0.12, cost_high: 0.24}
| if $due then .cws.stop = {result: (if $n % 7 == 0 then "failed" elif $n % 5 == 0 then "unknown" else "stopped" end), rule: (if .cws.ttl.due then "ttl" else "quiet" end),
		why: (if $n % 7 == 0 then "HTTP 403" elif $n % 5 == 0 then "the answer was lost, and the build is unchanged" else "it was due" end), run: "20261123T030000Z-4711",
		at: "2026-11-23T03:01:10Z", took_ms: 48000, error: (if $n % 7 == 0 then "Forbidden: you are not allowed to stop this workspace" else null end)}
	else . end
