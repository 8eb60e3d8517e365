/*
 * http_setup.c - the options of a request, and what they have libcurl call before its bytes leave.
 *
 * All of them are set in http_setup() after a reset, so that nothing leaks from a
 * POST into a GET.  The libcurl behaviour that the choices rest on was measured
 * with 7.88.
 */

#include "net/http_priv.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/wipe.h"

#define CONNECT_MS 10000L
#define STALL_S 30L
/* a connection over which an answer came so long ago is there, as far as anybody can know */
#define WARM_MS 1000

static bool
append(struct curl_slist **list, const char *header)
{
	struct curl_slist *more = curl_slist_append(*list, header);

	if (more == NULL)
		return false;
	*list = more;
	return true;
}

bool
http_make_headers(struct http *h)
{
	size_t i;
	bool   ok;

	ok = append(&h->get_headers, "Accept: application/json") &&
	     append(&h->anew_headers, "Accept: application/json") &&
	     append(&h->anew_headers, "Cache-Control: no-cache") &&
	     append(&h->act_headers, "Accept: application/json") &&
	     append(&h->act_headers, "Content-Type: application/json") &&
	     /* or a 417 is libcurl's reason to send the request once more */
	     append(&h->act_headers, "Expect:");
	for (i = 0; ok && i < h->peer.headers; i++)
		ok = append(&h->get_headers, h->peer.header[i]) &&
		     append(&h->anew_headers, h->peer.header[i]) &&
		     append(&h->act_headers, h->peer.header[i]);
	return ok;
}

static void
wipe_list(struct curl_slist *list)
{
	struct curl_slist *s;

	for (s = list; s != NULL; s = s->next)
		wipe(s->data, strlen(s->data));
	curl_slist_free_all(list);
}

void
http_free_headers(struct http *h)
{
	wipe_list(h->get_headers);
	wipe_list(h->anew_headers);
	wipe_list(h->act_headers);
}

/* Called once a header, trailers too.  What comes first of a reply comes here. */
static size_t
on_header(char *p, size_t one, size_t n, void *arg)
{
	struct slot *s = arg;

	(void)p;
	(void)one; /* always 1 */
	/* those of a proxy come before the request is begun */
	if (s->begun && s->reply.heard_ms == 0)
		s->reply.heard_ms = s->http->looked_ms;
	return reply_take_header(&s->reply, n) ? n : 0;
}

/*
 * Will a request over the connection with this local port reach somebody?  It is new, or a moment
 * ago an answer came over it.
 */
static bool
is_warm(const struct slot *s, int port)
{
	const struct http *h = s->http;
	int64_t            now = clock_mono_ms();
	long               made = 0;
	int                i;

	if (curl_easy_getinfo(s->easy, CURLINFO_NUM_CONNECTS, &made) == CURLE_OK && made > 0)
		return true;
	for (i = 0; i < h->jobs; i++)
		if (h->slot[i].port == port && now - h->slot[i].warm_ms <= WARM_MS)
			return true;
	return false;
}

/*
 * Called when the connection stands, a proxy's tunnel included, right before the request leaves,
 * and once more before libcurl sends it again: a reused connection died under the first, or
 * the reply was a 417.
 */
