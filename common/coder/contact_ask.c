/* contact_ask.c - one question at a time, its answer into the facts. */

#include "coder/contact_ask.h"

#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/rfc3339.h"
#include "coder/api_calls.h"
#include "coder/provisioners.h"
#include "coder/sight.h"

#define PAGE 200
#define PASSES 2 /* a list that moves is short by a row now and then */
#define NAMES_SHOWN 5
#define FOREIGN_MAX 2048

static bool
answered(struct contact *c)
{
	bool over = server_await(c->server, &c->over);

	c->over = false;
	return over;
}

/* The text of a string, cleaned and cut; false where it is none. */
static bool
take_text(struct slice v, char *out, size_t size)
{
	char text[FOREIGN_MAX];

	if (v.p == NULL || v.p[0] != '"' || v.n > sizeof(text) || !slice_text(&v, text))
		return false;
	diag_clean(out, size - 1, text, strlen(text));
	return true;
}

/* Nothing that was to come from Coder did. */
static void
lose(struct contact *c, const struct http_reply *r)
{
	api_fault(r, c->unreachable, sizeof(c->unreachable));
	c->facts.unreachable = c->unreachable;
}

static void
on_buildinfo(void *arg, const struct http_reply *r)
{
	struct contact *c = arg;
	struct slice    body = { r->body, r->n };

	c->over = true;
	c->facts.has_clock = r->has_date;
	c->facts.offset_ms = r->offset_ms;
	if (!http_ok(r) ||
	        !take_text(json_scan_find(body, "version"), c->version, sizeof(c->version))) {
		lose(c, r);
		return;
	}
	c->facts.version = c->version;
	c->facts.is_proxy = slice_is_true(json_scan_find(body, "workspace_proxy"));
	if (take_text(json_scan_find(body, "dashboard_url"), c->dashboard, sizeof(c->dashboard)))
		c->facts.dashboard = c->dashboard;
}

static void
on_me(void *arg, const struct http_reply *r)
{
	struct contact *c = arg;

	c->over = true;
	if (http_ok(r) && api_me_parse(r->body, r->n, &c->me) == 0) {
		c->facts.user = c->me.name;
		c->facts.roles = c->me.roles;
	} else if (api_means_token(r)) {
		api_fault(r, c->refused, sizeof(c->refused));
		c->facts.refused = c->refused;
	} else if (!api_says(r, 404)) {
		lose(c, r);
	}
}

/* An instant, none for null and the year 1; false where it cannot be read. */
static bool
read_end(struct slice v, struct when *end)
{
	int64_t at_us;

	*end = when_none();
	if (v.p == NULL)
		return false;
	if (v.p[0] == 'n')
		return true;
	if (v.p[0] != '"' || !rfc3339_parse(v.p + 1, v.n - 2, &at_us))
		return false;
	if (at_us > 0)
		*end = when_at(at_us);
	return true;
}

static void
on_key(void *arg, const struct http_reply *r)
{
	struct contact *c = arg;
	struct slice    body = { r->body, r->n }, kind;

	c->over = true;
	if (!http_ok(r))
		return;
	kind = json_scan_find(body, "login_type");
	c->facts.is_session = kind.n != 7 || memcmp(kind.p, "\"token\"", 7) != 0;
	c->facts.has_end = read_end(json_scan_find(body, "expires_at"), &c->facts.end);
}

/* The verbs, and whose workspaces: his own, or anybody's. */
static const char *const verb[] = { "read", "stop", "update", "start" };

#define VERBS (sizeof(verb) / sizeof(verb[0]))

static void
write_check(const struct contact *c, struct buf *b, bool own, const char *action)
{
	char name[24];

	snprintf(name, sizeof(name), "%s %s", own ? "own" : "all", action);
	json_write_open(b, name);
	json_write_open(b, "object");
	json_write_text(b, "resource_type", "workspace");
	if (own)
		json_write_text(b, "owner_id", "me");
	if (own && c->me.orgs > 0)
		json_write_text(b, "organization_id", c->me.org[0]);
	else
		json_write_flag(b, "any_org", true);
	json_write_close(b);
	json_write_text(b, "action", action);
	json_write_close(b);
}

static enum reach
reach_of(struct slice body, const char *action)
{
	char         name[24];
	struct slice own, all;

	snprintf(name, sizeof(name), "own %s", action);
	own = json_scan_find(body, name);
	snprintf(name, sizeof(name), "all %s", action);
	all = json_scan_find(body, name);
	if (own.p == NULL || all.p == NULL)
		return REACH_UNKNOWN;
	return slice_is_true(all) ? REACH_OTHERS : slice_is_true(own) ? REACH_OWN : REACH_NONE;
}

static void
on_checks(void *arg, const struct http_reply *r)
{
	struct contact *c = arg;
	struct slice    body = { r->body, r->n };

	c->over = true;
	if (!http_ok(r))
		return;
	c->facts.read = reach_of(body, "read");
	c->facts.stop = reach_of(body, "stop");
	c->facts.update = reach_of(body, "update");
	c->facts.start = reach_of(body, "start");
}

static bool
ask_permissions(struct contact *c)
{
	struct buf body;
	size_t     i;

	buf_init(&body, BUF_RECORD_MAX);
	json_write_open(&body, NULL);
	json_write_open(&body, "checks");
	for (i = 0; i < VERBS; i++) {
		write_check(c, &body, true, verb[i]);
		write_check(c, &body, false, verb[i]);
	}
	json_write_close(&body);
	json_write_close(&body);
	api_post_authcheck(c->server->api, buf_text(&body), on_checks, c);
	buf_release(&body);
	return answered(c);
}

