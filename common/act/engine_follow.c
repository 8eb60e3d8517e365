/* engine_follow.c - the builds we made: their ends, and how many wait before them. */

#include "act/engine_task.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "coder/api_calls.h"
#include "net/retry.h"

#define POLL_MS 500
#define POLL_MAX_MS 5000
#define QUEUED_MS 500 /* longer for each build that waits before ours */
#define QUEUED_MAX 40
/* a list that failed is not asked for again at once: some tokens get none */
#define LIST_AGAIN_MS 60000
#define GATE_MS 1000 /* between two looks at the queue */

void
task_accepted(struct task *t, const char *build_id, int64_t number)
{
	struct engine *e = t->engine;
	int64_t        now = clock_mono_ms();

	snprintf(t->item->build_id, sizeof(t->item->build_id), "%s", build_id);
	t->item->build_number = number;
	t->item->error[0] = '\0';
	if (number > t->item->was_number + 1)
		text_put(&t->item->why, "; another build came before it");
	gate_made(e, build_id);
	if (e->o->wait_s == 0 && !e->o->recover) {
		task_finish(t, RESULT_ACCEPTED, NULL);
		return;
	}
	t->phase = PHASE_BUILDING;
	t->poll_ms = POLL_MS;
	t->at_ms = e->o->recover ? now : now + t->poll_ms;
	t->give_up_ms = now + e->o->wait_s * 1000;
}

/* Some other build, from a cache or a gateway, is no word about this one. */
static bool
read_build(const char *id, const struct http_reply *r, struct api_build *b)
{
	return http_ok(r) && api_build_parse(r->body, r->n, b) == 0 && strcmp(b->id, id) == 0;
}

/* Is it only now that nothing can be read? */
static bool
may_pass(const struct http_reply *r)
{
	return api_retry_class(r) != RETRY_NO;
}

static void
poll_again(struct task *t, int64_t now)
{
	int64_t before;

	t->phase = PHASE_BUILDING;
	t->poll_ms = t->poll_ms * 3 / 2 < POLL_MAX_MS ? t->poll_ms * 3 / 2 : POLL_MAX_MS;
	before = t->item->queue_position < QUEUED_MAX ? t->item->queue_position : QUEUED_MAX;
	t->at_ms = now + t->poll_ms + before * QUEUED_MS;
	if (t->at_ms > t->give_up_ms)
		t->at_ms = t->give_up_ms;
}

static bool
is_over(const struct api_build *b)
{
	return strcmp(b->job_status, "succeeded") == 0 || strcmp(b->job_status, "failed") == 0 ||
	       strcmp(b->job_status, "canceled") == 0;
}

/*
 * It waits behind nobody: no provisioner that is live has its tags (coderd/database, queue
 * positions).
 */
static bool
is_unserved(const struct api_build *b)
{
	return strcmp(b->job_status, "pending") == 0 && b->has_queue && b->queue_position == 0 &&
	       b->queue_size == 0;
}

/* Once: what keeps one waiting keeps all of its template. */
static void
tell_unserved(struct task *t, const struct api_build *b)
{
	if (!is_unserved(b) || t->engine->told_unserved)
		return;
	t->engine->told_unserved = true;
	diag_warn("%s/%s: no provisioner that is live takes its build: it waits for one with the "
	          "tags of its template",
	        t->item->owner_name, t->item->name);
}

static void
ended(struct task *t, const struct api_build *b)
{
	if (strcmp(b->job_status, "succeeded") == 0) {
		task_finish(t, action_words(t->item->action)->done, NULL);
		return;
	}
	snprintf(t->item->error, sizeof(t->item->error), "%s",
	        b->job_error[0] != '\0' ? b->job_error : b->job_status);
	task_finish(t, RESULT_FAILED, "the build was accepted, but its job failed");
}

/* What the server says of its build. */
static void
seen(struct task *t, const struct api_build *b)
{
	int64_t now = clock_mono_ms();

	t->item->error[0] = '\0';
	t->item->queue_position = b->has_queue ? b->queue_position : 0;
	if (is_over(b)) {
		ended(t, b);
	} else if (t->engine->o->wait_s == 0) {
		task_finish(t, RESULT_ACCEPTED, NULL);
	} else if (now >= t->give_up_ms) {
		task_still_building(t, is_unserved(b)
		                               ? "accepted, but no provisioner that is live takes "
		                                 "its build: it waits for "
		                                 "one with the tags of its template"
		                               : "accepted, still building at the end of the wait");
	} else {
		tell_unserved(t, b);
		poll_again(t, now);
	}
}

static void
on_polled(void *arg, const struct http_reply *r)
{
	struct task     *t = arg;
	struct api_build b;
	int64_t          now = clock_mono_ms();

	if (t->phase != PHASE_POLLING)
		return;
	if (read_build(t->item->build_id, r, &b)) {
		seen(t, &b);
		return;
	}
	task_words(t->item, r);
	if (may_pass(r) && now < t->give_up_ms) {
		poll_again(t, now);
		return;
	}
	if (!may_pass(r) && is_fault_for_all(r))
		engine_end_run(t->engine, t->item->error);
	task_still_building(t, "accepted, but its build cannot be read");
}

