/* config.c - check the settings file as a whole, then give the options what it says. */

#include "settings/config.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/json_keys.h"
#include "base/json_scan.h"
#include "base/xalloc.h"
#include "judge/exclude.h"
#include "settings/settings.h"
#include "settings/tz_load.h"
#include "settings/windows.h"

#define WARNINGS_SHOWN 10
#define PATH_SIZE 160

struct config_values {
	cJSON       *tree;
	const cJSON *given[SETTINGS]; /* borrowed from tree; NULL where the file does not say */
};

/* "..., expected X, got Y" */
static int
unexpected(struct err *err, const char *what, const cJSON *item)
{
	const char *got = "null";
	char        text[81], shown[100];
	size_t      n;

	if (cJSON_IsString(item)) {
		n = strlen(item->valuestring);
		diag_clean(text, sizeof(text) - 1, item->valuestring, n);
		snprintf(shown, sizeof(shown), "\"%s%s\"", text, n > sizeof(text) - 1 ? "..." : "");
		got = shown;
	} else if (cJSON_IsNumber(item)) {
		snprintf(shown, sizeof(shown), "%.15g", item->valuedouble);
		got = shown;
	} else if (cJSON_IsBool(item)) {
		got = cJSON_IsTrue(item) ? "true" : "false";
	} else if (cJSON_IsArray(item)) {
		got = item->child == NULL ? "an empty list" : "a list";
	} else if (cJSON_IsObject(item)) {
		got = "an object";
	}
	return err_set(err, CWS_USAGE, "expected %s, got %s", what, got);
}

/* A number to the option's text: seconds of hours, n a minute, or as it is. */
static int
number_text(const struct setting *s, const cJSON *item, char text[32], struct err *err)
{
	const char *what = setting_type[s->type].whole;
	double      v = cJSON_IsNumber(item) ? item->valuedouble : -1;
	char        range[80];

	if (!cJSON_IsNumber(item))
		return unexpected(err, what, item);
	if (!(v >= (double)s->min && v <= (double)s->max) || (s->type != T_HOURS && floor(v) < v)) {
		snprintf(range, sizeof(range), "%s from %lld to %lld",
		        s->type == T_HOURS ? what : "a whole number", (long long)s->min,
		        (long long)s->max);
		return unexpected(err, range, item);
	}
	if (s->type == T_HOURS)
		snprintf(text, 32, "%llds", (long long)floor(v * 3600 + 0.5));
	else
		snprintf(text, 32, "%lld%s", (long long)v, s->type == T_RATE ? "/m" : "");
	return 0;
}

/*
 * An argument for another program, handed on as it is: whether that program acts, and by which
 * settings, is said to cws-sweep itself.  Of a word of letters those behind one that takes the rest
 * of it are no options.
 */
static int
check_word(const struct setting *s, const char *text, struct err *err)
{
	static const char *const refused[] = { "execute", "dry-run", "config" };
	const char              *with_rest = strcmp(s->path, "sweep.report") == 0 ? "foN" : "jN";
	size_t                   n, i;

	if (strncmp(text, "--", 2) == 0) {
		n = strcspn(text + 2, "=");
		for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
			if (strlen(refused[i]) == n && strncmp(text + 2, refused[i], n) == 0)
				break;
		if (i == sizeof(refused) / sizeof(refused[0]))
			return 0;
	} else if (text[0] != '-' || strpbrk(text, "xnc") == NULL ||
	           strcspn(text, with_rest) < strcspn(text, "xnc")) {
		return 0;
	}
	return err_set(err, CWS_USAGE, "-x, -n and -c are not to be said here, got \"%s\"", text);
}

