/* undo.c - what a run did, what is seen now, and whether the one may be taken back. */

#include "judge/undo.h"

#include <string.h>

static bool
is(const char *word, const char *one)
{
	return strcmp(word, one) == 0;
}

bool
undo_asked(const struct undo_record *run, enum action *action, struct text *why)
{
	if (is(run->result, "accepted") || is(run->result, "stopped")) {
		*action = ACTION_START;
		if (run->build_id[0] == '\0') {
			text_put(why, "the record does not say which build the stop made");
		} else if (run->was_number != 0 && run->build_number > run->was_number + 1) {
			/*
			 * Whether anything ran then is not known: maybe somebody had stopped it
			 * before.
			 */
			text_put(why, "another build came before its stop: look at it");
		} else {
			return true;
		}
	} else if (is(run->result, "softened")) {
		*action = ACTION_RESTORE;
		if (run->before.known && run->after.known)
			return true;
		text_put(why, "the record does not say which deadline was shortened to which");
	} else if (is(run->result, "failed") && run->build_id[0] == '\0') {
		text_put(why, "the run did not stop it: the request failed");
	} else if (is(run->result, "failed")) {
		text_put(why, "its stop failed: what runs there needs a person's eye");
	} else if (is(run->result, "unknown")) {
		text_put(why, "nobody knows whether the run stopped it: look at it");
	} else if (run->result[0] == '\0') {
		text_put(why, "no stop on it");
	} else {
		text_put(why, "the run did not stop it: ");
		text_put(why, run->result);
	}
	return false;
}

bool
undo_ran(enum life was, struct text *why)
{
	if (was == LIFE_RUNNING)
		return true;
	text_put(why, was == LIFE_UNKNOWN || was == LIFE_CHANGING
	                      ? "nobody knows whether it was running when it was stopped"
	                      : "it was not running when it was stopped");
	if (was == LIFE_FAILED || was == LIFE_STUCK)
		text_put(why, was == LIFE_FAILED ? ": its start had failed"
		                                 : ": the stop before had failed");
	return false;
}

static enum undo
no(struct text *why, const char *reason)
{
	text_put(why, reason);
	return UNDO_NO;
}

static enum undo
other_build(const struct undo_facts *f, struct text *why)
{
	bool start = is(f->transition, "start");

	if (start && (f->life == LIFE_RUNNING || f->life == LIFE_CHANGING)) {
		text_put(why, f->life == LIFE_RUNNING ? "somebody started it already"
		                                      : "somebody's start is under way");
		action_put_build(why, f->build_number, f->transition);
		return UNDO_ALREADY;
	}
	text_put(why, "its latest build is not the stop of that run");
	action_put_build(why, f->build_number, f->transition);
	return UNDO_NO;
}

static enum undo
may_start(const struct undo_record *run, const struct undo_facts *f, struct text *why)
{
	if (!is(f->build_id, run->build_id))
		return other_build(f, why);
	switch (f->life) {
	case LIFE_STOPPED:
		return UNDO_GO;
	case LIFE_CHANGING:
		return UNDO_LATER;
	case LIFE_STUCK:
		return no(why, "its stop failed: what runs there needs a person's eye");
	default:
		return no(why, "its state is not known");
	}
}

static enum undo
may_restore(
        const struct undo_record *run, const struct undo_facts *f, int64_t now_us, struct text *why)
{
	if (f->life != LIFE_RUNNING)
		return no(why, "it does not run any more");
	if (f->deadline.known && floor_s(f->deadline.us) == floor_s(run->before.us)) {
		text_put(why, "its old deadline is back already");
		return UNDO_ALREADY;
	}
	if (!f->deadline.known || floor_s(f->deadline.us) != floor_s(run->after.us)) {
		text_put(why, "its deadline was moved since: ");
		if (f->deadline.known)
			text_instant(why, f->deadline.us);
		else
			text_put(why, "it has none");
		return UNDO_NO;
	}
	if (run->before.us < add_sat(now_us, UNDO_AHEAD_S * US_PER_S)) {
		text_put(why, "its old deadline is less than ");
		text_span(why, UNDO_AHEAD_S);
		text_put(why, " ahead: ");
		text_instant(why, run->before.us);
		return UNDO_NO;
	}
	return UNDO_GO;
}

enum undo
undo_holds(const struct undo_record *run, enum action action, const struct undo_facts *fresh,
        int64_t now_us, struct text *why)
{
	if (fresh->owner != OWNER_SAME)
		return no(why, fresh->owner == OWNER_ANOTHER
		                       ? "it has another owner now"
		                       : "the record does not say whose workspace it was");
	if (fresh->prebuild)
		return no(why, "it is a prebuilt workspace");
	return action == ACTION_START ? may_start(run, fresh, why)
	                              : may_restore(run, fresh, now_us, why);
}
