/* redirect.c - tell Coder's access URL from a login. */

#include "coder/redirect.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/origin.h"

static bool
ends(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* Is the host of this origin one of a service that does nothing but sign people in? */
static bool
is_provider(const char *origin)
{
	static const char *const domain[] = { "okta.com", "oktapreview.com", "okta-emea.com",
		"auth0.com", "microsoftonline.com", "microsoftonline.us", "login.windows.net",
		"accounts.google.com", "cloudflareaccess.com", "onelogin.com", "pingidentity.com",
		"pingone.com", "duosecurity.com", "jumpcloud.com", "amazoncognito.com",
		"b2clogin.com", "ciamlogin.com", "workos.com" };
	char                     host[256];
	size_t                   i;

	snprintf(host, sizeof(host), ".%s", strstr(origin, "://") + 3);
	host[strcspn(host, ":")] = '\0';
	for (i = 0; i < sizeof(domain) / sizeof(domain[0]); i++) {
		size_t n = strlen(domain[i]);

		if (ends(host, domain[i]) && host[strlen(host) - n - 1] == '.')
			return true;
	}
	return false;
}

/* Does the path look like the way to a login?  Each is of a product, or of a standard. */
static bool
is_login(const char *path)
{
	static const char *const part[] = { "/oauth2", "/oauth/", "/_oauth", "/oidc", "/openid",
		"/saml", "/sso", "/adfs/", "/realms/", "/dex/", "/authorize", "/auth/", "/.auth/",
		"/cdn-cgi/access/", "/outpost.goauthentik.io", "/login", "/signin", "/sign_in",
		"/idp/" };
	size_t                   i;

	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		if (strstr(path, part[i]) != NULL)
			return true;
	return false;
}

void
redirect_say(int status, const char *location, char *out, size_t size)
{
	struct err  err;
	char       *origin = location != NULL ? origin_parse(location, 1, &err) : NULL;
	const char *path = origin != NULL ? strstr(location, "://") + 3 : "", *what;

	path += strcspn(path, "/");
	if (origin == NULL)
		what = location == NULL ? "to nowhere" : "to what is no http or https URL";
	else if (is_provider(origin))
		what = ", an identity provider: a proxy before Coder wants a login, whose header "
		       "CODER_HEADER or CODER_HEADER_COMMAND can give";
	else if (is_login(path))
		what = ", to a login: a proxy before Coder wants one, whose header CODER_HEADER "
		       "or CODER_HEADER_COMMAND can give";
	else if (strncmp(origin, "http:", 5) == 0 && !origin_is_loopback(origin))
		what = ", where the token could be read on the way: ask who runs it";
	else if (strncmp(path, "/api/v2", 7) == 0)
		what = ": set the URL to that";
	else
		what = ", and not to Coder's API there: check the URL";
	snprintf(out, size, "HTTP %d: the server redirects %s%s%s", status,
	        origin != NULL ? "to " : "", origin != NULL ? origin : "", what);
	free(origin);
}
