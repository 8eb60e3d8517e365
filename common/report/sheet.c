/* sheet.c - the eight parts as sentences and tables. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "report/meaning.h"
#include "report/say.h"
#include "report/sheet_parts.h"

/* -- 1. Head, 2. Totals ------------------------------------------------------ */

static void
write_head(struct sheet *s)
{
	const struct model_head    *h = &s->m->head;
	const struct model_options *o = s->m->options;
	struct buf                 *b = sheet_begin(s);

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
	} else if (h->records > 0) {
		buf_printf(b, ", times in %s", o->tz->name);
	}
	sheet_end(s, TONE_PLAIN);
	if (h->old) {
		sheet_begin(s);
		buf_puts(b, "This list is old: made ");
		say_span(b, h->age_s);
		buf_puts(b, " ago.");
		sheet_end(s, TONE_BAD);
	}
	if (h->bad > 0) {
		sheet_begin(s);
		buf_printf(b, "Not in this report: %llu bad record%s.", (unsigned long long)h->bad,
		        say_plural(h->bad));
		sheet_end(s, TONE_BAD);
	}
	if (h->broken != NULL) {
		sheet_begin(s);
		buf_printf(
		        b, "This report is not complete: its input ended early (%s).", h->broken);
		sheet_end(s, TONE_BAD);
	}
}

/* Records as they were fetched, or with nothing but a timeline, which authorises nothing. */
static void
write_unjudged(struct sheet *s)
{
	buf_printf(sheet_begin(s),
	        "%llu running. No rule has judged them: cws-ttl and cws-quiet say what is due.",
	        (unsigned long long)s->m->totals.running);
	sheet_end(s, TONE_PLAIN);
}

/* What a rule asks for and cws-stop does not do. */
static void
say_futile(struct buf *b, const struct model_totals *t)
{
	if (t->stopped > 0)
		buf_printf(b, "; %llu of those due %s not run, so cws-stop passes over %s",
		        (unsigned long long)t->stopped, t->stopped == 1 ? "does" : "do",
		        t->stopped == 1 ? "it" : "them");
	if (t->undated > 0)
		buf_printf(b, "; %llu asked for by a verdict without \"at\", which stops nothing",
		        (unsigned long long)t->undated);
}

/* "52 running, 14 due: 5 should have stopped, 9 due by quiet hours": the numbers of the lists. */
static void
write_due(struct sheet *s)
{
	const struct model_totals *t = &s->m->totals;
	struct buf                *b = sheet_begin(s);
	const char                *sep = ": ";
	size_t                     i;

	buf_printf(b, "%llu running", (unsigned long long)t->running);
	if (t->ended > 0)
		buf_printf(b, " when listed, %llu of them stopped since",
		        (unsigned long long)t->ended);
	buf_printf(b, ", %llu due", (unsigned long long)t->due);
	for (i = 0; i < MODEL_LISTS; i++)
		if (s->m->list[i].due > 0) {
			buf_printf(b, "%s%llu ", sep, (unsigned long long)s->m->list[i].due);
			say_list(b, (enum model_list_kind)i);
			sep = ", ";
		}
	for (i = LIST_STUCK; i <= LIST_FAILED; i++)
		if (s->m->list[i].n > s->m->list[i].due) {
			buf_printf(b, "; not due, but broken: %llu ",
			        (unsigned long long)(s->m->list[i].n - s->m->list[i].due));
			say_list(b, (enum model_list_kind)i);
		}
	if (t->keep > 0)
		buf_printf(b, "; %llu left alone", (unsigned long long)t->keep);
	if (s->m->list[LIST_KEPT].stuck > 0)
		buf_printf(b, " (%llu of them stuck)",
		        (unsigned long long)s->m->list[LIST_KEPT].stuck);
	say_futile(b, t);
	if (t->oldest_overdue_s > 0) {
		buf_puts(b, "; the longest overdue by ");
		say_span(b, (int64_t)t->oldest_overdue_s);
	}
	buf_putc(b, '.');
	sheet_end(s, t->due > 0 ? TONE_DUE : TONE_PLAIN);
}

static void
write_totals(struct sheet *s)
{
	if (s->m->rows == 0)
		return;
	sheet_section(s, PART_TOTALS, "Totals", 0, TONE_PLAIN);
	if (model_is_judged(s->m))
		write_due(s);
	else
		write_unjudged(s);
	sheet_lately(s);
	sheet_first(s);
}

