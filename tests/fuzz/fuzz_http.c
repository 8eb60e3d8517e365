/*
 * fuzz_http.c - any bytes as the server's reply: the request ends once, and what is told of it is bounded.
 *
 * The first byte says which request, and whether another comes before it; the rest goes over a socket of the
 * loopback as it is, and is the whole connection.  Headers that any reader would
 * read alike (Retry-After in digits, Date as RFC 9110 has it) have to be read so.
 */

#include "net/http.h"

#include <arpa/inet.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/clock.h"
#include "base/rfc3339.h"
#include "fuzz.h"
#include "net/retry.h"

#define BODY_MAX_HERE 1024

static struct http *http;
static int          listener = -1;

struct outcome {
	const char *reply;
	size_t      n;
	int         calls;
};

static void
listen_once(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t          size = sizeof(at);
	static char        origin[64];
	struct http_peer   peer = { .origin = origin, .user_agent = "fuzz", .version_header = "x-coder-build-version" };
	struct err         err;

	listener = socket(AF_INET, SOCK_STREAM, 0);
	REQUIRE(listener != -1 && bind(listener, (struct sockaddr *)&at, size) == 0 && listen(listener, 8) == 0);
	REQUIRE(getsockname(listener, (struct sockaddr *)&at, &size) == 0);
	REQUIRE(fcntl(listener, F_SETFL, O_NONBLOCK) == 0);
	snprintf(origin, sizeof(origin), "http://127.0.0.1:%d", ntohs(at.sin_port));
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	http = http_new(&peer, 1, &err);
	REQUIRE(http != NULL);
}

/* The value of the only header of this name; false where the head is not as plain as can be. */
static bool
plain_header(const char *text, size_t n, const char *name, char value[64])
{
	size_t length = strlen(name);
	int    found = 0;

	if (n < 17 || memcmp(text, "HTTP/1.1 ", 9) != 0 || text[9] < '2' || text[9] > '5' || text[12] != ' ' ||
	    !contains(text, n, "\r\n\r\n"))
		return false;
	while (n > 0) {
		const char *nl = memchr(text, '\n', n);
		size_t      line = nl != NULL ? (size_t)(nl - text) : n, i;

		if (line < 1 || nl == NULL || text[line - 1] != '\r')
			return false;
		if (line == 1)
			return found == 1;
		for (i = 0; i < line - 1; i++)
			if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] > 0x7e)
				return false;
		if (text[0] == ' ' || (memchr(text, ':', line) == NULL && text[4] != '/'))
			return false;
		if (line > length && strncasecmp(text, name, length) == 0 && text[length] == ':') {
			if (line < length + 3 || text[length + 1] != ' ' || line - length - 3 > 40)
				return false;
			snprintf(value, 64, "%.*s", (int)(line - length - 3), text + length + 2);
			found++;
		}
		n -= line + 1;
		text = nl + 1;
	}
	return false;
}

/* "Mon, 23 Nov 2026 02:56:50 GMT", of this century; -1 for anything else. */
static int64_t
date_s(const char *s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char like[] = "aaa, dd aaa 20dd dd:dd:dd GMT";
	int               at[] = { 5, 12, 17, 20, 23 }, v[5], month;
	int64_t           day;
	size_t            i;

	if (strlen(s) != sizeof(like) - 1)
		return -1;
	for (i = 0; like[i] != '\0'; i++)
		if (like[i] == 'd' ? s[i] < '0' || s[i] > '9' : like[i] != 'a' && like[i] != s[i])
			return -1;
	for (i = 0; i < 5; i++)
		v[i] = (s[at[i]] - '0') * 10 + s[at[i] + 1] - '0';
	v[1] = (s[14] - '0') * 10 + s[15] - '0';
	for (month = 0; month < 12 && memcmp(months + 3 * month, s + 8, 3) != 0; month++)
		continue;
	if (month == 12 || v[0] < 1 || v[0] > 28 || v[2] > 23 || v[3] > 59 || v[4] > 59)
		return -1;
	day = days_from_civil(2000 + v[1], month + 1, v[0]);
	if (memcmp(days + 3 * (day % 7), s, 3) != 0)
		return -1;
	return day * 86400 + v[2] * 3600 + v[3] * 60 + v[4];
}

