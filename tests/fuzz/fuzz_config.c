/*
 * fuzz_config.c - any bytes as a settings file: taken, it is whole JSON, every program takes it, and what
 * --show-config prints, made a file again, shows the same.
 */

#include "settings/config.h"

#include <cjson/cJSON.h>
#include <getopt.h>

#include "act/act_run.h"
#include "base/diag.h"
#include "base/xalloc.h"
#include "fuzz.h"
#include "settings/config_show.h"
#include "settings/exclusions.h"
#include "settings/windows.h"
#include "slow.h"

/* The options of cws-quiet, cws-ttl and cws-stop that settings stand for, as these have them. */
struct options {
	struct windows     w;
	struct exclusions  x;
	struct act_options act;
	int64_t            grace_s, min_s, idle_s, length_s, soon_s, unlimited_s;
	bool               owner, overrun;
};

/* What the program shows of the file, "" when it does not take it. */
static void
look(const char *prog, const char *text, size_t n, struct buf *shown)
{
	static const struct windows fresh = WINDOWS_DEFAULT;
	struct options              o = { .w = fresh, .grace_s = 3600, .length_s = 28800, .soon_s = 3600 };
	const struct cli_option     quiet[] = {
		WINDOWS_OPTIONS(o.w),
		WINDOWS_HOLIDAYS(o.w),
		OPT_FLAG(0, "owner-schedule", &o.owner, ""),
		OPT_SPAN(0, "length", &o.length_s, "", .min = 60, .max = 86400),
		OPT_SPAN(0, "grace", &o.grace_s, ""),
		OPT_SPAN(0, "min-uptime", &o.min_s, ""),
		OPT_SPAN(0, "idle", &o.idle_s, ""),
		EXCLUSIONS_OPTIONS(o.x),
	};
	const struct cli_option ttl[] = {
		OPT_SPAN(0, "grace", &o.grace_s, ""),
		OPT_SPAN(0, "soon", &o.soon_s, ""),
		OPT_FLAG(0, "overrun", &o.overrun, ""),
		OPT_SPAN(0, "unlimited", &o.unlimited_s, ""),
	};
	const struct cli_option stop[] = { ACT_OPTIONS(o.act, "stop"), EXCLUSIONS_OPTIONS(o.x) };
	struct cli              cli = { .prog = prog, .option = quiet, .options = sizeof(quiet) / sizeof(quiet[0]) };
	struct config           c = { .option = NULL };
	struct err              err = { .text = "" };
	char                    name[16], *argv[] = { name, NULL };
	size_t                  i;

	o.act.emit_us = 6000000;
	o.act.jobs = 5;
	o.act.bounds.max = 50;
	if (strcmp(prog, "cws-ttl") == 0) {
		cli.option = ttl;
		cli.options = sizeof(ttl) / sizeof(ttl[0]);
	} else if (strcmp(prog, "cws-stop") == 0) {
		cli.option = stop;
		cli.options = sizeof(stop) / sizeof(stop[0]);
	}
	snprintf(name, sizeof(name), "%s", prog);
	optind = 0;
	REQUIRE(cli_parse(&cli, 1, argv) == -1); /* no option was given */
	buf_reset(shown);
	c.file.path = xstrdup("f");
	if (config_parse(&c, text, n, &err) == 0) {
		REQUIRE(err.text[0] == '\0' && strict_json(text, n, 200));
		/* Whatever the program, all refuse the same file. */
		REQUIRE(config_apply(&c, &cli, &err) == 0);
		config_show(&c, &cli, shown);
		REQUIRE(strict_json(shown->p, shown->n, 200));
	} else {
		REQUIRE(err.status == CWS_USAGE && err.text[0] != '\0');
	}
	for (i = 0; i < EXCLUDE_KINDS; i++)
		cli_list_release(&o.x.names[i]);
	config_release(&c);
}

/* Each {"value":v,"from":..} becomes v, and what has no value goes; windows of that are none too. */
static void
take_values(cJSON *object)
{
	cJSON *item, *next;

	for (item = object->child; item != NULL; item = next) {
		cJSON *value = cJSON_GetObjectItemCaseSensitive(item, "value");

		next = item->next;
		if (value == NULL) {
			take_values(item);
		} else if (cJSON_IsNull(value) || strcmp(item->string, "config") == 0 ||
		           (strcmp(item->string, "windows") == 0 && value->child == NULL)) {
			cJSON_Delete(cJSON_DetachItemViaPointer(object, item));
		} else {
			value = cJSON_DetachItemViaPointer(item, value);
			cJSON_ReplaceItemInObjectCaseSensitive(object, item->string, value);
		}
	}
}

static char *
values_of(const struct buf *shown)
{
	cJSON *tree = cJSON_ParseWithLength(shown->p, shown->n);
	char  *text;

	REQUIRE(tree != NULL);
	take_values(tree);
	text = cJSON_PrintUnformatted(tree);
	REQUIRE(text != NULL);
	cJSON_Delete(tree);
	return text;
}

static void
check(const char *prog, const char *text, size_t n, bool *taken)
{
	struct buf shown, again;
	char      *file, *file_again;

	buf_init(&shown, BUF_RECORD_MAX);
	buf_init(&again, BUF_RECORD_MAX);
	look(prog, text, n, &shown);
	*taken = shown.n != 0;
	if (*taken) {
		file = values_of(&shown);
		look(prog, file, strlen(file), &again);
		REQUIRE(again.n != 0);
		file_again = values_of(&again);
		REQUIRE(strcmp(file, file_again) == 0);
		cJSON_free(file);
		cJSON_free(file_again);
	}
	buf_release(&shown);
	buf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = exact((const char *)data, n);
	bool  quiet, ttl, stop;

	diag_init("fuzz");
	diag_level(true, false);
	check("cws-quiet", text, n, &quiet);
	check("cws-ttl", text, n, &ttl);
	check("cws-stop", text, n, &stop);
	REQUIRE(quiet == ttl && ttl == stop);
	free(text);
	return 0;
}
