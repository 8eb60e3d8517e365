/*
 * api.c - the queue in front of http.c: patience, and one pause for everybody.
 *
 * A read waits in one of two places: fresh (in the order of api_read) or
 * parked until its next try is due.  Work is never parked inside libcurl.
 */

#include "coder/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/random.h"
#include "base/text.h"
#include "base/xalloc.h"

#define READ_MS 120000
#define ONCE_MS 30000 /* of what is not tried again */
/* nobody waits longer for a fact that may be missing than a database takes to restart */
#define OPTIONAL_OWN_MS 60000
#define PAUSES_MOST 6 /* in a row; the last of them is not waited for */
#define STOOD_MS 60000
#define TELL_MS 5000 /* a pause that a waiting person should hear of */

struct request {
	struct api     *api;
	char           *path, *body; /* body: of a POST; NULL: a GET */
	http_done      *done;
	http_may_send  *may_send; /* of an act */
	void           *arg;
	bool            anew, joins, act;
	enum api_effort effort; /* API_ONCE of all acts */
	int             tries;
	int64_t         due_ms; /* clock_mono_ms; of a parked one */
	int64_t         began_ms;
	int64_t         own_ms; /* when a fault of the server's own first came; 0: none did */
	struct request *next;
};

struct list {
	struct request *first, **last;
};

struct api {
	struct http    *http;
	const char     *origin;        /* borrowed from the login */
	const char     *token_from;    /* likewise */
	struct list     fresh, parked; /* parked: by due_ms */
	int             waiting;       /* in both */
	struct request *running;       /* under way, in no order */
	int64_t         deadline_ms, optional_ms, own_ms, resume_ms;
	/* api_retry_until_deadline; a person was told of a wait */
	bool            until_deadline, warned;
	bool            acts;
	int             pauses[2]; /* in a row, of reads and of acts */
	struct text     limit;     /* api_limit; "" while there is none */
	int64_t         turn_ms, stood_ms;
	/* the Date of the last answer, and when that was known */
	bool            has_date;
	int64_t         date_us, date_ms;
	uint64_t        retries;
};

static void
list_init(struct list *l)
{
	l->first = NULL;
	l->last = &l->first;
}

static void
list_append(struct list *l, struct request *t)
{
	t->next = NULL;
	*l->last = t;
	l->last = &t->next;
}

static void
list_prepend(struct list *l, struct request *t)
{
	t->next = l->first;
	l->first = t;
	if (t->next == NULL)
		l->last = &t->next;
}

static struct request *
list_take(struct list *l)
{
	struct request *t = l->first;

	if (t != NULL && (l->first = t->next) == NULL)
		l->last = &l->first;
	return t;
}

static void
park(struct api *a, struct request *t)
{
	struct request **at = &a->parked.first;

	while (*at != NULL && (*at)->due_ms <= t->due_ms)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
	if (t->next == NULL)
		a->parked.last = &t->next;
	a->waiting++;
}

static void
request_free(struct request *t)
{
	free(t->path);
	free(t->body);
	free(t);
}

struct api *
api_new(const struct login *l, const struct api_options *o, struct err *err)
{
	struct api      *a = xcalloc(1, sizeof(*a));
	struct http_peer peer = login_peer(l);
	int64_t          now = clock_mono_ms();

	peer.user_agent = o->user_agent;
	a->http = http_new(&peer, o->jobs, err);
	if (a->http == NULL) {
		free(a);
		return NULL;
	}
	a->origin = l->origin;
	a->token_from = l->token_from;
	list_init(&a->fresh);
	list_init(&a->parked);
	a->deadline_ms = o->deadline_ms;
	a->own_ms = o->own_ms;
	a->acts = o->acts;
	a->turn_ms = o->since_ms != 0 ? o->since_ms : now;
	text_clear(&a->limit);
	a->optional_ms = now + (o->deadline_ms - now) / 2;
	return a;
}

const char *
api_origin(const struct api *a)
{
	return a->origin;
}

