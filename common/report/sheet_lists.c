/* sheet_lists.c - what should be stopped first, why, and how: the lists, and the commands. */

#include <string.h>

#include "report/say.h"
#include "report/sheet_parts.h"

/* -- What a list says once -------------------------------------------------------- */

/* What a rule says of all of a list begins and ends alike; what differs stands between. */
struct common {
	const char *rule;    /* whose sentences they are; NULL: nothing is common */
	const char *example; /* one of them */
	size_t      rows;    /* that have them */
	size_t      head, tail;
};

#define COMMON_MIN 20 /* bytes that are worth a sentence of their own */

/* The rule that put most of them there; texts are one pointer where they are equal. */
static const char *
main_rule(const struct model_list *l)
{
	const char *rule = l->row[0]->rule;
	size_t      ahead = 0, i;

	for (i = 0; i < l->n; i++) {
		if (l->row[i]->rule == rule) {
			ahead++;
		} else if (ahead > 1) {
			ahead--;
		} else {
			rule = l->row[i]->rule;
			ahead = 1;
		}
	}
	return rule;
}

static size_t
alike_ahead(const char *a, const char *b, size_t most)
{
	size_t n = 0;

	while (n < most && a[n] == b[n] && a[n] != '\0')
		n++;
	return n;
}

static size_t
alike_behind(const char *a, const char *b, size_t most)
{
	size_t n = 0, a_n = strlen(a), b_n = strlen(b);

	while (n < most && n < a_n && n < b_n && a[a_n - 1 - n] == b[b_n - 1 - n])
		n++;
	return n;
}

/* A clause ends before its comma or semicolon. */
static bool
ends_clause(char c)
{
	return c == ',' || c == ';';
}

/* What all begin with, back to where a clause ends, so that what is left is still a phrase. */
static void
find_head(struct common *c, const struct model_list *l)
{
	bool   same = true;
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (l->row[i]->rule != c->rule)
			continue;
		if (c->rows++ == 0) {
			c->example = l->row[i]->why;
			c->head = strlen(c->example);
		}
		c->head = alike_ahead(c->example, l->row[i]->why, c->head);
		same = same && l->row[i]->why == c->example;
	}
	while (!same && c->head > 0 && !ends_clause(c->example[c->head]))
		c->head--;
}

/* What all end with behind that. */
static void
find_tail(struct common *c, const struct model_list *l)
{
	size_t n = strlen(c->example), i;

	c->tail = n - c->head;
	for (i = 0; i < l->n; i++)
		if (l->row[i]->rule == c->rule)
			c->tail = alike_behind(c->example, l->row[i]->why + c->head, c->tail);
	while (c->tail > 0 && !ends_clause(c->example[n - c->tail]))
		c->tail--;
}

static struct common
common_of(const struct model_list *l)
{
	struct common c = { .rule = main_rule(l) };

	find_head(&c, l);
	if (c.rows < 2 || c.head < COMMON_MIN)
		c.rule = NULL;
	else
		find_tail(&c, l);
	return c;
}

/* In lists that several rules fill, the sentence says whose it is. */
static void
put_rule(struct buf *b, enum model_list_kind kind, const char *rule)
{
	if (rule[0] != '\0' && (kind == LIST_OTHER || kind >= LIST_NEVER))
		buf_printf(b, "%s: ", rule);
}

/* A piece of a sentence without the comma and the blank it begins with. */
static void
put_phrase(struct buf *b, const char *p, size_t n)
{
	while (n > 0 && (ends_clause(*p) || *p == ' ')) {
		p++;
		n--;
	}
	buf_put(b, p, n);
}

/* "All 7: quiet hours Mon 18:00-08:00 began 2h ago, grace 1h over ... local time Mon 20:00 UTC." */
static void
say_common(struct sheet *s, enum model_list_kind kind, const struct common *c)
{
	size_t      all = s->m->list[kind].n;
	struct buf *b;

	if (c->rule == NULL)
		return;
	b = sheet_begin(s);
	buf_printf(b, c->rows == all ? "All %zu: " : "%zu of them: ", c->rows);
	put_rule(b, kind, c->rule);
	buf_put(b, c->example, c->head);
	if (c->example[c->head] != '\0')
		buf_puts(b, c->tail > 0 ? " ... " : " ...");
	put_phrase(b, c->example + strlen(c->example) - c->tail, c->tail);
	buf_puts(b, c->example[c->head] != '\0' && c->tail == 0 ? "" : ".");
	sheet_end(s, TONE_QUIET);
}

/* -- Rows ------------------------------------------------------------------------- */

