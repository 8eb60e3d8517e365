/*
 * readfile.h - a file that holds a token, a URL, a key: its text.
 *
 * It is opened once and read once, from its beginning to its end, so that a pipe
 * will do: --token-file <(command).
 */

#ifndef CWS_READFILE_H
#define CWS_READFILE_H

#include <stddef.h>
#include <sys/stat.h>

#include "base/err.h"

#define READFILE_OWN (S_IRWXG | S_IRWXO) /* its owner's alone */

/*
 * readfile_text - at most max bytes without a NUL; owned by the caller, who wipes
 * what is secret (wipe_free): no other copy of it is left.  what: "no text of one
 * line", for the message about another file.  shut: the bits of its mode of which
 * any is told (diag), as others than its owner can read it; 0: none.  NULL with err
 * (CWS_USAGE), and with errno ENOENT when there is no such file.
 */
char *
readfile_text(const char *path, size_t max, const char *what, mode_t shut, struct err *err);

#endif
