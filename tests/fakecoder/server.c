/*
 * server.c - libmicrohttpd underneath: a request in, a reply out.
 *
 * One thread a connection, so that a reply that is late, slow or stalled holds
 * up nobody else; one lock around the world.  Source: microhttpd.h 0.9.75.
 */

#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "fault.h"
#include "uri.h"
#include "xalloc.h"

#ifndef POLLRDHUP
#define POLLRDHUP 0x2000 /* Linux; glibc shows it under _GNU_SOURCE only */
#endif

#define CHUNK_OVER 2048     /* longer JSON goes without Content-Length, as Go's server sends it */
#define BODY_MAX   (1 << 20)
#define STEP_MS    20
#define LISTENERS  16

static void
wait_ms(struct server *s, int64_t ms)
{
	int64_t until = clock_mono_ms() + ms;

	for (int64_t left = ms; left > 0 && !atomic_load(&s->stopping); left = until - clock_mono_ms()) {
		int64_t step = left < STEP_MS ? left : STEP_MS;

		nanosleep(&(struct timespec){ 0, (long)step * 1000000 }, NULL);
	}
}

static int
socket_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info != NULL ? info->connect_fd : -1;
}

static void
wait_until_left(struct server *s, struct MHD_Connection *c)
{
	struct pollfd p = { .fd = socket_of(c), .events = POLLRDHUP };

	while (!atomic_load(&s->stopping) && poll(&p, 1, STEP_MS) == 0)
		continue;
}

/* A connection that is disconnected from this side, unlike one that is closed, sends a reset: tcp_disconnect in Linux. */
static enum MHD_Result
reset(struct MHD_Connection *c)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	struct linger   now = { 1, 0 };
	int             fd = socket_of(c);

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	connect(fd, &none, sizeof(none));
	return MHD_NO;
}

/* How the body of one reply is handed out. */
struct feed {
	struct server *server;
	char          *body;
	size_t         n;     /* of body */
	size_t         stop;  /* after this many bytes the connection breaks; n when it does not */
	size_t         step;  /* at most so many at a time, 0: any */
	int64_t        every_ms;
};

static ssize_t
feed_read(void *cls, uint64_t pos, char *out, size_t max)
{
	struct feed *f = cls;
	size_t       n;

	if (pos >= f->n)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (pos >= f->stop)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = f->stop - (size_t)pos;
	if (n > max)
		n = max;
	if (f->step > 0 && n > f->step)
		n = f->step;
	if (f->step > 0)
		wait_ms(f->server, f->every_ms);
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
	f->n = r->reply.body.n;
	f->body = xmemdup0(buf_text(&r->reply.body), f->n);
	f->stop = f->n;
	if (jx_get(act, "cut") != NULL) {
		f->stop = (size_t)jx_number(act, "cut", 0);
		chunked = false;
	}
	if (slow != NULL) {
		f->step = (size_t)jx_number(slow, "bytes", 1);
		f->every_ms = jx_number(slow, "every_ms", 100);
	}
	if (f->n == 0) {
		feed_free(f);
		return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	}
	return MHD_create_response_from_callback(chunked ? MHD_SIZE_UNKNOWN : f->n, 16384, feed_read, f, feed_free);
}

static void
put_date(struct server *s, struct MHD_Response *m)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
		"Dec" };
	time_t    t = (time_t)((clock_wall_us() + s->world.clock_offset_us) / 1000000);
	struct tm tm;
	char      text[64];

	gmtime_r(&t, &tm);
	snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	MHD_add_response_header(m, "Date", text);
}

