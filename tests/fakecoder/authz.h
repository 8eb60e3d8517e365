/*
 * authz.h - the tokens, and what each may do.
 *
 * Effective permission is what the user's role gives, cut down to the token's
 * scopes.  A token without scopes is not the same as one that names them all:
 * no scope covers dormant workspaces or provisioners.
 * Source: coderd/rbac/roles.go and scopes.go of Coder v2.31, and recorded.
 */

#ifndef FAKE_AUTHZ_H
#define FAKE_AUTHZ_H

#include <stdbool.h>
#include <stdint.h>

#include "outage.h"
#include "req.h"
#include "world.h"

/* From AUDITOR on they see every user, from TEMPLATE_ADMIN on every workspace, and from ORG_ADMIN on they act on it. */
enum role { MEMBER, AUDITOR, TEMPLATE_ADMIN, ORG_ADMIN, OWNER };

#define ORG_ADMIN_USER "margaret"

enum permission {
	WS_READ = 1 << 0,
	WS_UPDATE = 1 << 1,
	WS_START = 1 << 2,
	WS_STOP = 1 << 3,
	WS_DELETE = 1 << 4,
	TEMPLATE_READ = 1 << 5,
	USER_READ = 1 << 6,
	ORG_READ = 1 << 7,
	KEY_READ = 1 << 8
};

struct token {
	const char *id; /* the first ten characters of the key */
	char      key[34];
	const char *user;
	enum role role;
	unsigned  scopes;  /* 0: none named, everything the role may */
	unsigned  dropped; /* taken away while the server runs */
	int64_t   expires_us;
	const char *about;
};

/* tokens_init - make the list, as new; now_us: expiry dates count from it. */
void
tokens_init(int64_t now_us);

/* tokens_help - the list as text, one token a line: key, user, what it may. */
void
tokens_help(void);

/* token_find - by the whole key, NULL when there is none. */
struct token *
token_find(const char *key);

/* token_named - by its key or its id, the first ten characters. */
struct token *
token_named(const char *id);

/* token_each - the next token; NULL at the end.  *i starts as 0. */
const struct token *
token_each(size_t *i);

/*
 * token_expire, token_drop - what can happen to a token while a program runs:
 * it is no longer valid from at_us on; what: "workspace:stop" and so on.
 */
void
token_expire(struct token *t, int64_t at_us);
bool
token_drop(struct token *t, const char *what);

/*
 * unauthorized - answer 401; returns false.  The challenge beside it says that
 * the token has expired whatever the cause, but for a suspended user: recorded.
 */
bool
unauthorized(struct req *r, const struct world *w, const char *message, const char *detail);

/* authenticate - set r->caller, or answer 401, or what the outage answers, and return false. */
bool
authenticate(struct req *r, struct world *w, struct outage *o);

bool
may(const struct token *t, unsigned permission);

/* May the caller see the row, open the workspace, act on it? */
bool
may_list(const struct token *t, const struct ws *ws);
bool
may_open(const struct token *t, const struct ws *ws);
bool
may_act(const struct token *t, const struct ws *ws, unsigned permission);

/* May the caller start a version of a template that is not the active one, where that is required? */
bool
may_edit_templates(const struct token *t);

/* May the caller see every user of the deployment; the provisioners? */
bool
may_read_users(const struct token *t);
bool
may_read_provisioners(const struct token *t);

/* May the caller see how many provisioners match a pending build of that workspace?  Its owner may too. */
bool
may_count_provisioners(const struct token *t, const struct ws *ws);

#endif
