/* headers.c - Key=Value pairs from CODER_HEADER and CODER_HEADER_COMMAND. */

#include "coder/headers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/wipe.h"
#include "base/xalloc.h"

#define OUTPUT_MAX ((size_t)64 << 10) /* of a header command */

static const char token_name[] = "Coder-Session-Token";

/* RFC 9110 5.6.2: what a header's name is made of. */
static bool
is_name(const char *s, size_t n)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
	                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t            i;

	for (i = 0; i < n; i++)
		if (s[i] == '\0' || strchr(token, s[i]) == NULL)
			return false;
	return n > 0;
}

/* Ours, or those that say where a request ends. */
static bool
is_taken(const char *s, size_t n)
{
	static const char *const taken[] = { token_name, "host", "content-length",
		"transfer-encoding", "connection", "content-type", "accept",
		/* with it one request becomes two: libcurl repeats what a 417 refused */
		"expect" };
	size_t                   i;

	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strlen(taken[i]) == n && strncasecmp(taken[i], s, n) == 0)
			return true;
	return false;
}

static void
keep(struct headers *h, char *line)
{
	h->item = xrealloc(h->item, h->n + 1, sizeof(*h->item));
	h->item[h->n++] = line;
}

/* One pair.  The message names the key, never the value. */
static int
add(struct headers *h, const char *source, const char *pair, size_t n, struct err *err)
{
	const char *eq = memchr(pair, '=', n);
	size_t      key, i, value;
	char       *line;

	if (eq == NULL)
		return err_set(err, CWS_USAGE, "%s: an item has no '=': write Name=value", source);
	key = (size_t)(eq - pair);
	value = n - key - 1;
	if (!is_name(pair, key))
		return err_set(err, CWS_USAGE, "%s: an item's name is no header name", source);
	if (is_taken(pair, key))
		return err_set(err, CWS_USAGE, "%s: '%.*s' cannot be set", source, (int)key, pair);
	for (i = 1; i <= value; i++)
		if (((unsigned char)eq[i] < 0x20 && eq[i] != '\t') || eq[i] == 0x7f)
			return err_set(err, CWS_USAGE,
			        "%s: the value of '%.*s' has a control character", source, (int)key,
			        pair);
	/* libcurl takes "Name:" as "leave it out"; "Name;" sends it empty */
	line = xcalloc(n + 2, 1);
	memcpy(line, pair, key);
	memcpy(line + key, value > 0 ? ": " : ";", value > 0 ? 2 : 1);
	if (value > 0)
		memcpy(line + key + 2, eq + 1, value);
	keep(h, line);
	return 0;
}

void
headers_token(struct headers *h, const char *token)
{
	size_t n = sizeof(token_name) + 1 + strlen(token);
	char  *line = xcalloc(n + 1, 1);

	snprintf(line, n + 1, "%s: %s", token_name, token);
	keep(h, line);
}

int
headers_csv(struct headers *h, const char *text, struct err *err)
{
	static const char source[] = "CODER_HEADER";
	struct buf        field;
	const char       *s = text;
	int               ret = 0;

	buf_init(&field, BUF_RECORD_MAX);
	for (; ret == 0; s++) {
		buf_reset(&field);
		if (*s == '"') {
			for (s++; *s != '\0' && !(s[0] == '"' && s[1] != '"'); s++) {
				s += *s == '"'; /* a doubled quote is one */
				buf_putc(&field, *s);
			}
			if (*s == '\0')
				ret = err_set(err, CWS_USAGE, "%s: a quote is not closed", source);
			else if (*++s != ',' && *s != '\0')
				ret = err_set(
				        err, CWS_USAGE, "%s: text after a closing quote", source);
		} else {
			for (; *s != ',' && *s != '\0'; s++)
				buf_putc(&field, *s);
			if (field.n > 0 && strchr(field.p, '"') != NULL)
				ret = err_set(err, CWS_USAGE,
				        "%s: a quote inside an item: quote the whole item", source);
		}
		if (ret == 0)
			ret = add(h, source, buf_text(&field), field.n, err);
		if (*s == '\0')
			break;
	}
	if (field.p != NULL)
		wipe(field.p, field.n);
	buf_release(&field);
	return ret;
}

/* The child's side of headers_command; does not return. */
static void
run(const char *command, const char *url, int out)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	int              null = open("/dev/null", O_RDWR);

	/* Records may wait on our standard input; they are not the command's. */
	if (null == -1 || dup2(null, STDIN_FILENO) == -1 || dup2(out, STDOUT_FILENO) == -1 ||
	        dup2(null, STDERR_FILENO) == -1 || setenv("CODER_URL", url, 1) != 0)
		_exit(127);
	sigaction(SIGPIPE, &sa, NULL);
	sigaction(SIGXFSZ, &sa, NULL);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* All that fd gives, up to the ceiling of b.  The errno of a read that failed, else 0. */
static int
slurp(int fd, struct buf *b)
{
	char    part[4096];
	ssize_t n;
	int     why = 0;

	while (why == 0 && (n = read(fd, part, sizeof(part))) != 0) {
		if (n > 0)
			buf_put(b, part, (size_t)n);
		else if (errno != EINTR)
			why = errno;
	}
	wipe(part, sizeof(part));
	return why;
}

static int
add_lines(struct headers *h, const struct buf *b, struct err *err)
{
	const char *s = buf_text(b), *end = s + b->n;

	while (s < end) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));
		size_t      n = nl != NULL ? (size_t)(nl - s) : (size_t)(end - s);
		size_t      text = n > 0 && s[n - 1] == '\r' ? n - 1 : n;

		if (text > 0 && add(h, "CODER_HEADER_COMMAND", s, text, err) == -1)
			return -1;
		s += n + (nl != NULL);
	}
	return 0;
}

int
headers_command(struct headers *h, const char *command, const char *url, struct err *err)
{
	static const char source[] = "CODER_HEADER_COMMAND";
	struct buf        b;
	int               fds[2], status = 0, ret = -1;
	pid_t             child;

	buf_init(&b, OUTPUT_MAX);
	if (pipe(fds) == -1)
		return err_set(err, CWS_FAIL, "%s: no pipe: %s", source, strerror(errno));
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	child = fork();
	if (child == 0)
		run(command, url, fds[1]);
	close(fds[1]);
	if (child == -1) {
		err_set(err, CWS_FAIL, "%s: cannot start: %s", source, strerror(errno));
	} else {
		int why = slurp(fds[0], &b);

		close(fds[0]);
		fds[0] = -1;
		while (waitpid(child, &status, 0) == -1 && errno == EINTR)
			continue;
		if (why != 0)
			err_set(err, CWS_FAIL, "%s: cannot read what it prints: %s", source,
			        strerror(why));
		else if (WIFSIGNALED(status))
			err_set(err, CWS_USAGE, "%s: ended by signal %d", source, WTERMSIG(status));
		else if (WEXITSTATUS(status) != 0)
			err_set(err, CWS_USAGE, "%s: ended with status %d", source,
			        WEXITSTATUS(status));
		else if (b.over)
			err_set(err, CWS_USAGE, "%s: prints more than %zu KiB", source,
			        OUTPUT_MAX >> 10);
		else
			ret = add_lines(h, &b, err);
	}
	if (fds[0] != -1)
		close(fds[0]);
	if (b.p != NULL)
		wipe(b.p, b.n);
	buf_release(&b);
	return ret;
}