static enum MHD_Result
send_reply(struct server *s, struct MHD_Connection *c, struct req *r, const cJSON *act, bool from_proxy)
{
	struct MHD_Response *m = make_response(s, r, act);
	enum MHD_Result      sent;
	char                 id[UUID_SIZE];

	if (m == NULL)
		return MHD_NO;
	if (r->reply.content_type[0] != '\0')
		MHD_add_response_header(m, "Content-Type", r->reply.content_type);
	if (!from_proxy) {
		pthread_mutex_lock(&s->lock);
		uuid_new(id);
		pthread_mutex_unlock(&s->lock);
		MHD_add_response_header(m, "X-Coder-Build-Version", jx_text(s->world.buildinfo, "version"));
		MHD_add_response_header(m, "X-Coder-Request-Id", id);
		MHD_add_response_header(m, "X-Content-Type-Options", "nosniff");
		MHD_add_response_header(m, "Vary", "Origin");
		MHD_add_response_header(m, "Vary", "Cookie");
		MHD_add_response_header(m, "Set-Cookie",
		    "csrf_token=ZmFrZWNvZGVyLWNzcmYtdG9rZW4=; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
	}
	put_date(s, m);
	for (size_t i = 0; i < r->reply.n_headers; i++)
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
	s->other_cert = jx_get(act, "cert") != NULL ? jx_text(act, "cert") : NULL;
	s->other_key = jx_get(act, "key") != NULL ? jx_text(act, "key") : NULL;
	atomic_store(&s->listening, true);
}

static enum MHD_Result
serve(struct server *s, struct MHD_Connection *c, struct req *r)
{
	const cJSON *act;
	const char  *reset_when;
	bool         from_proxy = false, leaves;
	struct buf   names;

	if (strncmp(r->path, "/_control", 9) == 0) {
		pthread_mutex_lock(&s->lock);
		control_run(s, r);
		pthread_mutex_unlock(&s->lock);
		return send_reply(s, c, r, NULL, false);
	}
	if (strncmp(r->path, "/api/", 5) == 0)
		wait_ms(s, s->latency_ms);
	buf_init(&names, 256);
	pthread_mutex_lock(&s->lock);
	act = fault_pick(s, r);
	reset_when = jx_text(act, "reset");
	if (strcmp(jx_text(act, "delay"), "before") == 0) {
		pthread_mutex_unlock(&s->lock);
		wait_ms(s, jx_number(act, "delay_ms", 0));
		pthread_mutex_lock(&s->lock);
	}
	world_advance(&s->world);
	if (act != NULL)
		fault_world(s, act, true, r);
	if (act == NULL || fault_handles(act))
		route_run(s, r);
	if (act != NULL) {
		fault_answer(act, r);
		from_proxy = fault_from_proxy(act);
		fault_world(s, act, false, r);
		fault_names(act, &names);
	}
	if (reset_when[0] != '\0' || jx_true(act, "stall"))
		r->reply.status = 0;
	log_request(s, r, act != NULL ? buf_text(&names) : NULL);
	leaves = jx_get(act, "away_ms") != NULL;
	if (leaves)
		leave(s, act);
	pthread_mutex_unlock(&s->lock);
	while (leaves && atomic_load(&s->listening) && !atomic_load(&s->stopping))
		wait_ms(s, 1);
	if (leaves)
		reply_header(r, "Connection", "close");
	buf_release(&names);
	if (strcmp(jx_text(act, "delay"), "before") != 0)
		wait_ms(s, jx_number(act, "delay_ms", 0));
	if (jx_true(act, "stall")) {
		wait_until_left(s, c);
		return MHD_NO;
	}
	return reset_when[0] != '\0' ? reset(c) : send_reply(s, c, r, act, from_proxy);
}

static char *
header(struct MHD_Connection *c, const char *name)
{
	const char *v = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);

	return v != NULL ? xstrdup(v) : NULL;
}

/* httpmw.APITokenFromRequest: cookie, query, header, bearer, access_token; an empty one is none. */
static char *
shown_token(struct MHD_Connection *c, const struct req *r)
{
	const char *v = MHD_lookup_connection_value(c, MHD_COOKIE_KIND, "coder_session_token");
	char       *token;
	size_t      n;

	if (v == NULL || v[0] == '\0')
		v = req_param(r, "coder_session_token");
	if (v == NULL || v[0] == '\0')
		v = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Coder-Session-Token");
	if (v == NULL || v[0] == '\0') {
		v = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Authorization");
		v = v != NULL && strlen(v) > 7 && has_name((char[]){ v[0], v[1], v[2], v[3], v[4], v[5], v[6], 0 }, "bearer ")
		    ? v + 7
		    : NULL;
	}
	if (v == NULL || v[0] == '\0')
		v = req_param(r, "access_token");
	if (v == NULL || v[0] == '\0')
		return NULL;
	token = xstrdup(v);
	for (n = strlen(token); n > 0 && token[n - 1] == ' '; n--)
		token[n - 1] = '\0';
	return token;
}

