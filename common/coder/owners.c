/* owners.c - read users, groups and quiet hours, and write them by owner. */

#include "coder/owners.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/idset.h"
#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/rfc3339.h"
#include "base/uuid.h"
#include "base/xalloc.h"
#include "coder/api_calls.h"
#include "coder/groups.h"
#include "coder/users.h"

#define USERS_PAGE 1000
#define JOBS_MAX 32

struct person {
	struct when last_seen;
	char       *email; /* JSON; owned */
};

/* A request for one owner's quiet hours. */
struct ask {
	struct owners *o;
	size_t         number; /* of the owner */
	bool           busy;
};

struct owners {
	struct api    *api;
	unsigned       with;
	size_t         jobs;
	int            lists; /* replies still to come */
	struct idset   person_ids;
	struct person *person; /* by number; owned */
	size_t         person_room;

	struct groups groups;
	bool          grouped; /* the list of groups is whole */

	struct idset owner_ids;
	struct uuid *owner; /* by number */
	char       **quiet; /* by number: JSON, NULL when there is none; owned */
	bool        *known; /* by number: answered */
	size_t       owner_room;
	size_t       asked, settled;    /* owners asked for; all below settled are known */
	bool         answered, refused; /* somebody was; nobody will be */
	struct ask   ask[JOBS_MAX];

	uint64_t no_seen, no_groups, no_quiet;
	char     fault[200];
};

const char *const owners_words[] = { "owner", "quiet-hours", "groups", NULL };

int
owners_with(void *target, const char *text, struct err *err)
{
	static const unsigned bit[] = { OWNERS_SEEN, OWNERS_QUIET, OWNERS_GROUPS };
	unsigned             *with = target;
	size_t                n, i;

	for (;; text += n + 1) {
		const char *const *word = owners_words;

		n = strcspn(text, ",");
		for (i = 0; word[i] != NULL; i++)
			if (strlen(word[i]) == n && strncmp(word[i], text, n) == 0)
				break;
		if (word[i] == NULL)
			return err_set(err, CWS_USAGE,
			        "expected owner, quiet-hours or groups, got \"%.*s\"",
			        (int)(n < 40 ? n : 40), text);
		*with |= bit[i];
		if (text[n] == '\0')
			return 0;
	}
}

struct owners *
owners_new(struct api *a, unsigned with, int jobs)
{
	struct owners *o = xcalloc(1, sizeof(*o));
	size_t         i;

	o->api = a;
	o->with = with;
	o->jobs = jobs < JOBS_MAX ? (size_t)jobs : JOBS_MAX;
	for (i = 0; i < JOBS_MAX; i++)
		o->ask[i].o = o;
	return o;
}

void
owners_free(struct owners *o)
{
	size_t i;

	if (o == NULL)
		return;
	for (i = 0; i < o->person_ids.n; i++)
		free(o->person[i].email);
	for (i = 0; i < o->owner_ids.n; i++)
		free(o->quiet[i]);
	idset_release(&o->person_ids);
	groups_release(&o->groups);
	idset_release(&o->owner_ids);
	free(o->person);
	free(o->owner);
	free(o->quiet);
	free(o->known);
	free(o);
}

static char *
copy_of(struct slice v)
{
	char *s = xcalloc(v.n + 1, 1);

	memcpy(s, v.p, v.n);
	return s;
}

static bool
is_text(struct slice v)
{
	return v.n >= 2 && v.p[0] == '"';
}

static void
read_users_from(struct owners *o, const struct uuid *after);

static void
set_person(void *arg, const struct user *user)
{
	struct owners *o = arg;
	struct person *p;
	int64_t        us;
	bool           fresh;
	size_t         number = idset_add(&o->person_ids, &user->id, &fresh);

	if (!fresh)
		return;
	if (number >= o->person_room) {
		o->person_room = o->person_room != 0 ? 2 * o->person_room : 256;
		o->person = xrealloc(o->person, o->person_room, sizeof(*o->person));
	}
	p = &o->person[number];
	p->last_seen = when_none();
	if (is_text(user->last_seen_at) &&
	        rfc3339_parse(user->last_seen_at.p + 1, user->last_seen_at.n - 2, &us) && us >= 0)
		p->last_seen = when_at(us); /* the year 1 means never */
	p->email = is_text(user->email) ? copy_of(user->email) : NULL;
}

static void
on_users(void *arg, const struct http_reply *r)
{
	struct owners    *o = arg;
	struct users_page page;
	size_t            before = o->person_ids.n;

	o->lists--;
	if (!api_fact(r, o->fault, sizeof(o->fault)))
		return;
	page = users_read(r->body, r->n, set_person, o);
	/* A server that passes over after_id would send the same page for ever. */
	if (page.rows > 0 && page.rows < page.count && o->person_ids.n > before)
		read_users_from(o, &page.last);
}

static void
read_users_from(struct owners *o, const struct uuid *after)
{
	struct api_list list = { .limit = USERS_PAGE };
	char            id[UUID_SIZE];

	if (after != NULL) {
		uuid_print(id, after);
		list.after_id = id;
	}
	o->lists++;
	api_get_users(o->api, &list, on_users, o);
}

static void
on_groups(void *arg, const struct http_reply *r)
{
	struct owners *o = arg;
	bool           whole = true;

	o->lists--;
	if (!api_fact(r, o->fault, sizeof(o->fault)))
		return;
	o->grouped = groups_read(&o->groups, r->body, r->n, &whole) && whole;
	if (!whole && o->fault[0] == '\0')
		snprintf(
		        o->fault, sizeof(o->fault), "members of groups are hidden from this token");
}