static int
on_ready(void *arg, char *to_ip, char *from_ip, int to_port, int from_port)
{
	struct slot *s = arg;

	(void)to_ip;
	(void)from_ip;
	(void)to_port;
	if (http_is_get(s)) {
		s->begun = true;
		return CURL_PREREQFUNC_OK;
	}
	s->again = s->begun;
	if (s->again)
		return CURL_PREREQFUNC_ABORT;
	s->withheld = !is_warm(s, from_port) || (s->may_send != NULL && !s->may_send(s->arg));
	s->begun = !s->withheld;
	return s->withheld ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static long
clamp_ms(int64_t ms, long most)
{
	if (ms < 1)
		return 1; /* 0 would mean "no limit" */
	return ms < most ? (long)ms : most;
}

/*
 * The first failure of the options of one request; a request that lacks one (its body, its
 * headers, its fresh connection) must not go out.
 */
struct options {
	CURL    *easy;
	CURLcode rc;
};

#define SET(o, option, value) \
	do { \
		if ((o)->rc == CURLE_OK) \
			(o)->rc = curl_easy_setopt((o)->easy, CURLOPT_##option, value); \
	} while (0)

static void
set_tls(struct options *o, const struct http_peer *p)
{
	struct curl_blob cert = { p->client_cert, 0, CURL_BLOB_NOCOPY },
	                 key = { p->client_key, 0, CURL_BLOB_NOCOPY };

	SET(o, SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/* The library looks at no environment variable for these. */
	if (p->cacert != NULL)
		SET(o, CAINFO, p->cacert);
	if (p->capath != NULL)
		SET(o, CAPATH, p->capath);
	if (p->client_cert == NULL)
		return;
	cert.len = strlen(p->client_cert);
	key.len = strlen(p->client_key);
	SET(o, SSLCERT_BLOB, &cert);
	SET(o, SSLKEY_BLOB, &key);
}

/*
 * libcurl sends a request again by itself, and reports one success, when the connection that it
 * reused dies, and over HTTP/2 when its stream is refused, on a fresh connection too.  So an act
 * goes by HTTP/1.1, which has no streams, and on_ready() lets it go once.  A connection of its
 * own is not reused, so that nothing of it is ever lost with one that idled to its death.
 */
static void
set_act(struct options *o, const struct http_request *req)
{
	SET(o, HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	if (!req->joins) {
		SET(o, FRESH_CONNECT, 1L);
		SET(o, FORBID_REUSE, 1L);
	}
	SET(o, POST, 1L);
	SET(o, POSTFIELDSIZE, req->body != NULL ? (long)strlen(req->body) : 0L);
	SET(o, COPYPOSTFIELDS, req->body != NULL ? req->body : "");
	if (strcmp(req->method, "POST") != 0)
		SET(o, CUSTOMREQUEST, req->method);
}

/*
 * An easy handle as new.  Before 8.1 libcurl joins a header that is folded, where
 * a reply begins with it, to the freed ones of the reply before (curl #11103): there it is a new
 * one.  What is worth keeping, the connections, the multi handle keeps.
 */
static CURLcode
renew(struct slot *s)
{
	if (curl_version_info(CURLVERSION_NOW)->version_num >= 0x080100) {
		curl_easy_reset(s->easy);
		return CURLE_OK;
	}
	curl_easy_cleanup(s->easy);
	s->easy = curl_easy_init();
	return s->easy != NULL ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

CURLcode
http_setup(struct http *h, struct slot *s, const struct http_request *req)
{
	struct options o = { .rc = renew(s) };
	bool           get = strcmp(req->method, "GET") == 0;
	struct buf     url;

	if (o.rc != CURLE_OK)
		return o.rc;
	o.easy = s->easy;
	buf_init(&url, BUF_RECORD_MAX);
	buf_printf(&url, "%s%s", h->peer.origin, req->path);
	SET(&o, URL, buf_text(&url));
	buf_release(&url);
#if LIBCURL_VERSION_NUM >= 0x075500
	SET(&o, PROTOCOLS_STR, "http,https");
#else
	SET(&o, PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	/* A redirect would carry the token along, and turn a POST into a GET that answers 200. */
	SET(&o, FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x074000
	SET(&o, HTTP09_ALLOWED, 0L); /* any bytes at all would be an answer with status 200 */
#endif
	SET(&o, NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	SET(&o, QUICK_EXIT, 1L); /* else one stuck name lookup holds up everybody */
#endif
	SET(&o, ERRORBUFFER, s->error);
	SET(&o, USERAGENT, h->peer.user_agent);
	SET(&o, ACCEPT_ENCODING, "");
	SET(&o, WRITEFUNCTION, reply_on_body);
	SET(&o, WRITEDATA, &s->reply);
	SET(&o, HEADERFUNCTION, on_header);
	SET(&o, HEADERDATA, s);
	SET(&o, PREREQFUNCTION, on_ready);
	SET(&o, PREREQDATA, s);
	SET(&o, CONNECTTIMEOUT_MS, clamp_ms(req->timeout_ms, CONNECT_MS));
	SET(&o, TIMEOUT_MS, clamp_ms(req->timeout_ms, 3600L * 1000));
	SET(&o, LOW_SPEED_LIMIT, 1L);
	SET(&o, LOW_SPEED_TIME, STALL_S);
	set_tls(&o, &h->peer);
	if (h->peer.direct)
		SET(&o, PROXY, ""); /* libcurl makes no exception for the loopback */
	SET(&o, HTTPHEADER, !get ? h->act_headers : req->anew ? h->anew_headers : h->get_headers);
	if (!get)
		set_act(&o, req);
	else if (req->joins)
		SET(&o, HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	else
		SET(&o, PIPEWAIT, h->multiplex ? 1L : 0L);
	return o.rc;
}
