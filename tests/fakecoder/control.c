/*
 * control.c - what others do to the world: the "world" of the fault script and
 * the body of POST /_control, one object a change.
 *
 *	{"stop":"ada/ws0-gpu"}  {"stop":...,"active":true}  somebody else (grace) stops it; active: still building
 *	{"start":...}  {"start":...,"active":true}
 *	{"stop_first":10}            the first ten running rows of the listing
 *	{"extend":...,"by":"2h"}     its deadline moves; {"extend":...,"to":INSTANT}
 *	{"max_deadline":...,"to":INSTANT}  and is kept below that
 *	{"ttl":...,"ms":7200000}     as PUT ttl; 0 clears it
 *	{"touch":...}                used just now
 *	{"use":...}                  the same, and the deadline is bumped as a session does it
 *	{"activity_bump":"gpu","ms":0}  how far, of a template
 *	{"publish":"gpu"}            a new version of a template becomes the active one
 *	{"require_active":"gpu","on":true}  and an older one is for its administrators to start
 *	{"dormant":...,"on":true}    {"delete":...}  {"transfer":...,"to":"alan"}
 *	{"share":...,"with":"dennis"}  who may use it from then on: see it, stop and start it
 *	{"cancel":...}               its active build
 *	{"create":{"owner":"ada","name":"new","template":"k8s-go"}}  "id" may be given
 *	{"clock":"46m"}              so much later all at once
 *	{"status":"failed","of":...} its latest build ended so (failed, canceled)
 *	{"expire_token":TOKEN}  {"drop_permission":"workspace:stop","of":TOKEN}  by key or id
 *
 * A workspace is named by its id or as owner/name, a template by its id or name.
 */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
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

/* One change while it is made. */
struct change {
	struct world *w;
	const cJSON  *json;
	const char   *verb;
	struct req   *r;  /* that it happens beside; NULL: none */
	struct ws    *ws; /* that the verb names */
	struct template *t; /* the same */
	struct buf   *why;
};

/* Said or not said otherwise. */
static bool
on(const struct change *c)
{
	return jx_get(c->json, "on") == NULL || jx_true(c->json, "on");
}

static bool
wrong(struct change *c, const char *what)
{
	buf_printf(c->why, "%s: %s", c->verb, what);
	return false;
}

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

static bool
stop(struct change *c)
{
	build_by_somebody(c->w, c->ws, STOP, jx_true(c->json, "active"));
	return true;
}

static bool
start(struct change *c)
{
	build_by_somebody(c->w, c->ws, START, jx_true(c->json, "active"));
	return true;
}

static bool
delete(struct change *c)
{
	build_by_somebody(c->w, c->ws, DELETE, jx_true(c->json, "active"));
	return true;
}

static bool
stop_first(struct change *c)
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

static bool
extend(struct change *c)
{
	int64_t to_us = jx_time(c->json, "to"), by_us;

	if (to_us == NO_TIME) {
		if (!span(jx_text(c->json, "by"), &by_us))
			return wrong(c, "needs 'by', a duration, or 'to', an instant");
		to_us = (c->ws->latest->deadline_us != NO_TIME ? c->ws->latest->deadline_us : c->w->now_us) + by_us;
	}
	ws_set_deadline(c->w, c->ws, to_us);
	return true;
}

static bool
ttl(struct change *c)
{
	ws_set_ttl(c->w, c->ws, jx_number(c->json, "ms", 0));
	return true;
}

static bool
max_deadline(struct change *c)
{
	if (jx_time(c->json, "to") == NO_TIME || c->ws->latest->transition != START || build_active(c->ws->latest))
		return wrong(c, "needs 'to', an instant, and a workspace that runs");
	ws_set_max_deadline(c->w, c->ws, jx_time(c->json, "to"));
	return true;
}

static bool
touch(struct change *c)
{
	ws_touch(c->w, c->ws);
	return true;
}

static bool
use(struct change *c)
{
	ws_use(c->w, c->ws);
	return true;
}

static bool
activity_bump(struct change *c)
{
	if (jx_number(c->json, "ms", -1) < 0)
		return wrong(c, "needs 'ms', 0 for none");
	jx_set(c->t->obj, "activity_bump_ms", cJSON_CreateNumber((double)jx_number(c->json, "ms", 0)));
	return true;
}

static bool
publish(struct change *c)
{
	template_publish(c->w, c->t);
	return true;
}

static bool
require_active(struct change *c)
{
	template_require_active(c->w, c->t, on(c));
	return true;
}

static bool
dormant(struct change *c)
{
	ws_set_dormant(c->w, c->ws, on(c));
	return true;
}

static bool
cancel(struct change *c)
{
	build_cancel(c->w, c->ws->latest);
	return true;
}

