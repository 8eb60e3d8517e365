/* xalloc.c - allocate or exit. */

#include "xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "exit.h"

static void
out_of_memory(void)
{
	diag_error("out of memory");
	exit(CWS_FAIL);
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *
xrealloc(void *p, size_t n, size_t size)
{
	void *q;

	if (size != 0 && n > SIZE_MAX / size)
		out_of_memory();
	q = realloc(p, n == 0 || size == 0 ? 1 : n * size);
	if (q == NULL)
		out_of_memory();
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
