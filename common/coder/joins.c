/* joins.c - read the facts beside the list, and write them into each record. */

#include "coder/joins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/idset.h"
#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/uuid.h"
#include "base/xalloc.h"
#include "coder/api_calls.h"
#include "coder/provisioners.h"
#include "coder/users.h"

#define USERS_PAGE 1000
#define UNKNOWN (-1)

enum status { STATUS_UNKNOWN, STATUS_ACTIVE, STATUS_SUSPENDED, STATUS_DORMANT, STATUSES };

static const char *const status_name[STATUSES] = { NULL, "active", "suspended", "dormant" };

/* A list of users of one status, read in pages; after the last one it is whole. */
struct users {
	struct joins *joins;
	enum status   status;
	int64_t       offset;
	bool          whole;
};

struct joins {
	struct api          *api;
	struct owners       *owners;       /* owned */
	struct provisioners *provisioners; /* owned */
	struct when          at;
	char                *origin;
	bool                 started;
	int                  waiting;    /* reads not yet answered */
	int                  scheduling; /* 0, 1 or UNKNOWN */
	char                 version[64];
	bool                 has_offset;
	int64_t              offset_ms;
	struct idset         template_ids, user_ids;
	struct buf *template; /* by number: the object to write, but for its end */
	size_t       templates;
	enum status *user; /* by number */
	struct users suspended, dormant;
	bool         sees_all;   /* the token reads all users, not only itself */
	char         fault[200]; /* the first one that is no missing permission */
	/* in the rows written: */
	uint64_t no_scheduling, no_version, no_offset, no_live, no_matching, no_template, no_owner;
};

/* Of a read that is queued: its answer is waited for, until it arrived(). */
static struct api *
asking(struct joins *j)
{
	j->waiting++;
	return j->api;
}

static bool
arrived(struct joins *j, const struct http_reply *r)
{
	j->waiting--;
	return api_fact(r, j->fault, sizeof(j->fault));
}

/* The text of a JSON string without escapes. */
static bool
text_is(struct slice v, const char *want)
{
	return v.n == strlen(want) + 2 && v.p[0] == '"' && memcmp(v.p + 1, want, v.n - 2) == 0;
}

static void
on_entitlements(void *arg, const struct http_reply *r)
{
	struct joins *j = arg;

	if (arrived(j, r) || api_says(r, 404))
		j->scheduling = api_licensed(r, "advanced_template_scheduling");
}

/* The members of a template that a record carries, in the record's order. */
static const char *const template_member[] = { "default_ttl_ms", "activity_bump_ms",
	"failure_ttl_ms", "time_til_dormant_ms", "autostop_requirement", "autostart_requirement",
	"allow_user_autostart", "allow_user_autostop", "deprecated",
	"time_til_autostop_notify_ms" };

#define TEMPLATE_MEMBERS (sizeof(template_member) / sizeof(template_member[0]))

static void
add_template(struct joins *j, const struct uuid *id, const struct slice *v)
{
	struct buf *b;
	size_t      i, number;
	bool        fresh;

	number = idset_add(&j->template_ids, id, &fresh);
	if (!fresh)
		return;
	if (number >= j->templates) {
		j->templates = number + 1;
		j->template = xrealloc(j->template, j->templates, sizeof(*j->template));
	}
	b = &j->template[number];
	buf_init(b, BUF_RECORD_MAX);
	json_write_open(b, NULL);
	for (i = 0; i < TEMPLATE_MEMBERS; i++)
		json_write_raw(b, template_member[i], v[i].p, v[i].n);
	for (i = 0; i < b->n; i++)
		if (b->p[i] == '\n' || b->p[i] == '\r')
			b->p[i] = ' ';
}

static void
on_templates(void *arg, const struct http_reply *r)
{
	struct joins    *j = arg;
	struct json_scan s;
	struct slice     value[TEMPLATE_MEMBERS], key, v;
	struct uuid      id;
	size_t           i;

	if (!arrived(j, r))
		return;
	json_scan_open(&s, r->body, r->n);
	if (json_scan_peek(&s) != '[')
		return; /* null: none */
	for (json_scan_enter(&s, '['); json_scan_element(&s);) {
		memset(value, 0, sizeof(value));
		memset(&id, 0, sizeof(id));
		for (json_scan_enter(&s, '{'); json_scan_member(&s, &key);) {
			v = json_scan_value(&s);
			if (slice_is(&key, "id"))
				id = uuid_of(v);
			for (i = 0; i < TEMPLATE_MEMBERS; i++)
				if (slice_is(&key, template_member[i]))
					value[i] = v;
		}
		if (s.fault == NULL)
			add_template(j, &id, value);
	}
}

