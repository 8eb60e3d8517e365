/* provisioners.c - the queue and the daemons, as an administrator may look at them. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "server.h"

#define DEFAULT_LIMIT 50

static bool
organization(struct server *s, struct req *r)
{
	if ((same_name(r->args[0], s->world.org_id) || same_name(r->args[0], s->world.org_name) ||
	    strcmp(r->args[0], "default") == 0) && may_read_provisioners(r->caller))
		return true;
	reply_not_found(r);
	return false;
}

static bool
known_params(struct req *r)
{
	static const char *const known[] = { "limit", "status", "ids", "tags", "initiator" };
	char                     text[256], why[64];
	const char              *v;

	for (size_t i = 0; i < r->n_params; i++) {
		bool ok = false;

		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			ok = ok || strcmp(known[k], r->params[i].k) == 0;
		if (!ok) {
			snprintf(text, sizeof(text), "\"%.100s\" is not a valid query param", r->params[i].k);
			reply_invalid(r, 400, "Invalid query parameters.", r->params[i].k, text);
			return false;
		}
	}
	v = req_param(r, "ids");
	if (v != NULL && v[0] != '\0' && uuid_problem(v, why) != NULL) {
		snprintf(text, sizeof(text), "Query param \"ids\" has invalid values: %s", why);
		reply_invalid(r, 400, "Invalid query parameters.", "ids", text);
		return false;
	}
	v = req_param(r, "initiator");
	if (v != NULL && v[0] != '\0' && uuid_problem(v, why) != NULL) {
		reply_invalid(r, 400, "Invalid query parameters.", "initiator", "Query param \"initiator\" must be a valid uuid");
		return false;
	}
	return true;
}

static bool
status_wanted(const char *csv, const char *word)
{
	const char *at = csv != NULL && csv[0] != '\0' ? strstr(csv, word) : word;

	return at != NULL;
}

/* A status that the database's enum does not have is an internal error, not a bad request: recorded. */
static bool
known_status(struct req *r, const char *csv)
{
	char *copy = xstrdup(csv != NULL ? csv : ""), *save = NULL, text[256];
	bool  ok = true;

	for (char *v = strtok_r(copy, ",", &save); v != NULL && ok; v = strtok_r(NULL, ",", &save)) {
		ok = strcmp(v, "unknown") == 0;
		for (int j = PENDING; j <= FAILED && !ok; j++)
			ok = strcmp(v, job_word((enum job)j)) == 0;
		if (!ok) {
			snprintf(text, sizeof(text), "fetch object: pq: invalid input value for enum provisioner_job_status: \"%.64s\"", v);
			reply_message(r, 500, "Internal error fetching provisioner jobs.", text);
		}
	}
	free(copy);
	return ok;
}

static int
newest_first(const void *a, const void *b)
{
	const struct build *const *x = a, *const *y = b;

	return (*x)->created_us > (*y)->created_us ? -1 : (*x)->created_us < (*y)->created_us;
}

static cJSON *
job_json(const struct world *w, struct build *b, int pending)
{
	cJSON                 *o = cJSON_Duplicate(jx_get(build_edit(b), "job"), 1), *m, *d;
	const struct template *t = b->ws->template;

	if (b->job == PENDING) {
		cJSON *workers = cJSON_CreateArray();

		cJSON_ArrayForEach(d, w->daemons)
			if (world_provisioners(w, b->version) > 0)
				cJSON_AddItemToArray(workers, cJSON_CreateString(jx_text(d, "id")));
		jx_set_after(o, "type", "available_workers", workers);
	} else {
		jx_set(o, "queue_size", cJSON_CreateNumber(pending));
		cJSON_ArrayForEach(d, w->daemons)
			if (strcmp(jx_text(d, "id"), jx_text(o, "worker_id")) == 0)
				jx_set_after(o, "worker_id", "worker_name", cJSON_CreateString(jx_text(d, "name")));
	}
	m = cJSON_CreateObject();
	jx_add_text(m, "template_version_name", b->version->name);
	jx_add_text(m, "template_id", t->id);
	jx_add_text(m, "template_name", t->name);
	jx_add_text(m, "template_display_name", jx_text(t->obj, "display_name"));
	jx_add_text(m, "template_icon", jx_text(t->obj, "icon"));
	jx_add_text(m, "workspace_id", b->ws->id);
	jx_add_text(m, "workspace_name", b->ws->name);
	jx_set(o, "metadata", m);
	return o;
}

