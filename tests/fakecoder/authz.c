/* authz.c - see authz.h. */

#include "authz.h"

#include <stdio.h>
#include <string.h>

#define ID_LEN     10
#define SECRET_LEN 22
#define KEY_LEN    (ID_LEN + 1 + SECRET_LEN)
#define WEEK_US    INT64_C(604800000000)

#define READS  (WS_READ | TEMPLATE_READ)
#define LEAST  (READS | WS_STOP | USER_READ)
#define SIGN_IN "You are signed out or your session has expired. Please sign in again to continue."

/* The key of a token is its id, '-', "s3cr3t", the id again and "000000". */
static struct token tokens[] = {
	{ .id = "OwnerToken", .user = "ops", .role = OWNER, .about = "site owner" },
	{ .id = "OrgAdminTk", .user = ORG_ADMIN_USER, .role = ORG_ADMIN, .about = "organization-admin" },
	{ .id = "TmplAdmTkn", .user = "radia", .role = TEMPLATE_ADMIN, .about = "template-admin: sees all, stops nothing" },
	{ .id = "MemberTokn", .user = "dennis", .role = MEMBER, .about = "member, owns four workspaces" },
	{ .id = "NiklausTkn", .user = "niklaus", .role = MEMBER, .about = "another member" },
	{ .id = "AuditorTkn", .user = "frances", .role = AUDITOR, .about = "auditor: sees every user, and her own workspaces" },
	{ .id = "NewcomerTk", .user = NEWCOMER, .role = MEMBER, .about = "member without a workspace, once the change \"join\" was made" },
	{ .id = "SuspendTkn", .user = "vint", .role = MEMBER, .about = "member, suspended: 401" },
	{ .id = "ExpiredTkn", .user = "ops", .role = OWNER, .about = "site owner, expired: 401" },
	{ .id = "AdminLeast", .user = ORG_ADMIN_USER, .role = ORG_ADMIN, .scopes = LEAST,
	    .about = "workspace:read workspace:stop template:read user:read of an organization-admin" },
	{ .id = "MemberLeas", .user = "dennis", .role = MEMBER, .scopes = LEAST, .about = "the same four of a member" },
	{ .id = "WsReadOnly", .user = "ops", .role = OWNER, .scopes = WS_READ, .about = "workspace:read: counts, sees no row" },
	{ .id = "ReadListTk", .user = "ops", .role = OWNER, .scopes = READS, .about = "+ template:read: lists" },
	{ .id = "ReadStopTk", .user = "ops", .role = OWNER, .scopes = READS | WS_STOP, .about = "+ workspace:stop: 400 on a stop" },
	{ .id = "LeastPrivT", .user = "ops", .role = OWNER, .scopes = LEAST,
	    .about = "+ user:read: the least that lists and stops" },
	{ .id = "LeastKeyTk", .user = "ops", .role = OWNER, .scopes = LEAST | KEY_READ,
	    .about = "+ api_key:read: sees its own expiry" },
	{ .id = "WsStarTokn", .user = "ops", .role = OWNER,
	    .scopes = READS | WS_STOP | WS_START | WS_UPDATE | WS_DELETE | USER_READ,
	    .about = "workspace:* template:read user:read" },
	{ .id = "NoTemplate", .user = "ops", .role = OWNER, .scopes = WS_READ | WS_STOP | USER_READ,
	    .about = "workspace:read workspace:stop user:read: 500 on a stop" },
	{ .id = "OperateTkn", .user = "ops", .role = OWNER, .scopes = READS | WS_UPDATE | USER_READ,
	    .about = "coder:workspaces.operate template:read user:read: extends, does not stop" },
};

#define N_TOKENS (sizeof(tokens) / sizeof(tokens[0]))

void
tokens_init(int64_t now_us)
{
	for (size_t i = 0; i < N_TOKENS; i++) {
		struct token *t = &tokens[i];

		snprintf(t->key, sizeof(t->key), "%.10s-s3cr3t%.10s000000", t->id, t->id);
		t->dropped = 0;
		t->expires_us = strcmp(t->id, "ExpiredTkn") == 0 ? now_us - WEEK_US : now_us + WEEK_US;
	}
}

void
tokens_help(void)
{
	tokens_init(0);
	for (size_t i = 0; i < N_TOKENS; i++)
		printf("  %s  %-8s %s\n", tokens[i].key, tokens[i].user, tokens[i].about);
}

struct token *
token_find(const char *key)
{
	for (size_t i = 0; i < N_TOKENS; i++)
		if (strcmp(tokens[i].key, key) == 0)
			return &tokens[i];
	return NULL;
}

struct token *
token_named(const char *id)
{
	for (size_t i = 0; i < N_TOKENS; i++)
		if (strcmp(tokens[i].id, id) == 0)
			return &tokens[i];
	return token_find(id);
}

const struct token *
token_each(size_t *i)
{
	return *i < N_TOKENS ? &tokens[(*i)++] : NULL;
}

void
token_expire(struct token *t, int64_t at_us)
{
	t->expires_us = at_us;
}

bool
token_drop(struct token *t, const char *what)
{
	static const struct {
		const char *name;
		unsigned    bit;
	} names[] = {
		{ "workspace:read", WS_READ }, { "workspace:update", WS_UPDATE }, { "workspace:start", WS_START },
		{ "workspace:stop", WS_STOP }, { "workspace:delete", WS_DELETE }, { "template:read", TEMPLATE_READ },
		{ "user:read", USER_READ }, { "organization:read", ORG_READ }, { "api_key:read", KEY_READ },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, what) == 0) {
			t->dropped |= names[i].bit;
			return true;
		}
	return false;
}

