/*
 * test_patience.c - the queue in front of the server: tries, pauses and budgets, on a clock of its own.
 *
 * This file is http.h, clock.h and random.h for api.c: replies come from a row,
 * time passes only in http_turn, and the dice always show what the test says.
 */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/random.h"
#include "base/xalloc.h"
#include "coder/api.h"
#include "net/retry.h"

#include "check.h"

#define NEVER  (-1)
#define START  1000000 /* ms; where the clock begins */
#define STARTS 400
#define OWN_MS 100000 /* how long a fault of the server's own is waited for */

#define OWN_401 "{\"message\":\"An internal error occurred.\",\"detail\":\"Internal error fetching API key by id.\"}"
#define OWN_500 "{\"message\":\"An internal server error occurred.\"}"
#define NO_TOKEN "{\"message\":\"You are signed out or your session has expired.\"}"

static int64_t  now_ms;
static uint32_t shown; /* by the dice */

int64_t
clock_mono_ms(void)
{
	return now_ms;
}

int64_t
clock_wall_us(void)
{
	return now_ms * 1000;
}

uint32_t
random_u32(void)
{
	return shown;
}

/* What the server does to a path's requests number from to to. */
struct rule {
	const char   *path;
	int           from, to;
	enum http_end end;
	int           status;
	int64_t       after_s; /* Retry-After; -1: none */
	int64_t       takes_ms; /* NEVER: until the request's own timeout */
	const char   *body;
};

static const struct rule *script;
static size_t             rules;

struct start {
	char    path[32], method[8];
	int64_t at_ms;
	int     attempt;
};

static int64_t date_us, age_s, heard_ms; /* of each reply, with a date_us; when the last came */

static struct start begun[STARTS];
static size_t       starts;
static int          turns;

struct http {
	int jobs, busy;
	struct flight {
		http_done        *done;
		void             *arg;
		int64_t           ends_ms;
		struct http_reply reply;
	} flight[64];
};

struct http *
http_new(const struct http_peer *peer, int jobs, struct err *err)
{
	struct http *h = xcalloc(1, sizeof(*h));

	(void)peer, (void)err;
	h->jobs = jobs;
	return h;
}

void
http_free(struct http *h)
{
	free(h);
}

void
http_end_acts(struct http *h)
{
	(void)h;
}

int
http_idle(const struct http *h)
{
	return h->jobs - h->busy;
}

static int
count(const char *path)
{
	int    n = 0;
	size_t i;

	for (i = 0; i < starts; i++)
		n += strcmp(begun[i].path, path) == 0;
	return n;
}

void
http_start(struct http *h, const struct http_request *req, http_done *done, void *arg)
{
	struct flight *f = h->flight;
	struct start  *s = &begun[starts < STARTS - 1 ? starts++ : starts];
	int64_t        takes = 10;
	size_t         i;
	int            n;

	while (f->done != NULL)
		f++;
	snprintf(s->path, sizeof(s->path), "%s", req->path);
	snprintf(s->method, sizeof(s->method), "%s", req->method);
	s->at_ms = now_ms - START;
	s->attempt = req->attempt;
	n = count(req->path);
	*f = (struct flight){ done, arg, 0, { .end = HTTP_ANSWERED, .status = 200, .json = true,
		.retry_after_s = -1, .body = "{}", .fault = "" } };
	for (i = 0; i < rules; i++) {
		const struct rule *r = &script[i];

		if (strcmp(r->path, req->path) != 0 || n < r->from || n > r->to)
			continue;
		f->reply.end = r->end;
		f->reply.status = r->status;
		f->reply.retry_after_s = r->after_s;
		f->reply.body = r->body != NULL ? r->body : "{}";
		f->reply.fault = r->end != HTTP_ANSWERED ? "gone" : "";
		f->reply.version = strstr(f->reply.body, "message") != NULL ? "v2.31.14" : NULL;
		takes = r->takes_ms;
		break;
	}
	if (takes == NEVER || takes > req->timeout_ms) {
		takes = req->timeout_ms;
		f->reply.end = HTTP_UNCLEAR;
		f->reply.status = 0;
		f->reply.fault = "timed out";
	}
	f->reply.n = strlen(f->reply.body);
	f->ends_ms = now_ms + takes;
	f->reply.has_date = date_us != 0;
	f->reply.date_us = date_us;
	f->reply.age_s = age_s;
	if (age_s == 0)
		heard_ms = f->ends_ms;
	f->reply.heard_ms = f->ends_ms;
	h->busy++;
}

