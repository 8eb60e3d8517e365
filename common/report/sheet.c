/* sheet.c - the eight parts as sentences and tables. */

#include "report/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "report/say.h"

#define BAR_CELLS 30

/* A table under way: cells are offsets of text until all of it is there. */
struct cells {
	struct buf   text;
	size_t      *at;   /* owned */
	const char **cell; /* owned; made by finish */
	size_t       n, room;
};

struct sheet {
	const struct model        *m;
	const struct sheet_writer *w;
	bool                       all;
	struct cells               cells;
	struct buf                 line;
};

/* -- Cells ------------------------------------------------------------------ */

/* The next cell is what is appended to the buffer returned, up to the next call. */
static struct buf *
cell(struct sheet *s)
{
	struct cells *c = &s->cells;

	if (c->n == c->room) {
		c->room = c->room ? 2 * c->room : 256;
		c->at = xrealloc(c->at, c->room, sizeof(*c->at));
	}
	if (c->n > 0)
		buf_putc(&c->text, '\0');
	c->at[c->n++] = c->text.n;
	return &c->text;
}

static void
text_cell(struct sheet *s, const char *text)
{
	buf_puts(cell(s), text);
}

static void
count_cell(struct sheet *s, uint64_t n)
{
	buf_printf(cell(s), "%llu", (unsigned long long)n);
}

/* A bar of n of most, at least one mark where n is not 0. */
static void
bar_cell(struct sheet *s, uint64_t n, uint64_t most)
{
	uint64_t    marks = most == 0 ? 0 : (uint64_t)((double)n / (double)most * BAR_CELLS + 0.5);
	struct buf *b = cell(s);

	if (n > 0 && marks == 0)
		marks = 1;
	while (marks-- > 0)
		buf_putc(b, '#');
}

static void
name_cell(struct sheet *s, const struct model_row *r)
{
	buf_printf(cell(s), "%s/%s", r->owner, r->name);
}

/* Hand the cells over as the table of these columns, and begin anew. */
static void
table(struct sheet *s, struct sheet_table t)
{
	struct cells *c = &s->cells;
	size_t        i;

	c->cell = xrealloc(c->cell, c->n, sizeof(*c->cell));
	for (i = 0; i < c->n; i++)
		c->cell[i] = c->text.p + c->at[i];
	t.cell = c->cell;
	t.rows = c->n / t.columns;
	if (c->n > 0)
		s->w->table(s->w->to, &t);
	c->n = 0;
	buf_reset(&c->text);
}

/* The columns are an array; what else struct sheet_table has may follow by its name. */
#define TABLE(s, c, ...) \
	table((s), (struct sheet_table){ \
	                   .column = (c), .columns = sizeof(c) / sizeof((c)[0]), __VA_ARGS__ })

/* -- Sentences --------------------------------------------------------------- */

static struct buf *
begin(struct sheet *s)
{
	buf_reset(&s->line);
	return &s->line;
}

static void
end(struct sheet *s, enum sheet_tone tone)
{
	s->w->sentence(s->w->to, buf_text(&s->line), tone);
}

/* A heading with how many stand under it, unless that is 0. */
static void
section(struct sheet *s, enum sheet_part part, const char *name, size_t n, enum sheet_tone tone)
{
	struct sheet_section heading = { .name = name, .n = n, .part = part, .tone = tone };
	struct buf           text;

	buf_init(&text, BUF_RECORD_MAX);
	buf_puts(&text, name);
	if (n > 0)
		buf_printf(&text, " (%zu)", n);
	heading.text = buf_text(&text);
	s->w->section(s->w->to, &heading);
	buf_release(&text);
}

/* -- 1. Head, 2. Totals ------------------------------------------------------ */

