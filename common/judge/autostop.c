/* autostop.c - the server's stop beside the verdicts, and the sentence that says which is first. */

#include "judge/autostop.h"

#include <string.h>

#include "judge/autostart.h"
#include "judge/conflicts.h"
#include "judge/executor.h"

const char *const autostop_states[] = { "kept", "now", "scheduled", "never", "stopped", "unknown",
	NULL };

/* The verdict that asks for a stop first; NULL: none does. */
static const struct verdict_seen *
first_rule(const struct autostop_facts *f, const struct verdict_seen *seen, size_t n,
        int64_t now_us, struct when *at)
{
	const struct verdict_seen *rule = NULL;
	struct when                asked;
	size_t                     i;

	*at = when_none();
	if (!life_takes_stop(f->life))
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
	/* the verdict that wins; NULL: the server does, or nobody */
	const struct verdict_seen *rule;
	struct executor_outlook    server;
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
	p.server = executor_look(f, now_us);
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

int64_t
autostop_around(
        const struct autostop_facts *f, const struct verdict_seen *seen, size_t n, int64_t now_us)
{
	struct plan p = make_plan(f, seen, n, now_us);

	return autostart_around(f, p.stop_at, now_us);
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
say_server(struct text *t, const struct autostop_facts *f, const struct executor_act *act,
        const char *all_the_same, int64_t now_us)
{
	const char *by = act->by;

	text_put(
	        t, strcmp(by, "autodelete") == 0 ? "the server deletes it" : "the server stops it");
	text_put(t, all_the_same);
	text_put(t, " in ");
	put_in(t, act->at.us, now_us);
	if (strcmp(by, "suspended") == 0) {
		text_put(t, ", at its next tick: its owner is suspended");
		return;
	}
	if (strcmp(by, "failure_ttl") == 0)
		text_put(t,
		        f->turn == TURN_START ? ": its start failed at " : ": its stop failed at ");
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
	if (act->basis.known && executor_minute_after(act->basis.us) < act->at.us &&
	        f->deadline.known && act->basis.us == f->deadline.us) {
		text_put(t, ", which passed ");
		text_span(t, floor_s(now_us - act->basis.us));
		text_put(t, " ago");
	}
}

static void
say_rule(struct autostop *a, const struct verdict_seen *rule, const struct executor_outlook *server)
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
	if (f->prebuild && !life_is_down(f->life)) {
		text_put(t, "a prebuilt workspace: only the prebuild reconciler stops it");
	} else if (f->life == LIFE_STUCK) {
		text_put(t, f->canceled ? "its last stop was canceled" : "its last stop failed");
		text_put(t, ": it may still be running, and the server does not stop it again");
	} else if (f->turn == TURN_DELETE && !f->deleted) {
		text_put(
		        t, f->canceled ? "its last delete was canceled" : "its last delete failed");
		text_put(t, ": part of it may still be running, and the server does not try again");
	} else if (life_is_down(f->life)) {
		text_put(t, f->deleted             ? "it is deleted"
		            : f->turn == TURN_STOP ? "it is stopped"
		            : f->failed            ? "its last start failed, so it is not running"
		                        : "its last start was canceled, so it is not running");
	} else if (f->dormant.known) {
		text_put(t, "it is dormant: the server stops no dormant workspace, whatever its "
		            "deadline");
	} else {
		text_put(t, "it has no deadline, and no rule on the record stops it");
		if (f->ttl_ms > 0)
			put_ms(t, "; its ttl of ", f->ttl_ms, " waits for the next start");
	}
}

static void
say_start(struct autostop *a, const struct autostop_facts *f, const struct autostart *c)
{
	struct text *t = &a->why;

	if (c->at.known) {
		text_put(t,
		        a->stop_at.known ? "; it starts again in " : "; it starts by itself in ");
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
say_lacks(struct autostop *a, const char *lacks, const struct executor_outlook *server)
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

/* What stops it, and the sentence. */
static void
say_stop(struct autostop *a, const struct autostop_facts *f, const struct plan *p)
{
	a->stop_at = p->stop_at;
	a->by = p->by;
	if (p->rule != NULL)
		say_rule(a, p->rule, &p->server);
	else if (p->server.lacks != NULL)
		say_lacks(a, p->server.lacks, &p->server);
	else if (p->stop_at.known)
		say_server(&a->why, f, &p->server.act, p->keep != NULL ? " all the same" : "",
		        a->at_us);
	else
		say_idle(a, f, life_is_down(f->life) ? "stopped" : "never");
	if (a->state == NULL && p->rule != NULL)
		a->state = p->rule->due ? "now" : "scheduled";
	else if (a->state == NULL)
		a->state = a->stop_at.us <= executor_minute_after(a->at_us) ? "now" : "scheduled";
}

static void
say_kept(struct autostop *a, const struct verdict_seen *keep)
{
	a->state = "kept";
	text_put(&a->why, "; kept by ");
	text_put(&a->why, keep->name);
	if (keep->why[0] != '\0') {
		text_put(&a->why, ": ");
		text_put(&a->why, keep->why);
	}
}

struct autostop
autostop_decide(
        const struct autostop_facts *f, const struct verdict_seen *seen, size_t n, int64_t now_us)
{
	struct autostop  a = { .at_us = now_us };
	struct plan      p = make_plan(f, seen, n, now_us);
	struct autostart start = { .none = NULL };

	if (is_changing(f)) {
		a.state = "unknown";
		text_put(&a.why, f->life == LIFE_CHANGING
		                         ? "changing: a build is under way"
		                         : "its latest build is in no state this version knows");
	} else {
		say_stop(&a, f, &p);
		/* What follows a stop that is not known is not known either. */
		if (p.server.lacks == NULL || p.rule != NULL || f->turn == TURN_STOP) {
			start = autostart_look(f, p.stop_at, p.by, now_us);
			a.restarts_at = start.at;
			say_start(&a, f, &start);
		}
		if (strcmp(a.state, "stopped") == 0 && start.lacks != NULL && f->has_cron &&
		        f->tz != NULL)
			a.state = "unknown";
	}
	if (p.keep != NULL)
		say_kept(&a, p.keep);
	conflicts_find(&a, f, &p.server, seen, n);
	return a;
}
