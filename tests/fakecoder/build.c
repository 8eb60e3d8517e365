/*
 * build.c - one workspace build as JSON, and the words for its state.
 *
 * Source: codersdk/workspacebuilds.go and provisionerdaemons.go of Coder
 * v2.31, and the recorded builds.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "world.h"

#define NO_UUID "00000000-0000-0000-0000-000000000000"

const char *
job_word(enum job j)
{
	static const char *const words[] = { "pending", "running", "succeeded", "canceling", "canceled", "failed" };

	return words[j];
}

const char *
transition_word(enum transition t)
{
	static const char *const words[] = { "start", "stop", "delete" };

	return words[t];
}

const char *
build_status(const struct build *b)
{
	static const char *const running[] = { "starting", "stopping", "deleting" };
	static const char *const succeeded[] = { "running", "stopped", "deleted" };

	if (b->job == RUNNING)
		return running[b->transition];
	if (b->job == SUCCEEDED)
		return succeeded[b->transition];
	return job_word(b->job);
}

bool
build_active(const struct build *b)
{
	return b->job == PENDING || b->job == RUNNING || b->job == CANCELING;
}

static void
add_if_set(cJSON *o, const char *k, int64_t at_us)
{
	if (at_us != NO_TIME)
		jx_add_time(o, k, at_us);
}

/* A provisioner by its turn: the recorded daemons, over and over. */
static const char *
worker(const struct world *w, const struct build *b)
{
	int n = cJSON_GetArraySize(w->daemons);

	return n > 0 ? jx_text(cJSON_GetArrayItem(w->daemons, b->number % n), "id") : NO_UUID;
}

static cJSON *
job_json(const struct world *w, const struct build *b, const cJSON *was)
{
	cJSON      *o = cJSON_CreateObject(), *sub;
	const char *worker_id = jx_text(was, "worker_id");

	jx_add_text(o, "id", b->job_id);
	jx_add_time(o, "created_at", b->created_us);
	add_if_set(o, "started_at", b->started_us);
	add_if_set(o, "completed_at", b->completed_us);
	add_if_set(o, "canceled_at", b->canceled_us);
	if (b->error[0] != '\0')
		jx_add_text(o, "error", b->error);
	jx_add_text(o, "status", job_word(b->job));
	if (b->started_us != NO_TIME)
		jx_add_text(o, "worker_id", worker_id[0] != '\0' ? worker_id : worker(w, b));
	jx_add_text(o, "file_id", b->ws->template->file_id);
	jx_add(o, "tags", cJSON_Duplicate(b->version->tags, 1));
	jx_add_int(o, "queue_position", b->queue_position);
	jx_add_int(o, "queue_size", b->queue_size);
	jx_add_text(o, "organization_id", w->org_id);
	jx_add_text(o, "initiator_id", jx_text(b->obj, "initiator_id"));
	sub = cJSON_AddObjectToObject(o, "input");
	jx_add_text(sub, "workspace_build_id", b->id);
	jx_add_text(o, "type", "workspace_build");
	sub = cJSON_AddObjectToObject(o, "metadata");
	jx_add_text(sub, "template_version_name", "");
	jx_add_text(sub, "template_id", NO_UUID);
	jx_add_text(sub, "template_name", "");
	jx_add_text(sub, "template_display_name", "");
	jx_add_text(sub, "template_icon", "");
	jx_add_bool(o, "logs_overflowed", false);
	return o;
}

