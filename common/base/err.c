/* err.c - fill in a struct err. */

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
err_set(struct err *err, enum cws_exit status, const char *fmt, ...)
{
	va_list ap;

	err->status = status;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return -1;
}

int
err_prefix(struct err *err, const char *fmt, ...)
{
	char    head[sizeof(err->text)];
	size_t  n, rest;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(head, sizeof(head), fmt, ap);
	va_end(ap);
	n = strlen(head);
	if (n > sizeof(head) - 3)
		n = sizeof(head) - 3;
	memcpy(head + n, ": ", 3);
	n += 2;
	rest = strlen(err->text);
	if (rest > sizeof(err->text) - 1 - n)
		rest = sizeof(err->text) - 1 - n;
	memmove(err->text + n, err->text, rest);
	err->text[n + rest] = '\0';
	memcpy(err->text, head, n);
	return -1;
}
