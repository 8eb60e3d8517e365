/*
 * shared.h - workspaces that belong to somebody else, who shared them with this token's user.
 *
 * Coder lists them like one's own.  They are left alone unless a person says
 * --shared, or the token's user administers the site or the organization.
 * Source: cws-stop(1); Coder coderd/rbac/roles.go, ACL roles.
 */

#ifndef CWS_SHARED_H
#define CWS_SHARED_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "act/engine.h"
#include "coder/api.h"
#include "record/rec.h"

#define SHARED_ORGS 32

/* The members these functions look at, for rec_new. */
#define SHARED_WANT (REC_BIT(REC_SHARED_WITH) | REC_BIT(REC_ORGANIZATION_ID) | REC_BIT(REC_OWNER_ID))

/* All zero: no shared workspace was seen yet. */
struct shared {
	bool allowed; /* --shared */
	/* Organizations that hold workspaces shared by their owners, and whether we administer them. */
	struct shared_org {
		char        id[40];
		const char *user_id; /* whose roles are asked for; borrowed */
		bool        asked, told, admin;
	} org[SHARED_ORGS];
	size_t orgs;
	bool   unnamed; /* a record does not say its organization: those of the user are meant */
};

/* shared_note - remember the organization of a record that is shared, or says nothing of the kind. */
void
shared_note(struct shared *s, const struct rec *rec);

/*
 * shared_roles - find out which of the organizations we administer, where that
 * matters: GET /organizations/{org}/members.  me is borrowed as long as api is
 * turned.  A signal or the deadline ends it.
 */
void
shared_roles(struct shared *s, struct api *api, const struct engine_me *me, const struct engine_options *o);

/*
 * shared_only - is this workspace, as just read, ours to touch through sharing
 * alone?  Why it is taken to be, or NULL; borrowed.
 */
const char *
shared_only(const struct shared *s, const struct rec *fresh, const struct engine_me *me);

#endif
