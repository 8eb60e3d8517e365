/* replacefile.c - write beside, sync, rename. */

#define _XOPEN_SOURCE 700 /* realpath, which glibc takes for none of POSIX */

#include "base/replacefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

static int
cannot(struct err *err, const char *path, int why)
{
	return err_set(err, CWS_FAIL, "cannot write '%s': %s", path, strerror(why));
}

static int
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static int
write_through(const char *path, const char *p, size_t n, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY), status = 0, why = 0;

	if (fd == -1)
		return cannot(err, path, errno);
	if (write_all(fd, p, n) != 0)
		status = -1, why = errno;
	if (close(fd) != 0 && status == 0)
		status = -1, why = errno;
	return status == 0 ? 0 : cannot(err, path, why);
}

/* The bytes into a new file whose name ends in six letters of mkstemp's; errno when that fails. */
static int
write_beside(char *name, mode_t mode, const char *p, size_t n)
{
	int fd = mkstemp(name), why = 0;

	if (fd == -1)
		return errno;
	if (fchmod(fd, mode) != 0 || write_all(fd, p, n) != 0 || fsync(fd) != 0)
		why = errno;
	if (close(fd) != 0 && why == 0)
		why = errno;
	return why;
}

int
replacefile_write(const char *path, const char *p, size_t n, struct err *err)
{
	struct stat st;
	bool        there = stat(path, &st) == 0;
	char       *target, *name;
	size_t      size;
	int         why;

	if (there && S_ISDIR(st.st_mode))
		return cannot(err, path, EISDIR);
	if (there && !S_ISREG(st.st_mode))
		return write_through(path, p, n, err);
	target = there ? realpath(path, NULL) : xstrdup(path);
	if (target == NULL)
		return cannot(err, path, errno);
	size = strlen(target) + sizeof(".XXXXXX");
	name = xcalloc(size, 1);
	snprintf(name, size, "%s.XXXXXX", target);
	why = write_beside(name, there ? st.st_mode & 07777 : 0600, p, n);
	if (why == 0 && rename(name, target) != 0)
		why = errno;
	if (why != 0)
		unlink(name);
	free(name);
	free(target);
	return why == 0 ? 0 : cannot(err, path, why);
}
