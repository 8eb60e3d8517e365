/* cws-fetch - list workspaces, one line each. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api.h"
#include "buf.h"
#include "cli.h"
#include "clock.h"
#include "diag.h"
#include "joins.h"
#include "listing.h"
#include "login.h"
#include "ndjson.h"
#include "query.h"
#include "signals.h"

#define USER_AGENT "cws/" CWS_VERSION " (cws-fetch)"

struct fetch {
	const char          *query, *owner, *org, *template;
	bool                 running, full;
	unsigned             with;
	int64_t              page_size, jobs, passes, deadline_s;
	struct login_options login;
};

/* The server's search from -Q and its shorthands. */
static int
make_query(const struct fetch *f, struct buf *q, struct err *err)
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

/* What is not there is told, never left out in silence. */
static int
report(const struct listing *l, const char *origin)
{
	unsigned long long written = l->written, hidden = l->hidden, missing = l->missing;
	char               gaps[512], again[40] = "";

	if (hidden > 0)
		diag_error("%s: %llu of %llu workspaces are hidden: this token needs template:read", origin,
		        hidden, written + hidden + missing);
	if (missing > 0)
		diag_error("%s: %llu of %llu workspaces are missing: the list kept changing, raise --passes",
		        origin, missing, written + hidden + missing);
	if (written == 0 && hidden + missing > 0)
		return CWS_FAIL;
	if (joins_gaps(l->joins, gaps, sizeof(gaps)))
		diag_warn("not readable, so null in the records: %s", gaps);
	if (l->reread > 0)
		snprintf(again, sizeof(again), ", %llu read again", (unsigned long long)l->reread);
	diag_say("%llu workspace%s, %llu page%s%s, %llu %s", written, written == 1 ? "" : "s",
	        (unsigned long long)l->pages, l->pages == 1 ? "" : "s", again,
	        (unsigned long long)api_retries(l->api), api_retries(l->api) == 1 ? "retry" : "retries");
	return hidden + missing > 0 ? CWS_PARTIAL : CWS_OK;
}

static int
fetch(const struct fetch *f, const struct buf *query, const struct login *login, struct ndjson_out *out,
        const volatile sig_atomic_t *stop)
{
	struct listing   l = { .out = out, .page_size = (int)f->page_size, .jobs = (int)f->jobs,
		.passes = (int)f->passes, .full = f->full, .stop = stop };
	enum listing_end end;
	struct err       err;
	int              status = CWS_FAIL;

	l.api = api_new(login, USER_AGENT, l.jobs, clock_mono_ms() + f->deadline_s * 1000, &err);
	if (l.api == NULL) {
		diag_error("%s", err.text);
		return CWS_FAIL;
	}
	l.joins = joins_new(l.api, when_at(clock_wall_us()), login->origin, f->with, l.jobs);
	end = (f->running ? listing_stoppable : listing_run)(&l, buf_text(query), &err);
	switch (end) {
	case LISTING_DONE:
		status = report(&l, login->origin);
		break;
	case LISTING_FAILED:
		diag_error("%s: %s", login->origin, err.text);
		break;
	case LISTING_GONE:    /* out->error says why */
	case LISTING_STOPPED:
		break;
	}
	listing_release(&l);
	api_free(l.api);
	joins_free(l.joins);
	return status;
}

int
main(int argc, char **argv)
{
	struct fetch            f = { .query = "", .page_size = 200, .jobs = 4, .passes = 3,
	        .deadline_s = 600 };
	const struct cli_option option[] = {
		{ 'Q', "query", CLI_TEXT, "query", &f.query,
		        "the server's own search, such as 'owner:ada'", 0, 0, NULL, NULL },
		{ 0, "owner", CLI_TEXT, "name", &f.owner, "only workspaces of this user", 0, 0, NULL, NULL },
		{ 0, "org", CLI_TEXT, "name", &f.org,
		        "only workspaces of this organization", 0, 0, NULL, NULL },
		{ 0, "template", CLI_TEXT, "name", &f.template,
		        "only workspaces of this template", 0, 0, NULL, NULL },
		{ 'r', "running", CLI_FLAG, NULL, &f.running,
		        "only what a stop could change: running, failed, canceled", 0, 0, NULL, NULL },
		{ 0, "with", CLI_PARSE, "what,...", &f.with,
		        "say more of owners: owner, quiet-hours, groups", 0, 0, owners_with, NULL },
		{ 0, "page-size", CLI_INT, "n", &f.page_size,
		        "workspaces a request, 1-1000 (200)", 1, 1000, NULL, NULL },
		{ 'j', "jobs", CLI_INT, "n", &f.jobs, "requests at a time, 1-32 (4)", 1, 32, NULL, NULL },
		{ 0, "passes", CLI_INT, "n", &f.passes,
		        "read a list that moves at most so often (3)", 1, 100, NULL, NULL },
		{ 0, "deadline", CLI_SPAN, "duration", &f.deadline_s,
		        "give up after this time, retries included (10m)", 1, 86400, NULL, NULL },
		{ 0, "full", CLI_FLAG, NULL, &f.full, "keep latest_build.resources", 0, 0, NULL, NULL },
		LOGIN_OPTIONS(f.login),
	};
	const struct cli  cli = { "cws-fetch", "List Coder workspaces, one JSON record a line.",
		"cws-fetch -r | cws-ttl | cws-stop", option, sizeof(option) / sizeof(option[0]) };
	struct ndjson_out out;
	struct login      login;
	struct buf        query;
	struct err        err;
	int               status;
	const volatile sig_atomic_t *stop = NULL;

	cli_start(&cli);
	if ((status = cli_parse(&cli, argc, argv)) != -1)
		return status;
	memset(&login, 0, sizeof(login));
	buf_init(&query, BUF_RECORD_MAX);
	ndjson_out_open(&out, STDOUT_FILENO);
	if (make_query(&f, &query, &err) != 0 || login_open(&login, &f.login, &err) != 0) {
		diag_error("%s", err.text);
		status = (int)err.status;
	} else {
		out.stop = stop = signals_catch();
		status = fetch(&f, &query, &login, &out, stop);
	}
	/* The next program has to know that this is not all. */
	if (status == CWS_FAIL && out.error == 0)
		ndjson_abort(&out, cli.prog, stop != NULL && *stop != 0 ? "ended by a signal" : "the listing is not whole");
	if (ndjson_out_close(&out) != 0) {
		status = out.error == EPIPE ? CWS_OK : CWS_FAIL;
		if (status != CWS_OK && out.error != EINTR)
			diag_error("<stdout>: cannot write: %s", strerror(out.error));
	}
	buf_release(&query);
	login_release(&login);
	signals_end();
	return status;
}
