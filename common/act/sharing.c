/* sharing.c - whose workspace, and who may touch it all the same. */

#include "act/sharing.h"

#include <stdio.h>
#include <string.h>

#include "base/uuid.h"

static bool
is_shared(const struct rec *rec)
{
	struct slice list = rec_raw(rec, REC_SHARED_WITH);

	return list.p != NULL && memchr(list.p, '{', list.n) != NULL;
}

static const struct sharing_org *
org_of(const struct sharing *s, const char *id)
{
	size_t i;

	for (i = 0; i < s->orgs; i++)
		if (id != NULL && strcmp(s->org[i].id, id) == 0)
			return &s->org[i];
	return NULL;
}

static void
add_org(struct sharing *s, const char *id)
{
	if (s->orgs < SHARING_ORGS && uuid_is_plain(id) && org_of(s, id) == NULL)
		snprintf(s->org[s->orgs++].id, sizeof(s->org[0].id), "%s", id);
}

void
sharing_note(struct sharing *s, const struct rec *rec)
{
	struct err  err;
	const char *id;

	if (s->allowed || rec_text(rec, REC_ORGANIZATION_ID, &id, &err) != 0)
		return;
	if (id == NULL)
		s->unnamed = true;
	else if (is_shared(rec))
		add_org(s, id);
}

static void
on_members(void *arg, const struct http_reply *r)
{
	struct sharing_org *org = arg;

	org->asked = true;
	org->answered = http_ok(r);
	org->admin = org->answered && api_is_org_admin(r->body, r->n, org->user_id);
}

void
sharing_roles(struct sharing *s, const struct server *server)
{
	size_t i;

	if (!server->known || server->user.site_owner)
		return;
	for (i = 0; s->unnamed && i < server->user.orgs; i++)
		add_org(s, server->user.org[i]);
	for (i = 0; i < s->orgs; i++) {
		struct sharing_org *org = &s->org[i];
		char               path[96];

		org->user_id = server->user.id;
		snprintf(path, sizeof(path), "/api/v2/organizations/%s/members", org->id);
		api_read(server->api, path, on_members, org);
		if (!server_await(server, &org->asked))
			return;
	}
}

const char *
sharing_only(const struct sharing *s, const struct rec *fresh, const struct server *server)
{
	static const char        another[] = "it belongs to somebody else, who shared it with this token's user";
	static const char        unknown[] = "it is shared, and whether this token's user administers its "
	                                     "organization cannot be read (organization:read)";
	const struct sharing_org *org;
	struct err               err;
	const char              *id;

	if (s->allowed || !is_shared(fresh))
		return NULL;
	if (rec_text(fresh, REC_OWNER_ID, &id, &err) != 0)
		return another;
	if (server->known && (server->user.site_owner || (id != NULL && strcmp(id, server->user.id) == 0)))
		return NULL;
	if (rec_text(fresh, REC_ORGANIZATION_ID, &id, &err) != 0)
		return another;
	org = org_of(s, id);
	if (org == NULL || !org->answered)
		return unknown;
	return org->admin ? NULL : another;
}