static void
write_head(struct sheet *s)
{
	const struct model_head    *h = &s->m->head;
	const struct model_options *o = s->m->options;
	struct buf                 *b = begin(s);

	s->w->title(s->w->to, o->title != NULL ? o->title : "Coder workspaces");
	if (h->server != NULL)
		buf_printf(b, "%s, ", h->server);
	if (h->servers > 1)
		buf_printf(b, "and %zu more, ", h->servers - 1);
	if (h->version != NULL)
		buf_printf(b, "Coder %s, ", h->version);
	buf_printf(b, "%llu workspace%s", (unsigned long long)h->records, say_plural(h->records));
	if (h->listed.known) {
		buf_puts(b, ", listed ");
		say_time(b, o->tz, h->listed);
		buf_printf(b, " %s", o->tz->name);
	}
	end(s, TONE_PLAIN);
	if (h->old) {
		begin(s);
		buf_puts(b, "This list is old: made ");
		say_span(b, h->age_s);
		buf_puts(b, " ago.");
		end(s, TONE_BAD);
	}
	if (h->bad > 0) {
		begin(s);
		buf_printf(b, "Not in this report: %llu bad record%s.", (unsigned long long)h->bad,
		        say_plural(h->bad));
		end(s, TONE_BAD);
	}
	if (h->broken != NULL) {
		begin(s);
		buf_printf(
		        b, "This report is not complete: its input ended early (%s).", h->broken);
		end(s, TONE_BAD);
	}
}

/* "14 are due: 5 by ttl, 9 by quiet; 3 more are kept." */
static void
write_due(struct sheet *s)
{
	const struct model_totals *t = &s->m->totals;
	struct buf                *b = begin(s);
	const char                *sep = ": ";
	size_t                     i;

	buf_printf(b, "%llu running, %llu due", (unsigned long long)t->running,
	        (unsigned long long)t->due);
	for (i = 0; i < t->rules && t->due > 0; i++)
		if (t->rule[i].due > 0) {
			buf_printf(b, "%s%llu by %s", sep, (unsigned long long)t->rule[i].due,
			        t->rule[i].name);
			sep = ", ";
		}
	if (t->keep > 0)
		buf_printf(b, "; %llu kept", (unsigned long long)t->keep);
	if (t->oldest_overdue_s > 0) {
		buf_puts(b, "; the longest overdue by ");
		say_span(b, (int64_t)t->oldest_overdue_s);
	}
	buf_putc(b, '.');
	end(s, t->due > 0 ? TONE_DUE : TONE_PLAIN);
}

static void
write_totals(struct sheet *s)
{
	const struct model_totals *t = &s->m->totals;
	struct sheet_counts       *block;
	size_t                     i;

	if (s->m->rows == 0)
		return;
	section(s, PART_TOTALS, "Totals", 0, TONE_PLAIN);
	if (t->rules > 0)
		write_due(s);
	block = xcalloc(t->rules + 1, sizeof(*block));
	block[0] = (struct sheet_counts){ "status", &t->status };
	for (i = 0; i < t->rules; i++)
		block[i + 1] = (struct sheet_counts){ t->rule[i].name, &t->rule[i].states };
	s->w->counts(s->w->to, block, t->rules + 1);
	free(block);
}

/* -- 3. What a run did -------------------------------------------------------- */

static void
write_results(struct sheet *s, const struct model_run *run)
{
	static const struct sheet_column columns[] = { { "n", CELL_NUMBER },
		{ "result", CELL_STATE }, { "rule", CELL_TEXT } };
	size_t                           i;

	for (i = 0; i < run->results; i++) {
		count_cell(s, run->result[i].n);
		text_cell(s, run->result[i].result);
		text_cell(s, run->result[i].rule);
	}
	TABLE(s, columns, .left_out = 0);
}

static void
write_trouble(struct sheet *s, const struct model_run *run)
{
	static const struct sheet_column columns[] = { { "workspace", CELL_TEXT },
		{ "result", CELL_STATE }, { "reason", CELL_TEXT } };
	size_t                           i, top = model_top(s->m->options, s->all, run->troubles);

	if (run->troubles == 0)
		return;
	for (i = 0; i < top; i++) {
		const struct model_act *a = run->trouble[i]->act[run->program];

		name_cell(s, run->trouble[i]);
		text_cell(s, a->result);
		if (a->error != NULL && a->why[0] != '\0')
			buf_printf(cell(s), "%s: %s", a->why, a->error);
		else
			text_cell(s, a->error != NULL ? a->error : a->why);
	}
	TABLE(s, columns, .left_out = run->troubles - top, .row = run->trouble);
}

