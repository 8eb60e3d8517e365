/* quiet.c - facts, rule and schedule to a quiet-hours verdict. */

#include "judge/quiet.h"

#include <string.h>

#include "base/rfc3339.h"

const char *const quiet_states[] = { "inactive", "excluded", "quiet", "grace", "young", "active",
	"overran", "outside", "unknown", NULL };

const char *const quiet_source_names[QUIET_SOURCES] = { "default", "option", "config", "autostart",
	"owner" };

/* "Tue 18:00", or without the day where it is the same as before. */
static void
put_local(struct text *t, const struct tz *tz, int64_t at_us, int64_t before_us, bool any)
{
	static const char *const name[] = { "Sun ", "Mon ", "Tue ", "Wed ", "Thu ", "Fri ",
		"Sat " };
	int64_t wall = tz_wall(tz, floor_s(at_us)), before = tz_wall(tz, floor_s(before_us));
	int64_t day = floor_day(wall);
	int64_t min = (wall - day * DAY_S) / 60;
	char    clock[6] = { 0, 0, ':', 0, 0, '\0' };

	clock[0] = (char)('0' + min / 600);
	clock[1] = (char)('0' + min / 60 % 10);
	clock[3] = (char)('0' + min % 60 / 10);
	clock[4] = (char)('0' + min % 10);
	if (any || floor_day(before) != day)
		text_put(t, name[weekday_of(day)]);
	text_put(t, clock);
}

static void
set_label(char label[QUIET_LABEL], const struct text *t)
{
	size_t n = t->n < QUIET_LABEL ? t->n : QUIET_LABEL - 1;

	memcpy(label, t->s, n);
	label[n] = '\0';
}

static void
label_stretch(char label[QUIET_LABEL], const struct tz *tz, const struct stretch *st)
{
	struct text t;

	text_clear(&t);
	if (st->start.known) {
		put_local(&t, tz, st->start.us, 0, true);
		text_put(&t, "-");
		put_local(&t, tz, st->end.us, st->start.us, false);
	}
	set_label(label, &t);
}

static int64_t
span_us(int64_t span_s)
{
	return span_s > INT64_MAX / US_PER_S ? INT64_MAX : span_s * US_PER_S;
}

static struct when
after(struct when w, int64_t span_s)
{
	return w.known ? when_at(add_sat(w.us, span_us(span_s))) : w;
}

static struct when
latest(struct when a, struct when b)
{
	return !b.known || (a.known && a.us >= b.us) ? a : b;
}

/* A stop that the stretch's end forestalls never comes. */
static struct when
by_end(struct when stop, struct when end)
{
	return stop.known && end.known && stop.us >= end.us ? when_none() : stop;
}

struct quiet_schedule
quiet_no_schedule(enum quiet_source source, const char *zone, int64_t now_us)
{
	struct quiet_schedule q;

	memset(&q, 0, sizeof(q));
	q.source = source;
	q.now_us = now_us;
	if (zone != NULL) {
		size_t n = strlen(zone);

		memcpy(q.zone, zone, n < TZ_NAME_MAX ? n : TZ_NAME_MAX);
		q.no_zone = true;
	}
	return q;
}

struct quiet_schedule
quiet_look(const struct sched *windows, const struct tz *tz, enum quiet_source source,
        int64_t now_us, int64_t grace_s)
{
	struct quiet_schedule q = quiet_no_schedule(source, tz->name, now_us);
	int64_t               wall = tz_wall(tz, floor_s(now_us));
	struct text           local;

	q.known = windows->n > 0;
	q.no_zone = false;
	q.view = sched_view(windows, tz, now_us, span_us(grace_s));
	label_stretch(q.held, tz, &q.view.held);
	label_stretch(q.next, tz, &q.view.next);
	label_stretch(q.last, tz, &q.view.last);
	text_clear(&local);
	put_local(&local, tz, now_us, 0, true);
	set_label(q.local, &local);
	q.holiday = sched_is_holiday(windows, floor_day(wall));
	return q;
}

static void
put_grace(struct text *why, const struct quiet_rule *rule)
{
	if (rule->grace_s == 0) {
		text_put(why, ", no grace");
		return;
	}
	text_put(why, ", grace ");
	text_span(why, rule->grace_s);
}

static void
put_ago(struct text *why, struct when w, int64_t now_us)
{
	int64_t span_s = floor_s(add_sat(now_us, -w.us));

	if (span_s < 0)
		text_put(why, "in ");
	text_span(why, span_s);
	if (span_s >= 0)
		text_put(why, " ago");
}

/* Where the hours come from, as a person is told. */
static const char *
source_words(enum quiet_source source)
{
	return source == QUIET_OPTION      ? "from the command line"
	       : source == QUIET_CONFIG    ? "from the settings"
	       : source == QUIET_AUTOSTART ? "zone of its autostart"
	                                   : "the default";
}

/*
 * "quiet hours Fri 18:00-Sat 08:00 (from the command line)" or "ada's own quiet hours Fri 22:00-Sat
 * 06:00"
 */
