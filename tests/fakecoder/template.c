/*
 * template.c - the versions of a template, and what follows from publishing one.
 *
 * A workspace stays on the version of its latest build until a build names
 * another, or an autostart brings it to the active one; that it has to be the active one for a start needs a licence on the
 * real server.
 * Source: coderd/database/dbauthz/dbauthz.go (InsertWorkspaceBuild) of Coder v2.31.
 */

#include "world.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct version *
template_version(struct template *t, const char *id)
{
	struct version *v;

	for (size_t i = 0; i < t->n_versions; i++)
		if (same_name(t->versions[i]->id, id))
			return t->versions[i];
	v = xcalloc(1, sizeof(*v));
	snprintf(v->id, sizeof(v->id), "%s", id);
	v->tags = tags_full(NULL);
	t->versions = xrealloc(t->versions, t->n_versions + 1, sizeof(struct version *));
	t->versions[t->n_versions++] = v;
	return v;
}

const struct version *
world_version(const struct world *w, const char *id, const struct template **of)
{
	for (size_t i = 0; i < w->n_templates; i++)
		for (size_t k = 0; k < w->templates[i].n_versions; k++)
			if (same_name(w->templates[i].versions[k]->id, id)) {
				*of = &w->templates[i];
				return w->templates[i].versions[k];
			}
	return NULL;
}

bool
template_requires_active(const struct template *t)
{
	return jx_true(t->obj, "require_active_version");
}

static bool
classic(const struct template *t)
{
	return jx_true(t->obj, "use_classic_parameter_flow");
}

/* Every workspace of the template carries what the template says. */
static void
tell_workspaces(struct world *w, const struct template *t)
{
	for (size_t i = 0; i < w->n; i++) {
		struct ws *ws = w->all[i];
		cJSON     *o;

		if (ws->template != t)
			continue;
		o = ws_edit(ws);
		jx_set(o, "template_active_version_id", cJSON_CreateString(t->active->id));
		jx_set(o, "template_require_active_version", cJSON_CreateBool(template_requires_active(t)));
		jx_set(o, "template_use_classic_parameter_flow", cJSON_CreateBool(classic(t)));
		jx_set(o, "outdated", cJSON_CreateBool(ws->latest->version != t->active));
	}
}

void
template_publish(struct world *w, struct template *t, const cJSON *tags, const char *asks)
{
	char            id[UUID_SIZE];
	struct version *v;

	uuid_new(id);
	v = template_version(t, id);
	snprintf(v->name, sizeof(v->name), "version%zu", t->n_versions);
	cJSON_Delete(v->tags);
	v->tags = tags_full(tags != NULL ? tags : t->active->tags);
	snprintf(v->asks, sizeof(v->asks), "%s", asks);
	t->active = v;
	jx_set(t->obj, "active_version_id", cJSON_CreateString(id));
	tell_workspaces(w, t);
}

void
template_set_tags(struct world *w, struct template *t, const cJSON *tags)
{
	for (size_t i = 0; i < t->n_versions; i++) {
		cJSON_Delete(t->versions[i]->tags);
		t->versions[i]->tags = tags_full(tags);
	}
	queue_refresh(w);
}

void
template_require_active(struct world *w, struct template *t, bool on)
{
	jx_set(t->obj, "require_active_version", cJSON_CreateBool(on));
	tell_workspaces(w, t);
}

void
template_use_classic_flow(struct world *w, struct template *t, bool on)
{
	jx_set(t->obj, "use_classic_parameter_flow", cJSON_CreateBool(on));
	tell_workspaces(w, t);
}

void
ws_set_updates(struct ws *ws, bool always)
{
	ws->updates = always;
	jx_set(ws_edit(ws), "automatic_updates", cJSON_CreateString(always ? "always" : "never"));
}

const struct version *
ws_autostart_version(const struct ws *ws)
{
	return ws->updates || template_requires_active(ws->template) ? ws->template->active : ws->latest->version;
}

bool
ws_answers(const struct ws *ws, const struct version *v)
{
	return v->asks[0] == '\0' || v == ws->latest->version;
}

bool
ws_may_build(const struct ws *ws, const struct version *v)
{
	return ws_answers(ws, v) || !classic(ws->template);
}

void
template_release(struct template *t)
{
	for (size_t i = 0; i < t->n_versions; i++) {
		cJSON_Delete(t->versions[i]->tags);
		free(t->versions[i]);
	}
	free(t->versions);
	cJSON_Delete(t->resources[START]);
	cJSON_Delete(t->resources[STOP]);
}
