/* server.c - questions that a run asks once, and waits for. */

#include "coder/server.h"

#include "base/clock.h"
#include "coder/api_calls.h"

#define TICK_MS 1000 /* no wait is longer, so that a signal is seen */

int64_t
server_now_us(const struct server *s)
{
	int64_t us;

	return api_server_us(s->api, &us) ? us : clock_wall_us();
}

bool
server_await_all(const struct server *s, server_ready *ready, const void *of)
{
	int64_t left;
	bool    over;

	while (!(over = ready(of)) && *s->signals == 0 && api_limit(s->api) == NULL &&
	        (left = s->deadline_ms - clock_mono_ms()) > 0)
		api_turn(s->api, left < TICK_MS ? left : TICK_MS);
	if (!over)
		api_drop(s->api);
	return over;
}

static bool
is_true(const void *flag)
{
	return *(const bool *)flag;
}

bool
server_await(const struct server *s, const bool *over)
{
	return server_await_all(s, is_true, over);
}

/* Why server_await gave up. */
static int
gave_up(const struct server *s, struct err *err)
{
	return err_set(err, CWS_FAIL, "%s",
	        *s->signals != 0            ? "ended by a signal"
	        : api_limit(s->api) != NULL ? api_limit(s->api)
	                                    : "--deadline came before it answered");
}

struct meeting {
	struct server *server;
	struct err    *err;
	bool           over;
	int            status;
};

static void
on_met(void *arg, const struct http_reply *r)
{
	struct meeting *m = arg;
	struct server  *s = m->server;
	char            fault[480];

	m->over = true;
	s->has_clock = r->has_date;
	s->offset_ms = r->offset_ms;
	if (http_ok(r) && api_me_parse(r->body, r->n, &s->user) == 0) {
		s->known = true;
	} else if (!api_says(r, 404)) {
		/* Coder's 404: a scoped token without user:read; it may still do its work. */
		api_end_fault(s->api, r, fault, sizeof(fault));
		m->status = err_set(m->err, CWS_FAIL, "%s", fault);
	}
}

int
server_meet(struct server *s, struct err *err)
{
	struct meeting m = { .server = s, .err = err };

	api_get_me(s->api, on_met, &m);
	return server_await(s, &m.over) ? m.status : gave_up(s, err);
}

struct counting {
	bool    over;
	int64_t count;
};

static void
on_counted(void *arg, const struct http_reply *r)
{
	struct counting *c = arg;

	c->over = true;
	if (http_ok(r))
		c->count = api_count_parse(r->body, r->n);
}

int
server_running(const struct server *s, int64_t *n, struct err *err)
{
	static const struct api_list running = { .q = "status:running", .limit = 1 };
	struct counting              c = { .count = -1 };

	api_get_workspaces(s->api, API_NEEDED, &running, on_counted, &c);
	if (!server_await(s, &c.over))
		return gave_up(s, err);
	*n = c.count;
	return 0;
}
