/* act_run.c - checks before anything is sent, then the engine, then the records. */

#include "act/act_run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/recover.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/signals.h"
#include "books/lock.h"
#include "settings/config_show.h"

#define CLOCK_WARN_MS (60 * INT64_C(1000))
#define CLOCK_REFUSE_MS (5 * CLOCK_WARN_MS)
/* the same of a fault of the server's own: its database restarts */
#define OWN_MS (2 * 60 * INT64_C(1000))
/* no honest run takes so long, or twice what --rate needs for it */
#define DEADLINE_S (2 * 3600)
/* without --deadline a read's tries are counted, not its time */
#define PATIENCE_MS (366 * 24 * 3600 * INT64_C(1000))

/* One run at work. */
struct work {
	struct act_run       *r;
	const struct cli     *cli;
	struct login          login;
	struct batch          batch;
	struct records        in;
	struct ndjson_out     out;
	struct engine_options engine;
	struct server         server;
	int64_t               judged_ms; /* when the input had been judged, by clock_mono_ms */
};

int
act_parse_rate(void *target, const char *text, struct err *err)
{
	if (rate_parse(text, target))
		return 0;
	return err_set(err, CWS_USAGE,
	        "expected a rate such as 10/m, 2/s, 100/h, or 0 (none), got \"%s\"", text);
}

int
act_parse_wait(void *target, const char *text, struct err *err)
{
	return cli_span_within(text != NULL ? text : "30m", 0, ACT_SPAN_MAX_S, target, err);
}

int
act_prepare(struct act_options *o, const struct cli *cli)
{
	struct err err;

	if (config_open(&o->config, cli, &err) != 0 ||
	        exclusions_prepare(&o->exclusions, &err) != 0)
		return cli_refuse(cli, "%s", err.text);
	if (o->config.show)
		return config_print(&o->config, cli);
	if (o->execute && o->dry_run && config_sets(&o->config, "dry_run"))
		diag_warn("dry_run is true in %s, so --execute sends nothing", o->config.file.path);
	o->execute = o->execute && !o->dry_run;
	return -1;
}

void
act_release(struct act_options *o)
{
	exclusions_release(&o->exclusions);
	config_release(&o->config);
}

/*
 * Nothing is sent: every open record, or with RESULT_REFUSED every record, says why.  Returns
 * status.
 */
