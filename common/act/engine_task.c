/* engine_task.c - what all steps of a task share: its end, its journal, its readings. */

#include "act/engine_task.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"

const char task_gone[] =
        "it is gone, or hidden from this token (a dormant one needs an unscoped token)";

void
engine_end_run(struct engine *e, const char *fault)
{
	if (e->end.denied)
		return;
	e->end.denied = true;
	snprintf(e->end.fault, sizeof(e->end.fault), "%s", fault);
}

void
task_tell_lost(const struct item *item)
{
	if (item->attempts != 0 && item->result != RESULT_NONE)
		diag_error("not written: %s: %s: %s", item->id, result_name(item->result),
		        item->why.s);
}

int
task_note(struct task *t)
{
	struct engine      *e = t->engine;
	struct item        *item = t->item;
	struct journal_line l = { .action = item->action,
		.build_number = item->was_number,
		.at = when_at(clock_wall_us()),
		.before = item->before,
		.after = item->after };
	struct buf          outcome;
	struct err          err;
	int                 status;

	if (e->end.journal_lost)
		return -1;
	buf_init(&outcome, BUF_RECORD_MAX);
	if (item->result != RESULT_NONE) {
		if (t->intent.after.known) { /* another look may have left no deadline to move */
			l.before = t->intent.before;
			l.after = t->intent.after;
		}
		batch_describe(e->batch, item, &outcome);
		l.outcome = (struct slice){ outcome.p, outcome.n };
	}
	snprintf(l.run, sizeof(l.run), "%s", item->run[0] != '\0' ? item->run : e->batch->run);
	snprintf(l.id, sizeof(l.id), "%s", item->id);
	snprintf(l.build_id, sizeof(l.build_id), "%s", item->was_id);
	snprintf(l.owner_id, sizeof(l.owner_id), "%s", item->owner_id);
	snprintf(l.owner_name, sizeof(l.owner_name), "%s", item->owner_name);
	snprintf(l.name, sizeof(l.name), "%s", item->name);
	snprintf(l.url, sizeof(l.url), "%s", api_origin(e->api));
	status = journal_write(e->journal, &l, &err);
	buf_release(&outcome);
	if (status == 0) {
		t->noted = true;
		return 0;
	}
	e->end.journal_lost = true;
	diag_error("%s: nothing more is sent", err.text);
	return -1;
}

void
task_finish(struct task *t, enum result result, const char *why)
{
	struct engine *e = t->engine;

	e->sending -= t->phase == PHASE_SENDING;
	t->phase = PHASE_DONE;
	e->failures += result == RESULT_FAILED || result == RESULT_UNKNOWN;
	if (t->began_ms != 0)
		t->item->took_ms = clock_mono_ms() - t->began_ms;
	batch_close(e->batch, t->item, result, why);
	if (t->noted)
		task_note(t);
	if (e->end.output_lost)
		task_tell_lost(t->item);
}

void
task_still_building(struct task *t, const char *why)
{
	t->engine->end.unfinished = true;
	task_finish(t, RESULT_ACCEPTED, why);
}

void
task_words(struct item *item, const struct http_reply *r)
{
	api_fault(r, item->error, sizeof(item->error));
}

void
task_refused(struct task *t, const char *why, const char *scope)
{
	struct text text;

	text_clear(&text);
	text_put(&text, why);
	if (scope != NULL) {
		text_put(&text, ": the token needs ");
		text_put(&text, scope);
		text_put(&text, ", and its user a role that allows it");
	}
	task_finish(t, RESULT_FAILED, text.s);
}

bool
is_fault_for_all(const struct http_reply *r)
{
	if (r->end != HTTP_ANSWERED)
		return r->end != HTTP_TOO_BIG;
	return r->status == 401 || (r->status >= 300 && r->status < 400) ||
	       (r->status < 300 && !r->json);
}

struct identity {
	const char *id;
};

static const struct fact identity_fact[] = { FACT(struct identity, id, ".id") };

static const struct fact_table identity_table = FACT_TABLE(identity_fact);

bool
task_workspace(struct task *t, const struct http_reply *r)
{
	struct rec     *fresh = t->engine->fresh;
	struct identity is;
	struct err      err;
	size_t          n = r->n;

	while (n > 0 && (r->body[n - 1] == '\n' || r->body[n - 1] == ' '))
		n--;
	/* Some other object, from a cache or a gateway, is no word about this workspace. */
	return http_ok(r) && rec_parse(fresh, r->body, n, &err) == REC_OK &&
	       rec_read(fresh, &identity_table, &is, &err) == 0 && is.id != NULL &&
	       strcmp(is.id, t->item->id) == 0;
}

bool
task_limited(struct task *t, const struct http_reply *r)
{
	if (r->status != 429 || api_limit(t->engine->api) == NULL)
		return false;
	t->phase = PHASE_QUEUED;
	t->at_ms = 0;
	return true;
}

bool
task_is_unsent(const struct task *t)
{
	return t->phase <= PHASE_READY || (t->phase == PHASE_SENDING && !t->let_go);
}

void
task_close(struct task *t, const char *reason)
{
	struct engine *e = t->engine;
	struct text    why;

	if (task_is_unsent(t)) {
		e->end.late = e->end.late || clock_mono_ms() >= e->server->deadline_ms;
		text_clear(&why);
		text_put(&why, t->item->attempts == 0 ? "never sent: " : "not sent again: ");
		text_put(&why, reason);
		task_finish(t, RESULT_SKIPPED, why.s);
	} else if (t->phase == PHASE_BUILDING || t->phase == PHASE_POLLING) {
		task_still_building(t, "accepted, not followed to its end");
	}
}

void
task_leave_open(struct task *t, const char *why)
{
	struct text text;

	text_clear(&text);
	text_put(&text, why);
	if (t->noted && t->engine->journal->path != NULL)
		text_put(&text, ": ask cws-stop --recover");
	t->noted = false;
	task_finish(t, RESULT_UNKNOWN, text.s);
}

void
task_abandon(struct task *t)
{
	switch (t->phase) {
	case PHASE_SENDING:
		task_leave_open(t, "the run was ended before the answer came");
		break;
	case PHASE_UNCLEAR:
	case PHASE_LOOKING:
	case PHASE_TRACING:
		task_leave_open(
		        t, "the answer was lost, and the run was ended before anybody could look");
		break;
	default:
		break;
	}
}
