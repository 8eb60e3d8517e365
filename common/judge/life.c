/* life.c - status and transition to what they mean together. */

#include "judge/life.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool
is(const char *word, const char *one)
{
	return strcmp(word, one) == 0;
}

enum life
life_of(const char *status, const char *transition)
{
	static const char *const changing[] = { "pending", "starting", "stopping", "canceling",
		"deleting" };
	size_t                   i;

	if (status == NULL || transition == NULL)
		return LIFE_UNKNOWN;
	for (i = 0; i < sizeof(changing) / sizeof(changing[0]); i++)
		if (is(status, changing[i]))
			return LIFE_CHANGING;
	if (is(status, "running"))
		return is(transition, "start") ? LIFE_RUNNING : LIFE_UNKNOWN;
	if (is(status, "stopped") || is(status, "deleted"))
		return LIFE_STOPPED;
	if (is(status, "failed") || is(status, "canceled"))
		return is(transition, "stop")    ? LIFE_STUCK
		       : is(transition, "start") ? LIFE_FAILED
		                                 : LIFE_UNKNOWN;
	return LIFE_UNKNOWN;
}