static void
set_user(void *arg, const struct user *user)
{
	struct joins *j = arg;
	bool          fresh;
	size_t        number = idset_add(&j->user_ids, &user->id, &fresh);
	int           i;

	if (fresh && (number & (number + 1)) == 0) /* room for twice as many */
		j->user = xrealloc(j->user, (number + 1) * 2, sizeof(*j->user));
	j->user[number] = STATUS_UNKNOWN;
	for (i = STATUS_ACTIVE; i < STATUSES; i++)
		if (text_is(user->status, status_name[i]))
			j->user[number] = (enum status)i;
}

static void
read_on(struct users *u);

static void
on_users(void *arg, const struct http_reply *r)
{
	struct users     *u = arg;
	struct users_page page;

	if (!arrived(u->joins, r))
		return;
	page = users_read(r->body, r->n, set_user, u->joins);
	if (page.rows < 0)
		return;
	u->offset += page.rows;
	/* Where a page is empty before its end somebody is missing, who would pass for active. */
	if (u->offset >= page.count)
		u->whole = true;
	else if (page.rows > 0)
		read_on(u);
}

static void
read_on(struct users *u)
{
	char            q[32];
	struct api_list list = { .q = q, .limit = USERS_PAGE, .offset = u->offset };

	snprintf(q, sizeof(q), "status:%s", status_name[u->status]);
	api_get_users(asking(u->joins), &list, on_users, u);
}

/* Two users at least: this token reads all of them.  One: itself only, as far as we can tell. */
static void
on_sight(void *arg, const struct http_reply *r)
{
	struct joins     *j = arg;
	struct users_page page;

	if (!arrived(j, r))
		return;
	page = users_read(r->body, r->n, set_user, j);
	j->sees_all = page.rows >= 0 && page.count >= 2;
}

struct joins *
joins_new(struct api *a, struct when at, const char *origin, unsigned with, int jobs)
{
	struct joins *j = xcalloc(1, sizeof(*j));

	j->api = a;
	j->owners = owners_new(a, with, jobs);
	j->provisioners = provisioners_new(a);
	j->at = at;
	j->origin = xstrdup(origin);
	j->scheduling = UNKNOWN;
	j->suspended.joins = j->dormant.joins = j;
	j->suspended.status = STATUS_SUSPENDED;
	j->dormant.status = STATUS_DORMANT;
	return j;
}

void
joins_start(struct joins *j)
{
	static const struct api_list two = { .limit = 2 };

	if (j->started)
		return;
	j->started = true;
	api_get_entitlements(asking(j), on_entitlements, j);
	api_get_templates(asking(j), false, on_templates, j);
	api_get_templates(asking(j), true, on_templates, j);
	api_get_users(asking(j), &two, on_sight, j);
	read_on(&j->suspended);
	read_on(&j->dormant);
	owners_start(j->owners);
}

void
joins_free(struct joins *j)
{
	size_t i;

	if (j == NULL)
		return;
	owners_free(j->owners);
	provisioners_free(j->provisioners);
	for (i = 0; i < j->template_ids.n; i++)
		buf_release(&j->template[i]);
	idset_release(&j->template_ids);
	idset_release(&j->user_ids);
	free(j->template);
	free(j->user);
	free(j->origin);
	free(j);
}

void
joins_server(struct joins *j, const struct http_reply *r)
{
	if (r->version != NULL)
		snprintf(j->version, sizeof(j->version), "%s", r->version);
	j->has_offset = r->has_date;
	j->offset_ms = r->offset_ms;
}

size_t
joins_expect(struct joins *j, const struct page *p)
{
	provisioners_expect(j->provisioners, p);
	return owners_expect(j->owners, p);
}

bool
joins_ready(const struct joins *j, size_t ticket)
{
	return j->waiting == 0 && provisioners_ready(j->provisioners) &&
	       owners_ready(j->owners, ticket);
}

