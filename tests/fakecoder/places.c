/* places.c - templates, organizations, the server itself. */

#include <string.h>

#include "search.h"
#include "server.h"

void
ping(struct server *s, struct req *r)
{
	(void)s;
	reply_raw(r, 200, "application/json; charset=utf-8", "{\"message\":\"\xf0\x9f\x91\x8b\"}\n");
}

void
empty_array(struct server *s, struct req *r)
{
	(void)s;
	reply_raw(r, 200, "application/json; charset=utf-8", "[]\n");
}

void
buildinfo(struct server *s, struct req *r)
{
	reply_json(r, 200, s->world.buildinfo);
}

void
entitlements(struct server *s, struct req *r)
{
	reply_json(r, 200, s->world.entitlements);
}

/* Does the template match the search?  Deprecated ones are shown only when they are asked for, and then alone. */
static bool
matches(struct search *q, const cJSON *t)
{
	const char *exact = search_text(q, "exact_name"), *name = search_text(q, "name");
	const char *exact_display = search_text(q, "exact_display_name"), *display = search_text(q, "display_name");
	const char *ids = search_text(q, "ids"), *author = search_text(q, "author_id");
	bool        deprecated = search_bool(q, "deprecated") == 1, deleted = search_bool(q, "deleted") == 1;

	search_text(q, "organization");
	search_text(q, "author");
	return jx_true(t, "deprecated") == deprecated && jx_true(t, "deleted") == deleted &&
	    search_bool(q, "has-ai-task") != 1 && search_bool(q, "has_external_agent") != 1 &&
	    (exact[0] == '\0' || same_name(exact, jx_text(t, "name"))) && (name[0] == '\0' || has_name(jx_text(t, "name"), name)) &&
	    (exact_display[0] == '\0' || same_name(exact_display, jx_text(t, "display_name"))) &&
	    (display[0] == '\0' || has_name(jx_text(t, "display_name"), display)) &&
	    (ids[0] == '\0' || strstr(ids, jx_text(t, "id")) != NULL) &&
	    (author[0] == '\0' || same_name(author, jx_text(t, "created_by_id")));
}

void
list_templates(struct server *s, struct req *r)
{
	cJSON        *out = cJSON_CreateArray();
	struct search q;
	cJSON        *t;

	search_parse(&q, req_param(r, "q"), "display_name", false);
	cJSON_ArrayForEach(t, s->world.templates_doc)
		if (matches(&q, t) && may(r->caller, TEMPLATE_READ))
			cJSON_AddItemReferenceToArray(out, t);
	if (search_done(&q, r, "Invalid template search query."))
		reply_json(r, 200, out);
	search_free(&q);
	cJSON_Delete(out);
}

static void
put_template(struct req *r, const struct template *t)
{
	if (t == NULL || !may(r->caller, TEMPLATE_READ))
		reply_not_found(r);
	else
		reply_json(r, 200, t->obj);
}

void
get_template(struct server *s, struct req *r)
{
	const char *id = req_uuid(r, 0);

	if (id != NULL)
		put_template(r, world_template(&s->world, id));
}

/* The job that read the version's files: done long ago, and its tags are those of each build. */
static cJSON *
import_json(const struct world *w, const struct template *t, const struct version *v)
{
	cJSON *o = cJSON_CreateObject();

	jx_add_text(o, "id", v->id);
	jx_add_text(o, "created_at", jx_text(t->obj, "created_at"));
	jx_add_text(o, "started_at", jx_text(t->obj, "created_at"));
	jx_add_text(o, "completed_at", jx_text(t->obj, "created_at"));
	jx_add_text(o, "status", "succeeded");
	jx_add_text(o, "file_id", t->file_id);
	jx_add(o, "tags", cJSON_Duplicate(v->tags, 1));
	jx_add_int(o, "queue_position", 0);
	jx_add_int(o, "queue_size", 0);
	jx_add_text(o, "organization_id", w->org_id);
	jx_add_text(o, "initiator_id", jx_text(t->obj, "created_by_id"));
	jx_add_text(cJSON_AddObjectToObject(o, "input"), "template_version_id", v->id);
	jx_add_text(o, "type", "template_version_import");
	jx_add_bool(o, "logs_overflowed", false);
	return o;
}

