/* label.h - the text of an event as the rest of a line. */

#ifndef CWS_LABEL_H
#define CWS_LABEL_H

#define LABEL_MAX 200 /* bytes */

/*
 * label_of - a copy (owned by the caller) on one line: control characters, blanks and line
 * separators in a row become one blank, none at either end; cut at a character.  Text that is
 * no UTF-8 is taken for Latin-1.  A label that would be read as a second date gets "# " in
 * front.  NULL, or nothing left: "".
 */
char *
label_of(const char *text);

#endif
