/* ws.c - one workspace: its text, its changes, its deadline.  See world.h. */

#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rfc3339.h"
#include "base/xalloc.h"
#include "cron.h"

static void
put_base(const struct ws *ws, struct buf *b)
{
	const struct base *base = ws->base;
	const char *const  fill[] = { [HOLE_ID] = ws->id,
		 [HOLE_BUILD] = ws->latest->id,
		 [HOLE_JOB] = ws->latest->job_id,
		 [HOLE_NAME] = ws->name };
	size_t             at = 0;

	for (size_t i = 0; ws->clone > 0 && i < base->n_holes; i++) {
		buf_put(b, base->text + at, base->holes[i].at - at);
		buf_puts(b, fill[base->holes[i].what]);
		at = base->holes[i].at + base->holes[i].n;
	}
	buf_put(b, base->text + at, base->n - at);
}

cJSON *
ws_parse(const struct ws *ws)
{
	struct buf b;
	cJSON     *obj;

	if (ws->obj != NULL)
		return cJSON_Duplicate(ws->obj, 1);
	buf_init(&b, BUF_RECORD_MAX);
	put_base(ws, &b);
	obj = cJSON_Parse(buf_text(&b));
	buf_release(&b);
	if (obj == NULL)
		die("workspace %s does not parse", ws->id);
	return obj;
}

cJSON *
ws_edit(struct ws *ws)
{
	if (ws->obj == NULL)
		ws->obj = ws_parse(ws);
	free(ws->text);
	ws->text = NULL;
	return ws->obj;
}

static cJSON *
no_provisioners(void)
{
	cJSON *o = cJSON_CreateObject();

	jx_add_int(o, "count", 0);
	jx_add_int(o, "available", 0);
	jx_add_time(o, "most_recently_seen", NO_TIME);
	return o;
}

void
ws_print(struct ws *ws, bool sees_provisioners, struct buf *b)
{
	if (!sees_provisioners && ws->latest->job == PENDING) {
		cJSON *obj = ws_parse(ws);

		jx_set(jx_get(obj, "latest_build"), "matched_provisioners", no_provisioners());
		jx_print(b, obj);
		cJSON_Delete(obj);
		return;
	}
	if (ws->obj == NULL) {
		put_base(ws, b);
		return;
	}
	if (ws->text == NULL) {
		struct buf text;

		buf_init(&text, BUF_RECORD_MAX);
		jx_print(&text, ws->obj);
		ws->text = text.p;
		ws->n_text = text.n;
	}
	buf_put(b, ws->text, ws->n_text);
}

void
build_print(struct build *b, enum build_form form, bool sees_provisioners, struct buf *out)
{
	cJSON *o = cJSON_Duplicate(build_edit(b), 1);

	if (form == FORM_POSTED)
		jx_set(o, "template_version_name", cJSON_CreateString(""));
	if (form == FORM_GOT || !sees_provisioners)
		jx_set(o, "matched_provisioners", no_provisioners());
	jx_print(out, o);
	cJSON_Delete(o);
}

bool
ws_shared_with(const struct ws *ws, const char *user)
{
	for (size_t i = 0; i < ws->n_shared; i++)
		if (same_name(ws->shared[i]->name, user))
			return true;
	return false;
}

void
ws_share(struct ws *ws, const struct user *u)
{
	cJSON *list = jx_get(ws_edit(ws), "shared_with"), *who;

	if (ws_shared_with(ws, u->name))
		return;
	ws->shared = xrealloc(ws->shared, ws->n_shared + 1, sizeof(*ws->shared));
	ws->shared[ws->n_shared++] = u;
	if (list == NULL)
		list = cJSON_AddArrayToObject(ws->obj, "shared_with");
	who = cJSON_CreateObject();
	jx_add_text(who, "id", u->id);
	jx_add_text(who, "actor_type", "user");
	jx_add_text(who, "name", u->name);
	cJSON_AddItemToArray(cJSON_AddArrayToObject(who, "roles"), cJSON_CreateString("use"));
	cJSON_AddItemToArray(list, who);
}

