/* xalloc.c - allocate or exit. */

#include "base/xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/exit.h"

static struct {
	void (*last)(void *arg);
	void *arg;
} at_failure;

void
xalloc_at_failure(void (*last)(void *arg), void *arg)
{
	at_failure.last = last;
	at_failure.arg = arg;
}

void
xalloc_fail(void)
{
	void (*last)(void *arg) = at_failure.last;

	at_failure.last = NULL; /* if that needs memory after all, once is enough */
	diag_error("out of memory");
	if (last != NULL)
		last(at_failure.arg);
	exit(CWS_FAIL);
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (p == NULL)
		xalloc_fail();
	return p;
}

void *
xrealloc(void *p, size_t n, size_t size)
{
	void *q;

	if (size != 0 && n > SIZE_MAX / size)
		xalloc_fail();
	q = realloc(p, n == 0 || size == 0 ? 1 : n * size);
	if (q == NULL)
		xalloc_fail();
	return q;
}

char *
xmemdup0(const char *p, size_t n)
{
	char *q = xrealloc(NULL, n + 1, 1);

	if (n != 0)
		memcpy(q, p, n);
	q[n] = '\0';
	return q;
}

char *
xstrdup(const char *s)
{
	return xmemdup0(s, strlen(s));
}
