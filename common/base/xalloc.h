/*
 * xalloc.h - memory, or the end of the program.
 *
 * None of these programs can do anything useful without memory, so a failed
 * allocation ends with one message and CWS_FAIL, after the function that
 * xalloc_at_failure named.  Sizes are checked for overflow.  Every pointer returned
 * is owned by the caller, freed with free().
 */

#ifndef CWS_XALLOC_H
#define CWS_XALLOC_H

#include <stddef.h>

/* xcalloc - n zeroed elements of size bytes; n or size may be 0. */
void *
xcalloc(size_t n, size_t size);

/* xrealloc - grow or shrink p (taken) to n elements of size bytes. */
void *
xrealloc(void *p, size_t n, size_t size);

/* xstrdup - a copy of s; xmemdup0 - a copy of n bytes with a NUL behind them. */
char *
xstrdup(const char *s);
char *
xmemdup0(const char *p, size_t n);

/*
 * xalloc_at_failure - have last(arg) called, without memory to be had, before a failed
 * allocation ends the program: so that what depends on it learns of the end.  One
 * at a time; NULL: none.
 */
void
xalloc_at_failure(void (*last)(void *arg), void *arg);

/* xalloc_fail - end the program so: a library could not get its memory. */
void
xalloc_fail(void) __attribute__((noreturn));

#endif
