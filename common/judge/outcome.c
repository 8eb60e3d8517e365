/* outcome.c - answers and later readings to results. */

#include "judge/outcome.h"

#include <string.h>

enum after
outcome_of(const struct answer *a)
{
	if (a->end != HTTP_ANSWERED)
		return a->end == HTTP_FATAL    ? AFTER_END
		       : a->end == HTTP_UNSENT ? AFTER_RESEND
		                               : AFTER_LOOK;
	if (a->status >= 200 && a->status < 300)
		return a->coder && (a->status == 200 || a->status == 201) ? AFTER_DONE : AFTER_LOOK;
	if (a->status >= 300 && a->status < 400)
		return AFTER_END;
	switch (a->status) {
	case 401:
		return a->token ? AFTER_END : AFTER_LOOK;
	/* words of a proxy, and of the server, for a request whose fate they do not know */
	case 408:
	case 409:
	case 417:
	case 425:
		return AFTER_LOOK;
	case 410:
		return a->coder ? AFTER_GONE : AFTER_FAILED;
	case 429:
		return AFTER_RESEND;
	default:
		return a->status >= 400 && a->status < 500 ? AFTER_FAILED : AFTER_LOOK;
	}
}

enum result
outcome_gone(enum action d)
{
	return d == ACTION_STOP ? RESULT_ALREADY : RESULT_SKIPPED;
}

static bool
is(const char *word, const char *one)
{
	return strcmp(word, one) == 0;
}

/* Does the latest build lead to what was wanted? */
static bool
leads_there(enum action d, const struct look *l)
{
	if (d == ACTION_STOP)
		return is(l->transition, "stop") || is(l->transition, "delete");
	return d == ACTION_START && is(l->transition, "start");
}

enum whose
outcome_whose(enum action d, const char *user, const char *transition, const char *initiator_id,
        const char *reason)
{
	const char *want = action_words(d)->transition;

	if (want == NULL || transition == NULL || !is(transition, want) ||
	        (reason != NULL && reason[0] != '\0' && !is(reason, "initiator")))
		return WHOSE_OTHERS;
	if (user[0] == '\0' || initiator_id == NULL || initiator_id[0] == '\0')
		return WHOSE_UNKNOWN;
	return strncmp(initiator_id, user, strlen(user)) == 0 ? WHOSE_OURS : WHOSE_OTHERS;
}

/* 409: somebody's build is in the way. */
static enum result
after_conflict(enum action d, const struct look *l, struct text *why)
{
	enum life there = d == ACTION_START ? LIFE_RUNNING : LIFE_STOPPED;

	if (l->readable && leads_there(d, l) && (l->life == LIFE_CHANGING || l->life == there)) {
		text_put(why, d == ACTION_STOP ? "a stop" : "a start");
		text_put(why, " is under way or done");
		action_put_build(why, l->build_number, l->transition);
		return RESULT_ALREADY;
	}
	text_put(why, l->readable ? "another build is in the way" : "another build was active");
	if (l->readable)
		action_put_build(why, l->build_number, l->transition);
	return RESULT_SKIPPED;
}

static enum result
unreadable(const char *noun, struct text *why)
{
	text_put(
	        why, "the answer was lost and the workspace cannot be read: nobody knows whether ");
	text_put(why, noun);
	text_put(why, " arrived");
	return RESULT_UNKNOWN;
}

/* Nothing has changed. */
static enum result
unchanged(const struct asked *q, const struct answer *a, const char *made, const char *seen,
        struct text *why)
{
	if (a->coder && a->status >= 500) {
		text_put(why, "the server failed and ");
		text_put(why, made);
		return RESULT_FAILED;
	}
	if (q->settled) {
		text_put(why, "it never arrived: ");
		text_put(why, seen);
		return RESULT_SKIPPED;
	}
	text_put(why, "the answer was lost and ");
	text_put(why, seen);
	text_put(why, ": ");
	text_put(why, action_words(q->action)->noun);
	text_put(why, " may still arrive");
	return RESULT_UNKNOWN;
}

static enum result
look_for_build(
        const struct asked *q, const struct answer *a, const struct look *l, struct text *why)
{
	if (l->build_number == q->was_number)
		return unchanged(q, a, "made no build", "no new build is seen", why);
	if (l->build_number < q->was_number) {
		text_put(why, "the answer was lost and the workspace has an older build now");
		action_put_build(why, l->build_number, l->transition);
		return RESULT_UNKNOWN;
	}
	if (l->ours == q->was_number + 1 && q->claimed) {
		text_put(why, "another run's request made the build that came");
		action_put_build(why, l->build_number, l->transition);
		return RESULT_ALREADY;
	}
	if (l->ours != 0) {
		text_put(why, "the answer was lost, the build is there");
		return RESULT_ACCEPTED;
	}
	if (!l->whole)
		return RESULT_NONE;
	text_put(why, l->anonymous ? "a build came that may be ours, and nobody can say whose it is"
	                           : "somebody else's build came first");
	action_put_build(why, l->build_number, l->transition);
	return l->anonymous                ? RESULT_UNKNOWN
	       : leads_there(q->action, l) ? RESULT_ALREADY
	                                   : RESULT_SKIPPED;
}

/* Both as records carry them, in whole seconds. */
static bool
same_second(struct when a, struct when b)
{
	return a.known == b.known && (!a.known || floor_s(a.us) == floor_s(b.us));
}

static enum result
look_for_deadline(
        const struct asked *q, const struct answer *a, const struct look *l, struct text *why)
{
	if (l->build_number != q->was_number) {
		text_put(why, "another build came meanwhile, with a deadline of its own");
		action_put_build(why, l->build_number, l->transition);
		return RESULT_SKIPPED;
	}
	if (same_second(l->deadline, q->after)) {
		text_put(why, "the answer was lost, the deadline is there");
		return action_words(q->action)->done;
	}
	if (same_second(l->deadline, q->before))
		return unchanged(q, a, "moved no deadline", "its deadline is the old one", why);
	text_put(why, "the answer was lost and its deadline is another now");
	if (l->deadline.known) {
		text_put(why, ": ");
		text_instant(why, l->deadline.us);
	}
	return RESULT_UNKNOWN;
}

enum result
outcome_look(const struct asked *q, const struct answer *a, const struct look *l, struct text *why)
{
	const struct action_words *words = action_words(q->action);

	if (l->deleted) {
		text_put(why, "it was deleted meanwhile");
		return outcome_gone(q->action);
	}
	if (a->status == 409 && a->coder) {
		if (words->transition != NULL)
			return after_conflict(q->action, l, why);
		/* stopped, building, or without one */
		text_put(why, "its deadline can no longer be moved");
		return RESULT_SKIPPED;
	}
	if (!l->readable)
		return unreadable(words->noun, why);
	return words->transition != NULL ? look_for_build(q, a, l, why)
	                                 : look_for_deadline(q, a, l, why);
}