void
api_end_fault(const struct api *a, const struct http_reply *r, char *out, size_t size)
{
	size_t n;

	api_fault(r, out, size);
	n = strlen(out);
	if (api_means_token(r))
		snprintf(out + n, size - n, " (the token is that of %s)", a->token_from);
}

void
api_drop(struct api *a)
{
	struct request *t;

	while ((t = list_take(&a->fresh)) != NULL || (t = list_take(&a->parked)) != NULL)
		request_free(t);
	a->waiting = 0;
}

void
api_free(struct api *a)
{
	struct request *t;

	if (a == NULL)
		return;
	api_drop(a);
	http_free(a->http);
	while ((t = a->running) != NULL) {
		a->running = t->next;
		request_free(t);
	}
	free(a);
}

/* Hand t to http.c. */
static void
run(struct api *a, struct request *t, const struct http_request *req, http_done *done)
{
	t->next = a->running;
	a->running = t;
	t->began_ms = clock_mono_ms();
	http_start(a->http, req, done, t);
}

static void
unlink_running(struct api *a, const struct request *t)
{
	struct request **at = &a->running;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
}

int
api_idle(const struct api *a)
{
	int idle = http_idle(a->http) - a->waiting;

	return idle > 0 ? idle : 0;
}

uint64_t
api_retries(const struct api *a)
{
	return a->retries;
}

void
api_pause(struct api *a, int64_t wait_ms)
{
	int64_t until = clock_mono_ms() + wait_ms;

	if (until > a->resume_ms)
		a->resume_ms = until;
}

int64_t
api_paused_ms(const struct api *a)
{
	int64_t left = a->resume_ms - clock_mono_ms();

	return left > 0 ? left : 0;
}

/* Everybody waits; a person in front of it hears why, unless that ends the run. */
static void
pause_as_told(struct api *a, int64_t wait_ms)
{
	if (a->limit.n == 0 && wait_ms >= TELL_MS && wait_ms > api_paused_ms(a) + TELL_MS)
		diag_say("the server asks to wait: going on in %lld s",
		        (long long)((wait_ms + 999) / 1000));
	api_pause(a, wait_ms);
}

static int64_t
deadline_of(const struct api *a, const struct request *t)
{
	return t->effort == API_OPTIONAL ? a->optional_ms : a->deadline_ms;
}

/* A person hears why nothing comes. */
static void
tell_once(struct api *a, const struct http_reply *r)
{
	char fault[400];

	if (a->warned)
		return;
	api_fault(r, fault, sizeof(fault));
	diag_say("%s: trying again%s", fault, a->until_deadline ? " until the deadline" : "");
	a->warned = true;
}

/* How long until the next try; -1: none. */
static int64_t
next_wait(struct api *a, struct request *t, const struct http_reply *r, enum retry_class c)
{
	int64_t now = clock_mono_ms(), left = deadline_of(a, t) - now, most;
	bool    until_deadline = a->until_deadline && t->effort == API_NEEDED;
	int     try = t->tries;

	if (c == RETRY_LONG) {
		if (t->own_ms == 0)
			t->own_ms = now;
		most = t->effort == API_OPTIONAL && a->own_ms > OPTIONAL_OWN_MS ? OPTIONAL_OWN_MS
		                                                                : a->own_ms;
		if (left > most - (now - t->own_ms))
			left = most - (now - t->own_ms);
	} else if (until_deadline && c == RETRY_ONCE) {
		c = RETRY_AGAIN;
	} else if (until_deadline && c != RETRY_NO) {
		c = RETRY_LONG;
	}
	if (c == RETRY_LONG && try >= RETRY_TRIES) {
		try = RETRY_TRIES - 1;
		tell_once(a, r);
	}
	return retry_wait_ms(c, try, r->retry_after_s, random_u32(), left);
}

static void
note_date(struct api *a, const struct http_reply *r)
{
	if (!r->has_date)
		return;
	a->has_date = true;
	a->date_us = r->date_us;
	a->date_ms = r->heard_ms;
}

/*
 * A pause is counted once, whatever the number of those that it was told to.  That a workspace can
 * be read before each of them is no sign that it will be stopped.
 */
