/* engine_send.c - the request itself, and what becomes of it when its end is unclear. */

#include "act/engine_task.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/random.h"
#include "base/uuid.h"
#include "coder/api_calls.h"
#include "net/retry.h"

#define LOOKS 3
#define LOOK_MOST_MS 1000 /* no request rests on a look that is older */
#define LAPSES 3          /* so often it is looked at again for that */
/* an intent is this old at most when its request leaves; then another is written */
#define INTENT_MOST_MS 50000
/* by then a request of a process that was killed has arrived, if it ever does */
#define SETTLE_MS 5000

/*
 * In a recovery, has what the killed process sent had its time to arrive?  One clock counts from
 * our own start, the wall clock from the journal's line, which the request may have followed by
 * INTENT_MOST_MS; the earlier of the two will do, as the wall clock may have been set.
 */
static bool
is_settled(const struct task *t)
{
	const struct engine *e = t->engine;

	if (!e->o->recover)
		return false;
	return clock_mono_ms() - e->began_ms >= SETTLE_MS ||
	       clock_wall_us() - t->item->at.us >= (INTENT_MOST_MS + SETTLE_MS) * INT64_C(1000);
}

/* The run whose request it was may have had another token than the one that looks. */
static enum whose
whose(const struct task *t, const char *transition, const char *initiator_id, const char *reason)
{
	const char *user = batch_run_user(t->item->run);

	return outcome_whose(t->item->action, user != NULL ? user : t->engine->our_id, transition,
	        initiator_id, reason);
}

struct latest {
	const char *initiator, *transition, *reason;
};

static const struct fact latest_fact[] = {
	FACT(struct latest, initiator, ".latest_build.initiator_id"),
	FACT_OR_EMPTY(struct latest, transition, ".latest_build.transition"),
	FACT(struct latest, reason, ".latest_build.reason"),
};

static const struct fact_table latest_table = FACT_TABLE(latest_fact);

/*
 * The transition of the latest build as just read ("" when absent), and whose it is.  -1 when it
 * cannot be read.
 */
static int
latest(const struct task *t, const char **transition, enum whose *w)
{
	struct latest build;
	struct err    err;

	if (rec_read(t->engine->fresh, &latest_table, &build, &err) != 0)
		return -1;
	*transition = build.transition;
	*w = whose(t, build.transition, build.initiator, build.reason);
	return 0;
}

static void
note_build(struct look *look, enum whose whose, int64_t number)
{
	if (whose == WHOSE_OURS)
		look->ours = number;
	look->anonymous = look->anonymous || whose == WHOSE_UNKNOWN;
}

/* What a later reading shows, as far as it can be read; f is borrowed from e->fresh. */
static void
read_look(struct task *t, const struct http_reply *r, struct stop_facts *f)
{
	struct engine *e = t->engine;
	struct look   *look = &t->look;
	const char    *transition;
	enum whose     w;
	struct err     err;

	*look = (struct look){ .transition = t->look_transition, .deleted = api_says(r, 410) };
	t->look_transition[0] = '\0';
	if (r->age_s != 0 || !task_workspace(t, r) || facts_stop(e->fresh, f, &err) != 0 ||
	        !uuid_is_plain(f->build_id) || latest(t, &transition, &w) != 0)
		return;
	snprintf(t->look_transition, sizeof(t->look_transition), "%s", transition);
	look->readable = true;
	look->build_number = f->build_number;
	look->life = f->life;
	look->deadline = f->deadline;
	look->whole = f->build_number <= t->item->was_number + 1;
	if (f->build_number == t->item->was_number + 1)
		note_build(look, w, f->build_number);
}

static void
on_traced(void *arg, const struct http_reply *r);

/* What was seen decides; build_id is that of the build which the look calls ours. */
static void
conclude(struct task *t, const char *build_id)
{
	struct engine *e = t->engine;
	struct asked   q = { t->item->action, t->item->was_number, t->item->before, t->item->after,
		  t->item->claimed, is_settled(t) };
	struct text    why;
	enum result    result;
	int64_t        missing = t->look.build_number - t->item->was_number;

	text_clear(&why);
	result = outcome_look(&q, &t->answer, &t->look, &why);
	if (result == RESULT_NONE && missing <= ENGINE_HISTORY) {
		t->phase = PHASE_TRACING;
		e->asked[ASK_LOOK]++;
		api_get_builds(e->api, t->item->id, missing, on_traced, t);
	} else if (result == RESULT_NONE) {
		task_finish(
		        t, RESULT_UNKNOWN, "the answer was lost, and too many builds came since");
	} else if (result == RESULT_UNKNOWN && e->closing_ms == 0 && !e->end.denied &&
	           (++t->looks < LOOKS || (e->o->recover && t->look.readable && !q.settled))) {
		/* A request that timed out may still be on its way through a proxy. */
		t->phase = PHASE_UNCLEAR;
		t->at_ms = clock_mono_ms() + (e->o->recover ? 1000 : 1000 * t->looks);
	} else if (result == RESULT_UNKNOWN && e->closing_ms != 0 && !e->o->recover) {
		task_leave_open(t, why.s); /* another look might have told */
	} else if (result == RESULT_ACCEPTED) {
		task_accepted(t, build_id, t->look.ours);
	} else if (result == RESULT_SOFTENED || result == RESULT_RESTORED) {
		t->item->error[0] = '\0';
		task_finish(t, result, NULL);
	} else if (result == RESULT_FAILED) {
		task_refused(t, why.s, t->lacks);
	} else {
		task_finish(t, result, why.s);
	}
}

