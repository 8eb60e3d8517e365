/*
 * replacefile.h - a file that others read appears whole, or stays as it was.
 */

#ifndef CWS_REPLACEFILE_H
#define CWS_REPLACEFILE_H

#include <stddef.h>

#include "base/err.h"

/*
 * replacefile_write - let the file be these n bytes: written beside it, on disk,
 * renamed.  Links are followed.  A new file is 0600, an old one keeps its mode; what is
 * no regular file (a device, a pipe) is written to.  -1 with err (CWS_FAIL), and nothing is left
 * beside it.
 */
int
replacefile_write(const char *path, const char *p, size_t n, struct err *err);

#endif