/* "Of the 13 that autostop calls now: 12 due, 1 ..."; nothing where all are what is expected. */
static void
say_unlike(struct sheet *s, const char *of, const struct model_counts *c, const char *expected)
{
	struct buf *b = sheet_begin(s), others;
	uint64_t    as_expected = 0, n = 0;
	size_t      i;

	buf_init(&others, BUF_RECORD_MAX);
	for (i = 0; i < c->n; i++) {
		n += c->item[i].n;
		if (strcmp(c->item[i].name, expected) == 0)
			as_expected = c->item[i].n;
		else
			buf_printf(&others, ", %llu %s", (unsigned long long)c->item[i].n,
			        c->item[i].name);
	}
	if (n > as_expected) {
		buf_printf(b, "Of the %llu %s: %llu %s%s.", (unsigned long long)n, of,
		        (unsigned long long)as_expected, expected, buf_text(&others));
		sheet_end(s, TONE_QUIET);
	}
	buf_release(&others);
}

/* "ttl, by its deadline: soon = its deadline is near ...": of the words of a block that came. */
static void
write_legend(struct sheet *s, const struct sheet_counts *block)
{
	const char *judges_by = meaning_of_rule(block->title), *means;
	struct buf *b = sheet_begin(s);
	const char *sep = ": ";
	size_t      i;

	buf_puts(b, block->title);
	if (judges_by != NULL)
		buf_printf(b, ", %s", judges_by);
	for (i = 0; i < block->counts->n; i++) {
		const struct model_count *c = &block->counts->item[i];

		means = c->n > 0 ? meaning_of(block->title, c->name) : NULL;
		if (means == NULL)
			continue;
		buf_printf(b, "%s%s = %s", sep, c->name, means);
		sep = "; ";
	}
	buf_putc(b, '.');
	if (sep[0] == ';')
		sheet_end(s, TONE_LEGEND);
}

static void
write_counts(struct sheet *s)
{
	const struct model_totals *t = &s->m->totals;
	struct sheet_counts       *block;
	size_t                     i;

	if (s->m->rows == 0)
		return;
	sheet_section(s, PART_COUNTS, "Counts", 0, TONE_PLAIN);
	sheet_say(s,
	        "Each workspace stands in one list, the most urgent that fits; the lists follow. "
	        "Status is the server's word; the others are what each rule says of each, so one "
	        "workspace counts under each rule.",
	        TONE_QUIET);
	say_unlike(s, "that autostop calls now", &t->now.plans, "due");
	say_unlike(s, "due autostop says", &t->now.due, "now");
	block = xcalloc(t->rules + 2, sizeof(*block));
	block[0] = (struct sheet_counts){ SHEET_LISTS, &t->lists };
	block[1] = (struct sheet_counts){ "status", &t->status };
	for (i = 0; i < t->rules; i++)
		block[i + 2] = (struct sheet_counts){ t->rule[i].name, &t->rule[i].states };
	s->w->counts(s->w->to, block, t->rules + 2);
	for (i = 0; i < t->rules + 2; i++)
		write_legend(s, &block[i]);
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
		sheet_count_cell(s, run->result[i].n);
		sheet_text_cell(s, run->result[i].result);
		sheet_text_cell(s, run->result[i].rule);
	}
	SHEET_TABLE(s, columns, .left_out = 0);
}

static void
write_trouble(struct sheet *s, const struct model_run *run)
{
	static const struct sheet_column columns[] = { { "workspace", CELL_NAME },
		{ "result", CELL_STATE }, { "reason", CELL_TEXT } };
	size_t                           i, top = model_top(s->m->options, s->all, run->troubles);

	if (run->troubles == 0)
		return;
	for (i = 0; i < top; i++) {
		const struct model_act *a = run->trouble[i]->act[run->program];

		sheet_name_cell(s, run->trouble[i]);
		sheet_text_cell(s, a->result);
		if (a->error != NULL && a->why[0] != '\0')
			buf_printf(sheet_cell(s), "%s: %s", a->why, a->error);
		else
			sheet_text_cell(s, a->error != NULL ? a->error : a->why);
	}
	SHEET_TABLE(s, columns, .left_out = run->troubles - top, .row = run->trouble);
}

