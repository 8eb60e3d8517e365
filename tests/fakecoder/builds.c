/*
 * builds.c - start, stop and look at builds.
 *
 * The checks of POST come in the order of coderd/workspacebuilds.go and
 * wsbuilder.go: existence, body, deleted, permission, template, version, the
 * owner's record, an active build.  Nothing refuses a second stop of a stopped
 * workspace.
 */

#include <stdlib.h>
#include <string.h>

#include "base/rfc3339.h"
#include "gojson.h"
#include "server.h"

static bool
one_of(const char *v, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(v, *words) == 0)
			return true;
	return false;
}

/* The validator's complaint about a member whose value is none of those allowed. */
static bool
valid(struct req *r, const cJSON *o, const char *field, const char *const *words, bool required)
{
	const char *v = jx_text(o, field);
	struct buf  why;

	if ((!required && v[0] == '\0') || one_of(v, words))
		return true;
	buf_init(&why, 1024);
	buf_printf(&why, "Validation failed for tag \"oneof\" with value: \"%s\"", v);
	reply_invalid(r, 400, "Validation failed.", field, buf_text(&why));
	buf_release(&why);
	return false;
}

static bool
valid_request(struct req *r, const cJSON *o)
{
	static const char *const transitions[] = { "start", "stop", "delete", NULL };
	static const char *const levels[] = { "debug", NULL };
	static const char *const reasons[] = { "dashboard", "cli", "ssh_connection", "vscode_connection",
		"jetbrains_connection", "task_manual_pause", NULL };

	return valid(r, o, "transition", transitions, true) && valid(r, o, "log_level", levels, false) &&
	    valid(r, o, "reason", reasons, false);
}

/* May a build of ws with that transition be made at all by the caller?  Answers when not. */
static bool
allowed(struct req *r, struct ws *ws, const cJSON *o, enum transition t)
{
	static const unsigned permissions[] = { WS_START, WS_STOP, WS_DELETE };
	char                  text[160];

	if (ws->deleted && t != DELETE) {
		snprintf(text, sizeof(text), "Cannot %s a deleted workspace!", transition_word(t));
		reply_message(r, 409, text, "This workspace has been deleted and cannot be modified.");
		return false;
	}
	if (!may_act(r->caller, ws, permissions[t])) {
		snprintf(text, sizeof(text), "You do not have permission to %s this workspace.", transition_word(t));
		reply_forbidden(r, text);
		return false;
	}
	if (!may(r->caller, TEMPLATE_READ)) {
		snprintf(text, sizeof(text), "get template %s: unauthorized: rbac: forbidden", ws->template->id);
		reply_message(r, 500, "failed to fetch template", text);
		return false;
	}
	if (jx_true(o, "orphan") && t != DELETE) {
		reply_message(r, 400, "Orphan is only permitted when deleting a workspace.", NULL);
		return false;
	}
	if (jx_text(o, "log_level")[0] != '\0') {
		reply_message(r, 400, "Terraform debug mode is disabled in the deployment configuration.",
		    "Terraform debug mode is disabled in the deployment configuration.");
		return false;
	}
	return true;
}

/*
 * The version that is to be built: the one named in the request, or that of the
 * build before.  NULL after answering that there is none; of presets there are none at all.
 */
static const struct version *
wanted_version(struct server *s, struct req *r, const struct ws *ws, const cJSON *o)
{
	const char            *version = jx_text(o, "template_version_id");
	const struct template *of = NULL;
	const struct version  *v = world_version(&s->world, version, &of);
	char                   text[256];

	if (version[0] != '\0' && v == NULL) {
		snprintf(text, sizeof(text), "get template version %s: sql: no rows in result set", version);
		reply_message(r, 400, "template version does not exist", text);
		return NULL;
	}
	if (version[0] != '\0' && of != ws->template) {
		snprintf(text, sizeof(text), "templateVersion.TemplateID = {UUID:%s Valid:true}, template.ID = %s", of->id,
		    ws->template->id);
		reply_message(r, 400, "template version doesn't match template", text);
		return NULL;
	}
	if (jx_text(o, "template_version_preset_id")[0] != '\0') {
		reply_message(r, 500, "failed to fetch preset parameter values",
		    "failed to get preset parameters: sql: no rows in result set");
		return NULL;
	}
	return v != NULL ? v : ws->latest->version;
}

