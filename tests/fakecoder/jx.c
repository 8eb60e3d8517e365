/* jx.c - see jx.h. */

#include "jx.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/rfc3339.h"
#include "base/xalloc.h"

const char *
jx_text(const cJSON *o, const char *k)
{
	const cJSON *v = jx_get(o, k);

	return cJSON_IsString(v) ? v->valuestring : "";
}

int64_t
jx_number(const cJSON *o, const char *k, int64_t otherwise)
{
	const cJSON *v = jx_get(o, k);

	return cJSON_IsNumber(v) ? (int64_t)v->valuedouble : otherwise;
}

bool
jx_true(const cJSON *o, const char *k)
{
	return cJSON_IsTrue(jx_get(o, k));
}

int64_t
jx_time(const cJSON *o, const char *k)
{
	const char *s = jx_text(o, k);
	int64_t     at_us;

	if (s[0] == '\0' || strncmp(s, "0001-", 5) == 0 || !rfc3339_parse(s, strlen(s), &at_us))
		return NO_TIME;
	return at_us;
}

cJSON *
jx_get(const cJSON *o, const char *k)
{
	return cJSON_GetObjectItemCaseSensitive(o, k);
}

void
jx_set(cJSON *o, const char *k, cJSON *v)
{
	if (jx_get(o, k) != NULL)
		cJSON_ReplaceItemInObjectCaseSensitive(o, k, v);
	else
		jx_add(o, k, v);
}

static cJSON *
time_json(int64_t at_us)
{
	char t[TIME_SIZE];

	return at_us == NO_TIME ? cJSON_CreateNull() : cJSON_CreateString(time_text(t, at_us));
}

void
jx_set_time(cJSON *o, const char *k, int64_t at_us)
{
	jx_set(o, k, time_json(at_us));
}

void
jx_set_after(cJSON *o, const char *after, const char *k, cJSON *v)
{
	cJSON *before = jx_get(o, after);

	if (jx_get(o, k) != NULL || before == NULL) {
		jx_set(o, k, v);
		return;
	}
	jx_add(o, k, v);
	/* What stands between them goes behind v; cJSON_InsertItemInArray refuses members in some builds of 1.7.15. */
	while (before->next != v)
		cJSON_AddItemToArray(o, cJSON_DetachItemViaPointer(o, before->next));
}

void
jx_add(cJSON *o, const char *k, cJSON *v)
{
	if (v == NULL || !cJSON_AddItemToObject(o, k, v))
		die("out of memory");
}

void
jx_add_text(cJSON *o, const char *k, const char *v)
{
	jx_add(o, k, cJSON_CreateString(v));
}

void
jx_add_int(cJSON *o, const char *k, int64_t v)
{
	jx_add(o, k, cJSON_CreateNumber((double)v));
}

void
jx_add_bool(cJSON *o, const char *k, bool v)
{
	jx_add(o, k, cJSON_CreateBool(v));
}

void
jx_add_time(cJSON *o, const char *k, int64_t at_us)
{
	jx_add(o, k, time_json(at_us));
}

/* Outside strings JSON has none of these three, so no state is needed. */
static void
put_escaped(struct buf *b, const char *s)
{
	for (size_t n = strcspn(s, "<>&"); ; s += n + 1, n = strcspn(s, "<>&")) {
		buf_put(b, s, n);
		if (s[n] == '\0')
			return;
		buf_printf(b, "\\u%04x", (unsigned)(unsigned char)s[n]);
	}
}

void
jx_print(struct buf *b, const cJSON *v)
{
	char *s = cJSON_PrintUnformatted(v);

	if (s == NULL)
		die("out of memory");
	put_escaped(b, s);
	cJSON_free(s);
}

void
jx_puts(struct buf *b, const char *s)
{
	cJSON *v = cJSON_CreateString(s);

	jx_print(b, v);
	cJSON_Delete(v);
}

