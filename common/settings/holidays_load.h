/* holidays_load.h - read a file of holidays: holidays.h says what may be in it. */

#ifndef CWS_HOLIDAYS_LOAD_H
#define CWS_HOLIDAYS_LOAD_H

#include <stdint.h>

#include "base/err.h"
#include "judge/holidays.h"

#define HOLIDAYS_FILE_MAX ((size_t)4 << 20)

/*
 * holidays_load - the days around an instant.  Warns (diag) of a file without any, or whose last
 * day has passed in UTC.  -1 with err (CWS_USAGE): "FILE:3: what was expected", or, of an iCalendar
 * file, the command that makes dates of it.
 */
int
holidays_load(struct holidays *h, const char *path, int64_t now_us, struct err *err);

#endif
