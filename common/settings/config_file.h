/* config_file.h - where the settings file is, and its bytes. */

#ifndef CWS_CONFIG_FILE_H
#define CWS_CONFIG_FILE_H

#include "base/buf.h"
#include "base/err.h"

#define CONFIG_FILE_MAX ((size_t)1 << 20)

struct config_file {
	char       *path;  /* as it was named, for messages; NULL when there is no file; owned */
	const char *named; /* "option", "environment", "default": who named it */
	struct buf  text;
};

/*
 * config_file_read - the first of: the file named by an option (NULL: none was),
 * CWS_CONFIG, $XDG_CONFIG_HOME/cws/config.json (~/.config where that is unset),
 * /etc/cws/config.json.  Only the last two may be missing: a file that was named,
 * or that is there and cannot be read, may hold vetoes.
 * 0, also without any file; -1 with err (CWS_USAGE) naming the file.
 */
int
config_file_read(struct config_file *f, const char *option, struct err *err);

void
config_file_release(struct config_file *f);

#endif
