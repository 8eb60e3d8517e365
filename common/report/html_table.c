/* html_table.c - counts and tables, complete without the script (page.js). */

#include <stdbool.h>
#include <string.h>

#include "report/html_parts.h"
#include "report/meaning.h"
#include "report/say.h"

/* -- Counts --------------------------------------------------------------------- */

/* The tone of a state or result of ours; the word itself stands beside it. */
static const char *
class_of(const char *word)
{
	static const char *const bad[] = { "failed", "stuck", "refused", NULL };
	static const char *const due[] = { "expired", "overrun", "quiet", "unlikely", "now",
		"unknown", "suspended", "dormant", NULL };
	static const char *const good[] = { "running", "ok", "likely", NULL };
	const struct {
		const char *class;
		const char *const *word;
	} group[] = { { "bad", bad }, { "due", due }, { "good", good } };
	size_t i, k;

	for (i = 0; i < sizeof(group) / sizeof(group[0]); i++)
		for (k = 0; group[i].word[k] != NULL; k++)
			if (strcmp(group[i].word[k], word) == 0)
				return group[i].class;
	return "plain";
}

/* The list in which those of this state stand, but for what is more urgent; LIST_NONE: none. */
static enum model_list_kind
list_of(const char *rule, const char *state)
{
	static const struct {
		const char          *rule, *state;
		enum model_list_kind list;
	} table[] = {
		{ "ttl", "stuck", LIST_STUCK },
		{ "ttl", "failed", LIST_FAILED },
		{ "ttl", "expired", LIST_EXPIRED },
		{ "ttl", "overrun", LIST_OVERRUN },
		{ "ttl", "soon", LIST_SOON },
		{ "ttl", "unlimited", LIST_NEVER },
		{ "ttl", "unknown", LIST_UNKNOWN },
		{ "quiet", "quiet", LIST_QUIET },
		{ "quiet", "excluded", LIST_KEPT },
		{ "quiet", "grace", LIST_GRACE },
		{ "quiet", "young", LIST_GRACE },
		{ "quiet", "unknown", LIST_UNKNOWN },
		{ "autostop", "kept", LIST_KEPT },
		{ "autostop", "never", LIST_NEVER },
		{ "autostop", "unknown", LIST_UNKNOWN },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].rule, rule) == 0 && strcmp(table[i].state, state) == 0)
			return table[i].list;
	for (i = 0; strcmp(rule, SHEET_LISTS) == 0 && i < MODEL_LISTS; i++)
		if (strcmp(model_list_titles[i], state) == 0)
			return (enum model_list_kind)i;
	return LIST_NONE;
}

/* A count's word, as a link to the list it tells of where that is on the page. */
static void
put_word(struct buf *b, const struct model *m, const char *rule, const char *word)
{
	enum model_list_kind list = list_of(rule, word);
	bool                 link = list != LIST_NONE && m->list[list].n > 0;

	if (link)
		buf_printf(b, "<a href=\"#%s\">", model_list_names[list]);
	html_text(b, word);
	if (link)
		buf_puts(b, "</a>");
}

static const char *
class_of_count(const char *rule, const char *word)
{
	static const char *const class[] = { [LIST_STUCK] = "bad",
		[LIST_FAILED] = "bad",
		[LIST_EXPIRED] = "due",
		[LIST_QUIET] = "due",
		[LIST_OTHER] = "due" };
	enum model_list_kind list = list_of(rule, word);

	if (strcmp(rule, SHEET_LISTS) != 0)
		return class_of(word);
	return list <= LIST_OTHER ? class[list] : "plain";
}

/* What it means, where it does not say so itself, in a row of its own below it. */
static void
put_meaning(struct buf *b, const char *of, const char *word)
{
	const char *means = meaning_of(of, word);

	if (means == NULL)
		return;
	buf_puts(b, "<tr><td class=\"means\" colspan=\"3\">");
	html_text(b, means);
	buf_putc(b, '\n');
}

static void
put_caption(struct buf *b, const char *title)
{
	const char *judges_by = meaning_of_rule(title);

	buf_puts(b, "<caption>");
	html_text(b, title);
	if (judges_by != NULL)
		buf_printf(b, " <span class=\"means\">%s</span>", judges_by);
	buf_puts(b, "</caption>");
}

static void
put_block(struct buf *b, const struct model *m, const struct sheet_counts *block)
{
	const struct model_counts *c = block->counts;
	uint64_t                   most = 0;
	size_t                     i;

	for (i = 0; i < c->n; i++)
		if (c->item[i].n > most)
			most = c->item[i].n;
	buf_puts(b, "<table class=\"counts\">");
	put_caption(b, block->title);
	buf_puts(b, "<tbody>\n");
	for (i = 0; i < c->n; i++) {
		if (c->item[i].n == 0)
			continue;
		buf_puts(b, "<tr><th scope=\"row\">");
		put_word(b, m, block->title, c->item[i].name);
		buf_puts(b, "<td class=\"share\">");
		html_share(b, c->item[i].n, most, class_of_count(block->title, c->item[i].name));
		buf_printf(b, "<td class=\"n\">%llu\n", (unsigned long long)c->item[i].n);
		put_meaning(b, block->title, c->item[i].name);
	}
	buf_puts(b, "</table>\n");
}

