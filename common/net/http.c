/*
 * http.c - one origin, a fixed number of reused easy handles, one multi handle.
 *
 * All options of a request are set in setup() after a reset, so that nothing
 * leaks from a POST into a GET.  The libcurl behaviour that the choices rest on
 * was measured with 7.88.
 */

#include "net/http.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/wipe.h"
#include "base/xalloc.h"
#include "net/reply.h"
#include "net/retry.h"
#include "net/tls.h"

#define CONNECT_MS 10000L
#define STALL_S 30L
#define ASKS 3 /* a busy server may not answer in time */
#define TURN_MAX_MS 1000
/* a wait that took so much longer than it was to: the process stood still */
#define LATE_MS 100
/* a connection over which an answer came so long ago is there, as far as anybody can know */
#define WARM_MS 1000

struct slot {
	struct http   *http;
	CURL          *easy;
	struct reply   reply;
	char          *method, *path;
	http_done     *done;
	http_may_send *may_send;
	void          *arg;
	int64_t        began_ms; /* clock_mono_ms, like all of these */
	int            attempt;
	/* the last connection that it had, and when an answer came over it */
	long           port;
	int64_t        warm_ms;
	bool           busy;
	CURLcode       refused; /* why libcurl did not take it; told by the next turn */
	bool           begun; /* the connection stood, so that bytes of the request may have left */
	/* of a POST or PUT: may_send() said no; libcurl was about to send it once more */
	bool           withheld, again;
	char           fault[CURL_ERROR_SIZE + 128];
	char           error[CURL_ERROR_SIZE]; /* libcurl writes here */
};

struct http {
	struct http_peer   peer;
	CURLM             *multi;
	struct curl_slist *get_headers, *anew_headers, *act_headers;
	struct slot       *slot;
	int                jobs, busy;
	/* libcurl looked at its connections last then: what it finds next came later */
	int64_t            looked_ms;
	CURLMcode          broken; /* why the multi handle is of no use any more */
	bool               met;    /* an answer came, so that the peer speaks what we speak */
	int                asks;   /* how often it was asked what else it speaks */
	char *other;     /* the origin with the scheme that it speaks, NULL: not known; owned */
	bool  multiplex; /* an HTTP/2 connection is possible, as far as we know */
};

static void
wipe_list(struct curl_slist *list)
{
	struct curl_slist *s;

	for (s = list; s != NULL; s = s->next)
		wipe(s->data, strlen(s->data));
	curl_slist_free_all(list);
}

static bool
append(struct curl_slist **list, const char *header)
{
	struct curl_slist *more = curl_slist_append(*list, header);

	if (more == NULL)
		return false;
	*list = more;
	return true;
}

static bool
make_headers(struct http *h)
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

struct http *
http_new(const struct http_peer *peer, int jobs, struct err *err)
{
	struct http *h = xcalloc(1, sizeof(*h));
	int          i;

	h->peer = *peer;
	h->jobs = jobs;
	h->slot = xcalloc((size_t)jobs, sizeof(*h->slot));
	/* libcurl speaks HTTP/1.1 in clear */
	h->multiplex = strncmp(peer->origin, "https:", 6) == 0;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		goto fail;
	h->multi = curl_multi_init();
	if (h->multi == NULL || !make_headers(h))
		goto fail;
	/*
	 * A connection for each request in flight: work parked inside libcurl would burn its own
	 * timeout.
	 */
	if (curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)jobs) != CURLM_OK)
		goto fail;
	h->looked_ms = clock_mono_ms();
	for (i = 0; i < jobs; i++) {
		h->slot[i].http = h;
		h->slot[i].easy = curl_easy_init();
		if (h->slot[i].easy == NULL)
			goto fail;
		reply_init(&h->slot[i].reply);
	}
	return h;
fail:
	http_free(h);
	err_set(err, CWS_FAIL, "cannot start libcurl");
	return NULL;
}

static void
slot_clear(struct slot *s)
{
	free(s->method);
	free(s->path);
	s->method = s->path = NULL;
}