void
owners_start(struct owners *o)
{
	if (o->with & OWNERS_SEEN)
		read_users_from(o, NULL);
	if (o->with & OWNERS_GROUPS) {
		o->lists++;
		api_get_groups(o->api, on_groups, o);
	}
}

/* {"raw_schedule":..,"user_set":..} of a reply; NULL when it is none. */
static char *
read_quiet(const struct http_reply *r)
{
	struct json_scan s;
	struct slice     key, v, raw = { NULL, 0 }, set = { NULL, 0 };
	struct buf       b;
	char            *out;

	json_scan_open(&s, r->body, r->n);
	for (json_scan_enter(&s, '{'); json_scan_member(&s, &key);) {
		v = json_scan_value(&s);
		if (slice_is(&key, "raw_schedule"))
			raw = v;
		else if (slice_is(&key, "user_set"))
			set = v;
	}
	if (!json_scan_end(&s) || !is_text(raw) || set.p == NULL ||
	        (set.p[0] != 't' && set.p[0] != 'f'))
		return NULL;
	buf_init(&b, BUF_RECORD_MAX);
	json_write_open(&b, NULL);
	json_write_raw(&b, "raw_schedule", raw.p, raw.n);
	json_write_raw(&b, "user_set", set.p, set.n);
	json_write_close(&b);
	out = copy_of((struct slice){ b.p, b.n });
	buf_release(&b);
	return out;
}

static void
ask_on(struct owners *o);

static void
on_quiet(void *arg, const struct http_reply *r)
{
	struct ask    *a = arg;
	struct owners *o = a->o;

	a->busy = false;
	o->known[a->number] = true;
	while (o->settled < o->owner_ids.n && o->known[o->settled])
		o->settled++;
	/*
	 * Without the licence, or the premium build, nobody's can be read; else it is this one's
	 * alone.
	 */
	if (api_says(r, 403) ||
	        (!o->answered && api_says(r, 404) && strstr(r->body, "Route not found") != NULL))
		o->refused = true;
	o->answered = true;
	if (api_fact(r, o->fault, sizeof(o->fault)))
		o->quiet[a->number] = read_quiet(r);
	ask_on(o);
}

static void
ask_on(struct owners *o)
{
	char   id[UUID_SIZE];
	size_t i, width = o->answered ? o->jobs : 1;

	for (i = 0; i < width && !o->refused && o->asked < o->owner_ids.n; i++) {
		if (o->ask[i].busy)
			continue;
		o->ask[i].busy = true;
		o->ask[i].number = o->asked;
		uuid_print(id, &o->owner[o->asked++]);
		api_get_quiet_hours(o->api, id, on_quiet, &o->ask[i]);
	}
}

size_t
owners_expect(struct owners *o, const struct page *p)
{
	size_t i, number;
	bool   fresh;

	if ((o->with & OWNERS_QUIET) == 0)
		return 0;
	for (i = 0; i < p->rows; i++) {
		if (p->row[i].prebuild)
			continue;
		number = idset_add(&o->owner_ids, &p->row[i].owner_id, &fresh);
		if (!fresh)
			continue;
		if (number >= o->owner_room) {
			o->owner_room = o->owner_room != 0 ? 2 * o->owner_room : 256;
			o->owner = xrealloc(o->owner, o->owner_room, sizeof(*o->owner));
			o->quiet = xrealloc(o->quiet, o->owner_room, sizeof(*o->quiet));
			o->known = xrealloc(o->known, o->owner_room, sizeof(*o->known));
		}
		o->owner[number] = p->row[i].owner_id;
		o->quiet[number] = NULL;
		o->known[number] = false;
	}
	ask_on(o);
	return o->owner_ids.n;
}

bool
owners_ready(const struct owners *o, size_t ticket)
{
	return o->lists == 0 && (o->refused || o->settled >= ticket);
}

void
owners_write(struct owners *o, const struct row *row, struct buf *out)
{
	ptrdiff_t            person = idset_find(&o->person_ids, &row->owner_id);
	ptrdiff_t            owner = idset_find(&o->owner_ids, &row->owner_id);
	const struct person *p = person >= 0 ? &o->person[person] : NULL;
	const char          *email = p != NULL ? p->email : NULL;
	const char          *quiet = owner >= 0 ? o->quiet[owner] : NULL;
	bool                 grouped = o->grouped && !row->prebuild;

	json_write_when(out, "last_seen_at", p != NULL ? p->last_seen : when_none());
	json_write_raw(out, "email", email, email != NULL ? strlen(email) : 0);
	if (grouped)
		groups_write(&o->groups, &row->owner_id, out);
	else
		json_write_null(out, "groups");
	json_write_raw(out, "quiet_hours", quiet, quiet != NULL ? strlen(quiet) : 0);
	if (row->prebuild) /* its owner is nobody, so nothing is missing */
		return;
	o->no_seen += (o->with & OWNERS_SEEN) && p == NULL;
	o->no_groups += (o->with & OWNERS_GROUPS) && !grouped;
	o->no_quiet += (o->with & OWNERS_QUIET) && quiet == NULL;
}

struct owners_gaps
owners_gaps(const struct owners *o)
{
	return (struct owners_gaps){ o->no_seen, o->no_groups, o->no_quiet, o->fault };
}
