/* ttl.c - the ttl verdict. */

#include "judge/ttl.h"

#include <stddef.h>

const char *const ttl_states[] = { "prebuild", "changing", "failed", "stuck", "stopped", "expired",
	"overrun", "soon", "ok", "unlimited", "unknown", NULL };

static void
say(struct ttl_verdict *t, const char *state, const char *why)
{
	t->v.state = state;
	text_put(&t->v.why, why);
}

/* A span in microseconds, at the end of int64 instead of past it. */
static int64_t
span_us(int64_t span, int64_t unit_us)
{
	int64_t us;

	return __builtin_mul_overflow(span, unit_us, &us) ? INT64_MAX : us;
}

/* From a to b; the longest span there is instead of a longer one. */
static int64_t
elapsed_us(int64_t a, int64_t b)
{
	int64_t us;

	return __builtin_sub_overflow(b, a, &us) ? (b > a ? INT64_MAX : -INT64_MAX) : us;
}

static struct when
later(struct when w, int64_t span_s)
{
	return w.known ? when_at(add_sat(w.us, span_us(span_s, US_PER_S))) : w;
}

static struct when
earlier_of(struct when a, struct when b)
{
	if (!a.known || !b.known)
		return a.known ? a : b;
	return a.us <= b.us ? a : b;
}

static bool
passed(struct when w, int64_t now_us)
{
	return w.known && w.us <= now_us;
}

/* " (ttl 8h)" */
static void
say_ttl(struct text *why, const struct ttl_facts *f)
{
	if (!f->has_ttl)
		return;
	text_put(why, " (ttl ");
	text_span(why, f->ttl_ms / 1000);
	text_put(why, ")");
}

/* " (transition delete, status failed)", in the server's words */
static void
say_build(struct text *why, const struct ttl_facts *f)
{
	text_put(why, " (transition ");
	text_put(why, f->transition != NULL ? f->transition : "missing");
	text_put(why, ", status ");
	text_put(why, f->status != NULL ? f->status : "missing");
	text_put(why, ")");
}

static void
decide_failed(struct ttl_verdict *t, const struct ttl_facts *f, const struct ttl_rule *rule)
{
	t->v.due = rule->failed;
	if (t->v.due)
		t->v.stop_at = when_at(t->v.at_us);
	say(t, "failed", f->canceled ? "its last start was canceled" : "its last start failed");
	text_put(&t->v.why, ", so it may have left resources that a stop takes away");
}

static void
decide_stuck(struct ttl_verdict *t, const struct ttl_facts *f, const struct ttl_rule *rule)
{
	t->v.due = !f->canceled || rule->canceled;
	if (t->v.due)
		t->v.stop_at = when_at(t->v.at_us);
	say(t, "stuck", f->canceled ? "its last stop was canceled" : "its last stop failed");
	text_put(&t->v.why, ", so it may still be running and the server does not retry");
}

static void
decide_deadline(struct ttl_verdict *t, const struct ttl_facts *f, const struct ttl_rule *rule)
{
	struct text *why = &t->v.why;
	struct when  end = later(f->deadline, rule->grace_s);
	int64_t      left_us = elapsed_us(t->v.at_us, f->deadline.us);

	if (left_us <= 0) {
		t->v.stop_at = end; /* also with --overrun: start plus ttl has no say any more */
		t->v.due = t->v.at_us > end.us;
		say(t, "expired", "deadline passed ");
		text_span(why, left_us / US_PER_S);
		text_put(why, " ago");
		say_ttl(why, f);
		if (!t->v.due) {
			text_put(why, ", within the grace of ");
			text_span(why, rule->grace_s);
		}
		return;
	}
	say(t, left_us <= span_us(rule->soon_s, US_PER_S) ? "soon" : "ok", "deadline in ");
	text_span(why, left_us / US_PER_S);
	say_ttl(why, f);
}

/* Start plus ttl: the end it would have had without a bump, an extension or an edit. */
static struct when
ttl_end(const struct ttl_facts *f)
{
	return f->has_ttl && f->started.known
	               ? when_at(add_sat(f->started.us, span_us(f->ttl_ms, 1000)))
	               : when_none();
}

/* Where its schedule cannot be read, the one that the deadline tells of; cron has whole minutes. */
static struct when
first_autostart(const struct ttl_facts *f)
{
	int64_t s = floor_s(f->deadline.us) - f->ttl_ms / 1000;

	if (!f->autostart_unread)
		return f->autostart;
	return s % 60 == 0 ? when_at(span_us(s, US_PER_S)) : when_none();
}

/*
 * The next autostart, across which the server itself set the deadline at the start, a ttl after it;
 * none where it did not.  Coder: schedule.CalculateAutostop
 */
