/* journal.c - lines that are on the disk before what they tell of is done. */

#include "books/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json_write.h"
#include "base/xalloc.h"

static int
fault(const struct journal *j, const char *what, struct err *err)
{
	return err_set(
	        err, CWS_FAIL, "the journal '%s': cannot %s: %s", j->path, what, strerror(errno));
}

/* What cannot be synced by its nature (a terminal, a pipe) is as safe as it gets. */
static int
sync_file(int fd)
{
	return fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS ? -1 : 0;
}

/* A new name is on the disk once its directory is. */
static int
sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char       *dir = slash == NULL   ? xstrdup(".")
	                  : slash == path ? xstrdup("/")
	                                  : xmemdup0(path, (size_t)(slash - path));
	int         fd = open(dir, O_RDONLY | O_CLOEXEC), status = fd == -1 ? -1 : sync_file(fd),
	    keep = errno;

	if (fd != -1)
		close(fd);
	free(dir);
	errno = keep;
	return status;
}

static int
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			p += done;
			n -= (size_t)done;
		}
	}
	return 0;
}

/* Was the last line torn?  What is appended to it would be lost with it. */
static int
end_torn_line(int fd, off_t size)
{
	char last = '\n';

	if (size > 0 && pread(fd, &last, 1, size - 1) != 1)
		return -1;
	return last == '\n' ? 0 : write_all(fd, "\n", 1);
}

static int
open_to_append(struct journal *j, const char *path, struct err *err)
{
	struct stat st;
	bool        made;

	j->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY);
	made = j->fd == -1 && errno == ENOENT;
	if (made)
		j->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	if (j->fd == -1 || fstat(j->fd, &st) != 0)
		return fault(j, "be opened", err);
	if (S_ISREG(st.st_mode) && end_torn_line(j->fd, st.st_size) != 0)
		return fault(j, "be read to its end", err);
	if (made && sync_directory(path) != 0)
		return fault(j, "be kept", err);
	return 0;
}

int
journal_open(struct journal *j, const char *path, struct err *err)
{
	j->path = path;
	if (open_to_append(j, path, err) == 0)
		return 0;
	if (j->fd != -1)
		close(j->fd);
	j->path = NULL;
	return -1;
}

static void
describe(const struct journal_line *l, struct buf *out)
{
	json_write_open(out, NULL);
	json_write_text(out, "run", l->run);
	json_write_when(out, "at", l->at);
	json_write_text(out, "intent", action_words(l->action)->name);
	json_write_text(out, "id", l->id);
	json_write_foreign(out, "owner_id", l->owner_id);
	json_write_foreign(out, "owner_name", l->owner_name);
	json_write_foreign(out, "name", l->name);
	json_write_text(out, "build_id", l->build_id);
	json_write_int(out, "build_number", l->build_number);
	json_write_foreign(out, "url", l->url);
	if (l->after.known) {
		json_write_when_exact(out, "deadline_before", l->before);
		json_write_when_exact(out, "deadline_after", l->after);
	}
	if (l->outcome.p != NULL)
		json_write_raw(out, "outcome", l->outcome.p, l->outcome.n);
	json_write_close(out);
	buf_putc(out, '\n');
}

int
journal_write(struct journal *j, const struct journal_line *l, struct err *err)
{
	struct buf line;
	int        status = 0;

	if (j->path == NULL)
		return 0;
	buf_init(&line, BUF_RECORD_MAX);
	describe(l, &line);
	if (write_all(j->fd, line.p, line.n) != 0)
		status = fault(j, "be written", err);
	else if (l->outcome.p == NULL && sync_file(j->fd) != 0)
		status = fault(j, "be synced", err);
	buf_release(&line);
	return status;
}

int
journal_close(struct journal *j, struct err *err)
{
	int status = 0;

	if (j->path == NULL)
		return 0;
	if (sync_file(j->fd) != 0)
		status = fault(j, "be synced", err);
	if (close(j->fd) != 0 && status == 0)
		status = fault(j, "be closed", err);
	j->path = NULL;
	return status;
}
