/* provisioners.c - read the live provisioners, and the tags of the versions they are to build. */

#include "coder/provisioners.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/idset.h"
#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/uuid.h"
#include "base/xalloc.h"
#include "coder/api_calls.h"

/* The server lists so many unless it is asked for more: coderd/provisionerdaemons.go (v2.31). */
#define FIRST_PAGE 50

/* One organization's; its number in org_ids is its index. */
struct org {
	struct provisioners *all;
	struct uuid          id;
	size_t               listed; /* by the last reply, offline ones too */
	int                  first;  /* live ones of the first reply */
	int                  live;   /* PROVISIONERS_UNKNOWN until, and unless, they can be read */
	struct buf           tags;   /* a JSON array: those of each that is live */
	bool                 tagged; /* each says its own */
};

/* One active version; its number in version_ids is its index. */
struct version {
	struct provisioners *all;
	struct uuid          id;
	const struct org    *org;
	bool                 asked;
	int                  matching;
};

struct provisioners {
	struct api      *api;
	int              waiting; /* reads not yet answered */
	struct idset     org_ids, version_ids;
	struct org     **org; /* each apart, since a reply under way points to it */
	struct version **version;
	char             fault[200];
};

static bool
arrived(struct provisioners *p, const struct http_reply *r)
{
	p->waiting--;
	return api_fact(r, p->fault, sizeof(p->fault));
}

/* How many tags has it? */
static size_t
count(struct slice tags)
{
	struct json_scan s;
	struct slice     key;
	size_t           n = 0;

	json_scan_open(&s, tags.p, tags.n);
	for (json_scan_enter(&s, '{'); json_scan_member(&s, &key); n++)
		json_scan_value(&s);
	return n;
}

/* One server wrote both, so that equal texts have equal bytes. */
static bool
has(struct slice tags, const struct slice *name, struct slice value)
{
	struct json_scan s;
	struct slice     key, v;
	bool             found = false;

	json_scan_open(&s, tags.p, tags.n);
	for (json_scan_enter(&s, '{'); json_scan_member(&s, &key);) {
		v = json_scan_value(&s);
		found = found || (key.n == name->n && memcmp(key.p, name->p, key.n) == 0 &&
		                         v.n == value.n && memcmp(v.p, value.p, v.n) == 0);
	}
	return found;
}

static bool
is_untagged(struct slice job)
{
	static const struct slice owner = { "owner", 5 }, scope = { "scope", 5 };

	return count(job) == 2 && has(job, &owner, (struct slice){ "\"\"", 2 }) &&
	       has(job, &scope, (struct slice){ "\"organization\"", 14 });
}

bool
provisioners_serve(struct slice tags, struct slice job)
{
	struct json_scan s;
	struct slice     key;

	if (is_untagged(job) && count(tags) != 2)
		return false;
	json_scan_open(&s, job.p, job.n);
	for (json_scan_enter(&s, '{'); json_scan_member(&s, &key);)
		if (!has(tags, &key, json_scan_value(&s)))
			return false;
	return true;
}

static void
on_version(void *arg, const struct http_reply *r)
{
	struct version  *v = arg;
	struct json_scan s;
	struct slice     job = { r->body, r->n };

	if (!arrived(v->all, r))
		return;
	job = json_scan_find(json_scan_find(job, "job"), "tags");
	if (job.p == NULL || job.p[0] != '{')
		return; /* a server that does not say */
	v->matching = 0;
	json_scan_open(&s, v->org->tags.p, v->org->tags.n);
	for (json_scan_enter(&s, '['); json_scan_element(&s);)
		v->matching += provisioners_serve(json_scan_value(&s), job);
}

/* Ask for the version's tags, once, if the answer can make a difference. */
static void
ask(struct version *v)
{
	char text[UUID_SIZE];

	if (v->asked || v->org->live == PROVISIONERS_UNKNOWN || !v->org->tagged)
		return;
	v->asked = true;
	if (v->org->live == 0) {
		v->matching = 0;
		return;
	}
	uuid_print(text, &v->id);
	v->all->waiting++;
	api_get_version(v->all->api, text, on_version, v);
}

