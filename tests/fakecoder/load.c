/* load.c - the world from its recording, and its end.  See world.h. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rfc3339.h"
#include "base/xalloc.h"
#include "license.h"
#include "shift.h"
#include "world.h"

/* When the recording was made: tests/fixtures/README.md. */
#define RECORDED_AT "2026-11-23T03:02:21Z"

static char *
load_text(const struct world *w, const char *dir, const char *file, size_t *n)
{
	char  path[4096];
	char *text;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	text = read_file(path, n);
	if (w->shift_s != 0)
		shift_text(text, *n, w->shift_s);
	return text;
}

static cJSON *
load_doc(const struct world *w, const char *dir, const char *file)
{
	size_t n;
	char  *text = load_text(w, dir, file, &n);
	cJSON *doc = cJSON_Parse(text);

	if (doc == NULL)
		die("%s/%s: not JSON", dir, file);
	free(text);
	return doc;
}

/* The end of the JSON object that begins at p: strings hide braces. */
static const char *
object_end(const char *p)
{
	int  depth = 0;
	bool in_string = false;

	for (; *p != '\0'; p++) {
		if (in_string) {
			if (*p == '\\')
				p++;
			else if (*p == '"')
				in_string = false;
		} else if (*p == '"') {
			in_string = true;
		} else if (*p == '{') {
			depth++;
		} else if (*p == '}' && --depth == 0) {
			return p + 1;
		}
	}
	die("a recorded workspace has no end");
}

