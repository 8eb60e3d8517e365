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
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "fault.h"
#include "serve.h"
#include "uri.h"

#define BODY_MAX  (1 << 20)
#define LISTENERS 16

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

/* The one thread that accepts comes to no other connection meanwhile, and a TLS handshake has not begun. */
static enum MHD_Result
on_accept(void *cls, const struct sockaddr *from, socklen_t n)
{
	struct server *s = cls;

	(void)from;
	(void)n;
	for (int64_t left = s->accept_ms; left > 0 && !atomic_load(&s->stopping); left -= STEP_MS)
		nanosleep(&(struct timespec){ 0, STEP_MS * 1000000L }, NULL);
	return MHD_YES;
}

/*
 * Called by the one thread that accepts, in the order of the clients' connects:
 * whoever connected before a client that asks for a reset is on the list by then.
 */
static void
on_connection(void *cls, struct MHD_Connection *c, void **context, enum MHD_ConnectionNotificationCode what)
{
	struct server *s = cls;
	struct conn   *conn = *context, **at = &s->conns;

	pthread_mutex_lock(&s->conns_lock);
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = conn = xcalloc(1, sizeof(*conn));
		conn->fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
		conn->next = s->conns;
		s->conns = conn;
	} else {
		while (*at != conn)
			at = &(*at)->next;
		*at = conn->next;
		free(conn);
	}
	pthread_mutex_unlock(&s->conns_lock);
}

static void
end_connections(struct server *s, const struct conn *but)
{
	pthread_mutex_lock(&s->conns_lock);
	for (struct conn *c = s->conns; c != NULL; c = c->next)
		if (c != but) {
			atomic_store(&c->stale, true);
			shutdown(c->fd, SHUT_RDWR);
		}
	pthread_mutex_unlock(&s->conns_lock);
}

bool
server_reset(struct server *s, const struct conn *by, struct buf *why)
{
	end_connections(s, by);
	world_reload(&s->world);
	tokens_init(s->world.now_us);
	limit_reset(&s->limiter);
	faults_rewind(s);
	s->outage = (struct outage){ 0 };
	return log_restart(s, why);
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
		r->conn = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
		r->at_us = clock_wall_us();
		r->at_ms = clock_mono_ms();
		r->user_agent = header(c, "User-Agent");
		r->accept = header(c, "Accept");
		r->content_type = header(c, "Content-Type");
		r->cache_control = header(c, "Cache-Control");
		r->token = shown_token(c, r);
		r->expects = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Expect") != NULL;
		/* Whoever refuses what is expected does so before the body. */
		return r->expects && serve_refuses(s, r) ? serve(s, c, r) : MHD_YES;
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
	cJSON_Delete(r->act);
	free(r->uri);
	free(r->user_agent);
	free(r->accept);
	free(r->content_type);
	free(r->cache_control);
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
	d = MHD_start_daemon(flags, l->port, on_accept, l->server, on_request, l->server, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
	    MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_NOTIFY_CONNECTION, on_connection, l->server, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_done,
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
	if (s->other_cert[0] != '\0') {
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
	const struct timespec       step = { 0, 5 * 1000000L };
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
