/* uuid.c - ids to bytes and back. */

#include "base/uuid.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Does a dash stand before this byte? */
static bool
dash_before(size_t byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool
uuid_parse(const char *s, size_t n, struct uuid *id)
{
	struct uuid v;
	size_t      i, at = 0;

	memset(id, 0, sizeof(*id));
	if (n != UUID_SIZE - 1)
		return false;
	for (i = 0; i < sizeof(v.byte); i++) {
		int high, low;

		if (dash_before(i) && s[at++] != '-')
			return false;
		high = hex(s[at++]);
		low = hex(s[at++]);
		if (high < 0 || low < 0)
			return false;
		v.byte[i] = (uint8_t)(high << 4 | low);
	}
	*id = v;
	return true;
}

struct uuid
uuid_of(struct slice v)
{
	struct uuid id = { { 0 } };

	if (v.n >= 2 && v.p[0] == '"')
		uuid_parse(v.p + 1, v.n - 2, &id);
	return id;
}

void
uuid_print(char out[UUID_SIZE], const struct uuid *id)
{
	size_t i, n = 0;

	for (i = 0; i < sizeof(id->byte); i++) {
		if (dash_before(i))
			out[n++] = '-';
		out[n++] = digits[id->byte[i] >> 4];
		out[n++] = digits[id->byte[i] & 15];
	}
	out[n] = '\0';
}

bool
uuid_is_plain(const char *text)
{
	struct uuid id;
	char        plain[UUID_SIZE];

	if (!uuid_parse(text, strlen(text), &id))
		return false;
	uuid_print(plain, &id);
	return strcmp(plain, text) == 0;
}
