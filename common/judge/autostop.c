/* autostop.c - the executor's rules over one workspace, and the verdicts beside them. */

#include "judge/autostop.h"

#include <string.h>

#define MIN_US  (60 * US_PER_S)
#define HOUR_US (60 * MIN_US)
#define DAY_US  (24 * HOUR_US)

const char *const autostop_states[] = { "kept", "now", "scheduled", "never", "stopped", "unknown", NULL };

/* One stop: when, by which rule, and the instant the rule rests on. */
struct act {
	struct when at, basis;
	const char *by;
};

/* What the server will do, as far as the facts say. */
struct outlook {
	struct act  act;
	const char *lacks;   /* the fact that decides and is not known; NULL: act is certain */
	struct when soonest; /* the first instant at which any of it could be; none: the server never acts */
};

/* When it starts by itself after a stop, or why not. */
struct comeback {
	struct when at;
	const char *lacks; /* as above; at is none then */
	const char *none;  /* why it does not start */
};

/* The first whole minute strictly after an instant. */
static int64_t
minute_after(int64_t us)
{
	int64_t into = us % MIN_US;

	return add_sat(us - into + (into < 0 ? -MIN_US : 0), MIN_US);
}

/* The executor's first look that finds the instant passed; one that has gone by leaves the next look. */
static struct when
tick_after(int64_t us, int64_t now_us)
{
	int64_t tick = minute_after(us);

	return when_at(tick > now_us ? tick : minute_after(now_us));
}

static int64_t
after_ms(int64_t us, int64_t span_ms)
{
	int64_t span_us;

	return add_sat(us, __builtin_mul_overflow(span_ms, INT64_C(1000), &span_us) ? INT64_MAX : span_us);
}

static void
consider(struct act *first, struct when at, const char *by, struct when basis)
{
	if (!at.known || (first->at.known && first->at.us <= at.us))
		return;
	first->at = at;
	first->by = by;
	first->basis = basis;
}

static struct when
dormant_from(const struct autostop_facts *f, bool licensed, int64_t now_us)
{
	if (!licensed || f->dormant.known || f->time_til_dormant_ms <= 0 || !f->last_used.known)
		return when_none();
	return tick_after(after_ms(f->last_used.us, f->time_til_dormant_ms), now_us);
}

static bool
cleans_up(const struct autostop_facts *f)
{
	return f->failed && f->completed.known && f->failure_ttl_ms > 0 &&
	       (f->turn == TURN_START || (f->turn == TURN_STOP && f->retries_stops == FACT_YES));
}

static const char *
deadline_name(const struct autostop_facts *f)
{
	return f->max_deadline.known && f->max_deadline.us == f->deadline.us ? "max_deadline" : "deadline";
}

/* The executor's rules in its order, so that of two at one tick its own choice is named. */
static struct act
server_act(const struct autostop_facts *f, enum autostop_owner owner, bool licensed, int64_t now_us)
{
	struct act act = { .by = NULL };
	int64_t    from;

	if (f->prebuild || f->deleted)
		return act;
	if (f->turn == TURN_START && !f->failed && !f->dormant.known) {
		if (owner == OWNER_SUSPENDED)
			consider(&act, when_at(minute_after(now_us)), "suspended", when_none());
		else if (f->deadline.known)
			consider(&act, tick_after(f->deadline.us, now_us), deadline_name(f), f->deadline);
	}
	if (licensed && cleans_up(f))
		consider(&act, tick_after(after_ms(f->completed.us, f->failure_ttl_ms), now_us),
		        "failure_ttl", f->completed);
	if (f->turn == TURN_START)
		consider(&act, dormant_from(f, licensed, now_us), "dormancy", f->last_used);
	if (licensed && f->dormant.known && f->deleting.known) {
		from = f->deleting.us;
		/* A delete that failed is tried again a day later. */
		if (f->turn == TURN_DELETE && f->failed && f->completed.known && add_sat(f->completed.us, DAY_US) > from)
			from = add_sat(f->completed.us, DAY_US);
		consider(&act, tick_after(from, now_us), "autodelete", f->deleting);
	}
	return act;
}

