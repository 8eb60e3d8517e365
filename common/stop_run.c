/* stop_run.c - what cws-stop does between its options and its exit status. */

#include "stop_run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "diag.h"

#define CLOCK_WARN_MS    (60 * INT64_C(1000))
#define CLOCK_REFUSE_MS  (5 * CLOCK_WARN_MS)
#define READ_PATIENCE_MS (366 * 24 * 3600 * INT64_C(1000)) /* a read's tries are counted, not its time */

/* Nothing is sent: every open record, or with RESULT_REFUSED every record, says why.  Returns status. */
static int __attribute__((format(printf, 4, 5)))
refuse(struct stop_run *r, int status, enum result result, const char *fmt, ...)
{
	char    why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	diag_error("%s: nothing was sent", why);
	if (result == RESULT_REFUSED)
		batch_refuse(&r->batch, why);
	else
		batch_close_all(&r->batch, result, why);
	return status;
}

/* The safety rules that need no server; CWS_OK when they let the run go on. */
static int
check_bounds(struct stop_run *r)
{
	size_t due = batch_due(&r->batch);

	if (r->engine.execute && r->off_in != NULL)
		return refuse(r, CWS_REFUSED, RESULT_REFUSED, "autostop.enabled is false in %s", r->off_in);
	if (r->stopping.foreign[0] != '\0')
		return refuse(r, CWS_REFUSED, RESULT_REFUSED, "the records come from %s, not from %s",
			r->stopping.foreign, r->login->origin);
	if ((int64_t)due > r->max)
		return refuse(r, CWS_REFUSED, RESULT_REFUSED,
			"%zu workspaces are due, more than %lld: raise --max", due,
			(long long)r->max);
	if (due != 0 && batch_count(&r->batch, RESULT_NONE) == 0)
		return refuse(r, CWS_REFUSED, RESULT_SKIPPED,
			"nothing that is due is current: fetch and judge again");
	return CWS_OK;
}

static int
check_clock(struct stop_run *r, const struct engine_me *me)
{
	long long off_s = me->offset_ms / 1000;

	if (!me->has_clock || llabs(me->offset_ms) <= CLOCK_WARN_MS)
		return CWS_OK;
	diag_warn("this clock is %lld s %s the server's", llabs(off_s), off_s < 0 ? "ahead of" : "behind");
	if (!r->engine.execute || llabs(me->offset_ms) <= CLOCK_REFUSE_MS)
		return CWS_OK;
	return refuse(r, CWS_REFUSED, RESULT_REFUSED, "this clock and the server's are more than 5m apart");
}

static int
act(struct stop_run *r, struct ndjson_out *out)
{
	const struct engine_act stop = { "stop", "{\"transition\":\"stop\"}", RESULT_WOULD_STOP,
		RESULT_STOPPED, stopping_holds, STOPPING_WANT, &r->stopping };
	struct engine_end end;
	struct engine_me  me;
	struct err        err;
	struct api       *api;
	int               status;

	api = api_new(r->login, "cws/" CWS_VERSION " (cws-stop)", r->engine.jobs,
		clock_mono_ms() + READ_PATIENCE_MS, &err);
	if (api == NULL)
		return refuse(r, CWS_FAIL, RESULT_SKIPPED, "%s", err.text);
	if (engine_meet(api, r->engine.signals, &me, &err) != 0) {
		status = refuse(r, CWS_FAIL, RESULT_SKIPPED, "%s: %s", r->login->origin, err.text);
	} else if ((status = check_clock(r, &me)) == CWS_OK) {
		stopping_roles(&r->stopping, api, &me, r->engine.signals);
		end = engine_run(&r->batch, api, &stop, &r->engine, &me, out);
		if (end.denied)
			diag_error("%s: the run ended early: %s", r->login->origin, end.fault);
		status = end.denied ? CWS_FAIL : end.unfinished ? CWS_PARTIAL : CWS_OK;
	}
	api_free(api);
	return status;
}

/* Read all, judge once, check, act.  Returns the status as far as it does not rest on single results. */
static int
run(struct stop_run *r, struct records *in, struct ndjson_out *out)
{
	enum records_next got = batch_read(&r->batch, in);
	int               status;

	r->stopping.now_us = r->now.known ? r->now.us : clock_wall_us();
	holds_report(&r->stopping.exclusions->holds, r->stopping.now_us);
	batch_judge_all(&r->batch, in, stopping_judge, &r->stopping);
	if (got != RECORDS_END)
		return refuse(r, CWS_FAIL, RESULT_SKIPPED, "the input is not whole");
	batch_duplicates(&r->batch);
	status = check_bounds(r);
	return status == CWS_OK && batch_count(&r->batch, RESULT_NONE) != 0 ? act(r, out) : status;
}

int
stop_run(struct stop_run *r, const char *prog)
{
	struct records    in;
	struct ndjson_out out;
	int               status;

	records_open(&in, STDIN_FILENO, prog, STOPPING_WANT);
	ndjson_out_open(&out, STDOUT_FILENO);
	in.in.stop = out.stop = r->engine.signals;
	batch_init(&r->batch, "stop");
	r->batch.now = r->now;

	status = run(r, &in, &out);
	batch_write(&r->batch, &out);
	if (status == CWS_OK && (in.bad != 0 || batch_failed(&r->batch)))
		status = CWS_PARTIAL;
	if (status == CWS_FAIL && *r->engine.signals == 0)
		ndjson_abort(&out, prog, "the run could not be finished");
	if (ndjson_out_close(&out) != 0) {
		diag_error("<stdout>: cannot write: %s", strerror(out.error));
		status = CWS_FAIL;
	}
	batch_summary(&r->batch, &in, r->engine.execute);
	records_close(&in);
	batch_release(&r->batch);
	return status;
}
