/* quiet_show.c - a schedule of quiet hours in words and in JSON. */

#include "filter/quiet_show.h"

#include <unistd.h>

#include "base/json_write.h"
#include "filter/stage.h"

void
quiet_put_schedule(struct buf *b, const struct quiet_rule *rule, const struct quiet_schedule *s,
        const struct quiet_verdict *q)
{
	json_write_text(b, "zone", s->zone[0] != '\0' ? s->zone : NULL);
	json_write_when(b, "window_start", q->window_start);
	json_write_when(b, "window_end", q->window_end);
	json_write_int(b, "grace_s", rule->grace_s);
	json_write_int_or_null(b, "idle_s", rule->has_idle, rule->idle_s);
	json_write_int(b, "min_uptime_s", rule->min_uptime_s);
	json_write_text(b, "schedule", quiet_source_names[s->source]);
}

struct quiet_verdict
quiet_now(const struct quiet_setup *s)
{
	struct when        start = s->schedule.view.held.start;
	struct when        started = start.known ? start : when_at(s->schedule.now_us);
	struct quiet_facts f = { .life = LIFE_RUNNING, .started = started };
	struct quiet_rule  rule = { .grace_s = s->rule.grace_s, .off = s->rule.off };

	return quiet_decide(&f, &rule, &s->schedule);
}

static void
show(struct buf *b, const struct quiet_setup *s, bool json)
{
	struct quiet_verdict q = quiet_now(s);
	bool                 always = s->schedule.view.always && !s->rule.off;
	bool        inside = always || (q.window_start.known && q.window_start.us <= q.v.at_us);
	struct when ends = always ? when_none() : q.v.stop_at, next = q.window_start;
	struct text when;

	if (inside)
		next = q.v.due || !ends.known ? q.window_end : ends;
	if (json) {
		json_write_open(b, NULL);
		json_write_flag(b, "quiet", inside);
		json_write_flag(b, "grace_over", q.v.due);
		json_write_when(b, "grace_ends", ends);
		json_write_when(b, "next_change", next);
		json_write_text(b, "why", q.v.why.s);
		json_write_when(b, "at", when_at(q.v.at_us));
		quiet_put_schedule(b, &s->rule, &s->schedule, &q);
		json_write_close(b);
		return;
	}
	text_clear(&when);
	if (next.known) {
		text_instant(&when, next.us);
		text_put(&when, ", in ");
		text_span(&when, floor_s(next.us - q.v.at_us));
	}
	buf_printf(b, "quiet now:   %s\ngrace over:  %s\nnext change: %s\nbecause:     %s",
	        inside ? "yes" : "no", q.v.due ? "yes" : "no", next.known ? when.s : "never",
	        q.v.why.s);
}

int
quiet_print(const struct quiet_setup *s, bool json)
{
	struct ndjson_out out;
	struct buf        b;

	buf_init(&b, BUF_RECORD_MAX);
	show(&b, s, json);
	ndjson_out_open(&out, STDOUT_FILENO);
	ndjson_put(&out, b.p, b.n);
	buf_release(&b);
	return ndjson_finish(&out, CWS_OK);
}
