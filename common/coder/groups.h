/*
 * groups.h - who is in which group: GET /groups turned round.
 *
 * The server lists members by group, records want groups by member.  A token
 * may be shown fewer members than a group has; half of the truth about a group
 * would let somebody be stopped whom it protects, so that is told.
 */

#ifndef CWS_GROUPS_H
#define CWS_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/idset.h"

/* All zero is no group. */
struct groups {
	struct idset member_ids;
	uint32_t    *head; /* by member's number: the first link; owned */
	size_t       head_room;
	struct group_link {
		uint32_t group, next;
	} * link; /* memberships, a list for each member; owned */
	size_t links, link_room;
	char **name; /* JSON; owned */
	size_t n;
};

/*
 * groups_read - take in a list of groups (borrowed).  False when it is none; *whole: no member is
 * hidden.
 */
bool
groups_read(struct groups *g, const char *body, size_t n, bool *whole);

/*
 * groups_write - append the member "groups": the names of this user's groups in the list's order.
 */
void
groups_write(const struct groups *g, const struct uuid *id, struct buf *out);

void
groups_release(struct groups *g);

#endif