static struct when
across_autostart(const struct ttl_facts *f, struct when by_ttl)
{
	struct when at;

	if (!by_ttl.known || !f->deadline.known)
		return when_none();
	at = first_autostart(f);
	if (!at.known || at.us <= f->started.us || at.us >= by_ttl.us ||
	        floor_s(f->deadline.us) != floor_s(add_sat(at.us, span_us(f->ttl_ms, 1000))))
		return when_none();
	return at;
}

static void
decide_unlimited(struct ttl_verdict *t, const struct ttl_facts *f, const struct ttl_rule *rule)
{
	struct when  limit = rule->has_limit ? later(f->started, rule->unlimited_s) : when_none();
	struct when  by_ttl = ttl_end(f);
	struct text *why = &t->v.why;

	t->basis = "none";
	/* Once its ttl has passed it is "overrun", which --unlimited does not stop. */
	if (!by_ttl.known || (limit.known && limit.us < by_ttl.us))
		t->v.stop_at = earlier_of(t->v.stop_at, limit);
	t->v.due = passed(limit, t->v.at_us);
	say(t, "unlimited", "no deadline: it never stops by itself");
	if (f->has_ttl) {
		text_put(why, "; its ttl of ");
		text_span(why, f->ttl_ms / 1000);
		text_put(why, " waits for the next start");
	}
	if (f->started.known) {
		text_put(why, "; running for ");
		text_span(why, elapsed_us(f->started.us, t->v.at_us) / US_PER_S);
	}
	if (t->v.due) {
		text_put(why, ", the limit is ");
		text_span(why, rule->unlimited_s);
	}
}

static void
decide_running(struct ttl_verdict *t, const struct ttl_facts *f, const struct ttl_rule *rule)
{
	struct when  by_ttl = ttl_end(f);
	struct text *why = &t->v.why;
	struct when  across = across_autostart(f, by_ttl);

	t->deadline = f->deadline;
	t->max_deadline = f->max_deadline;
	t->started = f->started;
	t->basis = "deadline";
	t->basis_at = f->deadline;
	t->v.stop_at = later(f->deadline, rule->grace_s);
	/* From the deadline on it is "expired" and has its grace, whatever its ttl. */
	if (rule->overrun && by_ttl.known && !across.known &&
	        (!f->deadline.known || by_ttl.us < f->deadline.us))
		t->v.stop_at = by_ttl;
	if (!passed(f->deadline, t->v.at_us) && passed(by_ttl, t->v.at_us) && !across.known) {
		t->basis = "ttl";
		t->basis_at = by_ttl;
		t->v.due = rule->overrun;
		say(t, "overrun", "running for ");
		text_span(why, elapsed_us(f->started.us, t->v.at_us) / US_PER_S);
		text_put(why, " with a ttl of ");
		text_span(why, f->ttl_ms / 1000);
		/* A bump, an extension or an edited ttl: the record does not say which. */
		text_put(why, f->deadline.known ? "; its deadline is " : "; it has no deadline");
		if (f->deadline.known)
			text_instant(why, f->deadline.us);
	} else if (f->deadline.known) {
		decide_deadline(t, f, rule);
		if (across.known && f->deadline.us > t->v.at_us) {
			text_put(why, "; the server ");
			text_put(why, f->autostart_unread ? "seems to have " : "");
			text_put(why, "set it across the autostart of ");
			text_instant(why, across.us);
		}
	} else {
		decide_unlimited(t, f, rule);
	}
}

struct ttl_verdict
ttl_decide(const struct ttl_facts *f, const struct ttl_rule *rule, int64_t now_us)
{
	struct ttl_verdict t = { .v = { .at_us = now_us }, .basis = "none" };

	if (f->prebuild) {
		t.v.keep = true;
		say(&t, "prebuild", "a prebuilt workspace: the prebuild reconciler owns it");
		return t;
	}
	switch (f->life) {
	case LIFE_CHANGING:
		say(&t, "changing", "a build is under way");
		say_build(&t.v.why, f);
		break;
	case LIFE_FAILED:
		decide_failed(&t, f, rule);
		break;
	case LIFE_STUCK:
		decide_stuck(&t, f, rule);
		break;
	case LIFE_STOPPED:
		say(&t, "stopped", "it is not running");
		say_build(&t.v.why, f);
		break;
	case LIFE_RUNNING:
		decide_running(&t, f, rule);
		break;
	case LIFE_UNKNOWN:
		say(&t, "unknown", "its latest build is in no state this version can judge");
		say_build(&t.v.why, f);
		break;
	}
	if (rule->off && (t.v.due || t.v.stop_at.known)) {
		t.v.due = false;
		t.v.stop_at = when_none();
		text_put(&t.v.why, "; this rule is switched off (ttl_monitor.enabled)");
	}
	return t;
}
