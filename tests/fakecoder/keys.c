/* keys.c - a user's own tokens: when each expires, and what it may. */

#include <string.h>

#include "server.h"

static const char *const scope_names[] = { "workspace:read", "workspace:update", "workspace:start", "workspace:stop",
	"workspace:delete", "template:read", "user:read", "organization:read", "api_key:read" };

static void
put_key(const struct server *s, const struct token *t, struct buf *b)
{
	cJSON   *o = cJSON_CreateObject(), *list, *all;
	int64_t  week_us = INT64_C(604800000000);
	char     at[TIME_SIZE];
	unsigned bit = 1;

	jx_add_text(o, "id", t->id);
	for (size_t i = 0; i < s->world.n_users; i++)
		if (strcmp(s->world.users[i].name, t->user) == 0)
			jx_add_text(o, "user_id", s->world.users[i].id);
	jx_add_time(o, "last_used", s->world.now_us);
	jx_add_text(o, "expires_at", time_text(at, t->expires_us));
	jx_add_text(o, "created_at", time_text(at, t->expires_us - week_us));
	jx_add_text(o, "updated_at", time_text(at, t->expires_us - week_us));
	jx_add_text(o, "login_type", "token");
	jx_add_text(o, "scope", "all");
	list = cJSON_AddArrayToObject(o, "scopes");
	if (t->scopes == 0)
		cJSON_AddItemToArray(list, cJSON_CreateString("coder:all"));
	for (size_t i = 0; i < sizeof(scope_names) / sizeof(scope_names[0]); i++, bit <<= 1)
		if (t->scopes & bit)
			cJSON_AddItemToArray(list, cJSON_CreateString(scope_names[i]));
	jx_add_text(o, "token_name", t->id);
	jx_add_int(o, "lifetime_seconds", week_us / 1000000);
	list = cJSON_AddArrayToObject(o, "allow_list");
	all = cJSON_CreateObject();
	jx_add_text(all, "type", "*");
	jx_add_text(all, "id", "*");
	cJSON_AddItemToArray(list, all);
	jx_print(b, o);
	cJSON_Delete(o);
}

/* A scoped token sees keys with api_key:read and user:read only. */
static bool
may_read_keys(const struct req *r, const struct user *u)
{
	return strcmp(u->name, r->caller->user) == 0 && may(r->caller, KEY_READ);
}

void
get_key(struct server *s, struct req *r)
{
	const struct user  *u = path_user(s, r);
	const struct token *t = token_named(r->args[1]);

	if (u == NULL)
		return;
	if (!may_read_keys(r, u) || t == NULL || strcmp(t->id, r->args[1]) != 0 || strcmp(t->user, u->name) != 0) {
		reply_not_found(r);
		return;
	}
	put_key(s, t, reply_begin(r, 200));
	reply_end(r);
}

/* Those that expired are shown to who asks for them; no list at all, to who may not see it, is null. */
void
list_keys(struct server *s, struct req *r)
{
	const struct user  *u = path_user(s, r);
	const char         *expired = req_param(r, "include_expired");
	const struct token *t;
	struct buf         *b;
	bool                first = true;

	if (u == NULL)
		return;
	b = reply_begin(r, 200);
	if (!may_read_keys(r, u)) {
		buf_puts(b, "null");
		reply_end(r);
		return;
	}
	for (size_t i = 0; (t = token_each(&i)) != NULL;) {
		if (strcmp(t->user, u->name) != 0 ||
		    (t->expires_us <= s->world.now_us && (expired == NULL || strcmp(expired, "true") != 0)))
			continue;
		buf_putc(b, first ? '[' : ',');
		put_key(s, t, b);
		first = false;
	}
	buf_puts(b, first ? "[]" : "]");
	reply_end(r);
}
