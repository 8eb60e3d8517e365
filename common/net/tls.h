/*
 * tls.h - what the TLS of this machine's libcurl can do, and what is wrong where it fails.
 */

#ifndef CWS_TLS_H
#define CWS_TLS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * tls_takes_pem - does it take a client's certificate from memory?  With GnuTLS
 * and NSS libcurl would pass one over in silence.
 */
bool
tls_takes_pem(void);

/*
 * tls_distrust - what to change where a peer's certificate is not believed, with libcurl's own
 * words behind it.  verdict: CURLINFO_SSL_VERIFYRESULT, as OpenSSL numbers it, 0: none;
 * words: of its error buffer.
 */
void
tls_distrust(long verdict, const char *words, char *out, size_t size);

/*
 * tls_refusal - what a TLS alert in libcurl's words asks for that will not change by asking again,
 * a constant; NULL when there is none in them.
 */
const char *
tls_refusal(const char *words);

/*
 * tls_other_scheme - the origin at the same host and port with the other one of http and https,
 * if that is what is spoken there; NULL if not.  Owned by the caller.  Asked by a TLS handshake, or
 * a HEAD of "/" that has no header of ours, in 1.5 s at most; direct: by no proxy.
 */
char *
tls_other_scheme(const char *origin, bool direct);

#endif
