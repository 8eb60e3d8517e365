/*
 * origin.h - the origin of a URL: scheme://host[:port], lower case, default port dropped.
 *
 * libcurl is used here to take URLs apart, never to transfer.
 */

#ifndef CWS_ORIGIN_H
#define CWS_ORIGIN_H

#include <stdbool.h>

#include "base/err.h"

/*
 * origin_parse - the origin of a URL, owned by the caller; NULL with err
 * (CWS_USAGE) when it is no http or https URL, has a user, a password, a query,
 * a fragment, port 0 or (unless path_ok) a path.  A password is in no message.
 */
char *
origin_parse(const char *url, int path_ok, struct err *err);

/*
 * origin_is_loopback - does what is sent to this origin never leave the machine?  However it is
 * written; libcurl has already made 127.0.0.1 of 127.1, 0x7f.1 and 2130706433.
 */
bool
origin_is_loopback(const char *origin);

#endif
