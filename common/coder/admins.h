/*
 * admins.h - which organizations does the token's user administer?
 *
 * Asked of POST /authcheck, a question that changes nothing and that every token may put.  The list
 * of
 * an organization's members is no way: it fails for a token with scopes.
 * Source: coder coderd/authorize.go.
 */

#ifndef CWS_ADMINS_H
#define CWS_ADMINS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"
#include "coder/server.h"

#define ADMINS_ORGS 32

/* All zero: nothing to ask yet. */
struct admins {
	struct {
		char id[UUID_SIZE];
		bool yes; /* may stop, start or change workspaces there, whoever owns them */
	} org[ADMINS_ORGS];
	size_t orgs;
	bool   known; /* the server has answered */
};

/*
 * admins_add - ask of this organization too; one that is there already, or no id, adds nothing, nor
 * does the 33rd.
 */
void
admins_add(struct admins *a, const char *org_id);

/*
 * admins_ask - find out.  What the server does not say stays unknown; a signal or the deadline ends
 * it.
 */
void
admins_ask(struct admins *a, const struct server *server);

/* admins_read - take in a reply's body.  False when it is no answer; *a is as it was then. */
bool
admins_read(struct admins *a, const char *body, size_t n);

enum admin { ADMIN_NO, ADMIN_YES, ADMIN_UNKNOWN };

enum admin
admins_of(const struct admins *a, const char *org_id);

#endif