static void
put_hours(struct text *why, const struct quiet_facts *f, const struct quiet_schedule *q,
        const char *label)
{
	if (q->source == QUIET_OWNER) {
		text_put(why, f->owner != NULL ? f->owner : "the owner");
		text_put(why, "'s own quiet hours ");
		text_put(why, label);
		return;
	}
	text_put(why, "quiet hours ");
	text_put(why, label);
	text_put(why, " (");
	text_put(why, source_words(q->source));
	text_put(why, ")");
}

static void
put_local_time(struct text *why, const struct quiet_schedule *q)
{
	text_put(why, "; local time ");
	text_put(why, q->local);
	text_put(why, " ");
	text_put(why, q->zone);
	if (q->holiday)
		text_put(why, ", a holiday");
}

/* The schedule behind a decision that does not rest on it. */
static void
put_schedule(struct text *why, const struct quiet_facts *f, const struct quiet_rule *rule,
        const struct quiet_schedule *q)
{
	if (!q->known || rule->off)
		return;
	text_put(why, "; ");
	if (q->view.always)
		text_put(why, "always quiet");
	else
		put_hours(why, f, q, q->view.held.start.known ? q->held : q->next);
	put_local_time(why, q);
}

/*
 * The instant from which a fresh start, or a recent use, no longer protects; none when it does not
 * matter.
 */
static struct when
ripe_at(const struct quiet_facts *f, const struct quiet_rule *rule, int64_t now_us)
{
	/*
	 * Without a minimum a start that lies ahead (a replay of the past) is no reason to wait for
	 * it.
	 */
	if (rule->min_uptime_s == 0 && f->started.known && f->started.us > now_us)
		return when_none();
	return after(f->started, rule->min_uptime_s);
}

static struct when
idle_at(const struct quiet_facts *f, const struct quiet_rule *rule)
{
	return rule->has_idle ? after(f->last_used, rule->idle_s) : when_none();
}

/*
 * The state that spares a workspace once the grace is over, why and until when; NULL when none
 * does.
 */
static const char *
spared(const struct quiet_facts *f, const struct quiet_rule *rule, int64_t now_us, struct text *why,
        struct when *until)
{
	struct when ripe = ripe_at(f, rule, now_us), idle = idle_at(f, rule);

	*until = when_none();
	if (ripe.known && now_us < ripe.us) {
		*until = ripe;
		text_put(why, ", but it was started ");
		put_ago(why, f->started, now_us);
		text_put(why, " and may run for ");
		text_span(why, rule->min_uptime_s);
		return "young";
	}
	if (f->working) {
		text_put(why, ", but a task in it reports working");
		return "active";
	}
	if (idle.known && now_us < idle.us) {
		*until = idle;
		text_put(why, ", but it was used ");
		put_ago(why, f->last_used, now_us);
		text_put(why, ", less than ");
		text_span(why, rule->idle_s);
		return "active";
	}
	return NULL;
}

/*
 * Is it to be judged by its use, and nobody knows of any?  Nobody is stopped on missing evidence.
 */
static bool
lacks_use(const struct quiet_facts *f, const struct quiet_rule *rule, struct text *why)
{
	if (!rule->has_idle || f->last_used.known)
		return false;
	text_put(why, ", but the record does not say when it was last used");
	return true;
}

static void
decide_inactive(struct verdict *v, const struct quiet_facts *f)
{
	v->state = "inactive";
	v->keep = f->prebuild;
	if (f->prebuild) {
		text_put(&v->why, "a prebuild: it belongs to the prebuild reconciler");
		return;
	}
	if (f->life == LIFE_STUCK || f->life == LIFE_FAILED)
		text_put(&v->why, f->life == LIFE_STUCK ? "not running, its last stop: "
		                                        : "not running, its last start: ");
	else
		text_put(&v->why,
		        f->life == LIFE_CHANGING ? "a build is under way: " : "not running: ");
	text_put(&v->why, f->status);
}

/* A schedule on the record that says nothing to us: whose, which, and what is wrong with it. */
static void
put_unusable(struct text *why, const struct quiet_facts *f, const struct quiet_schedule *q)
{
	if (q->source == QUIET_OWNER) {
		text_put(why, f->owner != NULL ? f->owner : "the owner");
		text_put(why, q->no_zone ? "'s own quiet hours name" : "'s own quiet hours");
	} else if (q->source == QUIET_AUTOSTART) {
		text_put(why,
		        q->no_zone ? "its autostart schedule names" : "its autostart schedule");
	} else {
		text_put(why, "no usable schedule of quiet hours");
		return;
	}
	text_put(why,
	        q->no_zone ? " a time zone this machine does not know: " : " cannot be read: ");
	text_put(why, q->no_zone ? q->zone : f->asked);
}

static void
decide_unknown(struct verdict *v, const struct quiet_facts *f, const struct quiet_schedule *q)
{
	v->state = "unknown";
	if (!q->known) {
		put_unusable(&v->why, f, q);
		return;
	}
	text_put(&v->why, "cannot tell whether it runs: status ");
	text_put(&v->why, f->status != NULL ? f->status : "is missing");
	if (f->status != NULL && strcmp(f->status, "running") == 0)
		text_put(&v->why, " of a build that is no start");
}

