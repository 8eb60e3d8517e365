/* readfile.c - read a file whole into memory that can be wiped. */

#include "base/readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/wipe.h"
#include "base/xalloc.h"

static int
cannot(struct err *err, const char *path, const char *why)
{
	return err_set(err, CWS_USAGE, "cannot read '%s': %s", path, why);
}

/* All of fd, and at most max bytes of it into text[max + 1]. */
static int
read_all(int fd, char *text, size_t max, const char *path, const char *what, struct err *err)
{
	size_t  n = 0;
	ssize_t got;

	while (n <= max && (got = read(fd, text + n, max + 1 - n)) != 0) {
		if (got > 0)
			n += (size_t)got;
		else if (errno != EINTR)
			return cannot(err, path, strerror(errno));
	}
	if (n > max || memchr(text, '\0', n) != NULL)
		return err_set(err, CWS_USAGE, "'%s' is %s", path, what);
	return 0;
}

char *
readfile_text(const char *path, size_t max, const char *what, mode_t shut, struct err *err)
{
	struct stat st;
	char       *text = NULL;
	int         keep = EIO, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd == -1 || fstat(fd, &st) == -1) {
		keep = errno;
		cannot(err, path, strerror(errno));
	} else if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)) {
		cannot(err, path, "not a file");
	} else {
		text = xcalloc(max + 2, 1); /* a byte too much, and a NUL */
		if (read_all(fd, text, max, path, what, err) != 0) {
			wipe(text, max + 2);
			free(text);
			text = NULL;
		} else if (S_ISREG(st.st_mode) && (st.st_mode & shut) != 0) {
			diag_warn("'%s' can be read by others: chmod 600 it", path);
		}
	}
	if (fd != -1)
		close(fd);
	errno = keep;
	return text;
}
