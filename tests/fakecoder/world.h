/*
 * world.h - the simulated deployment: users, templates, workspaces, builds.
 *
 * A workspace that nobody touched is served as the recording's own bytes; one
 * that changed is parsed once, changed in its cJSON form and printed when it
 * is next read.  A clone is the recording's text with other ids and another
 * name, put together when it is served, so 10,000 workspaces cost what their
 * facts cost.
 *
 * Time is looked at when a request comes: world_advance plays what the
 * provisioners did since.  All instants are microseconds since 1970.
 * One lock in server.c guards all of it.
 */

#ifndef FAKE_WORLD_H
#define FAKE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jx.h"
#include "pools.h"

enum transition { START, STOP, DELETE };
enum job { PENDING, RUNNING, SUCCEEDED, CANCELING, CANCELED, FAILED };

/* How the templates stopfail and startfail end: recorded. */
#define STOP_ERROR  "exit status 1: Error: deleting Deployment: context deadline exceeded"
#define START_ERROR "exit status 1: Error: creating Deployment: quota exceeded"

/* Who is not in the recording and can join. */
#define NEWCOMER "zoe"

struct user {
	const char *id, *name, *status; /* borrowed from obj */
	cJSON      *obj;                /* borrowed from world.users */
};

struct version {
	char   id[UUID_SIZE], name[64];
	cJSON *tags; /* of its jobs; owned */
	char   asks[32]; /* the parameter that it asks for and no other version has; "" when none */
};

struct template {
	const char           *id, *name; /* borrowed from obj */
	cJSON                *obj;       /* borrowed from world.templates */
	struct version      **versions;  /* all that are known; owned */
	size_t                n_versions;
	const struct version *active; /* one of them */
	char                  file_id[UUID_SIZE];
	cJSON                *resources[2]; /* of a recorded START and STOP; owned, NULL when none was seen */
};

enum hole_kind { HOLE_ID, HOLE_BUILD, HOLE_JOB, HOLE_NAME };

/* One recorded workspace: its bytes, and where the clones differ from it. */
struct base {
	char  *text;
	size_t n;
	struct hole {
		size_t at, n;
		enum hole_kind what;
	} *holes;
	size_t n_holes;
};

struct build {
	struct ws      *ws;
	char            id[UUID_SIZE], job_id[UUID_SIZE];
	int             number;
	enum transition transition;
	const struct version *version; /* borrowed from the template */
	enum job        job;
	bool            recorded; /* came with the world: if active, it holds no provisioner and never ends */
	char            reason[32], initiator[48];
	char            error[160];
	int64_t         created_us, started_us, completed_us, canceled_us; /* NO_TIME: not yet */
	int64_t         ends_us;                                           /* of a running job; INT64_MAX: it hangs */
	int64_t         deadline_us, max_deadline_us;
	const struct pool *pool; /* that has a provisioner at it while it runs; NULL: none */
	int             queue_position, queue_size;
	cJSON          *obj; /* owned; NULL while the base's text says it */
};

struct ws {
	const struct base *base;
	int                clone; /* 0: the recorded one */
	char               id[UUID_SIZE], name[64];
	const struct user *user;  /* its owner; borrowed */
	const char        *owner; /* its owner's name; borrowed from user */
	const struct user **shared; /* with whom, in the role "use"; the list is owned */
	size_t             n_shared;
	struct template   *template;
	char               schedule[96]; /* "" when unset */
	int64_t            next_start_us;
	int64_t            fires_us, fires_since_us; /* the schedule's first firing since that instant, kept by executor.c */
	int64_t            ttl_ms;                   /* 0 when unset */
	int64_t            last_used_us;
	bool               dormant, deleted;
	bool               updates; /* automatic_updates is "always": a start of the server's own takes the active version */
	struct build      *latest;
	struct build     **earlier; /* those before latest that are known: the recorded one, then this run's; oldest first */
	size_t             n_earlier;
	cJSON             *obj; /* owned; NULL while unchanged */
	char              *text;
	size_t             n_text;
	struct acts {
		unsigned stop, start, extend;
	} acts; /* requests carried out, for /_control */
};

#define MAX_FEATURES 16

/* What the world is made from, each time anew. */
struct setup {
	const char *dir;   /* of the recording; borrowed */
	bool        shift; /* move the recording's moment to now */
	int         clone; /* so many of each workspace */
	int         provisioners;
	int64_t     build_time_us, clock_offset_us;
	bool        executor; /* autostop and autostart */
	bool        premium; /* every feature */
	const char *features[MAX_FEATURES]; /* or those; borrowed */
	size_t      n_features;
};

struct world {
	struct setup     set;
	cJSON           *users_doc, *templates_doc, *organizations, *entitlements, *buildinfo, *daemons;
	struct user     *users;
	size_t           n_users;
	struct template *templates;
	size_t           n_templates;
	struct base    **bases;
	size_t           n_bases;
	struct ws      **all; /* in the order of the listing when sorted is true */
	size_t           n;
	bool             sorted;
	const char      *org_id, *org_name; /* borrowed */
	struct build   **queue; /* pending, then running: everything of this run that has not ended */
	size_t           n_queue;
	struct pool      pools[MAX_POOLS];
	size_t           n_pools;
	int64_t          clock_offset_us; /* grows by the change "clock" */
	int64_t          shift_s; /* how far the recording was moved; 0 without --shift */
	int64_t          now_us; /* as of the last world_advance */
};

/* world_load - make w, of which only set is filled in.  world_reload - once more, and nothing of what happened is left. */
void
world_load(struct world *w);
void
world_reload(struct world *w);
void
world_free(struct world *w);

/* world_advance - play everything that has happened up to the present moment. */
void
world_advance(struct world *w);