void
http_turn(struct http *h, int64_t wait_ms)
{
	int64_t next = now_ms + (wait_ms < 1000 ? wait_ms : 1000);
	int     i;

	turns++;
	for (i = 0; i < 64; i++)
		if (h->flight[i].done != NULL && h->flight[i].ends_ms < next)
			next = h->flight[i].ends_ms;
	if (next > now_ms)
		now_ms = next;
	for (i = 0; i < 64; i++) {
		struct flight f = h->flight[i];

		if (f.done == NULL || f.ends_ms > now_ms)
			continue;
		f.done(f.arg, &f.reply);
		h->flight[i].done = NULL;
		h->busy--;
	}
}

/* How one read ended. */
struct ended {
	int           times;
	enum http_end end;
	int           status;
	int64_t       at_ms;
	char          fault[80];
};

static void
on_end(void *arg, const struct http_reply *r)
{
	struct ended *e = arg;

	e->times++;
	e->end = r->end;
	e->status = r->status;
	e->at_ms = now_ms - START;
	snprintf(e->fault, sizeof(e->fault), "%s", r->fault);
}

static struct api *
begin(const struct rule *r, size_t n, int jobs, int64_t budget_ms, uint32_t show)
{
	static char               origin[] = "http://x";
	static const struct login nobody = { .origin = origin };
	struct api_options        o = { .user_agent = "test", .jobs = jobs, .deadline_ms = START + budget_ms,
		.own_ms = OWN_MS, .acts = true };
	struct err                err;

	now_ms = START;
	shown = show;
	script = r;
	rules = n;
	starts = 0;
	turns = 0;
	return api_new(&nobody, &o, &err);
}

static void
run(struct api *a, const struct ended *e, size_t n)
{
	bool   all = false;
	size_t i;

	while (!all && turns < 20000) {
		api_turn(a, 1000);
		for (i = 0, all = true; i < n; i++)
			all = all && e[i].times > 0;
	}
}

#define RULES(r) (r), sizeof(r) / sizeof((r)[0])

