/*
 * readfile.h - a file that holds a token, a URL, a key: its text.
 *
 * It is opened once and read once, from its beginning to its end, so that a pipe
 * will do: --token-file <(command).
 */

#ifndef CWS_READFILE_H
#define CWS_READFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * readfile_text - at most max bytes without a NUL; owned by the caller, who wipes
 * what is secret (wipe_free): no other copy of it is left.  what: "no text of one
 * line", for the message about another file.  warns: tell (diag) when others than
 * its owner can read it.  NULL with err (CWS_USAGE), and with errno ENOENT when
 * there is no such file.
 */
char *
readfile_text(const char *path, size_t max, const char *what, bool warns, struct err *err);

#endif
