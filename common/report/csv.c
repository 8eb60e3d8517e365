/* csv.c - rows of cells, each quoted where it has to be and never a formula. */

#include "report/csv.h"

#include <string.h>

#include "report/say.h"

static const char header[] = "id,owner,name,template,organization,status,running,last_used_at,list,"
                             "rule,due,keep,since,why,"
                             "ttl,quiet,autostop,habit,verdicts,stop_at,stop_by,restarts_at,stop,"
                             "start,set,notify,problem\r\n";

/*
 * One cell and the comma behind it.  A spreadsheet takes what begins with = + - @ for a
 * formula, and so an owner's name for a command: a quote in front makes it text.
 */
static void
put_cell(struct buf *out, const char *text)
{
	bool guard = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;

	if (text[strcspn(text, ",\"\r\n ")] == '\0') {
		buf_printf(out, "%s%s,", guard ? "'" : "", text);
		return;
	}
	buf_puts(out, guard ? "\"'" : "\"");
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buf_putc(out, '"');
		buf_putc(out, *text);
	}
	buf_puts(out, "\",");
}

static void
put_flag(struct buf *out, bool v)
{
	put_cell(out, v ? "true" : "false");
}

static void
put_when(struct buf *out, struct when w)
{
	struct buf b;

	buf_init(&b, 64);
	say_utc(&b, w);
	put_cell(out, buf_text(&b));
	buf_release(&b);
}

static void
put_state(struct buf *out, const struct model_row *r, const char *rule)
{
	size_t i;

	for (i = 0; i < r->verdicts; i++)
		if (strcmp(r->verdict[i].rule, rule) == 0) {
			put_cell(out, r->verdict[i].state);
			return;
		}
	put_cell(out, "");
}

/* All of them in one cell: "ttl=expired due; quiet=outside; mine=demo keep". */
static void
put_verdicts(struct buf *out, const struct model_row *r)
{
	struct buf b;
	size_t     i;

	buf_init(&b, BUF_RECORD_MAX);
	for (i = 0; i < r->verdicts; i++) {
		const struct model_verdict *v = &r->verdict[i];

		buf_puts(&b, i == 0 ? "" : "; ");
		buf_puts(&b, v->rule);
		buf_putc(&b, '=');
		buf_puts(&b, v->state);
		buf_puts(&b, v->due ? " due" : "");
		buf_puts(&b, v->keep ? " keep" : "");
	}
	put_cell(out, buf_text(&b));
	buf_release(&b);
}

static void
put_acts(struct buf *out, const struct model_row *r)
{
	const struct model_act *a;
	const char             *problem = "";
	size_t                  p;

	for (p = 0; p < MODEL_PROGRAMS; p++) {
		a = r->act[p];
		put_cell(out, a != NULL ? a->result : "");
		if (a != NULL && problem[0] == '\0' &&
		        (strcmp(a->result, "failed") == 0 || strcmp(a->result, "unknown") == 0))
			problem = a->error != NULL ? a->error : a->why;
	}
	put_cell(out, problem);
}

static void
put_row(struct buf *out, const struct model_row *r)
{
	const struct model_plan *plan = &r->plan;

	put_cell(out, r->id);
	put_cell(out, r->owner);
	put_cell(out, r->name);
	put_cell(out, r->template_name);
	put_cell(out, r->org);
	put_cell(out, r->status);
	put_flag(out, r->running);
	put_when(out, r->last_used);
	put_cell(out, r->list != LIST_NONE ? model_list_names[r->list] : "");
	put_cell(out, r->rule);
	put_flag(out, r->due);
	put_flag(out, r->keep);
	put_when(out, r->since);
	put_cell(out, r->why);
	put_state(out, r, "ttl");
	put_state(out, r, "quiet");
	put_cell(out, plan->state != NULL ? plan->state : "");
	put_state(out, r, "habit");
	put_verdicts(out, r);
	put_when(out, plan->stop_at);
	put_cell(out, plan->by != NULL ? plan->by : "");
	put_when(out, plan->restarts_at);
	put_acts(out, r);
	if (out->n > 0)
		out->n--; /* the comma behind the last */
	buf_puts(out, "\r\n");
}

void
csv_render(struct buf *out, const struct model *m)
{
	size_t i;

	buf_puts(out, header);
	for (i = 0; i < m->rows; i++)
		put_row(out, &m->row[i]);
}
