/* wipe.c - the one use of explicit_bzero. */

#define _DEFAULT_SOURCE /* explicit_bzero */

#include "base/wipe.h"

#include <stdlib.h>
#include <string.h>

void
wipe(void *p, size_t n)
{
	explicit_bzero(p, n);
}

void
wipe_free(char *text)
{
	if (text != NULL)
		wipe(text, strlen(text));
	free(text);
}