static void *
on_uri(void *cls, const char *uri, struct MHD_Connection *c)
{
	struct req *r = xcalloc(1, sizeof(*r));

	(void)cls;
	(void)c;
	r->uri = xstrdup(uri);
	buf_init(&r->body, BODY_MAX);
	buf_init(&r->reply.body, SIZE_MAX);
	uri_parse(r);
	return r;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method, const char *version, const char *data,
    size_t *n, void **con)
{
	struct server *s = cls;
	struct req    *r = *con;

	(void)url;
	(void)version;
	if (r->method[0] == '\0') {
		snprintf(r->method, sizeof(r->method), "%s", method);
		r->at_us = clock_wall_us() + s->world.clock_offset_us;
		r->at_ms = clock_mono_ms();
		r->user_agent = header(c, "User-Agent");
		r->accept = header(c, "Accept");
		r->content_type = header(c, "Content-Type");
		r->token = shown_token(c, r);
		return MHD_YES;
	}
	if (*n > 0) {
		buf_put(&r->body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	return serve(s, c, r);
}

static void
on_done(void *cls, struct MHD_Connection *c, void **con, enum MHD_RequestTerminationCode why)
{
	struct req *r = *con;

	(void)cls;
	(void)c;
	(void)why;
	if (r == NULL)
		return;
	uri_free(r);
	free(r->uri);
	free(r->user_agent);
	free(r->accept);
	free(r->content_type);
	free(r->token);
	buf_release(&r->body);
	buf_release(&r->reply.body);
	free(r);
	*con = NULL;
}

/* Where connections are taken: one daemon after the other on the same port, see listener_leave. */
struct listener {
	struct server     *server;
	struct MHD_Daemon *daemon[LISTENERS];
	int                n;
	uint16_t           port;
	char              *cert, *key; /* PEM texts of the present daemon; NULL for plain HTTP */
	int64_t            back_ms;    /* when to listen again, on the monotonic clock; 0: we do */
};

static bool
listener_open(struct listener *l)
{
	struct sockaddr_in    at = { .sin_family = AF_INET, .sin_port = htons(l->port) };
	struct MHD_OptionItem tls[] = { { MHD_OPTION_HTTPS_MEM_CERT, 0, l->cert }, { MHD_OPTION_HTTPS_MEM_KEY, 0, l->key },
		{ MHD_OPTION_END, 0, NULL } };
	unsigned              flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
	    MHD_USE_ITC | MHD_USE_SUPPRESS_DATE_NO_CLOCK | (l->cert != NULL ? MHD_USE_TLS : 0);
	struct MHD_Daemon *d;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	d = MHD_start_daemon(flags, l->port, NULL, NULL, on_request, l->server, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
	    MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_done,
	    NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)1 << 20, MHD_OPTION_ARRAY, l->cert != NULL ? tls : tls + 2,
	    MHD_OPTION_END);
	if (d != NULL)
		l->daemon[l->n++] = d;
	return d != NULL;
}

/*
 * Nobody listens for as long as the fault script says: who connects is refused,
 * those who are connected stay so.  Then another daemon takes the port, with
 * another certificate where one was named.
 */
static void
listener_leave(struct listener *l)
{
	struct server *s = l->server;
	int            fd = MHD_quiesce_daemon(l->daemon[l->n - 1]);
	size_t         n;

	if (fd == -1 || l->n == LISTENERS)
		die("cannot stop listening");
	close(fd);
	l->back_ms = clock_mono_ms() + s->away_ms;
	s->away_ms = -1;
	if (s->other_cert != NULL) {
		free(l->cert);
		free(l->key);
		l->cert = read_file(s->other_cert, &n);
		l->key = read_file(s->other_key, &n);
	}
	atomic_store(&s->listening, false);
}

/* Leave the port, or come back to it, when the fault script says so. */
static void
listener_look(struct listener *l)
{
	struct server *s = l->server;

	if (l->back_ms != 0) {
		if (clock_mono_ms() < l->back_ms)
			return;
		l->back_ms = 0;
		if (!listener_open(l))
			die("cannot listen again: %s", strerror(errno));
	}
	pthread_mutex_lock(&s->lock);
	if (s->away_ms >= 0)
		listener_leave(l);
	pthread_mutex_unlock(&s->lock);
}

int
server_run(struct server *s, int port, const char *cert, const char *key)
{
	struct listener             l = { .server = s, .port = (uint16_t)port };
	const struct timespec       step = { 0, STEP_MS * 1000000L / 4 };
	const union MHD_DaemonInfo *info;
	sigset_t                    stop;
	size_t                      n;

	if (cert != NULL) {
		l.cert = read_file(cert, &n);
		l.key = read_file(key, &n);
	}
	/* Blocked before any thread begins, so that only sigtimedwait below sees them. */
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
	atomic_store(&s->listening, true);
	if (!listener_open(&l))
		die("cannot listen on 127.0.0.1:%d: %s", port, strerror(errno));
	info = MHD_get_daemon_info(l.daemon[0], MHD_DAEMON_INFO_BIND_PORT);
	l.port = info != NULL ? info->port : 0;
	printf("%s:%u\n", cert != NULL ? "https://localhost" : "http://127.0.0.1", l.port);
	fflush(stdout);
	while (sigtimedwait(&stop, NULL, &step) == -1)
		listener_look(&l);
	atomic_store(&s->stopping, true);
	while (l.n > 0)
		MHD_stop_daemon(l.daemon[--l.n]);
	free(l.cert);
	free(l.key);
	return 0;
}