static void
note_limit(struct api *a, const struct request *t, const struct http_reply *r, enum retry_class c)
{
	int *pauses = &a->pauses[t->act];

	if (!a->acts || r->end != HTTP_ANSWERED)
		return;
	if (r->status != 429)
		*pauses = 0;
	else if (t->began_ms >= a->resume_ms)
		++*pauses;
	if (a->limit.n != 0)
		return;
	if (c != RETRY_NO && r->retry_after_s > RETRY_WAIT_MOST_S) {
		text_put(&a->limit, "the server asks to wait ");
		text_span(&a->limit, r->retry_after_s);
		text_put(&a->limit, ", longer than ");
		text_span(&a->limit, RETRY_WAIT_MOST_S);
	} else if (*pauses >= PAUSES_MOST) {
		text_put(&a->limit, "the server's rate limit let nothing through in ");
		text_int(&a->limit, PAUSES_MOST);
		text_put(&a->limit, " tries");
	}
}

static void
on_reply(void *arg, const struct http_reply *r)
{
	struct request  *t = arg;
	struct api      *a = t->api;
	enum retry_class c = api_retry_class(r);
	int64_t          wait;

	unlink_running(a, t);
	note_date(a, r);
	note_limit(a, t, r, c);
	wait = t->effort == API_ONCE ? -1 : next_wait(a, t, r, c);
	if (wait < 0) {
		/* What the server asks of this one holds for those that go on. */
		if (t->effort != API_NEEDED &&
		        (c == RETRY_PAUSE || (c != RETRY_NO && r->retry_after_s > 0)))
			pause_as_told(
			        a, retry_wait_ms(c, 1, r->retry_after_s, random_u32(), INT64_MAX));
		t->done(t->arg, r);
		request_free(t);
		return;
	}
	if (c == RETRY_PAUSE || r->retry_after_s > 0)
		pause_as_told(a, wait);
	a->retries++;
	t->due_ms = clock_mono_ms() + wait;
	park(a, t);
}

static struct request *
request_new(struct api *a, const char *path, http_done *done, void *arg)
{
	struct request *t = xcalloc(1, sizeof(*t));

	t->api = a;
	t->path = xstrdup(path);
	t->done = done;
	t->arg = arg;
	return t;
}

static void
queue(struct api *a, struct request *t, enum api_effort effort)
{
	t->effort = effort;
	list_append(&a->fresh, t);
	a->waiting++;
}

void
api_read(struct api *a, enum api_effort effort, const char *path, http_done *done, void *arg)
{
	queue(a, request_new(a, path, done, arg), effort);
}

void
api_read_ahead(struct api *a, const char *path, http_done *done, void *arg)
{
	struct request *t = request_new(a, path, done, arg);

	t->effort = API_OPTIONAL;
	list_prepend(&a->fresh, t);
	a->waiting++;
}

void
api_ask(struct api *a, const char *path, const char *body, http_done *done, void *arg)
{
	struct request *t = request_new(a, path, done, arg);

	t->body = xstrdup(body);
	queue(a, t, API_NEEDED);
}

void
api_retry_until_deadline(struct api *a)
{
	a->until_deadline = true;
}

void
api_read_anew(struct api *a, const char *path, bool joins, http_done *done, void *arg)
{
	struct request *t = request_new(a, path, done, arg);

	t->anew = true;
	t->joins = joins;
	queue(a, t, API_NEEDED);
}

static bool
may_send(void *arg)
{
	const struct request *t = arg;

	return t->may_send(t->arg);
}

void
api_act(struct api *a, const struct http_request *req, const struct api_send *how)
{
	struct request     *t = request_new(a, req->path, how->done, how->arg);
	struct http_request once = *req;

	t->act = true;
	t->may_send = how->may_send;
	once.may_send = may_send;
	once.joins = how->joins;
	once.max = BUF_RECORD_MAX;
	once.timeout_ms = ONCE_MS;
	once.attempt = 1;
	t->effort = API_ONCE;
	t->tries = 1;
	run(a, t, &once, on_reply);
}

