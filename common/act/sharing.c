/* sharing.c - whose workspace, and who may touch it all the same. */

#include "act/sharing.h"

#include <stdio.h>
#include <string.h>

#include "base/uuid.h"

struct shared {
	struct slice with;
	const char  *organization, *owner;
};

static const struct fact shared_fact[] = {
	FACT(struct shared, with, ".shared_with"),
	FACT(struct shared, organization, ".organization_id"),
	FACT(struct shared, owner, ".owner_id"),
};

static const struct fact_table shared_table = FACT_TABLE(shared_fact);

static bool
is_shared(const struct shared *is)
{
	return is->with.p != NULL && memchr(is->with.p, '{', is->with.n) != NULL;
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
sharing_note(struct sharing *s, struct rec *rec)
{
	struct shared is;
	struct err    err;

	if (s->allowed || rec_read(rec, &shared_table, &is, &err) != 0)
		return;
	if (is.organization == NULL)
		s->unnamed = true;
	else if (is_shared(&is))
		add_org(s, is.organization);
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
sharing_only(const struct sharing *s, struct rec *fresh, const struct server *server)
{
	static const char        another[] = "it belongs to somebody else, who shared it with this token's user";
	static const char        unknown[] = "it is shared, and whether this token's user administers its "
	                                     "organization cannot be read (organization:read)";
	const struct sharing_org *org;
	struct shared            is;
	struct err               err;

	if (s->allowed)
		return NULL;
	if (rec_read(fresh, &shared_table, &is, &err) != 0)
		return another;
	if (!is_shared(&is) || (server->known &&
	            (server->user.site_owner || (is.owner != NULL && strcmp(is.owner, server->user.id) == 0))))
		return NULL;
	org = org_of(s, is.organization);
	if (org == NULL || !org->answered)
		return unknown;
	return org->admin ? NULL : another;
}