/* Is this text what its option would take?  An element of a list, where the setting is one. */
static int
check_text(const struct setting *s, const cJSON *item, struct err *err)
{
	const char *what =
	        setting_is_list(s) ? setting_type[s->type].element : setting_type[s->type].whole;
	const char  *text = cJSON_GetStringValue(item);
	struct sched one = { .n = 0 };
	struct tz    tz;
	int64_t      span_s;
	uint8_t      days;
	int          min;

	if (text == NULL || text[0] == '\0')
		return unexpected(err, what, item);
	switch (s->type) {
	case T_START:
		return windows_start(&min, text, err);
	case T_END:
		return windows_end(&min, text, err);
	case T_DAYS:
		return windows_days(&days, text, err);
	case T_WINDOWS:
		/* In a file that lasts, days are not left to a default. */
		if (strchr(text, ' ') == NULL)
			return unexpected(err, what, item);
		return windows_window(&one, text, err);
	case T_ZONE:
		return tz_load(&tz, text, 0, err);
	case T_SPAN:
		return cli_span_within(text, s->min, s->max, &span_s, err);
	case T_NAMES:
	case T_WORKSPACES:
		if (!exclude_is_list(s->type == T_NAMES ? EXCLUDE_USER : EXCLUDE_NAME, text))
			return unexpected(err, what, item);
		return 0;
	case T_WORDS:
		return check_word(s, text, err);
	case T_TEXT:
	case T_FILES:
	case T_FLAG:
	case T_HOURS:
	case T_COUNT:
	case T_RATE:
	case T_KINDS:
		break;
	}
	return 0;
}

static int
check_list(const struct setting *s, const cJSON *list, struct err *err)
{
	const cJSON *item;
	size_t       n = 0;

	if (!cJSON_IsArray(list) || (s->type == T_WINDOWS && list->child == NULL)) {
		unexpected(err, setting_type[s->type].whole, list);
		return err_prefix(err, "%s", s->path);
	}
	cJSON_ArrayForEach (item, list) {
		if (check_text(s, item, err) != 0)
			return err_prefix(err, "%s[%zu]", s->path, n);
		n++;
	}
	if (s->type == T_WINDOWS && n > SCHED_WINDOWS_MAX)
		return err_set(err, CWS_USAGE, "%s: expected at most %d windows, got %zu", s->path,
		        SCHED_WINDOWS_MAX, n);
	return 0;
}

/* One known setting; err then begins with its path. */
static int
check_value(const struct setting *s, const cJSON *item, struct err *err)
{
	char text[32];
	int  status;

	if (setting_is_list(s))
		return check_list(s, item, err);
	if (s->type == T_HOURS || s->type == T_COUNT || s->type == T_RATE)
		status = number_text(s, item, text, err);
	else if (s->type == T_FLAG)
		status = cJSON_IsBool(item) ? 0 : unexpected(err, setting_type[T_FLAG].whole, item);
	else
		status = check_text(s, item, err);
	return status == 0 ? 0 : err_prefix(err, "%s", s->path);
}

/* A walk through the file: the first checks the values, the second tells what else is there. */
struct config_walk {
	struct config *config;
	bool           tells;
	bool           told;   /* an earlier stage of this sweep has told what is unknown */
	struct buf     others; /* known keys without a meaning here */
	size_t         unknown;
};

/*
 * An unknown key that somebody may rely on: it is told whatever -q says, and refuses a run that
 * acts.
 */
static void
doubt(const struct config_walk *w, const char *path, const char *nearest)
{
	struct config *c = w->config;

	if (!w->told)
		diag_warn("%s: %s: unknown setting%s%s", c->file.path, path,
		        nearest != NULL ? ": did you mean " : "", nearest != NULL ? nearest : "");
	if (c->doubtful[0] == '\0')
		snprintf(c->doubtful, sizeof(c->doubtful), "%s%s%s", path,
		        nearest != NULL ? ", perhaps meant as " : "",
		        nearest != NULL ? nearest : "");
}

/*
 * Is there a key in what nobody knows, however deep, that somebody may rely on?  It is told, and
 * refuses.
 */
