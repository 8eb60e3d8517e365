/* world.c - see world.h: finding and ordering. */

#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct ws *
world_find(struct world *w, const char *id)
{
	for (size_t i = 0; i < w->n; i++)
		if (same_name(w->all[i]->id, id))
			return w->all[i];
	return NULL;
}

struct ws *
world_find_name(struct world *w, const char *owner, const char *name, bool deleted)
{
	struct ws *found = NULL;

	for (size_t i = 0; i < w->n; i++)
		if (same_name(w->all[i]->name, name) && same_name(w->all[i]->owner, owner)) {
			if (!w->all[i]->deleted)
				return w->all[i];
			if (deleted)
				found = w->all[i];
		}
	return found;
}

struct user *
world_user(struct world *w, const char *id_or_name)
{
	for (size_t i = 0; i < w->n_users; i++)
		if (same_name(w->users[i].id, id_or_name) || same_name(w->users[i].name, id_or_name))
			return &w->users[i];
	return NULL;
}

/* Like the last one of the recording, who has no role. */
void
world_join(struct world *w, const char *name)
{
	cJSON *o = cJSON_Duplicate(w->users[w->n_users - 1].obj, 1);
	char   id[UUID_SIZE], email[96], at[TIME_SIZE];

	uuid_new(id);
	time_text(at, w->now_us);
	snprintf(email, sizeof(email), "%s@example.com", name);
	jx_set(o, "id", cJSON_CreateString(id));
	jx_set(o, "username", cJSON_CreateString(name));
	jx_set(o, "name", cJSON_CreateString(""));
	jx_set(o, "email", cJSON_CreateString(email));
	jx_set(o, "created_at", cJSON_CreateString(at));
	jx_set(o, "updated_at", cJSON_CreateString(at));
	jx_set(o, "last_seen_at", cJSON_CreateString("0001-01-01T00:00:00Z"));
	cJSON_AddItemToArray(jx_get(w->users_doc, "users"), o);
	w->users[w->n_users] = (struct user){ jx_text(o, "id"), jx_text(o, "username"), NULL, o };
	world_set_user_status(&w->users[w->n_users++], "active");
}

void
world_set_user_status(struct user *u, const char *status)
{
	jx_set(u->obj, "status", cJSON_CreateString(status));
	u->status = jx_text(u->obj, "status");
}

struct template *
world_template(struct world *w, const char *id_or_name)
{
	for (size_t i = 0; i < w->n_templates; i++)
		if (same_name(w->templates[i].id, id_or_name) || same_name(w->templates[i].name, id_or_name))
			return &w->templates[i];
	return NULL;
}

static bool
runs(const struct ws *ws)
{
	return ws->latest->transition == START && ws->latest->job == SUCCEEDED;
}

/* Running ones first, then owner, then name: coderd/database/queries/workspaces.sql, GetWorkspaces. */
static int
by_listing(const void *a, const void *b)
{
	const struct ws *const *x = a, *const *y = b;
	int                     d = (int)runs(*y) - (int)runs(*x);

	if (d == 0)
		d = strcasecmp((*x)->owner, (*y)->owner);
	return d != 0 ? d : strcasecmp((*x)->name, (*y)->name);
}

void
world_sort(struct world *w)
{
	if (!w->sorted)
		qsort(w->all, w->n, sizeof(struct ws *), by_listing);
	w->sorted = true;
}
