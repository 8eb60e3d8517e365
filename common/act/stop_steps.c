/* stop_steps.c - records to stops. */

#include "act/stop_steps.h"

#include <stdio.h>
#include <string.h>

#include "judge/stop.h"

/* The verdict's own, or as much as it says; NULL: none is asked for one. */
static void
put_reason(struct text *why, const struct verdict_seen *v)
{
	if (v == NULL) {
		text_put(why, "chosen by --force");
	} else if (v->why[0] != '\0' || v->state[0] != '\0') {
		text_put(why, v->why[0] != '\0' ? v->why : v->state);
	} else {
		text_put(why, v->name);
		text_put(why, " says that it is due");
	}
}

/* What a record says beside its verdicts and facts. */
struct fetched {
	struct when at;
	bool        dated;  /* it has an at, which may be none */
	const char *result; /* of a run before this one; "" when absent */
	int64_t     soft_s; /* the --soft of its plan; 0: none */
};

static const struct fact fetched_fact[] = {
	FACT(struct fetched, at, ".cws.fetch.at"),
	FACT_IS_KNOWN(struct fetched, dated, ".cws.fetch.at"),
	FACT_OR_EMPTY(struct fetched, result, ".cws.stop.result"),
	FACT(struct fetched, soft_s, ".cws.stop.soft_s"),
};

static const struct fact_table fetched_table = FACT_TABLE(fetched_fact);

/* An at before 1970 is none as a fact, and yet too old. */
static int
read_fetched(struct rec *rec, struct fetched *out, struct err *err)
{
	if (rec_read(rec, &fetched_table, out, err) != 0)
		return -1;
	if (out->dated && !out->at.known)
		out->at = when_at(0);
	return 0;
}

/*
 * What a run before this one, a dry run as a rule, said of the record: its exclusions hold, its
 * --soft has to be meant, also where it skipped the record.
 */
static void
read_plan(
        struct stop_steps *s, const struct fetched *plan, struct stop_verdicts v, struct item *item)
{
	size_t i;

	if ((plan->soft_s != 0 && plan->soft_s != s->soft_s) ||
	        (s->soft_s == 0 && strcmp(plan->result, result_name(RESULT_WOULD_SOFTEN)) == 0))
		s->guard->soft_plan = true;
	for (i = 0; i < v.n; i++)
		if (v.rule[i].keep &&
		        strcmp(v.rule[i].name, action_words(ACTION_STOP)->member) == 0)
			item->vetoed = true;
}

int
stop_steps_judge(void *ctx, struct batch *b, struct rec *rec, struct item *item, struct err *err)
{
	struct stop_steps      *s = ctx;
	const struct stop_terms terms = { s->guard->now_us, s->max_age_s, s->force };
	struct stop_verdicts    v;
	struct stop_facts       facts;
	struct fetched          fetched;
	size_t                  first;
	enum stop_asked         asked;
	int                     vetoed;

	item->action = s->soft_s != 0 ? ACTION_SOFTEN : ACTION_STOP;
	if (rec_verdicts(rec, &v.rule, &v.n, err) != 0 || facts_stop(rec, &facts, err) != 0 ||
	        read_fetched(rec, &fetched, err) != 0 || guard_origin(s->guard, rec, err) != 0)
		return -1;
	read_plan(s, &fetched, v, item);
	vetoed = guard_vetoed(s->guard, item, rec, err);
	if (vetoed < 0)
		return -1;
	b->unjudged += v.n == 0 && !s->force;
	if (vetoed != 0) {
		item->kept = item->vetoed = true;
		batch_close(b, item, RESULT_SKIPPED, NULL);
		return 0;
	}
	asked = stop_asked(v, fetched.at, &terms, &first, &item->why);
	item->kept = asked == STOP_KEPT;
	if (asked == STOP_DUE) {
		put_reason(&item->why, first == v.n ? NULL : &v.rule[first]);
		sharing_note(&s->guard->shared, rec);
	} else {
		batch_close(b, item, RESULT_SKIPPED, NULL);
	}
	item->due = asked == STOP_DUE || asked == STOP_STALE;
	if (item->due)
		snprintf(item->rule, sizeof(item->rule), "%s",
		        first == v.n ? "force" : v.rule[first].name);
	return 0;
}