struct ws *
world_find(struct world *w, const char *id);
struct ws *
world_find_name(struct world *w, const char *owner, const char *name, bool deleted);

/* world_find_build - by id, over all workspaces; *ours is set to a build that the caller has to build_free. */
struct build *
world_find_build(struct world *w, const char *id, struct build **ours);

struct user *
world_user(struct world *w, const char *id_or_name);
/* world_join - a user more, without a workspace, whose name comes behind all others'; there is room for one. */
void
world_join(struct world *w, const char *name);

/* world_set_user_status - "active", "dormant" or "suspended". */
void
world_set_user_status(struct user *u, const char *status);

struct template *
world_template(struct world *w, const char *id_or_name);

/* template_version - the template's version of that id, made when it is not known yet. */
struct version *
template_version(struct template *t, const char *id);

/* world_version - a version of any template, NULL when there is none; *of is set to the template. */
const struct version *
world_version(const struct world *w, const char *id, const struct template **of);

/*
 * template_publish - a new version becomes the active one; tags: its own, NULL
 * for those of the one before; asks: for a parameter of that name, "" for none.  template_set_tags - of all its versions.
 * template_require_active - only the active one may be started.
 */
void
template_publish(struct world *w, struct template *t, const cJSON *tags, const char *asks);
void
template_set_tags(struct world *w, struct template *t, const cJSON *tags);
void
template_require_active(struct world *w, struct template *t, bool on);
bool
template_requires_active(const struct template *t);

/* template_use_classic_flow - as it was before dynamic parameters: a start that leaves a parameter unsaid is refused. */
void
template_use_classic_flow(struct world *w, struct template *t, bool on);

/* ws_set_updates - automatic_updates.  ws_autostart_version - what an autostart would build. */
void
ws_set_updates(struct ws *ws, bool always);
const struct version *
ws_autostart_version(const struct ws *ws);

/* ws_answers - is all said that v asks for, by the build before?  ws_may_build - or need it not be? */
bool
ws_answers(const struct ws *ws, const struct version *v);
bool
ws_may_build(const struct ws *ws, const struct version *v);
void
template_release(struct template *t);

/* world_sort - bring world.all into the order of the listing. */
void
world_sort(struct world *w);

/* world_add - one more workspace, like the first of its template, running from now on; id: "" for a new one. */
struct ws *
world_add(struct world *w, const char *id, const char *name, struct user *owner, struct template *t);

/* ws_parse - the workspace's JSON, owned by the caller. */
cJSON *
ws_parse(const struct ws *ws);

/* ws_edit - the workspace's JSON, to be changed by the caller; what was printed is forgotten. */
cJSON *
ws_edit(struct ws *ws);

/*
 * ws_print - the workspace as the API serves it, appended to b.  Only who may
 * count provisioners sees how many match a pending build.
 */
void
ws_print(struct ws *ws, bool sees_provisioners, struct buf *b);

/* build_status - Coder's word for what a job and a transition make: codersdk.ConvertWorkspaceStatus. */
const char *
build_status(const struct build *b);
const char *
job_word(enum job j);
const char *
transition_word(enum transition t);

/* build_edit - the build's JSON.  build_refresh writes the facts into it, and into its workspace. */
cJSON *
build_edit(struct build *b);
void
build_refresh(struct world *w, struct build *b);
void
build_free(struct build *b);

/* build_active - is its job pending, running or canceling? */
bool
build_active(const struct build *b);

/* build_new - put a build of ws into the queue.  v: NULL is that of the build before; initiator: a user's name. */
struct build *
build_new(struct world *w, struct ws *ws, enum transition t, const struct version *v, const char *reason, const char *initiator);

/* build_finish_now - end an active build of this run successfully, at this instant (another administrator's stop). */
void
build_finish_now(struct world *w, struct build *b);

/* build_cancel - false when its job has ended or is being canceled. */
bool
build_cancel(struct world *w, struct build *b);

/* build_earlier - the builds before latest that the recording does not hold: number n, made up plausibly, owned by the caller. */
struct build *
build_earlier(struct world *w, struct ws *ws, int number);

/*
 * build_print - the build as one endpoint answers it: the reply to POST has no
 * template version name yet, GET /workspacebuilds/{id} never counts provisioners.
 */
enum build_form { FORM_POSTED, FORM_GOT };
void
build_print(struct build *b, enum build_form form, bool sees_provisioners, struct buf *out);

/* ws_share - let u use the workspace.  ws_shared_with - may the user of that name? */
void
ws_share(struct ws *ws, const struct user *u);
bool
ws_shared_with(const struct ws *ws, const char *user);

/* ws_set_deadline - of the running build; NO_TIME clears it. */
void
ws_set_deadline(struct world *w, struct ws *ws, int64_t deadline_us);

/* ws_set_max_deadline - of the running build, whose deadline is not allowed to be later. */
void
ws_set_max_deadline(struct world *w, struct ws *ws, int64_t max_deadline_us);

/* ws_touch - last used now.  ws_use - the same, and its deadline bumped as an agent's report of a session does. */
void
ws_touch(struct world *w, struct ws *ws);
void
ws_use(struct world *w, struct ws *ws);

/*
 * deadline_after - of a build that succeeded at at_us: schedule.CalculateAutostop
 * without a licence.  start_us: the schedule's first firing after that, or NO_TIME.
 */
int64_t
deadline_after(const struct ws *ws, int64_t at_us, int64_t start_us);

/* ws_next_firing - when the schedule fires after at_us; NO_TIME without one.  ws_set_next_start - next_start_at. */
int64_t
ws_next_firing(const struct ws *ws, int64_t at_us);
void
ws_set_next_start(struct ws *ws, int64_t at_us);

/* queue_refresh - what waits shows the provisioners that there are now. */
void
queue_refresh(struct world *w);

#endif
