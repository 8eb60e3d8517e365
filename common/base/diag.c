/* diag.c - messages on standard error: one line each, no control characters, no secrets. */

#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_scan.h"
#include "base/text.h"
#include "base/xalloc.h"

#define MESSAGE_MAX 2048
#define PROGRESS_MAX 79 /* bytes: a line that the terminal breaks in two is not wiped whole */
#define LINES_SHOWN 10

static struct {
	const char  *prog;
	bool         quiet;
	bool         verbose;
	bool         progress; /* a progress line is on the terminal */
	uint64_t     bad_lines;
	const char **secret; /* the longest first: one may be the beginning of another */
	size_t       secrets;
} diag = { .prog = "cws" };

void
diag_init(const char *prog)
{
	diag.prog = prog;
}

const char *
diag_prog(void)
{
	return diag.prog;
}

void
diag_level(bool quiet, bool verbose)
{
	diag.quiet = quiet;
	diag.verbose = verbose;
}

void
diag_secret(const char *text)
{
	size_t i;

	if (text == NULL || strlen(text) < 4)
		return;
	diag.secret = xrealloc(diag.secret, diag.secrets + 1, sizeof(*diag.secret));
	for (i = diag.secrets++; i > 0 && strlen(diag.secret[i - 1]) < strlen(text); i--)
		diag.secret[i] = diag.secret[i - 1];
	diag.secret[i] = text;
}

void
diag_forget_secrets(void)
{
	free(diag.secret);
	diag.secret = NULL;
	diag.secrets = 0;
}

static void
redact(char *text)
{
	static const char mask[] = "[redacted]";
	size_t            i;

	for (i = 0; i < diag.secrets; i++) {
		size_t n = strlen(diag.secret[i]);
		size_t m = sizeof(mask) - 1 < n ? sizeof(mask) - 1 : n;
		char  *at = text;

		/* Its owner may have wiped it since: then there is nothing left to find. */
		while (n != 0 && (at = strstr(at, diag.secret[i])) != NULL) {
			memcpy(at, mask, m);
			memmove(at + m, at + n, strlen(at + n) + 1);
			at += m;
		}
		/* A message that was cut may end in the beginning of a secret. */
		at = strlen(text) > n ? text + strlen(text) - n : text;
		for (; strlen(at) >= 4; at++)
			if (strncmp(diag.secret[i], at, strlen(at)) == 0) {
				memset(at, '*', strlen(at));
				break;
			}
	}
}

/* In place: what is no character, or a command, as '?'. */
static void
defuse(char *text)
{
	const char *end = text + strlen(text);
	size_t      n;

	for (; text < end; text += n) {
		n = (unsigned char)*text < 0x80 ? 1 : json_scan_utf8(text, end);
		if (n == 0)
			*text = '?';
		else if (text_is_command(text, n))
			memset(text, '?', n);
		n += n == 0;
	}
}

void
diag_clean(char *out, size_t max, const char *text, size_t n)
{
	size_t i;

	/* A cut in the middle of a UTF-8 sequence would make the record's JSON bad. */
	if (n > max) {
		n = max;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	for (i = 0; i < n; i++)
		out[i] = text[i] != '\0' ? text[i] : '?';
	out[n] = '\0';
	redact(out); /* first: a secret may hold what is replaced */
	defuse(out);
}

/* One write per message, so that the lines of several programs on one terminal do not mix. */
__attribute__((format(printf, 2, 0))) static void
speak(const char *kind, const char *fmt, va_list ap)
{
	char    raw[MESSAGE_MAX], line[MESSAGE_MAX + 2];
	size_t  n;
	int     head;
	ssize_t ignored;

	diag_progress(NULL);
	head = snprintf(raw, sizeof(raw), "%s: %s", diag.prog, kind);
	vsnprintf(raw + head, sizeof(raw) - (size_t)head, fmt, ap);
	diag_clean(line, MESSAGE_MAX, raw, strlen(raw));
	n = strlen(line);
	line[n++] = '\n';
	ignored = write(STDERR_FILENO, line, n);
	(void)ignored; /* there is nowhere left to report it */
}

void
diag_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	speak("", fmt, ap);
	va_end(ap);
}

void
diag_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	speak("warning: ", fmt, ap);
	va_end(ap);
}

void
diag_notice(const char *fmt, ...)
{
	va_list ap;

	if (diag.quiet && !diag.verbose)
		return;
	va_start(ap, fmt);
	speak("warning: ", fmt, ap);
	va_end(ap);
}

void
diag_say(const char *fmt, ...)
{
	va_list ap;

	if (diag.quiet)
		return;
	va_start(ap, fmt);
	speak("", fmt, ap);
	va_end(ap);
}

void
diag_trace(const char *fmt, ...)
{
	va_list ap;

	if (!diag.verbose)
		return;
	va_start(ap, fmt);
	speak("", fmt, ap);
	va_end(ap);
}

static bool
wants_progress(void)
{
	const char *term = getenv("TERM");

	return !diag.quiet && isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

void
diag_progress(const char *fmt, ...)
{
	static const char wipe[] = "\r\033[K";
	char              raw[MESSAGE_MAX], text[sizeof(wipe) + PROGRESS_MAX];
	va_list           ap;
	int               head;
	ssize_t           ignored;

	if (fmt == NULL && !diag.progress)
		return;
	if (fmt != NULL && !wants_progress())
		return;
	diag.progress = fmt != NULL;
	memcpy(text, wipe, sizeof(wipe));
	if (fmt != NULL) {
		head = snprintf(raw, sizeof(raw), "%s: ", diag.prog);
		va_start(ap, fmt);
		vsnprintf(raw + head, sizeof(raw) - (size_t)head, fmt, ap);
		va_end(ap);
		diag_clean(text + sizeof(wipe) - 1, PROGRESS_MAX, raw, strlen(raw));
	}
	ignored = write(STDERR_FILENO, text, strlen(text));
	(void)ignored;
}

void
diag_line(const char *input, uint64_t lineno, const char *fmt, ...)
{
	char    text[MESSAGE_MAX];
	va_list ap;

	if (++diag.bad_lines > LINES_SHOWN)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_error("%s:%llu: %s", input, (unsigned long long)lineno, text);
}

void
diag_lines_end(const char *input)
{
	if (diag.bad_lines > LINES_SHOWN)
		diag_error("%s: %llu more bad lines", input,
		        (unsigned long long)(diag.bad_lines - LINES_SHOWN));
}
