/* json.c - the model member by member. */

#include "report/json.h"

#include <math.h>
#include <string.h>

#include "base/json_write.h"
#include "report/say.h"

/* Amounts of money; two decimals are as fine as prices are. */
static void
put_amount(struct buf *b, const char *name, bool known, double v)
{
	struct buf text;

	if (!known || !isfinite(v)) {
		json_write_null(b, name);
		return;
	}
	buf_init(&text, 512);
	buf_printf(&text, "%.2f", v);
	json_write_raw(b, name, text.p, text.n);
	buf_release(&text);
}

/*
 * Each word and how often it came, as a list: a name may be foreign, and a member's name may not.
 */
static void
put_counts(struct buf *b, const char *name, const char *of, const struct model_counts *c)
{
	size_t i;

	json_write_array(b, name);
	for (i = 0; i < c->n; i++) {
		json_write_open(b, NULL);
		json_write_text(b, of, c->item[i].name);
		json_write_int(b, "n", (int64_t)c->item[i].n);
		json_write_close(b);
	}
	json_write_array_end(b);
}

static void
put_head(struct buf *b, const struct model_head *h)
{
	json_write_open(b, "head");
	json_write_text(b, "server", h->server);
	json_write_int(b, "servers", (int64_t)h->servers);
	json_write_text(b, "version", h->version);
	json_write_when(b, "listed_at", h->listed);
	json_write_int_or_null(b, "age_s", h->listed.known, h->age_s);
	json_write_flag(b, "old", h->old);
	json_write_int(b, "records", (int64_t)h->records);
	json_write_int(b, "bad", (int64_t)h->bad);
	json_write_text(b, "broken", h->broken);
	json_write_close(b);
}

/* Every list, though it is empty, and "none": together they are all records. */
static void
put_list_totals(struct buf *b, const struct model *m)
{
	size_t k;

	json_write_array(b, "lists");
	for (k = 0; k <= MODEL_LISTS; k++) {
		json_write_open(b, NULL);
		json_write_text(b, "list", model_list_names[k]);
		json_write_text(b, "title", model_list_titles[k]);
		json_write_int(b, "n", (int64_t)m->totals.lists.item[k].n);
		json_write_int(b, "due", k < MODEL_LISTS ? (int64_t)m->list[k].due : 0);
		json_write_int(b, "stuck", k < MODEL_LISTS ? (int64_t)m->list[k].stuck : 0);
		json_write_close(b);
	}
	json_write_array_end(b);
}

static void
put_totals(struct buf *b, const struct model *m)
{
	const struct model_totals *t = &m->totals;
	size_t                     i;

	json_write_open(b, "totals");
	json_write_int(b, "running", (int64_t)t->running);
	json_write_int(b, "due", (int64_t)t->due);
	json_write_int(b, "keep", (int64_t)t->keep);
	json_write_int(b, "oldest_overdue_s", (int64_t)t->oldest_overdue_s);
	json_write_int(b, "due_used_lately", (int64_t)t->latelys);
	put_list_totals(b, m);
	put_counts(b, "status", "status", &t->status);
	json_write_array(b, "rules");
	for (i = 0; i < t->rules; i++) {
		json_write_open(b, NULL);
		json_write_text(b, "rule", t->rule[i].name);
		json_write_flag(b, "judges", t->rule[i].judges);
		json_write_int(b, "records", (int64_t)t->rule[i].records);
		json_write_int(b, "due", (int64_t)t->rule[i].due);
		json_write_int(b, "keep", (int64_t)t->rule[i].keep);
		put_counts(b, "states", "state", &t->rule[i].states);
		json_write_close(b);
	}
	json_write_array_end(b);
	json_write_close(b);
}

static void
put_names(struct buf *b, const struct model_row *r)
{
	json_write_text(b, "id", r->id);
	json_write_text(b, "owner", r->owner);
	json_write_text(b, "name", r->name);
}