static void
write_way_back(struct sheet *s, const struct model_run *run)
{
	struct buf *b = begin(s);

	if (run->dry) {
		buf_printf(b,
		        "A dry run: nothing was sent. Given these records, cws-%s -x carries it "
		        "out.",
		        model_program_names[run->program]);
		end(s, TONE_QUIET);
	}
	if (run->undoable == 0)
		return;
	begin(s);
	buf_printf(b,
	        "To take it back (%llu): give these records, or the run's journal, to cws-start; "
	        "first dry, then with -x.",
	        (unsigned long long)run->undoable);
	end(s, TONE_QUIET);
}

static void
write_run(struct sheet *s, const struct model_run *run)
{
	struct buf *b;
	size_t      i;

	b = begin(s);
	buf_printf(b, "What cws-%s did", model_program_names[run->program]);
	section(s, PART_RUN, buf_text(b), 0, run->troubles > 0 ? TONE_BAD : TONE_PLAIN);
	begin(s);
	for (i = 0; i < run->ids.n && i < 3; i++)
		buf_printf(b, "%s%s", i == 0 ? "run " : ", ", run->ids.item[i].name);
	if (run->ids.n > 3)
		buf_printf(b, " and %zu more", run->ids.n - 3);
	if (run->first.known) {
		buf_puts(b, i == 0 ? "" : ", ");
		say_time(b, s->m->options->tz, run->first);
		buf_puts(b, ", took ");
		say_span(b, floor_s(sub_sat(run->last.us, run->first.us)));
	}
	if (b->n > 0)
		end(s, TONE_QUIET);
	write_results(s, run);
	for (i = 0; i < run->refused.n; i++) {
		begin(s);
		buf_printf(b, "Refused (%llu): %s", (unsigned long long)run->refused.item[i].n,
		        run->refused.item[i].name);
		end(s, TONE_BAD);
	}
	write_trouble(s, run);
	write_way_back(s, run);
}

/* -- 4. Lists ----------------------------------------------------------------- */

static enum sheet_tone
tone_of(enum model_list_kind kind)
{
	return kind <= LIST_FAILED ? TONE_BAD : kind <= LIST_OTHER ? TONE_DUE : TONE_PLAIN;
}

static void
write_list(struct sheet *s, enum model_list_kind kind)
{
	static const struct sheet_column columns[] = { { "workspace", CELL_TEXT },
		{ "template", CELL_TEXT }, { "when", CELL_WHEN }, { "why", CELL_TEXT } };
	const struct model_list         *l = &s->m->list[kind];
	size_t                           i, top = model_top(s->m->options, s->all, l->n);

	if (l->n == 0)
		return;
	section(s, PART_LIST, model_list_titles[kind], l->n, tone_of(kind));
	for (i = 0; i < top; i++) {
		const struct model_row *r = l->row[i];

		name_cell(s, r);
		text_cell(s, r->template_name);
		say_since(cell(s), r);
		if (kind == LIST_OTHER || kind >= LIST_NEVER)
			buf_printf(
			        cell(s), "%s%s%s", r->rule, r->rule[0] != '\0' ? ": " : "", r->why);
		else
			text_cell(s, r->why);
	}
	TABLE(s, columns, .left_out = l->n - top, .row = l->row);
}

/* Who sees this for the first time learns here what to do about it. */
static void
write_how(struct sheet *s)
{
	struct buf *b;

	if (s->m->totals.due == 0 || s->m->run[DID_STOP].n > 0)
		return;
	section(s, PART_HOW, "What to do", 0, TONE_DUE);
	b = begin(s);
	buf_printf(b,
	        "To stop the %llu that %s due, give the same records to cws-stop: it shows its "
	        "plan, with -x it stops them, "
	        "and cws-start takes that back.",
	        (unsigned long long)s->m->totals.due, s->m->totals.due == 1 ? "is" : "are");
	end(s, TONE_PLAIN);
}

/* -- 5. The next 24 hours ----------------------------------------------------- */

