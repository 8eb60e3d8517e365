/* test_ndjson.c - lines in pieces of any size, the ceiling, the last line, the abort mark. */

#include "base/ndjson.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/exit.h"
#include "base/xalloc.h"
#include "check.h"
#include "json_gen.h"

/* A process that writes the text in pieces of up to size bytes; returns the end to read from. */
static int
feed(const char *text, size_t n, size_t size, pid_t *pid)
{
	int p[2];

	fflush(stdout);
	if (pipe(p) != 0 || (*pid = fork()) < 0)
		abort();
	if (*pid == 0) {
		close(p[0]);
		while (n > 0) {
			ssize_t done = write(p[1], text, n < size ? n : size);

			if (done < 0)
				_exit(1);
			text += done;
			n -= (size_t)done;
		}
		_exit(0);
	}
	close(p[1]);
	return p[0];
}

/* "L1:abc;" for each line: its kind, number and text. */
static void
read_all(int fd, char *seen, size_t size)
{
	static const char letter[] = "LTXEF"; /* line, last (torn?), too long, end, failed */
	struct ndjson_in  in;
	const char       *line;
	size_t            n, at = 0;
	enum ndjson_kind  kind;

	ndjson_open(&in, fd);
	do {
		kind = ndjson_next(&in, &line, &n);
		if (kind == ND_EOF || kind == ND_ERROR)
			at += (size_t)snprintf(seen + at, size - at, "%c", letter[kind]);
		else
			at += (size_t)snprintf(seen + at, size - at, "%c%d:%.*s%s;", letter[kind],
			        (int)in.lineno, (int)n, line,
			        line[n] == '\0' ? "" : "(no NUL behind it)");
	} while (kind != ND_EOF && kind != ND_ERROR);
	ndjson_close(&in);
}

static void
test_lines(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "E" },
		{ "\n", "E" },
		{ "{}\n", "L1:{};E" },
		{ "{}", "T1:{};E" },
		{ "a\nb\n", "L1:a;L2:b;E" },
		{ "a\nb", "L1:a;T2:b;E" },
		{ "a\r\nb\r\n", "L1:a;L2:b;E" },
		{ "a\r\r\n", "L1:a\r;E" },
		{ "a\r", "T1:a\r;E" },
		{ "\n\na\n", "L3:a;E" },
		{ " \t\n\r\n \t\r\na\n  ", "L4:a;E" },
		{ "a\n\n\nb", "L1:a;T4:b;E" },
		{ "\xef\xbb\xbf{}\n{}\n", "L1:{};L2:{};E" },
		{ "\xef\xbb\xbf", "E" },
		{ "\xef\xbb\xbf\n{}", "T2:{};E" },
		{ "{}\n\xef\xbb\xbf{}\n", "L1:{};L2:\xef\xbb\xbf{};E" },
		{ "\xef\xbb{}\n", "L1:\xef\xbb{};E" },
		{ " a \n", "L1: a ;E" },
	};
	size_t i, size;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size = 1; size <= 4; size++) {
			char  seen[200];
			pid_t pid;
			int   fd = feed(rows[i].text, strlen(rows[i].text), size, &pid);

			read_all(fd, seen, sizeof(seen));
			close(fd);
			waitpid(pid, NULL, 0);
			CHECK_TEXT(rows[i].text, seen, rows[i].want);
		}
}