/* Why the executor may skip its builds, tick after tick; NULL: nothing says so. */
static const char *
skipped_for(const struct autostop_facts *f)
{
	return f->no_provisioner ? "when a provisioner comes back" :
	       f->may_mismatch   ? "whether its new template version asks for new parameters" :
	                           NULL;
}

static bool
same_act(const struct act *a, const struct act *b)
{
	return a->at.known == b->at.known && a->at.us == b->at.us;
}

/* The server's stop in every world that the facts leave open; where these differ, what they lack. */
static struct outlook
look_at_server(const struct autostop_facts *f, int64_t now_us)
{
	static const enum autostop_owner owners[] = { OWNER_ACTIVE, OWNER_SUSPENDED };
	struct outlook                   o = { .lacks = NULL };
	bool                             first = true, at_once;
	int                              who, licence;

	for (who = 0; who < (f->owner == OWNER_UNKNOWN ? 2 : 1); who++)
		for (licence = 0; licence < 2; licence++) {
			struct act act;

			if (f->licensed != FACT_UNKNOWN && (f->licensed == FACT_YES) != (licence != 0))
				continue;
			act = server_act(f, f->owner == OWNER_UNKNOWN ? owners[who] : f->owner, licence != 0,
			        now_us);
			if (act.at.known && (!o.soonest.known || act.at.us < o.soonest.us))
				o.soonest = act.at;
			if (first)
				o.act = act;
			else if (!same_act(&o.act, &act))
				o.lacks = who != 0 ? "its owner's status" : "whether scheduling is licensed";
			first = false;
		}
	/* What happens at the next tick in any case depends on nothing else. */
	at_once = o.lacks == NULL && o.act.at.known && o.act.at.us <= minute_after(now_us);
	if (f->prebuild || f->deleted)
		return o;
	/* Its template says when it becomes dormant, and whether a failed build is cleaned up. */
	if (f->licensed != FACT_NO && !f->has_template && !at_once &&
	    ((f->turn == TURN_START && (f->failed || !f->dormant.known)) ||
	     (f->failed && f->turn == TURN_STOP && f->retries_stops != FACT_NO))) {
		o.lacks = "its template";
		o.soonest = when_at(minute_after(now_us));
	}
	if (f->licensed != FACT_NO && f->failed && f->turn == TURN_STOP && f->failure_ttl_ms > 0 &&
	    f->retries_stops == FACT_UNKNOWN) {
		o.lacks = "the server's version";
		o.soonest = when_at(minute_after(now_us));
	}
	if (o.lacks == NULL && o.act.at.known)
		o.lacks = skipped_for(f);
	return o;
}

/* The verdict that asks for a stop first; NULL: none does. */
static const struct verdict_seen *
first_rule(const struct autostop_facts *f, const struct verdict_seen *seen, size_t n, int64_t now_us,
           struct when *at)
{
	const struct verdict_seen *rule = NULL;
	struct when                asked;
	size_t                     i;

	*at = when_none();
	if (f->life != LIFE_RUNNING && f->life != LIFE_STUCK)
		return NULL;
	for (i = 0; i < n; i++) {
		if (!seen[i].at.known || seen[i].unreadable != NULL) /* it stops nothing */
			continue;
		asked = seen[i].due ? when_at(now_us) : seen[i].stop_at;
		if (!asked.known || (!seen[i].due && asked.us <= now_us))
			continue;
		if (rule != NULL && at->us <= asked.us)
			continue;
		rule = &seen[i];
		*at = asked;
	}
	return rule;
}

static const struct verdict_seen *
keeper(const struct verdict_seen *seen, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (seen[i].keep)
			return &seen[i];
	return NULL;
}

