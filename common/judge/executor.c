/* executor.c - the executor's rules over one workspace, one by one. */

#include "judge/executor.h"

#include <stddef.h>

#define MIN_US (60 * US_PER_S)
#define DAY_US (24 * 60 * MIN_US)

int64_t
executor_minute_at(int64_t us)
{
	int64_t into = us % MIN_US;

	return into == 0 ? us : executor_minute_after(us);
}

int64_t
executor_minute_after(int64_t us)
{
	int64_t into = us % MIN_US;

	return add_sat(us - into + (into < 0 ? -MIN_US : 0), MIN_US);
}

/* The executor's first look that finds the instant passed; of one that has gone by, the next. */
static struct when
tick_after(int64_t us, int64_t now_us)
{
	int64_t tick = executor_minute_after(us);

	return when_at(tick >= now_us ? tick : executor_minute_after(now_us));
}

static int64_t
after_ms(int64_t us, int64_t span_ms)
{
	int64_t span_us;

	if (__builtin_mul_overflow(span_ms, INT64_C(1000), &span_us))
		span_us = INT64_MAX;
	return add_sat(us, span_us);
}

static void
consider(struct executor_act *first, struct when at, const char *by, struct when basis)
{
	if (!at.known || (first->at.known && first->at.us <= at.us))
		return;
	first->at = at;
	first->by = by;
	first->basis = basis;
}

struct when
executor_dormant(const struct autostop_facts *f, bool licensed, int64_t now_us)
{
	if (!licensed || f->dormant.known || f->time_til_dormant_ms <= 0 || !f->last_used.known)
		return when_none();
	return tick_after(after_ms(f->last_used.us, f->time_til_dormant_ms), now_us);
}

/* When a failed build is cleaned up, by a server that retries stops too. */
static struct when
cleanup_at(const struct autostop_facts *f, int64_t now_us)
{
	if (!f->failed || !f->completed.known || f->failure_ttl_ms <= 0 ||
	        (f->turn != TURN_START && f->turn != TURN_STOP))
		return when_none();
	return tick_after(after_ms(f->completed.us, f->failure_ttl_ms), now_us);
}

/* When a dormant workspace is deleted: a delete that failed is tried again a day later. */
static struct when
delete_at(const struct autostop_facts *f, int64_t now_us)
{
	int64_t from, again;

	if (!f->dormant.known || !f->deleting.known)
		return when_none();
	from = f->deleting.us;
	if (f->turn == TURN_DELETE && f->failed && f->completed.known) {
		again = add_sat(f->completed.us, DAY_US);
		from = again > from ? again : from;
	}
	return tick_after(from, now_us);
}

static const char *
deadline_name(const struct autostop_facts *f)
{
	bool forced = f->max_deadline.known && f->max_deadline.us == f->deadline.us;

	return forced ? "max_deadline" : "deadline";
}

/* The executor's rules in its order, so that of two at one tick its own choice is named. */
static struct executor_act
act_of(const struct autostop_facts *f, enum autostop_owner owner, bool licensed, int64_t now_us)
{
	struct executor_act act = { .by = NULL };
	bool                autostop = f->turn == TURN_START && !f->failed && !f->dormant.known;
	struct when         next = when_at(executor_minute_after(now_us));

	if (f->prebuild || f->deleted)
		return act;
	if (autostop && owner == OWNER_SUSPENDED)
		consider(&act, next, "suspended", when_none());
	if (autostop && f->deadline.known)
		consider(&act, tick_after(f->deadline.us, now_us), deadline_name(f), f->deadline);
	if (licensed && (f->turn == TURN_START || f->retries_stops == FACT_YES))
		consider(&act, cleanup_at(f, now_us), "failure_ttl", f->completed);
	if (f->turn == TURN_START)
		consider(&act, executor_dormant(f, licensed, now_us), "dormancy", f->last_used);
	if (licensed)
		consider(&act, delete_at(f, now_us), "autodelete", f->deleting);
	return act;
}

const char *
executor_skips(const struct autostop_facts *f)
{
	if (f->no_provisioner)
		return "when a provisioner comes back";
	return f->no_match ? "when a provisioner comes back that serves its template" : NULL;
}

static bool
same_act(const struct executor_act *a, const struct executor_act *b)
{
	return a->at.known == b->at.known && a->at.us == b->at.us;
}

/*
 * One more world: where its act is another than the first one's, what tells them apart is lacking.
 */
static void
add_world(struct executor_outlook *o, struct executor_act act, const char *lacks)
{
	if (act.at.known && (!o->soonest.known || act.at.us < o->soonest.us))
		o->soonest = act.at;
	if (!same_act(&o->act, &act))
		o->lacks = lacks;
}

/*
 * The act where all is as usual: an active owner, no licence.  Then the worlds that are possible
 * too.
 */
static struct executor_outlook
look_at_worlds(const struct autostop_facts *f, int64_t now_us)
{
	enum autostop_owner     owner = f->owner == OWNER_UNKNOWN ? OWNER_ACTIVE : f->owner;
	bool                    licensed = f->licensed == FACT_YES;
	struct executor_outlook o = { .act = act_of(f, owner, licensed, now_us) };

	o.soonest = o.act.at;
	if (f->licensed == FACT_UNKNOWN)
		add_world(&o, act_of(f, owner, true, now_us), "whether scheduling is licensed");
	if (f->owner == OWNER_UNKNOWN)
		add_world(&o, act_of(f, OWNER_SUSPENDED, licensed, now_us), "its owner's status");
	if (f->owner == OWNER_UNKNOWN && f->licensed == FACT_UNKNOWN)
		add_world(&o, act_of(f, OWNER_SUSPENDED, true, now_us), "its owner's status");
	return o;
}

/* Does its template say when it becomes dormant, or whether its failed build is cleaned up? */
static bool
rests_on_template(const struct autostop_facts *f)
{
	if (f->turn == TURN_START)
		return f->failed || !f->dormant.known;
	return f->failed && f->turn == TURN_STOP && f->retries_stops != FACT_NO;
}

struct executor_outlook
executor_look(const struct autostop_facts *f, int64_t now_us)
{
	struct executor_outlook o = look_at_worlds(f, now_us);
	int64_t                 next = executor_minute_after(now_us);
	struct when             cleanup = when_none();
	/* What happens at the next tick in any case depends on nothing else. */
	bool                    at_once = o.lacks == NULL && o.act.at.known && o.act.at.us <= next;

	if (f->prebuild || f->deleted)
		return o;
	if (f->licensed != FACT_NO && !f->has_template && !at_once && rests_on_template(f)) {
		o.lacks = "its template";
		o.soonest = when_at(next);
	}
	if (f->licensed != FACT_NO && f->turn == TURN_STOP && f->retries_stops == FACT_UNKNOWN)
		cleanup = cleanup_at(f, now_us);
	if (cleanup.known && (!o.act.at.known || cleanup.us < o.act.at.us)) {
		o.lacks = "the server's version";
		o.soonest = cleanup;
	}
	if (o.lacks == NULL && o.act.at.known)
		o.lacks = executor_skips(f);
	return o;
}