/* What the template's builds leave behind, with ids of their own. */
static cJSON *
resources_json(const struct build *b)
{
	const cJSON *like = b->transition == DELETE ? NULL : b->ws->template->resources[b->transition];
	cJSON       *list = like != NULL ? cJSON_Duplicate(like, 1) : cJSON_CreateArray(), *r, *agent, *part;
	char         id[UUID_SIZE], agent_id[UUID_SIZE], at[TIME_SIZE];

	time_text(at, b->completed_us);
	cJSON_ArrayForEach(r, list) {
		uuid_new(id);
		jx_set(r, "id", cJSON_CreateString(id));
		jx_set(r, "created_at", cJSON_CreateString(at));
		jx_set(r, "job_id", cJSON_CreateString(b->job_id));
		cJSON_ArrayForEach(agent, jx_get(r, "agents")) {
			uuid_new(agent_id);
			jx_set(agent, "id", cJSON_CreateString(agent_id));
			jx_set(agent, "resource_id", cJSON_CreateString(id));
			jx_set(agent, "created_at", cJSON_CreateString(at));
			jx_set(agent, "updated_at", cJSON_CreateString(at));
			cJSON_ArrayForEach(part, jx_get(agent, "log_sources")) {
				jx_set(part, "workspace_agent_id", cJSON_CreateString(agent_id));
				jx_set(part, "created_at", cJSON_CreateString(at));
			}
		}
	}
	return list;
}

static cJSON *
provisioners_json(const struct world *w, const struct build *b)
{
	cJSON *o = cJSON_CreateObject();
	int    n = b->job == PENDING ? world_provisioners(w, b->version) : 0;

	jx_add_int(o, "count", n);
	jx_add_int(o, "available", n);
	jx_add_time(o, "most_recently_seen", n > 0 ? w->now_us - 4000000 : NO_TIME);
	return o;
}

static cJSON *
first_json(struct world *w, const struct build *b)
{
	cJSON             *o = cJSON_CreateObject();
	const struct ws   *ws = b->ws;
	const struct user *by = world_user(w, b->initiator);

	jx_add_text(o, "id", b->id);
	jx_add_time(o, "created_at", b->created_us);
	jx_add_time(o, "updated_at", b->created_us);
	jx_add_text(o, "workspace_id", ws->id);
	jx_add_text(o, "workspace_name", ws->name);
	jx_add_text(o, "workspace_owner_id", ws->user->id);
	jx_add_text(o, "workspace_owner_name", ws->owner);
	jx_add_text(o, "template_version_id", b->version->id);
	jx_add_text(o, "template_version_name", b->version->name);
	jx_add_int(o, "build_number", b->number);
	jx_add_text(o, "transition", transition_word(b->transition));
	jx_add_text(o, "initiator_id", by != NULL ? by->id : NO_UUID);
	jx_add_text(o, "initiator_name", b->initiator);
	jx_add(o, "job", cJSON_CreateNull());
	jx_add_text(o, "reason", b->reason);
	jx_add(o, "resources", cJSON_CreateArray());
	jx_add_time(o, "deadline", NO_TIME);
	jx_add_time(o, "max_deadline", NO_TIME);
	jx_add_text(o, "status", build_status(b));
	jx_add_int(o, "daily_cost", 0);
	jx_add(o, "matched_provisioners", provisioners_json(w, b));
	jx_add_time(o, "template_version_preset_id", NO_TIME);
	return o;
}

cJSON *
build_edit(struct build *b)
{
	if (b->obj == NULL) {
		cJSON *ws = ws_parse(b->ws);

		b->obj = cJSON_DetachItemFromObjectCaseSensitive(ws, "latest_build");
		cJSON_Delete(ws);
	}
	return b->obj;
}

void
build_refresh(struct world *w, struct build *b)
{
	cJSON *o = b->recorded ? build_edit(b) : b->obj;
	char   at[TIME_SIZE];

	if (o == NULL)
		o = b->obj = first_json(w, b);
	jx_set(o, "job", job_json(w, b, jx_get(o, "job")));
	jx_set(o, "status", cJSON_CreateString(build_status(b)));
	jx_set_time(o, "deadline", b->deadline_us);
	jx_set_time(o, "max_deadline", b->max_deadline_us);
	if (!b->recorded || b->job != PENDING)
		jx_set(o, "matched_provisioners", provisioners_json(w, b));
	if (b->job == SUCCEEDED && jx_get(o, "has_ai_task") == NULL) {
		jx_set(o, "updated_at", cJSON_CreateString(time_text(at, b->completed_us)));
		jx_set(o, "resources", resources_json(b));
		jx_add_bool(o, "has_ai_task", false);
		jx_add_bool(o, "has_external_agent", false);
	}
	if (b == b->ws->latest) {
		jx_set(ws_edit(b->ws), "latest_build", cJSON_Duplicate(o, 1));
		jx_set(ws_edit(b->ws), "outdated", cJSON_CreateBool(b->version != b->ws->template->active));
	}
}