static void
poll_alone(struct task *t)
{
	struct engine *e = t->engine;

	t->alone = false;
	t->phase = PHASE_POLLING;
	e->asked[ASK_FOLLOW]++;
	api_get_build(
	        e->api, e->o->wait_s != 0 ? API_ONCE : API_NEEDED, t->item->build_id, on_polled, t);
}

/* The list shows the latest build of each workspace, which as a rule is the one that we made. */
static void
on_latest(void *arg, const char *workspace_id, const struct api_build *b)
{
	const struct follow *f = arg;
	size_t               i;

	for (i = 0; i < f->n; i++) {
		struct task *t = f->task[i];

		if (t->phase == PHASE_POLLING && strcmp(t->item->id, workspace_id) == 0 &&
		        strcmp(t->item->build_id, b->id) == 0)
			seen(t, b);
	}
}

static void
on_followed(void *arg, const struct http_reply *r)
{
	struct engine *e = arg;
	struct follow *f = &e->follow;
	int64_t        now = clock_mono_ms();
	bool           ok = http_ok(r) && api_latest_parse(r->body, r->n, on_latest, f) == 0, again;
	size_t         i;

	f->failures = ok ? 0 : f->failures + 1;
	again = !ok && may_pass(r) && f->failures == 1;
	if (!ok && !again)
		f->not_before_ms = now + LIST_AGAIN_MS;
	for (i = 0; i < f->n; i++) {
		struct task *t = f->task[i];

		if (t->phase != PHASE_POLLING)
			continue;
		poll_again(t, now);
		if (again)
			continue;
		/* Hidden, deleted, or with a newer build: ours is somewhere else. */
		t->alone = true;
		t->at_ms = now;
	}
	f->n = 0;
}

static void
poll_together(struct engine *e)
{
	struct follow  *f = &e->follow;
	struct buf      q;
	struct api_list list = { .limit = (int)f->n };
	size_t          i;

	buf_init(&q, BUF_RECORD_MAX);
	for (i = 0; i < f->n; i++) {
		f->task[i]->phase = PHASE_POLLING;
		buf_printf(&q, "%s%s", i == 0 ? "id:" : ",", f->task[i]->item->id);
	}
	list.q = buf_text(&q);
	e->asked[ASK_FOLLOW]++;
	api_get_workspaces(e->api, API_ONCE, &list, on_followed, e);
	buf_release(&q);
}

/*
 * Those whose time has come, or comes soon: one request for all of them is better than one for
 * each.
 */
static void
gather(struct engine *e, int64_t now)
{
	struct follow *f = &e->follow;
	bool           due = false;
	size_t         i;

	for (i = e->first; i < e->begun && f->n < FOLLOW_MOST; i++) {
		struct task *t = &e->task[i];

		if (t->phase != PHASE_BUILDING || t->alone || t->at_ms - now > t->poll_ms / 2)
			continue;
		due = due || t->at_ms <= now;
		f->task[f->n++] = t;
	}
	if (!due || f->n < 2)
		f->n = 0;
	else
		poll_together(e);
}

int64_t
follow_builds(struct engine *e, int64_t now, int64_t wait)
{
	size_t i;

	if (e->follow.n == 0 && e->o->wait_s != 0 && now >= e->follow.not_before_ms &&
	        api_idle(e->api) > 0)
		gather(e, now);
	for (i = e->first; i < e->begun; i++) {
		struct task *t = &e->task[i];
		int64_t      left = t->at_ms - now;

		if (t->phase != PHASE_BUILDING)
			continue;
		if (left > 0)
			wait = left < wait ? left : wait;
		else if (api_idle(e->api) > 0 && (e->follow.n == 0 || t->alone))
			poll_alone(t);
	}
	return wait;
}

bool
gate_open(const struct engine *e)
{
	const struct gate *g = &e->gate;

	if (e->o->queue < 0)
		return true;
	/* A request whose answer is open may be the one that fills the queue. */
	return e->sending == 0 && (g->build[0] == '\0' || (g->known && g->size <= e->o->queue));
}

void
gate_made(struct engine *e, const char *build_id)
{
	struct gate *g = &e->gate;

	snprintf(g->build, sizeof(g->build), "%s", build_id);
	g->known = false;
	g->at_ms = 0;
}

static void
on_gate(void *arg, const struct http_reply *r)
{
	struct engine   *e = arg;
	struct gate     *g = &e->gate;
	struct api_build b;
	char             fault[480];

	g->asking = false;
	g->at_ms = clock_mono_ms() + GATE_MS;
	if (strcmp(g->asked, g->build) != 0)
		return; /* a newer one was made meanwhile */
	if (read_build(g->build, r, &b)) {
		g->known = true;
		g->size = b.has_queue && !is_over(&b) ? b.queue_size : 0;
	} else {
		/* Without it nobody knows how far ahead of the provisioners we are. */
		api_fault(r, fault, sizeof(fault));
		engine_end_run(e, fault);
	}
}

int64_t
gate_ask(struct engine *e, int64_t now, int64_t wait)
{
	struct gate *g = &e->gate;

	if (e->o->queue < 0 || g->build[0] == '\0' || g->asking || gate_open(e))
		return wait;
	if (now < g->at_ms)
		return g->at_ms - now < wait ? g->at_ms - now : wait;
	g->asking = true;
	e->asked[ASK_QUEUE]++;
	snprintf(g->asked, sizeof(g->asked), "%s", g->build);
	api_get_build(e->api, API_NEEDED, g->build, on_gate, e);
	return wait;
}