/* The read to start now, or NULL: due retries come before new work. */
static struct request *
next_request(struct api *a, int64_t now_ms)
{
	struct request *t = NULL;

	if (a->parked.first != NULL && a->parked.first->due_ms <= now_ms)
		t = list_take(&a->parked);
	else
		t = list_take(&a->fresh);
	if (t != NULL)
		a->waiting--;
	return t;
}

/* Nothing starts after its deadline: what still waits in l is told so.  How many those were. */
static int
give_up(struct api *a, struct list *l, int64_t now)
{
	static const struct http_reply late = { .end = HTTP_UNSENT,
		.body = "",
		.retry_after_s = -1,
		.fault = "the deadline has passed" };
	static const struct http_reply optional = { .end = HTTP_UNSENT,
		.body = "",
		.retry_after_s = -1,
		.fault = "half of the time until the deadline has passed" };
	struct request               **at = &l->first, *t;
	int                            n = 0;

	while ((t = *at) != NULL) {
		if (now < deadline_of(a, t)) {
			at = &t->next;
			continue;
		}
		if ((*at = t->next) == NULL)
			l->last = at;
		a->waiting--;
		/* which may put another behind the last */
		t->done(t->arg, t->effort == API_OPTIONAL ? &optional : &late);
		request_free(t);
		n++;
	}
	return n;
}

/* How many were given up instead. */
static int
start(struct api *a)
{
	int64_t         now = clock_mono_ms();
	struct request *t;
	int             lost = 0;

	if (now >= a->optional_ms) {
		lost = give_up(a, &a->parked, now);
		lost += give_up(a, &a->fresh, now);
	}
	while (now >= a->resume_ms && http_idle(a->http) > 0 &&
	        (t = next_request(a, now)) != NULL) {
		struct http_request req = { .method = t->body != NULL ? "POST" : "GET",
			.path = t->path,
			.body = t->body,
			.max = BUF_BODY_MAX,
			.anew = t->anew,
			.joins = t->joins,
			.timeout_ms = t->effort == API_ONCE ? ONCE_MS : READ_MS };

		if (req.timeout_ms > deadline_of(a, t) - now)
			req.timeout_ms = deadline_of(a, t) - now;
		req.attempt = ++t->tries;
		run(a, t, &req, on_reply);
	}
	return lost;
}

/* min(wait, until - now) for an instant that ends the wait. */
static int64_t
sooner(int64_t wait_ms, int64_t until_ms, int64_t now_ms)
{
	int64_t left = until_ms > now_ms ? until_ms - now_ms : 0;

	return left < wait_ms ? left : wait_ms;
}

void
api_end_acts(struct api *a)
{
	http_end_acts(a->http);
}

const char *
api_limit(const struct api *a)
{
	return a->limit.n != 0 ? a->limit.s : NULL;
}

int64_t
api_stood_ms(struct api *a)
{
	int64_t now = clock_mono_ms();

	if (now - a->turn_ms > STOOD_MS)
		a->stood_ms = now;
	a->turn_ms = now;
	return a->stood_ms;
}

bool
api_server_us(const struct api *a, int64_t *us)
{
	*us = a->date_us + (clock_mono_ms() - a->date_ms) * 1000;
	return a->has_date;
}

void
api_turn(struct api *a, int64_t wait_ms)
{
	int64_t now;

	api_stood_ms(a);
	if (start(a) > 0)
		wait_ms = 0; /* the caller has news */
	now = clock_mono_ms();
	if (a->waiting > 0) {
		wait_ms = sooner(
		        wait_ms, now < a->optional_ms ? a->optional_ms : a->deadline_ms, now);
		if (a->resume_ms > now)
			wait_ms = sooner(wait_ms, a->resume_ms, now);
		else if (a->parked.first != NULL && http_idle(a->http) > 0)
			wait_ms = sooner(wait_ms, a->parked.first->due_ms, now);
	}
	http_turn(a->http, wait_ms);
}
