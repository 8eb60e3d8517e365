/*
 * http_ended.c - what a transfer ended as, and why, for a person.
 *
 * The libcurl behaviour that this rests on was measured with 7.88.
 */

#include "net/http_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "net/retry.h"
#include "net/tls.h"

#define ASKS 3 /* a busy server may not answer in time */

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

struct http_reply
http_ended(struct http *h, struct slot *s, CURLcode rc)
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