struct bump {
	int64_t ms;
	bool    known;
};

static const struct fact bump_fact[] = {
	FACT(struct bump, ms, ".cws.fetch.template.activity_bump_ms"),
	FACT_IS_KNOWN(struct bump, known, ".cws.fetch.template.activity_bump_ms"),
};

static const struct fact_table bump_table = FACT_TABLE(bump_fact);

/* Does use of the workspace move its deadline?  Only a template that is known not to says no. */
static int
has_no_bump(struct rec *judged, bool *no_bump, struct err *err)
{
	struct bump bump;

	if (rec_read(judged, &bump_table, &bump, err) != 0)
		return -1;
	*no_bump = bump.known && bump.ms == 0;
	return 0;
}

static enum verified
soften(const struct stop_steps *s, struct item *item, const struct reread *again,
        const struct stop_facts *is, struct err *err)
{
	struct stop_soft how = { guard_now_us(s->guard, again->server), s->soft_s, false };
	struct text      reason = item->why;
	int64_t          to_us;

	if (has_no_bump(again->judged, &how.no_bump, err) != 0)
		return VERIFIED_NO;
	/* The reason stays what it is when the same record is verified twice. */
	if (item->before.known)
		how.no_bump = false;
	if (!stop_soft(is, &how, &to_us, &reason)) {
		item->why = reason;
		item->before = item->after = when_none();
		return VERIFIED_NO;
	}
	item->why = reason;
	item->before = is->deadline;
	item->after = when_at(floor_s(to_us) * 1000000);
	return VERIFIED_GO;
}

enum verified
stop_steps_verify(void *ctx, struct item *item, const struct reread *again, struct err *err)
{
	const struct stop_steps *s = ctx;
	struct stop_verdicts     v;
	struct stop_facts        was, is;
	struct text              why;
	int                      left;

	if (rec_verdicts(again->judged, &v.rule, &v.n, err) != 0 ||
	        facts_stop(again->judged, &was, err) != 0 ||
	        facts_stop(again->fresh, &is, err) != 0 ||
	        (left = guard_leaves(s->guard, item, again, err)) < 0)
		return VERIFIED_NO;
	if (left != 0) {
		item->vetoed = true;
		return VERIFIED_NO;
	}
	text_clear(&why);
	if (!stop_holds(v, &was, &is, guard_now_us(s->guard, again->server), &why)) {
		item->why = why;
		return VERIFIED_NO;
	}
	if (s->soft_s != 0)
		return soften(s, item, again, &is, err);
	return is.life == LIFE_STUCK ? VERIFIED_HISTORY : VERIFIED_GO;
}

bool
stop_steps_current(void *ctx, struct item *item, struct rec *judged, const struct stop_now *now,
        struct err *err)
{
	const struct stop_steps *s = ctx;
	struct stop_verdicts     v;
	struct fetched           fetched;
	struct text              why;

	if (rec_verdicts(judged, &v.rule, &v.n, err) != 0 ||
	        read_fetched(judged, &fetched, err) != 0)
		return false;
	text_clear(&why);
	if (stop_current(v, fetched.at, s->max_age_s, *now, &why))
		return true;
	item->why = why;
	return false;
}

enum verified
stop_steps_recall(void *ctx, struct item *item, const struct api_build *build, size_t n)
{
	const struct stop_steps *s = ctx;
	int64_t                  failed = 0;

	while (failed < (int64_t)n && strcmp(build[failed].transition, "stop") == 0 &&
	        strcmp(build[failed].job_status, "failed") == 0)
		failed++;
	return stop_tries_used_up(failed, s->tries, &item->why) ? VERIFIED_NO : VERIFIED_GO;
}
