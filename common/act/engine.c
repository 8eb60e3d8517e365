/* engine.c - the loop: who takes the next step, and when nobody may any more. */

#include "act/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "act/engine_task.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/xalloc.h"

#define TICK_MS 1000 /* no wait is longer, so that a signal is seen */
/* a workspace is read again at most this long before its request may go */
#define LEAD_US 500000
#define NAMES_SHOWN 3 /* of those under way, on a terminal */
/* a journal on a disk that takes longer holds up whoever has looked already */
#define SLOW_SYNC_MS 100
/* of the time that ENGINE_PATIENCE_MS gives, what an answer may take; the rest is for a look */
#define ANSWER_MS 6000

static bool
signal_came(const struct engine *e)
{
	return *e->server->signals != 0;
}

/*
 * Why nothing of the run goes on, the builds that were accepted are not followed either; NULL while
 * it does.
 */
static const char *
over(const struct engine *e)
{
	if (e->end.output_lost)
		return "the results can no longer be written";
	if (e->end.limited)
		return e->end.fault;
	if (e->end.denied)
		return "the run ended early";
	if (e->end.interrupted || signal_came(e))
		return "the run was ended by a signal";
	if (clock_mono_ms() >= e->server->deadline_ms)
		return "the deadline of the run has passed";
	return NULL;
}

const char *
engine_closed(const struct engine *e)
{
	const char *reason;

	if (e->end.journal_lost && !e->end.output_lost)
		return "the journal can no longer be written";
	if ((reason = over(e)) != NULL)
		return reason;
	if (e->o->halt != 0 && e->failures >= e->o->halt)
		return "too many have failed (--halt)";
	return NULL;
}

static void
close_unsent(struct engine *e, const char *reason)
{
	bool   follow = over(e) == NULL;
	size_t i;

	for (i = e->first; i < e->tasks; i++)
		if (!follow || task_is_unsent(&e->task[i]))
			task_close(&e->task[i], reason);
}

/* Does a look of somebody whose intent is on the disk wait for its request to leave? */
static bool
is_one_on_its_way(const struct engine *e)
{
	size_t i;

	for (i = e->first; i < e->begun; i++) {
		const struct task *t = &e->task[i];

		if ((t->phase == PHASE_SENDING && !t->let_go) ||
		        (t->phase >= PHASE_READING && t->phase <= PHASE_READY &&
		                task_has_intent(t)))
			return true;
	}
	return false;
}

/*
 * Send what is verified, as far as the rate allows.  Returns how long until it may allow the next.
 */
static int64_t
send_verified(struct engine *e, int64_t now, int64_t wait)
{
	size_t i;

	for (i = e->first; i < e->begun && engine_closed(e) == NULL && gate_open(e); i++) {
		struct task *t = &e->task[i];
		int64_t      ahead;

		if (t->phase != PHASE_READY)
			continue;
		if (task_is_old(t)) { /* it waited for the rate, or for others */
			t->phase = PHASE_QUEUED;
			t->at_ms = 0;
			continue;
		}
		if (e->sync_ms > SLOW_SYNC_MS && !task_has_intent(t) && is_one_on_its_way(e))
			continue;
		ahead = (rate_wait_us(&e->rate, now * 1000) + 999) / 1000;
		if (ahead > 0)
			return ahead < wait ? ahead : wait;
		if (api_paused_ms(e->api) > 0 || api_idle(e->api) <= 0)
			break;
		task_send(t);
	}
	return wait;
}

/* Read again those that could be sent soon: the others would only grow stale. */
static int64_t
verify_next(struct engine *e, int64_t now, int64_t wait)
{
	int64_t room = gate_open(e) ? e->o->jobs : 0;
	size_t  i;

	if (e->o->execute)
		room = rate_room(&e->rate, now * 1000, now * 1000 + LEAD_US, room);
	for (i = e->first; i < e->begun; i++)
		room -= e->task[i].phase >= PHASE_READING && e->task[i].phase <= PHASE_READY;
	for (i = e->first;
	        i < e->tasks && room > 0 && api_idle(e->api) > 0 && engine_closed(e) == NULL; i++) {
		struct task *t = &e->task[i];

		if (t->phase != PHASE_QUEUED)
			continue;
		if (t->at_ms > now) {
			wait = t->at_ms - now < wait ? t->at_ms - now : wait;
			continue;
		}
		task_read(t);
		room--;
		if (e->begun <= i)
			e->begun = i + 1;
	}
	return wait;
}