static void
write_hours(struct sheet *s)
{
	static const struct sheet_column columns[] = { { "hour", CELL_TEXT },
		{ "stops", CELL_NUMBER }, { "starts", CELL_NUMBER }, { "", CELL_BAR } };
	const struct model_day          *d = &s->m->day;
	uint64_t                         most = 0;
	size_t                           i;

	for (i = 0; i < MODEL_HOURS; i++)
		if (d->hour[i].stops > most)
			most = d->hour[i].stops;
	for (i = 0; i < MODEL_HOURS; i++) {
		if (d->hour[i].stops + d->hour[i].starts == 0)
			continue;
		say_hour(cell(s), s->m->options->tz, d->hour[i].from_s);
		count_cell(s, d->hour[i].stops);
		count_cell(s, d->hour[i].starts);
		bar_cell(s, d->hour[i].stops, most);
	}
	TABLE(s, columns, .figure = FIGURE_DAY);
}

static void
write_conflicts(struct sheet *s)
{
	static const struct sheet_column columns[] = { { "n", CELL_NUMBER },
		{ "conflict", CELL_TEXT }, { "one of them", CELL_TEXT } };
	const struct model_day          *d = &s->m->day;
	size_t                           i;

	for (i = 0; i < d->conflicts.n; i++) {
		count_cell(s, d->conflicts.item[i].n);
		text_cell(s, d->conflicts.item[i].name);
		text_cell(s, d->conflict_why[i]);
	}
	if (d->conflicts.n > 0)
		TABLE(s, columns, .left_out = 0);
}

static void
write_day(struct sheet *s)
{
	const struct model_day *d = &s->m->day;
	struct buf             *b = begin(s);
	size_t                  i;

	if (!d->known)
		return;
	section(s, PART_DAY, "The next 24 hours", 0, TONE_PLAIN);
	buf_printf(b, "%llu stop%s", (unsigned long long)d->stops, say_plural(d->stops));
	for (i = 0; i < d->by.n; i++)
		buf_printf(b, "%s%llu by %s", i == 0 ? " (" : ", ",
		        (unsigned long long)d->by.item[i].n, d->by.item[i].name);
	buf_printf(b, "%s, %llu start%s.", d->by.n > 0 ? ")" : "", (unsigned long long)d->starts,
	        say_plural(d->starts));
	end(s, TONE_PLAIN);
	if (d->stops + d->starts > 0)
		write_hours(s);
	write_conflicts(s);
}

/* -- 6. Groups, 7. People ------------------------------------------------------ */

static void
group_cells(struct sheet *s, const struct model_group *g)
{
	text_cell(s, g->name);
	count_cell(s, g->records);
	count_cell(s, g->running);
	count_cell(s, g->due);
	count_cell(s, g->keep);
	if (g->overdue_s > 0)
		say_span(cell(s), g->overdue_s);
	else
		text_cell(s, "-");
	say_time(cell(s), s->m->options->tz, g->last_used);
}

static void
write_groups(struct sheet *s)
{
	const struct sheet_column  columns[] = { { model_by_names[s->m->options->by], CELL_TEXT },
		 { "workspaces", CELL_NUMBER }, { "running", CELL_NUMBER }, { "due", CELL_NUMBER },
		 { "kept", CELL_NUMBER }, { "overdue", CELL_NUMBER }, { "last used", CELL_TIME } };
	const struct model_groups *g = &s->m->groups;
	size_t                     i, top = model_top(s->m->options, s->all, g->n);
	struct buf                *b = begin(s);

	if (g->n == 0)
		return;
	buf_printf(b, "By %s", model_by_names[s->m->options->by]);
	section(s, PART_GROUPS, buf_text(b), g->n, TONE_PLAIN);
	for (i = 0; i < top; i++)
		group_cells(s, &g->item[i]);
	TABLE(s, columns, .left_out = g->n - top);
}

