/* stop.c - what is asked for, and whether it still holds. */

#include "judge/stop.h"

#include <string.h>

static bool
is(const char *word, const char *one)
{
	return strcmp(word, one) == 0;
}

/* Too old, or from the future: false, with why. */
static bool
is_current(struct when at, const char *what, int64_t max_age_s, int64_t now_us, struct text *why)
{
	if (!at.known)
		return true;
	if (at.us > add_sat(now_us, STOP_AHEAD_S * US_PER_S)) {
		text_put(why, what);
		text_put(why, " lies ahead of this clock: ");
		text_instant(why, at.us);
		return false;
	}
	if (now_us > add_sat(at.us, max_age_s * US_PER_S)) {
		text_put(why, what);
		text_put(why, " is ");
		text_span(why, sub_sat(now_us, at.us) / US_PER_S);
		text_put(why, " old, older than --max-age ");
		text_span(why, max_age_s);
		return false;
	}
	return true;
}

/* A long run may reach the morning; the verdict may stand under a name of somebody's own. */
static bool
is_over(const struct verdict_seen *r, int64_t now_us, struct text *why)
{
	if (!is(r->state, "quiet") || !r->window_end.known || r->window_end.us > now_us)
		return false;
	text_put(why, "its quiet hours ended at ");
	text_instant(why, r->window_end.us);
	return true;
}

static bool
rule_is_current(
        const struct verdict_seen *r, int64_t max_age_s, struct stop_now now, struct text *why)
{
	struct text what;

	text_clear(&what);
	text_put(&what, "the verdict of ");
	text_put(&what, r->name);
	return is_current(r->at, what.s, max_age_s, now.ours_us, why) &&
	       !is_over(r, now.server_us, why);
}

bool
stop_counts(const struct verdict_seen *r)
{
	return r->due && r->at.known;
}

bool
stop_current(struct stop_verdicts v, struct when fetched, int64_t max_age_s, struct stop_now now,
        struct text *why)
{
	size_t i;

	if (!is_current(fetched, "the record", max_age_s, now.ours_us, why))
		return false;
	for (i = 0; i < v.n; i++)
		if (stop_counts(&v.rule[i]) && !rule_is_current(&v.rule[i], max_age_s, now, why))
			return false;
	return true;
}

static bool
is_kept(struct stop_verdicts v, struct text *why)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		const struct verdict_seen *r = &v.rule[i];

		if (!r->keep)
			continue;
		text_put(why, r->name);
		text_put(why, " keeps it");
		text_put(why, r->why[0] != '\0' || r->state[0] != '\0' ? ": " : "");
		text_put(why, r->why[0] != '\0' ? r->why : r->state);
		return true;
	}
	return false;
}

enum stop_asked
stop_asked(struct stop_verdicts v, struct when fetched, const struct stop_terms *terms,
        size_t *first, struct text *why)
{
	const struct stop_now now = { terms->now_us, terms->now_us };
	const char           *undated = NULL;
	size_t                i;

	*first = v.n;
	if (is_kept(v, why))
		return STOP_KEPT;
	for (i = 0; i < v.n; i++) {
		if (v.rule[i].due && !v.rule[i].at.known)
			undated = v.rule[i].name;
		else if (v.rule[i].due && *first == v.n)
			*first = i;
	}
	if (*first == v.n && !terms->force) {
		text_put(why, undated != NULL ? "the verdict of "
		              : v.n == 0      ? "no verdict on it"
		                              : "no verdict says due");
		text_put(why, undated);
		text_put(why, undated != NULL ? " has no 'at', so it stops nothing" : "");
		return STOP_NOT_DUE;
	}
	return stop_current(v, fetched, terms->max_age_s, now, why) ? STOP_DUE : STOP_STALE;
}

static bool
no(struct text *why, const char *reason)
{
	text_put(why, reason);
	return false;
}

/* Verdicts carry whole seconds, the server microseconds. */
static bool
same_second(struct when a, struct when b)
{
	return a.known == b.known && (!a.known || floor_s(a.us) == floor_s(b.us));
}

/* A rule may have said "only if": what that was to be, nobody knows. */
static bool
is_readable(const struct verdict_seen *r, struct text *why)
{
	if (r->unreadable == NULL)
		return true;
	text_put(why, "the verdict of ");
	text_put(why, r->name);
	text_put(why, " is narrowed by '");
	text_put(why, r->unreadable);
	text_put(why, "', which cannot be read");
	return false;
}

static bool
ttl_holds(const struct verdict_seen *r, const struct stop_facts *fresh, struct text *why)
{
	if (is(r->state, "expired")) {
		if (!fresh->deadline.known)
			return no(why, "its deadline was cleared");
		if (!r->deadline.known)
			return no(why, "the verdict does not say by which deadline it was judged");
		if (floor_s(fresh->deadline.us) > floor_s(r->deadline.us)) {
			text_put(why, "its deadline was extended to ");
			text_instant(why, fresh->deadline.us);
			return false;
		}
	} else if (is(r->state, "overrun") && !same_second(fresh->deadline, r->deadline)) {
		return no(why, "its deadline was changed");
	} else if (is(r->state, "unlimited") && fresh->deadline.known) {
		return no(why, "it has a deadline now");
	}
	return true;
}