/* Why, as far as it was not said for all of them. */
static void
why_cell(struct sheet *s, const struct model_row *r, const struct common *c)
{
	struct buf *b = sheet_cell(s);
	size_t      n = strlen(r->why);
	bool        said = c->rule == r->rule && n == c->head;

	if (r->list == LIST_KEPT && r->stuck)
		buf_printf(b, "stuck, so it may still be running%s", said ? "" : "; ");
	if (c->rule == r->rule) {
		put_phrase(b, r->why + c->head, n - c->head - c->tail);
	} else {
		put_rule(b, r->list, r->rule);
		buf_puts(b, r->why);
	}
}

static void
say_used(struct buf *b, const struct model_row *r)
{
	int64_t span_s = model_unused_s(r);

	if (!r->last_used.known) {
		buf_putc(b, '-');
	} else if (span_s < 60) {
		buf_puts(b, "now");
	} else {
		say_span(b, span_s);
		buf_puts(b, " ago");
	}
}

static enum sheet_tone
tone_of(enum model_list_kind kind)
{
	return kind <= LIST_FAILED ? TONE_BAD : kind <= LIST_OTHER ? TONE_DUE : TONE_PLAIN;
}

/* What any of a list has to say, column by column. */
struct shown {
	bool when, used, why;
};

static struct shown
look(const struct model_list *l, const struct common *c)
{
	struct shown shown = { false, false, false };
	size_t       i;

	for (i = 0; i < l->n; i++) {
		const struct model_row *r = l->row[i];
		bool                    said = c->rule == r->rule && strlen(r->why) == c->head;

		shown.when = shown.when || r->since.known;
		shown.used = shown.used || r->last_used.known;
		shown.why = shown.why || !said || (r->list == LIST_KEPT && r->stuck);
	}
	return shown;
}

/* A column that would say nothing of anybody is left out. */
static void
write_rows(struct sheet *s, const struct model_list *l, const struct common *common)
{
	struct sheet_column column[SHEET_COLUMNS_MAX] = { { "workspace", CELL_NAME },
		{ "template", CELL_LABEL } };
	struct shown        shown = look(l, common);
	size_t              i, n = 2, top = model_top(s->m->options, s->all, l->n);

	if (shown.when)
		column[n++] = (struct sheet_column){ "when", CELL_WHEN };
	if (shown.used)
		column[n++] = (struct sheet_column){ "last used", CELL_USED };
	if (shown.why)
		column[n++] = (struct sheet_column){ "why", CELL_TEXT };
	for (i = 0; i < top; i++) {
		sheet_name_cell(s, l->row[i]);
		sheet_text_cell(s, l->row[i]->template_name);
		if (shown.when)
			say_since(sheet_cell(s), l->row[i]);
		if (shown.used)
			say_used(sheet_cell(s), l->row[i]);
		if (shown.why)
			why_cell(s, l->row[i], common);
	}
	sheet_table(
	        s, (struct sheet_table){
	                   .column = column, .columns = n, .left_out = l->n - top, .row = l->row });
}

/* -- What to do ------------------------------------------------------------------- */

static const char *
is_or_are(uint64_t n)
{
	return n == 1 ? "is" : "are";
}

void
sheet_own_plan(struct buf *b, const struct model_row *r)
{
	buf_printf(b,
	        "cws-fetch | jq -c 'select(.id == \"%s\")' |\n"
	        "  tee one.ndjson | cws-stop -f --max 1 | cws-report",
	        r->id);
}

const char sheet_own_then[] = "The stop, within 15 minutes; cws-start does not take this one back:";
/* Another file than that of the others, whose way back it is. */
const char sheet_own_stop[] = "cws-stop -f --max 1 -x <one.ndjson >one-stopped.ndjson";

static void
write_own_commands(struct sheet *s, const struct model_list *l)
{
	const struct model_row *r = NULL;
	struct buf             *b = sheet_begin(s);
	size_t                  i;

	for (i = 0; i < l->n && r == NULL; i++)
		if (!l->row[i]->due && model_can_choose(l->row[i]))
			r = l->row[i];
	if (r == NULL)
		return;
	if (l->n == 1)
		buf_puts(b, "It is not due: ");
	else if (l->due == 0)
		buf_printf(b, "None of the %zu is due: ", l->n);
	else
		buf_printf(b, "%llu of the %zu %s not due: ", (unsigned long long)(l->n - l->due),
		        l->n, is_or_are(l->n - l->due));
	buf_printf(b,
	        "no rule asks for a stop, so %s its own commands (-f stops what no rule asks "
	        "for). The plan for %s/%s, which stops nothing:",
	        l->n - l->due == 1 ? "it has" : "each has", r->owner, r->name);
	sheet_end(s, TONE_PLAIN);
	b = sheet_begin(s);
	sheet_own_plan(b, r);
	s->w->code(s->w->to, buf_text(b));
	sheet_say(s, sheet_own_then, TONE_PLAIN);
	s->w->code(s->w->to, sheet_own_stop);
}