static void
write_way_back(struct sheet *s, const struct model_run *run)
{
	struct buf *b = sheet_begin(s);

	if (run->dry) {
		buf_printf(b,
		        "A dry run: nothing was sent. Given these records%s, "
		        "cws-%s -x carries it out, with the options of this run.",
		        run->program == DID_STOP ? " within 15 minutes" : "",
		        model_program_names[run->program]);
		sheet_end(s, TONE_PLAIN);
	}
	if (run->undoable == 0)
		return;
	sheet_begin(s);
	buf_printf(b,
	        "To take it back (%llu): give these records, here stopped.ndjson, or the run's "
	        "journal to cws-start; it shows its plan, with -x it starts them again:",
	        (unsigned long long)run->undoable);
	sheet_end(s, TONE_PLAIN);
	s->w->code(s->w->to, "cws-start <stopped.ndjson | cws-report");
}

static void
write_run(struct sheet *s, const struct model_run *run)
{
	struct buf *b;
	size_t      i;

	b = sheet_begin(s);
	buf_printf(b, "What cws-%s did", model_program_names[run->program]);
	sheet_section(s, PART_RUN, buf_text(b), 0, run->troubles > 0 ? TONE_BAD : TONE_PLAIN);
	sheet_begin(s);
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
		sheet_end(s, TONE_QUIET);
	write_results(s, run);
	for (i = 0; i < run->refused.n; i++) {
		sheet_begin(s);
		buf_printf(b, "Refused (%llu): %s", (unsigned long long)run->refused.item[i].n,
		        run->refused.item[i].name);
		sheet_end(s, TONE_BAD);
	}
	write_trouble(s, run);
	write_way_back(s, run);
}

/* -- 5. The next 24 hours ----------------------------------------------------- */

static void
write_hours(struct sheet *s)
{
	static const struct sheet_column columns[] = { { "hour", CELL_TEXT },
		{ "server stops", CELL_NUMBER }, { "a run would stop", CELL_NUMBER },
		{ "starts", CELL_NUMBER }, { "", CELL_BAR } };
	const struct model_day          *d = &s->m->day;
	uint64_t                         most = 0;
	size_t                           i;

	for (i = 0; i < MODEL_HOURS; i++)
		if (d->hour[i].stops > most)
			most = d->hour[i].stops;
	for (i = 0; i < MODEL_HOURS; i++) {
		if (d->hour[i].stops + d->hour[i].starts == 0)
			continue;
		say_hour(sheet_cell(s), s->m->options->tz, d->hour[i].from_s);
		sheet_count_cell(s, d->hour[i].server);
		sheet_count_cell(s, d->hour[i].stops - d->hour[i].server);
		sheet_count_cell(s, d->hour[i].starts);
		sheet_bar_cell(s, d->hour[i].stops, most);
	}
	SHEET_TABLE(s, columns, .figure = FIGURE_DAY);
}

static void
write_conflicts(struct sheet *s)
{
	static const struct sheet_column columns[] = { { "n", CELL_NUMBER }, { "what", CELL_TEXT },
		{ "one of them", CELL_TEXT } };
	const struct model_day          *d = &s->m->day;
	size_t                           i;

	if (d->conflicts == 0)
		return;
	sheet_say(s, "Conflicts, settings and rules that do not go together:", TONE_PLAIN);
	for (i = 0; i < d->conflicts; i++) {
		const struct model_conflict *c = &d->conflict[i];
		const struct model_row      *r = &s->m->row[c->row];

		sheet_count_cell(s, c->n);
		sheet_text_cell(s, model_conflict_words(c->code));
		buf_printf(sheet_cell(s), "%s/%s: %s", r->owner, r->name, c->why);
	}
	SHEET_TABLE(s, columns, .left_out = 0);
}

static void
say_by(struct buf *b, const struct model_counts *by)
{
	size_t i;

	for (i = 0; i < by->n; i++)
		buf_printf(b, "%s%llu by %s", i == 0 ? " (" : ", ",
		        (unsigned long long)by->item[i].n, by->item[i].name);
	buf_puts(b, by->n > 0 ? ")" : "");
}

