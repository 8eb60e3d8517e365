/* engine.c - one loop around verify, act, look and follow. */

#include "engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "diag.h"
#include "dice.h"
#include "facts.h"
#include "retry.h"
#include "xalloc.h"

#define TICK_MS     1000  /* no wait is longer, so that a signal is seen */
#define LEAD_US     1000000 /* a workspace is read again at most this long before its request may go */
#define LOOKS       3
#define PATIENCE_MS 10000 /* after a signal, for what is in flight */

enum phase {
	PHASE_QUEUED,    /* not begun, or to be begun again at `at_ms` */
	PHASE_READING,   /* the workspace is being read again */
	PHASE_READY,     /* verified; the request goes out as soon as the rate allows */
	PHASE_SENDING,   /* the request is under way */
	PHASE_UNCLEAR,   /* to be looked into at `at_ms` */
	PHASE_LOOKING,
	PHASE_BUILDING,  /* accepted; to be polled at `at_ms` */
	PHASE_POLLING,
	PHASE_DONE,
};

struct task {
	struct engine *engine;
	struct item   *item;
	enum phase     phase;
	int64_t        at_ms;       /* of the monotonic clock */
	int64_t        began_ms;    /* the first request that would change something */
	int64_t        give_up_ms;  /* end of the wait for the build */
	int64_t        poll_ms;
	int64_t        was_number;  /* the build that was verified */
	int            looks;
	struct answer  answer;
};

struct engine {
	struct batch                *batch;
	struct api                  *api;
	const struct engine_act     *act;
	const struct engine_options *o;
	const struct engine_me      *me;
	struct ndjson_out           *out;
	struct rate                  rate;
	struct rec                  *judged, *fresh;
	struct task                 *task;
	size_t                       tasks, first; /* tasks before `first` are done */
	size_t                       flushed; /* records before it have left the program */
	int64_t                      interrupted_ms;
	struct engine_end            end;
};

/* The record cannot be written any more: what was done must not be lost with it. */
static void
tell_lost(const struct item *item)
{
	if (item->attempts != 0 && item->result != RESULT_NONE)
		diag_error("not written: %s: %s: %s", item->id, result_name(item->result), item->why.s);
}

static void
finish(struct task *t, enum result result, const char *why)
{
	struct engine *e = t->engine;

	t->phase = PHASE_DONE;
	if (t->item->attempts != 0)
		t->item->took_ms = clock_mono_ms() - t->began_ms;
	batch_close(e->batch, t->item, result, why);
	if (e->end.output_lost)
		tell_lost(t->item);
}

/* Nothing after this one would fare better. */
static void
end_run(struct engine *e, const char *fault)
{
	if (e->end.denied)
		return;
	e->end.denied = true;
	snprintf(e->end.fault, sizeof(e->end.fault), "%s", fault);
}

/* Foreign words of a reply, for .error. */
static void
keep_words(struct item *item, const struct http_reply *r)
{
	api_fault(r, item->error, sizeof(item->error));
}

static const char gone[] = "it is gone, or hidden from this token (a dormant one needs an unscoped token)";

/* Would every other request end like this one?  A lost server, a login page, a refused token. */
static bool
is_general(const struct http_reply *r)
{
	return r->end != HTTP_ANSWERED || r->status == 401 || (r->status >= 300 && r->status < 400) ||
	       (r->status < 300 && !r->json);
}

/* A re-read that brought no workspace. */
static void
unreadable(struct task *t, const struct http_reply *r)
{
	keep_words(t->item, r);
	if (is_general(r)) {
		end_run(t->engine, t->item->error);
		finish(t, RESULT_FAILED, "the workspace cannot be read again, nothing was sent");
	} else if (r->status == 410) {
		finish(t, RESULT_ALREADY, "it was deleted");
	} else if (r->status == 404) {
		finish(t, RESULT_FAILED, gone);
	} else {
		finish(t, RESULT_FAILED, "the workspace cannot be read again, nothing was sent");
	}
}

static bool
has_workspace(struct engine *e, const struct http_reply *r, struct err *err)
{
	size_t n = r->n;

	while (n > 0 && (r->body[n - 1] == '\n' || r->body[n - 1] == ' '))
		n--;
	return r->end == HTTP_ANSWERED && r->status == 200 && r->json &&
	       rec_parse(e->fresh, r->body, n, err) == REC_OK;
}