/* Around the ceiling of one line, and around the size of the reader's own buffer. */
static void
test_long(void)
{
	static const struct {
		size_t      n;
		const char *tail; /* behind the long line */
		const char *want; /* kinds, as above */
	} rows[] = {
		{ 262143, "\nz\n", "LLE" }, { 262144, "\nz\n", "LLE" }, { 262145, "\nz\n", "LLE" },
		{ 524288, "\nz\n", "LLE" },
		{ 524289, "\nz\n", "LLE" }, { BUF_RECORD_MAX - 1, "\nz\n", "LLE" },
		{ BUF_RECORD_MAX, "\nz\n", "LLE" },
		{ BUF_RECORD_MAX + 1, "\nz\n", "XLE" }, { BUF_RECORD_MAX + 300000, "\nz\n", "XLE" },
		{ 2 * BUF_RECORD_MAX + 5, "\nz", "XTE" }, { BUF_RECORD_MAX, "", "TE" },
		{ BUF_RECORD_MAX + 1, "", "TE" },
		{ BUF_RECORD_MAX + 300000, "", "TE" }, { BUF_RECORD_MAX + 1, "\n", "XE" },
	};
	char  *text = malloc(2 * BUF_RECORD_MAX + 100);
	size_t i;

	if (text == NULL)
		abort();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ndjson_in in;
		enum ndjson_kind kind;
		const char      *line;
		char             seen[8] = "";
		size_t           n, k = 0;
		pid_t            pid;
		int              fd;

		memset(text, 'y', rows[i].n);
		memcpy(text + rows[i].n, rows[i].tail, strlen(rows[i].tail) + 1);
		fd = feed(text, rows[i].n + strlen(rows[i].tail), 1 << 20, &pid);
		ndjson_open(&in, fd);
		do {
			kind = ndjson_next(&in, &line, &n);
			seen[k++] = "LTXEF"[kind];
			if (kind == ND_LINE && in.lineno == 1)
				CHECK("whole", n == rows[i].n && line[0] == 'y' && line[n - 1] == 'y',
				        "%zu of %zu", n, rows[i].n);
			if (kind == ND_LONG || (kind == ND_LAST && rows[i].n > BUF_RECORD_MAX &&
			        in.lineno == 1))
				CHECK("dropped", n == 0 && line[0] == '\0', "%zu bytes", n);
		} while (kind != ND_EOF && kind != ND_ERROR && k < 6);
		ndjson_close(&in);
		close(fd);
		waitpid(pid, NULL, 0);
		CHECK("long", strcmp(seen, rows[i].want) == 0, "%zu bytes: got %s, want %s", rows[i].n, seen,
		        rows[i].want);
	}
	free(text);
}

/* Random lines in random pieces come out as they went in. */
static void
test_generated(void)
{
	struct buf text, want;
	unsigned   round, k, wrong = 0;

	buf_init(&text, BUF_BODY_MAX);
	buf_init(&want, BUF_BODY_MAX);
	for (round = 0; round < 60; round++) {
		struct ndjson_in in;
		const char      *line;
		size_t           n, from, at = 0;
		pid_t            pid;
		int              fd;

		buf_reset(&text);
		for (k = gen_below(200); k > 0; k--) {
			for (n = gen_below(10) == 0 ? gen_below(300000) : gen_below(300); n > 0; n--)
				buf_putc(&text, (char)('a' + n % 26));
			buf_putc(&text, '\n');
		}
		fd = feed(buf_text(&text), text.n, 1 + gen_below(200000), &pid);
		ndjson_open(&in, fd);
		while (ndjson_next(&in, &line, &n) == ND_LINE) {
			while (text.p[at] == '\n') /* blank lines are skipped */
				at++;
			from = at;
			at = from + strcspn(text.p + from, "\n");
			wrong += n != at - from || memcmp(line, text.p + from, n) != 0;
			at++;
		}
		ndjson_close(&in);
		close(fd);
		waitpid(pid, NULL, 0);
		wrong += strspn(buf_text(&text) + at, "\n") != text.n - at;
	}
	CHECK("generated", wrong == 0, "%u wrong", wrong);
	buf_release(&text);
	buf_release(&want);
}