/* Look into what is unclear. */
static int64_t
look(struct engine *e, int64_t now, int64_t wait)
{
	size_t i;

	for (i = e->first; i < e->begun; i++) {
		struct task *t = &e->task[i];
		int64_t      left = t->at_ms - now;

		if (t->phase != PHASE_UNCLEAR)
			continue;
		if (left > 0)
			wait = left < wait ? left : wait;
		else
			task_look(t);
	}
	/* A journal may leave thousands open: no more of them at once than requests can be. */
	for (; e->o->recover && over(e) == NULL && e->begun < e->tasks && api_idle(e->api) > 0;
	        e->begun++)
		task_look(&e->task[e->begun]);
	return wait;
}

/* The state of the queue matters while something waits to be sent. */
static int64_t
watch_gate(struct engine *e, int64_t now, int64_t wait)
{
	size_t i;

	for (i = e->first; i < e->tasks && engine_closed(e) == NULL; i++)
		if (task_is_unsent(&e->task[i]))
			return gate_ask(e, now, wait);
	return wait;
}

/* Begin what may begin now, the most urgent first.  Returns how long nothing else will. */
static int64_t
start_due(struct engine *e)
{
	int64_t now = clock_mono_ms(), wait = TICK_MS, paused = api_paused_ms(e->api);

	if (paused > 0) /* when it ends the requests come one by one, not in a burst */
		rate_pause(&e->rate, (now + paused) * 1000);
	wait = look(e, now, wait);
	if (!e->o->recover)
		wait = watch_gate(e, now, wait);
	wait = send_verified(e, now, wait);
	wait = verify_next(e, now, wait);
	return follow_builds(e, now, wait); /* with the slots that are left */
}

static bool
all_done(struct engine *e)
{
	while (e->first < e->tasks && e->task[e->first].phase == PHASE_DONE)
		e->first++;
	return e->first == e->tasks;
}

static void
abandon_all(struct engine *e)
{
	size_t i;

	close_unsent(e, engine_closed(e));
	for (i = e->first; i < e->tasks; i++)
		task_abandon(&e->task[i]);
}

/* --recover ends: what nobody is looking into just now is for another try. */
static void
leave_unlooked(struct engine *e)
{
	bool   late = clock_mono_ms() >= e->server->deadline_ms;
	size_t i;

	if (over(e) == NULL)
		return;
	e->begun = e->tasks;
	for (i = e->first; i < e->tasks; i++)
		if (e->task[i].phase == PHASE_UNCLEAR) {
			e->end.late = e->end.late || late;
			task_abandon(&e->task[i]);
		}
}

/* A signal and the deadline leave some time for what is under way, a second signal none. */
static void
watch_end(struct engine *e)
{
	int64_t now = clock_mono_ms();

	e->end.interrupted = e->end.interrupted || signal_came(e);
	if (!e->end.interrupted && !e->end.limited && now < e->server->deadline_ms)
		return;
	if (e->closing_ms == 0)
		e->closing_ms = now;
	if (now - e->closing_ms >= ANSWER_MS)
		api_end_acts(e->api);
	if ((signal_came(e) && *e->server->signals >= 2) ||
	        now - e->closing_ms >= ENGINE_PATIENCE_MS)
		abandon_all(e);
}

/* The results can no longer be written: what was done must not be lost with them. */
static void
lose_output(struct engine *e)
{
	size_t i;

	e->end.output_lost = true;
	for (i = 0; i < e->batch->items; i++)
		if (!batch_has_left(&e->batch->item[i], e->out))
			task_tell_lost(&e->batch->item[i]);
}

/*
 * A dry run whose reader has left goes on: the summary counts what was judged, and nothing is sent
 * anyway.
 */
static bool
only_counts(const struct engine *e)
{
	return !e->o->execute && !e->o->recover && e->out->error == EPIPE;
}

/*
 * A reader that has left, or an output that was never open, shows before the first result is there.
 */
static void
watch_output(struct engine *e)
{
	struct pollfd p = { .fd = e->out->fd };
	int           flags = fcntl(p.fd, F_GETFL);

	if (e->end.output_lost || only_counts(e))
		return;
	if (flags != -1 && (flags & O_ACCMODE) == O_RDONLY)
		e->out->error = EBADF;
	else if (poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLNVAL)) != 0)
		e->out->error = p.revents & POLLNVAL ? EBADF : EPIPE;
	if (e->out->error != 0 && !only_counts(e))
		lose_output(e);
}