/* Hours and cost are a table of their own: most reports know neither. */
static void
write_group_costs(struct sheet *s)
{
	const struct sheet_column  columns[] = { { model_by_names[s->m->options->by], CELL_TEXT },
		 { "hours run", CELL_NUMBER }, { "cost", CELL_NUMBER } };
	const struct model_groups *g = &s->m->groups;
	size_t                     i, known = 0, shown = 0, top;

	for (i = 0; i < g->n; i++)
		known += g->item[i].has_hours;
	if (known == 0)
		return;
	top = model_top(s->m->options, s->all, known);
	for (i = 0; i < g->n && shown < top; i++) {
		if (!g->item[i].has_hours)
			continue;
		shown++;
		text_cell(s, g->item[i].name);
		say_hours(cell(s), (int64_t)(g->item[i].hours * 3600));
		if (g->item[i].has_cost)
			say_amount(cell(s), g->item[i].cost, s->m->past.savings.currency);
		else
			text_cell(s, "-");
	}
	TABLE(s, columns, .left_out = known - top);
}

static void
write_people(struct sheet *s)
{
	static const struct sheet_column columns[] = { { "owner", CELL_TEXT },
		{ "account", CELL_STATE }, { "last seen", CELL_TIME },
		{ "workspaces", CELL_NUMBER }, { "running", CELL_NUMBER },
		{ "idle", CELL_NUMBER } };
	const struct model_people       *p = &s->m->people;
	size_t                           i, top = model_top(s->m->options, s->all, p->n);

	if (p->n == 0)
		return;
	section(s, PART_PEOPLE, "People", 0, TONE_PLAIN);
	begin(s);
	buf_puts(&s->line, "Idle: it runs and was not used for an hour.");
	end(s, TONE_QUIET);
	for (i = 0; i < top; i++) {
		text_cell(s, p->item[i].name);
		text_cell(s, p->item[i].status != NULL ? p->item[i].status : "-");
		say_time(cell(s), s->m->options->tz, p->item[i].last_seen);
		count_cell(s, p->item[i].records);
		count_cell(s, p->item[i].running);
		count_cell(s, p->item[i].idle);
	}
	TABLE(s, columns, .left_out = p->n - top);
}

/* -- 8. The past --------------------------------------------------------------- */

static void
write_span(struct sheet *s, const char *what, struct when since, struct when until)
{
	struct buf *b = begin(s);

	buf_puts(b, what);
	if (since.known && until.known) {
		buf_puts(b, ", from ");
		say_time(b, s->m->options->tz, since);
		buf_puts(b, " to ");
		say_time(b, s->m->options->tz, until);
	}
}

static void
write_policies(struct sheet *s)
{
	static const struct sheet_column columns[] = { { "policy", CELL_TEXT },
		{ "saved", CELL_NUMBER }, { "cost", CELL_NUMBER }, { "stops", CELL_NUMBER },
		{ "returns", CELL_NUMBER }, { "regrets", CELL_NUMBER }, { "in use", CELL_NUMBER },
		{ "owners met", CELL_NUMBER } };
	const struct model_past         *p = &s->m->past;
	size_t                           i;

	if (p->whatif + p->unjudged == 0)
		return;
	section(s, PART_PAST, "What policies would have done", 0, TONE_PLAIN);
	write_span(s, "Reckoned", p->since, p->until);
	buf_puts(&s->line, "; they ran ");
	say_hours(&s->line, p->ran_s);
	if (p->unjudged > 0)
		buf_printf(&s->line, "; use of %llu workspace%s is not known well enough",
		        (unsigned long long)p->unjudged, say_plural(p->unjudged));
	buf_putc(&s->line, '.');
	end(s, TONE_PLAIN);
	for (i = 0; i < p->policies; i++) {
		text_cell(s, p->policy[i].policy);
		say_hours(cell(s), p->policy[i].saved_s);
		if (p->policy[i].has_cost)
			say_amount(cell(s), p->policy[i].saved_cost, p->savings.currency);
		else
			text_cell(s, "-");
		count_cell(s, p->policy[i].stops);
		count_cell(s, p->policy[i].returns);
		count_cell(s, p->policy[i].regrets);
		count_cell(s, p->policy[i].cut);
		count_cell(s, p->policy[i].owners);
	}
	if (p->policies > 0)
		TABLE(s, columns, .figure = FIGURE_POLICIES);
}