/* Does the request, or the build before, say what the version asks for, where it has to be said? */
static bool
says_all(struct req *r, const struct ws *ws, const struct version *v, const cJSON *o)
{
	const cJSON *p;
	char         text[96];

	cJSON_ArrayForEach(p, jx_get(o, "rich_parameter_values"))
		if (strcmp(jx_text(p, "name"), v->asks) == 0)
			return true;
	if (ws_may_build(ws, v))
		return true;
	snprintf(text, sizeof(text), "Unable to validate parameter \"%s\"", v->asks);
	reply_message(r, 400, text, NULL);
	return false;
}

void
post_build(struct server *s, struct req *r)
{
	static const struct go_field fields[] = {
		{ "template_version_id", GO_UUID, "uuid.UUID" },
		{ "transition", GO_TEXT, "codersdk.WorkspaceTransition" },
		{ "dry_run", GO_BOOL, "bool" },
		{ "orphan", GO_BOOL, "bool" },
		{ "log_level", GO_TEXT, "codersdk.ProvisionerLogLevel" },
		{ "template_version_preset_id", GO_UUID, "uuid.UUID" },
		{ "reason", GO_TEXT, "codersdk.CreateWorkspaceBuildReason" },
	};
	struct ws            *ws = readable_workspace(s, r);
	const struct version *v;
	cJSON                *o;
	enum transition       t;
	struct build         *b;
	const char           *reason;

	if (ws == NULL || (o = go_decode(r, "CreateWorkspaceBuildRequest", fields, sizeof(fields) / sizeof(fields[0]))) == NULL)
		return;
	t = jx_text(o, "transition")[0] == 'd' ? DELETE : strcmp(jx_text(o, "transition"), "stop") == 0 ? STOP : START;
	reason = jx_text(o, "reason")[0] != '\0' && t != DELETE ? jx_text(o, "reason") : "initiator";
	if (!valid_request(r, o) || !allowed(r, ws, o, t) || (v = wanted_version(s, r, ws, o)) == NULL) {
		/* answered */
	} else if (!may(r->caller, USER_READ)) {
		reply_message(r, 400, "Unable to validate parameters",
		    "Failed to fetch workspace owner; Please check your permissions or the user may not exist.");
	} else if (build_active(ws->latest)) {
		reply_message(r, 409, "A workspace build is already active.", "A workspace build is already active.");
	} else if (t == START && v != ws->template->active && template_requires_active(ws->template) &&
	    !may_edit_templates(r->caller)) {
		reply_message(r, 403, "insert workspace build", "cannot use non-active version: unauthorized: rbac: forbidden");
	} else if (t == START && !says_all(r, ws, v, o)) {
		/* answered */
	} else {
		if (t == START && ws->dormant)
			ws_set_dormant(&s->world, ws, false);
		b = build_new(&s->world, ws, t, v, reason, r->caller->user);
		build_print(b, FORM_POSTED, may_count_provisioners(r->caller, ws), reply_begin(r, 201));
		reply_end(r);
		r->processed = true;
		ws->acts.stop += t == STOP;
		ws->acts.start += t == START;
	}
	cJSON_Delete(o);
}

/* The build with that number; *ours is set when the caller has to free it. */
static struct build *
numbered(struct world *w, struct ws *ws, int number, struct build **ours)
{
	*ours = NULL;
	if (ws->latest->number == number)
		return ws->latest;
	for (size_t i = 0; i < ws->n_earlier; i++)
		if (ws->earlier[i]->number == number)
			return ws->earlier[i];
	return number > 0 && number < ws->latest->number ? *ours = build_earlier(w, ws, number) : NULL;
}

