/* tz.c - look up offsets in a zone's table of changes. */

#include "judge/tz.h"

#include <string.h>

#include "base/when.h"

void
tz_fixed(struct tz *tz, const char *name, int64_t offset_s)
{
	size_t n = strlen(name);

	if (n > TZ_NAME_MAX)
		n = TZ_NAME_MAX;
	memcpy(tz->name, name, n);
	tz->name[n] = '\0';
	tz->n = 1;
	tz->change[0].at_s = INT64_MIN;
	tz->change[0].offset_s = offset_s;
}

int
tz_add(struct tz *tz, int64_t at_s, int64_t offset_s)
{
	if (tz->n == TZ_CHANGES_MAX)
		return -1;
	tz->change[tz->n].at_s = at_s;
	tz->change[tz->n].offset_s = offset_s;
	tz->n++;
	return 0;
}

int64_t
tz_offset(const struct tz *tz, int64_t at_s)
{
	size_t i = tz->n - 1;

	while (i > 0 && at_s < tz->change[i].at_s)
		i--;
	return tz->change[i].offset_s;
}

int64_t
tz_wall(const struct tz *tz, int64_t at_s)
{
	return add_sat(at_s, tz_offset(tz, at_s));
}

int64_t
tz_instant(const struct tz *tz, int64_t wall_s)
{
	int64_t at = wall_s;
	size_t  i;

	/*
	 * In each stretch of one offset: when is wall_s reached, and is the stretch still on then?
	 */
	for (i = 0; i < tz->n; i++) {
		at = add_sat(wall_s, -tz->change[i].offset_s);
		if (at < tz->change[i].at_s)
			at = tz->change[i].at_s;
		if (i + 1 < tz->n && at < tz->change[i + 1].at_s)
			break;
	}
	return at;
}
