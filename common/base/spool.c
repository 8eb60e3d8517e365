/* spool.c - a tail in memory, and the file it is moved to when it grows too long. */

/* what is held may be more than 2 GiB, also where a long has 32 bits */
#define _FILE_OFFSET_BITS 64

#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/xalloc.h"

#define CHUNK ((size_t)1 << 20) /* written, or read ahead, at once */

static int
fault(const char *what, struct err *err)
{
	return err_set(err, CWS_FAIL, "the temporary file for the held lines: cannot %s: %s", what,
	        strerror(errno));
}

/* A file without a name in this directory, or -1. */
static int
nameless(const char *directory)
{
	struct buf path;
	char      *name;
	int        fd, flags;

	buf_init(&path, BUF_RECORD_MAX);
	buf_printf(&path, "%s/cws-XXXXXX", directory);
	name = xmemdup0(buf_text(&path), path.n);
	buf_release(&path);
	fd = mkstemp(name);
	if (fd != -1)
		(void)unlink(name);
	free(name);
	if (fd != -1 && (flags = fcntl(fd, F_GETFD)) != -1)
		(void)fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
	return fd;
}

static int
open_file(struct spool *s, struct err *err)
{
	const char *asked = getenv("TMPDIR");

	if (asked != NULL && asked[0] != '\0')
		s->fd = nameless(asked);
	else if ((s->fd = nameless("/var/tmp")) == -1)
		s->fd = nameless("/tmp");
	s->open = s->fd != -1;
	return s->open ? 0 : fault("be made", err);
}

/* Move the tail into the file. */
static int
file_tail(struct spool *s, struct err *err)
{
	size_t done = 0;

	if (!s->open && open_file(s, err) != 0)
		return -1;
	while (done < s->n) {
		ssize_t got = pwrite(s->fd, s->tail + done, s->n - done, (off_t)(s->filed + done));

		if (got < 0 && errno != EINTR)
			return fault("be written", err);
		done += got > 0 ? (size_t)got : 0;
	}
	s->filed += s->n;
	s->n = 0;
	if (s->room > CHUNK) {
		s->room = CHUNK;
		s->tail = xrealloc(s->tail, s->room, 1);
	}
	return 0;
}

int
spool_put(struct spool *s, const char *p, size_t n, struct spool_place *place, struct err *err)
{
	size_t bound = s->open ? CHUNK : SPOOL_IN_MEMORY;

	if (s->n != 0 && n + 1 > bound - (s->n < bound ? s->n : bound) && file_tail(s, err) != 0)
		return -1;
	while (s->room - s->n < n + 1) {
		s->room = s->room < CHUNK / 16 ? CHUNK / 16 : 2 * s->room;
		s->tail = xrealloc(s->tail, s->room, 1);
	}
	*place = (struct spool_place){ s->filed + s->n, n };
	if (n != 0)
		memcpy(s->tail + s->n, p, n);
	s->tail[s->n + n] = '\0';
	s->n += n + 1;
	return 0;
}

/* Have n bytes of the file from at in the window, and as many behind them as fit into ahead. */
static int
read_window(struct spool *s, uint64_t at, size_t n, size_t ahead)
{
	size_t  most = n > ahead ? n : ahead;
	ssize_t got;

	if (most > s->filed - at)
		most = (size_t)(s->filed - at);
	if (s->window_room < most) {
		s->window_room = most;
		s->window = xrealloc(s->window, most, 1);
	}
	s->window_at = at;
	s->window_n = 0;
	while (s->window_n < n) {
		got = pread(s->fd, s->window + s->window_n, most - s->window_n,
		        (off_t)(at + s->window_n));
		if (got == 0)
			errno = EIO; /* somebody else has shortened it */
		if (got == 0 || (got < 0 && errno != EINTR))
			return -1;
		s->window_n += got > 0 ? (size_t)got : 0;
	}
	return 0;
}

int
spool_get(struct spool *s, struct spool_place place, struct slice *line, struct err *err)
{
	size_t n = place.n + 1;
	bool   follows = place.at == s->next;

	s->next = place.at + n;
	line->n = place.n;
	if (place.at >= s->filed) {
		line->p = s->tail + (place.at - s->filed);
		return 0;
	}
	if ((place.at < s->window_at || place.at + n > s->window_at + s->window_n) &&
	        read_window(s, place.at, n, follows ? CHUNK : 0) != 0)
		return fault("be read", err);
	line->p = s->window + (place.at - s->window_at);
	return 0;
}

void
spool_release(struct spool *s)
{
	if (s->open)
		close(s->fd);
	free(s->tail);
	free(s->window);
	memset(s, 0, sizeof(*s));
}
