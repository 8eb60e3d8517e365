/*
 * prom.c - metrics: counts that are there on every run, so that an alert does not lose its series.
 */

#include "report/prom.h"

#include <stdlib.h>
#include <string.h>

#define SUCCESS "cws_last_success_timestamp_seconds"

static void
head(struct buf *out, const char *name, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* A label's value; backslash, quote and newline are all that has a meaning in one. */
static void
put_label(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "%s=\"", name);
	for (; *value != '\0'; value++) {
		if (*value == '\\' || *value == '"')
			buf_putc(out, '\\');
		buf_putc(out, *value);
	}
	buf_putc(out, '"');
}

static void
sample(struct buf *out, const char *name, const char *label, const char *value, uint64_t n)
{
	buf_printf(out, "%s{", name);
	put_label(out, label, value);
	buf_printf(out, "} %llu\n", (unsigned long long)n);
}

static void
sample2(struct buf *out, const char *name, const char *label, const char *value, const char *label2,
        const char *value2, uint64_t n)
{
	buf_printf(out, "%s{", name);
	put_label(out, label, value);
	buf_putc(out, ',');
	put_label(out, label2, value2);
	buf_printf(out, "} %llu\n", (unsigned long long)n);
}

static void
instant(struct buf *out, const char *name, const char *help, struct when w)
{
	if (!w.known)
		return;
	head(out, name, help);
	buf_printf(out, "%s %lld\n", name, (long long)floor_s(w.us));
}

/* The rule as the records have it; NULL when none of them does. */
static const struct model_rule *
rule_of(const struct model_totals *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->rules; i++)
		if (strcmp(t->rule[i].name, name) == 0)
			return &t->rule[i];
	return NULL;
}

/* Each rule's states: those of ours always, though no record has the rule. */
static void
put_verdicts(struct buf *out, const struct model_totals *t)
{
	size_t i, k;

	head(out, "cws_verdicts", "Workspaces by rule and its state.");
	for (i = 0; model_rules[i] != NULL; i++)
		for (k = 0; rule_of(t, model_rules[i]) == NULL &&
		            model_states(model_rules[i])[k] != NULL;
		        k++)
			sample2(out, "cws_verdicts", "rule", model_rules[i], "state",
			        model_states(model_rules[i])[k], 0);
	for (i = 0; i < t->rules; i++)
		for (k = 0; k < t->rule[i].states.n; k++)
			sample2(out, "cws_verdicts", "rule", t->rule[i].name, "state",
			        t->rule[i].states.item[k].name, t->rule[i].states.item[k].n);
}

static void
put_due(struct buf *out, const struct model_totals *t)
{
	size_t i;

	head(out, "cws_due",
	        "Workspaces that a rule says to stop now, those that another keeps too.");
	for (i = 0; model_rules[i] != NULL; i++)
		if (rule_of(t, model_rules[i]) == NULL && strcmp(model_rules[i], "autostop") != 0)
			sample(out, "cws_due", "rule", model_rules[i], 0);
	for (i = 0; i < t->rules; i++)
		if (t->rule[i].judges)
			sample(out, "cws_due", "rule", t->rule[i].name, t->rule[i].due);
}

/* The same sum as above the lists: those due are the ones to be stopped now. */
static void
put_lists(struct buf *out, const struct model *m)
{
	static const char name[] = "cws_listed";
	size_t            k;

	head(out, name, "Workspaces by the list of the report they stand in, each in one.");
	for (k = 0; k <= MODEL_LISTS; k++) {
		uint64_t due = k < MODEL_LISTS ? m->list[k].due : 0;

		sample2(out, name, "list", model_list_names[k], "due", "true", due);
		sample2(out, name, "list", model_list_names[k], "due", "false",
		        m->totals.lists.item[k].n - due);
	}
}

static uint64_t
results_of(const struct model_run *run, const char *result)
{
	uint64_t n = 0;
	size_t   i;

	for (i = 0; i < run->results; i++)
		if (strcmp(run->result[i].result, result) == 0)
			n += run->result[i].n;
	return n;
}

/* A word of the record that no table of ours has, told once though several rules have it. */
static bool
is_new_word(const struct model_run *run, size_t i)
{
	const char *const *known = model_results(run->program);
	size_t             k;

	for (k = 0; known[k] != NULL; k++)
		if (strcmp(known[k], run->result[i].result) == 0)
			return false;
	for (k = 0; k < i; k++)
		if (strcmp(run->result[k].result, run->result[i].result) == 0)
			return false;
	return true;
}

static void
put_results(struct buf *out, const struct model *m)
{
	size_t p, i;

	head(out, "cws_results", "Workspaces by what a program of this run made of them.");
	for (p = 0; p < MODEL_PROGRAMS; p++) {
		const struct model_run *run = &m->run[p];
		const char *const      *known = model_results(run->program);

		for (i = 0; known[i] != NULL; i++)
			sample2(out, "cws_results", "program", model_program_names[p], "result",
			        known[i], results_of(run, known[i]));
		for (i = 0; i < run->results; i++)
			if (is_new_word(run, i))
				sample2(out, "cws_results", "program", model_program_names[p],
				        "result", run->result[i].result,
				        results_of(run, run->result[i].result));
	}
}

void
prom_render(struct buf *out, const struct model *m, int64_t status, struct when run,
        struct when success)
{
	const struct model_totals *t = &m->totals;
	size_t                     i;

	head(out, "cws_build_info", "The version of cws that wrote this.");
	buf_puts(out, "cws_build_info{version=\"" CWS_VERSION "\"} 1\n");
	head(out, "cws_workspaces", "Workspaces by status.");
	for (i = 0; i < t->status.n; i++)
		sample(out, "cws_workspaces", "status", t->status.item[i].name,
		        t->status.item[i].n);
	put_verdicts(out, t);
	put_due(out, t);
	put_lists(out, m);
	head(out, "cws_due_used_lately",
	        "Workspaces to be stopped now that were used in the 15 minutes before.");
	buf_printf(out, "cws_due_used_lately %zu\n", t->latelys);
	head(out, "cws_oldest_overdue_seconds",
	        "How long the longest overdue workspace should have been stopped; 0: none is.");
	buf_printf(
	        out, "cws_oldest_overdue_seconds %llu\n", (unsigned long long)t->oldest_overdue_s);
	put_results(out, m);
	instant(out, "cws_list_timestamp_seconds", "When the workspaces were listed.",
	        m->head.listed);
	instant(out, "cws_last_run_timestamp_seconds", "When the run that is reported ended.", run);
	head(out, "cws_last_run_status", "The exit status of that run.");
	buf_printf(out, "cws_last_run_status %lld\n", (long long)status);
	instant(out, SUCCESS, "When a run last ended with status 0.", success);
}

struct when
prom_run_at(const struct model *m)
{
	struct when at = when_none();
	size_t      p;

	for (p = 0; p < MODEL_PROGRAMS; p++)
		if (m->run[p].last.known && (!at.known || m->run[p].last.us > at.us))
			at = m->run[p].last;
	return at.known ? at : when_at(m->options->now_us);
}

struct when
prom_success(const char *text)
{
	static const char name[] = SUCCESS " ";
	const char       *line;
	double            s;

	for (line = text; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, sizeof(name) - 1) != 0)
			continue;
		s = strtod(line + sizeof(name) - 1, NULL);
		return s > 0 && s < 1e12 ? when_at((int64_t)s * US_PER_S) : when_none();
	}
	return when_none();
}
