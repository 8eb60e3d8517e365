/* wipe.c - the one use of explicit_bzero. */

#define _DEFAULT_SOURCE /* explicit_bzero */

#include "wipe.h"

#include <string.h>

void
wipe(void *p, size_t n)
{
	explicit_bzero(p, n);
}
