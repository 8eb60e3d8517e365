/* wrap.c - what of libc and cJSON a torture run makes fail. */

/* spool.c calls pread and pwrite by the names that have 64 bits for an offset everywhere */
#define _LARGEFILE64_SOURCE

#include "wrap.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const family_name[FAMILIES] = { "malloc", "read", "write", "pread", "pwrite", "stderr",
	"fsync", "open", "close", "fstat", "poll", "fork", "cjson", "setopt", "getinfo", "header", "easy", "multi", "slist", "url" };

static struct {
	enum family   family;
	unsigned long from; /* 0: nothing fails */
	bool          on;   /* and all that follow */
	bool          counts;
	int           log;
	unsigned long calls[FAMILIES];
} run = { .log = -1 };

PAIR(void *, malloc, (size_t n));
PAIR(void *, calloc, (size_t n, size_t size));
PAIR(void *, realloc, (void *p, size_t n));
PAIR(ssize_t, read, (int fd, void *p, size_t n));
PAIR(ssize_t, write, (int fd, const void *p, size_t n));
PAIR(ssize_t, pread, (int fd, void *p, size_t n, off_t at));
PAIR(ssize_t, pread64, (int fd, void *p, size_t n, off64_t at));
PAIR(ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t at));
PAIR(int, fsync, (int fd));
PAIR(int, open, (const char *path, int flags, ...));
PAIR(int, close, (int fd));
PAIR(int, fstat, (int fd, struct stat *st));
PAIR(int, poll, (struct pollfd *p, nfds_t n, int wait_ms));
PAIR(int, pipe, (int fds[2]));
PAIR(pid_t, fork, (void));
PAIR(cJSON *, cJSON_ParseWithLength, (const char *text, size_t n));
PAIR(cJSON *, cJSON_ParseWithLengthOpts, (const char *text, size_t n, const char **end, cJSON_bool whole));

__attribute__((noreturn, format(printf, 1, 2))) static void
give_up(const char *fmt, ...)
{
	char    text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fprintf(stderr, "torture: %s\n", text);
	_exit(97);
}

__attribute__((format(printf, 1, 2))) static void
log_line(const char *fmt, ...)
{
	char    text[200];
	va_list ap;
	int     n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (run.log != -1 && __real_write(run.log, text, (size_t)n) != n)
		give_up("the log cannot be written: %s", strerror(errno));
}

__attribute__((constructor)) static void
begin(void)
{
	const char *what = getenv("CWS_FAIL"), *path = getenv("CWS_FAIL_LOG"), *colon;
	char       *end;
	size_t      n, i;

	if (path != NULL && (run.log = __real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) == -1)
		give_up("%s: %s", path, strerror(errno));
	run.counts = what != NULL && strcmp(what, "count") == 0;
	if (what == NULL || run.counts)
		return;
	colon = strchr(what, ':');
	n = colon != NULL ? (size_t)(colon - what) : 0;
	for (i = 0; i < FAMILIES; i++)
		if (strlen(family_name[i]) == n && strncmp(family_name[i], what, n) == 0)
			break;
	if (i == FAMILIES)
		give_up("CWS_FAIL: there is no family '%.*s'", (int)n, what);
	run.family = (enum family)i;
	run.from = strtoul(colon + 1, &end, 10);
	run.on = *end == '+';
	if (run.from == 0 || end[run.on] != '\0')
		give_up("CWS_FAIL: expected FAMILY:N or FAMILY:N+, got '%s'", what);
}

__attribute__((destructor)) static void
tell_counts(void)
{
	size_t i;

	for (i = 0; i < FAMILIES && run.counts; i++)
		log_line("%s %lu\n", family_name[i], run.calls[i]);
}

bool
fails(enum family family, const char *function, int fd)
{
	unsigned long call = ++run.calls[family];

	if (run.from == 0 || family != run.family || (run.on ? call < run.from : call != run.from))
		return false;
	if (fd != -1)
		log_line("%s %d\n", function, fd);
	else
		log_line("%s\n", function);
	return true;
}

/* The same, with errno for the caller. */
static bool
fails_with(int number, enum family family, const char *function, int fd)
{
	if (!fails(family, function, fd))
		return false;
	errno = number;
	return true;
}

void *
__wrap_malloc(size_t n)
{
	return fails_with(ENOMEM, F_MALLOC, "malloc", -1) ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails_with(ENOMEM, F_MALLOC, "calloc", -1) ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t n)
{
	return fails_with(ENOMEM, F_MALLOC, "realloc", -1) ? NULL : __real_realloc(p, n);
}

ssize_t
__wrap_read(int fd, void *p, size_t n)
{
	return fails_with(EIO, F_READ, "read", fd) ? -1 : __real_read(fd, p, n);
}

ssize_t
__wrap_write(int fd, const void *p, size_t n)
{
	enum family family = fd == STDERR_FILENO ? F_STDERR : F_WRITE;

	return fails_with(ENOSPC, family, "write", fd) ? -1 : __real_write(fd, p, n);
}

ssize_t
__wrap_pread(int fd, void *p, size_t n, off_t at)
{
	return fails_with(EIO, F_PREAD, "pread", fd) ? -1 : __real_pread(fd, p, n, at);
}

ssize_t
__wrap_pread64(int fd, void *p, size_t n, off64_t at)
{
	return fails_with(EIO, F_PREAD, "pread", fd) ? -1 : __real_pread64(fd, p, n, at);
}

ssize_t
__wrap_pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return fails_with(ENOSPC, F_PWRITE, "pwrite", fd) ? -1 : __real_pwrite64(fd, p, n, at);
}

int
__wrap_fsync(int fd)
{
	return fails_with(EIO, F_FSYNC, "fsync", fd) ? -1 : __real_fsync(fd);
}

int
__wrap_open(const char *path, int flags, ...)
{
	va_list ap;
	int     mode;

	va_start(ap, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(ap, int) : 0;
	va_end(ap);
	return fails_with(EMFILE, F_OPEN, "open", -1) ? -1 : __real_open(path, flags, mode);
}

int
__wrap_close(int fd)
{
	int done = __real_close(fd);

	return fails_with(EIO, F_CLOSE, "close", fd) ? -1 : done;
}

int
__wrap_fstat(int fd, struct stat *st)
{
	return fails_with(EIO, F_FSTAT, "fstat", fd) ? -1 : __real_fstat(fd, st);
}

int
__wrap_poll(struct pollfd *p, nfds_t n, int wait_ms)
{
	return fails_with(ENOMEM, F_POLL, "poll", n > 0 ? p->fd : -1) ? -1 : __real_poll(p, n, wait_ms);
}

int
__wrap_pipe(int fds[2])
{
	return fails_with(EMFILE, F_FORK, "pipe", -1) ? -1 : __real_pipe(fds);
}

pid_t
__wrap_fork(void)
{
	return fails_with(EAGAIN, F_FORK, "fork", -1) ? -1 : __real_fork();
}

cJSON *
__wrap_cJSON_ParseWithLength(const char *text, size_t n)
{
	return fails_with(ENOMEM, F_CJSON, "cJSON_ParseWithLength", -1) ? NULL
	                                                                : __real_cJSON_ParseWithLength(text, n);
}

cJSON *
__wrap_cJSON_ParseWithLengthOpts(const char *text, size_t n, const char **end, cJSON_bool whole)
{
	return fails_with(ENOMEM, F_CJSON, "cJSON_ParseWithLengthOpts", -1)
	               ? NULL
	               : __real_cJSON_ParseWithLengthOpts(text, n, end, whole);
}
