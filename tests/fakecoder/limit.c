/* limit.c - see limit.h. */

#include "limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static struct counter *
counter_for(struct limiter *l, const char *user, const char *path)
{
	struct counter **at;
	uint32_t         h = 2166136261U; /* FNV-1a */
	char             key[1024];

	snprintf(key, sizeof(key), "%s %s", user, path);
	for (const char *p = key; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 16777619U;
	at = &l->table[h % (sizeof(l->table) / sizeof(l->table[0]))];
	while (*at != NULL && strcmp((*at)->key, key) != 0)
		at = &(*at)->next;
	if (*at == NULL) {
		*at = xcalloc(1, sizeof(**at));
		(*at)->key = xstrdup(key);
	}
	return *at;
}

static void
number_header(struct req *r, const char *name, int64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)v);
	reply_header(r, name, text);
}

bool
limit_pass(struct limiter *l, struct req *r, const char *user, int64_t now_us)
{
	int64_t         second = now_us / 1000000, minute = second / 60;
	struct counter *c;
	int64_t         rate;
	char            message[128];

	if (l->limit <= 0)
		return true;
	c = counter_for(l, user, r->path);
	if (c->minute != minute) {
		c->previous = c->minute == minute - 1 ? c->current : 0;
		c->current = 0;
		c->minute = minute;
	}
	rate = (c->previous * (60 - second % 60) + 30) / 60 + c->current;
	number_header(r, "X-Ratelimit-Limit", l->limit);
	number_header(r, "X-Ratelimit-Remaining", rate + 1 <= l->limit ? l->limit - rate - 1 : 0);
	number_header(r, "X-Ratelimit-Reset", (minute + 1) * 60);
	if (rate + 1 <= l->limit) {
		c->current++;
		return true;
	}
	snprintf(message, sizeof(message), "You've been rate limited for sending more than %d requests in 1m0s.", l->limit);
	reply_message(r, 429, message, NULL);
	reply_header(r, "Retry-After", "60");
	return false;
}

void
limit_reset(struct limiter *l)
{
	limit_free(l);
	memset(l->table, 0, sizeof(l->table));
}

void
limit_free(struct limiter *l)
{
	for (size_t i = 0; i < sizeof(l->table) / sizeof(l->table[0]); i++)
		for (struct counter *c = l->table[i], *next; c != NULL; c = next) {
			next = c->next;
			free(c->key);
			free(c);
		}
}
