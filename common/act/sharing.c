/* sharing.c - whose workspace, and who may touch it all the same. */

#include "act/sharing.h"

#include <string.h>

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
		admins_add(&s->admins, is.organization);
}

void
sharing_roles(struct sharing *s, const struct server *server)
{
	size_t i;

	if (server->user.site_owner)
		return;
	for (i = 0; s->unnamed && i < server->user.orgs; i++)
		admins_add(&s->admins, server->user.org[i]);
	admins_ask(&s->admins, server);
}

const char *
sharing_only(const struct sharing *s, struct rec *fresh, const struct server *server)
{
	static const char another[] =
	        "it belongs to somebody else, who shared it with this token's user";
	static const char unknown[] =
	        "it is shared, and the server does not say whether this token's user administers "
	        "its organization";
	struct shared is;
	struct err    err;

	if (s->allowed)
		return NULL;
	if (rec_read(fresh, &shared_table, &is, &err) != 0)
		return another;
	if (!is_shared(&is) ||
	        (server->known &&
	                (server->user.site_owner ||
	                        (is.owner != NULL && strcmp(is.owner, server->user.id) == 0))))
		return NULL;
	if (is.organization == NULL)
		return another;
	switch (admins_of(&s->admins, is.organization)) {
	case ADMIN_YES:
		return NULL;
	case ADMIN_NO:
		return another;
	case ADMIN_UNKNOWN:
		break;
	}
	return unknown;
}
