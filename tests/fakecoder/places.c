/* places.c - templates, organizations, the server itself, and what the caller is authorized for. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "gojson.h"
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

/* With --premium every feature is entitled and enabled. */
void
entitlements(struct server *s, struct req *r)
{
	cJSON *o = cJSON_Duplicate(s->world.entitlements, 1), *f;

	if (s->premium) {
		jx_set(o, "has_license", cJSON_CreateTrue());
		cJSON_ArrayForEach(f, jx_get(o, "features")) {
			jx_set(f, "entitlement", cJSON_CreateString("entitled"));
			jx_set(f, "enabled", cJSON_CreateTrue());
		}
	}
	reply_json(r, 200, o);
	cJSON_Delete(o);
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

/* One check of POST /authcheck: the resource types and verbs that the programs ask for; all others are false. */
static bool
check(struct server *s, const struct token *t, const cJSON *o, const char *action)
{
	static const struct {
		const char *type, *action;
		unsigned    permission;
	} known[] = {
		{ "workspace", "read", WS_READ }, { "workspace", "update", WS_UPDATE }, { "workspace", "start", WS_START },
		{ "workspace", "stop", WS_STOP }, { "workspace", "delete", WS_DELETE }, { "template", "read", TEMPLATE_READ },
		{ "user", "read", USER_READ }, { "organization", "read", ORG_READ }, { "api_key", "read", KEY_READ },
	};
	const char      *type = jx_text(o, "resource_type"), *id = jx_text(o, "resource_id"), *owner = jx_text(o, "owner_id");
	const struct ws *ws = id[0] != '\0' ? world_find(&s->world, id) : NULL;
	bool             in_org = jx_text(o, "organization_id")[0] != '\0' || jx_true(o, "any_org") || ws != NULL;
	const struct user *self = world_user(&s->world, t->user);
	bool               own;

	own = ws != NULL ? strcmp(ws->owner, t->user) == 0
			 : strcmp(owner, "me") == 0 || (owner[0] != '\0' && self != NULL && same_name(owner, self->id));
	if (id[0] != '\0' && strcmp(type, "workspace") == 0 && (ws == NULL || !may_open(t, ws)))
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].type, type) != 0 || strcmp(known[i].action, action) != 0)
			continue;
		if (!may(t, known[i].permission))
			return false;
		if (t->role == OWNER)
			return true;
		if (strcmp(type, "workspace") == 0 && ws != NULL && ws_shared_with(ws, t->user))
			return may_act(t, ws, known[i].permission);
		if (strcmp(type, "workspace") == 0)
			return (own && in_org) || (in_org && t->role == ORG_ADMIN) || (t->role == TEMPLATE_ADMIN && strcmp(action, "read") == 0);
		return strcmp(type, "user") == 0 ? t->role != MEMBER || own : in_org;
	}
	/* No scope covers these two, so an unscoped administrator it has to be. */
	if (strcmp(type, "workspace_dormant") == 0 && strcmp(action, "start") != 0)
		return t->scopes == 0 && (t->role == OWNER || (in_org && t->role == ORG_ADMIN));
	if (strncmp(type, "provisioner_", 12) == 0 && strcmp(action, "read") == 0)
		return t->scopes == 0 && (t->role == OWNER || (in_org && t->role == ORG_ADMIN));
	return strcmp(type, "audit_log") == 0 && strcmp(action, "read") == 0 && t->scopes == 0 && t->role == OWNER;
}

/* Answers 400 and returns false when some check is none. */
static bool
valid_checks(struct req *r, const cJSON *checks)
{
	const cJSON *c;
	int          ids = 0;
	char         why[64], text[512];

	cJSON_ArrayForEach(c, checks)
		ids += jx_text(jx_get(c, "object"), "resource_id")[0] != '\0';
	if (ids > 10) {
		snprintf(text, sizeof(text), "Endpoint only supports using \"resource_id\" field 10 times, found %d usages. Remove %d "
					     "objects with this field set.", ids, ids - 10);
		reply_message(r, 400, text, NULL);
		return false;
	}
	cJSON_ArrayForEach(c, checks) {
		const cJSON *o = jx_get(c, "object");
		const char  *id = jx_text(o, "resource_id");

		if (jx_text(o, "resource_type")[0] == '\0') {
			snprintf(text, sizeof(text), "Object's \"resource_type\" field must be defined for key \"%.64s\".", c->string);
			reply_message(r, 400, text, NULL);
			return false;
		}
		if (id[0] != '\0' && uuid_problem(id, why) != NULL) {
			snprintf(text, sizeof(text), "Object \"%.64s\" id is not a valid uuid.", id);
			reply_invalid(r, 400, text, "resource_id", why);
			return false;
		}
	}
	return true;
}

static int
by_key(const void *a, const void *b)
{
	const cJSON *const *x = a, *const *y = b;

	return strcmp((*x)->string, (*y)->string);
}

void
authcheck(struct server *s, struct req *r)
{
	cJSON        *body = go_decode(r, "AuthorizationRequest", NULL, 0), *out;
	const cJSON  *c, *checks = jx_get(body, "checks");
	const cJSON **sorted;
	size_t        n = 0;

	if (body == NULL)
		return;
	if (valid_checks(r, checks)) {
		/* Go prints a map in the order of its keys. */
		sorted = xcalloc((size_t)cJSON_GetArraySize(checks) + 1, sizeof(*sorted));
		cJSON_ArrayForEach(c, checks)
			sorted[n++] = c;
		qsort(sorted, n, sizeof(*sorted), by_key);
		out = cJSON_CreateObject();
		for (size_t i = 0; i < n; i++)
			jx_add_bool(out, sorted[i]->string,
			    check(s, r->caller, jx_get(sorted[i], "object"), jx_text(sorted[i], "action")));
		reply_json(r, 200, out);
		cJSON_Delete(out);
		free(sorted);
	}
	cJSON_Delete(body);
}