const char *
time_text(char out[TIME_SIZE], int64_t at_us)
{
	int64_t us = at_us % 1000000;
	size_t  n;

	if (us < 0)
		us += 1000000;
	rfc3339_print(out, at_us - us);
	n = strlen(out);
	if (us != 0) {
		snprintf(out + n - 1, TIME_SIZE - n, ".%06d", (int)us);
		for (n = strlen(out); out[n - 1] == '0'; n--)
			continue;
		out[n++] = 'Z';
		out[n] = '\0';
	}
	return out;
}

bool
span(const char *s, int64_t *us)
{
	static const struct {
		const char *unit;
		double      us;
	} units[] = { { "ms", 1e3 }, { "s", 1e6 }, { "m", 6e7 }, { "h", 3.6e9 }, { "d", 8.64e10 } };
	char  *end;
	double n = strtod(s, &end);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && end != s; i++)
		if (strcmp(end, units[i].unit) == 0) {
			n *= units[i].us;
			*us = n > -1e17 && n < 1e17 ? (int64_t)n : 0; /* a thousand years: also what is not finite */
			return *us != 0 || n == 0;
		}
	return false;
}

bool
go_time(const char *s, const char *layout, int64_t *at_us, struct buf *why)
{
	static const struct {
		const char *element;
		int         digits; /* 0: the element itself */
	} want[] = {
		{ "2006", 4 }, { "-", 0 }, { "01", 2 }, { "-", 0 }, { "02", 2 }, { "T", 0 },
		{ "15", 2 }, { ":", 0 }, { "04", 2 }, { ":", 0 }, { "05", 2 },
	};
	const char *rest = s;

	if (s[0] != '\0' && strchr(s, ' ') == NULL && rfc3339_parse(s, strlen(s), at_us))
		return true;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		size_t n = want[i].digits ? strspn(rest, "0123456789") : strncmp(rest, want[i].element, 1) == 0;
		size_t need = want[i].digits ? (size_t)want[i].digits : 1;

		if (n < need) {
			buf_printf(why, "parsing time \"%s\" as \"%s\": cannot parse \"%s\" as \"%s\"", s, layout, rest,
			    want[i].element);
			return false;
		}
		rest += need;
	}
	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	buf_printf(why, "parsing time \"%s\" as \"%s\": cannot parse \"%s\" as \"Z07:00\"", s, layout, rest);
	return false;
}

const char *
uuid_problem(const char *s, char why[64])
{
	size_t n = strlen(s);

	if (n != 36) {
		snprintf(why, 64, "invalid UUID length: %zu", n);
		return why;
	}
	for (size_t i = 0; i < n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : strchr("0123456789abcdefABCDEF", s[i]) == NULL) {
			snprintf(why, 64, "invalid UUID format");
			return why;
		}
	}
	return NULL;
}

/* splitmix64, Steele, Lea and Flood 2014: any seed gives a full period. */
static uint64_t
next_random(void)
{
	static uint64_t state = UINT64_C(0x636f646572);
	uint64_t        z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void
uuid_new(char out[UUID_SIZE])
{
	uint64_t a = next_random(), b = next_random();

	snprintf(out, UUID_SIZE, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff),
	    (unsigned)(a & 0xfff), (unsigned)(0x8000 | (b >> 48 & 0x3fff)),
	    (unsigned long long)(b & UINT64_C(0xffffffffffff)));
}

bool
same_name(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

bool
has_name(const char *a, const char *b)
{
	size_t n = strlen(b);

	for (; strlen(a) >= n; a++)
		if (strncasecmp(a, b, n) == 0)
			return true;
	return false;
}

char *
read_file(const char *path, size_t *n)
{
	FILE      *f = fopen(path, "r");
	struct buf b;
	char       part[65536];

	if (f == NULL)
		die("%s: %s", path, strerror(errno));
	buf_init(&b, BUF_BODY_MAX);
	for (size_t got = fread(part, 1, sizeof(part), f); got > 0; got = fread(part, 1, sizeof(part), f))
		buf_put(&b, part, got);
	if (ferror(f) || b.over)
		die("%s: cannot read", path);
	fclose(f);
	*n = b.n;
	return b.p != NULL ? b.p : xstrdup("");
}

void
die(const char *fmt, ...)
{
	va_list ap;

	fputs("fakecoder: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}
