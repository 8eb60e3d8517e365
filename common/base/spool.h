/*
 * spool.h - lines held for later: in memory while they are few, else in a file.
 *
 * Up to SPOOL_IN_MEMORY bytes stay in memory.  Beyond, they go into a file of mode
 * 0600 that has no name any more, so that it ends with the process: in $TMPDIR where
 * that is set, else in /var/tmp, else in /tmp, which is memory again on many systems.
 * A program that holds its input needs room there, not memory.
 * Stands in base/ because filters hold lines too, and they link nothing of books/.
 */

#ifndef CWS_SPOOL_H
#define CWS_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

#define SPOOL_IN_MEMORY ((size_t)32 << 20)

/* Where a line lies. */
struct spool_place {
	uint64_t at;
	size_t   n;
};

/* All zero is an empty one. */
struct spool {
	char    *tail; /* owned: the bytes behind ->filed, which are not in the file */
	size_t   n, room;
	uint64_t filed; /* bytes in the file */
	bool     open;  /* there is a file */
	int      fd;
	char    *window; /* owned: bytes of the file as last read */
	size_t   window_n, window_room;
	uint64_t window_at, next; /* next: behind the line that was taken last */
};

/*
 * spool_put - hold a copy of n bytes.  -1 with err (CWS_FAIL) when there is no room for it; what
 * was put before stays.
 */
int
spool_put(struct spool *s, const char *p, size_t n, struct spool_place *place, struct err *err);

/*
 * spool_get - the bytes at place, with a NUL behind them; borrowed until the next call for
 * this spool.  Cheapest in the order they were put in.  -1 with err (CWS_FAIL) when the
 * file cannot be read.
 */
int
spool_get(struct spool *s, struct spool_place place, struct slice *line, struct err *err);

/* spool_release - free the memory and the file; the spool is empty. */
void
spool_release(struct spool *s);

#endif
