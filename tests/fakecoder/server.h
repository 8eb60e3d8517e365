/* server.h - the running server: what handlers share, and the glue to libmicrohttpd. */

#ifndef FAKE_SERVER_H
#define FAKE_SERVER_H

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "authz.h"
#include "limit.h"
#include "outage.h"
#include "req.h"
#include "world.h"

struct fault;

/* One connection of a client. */
struct conn {
	int          fd;
	atomic_bool  stale; /* older than the last reset: nothing of it may reach the world any more */
	struct conn *next;
};

struct server {
	struct world    world;
	struct limiter  limiter;
	struct fault   *faults;
	size_t          n_faults;
	struct outage   outage;
	FILE           *log; /* NULL: none */
	int64_t         latency_ms, accept_ms; /* before each reply of the API; before each connection is taken */
	int64_t         away_ms; /* the port is to be left for so long; -1: it is not */
	char            other_cert[PATH_MAX], other_key[PATH_MAX]; /* files for then; "": as before */
	pthread_mutex_t lock; /* over everything above, while a request is handled */
	atomic_bool     stopping, listening;
	unsigned long   n_logged;
	struct conn    *conns;
	pthread_mutex_t conns_lock; /* over the list alone */
};

/* route_run - answer r; called under the lock. */
void
route_run(struct server *s, struct req *r);

typedef void handler(struct server *, struct req *);

handler list_workspaces, get_workspace, get_workspace_by_name, put_extend, put_ttl, put_autostart, put_dormant,
    resolve_autostart;
handler post_build, list_builds, get_build, cancel_build, get_build_by_number;
handler list_users, get_user, get_key, list_keys, quiet_hours, groups;
handler list_templates, get_template, get_version, get_org_template, list_organizations, get_organization, list_members,
    list_members_paged, provisioner_jobs, provisioner_daemons, entitlements, buildinfo, authcheck, ping, empty_array;

/* Shared by handlers: the workspace or the user that the path names, NULL after answering 404 or 400. */
struct ws *
readable_workspace(struct server *s, struct req *r);
struct user *
path_user(struct server *s, struct req *r);

/* ws_set_ttl, ws_set_dormant - what the API and other administrators change; a TTL of 0 is none. */
void
ws_set_ttl(struct world *w, struct ws *ws, int64_t ttl_ms);
void
ws_set_dormant(struct world *w, struct ws *ws, bool dormant);

/* log_open - begin that file anew, or exit.  Lines go to its end, so that a test may empty it meanwhile. */
void
log_open(struct server *s, const char *path);

/* log_restart - begin the file anew.  False: why says that it cannot be. */
bool
log_restart(struct server *s, struct buf *why);

/* log_request - one line about r, which was answered or came to the end that fault names. */
void
log_request(struct server *s, const struct req *r, const char *fault);

/*
 * world_change - apply one of the changes of the fault script and /_control.
 * r: the request that it happens beside, or NULL.  False: why says what is
 * wrong with it.
 */
bool
world_change(struct server *s, const cJSON *change, struct req *r, struct buf *why);

/* control_run - answer a request to /_control. */
void
control_run(struct server *s, struct req *r);

/*
 * server_reset - everything as at the start: world, clock, tokens, limits, hits
 * of the rules, log.  Every connection but by's ends, and what was under way on
 * them changes nothing any more.  False: why says what could not be.
 */
bool
server_reset(struct server *s, const struct conn *by, struct buf *why);

/* server_run - serve until SIGTERM or SIGINT.  cert and key: file names, NULL for plain HTTP. */
int
server_run(struct server *s, int port, const char *cert, const char *key);

#endif