static void
put_trouble(struct buf *b, const struct model_run *run)
{
	size_t i;

	json_write_array(b, "trouble");
	for (i = 0; i < run->troubles; i++) {
		const struct model_act *a = run->trouble[i]->act[run->program];

		json_write_open(b, NULL);
		put_names(b, run->trouble[i]);
		json_write_text(b, "result", a->result);
		json_write_text(b, "rule", a->rule);
		json_write_text(b, "why", a->why);
		json_write_text(b, "error", a->error);
		json_write_close(b);
	}
	json_write_array_end(b);
}

static void
put_run(struct buf *b, const struct model_run *run)
{
	size_t i;

	json_write_open(b, NULL);
	json_write_text(b, "program", model_program_names[run->program]);
	json_write_int(b, "records", (int64_t)run->n);
	json_write_flag(b, "dry", run->dry);
	json_write_array(b, "results");
	for (i = 0; i < run->results; i++) {
		json_write_open(b, NULL);
		json_write_text(b, "result", run->result[i].result);
		json_write_text(
		        b, "rule", run->result[i].rule[0] != '\0' ? run->result[i].rule : NULL);
		json_write_int(b, "n", (int64_t)run->result[i].n);
		json_write_close(b);
	}
	json_write_array_end(b);
	put_counts(b, "refused", "why", &run->refused);
	put_trouble(b, run);
	json_write_when(b, "first_at", run->first);
	json_write_when(b, "last_at", run->last);
	json_write_int(b, "undoable", (int64_t)run->undoable);
	put_counts(b, "runs", "run", &run->ids);
	json_write_close(b);
}

static void
put_runs(struct buf *b, const struct model *m)
{
	size_t p;

	json_write_array(b, "runs");
	for (p = 0; p < MODEL_PROGRAMS; p++)
		if (m->run[p].n > 0)
			put_run(b, &m->run[p]);
	json_write_array_end(b);
}

static void
put_row(struct buf *b, const struct model_row *r)
{
	json_write_open(b, NULL);
	put_names(b, r);
	json_write_text(b, "template", r->template_name);
	json_write_text(b, "organization", r->org);
	json_write_text(b, "status", r->status);
	json_write_flag(b, "due", r->due);
	json_write_flag(b, "keep", r->keep);
	json_write_flag(b, "stuck", r->stuck);
	json_write_text(b, "rule", r->rule[0] != '\0' ? r->rule : NULL);
	json_write_text(b, "why", r->why);
	json_write_when(b, "since", r->since);
	if (r->since.known)
		json_write_int(b, "in_s", model_span_s(r));
	else
		json_write_null(b, "in_s");
	json_write_when(b, "last_used_at", r->last_used);
	json_write_close(b);
}

static void
put_lists(struct buf *b, const struct model *m)
{
	size_t k, i;

	json_write_array(b, "lists");
	for (k = 0; k < MODEL_LISTS; k++) {
		const struct model_list *l = &m->list[k];

		if (l->n == 0)
			continue;
		json_write_open(b, NULL);
		json_write_text(b, "list", model_list_names[k]);
		json_write_int(b, "n", (int64_t)l->n);
		json_write_array(b, "rows");
		for (i = 0; i < model_top(m->options, true, l->n); i++)
			put_row(b, l->row[i]);
		json_write_array_end(b);
		json_write_close(b);
	}
	json_write_array_end(b);
}

static void
put_conflicts(struct buf *b, const struct model *m)
{
	size_t i;

	json_write_array(b, "conflicts");
	for (i = 0; i < m->day.conflicts; i++) {
		const struct model_conflict *c = &m->day.conflict[i];

		json_write_open(b, NULL);
		json_write_text(b, "code", c->code);
		json_write_text(b, "means", model_conflict_words(c->code));
		json_write_int(b, "n", (int64_t)c->n);
		json_write_open(b, "example");
		put_names(b, &m->row[c->row]);
		json_write_text(b, "why", c->why);
		json_write_close(b);
		json_write_close(b);
	}
	json_write_array_end(b);
}