/* The builds since, newest first: the oldest of ours is the one that was asked for. */
static void
on_traced(void *arg, const struct http_reply *r)
{
	struct task     *t = arg;
	const char      *build_id = "";
	struct api_build build[ENGINE_HISTORY];
	int              n = -1, i;

	if (t->phase != PHASE_TRACING)
		return;
	if (http_ok(r) && r->age_s == 0)
		n = api_builds_parse(r->body, r->n, build, ENGINE_HISTORY);
	for (i = 0; i < n; i++) {
		enum whose w =
		        whose(t, build[i].transition, build[i].initiator_id, build[i].reason);

		if (build[i].number <= t->item->was_number)
			continue;
		t->look.whole = t->look.whole || build[i].number == t->item->was_number + 1;
		note_build(&t->look, w, build[i].number);
		if (w == WHOSE_OURS)
			build_id = build[i].id;
	}
	if (t->look.whole || t->look.ours != 0)
		conclude(t, build_id);
	else
		task_finish(t, RESULT_UNKNOWN,
		        "the answer was lost, several builds came since, and they cannot be read");
}

static void
on_look(void *arg, const struct http_reply *r)
{
	struct task      *t = arg;
	struct stop_facts f = { .build_id = "" };
	char              fault[400];

	if (t->phase != PHASE_LOOKING)
		return;
	read_look(t, r, &f);
	if (!t->look.readable && is_fault_for_all(r)) {
		api_fault(r, fault, sizeof(fault));
		engine_end_run(t->engine, fault);
	}
	conclude(t, f.build_id);
}

bool
task_found(struct task *t, const struct stop_facts *f)
{
	const char *transition;
	enum whose  w;

	if (t->item->attempts == 0 || f->build_number != t->item->was_number + 1 ||
	        !uuid_is_plain(f->build_id) || latest(t, &transition, &w) != 0 || w != WHOSE_OURS)
		return false;
	task_accepted(t, f->build_id, f->build_number);
	return true;
}

void
task_look(struct task *t)
{
	t->phase = PHASE_LOOKING;
	t->engine->asked[ASK_LOOK]++;
	api_get_workspace(t->engine->api, t->item->id, false, on_look, t);
}

/* Surely not processed: wait, then read the workspace again and try once more. */
static void
send_later(struct task *t, const struct http_reply *r)
{
	struct engine *e = t->engine;
	bool           limited = r->end == HTTP_ANSWERED;
	int            tries = limited ? ++t->limits : ++t->misses;
	int64_t        wait;

	if (task_limited(t, r))
		return;
	wait = retry_wait_ms(limited ? RETRY_PAUSE : RETRY_AGAIN, tries, r->retry_after_s,
	        random_u32(), INT64_MAX);
	if (wait < 0) {
		if (!limited)
			engine_end_run(e, t->item->error);
		task_finish(t, RESULT_FAILED,
		        limited ? "the server's rate limit did not let it through"
		                : "the server cannot be reached");
		return;
	}
	if (limited) {
		api_pause(e->api, wait);
		t->intent.stands = false; /* it was sent: what follows is another request */
	}
	t->phase = PHASE_QUEUED;
	t->at_ms = clock_mono_ms() + wait;
}

/* The server has done what was asked. */
static void
carried_out(struct task *t, const struct api_build *b)
{
	struct engine *e = t->engine;

	if (action_words(t->item->action)->transition == NULL) {
		t->item->error[0] = '\0';
		task_finish(t, action_words(t->item->action)->sent, NULL);
		return;
	}
	if (e->our_id[0] == '\0')
		snprintf(e->our_id, sizeof(e->our_id), "%s", b->initiator_id);
	task_accepted(t, b->id, b->number);
}