/* What happens by itself, and what only if somebody runs cws-stop. */
static void
say_day(struct sheet *s)
{
	const struct model_day *d = &s->m->day;
	uint64_t                ours = d->stops - d->server;
	struct buf             *b = sheet_begin(s);

	buf_printf(b, "By itself the server stops %llu", (unsigned long long)d->server);
	say_by(b, &d->by_server);
	buf_printf(b, " and starts %llu by their schedule. Runs of cws-stop would stop %llu",
	        (unsigned long long)d->starts, (unsigned long long)ours);
	say_by(b, &d->by_run);
	buf_puts(b, "; without one those go on.");
	sheet_end(s, TONE_PLAIN);
}

/* A workspace that is missing from the forecast is told, and why. */
static void
say_gaps(struct sheet *s)
{
	const struct model_day *d = &s->m->day;
	struct buf             *b = sheet_begin(s);
	uint64_t                n = 0;
	size_t                  i;

	for (i = 0; i < d->gaps.n; i++)
		n += d->gaps.item[i].n;
	if (n > 0) {
		buf_printf(b, "Not in this forecast, as it cannot be told: %llu",
		        (unsigned long long)n);
		for (i = 0; i < d->gaps.n && i < 3; i++)
			buf_printf(b, "%s%llu %s", i == 0 ? " (" : ", ",
			        (unsigned long long)d->gaps.item[i].n, d->gaps.item[i].name);
		buf_puts(b, i < d->gaps.n ? ", ...)." : ").");
	}
	if (d->known < s->m->rows)
		buf_printf(b, "%sNot asked (no .cws.autostop): %llu.", n > 0 ? " " : "",
		        (unsigned long long)(s->m->rows - d->known));
	if (b->n > 0)
		sheet_end(s, TONE_QUIET);
}

static void
write_day(struct sheet *s)
{
	if (s->m->day.known == 0)
		return;
	sheet_section(s, PART_DAY, "The next 24 hours", 0, TONE_PLAIN);
	say_day(s);
	say_gaps(s);
	if (s->m->day.stops + s->m->day.starts > 0)
		write_hours(s);
	write_conflicts(s);
}

/* -- 6. Groups, 7. People ------------------------------------------------------ */

static void
group_cells(struct sheet *s, const struct model_group *g)
{
	sheet_text_cell(s, g->name);
	sheet_count_cell(s, g->records);
	sheet_count_cell(s, g->running);
	sheet_count_cell(s, g->due);
	sheet_count_cell(s, g->keep);
	if (g->overdue_s > 0)
		say_span(sheet_cell(s), g->overdue_s);
	else
		sheet_text_cell(s, "-");
	say_time(sheet_cell(s), s->m->options->tz, g->last_used);
}

static void
write_groups(struct sheet *s)
{
	const struct sheet_column  columns[] = { { model_by_names[s->m->options->by], CELL_TEXT },
		 { "workspaces", CELL_NUMBER }, { "running", CELL_NUMBER }, { "due", CELL_NUMBER },
		 { "left alone", CELL_NUMBER }, { "overdue", CELL_NUMBER },
		 { "last used", CELL_TIME } };
	const struct model_groups *g = &s->m->groups;
	size_t                     i, top = model_top(s->m->options, s->all, g->n);
	struct buf                *b = sheet_begin(s);

	if (g->n == 0)
		return;
	buf_printf(b, "By %s", model_by_names[s->m->options->by]);
	sheet_section(s, PART_GROUPS, buf_text(b), g->n, TONE_PLAIN);
	for (i = 0; i < top; i++)
		group_cells(s, &g->item[i]);
	SHEET_TABLE(s, columns, .left_out = g->n - top);
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
		sheet_text_cell(s, g->item[i].name);
		say_hours(sheet_cell(s), (int64_t)(g->item[i].hours * 3600));
		if (g->item[i].has_cost)
			say_amount(sheet_cell(s), g->item[i].cost, s->m->past.savings.currency);
		else
			sheet_text_cell(s, "-");
	}
	SHEET_TABLE(s, columns, .left_out = known - top);
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
	sheet_section(s, PART_PEOPLE, "People", 0, TONE_PLAIN);
	sheet_begin(s);
	buf_puts(&s->line, "Idle: it runs and was not used for an hour.");
	sheet_end(s, TONE_QUIET);
	for (i = 0; i < top; i++) {
		sheet_text_cell(s, p->item[i].name);
		sheet_text_cell(s, p->item[i].status != NULL ? p->item[i].status : "-");
		say_time(sheet_cell(s), s->m->options->tz, p->item[i].last_seen);
		sheet_count_cell(s, p->item[i].records);
		sheet_count_cell(s, p->item[i].running);
		sheet_count_cell(s, p->item[i].idle);
	}
	SHEET_TABLE(s, columns, .left_out = p->n - top);
}