static bool
hides_veto(struct config_walk *w, const char *path, const cJSON *value)
{
	const char  *dot = strrchr(path, '.');
	const cJSON *inner;
	char         deeper[PATH_SIZE], tail[PATH_SIZE];

	cJSON_ArrayForEach (inner, value) {
		if (inner->string == NULL) { /* of a list */
			if (hides_veto(w, path, inner))
				return true;
			continue;
		}
		if (inner->string[0] == '_')
			continue;
		snprintf(deeper, sizeof(deeper), "%s.%s", path, inner->string);
		snprintf(tail, sizeof(tail), "%.15s.%s", dot != NULL ? dot + 1 : path,
		        inner->string);
		if (setting_is_veto_like(tail)) {
			doubt(w, deeper, setting_nearest(tail));
			return true;
		}
		if (hides_veto(w, deeper, inner))
			return true;
	}
	return false;
}

static void
pass_over(struct config_walk *w, const char *path, const cJSON *item)
{
	const char *key = strchr(path, '.') != NULL ? strchr(path, '.') + 1 : path;
	const char *nearest;

	if (key[0] == '_') /* a comment */
		return;
	if (setting_of_others(path)) {
		buf_printf(&w->others, "%s%s", w->others.n != 0 ? ", " : "", path);
		return;
	}
	if (hides_veto(w, path, item))
		return;
	nearest = setting_nearest(path);
	if (setting_is_veto_like(path))
		doubt(w, path, nearest);
	else if (!w->told && ++w->unknown <= WARNINGS_SHOWN)
		diag_notice("%s: %s: unknown setting%s%s", w->config->file.path, path,
		        nearest != NULL ? ": did you mean " : "", nearest != NULL ? nearest : "");
}

static int
walk_member(struct config_walk *w, const char *path, const cJSON *item, struct err *err)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (strcmp(settings[i].path, path) == 0) {
			w->config->values->given[i] = item;
			return w->tells ? 0 : check_value(&settings[i], item, err);
		}
	if (w->tells)
		pass_over(w, path, item);
	return 0;
}

static int
walk_all(struct config_walk *w, const cJSON *root, struct err *err)
{
	const cJSON *top, *inner;
	const char  *quote;
	char         path[PATH_SIZE];

	cJSON_ArrayForEach (top, root) {
		if (!setting_section(top->string) ||
		        (!cJSON_IsObject(top) && !setting_section_ours(top->string))) {
			/* A dot in a name is no path: {"safety.max_stops":1} is no setting. */
			quote = strchr(top->string, '.') != NULL ? "\"" : "";
			snprintf(path, sizeof(path), "%s%s%s", quote, top->string, quote);
			if (walk_member(w, path, top, err) != 0)
				return -1;
			continue;
		}
		if (!cJSON_IsObject(top)) {
			unexpected(err, "an object", top);
			return err_prefix(err, "%s", top->string);
		}
		cJSON_ArrayForEach (inner, top) {
			snprintf(path, sizeof(path), "%s.%s", top->string, inner->string);
			if (walk_member(w, path, inner, err) != 0)
				return -1;
		}
	}
	return 0;
}

/* A member's name that is there already. */
static int
twice(struct err *err, const struct slice *section, const struct slice *key)
{
	char head[81] = "", name[81];

	if (section != NULL)
		diag_clean(head, sizeof(head) - 1, section->p, section->n);
	diag_clean(name, sizeof(name) - 1, key->p, key->n);
	return err_set(err, CWS_USAGE, "%s%s%s: is there twice: expected it once", head,
	        section != NULL ? "." : "", name);
}

/* Strict JSON, one object, no member twice in it or in a section of it. */
static int
scan_text(struct json_scan *s, struct json_keys outer[2], struct err *err)
{
	struct slice top, inner;

	if (!json_scan_enter(s, '{'))
		return 0;
	json_keys_begin(&outer[0]);
	while (json_scan_member(s, &top)) {
		if (!json_keys_add(&outer[0], &top, s->plain))
			return twice(err, NULL, &top);
		if (json_scan_peek(s) != '{') {
			json_scan_value(s);
			continue;
		}
		json_scan_enter(s, '{');
		json_keys_begin(&outer[1]);
		while (json_scan_member(s, &inner)) {
			if (!json_keys_add(&outer[1], &inner, s->plain))
				return twice(err, &top, &inner);
			json_scan_value(s);
		}
	}
	return 0;
}

