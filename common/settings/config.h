/*
 * config.h - the settings file: one JSON object for all programs.
 *
 * config_open finds the file, checks the whole of it, whatever the program (so
 * that all refuse the same file), and then gives each option of the program
 * that the command line did not give the value that the file has for it, in
 * the notation of the command line.  Names on the command line and in the file
 * add up; any option for windows replaces all windows of the file.
 *
 * An agents_config.json of the older Python agents is such a file; what they
 * alone understood is named in one note with -v.
 * Source: cws-config(5).
 */

#ifndef CWS_CONFIG_H
#define CWS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cli.h"
#include "settings/config_file.h"
#include "settings/settings.h"

struct config_values; /* private: config.c */

/* All zero is "no file yet". */
struct config {
	const char        *option; /* -c */
	bool               show;   /* --show-config */
	bool               off;    /* the program's own section says "enabled": false */
	/* an unknown key that somebody may rely on, with the nearest; "" */
	char               doubtful[200];
	bool               in_force[SETTINGS]; /* the file's value is the one that holds */
	struct config_file file;
	/* what else --show-config tells; name NULL: nothing, value NULL: there is none */
	struct {
		const char *name, *value, *from;
	} also;
	struct config_values *values; /* owned */
};

#define CONFIG_OPTIONS(c) \
	OPT_TEXT('c', "config", "file", &(c).option, "read the settings from this file"), \
	        OPT_FLAG(0, "show-config", &(c).show, \
	                "read no records, print the settings in force")

/*
 * config_open - find, read, check and apply the settings, after cli_parse.
 * Unknown settings are warned of, unless CWS_CONFIG_TOLD is in the environment: cws-sweep has
 * its first stage tell them, for all.  c->doubtful is the first of those that read
 * like a bound or a veto, and then nothing may be sent.  0, or -1 with err (CWS_USAGE): file,
 * path of the setting, what was expected and what it is.  config_release in any case,
 * after the last use of the options: their texts are borrowed from c.
 */
int
config_open(struct config *c, const struct cli *cli, struct err *err);
void
config_release(struct config *c);

/*
 * The steps of config_open after the file was read: syntax and values, then the options of one
 * program.
 */
int
config_parse(struct config *c, const char *text, size_t n, struct err *err);
int
config_apply(struct config *c, const struct cli *cli, struct err *err);

/* config_json - the file's value of settings[i] as JSON, owned by the caller; NULL: none. */
char *
config_json(const struct config *c, size_t i);

/* config_sets - is the file's value of this setting ("dry_run") the one in force? */
bool
config_sets(const struct config *c, const char *path);

#endif