static void
on_read(void *arg, const struct http_reply *r)
{
	struct task       *t = arg;
	struct engine     *e = t->engine;
	struct err         err;
	struct stop_facts  f;

	if (!has_workspace(e, r, &err)) {
		unreadable(t, r);
		return;
	}
	err.text[0] = '\0';
	if (rec_parse(e->judged, t->item->line, t->item->n, &err) != REC_OK || facts_stop(e->fresh, &f, &err) != 0 ||
	    !e->act->holds(e->act->ctx, t->item, e->judged, e->fresh, e->me, &err)) {
		finish(t, RESULT_SKIPPED, err.text[0] != '\0' ? err.text : NULL);
		return;
	}
	t->was_number = f.build_number;
	if (e->o->execute)
		t->phase = PHASE_READY;
	else
		finish(t, e->act->would, NULL);
}

static void
read_again(struct task *t, http_done *done)
{
	char path[80];

	snprintf(path, sizeof(path), "/api/v2/workspaces/%s", t->item->id);
	api_read(t->engine->api, path, done, t);
}

/* The build is made: done, or to be followed. */
static void
accepted(struct task *t, const char *build_id, int64_t number)
{
	struct engine *e = t->engine;

	snprintf(t->item->build_id, sizeof(t->item->build_id), "%s", build_id);
	t->item->build_number = number;
	t->item->error[0] = '\0';
	if (e->o->wait_s == 0) {
		finish(t, RESULT_ACCEPTED, NULL);
		return;
	}
	t->phase = PHASE_BUILDING;
	t->poll_ms = 500;
	t->at_ms = clock_mono_ms() + t->poll_ms;
	t->give_up_ms = clock_mono_ms() + e->o->wait_s * 1000;
}

static void
on_look(void *arg, const struct http_reply *r)
{
	struct task      *t = arg;
	struct engine    *e = t->engine;
	struct stop_facts f;
	struct look       look = { .transition = "" };
	struct err        err;
	struct text       why;
	enum result       result;
	const char       *initiator = NULL, *transition = NULL;

	look.deleted = r->end == HTTP_ANSWERED && r->status == 410;
	if (has_workspace(e, r, &err) && facts_stop(e->fresh, &f, &err) == 0 &&
	    rec_text(e->fresh, REC_BUILD_INITIATOR_ID, &initiator, &err) == 0 &&
	    rec_text(e->fresh, REC_BUILD_TRANSITION, &transition, &err) == 0) {
		look.readable = true;
		look.build_number = f.build_number;
		look.life = f.life;
		look.transition = transition != NULL ? transition : "";
		look.ours = initiator != NULL && e->me->known && strcmp(initiator, e->me->user.id) == 0;
	}
	text_clear(&why);
	result = outcome_look(&t->answer, &look, t->was_number, &why);
	if (result == RESULT_UNKNOWN && ++t->looks < LOOKS && e->interrupted_ms == 0) {
		/* A request that timed out may still be on its way through a proxy. */
		t->phase = PHASE_UNCLEAR;
		t->at_ms = clock_mono_ms() + 1000 * t->looks;
	} else if (result == RESULT_ACCEPTED) {
		accepted(t, f.build_id, f.build_number);
	} else {
		finish(t, result, why.s);
	}
}

/* Surely not processed: wait, then read the workspace again and try once more. */
static void
send_later(struct task *t, const struct http_reply *r)
{
	struct engine *e = t->engine;
	bool           limited = r->end == HTTP_ANSWERED;
	int64_t        wait;

	wait = retry_wait_ms(limited ? RETRY_PAUSE : RETRY_AGAIN, t->item->attempts, r->retry_after_s, dice(), INT64_MAX);
	if (wait < 0) {
		if (!limited)
			end_run(e, t->item->error);
		finish(t, RESULT_FAILED, limited ? "the server's rate limit did not let it through" : "the server cannot be reached");
		return;
	}
	if (limited)
		api_pause(e->api, wait);
	t->phase = PHASE_QUEUED;
	t->at_ms = clock_mono_ms() + wait;
}

static void
on_sent(void *arg, const struct http_reply *r)
{
	struct task     *t = arg;
	struct engine   *e = t->engine;
	struct api_build b;
	bool             made;

	made = r->end == HTTP_ANSWERED && r->status >= 200 && r->status < 300 &&
	       api_build_parse(r->body, r->n, &b) == 0 && strcmp(b.transition, e->act->transition) == 0;
	t->answer = (struct answer){
		.answered = r->end == HTTP_ANSWERED,
		.unsent = r->end == HTTP_UNSENT,
		.fatal = r->end == HTTP_FATAL,
		.status = r->status,
		.coder = made || (r->status >= 300 && api_is_coder(r)),
	};
	t->item->http = r->status;
	keep_words(t->item, r);
	switch (outcome_of(&t->answer)) {
	case AFTER_ACCEPTED:
		accepted(t, b.id, b.number);
		break;
	case AFTER_ALREADY:
		finish(t, RESULT_ALREADY, "it was deleted");
		break;
	case AFTER_FAILED:
		finish(t, RESULT_FAILED, r->status == 404 ? gone : "the server refused it");
		break;
	case AFTER_END:
		end_run(e, t->item->error);
		finish(t, RESULT_FAILED, "the server refused it, and would refuse all others");
		break;
	case AFTER_RESEND:
		send_later(t, r);
		break;
	case AFTER_LOOK:
		t->phase = PHASE_UNCLEAR;
		t->at_ms = clock_mono_ms();
		break;
	}
}

