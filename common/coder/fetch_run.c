/* fetch_run.c - the server's list to standard output, and what is said of it. */

#include "coder/fetch_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/ndjson.h"
#include "base/signals.h"
#include "coder/api.h"
#include "coder/joins.h"
#include "coder/listing.h"
#include "coder/query.h"
#include "coder/sight.h"

/* The server's search from -Q and its shorthands. */
static int
make_query(const struct fetch_run *f, struct buf *q, struct err *err)
{
	buf_puts(q, f->query);
	if (f->running && query_has(f->query, "status"))
		return err_set(err, CWS_USAGE,
		        "--running chooses the status: leave 'status:' out of --query");
	if ((f->owner != NULL && query_add(q, "owner", f->owner, err) != 0) ||
	        (f->org != NULL && query_add(q, "organization", f->org, err) != 0) ||
	        (f->template != NULL && query_add(q, "template", f->template, err) != 0))
		return -1;
	return 0;
}

/* What the server was asked for; "": all. */
static const char *
search_of(const struct fetch_run *f, const struct buf *query)
{
	return f->running && query->n == 0 ? "status:running" : buf_text(query);
}

/* What is not there is told, never left out in silence. */
static int
report(const struct listing *l, const char *q, const char *origin)
{
	const struct server server = {
		.api = l->api, .signals = l->stop, .deadline_ms = INT64_MAX
	};
	unsigned long long written = l->written, hidden = l->hidden, missing = l->missing;
	char               gaps[512], why[480];

	if (hidden > 0)
		diag_error("%s: %llu of %llu workspaces are hidden: this token needs template:read",
		        origin, hidden, written + hidden + missing);
	if (missing > 0)
		diag_error("%s: %llu of %llu workspaces are missing: the list kept changing, raise "
		           "--passes",
		        origin, missing, written + hidden + missing);
	if (written == 0 && hidden + missing > 0)
		return CWS_FAIL;
	if (written == 0 && !sight_explains(&server, q, why, sizeof(why))) {
		diag_error("%s: %s", origin, why);
		return CWS_FAIL;
	}
	if (joins_gaps(l->joins, gaps, sizeof(gaps)))
		diag_notice("not readable, so null in the records: %s", gaps);
	return hidden + missing > 0 ? CWS_PARTIAL : CWS_OK;
}

static void
say_summary(const struct listing *l)
{
	unsigned long long written = l->written, pages = l->pages, retries = api_retries(l->api);
	char               again[40] = "";

	if (l->reread > 0)
		snprintf(again, sizeof(again), ", %llu read again", (unsigned long long)l->reread);
	diag_say("%llu workspace%s, %llu page%s%s, %llu %s", written, written == 1 ? "" : "s",
	        pages, pages == 1 ? "" : "s", again, retries, retries == 1 ? "retry" : "retries");
}

static int
fetch(const struct fetch_run *f, const char *prog, const struct buf *query,
        const struct login *login, struct ndjson_out *out)
{
	struct listing     l = { .out = out,
		    .page_size = (int)f->page_size,
		    .jobs = (int)f->jobs,
		    .passes = (int)f->passes,
		    .full = f->full,
		    .stop = out->stop };
	enum listing_end   end;
	struct err         err;
	char               agent[64];
	struct api_options api = { .user_agent = agent,
		.jobs = l.jobs,
		.deadline_ms = clock_mono_ms() + f->deadline_s * 1000,
		.own_ms = INT64_MAX };
	int                status = CWS_FAIL;

	snprintf(agent, sizeof(agent), "cws/" CWS_VERSION " (%s)", prog);
	l.api = api_new(login, &api, &err);
	if (l.api == NULL) {
		diag_error("%s", err.text);
		return CWS_FAIL;
	}
	l.joins = joins_new(l.api, when_at(clock_wall_us()), login->origin, f->with, l.jobs);
	end = (f->running ? listing_stoppable : listing_run)(&l, buf_text(query), &err);
	switch (end) {
	case LISTING_DONE:
		status = report(&l, search_of(f, query), login->origin);
		break;
	case LISTING_FAILED:
		diag_error("%s: %s", login->origin, err.text);
		break;
	case LISTING_GONE: /* out->error says why */
	case LISTING_STOPPED:
		break;
	}
	if (end != LISTING_GONE) /* a reader that has left wants to hear nothing more */
		say_summary(&l);
	listing_release(&l);
	api_free(l.api);
	joins_free(l.joins);
	return status;
}

int
fetch_run(const struct fetch_run *f, const char *prog)
{
	const volatile sig_atomic_t *stop = NULL;
	struct ndjson_out            out;
	struct login                 login;
	struct buf                   query;
	struct err                   err;
	int                          status;

	memset(&login, 0, sizeof(login));
	buf_init(&query, BUF_RECORD_MAX);
	ndjson_out_open(&out, STDOUT_FILENO);
	if (make_query(f, &query, &err) != 0 || login_open(&login, &f->login, &err) != 0) {
		diag_error("%s", err.text);
		status = (int)err.status;
	} else {
		out.stop = stop = signals_catch();
		status = fetch(f, prog, &query, &login, &out);
	}
	/* The next program has to know that this is not all. */
	if (status == CWS_FAIL && out.error == 0)
		ndjson_abort(&out, prog,
		        stop != NULL && *stop != 0 ? "ended by a signal"
		                                   : "the listing is not whole");
	if (ndjson_out_close(&out) != 0) {
		status = out.error == EPIPE ? CWS_OK : CWS_FAIL;
		if (status != CWS_OK && out.error != EINTR)
			diag_error("<stdout>: cannot write: %s", strerror(out.error));
	}
	ndjson_hint(&out);
	buf_release(&query);
	login_release(&login);
	signals_end();
	return status;
}