static void
check_headers(const struct outcome *o, const struct http_reply *r)
{
	char    value[64];
	int64_t at, offset;

	if (plain_header(o->reply, o->n, "Retry-After", value) && value[0] != '\0' &&
	    strspn(value, "0123456789") == strlen(value) && strlen(value) < 9) {
		at = strtol(value, NULL, 10);
		REQUIRE(r->retry_after_s == (at > RETRY_AFTER_MOST_S ? RETRY_AFTER_MOST_S : at));
	}
	if (plain_header(o->reply, o->n, "Date", value) && (at = date_s(value)) != -1) {
		REQUIRE(r->has_date);
		offset = at * 1000 + 500 - clock_wall_us() / 1000;
		REQUIRE(offset - r->offset_ms < 5000 && r->offset_ms - offset < 5000);
	}
}

static void
done(void *arg, const struct http_reply *r)
{
	struct outcome *o = arg;

	o->calls++;
	REQUIRE(r->body != NULL && r->fault != NULL && r->took_ms >= 0);
	REQUIRE(r->retry_after_s >= -1 && r->retry_after_s <= RETRY_AFTER_MOST_S);
	if (r->end != HTTP_ANSWERED) {
		REQUIRE(r->status == 0 && r->fault[0] != '\0' && r->n == 0 && r->retry_after_s == -1 && !r->has_date);
		return;
	}
	REQUIRE(r->status >= 100 && r->status <= 599 && r->fault[0] == '\0');
	REQUIRE(r->n <= BODY_MAX_HERE && r->body[r->n] == '\0');
	REQUIRE(r->version == NULL || is_clean(r->version));
	REQUIRE(r->location == NULL || (is_clean(r->location) && strchr(r->location, '#') == NULL));
	check_headers(o, r);
}

/* Wait for a connection, read what was asked, answer and hang up. */
static bool
serve(const struct outcome *o)
{
	char           request[2048];
	struct timeval second = { 1, 0 };
	int            fd = accept(listener, NULL, NULL);
	ssize_t        n;

	if (fd == -1)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	http_turn(http, 0);
	http_turn(http, 0);
	n = recv(fd, request, sizeof(request), 0);
	if (n > 0 && o->n != 0)
		(void)send(fd, o->reply, o->n, MSG_NOSIGNAL);
	close(fd);
	return true;
}

static void
exchange(bool post, const struct bytes *reply)
{
	struct http_request req = { .method = post ? "POST" : "GET", .path = "/api/v2/x", .max = BODY_MAX_HERE,
		.timeout_ms = 3000, .attempt = 1, .body = post ? "{}" : NULL };
	struct outcome      o = { (const char *)reply->p, reply->n, 0 };
	int                 turns;

	http_start(http, &req, done, &o);
	for (turns = 0; o.calls == 0; turns++) {
		REQUIRE(turns < 4000);
		serve(&o);
		http_turn(http, turns < 4 ? 0 : 1);
	}
	REQUIRE(o.calls == 1 && http_idle(http) == 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char whole[] = "HTTP/1.1 200 OK\r\nX-Coder-Build-Version: v2.31.14\r\nContent-Length: 0\r\n\r\n";
	struct bytes      b = { data, n }, before = { (const uint8_t *)whole, sizeof(whole) - 1 };
	unsigned          how = (unsigned)take_number(&b, 1);

	if (listener == -1)
		listen_once();
	/* What one reply leaves behind is no part of the next. */
	if ((how & 2) != 0)
		exchange(false, &before);
	exchange((how & 1) != 0, &b);
	return 0;
}
