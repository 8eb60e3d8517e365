/*
 * serve.c - the fate of one request: late, cut, slow, reset, stalled or just
 * answered.  It runs in a thread of its own and waits without the lock.
 */

#include "serve.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "fault.h"
#include "raw.h"
#include "uri.h"

#define CHUNK_OVER 2048 /* longer JSON goes without Content-Length, as Go's server sends it */

void
wait_ms(struct server *s, struct conn *conn, int64_t ms)
{
	int64_t until = clock_mono_ms() + ms;

	for (int64_t left = ms; left > 0 && !atomic_load(&s->stopping) && !atomic_load(&conn->stale);
	     left = until - clock_mono_ms()) {
		int64_t step = left < STEP_MS ? left : STEP_MS;

		nanosleep(&(struct timespec){ 0, (long)step * 1000000 }, NULL);
	}
}

/* How the body of one reply is handed out. */
struct feed {
	struct server *server;
	struct conn   *conn;
	char          *body;
	size_t         n;     /* of body */
	size_t         all;   /* with the blanks behind it */
	size_t         stop;  /* after this many bytes the connection breaks; all when it does not */
	size_t         step;  /* at most so many at a time, 0: any */
	int64_t        every_ms;
};

static ssize_t
feed_read(void *cls, uint64_t pos, char *out, size_t max)
{
	struct feed *f = cls;
	size_t       n;

	if (pos >= f->all)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (pos >= f->stop)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = f->stop - (size_t)pos;
	if (n > max)
		n = max;
	if (f->step > 0 && n > f->step)
		n = f->step;
	if (f->step > 0)
		wait_ms(f->server, f->conn, f->every_ms);
	if (pos >= f->n) {
		memset(out, ' ', n);
		return (ssize_t)n;
	}
	if (n > f->n - (size_t)pos)
		n = f->n - (size_t)pos;
	memcpy(out, f->body + pos, n);
	return (ssize_t)n;
}

static void
feed_free(void *cls)
{
	struct feed *f = cls;

	free(f->body);
	free(f);
}

static struct MHD_Response *
make_response(struct server *s, struct req *r, const cJSON *act)
{
	const cJSON *slow = jx_get(act, "slow");
	struct feed *f = xcalloc(1, sizeof(*f));
	bool         chunked = r->reply.body.n > CHUNK_OVER;

	f->server = s;
	f->conn = r->conn;
	f->n = r->reply.body.n;
	f->body = xmemdup0(buf_text(&r->reply.body), f->n);
	f->all = f->stop = f->n + (size_t)jx_number(act, "pad", 0);
	if (jx_get(act, "cut") != NULL) {
		f->stop = (size_t)jx_number(act, "cut", 0);
		chunked = false;
	}
	if (jx_get(act, "chunked") != NULL)
		chunked = jx_true(act, "chunked");
	if (slow != NULL) {
		f->step = (size_t)jx_number(slow, "bytes", 1);
		f->every_ms = jx_number(slow, "every_ms", 100);
	}
	if (f->all == 0) {
		feed_free(f);
		return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	}
	return MHD_create_response_from_callback(chunked ? MHD_SIZE_UNKNOWN : f->all, 16384, feed_read, f, feed_free);
}