static void
write_savings(struct sheet *s)
{
	const struct model_savings *v = &s->m->past.savings;
	struct buf                 *b;
	size_t                      i;

	if (v->records == 0)
		return;
	section(s, PART_PAST, "What our stops saved", 0, TONE_PLAIN);
	b = begin(s);
	buf_printf(b, "%llu stop%s of %llu workspace%s: at least ", (unsigned long long)v->stops,
	        say_plural(v->stops), (unsigned long long)v->records, say_plural(v->records));
	say_hours(b, v->low_s);
	buf_puts(b, ", at most ");
	say_hours(b, v->high_s);
	if (v->has_cost) {
		buf_puts(b, "; avoided cost ");
		say_amount(b, v->cost_low, v->currency);
		buf_puts(b, " to ");
		say_amount(b, v->cost_high, v->currency);
	}
	buf_printf(b, "; %llu regret%s.", (unsigned long long)v->regrets, say_plural(v->regrets));
	end(s, TONE_PLAIN);
	begin(s);
	if (v->unbounded > 0)
		buf_printf(b, "%llu without a lower bound. ", (unsigned long long)v->unbounded);
	for (i = 0; i < v->ended_by.n; i++)
		buf_printf(b, "%s%llu %s", i == 0 ? "Ended by: " : ", ",
		        (unsigned long long)v->ended_by.item[i].n, v->ended_by.item[i].name);
	if (b->n > 0)
		end(s, TONE_QUIET);
}

static void
write_use(struct sheet *s)
{
	static const struct sheet_column columns[] = { { "hour", CELL_TEXT },
		{ "used", CELL_NUMBER }, { "", CELL_BAR } };
	const struct model_past         *p = &s->m->past;
	uint64_t                         most = 0;
	size_t                           i;

	if (p->used == 0)
		return;
	section(s, PART_PAST, "Use by hour of the day", 0, TONE_PLAIN);
	write_span(s, "All workspaces together", p->used_since, p->used_until);
	buf_printf(&s->line, ", clocks of %s.", s->m->options->tz->name);
	end(s, TONE_QUIET);
	for (i = 0; i < 24; i++)
		if ((uint64_t)p->use_s[i] > most)
			most = (uint64_t)p->use_s[i];
	for (i = 0; i < 24; i++) {
		buf_printf(cell(s), "%02zu:00", i);
		say_hours(cell(s), p->use_s[i]);
		bar_cell(s, (uint64_t)p->use_s[i], most);
	}
	TABLE(s, columns, .figure = FIGURE_USE);
}

static void
write_habits(struct sheet *s)
{
	const struct model_past *p = &s->m->past;

	if (p->habits == 0)
		return;
	section(s, PART_PAST, "Habits", 0, TONE_PLAIN);
	begin(s);
	buf_printf(&s->line,
	        "Of %llu workspaces %llu are hardly ever used at this time, %llu are likely to be.",
	        (unsigned long long)p->habits, (unsigned long long)p->unlikely,
	        (unsigned long long)p->likely);
	end(s, TONE_PLAIN);
}

void
sheet_write(const struct model *m, bool all, const struct sheet_writer *w)
{
	struct sheet s = { .m = m, .w = w, .all = all };
	size_t       i;

	buf_init(&s.cells.text, (size_t)1 << 31);
	buf_init(&s.line, BUF_RECORD_MAX);
	write_head(&s);
	write_totals(&s);
	for (i = 0; i < MODEL_PROGRAMS; i++)
		if (m->run[i].n > 0)
			write_run(&s, &m->run[i]);
	for (i = 0; i < MODEL_LISTS; i++)
		write_list(&s, (enum model_list_kind)i);
	write_how(&s);
	write_day(&s);
	write_groups(&s);
	write_group_costs(&s);
	write_people(&s);
	write_policies(&s);
	write_savings(&s);
	write_habits(&s);
	write_use(&s);
	buf_release(&s.cells.text);
	buf_release(&s.line);
	free(s.cells.at);
	free(s.cells.cell);
}