static void
send_now(struct task *t)
{
	struct engine *e = t->engine;
	char           path[80];

	rate_take(&e->rate, clock_mono_ms() * 1000);
	if (t->item->attempts++ == 0)
		t->began_ms = clock_mono_ms();
	t->phase = PHASE_SENDING;
	snprintf(path, sizeof(path), "/api/v2/workspaces/%s/builds", t->item->id);
	api_act(e->api, "POST", path, e->act->body, on_sent, t);
}

/* The build's end was not seen. */
static void
still_building(struct task *t, const char *why)
{
	t->engine->end.unfinished = true;
	finish(t, RESULT_ACCEPTED, why);
}

static void
on_polled(void *arg, const struct http_reply *r)
{
	struct task     *t = arg;
	struct api_build b;

	if (r->end != HTTP_ANSWERED || r->status != 200 || api_build_parse(r->body, r->n, &b) != 0) {
		keep_words(t->item, r);
		if (is_general(r))
			end_run(t->engine, t->item->error);
		still_building(t, "accepted, but its build cannot be read");
		return;
	}
	t->item->queue_position = b.has_queue ? b.queue_position : 0;
	if (strcmp(b.job_status, "succeeded") == 0) {
		finish(t, t->engine->act->done, NULL);
	} else if (strcmp(b.job_status, "failed") == 0 || strcmp(b.job_status, "canceled") == 0) {
		snprintf(t->item->error, sizeof(t->item->error), "%s", b.job_error[0] != '\0' ? b.job_error : b.job_status);
		finish(t, RESULT_FAILED, "the build was accepted, but its job failed");
	} else if (clock_mono_ms() >= t->give_up_ms) {
		still_building(t, "accepted, still building at the end of the wait");
	} else {
		t->phase = PHASE_BUILDING;
		t->poll_ms = t->poll_ms < 4000 ? t->poll_ms * 3 / 2 : 5000;
		t->at_ms = clock_mono_ms() + t->poll_ms;
	}
}

static void
poll_build(struct task *t)
{
	char path[80];

	t->phase = PHASE_POLLING;
	snprintf(path, sizeof(path), "/api/v2/workspacebuilds/%s", t->item->build_id);
	api_read(t->engine->api, path, on_polled, t);
}

/* No request that changes something goes out any more. */
static bool
closing(const struct engine *e)
{
	return e->end.denied || e->end.output_lost || e->end.interrupted;
}

/* What was never sent says so; what is under way gets its time. */
static void
close_unsent(struct engine *e)
{
	const char *why = e->end.interrupted  ? "never sent: the run was ended by a signal"
	                  : e->end.output_lost ? "never sent: the results can no longer be written"
	                                       : "never sent: the run ended early";
	size_t      i;

	for (i = e->first; i < e->tasks; i++) {
		struct task *t = &e->task[i];

		if (t->phase == PHASE_QUEUED || t->phase == PHASE_READY)
			finish(t, RESULT_SKIPPED, why);
		else if (t->phase == PHASE_BUILDING)
			still_building(t, "accepted, not followed to its end");
	}
}

/* Patience is over: whatever has no answer now has an unknown fate. */
static void
abandon(struct engine *e)
{
	size_t i;

	for (i = e->first; i < e->tasks; i++) {
		struct task *t = &e->task[i];

		if (t->phase == PHASE_READING)
			finish(t, RESULT_SKIPPED, "never sent: the run was ended by a signal");
		else if (t->phase == PHASE_POLLING || t->phase == PHASE_BUILDING)
			still_building(t, "accepted, not followed to its end");
		else if (t->phase != PHASE_DONE)
			finish(t, RESULT_UNKNOWN, "the run was ended before the answer came");
	}
}

