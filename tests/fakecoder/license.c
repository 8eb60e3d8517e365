/* license.c - see license.h. */

#include "license.h"

#include <string.h>

#include "world.h"

static cJSON *
feature_of(const struct world *w, const char *name)
{
	return jx_get(jx_get(w->entitlements, "features"), name);
}

bool
license_set(struct world *w, const char *feature, const char *is)
{
	cJSON *f = feature_of(w, feature), *e;
	bool   on = strcmp(is, "enabled") == 0, grace = strcmp(is, "grace_period") == 0, any = false;

	if (f == NULL || (!on && !grace && strcmp(is, "entitled") != 0 && strcmp(is, "not_entitled") != 0))
		return false;
	jx_set(f, "entitlement", cJSON_CreateString(on ? "entitled" : is));
	jx_set(f, "enabled", cJSON_CreateBool(on || grace));
	cJSON_ArrayForEach(e, jx_get(w->entitlements, "features"))
		any = any || strcmp(jx_text(e, "entitlement"), "not_entitled") != 0;
	jx_set(w->entitlements, "has_license", cJSON_CreateBool(any));
	return true;
}

void
license_load(struct world *w)
{
	const cJSON *f;

	cJSON_ArrayForEach(f, jx_get(w->entitlements, "features"))
		if (w->set.premium)
			license_set(w, f->string, "enabled");
	for (size_t i = 0; i < w->set.n_features; i++)
		if (!license_set(w, w->set.features[i], "enabled"))
			die("--feature: no such feature: '%s'", w->set.features[i]);
}

bool
license_enabled(const struct world *w, const char *feature)
{
	return jx_true(feature_of(w, feature), "enabled");
}

bool
license_entitled(const struct world *w, const char *feature)
{
	const char *is = jx_text(feature_of(w, feature), "entitlement");

	return is[0] != '\0' && strcmp(is, "not_entitled") != 0;
}
