/*
 * control.c - what others do to the world: the "world" of the fault script and
 * the body of POST /_control, one object a change.
 *
 *	{"stop":"ada/ws0-gpu"}  {"stop":...,"active":true}  somebody else (grace) stops it; active: still building
 *	{"start":...}  {"start":...,"active":true}
 *	{"stop_first":10}            the first ten running rows of the listing
 *	{"extend":...,"by":"2h"}     its deadline moves; {"extend":...,"to":INSTANT}
 *	{"ttl":...,"ms":7200000}     as PUT ttl; 0 clears it
 *	{"touch":...}                used just now
 *	{"dormant":...,"on":true}    {"delete":...}  {"transfer":...,"to":"alan"}
 *	{"cancel":...}               its active build
 *	{"create":{"owner":"ada","name":"new","template":"k8s-go"}}  "id" may be given
 *	{"status":"failed","of":...} its latest build ended so (failed, canceled)
 *	{"expire_token":TOKEN}  {"drop_permission":"workspace:stop","of":TOKEN}  by key or id
 *
 * A workspace is named by its id or as owner/name.
 */

#include <stdlib.h>
#include <string.h>

#include "rfc3339.h"
#include "server.h"

#define SOMEBODY "grace"

static struct ws *
named(struct world *w, const char *text)
{
	const char *slash = strchr(text, '/');
	char        owner[64];

	if (slash == NULL)
		return world_find(w, text);
	snprintf(owner, sizeof(owner), "%.*s", (int)(slash - text), text);
	return world_find_name(w, owner, slash + 1, true);
}

/* "90s", "30m", "2h", "1d" in microseconds. */
static int64_t
span_us(const char *s)
{
	char   *end;
	int64_t n = strtoll(s, &end, 10) * 1000000;

	switch (*end) {
	case 'm': return n * 60;
	case 'h': return n * 3600;
	case 'd': return n * 86400;
	default:  return n;
	}
}

static void
build_by_somebody(struct world *w, struct ws *ws, enum transition t, bool active)
{
	struct build *b;

	if (build_active(ws->latest))
		return;
	b = build_new(w, ws, t, "initiator", SOMEBODY);
	if (!active)
		build_finish_now(w, b);
}

static void
stop_first(struct world *w, int64_t n)
{
	struct ws **rows;

	world_sort(w);
	rows = malloc(w->n * sizeof(*rows) + 1);
	if (rows == NULL)
		die("out of memory");
	memcpy(rows, w->all, w->n * sizeof(*rows));
	for (size_t i = 0; i < w->n && n > 0; i++)
		if (!rows[i]->deleted && strcmp(build_status(rows[i]->latest), "running") == 0) {
			build_by_somebody(w, rows[i], STOP, false);
			n--;
		}
	free(rows);
}

static void
transfer(struct world *w, struct ws *ws, const struct user *to)
{
	cJSON *o = ws_edit(ws), *b = build_edit(ws->latest);

	ws->owner = to->name;
	ws->owner_id = to->id;
	jx_set(o, "owner_id", cJSON_CreateString(to->id));
	jx_set(o, "owner_name", cJSON_CreateString(to->name));
	jx_set(b, "workspace_owner_id", cJSON_CreateString(to->id));
	jx_set(b, "workspace_owner_name", cJSON_CreateString(to->name));
	build_refresh(w, ws->latest);
	w->sorted = false;
}

static bool
end_as(struct world *w, struct build *b, const char *word)
{
	if (strcmp(word, "failed") != 0 && strcmp(word, "canceled") != 0)
		return false;
	build_edit(b);
	b->job = word[0] == 'f' ? FAILED : CANCELED;
	if (b->completed_us == NO_TIME)
		b->completed_us = w->now_us;
	if (b->job == CANCELED)
		b->canceled_us = b->completed_us;
	else
		snprintf(b->error, sizeof(b->error), "%s", b->transition == START ? START_ERROR : STOP_ERROR);
	b->deadline_us = NO_TIME;
	jx_set(b->obj, "resources", cJSON_CreateArray());
	cJSON_DeleteItemFromObjectCaseSensitive(b->obj, "has_ai_task");
	cJSON_DeleteItemFromObjectCaseSensitive(b->obj, "has_external_agent");
	build_refresh(w, b);
	w->sorted = false;
	return true;
}

static bool
create(struct world *w, const cJSON *o, struct buf *why)
{
	struct user     *owner = world_user(w, jx_text(o, "owner"));
	struct template *t = world_template(w, jx_text(o, "template"));

	if (owner == NULL || t == NULL || jx_text(o, "name")[0] == '\0') {
		buf_puts(why, "create: needs a known owner, a known template and a name");
		return false;
	}
	world_add(w, jx_text(o, "id"), jx_text(o, "name"), owner, t);
	return true;
}