bool
unauthorized(struct req *r, const struct world *w, const char *message, const char *detail)
{
	char challenge[512];

	snprintf(challenge, sizeof(challenge),
	    "Bearer realm=\"coder\", error=\"invalid_token\", error_description=\"The access token %s\", "
	    "resource_metadata=\"%s/.well-known/oauth-protected-resource\"",
	    detail != NULL ? "has expired" : "is invalid", jx_text(w->buildinfo, "dashboard_url"));
	reply_message(r, 401, message, detail);
	reply_header(r, "WWW-Authenticate", challenge);
	return false;
}

/* httpmw.SplitAPIToken */
static bool
well_formed(const char *key, char why[160])
{
	const char *dash = strchr(key, '-');
	size_t      parts = 1, id, secret;

	for (const char *p = key; *p != '\0'; p++)
		parts += *p == '-';
	id = strcspn(key, "-");
	secret = dash != NULL ? strlen(dash + 1) : 0;
	if (parts != 2)
		snprintf(why, 160, "Invalid API key format: incorrect amount of API key parts, expected 2 got %zu", parts);
	else if (id != ID_LEN)
		snprintf(why, 160, "Invalid API key format: invalid API key ID length, expected %d got %zu", ID_LEN, id);
	else if (secret != SECRET_LEN)
		snprintf(why, 160, "Invalid API key format: invalid API key secret length, expected %d got %zu", SECRET_LEN,
		    secret);
	else
		return true;
	return false;
}

/* "2026-06-01 00:00:00.861663 +0000 UTC", Go's default form of a time. */
static void
go_default_time(char out[64], int64_t at_us)
{
	char t[TIME_SIZE];

	time_text(t, at_us);
	t[10] = ' ';
	t[strlen(t) - 1] = '\0';
	snprintf(out, 64, "%s +0000 UTC", t);
}

bool
authenticate(struct req *r, struct world *w, struct outage *o)
{
	struct token *t;
	struct user  *u;
	char          why[160], at[64];
	bool          known = false;
	int           status;

	if (r->token == NULL)
		return unauthorized(r, w, SIGN_IN, "Cookie \"coder_session_token\" or query parameter must be provided.");
	if (!well_formed(r->token, why))
		return unauthorized(r, w, SIGN_IN, why);
	status = r->outage != 0 ? r->outage : outage_strikes(o);
	if (status != 0) {
		outage_answer(r, w, status);
		return false;
	}
	t = token_find(r->token);
	if (t != NULL && world_user(w, t->user) == NULL)
		return unauthorized(r, w, SIGN_IN, "API key is invalid.");
	for (size_t i = 0; i < N_TOKENS; i++)
		known = known || strncmp(tokens[i].key, r->token, ID_LEN + 1) == 0;
	if (t == NULL)
		return unauthorized(r, w, SIGN_IN, known ? "API key secret is invalid." : "API key is invalid.");
	if (t->expires_us <= w->now_us) {
		go_default_time(at, t->expires_us);
		snprintf(why, sizeof(why), "API key expired at \"%s\".", at);
		return unauthorized(r, w, SIGN_IN, why);
	}
	u = world_user(w, t->user);
	if (strcmp(u->status, "suspended") == 0)
		return unauthorized(r, w,
		    "User is not active (status = \"suspended\"). Contact an admin to reactivate your account.", NULL);
	r->caller = t;
	return true;
}

bool
may(const struct token *t, unsigned permission)
{
	return (t->scopes == 0 || (t->scopes & permission) == permission) && (t->dropped & permission) == 0;
}

/* What a share in the role "use" gives, as far as it is simulated. */
#define USE (WS_READ | WS_START | WS_STOP)

static bool
owns(const struct token *t, const struct ws *ws)
{
	return strcmp(ws->owner, t->user) == 0;
}

bool
may_list(const struct token *t, const struct ws *ws)
{
	return may(t, WS_READ) && (t->role >= TEMPLATE_ADMIN || owns(t, ws) || ws_shared_with(ws, t->user));
}

/* A dormant workspace is an object of another kind, which no scope covers and no share reaches. */
bool
may_open(const struct token *t, const struct ws *ws)
{
	return may_list(t, ws) && !(ws->dormant && (t->scopes != 0 || (t->role < TEMPLATE_ADMIN && !owns(t, ws))));
}

bool
may_act(const struct token *t, const struct ws *ws, unsigned permission)
{
	bool shared = (permission & ~(unsigned)USE) == 0 && ws_shared_with(ws, t->user);

	return may(t, permission) && (t->role >= ORG_ADMIN || owns(t, ws) || shared);
}

bool
may_edit_templates(const struct token *t)
{
	return t->scopes == 0 && t->role >= TEMPLATE_ADMIN;
}

bool
may_read_users(const struct token *t)
{
	return may(t, USER_READ) && t->role != MEMBER;
}

bool
may_read_provisioners(const struct token *t)
{
	return t->scopes == 0 && t->role >= ORG_ADMIN;
}

bool
may_count_provisioners(const struct token *t, const struct ws *ws)
{
	return may_read_provisioners(t) || (t->scopes == 0 && owns(t, ws));
}
