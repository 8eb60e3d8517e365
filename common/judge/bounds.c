/* bounds.c - comparisons, and sentences that name the flag. */

#include "judge/bounds.h"

static bool
over(struct text *why, int64_t bound, const char *unit, const char *flag)
{
	text_put(why, ", more than ");
	text_int(why, bound);
	text_put(why, unit);
	text_put(why, ": look at them first, and if all of them are meant raise ");
	text_put(why, flag);
	return false;
}

static void
say_due(struct text *why, int64_t due, const char *owner)
{
	text_int(why, due);
	text_put(why, due == 1 ? " workspace" : " workspaces");
	text_put(why, owner != NULL ? " of " : "");
	text_put(why, owner);
	text_put(why, due == 1 ? " is due" : " are due");
}

bool
bounds_total(const struct bounds *b, int64_t due, struct text *why)
{
	if (due <= b->max)
		return true;
	say_due(why, due, NULL);
	return over(why, b->max, "", "--max");
}

bool
bounds_owner(const struct bounds *b, const char *owner, int64_t due, struct text *why)
{
	if (b->max_per_owner < 0 || due <= b->max_per_owner)
		return true;
	say_due(why, due, owner);
	return over(why, b->max_per_owner, "", "--max-per-owner");
}

bool
bounds_percent(const struct bounds *b, int64_t due, int64_t running, struct text *why)
{
	if (b->max_percent < 0 || due == 0)
		return true;
	if (running < 0) {
		text_put(why, "the server does not say how many workspaces run, so --max-percent "
		              "cannot be kept");
		return false;
	}
	if (due * 100 <= b->max_percent * running)
		return true;
	say_due(why, due, NULL);
	text_put(why, " of the ");
	text_int(why, running);
	text_put(why, " that run");
	return over(why, b->max_percent, "%", "--max-percent");
}
