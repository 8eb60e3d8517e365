/* spelling.c - the edit distance, a row at a time. */

#include "base/spelling.h"

#include <string.h>

enum { ROOM = 64 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
spelling_distance(const char *a, const char *b)
{
	size_t rows[3][ROOM], *before = rows[0], *last = rows[1], *row = rows[2], *oldest;
	size_t n = strlen(b), i, j;

	if (n >= ROOM)
		return n;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 1; *a != '\0'; a++, i++) {
		oldest = before;
		before = last;
		last = row;
		row = oldest;
		row[0] = i;
		for (j = 1; j <= n; j++) {
			row[j] = least(
			        last[j - 1] + (*a != b[j - 1]), least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && *a == b[j - 2] && a[-1] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[n];
}
