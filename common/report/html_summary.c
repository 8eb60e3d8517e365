/* html_summary.c - what somebody who looks for five seconds sees. */

#include "report/html_parts.h"
#include "report/say.h"

static void
put_tile(struct buf *b, const char *name, const char *class, const char *value)
{
	buf_printf(b, "<div class=\"%s\"><dt>%s<dd>%s</div>\n", class, name, value);
}

static void
put_count_tile(struct buf *b, const char *name, const char *class, uint64_t n)
{
	char       digits[24];
	struct buf number;

	buf_init(&number, sizeof(digits));
	buf_printf(&number, "%llu", (unsigned long long)n);
	put_tile(b, name, n > 0 ? class : "plain", buf_text(&number));
	buf_release(&number);
}

static void
put_tiles(struct buf *b, const struct model *m)
{
	const struct model_totals *t = &m->totals;
	struct buf                 span;

	buf_puts(b, "<dl class=\"tiles\">\n");
	put_count_tile(b, t->ended > 0 ? "Running when listed" : "Running", "plain", t->running);
	if (model_is_judged(m)) {
		put_count_tile(b, "Due now", "due", t->due);
		put_count_tile(b, "Broken", "bad", m->list[LIST_STUCK].n + m->list[LIST_FAILED].n);
		put_count_tile(b, "Left alone", "plain", t->keep);
	}
	if (t->oldest_overdue_s > 0) {
		buf_init(&span, BUF_RECORD_MAX);
		say_span(&span, (int64_t)t->oldest_overdue_s);
		put_tile(b, "Longest overdue", "due", buf_text(&span));
		buf_release(&span);
	}
	if (m->day.known > 0) {
		put_count_tile(b, "Server stops in 24 h", "plain", m->day.server);
		put_count_tile(b, "Runs would stop in 24 h", "plain", m->day.stops - m->day.server);
	}
	buf_puts(b, "</dl>\n");
}

/* A report that cannot be trusted does not say that all is well. */
static void
put_calm(struct buf *b, const struct model *m)
{
	if (model_is_judged(m) && m->head.broken == NULL && m->head.bad == 0 && !m->head.old)
		buf_puts(b, "<div class=\"first good\"><p class=\"label\">Nothing is due</p>"
		            "<p>No rule asks for a stop now.</p></div>\n");
}

/* What no rule asks to stop is not among the due, and has its own commands. */
static void
put_how(struct buf *b, const struct model *m, const struct model_row *r)
{
	struct buf command;

	if (!r->due && model_can_choose(r)) {
		buf_puts(b, "<p>No rule asks for its stop, so it is not among the due and has its "
		            "own commands (-f stops what no rule asks for). The plan, which stops "
		            "nothing:</p>");
		buf_init(&command, BUF_RECORD_MAX);
		sheet_own_plan(&command, r);
		html_code(b, buf_text(&command));
		buf_release(&command);
		buf_printf(b, "<p>%s</p>", sheet_own_then);
		html_code(b, sheet_own_stop);
	}
	if (m->totals.due > 0 && m->run[DID_STOP].n == 0)
		buf_printf(b, "<p><a href=\"#how\">How to stop the %llu that %s due</a></p>",
		        (unsigned long long)m->totals.due, m->totals.due == 1 ? "is" : "are");
}

static void
put_first(struct buf *b, const struct model *m, const struct model_row *r)
{
	buf_printf(b,
	        "<div class=\"first %s\"><p class=\"label\">Look at this first</p><p "
	        "class=\"who\">",
	        r->list <= LIST_FAILED ? "bad" : "due");
	html_workspace(b, r);
	buf_puts(b, "</p><p><strong>");
	html_text(b, model_list_titles[r->list]);
	buf_puts(b, "</strong>");
	if (r->since.known) {
		buf_puts(b, ", ");
		say_since(b, r);
	}
	if (r->why[0] != '\0') {
		buf_puts(b, ": ");
		html_text(b, r->why);
	}
	buf_puts(b, ".</p>");
	put_how(b, m, r);
	buf_puts(b, "</div>\n");
}

void
html_summary(struct buf *b, const struct model *m)
{
	const struct model_row *first = model_first(m);

	buf_puts(b, "<div class=\"summary\">\n");
	if (first != NULL)
		put_first(b, m, first);
	else
		put_calm(b, m);
	put_tiles(b, m);
	buf_puts(b, "</div>\n");
}