/* What is queued is written before a read; a line larger than the buffer passes; errors stay. */
static void
test_out(void)
{
	struct ndjson_out out;
	struct ndjson_in  in;
	int               p[2], q[2];
	char             *big = malloc(700001), got[64], *back = malloc(700100);
	const char       *line;
	size_t            n, have;
	ssize_t           r;
	pid_t             pid;

	if (big == NULL || back == NULL || pipe(p) != 0 || pipe(q) != 0)
		abort();
	ndjson_out_open(&out, p[1]);
	CHECK("put", ndjson_put(&out, "abc", 3) == 0 && ndjson_raw(&out, "d", 1) == 0 && out.n == 5,
	        "%zu queued", out.n);
	ndjson_open(&in, q[0]);
	in.flush = &out;
	CHECK("feed", write(q[1], "x\n", 2) == 2, "not written");
	CHECK("read", ndjson_next(&in, &line, &n) == ND_LINE && out.n == 0, "%zu still queued", out.n);
	r = read(p[0], got, sizeof(got));
	CHECK("flushed", r == 5 && memcmp(got, "abc\nd", 5) == 0, "%zd bytes", r);
	ndjson_close(&in);
	close(q[0]);
	close(q[1]);

	memset(big, 'b', 700000);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		ndjson_put(&out, "small", 5);
		ndjson_put(&out, big, 700000);
		ndjson_put(&out, "end", 3);
		_exit(ndjson_out_close(&out) != 0);
	}
	close(p[1]);
	for (have = 0; (r = read(p[0], back + have, 700100 - have)) > 0; have += (size_t)r)
		continue;
	CHECK("big", have == 700011 && memcmp(back, "small\nbbb", 9) == 0 && memcmp(back + 700006, "\nend\n",
	        5) == 0,
	        "%zu bytes", have);
	waitpid(pid, NULL, 0);
	close(p[0]);
	free(out.p);
	free(big);
	free(back);

	ndjson_out_open(&out, open("/dev/full", O_WRONLY));
	CHECK("queued", ndjson_put(&out, "abc", 3) == 0 && out.error == 0, "error %d", out.error);
	CHECK("full", ndjson_flush(&out) == -1 && out.error == ENOSPC, "error %d", out.error);
	CHECK("stays", ndjson_put(&out, "abc", 3) == -1 && ndjson_out_close(&out) == -1 &&
	        out.error == ENOSPC, "error %d",
	        out.error);
	ndjson_out_open(&out, -1);
	ndjson_put(&out, "abc", 3);
	CHECK("closed", ndjson_out_close(&out) == -1 && out.error == EBADF, "error %d", out.error);
	ndjson_open(&in, -1);
	CHECK("cannot read", ndjson_next(&in, &line, &n) == ND_ERROR && errno == EBADF, "errno %d", errno);
	ndjson_close(&in);
}

static void
test_abort(void)
{
	static const struct {
		const char *prog, *why, *mark, *back;
	} rows[] = {
		{ "cws-fetch", "HTTP 401", "{\"cws\":{\"aborted\":\"cws-fetch: HTTP 401\"",
		        "cws-fetch: HTTP 401" },
		{ NULL, "cws-fetch: HTTP 401", "{\"cws\":{\"aborted\":\"cws-fetch: HTTP 401\"",
		        "cws-fetch: HTTP 401" },
		{ "p", "a \"b\" c:\\d\ne\x1b[0m", "{\"cws\":{\"aborted\":\"p: a 'b' c:'d?e?[0m\"",
		        "p: a 'b' c:'d?e?[0m" },
		{ "p", "", "{\"cws\":{\"aborted\":\"p: \"", "p: " },
	};
	static const char *const none[] = { "", "{", "{\"cws\":{\"aborted\":", "{\"cws\":{\"ttl\":{}}",
	        "{\"id\":\"a\"",
		"{\"cws\": {\"aborted\":\"x\"" };
	char   text[200], why[200];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ndjson_out out;
		int               p[2];
		ssize_t           n;

		if (pipe(p) != 0)
			abort();
		ndjson_out_open(&out, p[1]);
		ndjson_abort(&out, rows[i].prog, rows[i].why);
		CHECK(rows[i].why, ndjson_out_close(&out) == 0, "error %d", out.error);
		n = read(p[0], text, sizeof(text) - 1);
		close(p[0]);
		text[n > 0 ? n : 0] = '\0';
		CHECK_TEXT(rows[i].why, text, rows[i].mark);
		CHECK(rows[i].why, !strict_json(text, strlen(text), 200), "is JSON");
		CHECK(rows[i].why, ndjson_aborted(text, strlen(text), why, sizeof(why)), "not known again");
		CHECK_TEXT(rows[i].why, why, rows[i].back);
	}
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK(none[i], !ndjson_aborted(none[i], strlen(none[i]), why, sizeof(why)),
		        "taken for a mark");
	/* The mark itself may be torn, and longer than there is room for. */
	CHECK("torn", ndjson_aborted(rows[0].mark, 22, why, sizeof(why)) && strcmp(why, "cws") == 0, "%s",
	        why);
	CHECK("short", ndjson_aborted(rows[0].mark, strlen(rows[0].mark), why, 4) && strcmp(why, "cws") == 0,
	        "%s", why);
	CHECK("bare", ndjson_aborted(rows[0].mark, 19, why, sizeof(why)) && why[0] == '\0', "%s", why);
}

