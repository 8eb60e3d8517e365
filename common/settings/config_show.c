/* config_show.c - options as settings: their values in the form the file has them. */

#include "settings/config_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_write.h"
#include "base/ndjson.h"
#include "base/text.h"
#include "judge/sched.h"

static const char *const day_name[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

static void
put_days(struct text *t, uint8_t days)
{
	const char *comma = "";
	int         i;

	if (days == SCHED_DAILY) {
		text_put(t, "daily");
		return;
	}
	for (i = 0; i < 7; i++)
		if ((days >> i & 1) != 0) {
			text_put(t, comma);
			text_put(t, day_name[i]);
			comma = ",";
		}
}

static void
put_time(struct text *t, int min)
{
	char clock[16];

	snprintf(clock, sizeof(clock), "%02d:%02d", min / 60, min % 60);
	text_put(t, clock);
}

/* "1h30m", as the command line takes it. */
static void
put_span(struct text *t, int64_t span_s)
{
	static const struct {
		int64_t     s;
		const char *letter;
	} unit[] = { { 86400, "d" }, { 3600, "h" }, { 60, "m" }, { 1, "s" } };
	size_t i;

	for (i = 0; i < 4; i++)
		if (span_s >= unit[i].s || (i == 3 && t->n == 0)) {
			text_int(t, span_s / unit[i].s);
			text_put(t, unit[i].letter);
			span_s %= unit[i].s;
		}
}

static void
put_number(struct buf *b, double v)
{
	char text[40];

	snprintf(text, sizeof(text), "%.10g", v);
	json_write_raw(b, "value", text, strlen(text));
}

/* So many a minute: the whole number of a file, where that is what the option was made of. */
static void
put_rate(struct buf *b, int64_t emit_us)
{
	const int64_t minute_us = 60000000;
	int64_t       n = (minute_us + emit_us / 2) / emit_us;

	if (n > 0 && (minute_us + n - 1) / n == emit_us)
		json_write_int(b, "value", n);
	else
		put_number(b, (double)minute_us / (double)emit_us);
}

static void
put_windows(struct buf *list, const struct sched *s)
{
	struct text t;
	size_t      i;

	for (i = 0; i < s->n; i++) {
		text_clear(&t);
		put_days(&t, s->window[i].days);
		text_put(&t, " ");
		put_time(&t, s->window[i].start_min);
		text_put(&t, "-");
		put_time(&t, s->window[i].end_min);
		json_write_text(list, NULL, t.s);
	}
}

/*
 * The setting before it in the table for the same option of the same program; NULL when this is the
 * first.
 */
static const struct setting *
first_of(const struct setting *s)
{
	const struct setting *first;

	for (first = settings; first != s; first++)
		if (s->option != NULL && first->option != NULL &&
		        (first->read_by & s->read_by) != 0 && strcmp(first->option, s->option) == 0)
			return first;
	return NULL;
}

/* Is the name shown under this setting?  One of the command line under the first of its option. */
static bool
is_of(const struct setting *s, const struct cli_item *name)
{
	return name->from != NULL ? strcmp(name->from, s->path) == 0 : first_of(s) == NULL;
}

static void
put_list(struct buf *b, const struct setting *s, const void *target)
{
	const struct cli_list *names = target;
	struct buf             list;
	size_t                 i;

	buf_init(&list, BUF_RECORD_MAX);
	buf_putc(&list, '[');
	if (s->type == T_WINDOWS)
		put_windows(&list, target);
	for (i = 0; s->type != T_WINDOWS && i < names->n; i++)
		if (is_of(s, &names->item[i]))
			json_write_text(&list, NULL, names->item[i].text);
	buf_putc(&list, ']');
	json_write_raw(b, "value", list.p, list.n);
	buf_release(&list);
}

/* The value behind an option; set: somebody gave it. */
static void
put_value(struct buf *b, const struct setting *s, const void *target, bool set)
{
	int64_t     n = 0;
	struct text t;

	text_clear(&t);
	switch (s->type) {
	case T_FLAG:
		json_write_flag(b, "value", *(const bool *)target);
		return;
	case T_ZONE:
	case T_TEXT:
		json_write_text(b, "value", *(const char *const *)target);
		return;
	case T_WINDOWS:
	case T_NAMES:
	case T_WORKSPACES:
		put_list(b, s, target);
		return;
	case T_FILES:
	case T_WORDS:
	case T_KINDS:
		break;
	case T_START:
	case T_END:
		put_time(&t, *(const int *)target);
		break;
	case T_DAYS:
		put_days(&t, *(const uint8_t *)target);
		break;
	case T_SPAN:
		n = *(const int64_t *)target;
		put_span(&t, n);
		break;
	case T_HOURS:
		put_number(b, (double)*(const int64_t *)target / 3600);
		return;
	case T_COUNT:
		if (*(const int64_t *)target >= 0)
			json_write_int(b, "value", *(const int64_t *)target);
		else
			json_write_null(b, "value"); /* no bound */
		return;
	case T_RATE:
		n = *(const int64_t *)target;
		if (n != 0)
			put_rate(b, n);
		else
			json_write_null(b, "value");
		return;
	}
	json_write_text(b, "value", s->type == T_SPAN && n == 0 && !set ? NULL : t.s);
}

/* As the file has it. */
static void
put_given(const struct config *c, size_t i, struct buf *b)
{
	char *text = config_json(c, i);

	if (text != NULL)
		json_write_raw(b, "value", text, strlen(text));
	else
		json_write_null(b, "value");
	free(text);
}

/* A fact of the program's own: a value and where it is from. */
static void
put_fact(struct buf *b, const char *name, const char *value, const char *from)
{
	json_write_open(b, name);
	json_write_text(b, "value", value);
	json_write_text(b, "from", from);
	json_write_close(b);
}

/* Does this program have the setting, and is it not one that others replace? */
static bool
is_shown(const struct config *c, size_t i, const struct cli *cli, bool windows)
{
	const struct setting *s = &settings[i];
	const struct reader  *reader = setting_reader(cli->prog);

	/* What another setting may say as well is shown where it does. */
	if (first_of(s) != NULL && !c->in_force[i])
		return false;

	return reader != NULL && (s->read_by & reader->bit) != 0 &&
	       (s->option == NULL || cli_find(cli, s->option) != NULL) &&
	       (!setting_is_window(s) || (s->type == T_WINDOWS) == windows);
}

static void
put_setting(const struct config *c, const struct cli *cli, size_t i, struct buf *b)
{
	const struct setting    *s = &settings[i];
	const struct cli_option *o = s->option != NULL ? cli_find(cli, s->option) : NULL;
	const char              *dot = strchr(s->path, '.');
	bool                     given = o != NULL && first_of(s) == NULL && cli_given(cli, o);
	struct buf               from;

	buf_init(&from, BUF_RECORD_MAX);
	buf_puts(&from, given ? "option" : c->in_force[i] ? "" : "default");
	if (c->in_force[i])
		buf_printf(&from, "%s%s", given ? " and " : "", c->file.path);
	json_write_open(b, dot != NULL ? dot + 1 : s->path);
	if (setting_of_script(s))
		put_given(c, i, b);
	else if (o == NULL)
		json_write_flag(b, "value", !c->off);
	else
		put_value(b, s, o->target, given || c->in_force[i]);
	json_write_text(b, "from", buf_text(&from));
	json_write_close(b);
	buf_release(&from);
}

/* Are windows in force, or the parts of one? */
static bool
are_windows(const struct config *c, const struct cli *cli)
{
	const struct cli_option *o = cli_find(cli, "window");

	return (o != NULL && cli_given(cli, o)) || config_sets(c, "quiet_hours.windows");
}

void
config_show(const struct config *c, const struct cli *cli, struct buf *out)
{
	const char *section = NULL, *dot;
	bool        windows = are_windows(c, cli);
	size_t      i, n;
	char        name[40];

	json_write_open(out, NULL);
	put_fact(out, "config", c->file.path, c->file.named);
	if (c->also.name != NULL)
		put_fact(out, c->also.name, c->also.value, c->also.from);
	for (i = 0; i < SETTINGS; i++) {
		if (!is_shown(c, i, cli, windows))
			continue;
		dot = strchr(settings[i].path, '.');
		n = dot != NULL ? (size_t)(dot - settings[i].path) : 0;
		if (section != NULL &&
		        (dot == NULL || strncmp(section, settings[i].path, n + 1) != 0)) {
			json_write_close(out);
			section = NULL;
		}
		if (section == NULL && dot != NULL) {
			section = settings[i].path;
			snprintf(name, sizeof(name), "%.*s", (int)n, section);
			json_write_open(out, name);
		}
		put_setting(c, cli, i, out);
	}
	if (section != NULL)
		json_write_close(out);
	json_write_close(out);
}

int
config_print(const struct config *c, const struct cli *cli)
{
	struct ndjson_out out;
	struct buf        b;

	buf_init(&b, BUF_RECORD_MAX);
	config_show(c, cli, &b);
	ndjson_out_open(&out, STDOUT_FILENO);
	ndjson_put(&out, b.p, b.n);
	buf_release(&b);
	return ndjson_finish(&out, CWS_OK);
}
