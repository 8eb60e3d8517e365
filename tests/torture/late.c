/*
 * late.c - a disk and a clock as they are at bad times, preloaded into a program under test.
 *
 *	CWS_LATE_SYNC=3000   fsync takes so many milliseconds longer; 3000/40: each fortieth does
 *	CWS_LATE_SLEPT=FILE  the machine slept for so many seconds as FILE says now: CLOCK_REALTIME,
 *	                     CLOCK_BOOTTIME and /proc/uptime are ahead by that, CLOCK_MONOTONIC has not moved
 *	CWS_LATE_HASTE=1     who does nothing but wait is not kept waiting: that time is added to FILE
 *	CWS_LATE_ROOM=1      the socket has no room at first for the first POST
 *	CWS_LATE_LOST=FILE   once there is anything in this file, what was spooled cannot be read back
 *
 * What libraries call among themselves comes here too, so that libcurl's clock stands still as well.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void *
next(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL)
		abort();
	return found;
}

#define NS 1000000000LL

/*
 * How long the machine slept, after it slept for more_ns more.  Read each time: a test writes the file while the
 * program runs, and all that haste share it.
 */
static long long
slept_ns(long long more_ns)
{
	const char *path = getenv("CWS_LATE_SLEPT");
	char        text[24] = "";
	int         fd;
	long long   ns = 0;

	if (path == NULL || (fd = open(path, (more_ns > 0 ? O_RDWR : O_RDONLY) | O_CLOEXEC)) == -1)
		return 0;
	flock(fd, more_ns > 0 ? LOCK_EX : LOCK_SH);
	if (read(fd, text, sizeof(text) - 1) > 0)
		ns = (long long)(strtod(text, NULL) * NS) + more_ns;
	if (more_ns > 0) {
		snprintf(text, sizeof(text), "%lld.%09lld", ns / NS, ns % NS);
		(void)!pwrite(fd, text, strlen(text), 0);
	}
	close(fd);
	return ns;
}

static bool
hastens(void)
{
	return getenv("CWS_LATE_HASTE") != NULL;
}

int
clock_gettime(clockid_t id, struct timespec *t)
{
	static int (*real)(clockid_t, struct timespec *);
	int status;

	if (real == NULL)
		*(void **)&real = next("clock_gettime");
	status = real(id, t);
	if (status == 0 && (id == CLOCK_REALTIME || id == CLOCK_BOOTTIME)) {
		long long ns = t->tv_nsec + slept_ns(0);

		t->tv_sec += ns / NS;
		t->tv_nsec = ns % NS;
	}
	return status;
}

/* The clock of a script. */
static int
uptime(void)
{
	struct timespec t;
	int             fd = memfd_create("uptime", MFD_CLOEXEC);

	clock_gettime(CLOCK_BOOTTIME, &t);
	dprintf(fd, "%lld.%02ld 0.00\n", (long long)t.tv_sec, t.tv_nsec / 10000000);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

int
open(const char *path, int flags, ...)
{
	static int (*real)(const char *, int, ...);
	mode_t  mode = 0;
	va_list rest;

	if (real == NULL)
		*(void **)&real = next("open");
	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
		va_start(rest, flags);
		mode = va_arg(rest, mode_t);
		va_end(rest);
	}
	return strcmp(path, "/proc/uptime") == 0 ? uptime() : real(path, flags, mode);
}

/* The same where an offset has 64 bits anyway. */
int
open64(const char *path, int flags, ...) __attribute__((alias("open")));

int
nanosleep(const struct timespec *wait, struct timespec *left)
{
	static int (*real)(const struct timespec *, struct timespec *);

	if (real == NULL)
		*(void **)&real = next("nanosleep");
	if (!hastens())
		return real(wait, left);
	slept_ns(wait->tv_sec * NS + wait->tv_nsec);
	return 0;
}

/* libcurl adds a descriptor by which it is woken; where there is no other no reply is under way. */
int
poll(struct pollfd *fds, nfds_t n, int wait_ms)
{
	static int (*real)(struct pollfd *, nfds_t, int);
	int ready;

	if (real == NULL)
		*(void **)&real = next("poll");
	if (!hastens() || n > 1 || wait_ms <= 0)
		return real(fds, n, wait_ms);
	if ((ready = real(fds, n, 0)) == 0)
		slept_ns(wait_ms * 1000000LL);
	return ready;
}

int
fsync(int fd)
{
	static int (*real)(int);
	static long calls;
	const char *late = getenv("CWS_LATE_SYNC"), *each = late != NULL ? strchr(late, '/') : NULL;
	long ms = late != NULL && (each == NULL || ++calls % atol(each + 1) == 0) ? atol(late) : 0;
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	if (real == NULL)
		*(void **)&real = next("fsync");
	while (nanosleep(&left, &left) != 0) /* a signal ends no fsync */
		continue;
	return real(fd);
}

static bool
is_lost(void)
{
	const char *path = getenv("CWS_LATE_LOST");
	struct stat st;

	return path != NULL && stat(path, &st) == 0 && st.st_size > 0;
}

/* The name that spool.c calls it by, whose offsets have 64 bits everywhere. */
ssize_t
pread64(int fd, void *p, size_t n, off64_t at)
{
	static ssize_t (*real)(int, void *, size_t, off64_t);

	if (real == NULL)
		*(void **)&real = next("pread64");
	if (is_lost()) {
		errno = EIO;
		return -1;
	}
	return real(fd, p, n, at);
}

ssize_t
send(int fd, const void *p, size_t n, int flags)
{
	static ssize_t (*real)(int, const void *, size_t, int);
	static bool full;

	if (real == NULL)
		*(void **)&real = next("send");
	if (getenv("CWS_LATE_ROOM") != NULL && !full && n > 4 && memcmp(p, "POST", 4) == 0) {
		full = true;
		errno = EAGAIN;
		return -1;
	}
	return real(fd, p, n, flags);
}
