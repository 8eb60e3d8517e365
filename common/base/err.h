/*
 * err.h - what went wrong, filled in by whoever failed, spoken by whoever can.
 *
 * A function of common/ that can fail returns -1 and fills a struct err; it
 * prints nothing.  The lowest layer says what, its caller adds which field
 * (err_prefix), the program adds its name and the line.
 */

#ifndef CWS_ERR_H
#define CWS_ERR_H

#include "base/exit.h"

struct err {
	enum cws_exit status; /* the status this fault would end a program with */
	char          text[480];
};

/*
 * err_set - describe a fault; the text is cut at the size of err->text.
 * Returns -1, so that a caller can write "return err_set(...)".
 */
int
err_set(struct err *err, enum cws_exit status, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

/* err_prefix - put "what: " before the present text.  Returns -1. */
int
err_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
