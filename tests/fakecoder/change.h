/*
 * change.h - one change of the world while it is made.
 *
 * control.c has the list of the verbs and finds what each is about; the
 * change_* functions, one a verb, are in change_ws.c, change_template.c and
 * change_server.c.  Each returns false with why filled when it cannot be made.
 */

#ifndef FAKE_CHANGE_H
#define FAKE_CHANGE_H

#include "server.h"

struct change {
	struct server   *s;
	struct world    *w;
	const cJSON     *json;
	const char      *verb;
	struct req      *r;  /* that it happens beside; NULL: none */
	struct ws       *ws; /* that the verb names */
	struct template *t;  /* the same */
	struct buf      *why;
};

typedef bool changer(struct change *);

changer change_stop, change_start, change_delete, change_stop_first, change_extend, change_max_deadline, change_ttl,
    change_touch, change_use, change_dormant, change_transfer, change_share, change_cancel, change_automatic_updates, change_create, change_status;
changer change_classic_flow, change_tags, change_provisioners, change_activity_bump, change_publish, change_require_active;
changer change_join, change_user_status, change_feature, change_buildinfo, change_outage, change_clock, change_expire_token, change_drop_permission;

/* change_named - a workspace by its id or as owner/name, NULL when there is none. */
struct ws *
change_named(struct world *w, const char *text);

/* change_on - said, or not said otherwise. */
bool
change_on(const struct change *c);

/* change_wrong - write down what is wrong; returns false. */
bool
change_wrong(struct change *c, const char *what);

#endif
