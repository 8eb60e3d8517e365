/* shift.c - see shift.h.  Works on the text, so that nothing else of it changes. */

#include "shift.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/rfc3339.h"
#include "cron.h"
#include "jx.h"

#define SECONDS_LEN 19 /* 2026-11-23T03:02:21 */

/* The length of the instant that begins at s, 0 when there is none. */
static size_t
instant_len(const char *s)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd";
	size_t            n = 0;

	for (; n < SECONDS_LEN; n++)
		if (form[n] == 'd' ? s[n] < '0' || s[n] > '9' : s[n] != form[n])
			return 0;
	if (s[n] == '.')
		n += 1 + strspn(s + n + 1, "0123456789");
	return s[n] == 'Z' && s[n + 1] == '"' ? n + 1 : 0;
}

static void
put_seconds(char *at, int64_t s)
{
	char t[RFC3339_SIZE];

	rfc3339_print(t, s * 1000000);
	memcpy(at, t, SECONDS_LEN);
}

void
shift_text(char *text, size_t n, int64_t delta_s)
{
	char *end = text + n;

	for (char *p = memchr(text, '"', n); p != NULL; p = memchr(p, '"', (size_t)(end - p))) {
		int64_t at_us;
		size_t  len;

		p++;
		len = end - p > SECONDS_LEN + 1 ? instant_len(p) : 0;
		if (len == 0 || strncmp(p, "0001-", 5) == 0 || !rfc3339_parse(p, len, &at_us))
			continue;
		put_seconds(p, (at_us - (at_us % 1000000 + 1000000) % 1000000) / 1000000 + delta_s);
		p += len;
	}
}

void
shift_next_starts(char *text, int64_t now_us)
{
	static const char schedule[] = "\"autostart_schedule\":\"";
	static const char next[] = "\"next_start_at\":";

	for (char *p = strstr(text, schedule); p != NULL; p = strstr(p, schedule)) {
		char    s[96];
		char   *at;
		int64_t next_us;

		p += sizeof(schedule) - 1;
		snprintf(s, sizeof(s), "%.*s", (int)strcspn(p, "\""), p);
		at = strstr(p, next);
		if (at == NULL)
			return;
		at += sizeof(next) - 1;
		next_us = cron_next(s, now_us);
		if (*at == '"' && instant_len(at + 1) == SECONDS_LEN + 1 && next_us != NO_TIME)
			put_seconds(at + 1, next_us / 1000000);
	}
}