static void
put_stops_by(struct buf *b, const struct model_counts *by, bool server)
{
	size_t i;

	for (i = 0; i < by->n; i++) {
		json_write_open(b, NULL);
		json_write_text(b, "by", by->item[i].name);
		json_write_flag(b, "server", server);
		json_write_int(b, "n", (int64_t)by->item[i].n);
		json_write_close(b);
	}
}

static void
put_day(struct buf *b, const struct model *m)
{
	const struct model_day *d = &m->day;
	size_t                  i;

	if (d->known == 0) {
		json_write_null(b, "next_24h");
		return;
	}
	json_write_open(b, "next_24h");
	json_write_when(b, "at", when_at(d->now_s * US_PER_S));
	json_write_int(b, "records", (int64_t)d->known);
	json_write_int(b, "stops", (int64_t)d->stops);
	json_write_int(b, "server_stops", (int64_t)d->server);
	json_write_int(b, "starts", (int64_t)d->starts);
	json_write_array(b, "hours");
	for (i = 0; i < MODEL_HOURS; i++) {
		json_write_open(b, NULL);
		json_write_when(b, "from", when_at(d->hour[i].from_s * US_PER_S));
		json_write_int(b, "stops", (int64_t)d->hour[i].stops);
		json_write_int(b, "server_stops", (int64_t)d->hour[i].server);
		json_write_int(b, "starts", (int64_t)d->hour[i].starts);
		json_write_close(b);
	}
	json_write_array_end(b);
	json_write_array(b, "by");
	put_stops_by(b, &d->by_server, true);
	put_stops_by(b, &d->by_run, false);
	json_write_array_end(b);
	put_counts(b, "unknown", "why", &d->gaps);
	put_conflicts(b, m);
	json_write_close(b);
}

static void
put_groups(struct buf *b, const struct model *m)
{
	const struct model_groups *g = &m->groups;
	size_t                     i;

	json_write_open(b, "groups");
	json_write_text(b, "by", model_by_names[m->options->by]);
	json_write_int(b, "n", (int64_t)g->n);
	json_write_array(b, "rows");
	for (i = 0; i < model_top(m->options, true, g->n); i++) {
		json_write_open(b, NULL);
		json_write_text(b, "name", g->item[i].name);
		json_write_int(b, "records", (int64_t)g->item[i].records);
		json_write_int(b, "running", (int64_t)g->item[i].running);
		json_write_int(b, "due", (int64_t)g->item[i].due);
		json_write_int(b, "keep", (int64_t)g->item[i].keep);
		json_write_int(b, "overdue_s", g->item[i].overdue_s);
		json_write_when(b, "last_used_at", g->item[i].last_used);
		put_amount(b, "hours", g->item[i].has_hours, g->item[i].hours);
		put_amount(b, "cost", g->item[i].has_cost, g->item[i].cost);
		json_write_close(b);
	}
	json_write_array_end(b);
	json_write_close(b);
}

static void
put_people(struct buf *b, const struct model *m)
{
	const struct model_people *p = &m->people;
	size_t                     i;

	if (p->n == 0) {
		json_write_null(b, "people");
		return;
	}
	json_write_open(b, "people");
	json_write_int(b, "n", (int64_t)p->n);
	json_write_array(b, "rows");
	for (i = 0; i < model_top(m->options, true, p->n); i++) {
		json_write_open(b, NULL);
		json_write_text(b, "name", p->item[i].name);
		json_write_text(b, "status", p->item[i].status);
		json_write_when(b, "last_seen_at", p->item[i].last_seen);
		json_write_int(b, "records", (int64_t)p->item[i].records);
		json_write_int(b, "running", (int64_t)p->item[i].running);
		json_write_int(b, "idle", (int64_t)p->item[i].idle);
		json_write_close(b);
	}
	json_write_array_end(b);
	json_write_close(b);
}

