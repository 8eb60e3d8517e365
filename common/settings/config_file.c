/* config_file.c - find the settings file and read it whole. */

#include "settings/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

static char *
join(const char *dir, const char *rest)
{
	struct buf b;

	buf_init(&b, BUF_RECORD_MAX);
	buf_puts(&b, dir);
	buf_puts(&b, rest);
	return b.p;
}

static int
read_all(struct config_file *f, int fd, struct err *err)
{
	char    chunk[16384];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(
			        err, CWS_USAGE, "%s: cannot read: %s", f->path, strerror(errno));
		buf_put(&f->text, chunk, (size_t)n);
		if (f->text.over)
			return err_set(err, CWS_USAGE,
			        "%s: longer than 1 MiB: expected a settings file", f->path);
	}
	return 0;
}

/* Read the file at f->path.  0; -1 with err; 1 when it may be missing and is. */
static int
read_file(struct config_file *f, bool may_miss, struct err *err)
{
	struct stat st;
	int         status, fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	/* A link to nowhere is there: somebody wanted these settings. */
	if (fd < 0 && may_miss && (errno == ENOENT || errno == ENOTDIR) && lstat(f->path, &st) != 0)
		return 1;
	if (fd < 0)
		return err_set(err, CWS_USAGE, "%s: cannot read: %s", f->path, strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		status = err_set(err, CWS_USAGE, "%s: is a directory: expected a file", f->path);
	else
		status = read_all(f, fd, err);
	close(fd);
	return status;
}

/*
 * The user's own place, owned by the caller; NULL without a home.
 * A relative XDG_CONFIG_HOME does not count: XDG Base Directory Specification.
 */
static char *
home_path(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (xdg != NULL && xdg[0] == '/')
		return join(xdg, "/cws/config.json");
	return home != NULL && home[0] == '/' ? join(home, "/.config/cws/config.json") : NULL;
}

int
config_file_read(struct config_file *f, const char *option, struct err *err)
{
	const char *environment = getenv("CWS_CONFIG");
	char       *usual[2];
	size_t      i;
	int         status = 1;

	f->path = NULL;
	f->named = option != NULL ? "option" : "environment";
	buf_init(&f->text, CONFIG_FILE_MAX);
	if (option == NULL && environment != NULL && environment[0] != '\0')
		option = environment;
	if (option != NULL) {
		f->path = xstrdup(option);
		return read_file(f, false, err);
	}
	f->named = "default";
	usual[0] = home_path();
	usual[1] = xstrdup("/etc/cws/config.json");
	for (i = 0; i < 2 && status == 1; i++) {
		free(f->path);
		f->path = usual[i];
		usual[i] = NULL;
		if (f->path != NULL)
			status = read_file(f, true, err);
	}
	free(usual[1]);
	if (status == 1) {
		free(f->path);
		f->path = NULL;
		status = 0;
	}
	return status;
}

void
config_file_release(struct config_file *f)
{
	free(f->path);
	f->path = NULL;
	buf_release(&f->text);
}
