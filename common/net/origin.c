/*
 * origin.c - take a URL apart, with libcurl's parser: what it reads here is what it will connect
 * to.
 */

#include "net/origin.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/wipe.h"
#include "base/xalloc.h"

/* The part of a parsed URL as our own string, or NULL when it has none. */
static char *
part(CURLU *u, CURLUPart what)
{
	char     *s = NULL, *copy = NULL;
	CURLUcode rc = curl_url_get(u, what, &s, 0);

	if (rc == CURLUE_OUT_OF_MEMORY)
		xalloc_fail();
	if (rc == CURLUE_OK && s != NULL)
		copy = xstrdup(s);
	curl_free(s);
	return copy;
}

static bool
is_plain_host(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= 0x20 || (unsigned char)*s >= 0x7f)
			return false;
	return true;
}

/* What is behind the scheme and its two slashes; NULL where these are not there. */
static const char *
behind_scheme(const char *url)
{
	const char *colon = url + strcspn(url, ":");

	return strncmp(colon, "://", 3) == 0 ? colon + 3 : NULL;
}

/*
 * Is it in front of the path?  An escape in a host's name is decoded by libcurl, and then it is
 * another one when it is read again; of a user that is empty libcurl tells nothing.  In a path an
 * '@' is no fault of its own: a workspace's page is /@ada/dev.
 */
static bool
in_host(const char *raw, char c)
{
	return memchr(raw, c, strcspn(raw, "/?#")) != NULL;
}

/* What is wrong with a parsed URL as the address of a deployment, or NULL. */
static const char *
fault_of(CURLU *u, const char *url, int path_ok)
{
	char       *scheme = part(u, CURLUPART_SCHEME), *host = part(u, CURLUPART_HOST);
	char       *user = part(u, CURLUPART_USER), *path = part(u, CURLUPART_PATH);
	char       *zone = part(u, CURLUPART_ZONEID), *port = part(u, CURLUPART_PORT);
	const char *fault = NULL, *raw = behind_scheme(url);

	/* libcurl takes http:///x and http:/x for the host x; RFC 3986 has none there */
	if (scheme == NULL || (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0))
		fault = "is neither http nor https";
	else if (host == NULL || host[0] == '\0' || raw == NULL || raw[0] == '/' || zone != NULL)
		fault = "names no host";
	else if (!is_plain_host(host) || in_host(raw, '%'))
		fault = "has a host that is no ASCII name: use its xn-- form";
	else if (port != NULL && strcmp(port, "0") == 0)
		fault = "has a port that is no number from 1 to 65535";
	else if (user != NULL || (in_host(raw, '@') && !path_ok))
		fault = "has a user or a password";
	else if (!path_ok && strpbrk(url, "?#") != NULL)
		fault = "has a query or a fragment";
	else if (!path_ok && path != NULL &&
	         (strspn(path, "/") != strlen(path) || strchr(raw, '@') != NULL)) /* "/@ada/.." */
		fault = "has a path: Coder lives at the root of its host";
	free(scheme);
	free(host);
	wipe_free(user);
	free(path);
	free(zone);
	free(port);
	return fault;
}

static char *
put_together(CURLU *u)
{
	char      *scheme = part(u, CURLUPART_SCHEME), *host = part(u, CURLUPART_HOST);
	char      *port = part(u, CURLUPART_PORT), *s, *origin;
	struct buf b;

	for (s = host; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + ('a' - 'A'));
	buf_init(&b, BUF_RECORD_MAX);
	buf_printf(&b, "%s://%s", scheme, host);
	if (port != NULL && strcmp(port, strcmp(scheme, "https") == 0 ? "443" : "80") != 0)
		buf_printf(&b, ":%s", port);
	origin = xstrdup(buf_text(&b));
	buf_release(&b);
	free(scheme);
	free(host);
	free(port);
	return origin;
}

char *
origin_parse(const char *url, int path_ok, struct err *err)
{
	CURLU      *u = curl_url();
	CURLUcode   rc = u != NULL ? curl_url_set(u, CURLUPART_URL, url, 0) : CURLUE_OUT_OF_MEMORY;
	const char *fault;
	char       *origin = NULL;

	if (rc == CURLUE_OUT_OF_MEMORY)
		xalloc_fail();
	if (rc == CURLUE_BAD_PORT_NUMBER)
		fault = "has a port that is no number from 1 to 65535";
	else if (rc != CURLUE_OK)
		fault = "is no http or https URL";
	else
		fault = fault_of(u, url, path_ok);
	if (fault == NULL)
		origin = put_together(u);
	else if (strchr(url, '@') != NULL) /* there may be a password in it */
		err_set(err, CWS_USAGE, "the URL %s: use one like https://coder.example.com",
		        fault);
	else
		err_set(err, CWS_USAGE, "'%.200s' %s: use one like https://coder.example.com", url,
		        fault);
	curl_url_cleanup(u);
	return origin;
}

/* 0.0.0.0 is this machine too, where one connects to it. */
static bool
is_here(const unsigned char v4[4])
{
	return v4[0] == 127 || (v4[0] | v4[1] | v4[2] | v4[3]) == 0;
}

/* Is an IPv6 address ::1, ::, or one of those of IPv4 in its clothes? */
static bool
is_here6(const struct in6_addr *v6)
{
	static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

	if (memcmp(v6->s6_addr, mapped, sizeof(mapped)) == 0)
		return is_here(v6->s6_addr + sizeof(mapped));
	return IN6_IS_ADDR_LOOPBACK(v6) || IN6_IS_ADDR_UNSPECIFIED(v6);
}

bool
origin_is_loopback(const char *origin)
{
	const char     *host = strstr(origin, "://") + 3;
	bool            bracket = host[0] == '[';
	char            name[256];
	unsigned char   v4[4];
	struct in6_addr v6;
	size_t          n = strcspn(host + bracket, bracket ? "]" : ":");

	if (n >= sizeof(name))
		return false;
	memcpy(name, host + bracket, n);
	if (n > 0 && name[n - 1] == '.') /* the root of the name service */
		n--;
	name[n] = '\0';
	if (bracket)
		return inet_pton(AF_INET6, name, &v6) == 1 && is_here6(&v6);
	if (inet_pton(AF_INET, name, v4) == 1)
		return is_here(v4);
	/* RFC 6761 6.3 */
	return strcmp(name, "localhost") == 0 ||
	       (n > 10 && strcmp(name + n - 10, ".localhost") == 0);
}
