/* workspaces.c - one workspace: read it, move its deadline, set its TTL, schedule or dormancy. */

#include <string.h>

#include "base/rfc3339.h"
#include "cron.h"
#include "gojson.h"
#include "server.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS    (24 * 60 * MINUTE_MS)

/*
 * The least that an extension has to reach ahead: coderd asks for 30 minutes
 * with some slack; 29 minutes are refused, 29.6 are not (recorded).
 */
#define EXTEND_MIN_US (INT64_C(1770) * 1000000)

/* Go's strconv.ParseBool; absent is false.  False after answering 400. */
static bool
with_deleted(struct req *r, bool *wanted)
{
	static const char *const words[] = { "0", "1", "f", "t", "F", "T", "false", "true", "FALSE", "TRUE", "False", "True" };
	const char              *v = req_param(r, "include_deleted");
	struct buf               message;

	*wanted = false;
	if (v == NULL || v[0] == '\0')
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(v, words[i]) == 0) {
			*wanted = i % 2 == 1;
			return true;
		}
	buf_init(&message, 1024);
	buf_printf(&message, "Invalid boolean value \"%s\" for \"include_deleted\" query param.", v);
	reply_invalid(r, 400, buf_text(&message), "deleted", "Must be a valid boolean");
	buf_release(&message);
	return false;
}

struct ws *
readable_workspace(struct server *s, struct req *r)
{
	const char *id = req_uuid(r, 0);
	struct ws  *ws;

	if (id == NULL)
		return NULL;
	ws = world_find(&s->world, id);
	if (ws == NULL || !may_open(r->caller, ws)) {
		reply_not_found(r);
		return NULL;
	}
	return ws;
}

static void
put_workspace(struct req *r, struct ws *ws)
{
	ws_print(ws, may_count_provisioners(r->caller, ws), reply_begin(r, 200));
	reply_end(r);
}

void
get_workspace(struct server *s, struct req *r)
{
	struct ws *ws = readable_workspace(s, r);
	bool       deleted;
	struct buf message;

	if (ws == NULL || !with_deleted(r, &deleted))
		return;
	if (ws->deleted && !deleted) {
		buf_init(&message, 1024);
		/* The hint is wrong: ?deleted=true gives 410 again, include_deleted=true works.  As recorded. */
		buf_printf(&message, "Workspace \"%s\" was deleted, you can view this workspace by specifying '?deleted=true' and "
				     "trying again.", ws->id);
		reply_message(r, 410, buf_text(&message), NULL);
		buf_release(&message);
	} else if (!may(r->caller, TEMPLATE_READ)) {
		reply_forbidden(r, "Forbidden.");
	} else {
		put_workspace(r, ws);
	}
}

/* The user named in the path first, as far as the caller may know of them. */
struct user *
path_user(struct server *s, struct req *r)
{
	const struct token *t = r->caller;
	struct user        *u = world_user(&s->world, strcmp(r->args[0], "me") == 0 ? t->user : r->args[0]);

	if (u == NULL || !may(t, USER_READ) || (t->role == MEMBER && strcmp(u->name, t->user) != 0)) {
		reply_not_found(r);
		return NULL;
	}
	return u;
}

void
get_workspace_by_name(struct server *s, struct req *r)
{
	struct user *u = path_user(s, r);
	struct ws   *ws;
	bool         deleted;

	if (u == NULL || !with_deleted(r, &deleted))
		return;
	ws = world_find_name(&s->world, u->name, r->args[1], deleted);
	if (ws == NULL || !may_open(r->caller, ws) || !may(r->caller, TEMPLATE_READ))
		reply_not_found(r);
	else
		put_workspace(r, ws);
}

void
put_extend(struct server *s, struct req *r)
{
	static const struct go_field fields[] = { { "deadline", GO_TIME, "time.Time" } };
	struct ws                   *ws = readable_workspace(s, r);
	cJSON                       *o = ws != NULL ? go_decode(r, "PutExtendWorkspaceRequest", fields, 1) : NULL;
	const struct build          *b;
	int64_t                      at_us;
	char                         text[128], at[RFC3339_SIZE];

	if (o == NULL)
		return;
	b = ws->latest;
	at_us = jx_time(o, "deadline");
	if (at_us == NO_TIME) {
		reply_invalid(r, 400, "Validation failed.", "deadline",
		    "Validation failed for tag \"required\" with value: \"0001-01-01 00:00:00 +0000 UTC\"");
	} else if (b->transition != START) {
		snprintf(text, sizeof(text), "Workspace must be started, current status: %s", transition_word(b->transition));
		reply_message(r, 409, text, NULL);
	} else if (build_active(b)) {
		reply_message(r, 409, "Workspace is still building!", NULL);
	} else if (b->deadline_us == NO_TIME) {
		reply_message(r, 409, "Workspace shutdown is manual.", NULL);
	} else if (at_us < s->world.now_us + EXTEND_MIN_US) {
		reply_message(r, 400, "Cannot extend workspace: new deadline must be at least 30 minutes in the future", NULL);
	} else if (b->max_deadline_us != NO_TIME && at_us > b->max_deadline_us) {
		reply_message(r, 400, "Cannot extend workspace beyond max deadline.", NULL);
	} else if (!may_act(r->caller, ws, WS_UPDATE)) {
		reply_message(r, 500, "Failed to extend workspace deadline.", NULL);
	} else {
		ws_set_deadline(&s->world, ws, at_us);
		r->processed = true;
		ws->acts.extend++;
		rfc3339_print(at, at_us);
		snprintf(text, sizeof(text), "Deadline updated to %s.", at);
		reply_message(r, 200, text, NULL);
	}
	cJSON_Delete(o);
}