/* The changes of one workspace, by the key that names it. */
static bool
change_workspace(struct world *w, struct ws *ws, const char *verb, const cJSON *c, struct buf *why)
{
	struct build *b = ws->latest;
	int64_t       to_us = jx_time(c, "to");
	char          at[TIME_SIZE];

	if (strcmp(verb, "stop") == 0 || strcmp(verb, "start") == 0) {
		build_by_somebody(w, ws, verb[2] == 'o' ? STOP : START, jx_true(c, "active"));
	} else if (strcmp(verb, "extend") == 0) {
		int64_t from_us = b->deadline_us != NO_TIME ? b->deadline_us : w->now_us;

		ws_set_deadline(w, ws, to_us != NO_TIME ? to_us : from_us + span_us(jx_text(c, "by")));
	} else if (strcmp(verb, "delete") == 0) {
		build_by_somebody(w, ws, DELETE, jx_true(c, "active"));
	} else if (strcmp(verb, "transfer") == 0) {
		const struct user *to = world_user(w, jx_text(c, "to"));

		if (to == NULL) {
			buf_printf(why, "transfer: no user '%s'", jx_text(c, "to"));
			return false;
		}
		transfer(w, ws, to);
	} else if (strcmp(verb, "ttl") == 0) {
		ws_set_ttl(w, ws, jx_number(c, "ms", 0));
	} else if (strcmp(verb, "touch") == 0) {
		ws->last_used_us = w->now_us;
		jx_set(ws_edit(ws), "last_used_at", cJSON_CreateString(time_text(at, w->now_us)));
	} else if (strcmp(verb, "dormant") == 0) {
		ws_set_dormant(w, ws, jx_get(c, "on") == NULL || jx_true(c, "on"));
	} else {
		build_cancel(w, b);
	}
	return true;
}

bool
world_change(struct server *s, const cJSON *c, struct req *r, struct buf *why)
{
	static const char *const verbs[] = { "stop", "start", "extend", "delete", "transfer", "ttl", "touch", "dormant",
		"cancel" };
	struct world *w = &s->world;
	struct token *t = token_named(jx_text(c, "of"));
	struct ws    *ws;

	if (t == NULL && r != NULL && r->token != NULL)
		t = token_find(r->token);
	if (jx_get(c, "stop_first") != NULL) {
		stop_first(w, jx_number(c, "stop_first", 0));
		return true;
	}
	if (jx_get(c, "create") != NULL)
		return create(w, jx_get(c, "create"), why);
	if (jx_get(c, "expire_token") != NULL || jx_get(c, "drop_permission") != NULL) {
		if (token_named(jx_text(c, "expire_token")) != NULL)
			t = token_named(jx_text(c, "expire_token"));
		if (t != NULL && jx_get(c, "expire_token") != NULL)
			token_expire(t, w->now_us);
		else if (t == NULL || !token_drop(t, jx_text(c, "drop_permission")))
			buf_puts(why, "no such token or permission");
		return why->n == 0;
	}
	if (jx_get(c, "status") != NULL) {
		ws = named(w, jx_text(c, "of"));
		if (ws != NULL && end_as(w, ws->latest, jx_text(c, "status")))
			return true;
		buf_puts(why, "status: failed or canceled, 'of' a known workspace");
		return false;
	}
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (jx_get(c, verbs[i]) == NULL)
			continue;
		ws = named(w, jx_text(c, verbs[i]));
		if (ws != NULL)
			return change_workspace(w, ws, verbs[i], c, why);
		buf_printf(why, "%s: no workspace '%s'", verbs[i], jx_text(c, verbs[i]));
		return false;
	}
	buf_puts(why, "a change that is not known");
	return false;
}

static void
put_posts(struct server *s, struct req *r)
{
	cJSON *o = cJSON_CreateObject();

	for (size_t i = 0; i < s->world.n; i++)
		if (s->world.all[i]->stops > 0)
			jx_add_int(o, s->world.all[i]->id, s->world.all[i]->stops);
	reply_json(r, 200, o);
	cJSON_Delete(o);
}

void
control_run(struct server *s, struct req *r)
{
	cJSON       *body;
	const cJSON *c;
	struct buf   why;

	world_advance(&s->world);
	if (strcmp(r->path, "/_control/posts") == 0) {
		put_posts(s, r);
		return;
	}
	buf_init(&why, 1024);
	body = cJSON_ParseWithLength(buf_text(&r->body), r->body.n);
	if (body == NULL)
		buf_puts(&why, "the body is not JSON");
	else if (cJSON_IsObject(body))
		world_change(s, body, NULL, &why);
	else
		cJSON_ArrayForEach(c, body)
			if (why.n == 0)
				world_change(s, c, NULL, &why);
	reply_message(r, why.n > 0 ? 400 : 200, why.n > 0 ? buf_text(&why) : "changed", NULL);
	buf_release(&why);
	cJSON_Delete(body);
}
