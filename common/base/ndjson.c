/* ndjson.c - read and write lines with large buffers, whole or not at all. */

#include "base/ndjson.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/exit.h"
#include "base/xalloc.h"

#define CHUNK ((size_t)256 << 10)
#define ATOMIC ((size_t)512) /* POSIX's least PIPE_BUF: a ready pipe takes it whole */
#define MARK_MAX 640         /* bytes of an abort mark and its NUL */
#define HURRY_MS 500         /* how long a reader that stands still is given after a signal */

static const char abort_head[] = "{\"cws\":{\"aborted\":\"";

/* A pipe of 1 MiB makes two stages on two cores faster; where it is refused nothing is lost. */
static void
widen_pipe(int fd)
{
#ifdef __linux__
	const int set_pipe_size = 1031; /* F_SETPIPE_SZ, which POSIX headers hide */

	(void)fcntl(fd, set_pipe_size, 1 << 20);
#else
	(void)fd;
#endif
}

/*
 * Wait until the descriptor (inherited as non-blocking, say) is ready; false when it is not in
 * time.
 */
static bool
await(int fd, short events, int wait_ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, wait_ms) > 0;
}

void
ndjson_open(struct ndjson_in *in, int fd)
{
	memset(in, 0, sizeof(*in));
	in->fd = fd;
	in->deadline_ms = INT64_MAX;
	widen_pipe(fd);
}

/* 1: read; 0: the deadline came before there was something to read; -1 with EINTR: look again. */
static int
await_input(const struct ndjson_in *in)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };
	int64_t       left;

	if (in->deadline_ms == INT64_MAX)
		return 1;
	left = in->deadline_ms - clock_mono_ms();
	if (left <= 0) {
		errno = ETIMEDOUT;
		return 0;
	}
	switch (poll(&p, 1, left < INT_MAX ? (int)left : INT_MAX)) {
	case 0:
		errno = EINTR;
		return -1;
	case -1:
		return errno == EINTR ? -1 : 1; /* reading tells what is wrong */
	default:
		return 1;
	}
}

void
ndjson_close(struct ndjson_in *in)
{
	free(in->p);
	in->p = NULL;
}

/*
 * Read once more behind in->len.  1: bytes came, or the end; 0: reading, or writing before it,
 * failed.
 */
static int
fill(struct ndjson_in *in)
{
	ssize_t got;

	if (in->flush != NULL && ndjson_flush(in->flush) != 0) {
		errno = in->flush->error;
		return 0;
	}
	if (in->at != 0) {
		memmove(in->p, in->p + in->at, in->len - in->at);
		in->len -= in->at;
		in->at = 0;
	}
	if (in->cap - in->len < CHUNK + 1) {
		in->cap = in->cap == 0 ? 2 * CHUNK + 1 : in->cap + in->cap / 2 + CHUNK;
		in->p = xrealloc(in->p, in->cap, 1);
	}
	/* Before each read: a signal that came while a line was handled interrupts nothing. */
	do {
		if (in->stop != NULL && *in->stop) {
			errno = EINTR;
			return 0;
		}
		if ((got = await_input(in)) == 0)
			return 0;
		if (got > 0)
			got = read(in->fd, in->p + in->len, CHUNK);
		if (got < 0 && errno == EAGAIN)
			(void)await(in->fd, POLLIN, -1);
		else if (got < 0 && errno != EINTR)
			return 0;
	} while (got < 0);
	in->len += (size_t)got;
	in->eof = got == 0;
	return 1;
}

static bool
is_blank(const char *p, size_t n)
{
	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	return n == 0;
}

enum ndjson_kind
ndjson_next(struct ndjson_in *in, const char **line, size_t *n)
{
	size_t seen = 0;
	char  *p, *nl;

	for (;;) {
		nl = in->len - in->at > seen
		             ? memchr(in->p + in->at + seen, '\n', in->len - in->at - seen)
		             : NULL;
		if (nl == NULL) {
			seen = in->len - in->at;
			if (seen > BUF_RECORD_MAX) {
				in->skipping = true;
				in->at = in->len;
				seen = 0;
			}
			if (!in->eof) {
				if (!fill(in))
					return ND_ERROR;
				continue;
			}
			if (seen == 0 && !in->skipping)
				return ND_EOF;
		}
		in->lineno++;
		p = in->p + in->at;
		*n = nl != NULL ? (size_t)(nl - p) : seen;
		in->at += *n + (nl != NULL);
		seen = 0;
		if (in->skipping || *n > BUF_RECORD_MAX) {
			bool cut = in->skipping && nl == NULL;

			in->skipping = false;
			*line = "";
			*n = 0;
			return cut ? ND_LAST : ND_LONG;
		}
		if (*n > 0 && nl != NULL && p[*n - 1] == '\r')
			--*n;
		if (in->lineno == 1 && *n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
			p += 3;
			*n -= 3;
		}
		if (is_blank(p, *n))
			continue;
		p[*n] = '\0';
		*line = p;
		return nl != NULL ? ND_LINE : ND_LAST;
	}
}

