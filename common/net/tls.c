/* tls.c - ask libcurl what it was built with, and a port what it speaks. */

#include "net/tls.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"

#define ASK_MS 1500L

bool
tls_takes_pem(void)
{
	const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;

	return tls != NULL && (strstr(tls, "OpenSSL/") != NULL || strstr(tls, "LibreSSL/") != NULL);
}

void
tls_distrust(long verdict, const char *words, char *out, size_t size)
{
	/* X509_V_ERR_...: openssl/x509_vfy.h */
	static const struct {
		long        verdict;
		const char *advice;
	} known[] = {
		{ 9, "its certificate is not valid yet: look at both clocks" },
		{ 10, "its certificate has expired: it needs a new one" },
		{ 18, "its certificate is signed by itself: if it is the right one, give it with "
		      "--cacert FILE" },
		{ 19, "its certificate is of a CA of its own: give that with --cacert FILE" },
		{ 20, "its certificate is of a CA that is not known here: give that with --cacert "
		      "FILE" },
		{ 21, "its certificate comes without that of its CA: give that with --cacert "
		      "FILE" },
	};
	const char *advice = "its certificate is not to be believed";
	size_t      i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].verdict == verdict)
			advice = known[i].advice;
	/* libcurl itself looks at the name, and leaves a verdict of nobody's */
	if (strstr(words, "subject name") != NULL)
		advice = "its certificate is for another name: use that in the URL";
	snprintf(out, size, "%s (%s)", advice, words);
}

const char *
tls_refusal(const char *words)
{
	/* SSL_alert_desc_string_long(), as OpenSSL's own errors have it */
	static const struct {
		const char *alert, *means;
	} known[] = {
		{ "alert certificate required", "it wants a certificate of yours: set "
		                                "CODER_CLIENT_TLS_CERT_FILE and _KEY_FILE" },
		{ "alert bad certificate", "it does not take the certificate of "
		                           "CODER_CLIENT_TLS_CERT_FILE, or wants one" },
		{ "alert unknown ca", "it does not know the CA of CODER_CLIENT_TLS_CERT_FILE" },
		{ "alert certificate expired", "the certificate of CODER_CLIENT_TLS_CERT_FILE has "
		                               "expired" },
		{ "alert handshake failure", "it agrees to no TLS of ours, or wants a certificate: "
		                             "CODER_CLIENT_TLS_CERT_FILE and _KEY_FILE" },
		{ "alert protocol version", "its TLS is older than 1.2: it needs a newer one" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strstr(words, known[i].alert) != NULL)
			return known[i].means;
	return NULL;
}

/* The same host and port: a default port that was left out would become the other one. */
static char *
swap_scheme(const char *origin)
{
	bool        tls = strncmp(origin, "https:", 6) == 0;
	const char *host = strstr(origin, "://") + 3, *port = strrchr(host, ':');
	struct buf  b;
	char       *other;

	buf_init(&b, BUF_RECORD_MAX);
	buf_printf(&b, "%s://%s", tls ? "http" : "https", host);
	if (port == NULL || strchr(port, ']') != NULL) /* the colon is one of IPv6 */
		buf_puts(&b, tls ? ":443" : ":80");
	other = xstrdup(buf_text(&b));
	buf_release(&b);
	return other;
}

static size_t
drop(char *p, size_t one, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	return one * n;
}

char *
tls_other_scheme(const char *origin, bool direct)
{
	char    *other = swap_scheme(origin);
	bool     tls = strncmp(other, "https:", 6) == 0;
	CURL    *c = curl_easy_init();
	CURLcode rc = CURLE_FAILED_INIT;
	long     status = 0;

	if (c != NULL && curl_easy_setopt(c, CURLOPT_URL, other) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_NOBODY, 1L) == CURLE_OK &&
	        /* a handshake says enough */
	        curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, tls ? 1L : 0L) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop) == CURLE_OK &&
	        curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, ASK_MS) == CURLE_OK &&
	        (!direct || curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK))
		rc = curl_easy_perform(c);
	/* so nginx, Go and Apache answer to http in clear where they speak TLS */
	if (rc == CURLE_OK && curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
	        status == 400)
		rc = CURLE_GOT_NOTHING;
	curl_easy_cleanup(c);
	/* A certificate to disbelieve is TLS too. */
	if (rc == CURLE_OK || rc == CURLE_PEER_FAILED_VERIFICATION)
		return other;
	free(other);
	return NULL;
}