/* Results that are known leave the program before it waits again. */
static void
write_results(struct engine *e)
{
	bool lost;

	if (e->end.output_lost || only_counts(e))
		return;
	lost = batch_write(e->batch, e->out) != 0;
	lost = ndjson_flush(e->out) != 0 || lost;
	if (lost && !only_counts(e))
		lose_output(e);
}

static void
make_tasks(struct engine *e)
{
	size_t i;

	e->task = xcalloc(batch_count(e->batch, RESULT_NONE), sizeof(*e->task));
	for (i = 0; i < e->batch->items; i++)
		if (e->batch->item[i].result == RESULT_NONE) {
			struct task *t = &e->task[e->tasks++];

			t->engine = e;
			t->item = &e->batch->item[i];
			if (e->o->recover) {
				t->phase = PHASE_UNCLEAR;
				t->noted = true;
				t->answer.end = HTTP_UNCLEAR;
			}
		}
}

static bool
is_under_way(const struct task *t)
{
	return t->phase != PHASE_QUEUED && t->phase != PHASE_DONE;
}

/* "12 of 54 done: ada/dev, bob/web", the names being those under way. */
static void
show_progress(const struct engine *e)
{
	size_t      done = e->first, named = 0, i;
	struct text names;

	text_clear(&names);
	for (i = e->first; i < e->begun; i++) {
		const struct task *t = &e->task[i];

		done += t->phase == PHASE_DONE;
		if (!is_under_way(t) || named == NAMES_SHOWN)
			continue;
		text_put(&names, named++ == 0 ? ": " : ", ");
		batch_put_name(&names, t->item);
	}
	diag_progress("%zu of %zu done%s", done, e->tasks, names.s);
}

/* It is of no use to wait any longer for the server's rate limit. */
static void
watch_limit(struct engine *e)
{
	const char *limit = api_limit(e->api);

	if (limit == NULL || e->end.denied)
		return;
	engine_end_run(e, limit);
	e->end.limited = true;
}

static void
watch_standstill(struct engine *e)
{
	int64_t stood_ms = api_stood_ms(e->api);

	if (stood_ms != e->stood_ms && e->act->current != NULL)
		diag_say("the run stood still: the ages of what is left are judged anew");
	e->stood_ms = stood_ms;
}

static void
loop(struct engine *e)
{
	for (;;) {
		const char *reason;
		int64_t     wait;

		watch_standstill(e);
		watch_limit(e);
		watch_end(e);
		watch_output(e);
		write_results(e);
		if ((reason = engine_closed(e)) != NULL) {
			close_unsent(e, reason);
			if (e->o->recover)
				leave_unlooked(e);
			if (e->o->recover && e->end.denied)
				abandon_all(e);
			write_results(e);
		}
		if (all_done(e))
			return;
		wait = start_due(e);
		show_progress(e);
		api_turn(e->api, wait);
	}
}

/* Is it the server that is slow, or do we ask too much? */
static void
tell_requests(const struct engine *e)
{
	uint64_t all = 0;
	size_t   i;

	for (i = 0; i < ASKS; i++)
		all += e->asked[i];
	if (e->tasks != 0)
		diag_trace("%llu requests: %llu read, %llu sent, %llu looked into, %llu followed, "
		           "%llu for the queue; "
		           "%llu.%llu for each of %zu",
		        (unsigned long long)all, (unsigned long long)e->asked[ASK_READ],
		        (unsigned long long)e->asked[ASK_SEND],
		        (unsigned long long)e->asked[ASK_LOOK],
		        (unsigned long long)e->asked[ASK_FOLLOW],
		        (unsigned long long)e->asked[ASK_QUEUE],
		        (unsigned long long)(all / e->tasks),
		        (unsigned long long)(all * 10 / e->tasks % 10), e->tasks);
}

struct engine_end
engine_run(const struct engine_job *job, const struct engine_options *o)
{
	struct engine e = { .batch = job->batch,
		.api = job->server->api,
		.act = job->act,
		.o = o,
		.server = job->server,
		.journal = job->journal,
		.out = job->out,
		.rate = o->rate,
		.began_ms = clock_mono_ms() };

	if (e.server->known)
		snprintf(e.our_id, sizeof(e.our_id), "%s", e.server->user.id);
	e.judged = rec_new();
	e.fresh = rec_new();
	make_tasks(&e);
	loop(&e);
	diag_progress(NULL);
	tell_requests(&e);
	rec_free(e.judged);
	rec_free(e.fresh);
	free(e.task);
	return e.end;
}