/* cJSON ends a text at an escaped NUL: a name would match what it does not spell. */
static bool
has_nul(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i + 1 < n; i++)
		if (text[i] == '\\' && text[++i] == 'u' && i + 4 < n &&
		        memcmp(text + i + 1, "0000", 4) == 0)
			return true;
	return false;
}

static int
check_text_form(const char *text, size_t n, struct err *err)
{
	struct json_keys seen[2] = { { .slot = NULL }, { .slot = NULL } };
	struct json_scan s;
	const char      *p;
	size_t           line = 1;
	int              status;

	json_scan_open(&s, text, n);
	if (json_scan_peek(&s) == '\0' && s.p == s.end)
		return err_set(err, CWS_USAGE, "is empty: expected one JSON object");
	if (json_scan_peek(&s) == '[')
		return err_set(err, CWS_USAGE, "expected one JSON object, got a list");
	status = scan_text(&s, seen, err);
	json_keys_release(&seen[0]);
	json_keys_release(&seen[1]);
	if (status != 0)
		return -1;
	if (!json_scan_end(&s)) {
		for (p = text; p < s.p; p++)
			line += *p == '\n';
		return err_set(
		        err, CWS_USAGE, "line %zu: expected one JSON object: %s", line, s.fault);
	}
	if (has_nul(text, n))
		return err_set(err, CWS_USAGE, "expected text without \\u0000");
	return 0;
}

int
config_parse(struct config *c, const char *text, size_t n, struct err *err)
{
	struct config_walk w = { .config = c, .told = getenv("CWS_CONFIG_TOLD") != NULL };
	int                status;

	if (check_text_form(text, n, err) != 0)
		return -1;
	c->values = xcalloc(1, sizeof(*c->values));
	errno = 0;
	c->values->tree = cJSON_ParseWithLength(text, n);
	if (c->values->tree == NULL && errno == ENOMEM)
		xalloc_fail();
	if (c->values->tree == NULL)
		return err_set(err, CWS_USAGE, "expected one JSON object, got what cannot be read");
	buf_init(&w.others, CONFIG_FILE_MAX);
	status = walk_all(&w, c->values->tree, err);
	w.tells = true;
	if (status == 0)
		walk_all(&w, c->values->tree, err);
	if (status == 0 && w.unknown > WARNINGS_SHOWN)
		diag_notice(
		        "%s: %zu more unknown settings", c->file.path, w.unknown - WARNINGS_SHOWN);
	if (status == 0 && w.others.n != 0)
		diag_trace("%s: without a meaning here, passed over: %s", c->file.path,
		        buf_text(&w.others));
	buf_release(&w.others);
	return status;
}

/* Was one of the options that say the windows on the command line? */
static bool
windows_given(const struct cli *cli)
{
	const struct cli_option *o;
	size_t                   i;

	for (i = 0; i < SETTINGS; i++)
		if (setting_is_window(&settings[i])) {
			o = cli_find(cli, settings[i].option);
			if (o != NULL && cli_given(cli, o))
				return true;
		}
	return false;
}

/* Does the file name windows themselves, instead of the parts of one? */
static bool
windows_listed(const struct config_values *v)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (settings[i].type == T_WINDOWS)
			return v->given[i] != NULL;
	return false;
}

/* Does what the file says about windows give way, to the command line or to the file's own list? */
static bool
is_replaced(const struct setting *s, bool by_option, bool by_list)
{
	return setting_is_window(s) && (by_option || (by_list && s->type != T_WINDOWS));
}

/*
 * Has the option its value from the command line, or from a setting before this one?  Names add up.
 */
