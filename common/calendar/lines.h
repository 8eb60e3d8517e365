/*
 * lines.h - the content lines of an iCalendar text, unfolded where they stand.
 *
 * A line ends with LF, CR LF or a CR alone, and goes on in the next one where that
 * begins with a blank.  Source: RFC 5545, 3.1.
 */

#ifndef CWS_LINES_H
#define CWS_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct lines {
	char  *at;     /* borrowed; NUL at its end */
	size_t lineno; /* of the line last handed out, from 1: where it begins in the file */
	size_t next;
};

/* lines_open - read a text, which is changed; a byte order mark in front is passed over. */
void
lines_open(struct lines *l, char *text);

/* lines_next - the next line that is not empty, with a NUL behind it; NULL at the end. */
char *
lines_next(struct lines *l);

#endif