void
provisioner_jobs(struct server *s, struct req *r)
{
	const char    *status = req_param(r, "status"), *asked = req_param(r, "limit");
	const char    *ids = req_param(r, "ids"), *by = req_param(r, "initiator");
	struct build **all;
	size_t         n = 0, limit = asked != NULL && asked[0] != '\0' ? (size_t)strtoul(asked, NULL, 10) : DEFAULT_LIMIT;
	int            pending = 0;
	cJSON         *out;

	if (!organization(s, r) || !known_params(r) || !known_status(r, status))
		return;
	all = xcalloc(s->world.n + 1, sizeof(*all));
	for (size_t i = 0; i < s->world.n; i++) {
		struct build      *b = s->world.all[i]->latest;
		const struct user *u = world_user(&s->world, b->initiator);

		pending += b->job == PENDING;
		if (status_wanted(status, job_word(b->job)) && (ids == NULL || strstr(ids, b->job_id) != NULL) &&
		    (by == NULL || (u != NULL && same_name(by, u->id))))
			all[n++] = b;
	}
	qsort(all, n, sizeof(*all), newest_first);
	out = cJSON_CreateArray();
	for (size_t i = 0; i < n && (limit == 0 || i < limit); i++)
		cJSON_AddItemToArray(out, job_json(&s->world, all[i], pending));
	reply_json(r, 200, out);
	cJSON_Delete(out);
	free(all);
}

/* The next build of the queue, from *at on, that one of the pool's holds. */
static const struct build *
held_by(const struct world *w, const struct pool *p, size_t *at)
{
	while (*at < w->n_queue) {
		const struct build *b = w->queue[(*at)++];

		if (b->pool == p && b->job != PENDING && !b->recorded)
			return b;
	}
	return NULL;
}

/* The i-th of all; b: what it is at, NULL: it is idle.  Its record is like one of those recorded, over and over. */
static cJSON *
daemon_json(const struct world *w, const struct pool *p, int i, const struct build *b)
{
	cJSON *d = cJSON_Duplicate(cJSON_GetArrayItem(w->daemons, i % cJSON_GetArraySize(w->daemons)), 1), *job;
	char   name[32], at[TIME_SIZE];

	snprintf(name, sizeof(name), "vm-%d", i);
	jx_set(d, "name", cJSON_CreateString(name));
	jx_set(d, "last_seen_at", cJSON_CreateString(time_text(at, w->now_us - 4000000)));
	jx_set(d, "tags", cJSON_Duplicate(p->tags, 1));
	jx_set(d, "status", cJSON_CreateString(b != NULL ? "busy" : "idle"));
	jx_set(d, "current_job", cJSON_CreateNull());
	if (b == NULL)
		return d;
	job = cJSON_CreateObject();
	jx_add_text(job, "id", b->job_id);
	jx_add_text(job, "status", job_word(b->job));
	jx_add_text(job, "template_name", b->ws->template->name);
	jx_add_text(job, "template_icon", jx_text(b->ws->template->obj, "icon"));
	jx_add_text(job, "template_display_name", jx_text(b->ws->template->obj, "display_name"));
	jx_set(d, "current_job", job);
	return d;
}

/* Those that are live; one is busy while a job of this run holds it.  The recorded jobs that hang hold none. */
void
provisioner_daemons(struct server *s, struct req *r)
{
	const struct world *w = &s->world;
	cJSON              *out;
	const char         *status = req_param(r, "status"), *asked = req_param(r, "limit");
	int                 n = 0, limit = asked != NULL && asked[0] != '\0' ? (int)strtol(asked, NULL, 10) : DEFAULT_LIMIT;

	if (!organization(s, r))
		return;
	out = cJSON_CreateArray();
	for (size_t p = 0; p < w->n_pools; p++) {
		size_t at = 0;

		for (int k = 0; k < w->pools[p].n; k++) {
			cJSON *d = daemon_json(w, &w->pools[p], n++, held_by(w, &w->pools[p], &at));

			if ((status == NULL || status_wanted(status, jx_text(d, "status"))) &&
			    (limit == 0 || cJSON_GetArraySize(out) < limit))
				cJSON_AddItemToArray(out, d);
			else
				cJSON_Delete(d);
		}
	}
	reply_json(r, 200, out);
	cJSON_Delete(out);
}
