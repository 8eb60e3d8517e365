/* age.c - the largest of all that are given. */

#include "net/age.h"

#include <string.h>

#define BLANKS " \t\r\n"

/* The number that stands between here and the comma, or the end; else AGE_UNKNOWN. */
static int64_t
read_one(const char *p)
{
	int64_t s = 0;

	if (*p < '0' || *p > '9')
		return AGE_UNKNOWN;
	for (; *p >= '0' && *p <= '9'; p++)
		s = s < AGE_MOST_S ? s * 10 + (*p - '0') : s;
	p += strspn(p, BLANKS);
	if (*p != ',' && *p != '\0')
		return AGE_UNKNOWN;
	return s < AGE_MOST_S ? s : AGE_MOST_S;
}

/* What nobody can read is older than 0, and less to tell than a number. */
static int64_t
older(int64_t a, int64_t b)
{
	if (a > 0 || b > 0)
		return a > b ? a : b;
	return a < b ? a : b;
}

int64_t
age_with(int64_t age_s, const char *value)
{
	for (;; value++) {
		value += strspn(value, BLANKS);
		age_s = older(age_s, read_one(value));
		value += strcspn(value, ",");
		if (*value == '\0')
			return age_s;
	}
}