static enum status
status_of(const struct joins *j, const struct uuid *owner)
{
	ptrdiff_t number = idset_find(&j->user_ids, owner);

	if (number >= 0)
		return j->user[number];
	/* not on the lists of those who are not active, which are whole */
	return j->sees_all && j->suspended.whole && j->dormant.whole ? STATUS_ACTIVE
	                                                             : STATUS_UNKNOWN;
}

static void
write_server(const struct joins *j, int live, struct buf *out)
{
	json_write_open(out, "server");
	json_write_foreign(out, "version", j->version);
	json_write_int_or_null(out, "clock_offset_ms", j->has_offset, j->offset_ms);
	json_write_int_or_null(out, "provisioners_live", live != PROVISIONERS_UNKNOWN, live);
	json_write_close(out);
}

static void
write_template(const struct buf *members, int matching, struct buf *out)
{
	if (members == NULL) {
		json_write_null(out, "template");
		return;
	}
	json_write_raw(out, "template", members->p, members->n);
	json_write_int_or_null(
	        out, "provisioners_matching", matching != PROVISIONERS_UNKNOWN, matching);
	json_write_close(out);
}

void
joins_write(struct joins *j, const struct row *row, struct buf *out)
{
	ptrdiff_t template = idset_find(&j->template_ids, &row->template_id);
	enum status status = row->prebuild ? STATUS_UNKNOWN : status_of(j, &row->owner_id);
	int         live = provisioners_live(j->provisioners, &row->organization_id);
	int         matching = provisioners_matching(j->provisioners, row);

	json_write_open(out, NULL);
	json_write_open(out, "fetch");
	json_write_when(out, "at", j->at);
	json_write_text(out, "url", j->origin);
	if (j->scheduling == UNKNOWN)
		json_write_null(out, "scheduling");
	else
		json_write_flag(out, "scheduling", j->scheduling == 1);
	write_server(j, live, out);
	write_template(template >= 0 ? &j->template[template] : NULL, matching, out);
	json_write_open(out, "owner");
	json_write_text(out, "status", status_name[status]);
	owners_write(j->owners, row, out);
	json_write_close(out);
	json_write_close(out);
	json_write_close(out);
	j->no_scheduling += j->scheduling == UNKNOWN;
	j->no_version += j->version[0] == '\0';
	j->no_offset += !j->has_offset;
	j->no_live += live == PROVISIONERS_UNKNOWN;
	j->no_template += template <0;
	j->no_matching += template >= 0 && matching == PROVISIONERS_UNKNOWN;
	j->no_owner += status == STATUS_UNKNOWN && !row->prebuild;
}

static const char *
first_fault(const struct joins *j, const char *of_owners)
{
	if (j->fault[0] != '\0')
		return j->fault;
	return provisioners_fault(j->provisioners)[0] != '\0' ? provisioners_fault(j->provisioners)
	                                                      : of_owners;
}

bool
joins_gaps(const struct joins *j, char *out, size_t size)
{
	const struct owners_gaps own = owners_gaps(j->owners);
	const char              *fault = first_fault(j, own.fault);
	struct {
		const char *what;
		uint64_t    rows;
	} gap[] = {
		{ "scheduling", j->no_scheduling },
		{ "server.version", j->no_version },
		{ "server.clock_offset_ms", j->no_offset },
		{ "server.provisioners_live", j->no_live },
		{ "template", j->no_template },
		{ "template.provisioners_matching", j->no_matching },
		{ "owner.status", j->no_owner },
		{ "owner.last_seen_at", own.seen },
		{ "owner.groups", own.groups },
		{ "owner.quiet_hours", own.quiet },
	};
	struct buf b;
	size_t     i;

	buf_init(&b, BUF_RECORD_MAX);
	for (i = 0; i < sizeof(gap) / sizeof(gap[0]); i++)
		if (gap[i].rows > 0)
			buf_printf(&b, "%s%s of %llu", b.n > 0 ? ", " : "", gap[i].what,
			        (unsigned long long)gap[i].rows);
	if (b.n > 0 && fault[0] != '\0')
		buf_printf(&b, " (%s)", fault);
	snprintf(out, size, "%s", buf_text(&b));
	buf_release(&b);
	return out[0] != '\0';
}
