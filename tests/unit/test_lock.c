/* test_lock.c - which file is the lock, and what is not taken for one. */

#include "books/lock.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define NOBODY 65534 /* who else there is, where the test is run by root */
#define NAME "cws-coder.example.com-443.lock"

static char base[] = "/tmp/test_lock.XXXXXX";

/* A path in a directory below base; a few live at a time. */
static const char *
at(const char *dir, const char *name)
{
	static char     path[4][200];
	static unsigned turn;
	char           *p = path[turn++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s%s%s", base, dir, name[0] != '\0' ? "/" : "", name);
	return p;
}

static void
make_dir(const char *dir, mode_t mode)
{
	if (mkdir(at(dir, ""), 0700) != 0 || chmod(at(dir, ""), mode) != 0)
		abort();
}

static void
make_file(const char *dir, mode_t mode, uid_t owner)
{
	int                   fd = open(at(dir, NAME), O_CREAT | O_WRONLY | O_EXCL, 0600);
	const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };

	if (fd == -1 || fchmod(fd, mode) != 0 || (owner != geteuid() && fchown(fd, owner, (gid_t)-1) != 0) ||
	        futimens(fd, old) != 0)
		abort();
	close(fd);
}

static bool
is_there(const char *dir)
{
	struct stat st;

	return lstat(at(dir, NAME), &st) == 0;
}

static time_t
date_of(const char *dir)
{
	struct stat st;

	return stat(at(dir, NAME), &st) == 0 ? st.st_mtime : 0;
}

/* Take it in the first of two directories that will do; the descriptor, or -1. */
static int
take(const char *first, const char *second, struct err *err)
{
	const char *const place[] = { at(first, ""), at(second, ""), NULL };

	*err = (struct err){ .text = "" };
	return lock_take_in(place, "https://coder.example.com", err);
}

static void
test_names(void)
{
	static const struct {
		const char *origin, *name;
	} rows[] = {
		{ "https://coder.example.com", NAME },
		{ "http://coder.example.com", "cws-coder.example.com-80.lock" },
		{ "https://coder.example.com:8443", "cws-coder.example.com-8443.lock" },
		{ "http://127.0.0.1:3000", "cws-127.0.0.1-3000.lock" },
		{ "https://[::1]", "cws-::1-443.lock" },
		{ "https://[::1]:8443", "cws-::1-8443.lock" },
	};
	size_t i;

	make_dir("names", 0700);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *const place[] = { at("names", ""), NULL };
		struct err        err = { .text = "" };
		struct stat       st;
		int               fd = lock_take_in(place, rows[i].origin, &err);

		CHECK(rows[i].origin, fd != -1, "%s", err.text);
		CHECK(rows[i].origin, stat(at("names", rows[i].name), &st) == 0, "no %s", rows[i].name);
		CHECK(rows[i].origin, (st.st_mode & 07777) == 0644, "mode %o", (unsigned)st.st_mode);
		close(fd);
		unlink(at("names", rows[i].name));
	}
}

static void
test_places(void)
{
	struct err err;
	int        fd, second;

	make_dir("run", 01777);
	make_dir("own", 0700);
	fd = take("absent", "own", &err);
	CHECK("the first is absent", fd != -1 && is_there("own"), "%s", err.text);
	close(fd);
	fd = take("run", "own", &err);
	CHECK("the first will do", fd != -1 && is_there("run"), "%s", err.text);
	second = take("run", "own", &err);
	CHECK("held, and the other place is free", second == -1 && err.status == CWS_REFUSED, "%s", err.text);
	CHECK("who holds it", strstr(err.text, "another run is at work") != NULL, "%s", err.text);
	close(fd);
	fd = take("run", "own", &err);
	CHECK("it ends with its descriptor", fd != -1, "%s", err.text);
	close(fd);
	CHECK("no place", take("absent", "absent", &err) == -1 && err.status == CWS_FAIL, "%s", err.text);
}

static void
test_other_things(void)
{
	struct err err;
	int        fd;

	make_dir("link", 0700);
	if (symlink(at("own", "elsewhere"), at("link", NAME)) != 0)
		abort();
	CHECK("a link", take("link", "own", &err) == -1 && err.status == CWS_FAIL, "taken");
	CHECK("is not followed", access(at("own", "elsewhere"), F_OK) != 0, "made");
	make_dir("pipe", 0700);
	if (mkfifo(at("pipe", NAME), 0600) != 0)
		abort();
	CHECK("a pipe", take("pipe", "own", &err) == -1 && strstr(err.text, "not a file") != NULL, "%s", err.text);

	make_dir("dated", 0700);
	make_file("dated", 0644, geteuid());
	fd = take("dated", "own", &err);
	CHECK("the date is renewed", fd != -1 && date_of("dated") > 1000000, "%lld", (long long)date_of("dated"));
	close(fd);
}

/* What another user made, or may not: the test has to be root's to be two users. */
static void
test_users(void)
{
	struct err err;
	int        fd;

	make_dir("sticky", 01777);
	make_file("sticky", 0644, 0);
	make_dir("closed", 0755);
	make_dir("secret", 0700);
	make_dir("kept", 0755);
	make_file("kept", 0644, 0);
	make_dir("unreadable", 01777);
	make_file("unreadable", 0600, 0);
	make_dir("mine", 0777);
	if (chmod(base, 0755) != 0 || seteuid(NOBODY) != 0)
		abort();
	fd = take("sticky", "mine", &err);
	CHECK("another's, in a directory for all", fd != -1 && date_of("sticky") == 1000, "%s", err.text);
	close(fd);
	fd = take("kept", "mine", &err);
	CHECK("it may not be written, but holds the file", fd != -1 && !is_there("mine"), "%s", err.text);
	close(fd);
	CHECK("it cannot be read", take("unreadable", "mine", &err) == -1 && err.status == CWS_FAIL &&
		strstr(err.text, "Permission denied") != NULL, "%s", err.text);
	fd = take("closed", "mine", &err);
	CHECK("it may not be written", fd != -1 && is_there("mine"), "%s", err.text);
	close(fd);
	fd = take("secret", "mine", &err);
	CHECK("it may not be searched", fd != -1, "%s", err.text);
	close(fd);
	if (seteuid(0) != 0)
		abort();
	fd = take("mine", "sticky", &err);
	CHECK("root takes a user's", fd != -1, "%s", err.text);
	close(fd);
}

int
main(void)
{
	char command[200];

	if (mkdtemp(base) == NULL)
		abort();
	test_names();
	test_places();
	test_other_things();
	if (geteuid() == 0)
		test_users();
	snprintf(command, sizeof(command), "rm -rf %s", base);
	if (system(command) != 0)
		abort();
	return CHECK_DONE();
}
