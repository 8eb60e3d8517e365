/*
 * engine_verify.c - before the request: the workspace is read again, and what was judged has to
 * hold.
 */

#include "act/engine_task.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "coder/api_calls.h"
#include "net/age.h"

#define LATER_MS 500 /* the first wait after VERIFIED_LATER; it grows */
#define LATER_MAX_MS 5000
#define PATIENCE_S (30 * 60) /* for VERIFIED_LATER, where --wait says nothing */

static const char unread[] = "the workspace cannot be read again, nothing was sent";

/* A re-read that brought no workspace. */
static void
unreadable(struct task *t, const struct http_reply *r)
{
	task_words(t->item, r);
	if (task_limited(t, r))
		return;
	if (is_fault_for_all(r)) {
		engine_end_run(t->engine, t->item->error);
		task_finish(t, RESULT_FAILED, unread);
	} else if (api_says(r, 410)) {
		task_finish(t, outcome_gone(t->item->action), "it was deleted");
	} else {
		task_refused(t, api_says(r, 404) ? task_gone : unread, api_missing_scope(r));
	}
}

static void
put_off(struct task *t)
{
	const struct engine *e = t->engine;
	int64_t              now = clock_mono_ms();

	if (t->give_up_ms == 0) {
		t->give_up_ms = now + (e->o->wait_s != 0 ? e->o->wait_s : PATIENCE_S) * 1000;
		t->poll_ms = LATER_MS;
	}
	if (now >= t->give_up_ms) {
		task_finish(t, RESULT_SKIPPED, NULL);
		return;
	}
	t->phase = PHASE_QUEUED;
	t->at_ms = now + t->poll_ms;
	t->poll_ms = t->poll_ms * 3 / 2 < LATER_MAX_MS ? t->poll_ms * 3 / 2 : LATER_MAX_MS;
}

/*
 * What a cache keeps is no look: all is asked once more.  True when that is what this answer is,
 * and the task went on by that.
 */
static bool
is_cached(struct task *t, const struct http_reply *r)
{
	struct text why;

	if (r->age_s == 0)
		return false;
	if (++t->cached < 2) {
		task_read(t);
		return true;
	}
	text_clear(&why);
	text_put(&why, "the answer came from a cache, ");
	if (r->age_s == AGE_UNKNOWN) {
		text_put(&why, "and its Age cannot be read");
	} else {
		text_span(&why, r->age_s);
		text_put(&why, " old");
	}
	task_finish(t, RESULT_SKIPPED, why.s);
	return true;
}

static void
on_recalled(void *arg, const struct http_reply *r);

static void
decided(struct task *t, enum verified verified)
{
	struct engine *e = t->engine;

	if (verified != VERIFIED_HISTORY)
		t->cached = 0;
	switch (verified) {
	case VERIFIED_NO:
		task_finish(t, RESULT_SKIPPED, NULL);
		break;
	case VERIFIED_ALREADY:
		task_finish(t, RESULT_ALREADY, NULL);
		break;
	case VERIFIED_HISTORY:
		if (t->recalled == t->item->was_number) { /* that of a build does not change */
			decided(t, VERIFIED_GO);
			break;
		}
		t->phase = PHASE_RECALLING;
		e->asked[ASK_READ]++;
		api_get_builds(e->api, t->item->id, e->act->history, on_recalled, t);
		break;
	case VERIFIED_LATER:
		if (e->o->execute)
			put_off(t);
		else
			task_finish(t, action_words(t->item->action)->would, NULL);
		break;
	case VERIFIED_GO:
		if (!e->o->execute) {
			task_finish(t, action_words(t->item->action)->would, NULL);
			break;
		}
		t->give_up_ms = 0;
		t->phase = PHASE_READY;
		if (task_is_old(t)) /* its answer alone took that long */
			task_lapsed(t);
		break;
	}
}

static void
on_recalled(void *arg, const struct http_reply *r)
{
	struct task     *t = arg;
	struct engine   *e = t->engine;
	struct api_build build[ENGINE_HISTORY];
	int              n = -1;

	if (t->phase != PHASE_RECALLING || is_cached(t, r)) /* closed meanwhile */
		return;
	if (http_ok(r))
		n = api_builds_parse(r->body, r->n, build, (size_t)e->act->history);
	t->recalled = n < 0 ? 0 : t->item->was_number;
	if (n < 0)
		unreadable(t, r);
	else
		decided(t, e->act->recall(e->act->ctx, t->item, build, (size_t)n));
}

/*
 * Is it what the journal says?  A deadline that moves with the time is asked for as it stands
 * there.
 */
static void
compare_intent(struct task *t)
{
	struct intent *intent = &t->intent;

	intent->stands = task_has_intent(t) && intent->was_number == t->item->was_number &&
	                 intent->before.known == t->item->before.known &&
	                 intent->before.us == t->item->before.us;
	if (intent->stands)
		t->item->after = intent->after;
}

static void
on_read(void *arg, const struct http_reply *r)
{
	struct task      *t = arg;
	struct engine    *e = t->engine;
	struct reread     again = { e->judged, e->fresh, e->server };
	struct err        err;
	struct slice      judged;
	struct stop_facts f;
	enum verified     verified;

	if (t->phase != PHASE_READING || is_cached(t, r)) /* closed meanwhile */
		return;
	t->look_ms = r->heard_ms;
	if (!task_workspace(t, r)) {
		unreadable(t, r);
		return;
	}
	t->item->error[0] = '\0'; /* of a try that was put off */
	err.text[0] = '\0';
	if (batch_line(e->batch, t->item->held, &judged, &err) != 0 ||
	        rec_parse(e->judged, judged.p, judged.n, &err) != REC_OK ||
	        facts_stop(e->fresh, &f, &err) != 0) {
		task_finish(t, RESULT_SKIPPED, err.text);
		return;
	}
	if (task_found(t, &f))
		return;
	verified = e->act->verify(e->act->ctx, t->item, &again, &err);
	if (err.text[0] != '\0') {
		task_finish(t, RESULT_SKIPPED, err.text);
		return;
	}
	snprintf(t->item->was_id, sizeof(t->item->was_id), "%s", f.build_id);
	t->item->was_number = f.build_number;
	compare_intent(t);
	decided(t, verified);
}

/* After a standstill ages are judged as of its end: the run's own pace makes nothing older. */
static bool
is_current(struct task *t)
{
	struct engine  *e = t->engine;
	int64_t         stood_ms = api_stood_ms(e->api), since_us;
	struct stop_now then;
	struct slice    line;
	struct err      err;
	bool            current;

	if (stood_ms == 0 || e->act->current == NULL)
		return true;
	since_us = (clock_mono_ms() - stood_ms) * 1000;
	then.ours_us = clock_wall_us() - since_us;
	then.server_us = server_now_us(e->server) - since_us;
	err.text[0] = '\0';
	current = batch_line(e->batch, t->item->held, &line, &err) == 0 &&
	          rec_parse(e->judged, line.p, line.n, &err) == REC_OK &&
	          e->act->current(e->act->ctx, t->item, e->judged, &then, &err);
	if (!current)
		task_finish(t, RESULT_SKIPPED, err.text[0] != '\0' ? err.text : NULL);
	return current;
}

void
task_read(struct task *t)
{
	if (!is_current(t))
		return;
	t->phase = PHASE_READING;
	t->engine->asked[ASK_READ]++;
	api_get_workspace(t->engine->api, t->item->id, t->engine->joins, on_read, t);
}