/* -- 8. The past --------------------------------------------------------------- */

static void
write_span(struct sheet *s, const char *what, struct when since, struct when until)
{
	struct buf *b = sheet_begin(s);

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
	sheet_section(s, PART_PAST, "What policies would have done", 0, TONE_PLAIN);
	write_span(s, "Reckoned", p->since, p->until);
	buf_puts(&s->line, "; they ran ");
	say_hours(&s->line, p->ran_s);
	if (p->unjudged > 0)
		buf_printf(&s->line, "; use of %llu workspace%s is not known well enough",
		        (unsigned long long)p->unjudged, say_plural(p->unjudged));
	buf_putc(&s->line, '.');
	sheet_end(s, TONE_PLAIN);
	for (i = 0; i < p->policies; i++) {
		sheet_text_cell(s, p->policy[i].policy);
		say_hours(sheet_cell(s), p->policy[i].saved_s);
		if (p->policy[i].has_cost)
			say_amount(sheet_cell(s), p->policy[i].saved_cost, p->savings.currency);
		else
			sheet_text_cell(s, "-");
		sheet_count_cell(s, p->policy[i].stops);
		sheet_count_cell(s, p->policy[i].returns);
		sheet_count_cell(s, p->policy[i].regrets);
		sheet_count_cell(s, p->policy[i].cut);
		sheet_count_cell(s, p->policy[i].owners);
	}
	if (p->policies > 0)
		SHEET_TABLE(s, columns, .figure = FIGURE_POLICIES);
}

static void
write_savings(struct sheet *s)
{
	const struct model_savings *v = &s->m->past.savings;
	struct buf                 *b;
	size_t                      i;

	if (v->records == 0)
		return;
	sheet_section(s, PART_PAST, "What our stops saved", 0, TONE_PLAIN);
	b = sheet_begin(s);
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
	sheet_end(s, TONE_PLAIN);
	sheet_begin(s);
	if (v->unbounded > 0)
		buf_printf(b, "%llu without a lower bound. ", (unsigned long long)v->unbounded);
	for (i = 0; i < v->ended_by.n; i++)
		buf_printf(b, "%s%llu %s", i == 0 ? "Ended by: " : ", ",
		        (unsigned long long)v->ended_by.item[i].n, v->ended_by.item[i].name);
	if (b->n > 0)
		sheet_end(s, TONE_QUIET);
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
	sheet_section(s, PART_PAST, "Use by hour of the day", 0, TONE_PLAIN);
	write_span(s, "All workspaces together", p->used_since, p->used_until);
	buf_printf(&s->line, ", clocks of %s.", s->m->options->tz->name);
	sheet_end(s, TONE_QUIET);
	for (i = 0; i < 24; i++)
		if ((uint64_t)p->use_s[i] > most)
			most = (uint64_t)p->use_s[i];
	for (i = 0; i < 24; i++) {
		buf_printf(sheet_cell(s), "%02zu:00", i);
		say_hours(sheet_cell(s), p->use_s[i]);
		sheet_bar_cell(s, (uint64_t)p->use_s[i], most);
	}
	SHEET_TABLE(s, columns, .figure = FIGURE_USE);
}

static void
write_habits(struct sheet *s)
{
	const struct model_past *p = &s->m->past;

	if (p->habits == 0)
		return;
	sheet_section(s, PART_PAST, "Habits", 0, TONE_PLAIN);
	sheet_begin(s);
	buf_printf(&s->line,
	        "Of %llu workspaces %llu are hardly ever used at this time, %llu are likely to be.",
	        (unsigned long long)p->habits, (unsigned long long)p->unlikely,
	        (unsigned long long)p->likely);
	sheet_end(s, TONE_PLAIN);
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
	sheet_how(&s);
	write_counts(&s);
	for (i = 0; i < MODEL_PROGRAMS; i++)
		if (m->run[i].n > 0)
			write_run(&s, &m->run[i]);
	for (i = 0; i < MODEL_LISTS; i++)
		sheet_list(&s, (enum model_list_kind)i);
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
