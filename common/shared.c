/* shared.c - whose workspace, and who may touch it all the same. */

#include "shared.h"

#include <stdio.h>
#include <string.h>

static bool
is_shared(const struct rec *rec)
{
	struct slice list = rec_raw(rec, REC_SHARED_WITH);

	return list.p != NULL && memchr(list.p, '{', list.n) != NULL;
}

static const struct shared_org *
org_of(const struct shared *s, const char *id)
{
	size_t i;

	for (i = 0; i < s->orgs; i++)
		if (id != NULL && strcmp(s->org[i].id, id) == 0)
			return &s->org[i];
	return NULL;
}

void
shared_note(struct shared *s, const struct rec *rec)
{
	struct err  err;
	const char *id;

	if (s->allowed || !is_shared(rec) || rec_text(rec, REC_ORGANIZATION_ID, &id, &err) != 0 || id == NULL ||
	    !api_path_ok(id) || s->orgs == SHARED_ORGS || org_of(s, id) != NULL)
		return;
	snprintf(s->org[s->orgs++].id, sizeof(s->org[0].id), "%s", id);
}

static void
on_members(void *arg, const struct http_reply *r)
{
	struct shared_org *org = arg;

	org->asked = true;
	org->admin = r->end == HTTP_ANSWERED && r->status == 200 && r->json &&
	             api_is_org_admin(r->body, r->n, org->user_id);
}

void
shared_roles(struct shared *s, struct api *api, const struct engine_me *me, const volatile sig_atomic_t *signals)
{
	size_t i;

	if (!me->known || me->user.site_owner)
		return;
	for (i = 0; i < s->orgs; i++) {
		struct shared_org *org = &s->org[i];
		char               path[96];

		org->user_id = me->user.id;
		snprintf(path, sizeof(path), "/api/v2/organizations/%s/members", org->id);
		api_read(api, path, on_members, org);
		while (!org->asked && *signals == 0)
			api_turn(api, 1000);
	}
}

bool
shared_only(const struct shared *s, const struct rec *fresh, const struct engine_me *me)
{
	const struct shared_org *org;
	struct err               err;
	const char              *id;

	if (s->allowed || !is_shared(fresh))
		return false;
	if (rec_text(fresh, REC_OWNER_ID, &id, &err) != 0)
		return true;
	if (me->known && (me->user.site_owner || (id != NULL && strcmp(id, me->user.id) == 0)))
		return false;
	if (rec_text(fresh, REC_ORGANIZATION_ID, &id, &err) != 0)
		return true;
	org = org_of(s, id);
	return org == NULL || !org->admin;
}
