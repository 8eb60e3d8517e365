/*
 * redirect.h - what a redirect means, in a sentence that says what to do.
 *
 * Redirects are never followed.  Coder's own leads to the same path at its access
 * URL; any other is somebody who stands before Coder and wants a login first, or a
 * wrong URL.  Only the origin is shown: paths and queries of logins hold secrets.
 */

#ifndef CWS_REDIRECT_H
#define CWS_REDIRECT_H

#include <stddef.h>

/* redirect_say - location: where to, an absolute URL; NULL when the reply names no place. */
void
redirect_say(int status, const char *location, char *out, size_t size);

#endif