static void
date_text(char out[32], int64_t at_us)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
		"Dec" };
	time_t    t = (time_t)(at_us / 1000000);
	struct tm tm;

	gmtime_r(&t, &tm);
	snprintf(out, 32, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	    (tm.tm_year + 1900) % 10000, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* A header of the server's own, unless the rule says another, or null for none. */
static void
add_own(struct MHD_Response *m, const cJSON *act, const char *name, const char *value)
{
	if (cJSON_GetObjectItem(jx_get(act, "headers"), name) == NULL)
		MHD_add_response_header(m, name, value);
}

static void
add_coders(struct MHD_Response *m, const cJSON *act, const char *version, const char *id)
{
	add_own(m, act, "X-Coder-Build-Version", version);
	add_own(m, act, "X-Coder-Request-Id", id);
	add_own(m, act, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(m, "Vary", "Origin");
	MHD_add_response_header(m, "Vary", "Cookie");
	MHD_add_response_header(m, "Set-Cookie",
	    "csrf_token=ZmFrZWNvZGVyLWNzcmYtdG9rZW4=; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
}

static enum MHD_Result
send_reply(struct server *s, struct MHD_Connection *c, struct req *r, const cJSON *act)
{
	struct MHD_Response *m = make_response(s, r, act);
	enum MHD_Result      sent;
	int64_t              off_us = 0;
	char                 id[UUID_SIZE], version[64], date[32];

	if (m == NULL)
		return MHD_NO;
	pthread_mutex_lock(&s->lock);
	uuid_new(id);
	snprintf(version, sizeof(version), "%s", jx_text(s->world.buildinfo, "version"));
	span(jx_text(act, "date"), &off_us);
	date_text(date, clock_wall_us() + s->world.clock_offset_us + off_us);
	pthread_mutex_unlock(&s->lock);
	if (r->reply.content_type[0] != '\0')
		add_own(m, act, "Content-Type", r->reply.content_type);
	if (!fault_from_proxy(act))
		add_coders(m, act, version, id);
	add_own(m, act, "Date", date);
	for (size_t i = 0; i < r->reply.n_headers; i++)
		if (!cJSON_IsNull(cJSON_GetObjectItem(jx_get(act, "headers"), r->reply.headers[i].name)))
			MHD_add_response_header(m, r->reply.headers[i].name, r->reply.headers[i].value);
	sent = MHD_queue_response(c, (unsigned)r->reply.status, m);
	MHD_destroy_response(m);
	return sent;
}

/* After this reply nobody listens for a while; the main thread sees to it. */
static void
leave(struct server *s, const cJSON *act)
{
	s->away_ms = jx_number(act, "away_ms", 0);
	snprintf(s->other_cert, sizeof(s->other_cert), "%s", jx_text(act, "cert"));
	snprintf(s->other_key, sizeof(s->other_key), "%s", jx_text(act, "key"));
	atomic_store(&s->listening, true);
}

/* Under the lock. */
static void
handle(struct server *s, struct req *r, const cJSON *act)
{
	struct buf names;

	world_advance(&s->world);
	fault_world(s, act, true, r);
	if (jx_get(act, "query") != NULL)
		uri_params(r, jx_text(act, "query"));
	r->outage = jx_true(act, "process") ? 0 : (int)jx_number(act, "outage", 0);
	if (fault_handles(act))
		route_run(s, r);
	if (jx_true(act, "process") && jx_get(act, "outage") != NULL)
		outage_answer(r, &s->world, (int)jx_number(act, "outage", 0));
	fault_answer(act, r);
	fault_world(s, act, false, r);
	if (jx_get(act, "reset") != NULL || jx_get(act, "raw") != NULL || jx_true(act, "stall"))
		r->reply.status = 0;
	buf_init(&names, 256);
	fault_names(act, &names);
	log_request(s, r, act != NULL ? buf_text(&names) : NULL);
	buf_release(&names);
	if (jx_get(act, "away_ms") != NULL)
		leave(s, act);
}

/* What the client sees of it. */
static enum MHD_Result
answer(struct server *s, struct MHD_Connection *c, struct req *r, const cJSON *act)
{
	if (jx_get(act, "away_ms") != NULL) {
		while (atomic_load(&s->listening) && !atomic_load(&s->stopping))
			wait_ms(s, r->conn, 1);
		reply_header(r, "Connection", "close");
	}
	if (jx_true(act, "stall")) {
		raw_stall(s, c);
		return MHD_NO;
	}
	if (jx_true(act, "trailers"))
		return raw_trailers(s, c, r);
	if (jx_get(act, "raw") != NULL)
		return raw_send(c, jx_text(act, "raw"));
	return jx_get(act, "reset") != NULL ? raw_reset(c) : send_reply(s, c, r, act);
}

/* Take the lock, unless the server ends or was reset since the client connected: then nothing of r happens any more. */
static bool
take(struct server *s, const struct req *r)
{
	pthread_mutex_lock(&s->lock);
	if (!atomic_load(&s->stopping) && !atomic_load(&r->conn->stale))
		return true;
	pthread_mutex_unlock(&s->lock);
	return false;
}

static bool
is_control(const struct req *r)
{
	return strncmp(r->path, "/_control", 9) == 0;
}

bool
serve_refuses(struct server *s, struct req *r)
{
	if (is_control(r) || !take(s, r))
		return false;
	r->act = fault_pick(s, r);
	r->picked = true;
	pthread_mutex_unlock(&s->lock);
	return jx_number(r->act, "status", 0) == 417;
}

enum MHD_Result
serve(struct server *s, struct MHD_Connection *c, struct req *r)
{
	bool            control = is_control(r), late;
	const cJSON    *act;
	enum MHD_Result done = MHD_NO;

	if (strncmp(r->path, "/api/", 5) == 0)
		wait_ms(s, r->conn, s->latency_ms);
	if (!take(s, r))
		return MHD_NO;
	if (control)
		control_run(s, r);
	if (!control && !r->picked)
		r->act = fault_pick(s, r);
	act = r->act;
	late = strcmp(jx_text(act, "delay"), "before") != 0;
	if (!late) {
		pthread_mutex_unlock(&s->lock);
		wait_ms(s, r->conn, jx_number(act, "delay_ms", 0));
	}
	if (late || take(s, r)) {
		if (!control)
			handle(s, r, act);
		pthread_mutex_unlock(&s->lock);
		if (late)
			wait_ms(s, r->conn, jx_number(act, "delay_ms", 0));
		done = answer(s, c, r, act);
	}
	return done;
}