/* What stops it first, and how sure that is. */
struct plan {
	const struct verdict_seen *keep;
	const struct verdict_seen *rule; /* the verdict that wins; NULL: the server does, or nobody */
	struct outlook             server;
	struct when                stop_at;
	const char                *by;
};

static bool
is_changing(const struct autostop_facts *f)
{
	bool ended = f->turn == TURN_DELETE && (f->failed || f->canceled);

	return f->life == LIFE_CHANGING || (f->life == LIFE_UNKNOWN && !ended);
}

static struct plan
make_plan(const struct autostop_facts *f, const struct verdict_seen *seen, size_t n, int64_t now_us)
{
	struct plan p = { .by = NULL };
	struct when asked = when_none();

	p.keep = keeper(seen, n);
	if (is_changing(f))
		return p;
	p.server = look_at_server(f, now_us);
	if (p.keep == NULL) {
		p.rule = first_rule(f, seen, n, now_us, &asked);
		if (p.rule != NULL && p.server.soonest.known && asked.us >= p.server.soonest.us)
			p.rule = NULL;
	}
	if (p.rule != NULL) {
		p.stop_at = asked;
		p.by = p.rule->name;
	} else if (p.server.lacks == NULL) {
		p.stop_at = p.server.act.at;
		p.by = p.server.act.by;
	}
	return p;
}

/* The first autostart after base, as the schedule and next_start_at have it. */
static struct when
first_start(const struct autostop_facts *f, uint8_t days, int64_t base_us)
{
	struct when next = cron_next_on(&f->cron, f->tz, days, base_us), fits;

	/* The server waits for next_start_at too; one that its schedule no longer has is computed anew. */
	if (f->next_start.known && f->next_start.us > base_us) {
		fits = cron_next_on(&f->cron, f->tz, days, f->next_start.us - 1);
		if (fits.known && fits.us == f->next_start.us)
			next = f->next_start;
	}
	/* A firing of an hour's first pass that the second one finds passed: the next look starts it. */
	if (next.known && next.us <= base_us)
		next = when_at(minute_after(base_us));
	return next;
}

/* The instant from which an autostart counts: the stop, or the look at what has stopped. */
static int64_t
start_base(const struct autostop_facts *f, const struct plan *p, int64_t now_us)
{
	if (p->stop_at.known)
		return p->stop_at.us;
	return f->created.known && f->created.us > now_us ? f->created.us : now_us;
}

static struct comeback
look_at_start(const struct autostop_facts *f, const struct plan *p, int64_t now_us)
{
	struct comeback c = { .none = NULL };
	int64_t         base = start_base(f, p, now_us);
	struct when     plain, asleep = dormant_from(f, f->licensed != FACT_NO, now_us);
	bool            licence_counts;

	if (p->by != NULL && strcmp(p->by, "autodelete") == 0)
		c.none = "the server deletes it";
	else if (f->prebuild)
		c.none = "it is a prebuilt workspace";
	else if (f->dormant.known || (p->by != NULL && strcmp(p->by, "dormancy") == 0))
		c.none = "it is dormant";
	else if (!p->stop_at.known && (f->deleted || f->failed || f->turn != TURN_STOP))
		c.none = f->deleted ? "it is deleted" :
		         f->failed  ? "its last build failed" :
		                      "its last build was no stop";
	else if (f->schedule == NULL)
		c.none = "it has no autostart schedule";
	else if (f->owner == OWNER_SUSPENDED || f->owner == OWNER_DORMANT)
		c.none = f->owner == OWNER_DORMANT ? "its owner is dormant" : "its owner is suspended";
	else if (!f->has_cron)
		c.lacks = "what its autostart schedule means";
	else if (f->tz == NULL)
		c.lacks = "the time zone of its autostart schedule";
	if (c.none != NULL || c.lacks != NULL)
		return c;

	plain = first_start(f, f->licensed == FACT_YES ? f->days : CRON_DAILY, base);
	c.at = plain;
	if (!plain.known) {
		c.none = "its template allows it on none of the days of its schedule";
	} else if (f->owner == OWNER_UNKNOWN) {
		c.lacks = "its owner's status";
	} else if (f->licensed != FACT_NO && !f->has_template) {
		c.lacks = "its template";
	} else if (f->licensed == FACT_UNKNOWN) {
		struct when other = first_start(f, f->days, base);

		licence_counts = !other.known || other.us != plain.us ||
		                 (asleep.known && asleep.us < plain.us);
		c.lacks = licence_counts ? "whether scheduling is licensed" : NULL;
	} else if (asleep.known && asleep.us < plain.us) {
		c.none = "it is dormant by then";
	}
	if (c.none == NULL && c.lacks == NULL)
		c.lacks = skipped_for(f);
	if (c.none != NULL || c.lacks != NULL)
		c.at = when_none();
	return c;
}