static void
decide_inside(struct verdict *v, const struct quiet_facts *f, const struct quiet_rule *rule,
        const struct quiet_schedule *q)
{
	struct stretch held = q->view.held;
	struct when    over = after(held.start, rule->grace_s), until;

	if (q->view.always) {
		text_put(&v->why, "always quiet, the windows leave no gap in the week");
	} else {
		put_hours(&v->why, f, q, q->held);
		text_put(&v->why, " began ");
		put_ago(&v->why, held.start, q->now_us);
		put_grace(&v->why, rule);
	}
	if (over.known && q->now_us < over.us) {
		v->state = "grace";
		v->stop_at = by_end(latest(over, ripe_at(f, rule, q->now_us)), held.end);
		if (by_end(over, held.end).known) {
			text_put(&v->why, " ends in ");
			text_span(&v->why, floor_s(over.us - q->now_us));
		} else {
			text_put(&v->why, " outlasts them");
		}
		return;
	}
	if (over.known && rule->grace_s != 0)
		text_put(&v->why, " over");
	/* Nobody is stopped on missing evidence; with --min-uptime 0s the start is none. */
	if (!f->started.known && rule->min_uptime_s != 0) {
		v->state = "unknown";
		text_put(&v->why, ", but the record does not say when it was started");
		return;
	}
	v->state = spared(f, rule, q->now_us, &v->why, &until);
	if (v->state != NULL) {
		v->stop_at = by_end(until, held.end);
		return;
	}
	if (lacks_use(f, rule, &v->why)) {
		v->state = "unknown";
		return;
	}
	v->state = "quiet";
	v->due = true;
	v->stop_at = over.known
	                     ? latest(over, latest(ripe_at(f, rule, q->now_us), idle_at(f, rule)))
	                     : when_at(q->now_us);
}

static void
decide_outside(struct verdict *v, const struct quiet_facts *f, const struct quiet_rule *rule,
        const struct quiet_schedule *q)
{
	struct stretch next = q->view.next;
	struct when    missed = after(q->view.last.start, rule->grace_s), until;

	v->stop_at = by_end(after(next.start, rule->grace_s), next.end);
	if (f->started.known && missed.known && f->started.us < missed.us) {
		v->state = "overran";
		text_put(&v->why, "it outlived ");
		put_hours(&v->why, f, q, q->last);
		text_put(&v->why, ", which should have stopped it ");
		put_ago(&v->why, missed, q->now_us);
		if (!rule->overran || spared(f, rule, q->now_us, &v->why, &until) != NULL ||
		        lacks_use(f, rule, &v->why))
			return;
		v->due = true;
		v->stop_at = missed;
		return;
	}
	v->state = "outside";
	text_put(&v->why, "outside: ");
	put_hours(&v->why, f, q, q->next);
	text_put(&v->why, " begin in ");
	text_span(&v->why, floor_s(add_sat(next.start.us, -q->now_us)));
	put_grace(&v->why, rule);
	if (!v->stop_at.known)
		text_put(&v->why, " outlasts them");
}

struct quiet_verdict
quiet_decide(
        const struct quiet_facts *f, const struct quiet_rule *rule, const struct quiet_schedule *q)
{
	struct quiet_verdict d;
	struct verdict      *v = &d.v;
	bool                 inside = q->known && (q->view.always || q->view.held.start.known);

	memset(&d, 0, sizeof(d));
	v->at_us = q->now_us;
	if (q->known && !rule->off) {
		d.window_start = inside ? q->view.held.start : q->view.next.start;
		d.window_end = inside ? q->view.held.end : q->view.next.end;
	}
	if (f->prebuild || !(life_takes_stop(f->life) || f->life == LIFE_UNKNOWN) ||
	        (f->life != LIFE_RUNNING && f->life != LIFE_UNKNOWN && f->excluded == NULL)) {
		decide_inactive(v, f);
		put_schedule(&v->why, f, rule, q);
		return d;
	}
	/*
	 * Of whatever a stop could change: a failed stop may run on, a failed start may hold
	 * resources.
	 */
	if (f->excluded != NULL) {
		v->state = "excluded";
		v->keep = f->keep;
		v->why = *f->excluded;
		put_schedule(&v->why, f, rule, q);
		return d;
	}
	if (rule->off) {
		v->state = "outside";
		text_put(&v->why, "quiet hours are switched off (quiet_hours.enabled)");
		put_local_time(&v->why, q);
		return d;
	}
	if (f->life == LIFE_UNKNOWN || !q->known) {
		decide_unknown(v, f, q);
		put_schedule(&v->why, f, rule, q);
		return d;
	}
	if (inside)
		decide_inside(v, f, rule, q);
	else
		decide_outside(v, f, rule, q);
	put_local_time(&v->why, q);
	return d;
}
