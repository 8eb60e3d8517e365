/* query.c - write and look into a search of the server's. */

#include "coder/query.h"

#include <string.h>
#include <strings.h>

int
query_add(struct buf *q, const char *key, const char *value, struct err *err)
{
	const unsigned char *c;
	bool                 quote = false;

	for (c = (const unsigned char *)value; *c != '\0'; c++) {
		if (*c == '"' || *c < 0x20)
			return err_set(err, CWS_USAGE, "a value of '%s:' cannot hold %s", key,
			        *c == '"' ? "a double quote" : "a control character");
		quote = quote || *c == ' ' || *c == ':';
	}
	if (value[0] == '\0')
		return err_set(err, CWS_USAGE, "a value of '%s:' cannot be empty", key);
	if (q->n > 0)
		buf_putc(q, ' ');
	buf_printf(q, quote ? "%s:\"%s\"" : "%s:%s", key, value);
	return 0;
}

/*
 * Behind the colon of the first element of this key, as the server splits q; NULL when there is
 * none.
 */
static const char *
find(const char *q, const char *key)
{
	size_t n = strlen(key);
	bool   quoted = false, begins = true;

	for (; *q != '\0'; q++) {
		if (begins && !quoted && strncasecmp(q, key, n) == 0 && q[n] == ':')
			return q + n + 1;
		begins = !quoted && *q == ' ';
		quoted ^= *q == '"';
	}
	return NULL;
}

bool
query_has(const char *q, const char *key)
{
	return find(q, key) != NULL;
}

bool
query_value(const char *q, const char *key, struct buf *value)
{
	const char *v = find(q, key);
	bool        quoted = false;

	if (v == NULL)
		return false;
	for (; *v != '\0' && (quoted || *v != ' '); v++) {
		if (*v == '"')
			quoted = !quoted;
		else
			buf_putc(value, *v);
	}
	return true;
}

void
query_escape(struct buf *url, const char *text)
{
	static const char plain[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL)
			buf_putc(url, *text);
		else
			buf_printf(url, "%%%02X", (unsigned)(unsigned char)*text);
	}
}
