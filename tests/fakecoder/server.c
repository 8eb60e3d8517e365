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

#include "clock.h"
#include "fault.h"
#include "serve.h"
#include "uri.h"
#include "xalloc.h"

#define BODY_MAX (1 << 20)

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

int
server_run(struct server *s, int port, const char *cert, const char *key)
{
	struct sockaddr_in            at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct MHD_OptionItem         tls[3] = { { MHD_OPTION_END, 0, NULL } };
	unsigned                      flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
	    MHD_USE_SUPPRESS_DATE_NO_CLOCK;
	struct MHD_Daemon            *d;
	const union MHD_DaemonInfo   *info;
	char                         *cert_text = NULL, *key_text = NULL;
	size_t                        n;
	sigset_t                      stop;
	int                           got;

	if (cert != NULL) {
		cert_text = read_file(cert, &n);
		key_text = read_file(key, &n);
		tls[0] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, cert_text };
		tls[1] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, key_text };
		tls[2] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
		flags |= MHD_USE_TLS;
	}
	/* Blocked before any thread begins, so that only sigwait below sees them. */
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	d = MHD_start_daemon(flags, (uint16_t)port, NULL, NULL, on_request, s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)1 << 20, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	if (d == NULL)
		die("cannot listen on 127.0.0.1:%d: %s", port, strerror(errno));
	info = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT);
	printf("%s:%u\n", cert != NULL ? "https://localhost" : "http://127.0.0.1", info != NULL ? info->port : 0U);
	fflush(stdout);
	sigwait(&stop, &got);
	atomic_store(&s->stopping, true);
	MHD_stop_daemon(d);
	free(cert_text);
	free(key_text);
	return 0;
}