/* How many of a list are live, and their tags; UNKNOWN where one does not say what it is. */
static int
read_live(struct org *o, const char *body, size_t n)
{
	struct json_scan s;
	struct slice     one, status, tags;
	int              live = 0;

	o->tagged = true;
	o->listed = 0;
	buf_reset(&o->tags);
	json_write_array(&o->tags, NULL);
	json_scan_open(&s, body, n);
	if (json_scan_peek(&s) == 'n') /* Go's empty list may be null */
		json_scan_value(&s);
	else
		for (json_scan_enter(&s, '['); json_scan_element(&s);) {
			one = json_scan_value(&s);
			o->listed++;
			status = json_scan_find(one, "status");
			tags = json_scan_find(one, "tags");
			if (status.p == NULL || status.p[0] != '"')
				return PROVISIONERS_UNKNOWN;
			if (status.n == 9 && memcmp(status.p, "\"offline\"", 9) == 0)
				continue;
			live++;
			if (tags.p != NULL && tags.p[0] == '{')
				json_write_raw(&o->tags, NULL, tags.p, tags.n);
			else
				o->tagged = false;
		}
	json_write_array_end(&o->tags);
	return json_scan_end(&s) ? live : PROVISIONERS_UNKNOWN;
}

static void
settle(struct org *o, int live)
{
	struct provisioners *p = o->all;
	size_t               i;

	o->live = live;
	for (i = 0; i < p->version_ids.n; i++)
		if (p->version[i]->org == o)
			ask(p->version[i]);
}

static void
on_all(void *arg, const struct http_reply *r)
{
	struct org *o = arg;

	if (api_says(r, 400)) {
		/* A server that takes no limit has none. */
		o->all->waiting--;
		settle(o, o->first);
	} else if (arrived(o->all, r)) {
		settle(o, read_live(o, r->body, r->n));
	}
}

static void
on_provisioners(void *arg, const struct http_reply *r)
{
	struct org *o = arg;
	char        text[UUID_SIZE];

	if (!arrived(o->all, r))
		return;
	o->first = read_live(o, r->body, r->n);
	if (o->listed != FIRST_PAGE) {
		settle(o, o->first);
		return;
	}
	uuid_print(text, &o->id);
	o->all->waiting++;
	api_get_all_provisioners(o->all->api, text, on_all, o);
}

struct provisioners *
provisioners_new(struct api *a)
{
	struct provisioners *p = xcalloc(1, sizeof(*p));

	p->api = a;
	return p;
}

void
provisioners_free(struct provisioners *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->version_ids.n; i++)
		free(p->version[i]);
	for (i = 0; i < p->org_ids.n; i++) {
		buf_release(&p->org[i]->tags);
		free(p->org[i]);
	}
	idset_release(&p->org_ids);
	idset_release(&p->version_ids);
	free(p->version);
	free(p->org);
	free(p);
}

static const struct org *
expect_org(struct provisioners *p, const struct uuid *id)
{
	bool        fresh;
	size_t      number = idset_add(&p->org_ids, id, &fresh);
	char        text[UUID_SIZE];
	struct org *o;

	if (!fresh)
		return p->org[number];
	p->org = xrealloc(p->org, p->org_ids.n, sizeof(struct org *));
	o = p->org[number] = xcalloc(1, sizeof(*o));
	o->all = p;
	o->id = *id;
	o->live = PROVISIONERS_UNKNOWN;
	buf_init(&o->tags, BUF_BODY_MAX);
	uuid_print(text, id);
	p->waiting++;
	api_get_provisioners(p->api, text, on_provisioners, o);
	return o;
}

static void
expect_version(struct provisioners *p, const struct org *org, const struct uuid *id)
{
	static const struct uuid none;
	bool                     fresh;
	size_t                   number;
	struct version          *v;

	if (memcmp(id, &none, sizeof(none)) == 0)
		return;
	number = idset_add(&p->version_ids, id, &fresh);
	if (!fresh)
		return;
	p->version = xrealloc(p->version, p->version_ids.n, sizeof(struct version *));
	v = p->version[number] = xcalloc(1, sizeof(*v));
	v->all = p;
	v->id = *id;
	v->org = org;
	v->matching = PROVISIONERS_UNKNOWN;
	ask(v);
}

void
provisioners_expect(struct provisioners *p, const struct page *page)
{
	size_t i;

	for (i = 0; i < page->rows; i++) {
		const struct row *row = &page->row[i];

		expect_version(p, expect_org(p, &row->organization_id), &row->active_version_id);
	}
}

void
provisioners_expect_org(struct provisioners *p, const struct uuid *id)
{
	expect_org(p, id);
}

bool
provisioners_ready(const struct provisioners *p)
{
	return p->waiting == 0;
}

int
provisioners_live(const struct provisioners *p, const struct uuid *org_id)
{
	ptrdiff_t number = idset_find(&p->org_ids, org_id);

	return number >= 0 ? p->org[number]->live : PROVISIONERS_UNKNOWN;
}

int
provisioners_matching(const struct provisioners *p, const struct row *row)
{
	ptrdiff_t number = idset_find(&p->version_ids, &row->active_version_id);

	return number >= 0 ? p->version[number]->matching : PROVISIONERS_UNKNOWN;
}

const char *
provisioners_fault(const struct provisioners *p)
{
	return p->fault;
}
