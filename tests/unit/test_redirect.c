/* test_redirect.c - what is said of each redirect; of a place, never more than its origin. */

#include <string.h>

#include "check.h"
#include "coder/redirect.h"

#define PROVIDER \
	", an identity provider: a proxy before Coder wants a login, whose header " \
	"CODER_HEADER or CODER_HEADER_COMMAND can give"
#define LOGIN \
	", to a login: a proxy before Coder wants one, whose header CODER_HEADER or " \
	"CODER_HEADER_COMMAND can give"
#define SET ": set the URL to that"
#define CHECK_URL ", and not to Coder's API there: check the URL"
#define PLAIN ", where the token could be read on the way: ask who runs it"

int
main(void)
{
	static const struct {
		const char *to, *want; /* behind "HTTP 302: the server redirects " */
	} rows[] = {
		{ "https://coder.example.com/api/v2/workspaces",
		        "to https://coder.example.com" SET },
		{ "https://Coder.example.com:443/api/v2/workspaces",
		        "to https://coder.example.com" SET },
		{ "http://localhost:3000/api/v2/workspaces", "to http://localhost:3000" SET },
		{ "http://coder.example.com/api/v2/workspaces",
		        "to http://coder.example.com" PLAIN },
		{ "https://www.example.com/", "to https://www.example.com" CHECK_URL },
		{ "https://www.example.com", "to https://www.example.com" CHECK_URL },
		{ "https://acme.okta.com/app/x/sso/saml", "to https://acme.okta.com" PROVIDER },
		{ "https://acme.eu.auth0.com/authorize", "to https://acme.eu.auth0.com" PROVIDER },
		{ "https://login.microsoftonline.com/0c1d/oauth2/v2.0/authorize",
		        "to https://login.microsoftonline.com" PROVIDER },
		{ "https://login.microsoftonline.com:443/api/v2/workspaces",
		        "to https://login.microsoftonline.com" PROVIDER },
		{ "https://acme.cloudflareaccess.com/cdn-cgi/access/login/coder.example.com",
		        "to https://acme.cloudflareaccess.com" PROVIDER },
		{ "https://accounts.google.com/o/oauth2/v2/auth",
		        "to https://accounts.google.com" PROVIDER },
		{ "https://xaccounts.google.com/", "to https://xaccounts.google.com" CHECK_URL },
		{ "https://notokta.com/", "to https://notokta.com" CHECK_URL },
		{ "https://okta.com.evil.example/api/v2/workspaces",
		        "to https://okta.com.evil.example" SET },
		{ "https://sso.example.com/realms/main/protocol/openid-connect/auth",
		        "to https://sso.example.com" LOGIN },
		{ "https://coder.example.com/oauth2/start", "to https://coder.example.com" LOGIN },
		{ "https://coder.example.com/login", "to https://coder.example.com" LOGIN },
		{ "http://sso.example.com/saml", "to http://sso.example.com" LOGIN },
		{ "https://ada:s3cr3t@other.example.com/api/v2/users",
		        "to what is no http or https URL" },
		{ "ftp://other.example.com/", "to what is no http or https URL" },
		{ NULL, "to nowhere" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char want[400], got[400];

		snprintf(want, sizeof(want), "HTTP 302: the server redirects %s", rows[i].want);
		redirect_say(302, rows[i].to, got, sizeof(got));
		CHECK_TEXT(rows[i].to != NULL ? rows[i].to : "none", got, want);
	}
	return CHECK_DONE();
}
