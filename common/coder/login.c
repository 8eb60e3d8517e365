/* login.c - gather server, token, headers and TLS files; keep the secrets in. */

#include "coder/login.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/buf.h"
#include "base/diag.h"
#include "base/readfile.h"
#include "base/wipe.h"
#include "base/xalloc.h"
#include "coder/headers.h"
#include "net/origin.h"
#include "net/tls.h"

#define TOKEN_MAX 512
#define FILE_MAX 4096 /* of a url or token file */
/* of a client's key, and of its certificate with those above it */
#define PEM_MAX ((size_t)256 << 10)

static const char one_line[] = "no text of one line";

/* An environment variable that is set to something, or NULL. */
static const char *
env(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && v[0] != '\0' ? v : NULL;
}

struct http_peer
login_peer(const struct login *l)
{
	return (struct http_peer){
		.origin = l->origin,
		.header = l->header,
		.headers = l->headers,
		.direct = origin_is_loopback(l->origin),
		.version_header = "x-coder-build-version",
		.cacert = l->cacert,
		.capath = l->capath,
		.client_cert = l->client_cert,
		.client_key = l->client_key,
	};
}

/* Blanks and line ends around the text go, as the coder CLI does with its own files. */
static void
trim(char *s)
{
	static const char blank[] = " \t\r\n";
	size_t            n;

	memmove(s, s + strspn(s, blank), strlen(s + strspn(s, blank)) + 1);
	n = strlen(s);
	while (n > 0 && strchr(blank, s[n - 1]) != NULL)
		s[--n] = '\0';
}

static void
strip_newline(char *s)
{
	size_t n = strlen(s);

	if (n > 0 && s[n - 1] == '\n')
		s[--n] = '\0';
	if (n > 0 && s[n - 1] == '\r')
		s[n - 1] = '\0';
}

static char *
join(const char *dir, const char *name)
{
	struct buf b;
	char      *path;

	buf_init(&b, BUF_RECORD_MAX);
	buf_printf(&b, "%s/%s", dir, name);
	path = xstrdup(buf_text(&b));
	buf_release(&b);
	return path;
}

/* The coder CLI's directory, owned by the caller; NULL when there is no home either. */
static char *
cli_dir(void)
{
	const char *dir;

	if ((dir = env("CODER_CONFIG_DIR")) != NULL)
		return xstrdup(dir);
	if ((dir = env("XDG_CONFIG_HOME")) != NULL)
		return join(dir, "coderv2");
	return (dir = env("HOME")) != NULL ? join(dir, ".config/coderv2") : NULL;
}

/*
 * What the CLI's file holds; "" when there is no such file; NULL with err when it cannot be read.
 */
static char *
cli_file(const char *dir, const char *name, bool secret, struct err *err)
{
	char *path, *text;

	if (dir == NULL)
		return xstrdup("");
	path = join(dir, name);
	text = readfile_text(path, FILE_MAX, one_line, secret ? READFILE_OWN : 0, err);
	if (text == NULL && errno == ENOENT)
		text = xstrdup("");
	else if (text != NULL)
		trim(text);
	free(path);
	return text;
}

static int
find_origin(struct login *l, const struct login_options *o, const char *dir, struct err *err)
{
	char       *file = NULL;
	const char *url = o->url;

	l->origin_from = "--url";
	if (url == NULL && (url = env("CODER_URL")) != NULL)
		l->origin_from = "CODER_URL";
	if (url == NULL) {
		if ((file = cli_file(dir, "url", false, err)) == NULL)
			return -1;
		if (file[0] != '\0')
			url = file;
		l->origin_from = "the coder CLI's file url";
	}
	if (url == NULL)
		err_set(err, CWS_USAGE,
		        "no server: give --url, set CODER_URL, or run 'coder login https://...'");
	else if ((l->origin = origin_parse(url, 0, err)) == NULL)
		err_prefix(err, "%s", l->origin_from);
	free(file);
	return l->origin != NULL ? 0 : -1;
}

/* Copy a secret of the environment and remove every byte of it there; NULL when unset. */
static char *
take_env(const char *name)
{
	char *v = getenv(name), *copy = NULL;

	if (v != NULL) {
		if (v[0] != '\0')
			copy = xstrdup(v);
		/* /proc/PID/environ shows the very bytes that getenv returned */
		wipe(v, strlen(v));
		unsetenv(name);
	}
	return copy;
}