static bool
since_param(struct req *r, int64_t *since_us)
{
	const char *v = req_param(r, "since");
	struct buf  why;

	*since_us = INT64_MIN;
	if (v == NULL || v[0] == '\0')
		return true;
	buf_init(&why, 1024);
	if (!go_time(v, "2006-01-02T15:04:05Z07:00", since_us, &why))
		reply_message(r, 400, "bad `since` format, must be RFC3339", buf_text(&why));
	v = why.n > 0 ? NULL : v;
	buf_release(&why);
	return v != NULL;
}

/* after_id names a build: only those with a greater number are wanted.  -1 after answering that there is none. */
static int
after_number(struct server *s, struct req *r, const struct ws *ws)
{
	const char   *id = req_param(r, "after_id");
	struct build *ours, *b;
	int           number = -1;
	char          text[128];

	if (id == NULL || id[0] == '\0')
		return 0;
	b = world_find_build(&s->world, id, &ours);
	if (b != NULL && b->ws == ws) {
		number = b->number;
	} else {
		snprintf(text, sizeof(text), "Record at \"after_id\" (\"%s\") does not exist.", id);
		reply_message(r, 400, text, NULL);
	}
	build_free(ours);
	return number;
}

void
list_builds(struct server *s, struct req *r)
{
	struct ws    *ws = readable_workspace(s, r);
	size_t        limit, offset, seen = 0, put = 0;
	int64_t       since_us;
	int           after;
	struct buf   *out;
	struct build *ours;

	if (ws == NULL || !page_params(r, &limit, &offset) || !since_param(r, &since_us) ||
	    (after = after_number(s, r, ws)) < 0)
		return;
	out = reply_begin(r, 200);
	buf_putc(out, '[');
	for (int n = ws->latest->number; n > after; n--) {
		struct build *b = numbered(&s->world, ws, n, &ours);

		if (b->created_us > since_us && seen++ >= offset && (limit == 0 || put < limit)) {
			if (put++ > 0)
				buf_putc(out, ',');
			build_print(b, FORM_GOT, false, out);
		}
		build_free(ours);
	}
	buf_putc(out, ']');
	reply_end(r);
}

void
get_build(struct server *s, struct req *r)
{
	const char   *id = req_uuid(r, 0);
	struct build *ours = NULL, *b = id != NULL ? world_find_build(&s->world, id, &ours) : NULL;

	if (b != NULL && may_open(r->caller, b->ws)) {
		build_print(b, FORM_GOT, false, reply_begin(r, 200));
		reply_end(r);
	} else if (id != NULL) {
		reply_not_found(r);
	}
	build_free(ours);
}

void
get_build_by_number(struct server *s, struct req *r)
{
	struct user  *u = path_user(s, r);
	struct ws    *ws = u != NULL ? world_find_name(&s->world, u->name, r->args[1], false) : NULL;
	struct build *ours = NULL, *b;
	char         *end, text[256];
	long          n;

	if (u == NULL)
		return;
	if (ws == NULL || !may_open(r->caller, ws)) {
		reply_not_found(r);
		return;
	}
	n = strtol(r->args[2], &end, 10);
	if (*end != '\0') {
		snprintf(text, sizeof(text), "strconv.ParseInt: parsing \"%.100s\": invalid syntax", r->args[2]);
		reply_message(r, 400, "Failed to parse build number as integer.", text);
		return;
	}
	b = numbered(&s->world, ws, (int)n, &ours);
	if (b != NULL) {
		build_print(b, FORM_GOT, false, reply_begin(r, 200));
		reply_end(r);
	} else {
		snprintf(text, sizeof(text), "Workspace \"%s\" Build %ld does not exist.", ws->name, n);
		reply_message(r, 404, text, NULL);
	}
	build_free(ours);
}
