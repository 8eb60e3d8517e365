/* sight.c - the questions whose answers tell one empty list from another. */

#include "coder/sight.h"

#include <stdio.h>
#include <string.h>

#include "base/json_scan.h"
#include "coder/api_calls.h"
#include "coder/query.h"

/* One question, and what its answer says. */
struct question {
	bool over, yes;
	char fault[300]; /* of an answer that says nothing; "" otherwise */
};

static void
settle(struct question *q, const struct http_reply *r, bool yes)
{
	q->over = true;
	q->yes = http_ok(r) && yes;
	if (!http_ok(r) && !api_says(r, 403) && !api_says(r, 404))
		api_fault(r, q->fault, sizeof(q->fault));
}

static void
on_user(void *arg, const struct http_reply *r)
{
	settle(arg, r, true);
}

/* A list with something in it. */
static void
on_templates(void *arg, const struct http_reply *r)
{
	struct json_scan s;

	json_scan_open(&s, r->body, r->n);
	settle(arg, r, json_scan_enter(&s, '[') && json_scan_element(&s));
}

static void
on_count(void *arg, const struct http_reply *r)
{
	settle(arg, r, http_ok(r) && api_count_parse(r->body, r->n) > 0);
}

/* {"all":true} */
static void
on_check(void *arg, const struct http_reply *r)
{
	struct json_scan s;
	struct slice     key, v;
	bool             yes = false;

	json_scan_open(&s, r->body, r->n);
	for (json_scan_enter(&s, '{'); json_scan_member(&s, &key);) {
		v = json_scan_value(&s);
		yes = yes || (slice_is(&key, "all") && v.n == 4 && v.p[0] == 't');
	}
	settle(arg, r, json_scan_end(&s) && yes);
}

/* The answer; no, with the fault, where none came. */
static bool
answered(const struct server *server, struct question *q)
{
	if (!server_await(server, &q->over))
		snprintf(q->fault, sizeof(q->fault), "ended by a signal");
	return q->yes;
}

static bool
user_exists(const struct server *server, const char *name, struct question *q)
{
	if (strcmp(name, "me") == 0)
		return true;
	api_get_user(server->api, name, on_user, q);
	return answered(server, q);
}

static bool
template_exists(const struct server *server, const char *name, struct question *q)
{
	int deprecated;

	q->yes = false; /* that was the owner's */
	for (deprecated = 0; deprecated < 2 && !q->yes && q->fault[0] == '\0'; deprecated++) {
		q->over = false;
		api_get_templates_named(server->api, name, deprecated != 0, on_templates, q);
		answered(server, q);
	}
	return q->yes;
}

/* Does the server count workspaces that this token sees? */
static bool
counts_any(const struct server *server, struct question *q)
{
	static const struct api_list one = { .limit = 1 };

	api_get_workspaces(server->api, API_NEEDED, &one, on_count, q);
	return answered(server, q);
}

/* Would it see those of others, if there were any? */
static bool
may_see_any(const struct server *server, struct question *q)
{
	static const char all[] = "{\"checks\":{\"all\":{\"object\":{\"resource_type\":"
	                          "\"workspace\",\"any_org\":true},\"action\":\"read\"}}}";

	if (q->fault[0] != '\0')
		return false;
	q->over = false;
	api_post_authcheck(server->api, all, on_check, q);
	return answered(server, q);
}

/* Of a search that names neither; all: of none. */
static bool
nobody_explains(const struct server *server, bool all, struct question *q, char *why, size_t size)
{
	if (counts_any(server, q)) {
		snprintf(why, size,
		        "the list is empty, and a moment later the server counts workspaces: "
		        "list them again");
		return !all;
	}
	if (may_see_any(server, q))
		return true;
	snprintf(why, size,
	        "this token sees no workspace: its user owns none and has no role that reads "
	        "others' (an organization-admin does, an auditor does not), or it lacks "
	        "workspace:read");
	return false;
}

bool
sight_explains(const struct server *server, const char *q, char *why, size_t size)
{
	struct question asked = { .over = false };
	struct buf      owner, template;
	bool            has_owner, has_template, yes = true;

	buf_init(&owner, BUF_RECORD_MAX);
	buf_init(&template, BUF_RECORD_MAX);
	has_owner = query_value(q, "owner", &owner);
	has_template = query_value(q, "template", &template);
	if (has_owner && !user_exists(server, buf_text(&owner), &asked)) {
		snprintf(why, size,
		        "no user '%.100s' that this token sees: check the name, and that it has "
		        "user:read",
		        buf_text(&owner));
		yes = false;
	} else if (has_template && !template_exists(server, buf_text(&template), &asked)) {
		snprintf(why, size,
		        "no template '%.100s' that this token sees: check the name, and that it "
		        "has template:read",
		        buf_text(&template));
		yes = false;
	} else if (!has_owner && !has_template) {
		yes = nobody_explains(server, q[0] == '\0', &asked, why, size);
	}
	if (!yes && asked.fault[0] != '\0')
		snprintf(why, size,
		        "the list is empty, and whether that is true cannot be read: %s",
		        asked.fault);
	buf_release(&owner);
	buf_release(&template);
	return yes;
}