static bool
has_value(const struct config *c, const struct cli *cli, const struct cli_option *o, size_t i)
{
	size_t k;

	if (o->kind == CLI_LIST)
		return false;
	for (k = 0; k < i; k++)
		if (c->in_force[k] && settings[k].option != NULL &&
		        strcmp(settings[k].option, o->name) == 0)
			return true;
	return cli_given(cli, o);
}

/* Is the flag set without which the setting has no meaning? */
static bool
is_wanted(const struct setting *s, const struct cli *cli)
{
	const struct cli_option *flag = s->only_with != NULL ? cli_find(cli, s->only_with) : NULL;

	return s->only_with == NULL || (flag != NULL && *(const bool *)flag->target);
}

static int
apply_list(const struct setting *s, const struct cli_option *o, const cJSON *list, struct err *err)
{
	const cJSON *item;

	cJSON_ArrayForEach (item, list)
		if (cli_take(o, item->valuestring, s->path, err) != 0)
			return -1;
	return 0;
}

/* Hand a checked value to its option, written as on the command line. */
static int
apply_one(const struct setting *s, const struct cli_option *o, const cJSON *item, struct err *err)
{
	char text[32];

	if (setting_is_list(s))
		return apply_list(s, o, item, err);
	if (s->type == T_FLAG)
		return cJSON_IsTrue(item) ? cli_take(o, NULL, s->path, err) : 0;
	if (cJSON_IsNumber(item))
		return number_text(s, item, text, err) == 0 ? cli_take(o, text, s->path, err) : -1;
	return cli_take(o, item->valuestring, s->path, err);
}

int
config_apply(struct config *c, const struct cli *cli, struct err *err)
{
	const struct config_values *v = c->values;
	const struct reader        *reader = setting_reader(cli->prog);
	bool                        own_windows = windows_given(cli), listed = windows_listed(v);
	size_t                      i;

	for (i = 0; i < SETTINGS; i++) {
		const struct setting    *s = &settings[i];
		const struct cli_option *o = s->option != NULL ? cli_find(cli, s->option) : NULL;

		if (v->given[i] == NULL || reader == NULL || (s->read_by & reader->bit) == 0)
			continue;
		if (setting_of_script(s)) {
			c->in_force[i] = true;
		} else if (s->option == NULL) {
			c->off = cJSON_IsFalse(v->given[i]);
			c->in_force[i] = true;
		} else if (o == NULL || has_value(c, cli, o, i) || !is_wanted(s, cli) ||
		           is_replaced(s, own_windows, listed)) {
			continue;
		} else if (apply_one(s, o, v->given[i], err) != 0) {
			return err_prefix(err, "%s", s->path);
		} else {
			c->in_force[i] = true;
		}
	}
	return 0;
}

int
config_open(struct config *c, const struct cli *cli, struct err *err)
{
	if (config_file_read(&c->file, c->option, err) != 0)
		return -1;
	if (c->file.path == NULL)
		return 0;
	if (config_parse(c, buf_text(&c->file.text), c->file.text.n, err) != 0 ||
	        config_apply(c, cli, err) != 0)
		return err_prefix(err, "%s", c->file.path);
	diag_trace("%s: these settings hold%s%s%s", c->file.path, c->off ? ", " : "",
	        c->off ? setting_reader(cli->prog)->section : "", c->off ? " is not enabled" : "");
	return 0;
}

void
config_release(struct config *c)
{
	if (c->values != NULL)
		cJSON_Delete(c->values->tree);
	free(c->values);
	c->values = NULL;
	config_file_release(&c->file);
}

char *
config_json(const struct config *c, size_t i)
{
	char *text;

	if (c->values == NULL || c->values->given[i] == NULL)
		return NULL;
	text = cJSON_PrintUnformatted(c->values->given[i]);
	if (text == NULL)
		xalloc_fail();
	return text;
}

bool
config_sets(const struct config *c, const char *path)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (strcmp(settings[i].path, path) == 0)
			return c->in_force[i];
	return false;
}