int64_t
autostop_around(const struct autostop_facts *f, const struct verdict_seen *seen, size_t n, int64_t now_us)
{
	struct plan p = make_plan(f, seen, n, now_us);

	return start_base(f, &p, now_us);
}

/* "2h 3m" from now. */
static void
put_in(struct text *t, int64_t at_us, int64_t now_us)
{
	text_span(t, floor_s(at_us - now_us));
}

static void
put_ms(struct text *t, const char *before, int64_t ms, const char *behind)
{
	text_put(t, before);
	text_span(t, ms / 1000);
	text_put(t, behind);
}

/* "the server stops it in 3h 2m, ...": the sentence of an act. */
static void
say_server(struct text *t, const struct autostop_facts *f, const struct act *act, const char *all_the_same,
           int64_t now_us)
{
	const char *by = act->by;

	text_put(t, strcmp(by, "autodelete") == 0 ? "the server deletes it" : "the server stops it");
	text_put(t, all_the_same);
	text_put(t, " in ");
	put_in(t, act->at.us, now_us);
	if (strcmp(by, "suspended") == 0) {
		text_put(t, ", at its next tick: its owner is suspended");
		return;
	}
	if (strcmp(by, "failure_ttl") == 0)
		text_put(t, f->turn == TURN_START ? ": its start failed at " : ": its stop failed at ");
	else if (strcmp(by, "dormancy") == 0)
		text_put(t, ", as dormant: last used at ");
	else if (strcmp(by, "autodelete") == 0)
		text_put(t, ": it is dormant, and deleting_at is ");
	else if (strcmp(by, "deadline") == 0)
		text_put(t, ", the first minute after its deadline ");
	else
		text_put(t, ", the first minute after its max_deadline, which no use extends, ");
	text_instant(t, act->basis.us);
	if (strcmp(by, "failure_ttl") == 0)
		put_ms(t, ", failure_ttl is ", f->failure_ttl_ms, "");
	else if (strcmp(by, "dormancy") == 0)
		put_ms(t, ", time_til_dormant is ", f->time_til_dormant_ms, "");
	else if (strcmp(by, "deadline") == 0 && f->ttl_ms > 0)
		put_ms(t, " (ttl ", f->ttl_ms, ")");
	if (act->basis.known && minute_after(act->basis.us) < act->at.us && f->deadline.known &&
	    act->basis.us == f->deadline.us) {
		text_put(t, ", which passed ");
		text_span(t, floor_s(now_us - act->basis.us));
		text_put(t, " ago");
	}
}

static void
say_rule(struct autostop *a, const struct verdict_seen *rule, const struct outlook *server)
{
	struct text *t = &a->why;

	text_put(t, rule->name);
	if (rule->due) {
		text_put(t, " says stop it now");
	} else {
		text_put(t, " stops it in ");
		put_in(t, a->stop_at.us, a->at_us);
		if (server->lacks == NULL && server->act.at.known) {
			text_put(t, ", before the server does at ");
			text_instant(t, server->act.at.us);
		}
	}
	if (rule->why[0] != '\0') {
		text_put(t, ": ");
		text_put(t, rule->why);
	}
}

