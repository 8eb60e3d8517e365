/* model_totals.c - the counts: by status, by rule and state, by result. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "judge/autostop.h"
#include "judge/quiet.h"
#include "judge/ttl.h"
#include "report/model_store.h"

const char *const model_statuses[] = { "running", "starting", "pending", "stopping", "stopped",
	"failed", "canceling", "canceled", "deleting", "deleted", NULL };

const char *const model_rules[] = { "ttl", "quiet", "autostop", "habit", NULL };

static const char *const habit_states[] = { "inactive", "unknown", "active", "learning", "unlikely",
	"likely", NULL };

static const char *const results[MODEL_PROGRAMS][12] = {
	[DID_STOP] = { "stopped", "accepted", "would-stop", "softened", "would-soften", "held-out",
	        "already", "skipped", "refused", "unknown", "failed" },
	[DID_START] = { "started", "accepted", "would-start", "restored", "would-restore",
	        "already", "skipped", "refused", "unknown", "failed" },
	[DID_SET] = { "set", "would-set", "already", "skipped", "refused", "unknown", "failed" },
	[DID_NOTIFY] = { "sent", "accepted", "would-send", "duplicate", "no-address",
	        "left-to-coder", "skipped", "refused", "unknown", "failed" },
};

const char *const *
model_results(enum model_program p)
{
	return results[p];
}

const char *const *
model_states(const char *rule)
{
	return strcmp(rule, "ttl") == 0        ? ttl_states
	       : strcmp(rule, "quiet") == 0    ? quiet_states
	       : strcmp(rule, "autostop") == 0 ? autostop_states
	       : strcmp(rule, "habit") == 0    ? habit_states
	                                       : NULL;
}

/* Where the word stands in a list that ends with NULL; its length when it is none of them. */
static size_t
place_in(const char *const *list, const char *word)
{
	size_t i;

	for (i = 0; list[i] != NULL && strcmp(list[i], word) != 0; i++)
		continue;
	return i;
}

static bool
is_one_of(const char *word, const char *const *list)
{
	return list[place_in(list, word)] != NULL;
}

static struct model_rule *
rule_of(struct model_totals *t, const char *name, bool judges)
{
	const char *const *known = model_states(name);
	struct model_rule *r;
	size_t             i;

	for (i = 0; i < t->rules; i++)
		if (strcmp(t->rule[i].name, name) == 0)
			return &t->rule[i];
	t->rule = xrealloc(t->rule, ++t->rules, sizeof(*t->rule));
	r = &t->rule[i];
	memset(r, 0, sizeof(*r));
	r->name = name;
	r->judges = judges;
	for (i = 0; known != NULL && known[i] != NULL; i++)
		model_count(&r->states, known[i], 0);
	return r;
}

static int
by_rule(const void *a, const void *b)
{
	const struct model_rule *x = a, *y = b;
	size_t i = place_in(model_rules, x->name), j = place_in(model_rules, y->name);

	return i != j ? (i < j ? -1 : 1) : strcmp(x->name, y->name);
}

/* Due by nothing but verdicts without an instant, which stop nothing. */
static bool
is_undated(const struct model_row *row)
{
	bool   undated = false;
	size_t i;

	for (i = 0; i < row->verdicts; i++) {
		if (model_asks(&row->verdict[i]))
			return false;
		undated = undated || row->verdict[i].due;
	}
	return undated && !row->keep;
}

/* Why something is to be stopped now, by its plan. */
static const char *
words_of_now(const struct model_row *row)
{
	return row->due ? "due"
	       : row->plan.by != NULL && model_is_of_server(row->plan.by)
	               ? "the server stops by itself within a minute"
	               : "due no more";
}

static void
count_plan(struct model_totals *t, const struct model_row *row)
{
	const struct model_plan *plan = &row->plan;
	struct model_rule       *r = rule_of(t, "autostop", false);

	r->records++;
	model_count(&r->states, plan->state, 1);
	if (row->due)
		model_count(&t->now.due, plan->state, 1);
	if (strcmp(plan->state, "now") == 0)
		model_count(&t->now.plans, words_of_now(row), 1);
}

/* The status on a record is of the list: the run that stands beside it came later. */
static bool
is_ended(const struct model_row *row)
{
	static const char *const ended[] = { "stopped", "accepted", NULL };
	const struct model_act  *stop = row->act[DID_STOP];

	return row->running && stop != NULL && is_one_of(stop->result, ended);
}

static void
count_row(struct model_totals *t, const struct model_row *row)
{
	struct model_rule *r;
	size_t             i;

	t->running += row->running;
	t->due += row->due;
	t->keep += row->list == LIST_KEPT;
	t->undated += is_undated(row);
	t->stopped += row->due && row->stopped;
	t->ended += is_ended(row);
	if (row->list == LIST_EXPIRED && model_span_s(row) < 0 &&
	        (uint64_t)-model_span_s(row) > t->oldest_overdue_s)
		t->oldest_overdue_s = (uint64_t)-model_span_s(row);
	model_count(&t->status, row->status[0] != '\0' ? row->status : "unknown", 1);
	for (i = 0; i < row->verdicts; i++) {
		r = rule_of(t, row->verdict[i].rule, true);
		r->records++;
		r->due += row->verdict[i].due;
		r->keep += row->verdict[i].keep;
		model_count(&r->states,
		        row->verdict[i].state[0] != '\0' ? row->verdict[i].state : "(none)", 1);
	}
	if (row->plan.state != NULL)
		count_plan(t, row);
}

