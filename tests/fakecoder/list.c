/*
 * list.c - GET /workspaces: filter, order, page.
 *
 * count is taken before paging, and before the rows are dropped whose template
 * the caller may not read, so a page can be short or empty without being the
 * last.  Source: coderd/workspaces.go, workspaces and convertWorkspaces.
 */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "search.h"
#include "server.h"

struct filter {
	const char *owner, *template, *name, *status, *shared_with;
	int         dormant, outdated, healthy, ai_task, external, shared;
	int64_t     used_after_us, used_before_us;
	bool        nobody;     /* some key that no recorded workspace satisfies */
	bool        connecting; /* agents wanted in the state that all recorded ones are in */
	bool        by_id;
	char      **ids; /* owned */
	size_t      n_ids;
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* PostgreSQL's ILIKE for %pattern%: % and _ within it are wildcards too. */
static bool
like_here(const char *s, const char *p)
{
	for (; *p != '\0'; s++, p++) {
		if (*p == '%') {
			for (;; s++) {
				if (like_here(s, p + 1))
					return true;
				if (*s == '\0')
					return false;
			}
		}
		if (*s == '\0' || (*p != '_' && lower(*s) != lower(*p)))
			return false;
	}
	return true;
}

static bool
like(const char *s, const char *p)
{
	for (;; s++) {
		if (like_here(s, p))
			return true;
		if (*s == '\0')
			return false;
	}
}

static void
take_ids(struct search *q, struct filter *f)
{
	const char *csv;
	char        why[64];

	for (size_t i = 0; (csv = search_each(q, "id", &i)) != NULL;) {
		char *copy = xstrdup(csv), *save = NULL;

		f->by_id = true;
		for (char *id = strtok_r(copy, ",", &save); id != NULL; id = strtok_r(NULL, ",", &save)) {
			if (uuid_problem(id, why) != NULL) {
				search_fault(q, "id", "Query param \"id\" has invalid values: %s", why);
				break;
			}
			f->ids = xrealloc(f->ids, f->n_ids + 1, sizeof(char *));
			f->ids[f->n_ids++] = xstrdup(id);
		}
		free(copy);
	}
}

static void
take_status(struct search *q, struct filter *f)
{
	static const char *const words[] = { "pending", "starting", "running", "stopping", "stopped", "failed", "canceling",
		"canceled", "deleting", "deleted" };

	f->status = search_text(q, "status");
	if (f->status[0] == '\0')
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(f->status, words[i]) == 0)
			return;
	search_fault(q, "status", "Query param \"status\" has invalid value: \"%s\" is not a valid value", f->status);
}

/* The keys that are accepted, and that no recorded workspace has anything for. */
static void
take_rest(struct server *s, struct search *q, struct filter *f)
{
	const char *v;

	f->outdated = search_bool(q, "outdated");
	f->healthy = search_bool(q, "healthy");
	f->ai_task = search_bool(q, "has-ai-task");
	f->external = search_bool(q, "has_external_agent");
	f->shared = search_bool(q, "shared");
	f->nobody = f->healthy != -1 || f->ai_task == 1 || f->external == 1;
	v = search_text(q, "has-agent");
	f->connecting = strstr(v, "connecting") != NULL;
	f->nobody = f->nobody || (v[0] != '\0' && !f->connecting);
	for (size_t i = 0; search_each(q, "param", &i) != NULL;)
		f->nobody = true;
	v = search_text(q, "shared_with_user");
	if (v[0] != '\0' && world_user(&s->world, v) == NULL)
		search_fault(q, "shared_with_user", "Query param \"shared_with_user\" has invalid value: user \"%s\" either does "
						    "not exist, or you are unauthorized to view them", v);
	else if (v[0] != '\0')
		f->shared_with = world_user(&s->world, v)->name;
	v = search_text(q, "shared_with_group");
	if (v[0] != '\0')
		search_fault(q, "shared_with_group", "Query param \"shared_with_group\" has invalid value: group \"%s\" either "
						     "does not exist, does not belong to the organization \"%s\", or you are "
						     "unauthorized to view it", v, s->world.org_name);
}

static bool
read_filter(struct server *s, struct req *r, struct search *q, struct filter *f)
{
	const char *org;

	search_parse(q, req_param(r, "q"), "name", true);
	f->owner = search_text(q, "owner");
	if (strcmp(f->owner, "me") == 0)
		f->owner = r->caller->user;
	f->template = search_text(q, "template");
	f->name = search_text(q, "name");
	take_status(q, f);
	f->dormant = search_bool(q, "dormant");
	f->used_after_us = search_time(q, "last_used_after");
	f->used_before_us = search_time(q, "last_used_before");
	take_ids(q, f);
	org = search_text(q, "organization");
	if (org[0] != '\0' &&
	    (!(same_name(org, s->world.org_name) || same_name(org, s->world.org_id)) || !may(r->caller, ORG_READ)))
		search_fault(q, "organization", "Query param \"organization\" has invalid value: organization \"%s\" either does "
						"not exist, or you are unauthorized to view it", org);
	take_rest(s, q, f);
	return search_done(q, r, "Invalid workspace search query.");
}

static bool
passes(const struct filter *f, const struct ws *ws)
{
	bool listed = !f->by_id;

	for (size_t i = 0; i < f->n_ids && !listed; i++)
		listed = same_name(f->ids[i], ws->id);
	return listed && !f->nobody && (f->owner[0] == '\0' || same_name(f->owner, ws->owner)) &&
	    (f->template[0] == '\0' || same_name(f->template, ws->template->name)) &&
	    (f->name[0] == '\0' || like(ws->name, f->name)) &&
	    (f->status[0] == '\0' || strcmp(f->status, build_status(ws->latest)) == 0) && (f->dormant != 1 || ws->dormant) &&
	    (f->used_after_us == NO_TIME || ws->last_used_us >= f->used_after_us) &&
	    (f->used_before_us == NO_TIME || ws->last_used_us <= f->used_before_us) &&
	    (f->outdated == -1 || f->outdated == (ws->latest->version != ws->template->active)) &&
	    (f->shared == -1 || f->shared == (ws->n_shared > 0)) &&
	    (f->shared_with == NULL || ws_shared_with(ws, f->shared_with)) &&
	    (!f->connecting || (ws->latest->transition == START && ws->latest->job == SUCCEEDED));
}

static void
put_page(struct server *s, struct req *r, const struct filter *f, size_t limit, size_t offset)
{
	struct buf *b = reply_begin(r, 200);
	size_t      count = 0, put = 0;
	bool        readable = may(r->caller, TEMPLATE_READ);

	world_sort(&s->world);
	buf_puts(b, "{\"workspaces\":[");
	for (size_t i = 0; i < s->world.n; i++) {
		struct ws *ws = s->world.all[i];

		if (ws->deleted || !may_list(r->caller, ws) || !passes(f, ws))
			continue;
		if (count >= offset && (limit == 0 || count - offset < limit) && readable) {
			if (put++ > 0)
				buf_putc(b, ',');
			ws_print(ws, may_count_provisioners(r->caller, ws), b);
		}
		count++;
	}
	buf_printf(b, "],\"count\":%zu}", count);
	reply_end(r);
}

void
list_workspaces(struct server *s, struct req *r)
{
	struct search q;
	struct filter f = { 0 };
	size_t        limit, offset;

	if (!page_params(r, &limit, &offset))
		return;
	if (read_filter(s, r, &q, &f))
		put_page(s, r, &f, limit, offset);
	for (size_t i = 0; i < f.n_ids; i++)
		free(f.ids[i]);
	free(f.ids);
	search_free(&q);
}
