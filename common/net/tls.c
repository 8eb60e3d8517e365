/* tls.c - ask libcurl what it was built with. */

#include "net/tls.h"

#include <curl/curl.h>
#include <stddef.h>
#include <string.h>

bool
tls_takes_pem(void)
{
	const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;

	return tls != NULL && (strstr(tls, "OpenSSL/") != NULL || strstr(tls, "LibreSSL/") != NULL);
}