static int
by_use(const void *a, const void *b)
{
	const struct model_row *x = *(const struct model_row *const *)a,
	                       *y = *(const struct model_row *const *)b;

	if (x->last_used.us != y->last_used.us)
		return x->last_used.us > y->last_used.us ? -1 : 1;
	return (x > y) - (x < y);
}

static void
find_used_lately(struct model_totals *t, const struct model_row *row, size_t n)
{
	size_t i;

	t->lately = xcalloc(t->due, sizeof(*t->lately));
	for (i = 0; i < n; i++)
		if (row[i].due && row[i].last_used.known &&
		        model_unused_s(&row[i]) < MODEL_LATELY_S)
			t->lately[t->latelys++] = &row[i];
	if (t->latelys > 1)
		qsort(t->lately, t->latelys, sizeof(*t->lately), by_use);
}

void
model_finish_totals(struct model_store *st)
{
	struct model_totals *t = &st->model.totals;
	uint64_t             none = st->rows;
	size_t               i;

	for (i = 0; i < MODEL_LISTS; i++) {
		model_count(&t->lists, model_list_titles[i], st->model.list[i].n);
		none -= st->model.list[i].n;
	}
	model_count(&t->lists, model_list_titles[LIST_NONE], none);
	for (i = 0; model_statuses[i] != NULL; i++)
		model_count(&t->status, model_statuses[i], 0);
	for (i = 0; i < st->rows; i++)
		count_row(t, &st->row[i]);
	find_used_lately(t, st->row, st->rows);
	if (t->rules > 1)
		qsort(t->rule, t->rules, sizeof(*t->rule), by_rule);
}

static void
count_result(struct model_run *run, const char *result, const char *rule)
{
	size_t i;

	for (i = 0; i < run->results; i++)
		if (strcmp(run->result[i].result, result) == 0 &&
		        strcmp(run->result[i].rule, rule) == 0) {
			run->result[i].n++;
			return;
		}
	run->result = xrealloc(run->result, ++run->results, sizeof(*run->result));
	run->result[i] =
	        (struct model_result){ result, rule, 1, place_in(results[run->program], result) };
}

/* As the manual of their program has them; then those it does not know, by name. */
static int
by_result(const void *a, const void *b)
{
	const struct model_result *x = a, *y = b;
	int                        order;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	order = strcmp(x->result, y->result);
	return order != 0 ? order : strcmp(x->rule, y->rule);
}

static void
count_act(struct model_run *run, const struct model_row *row, const struct model_act *a)
{
	static const char *const undone[] = { "stopped", "accepted", "softened", "set", NULL };
	static const char *const trouble[] = { "unknown", "failed", NULL };
	struct when              end = a->at;

	run->n++;
	count_result(run, a->result, a->rule != NULL ? a->rule : "");
	if (strcmp(a->result, "refused") == 0)
		model_count(&run->refused, a->why, 1);
	if (is_one_of(a->result, trouble)) {
		run->trouble = xrealloc(run->trouble, run->troubles + 1, sizeof(*run->trouble));
		run->trouble[run->troubles++] = row;
	}
	if (is_one_of(a->result, undone))
		run->undoable +=
		        run->program == DID_SET || (run->program == DID_STOP && row->running);
	if (a->run != NULL)
		model_count(&run->ids, a->run, 1);
	if (!a->at.known)
		return;
	if (a->took_ms > 0)
		end.us = add_sat(
		        end.us, a->took_ms < INT64_MAX / 1000 ? a->took_ms * 1000 : INT64_MAX);
	if (!run->first.known || a->at.us < run->first.us)
		run->first = a->at;
	if (!run->last.known || end.us > run->last.us)
		run->last = end;
}

/* A file may hold a plan and, behind it, what became of it: then something was sent. */
static bool
is_dry(const struct model_run *run)
{
	static const char *const sent[] = { "stopped", "accepted", "softened", "started",
		"restored", "set", "sent", "unknown", NULL };
	bool                     would = false;
	size_t                   i;

	for (i = 0; i < run->results; i++) {
		if (is_one_of(run->result[i].result, sent))
			return false;
		would = would || strncmp(run->result[i].result, "would-", 6) == 0;
	}
	return would;
}

void
model_finish_runs(struct model_store *st)
{
	size_t p, i;

	for (p = 0; p < MODEL_PROGRAMS; p++) {
		struct model_run *run = &st->model.run[p];

		run->program = (enum model_program)p;
		for (i = 0; i < st->rows; i++)
			if (st->row[i].act[p] != NULL)
				count_act(run, &st->row[i], st->row[i].act[p]);
		run->dry = is_dry(run);
		if (run->results > 1)
			qsort(run->result, run->results, sizeof(*run->result), by_result);
	}
}
