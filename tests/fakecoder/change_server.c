/* change_server.c - what befalls the server as a whole: its users, features, version, its database, its clock, its tokens.  See change.h. */

#include <string.h>

#include "change.h"
#include "license.h"

bool
change_join(struct change *c)
{
	if (strcmp(jx_text(c->json, "join"), NEWCOMER) != 0 || world_user(c->w, NEWCOMER) != NULL)
		return change_wrong(c, "only " NEWCOMER ", and once");
	world_join(c->w, NEWCOMER);
	return true;
}

bool
change_user_status(struct change *c)
{
	struct user *u = world_user(c->w, jx_text(c->json, "user_status"));
	const char  *to = jx_text(c->json, "to");

	if (u == NULL || (strcmp(to, "active") != 0 && strcmp(to, "dormant") != 0 && strcmp(to, "suspended") != 0))
		return change_wrong(c, "needs a known user, and 'to': active, dormant or suspended");
	world_set_user_status(u, to);
	return true;
}

bool
change_feature(struct change *c)
{
	if (license_set(c->w, jx_text(c->json, "feature"), jx_text(c->json, "is")))
		return true;
	return change_wrong(c, "no such feature, or 'is' is none of enabled, entitled, grace_period, not_entitled");
}

bool
change_buildinfo(struct change *c)
{
	const cJSON *e;

	cJSON_ArrayForEach(e, jx_get(c->json, "buildinfo"))
		if (jx_get(c->w->buildinfo, e->string) == NULL)
			return change_wrong(c, "a member that it does not have");
	cJSON_ArrayForEach(e, jx_get(c->json, "buildinfo"))
		jx_set(c->w->buildinfo, e->string, cJSON_Duplicate(e, 1));
	return true;
}

bool
change_outage(struct change *c)
{
	return outage_set(&c->s->outage, c->json, c->why);
}

/* The token of a change: named by the verb or by 'of', else that of the request beside it. */
static struct token *
token_of(const struct change *c)
{
	struct token *t = token_named(jx_text(c->json, c->verb));

	if (t == NULL)
		t = token_named(jx_text(c->json, "of"));
	return t == NULL && c->r != NULL && c->r->token != NULL ? token_find(c->r->token) : t;
}

/* What the provisioners do in that time is played at once, so the next change finds it done. */
bool
change_clock(struct change *c)
{
	int64_t by_us;

	if (!span(jx_text(c->json, "clock"), &by_us) || by_us < 0)
		return change_wrong(c, "needs a duration, forwards");
	c->w->clock_offset_us += by_us;
	world_advance(c->w);
	return true;
}

bool
change_expire_token(struct change *c)
{
	struct token *t = token_of(c);
	int64_t       in_us = 0;

	if (t == NULL)
		return change_wrong(c, "no such token");
	if (jx_get(c->json, "in") != NULL && !span(jx_text(c->json, "in"), &in_us))
		return change_wrong(c, "'in' is no duration");
	token_expire(t, c->w->now_us + in_us);
	return true;
}

bool
change_drop_permission(struct change *c)
{
	struct token *t = token_of(c);

	return t != NULL && token_drop(t, jx_text(c->json, c->verb)) ? true : change_wrong(c, "no such token or permission");
}