/* The session of the coder CLI, if it belongs to this origin. */
static int
session_token(struct login *l, const char *dir, struct err *err)
{
	char *url = cli_file(dir, "url", false, err), *origin = NULL;
	int   ret = -1;

	if (url != NULL && (l->token = cli_file(dir, "session", true, err)) != NULL) {
		if (l->token[0] == '\0')
			err_set(err, CWS_USAGE,
			        "no token: give --token-file, set CODER_SESSION_TOKEN, "
			        "or run 'coder login %s'",
			        l->origin);
		else if (url[0] == '\0' || (origin = origin_parse(url, 1, err)) == NULL ||
		         strcmp(origin, l->origin) != 0)
			err_set(err, CWS_USAGE,
			        "the session in '%s' belongs to %s, not to %s: give --token-file, "
			        "or run 'coder login %s'",
			        dir, origin != NULL ? origin : "no server we know", l->origin,
			        l->origin);
		else
			ret = 0;
	}
	wipe_free(url);
	free(origin);
	return ret;
}

/* The form that Coder gives its tokens: ten letters or digits, a hyphen, twenty-two more. */
static bool
is_token(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if ((text[i] == '-') != (i == 10) ||
		        (text[i] != '-' && !isalnum((unsigned char)text[i])))
			return false;
	return i == 33;
}

bool
login_key_id(const struct login *l, char id[LOGIN_KEY_ID_SIZE])
{
	if (l->token == NULL || !is_token(l->token))
		return false;
	memcpy(id, l->token, LOGIN_KEY_ID_SIZE - 1);
	id[LOGIN_KEY_ID_SIZE - 1] = '\0';
	return true;
}

static int
find_token(struct login *l, const struct login_options *o, const char *dir, struct err *err)
{
	char *session = take_env("CODER_SESSION_TOKEN"), *other = take_env("CODER_TOKEN"),
	     *path = NULL;
	const char *from = "the coder CLI's session", *credentials = env("CREDENTIALS_DIRECTORY"),
	           *s;
	int ret = 0, absent;

	if (o->token_file != NULL) {
		from = "--token-file";
		l->token = readfile_text(o->token_file, FILE_MAX, one_line, READFILE_OWN, err);
		/* The path would be in the message, and in the log that keeps it. */
		if (l->token == NULL && is_token(o->token_file))
			err_set(err, CWS_USAGE,
			        "--token-file wants the name of a file that holds the token, "
			        "not the token itself");
	} else if (session != NULL) {
		from = "CODER_SESSION_TOKEN";
		l->token = xstrdup(session);
	} else if (other != NULL) {
		from = "CODER_TOKEN";
		l->token = xstrdup(other);
	} else if (credentials != NULL &&
	           access((path = join(credentials, "coder-token")), F_OK) == 0) {
		from = "$CREDENTIALS_DIRECTORY/coder-token";
		/* a service manager may lend it to a group, which is its affair, but not to all */
		l->token = readfile_text(path, FILE_MAX, one_line, S_IROTH, err);
	} else {
		absent = errno;
		ret = session_token(l, dir, err);
		if (ret != 0 && path != NULL)
			err_prefix(err, "cannot read '%s': %s", path, strerror(absent));
	}
	wipe_free(session);
	wipe_free(other);
	free(path);
	if (l->token == NULL || ret != 0)
		return -1;
	strip_newline(l->token);
	for (s = l->token; *s >= 0x21 && *s <= 0x7e; s++)
		continue;
	l->token_from = from;
	if (*s != '\0' || s == l->token || s - l->token > TOKEN_MAX)
		return err_set(err, CWS_USAGE,
		        "%s holds no token: 1 to %d printable characters without blanks", from,
		        TOKEN_MAX);
	return 0;
}

/*
 * A file named by an option or a variable: absent is a wrong setting, told before anything is sent.
 */
static int
take_path(char **out, const char *from, const char *path, struct err *err)
{
	if (access(path, R_OK) != 0)
		return err_set(
		        err, CWS_USAGE, "%s: cannot read '%s': %s", from, path, strerror(errno));
	*out = xstrdup(path);
	return 0;
}

static char *
take_pem(const char *from, const char *path, struct err *err)
{
	char *text = readfile_text(path, PEM_MAX, "no PEM text", 0, err);

	if (text == NULL)
		err_prefix(err, "%s", from);
	return text;
}

/*
 * Read now and once: libcurl would read the files again for each connection, and each stop has one
 * of its own.
 */