void
sheet_list(struct sheet *s, enum model_list_kind kind)
{
	const struct model_list *l = &s->m->list[kind];
	struct common            common;
	struct buf              *b;

	if (l->n == 0)
		return;
	common = common_of(l);
	sheet_list_section(s, kind, tone_of(kind));
	b = sheet_begin(s);
	buf_puts(b, model_list_meanings[kind]);
	if (kind == LIST_KEPT && l->stuck > 0)
		buf_printf(b, " %llu of them %s stuck.", (unsigned long long)l->stuck,
		        is_or_are(l->stuck));
	sheet_end(s, TONE_PLAIN);
	say_common(s, kind, &common);
	write_rows(s, l, &common);
	if (kind == LIST_STUCK || kind == LIST_FAILED)
		write_own_commands(s, l);
}

void
sheet_first(struct sheet *s)
{
	const struct model_row *r = model_first(s->m);
	struct buf             *b = sheet_begin(s);

	if (r == NULL)
		return;
	buf_printf(b, "First: %s/%s, ", r->owner, r->name);
	say_list(b, r->list);
	if (r->since.known) {
		buf_puts(b, ", ");
		say_since(b, r);
	}
	buf_printf(b, "%s%s.", r->why[0] != '\0' ? ": " : "", r->why);
	sheet_end(s, TONE_FIRST);
}

void
sheet_lately(struct sheet *s)
{
	const struct model_totals *t = &s->m->totals;
	size_t                     i, top = model_top(s->m->options, false, t->latelys);
	struct buf                *b = sheet_begin(s);

	if (t->latelys == 0)
		return;
	buf_printf(b,
	        "Of the %llu due %zu %s used in the last %d minutes, perhaps by somebody at work",
	        (unsigned long long)t->due, t->latelys, t->latelys == 1 ? "was" : "were",
	        MODEL_LATELY_S / 60);
	for (i = 0; i < top; i++) {
		buf_printf(b, "%s%s/%s ", i == 0 ? ": " : ", ", t->lately[i]->owner,
		        t->lately[i]->name);
		say_used(b, t->lately[i]);
	}
	if (top < t->latelys)
		buf_printf(b, ", and %zu more", t->latelys - top);
	buf_putc(b, '.');
	sheet_end(s, TONE_DUE);
}

/* cws-start starts what ran: what had failed before it was stopped stays as it is. */
static void
write_undo(struct sheet *s)
{
	uint64_t broken = s->m->list[LIST_STUCK].due + s->m->list[LIST_FAILED].due;

	if (broken == s->m->totals.due)
		return;
	sheet_say(s,
	        broken == 0
	                ? "The way back, as a plan; cws-start -x starts them again:"
	                : "The way back, as a plan; cws-start -x starts them again, all but those "
	                  "that were stuck or failed:",
	        TONE_PLAIN);
	s->w->code(s->w->to, "cws-start <stopped.ndjson | cws-report");
}

/* What cws-stop takes without --max; more it refuses whole. */
#define STOP_MAX 50

void
sheet_how(struct sheet *s)
{
	uint64_t    due = s->m->totals.due;
	struct buf *b, more;

	if (due == 0 || s->m->run[DID_STOP].n > 0)
		return;
	buf_init(&more, 40);
	if (due > STOP_MAX)
		buf_printf(&more, " --max %llu", (unsigned long long)due);
	sheet_section(s, PART_HOW, "What to do", 0, TONE_DUE);
	b = sheet_begin(s);
	buf_printf(b,
	        "To stop the %llu that %s due: end the pipeline that made this report in "
	        "\">records.ndjson\" instead of \"| cws-report\", and within 15 minutes see the "
	        "plan, which stops nothing:",
	        (unsigned long long)due, is_or_are(due));
	sheet_end(s, TONE_PLAIN);
	b = sheet_begin(s);
	buf_printf(b, "cws-stop%s <records.ndjson | cws-report", buf_text(&more));
	s->w->code(s->w->to, buf_text(b));
	sheet_say(s,
	        "Stop them, each looked at again just before, and keep what was done:", TONE_PLAIN);
	b = sheet_begin(s);
	buf_printf(b, "cws-stop%s -x <records.ndjson >stopped.ndjson", buf_text(&more));
	s->w->code(s->w->to, buf_text(b));
	write_undo(s);
	buf_release(&more);
}
