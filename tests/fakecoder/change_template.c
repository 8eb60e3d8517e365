/* change_template.c - what their administrators do to templates and provisioners.  See change.h. */

#include "change.h"

bool
change_activity_bump(struct change *c)
{
	if (jx_number(c->json, "ms", -1) < 0)
		return change_wrong(c, "needs 'ms', 0 for none");
	jx_set(c->t->obj, "activity_bump_ms", cJSON_CreateNumber((double)jx_number(c->json, "ms", 0)));
	return true;
}

/* A set of tags, each a string, or none at all. */
static bool
are_tags(const cJSON *tags)
{
	const cJSON *e;

	cJSON_ArrayForEach(e, tags)
		if (!cJSON_IsString(e))
			return false;
	return tags == NULL || cJSON_IsObject(tags);
}

bool
change_tags(struct change *c)
{
	if (!are_tags(jx_get(c->json, "are")))
		return change_wrong(c, "'are' is an object of strings");
	template_set_tags(c->w, c->t, jx_get(c->json, "are"));
	return true;
}

bool
change_provisioners(struct change *c)
{
	int64_t n = jx_number(c->json, "provisioners", -1);

	if (n < 0 || n > 10000 || !are_tags(jx_get(c->json, "tags")))
		return change_wrong(c, "needs a number, and 'tags', if any, as an object of strings");
	return pools_set(c->w, jx_get(c->json, "tags"), (int)n) ? true : change_wrong(c, "too many sets of tags");
}

bool
change_publish(struct change *c)
{
	if (!are_tags(jx_get(c->json, "tags")))
		return change_wrong(c, "'tags' is an object of strings");
	template_publish(c->w, c->t, jx_get(c->json, "tags"), jx_text(c->json, "asks"));
	return true;
}

bool
change_classic_flow(struct change *c)
{
	template_use_classic_flow(c->w, c->t, change_on(c));
	return true;
}

bool
change_require_active(struct change *c)
{
	template_require_active(c->w, c->t, change_on(c));
	return true;
}