void
http_free(struct http *h)
{
	int i;

	if (h == NULL)
		return;
	for (i = 0; i < h->jobs; i++) {
		struct slot *s = &h->slot[i];

		if (s->busy && s->refused == CURLE_OK)
			curl_multi_remove_handle(h->multi, s->easy);
		curl_easy_cleanup(s->easy);
		reply_release(&s->reply);
		slot_clear(s);
	}
	if (h->multi != NULL)
		curl_multi_cleanup(h->multi);
	wipe_list(h->get_headers);
	wipe_list(h->anew_headers);
	wipe_list(h->act_headers);
	curl_global_cleanup();
	free(h->other);
	free(h->slot);
	free(h);
}

int
http_idle(const struct http *h)
{
	return h->jobs - h->busy;
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

static bool
is_get(const struct slot *s)
{
	return strcmp(s->method, "GET") == 0;
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
	if (is_get(s)) {
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

static CURLcode
setup(struct http *h, struct slot *s, const struct http_request *req)
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

void
http_start(struct http *h, const struct http_request *req, http_done *done, void *arg)
{
	struct slot *s = h->slot;

	while (s->busy)
		s++;
	reply_begin(&s->reply, req->max);
	slot_clear(s);
	s->method = xstrdup(req->method);
	s->path = xstrdup(req->path);
	s->done = done;
	s->may_send = req->may_send;
	s->arg = arg;
	s->attempt = req->attempt;
	s->withheld = s->again = false;
	s->began_ms = clock_mono_ms();
	s->busy = true;
	h->busy++;
	s->begun = false;
	s->error[0] = '\0';
	s->refused = h->broken == CURLM_OK ? setup(h, s, req) : CURLE_FAILED_INIT;
	if (s->refused == CURLE_OK && curl_multi_add_handle(h->multi, s->easy) != CURLM_OK)
		s->refused = CURLE_FAILED_INIT;
}

/* What the peer speaks, by an answer to a GET: an act is HTTP/1.1 by our own choice. */
static bool
note_protocol(struct http *h, const struct slot *s)
{
	long protocol = 0;

	if (curl_easy_getinfo(s->easy, CURLINFO_HTTP_VERSION, &protocol) != CURLE_OK)
		return false;
	if (is_get(s) && (protocol == CURL_HTTP_VERSION_1_0 || protocol == CURL_HTTP_VERSION_1_1))
		h->multiplex = false; /* waiting for a shared connection would only serialize */
	return true;
}

/* The status with which a proxy refused the tunnel to the server; 0: none did. */
static int
proxy_refusal(const struct slot *s)
{
	long status = 0;

	if (s->begun || s->refused != CURLE_OK ||
	        curl_easy_getinfo(s->easy, CURLINFO_HTTP_CONNECTCODE, &status) != CURLE_OK)
		return 0;
	return status / 100 == 2 ? 0 : (int)status;
}

/*
 * Did any byte of the request go out, for all we know?  A lookup, a handshake, a CONNECT do not
 * count.  Where the socket had no room at first, 7.88 counts the request among what is uploaded.
 */
static bool
has_left(const struct slot *s)
{
	long       sent = 0;
	curl_off_t uploaded = 0;

	return s->begun &&
	       (s->again || curl_easy_getinfo(s->easy, CURLINFO_REQUEST_SIZE, &sent) != CURLE_OK ||
	               curl_easy_getinfo(s->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded) != CURLE_OK ||
	               sent > 0 || uploaded > 0);
}

/* How a transfer that libcurl calls failed is to be read. */
static enum http_end
failed_as(struct http *h, struct slot *s, CURLcode rc)
{
	bool sent;

	if (s->refused != CURLE_OK)
		return HTTP_FATAL;
	if (s->reply.body.over)
		return HTTP_TOO_BIG;
	sent = has_left(s);
	if (!is_get(s) && sent)
		return HTTP_UNCLEAR;
	if (h->broken != CURLM_OK)
		return HTTP_FATAL;
	/* What a proxy forbids it will forbid again; an act may still be sent later. */
	if (is_get(s) && proxy_refusal(s) != 0)
		return retry_read(HTTP_ANSWERED, proxy_refusal(s)) == RETRY_NO ? HTTP_FATAL
		                                                               : HTTP_UNSENT;
	if (tls_refusal(s->error) != NULL)
		return HTTP_FATAL;
	switch (rc) {
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_FAILED_INIT:
	case CURLE_URL_MALFORMAT:
	case CURLE_NOT_BUILT_IN:
	case CURLE_OUT_OF_MEMORY:
	case CURLE_WRITE_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CRL_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_CLIENTCERT:
		return HTTP_FATAL;
	default:
		return sent ? HTTP_UNCLEAR : HTTP_UNSENT;
	}
}

/* May the peer speak the other one of http and https?  Each kind of server ends it differently. */
static bool
is_deaf(const struct http *h, CURLcode rc, const struct http_reply *r)
{
	switch (rc) {
	case CURLE_OK: /* nginx, Go, Apache to http in clear */
		return r->status == 400 && !r->json && strncmp(h->peer.origin, "http:", 5) == 0;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_UNSUPPORTED_PROTOCOL: /* what looks like HTTP/0.9 */
	case CURLE_WEIRD_SERVER_REPLY:
		return true;
	default:
		return false;
	}
}

/* True, with the reason, when the peer is to be spoken to otherwise; nothing has come of it yet. */
static bool
speaks_other(struct http *h, struct slot *s, CURLcode rc, const struct http_reply *r)
{
	if (!is_deaf(h, rc, r)) {
		h->met = h->met || rc == CURLE_OK;
		return false;
	}
	if (h->met || !is_get(s) || proxy_refusal(s) != 0 || tls_refusal(s->error) != NULL)
		return false;
	if (h->other == NULL && h->asks++ < ASKS)
		h->other = tls_other_scheme(h->peer.origin, h->peer.direct);
	if (h->other == NULL)
		return false;
	snprintf(s->fault, sizeof(s->fault), "the server speaks %s at this port: use %.300s",
	        strncmp(h->other, "https:", 6) == 0 ? "TLS" : "no TLS", h->other);
	return true;
}

/* Why it failed, for a person. */
static void
explain(const struct http *h, struct slot *s, CURLcode rc)
{
	const char *words = s->error[0]             ? s->error
	                    : h->broken != CURLM_OK ? curl_multi_strerror(h->broken)
	                                            : curl_easy_strerror(rc);
	long        verdict = 0;

	if (s->again)
		snprintf(s->fault, sizeof(s->fault), "the connection broke before an answer came");
	else if (s->withheld)
		snprintf(s->fault, sizeof(s->fault), "withheld: nothing was sent");
	else if (reply_excess(&s->reply, s->fault, sizeof(s->fault)))
		return;
	else if (proxy_refusal(s) != 0)
		snprintf(s->fault, sizeof(s->fault),
		        "the proxy opens no way to the server: it answers HTTP %d",
		        proxy_refusal(s));
	else if (rc == CURLE_PEER_FAILED_VERIFICATION &&
	         curl_easy_getinfo(s->easy, CURLINFO_SSL_VERIFYRESULT, &verdict) == CURLE_OK)
		tls_distrust(verdict, words, s->fault, sizeof(s->fault));
	else if (tls_refusal(words) != NULL)
		snprintf(s->fault, sizeof(s->fault), "%s (%s)", tls_refusal(words), words);
	else
		snprintf(s->fault, sizeof(s->fault), "%s", words);
}

/* What the transfer ended as. */
static struct http_reply
reply_of(struct http *h, struct slot *s, CURLcode rc)
{
	const struct http_reply none = {
		.body = "", .retry_after_s = -1, .took_ms = clock_mono_ms() - s->began_ms
	};
	struct http_reply r = none;

	r.end = HTTP_ANSWERED;
	r.fault = "";
	if (rc == CURLE_OK) {
		rc = note_protocol(h, s)
		             ? reply_read(&s->reply, s->easy, h->peer.version_header, &r, s->error)
		             : CURLE_OUT_OF_MEMORY;
		if (rc != CURLE_OK)
			r = none;
	}
	if (speaks_other(h, s, rc, &r)) {
		r = none;
		r.end = HTTP_FATAL;
	} else if (rc != CURLE_OK) {
		r.end = failed_as(h, s, rc);
		r.withheld = s->withheld;
		explain(h, s, rc);
	} else {
		return r;
	}
	r.fault = s->fault;
	return r;
}

static void
finish(struct http *h, struct slot *s, CURLcode rc)
{
	const struct http_reply r = reply_of(h, s, rc);

	if (curl_easy_getinfo(s->easy, CURLINFO_LOCAL_PORT, &s->port) == CURLE_OK)
		s->warm_ms = r.end == HTTP_ANSWERED ? clock_mono_ms() : INT64_MIN / 2;
	if (r.end == HTTP_ANSWERED)
		diag_trace("%s %s: HTTP %d, %lld ms, attempt %d", s->method, s->path, r.status,
		        (long long)r.took_ms, s->attempt);
	else
		diag_trace("%s %s: %s, %lld ms, attempt %d", s->method, s->path, r.fault,
		        (long long)r.took_ms, s->attempt);
	if (s->refused == CURLE_OK && curl_multi_remove_handle(h->multi, s->easy) != CURLM_OK)
		/* it stays in there, so this slot cannot be used again */
		h->broken = CURLM_INTERNAL_ERROR;
	s->done(s->arg, &r);
	reply_drop(&s->reply);
	s->busy = false;
	h->busy--;
}

static struct slot *
slot_of(struct http *h, const CURL *easy)
{
	struct slot *s = h->slot;

	while (s->easy != easy)
		s++;
	return s;
}

/* End those that libcurl refused, or with all everything: it will not move them on any more. */
static int
deliver_lost(struct http *h, bool all)
{
	int i, n = 0;

	for (i = 0; i < h->jobs; i++) {
		struct slot *s = &h->slot[i];

		if (!s->busy || (s->refused == CURLE_OK && !all))
			continue;
		finish(h, s, s->refused != CURLE_OK ? s->refused : CURLE_FAILED_INIT);
		n++;
	}
	return n;
}

/* Deliver what has ended; how many that were. */
static int
deliver(struct http *h)
{
	CURLMsg *msg;
	int      running, queued, n = deliver_lost(h, false);

	if (h->broken == CURLM_OK)
		h->broken = curl_multi_perform(h->multi, &running);
	h->looked_ms = clock_mono_ms();
	while ((msg = curl_multi_info_read(h->multi, &queued)) != NULL) {
		CURLcode     rc = msg->data.result;
		/* msg is gone once the handle is removed */
		struct slot *s = slot_of(h, msg->easy_handle);

		finish(h, s, rc);
		n++;
	}
	return h->broken == CURLM_OK ? n : n + deliver_lost(h, true);
}

void
http_end_acts(struct http *h)
{
	int i;

	for (i = 0; i < h->jobs; i++) {
		struct slot *s = &h->slot[i];

		if (!s->busy || is_get(s) || s->refused != CURLE_OK)
			continue;
		snprintf(s->error, sizeof(s->error), "no answer came before the run ended");
		finish(h, s, CURLE_OPERATION_TIMEDOUT);
	}
}

void
http_turn(struct http *h, int64_t wait_ms)
{
	int     wait = (int)clamp_ms(wait_ms, TURN_MAX_MS);
	int64_t now;

	if (deliver(h) > 0 || wait_ms <= 0)
		return;
	if (h->broken == CURLM_OK)
		h->broken = curl_multi_poll(h->multi, NULL, 0, wait, NULL);
	else
		poll(NULL, 0, wait); /* what waits for its time shall not do so in a hurry */
	/*
	 * What comes ends the wait; but while the process stood still it may have come at any time.
	 */
	now = clock_mono_ms();
	if (now - h->looked_ms <= wait + LATE_MS)
		h->looked_ms = now;
	deliver(h);
}
