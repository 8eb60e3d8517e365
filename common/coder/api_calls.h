/*
 * api_calls.h - the calls of Coder's API that cws makes, by its own names.
 *
 * Each path stands in api_calls.c and nowhere else.  Ids have the form of uuid_is_plain; they and
 * texts are copied.  done() gets the final reply, as of api.h.
 */

#ifndef CWS_API_CALLS_H
#define CWS_API_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "coder/api.h"

/* A part of a list. */
struct api_list {
	const char *q;     /* the server's search; NULL or "": all */
	int         limit; /* 1 to 1000 */
	int64_t     offset;
	const char *after_id; /* of users: those behind this one; NULL: from the first */
};

/* GET /workspaces: {"workspaces":[...],"count":N}. */
void
api_get_workspaces(struct api *a, enum api_effort effort, const struct api_list *list,
        http_done *done, void *arg);

/* GET /workspaces/{id}, past any cache: api_read_anew. */
void
api_get_workspace(struct api *a, const char *id, bool joins, http_done *done, void *arg);

/* GET /workspaces/{id}/builds, past any cache: the newest `limit` of them. */
void
api_get_builds(struct api *a, const char *id, int64_t limit, http_done *done, void *arg);

/* GET /workspacebuilds/{id}. */
void
api_get_build(struct api *a, enum api_effort effort, const char *id, http_done *done, void *arg);

/* POST /workspaces/{id}/builds: api_act. */
void
api_post_build(struct api *a, const char *id, const char *transition, const struct api_send *how);

/* PUT /workspaces/{id}/extend: api_act. */
void
api_put_extend(struct api *a, const char *id, int64_t deadline_us, const struct api_send *how);

/* POST /authcheck, a question: api_ask.  body: JSON. */
void
api_post_authcheck(struct api *a, const char *body, http_done *done, void *arg);

/* GET /buildinfo, without need of a token: what answers here?  Tried once. */
void
api_get_buildinfo(struct api *a, http_done *done, void *arg);

/* GET /users/me/keys/{id}: of the token's own user; optional. */
void
api_get_key(struct api *a, const char *id, http_done *done, void *arg);

/* GET /users/me. */
void
api_get_me(struct api *a, http_done *done, void *arg);

/* GET /users/{user}: by id or name. */
void
api_get_user(struct api *a, const char *user, http_done *done, void *arg);

/* GET /users: {"users":[...],"count":N}; read by users.h. */
void
api_get_users(struct api *a, const struct api_list *list, http_done *done, void *arg);

/* GET /users/{user}/quiet-hours, optional as all that follow. */
void
api_get_quiet_hours(struct api *a, const char *user_id, http_done *done, void *arg);

/* GET /groups, /entitlements, /templates (those in use, or the deprecated ones). */
void
api_get_groups(struct api *a, http_done *done, void *arg);
void
api_get_entitlements(struct api *a, http_done *done, void *arg);
void
api_get_templates(struct api *a, bool deprecated, http_done *done, void *arg);

/* GET /templates: those of this very name, needed. */
void
api_get_templates_named(
        struct api *a, const char *name, bool deprecated, http_done *done, void *arg);

/* GET /organizations/{id}/provisionerdaemons. */
void
api_get_provisioners(struct api *a, const char *org_id, http_done *done, void *arg);

/* The same, without the limit of 50 that it has by itself: 400 from a server that knows of none. */
void
api_get_all_provisioners(struct api *a, const char *org_id, http_done *done, void *arg);

/* GET /templateversions/{id}, ahead of what waits. */
void
api_get_version(struct api *a, const char *id, http_done *done, void *arg);

#endif