/* One read: how often it is tried, when it ends, with what. */
static void
tries(void)
{
	static const struct {
		const char   *name;
		struct rule   rule;
		bool          patient, aside;
		int64_t       budget_ms;
		uint32_t      show;
		int           want_tries, want_status;
		int64_t       from_ms, to_ms; /* when it ends */
	} rows[] = {
		{ "it works", { "/p", 9, 9, HTTP_ANSWERED, 503, -1, 10, NULL }, false, false, 60000, 0, 1, 200, 10, 10 },
		{ "a server that never was", { "/p", 1, INT_MAX, HTTP_UNSENT, 0, -1, 10, NULL }, false, false, 600000, 0,
		        RETRY_TRIES, 0, 60, 60 },
		{ "503 for ever, at first sight", { "/p", 1, INT_MAX, HTTP_ANSWERED, 503, -1, 10, NULL }, false, false, 600000,
		        0, RETRY_TRIES, 503, 60, 60 },
		{ "503 for long, from a server that worked", { "/p", 1, 20, HTTP_ANSWERED, 503, -1, 10, NULL }, true, false,
		        600000, 16000, 21, 200, 250000, 300000 },
		{ "away for long, a server that worked", { "/p", 1, 15, HTTP_UNSENT, 0, -1, 10, NULL }, true, false, 600000,
		        16000, 16, 200, 160000, 250000 },
		{ "503 for ever, from a server that worked", { "/p", 1, INT_MAX, HTTP_ANSWERED, 503, -1, 10, NULL }, true, false,
		        60000, 16000, 20, 503, 58000, 60000 },
		{ "500 is tried once more", { "/p", 1, INT_MAX, HTTP_ANSWERED, 500, -1, 10, NULL }, false, false, 60000, 0, 2,
		        500, 20, 20 },
		{ "500 from a server that worked", { "/p", 1, INT_MAX, HTTP_ANSWERED, 500, -1, 10, NULL }, true, false, 60000, 0,
		        RETRY_TRIES, 500, 60, 60 },
		{ "500 beside the list", { "/p", 1, INT_MAX, HTTP_ANSWERED, 500, -1, 10, NULL }, true, true, 60000, 0, 2, 500, 20,
		        20 },
		{ "a permission that lacks is no patience's business",
		        { "/p", 1, INT_MAX, HTTP_ANSWERED, 500, -1, 10, "{\"detail\":\"rbac: forbidden\"}" }, true, false, 60000, 0,
		        1, 500, 10, 10 },
		{ "401 of the token", { "/p", 1, INT_MAX, HTTP_ANSWERED, 401, -1, 10, NO_TOKEN }, true, false, 60000, 0, 1, 401, 10,
		        10 },
		{ "401 of nobody knows whom", { "/p", 1, INT_MAX, HTTP_ANSWERED, 401, -1, 10, NULL }, false, false, 60000, 0, 2, 401,
		        20, 20 },
		{ "a fault of its own, a 401", { "/p", 1, 20, HTTP_ANSWERED, 401, -1, 10, OWN_401 }, false, false, 600000, 0, 21,
		        200, 210, 210 },
		{ "a fault of its own, a 500", { "/p", 1, 20, HTTP_ANSWERED, 500, -1, 10, OWN_500 }, false, false, 600000, 0, 21,
		        200, 210, 210 },
		{ "a fault of its own for as long as it is waited for", { "/p", 1, INT_MAX, HTTP_ANSWERED, 401, -1, 10, OWN_401 },
		        false, false, 600000, 16000, 22, 401, 98000, 110000 },
		{ "a fault of its own until the deadline", { "/p", 1, INT_MAX, HTTP_ANSWERED, 500, -1, 10, OWN_500 }, true, false,
		        60000, 16000, 20, 500, 58000, 60000 },
		{ "a fault of its own beside the list: half of the time",
		        { "/p", 1, INT_MAX, HTTP_ANSWERED, 500, -1, 10, OWN_500 }, true, true, 60000, 16000, 16, 500, 28000, 30000 },
		{ "a certificate", { "/p", 1, INT_MAX, HTTP_FATAL, 0, -1, 10, NULL }, true, false, 60000, 0, 1, 0, 10, 10 },
		{ "too large", { "/p", 1, INT_MAX, HTTP_TOO_BIG, 0, -1, 10, NULL }, true, false, 60000, 0, 1, 0, 10, 10 },
		{ "torn once", { "/p", 1, 1, HTTP_ANSWERED, 200, -1, 10, "{\"a\":[1," }, false, false, 60000, 0, 2, 200, 20, 20 },
		{ "empty once", { "/p", 1, 1, HTTP_ANSWERED, 200, -1, 10, "" }, false, false, 60000, 0, 2, 200, 20, 20 },
		{ "torn for ever", { "/p", 1, INT_MAX, HTTP_ANSWERED, 200, -1, 10, "{\"a\":[1," }, false, false, 60000, 0, 2, 200,
		        20, 20 },
		{ "torn for ever by a server that worked", { "/p", 1, INT_MAX, HTTP_ANSWERED, 200, -1, 10, "{\"a\":[1," }, true,
		        false, 60000, 0, RETRY_TRIES, 200, 60, 60 },
		{ "no reply, ever", { "/p", 1, INT_MAX, HTTP_ANSWERED, 200, -1, NEVER, NULL }, true, false, 30000, 0, 1, 0, 30000,
		        30000 },
		{ "told to wait longer than there is time", { "/p", 1, INT_MAX, HTTP_ANSWERED, 429, 60, 10, NULL }, true, false,
		        30000, 0, 1, 429, 10, 10 },
		{ "told to wait", { "/p", 1, 2, HTTP_ANSWERED, 429, 5, 10, NULL }, true, false, 30000, 0, 3, 200, 10030, 10030 },
		{ "told to wait, spread", { "/p", 1, 2, HTTP_ANSWERED, 429, 5, 10, NULL }, true, false, 30000, 900, 3, 200, 11830,
		        11830 },
		{ "beside the list: half of the time", { "/p", 1, INT_MAX, HTTP_ANSWERED, 200, -1, NEVER, NULL }, true, true,
		        30000, 0, 1, 0, 15000, 15000 },
		{ "beside the list: no more patience than before", { "/p", 1, INT_MAX, HTTP_ANSWERED, 503, -1, 10, NULL }, true,
		        true, 600000, 0, RETRY_TRIES, 503, 60, 60 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ended e = { 0 };
		struct api  *a = begin(&rows[i].rule, 1, 4, rows[i].budget_ms, rows[i].show);

		if (rows[i].patient)
			api_retry_until_deadline(a);
		api_read(a, rows[i].aside ? API_OPTIONAL : API_NEEDED, "/p", on_end, &e);
		run(a, &e, 1);
		CHECK(rows[i].name, e.times == 1, "ended %d times", e.times);
		CHECK(rows[i].name, count("/p") == rows[i].want_tries, "%d tries", count("/p"));
		CHECK(rows[i].name, e.status == rows[i].want_status, "status %d", e.status);
		CHECK(rows[i].name, e.at_ms >= rows[i].from_ms && e.at_ms <= rows[i].to_ms, "after %lld ms",
		        (long long)e.at_ms);
		/* it sleeps, it does not spin: a turn a second at least, and a few a try */
		CHECK(rows[i].name, turns <= e.at_ms / 1000 + 8 * count("/p") + 8, "%d turns", turns);
		api_free(a);
	}
}

/* A person hears once that somebody waits, and of a pause; not with -q. */
static void
told(void)
{
	static const struct rule r[] = {
		{ "/0", 1, 9, HTTP_ANSWERED, 503, -1, 10, "<html>" },
		{ "/1", 1, 9, HTTP_UNSENT, 0, -1, 10, NULL },
		{ "/2", 1, 1, HTTP_ANSWERED, 429, 60, 100000, NULL },
	};
	static const char want[] = "test_patience: HTTP 503: not an answer of Coder's: trying again until the deadline\n"
	                           "test_patience: the server asks to wait: going on in 60 s\n";
	int               quiet, keep = dup(STDERR_FILENO);

	for (quiet = 0; quiet < 2; quiet++) {
		struct ended e[3] = { { 0 } };
		struct api  *a = begin(RULES(r), 3, 900000, 0);
		FILE        *f = tmpfile();
		char         got[1000];
		size_t       n;

		if (f == NULL || dup2(fileno(f), STDERR_FILENO) == -1)
			abort();
		diag_level(quiet != 0, false);
		api_retry_until_deadline(a);
		api_read(a, API_NEEDED, "/0", on_end, &e[0]);
		api_read(a, API_NEEDED, "/1", on_end, &e[1]);
		api_read(a, API_NEEDED, "/2", on_end, &e[2]);
		run(a, e, 3);
		dup2(keep, STDERR_FILENO);
		rewind(f);
		n = fread(got, 1, sizeof(got) - 1, f);
		got[n] = '\0';
		fclose(f);
		CHECK_TEXT("told", got, quiet != 0 ? "" : want);
		CHECK("told", e[0].status == 200 && e[1].status == 200 && e[2].status == 200, "%d %d %d", e[0].status,
		        e[1].status, e[2].status);
		api_free(a);
	}
	diag_level(true, false);
	close(keep);
}

/* Several 429 of one volley: nobody sends before the longest of their pauses is over. */
static void
volley(void)
{
	static const struct rule r[] = {
		{ "/0", 1, 1, HTTP_ANSWERED, 429, 3, 10, NULL },
		{ "/1", 1, 1, HTTP_ANSWERED, 429, 20, 20, NULL },
		{ "/2", 1, 1, HTTP_ANSWERED, 503, 7, 30, NULL },
		{ "/3", 1, 1, HTTP_ANSWERED, 429, 1, 40, NULL },
	};
	struct ended e[12] = { { 0 } };
	struct api  *a = begin(RULES(r), 4, 600000, 0);
	char         path[8];
	size_t       i;

	for (i = 0; i < 12; i++) {
		snprintf(path, sizeof(path), "/%zu", i);
		api_read(a, API_NEEDED, path, on_end, &e[i]);
	}
	run(a, e, 12);
	for (i = 0; i < 12; i++)
		CHECK("volley", e[i].times == 1 && e[i].status == 200, "%zu: %d times, %d", i, e[i].times, e[i].status);
	for (i = 0; i < starts; i++)
		CHECK("volley", begun[i].at_ms <= 10 || begun[i].at_ms >= 20020, "%s at %lld", begun[i].path,
		        (long long)begun[i].at_ms);
	CHECK("volley", starts == 16, "%zu starts", starts);
	CHECK("volley", api_retries(a) == 4, "%d retries", (int)api_retries(a));
	api_free(a);
}

/* A fact that hangs takes its half of the time, and what it waits with the list; the list goes on behind it. */
static void
beside(void)
{
	static const struct rule hangs[] = { { "/fact", 1, INT_MAX, HTTP_ANSWERED, 200, -1, NEVER, NULL } };
	static const struct rule paused[] = { { "/fact", 1, INT_MAX, HTTP_ANSWERED, 429, 40, 10, NULL } };
	struct ended             e[4] = { { 0 } };
	struct api              *a = begin(RULES(hangs), 1, 60000, 0);

	api_read(a, API_OPTIONAL, "/fact", on_end, &e[0]);
	api_read(a, API_OPTIONAL, "/fact2", on_end, &e[1]);
	run(a, e, 2);
	CHECK("the first hangs", e[0].end == HTTP_UNCLEAR && e[0].at_ms == 30000, "%d at %lld", (int)e[0].end,
	        (long long)e[0].at_ms);
	CHECK("the second is too late", e[1].end == HTTP_UNSENT && e[1].at_ms == 30000 && count("/fact2") == 0,
	        "%d at %lld", (int)e[1].end, (long long)e[1].at_ms);
	CHECK_TEXT("why", e[1].fault, "half of the time until the deadline has passed");
	api_read(a, API_OPTIONAL, "/fact3", on_end, &e[2]);
	api_read(a, API_NEEDED, "/page", on_end, &e[3]);
	run(a, e, 4);
	CHECK("none begins any more", e[2].end == HTTP_UNSENT && count("/fact3") == 0, "%d", (int)e[2].end);
	CHECK("a page does", e[3].status == 200 && e[3].at_ms == 30010, "%d at %lld", e[3].status,
	        (long long)e[3].at_ms);
	api_free(a);

	/* Nobody waits for the fact that would come too late, but the server is left alone as it asked. */
	memset(e, 0, sizeof(e));
	a = begin(RULES(paused), 1, 60000, 0);
	api_read(a, API_OPTIONAL, "/fact", on_end, &e[0]);
	api_read(a, API_NEEDED, "/page", on_end, &e[1]);
	run(a, e, 2);
	CHECK("given up", e[0].status == 429 && e[0].at_ms == 10, "%d at %lld", e[0].status, (long long)e[0].at_ms);
	CHECK("the page waits", e[1].status == 200 && e[1].at_ms == 40020, "%d at %lld", e[1].status,
	        (long long)e[1].at_ms);
	api_free(a);
}

/* In a pause a fact's time ends to the millisecond, though nothing else happens then. */
static void
beside_a_pause(void)
{
	static const struct rule r[] = { { "/page", 1, 1, HTTP_ANSWERED, 429, 40, 10, NULL } };
	struct ended             e[2] = { { 0 } };
	struct api              *a = begin(RULES(r), 1, 61000, 0);

	api_read(a, API_NEEDED, "/page", on_end, &e[0]);
	api_read(a, API_OPTIONAL, "/fact", on_end, &e[1]);
	run(a, e, 2);
	CHECK("never asked for", e[1].end == HTTP_UNSENT && e[1].at_ms == 30500 && count("/fact") == 0, "%d at %lld",
	        (int)e[1].end, (long long)e[1].at_ms);
	CHECK("the page comes", e[0].status == 200 && e[0].at_ms == 40020, "%d at %lld", e[0].status,
	        (long long)e[0].at_ms);
	api_free(a);
}

/* What the rows that are here wait for is asked before more of them. */
static void
ahead(void)
{
	struct ended e[4] = { { 0 } };
	struct api  *a = begin(NULL, 0, 1, 60000, 0);

	api_read(a, API_NEEDED, "/page", on_end, &e[0]);
	api_read(a, API_NEEDED, "/page2", on_end, &e[1]);
	api_read_ahead(a, "/fact", on_end, &e[2]);
	api_read_ahead(a, "/fact2", on_end, &e[3]);
	run(a, e, 4);
	CHECK("the facts first", starts == 4 && strcmp(begun[0].path, "/fact2") == 0 &&
	        strcmp(begun[1].path, "/fact") == 0 && strcmp(begun[2].path, "/page") == 0,
	        "%s, %s, %s", begun[0].path, begun[1].path, begun[2].path);
	api_read_ahead(a, "/fact3", on_end, &e[0]);
	CHECK("it waits", api_idle(a) == 0, "%d idle", api_idle(a));
	api_drop(a);
	CHECK("forgotten", api_idle(a) == 1, "%d idle", api_idle(a));
	api_free(a);
}

/* What acts is sent once, whatever comes back; what it is told holds for the others. */
static void
acts(void)
{
	static const struct {
		const char *name;
		struct rule rule;
		int64_t     pause_ms;
	} rows[] = {
		{ "201", { "/act", 1, 9, HTTP_ANSWERED, 201, -1, 10, NULL }, 0 },
		{ "409", { "/act", 1, 9, HTTP_ANSWERED, 409, -1, 10, NULL }, 0 },
		{ "429", { "/act", 1, 9, HTTP_ANSWERED, 429, 7, 10, NULL }, 7000 },
		{ "500", { "/act", 1, 9, HTTP_ANSWERED, 500, -1, 10, NULL }, 0 },
		{ "502", { "/act", 1, 9, HTTP_ANSWERED, 502, -1, 10, NULL }, 0 },
		{ "503", { "/act", 1, 9, HTTP_ANSWERED, 503, 2, 10, NULL }, 2000 },
		{ "lost", { "/act", 1, 9, HTTP_UNCLEAR, 0, -1, 10, NULL }, 0 },
		{ "never sent", { "/act", 1, 9, HTTP_UNSENT, 0, -1, 10, NULL }, 0 },
		{ "no answer", { "/act", 1, 9, HTTP_ANSWERED, 201, -1, NEVER, NULL }, 0 },
		{ "torn", { "/act", 1, 9, HTTP_ANSWERED, 200, -1, 10, "{" }, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static const struct http_request act = { .method = "POST", .path = "/act", .body = "{}" };

		struct ended          e = { 0 };
		const struct api_send how = { .done = on_end, .arg = &e };
		struct api           *a = begin(&rows[i].rule, 1, 4, 600000, 0);
		int                   j;

		api_retry_until_deadline(a);
		api_act(a, &act, &how);
		run(a, &e, 1);
		CHECK(rows[i].name, api_paused_ms(a) == rows[i].pause_ms, "paused %lld", (long long)api_paused_ms(a));
		for (j = 0; j < 100; j++)
			api_turn(a, 1000);
		CHECK(rows[i].name, e.times == 1 && starts == 1, "ended %d times, sent %zu times", e.times, starts);
		api_free(a);
	}
}

/* Waiting for a rate limit has an end, where something is to be done. */
static void
limits(void)
{
	static const struct {
		const char *name;
		struct rule rule[3];
		int         jobs;
		const char *want; /* NULL: it goes on */
	} rows[] = {
		{ "five pauses", { { "/p", 1, 5, HTTP_ANSWERED, 429, 1, 10, NULL } }, 1, NULL },
		{ "six pauses", { { "/p", 1, 6, HTTP_ANSWERED, 429, 1, 10, NULL } }, 1,
		        "the server's rate limit let nothing through in 6 tries" },
		{ "six pauses, and an answer between them",
		        { { "/p", 1, 5, HTTP_ANSWERED, 429, 1, 10, NULL }, { "/p", 6, 6, HTTP_ANSWERED, 503, -1, 10, NULL },
		                { "/p", 7, 11, HTTP_ANSWERED, 429, 1, 10, NULL } },
		        1, NULL },
		{ "six pauses, and a lost one between them",
		        { { "/p", 1, 5, HTTP_ANSWERED, 429, 1, 10, NULL }, { "/p", 6, 6, HTTP_UNCLEAR, 0, -1, 10, NULL },
		                { "/p", 7, 7, HTTP_ANSWERED, 429, 1, 10, NULL } },
		        1, "the server's rate limit let nothing through in 6 tries" },
		{ "a volley is one pause", { { "/p", 1, 20, HTTP_ANSWERED, 429, 1, 10, NULL } }, 4, NULL },
		{ "five minutes", { { "/p", 1, 1, HTTP_ANSWERED, 429, 300, 10, NULL } }, 1, NULL },
		{ "a second more", { { "/p", 1, 1, HTTP_ANSWERED, 429, 301, 10, NULL } }, 1,
		        "the server asks to wait 5m 1s, longer than 5m" },
		{ "hours, of a 503", { { "/p", 1, 1, HTTP_ANSWERED, 503, 7200, 10, NULL } }, 1,
		        "the server asks to wait 2h, longer than 5m" },
		{ "hours, of a 403", { { "/p", 1, 1, HTTP_ANSWERED, 403, 7200, 10, NULL } }, 1, NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ended e[4] = { { 0 } };
		struct api  *a = begin(rows[i].rule, 3, rows[i].jobs, 3600000, 0);
		const char  *got;
		int          j;

		rules = 0;
		while (rules < 3 && rows[i].rule[rules].path != NULL)
			rules++;
		api_retry_until_deadline(a);
		for (j = 0; j < rows[i].jobs; j++)
			api_read(a, API_NEEDED, "/p", on_end, &e[j]);
		run(a, e, (size_t)rows[i].jobs);
		got = api_limit(a);
		CHECK(rows[i].name, got == NULL ? rows[i].want == NULL : rows[i].want != NULL && strcmp(got, rows[i].want) == 0,
		        "%s", got != NULL ? got : "none");
		api_free(a);
	}
}

/* Two turns that lie apart: the machine slept. */
static void
standstill(void)
{
	struct api *a = begin(NULL, 0, 1, 600000, 0);
	int         i;

	for (i = 0; i < 200; i++)
		api_turn(a, 1000);
	CHECK("it turns", api_stood_ms(a) == 0, "%lld", (long long)api_stood_ms(a));
	now_ms += 60000;
	api_turn(a, 1000);
	CHECK("a minute", api_stood_ms(a) == 0, "%lld", (long long)api_stood_ms(a));
	now_ms += 60001;
	api_turn(a, 1000);
	CHECK("more than a minute", api_stood_ms(a) == now_ms - 1000, "%lld", (long long)api_stood_ms(a));
	api_free(a);
}

/* The server's clock is that of its last answer that no cache gave. */
static void
dates(void)
{
	struct api  *a = begin(NULL, 0, 1, 600000, 0);
	struct ended e = { 0 };
	int64_t      us = 0;

	CHECK("nothing is known", !api_server_us(a, &us), "%lld", (long long)us);
	date_us = INT64_C(5000000);
	api_read(a, API_NEEDED, "/p", on_end, &e);
	run(a, &e, 1);
	CHECK("as told", api_server_us(a, &us) && us == 5000000 + (now_ms - heard_ms) * 1000, "%lld", (long long)us);
	now_ms += 28800000;
	CHECK("hours later", api_server_us(a, &us) && us == 5000000 + (now_ms - heard_ms) * 1000, "%lld",
	        (long long)us);
	date_us = INT64_C(9000000);
	age_s = 1;
	e.times = 0;
	api_read(a, API_NEEDED, "/p", on_end, &e);
	run(a, &e, 1);
	CHECK("by a cache", api_server_us(a, &us) && us > 28800000000, "%lld", (long long)us);
	date_us = age_s = 0;
	api_free(a);
}

int
main(void)
{
	diag_init("test_patience");
	diag_level(true, false);
	tries();
	told();
	volley();
	beside();
	beside_a_pause();
	ahead();
	acts();
	limits();
	standstill();
	dates();
	return CHECK_DONE();
}
