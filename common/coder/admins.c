/* admins.c - one question for all organizations, and its answer. */

#include "coder/admins.h"

#include <stdio.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/json_write.h"
#include "coder/api_calls.h"

/*
 * Any of these, on what others own, is an administrator's; which the run needs, the server says
 * when it is done.
 */
static const char *const verb[] = { "stop", "start", "update" };

#define VERBS (sizeof(verb) / sizeof(verb[0]))

static size_t
find(const struct admins *a, const char *org_id, size_t n)
{
	size_t i;

	for (i = 0; i < a->orgs; i++)
		if (strlen(a->org[i].id) == n && memcmp(a->org[i].id, org_id, n) == 0)
			break;
	return i;
}

void
admins_add(struct admins *a, const char *org_id)
{
	if (a->orgs < ADMINS_ORGS && uuid_is_plain(org_id) &&
	        find(a, org_id, strlen(org_id)) == a->orgs)
		snprintf(a->org[a->orgs++].id, sizeof(a->org[0].id), "%s", org_id);
}

/*
 * {"checks":{"ORG
 * stop":{"object":{"resource_type":"workspace","organization_id":ORG},"action":"stop"},...}}
 */
static void
write_question(const struct admins *a, struct buf *b)
{
	size_t i, v;

	json_write_open(b, NULL);
	json_write_open(b, "checks");
	for (i = 0; i < a->orgs; i++)
		for (v = 0; v < VERBS; v++) {
			char name[UUID_SIZE + 8];

			snprintf(name, sizeof(name), "%s %s", a->org[i].id, verb[v]);
			json_write_open(b, name);
			json_write_open(b, "object");
			json_write_text(b, "resource_type", "workspace");
			json_write_text(b, "organization_id", a->org[i].id);
			json_write_close(b);
			json_write_text(b, "action", verb[v]);
			json_write_close(b);
		}
	json_write_close(b);
	json_write_close(b);
}

bool
admins_read(struct admins *a, const char *body, size_t n)
{
	struct admins    got = *a;
	struct json_scan s;
	struct slice     key, v;
	size_t           i;

	json_scan_open(&s, body, n);
	for (json_scan_enter(&s, '{'); json_scan_member(&s, &key);) {
		v = json_scan_value(&s);
		if (v.n != 4 || v.p[0] != 't' || key.n < UUID_SIZE)
			continue;
		if ((i = find(a, key.p, UUID_SIZE - 1)) < a->orgs)
			got.org[i].yes = true;
	}
	if (!json_scan_end(&s))
		return false;
	*a = got;
	a->known = true;
	return true;
}

struct asking {
	struct admins *a;
	bool           over;
};

static void
on_answer(void *arg, const struct http_reply *r)
{
	struct asking *q = arg;

	q->over = true;
	if (http_ok(r))
		admins_read(q->a, r->body, r->n);
}

void
admins_ask(struct admins *a, const struct server *server)
{
	struct asking q = { .a = a };
	struct buf    body;

	if (a->orgs == 0)
		return;
	buf_init(&body, BUF_RECORD_MAX);
	write_question(a, &body);
	api_post_authcheck(server->api, buf_text(&body), on_answer, &q);
	buf_release(&body);
	server_await(server, &q.over);
}

enum admin
admins_of(const struct admins *a, const char *org_id)
{
	size_t i = find(a, org_id, strlen(org_id));

	if (!a->known || i == a->orgs)
		return ADMIN_UNKNOWN;
	return a->org[i].yes ? ADMIN_YES : ADMIN_NO;
}