static bool
is_unused(const struct verdict_seen *r, const struct stop_facts *fresh, int64_t now_us,
        struct text *why)
{
	if (!fresh->last_used.known)
		return no(why, "the server does not say any more when it was last used");
	if (now_us >= add_sat(fresh->last_used.us, r->idle_s * US_PER_S))
		return true;
	text_put(why, "it was used ");
	text_span(why, (now_us - fresh->last_used.us) / US_PER_S);
	text_put(why, " ago");
	return false;
}

static bool
quiet_holds(const struct verdict_seen *r, const struct stop_facts *fresh, int64_t now_us,
        struct text *why)
{
	if (is_over(r, now_us, why))
		return false;
	if (fresh->working)
		return no(why, "an AI task in it is at work");
	return !r->has_idle || is_unused(r, fresh, now_us, why);
}

static bool
habit_holds(const struct verdict_seen *r, const struct stop_facts *fresh, int64_t now_us,
        struct text *why)
{
	if (!is(r->state, "unlikely"))
		return true;
	if (!r->has_idle)
		return no(why, "the verdict does not say for how long it was unused");
	return is_unused(r, fresh, now_us, why);
}

static bool
rule_holds(const struct verdict_seen *r, const struct stop_facts *fresh, int64_t now_us,
        struct text *why)
{
	if (!is_readable(r, why))
		return false;
	if (is(r->name, "ttl"))
		return ttl_holds(r, fresh, why);
	if (is(r->name, "quiet"))
		return quiet_holds(r, fresh, now_us, why);
	return !is(r->name, "habit") || habit_holds(r, fresh, now_us, why);
}

/*
 * Does a due verdict mean a failed start?  cws-ttl's "failed" does, and a rule of somebody's own
 * may.
 */
static bool
asks_for_failed(struct stop_verdicts v)
{
	static const char *const ours[] = { "ttl", "quiet", "habit" };
	size_t                   i, k;

	for (i = 0; i < v.n; i++) {
		const struct verdict_seen *r = &v.rule[i];

		if (!stop_counts(r))
			continue;
		if (is(r->name, "ttl") && is(r->state, "failed"))
			return true;
		for (k = 0; k < sizeof(ours) / sizeof(ours[0]) && !is(r->name, ours[k]); k++)
			continue;
		if (k == sizeof(ours) / sizeof(ours[0]))
			return true;
	}
	return false;
}

/* Is what was just read what was judged, and may it be stopped? */
static bool
is_the_same(struct stop_verdicts v, const struct stop_facts *judged, const struct stop_facts *fresh,
        struct text *why)
{
	if (judged->build_id[0] == '\0' || judged->owner_id[0] == '\0')
		return no(
		        why, "the record does not say which build, or whose workspace, was judged");
	if (fresh->prebuild)
		return no(why, "it is a prebuilt workspace");
	if (!is(fresh->owner_id, judged->owner_id))
		return no(why, "it has another owner now");
	if (!is(fresh->build_id, judged->build_id) || fresh->build_number != judged->build_number) {
		text_put(why, "it has another build now (number ");
		text_int(why, fresh->build_number);
		text_put(why, "; number ");
		text_int(why, judged->build_number);
		text_put(why, " was judged)");
		return false;
	}
	if (fresh->life == LIFE_FAILED && !asks_for_failed(v))
		return no(why, "it is not running: its last start failed");
	if (!life_takes_stop(fresh->life) || (fresh->life == LIFE_RUNNING && !fresh->job_ok))
		return no(why, "it is not running");
	if (fresh->life != LIFE_RUNNING && fresh->life != judged->life)
		return no(why, fresh->life == LIFE_STUCK
		                       ? "its last stop failed since it was judged"
		                       : "its last start failed since it was judged");
	return true;
}

bool
stop_holds(struct stop_verdicts v, const struct stop_facts *judged, const struct stop_facts *fresh,
        int64_t now_us, struct text *why)
{
	size_t i;

	if (!is_the_same(v, judged, fresh, why))
		return false;
	for (i = 0; i < v.n; i++)
		if (stop_counts(&v.rule[i]) && !rule_holds(&v.rule[i], fresh, now_us, why))
			return false;
	return true;
}

bool
stop_soft(const struct stop_facts *fresh, const struct stop_soft *how, int64_t *deadline_us,
        struct text *why)
{
	/*
	 * Up to the next whole second: an instant that was asked for is found again in the answer.
	 */
	int64_t to_us = (floor_s(add_sat(how->now_us, US_PER_S - 1)) + how->span_s) * US_PER_S;

	if (fresh->life != LIFE_RUNNING) {
		text_clear(why);
		return no(why, fresh->life == LIFE_STUCK
		                       ? "its last stop failed: there is no deadline to shorten"
		                       : "it does not run: there is no deadline to shorten");
	}
	if (!fresh->deadline.known) {
		text_clear(why);
		return no(why, "it has no deadline to shorten");
	}
	if (fresh->deadline.us <= add_sat(to_us, STOP_SLACK_S * US_PER_S)) {
		text_clear(why);
		text_put(why, "its deadline is no later already: ");
		text_instant(why, fresh->deadline.us);
		return false;
	}
	if (how->no_bump)
		text_put(why, "; using it does not keep it (its template's activity_bump_ms is 0)");
	*deadline_us = to_us;
	return true;
}

bool
stop_tries_used_up(int64_t failed, int64_t n, struct text *why)
{
	if (failed < n)
		return false;
	text_clear(why);
	text_put(why, "its last ");
	text_int(why, n);
	text_put(why, n == 1 ? " stop failed" : " stops failed");
	text_put(why, " (--tries): it needs a person");
	return true;
}