static int
by_place(const void *a, const void *b)
{
	const struct hole *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static void
add_holes(struct base *b, const char *text, size_t skip, size_t n, enum hole_kind what, bool last_only)
{
	size_t      count = b->n_holes;
	const char *p = b->text;

	while ((p = strstr(p, text)) != NULL) {
		size_t at = (size_t)(p - b->text) + skip;

		p++;
		if (last_only && b->n_holes > count) {
			b->holes[count].at = at;
			continue;
		}
		b->holes = xrealloc(b->holes, b->n_holes + 1, sizeof(*b->holes));
		b->holes[b->n_holes++] = (struct hole){ at, n, what };
	}
}

/* Clones differ in their own id, their build's, their job's and in their name. */
static void
find_holes(struct base *b, const cJSON *obj)
{
	const cJSON *build = jx_get(obj, "latest_build");
	const char  *name = jx_text(obj, "name");
	char         text[128];

	add_holes(b, jx_text(obj, "id"), 0, UUID_SIZE - 1, HOLE_ID, false);
	add_holes(b, jx_text(build, "id"), 0, UUID_SIZE - 1, HOLE_BUILD, false);
	add_holes(b, jx_text(jx_get(build, "job"), "id"), 0, UUID_SIZE - 1, HOLE_JOB, false);
	snprintf(text, sizeof(text), "\"workspace_name\":\"%s\"", name);
	add_holes(b, text, strlen("\"workspace_name\":\""), strlen(name), HOLE_NAME, false);
	snprintf(text, sizeof(text), "\"name\":\"%s\"", name);
	add_holes(b, text, strlen("\"name\":\""), strlen(name), HOLE_NAME, true);
	qsort(b->holes, b->n_holes, sizeof(*b->holes), by_place);
}

static enum job
job_of(const char *word)
{
	for (int j = PENDING; j <= FAILED; j++)
		if (strcmp(word, job_word((enum job)j)) == 0)
			return (enum job)j;
	die("unknown job status '%s' in the recording", word);
}

static struct build *
recorded_build(struct ws *ws, const cJSON *o)
{
	struct build *b = xcalloc(1, sizeof(*b));
	const cJSON  *job = jx_get(o, "job");
	const char   *t = jx_text(o, "transition");

	b->ws = ws;
	snprintf(b->id, sizeof(b->id), "%s", jx_text(o, "id"));
	snprintf(b->job_id, sizeof(b->job_id), "%s", jx_text(job, "id"));
	b->number = (int)jx_number(o, "build_number", 1);
	b->version = template_version(ws->template, jx_text(o, "template_version_id"));
	b->transition = strcmp(t, "start") == 0 ? START : strcmp(t, "stop") == 0 ? STOP : DELETE;
	b->job = job_of(jx_text(job, "status"));
	b->recorded = true;
	snprintf(b->reason, sizeof(b->reason), "%s", jx_text(o, "reason"));
	snprintf(b->initiator, sizeof(b->initiator), "%s", jx_text(o, "initiator_name"));
	snprintf(b->error, sizeof(b->error), "%s", jx_text(job, "error"));
	b->created_us = jx_time(job, "created_at");
	b->started_us = jx_time(job, "started_at");
	b->completed_us = jx_time(job, "completed_at");
	b->canceled_us = jx_time(job, "canceled_at");
	b->ends_us = INT64_MAX;
	b->deadline_us = jx_time(o, "deadline");
	b->max_deadline_us = jx_time(o, "max_deadline");
	b->queue_position = (int)jx_number(job, "queue_position", 0);
	b->queue_size = (int)jx_number(job, "queue_size", 0);
	return b;
}

static void
take_facts(struct world *w, struct ws *ws, const cJSON *obj)
{
	struct user *owner = world_user(w, jx_text(obj, "owner_id"));

	if (owner == NULL)
		die("workspace %s: its owner is not among the users", jx_text(obj, "id"));
	snprintf(ws->id, sizeof(ws->id), "%s", jx_text(obj, "id"));
	snprintf(ws->name, sizeof(ws->name), "%s", jx_text(obj, "name"));
	ws->owner = owner->name;
	ws->user = owner;
	ws->template = world_template(w, jx_text(obj, "template_id"));
	if (ws->template == NULL)
		die("workspace %s: its template is not among the templates", ws->id);
	snprintf(ws->schedule, sizeof(ws->schedule), "%s", jx_text(obj, "autostart_schedule"));
	ws->next_start_us = jx_time(obj, "next_start_at");
	ws->ttl_ms = jx_number(obj, "ttl_ms", 0);
	ws->last_used_us = jx_time(obj, "last_used_at");
	ws->updates = strcmp(jx_text(obj, "automatic_updates"), "always") == 0;
	ws->dormant = jx_time(obj, "dormant_at") != NO_TIME;
}

/* What a template's builds look like is taken from the first recorded one of each kind. */
static void
learn_template(struct ws *ws, const cJSON *build)
{
	struct template *t = ws->template;
	struct version  *v = template_version(t, ws->latest->version->id);
	cJSON          **r = &t->resources[ws->latest->transition == START ? START : STOP];

	snprintf(t->file_id, sizeof(t->file_id), "%s", jx_text(jx_get(build, "job"), "file_id"));
	snprintf(v->name, sizeof(v->name), "%s", jx_text(build, "template_version_name"));
	cJSON_Delete(v->tags);
	v->tags = tags_full(jx_get(jx_get(build, "job"), "tags"));
	if (*r == NULL && ws->latest->job == SUCCEEDED)
		*r = cJSON_Duplicate(jx_get(build, "resources"), 1);
}

/* Clone c of an id: its last 48 bits moved by an odd number, so that no two clones meet. */
static void
clone_id(char *id, int c)
{
	unsigned long long node = strtoull(id + 24, NULL, 16);

	node = (node + (unsigned long long)c * 0x9e3779b97f4bULL) & 0xffffffffffffULL;
	snprintf(id + 24, UUID_SIZE - 24, "%012llx", node);
}

static struct ws *
clone_of(const struct ws *first, int c)
{
	struct ws    *ws = xcalloc(1, sizeof(*ws));
	struct build *b = xcalloc(1, sizeof(*b));

	*ws = *first;
	*b = *first->latest;
	ws->clone = c;
	ws->latest = b;
	b->ws = ws;
	clone_id(ws->id, c);
	clone_id(b->id, c);
	clone_id(b->job_id, c);
	snprintf(ws->name + strlen(ws->name), sizeof(ws->name) - strlen(ws->name), "-c%d", c);
	return ws;
}

static void
load_workspaces(struct world *w, const char *dir, int clone)
{
	size_t      n;
	char       *text = load_text(w, dir, "workspaces.json", &n);
	const char *p = strchr(text, '[');

	if (w->shift_s != 0)
		shift_next_starts(text, w->now_us);
	while (p != NULL && (p = strchr(p, '{')) != NULL) {
		const char  *end = object_end(p);
		struct base *b;
		cJSON       *obj;
		struct ws   *ws = xcalloc(1, sizeof(*ws));

		b = xcalloc(1, sizeof(*b));
		b->n = (size_t)(end - p);
		b->text = xmemdup0(p, b->n);
		obj = cJSON_Parse(b->text);
		if (obj == NULL)
			die("%s/workspaces.json: not JSON", dir);
		find_holes(b, obj);
		ws->base = b;
		take_facts(w, ws, obj);
		ws->latest = recorded_build(ws, jx_get(obj, "latest_build"));
		learn_template(ws, jx_get(obj, "latest_build"));
		cJSON_Delete(obj);
		w->all = xrealloc(w->all, w->n + (size_t)clone, sizeof(struct ws *));
		for (int c = 0; c < clone; c++)
			w->all[w->n++] = c == 0 ? ws : clone_of(ws, c);
		w->bases = xrealloc(w->bases, w->n_bases + 1, sizeof(struct base *));
		w->bases[w->n_bases++] = b;
		p = *end == ',' ? end : NULL;
	}
	free(text);
}

static void
load_users(struct world *w)
{
	cJSON *list = jx_get(w->users_doc, "users"), *e;

	w->users = xcalloc((size_t)cJSON_GetArraySize(list) + 1, sizeof(*w->users));
	cJSON_ArrayForEach(e, list)
		w->users[w->n_users++] =
		    (struct user){ jx_text(e, "id"), jx_text(e, "username"), jx_text(e, "status"), e };
}

static void
load_templates(struct world *w)
{
	cJSON *e;

	w->templates = xcalloc((size_t)cJSON_GetArraySize(w->templates_doc), sizeof(*w->templates));
	cJSON_ArrayForEach(e, w->templates_doc) {
		struct template *t = &w->templates[w->n_templates++];

		t->id = jx_text(e, "id");
		t->name = jx_text(e, "name");
		t->active = template_version(t, jx_text(e, "active_version_id"));
		t->obj = e;
	}
}

void
world_load(struct world *w)
{
	const char *dir = w->set.dir;
	int64_t     recorded_us;

	w->clock_offset_us = w->set.clock_offset_us;
	w->now_us = clock_wall_us() + w->clock_offset_us;
	if (w->set.shift && rfc3339_parse(RECORDED_AT, strlen(RECORDED_AT), &recorded_us))
		w->shift_s = (w->now_us - recorded_us) / 1000000;
	w->users_doc = load_doc(w, dir, "users.json");
	w->templates_doc = load_doc(w, dir, "templates.json");
	w->organizations = load_doc(w, dir, "organizations.json");
	w->entitlements = load_doc(w, dir, "entitlements.json");
	license_load(w);
	w->buildinfo = load_doc(w, dir, "buildinfo.json");
	w->daemons = load_doc(w, dir, "provisionerdaemons.json");
	w->org_id = jx_text(cJSON_GetArrayItem(w->organizations, 0), "id");
	w->org_name = jx_text(cJSON_GetArrayItem(w->organizations, 0), "name");
	pools_load(w);
	load_users(w);
	load_templates(w);
	load_workspaces(w, dir, w->set.clone);
}

void
world_reload(struct world *w)
{
	struct setup set = w->set;

	world_free(w);
	*w = (struct world){ .set = set };
	world_load(w);
}

void
world_free(struct world *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct ws *ws = w->all[i];

		for (size_t k = 0; k < ws->n_earlier; k++)
			build_free(ws->earlier[k]);
		free(ws->earlier);
		free(ws->shared);
		build_free(ws->latest);
		cJSON_Delete(ws->obj);
		free(ws->text);
		free(ws);
	}
	for (size_t i = 0; i < w->n_bases; i++) {
		free(w->bases[i]->text);
		free(w->bases[i]->holes);
		free(w->bases[i]);
	}
	for (size_t i = 0; i < w->n_templates; i++)
		template_release(&w->templates[i]);
	pools_free(w);
	free(w->all);
	free(w->bases);
	free(w->users);
	free(w->templates);
	free(w->queue);
	cJSON_Delete(w->users_doc);
	cJSON_Delete(w->templates_doc);
	cJSON_Delete(w->organizations);
	cJSON_Delete(w->entitlements);
	cJSON_Delete(w->buildinfo);
	cJSON_Delete(w->daemons);
}
