/* engine_task.c - what each answer makes of a task. */

#include "engine_task.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "diag.h"
#include "dice.h"
#include "facts.h"
#include "retry.h"

#define LOOKS       3
#define POLL_MS     500
#define POLL_MAX_MS 5000

static const char gone[] = "it is gone, or hidden from this token (a dormant one needs an unscoped token)";
static const char unread[] = "the workspace cannot be read again, nothing was sent";

void
task_tell_lost(const struct item *item)
{
	if (item->attempts != 0 && item->result != RESULT_NONE)
		diag_error("not written: %s: %s: %s", item->id, result_name(item->result), item->why.s);
}

void
task_finish(struct task *t, enum result result, const char *why)
{
	struct engine *e = t->engine;

	t->phase = PHASE_DONE;
	if (t->item->attempts != 0)
		t->item->took_ms = clock_mono_ms() - t->began_ms;
	batch_close(e->batch, t->item, result, why);
	if (e->end.output_lost)
		task_tell_lost(t->item);
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

/* Would every other request end like this one?  A lost server, a login page, a refused token. */
static bool
is_general(const struct http_reply *r)
{
	if (r->end != HTTP_ANSWERED)
		return r->end != HTTP_TOO_BIG;
	return r->status == 401 || (r->status >= 300 && r->status < 400) || (r->status < 300 && !r->json);
}

/* A re-read that brought no workspace. */
static void
unreadable(struct task *t, const struct http_reply *r)
{
	keep_words(t->item, r);
	if (is_general(r)) {
		end_run(t->engine, t->item->error);
		task_finish(t, RESULT_FAILED, unread);
	} else if (r->status == 410) {
		task_finish(t, RESULT_ALREADY, "it was deleted");
	} else {
		task_finish(t, RESULT_FAILED, r->status == 404 ? gone : unread);
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
	struct task      *t = arg;
	struct engine    *e = t->engine;
	struct err        err;
	struct stop_facts f;

	if (t->phase != PHASE_READING) /* closed meanwhile */
		return;
	if (!has_workspace(e, r, &err)) {
		unreadable(t, r);
		return;
	}
	t->item->error[0] = '\0'; /* of a try that was put off */
	err.text[0] = '\0';
	if (rec_parse(e->judged, t->item->line, t->item->n, &err) != REC_OK ||
		facts_stop(e->fresh, &f, &err) != 0 ||
		!e->act->holds(e->act->ctx, t->item, e->judged, e->fresh, e->me, &err)) {
		task_finish(t, RESULT_SKIPPED, err.text[0] != '\0' ? err.text : NULL);
		return;
	}
	if (!e->o->execute) {
		task_finish(t, e->act->would, NULL);
		return;
	}
	t->was_number = f.build_number;
	t->verified_ms = clock_mono_ms();
	t->phase = PHASE_READY;
}

static void
read_workspace(struct task *t, enum phase phase, http_done *done)
{
	char path[80];

	t->phase = phase;
	snprintf(path, sizeof(path), "/api/v2/workspaces/%s", t->item->id);
	api_read(t->engine->api, path, done, t);
}

void
task_read(struct task *t)
{
	read_workspace(t, PHASE_READING, on_read);
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
		task_finish(t, RESULT_ACCEPTED, NULL);
		return;
	}
	t->phase = PHASE_BUILDING;
	t->poll_ms = POLL_MS;
	t->at_ms = clock_mono_ms() + t->poll_ms;
	t->give_up_ms = clock_mono_ms() + e->o->wait_s * 1000;
}

/* What a later reading shows, as far as it can be read; f is borrowed from e->fresh. */
static void
see(struct engine *e, const struct http_reply *r, struct look *look, struct stop_facts *f)
{
	struct err  err;
	const char *initiator, *transition;

	look->deleted = r->end == HTTP_ANSWERED && r->status == 410;
	if (!has_workspace(e, r, &err) || facts_stop(e->fresh, f, &err) != 0 || !api_path_ok(f->build_id) ||
	    rec_text(e->fresh, REC_BUILD_INITIATOR_ID, &initiator, &err) != 0 ||
	    rec_text(e->fresh, REC_BUILD_TRANSITION, &transition, &err) != 0)
		return;
	look->readable = true;
	look->build_number = f->build_number;
	look->life = f->life;
	look->transition = transition != NULL ? transition : "";
	look->anonymous = initiator == NULL || !e->me->known;
	look->ours = !look->anonymous && strcmp(initiator, e->me->user.id) == 0;
}

static void
on_look(void *arg, const struct http_reply *r)
{
	struct task      *t = arg;
	struct engine    *e = t->engine;
	struct stop_facts f;
	struct look       look = { .transition = "" };
	struct text       why;
	enum result       result;

	see(e, r, &look, &f);
	if (!look.readable && is_general(r)) {
		char fault[400];

		api_fault(r, fault, sizeof(fault));
		end_run(e, fault);
	}
	text_clear(&why);
	result = outcome_look(&t->answer, &look, t->was_number, &why);
	if (result == RESULT_UNKNOWN && ++t->looks < LOOKS && e->interrupted_ms == 0 && !e->end.denied) {
		/* A request that timed out may still be on its way through a proxy. */
		t->phase = PHASE_UNCLEAR;
		t->at_ms = clock_mono_ms() + 1000 * t->looks;
	} else if (result == RESULT_ACCEPTED) {
		accepted(t, f.build_id, f.build_number);
	} else {
		task_finish(t, result, why.s);
	}
}

void
task_look(struct task *t)
{
	read_workspace(t, PHASE_LOOKING, on_look);
}

/* Surely not processed: wait, then read the workspace again and try once more. */
static void
send_later(struct task *t, const struct http_reply *r)
{
	struct engine *e = t->engine;
	bool           limited = r->end == HTTP_ANSWERED;
	int64_t        wait;

	wait = retry_wait_ms(limited ? RETRY_PAUSE : RETRY_AGAIN, t->item->attempts, r->retry_after_s, dice(),
		INT64_MAX);
	if (wait < 0) {
		if (!limited)
			end_run(e, t->item->error);
		task_finish(t, RESULT_FAILED,
			limited ? "the server's rate limit did not let it through"
				: "the server cannot be reached");
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

	made = r->end == HTTP_ANSWERED && r->status >= 200 && r->status < 300 && r->json &&
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
		task_finish(t, RESULT_ALREADY, "it was deleted");
		break;
	case AFTER_FAILED:
		task_finish(t, RESULT_FAILED, r->status == 404 ? gone : "the server refused it");
		break;
	case AFTER_END:
		end_run(e, t->item->error);
		task_finish(t, RESULT_FAILED, "the server refused it, and would refuse all others");
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

void
task_send(struct task *t)
{
	struct engine *e = t->engine;
	int64_t        now = clock_mono_ms();
	char           path[80];

	rate_take(&e->rate, now * 1000);
	if (t->item->attempts++ == 0)
		t->began_ms = now;
	t->phase = PHASE_SENDING;
	snprintf(path, sizeof(path), "/api/v2/workspaces/%s/builds", t->item->id);
	api_act(e->api, "POST", path, e->act->body, on_sent, t);
}

/* The build's end was not seen. */
static void
still_building(struct task *t, const char *why)
{
	t->engine->end.unfinished = true;
	task_finish(t, RESULT_ACCEPTED, why);
}

static void
on_polled(void *arg, const struct http_reply *r)
{
	struct task     *t = arg;
	struct api_build b;
	int64_t          now = clock_mono_ms();

	if (t->phase != PHASE_POLLING)
		return;
	if (r->end != HTTP_ANSWERED || r->status != 200 || !r->json ||
		api_build_parse(r->body, r->n, &b) != 0) {
		keep_words(t->item, r);
		if (is_general(r))
			end_run(t->engine, t->item->error);
		still_building(t, "accepted, but its build cannot be read");
		return;
	}
	t->item->queue_position = b.has_queue ? b.queue_position : 0;
	if (strcmp(b.job_status, "succeeded") == 0) {
		task_finish(t, t->engine->act->done, NULL);
	} else if (strcmp(b.job_status, "failed") == 0 || strcmp(b.job_status, "canceled") == 0) {
		snprintf(t->item->error, sizeof(t->item->error), "%s",
			b.job_error[0] != '\0' ? b.job_error : b.job_status);
		task_finish(t, RESULT_FAILED, "the build was accepted, but its job failed");
	} else if (now >= t->give_up_ms) {
		still_building(t, "accepted, still building at the end of the wait");
	} else {
		t->phase = PHASE_BUILDING;
		t->poll_ms = t->poll_ms * 3 / 2 < POLL_MAX_MS ? t->poll_ms * 3 / 2 : POLL_MAX_MS;
		t->at_ms = now + t->poll_ms < t->give_up_ms ? now + t->poll_ms : t->give_up_ms;
	}
}

void
task_poll(struct task *t)
{
	char path[80];

	t->phase = PHASE_POLLING;
	snprintf(path, sizeof(path), "/api/v2/workspacebuilds/%s", t->item->build_id);
	api_read(t->engine->api, path, on_polled, t);
}

void
task_close(struct task *t, const char *reason)
{
	struct text why;

	switch (t->phase) {
	case PHASE_QUEUED:
	case PHASE_READING:
	case PHASE_READY:
		text_clear(&why);
		text_put(&why, t->item->attempts == 0 ? "never sent: " : "not sent again: ");
		text_put(&why, reason);
		task_finish(t, RESULT_SKIPPED, why.s);
		break;
	case PHASE_BUILDING:
	case PHASE_POLLING:
		still_building(t, "accepted, not followed to its end");
		break;
	default:
		break;
	}
}

void
task_abandon(struct task *t)
{
	static const struct look nothing = { .transition = "" };
	struct text              why;
	enum result              result;

	switch (t->phase) {
	case PHASE_SENDING:
		task_finish(t, RESULT_UNKNOWN, "the run was ended before the answer came");
		break;
	case PHASE_UNCLEAR:
	case PHASE_LOOKING:
		text_clear(&why);
		result = outcome_look(&t->answer, &nothing, t->was_number, &why);
		task_finish(t, result, why.s);
		break;
	default:
		break;
	}
}
