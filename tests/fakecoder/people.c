/* people.c - users, quiet hours and groups. */

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cron.h"
#include "search.h"
#include "server.h"

/* Not among the users that are listed, but there by name and id: recorded. */
static cJSON *
prebuilds_user(const struct world *w)
{
	static const char text[] =
	    "{\"id\":\"c42fdf75-3097-471c-8c33-fb52454d81c0\",\"username\":\"prebuilds\",\"name\":\"Prebuilds Owner\","
	    "\"email\":\"prebuilds@system\",\"created_at\":\"\",\"updated_at\":\"\",\"last_seen_at\":\"0001-01-01T00:00:00Z\","
	    "\"status\":\"active\",\"login_type\":\"none\",\"organization_ids\":[],\"roles\":[]}";
	cJSON      *o = cJSON_Parse(text);
	const char *made = jx_text(cJSON_GetArrayItem(w->organizations, 0), "created_at");

	jx_set(o, "created_at", cJSON_CreateString(made));
	jx_set(o, "updated_at", cJSON_CreateString(made));
	cJSON_AddItemToArray(jx_get(o, "organization_ids"), cJSON_CreateString(w->org_id));
	return o;
}

/* Nobody but the owner had a role of the site when the world was recorded; who has one by their token sees it. */
static void
put_user(struct req *r, const struct user *u)
{
	static const struct {
		const char *name, *display;
	} roles[OWNER + 1] = { [AUDITOR] = { "auditor", "Auditor" }, [TEMPLATE_ADMIN] = { "template-admin", "Template Admin" } };
	enum role has = strcmp(r->caller->user, u->name) == 0 ? r->caller->role : MEMBER;
	cJSON    *o = cJSON_Duplicate(u->obj, 1), *role;

	if (roles[has].name != NULL) {
		role = cJSON_CreateObject();
		jx_add_text(role, "name", roles[has].name);
		jx_add_text(role, "display_name", roles[has].display);
		cJSON_AddItemToArray(jx_get(o, "roles"), role);
	}
	reply_json(r, 200, o);
	cJSON_Delete(o);
}

void
get_user(struct server *s, struct req *r)
{
	cJSON       *system = prebuilds_user(&s->world);
	struct user *u;

	if ((same_name(r->args[0], "prebuilds") || same_name(r->args[0], jx_text(system, "id"))) && may_read_users(r->caller))
		reply_json(r, 200, system);
	else if ((u = path_user(s, r)) != NULL)
		put_user(r, u);
	cJSON_Delete(system);
}

struct user_filter {
	const char *words, *name, *status, *role, *login;
	int64_t     seen_after_us, seen_before_us, made_after_us, made_before_us;
};

static bool
in_csv(const char *csv, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = csv; *p != '\0'; p += *p == ',') {
		size_t len = strcspn(p, ",");

		if (len == n && strncmp(p, word, n) == 0)
			return true;
		p += len;
	}
	return false;
}

static void
take_status(struct search *q, struct user_filter *f)
{
	char *copy, *save = NULL;

	f->status = search_text(q, "status");
	copy = xstrdup(f->status);
	for (char *v = strtok_r(copy, ",", &save); v != NULL; v = strtok_r(NULL, ",", &save))
		if (!in_csv("active,dormant,suspended", v))
			search_fault(q, "status", "Query param \"status\" has invalid values: \"%s\" is not a valid value", v);
	free(copy);
}

static bool
read_filter(struct req *r, struct search *q, struct user_filter *f)
{
	search_parse(q, req_param(r, "q"), "search", false);
	f->words = search_text(q, "search");
	f->name = search_text(q, "name");
	take_status(q, f);
	f->role = search_text(q, "role");
	f->login = search_text(q, "login_type");
	f->seen_after_us = search_time(q, "last_seen_after");
	f->seen_before_us = search_time(q, "last_seen_before");
	f->made_after_us = search_time(q, "created_after");
	f->made_before_us = search_time(q, "created_before");
	search_text(q, "github_com_user_id");
	return search_done(q, r, "Invalid user search query.");
}

static bool
has_role(const struct user *u, const char *csv)
{
	const cJSON *role;

	if (in_csv(csv, "member"))
		return true;
	cJSON_ArrayForEach(role, jx_get(u->obj, "roles"))
		if (in_csv(csv, jx_text(role, "name")))
			return true;
	return false;
}

/* An instant that is not set lies before all others, as year 1 does; a bound that is not set bounds nothing. */
static bool
between(int64_t at_us, int64_t after_us, int64_t before_us)
{
	return (after_us == NO_TIME || at_us >= after_us) && (before_us == NO_TIME || at_us <= before_us);
}

static bool
passes(const struct user_filter *f, const struct user *u)
{
	return (f->words[0] == '\0' || has_name(u->name, f->words) || has_name(jx_text(u->obj, "email"), f->words)) &&
	    (f->name[0] == '\0' || has_name(jx_text(u->obj, "name"), f->name)) &&
	    (f->status[0] == '\0' || in_csv(f->status, u->status)) && (f->role[0] == '\0' || has_role(u, f->role)) &&
	    (f->login[0] == '\0' || in_csv(f->login, jx_text(u->obj, "login_type"))) &&
	    between(jx_time(u->obj, "last_seen_at"), f->seen_after_us, f->seen_before_us) &&
	    between(jx_time(u->obj, "created_at"), f->made_after_us, f->made_before_us);
}