void
ws_set_ttl(struct world *w, struct ws *ws, int64_t ttl_ms)
{
	ws->ttl_ms = ttl_ms;
	if (ttl_ms > 0) {
		jx_set_after(ws_edit(ws), ws->schedule[0] != '\0' ? "autostart_schedule" : "name", "ttl_ms",
		    cJSON_CreateNumber((double)ttl_ms));
		return;
	}
	cJSON_DeleteItemFromObjectCaseSensitive(ws_edit(ws), "ttl_ms");
	/* Clearing the TTL clears a running build's deadline at once, since v2.19; setting one waits for the next start. */
	if (ws->latest->transition == START && ws->latest->job == SUCCEEDED)
		ws_set_deadline(w, ws, ws->latest->max_deadline_us);
}

void
put_ttl(struct server *s, struct req *r)
{
	static const struct go_field fields[] = { { "ttl_ms", GO_INT64, "int64" } };
	static const char            failed[] = "Error updating workspace time until shutdown.";
	struct ws                   *ws = readable_workspace(s, r);
	cJSON                       *o = ws != NULL ? go_decode(r, "UpdateWorkspaceTTLRequest", fields, 1) : NULL;
	int64_t                      ms, asked;

	if (o == NULL)
		return;
	asked = jx_number(o, "ttl_ms", 0);
	ms = asked - asked % MINUTE_MS;
	if (asked != 0 && ms < MINUTE_MS) {
		reply_invalid(r, 400, failed, "ttl_ms", "time until shutdown must be at least one minute");
	} else if (ms > 30 * DAY_MS) {
		reply_invalid(r, 400, failed, "ttl_ms", "time until shutdown must be less than 30 days");
	} else if (!may_act(r->caller, ws, WS_UPDATE)) {
		reply_message(r, 500, failed,
		    "execute transaction: update workspace time until shutdown: unauthorized: rbac: forbidden");
	} else {
		ws_set_ttl(&s->world, ws, ms);
		r->processed = true;
		reply_none(r, 204);
	}
	cJSON_Delete(o);
}

void
put_autostart(struct server *s, struct req *r)
{
	static const struct go_field fields[] = { { "schedule", GO_TEXT, "string" } };
	struct ws                   *ws = readable_workspace(s, r);
	cJSON                       *o = ws != NULL ? go_decode(r, "UpdateWorkspaceAutostartRequest", fields, 1) : NULL;
	const char                  *schedule = jx_text(o, "schedule");
	struct buf                   why;

	if (o == NULL)
		return;
	buf_init(&why, 1024);
	if (schedule[0] != '\0' && !cron_check(schedule, &why)) {
		reply_invalid(r, 400, "Invalid autostart schedule.", "schedule", buf_text(&why));
	} else if (!may_act(r->caller, ws, WS_UPDATE)) {
		reply_message(r, 500, "Internal error updating workspace autostart schedule.", "unauthorized: rbac: forbidden");
	} else {
		snprintf(ws->schedule, sizeof(ws->schedule), "%s", schedule);
		if (schedule[0] != '\0')
			jx_set_after(ws_edit(ws), "name", "autostart_schedule", cJSON_CreateString(schedule));
		else
			cJSON_DeleteItemFromObjectCaseSensitive(ws_edit(ws), "autostart_schedule");
		ws_set_next_start(ws, ws->dormant ? NO_TIME : ws_next_firing(ws, s->world.now_us));
		ws->fires_since_us = NO_TIME;
		r->processed = true;
		reply_none(r, 204);
	}
	buf_release(&why);
	cJSON_Delete(o);
}

void
ws_set_dormant(struct world *w, struct ws *ws, bool dormant)
{
	cJSON *o = ws_edit(ws);
	char   at[TIME_SIZE];

	time_text(at, w->now_us);
	ws->dormant = dormant;
	jx_set(o, "dormant_at", dormant ? cJSON_CreateString(at) : cJSON_CreateNull());
	if (dormant) {
		ws_set_next_start(ws, NO_TIME);
	} else {
		ws->last_used_us = w->now_us;
		jx_set(o, "last_used_at", cJSON_CreateString(at));
	}
}

void
put_dormant(struct server *s, struct req *r)
{
	static const struct go_field fields[] = { { "dormant", GO_BOOL, "bool" } };
	struct ws                   *ws = readable_workspace(s, r);
	cJSON                       *o = ws != NULL ? go_decode(r, "UpdateWorkspaceDormancy", fields, 1) : NULL;

	if (o == NULL)
		return;
	if (jx_true(o, "dormant") == ws->dormant) {
		reply_none(r, 304);
	} else if (!may_act(r->caller, ws, WS_UPDATE)) {
		reply_message(r, 500, "Internal error updating workspace locked status.", "unauthorized: rbac: forbidden");
	} else {
		ws_set_dormant(&s->world, ws, jx_true(o, "dormant"));
		r->processed = true;
		put_workspace(r, ws);
	}
	cJSON_Delete(o);
}

/* Would an autostart need something said that nobody said?  Source: coderd/workspaces.go, resolveAutostart. */
void
resolve_autostart(struct server *s, struct req *r)
{
	struct ws *ws = readable_workspace(s, r);
	cJSON     *o;

	if (ws == NULL)
		return;
	o = cJSON_CreateObject();
	jx_add_bool(o, "parameter_mismatch", !ws_answers(ws, ws_autostart_version(ws)));
	reply_json(r, 200, o);
	cJSON_Delete(o);
}