/* Nothing stops it: why not. */
static void
say_idle(struct autostop *a, const struct autostop_facts *f, const char *state)
{
	struct text *t = &a->why;

	a->state = state;
	if (f->life == LIFE_STUCK) {
		text_put(t, f->canceled ? "its last stop was canceled" : "its last stop failed");
		text_put(t, ": it may still be running, and the server does not stop it again");
	} else if (f->turn == TURN_DELETE && !f->deleted) {
		text_put(t, f->canceled ? "its last delete was canceled" : "its last delete failed");
		text_put(t, ": part of it may still be running, and the server does not try again");
	} else if (life_is_down(f->life)) {
		text_put(t, f->deleted            ? "it is deleted" :
		            f->turn == TURN_STOP ? "it is stopped" :
		            f->failed            ? "its last start failed, so it is not running" :
		                                   "its last start was canceled, so it is not running");
	} else if (f->prebuild) {
		text_put(t, "a prebuilt workspace: only the prebuild reconciler stops it");
	} else if (f->dormant.known) {
		text_put(t, "it is dormant: the server stops no dormant workspace, whatever its deadline");
	} else {
		text_put(t, "it has no deadline, and no rule on the record stops it");
		if (f->ttl_ms > 0)
			put_ms(t, "; its ttl of ", f->ttl_ms, " waits for the next start");
	}
}

static void
say_start(struct autostop *a, const struct autostop_facts *f, const struct comeback *c)
{
	struct text *t = &a->why;

	if (c->at.known) {
		text_put(t, a->stop_at.known ? "; it starts again in " : "; it starts by itself in ");
		put_in(t, c->at.us, a->at_us);
		text_put(t, " (");
		text_put(t, f->schedule);
		text_put(t, ")");
	} else if (c->lacks != NULL) {
		text_put(t, "; when it starts again is not known for want of ");
		text_put(t, c->lacks);
	} else if (life_is_down(f->life) && !f->deleted) {
		text_put(t, "; no autostart: ");
		text_put(t, c->none);
	}
}

static void
say_lacks(struct autostop *a, const char *lacks, const struct outlook *server)
{
	a->state = "unknown";
	text_put(&a->why, "not known: ");
	text_put(&a->why, lacks);
	if (server->act.at.known) {
		text_put(&a->why, "; all else being equal the server stops it at ");
		text_instant(&a->why, server->act.at.us);
		text_put(&a->why, " by its ");
		text_put(&a->why, server->act.by);
	}
}

static struct text *
conflict(struct autostop *a, const char *code, const char *why)
{
	struct autostop_conflict *c = &a->conflict[a->conflicts++];

	c->code = code;
	text_clear(&c->why);
	text_put(&c->why, why);
	return &c->why;
}

static void
put_ttl(struct text *t, int64_t ms)
{
	if (ms > 0)
		text_span(t, ms / 1000);
	else
		text_put(t, "none");
}

