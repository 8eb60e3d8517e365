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
	put_count_tile(b, "Running", "plain", t->running);
	if (t->rules > 0) {
		put_count_tile(b, "Due", "due", t->due);
		put_count_tile(b, "Kept", "plain", t->keep);
	}
	if (t->oldest_overdue_s > 0) {
		buf_init(&span, BUF_RECORD_MAX);
		say_span(&span, (int64_t)t->oldest_overdue_s);
		put_tile(b, "Longest overdue", "due", buf_text(&span));
		buf_release(&span);
	}
	if (m->day.known)
		put_count_tile(b, "Stops in 24 h", "plain", m->day.stops);
	buf_puts(b, "</dl>\n");
}

/* The first of what is due or broken, in the order of the lists; NULL: there is none. */
static const struct model_row *
first_of(const struct model *m)
{
	size_t i;

	for (i = LIST_STUCK; i <= LIST_OTHER; i++)
		if (m->list[i].n > 0)
			return m->list[i].row[0];
	return NULL;
}

/* A report that cannot be trusted does not say that all is well. */
static void
put_calm(struct buf *b, const struct model *m)
{
	if (m->totals.rules > 0 && m->head.broken == NULL && m->head.bad == 0 && !m->head.old)
		buf_puts(b, "<div class=\"first good\"><p class=\"label\">Nothing is due</p>"
		            "<p>No rule asks for a stop now.</p></div>\n");
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
	if (m->totals.due > 0 && m->run[DID_STOP].n == 0)
		buf_puts(b, "<p><a href=\"#how\">How to stop what is due</a></p>");
	buf_puts(b, "</div>\n");
}

void
html_summary(struct buf *b, const struct model *m)
{
	const struct model_row *first = first_of(m);

	buf_puts(b, "<div class=\"summary\">\n");
	if (first != NULL)
		put_first(b, m, first);
	else
		put_calm(b, m);
	put_tiles(b, m);
	buf_puts(b, "</div>\n");
}
