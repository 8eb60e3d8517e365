/*
 * http.c - one origin, a fixed number of reused easy handles, one multi handle.
 *
 * How a request is sent is in http_setup.c.  The libcurl behaviour that the
 * reading of its end rests on was measured with 7.88.
 */

#include "net/http_priv.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/xalloc.h"
#include "net/retry.h"
#include "net/tls.h"

#define ASKS 3 /* a busy server may not answer in time */
#define TURN_MAX_MS 1000
/* a wait that took so much longer than it was to: the process stood still */
#define LATE_MS 100

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
	if (h->multi == NULL || !http_make_headers(h))
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
	http_free_headers(h);
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
	s->refused = h->broken == CURLM_OK ? http_setup(h, s, req) : CURLE_FAILED_INIT;
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
	if (http_is_get(s) &&
	        (protocol == CURL_HTTP_VERSION_1_0 || protocol == CURL_HTTP_VERSION_1_1))
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
	if (!http_is_get(s) && sent)
		return HTTP_UNCLEAR;
	if (h->broken != CURLM_OK)
		return HTTP_FATAL;
	/* What a proxy forbids it will forbid again; an act may still be sent later. */
	if (http_is_get(s) && proxy_refusal(s) != 0)
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
	if (h->met || !http_is_get(s) || proxy_refusal(s) != 0 || tls_refusal(s->error) != NULL)
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

		if (!s->busy || http_is_get(s) || s->refused != CURLE_OK)
			continue;
		snprintf(s->error, sizeof(s->error), "no answer came before the run ended");
		finish(h, s, CURLE_OPERATION_TIMEDOUT);
	}
}

void
http_turn(struct http *h, int64_t wait_ms)
{
	int     wait;
	int64_t now;

	if (deliver(h) > 0 || wait_ms <= 0)
		return;
	wait = wait_ms < TURN_MAX_MS ? (int)wait_ms : TURN_MAX_MS;
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
