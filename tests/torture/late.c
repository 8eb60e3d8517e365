/*
 * late.c - a disk and a clock as they are at bad times, preloaded into a program under test.
 *
 *	CWS_LATE_SYNC=3000   fsync takes so many milliseconds longer; 3000/40: each fortieth does
 *	CWS_LATE_SLEPT=FILE  the machine slept for so many seconds as FILE says now: CLOCK_REALTIME and
 *	                     CLOCK_BOOTTIME are ahead by that, CLOCK_MONOTONIC has not moved
 *	CWS_LATE_ROOM=1      the socket has no room at first for the first POST
 *	CWS_LATE_LOST=FILE   once there is anything in this file, what was spooled cannot be read back
 *
 * What libraries call among themselves comes here too, so that libcurl's clock stands still as well.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
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

/* Read each time: a test writes it while the program runs. */
static long
slept_s(void)
{
	const char *path = getenv("CWS_LATE_SLEPT");
	char        text[24] = "";
	int         fd;
	ssize_t     n;

	if (path == NULL || (fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	return n > 0 ? atol(text) : 0;
}

int
clock_gettime(clockid_t id, struct timespec *t)
{
	static int (*real)(clockid_t, struct timespec *);
	int status;

	if (real == NULL)
		*(void **)&real = next("clock_gettime");
	status = real(id, t);
	if (status == 0 && (id == CLOCK_REALTIME || id == CLOCK_BOOTTIME))
		t->tv_sec += slept_s();
	return status;
}

int
fsync(int fd)
{
	static int (*real)(int);
	static long calls;
	const char *late = getenv("CWS_LATE_SYNC"), *each = late != NULL ? strchr(late, '/') : NULL;
	long        ms = late != NULL && (each == NULL || ++calls % atol(each + 1) == 0) ? atol(late) : 0;
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