/*
 * The users that the caller may see and the filter wants, behind the cursor.
 * Returns how many there are; those of the page are appended to list.
 */
static int
page_users(struct server *s, struct req *r, const struct user_filter *f, size_t limit, size_t offset, struct buf *list)
{
	const char        *after = req_param(r, "after_id");
	const struct user *cursor = after != NULL && after[0] != '\0' ? world_user(&s->world, after) : NULL;
	size_t             count = 0, put = 0;

	if (after != NULL && after[0] != '\0' && cursor == NULL)
		return 0;
	for (size_t i = 0; i < s->world.n_users; i++) {
		const struct user *u = &s->world.users[i];

		/* The recording is in the order of the listing, lower(username). */
		if ((cursor != NULL && u <= cursor) || !may(r->caller, USER_READ) || !passes(f, u) ||
		    (r->caller->role == MEMBER && strcmp(u->name, r->caller->user) != 0))
			continue;
		if (count++ < offset || (limit > 0 && put >= limit))
			continue;
		if (put++ > 0)
			buf_putc(list, ',');
		jx_print(list, u->obj);
	}
	/* Beyond the end the count is 0: it comes from a window function over the rows of the page. */
	return put > 0 ? (int)count : 0;
}

void
list_users(struct server *s, struct req *r)
{
	struct search      q;
	struct user_filter f = { 0 };
	size_t             limit, offset;
	struct buf        *out, list;

	if (!page_params(r, &limit, &offset))
		return;
	if (read_filter(r, &q, &f)) {
		int count;

		buf_init(&list, BUF_BODY_MAX);
		count = page_users(s, r, &f, limit, offset, &list);
		out = reply_begin(r, 200);
		buf_printf(out, "{\"users\":[%s],\"count\":%d}", buf_text(&list), count);
		reply_end(r);
		buf_release(&list);
	}
	search_free(&q);
}

/*
 * With the feature every third user has quiet hours of their own, the others the
 * deployment's default; changing them is no part of the simulation.
 */
void
quiet_hours(struct server *s, struct req *r)
{
	static const struct {
		const char *raw, *time, *zone;
	} own[] = {
		{ "CRON_TZ=Europe/Berlin 0 19 * * *", "19:00", "Europe/Berlin" },
		{ "CRON_TZ=America/New_York 30 18 * * *", "18:30", "America/New_York" },
	};
	struct user *u = path_user(s, r);
	cJSON       *o;
	size_t       i;
	bool         set;

	if (u == NULL)
		return;
	i = (size_t)(u - s->world.users);
	set = i % 3 == 0;
	i = i / 3 % 2;
	o = cJSON_CreateObject();
	jx_add_text(o, "raw_schedule", set ? own[i].raw : "CRON_TZ=UTC 0 0 * * *");
	jx_add_bool(o, "user_set", set);
	jx_add_bool(o, "user_can_set", true);
	jx_add_text(o, "time", set ? own[i].time : "00:00");
	jx_add_text(o, "timezone", set ? own[i].zone : "UTC");
	jx_add_time(o, "next", cron_next(jx_text(o, "raw_schedule"), s->world.now_us));
	reply_json(r, 200, o);
	cJSON_Delete(o);
}

static cJSON *
group_json(const struct world *w, const char *id, const char *name, size_t from, size_t step)
{
	const cJSON *org = cJSON_GetArrayItem(w->organizations, 0);
	cJSON       *o = cJSON_CreateObject(), *list;

	jx_add_text(o, "id", id);
	jx_add_text(o, "name", name);
	jx_add_text(o, "display_name", "");
	jx_add_text(o, "organization_id", w->org_id);
	list = cJSON_AddArrayToObject(o, "members");
	for (size_t i = from; i < w->n_users; i += step) {
		cJSON *m = cJSON_CreateObject();

		for (size_t k = 0; k < 4; k++) {
			static const char *const keys[] = { "id", "username", "name", "email" };

			jx_add_text(m, keys[k], jx_text(w->users[i].obj, keys[k]));
		}
		jx_add_text(m, "status", w->users[i].status);
		cJSON_AddItemToArray(list, m);
	}
	jx_add_int(o, "total_member_count", cJSON_GetArraySize(list));
	jx_add_text(o, "avatar_url", "");
	jx_add_int(o, "quota_allowance", 0);
	jx_add_text(o, "source", "user");
	jx_add_text(o, "organization_name", w->org_name);
	jx_add_text(o, "organization_display_name", jx_text(org, "display_name"));
	return o;
}

/* With the feature: Everyone, and a group of every fourth user. */
void
groups(struct server *s, struct req *r)
{
	cJSON      *list = cJSON_CreateArray(), *g;
	const char *wanted = r->n_segments == 6 ? r->args[1] : r->n_segments == 4 ? r->args[0] : NULL;
	bool        found = false;

	cJSON_AddItemToArray(list, group_json(&s->world, s->world.org_id, "Everyone", 0, 1));
	cJSON_AddItemToArray(list, group_json(&s->world, "5a4b3c2d-1e0f-4a1b-8c2d-3e4f5a6b7c8d", "night-shift", 1, 4));
	if (wanted == NULL)
		reply_json(r, 200, list);
	cJSON_ArrayForEach(g, list)
		if (wanted != NULL && !found && (same_name(jx_text(g, "id"), wanted) || same_name(jx_text(g, "name"), wanted))) {
			reply_json(r, 200, g);
			found = true;
		}
	if (wanted != NULL && !found)
		reply_not_found(r);
	cJSON_Delete(list);
}