static int
find_client(struct login *l, struct err *err)
{
	static const char cert_name[] = "CODER_CLIENT_TLS_CERT_FILE",
	                  key_name[] = "CODER_CLIENT_TLS_KEY_FILE";
	const char *cert = env(cert_name), *key = env(key_name);

	if ((cert == NULL) != (key == NULL))
		return err_set(err, CWS_USAGE, "%s and %s go together: set both or none", cert_name,
		        key_name);
	if (cert == NULL)
		return 0;
	if (!tls_takes_pem())
		return err_set(err, CWS_USAGE,
		        "%s: this libcurl has no OpenSSL, so it takes no certificate from us",
		        cert_name);
	l->client_cert = take_pem(cert_name, cert, err);
	if (l->client_cert != NULL)
		l->client_key = take_pem(key_name, key, err);
	return l->client_key != NULL ? 0 : -1;
}

static int
find_tls(struct login *l, const struct login_options *o, struct err *err)
{
	static const char *const ca[] = { "CODER_CLIENT_TLS_CA_FILE", "CURL_CA_BUNDLE",
		"SSL_CERT_FILE" };
	size_t                   i;

	if (o->cacert != NULL && take_path(&l->cacert, "--cacert", o->cacert, err) != 0)
		return -1;
	for (i = 0; i < sizeof(ca) / sizeof(ca[0]) && l->cacert == NULL; i++)
		if (env(ca[i]) != NULL && take_path(&l->cacert, ca[i], env(ca[i]), err) != 0)
			return -1;
	if (l->cacert == NULL && env("SSL_CERT_DIR") != NULL)
		/* may be a list a:b, of which some exist */
		l->capath = xstrdup(env("SSL_CERT_DIR"));
	return find_client(l, err);
}

static int
find_headers(struct login *l, struct err *err)
{
	struct headers h = { NULL, 0 };
	const char    *text;
	size_t         i;
	int            ret = 0;

	headers_token(&h, l->token);
	if ((text = env("CODER_HEADER")) != NULL)
		ret = headers_csv(&h, text, err);
	if (ret == 0 && (text = env("CODER_HEADER_COMMAND")) != NULL)
		ret = headers_command(&h, text, l->origin, err);
	l->header = h.item;
	l->headers = h.n;
	for (i = 1; i < h.n; i++) { /* the token itself is one already */
		const char *value = strstr(h.item[i], ": ");

		diag_secret(value != NULL ? value + 2 : NULL);
	}
	return ret;
}

/*
 * No other process of the user may read our memory, and no core_pattern that is a pipe: that
 * ignores the limit.
 */
static void
forbid_dumps(void)
{
#ifdef __linux__
	prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
}

/* Whoever is on the way reads the token; a proxy is on it by somebody's choice. */
static void
warn_plain(const char *origin)
{
	/* libcurl reads no HTTP_PROXY */
	static const char *const variable[] = { "http_proxy", "all_proxy", "ALL_PROXY" };
	size_t                   i;

	for (i = 0; i < sizeof(variable) / sizeof(variable[0]); i++)
		if (env(variable[i]) != NULL) {
			diag_warn("%s is not encrypted: the token can be read on the way, and by "
			          "the proxy of %s unless "
			          "no_proxy names the server",
			        origin, variable[i]);
			return;
		}
	diag_warn("%s is not encrypted: the token can be read on the way", origin);
}

int
login_server(struct login *l, const struct login_options *o, struct err *err)
{
	char *dir = cli_dir();
	int   ret;

	memset(l, 0, sizeof(*l));
	ret = find_origin(l, o, dir, err);
	free(dir);
	return ret;
}

int
login_open(struct login *l, const struct login_options *o, struct err *err)
{
	const struct rlimit none = { 0, 0 };
	char               *dir = cli_dir();
	int                 ret;

	memset(l, 0, sizeof(*l));
	setrlimit(RLIMIT_CORE, &none);
	ret = find_origin(l, o, dir, err) != 0 || find_token(l, o, dir, err) != 0 ? -1 : 0;
	free(dir);
	if (ret == 0)
		diag_secret(l->token);
	if (ret == 0)
		ret = find_tls(l, o, err);
	forbid_dumps(); /* after the files: without it /dev/fd could not be opened */
	if (ret != 0 || find_headers(l, err) != 0)
		return -1;
	if (strncmp(l->origin, "http:", 5) == 0 && !origin_is_loopback(l->origin))
		warn_plain(l->origin);
	return 0;
}

void
login_release(struct login *l)
{
	size_t i;

	diag_forget_secrets();
	for (i = 0; i < l->headers; i++)
		wipe_free(l->header[i]);
	wipe_free(l->token);
	free(l->header);
	free(l->origin);
	free(l->cacert);
	free(l->capath);
	wipe_free(l->client_cert);
	wipe_free(l->client_key);
	memset(l, 0, sizeof(*l));
}
