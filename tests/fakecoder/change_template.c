/* change_template.c - what their administrators do to templates.  See change.h. */

#include "change.h"

bool
change_activity_bump(struct change *c)
{
	if (jx_number(c->json, "ms", -1) < 0)
		return change_wrong(c, "needs 'ms', 0 for none");
	jx_set(c->t->obj, "activity_bump_ms", cJSON_CreateNumber((double)jx_number(c->json, "ms", 0)));
	return true;
}

bool
change_publish(struct change *c)
{
	template_publish(c->w, c->t);
	return true;
}

bool
change_require_active(struct change *c)
{
	template_require_active(c->w, c->t, change_on(c));
	return true;
}