static int __attribute__((format(printf, 4, 5)))
refuse(struct work *w, int status, enum result result, const char *fmt, ...)
{
	char    why[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	diag_error("%s: nothing was sent", why);
	if (w->r->recover != NULL)
		batch_drop(&w->batch); /* what became of them is for another try to tell */
	else if (result == RESULT_REFUSED)
		batch_refuse(&w->batch, why);
	else
		batch_close_all(&w->batch, result, why);
	return status;
}

/* A fault or a refusal that err describes. */
static int
refuse_err(struct work *w, const struct err *err)
{
	return refuse(w, (int)err->status,
	        err->status == CWS_REFUSED ? RESULT_REFUSED : RESULT_SKIPPED, "%s", err->text);
}

/* A line that may keep a workspace, and nobody can say which.  CWS_OK when there is none. */
static int
check_nameless(struct work *w)
{
	size_t n = w->batch.nameless + w->in.unread;
	char   lines[40];

	if (n == 0)
		return CWS_OK;
	snprintf(lines, sizeof(lines), "%zu bad line%s", n, n == 1 ? "" : "s");
	if (w->r->o->execute)
		return refuse(w, CWS_REFUSED, RESULT_REFUSED,
		        "%s of the input can name no workspace, and may keep any: leave out what "
		        "is bad",
		        lines);
	diag_warn("%s of the input can name no workspace: --execute would be refused", lines);
	return CWS_OK;
}

/* The safety rules that need no server; CWS_OK when they let the run go on. */
static int
check_bounds(struct work *w)
{
	struct act_run *r = w->r;
	const char     *owner;
	struct text     why;
	int64_t due = (int64_t)batch_due(&w->batch), most = (int64_t)batch_most(&w->batch, &owner);

	if (r->o->execute && r->o->config.off)
		return refuse(w, CWS_REFUSED, RESULT_REFUSED, "autostop.enabled is false in %s",
		        r->o->config.file.path);
	if (r->o->execute && r->o->config.doubtful[0] != '\0')
		return refuse(w, CWS_REFUSED, RESULT_REFUSED, "unknown setting in %s: %s",
		        r->o->config.file.path, r->o->config.doubtful);
	if (check_nameless(w) != CWS_OK)
		return CWS_REFUSED;
	if (r->guard.foreign[0] != '\0')
		return refuse(w, CWS_REFUSED, RESULT_REFUSED,
		        "the records come from %s, not from %s", r->guard.foreign, w->login.origin);
	if (r->guard.soft_plan)
		return refuse(w, CWS_REFUSED, RESULT_REFUSED,
		        "the plan is one of --soft: say it again, or judge afresh");
	text_clear(&why);
	if (!bounds_total(&r->o->bounds, due, &why) ||
	        (owner != NULL && !bounds_owner(&r->o->bounds, owner, most, &why)))
		return refuse(w, CWS_REFUSED, RESULT_REFUSED, "%s", why.s);
	if (due != 0 && batch_count(&w->batch, RESULT_NONE) == 0)
		return refuse(w, CWS_REFUSED, RESULT_SKIPPED,
		        "nothing that is due is current: fetch and judge again");
	return CWS_OK;
}

static int
check_clock(struct work *w)
{
	const struct server *server = &w->server;
	long long            off_s = server->offset_ms / 1000;

	if (!server->has_clock)
		diag_warn("%s does not say what time it has: going by this clock alone",
		        w->login.origin);
	if (!server->has_clock || llabs(server->offset_ms) <= CLOCK_WARN_MS)
		return CWS_OK;
	diag_warn("this clock is %lld s %s the server's", llabs(off_s),
	        off_s < 0 ? "ahead of" : "behind");
	if (!w->r->o->execute || llabs(server->offset_ms) <= CLOCK_REFUSE_MS)
		return CWS_OK;
	return refuse(w, CWS_REFUSED, RESULT_REFUSED,
	        "this clock and the server's are more than 5m apart");
}

static int
check_percent(struct work *w)
{
	struct act_options *o = w->r->o;
	int64_t             due = (int64_t)batch_due(&w->batch), running;
	struct text         why;
	struct err          err;

	if (o->bounds.max_percent < 0 || due == 0)
		return CWS_OK;
	if (server_running(&w->server, &running, &err) != 0)
		return refuse(w, CWS_FAIL, RESULT_SKIPPED, "%s: %s", w->login.origin, err.text);
	text_clear(&why);
	if (bounds_percent(&o->bounds, due, running, &why))
		return CWS_OK;
	return refuse(w, CWS_REFUSED, RESULT_REFUSED, "%s", why.s);
}

/* Who we are, and what only the server can say; CWS_OK when it lets the run go on. */
static int
check_server(struct work *w)
{
	struct err err;
	int        status;

	if (server_meet(&w->server, &err) != 0)
		return refuse(w, CWS_FAIL, RESULT_SKIPPED, "%s: %s", w->login.origin, err.text);
	if (w->r->recover != NULL)
		return CWS_OK;
	if (w->server.known)
		batch_run_as(&w->batch, w->server.user.id);
	status = check_clock(w);
	if (status == CWS_OK)
		status = check_percent(w);
	if (status == CWS_OK)
		sharing_roles(&w->r->guard.shared, &w->server);
	return status;
}

static int
end_status(struct work *w, const struct engine_end *end)
{
	if (end->denied)
		diag_error("%s: the run ended early: %s", w->login.origin, end->fault);
	if (end->late)
		diag_error("--deadline came before everything was %s",
		        w->r->recover != NULL ? "looked into" : "sent");
	return end->denied || end->late || end->journal_lost ? CWS_FAIL
	       : end->unfinished                             ? CWS_PARTIAL
	                                                     : CWS_OK;
}

/* With the lock held. */
static int
act(struct work *w)
{
	struct act_options *o = w->r->o;
	struct journal      journal = { .path = NULL };
	struct engine_job   job = { &w->batch, &w->server, &w->r->act, &journal, &w->out };
	struct engine_end   end;
	struct err          err;
	char                agent[64];
	struct api_options  api = { .user_agent = agent, .jobs = w->engine.jobs, .acts = true };
	int                 status;

	if (o->journal != NULL && (o->execute || w->r->recover != NULL) &&
	        journal_open(&journal, o->journal, &err) != 0)
		return refuse_err(w, &err);
	api.deadline_ms = clock_mono_ms() + PATIENCE_MS;
	api.own_ms = OWN_MS;
	api.since_ms = w->judged_ms;
	if (w->server.deadline_ms < api.deadline_ms)
		api.deadline_ms = w->server.deadline_ms + ENGINE_PATIENCE_MS;
	if (o->deadline_s != 0)
		api.own_ms = INT64_MAX;
	snprintf(agent, sizeof(agent), "cws/" CWS_VERSION " (%s)", w->cli->prog);
	w->server.api = api_new(&w->login, &api, &err);
	if (w->server.api == NULL) {
		status = refuse_err(w, &err);
	} else if ((status = check_server(w)) == CWS_OK) {
		end = engine_run(&job, &w->engine);
		status = end_status(w, &end);
	}
	api_free(w->server.api);
	if (journal_close(&journal, &err) != 0) {
		diag_error("%s", err.text);
		status = CWS_FAIL;
	}
	return status;
}

/* A run that acts ends some day, though nobody said when. */
static void
set_deadline(struct work *w)
{
	const struct act_options *o = w->r->o;
	int64_t     need_s = 2 * (int64_t)batch_due(&w->batch) * o->emit_us / 1000000 + o->wait_s;
	int64_t     most_s = o->emit_us == 0       ? DEADLINE_S + o->wait_s
	                     : need_s > DEADLINE_S ? need_s
	                                           : DEADLINE_S;
	struct text span;

	if (!o->execute || o->deadline_s != 0)
		return;
	w->server.deadline_ms = w->judged_ms + most_s * 1000;
	text_clear(&span);
	text_span(&span, most_s);
	diag_trace("--deadline is %s", span.s);
}

static int
alone(struct work *w, int (*what)(struct work *w))
{
	struct err err;
	int        lock = -1, status;

	if ((w->r->o->execute || w->r->recover != NULL) &&
	        (lock = lock_take(w->login.origin, &err)) == -1)
		return refuse_err(w, &err);
	status = what(w);
	if (lock != -1)
		close(lock);
	return status;
}

/*
 * Read all, judge once, check, act.  Returns the status as far as it does not rest on single
 * results.
 */
static int
run(struct work *w)
{
	struct act_run   *r = w->r;
	enum records_next got = batch_read(&w->batch, &w->in);
	bool              whole;
	int               status;

	r->guard.now_us = r->now.known ? r->now.us : clock_wall_us();
	holds_report(&r->o->exclusions.holds, r->guard.now_us);
	if (r->expand != NULL)
		r->expand(r->act.ctx, &w->batch, &w->in);
	w->judged_ms = clock_mono_ms();
	whole = batch_judge_all(&w->batch, &w->in, r->judge, r->act.ctx);
	if (!whole || got != RECORDS_END)
		return refuse(w, CWS_FAIL, RESULT_SKIPPED, "the input is not whole");
	if (w->batch.n != 0 && w->batch.unjudged == w->batch.n)
		diag_notice("no record has a verdict: put cws-ttl or cws-quiet before %s, or use "
		            "--force",
		        w->cli->prog);
	batch_duplicates(&w->batch, r->last_wins);
	status = check_bounds(w);
	set_deadline(w);
	if (status != CWS_OK || batch_count(&w->batch, RESULT_NONE) == 0)
		return status;
	batch_open_items(&w->batch);
	if (w->batch.lost)
		return refuse(w, CWS_FAIL, RESULT_SKIPPED, "the input cannot be read back");
	return alone(w, act);
}

/*
 * What a journal left open, looked into.  With the lock held: a run that still writes it has left
 * nothing open.
 */
static int
recover(struct work *w)
{
	const struct recover_from from = { w->r->recover, w->login.origin, w->server.signals,
		w->server.deadline_ms };
	struct err                err;

	if (recover_read(&w->batch, &from, &w->in.bad, &err) != 0) {
		diag_error("%s", err.text);
		return (int)err.status;
	}
	w->in.read = w->batch.n;
	return w->batch.n != 0 ? act(w) : CWS_OK;
}

static void
set_up(struct work *w, struct act_run *r)
{
	struct act_options *o = r->o;

	w->engine = (struct engine_options){ .execute = o->execute,
		.recover = r->recover != NULL,
		.wait_s = o->wait_s,
		.queue = o->queue,
		.halt = o->halt,
		.jobs = (int)o->jobs };
	w->server.signals = signals_catch();
	w->server.deadline_ms =
	        o->deadline_s != 0 ? clock_mono_ms() + o->deadline_s * 1000 : INT64_MAX;
	rate_init(&w->engine.rate, o->emit_us, o->burst);
	r->guard.exclusions = &o->exclusions;
	r->guard.shared.allowed = o->shared;
	r->guard.origin = w->login.origin;
	r->guard.replay = r->now.known;
	records_open(&w->in, STDIN_FILENO, w->cli->prog);
	ndjson_out_open(&w->out, STDOUT_FILENO);
	w->in.in.stop = w->out.stop = w->server.signals;
	w->in.journals = r->expand != NULL;
	w->in.in.deadline_ms = w->server.deadline_ms;
	batch_init(&w->batch, r->action);
	w->batch.now = r->now;
	w->batch.soft_s = r->soft_s;
}

static int
finish(struct work *w, int status)
{
	batch_write(&w->batch, &w->out);
	if (w->batch.lost)
		status = CWS_FAIL;
	if (status == CWS_OK && (w->in.bad != 0 || batch_failed(&w->batch)))
		status = CWS_PARTIAL;
	if (status == CWS_FAIL && *w->server.signals == 0)
		ndjson_abort(&w->out, w->cli->prog, "the run could not be finished");
	if (ndjson_out_close(&w->out) != 0) {
		diag_error("<stdout>: cannot write: %s", strerror(w->out.error));
		status = CWS_FAIL;
	}
	batch_say_failures(&w->batch);
	if (status != CWS_USAGE)
		batch_summary(&w->batch, &w->in, w->r->o->execute || w->r->recover != NULL);
	ndjson_hint(&w->out);
	return status;
}

int
act_run(struct act_run *r, const struct cli *cli)
{
	struct work w = { .r = r, .cli = cli };
	struct err  err;
	int         status;

	if (login_open(&w.login, &r->o->login, &err) != 0) {
		diag_error("%s", err.text);
		login_release(&w.login);
		return CWS_USAGE;
	}
	set_up(&w, r);
	status = finish(&w, r->recover != NULL ? alone(&w, recover) : run(&w));
	records_close(&w.in);
	batch_release(&w.batch);
	guard_release(&r->guard);
	login_release(&w.login);
	signals_end();
	return status;
}
