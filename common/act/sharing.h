/*
 * sharing.h - workspaces that belong to somebody else, who shared them with this token's user.
 *
 * Coder lists them like one's own.  They are left alone unless a person says
 * --shared, or the token's user administers the site or the organization.
 * Source: cws-stop(1); Coder coderd/rbac/roles.go, ACL roles.
 */

#ifndef CWS_SHARING_H
#define CWS_SHARING_H

#include <stdbool.h>
#include <stddef.h>

#include "coder/server.h"
#include "record/rec.h"

#define SHARING_ORGS 32

/* All zero: no shared workspace was seen yet. */
struct sharing {
	bool allowed; /* --shared */
	/* Organizations that hold workspaces shared by their owners, and whether we administer them. */
	struct sharing_org {
		char        id[40];
		const char *user_id; /* whose roles are asked for; borrowed */
		bool        asked, answered, admin;
	} org[SHARING_ORGS];
	size_t orgs;
	bool   unnamed; /* a record does not say its organization: those of the user are meant */
};

/* sharing_note - remember the organization of a record that is shared, or says nothing of the kind. */
void
sharing_note(struct sharing *s, struct rec *rec);

/*
 * sharing_roles - find out which of the organizations we administer, where that
 * matters: GET /organizations/{org}/members.  server is borrowed as long as its api is
 * turned.  A signal or the deadline ends it.
 */
void
sharing_roles(struct sharing *s, const struct server *server);

/*
 * sharing_only - is this workspace, as just read, ours to touch through sharing
 * alone?  Why it is taken to be, or NULL; borrowed.
 */
const char *
sharing_only(const struct sharing *s, struct rec *fresh, const struct server *server);

#endif
