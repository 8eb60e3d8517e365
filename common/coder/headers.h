/*
 * headers.h - the session token's request header, and those that a proxy in front of Coder wants.
 *
 * Key=Value pairs as the coder CLI takes them: CODER_HEADER is one CSV record
 * (RFC 4180), CODER_HEADER_COMMAND prints one pair a line.  A name has to be a
 * header's name, a value has no control characters, and the headers that make
 * the request itself cannot be given.  Source: coder cli/root.go.
 */

#ifndef CWS_HEADERS_H
#define CWS_HEADERS_H

#include <stddef.h>

#include "base/err.h"

struct headers {
	char **item; /* "Name: value"; owned */
	size_t n;
};

/*
 * headers_token - add the header by which Coder knows the session; one line of printable
 * characters.
 */
void
headers_token(struct headers *h, const char *token);

/*
 * headers_csv - add the pairs of one CSV record.  -1 with err (CWS_USAGE) that does not show a
 * value.
 */
int
headers_csv(struct headers *h, const char *text, struct err *err);

/*
 * headers_command - run command by sh -c, its standard input and error at
 * /dev/null, CODER_URL=url in its environment, and add the pairs it prints.
 * -1 with err when it fails or prints something else.
 */
int
headers_command(struct headers *h, const char *command, const char *url, struct err *err);

#endif
