/*
 * login.h - where the server is and what opens its door: URL, token, headers, TLS files.
 *
 * What is secret is read here, once, and kept in memory until login_release.
 * First hit wins.  URL: --url, CODER_URL, the file url of the coder CLI's
 * directory.  Token: --token-file, CODER_SESSION_TOKEN, CODER_TOKEN,
 * $CREDENTIALS_DIRECTORY/coder-token, the CLI's file session, which goes only
 * to the origin in the file url beside it.  Source: cws(7), SERVER AND TOKEN; coder
 * cli/root.go, cli/config/file.go.
 */

#ifndef CWS_LOGIN_H
#define CWS_LOGIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cli.h"
#include "base/err.h"
#include "net/http.h"

/* The options a program with a network takes, filled in by the command line. */
struct login_options {
	const char *url, *token_file, *cacert;
};

#define LOGIN_OPTIONS(o) \
	OPT_TEXT(0, "url", "url", &(o).url, "the deployment, such as https://coder.example.com"), \
	        OPT_TEXT(0, "token-file", "file", &(o).token_file, \
	                "read the session token from this file"), \
	        OPT_TEXT(0, "cacert", "file", &(o).cacert, \
	                "trust the certificates in this PEM file")

struct login {
	char       *origin;      /* scheme://host[:port], lower case, default port dropped; owned */
	const char *origin_from; /* who named it: an option, a variable, the coder CLI */
	char       *token;       /* owned; wiped by login_release */
	const char *token_from;  /* what held it: an option, a variable, a file */
	/* "Name: value": the token's, then CODER_HEADER, CODER_HEADER_COMMAND; owned, wiped */
	char      **header;
	size_t      headers;
	char       *cacert, *capath;          /* owned or NULL */
	char       *client_cert, *client_key; /* PEM texts, not paths; owned or NULL, wiped */
};

/*
 * login_open - gather the settings; warns (diag) about plain http to another
 * machine and about a token file that others can read; registers the secrets
 * with diag.  Turns core dumps off and wipes the token from the environment.
 * -1 with err (CWS_USAGE) when something is missing or wrong; login_release then too.
 */
int
login_open(struct login *l, const struct login_options *o, struct err *err);

/*
 * login_server - the origin alone, as login_open finds it: no secret is read.  -1 with err
 * (CWS_USAGE) where nobody names one, or a bad one; login_release in any case.
 */
int
login_server(struct login *l, const struct login_options *o, struct err *err);

/*
 * login_key_id - the part of the token that names it to its own user and is no secret.  False when
 * the token is not of Coder's form.
 */
#define LOGIN_KEY_ID_SIZE 11
bool
login_key_id(const struct login *l, char id[LOGIN_KEY_ID_SIZE]);

/*
 * login_release - wipe and free.  To be called after the last message of the
 * program: diag compares every message with the secrets borrowed from l.
 */
void
login_release(struct login *l);

/* login_peer - what net/ needs to speak to this server; borrowed from l. */
struct http_peer
login_peer(const struct login *l);

#endif
