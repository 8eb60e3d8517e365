/* tls.h - what the TLS of this machine's libcurl can do. */

#ifndef CWS_TLS_H
#define CWS_TLS_H

#include <stdbool.h>

/*
 * tls_takes_pem - does it take a client's certificate from memory?  With GnuTLS
 * and NSS libcurl would pass one over in silence.
 */
bool
tls_takes_pem(void);

#endif
