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

#include "coder/admins.h"
#include "coder/server.h"
#include "record/rec.h"

/* All zero: no shared workspace was seen yet. */
struct sharing {
	bool          allowed; /* --shared */
	struct admins admins;  /* of organizations that hold workspaces shared by their owners */
	/* a record does not say its organization: those of the user are meant */
	bool          unnamed;
};

/*
 * sharing_note - remember the organization of a record that is shared, or says nothing of the kind.
 */
void
sharing_note(struct sharing *s, struct rec *rec);

/*
 * sharing_roles - find out which of the organizations we administer, where that matters: admins.h.
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
