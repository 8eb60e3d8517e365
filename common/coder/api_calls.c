/* api_calls.c - calls to paths and bodies. */

#include "coder/api_calls.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/json_write.h"
#include "base/rfc3339.h"
#include "coder/query.h"

#define ROOT "/api/v2"

/* Only ids, numbers and words of our own go into those of this size. */
#define PATH_SIZE 160

static void
list_path(struct buf *b, const char *path, const struct api_list *list)
{
	buf_init(b, BUF_RECORD_MAX);
	buf_printf(b, "%s?limit=%d", path, list->limit);
	if (list->after_id != NULL)
		buf_printf(b, "&after_id=%s", list->after_id);
	else
		buf_printf(b, "&offset=%lld", (long long)list->offset);
	if (list->q != NULL && list->q[0] != '\0') {
		buf_puts(b, "&q=");
		query_escape(b, list->q);
	}
}

void
api_get_workspaces(struct api *a, enum api_effort effort, const struct api_list *list,
        http_done *done, void *arg)
{
	struct buf path;

	list_path(&path, ROOT "/workspaces", list);
	api_read(a, effort, buf_text(&path), done, arg);
	buf_release(&path);
}

void
api_get_workspace(struct api *a, const char *id, bool joins, http_done *done, void *arg)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), ROOT "/workspaces/%s", id);
	api_read_anew(a, path, joins, done, arg);
}

void
api_get_builds(struct api *a, const char *id, int64_t limit, http_done *done, void *arg)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), ROOT "/workspaces/%s/builds?limit=%lld", id, (long long)limit);
	api_read_anew(a, path, false, done, arg);
}

void
api_get_build(struct api *a, enum api_effort effort, const char *id, http_done *done, void *arg)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), ROOT "/workspacebuilds/%s", id);
	api_read(a, effort, path, done, arg);
}

/* The one member of these bodies is all that they need. */
static void
body_of(struct buf *b, const char *name, const char *text)
{
	buf_init(b, BUF_RECORD_MAX);
	json_write_open(b, NULL);
	json_write_text(b, name, text);
	json_write_close(b);
}

void
api_post_build(struct api *a, const char *id, const char *transition, const struct api_send *how)
{
	struct http_request req = { .method = "POST" };
	struct buf          body;
	char                path[PATH_SIZE];

	snprintf(path, sizeof(path), ROOT "/workspaces/%s/builds", id);
	body_of(&body, "transition", transition);
	req.path = path;
	req.body = buf_text(&body);
	api_act(a, &req, how);
	buf_release(&body);
}

void
api_put_extend(struct api *a, const char *id, int64_t deadline_us, const struct api_send *how)
{
	struct http_request req = { .method = "PUT" };
	struct buf          body;
	char                path[PATH_SIZE], deadline[RFC3339_EXACT_SIZE];

	snprintf(path, sizeof(path), ROOT "/workspaces/%s/extend", id);
	rfc3339_print_exact(deadline, deadline_us);
	body_of(&body, "deadline", deadline);
	req.path = path;
	req.body = buf_text(&body);
	api_act(a, &req, how);
	buf_release(&body);
}

void
api_post_authcheck(struct api *a, const char *body, http_done *done, void *arg)
{
	api_ask(a, ROOT "/authcheck", body, done, arg);
}

void
api_get_buildinfo(struct api *a, http_done *done, void *arg)
{
	api_read(a, API_ONCE, ROOT "/buildinfo", done, arg);
}

void
api_get_key(struct api *a, const char *id, http_done *done, void *arg)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), ROOT "/users/me/keys/%s", id);
	api_read(a, API_OPTIONAL, path, done, arg);
}

void
api_get_me(struct api *a, http_done *done, void *arg)
{
	api_read(a, API_NEEDED, ROOT "/users/me", done, arg);
}

void
api_get_user(struct api *a, const char *user, http_done *done, void *arg)
{
	struct buf path;

	buf_init(&path, BUF_RECORD_MAX);
	buf_puts(&path, ROOT "/users/");
	query_escape(&path, user);
	api_read(a, API_NEEDED, buf_text(&path), done, arg);
	buf_release(&path);
}

void
api_get_users(struct api *a, const struct api_list *list, http_done *done, void *arg)
{
	struct buf path;

	list_path(&path, ROOT "/users", list);
	api_read(a, API_OPTIONAL, buf_text(&path), done, arg);
	buf_release(&path);
}

void
api_get_quiet_hours(struct api *a, const char *user_id, http_done *done, void *arg)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), ROOT "/users/%s/quiet-hours", user_id);
	api_read(a, API_OPTIONAL, path, done, arg);
}

void
api_get_groups(struct api *a, http_done *done, void *arg)
{
	api_read(a, API_OPTIONAL, ROOT "/groups", done, arg);
}

void
api_get_entitlements(struct api *a, http_done *done, void *arg)
{
	api_read(a, API_OPTIONAL, ROOT "/entitlements", done, arg);
}

void
api_get_templates(struct api *a, bool deprecated, http_done *done, void *arg)
{
	api_read(a, API_OPTIONAL,
	        deprecated ? ROOT "/templates?q=deprecated%3Atrue" : ROOT "/templates", done, arg);
}

void
api_get_templates_named(
        struct api *a, const char *name, bool deprecated, http_done *done, void *arg)
{
	struct buf path, q;

	buf_init(&path, BUF_RECORD_MAX);
	buf_init(&q, BUF_RECORD_MAX);
	buf_printf(&q, "exact_name:\"%s\"%s", name, deprecated ? " deprecated:true" : "");
	buf_puts(&path, ROOT "/templates?q=");
	query_escape(&path, buf_text(&q));
	api_read(a, API_NEEDED, buf_text(&path), done, arg);
	buf_release(&path);
	buf_release(&q);
}

void
api_get_provisioners(struct api *a, const char *org_id, http_done *done, void *arg)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), ROOT "/organizations/%s/provisionerdaemons", org_id);
	api_read(a, API_OPTIONAL, path, done, arg);
}

void
api_get_all_provisioners(struct api *a, const char *org_id, http_done *done, void *arg)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), ROOT "/organizations/%s/provisionerdaemons?limit=0", org_id);
	api_read_ahead(a, path, done, arg);
}

void
api_get_version(struct api *a, const char *id, http_done *done, void *arg)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), ROOT "/templateversions/%s", id);
	api_read_ahead(a, path, done, arg);
}
