/* test_diag.c - messages of one line, without control characters, without secrets. */

#include "base/diag.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "check.h"

static int reader, old_stderr;

static void
capture(void)
{
	int p[2];

	if (pipe(p) != 0)
		abort();
	old_stderr = dup(STDERR_FILENO);
	dup2(p[1], STDERR_FILENO);
	close(p[1]);
	reader = p[0];
}

/* What was written since capture(). */
static const char *
captured(void)
{
	static char text[8192];
	ssize_t     n;

	dup2(old_stderr, STDERR_FILENO);
	close(old_stderr);
	n = read(reader, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	close(reader);
	return text;
}

static void
test_clean(void)
{
	static const struct {
		const char *name, *text, *want;
		size_t      max;
	} rows[] = {
		{ "plain", "abc", "abc", 10 },
		{ "exact", "abc", "abc", 3 },
		{ "cut", "abc", "ab", 2 },
		{ "nothing", "abc", "", 0 },
		{ "controls", "a\nb\tc\x1b[0m\x7f\r", "a?b?c?[0m??", 20 },
		{ "C1 controls", "a\xc2\x9b" "31mb\xc2\x80\xc2\x9f\xc2\xa0", "a??31mb????\xc2\xa0", 20 },
		{ "a C1 control as a byte", "a\x9b" "31mb", "a?31mb", 20 },
		{ "no UTF-8", "\xff\xc3\xed\xa0\x80\xe2\x82", "???????", 20 },
		{ "overrides", "a\xe2\x80\xae" "b\xe2\x80\xaa" "c", "a???b???c", 20 },
		{ "isolates", "\xe2\x81\xa6" "a\xe2\x81\xa9" "b\xe2\x81\xa5\xe2\x81\xaa", "???a???b\xe2\x81\xa5\xe2\x81\xaa", 20 },
		{ "marks", "\xe2\x80\x8d\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c\xd8\x9b", "\xe2\x80\x8d????????\xd8\x9b", 20 },
		{ "ends of lines", "\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaf", "\xe2\x80\xa7??????\xe2\x80\xaf", 20 },
		{ "other UTF-8", "\xc3\x9b\xe2\x82\xac\xf0\x9f\x98\x80",
		        "\xc3\x9b\xe2\x82\xac\xf0\x9f\x98\x80", 20 },
		{ "cut before a character", "a\xe2\x82\xac" "b", "a", 3 },
		{ "cut behind a character", "a\xe2\x82\xac" "b", "a\xe2\x82\xac", 4 },
		{ "cut before four", "\xf0\x9f\x98\x80" "x", "", 3 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[21];

		diag_clean(out, rows[i].max, rows[i].text, strlen(rows[i].text));
		CHECK_TEXT(rows[i].name, out, rows[i].want);
	}
	{
		char out[8];

		diag_clean(out, 7, "a\0b", 3);
		CHECK_TEXT("NUL", out, "a?b");
	}
}

/* However many there are, and where one begins another. */
static void
test_many_secrets(void)
{
	static char value[40][20];
	char        out[100], text[900];
	size_t      i;

	for (i = 0; i < 40; i++) {
		snprintf(value[i], sizeof(value[i]), "value-%zu-of-many", i);
		diag_secret(value[i]);
	}
	diag_secret("value-39-of-many-others");
	diag_secret("\xe9\x9b-latin-1");
	for (i = 0; i < 40; i++) {
		snprintf(text, sizeof(text), "the %s.", value[i]);
		diag_clean(out, sizeof(out) - 1, text, strlen(text));
		CHECK_TEXT(value[i], out, "the [redacted].");
	}
	strcpy(text, "the value-39-of-many-others, \xe9\x9b-latin-1");
	diag_clean(out, sizeof(out) - 1, text, strlen(text));
	CHECK_TEXT("the longest first", out, "the [redacted], [redacted]");
}

static void
test_levels(void)
{
	diag_level(false, false);
	capture();
	diag_error("e%d", 1);
	diag_warn("w");
	diag_say("s");
	diag_trace("t");
	CHECK_TEXT("usual", captured(), "prog: e1\nprog: warning: w\nprog: s\n");
	diag_level(true, false);
	capture();
	diag_error("e");
	diag_warn("w");
	diag_say("s");
	diag_trace("t");
	CHECK_TEXT("quiet", captured(), "prog: e\nprog: warning: w\n");
	diag_level(false, true);
	capture();
	diag_say("s");
	diag_trace("t");
	CHECK_TEXT("verbose", captured(), "prog: s\nprog: t\n");
	capture();
	diag_error("two\nlines\r and \x1b[31m");
	CHECK_TEXT("one line", captured(), "prog: two?lines? and ?[31m\n");
}

static void
test_secrets(void)
{
	static char  long_text[4000];
	const char  *got;
	size_t       n, k;

	diag_secret(NULL);
	diag_secret("abc"); /* too short to be one */
	diag_secret("tokn");
	diag_secret("AbCdEfGhIj-0123456789");
	capture();
	diag_error("abc tokn AbCdEfGhIj-0123456789, twice: AbCdEfGhIj-0123456789AbCdEfGhIj-0123456789.");
	CHECK_TEXT("masked", captured(), "prog: abc [red [redacted], twice: [redacted][redacted].\n");
	capture();
	diag_warn("%s", "xAbCdEfGhIj-0123456789");
	CHECK_TEXT("masked", captured(), "prog: warning: x[redacted]\n");
	capture();
	diag_error("the text ends in AbCdEfGhIj-01");
	CHECK_TEXT("cut by the caller", captured(), "prog: the text ends in *************\n");
	/* Wherever the end of the longest message falls into a secret, less than four bytes of it show. */
	for (n = 2000; n < 2048; n++) {
		memset(long_text, 'x', n);
		memcpy(long_text + n, "AbCdEfGhIj-0123456789", 22);
		capture();
		diag_error("%s", long_text);
		got = captured();
		k = strlen(got);
		CHECK("cut by the length", k > 1 && got[k - 1] == '\n' && strstr(got, "AbCd") == NULL,
		        "at %zu: ...%s", n,
		        got + (k > 30 ? k - 30 : 0));
	}
}

static void
test_lines(void)
{
	char want[1024];
	int  i, n = 0;

	capture();
	for (i = 1; i <= 13; i++) {
		diag_line("<stdin>", (unsigned)i, "bad %s", "thing");
		if (i <= 10)
			n += snprintf(want + n, sizeof(want) - (size_t)n, "prog: <stdin>:%d: bad thing\n", i);
	}
	diag_lines_end("<stdin>");
	snprintf(want + n, sizeof(want) - (size_t)n, "prog: <stdin>: 3 more bad lines\n");
	CHECK_TEXT("ten and a count", captured(), want);
}

static void
test_err(void)
{
	struct err err;
	char       text[600];

	CHECK("set", err_set(&err, CWS_FAIL, "HTTP %d", 401) == -1 && err.status == CWS_FAIL, "status %d",
	        (int)err.status);
	CHECK("prefix", err_prefix(&err, "list of %s", "workspaces") == -1, "not -1");
	CHECK_TEXT("prefix", err.text, "list of workspaces: HTTP 401");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_set(&err, CWS_USAGE, "%s", text);
	CHECK("cut", strlen(err.text) == sizeof(err.text) - 1, "%zu bytes", strlen(err.text));
	err_prefix(&err, "why");
	CHECK("cut", strlen(err.text) == sizeof(err.text) - 1 && strncmp(err.text, "why: xxx", 8) == 0, "%s",
	        err.text);
	err_set(&err, CWS_USAGE, "short");
	err_prefix(&err, "%s", text);
	CHECK("long prefix", strlen(err.text) == sizeof(err.text) - 1 &&
	        strcmp(err.text + strlen(err.text) - 2, ": ") == 0,
	        "%s", err.text);
}

int
main(void)
{
	diag_init("prog");
	test_clean();
	test_levels();
	test_secrets();
	test_many_secrets();
	test_lines();
	test_err();
	return CHECK_DONE();
}
