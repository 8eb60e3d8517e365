/* lock.c - a file and flock(2). */

/* flock, which POSIX lacks; its own locks end when any descriptor is closed */
#define _DEFAULT_SOURCE

#include "books/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

/* "https://coder.example.com" as "cws-coder.example.com-443.lock". */
static void
put_name(struct buf *path, const char *origin)
{
	const char *host = strstr(origin, "://") + 3, *port;
	bool        tls = strncmp(origin, "https", 5) == 0;
	size_t      n;

	if (host[0] == '[') {
		n = strcspn(++host, "]");
		port = host[n] == ']' && host[n + 1] == ':' ? host + n + 2 : NULL;
	} else {
		n = strcspn(host, ":");
		port = host[n] == ':' ? host + n + 1 : NULL;
	}
	buf_puts(path, "/cws-");
	buf_put(path, host, n);
	buf_printf(path, "-%s.lock", port != NULL ? port : tls ? "443" : "80");
}

/*
 * An existing file is opened as it is: in a directory that all may write to the
 * kernel refuses O_CREAT for a file of somebody else's, who may well hold the lock.
 */
static int
open_lock(const char *path)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	int       fd, tries;

	for (tries = 0; tries < 3; tries++) {
		if ((fd = open(path, flags)) != -1 || errno != ENOENT)
			return fd;
		fd = open(path, flags | O_CREAT | O_EXCL, 0644);
		if (fd != -1)
			/* other users have to open it, whatever our umask */
			(void)fchmod(fd, 0644);
		if (fd != -1 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return path != NULL && path[0] == '/' && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int
cannot(const char *path, const char *why, struct err *err)
{
	return err_set(err, CWS_FAIL, "cannot take the lock '%s': %s", path, why);
}

static int
lock_file(const char *path, struct err *err)
{
	struct stat st;
	int         fd = open_lock(path);

	if (fd == -1)
		return cannot(path, strerror(errno), err);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		cannot(path, "not a file", err);
	} else if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		return fd;
	} else if (errno == EWOULDBLOCK) {
		err_set(err, CWS_REFUSED, "another run is at work on this server (it holds '%s')",
		        path);
	} else {
		cannot(path, strerror(errno), err);
	}
	close(fd);
	return -1;
}

int
lock_take(const char *origin, struct err *err)
{
	const char *const place[] = { getenv("XDG_RUNTIME_DIR"), "/run/lock", "/tmp" };
	struct buf        path;
	size_t            i;
	int               fd = -1;

	buf_init(&path, BUF_RECORD_MAX);
	err_set(err, CWS_FAIL, "there is no directory for the lock");
	for (i = 0; i < sizeof(place) / sizeof(place[0]) && fd == -1; i++) {
		if (!is_directory(place[i]))
			continue;
		buf_reset(&path);
		buf_puts(&path, place[i]);
		put_name(&path, origin);
		fd = lock_file(buf_text(&path), err);
		/*
		 * The next place is tried only when this directory cannot be written to.
		 * When the lock is held here, or its file is at fault, the search ends:
		 * with a lock elsewhere, two runs would not know of each other.
		 */
		if (fd == -1 && (err->status == CWS_REFUSED || access(place[i], W_OK) == 0))
			break;
	}
	buf_release(&path);
	return fd;
}
