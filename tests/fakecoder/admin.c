/*
 * admin.c - the requests to /_control, which are the test's own: neither logged
 * nor counted, and without a token.
 *
 *	GET /_control/posts, GET /_control/acts  what was carried out
 *	POST /_control  one object or a list of them: a change of control.c, or
 *		{"reset":true}      everything as at the start
 *		{"script":[RULE]}   in the place of the fault script, as it was at --script
 */

#include <string.h>

#include "fault.h"

static void
put_posts(struct server *s, struct req *r)
{
	cJSON *o = cJSON_CreateObject();

	for (size_t i = 0; i < s->world.n; i++)
		if (s->world.all[i]->acts.stop > 0)
			jx_add_int(o, s->world.all[i]->id, s->world.all[i]->acts.stop);
	reply_json(r, 200, o);
	cJSON_Delete(o);
}

static void
put_acts(struct server *s, struct req *r)
{
	cJSON *o = cJSON_CreateObject();

	for (size_t i = 0; i < s->world.n; i++) {
		const struct acts *did = &s->world.all[i]->acts;
		cJSON             *e;

		if (did->stop + did->start + did->extend == 0)
			continue;
		e = cJSON_AddObjectToObject(o, s->world.all[i]->id);
		jx_add_int(e, "stop", did->stop);
		jx_add_int(e, "start", did->start);
		jx_add_int(e, "extend", did->extend);
	}
	reply_json(r, 200, o);
	cJSON_Delete(o);
}

/* What only comes from outside; else a change of the world. */
static bool
change(struct server *s, const cJSON *c, struct req *r, struct buf *why)
{
	if (jx_true(c, "reset"))
		return server_reset(s, r->conn, why);
	if (jx_get(c, "script") != NULL)
		return faults_set(s, jx_get(c, "script"), why);
	return world_change(s, c, NULL, why);
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
	if (strcmp(r->path, "/_control/acts") == 0) {
		put_acts(s, r);
		return;
	}
	buf_init(&why, 1024);
	body = cJSON_ParseWithLength(buf_text(&r->body), r->body.n);
	if (body == NULL)
		buf_puts(&why, "the body is not JSON");
	else if (cJSON_IsObject(body))
		change(s, body, r, &why);
	else
		cJSON_ArrayForEach(c, body)
			if (why.n == 0)
				change(s, c, r, &why);
	reply_message(r, why.n > 0 ? 400 : 200, why.n > 0 ? buf_text(&why) : "changed", NULL);
	buf_release(&why);
	cJSON_Delete(body);
}
