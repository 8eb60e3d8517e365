/* spelling.c - the edit distance, a row at a time. */

#include "base/spelling.h"

#include <string.h>

size_t
spelling_distance(const char *a, const char *b)
{
	size_t row[64], n = strlen(b), i, j, corner, up;

	if (n >= sizeof(row) / sizeof(row[0]))
		return n;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 1; *a != '\0'; a++, i++) {
		corner = row[0];
		row[0] = i;
		for (j = 1; j <= n; j++) {
			up = row[j];
			row[j] = corner + (*a != b[j - 1]);
			if (up + 1 < row[j])
				row[j] = up + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			corner = up;
		}
	}
	return row[n];
}
