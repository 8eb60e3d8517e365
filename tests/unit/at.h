/* at.h - an instant in a test's row, as it is written. */

#ifndef CWS_AT_H
#define CWS_AT_H

#include <stdint.h>
#include <string.h>

#include "base/rfc3339.h"
#include "check.h"

/* at - microseconds since 1970 of an RFC 3339 text; a text that is none fails the test. */
static int64_t
at(const char *text)
{
	int64_t us = 0;

	CHECK(text, rfc3339_parse(text, strlen(text), &us), "not RFC 3339");
	return us;
}

#endif
