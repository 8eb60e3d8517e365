/*
 * ascii.h - names compared without regard to ASCII case.  Pure.
 *
 * Coder's names are ASCII and its look-ups ignore case; other bytes count as
 * they are.
 */

#ifndef CWS_ASCII_H
#define CWS_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline unsigned char
ascii_lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static inline bool
ascii_same(const char *a, const char *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	return true;
}

#endif
