/* conflicts.c - each contradiction, one after the other. */

#include "judge/conflicts.h"

#include <stdbool.h>
#include <string.h>

#include "judge/autostart.h"

#define HOUR_US (3600 * US_PER_S)

/* What is looked at, together. */
struct search {
	struct autostop               *a;
	const struct autostop_facts   *f;
	const struct executor_outlook *server;
	const struct verdict_seen     *quiet; /* NULL: it was not asked */
};

static struct text *
conflict(const struct search *s, const char *code, const char *why)
{
	struct autostop_conflict *c = &s->a->conflict[s->a->conflicts++];

	c->code = code;
	text_clear(&c->why);
	text_put(&c->why, why);
	return &c->why;
}

/*
 * Without a gap in the week there is no window to tell.  A verdict that rests on
 * the hours is inside them then; of the others only the sentence says so.
 */
static bool
always_quiet(const struct verdict_seen *quiet)
{
	static const char *const inside[] = { "quiet", "grace", "young", "active" };
	size_t                   i;

	if (quiet->window_start.known || quiet->window_end.known)
		return false;
	for (i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		if (strcmp(quiet->state, inside[i]) == 0)
			return true;
	return strstr(quiet->why, "always quiet") != NULL;
}

static void
find_in_quiet(const struct search *s)
{
	const struct verdict_seen *q = s->quiet;
	struct when                start = s->a->restarts_at;
	struct text               *t;

	if (q == NULL || !start.known)
		return;
	if (always_quiet(q)) {
		t = conflict(s, "autostart-in-quiet", "it starts at ");
		text_instant(t, start.us);
		text_put(t, ", and it is always quiet");
	} else if (q->window_start.known && q->window_end.known && start.us >= q->window_start.us &&
	           start.us < q->window_end.us) {
		t = conflict(s, "autostart-in-quiet", "it starts at ");
		text_instant(t, start.us);
		text_put(t, ", within quiet hours that last until ");
		text_instant(t, q->window_end.us);
	}
}

static void
find_restart_soon(const struct search *s)
{
	struct when  stop = s->a->stop_at, start = s->a->restarts_at;
	struct text *t;

	if (!stop.known || !start.known || start.us - stop.us > HOUR_US)
		return;
	t = conflict(s, "restart-soon", "it starts again ");
	text_span(t, floor_s(start.us - stop.us));
	text_put(t, " after it stops");
}

static void
find_may_fail(const struct search *s)
{
	struct text *t;

	if (!s->a->restarts_at.known || !autostart_may_fail(s->f))
		return;
	t = conflict(s, "start-may-fail", "its autostart goes to a newer template version (");
	text_put(t, s->f->updates_always ? "automatic_updates is always"
	                                 : "its template requires the active version");
	text_put(t, "), and fails where that asks for something new");
}

static void
put_ttl(struct text *t, int64_t ms)
{
	if (ms > 0)
		text_span(t, ms / 1000);
	else
		text_put(t, "none");
}

static void
find_ttl(const struct search *s)
{
	const struct autostop_facts *f = s->f;
	struct text                 *t;

	if (f->prebuild || f->deleted || !f->has_default_ttl || f->ttl_ms == f->default_ttl_ms)
		return;
	t = conflict(s, "ttl-not-template", "its ttl is ");
	put_ttl(t, f->ttl_ms);
	text_put(t, ", its template's default is ");
	put_ttl(t, f->default_ttl_ms);
}

/* What a fact that lacks might change, a missing stop, is said only where none lacks. */
static void
find_no_stop(const struct search *s)
{
	const struct autostop_facts *f = s->f;

	if (f->prebuild || s->server->lacks != NULL)
		return;
	if (f->life == LIFE_RUNNING && !s->a->stop_at.known)
		conflict(s, "no-limit", "it is running, and nothing ever stops it");
	if (f->life == LIFE_STUCK && !s->server->act.at.known)
		text_put(conflict(s, "stuck",
		                 f->canceled ? "its last stop was canceled"
		                             : "its last stop failed"),
		        ", and nobody tries again");
}

/* The deadline and the verdict are both on the record, whatever else is not. */
static void
find_deadline_late(const struct search *s)
{
	const struct executor_act *act = &s->server->act;
	struct when                deadline = s->f->deadline;
	struct text               *t;

	if (s->quiet == NULL || !s->quiet->stop_at.known || s->f->life != LIFE_RUNNING)
		return;
	if (!act->at.known || !deadline.known || act->basis.us != deadline.us ||
	        s->quiet->stop_at.us >= deadline.us)
		return;
	t = conflict(s, "deadline-after-quiet", "its deadline ");
	text_instant(t, deadline.us);
	text_put(t, " comes after quiet hours would have stopped it");
}

void
conflicts_find(struct autostop *a, const struct autostop_facts *f,
        const struct executor_outlook *server, const struct verdict_seen *seen, size_t n)
{
	struct search s = { .a = a, .f = f, .server = server };
	size_t        i;

	for (i = 0; i < n; i++)
		if (strcmp(seen[i].name, "quiet") == 0)
			s.quiet = &seen[i];
	find_in_quiet(&s);
	find_restart_soon(&s);
	find_ttl(&s);
	find_no_stop(&s);
	find_deadline_late(&s);
	find_may_fail(&s);
}
