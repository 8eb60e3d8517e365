/* route.c - which handler answers, and what is checked before it. */

#include <string.h>

#include "license.h"
#include "server.h"

enum { PUBLIC = 1, SCHEDULING = 2, GROUPS = 4 };

/* {} matches one segment.  Those of SCHEDULING and GROUPS are refused for want of a licence before the token is looked at. */
static const struct route {
	const char *method, *path;
	handler    *run;
	int         flags;
} routes[] = {
	{ "GET", "", ping, PUBLIC },
	{ "GET", "buildinfo", buildinfo, PUBLIC },
	{ "GET", "entitlements", entitlements, PUBLIC },
	{ "GET", "experiments", empty_array, 0 },
	{ "POST", "authcheck", authcheck, 0 },
	{ "GET", "workspaces", list_workspaces, 0 },
	{ "GET", "workspaces/{}", get_workspace, 0 },
	{ "GET", "workspaces/{}/builds", list_builds, 0 },
	{ "POST", "workspaces/{}/builds", post_build, 0 },
	{ "PUT", "workspaces/{}/extend", put_extend, 0 },
	{ "PUT", "workspaces/{}/ttl", put_ttl, 0 },
	{ "PUT", "workspaces/{}/autostart", put_autostart, 0 },
	{ "PUT", "workspaces/{}/dormant", put_dormant, 0 },
	{ "GET", "workspaces/{}/resolve-autostart", resolve_autostart, 0 },
	{ "GET", "workspacebuilds/{}", get_build, 0 },
	{ "PATCH", "workspacebuilds/{}/cancel", cancel_build, 0 },
	{ "GET", "templates", list_templates, 0 },
	{ "GET", "templates/{}", get_template, 0 },
	{ "GET", "templateversions/{}", get_version, 0 },
	{ "GET", "users", list_users, 0 },
	{ "GET", "users/{}", get_user, 0 },
	{ "GET", "users/{}/workspace/{}", get_workspace_by_name, 0 },
	{ "GET", "users/{}/workspace/{}/builds/{}", get_build_by_number, 0 },
	{ "GET", "users/{}/keys/tokens", list_keys, 0 },
	{ "GET", "users/{}/keys/{}", get_key, 0 },
	{ "GET", "users/{}/quiet-hours", quiet_hours, SCHEDULING },
	{ "PUT", "users/{}/quiet-hours", quiet_hours, SCHEDULING },
	{ "GET", "groups", groups, GROUPS },
	{ "GET", "groups/{}", groups, GROUPS },
	{ "GET", "organizations", list_organizations, 0 },
	{ "GET", "organizations/{}", get_organization, 0 },
	{ "GET", "organizations/{}/groups", groups, GROUPS },
	{ "GET", "organizations/{}/groups/{}", groups, GROUPS },
	{ "GET", "organizations/{}/members", list_members, 0 },
	{ "GET", "organizations/{}/paginated-members", list_members_paged, 0 },
	{ "GET", "organizations/{}/templates", list_templates, 0 },
	{ "GET", "organizations/{}/templates/{}", get_org_template, 0 },
	{ "GET", "organizations/{}/provisionerjobs", provisioner_jobs, 0 },
	{ "GET", "organizations/{}/provisionerdaemons", provisioner_daemons, 0 },
};

#define N_ROUTES (sizeof(routes) / sizeof(routes[0]))

/* The segments of r from first on against the route's; what {} matched is noted. */
static bool
matches(const struct route *route, struct req *r, int first)
{
	const char *p = route->path;
	int         args = 0;

	for (int i = first; i < r->n_segments; i++) {
		size_t n = strcspn(p, "/");

		if (n == 0)
			return false;
		if (n == 2 && strncmp(p, "{}", 2) == 0)
			r->args[args++] = r->segments[i];
		else if (strlen(r->segments[i]) != n || strncmp(p, r->segments[i], n) != 0)
			return false;
		p += n + (p[n] == '/');
	}
	return *p == '\0';
}

static bool
licensed(struct server *s, struct req *r, int flags)
{
	static const char scheduling[] = "advanced_template_scheduling";
	const char       *why = NULL;

	if (flags & GROUPS && !license_enabled(&s->world, "template_rbac"))
		why = "Template RBAC is a Premium feature. Contact sales!";
	else if (flags & SCHEDULING && !license_entitled(&s->world, scheduling))
		why = "Advanced template scheduling (and user quiet hours schedule) is an Enterprise feature. Contact sales!";
	else if (flags & SCHEDULING && !license_enabled(&s->world, scheduling))
		why = "Advanced template scheduling (and user quiet hours schedule) is not enabled.";
	if (why != NULL)
		reply_message(r, 403, why, NULL);
	return why == NULL;
}

static void
run_api(struct server *s, struct req *r)
{
	const struct token *shown = r->token != NULL ? token_find(r->token) : NULL;
	const struct route *found = NULL;
	bool                other_method = false;

	if (!limit_pass(&s->limiter, r, shown != NULL ? shown->user : "", s->world.now_us))
		return;
	for (size_t i = 0; i < N_ROUTES && found == NULL; i++) {
		if (!matches(&routes[i], r, 2))
			continue;
		if (strcmp(routes[i].method, r->method) == 0)
			found = &routes[i];
		else
			other_method = true;
	}
	if (found != NULL) {
		if (licensed(s, r, found->flags) && (found->flags & PUBLIC || authenticate(r, &s->world, &s->outage)))
			found->run(s, r);
		return;
	}
	if (!other_method) {
		reply_message(r, 404, "Route not found.", NULL);
		return;
	}
	reply_none(r, 405);
	for (size_t i = 0; i < N_ROUTES; i++)
		if (matches(&routes[i], r, 2))
			reply_header(r, "Allow", routes[i].method);
}

void
route_run(struct server *s, struct req *r)
{
	world_advance(&s->world);
	if (strcmp(r->path, "/healthz") == 0) {
		if (strcmp(r->method, "GET") == 0) {
			reply_raw(r, 200, "text/plain; charset=utf-8", "OK");
		} else {
			reply_none(r, 405);
			reply_header(r, "Allow", "GET");
		}
	} else if (r->n_segments >= 2 && strcmp(r->segments[0], "api") == 0 && strcmp(r->segments[1], "v2") == 0) {
		run_api(s, r);
	} else {
		/* Any other path is the single-page app's, so a wrong base URL looks like a success. */
		reply_raw(r, 200, "text/html; charset=utf-8",
		    "Slim build of Coder, does not contain the frontend static files.");
	}
}
