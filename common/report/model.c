/* model.c - the names of a report's parts, and a model from its first record to its last. */

#include "report/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "report/model_store.h"

#define TOP_SCROLLED 20

const char *const model_by_names[MODEL_BYS + 1] = { "owner", "template", "org", NULL };
const char *const model_program_names[MODEL_PROGRAMS] = { "stop", "start", "set", "notify" };

const char *const model_list_names[MODEL_LISTS + 1] = { "stuck", "failed", "expired", "quiet",
	"other", "grace", "overrun", "soon", "never", "kept", "unknown", "none" };

const char *const model_list_titles[MODEL_LISTS + 1] = {
	[LIST_STUCK] = "Stuck",
	[LIST_FAILED] = "Failed start",
	[LIST_EXPIRED] = "Should have stopped",
	[LIST_QUIET] = "Due by quiet hours",
	[LIST_OTHER] = "Due by another rule",
	[LIST_GRACE] = "In grace",
	[LIST_OVERRUN] = "Would have stopped",
	[LIST_SOON] = "Stops soon",
	[LIST_NEVER] = "Never stops by itself",
	[LIST_KEPT] = "Left alone",
	[LIST_UNKNOWN] = "Unknown",
	[LIST_NONE] = "None of these",
};

const char *const model_list_meanings[MODEL_LISTS] = {
	[LIST_STUCK] = "The last stop failed or was canceled: it may still be running, and the "
	               "server does not try again.",
	[LIST_FAILED] =
	        "The last start failed or was canceled: it may have left something running.",
	[LIST_EXPIRED] = "The deadline has passed, and the grace after it: stop it now.",
	[LIST_QUIET] = "It runs in quiet hours, and their grace is over: stop it now.",
	[LIST_OTHER] = "A rule of your own, or one that was asked for, says: stop it now.",
	[LIST_GRACE] = "Its time is over, its grace is not: a run of cws-stop after that would "
	               "stop it.",
	[LIST_OVERRUN] = "It runs longer than its TTL: its deadline was moved, or counts no more.",
	[LIST_SOON] = "The server itself stops it at its deadline; nothing is to be done.",
	[LIST_NEVER] = "It has no deadline: it runs until somebody or a rule stops it.",
	[LIST_KEPT] = "A rule keeps it: no run of cws-stop touches it, whatever else is due.",
	[LIST_UNKNOWN] = "A rule has not the facts to judge it by; it is not stopped.",
};

bool
model_asks(const struct model_verdict *v)
{
	return v->due && v->at.known;
}

int64_t
model_span_s(const struct model_row *r)
{
	return r->since.known ? sub_sat(r->since.us, r->at.us) / US_PER_S : 0;
}

int64_t
model_unused_s(const struct model_row *r)
{
	return r->last_used.known ? sub_sat(r->at.us, r->last_used.us) / US_PER_S : 0;
}

size_t
model_top(const struct model_options *o, bool all, size_t n)
{
	size_t top = o->has_top ? (size_t)o->top : all ? 0 : TOP_SCROLLED;

	return top == 0 || n < top ? n : top;
}

bool
model_is_judged(const struct model *m)
{
	size_t i;

	for (i = 0; i < m->totals.rules; i++)
		if (m->totals.rule[i].judges)
			return true;
	return false;
}

const struct model_row *
model_first(const struct model *m)
{
	size_t i;

	for (i = LIST_STUCK; i <= LIST_OTHER; i++)
		if (m->list[i].n > 0)
			return m->list[i].row[0];
	return NULL;
}

bool
model_can_choose(const struct model_row *r)
{
	return r->is_uuid && !r->keep &&
	       (r->running || r->list == LIST_STUCK || r->list == LIST_FAILED);
}

void
model_count(struct model_counts *c, const char *name, uint64_t n)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->item[i].name, name) == 0) {
			c->item[i].n += n;
			return;
		}
	c->item = xrealloc(c->item, c->n + 1, sizeof(*c->item));
	c->item[c->n++] = (struct model_count){ name, n };
}

struct model_store *
model_start(struct model_options *options)
{
	struct model_store *st = xcalloc(1, sizeof(*st));

	if (options->title != NULL)
		options->title = words_keep(
		        &st->words, options->title, strlen(options->title), MODEL_TEXT_MAX);
	st->model.options = options;
	st->model.store = st;
	return st;
}

static void
finish_head(struct model_store *st)
{
	struct model_head          *h = &st->model.head;
	const struct model_options *o = st->model.options;

	h->server = st->servers > 0 ? st->server[0] : NULL;
	h->servers = st->servers;
	h->records = st->rows;
	if (h->listed.known) {
		h->age_s = floor_s(sub_sat(o->now_us, h->listed.us));
		h->old = h->age_s > o->max_age_s;
	}
}

const struct model *
model_finish(struct model_store *st)
{
	st->model.row = st->row;
	st->model.rows = st->rows;
	finish_head(st);
	model_finish_lists(st);
	model_finish_totals(st);
	model_finish_runs(st);
	model_finish_day(st);
	model_finish_groups(st);
	model_finish_people(st);
	model_finish_past(st);
	return &st->model;
}

void
model_free(struct model_store *st)
{
	struct model *m = &st->model;
	size_t        i;

	for (i = 0; i < m->totals.rules; i++)
		free(m->totals.rule[i].states.item);
	free(m->totals.rule);
	free(m->totals.status.item);
	free(m->totals.lists.item);
	free(m->totals.lately);
	free(m->totals.now.plans.item);
	free(m->totals.now.due.item);
	for (i = 0; i < MODEL_PROGRAMS; i++) {
		free(m->run[i].result);
		free(m->run[i].refused.item);
		free(m->run[i].trouble);
		free(m->run[i].ids.item);
	}
	for (i = 0; i < MODEL_LISTS; i++)
		free(m->list[i].row);
	free(m->day.by_server.item);
	free(m->day.by_run.item);
	free(m->day.gaps.item);
	free(m->groups.item);
	free(m->people.item);
	free(m->past.policy);
	free(m->past.savings.ended_by.item);
	free(st->row);
	free(st->more);
	free(st->server);
	free(st->conflict);
	words_release(&st->words);
	free(st);
}