/* Begin what may begin now.  Returns how long nothing else will. */
static int64_t
start_due(struct engine *e)
{
	int64_t now = clock_mono_ms(), wait = TICK_MS, ahead, room;
	size_t  i, verified = 0;

	for (i = e->first; i < e->tasks; i++)
		verified += e->task[i].phase == PHASE_READING || e->task[i].phase == PHASE_READY;
	room = e->o->execute ? rate_room(&e->rate, now * 1000 + LEAD_US, e->o->jobs) : e->o->jobs;
	for (i = e->first; i < e->tasks; i++) {
		struct task *t = &e->task[i];
		int64_t      left = t->at_ms - now;

		switch (t->phase) {
		case PHASE_READY:
			ahead = (rate_wait_us(&e->rate, now * 1000) + 999) / 1000;
			if (ahead < api_paused_ms(e->api))
				ahead = api_paused_ms(e->api);
			if (ahead == 0 && api_idle(e->api) > 0 && !closing(e))
				send_now(t);
			else if (ahead != 0 && ahead < wait)
				wait = ahead;
			continue;
		case PHASE_QUEUED:
			if ((int64_t)verified >= room || api_idle(e->api) <= 0 || closing(e))
				continue;
			break;
		case PHASE_UNCLEAR:
		case PHASE_BUILDING:
			break;
		default:
			continue;
		}
		if (left > 0) {
			wait = left < wait ? left : wait;
		} else if (t->phase == PHASE_QUEUED) {
			verified++;
			t->phase = PHASE_READING;
			read_again(t, on_read);
		} else if (t->phase == PHASE_UNCLEAR) {
			t->phase = PHASE_LOOKING;
			read_again(t, on_look);
		} else {
			poll_build(t);
		}
	}
	return wait;
}

static bool
all_done(struct engine *e)
{
	while (e->first < e->tasks && e->task[e->first].phase == PHASE_DONE)
		e->first++;
	return e->first == e->tasks;
}

static void
watch_signals(struct engine *e)
{
	int came = e->o->signals != NULL ? (int)*e->o->signals : 0;

	if (came == 0)
		return;
	if (!e->end.interrupted) {
		e->end.interrupted = true;
		e->interrupted_ms = clock_mono_ms();
	}
	if (came > 1 || clock_mono_ms() - e->interrupted_ms >= PATIENCE_MS)
		abandon(e);
}

/* Results that are known leave the program before it waits again. */
static void
write_results(struct engine *e)
{
	size_t i;

	if (e->end.output_lost)
		return;
	if (batch_write(e->batch, e->out) == 0 && ndjson_flush(e->out) == 0) {
		e->flushed = e->batch->written;
		return;
	}
	e->end.output_lost = true;
	for (i = e->flushed; i < e->batch->n; i++)
		tell_lost(&e->batch->item[i]);
}

struct engine_end
engine_run(struct batch *batch, struct api *api, const struct engine_act *act, const struct engine_options *o,
        const struct engine_me *me, struct ndjson_out *out)
{
	struct engine e = { .batch = batch, .api = api, .act = act, .o = o, .me = me, .out = out, .rate = o->rate };
	size_t        i;

	e.judged = rec_new(act->want);
	e.fresh = rec_new(act->want | FACTS_STOP | REC_BIT(REC_BUILD_INITIATOR_ID));
	e.task = xcalloc(batch_open(batch), sizeof(*e.task));
	for (i = 0; i < batch->n; i++)
		if (batch->item[i].result == RESULT_NONE) {
			e.task[e.tasks].engine = &e;
			e.task[e.tasks++].item = &batch->item[i];
		}
	for (;;) {
		int64_t wait;

		watch_signals(&e);
		if (closing(&e))
			close_unsent(&e);
		wait = start_due(&e);
		if (closing(&e))
			close_unsent(&e);
		write_results(&e);
		if (all_done(&e))
			break;
		diag_progress("%zu of %zu done", e.first, e.tasks);
		api_turn(api, wait);
	}
	diag_progress(NULL);
	rec_free(e.judged);
	rec_free(e.fresh);
	free(e.task);
	return e.end;
}

struct meeting {
	struct engine_me *me;
	struct err       *err;
	bool              over;
	int               status;
};

static void
on_met(void *arg, const struct http_reply *r)
{
	struct meeting *m = arg;

	m->over = true;
	m->me->has_clock = r->has_date;
	m->me->offset_ms = r->offset_ms;
	if (r->end == HTTP_ANSWERED && r->status == 200 && r->json &&
	    api_me_parse(r->body, r->n, &m->me->user) == 0) {
		m->me->known = true;
	} else if (r->end != HTTP_ANSWERED || r->status != 404) {
		/* 404: a scoped token without user:read; it may still do its work. */
		char fault[400];

		api_fault(r, fault, sizeof(fault));
		m->status = err_set(m->err, CWS_FAIL, "%s", fault);
	}
}

int
engine_meet(struct api *api, const volatile sig_atomic_t *signals, struct engine_me *me, struct err *err)
{
	struct meeting m = { .me = me, .err = err };

	memset(me, 0, sizeof(*me));
	api_read(api, "/api/v2/users/me", on_met, &m);
	while (!m.over && (signals == NULL || *signals == 0))
		api_turn(api, TICK_MS);
	if (!m.over) {
		api_drop(api);
		return err_set(err, CWS_FAIL, "ended by a signal");
	}
	return m.status;
}
