/* holidays_load.c - a file's bytes for holidays.c. */

#include "settings/holidays_load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/when.h"

static int
read_all(struct buf *b, const char *path, struct err *err)
{
	char    part[8192];
	ssize_t n = -1;
	int     fd = open(path, O_RDONLY | O_CLOEXEC), why;

	if (fd < 0)
		return err_set(err, CWS_USAGE, "%s: cannot open: %s", path, strerror(errno));
	while (!b->over && ((n = read(fd, part, sizeof(part))) > 0 || (n < 0 && errno == EINTR)))
		if (n > 0)
			buf_put(b, part, (size_t)n);
	why = errno;
	close(fd);
	if (b->over)
		return err_set(err, CWS_USAGE, "%s: expected a file of at most %zu MiB", path,
		        HOLIDAYS_FILE_MAX >> 20);
	return n < 0 ? err_set(err, CWS_USAGE, "%s: cannot read: %s", path, strerror(why)) : 0;
}

int
holidays_load(struct holidays *h, const char *path, int64_t now_us, struct err *err)
{
	struct buf  b;
	int64_t     now_s = floor_s(now_us);
	const char *fault;
	int         status;

	buf_init(&b, HOLIDAYS_FILE_MAX);
	status = read_all(&b, path, err);
	if (status == 0) {
		fault = holidays_parse(h, buf_text(&b), b.n, floor_day(now_s));
		if (fault != NULL)
			status = err_set(err, CWS_USAGE, "%s:%zu: %s", path, h->line, fault);
	}
	buf_release(&b);
	return status;
}
