/*
 * fuzz_ndjson.c - any bytes as a stream in pieces of any size: its lines, and how it ends.
 *
 * The first byte says how large the pieces are; one packet of a socket is one read.
 */

#include "base/ndjson.h"

#include <sys/socket.h>

#include "../unit/json_gen.h"
#include "fuzz.h"

#define PACKETS 64 /* what a socket holds without anybody reading */

static int
stream_of(const char *p, size_t n, size_t piece)
{
	int fds[2];

	REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) == 0);
	if (piece < n / PACKETS + 1)
		piece = n / PACKETS + 1;
	for (; n > 0; p += piece, n -= piece) {
		if (piece > n)
			piece = n;
		REQUIRE(write(fds[1], p, piece) == (ssize_t)piece);
	}
	close(fds[1]);
	return fds[0];
}

static bool
is_blank(const char *p, size_t n)
{
	while (n > 0 && (*p == ' ' || *p == '\t'))
		p++, n--;
	return n == 0;
}

/* The next line that is not blank, by the letter of ndjson.h. */
static enum ndjson_kind
slow_next(const char *p, size_t n, size_t *at, uint64_t *lineno, const char **line, size_t *length)
{
	while (*at < n) {
		const char *nl = memchr(p + *at, '\n', n - *at);

		*line = p + *at;
		*length = nl != NULL ? (size_t)(nl - *line) : n - *at;
		*at += *length + (nl != NULL);
		if (nl != NULL && *length > 0 && nl[-1] == '\r')
			--*length;
		if (++*lineno == 1 && *length >= 3 && memcmp(*line, "\xef\xbb\xbf", 3) == 0) {
			*line += 3;
			*length -= 3;
		}
		if (!is_blank(*line, *length))
			return nl != NULL ? ND_LINE : ND_LAST;
	}
	return ND_EOF;
}

static void
check_mark(const char *line, size_t n)
{
	static const char head[] = "{\"cws\":{\"aborted\":\"";
	char              why[100];

	if (ndjson_aborted(line, n, why, sizeof(why)))
		REQUIRE(n >= strlen(head) && memcmp(line, head, strlen(head)) == 0 && is_clean(why) &&
		        strlen(why) < sizeof(why));
	else
		REQUIRE(n < strlen(head) || memcmp(line, head, strlen(head)) != 0);
}

/* What was written comes out as it went in. */
static void
check_out(int fd, const struct buf *want)
{
	char   got[512];
	size_t at = 0;

	for (;;) {
		ssize_t n = pread(fd, got, sizeof(got), (off_t)at);

		REQUIRE(n >= 0);
		if (n == 0)
			break;
		REQUIRE((size_t)n <= want->n - at && memcmp(got, want->p + at, (size_t)n) == 0);
		at += (size_t)n;
	}
	REQUIRE(at == want->n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static int        file = -1;
	struct bytes      b = { data, n };
	size_t            piece = (size_t)take_number(&b, 1) + 1, at = 0, length, want_n;
	uint64_t          lineno = 0;
	char             *text = exact((const char *)b.p, b.n);
	const char       *line, *want;
	struct ndjson_in  in;
	struct ndjson_out out;
	struct buf        written;
	enum ndjson_kind  kind;
	int               fd = stream_of(text, b.n, piece);

	if (file == -1)
		file = open(file_of("", 0), O_RDWR);
	REQUIRE(ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0);
	buf_init(&written, BUF_RECORD_MAX);
	ndjson_open(&in, fd);
	ndjson_out_open(&out, dup(file));
	in.flush = &out;
	while ((kind = ndjson_next(&in, &line, &length)) != ND_EOF) {
		REQUIRE(kind == slow_next(text, b.n, &at, &lineno, &want, &want_n));
		REQUIRE(in.lineno == lineno && length == want_n && memcmp(line, want, length) == 0);
		REQUIRE(line[length] == '\0');
		check_mark(line, length);
		REQUIRE(ndjson_put(&out, line, length) == 0);
		buf_put(&written, line, length);
		buf_putc(&written, '\n');
	}
	REQUIRE(slow_next(text, b.n, &at, &lineno, &want, &want_n) == ND_EOF);
	ndjson_close(&in);
	close(fd);
	REQUIRE(ndjson_out_close(&out) == 0 && out.queued == written.n && out.written == written.n);
	check_out(file, &written);
	buf_release(&written);
	free(text);
	return 0;
}
