/* raw.c - see raw.h. */

#include "raw.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "serve.h"

#ifndef POLLRDHUP
#define POLLRDHUP 0x2000 /* Linux; glibc shows it under _GNU_SOURCE only */
#endif

static int
socket_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info != NULL ? info->connect_fd : -1;
}

void
raw_stall(struct server *s, struct MHD_Connection *c)
{
	struct pollfd p = { .fd = socket_of(c), .events = POLLRDHUP };

	while (!atomic_load(&s->stopping) && poll(&p, 1, STEP_MS) == 0)
		continue;
}

/* A connection that is disconnected from this side, unlike one that is closed, sends a reset: tcp_disconnect in Linux. */
enum MHD_Result
raw_reset(struct MHD_Connection *c)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	struct linger   now = { 1, 0 };
	int             fd = socket_of(c);

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	connect(fd, &none, sizeof(none));
	return MHD_NO;
}

/* All of it, unless the client leaves or reads nothing for a second. */
static bool
send_all(int fd, const char *text, size_t n)
{
	for (ssize_t sent = 0; n > 0; text += sent, n -= (size_t)sent) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };

		if (poll(&p, 1, 1000) <= 0 || (sent = send(fd, text, n, MSG_NOSIGNAL)) < 0)
			return false;
	}
	return true;
}

enum MHD_Result
raw_send(struct MHD_Connection *c, const char *text)
{
	int fd = socket_of(c);

	send_all(fd, text, strlen(text));
	shutdown(fd, SHUT_WR);
	return MHD_NO;
}

enum MHD_Result
raw_trailers(struct server *s, struct MHD_Connection *c, struct req *r)
{
	static const char line[] = "X-And-So-On: and on and on and on and on and on and on and on and on and on\r\n";
	int               fd = socket_of(c);
	struct buf        b;
	bool              on;

	buf_init(&b, SIZE_MAX);
	buf_printf(&b, "HTTP/1.1 %d OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n", r->reply.status,
	    r->reply.content_type, r->reply.body.n);
	buf_put(&b, buf_text(&r->reply.body), r->reply.body.n);
	buf_puts(&b, "\r\n0\r\n");
	on = send_all(fd, buf_text(&b), b.n);
	buf_release(&b);
	while (on && !atomic_load(&s->stopping) && !atomic_load(&r->conn->stale))
		on = send_all(fd, line, sizeof(line) - 1);
	return MHD_NO;
}