/* A process whose standard output is in state when its memory runs out: what it leaves there, and its status. */
static void
run_out(char state, char *seen, size_t size, int *status)
{
	struct ndjson_out out;
	int               p[2], null;
	size_t            have;
	ssize_t           n;
	pid_t             pid;

	fflush(stdout);
	if (pipe(p) != 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		null = open("/dev/null", O_WRONLY);
		if (null < 0 || dup2(null, STDERR_FILENO) < 0 || dup2(p[1], STDOUT_FILENO) < 0)
			_exit(1);
		close(p[0]);
		close(p[1]);
		diag_init("cws-x");
		xalloc_at_failure(ndjson_abort_no_memory, NULL); /* as cli_start does */
		if (state != 'n') {
			ndjson_out_open(&out, STDOUT_FILENO);
			ndjson_put(&out, "{}", 2);
		}
		if (state == 'f')
			ndjson_flush(&out);
		if (state == 'c')
			ndjson_out_close(&out);
		if (state == 'e')
			out.error = ENOSPC;
		xalloc_fail();
	}
	close(p[1]);
	for (have = 0; (n = read(p[0], seen + have, size - 1 - have)) > 0; have += (size_t)n)
		continue;
	seen[have] = '\0';
	close(p[0]);
	waitpid(pid, status, 0);
}

static void
test_at_failure(void)
{
	static const char mark[] = "{\"cws\":{\"aborted\":\"cws-x: out of memory\"";
	static const struct {
		const char *name, *before;
		char        state;
		bool        marked;
	} rows[] = {
		{ "no output yet", "", 'n', true },
		{ "a record is queued", "{}\n", 'q', true },
		{ "a record is written", "{}\n", 'f', true },
		{ "the output is closed", "{}\n", 'c', false },
		{ "the output failed", "", 'e', false },
	};
	char   seen[200], want[200];
	size_t i;
	int    status;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		run_out(rows[i].state, seen, sizeof(seen), &status);
		snprintf(want, sizeof(want), "%s%s", rows[i].before, rows[i].marked ? mark : "");
		CHECK_TEXT(rows[i].name, seen, want);
		CHECK(rows[i].name, WIFEXITED(status) && WEXITSTATUS(status) == CWS_FAIL, "status %d", status);
	}
}

/* A flag that a signal handler sets ends the reading, also when the signal came between two reads. */
static void
test_stop(void)
{
	volatile sig_atomic_t stop = 0;
	struct ndjson_in      in;
	const char           *line;
	size_t                n;
	int                   p[2];

	if (pipe(p) != 0)
		abort();
	CHECK("feed", write(p[1], "a\nb\n", 4) == 4, "not written");
	ndjson_open(&in, p[0]);
	in.stop = &stop;
	CHECK("first", ndjson_next(&in, &line, &n) == ND_LINE, "not read");
	stop = 1;
	CHECK("what was read is handed out", ndjson_next(&in, &line, &n) == ND_LINE && line[0] == 'b',
	        "not read");
	CHECK("no waiting for more", ndjson_next(&in, &line, &n) == ND_ERROR && errno == EINTR, "errno %d",
	        errno);
	ndjson_close(&in);
	close(p[0]);
	close(p[1]);
}

int
main(void)
{
	test_lines();
	test_long();
	test_generated();
	test_out();
	test_abort();
	test_at_failure();
	test_stop();
	return CHECK_DONE();
}