void
build_free(struct build *b)
{
	if (b != NULL)
		cJSON_Delete(b->obj);
	free(b);
}

/* The id of a build that was never stored: the workspace's, its first 32 bits moved by the number. */
static void
earlier_id(const struct ws *ws, int number, char out[UUID_SIZE])
{
	unsigned long first = strtoul(ws->id, NULL, 16) & 0xffffffffUL;

	first = (first ^ (unsigned long)number * 0x9e3779b1UL) & 0xffffffffUL;
	snprintf(out, UUID_SIZE, "%08lx%s", first, ws->id + 8);
}

/* The build before the recorded latest one: starts and stops in turn, the first a start, failing where the template does. */
static void
imagine(struct build *b, const struct build *last)
{
	const char *template = b->ws->template->name;
	bool        fails_to_stop = strcmp(template, "stopfail") == 0;

	if (b->number == 1 || (b->number == last->number - 1 && strcmp(last->reason, "autostop") == 0))
		b->transition = START;
	else if (fails_to_stop || (last->number - b->number) % 2 == (last->transition == START))
		b->transition = STOP;
	if (b->transition == STOP && fails_to_stop) {
		b->job = FAILED;
		snprintf(b->error, sizeof(b->error), "%s", STOP_ERROR);
	}
}

struct build *
build_earlier(struct world *w, struct ws *ws, int number)
{
	const struct build *last = ws->n_earlier > 0 ? ws->earlier[0] : ws->latest;
	struct build       *b = xcalloc(1, sizeof(*b));

	b->ws = ws;
	b->number = number;
	b->version = last->version;
	b->job = SUCCEEDED;
	earlier_id(ws, number, b->id);
	earlier_id(ws, number + 0x10000, b->job_id);
	snprintf(b->reason, sizeof(b->reason), "initiator");
	snprintf(b->initiator, sizeof(b->initiator), "%s", last->initiator);
	imagine(b, last);
	b->created_us = last->created_us - (int64_t)(last->number - number) * 3600 * 1000000;
	b->started_us = b->created_us + 12000;
	b->completed_us = b->started_us + 78000;
	b->canceled_us = b->max_deadline_us = NO_TIME;
	b->deadline_us = b->job == SUCCEEDED ? deadline_after(ws, b->completed_us, ws_next_firing(ws, b->completed_us)) : NO_TIME;
	build_refresh(w, b);
	return b;
}

struct build *
world_find_build(struct world *w, const char *id, struct build **ours)
{
	*ours = NULL;
	for (size_t i = 0; i < w->n; i++) {
		struct ws *ws = w->all[i];

		if (same_name(ws->latest->id, id))
			return ws->latest;
		for (size_t k = 0; k < ws->n_earlier; k++)
			if (same_name(ws->earlier[k]->id, id))
				return ws->earlier[k];
		if (strlen(id) == UUID_SIZE - 1 && same_name(ws->id + 8, id + 8)) {
			int  last = ws->n_earlier > 0 ? ws->earlier[0]->number : ws->latest->number;
			char earlier[UUID_SIZE];

			for (int n = 1; n < last; n++) {
				earlier_id(ws, n, earlier);
				if (same_name(earlier, id))
					return *ours = build_earlier(w, ws, n);
			}
		}
	}
	return NULL;
}
