/*
 * age.h - may an answer have come from a cache?  Pure.
 *
 * RFC 9111, 5.1: an answer with an Age was not made by the server for this request.  To a cache,
 * which asks how long it may still serve what it has, it says to take the first of several and to
 * ignore what is malformed.  We ask whether a look is one, and a workspace is stopped on the
 * answer: so the largest counts, and what nobody can read may be any age.
 */

#ifndef CWS_AGE_H
#define CWS_AGE_H

#include <stdint.h>

#define AGE_MOST_S 86400 /* an Age is read up to this */
#define AGE_UNKNOWN (-1) /* a cache had it, for nobody knows how long */

/*
 * age_with - the age of an answer that has this Age too, a number of seconds or several with commas
 * between them.  age_s: what those before it came to, 0 at first.  Returns 0 to AGE_MOST_S, or
 * AGE_UNKNOWN where one is malformed and none that can be read is over 0.
 */
int64_t
age_with(int64_t age_s, const char *value);

#endif