/* Is this 2xx what Coder answers to such a request? */
static bool
is_made(const struct task *t, const struct http_reply *r, struct api_build *b)
{
	const char *want = action_words(t->item->action)->transition;

	if (r->end != HTTP_ANSWERED || r->status < 200 || r->status >= 300 || !r->json)
		return false;
	if (want == NULL)
		return api_is_coder(r);
	return api_build_parse(r->body, r->n, b) == 0 && strcmp(b->transition, want) == 0 &&
	       (b->workspace_id[0] == '\0' || strcmp(b->workspace_id, t->item->id) == 0) &&
	       b->number > t->item->was_number;
}

/* Nothing of it has left. */
static void
withheld(struct task *t)
{
	struct engine *e = t->engine;
	const char    *reason = engine_closed(e);

	rate_return(&e->rate);
	if (reason != NULL) {
		task_close(t, reason);
		return;
	}
	if (api_paused_ms(e->api) > 0) { /* what the server asked for while it connected */
		e->sending--;
		t->phase = PHASE_QUEUED;
		t->at_ms = 0;
		return;
	}
	e->joins = true;
	task_lapsed(t);
}

static void
on_sent(void *arg, const struct http_reply *r)
{
	struct task     *t = arg;
	struct engine   *e = t->engine;
	struct api_build b = { .number = 0 };
	bool             made;

	if (t->phase != PHASE_SENDING)
		return;
	if (r->withheld) {
		withheld(t);
		return;
	}
	made = is_made(t, r, &b);
	t->answer = (struct answer){
		.end = r->end,
		.status = r->status,
		.token = api_means_token(r),
		.coder = made || (r->status >= 300 && api_is_coder(r)),
	};
	t->lacks = api_missing_scope(r);
	t->item->http = r->status;
	task_words(t->item, r);
	t->phase = PHASE_UNCLEAR;
	t->at_ms = clock_mono_ms();
	e->sending--;
	switch (outcome_of(&t->answer)) {
	case AFTER_DONE:
		carried_out(t, &b);
		break;
	case AFTER_GONE:
		task_finish(t, outcome_gone(t->item->action), "it was deleted");
		break;
	case AFTER_FAILED:
		task_refused(t, api_says(r, 404) ? task_gone : "the server refused it", t->lacks);
		break;
	case AFTER_END:
		engine_end_run(e, t->item->error);
		task_finish(t, RESULT_FAILED, "the server refused it, and would refuse all others");
		break;
	case AFTER_RESEND:
		send_later(t, r);
		break;
	case AFTER_LOOK:
		break;
	}
}

bool
task_is_old(const struct task *t)
{
	return clock_mono_ms() - t->look_ms > LOOK_MOST_MS;
}

void
task_lapsed(struct task *t)
{
	struct engine *e = t->engine;

	e->sending -= t->phase == PHASE_SENDING;
	t->phase = PHASE_QUEUED;
	t->at_ms = 0;
	if (++t->lapses > LAPSES)
		task_finish(t, RESULT_SKIPPED, "no connection within a second of the look");
}

bool
task_has_intent(const struct task *t)
{
	return t->intent.stands && clock_mono_ms() - t->intent.at_ms <= INTENT_MOST_MS;
}

/* On the disk, before anything of the request leaves.  -1: the run is over. */
static int
write_intent(struct task *t)
{
	struct engine *e = t->engine;
	int64_t        began_ms = clock_mono_ms();

	if (task_note(t) != 0)
		return -1;
	t->intent = (struct intent){ true, began_ms, t->item->was_number, t->item->before,
		t->item->after };
	e->sync_ms = clock_mono_ms() - began_ms;
	return 0;
}

/* The connection stands: what this allows is the first byte of the request. */
static bool
may_send(void *arg)
{
	struct task   *t = arg;
	struct engine *e = t->engine;
	int64_t        now = clock_mono_ms();

	if (t->phase != PHASE_SENDING || engine_closed(e) != NULL || task_is_old(t) ||
	        api_paused_ms(e->api) > 0)
		return false;
	t->let_go = true;
	if (t->item->attempts++ == 0)
		t->began_ms = now;
	e->asked[ASK_SEND]++;
	diag_trace("%s: sent %lld ms after its look", t->item->id, (long long)(now - t->look_ms));
	return true;
}

void
task_send(struct task *t)
{
	struct engine             *e = t->engine;
	const struct action_words *words = action_words(t->item->action);
	const struct api_send      how = { may_send, on_sent, t, e->joins };

	if (!task_has_intent(t) && write_intent(t) != 0)
		return;
	if (task_is_old(t)) { /* the disk took that long */
		task_lapsed(t);
		return;
	}
	rate_take(&e->rate, clock_mono_ms() * 1000);
	t->phase = PHASE_SENDING;
	t->let_go = false;
	e->sending++;
	if (words->transition != NULL)
		api_post_build(e->api, t->item->id, words->transition, &how);
	else
		api_put_extend(e->api, t->item->id, t->item->after.us, &how);
}