static bool
transfer(struct change *c)
{
	struct ws         *ws = c->ws;
	cJSON             *o = ws_edit(ws), *b = build_edit(ws->latest);
	const struct user *to = world_user(c->w, jx_text(c->json, "to"));

	if (to == NULL)
		return wrong(c, "'to' is no known user");
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

static bool
share(struct change *c)
{
	const struct user *with = world_user(c->w, jx_text(c->json, "with"));

	if (with == NULL)
		return wrong(c, "'with' is no known user");
	ws_share(c->ws, with);
	return true;
}

static bool
status(struct change *c)
{
	struct ws    *ws = named(c->w, jx_text(c->json, "of"));
	struct build *b = ws != NULL ? ws->latest : NULL;
	const char   *word = jx_text(c->json, "status");

	if (b == NULL || (strcmp(word, "failed") != 0 && strcmp(word, "canceled") != 0))
		return wrong(c, "failed or canceled, 'of' a known workspace");
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

static bool
create(struct change *c)
{
	const cJSON     *o = jx_get(c->json, "create");
	struct user     *owner = world_user(c->w, jx_text(o, "owner"));
	struct template *t = world_template(c->w, jx_text(o, "template"));

	if (owner == NULL || t == NULL || jx_text(o, "name")[0] == '\0')
		return wrong(c, "needs a known owner, a known template and a name");
	world_add(c->w, jx_text(o, "id"), jx_text(o, "name"), owner, t);
	return true;
}

/* The token of a change: named by the verb or by 'of', else that of the request beside it. */
static struct token *
token_of(const struct change *c)
{
	struct token *t = token_named(jx_text(c->json, c->verb));

	if (t == NULL)
		t = token_named(jx_text(c->json, "of"));
	return t == NULL && c->r != NULL && c->r->token != NULL ? token_find(c->r->token) : t;
}

/* What the provisioners do in that time is played at once, so the next change finds it done. */
static bool
advance_clock(struct change *c)
{
	int64_t by_us;

	if (!span(jx_text(c->json, "clock"), &by_us) || by_us < 0)
		return wrong(c, "needs a duration, forwards");
	c->w->clock_offset_us += by_us;
	world_advance(c->w);
	return true;
}

static bool
expire_token(struct change *c)
{
	struct token *t = token_of(c);

	if (t == NULL)
		return wrong(c, "no such token");
	token_expire(t, c->w->now_us);
	return true;
}

static bool
drop_permission(struct change *c)
{
	struct token *t = token_of(c);

	return t != NULL && token_drop(t, jx_text(c->json, c->verb)) ? true : wrong(c, "no such token or permission");
}

/* What the verb's member names, if it is to be found. */
static bool
find_subject(struct change *c, bool workspace, bool template)
{
	const char *name = jx_text(c->json, c->verb);

	c->ws = workspace ? named(c->w, name) : NULL;
	c->t = template ? world_template(c->w, name) : NULL;
	if ((!workspace || c->ws != NULL) && (!template || c->t != NULL))
		return true;
	buf_printf(c->why, "%s: no %s '%s'", c->verb, workspace ? "workspace" : "template", name);
	return false;
}

bool
world_change(struct server *s, const cJSON *json, struct req *r, struct buf *why)
{
	enum { ALONE, WORKSPACE, TEMPLATE };
	static const struct {
		const char *verb;
		bool (*make)(struct change *);
		int of; /* what the verb's member names */
	} verbs[] = {
		{ "status", status, ALONE }, /* "of" a workspace, which is no verb */
		{ "stop", stop, WORKSPACE },
		{ "start", start, WORKSPACE },
		{ "delete", delete, WORKSPACE },
		{ "stop_first", stop_first, ALONE },
		{ "extend", extend, WORKSPACE },
		{ "max_deadline", max_deadline, WORKSPACE },
		{ "ttl", ttl, WORKSPACE },
		{ "touch", touch, WORKSPACE },
		{ "use", use, WORKSPACE },
		{ "activity_bump", activity_bump, TEMPLATE },
		{ "publish", publish, TEMPLATE },
		{ "require_active", require_active, TEMPLATE },
		{ "dormant", dormant, WORKSPACE },
		{ "transfer", transfer, WORKSPACE },
		{ "share", share, WORKSPACE },
		{ "cancel", cancel, WORKSPACE },
		{ "create", create, ALONE },
		{ "clock", advance_clock, ALONE },
		{ "expire_token", expire_token, ALONE },
		{ "drop_permission", drop_permission, ALONE },
	};
	struct change c = { .w = &s->world, .json = json, .r = r, .why = why };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		c.verb = verbs[i].verb;
		if (jx_get(json, c.verb) != NULL)
			return find_subject(&c, verbs[i].of == WORKSPACE, verbs[i].of == TEMPLATE) && verbs[i].make(&c);
	}
	buf_puts(why, "a change that is not known");
	return false;
}