/* Not recorded: by coderd/templateversions.go and codersdk/templateversions.go of v2.31. */
void
get_version(struct server *s, struct req *r)
{
	const struct world    *w = &s->world;
	const struct template *t = NULL;
	const char            *id = req_uuid(r, 0);
	const struct version  *v;
	cJSON                 *o, *by;

	if (id == NULL)
		return;
	v = world_version(w, id, &t);
	if (v == NULL || !may(r->caller, TEMPLATE_READ)) {
		reply_not_found(r);
		return;
	}
	o = cJSON_CreateObject();
	jx_add_text(o, "id", v->id);
	jx_add_text(o, "template_id", t->id);
	jx_add_text(o, "organization_id", w->org_id);
	jx_add_text(o, "created_at", jx_text(t->obj, "created_at"));
	jx_add_text(o, "updated_at", jx_text(t->obj, "created_at"));
	jx_add_text(o, "name", v->name);
	jx_add_text(o, "message", "");
	jx_add(o, "job", import_json(w, t, v));
	jx_add_text(o, "readme", "");
	by = cJSON_AddObjectToObject(o, "created_by");
	jx_add_text(by, "id", jx_text(t->obj, "created_by_id"));
	jx_add_text(by, "username", jx_text(t->obj, "created_by_name"));
	jx_add_bool(o, "archived", false);
	jx_add_bool(o, "has_external_agent", false);
	reply_json(r, 200, o);
	cJSON_Delete(o);
}

/* {organization} in a path is its id, its name, or "default". */
static bool
path_organization(struct server *s, struct req *r)
{
	if (may(r->caller, ORG_READ) && (same_name(r->args[0], s->world.org_id) || same_name(r->args[0], s->world.org_name) ||
	    strcmp(r->args[0], "default") == 0))
		return true;
	reply_not_found(r);
	return false;
}

void
get_org_template(struct server *s, struct req *r)
{
	if (path_organization(s, r))
		put_template(r, world_template(&s->world, r->args[1]));
}

void
list_organizations(struct server *s, struct req *r)
{
	if (may(r->caller, ORG_READ))
		reply_json(r, 200, s->world.organizations);
	else
		empty_array(s, r);
}

void
get_organization(struct server *s, struct req *r)
{
	if (path_organization(s, r))
		reply_json(r, 200, cJSON_GetArrayItem(s->world.organizations, 0));
}

static cJSON *
member_json(const struct world *w, const struct user *u)
{
	cJSON *o = cJSON_CreateObject(), *roles;

	jx_add_text(o, "username", u->name);
	jx_add_text(o, "name", jx_text(u->obj, "name"));
	jx_add_text(o, "email", jx_text(u->obj, "email"));
	jx_add(o, "global_roles", cJSON_Duplicate(jx_get(u->obj, "roles"), 1));
	jx_add_text(o, "user_id", u->id);
	jx_add_text(o, "organization_id", w->org_id);
	jx_add_text(o, "created_at", jx_text(u->obj, "created_at"));
	jx_add_text(o, "updated_at", jx_text(u->obj, "created_at"));
	roles = cJSON_AddArrayToObject(o, "roles");
	if (strcmp(u->name, ORG_ADMIN_USER) == 0) {
		cJSON *role = cJSON_CreateObject();

		jx_add_text(role, "name", "organization-admin");
		jx_add_text(role, "display_name", "Organization Admin");
		jx_add_text(role, "organization_id", w->org_id);
		cJSON_AddItemToArray(roles, role);
	}
	return o;
}

void
list_members(struct server *s, struct req *r)
{
	cJSON *out;

	/* Each member's roles are looked up, and no scope covers those: recorded for a scoped token of an organization-admin. */
	if (r->caller->scopes != 0) {
		reply_message(r, 500, "An internal server error occurred.",
		    "lookup custom roles: unauthorized: rbac: forbidden");
		return;
	}
	if (!path_organization(s, r))
		return;
	out = cJSON_CreateArray();
	for (size_t i = 0; i < s->world.n_users; i++)
		cJSON_AddItemToArray(out, member_json(&s->world, &s->world.users[i]));
	reply_json(r, 200, out);
	cJSON_Delete(out);
}

/* v2.31 ignores q and after_id here without an error. */
void
list_members_paged(struct server *s, struct req *r)
{
	cJSON *out, *list;
	size_t limit, offset, n = s->world.n_users;

	if (!path_organization(s, r) || !page_params(r, &limit, &offset))
		return;
	out = cJSON_CreateObject();
	list = cJSON_AddArrayToObject(out, "members");
	for (size_t i = offset; i < n && (limit == 0 || i - offset < limit); i++)
		cJSON_AddItemToArray(list, member_json(&s->world, &s->world.users[i]));
	jx_add_int(out, "count", offset < n ? (int64_t)n : 0);
	reply_json(r, 200, out);
	cJSON_Delete(out);
}