static void
put_whatif(struct buf *b, const struct model_past *past)
{
	size_t i;

	if (past->whatif + past->unjudged == 0) {
		json_write_null(b, "whatif");
		return;
	}
	json_write_open(b, "whatif");
	json_write_when(b, "since", past->since);
	json_write_when(b, "until", past->until);
	json_write_int(b, "ran_s", past->ran_s);
	json_write_int(b, "records", (int64_t)past->whatif);
	json_write_int(b, "unjudged", (int64_t)past->unjudged);
	json_write_array(b, "policies");
	for (i = 0; i < past->policies; i++) {
		const struct model_policy *p = &past->policy[i];

		json_write_open(b, NULL);
		json_write_text(b, "policy", p->policy);
		json_write_int(b, "workspaces", (int64_t)p->workspaces);
		json_write_int(b, "owners", (int64_t)p->owners);
		json_write_int(b, "saved_s", p->saved_s);
		json_write_int(b, "stops", (int64_t)p->stops);
		json_write_int(b, "returns", (int64_t)p->returns);
		json_write_int(b, "regrets", (int64_t)p->regrets);
		json_write_int(b, "cut", (int64_t)p->cut);
		put_amount(b, "saved_cost", p->has_cost, p->saved_cost);
		json_write_close(b);
	}
	json_write_array_end(b);
	json_write_close(b);
}

static void
put_savings(struct buf *b, const struct model_savings *s)
{
	if (s->records == 0) {
		json_write_null(b, "savings");
		return;
	}
	json_write_open(b, "savings");
	json_write_int(b, "records", (int64_t)s->records);
	json_write_int(b, "stops", (int64_t)s->stops);
	json_write_int(b, "regrets", (int64_t)s->regrets);
	json_write_int(b, "unbounded", (int64_t)s->unbounded);
	json_write_int(b, "low_s", s->low_s);
	json_write_int(b, "high_s", s->high_s);
	put_amount(b, "cost_low", s->has_cost, s->cost_low);
	put_amount(b, "cost_high", s->has_cost, s->cost_high);
	json_write_text(b, "currency", s->currency);
	put_counts(b, "ended_by", "by", &s->ended_by);
	json_write_close(b);
}

static void
put_past(struct buf *b, const struct model_past *past)
{
	size_t i;

	json_write_open(b, "past");
	put_whatif(b, past);
	put_savings(b, &past->savings);
	if (past->habits == 0) {
		json_write_null(b, "habit");
	} else {
		json_write_open(b, "habit");
		json_write_int(b, "records", (int64_t)past->habits);
		json_write_int(b, "likely", (int64_t)past->likely);
		json_write_int(b, "unlikely", (int64_t)past->unlikely);
		json_write_close(b);
	}
	if (past->used == 0) {
		json_write_null(b, "usage");
	} else {
		json_write_open(b, "usage");
		json_write_int(b, "records", (int64_t)past->used);
		json_write_when(b, "since", past->used_since);
		json_write_when(b, "until", past->used_until);
		json_write_array(b, "used_s_by_hour");
		for (i = 0; i < 24; i++)
			json_write_int(b, NULL, past->use_s[i]);
		json_write_array_end(b);
		json_write_close(b);
	}
	json_write_close(b);
}

void
json_render(struct buf *b, const struct model *m)
{
	json_write_open(b, NULL);
	json_write_int(b, "format", 1);
	json_write_text(b, "title", m->options->title);
	json_write_when(b, "at", when_at(m->options->now_us));
	json_write_text(b, "zone", m->options->tz->name);
	put_head(b, &m->head);
	put_totals(b, m);
	put_runs(b, m);
	put_lists(b, m);
	put_day(b, m);
	put_groups(b, m);
	put_people(b, m);
	put_past(b, &m->past);
	json_write_close(b);
	buf_putc(b, '\n');
}