void
ws_set_deadline(struct world *w, struct ws *ws, int64_t deadline_us)
{
	struct build *b = ws->latest;

	b->deadline_us = deadline_us;
	build_edit(b);
	jx_set(b->obj, "updated_at", cJSON_CreateString(time_text((char[TIME_SIZE]){ 0 }, w->now_us)));
	build_refresh(w, b);
}

void
ws_set_max_deadline(struct world *w, struct ws *ws, int64_t max_deadline_us)
{
	struct build *b = ws->latest;

	b->max_deadline_us = max_deadline_us;
	ws_set_deadline(w, ws, b->deadline_us == NO_TIME || b->deadline_us > max_deadline_us ? max_deadline_us : b->deadline_us);
}

int64_t
deadline_after(const struct ws *ws, int64_t at_us, int64_t start_us)
{
	int64_t ttl_us = ws->ttl_ms * 1000;

	if (ttl_us == 0)
		return NO_TIME;
	return start_us != NO_TIME && start_us < at_us + ttl_us ? start_us + ttl_us : at_us + ttl_us;
}

int64_t
ws_next_firing(const struct ws *ws, int64_t at_us)
{
	return ws->schedule[0] != '\0' ? cron_next(ws->schedule, at_us) : NO_TIME;
}

void
ws_set_next_start(struct ws *ws, int64_t at_us)
{
	ws->next_start_us = at_us;
	jx_set_time(ws_edit(ws), "next_start_at", at_us);
}

struct ws *
world_add(struct world *w, const char *id, const char *name, struct user *owner, struct template *t)
{
	const struct ws *like = NULL;
	struct ws       *ws = xcalloc(1, sizeof(*ws));
	struct build    *b = xcalloc(1, sizeof(*b));
	struct build    *first;

	for (size_t i = 0; i < w->n && like == NULL; i++)
		if (w->all[i]->template == t)
			like = w->all[i];
	if (like == NULL)
		die("no recorded workspace of template %s to make another like it", t->name);
	*b = (struct build){ .ws = ws, .number = 0, .job = SUCCEEDED, .version = t->active };
	ws->owner = owner->name;
	ws->user = owner;
	ws->template = t;
	ws->latest = b;
	ws->last_used_us = w->now_us;
	ws->ttl_ms = jx_number(t->obj, "default_ttl_ms", 0);
	uuid_new(ws->id);
	if (id[0] != '\0')
		snprintf(ws->id, sizeof(ws->id), "%s", id);
	snprintf(ws->name, sizeof(ws->name), "%s", name);
	ws->obj = ws_parse(like);
	jx_set(ws->obj, "id", cJSON_CreateString(ws->id));
	jx_set(ws->obj, "created_at", cJSON_CreateString(time_text((char[TIME_SIZE]){ 0 }, w->now_us)));
	jx_set(ws->obj, "updated_at", cJSON_CreateString(time_text((char[TIME_SIZE]){ 0 }, w->now_us)));
	jx_set(ws->obj, "owner_id", cJSON_CreateString(owner->id));
	jx_set(ws->obj, "owner_name", cJSON_CreateString(owner->name));
	jx_set(ws->obj, "name", cJSON_CreateString(ws->name));
	jx_set(ws->obj, "last_used_at", cJSON_CreateString(time_text((char[TIME_SIZE]){ 0 }, w->now_us)));
	jx_set(ws->obj, "dormant_at", cJSON_CreateNull());
	ws_set_next_start(ws, NO_TIME);
	cJSON_DeleteItemFromObjectCaseSensitive(ws->obj, "shared_with");
	cJSON_DeleteItemFromObjectCaseSensitive(ws->obj, "autostart_schedule");
	cJSON_DeleteItemFromObjectCaseSensitive(ws->obj, "ttl_ms");
	if (ws->ttl_ms > 0)
		jx_set_after(ws->obj, "name", "ttl_ms", cJSON_CreateNumber((double)ws->ttl_ms));
	w->all = xrealloc(w->all, w->n + 1, sizeof(struct ws *));
	w->all[w->n++] = ws;
	/* Its first build replaces the empty one it was made with. */
	first = build_new(w, ws, START, NULL, "initiator", owner->name);
	ws->n_earlier = 0;
	build_free(b);
	build_finish_now(w, first);
	return ws;
}
