/* change_ws.c - what others do to a workspace.  See change.h. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "change.h"

#define SOMEBODY "grace"

static void
build_by_somebody(struct world *w, struct ws *ws, enum transition t, bool active)
{
	struct build *b;

	if (build_active(ws->latest))
		return;
	b = build_new(w, ws, t, NULL, "initiator", SOMEBODY);
	if (!active)
		build_finish_now(w, b);
}

bool
change_stop(struct change *c)
{
	build_by_somebody(c->w, c->ws, STOP, jx_true(c->json, "active"));
	return true;
}

bool
change_start(struct change *c)
{
	build_by_somebody(c->w, c->ws, START, jx_true(c->json, "active"));
	return true;
}

bool
change_delete(struct change *c)
{
	build_by_somebody(c->w, c->ws, DELETE, jx_true(c->json, "active"));
	return true;
}

bool
change_stop_first(struct change *c)
{
	struct world *w = c->w;
	struct ws   **rows;
	int64_t       n = jx_number(c->json, "stop_first", 0);

	world_sort(w);
	rows = xcalloc(w->n + 1, sizeof(*rows));
	memcpy(rows, w->all, w->n * sizeof(*rows));
	for (size_t i = 0; i < w->n && n > 0; i++)
		if (!rows[i]->deleted && strcmp(build_status(rows[i]->latest), "running") == 0) {
			build_by_somebody(w, rows[i], STOP, false);
			n--;
		}
	free(rows);
	return true;
}

bool
change_extend(struct change *c)
{
	int64_t to_us = jx_time(c->json, "to"), by_us;

	if (to_us == NO_TIME) {
		if (!span(jx_text(c->json, "by"), &by_us))
			return change_wrong(c, "needs 'by', a duration, or 'to', an instant");
		to_us = (c->ws->latest->deadline_us != NO_TIME ? c->ws->latest->deadline_us : c->w->now_us) + by_us;
	}
	ws_set_deadline(c->w, c->ws, to_us);
	return true;
}

bool
change_ttl(struct change *c)
{
	ws_set_ttl(c->w, c->ws, jx_number(c->json, "ms", 0));
	return true;
}

bool
change_max_deadline(struct change *c)
{
	if (jx_time(c->json, "to") == NO_TIME || c->ws->latest->transition != START || build_active(c->ws->latest))
		return change_wrong(c, "needs 'to', an instant, and a workspace that runs");
	ws_set_max_deadline(c->w, c->ws, jx_time(c->json, "to"));
	return true;
}

bool
change_touch(struct change *c)
{
	ws_touch(c->w, c->ws);
	return true;
}

bool
change_use(struct change *c)
{
	ws_use(c->w, c->ws);
	return true;
}

bool
change_dormant(struct change *c)
{
	ws_set_dormant(c->w, c->ws, change_on(c));
	return true;
}

bool
change_cancel(struct change *c)
{
	build_cancel(c->w, c->ws->latest);
	return true;
}

bool
change_automatic_updates(struct change *c)
{
	const char *to = jx_text(c->json, "to");

	if (strcmp(to, "always") != 0 && strcmp(to, "never") != 0)
		return change_wrong(c, "needs 'to': always or never");
	ws_set_updates(c->ws, strcmp(to, "always") == 0);
	return true;
}

bool
change_transfer(struct change *c)
{
	struct ws         *ws = c->ws;
	cJSON             *o = ws_edit(ws), *b = build_edit(ws->latest);
	const struct user *to = world_user(c->w, jx_text(c->json, "to"));

	if (to == NULL)
		return change_wrong(c, "'to' is no known user");
	ws->owner = to->name;
	ws->user = to;
	jx_set(o, "owner_id", cJSON_CreateString(to->id));
	jx_set(o, "owner_name", cJSON_CreateString(to->name));
	jx_set(b, "workspace_owner_id", cJSON_CreateString(to->id));
	jx_set(b, "workspace_owner_name", cJSON_CreateString(to->name));
	build_refresh(c->w, ws->latest);
	c->w->sorted = false;
	return true;
}

bool
change_share(struct change *c)
{
	const struct user *with = world_user(c->w, jx_text(c->json, "with"));

	if (with == NULL)
		return change_wrong(c, "'with' is no known user");
	ws_share(c->ws, with);
	return true;
}

bool
change_status(struct change *c)
{
	struct ws    *ws = change_named(c->w, jx_text(c->json, "of"));
	struct build *b = ws != NULL ? ws->latest : NULL;
	const char   *word = jx_text(c->json, "status");

	if (b == NULL || (strcmp(word, "failed") != 0 && strcmp(word, "canceled") != 0))
		return change_wrong(c, "failed or canceled, 'of' a known workspace");
	build_edit(b);
	b->job = word[0] == 'f' ? FAILED : CANCELED;
	if (b->completed_us == NO_TIME)
		b->completed_us = c->w->now_us;
	if (b->job == CANCELED)
		b->canceled_us = b->completed_us;
	else
		snprintf(b->error, sizeof(b->error), "%s", b->transition == START ? START_ERROR : STOP_ERROR);
	b->deadline_us = NO_TIME;
	jx_set(b->obj, "resources", cJSON_CreateArray());
	cJSON_DeleteItemFromObjectCaseSensitive(b->obj, "has_ai_task");
	cJSON_DeleteItemFromObjectCaseSensitive(b->obj, "has_external_agent");
	build_refresh(c->w, b);
	c->w->sorted = false;
	return true;
}

bool
change_create(struct change *c)
{
	const cJSON     *o = jx_get(c->json, "create");
	struct user     *owner = world_user(c->w, jx_text(o, "owner"));
	struct template *t = world_template(c->w, jx_text(o, "template"));

	if (owner == NULL || t == NULL || jx_text(o, "name")[0] == '\0')
		return change_wrong(c, "needs a known owner, a known template and a name");
	world_add(c->w, jx_text(o, "id"), jx_text(o, "name"), owner, t);
	return true;
}
