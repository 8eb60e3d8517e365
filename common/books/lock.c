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

/* What came of a place. */
enum found {
	FOUND_LOCK,  /* it is ours */
	FOUND_NO,    /* err says why, and no other place will do */
	FOUND_OTHER, /* it neither has the file nor takes it */
};

static enum found
cannot(const char *path, int why, struct err *err)
{
	err_set(err, CWS_FAIL, "cannot take the lock '%s': %s", path, strerror(why));
	return FOUND_NO;
}

/*
 * An existing file is opened as it is: in a directory that all may write to the
 * kernel refuses O_CREAT for a file of somebody else's (fs.protected_regular), who may well hold
 * the lock.
 */
static enum found
open_lock(const char *path, int *fd, struct err *err)
{
	const int   flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	struct stat st;
	int         tries;

	for (tries = 0; tries < 3; tries++) {
		if ((*fd = open(path, flags)) != -1)
			return FOUND_LOCK;
		if (errno != ENOENT)
			/* what may not even be looked for is not here */
			return errno == EACCES && lstat(path, &st) != 0 ? FOUND_OTHER
			                                                : cannot(path, errno, err);
		*fd = open(path, flags | O_CREAT | O_EXCL, 0644);
		if (*fd != -1)
			/* other users have to open it, whatever our umask */
			(void)fchmod(*fd, 0644);
		if (*fd != -1)
			return FOUND_LOCK;
		if (errno == EACCES || errno == EPERM || errno == EROFS)
			return FOUND_OTHER;
		if (errno != EEXIST)
			return cannot(path, errno, err);
	}
	return cannot(path, errno, err);
}

/* Is the file that we hold still the one of that name?  Somebody may tidy the directory up. */
static bool
is_named(int fd, const char *path)
{
	struct stat held, named;

	return fstat(fd, &held) == 0 && lstat(path, &named) == 0 && held.st_dev == named.st_dev &&
	       held.st_ino == named.st_ino;
}

/* -1 with err, or 0: it is ours. */
static enum found
hold(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return cannot(path, errno, err);
	if (!S_ISREG(st.st_mode)) {
		err_set(err, CWS_FAIL, "cannot take the lock '%s': not a file", path);
		return FOUND_NO;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK)
			return cannot(path, errno, err);
		err_set(err, CWS_REFUSED, "another run is at work on this server (it holds '%s')",
		        path);
		return FOUND_NO;
	}
	/* What tidies up by age shall not take it from a run. */
	if (st.st_uid == geteuid())
		(void)futimens(fd, NULL);
	return FOUND_LOCK;
}

static enum found
lock_file(const char *path, int *fd, struct err *err)
{
	enum found found;
	int        tries;

	for (tries = 0; tries < 3; tries++) {
		if ((found = open_lock(path, fd, err)) != FOUND_LOCK)
			return found;
		found = hold(*fd, path, err);
		if (found == FOUND_LOCK && is_named(*fd, path))
			return found;
		close(*fd);
		if (found != FOUND_LOCK)
			return found;
	}
	return cannot(path, ENOENT, err);
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return path[0] == '/' && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int
lock_take_in(const char *const *place, const char *origin, struct err *err)
{
	enum found found = FOUND_OTHER;
	struct buf path;
	int        fd = -1;

	buf_init(&path, BUF_RECORD_MAX);
	err_set(err, CWS_FAIL, "there is no directory for the lock");
	for (; *place != NULL && found == FOUND_OTHER; place++) {
		if (!is_directory(*place))
			continue;
		buf_reset(&path);
		buf_puts(&path, *place);
		put_name(&path, origin);
		/* With a lock elsewhere, whoever holds the one here would not know of it. */
		found = lock_file(buf_text(&path), &fd, err);
	}
	buf_release(&path);
	return found == FOUND_LOCK ? fd : -1;
}

int
lock_take(const char *origin, struct err *err)
{
	const char       *asked = getenv("CWS_LOCK_DIR"), *own = getenv("XDG_RUNTIME_DIR");
	const char *const only[] = { asked, NULL };
	const char *const usual[] = { "/run/lock", own != NULL ? own : "/tmp", "/tmp", NULL };

	return lock_take_in(asked != NULL && asked[0] != '\0' ? only : usual, origin, err);
}