void
html_counts(struct buf *b, const struct model *m, const struct sheet_counts *block, size_t n)
{
	size_t i;

	buf_puts(b, "<div class=\"cards\">\n");
	for (i = 0; i < n; i++)
		put_block(b, m, &block[i]);
	buf_puts(b, "</div>\n");
}

/* -- Tables --------------------------------------------------------------------- */

static const char *
class_of_cell(enum sheet_kind kind)
{
	static const char *const class[] = { [CELL_STATE] = " class=\"state\"",
		[CELL_NAME] = " class=\"ws\"",
		[CELL_LABEL] = " class=\"tm\"",
		[CELL_USED] = " class=\"w u\"",
		[CELL_TIME] = " class=\"t\"",
		[CELL_WHEN] = " class=\"w\"",
		[CELL_NUMBER] = " class=\"n\"" };

	return kind < sizeof(class) / sizeof(class[0]) && class[kind] != NULL ? class[kind] : "";
}

static void
put_head(struct buf *b, const struct sheet_table *t)
{
	size_t k;

	buf_puts(b, "<thead><tr>");
	for (k = 0; k < t->columns; k++) {
		if (t->column[k].kind == CELL_BAR)
			continue;
		buf_printf(b, "<th scope=\"col\"%s>", class_of_cell(t->column[k].kind));
		html_text(b, t->column[k].name);
	}
	buf_puts(b, "<tbody>\n");
}

/* On a narrow screen its cells stand below each other, each with the name of its column. */
static bool
is_wide(const struct sheet_table *t)
{
	return t->row == NULL && t->columns > 5;
}

/* An instant as clocks in the zone read, which is said, in an attribute. */
static void
put_title(struct buf *b, const struct model *m, struct when at)
{
	buf_puts(b, " title=\"");
	say_time(b, m->options->tz, at);
	buf_putc(b, ' ');
	html_text(b, m->options->tz->name);
	buf_putc(b, '"');
}

/* The cell of an instant relative to the list has the instant itself behind it. */
static void
put_when(struct buf *b, const struct model *m, const struct model_row *r, const char *text)
{
	if (!r->since.known) {
		html_text(b, text);
		return;
	}
	buf_puts(b, "<time datetime=\"");
	say_utc(b, r->since);
	buf_putc(b, '"');
	put_title(b, m, r->since);
	buf_putc(b, '>');
	html_text(b, text);
	buf_puts(b, "</time>");
}

static void
put_cell(struct buf *b, const struct model *m, const struct sheet_table *t, size_t i, size_t k)
{
	const struct model_row    *r = t->row != NULL ? t->row[i] : NULL;
	const struct sheet_column *c = &t->column[k];
	const char                *text = t->cell[i * t->columns + k];

	if (c->kind == CELL_STATE)
		buf_printf(b, "<td class=\"state %s\"", class_of(text));
	else
		buf_printf(b, "<td%s", class_of_cell(c->kind));
	if (is_wide(t) && k > 0)
		buf_printf(b, " data-label=\"%s\"", c->name);
	if (r != NULL && c->kind == CELL_USED && r->last_used.known)
		put_title(b, m, r->last_used);
	buf_putc(b, '>');
	if (r != NULL && c->kind == CELL_NAME)
		html_workspace(b, r);
	else if (r != NULL && c->kind == CELL_WHEN)
		put_when(b, m, r, text);
	else
		html_text(b, text);
}

static void
put_row(struct buf *b, const struct model *m, const struct sheet_table *t, size_t i)
{
	const struct model_row *r = t->row != NULL ? t->row[i] : NULL;
	size_t                  k;

	if (r != NULL && model_can_choose(r))
		buf_printf(b, "<tr data-id=\"%s\">", r->id);
	else
		buf_puts(b, "<tr>");
	for (k = 0; k < t->columns; k++)
		if (t->column[k].kind != CELL_BAR)
			put_cell(b, m, t, i, k);
	buf_putc(b, '\n');
}

/* What is drawn has its numbers folded away beneath. */
void
html_table(struct buf *b, const struct model *m, const struct sheet_table *t)
{
	bool   folded = t->figure == FIGURE_DAY || t->figure == FIGURE_USE;
	size_t i;

	html_figure(b, m, t->figure);
	if (folded)
		buf_puts(b, "<details><summary>The numbers</summary>\n");
	buf_printf(b, "<div class=\"scroll\"><table class=\"%s\">",
	        t->row != NULL ? "rows"
	        : is_wide(t)   ? "facts wide"
	                       : "facts");
	put_head(b, t);
	for (i = 0; i < t->rows; i++)
		put_row(b, m, t, i);
	buf_puts(b, "</table></div>\n");
	if (folded)
		buf_puts(b, "</details>\n");
	if (t->left_out > 0)
		buf_printf(b, "<p class=\"quiet\">%zu more; --top 0 shows all.</p>\n", t->left_out);
}
