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
 *	{"publish":"gpu"}            a new version of a template becomes the active one; with "tags" of its own,
 *	                             and with "asks":"size" it has a parameter that has to be said and nobody said yet
 *	{"tags":"gpu","are":{"zone":"b"}}  of all its versions: for provisioners that have them too
 *	{"provisioners":2,"tags":{"zone":"b"}}  so many of these tags are live; without "tags", of those that have none
 *	{"require_active":"gpu","on":true}  and an older one is for its administrators to start
 *	{"classic_flow":"gpu","on":true}  and a start that does not say it is refused
 *	{"automatic_updates":...,"to":"always"}  or never: which version its autostart takes
 *	{"dormant":...,"on":true}    {"delete":...}  {"transfer":...,"to":"alan"}
 *	{"share":...,"with":"dennis"}  who may use it from then on: see it, stop and start it
 *	{"cancel":...}               its active build
 *	{"create":{"owner":"ada","name":"new","template":"k8s-go"}}  "id" may be given
 *	{"clock":"46m"}              so much later all at once
 *	{"join":"zoe"}               who has no workspace, and a token
 *	{"user_status":"ada","to":"dormant"}  or active, or suspended
 *	{"feature":"template_rbac","is":"enabled"}  or entitled (but off), grace_period, not_entitled
 *	{"buildinfo":{"version":"v2.20.0","workspace_proxy":true}}  another server, as its headers say too
 *	{"outage":401,"for":"5s"}    its database does not answer: 401 as v2.31, 500 as later ones; "times":N instead,
 *	                             neither for good; "after":N calls; {"outage":0} ends it
 *	{"status":"failed","of":...} its latest build ended so (failed, canceled)
 *	{"expire_token":TOKEN,"in":"36h"}, else now  {"drop_permission":"workspace:stop","of":TOKEN}  by key or id
 *
 * A workspace is named by its id or as owner/name, a template by its id or name.
 */

#include <stdio.h>
#include <string.h>

#include "change.h"

struct ws *
change_named(struct world *w, const char *text)
{
	const char *slash = strchr(text, '/');
	char        owner[64];

	if (slash == NULL)
		return world_find(w, text);
	snprintf(owner, sizeof(owner), "%.*s", (int)(slash - text), text);
	return world_find_name(w, owner, slash + 1, true);
}

bool
change_on(const struct change *c)
{
	return jx_get(c->json, "on") == NULL || jx_true(c->json, "on");
}

bool
change_wrong(struct change *c, const char *what)
{
	buf_printf(c->why, "%s: %s", c->verb, what);
	return false;
}

enum subject { ALONE, WORKSPACE, TEMPLATE }; /* what the verb's member names */

static const struct {
	const char  *verb;
	changer     *make;
	enum subject of;
} verbs[] = {
	{ "status", change_status, ALONE }, /* "of" a workspace, which is no verb */
	{ "stop", change_stop, WORKSPACE },
	{ "start", change_start, WORKSPACE },
	{ "delete", change_delete, WORKSPACE },
	{ "stop_first", change_stop_first, ALONE },
	{ "extend", change_extend, WORKSPACE },
	{ "max_deadline", change_max_deadline, WORKSPACE },
	{ "ttl", change_ttl, WORKSPACE },
	{ "touch", change_touch, WORKSPACE },
	{ "use", change_use, WORKSPACE },
	{ "activity_bump", change_activity_bump, TEMPLATE },
	{ "publish", change_publish, TEMPLATE },
	{ "require_active", change_require_active, TEMPLATE },
	{ "provisioners", change_provisioners, ALONE }, /* their "tags" are no verb */
	{ "tags", change_tags, TEMPLATE },
	{ "classic_flow", change_classic_flow, TEMPLATE },
	{ "automatic_updates", change_automatic_updates, WORKSPACE },
	{ "dormant", change_dormant, WORKSPACE },
	{ "transfer", change_transfer, WORKSPACE },
	{ "share", change_share, WORKSPACE },
	{ "cancel", change_cancel, WORKSPACE },
	{ "create", change_create, ALONE },
	{ "join", change_join, ALONE },
	{ "user_status", change_user_status, ALONE },
	{ "feature", change_feature, ALONE },
	{ "buildinfo", change_buildinfo, ALONE },
	{ "outage", change_outage, ALONE },
	{ "clock", change_clock, ALONE },
	{ "expire_token", change_expire_token, ALONE },
	{ "drop_permission", change_drop_permission, ALONE },
};

/* What the verb's member names, if it is to be found. */
static bool
find_subject(struct change *c, enum subject of)
{
	const char *name = jx_text(c->json, c->verb);

	c->ws = of == WORKSPACE ? change_named(c->w, name) : NULL;
	c->t = of == TEMPLATE ? world_template(c->w, name) : NULL;
	if (of == ALONE || c->ws != NULL || c->t != NULL)
		return true;
	buf_printf(c->why, "%s: no %s '%s'", c->verb, of == WORKSPACE ? "workspace" : "template", name);
	return false;
}

bool
world_change(struct server *s, const cJSON *json, struct req *r, struct buf *why)
{
	struct change c = { .s = s, .w = &s->world, .json = json, .r = r, .why = why };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		c.verb = verbs[i].verb;
		if (jx_get(json, c.verb) != NULL)
			return find_subject(&c, verbs[i].of) && verbs[i].make(&c);
	}
	buf_puts(why, "a change that is not known");
	return false;
}
