/*
 * authcheck.c - POST /authcheck: what the caller's role and the token's scopes allow.
 *
 * The resource types and verbs are those that the programs may ask for; all
 * others are false, as an unknown one is.
 * Source: coderd/authorize.go, checkAuthorization, of Coder v2.31, and recorded.
 */

#include <stdlib.h>
#include <string.h>

#include "gojson.h"
#include "server.h"
#include "base/xalloc.h"

/* What a check asks about. */
struct object {
	const char      *type;
	const struct ws *ws;  /* that the resource_id names; NULL: none */
	bool             own; /* it is the caller's */
	bool             in_org;
	bool             known; /* a resource_id names something, as it has to */
};

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static struct object
object_of(struct server *s, const struct token *t, const cJSON *o)
{
	const char        *id = jx_text(o, "resource_id"), *owner = jx_text(o, "owner_id");
	const struct user *self = world_user(&s->world, t->user), *asked = NULL;
	struct object      obj = { .type = jx_text(o, "resource_type"), .known = true };

	obj.own = is(owner, "me") || (self != NULL && same_name(owner, self->id));
	obj.in_org = jx_true(o, "any_org") || same_name(jx_text(o, "organization_id"), s->world.org_id);
	if (id[0] == '\0')
		return obj;
	if (is(obj.type, "workspace")) {
		obj.ws = world_find(&s->world, id);
		obj.known = obj.ws != NULL && may_open(t, obj.ws);
		obj.own = obj.known && is(obj.ws->owner, t->user);
		/* A dormant workspace is an object of another kind, which nobody may start. */
		obj.type = obj.known && obj.ws->dormant ? "workspace_dormant" : "workspace";
	} else if (is(obj.type, "template")) {
		obj.known = world_template(&s->world, id) != NULL;
	} else {
		asked = world_user(&s->world, id);
		obj.known = is(obj.type, "user") && asked != NULL;
		obj.own = obj.known && asked == self;
	}
	obj.in_org = obj.known;
	return obj;
}

static bool
administers(const struct token *t, const struct object *o)
{
	return t->role == OWNER || (t->role == ORG_ADMIN && o->in_org);
}

static bool
workspace_allows(const struct token *t, const struct object *o, const char *action, unsigned permission)
{
	if (o->ws != NULL && ws_shared_with(o->ws, t->user))
		return may_act(t, o->ws, permission);
	return administers(t, o) || (o->own && o->in_org) || (t->role == TEMPLATE_ADMIN && is(action, "read"));
}

/* What no scope covers, so it has to be a token without any. */
static bool
unscoped_allows(const struct token *t, const struct object *o, const char *action)
{
	if (t->scopes != 0)
		return false;
	if (is(o->type, "workspace_dormant"))
		return !is(action, "start") && workspace_allows(t, o, action, 0);
	if (!is(action, "read"))
		return false;
	if (is(o->type, "audit_log"))
		return administers(t, o) || t->role == AUDITOR;
	return (is(o->type, "provisioner_jobs") || is(o->type, "provisioner_daemon")) && administers(t, o);
}

static bool
check(struct server *s, const struct token *t, const cJSON *asked, const char *action)
{
	static const struct {
		const char *type, *action;
		unsigned    permission;
	} known[] = {
		{ "workspace", "read", WS_READ }, { "workspace", "update", WS_UPDATE }, { "workspace", "start", WS_START },
		{ "workspace", "stop", WS_STOP }, { "workspace", "delete", WS_DELETE }, { "template", "read", TEMPLATE_READ },
		{ "user", "read", USER_READ }, { "organization", "read", ORG_READ }, { "api_key", "read", KEY_READ },
	};
	const struct object o = object_of(s, t, asked);

	for (size_t i = 0; o.known && i < sizeof(known) / sizeof(known[0]); i++) {
		if (!is(known[i].type, o.type) || !is(known[i].action, action))
			continue;
		if (!may(t, known[i].permission))
			return false;
		if (is(o.type, "workspace"))
			return workspace_allows(t, &o, action, known[i].permission);
		if (is(o.type, "template")) /* a plain member may read one by its own list of groups, so not all of them */
			return t->role != MEMBER || jx_text(asked, "resource_id")[0] != '\0';
		if (is(o.type, "user"))
			return t->role != MEMBER || o.own;
		return t->role == OWNER || (is(o.type, "organization") ? o.in_org : o.own);
	}
	return o.known && unscoped_allows(t, &o, action);
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