/* Contradictions between its own settings, the server's rules and the verdicts. */
static void
find_conflicts(struct autostop *a, const struct autostop_facts *f, const struct plan *p,
               const struct verdict_seen *seen, size_t n)
{
	const struct verdict_seen *quiet = NULL;
	struct text               *t;
	size_t                     i;
	bool                       unsure = p->server.lacks != NULL;

	for (i = 0; i < n; i++)
		if (strcmp(seen[i].name, "quiet") == 0)
			quiet = &seen[i];
	if (quiet != NULL && a->restarts_at.known && quiet->window_start.known && quiet->window_end.known &&
	    a->restarts_at.us >= quiet->window_start.us && a->restarts_at.us < quiet->window_end.us) {
		t = conflict(a, "autostart-in-quiet", "it starts at ");
		text_instant(t, a->restarts_at.us);
		text_put(t, ", within quiet hours that last until ");
		text_instant(t, quiet->window_end.us);
	}
	if (a->stop_at.known && a->restarts_at.known && a->restarts_at.us - a->stop_at.us <= HOUR_US) {
		t = conflict(a, "restart-soon", "it starts again ");
		text_span(t, floor_s(a->restarts_at.us - a->stop_at.us));
		text_put(t, " after it stops");
	}
	if (!f->prebuild && !f->deleted && f->has_default_ttl && f->ttl_ms != f->default_ttl_ms) {
		t = conflict(a, "ttl-not-template", "its ttl is ");
		put_ttl(t, f->ttl_ms);
		text_put(t, ", its template's default is ");
		put_ttl(t, f->default_ttl_ms);
	}
	if (f->life == LIFE_RUNNING && !f->prebuild && !a->stop_at.known && !unsure)
		conflict(a, "no-limit", "it is running, and nothing ever stops it");
	if (quiet != NULL && f->life == LIFE_RUNNING && !unsure && p->server.act.at.known &&
	    f->deadline.known && p->server.act.basis.us == f->deadline.us && quiet->stop_at.known &&
	    quiet->stop_at.us < f->deadline.us) {
		t = conflict(a, "deadline-after-quiet", "its deadline ");
		text_instant(t, f->deadline.us);
		text_put(t, " comes after quiet hours would have stopped it");
	}
	if (f->life == LIFE_STUCK && !unsure && !p->server.act.at.known)
		conflict(a, "stuck", f->canceled ? "its last stop was canceled, and nobody tries again" :
		                                   "its last stop failed, and nobody tries again");
}

struct autostop
autostop_decide(const struct autostop_facts *f, const struct verdict_seen *seen, size_t n, int64_t now_us)
{
	struct autostop a = { .at_us = now_us };
	struct plan     p = make_plan(f, seen, n, now_us);
	struct comeback c = { .none = NULL };

	if (is_changing(f)) {
		a.state = "unknown";
		text_put(&a.why, f->life == LIFE_CHANGING ?
		        "changing: a build is under way" :
		        "its latest build is in no state this version knows");
	} else {
		a.stop_at = p.stop_at;
		a.by = p.by;
		if (p.keep != NULL && p.stop_at.known)
			say_server(&a.why, f, &p.server.act, " all the same", now_us);
		else if (p.rule != NULL)
			say_rule(&a, p.rule, &p.server);
		else if (p.server.lacks != NULL)
			say_lacks(&a, p.server.lacks, &p.server);
		else if (p.stop_at.known)
			say_server(&a.why, f, &p.server.act, "", now_us);
		else
			say_idle(&a, f, life_is_down(f->life) ? "stopped" : "never");
		if (a.state == NULL && p.rule != NULL)
			a.state = p.rule->due ? "now" : "scheduled";
		else if (a.state == NULL)
			a.state = a.stop_at.us <= minute_after(now_us) ? "now" : "scheduled";
		/* What follows a stop that is not known is not known either. */
		if (p.server.lacks == NULL || p.rule != NULL || f->turn == TURN_STOP) {
			c = look_at_start(f, &p, now_us);
			a.restarts_at = c.at;
			say_start(&a, f, &c);
		}
		if (strcmp(a.state, "stopped") == 0 && c.lacks != NULL && f->has_cron && f->tz != NULL)
			a.state = "unknown";
	}
	if (p.keep != NULL) {
		a.state = "kept";
		text_put(&a.why, "; kept by ");
		text_put(&a.why, p.keep->name);
		if (p.keep->why[0] != '\0') {
			text_put(&a.why, ": ");
			text_put(&a.why, p.keep->why);
		}
	}
	find_conflicts(&a, f, &p, seen, n);
	return a;
}