static void
on_page(void *arg, const struct http_reply *r)
{
	struct contact  *c = arg;
	int64_t          count = http_ok(r) ? api_count_parse(r->body, r->n) : -1;
	struct slice     body = { r->body, r->n }, rows = json_scan_find(body, "workspaces");
	struct json_scan s;

	c->over = true;
	if (count < 0) {
		api_fault(r, c->unlisted, sizeof(c->unlisted));
		c->facts.unlisted = c->unlisted;
		return;
	}
	c->facts.counted = count;
	json_scan_open(&s, rows.p, rows.n);
	for (json_scan_enter(&s, '['); json_scan_element(&s); json_scan_value(&s))
		c->facts.seen++;
}

/* All pages: rows that are counted and not shown are on any of them. */
static bool
ask_list(struct contact *c)
{
	struct contact_facts *f = &c->facts;
	struct api_list       list = { .limit = PAGE };
	int                   pass;

	for (pass = 0; pass < PASSES && f->unlisted == NULL; pass++) {
		f->seen = 0;
		for (list.offset = 0; list.offset == 0 || list.offset < f->counted;
		        list.offset += PAGE) {
			api_get_workspaces(c->server->api, API_NEEDED, &list, on_page, c);
			if (!answered(c))
				return false;
			if (f->unlisted != NULL)
				return true;
		}
		if (f->seen >= f->counted)
			break;
	}
	if (f->seen > f->counted)
		f->counted = f->seen;
	if (f->counted == 0 && !sight_explains(c->server, "", c->unlisted, sizeof(c->unlisted)))
		f->unlisted = c->unlisted;
	return *c->server->signals == 0;
}

static enum known
known(int yes)
{
	return yes < 0 ? KNOWN_NOT : yes != 0 ? KNOWN_YES : KNOWN_NO;
}

static void
on_entitlements(void *arg, const struct http_reply *r)
{
	struct contact *c = arg;

	c->over = true;
	c->facts.scheduling = known(api_licensed(r, "advanced_template_scheduling"));
	c->facts.groups = known(api_licensed(r, "template_rbac"));
}

/* The name of a template that reminds its workspaces' owners, behind those that are there. */
static void
add_name(struct contact *c, struct slice template, int n)
{
	char   name[64];
	size_t used = strlen(c->reminding);

	if (n > NAMES_SHOWN || !take_text(json_scan_find(template, "name"), name, sizeof(name)))
		return;
	snprintf(c->reminding + used, sizeof(c->reminding) - used, "%s%s", used > 0 ? ", " : "",
	        n < NAMES_SHOWN ? name : "...");
}

static void
on_templates(void *arg, const struct http_reply *r)
{
	struct contact  *c = arg;
	struct json_scan s;
	struct slice     one, reminder;
	int64_t          ms;
	int              n = 0;

	c->over = true;
	if (!http_ok(r))
		return;
	json_scan_open(&s, r->body, r->n);
	if (json_scan_peek(&s) != '[')
		return;
	for (json_scan_enter(&s, '['); json_scan_element(&s);) {
		one = json_scan_value(&s);
		reminder = json_scan_find(one, "time_til_autostop_notify_ms");
		if (reminder.p == NULL)
			continue;
		c->facts.has_reminders = true;
		if (slice_int(&reminder, &ms) && ms > 0)
			add_name(c, one, n++);
	}
}

static bool
are_provisioners_ready(const void *p)
{
	return provisioners_ready(p);
}

/* Of all organizations together; one that is hidden leaves the sum unknown. */
static bool
ask_provisioners(struct contact *c)
{
	struct provisioners *p = provisioners_new(c->server->api);
	struct uuid          id[API_ME_ORGS];
	size_t               i;
	int64_t              sum = c->me.orgs > 0 ? 0 : CONTACT_UNKNOWN;
	bool                 all;

	for (i = 0; i < c->me.orgs; i++) {
		uuid_parse(c->me.org[i], strlen(c->me.org[i]), &id[i]);
		provisioners_expect_org(p, &id[i]);
	}
	all = server_await_all(c->server, are_provisioners_ready, p);
	for (i = 0; i < c->me.orgs && sum != CONTACT_UNKNOWN; i++) {
		int live = provisioners_live(p, &id[i]);

		sum = live != PROVISIONERS_UNKNOWN ? sum + live : CONTACT_UNKNOWN;
	}
	c->facts.live = sum;
	provisioners_free(p);
	return all;
}

/* When the token ends, by its name, which is no secret. */
static bool
ask_key(struct contact *c, const struct login *login)
{
	char id[LOGIN_KEY_ID_SIZE];

	if (!login_key_id(login, id))
		return true;
	api_get_key(c->server->api, id, on_key, c);
	return answered(c);
}

static bool
ask_facts(struct contact *c)
{
	api_get_entitlements(c->server->api, on_entitlements, c);
	if (!answered(c))
		return false;
	api_get_templates(c->server->api, false, on_templates, c);
	return answered(c) && ask_provisioners(c);
}

bool
contact_ask(struct contact *c, struct server *server, const struct login *login)
{
	struct contact_facts *f = &c->facts;

	memset(c, 0, sizeof(*c));
	c->server = server;
	f->origin = login->origin;
	f->reminding = c->reminding;
	f->counted = f->seen = f->live = CONTACT_UNKNOWN;
	api_get_buildinfo(server->api, on_buildinfo, c);
	if (!answered(c))
		return false;
	if (f->unreachable != NULL || f->is_proxy)
		return true;
	api_get_me(server->api, on_me, c);
	if (!answered(c))
		return false;
	if (f->unreachable != NULL || f->refused != NULL)
		return true;
	f->now = when_at(server_now_us(server));
	return ask_key(c, login) && ask_permissions(c) && ask_list(c) && ask_facts(c);
}