void
ndjson_out_open(struct ndjson_out *out, int fd)
{
	memset(out, 0, sizeof(*out));
	out->fd = fd;
	out->terminal = isatty(fd) == 1;
	out->p = xrealloc(NULL, CHUNK, 1);
	widen_pipe(fd);
	if (fd == STDOUT_FILENO)
		xalloc_at_failure(ndjson_abort_no_memory, out);
}

bool
ndjson_feeds_itself(const struct ndjson_in *in, const struct ndjson_out *out)
{
	struct stat from, to;

	return fstat(in->fd, &from) == 0 && fstat(out->fd, &to) == 0 && S_ISREG(from.st_mode) &&
	       from.st_dev == to.st_dev && from.st_ino == to.st_ino && from.st_size != 0;
}

static int
write_all(struct ndjson_out *out, const char *p, size_t n)
{
	while (n > 0 && out->error == 0) {
		bool    hurry = out->stop != NULL && *out->stop;
		ssize_t done;

		/* What fits into a pipe that is ready is written without waiting for the reader. */
		if (hurry && !await(out->fd, POLLOUT, HURRY_MS)) {
			out->error = EINTR;
			break;
		}
		done = write(out->fd, p, hurry && n > ATOMIC ? ATOMIC : n);
		if (done >= 0) {
			p += done;
			n -= (size_t)done;
			out->written += (uint64_t)done;
		} else if (errno == EAGAIN) {
			(void)await(out->fd, POLLOUT, -1);
		} else if (errno != EINTR) {
			out->error = errno;
		}
	}
	return out->error == 0 ? 0 : -1;
}

int
ndjson_flush(struct ndjson_out *out)
{
	size_t n = out->n;

	out->n = 0;
	return write_all(out, out->p, n);
}

int
ndjson_raw(struct ndjson_out *out, const char *p, size_t n)
{
	out->queued += n;
	if (n > CHUNK - out->n && ndjson_flush(out) != 0)
		return -1;
	if (n > CHUNK)
		return write_all(out, p, n);
	if (n != 0)
		memcpy(out->p + out->n, p, n);
	out->n += n;
	return out->error == 0 ? 0 : -1;
}

int
ndjson_put(struct ndjson_out *out, const char *p, size_t n)
{
	out->lines++;
	return ndjson_raw(out, p, n) == 0 ? ndjson_raw(out, "\n", 1) : -1;
}

void
ndjson_hint(const struct ndjson_out *out)
{
	if (out->terminal && out->lines != 0 && out->error == 0)
		diag_say("%llu record%s, as JSON; \"| cws-report\" shows a table",
		        (unsigned long long)out->lines, out->lines == 1 ? "" : "s");
}

/* The mark in mark[MARK_MAX]; its length. */
static size_t
abort_mark(char *mark, const char *prog, const char *why)
{
	char   text[512];
	size_t i;

	diag_clean(text, sizeof(text) - 1, why, strlen(why));
	/* No quote and no backslash: the text ends where the line does. */
	for (i = 0; text[i] != '\0'; i++)
		if (text[i] == '"' || text[i] == '\\')
			text[i] = '\'';
	return (size_t)snprintf(mark, MARK_MAX, "%s%.64s%s%s\"", abort_head,
	        prog != NULL ? prog : "", prog != NULL ? ": " : "", text);
}

void
ndjson_abort(struct ndjson_out *out, const char *prog, const char *why)
{
	char mark[MARK_MAX];

	ndjson_raw(out, mark, abort_mark(mark, prog, why));
}

void
ndjson_abort_no_memory(void *arg)
{
	struct ndjson_out none = { .fd = STDOUT_FILENO }, *out = arg != NULL ? arg : &none;
	char              mark[MARK_MAX];
	size_t            n = abort_mark(mark, diag_prog(), "out of memory");

	ndjson_flush(out);
	write_all(out, mark, n);
}

bool
ndjson_aborted(const char *line, size_t n, char *why, size_t size)
{
	const size_t head = sizeof(abort_head) - 1;

	if (n < head || memcmp(line, abort_head, head) != 0)
		return false;
	diag_clean(why, size - 1, line + head, n - head - (n > head && line[n - 1] == '"'));
	return true;
}

int
ndjson_out_close(struct ndjson_out *out)
{
	ndjson_flush(out);
	if (out->fd == STDOUT_FILENO)
		xalloc_at_failure(NULL, NULL);
	if (close(out->fd) != 0 && out->error == 0)
		out->error = errno;
	free(out->p);
	out->p = NULL;
	return out->error == 0 ? 0 : -1;
}

int
ndjson_finish(struct ndjson_out *out, int status)
{
	if (ndjson_out_close(out) == 0)
		return status;
	if (out->error == EPIPE)
		return CWS_OK;
	if (out->error != EINTR) /* a signal ends the process: no fault of the output's */
		diag_error("<stdout>: cannot write: %s", strerror(out->error));
	return CWS_FAIL;
}
