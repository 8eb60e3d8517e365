/* outcome.c - answers and later readings to results. */

#include "outcome.h"

#include <string.h>

const char *
result_name(enum result r)
{
	static const char *const name[RESULTS] = { "none", "stopped", "accepted", "would-stop", "already",
		"skipped",
		"refused", "unknown", "failed" };

	return name[r];
}

enum after
outcome_of(const struct answer *a)
{
	if (!a->answered)
		return a->fatal ? AFTER_END : a->unsent ? AFTER_RESEND : AFTER_LOOK;
	if (a->status >= 200 && a->status < 300)
		return a->coder && (a->status == 200 || a->status == 201) ? AFTER_ACCEPTED : AFTER_LOOK;
	if (a->status >= 300 && a->status < 400)
		return AFTER_END;
	switch (a->status) {
	case 401:
		return AFTER_END;
	case 408: /* a proxy's word for a request whose fate it does not know */
	case 409:
		return AFTER_LOOK;
	case 410:
		return AFTER_ALREADY;
	case 429:
		return AFTER_RESEND;
	default:
		return a->status >= 400 && a->status < 500 ? AFTER_FAILED : AFTER_LOOK;
	}
}

static bool
is_stop(const struct look *l)
{
	return strcmp(l->transition, "stop") == 0 || strcmp(l->transition, "delete") == 0;
}

static void
say_build(struct text *why, const struct look *l)
{
	text_put(why, " (build ");
	text_int(why, l->build_number);
	text_put(why, ", ");
	text_put(why, l->transition);
	text_put(why, ")");
}

/* 409: somebody's build is in the way. */
static enum result
after_conflict(const struct look *l, struct text *why)
{
	if (l->deleted || (l->readable && is_stop(l) &&
	                          (l->life == LIFE_CHANGING || l->life == LIFE_STOPPED))) {
		text_put(why, l->deleted ? "it was deleted meanwhile" : "a stop is under way or done");
		if (!l->deleted)
			say_build(why, l);
		return RESULT_ALREADY;
	}
	text_put(why, l->readable ? "another build is in the way" : "another build was active");
	if (l->readable)
		say_build(why, l);
	return RESULT_SKIPPED;
}

enum result
outcome_look(const struct answer *a, const struct look *l, int64_t was_number, struct text *why)
{
	if (a->answered && a->status == 409)
		return after_conflict(l, why);
	if (l->deleted) {
		text_put(why, "it was deleted meanwhile");
		return RESULT_ALREADY;
	}
	if (!l->readable) {
		text_put(why, "the answer was lost and the workspace cannot be read: "
			"nobody knows whether the stop arrived");
		return RESULT_UNKNOWN;
	}
	if (l->build_number == was_number) {
		if (a->answered && a->coder && a->status >= 500) {
			text_put(why, "the server failed and made no build");
			return RESULT_FAILED;
		}
		text_put(why, "the answer was lost and no new build is seen: the stop may still arrive");
		return RESULT_UNKNOWN;
	}
	if (l->build_number == was_number + 1 && l->ours && strcmp(l->transition, "stop") == 0) {
		text_put(why, "the answer was lost, the build is there");
		return RESULT_ACCEPTED;
	}
	if (l->build_number == was_number + 1) {
		text_put(why, l->anonymous ? "a build came, and whose it is cannot be read"
		                           : "somebody else's build came first");
		say_build(why, l);
		return is_stop(l) ? RESULT_ALREADY : RESULT_SKIPPED;
	}
	text_put(why, "the answer was lost and several builds came since");
	say_build(why, l);
	return RESULT_UNKNOWN;
}
