/* sharing.c - whose workspace, and who may touch it all the same. */

#include "act/sharing.h"

#include <string.h>

static bool
is_shared(const struct rec *rec)
{
	struct slice list = rec_raw(rec, REC_SHARED_WITH);

	return list.p != NULL && memchr(list.p, '{', list.n) != NULL;
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
		admins_add(&s->admins, id);
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
sharing_only(const struct sharing *s, const struct rec *fresh, const struct server *server)
{
	static const char another[] = "it belongs to somebody else, who shared it with this token's user";
	static const char unknown[] = "it is shared, and the server does not say whether this token's user administers "
	                              "its organization";
	struct err        err;
	const char       *id;

	if (s->allowed || !is_shared(fresh))
		return NULL;
	if (rec_text(fresh, REC_OWNER_ID, &id, &err) != 0)
		return another;
	if (server->known && (server->user.site_owner || (id != NULL && strcmp(id, server->user.id) == 0)))
		return NULL;
	if (rec_text(fresh, REC_ORGANIZATION_ID, &id, &err) != 0 || id == NULL)
		return another;
	switch (admins_of(&s->admins, id)) {
	case ADMIN_YES:
		return NULL;
	case ADMIN_NO:
		return another;
	case ADMIN_UNKNOWN:
		break;
	}
	return unknown;
}
