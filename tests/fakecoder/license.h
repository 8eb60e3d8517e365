/*
 * license.h - which features the deployment has: GET /entitlements, and what hangs on them.
 *
 * Source: codersdk/deployment.go, Entitlements, of Coder v2.31.
 */

#ifndef FAKE_LICENSE_H
#define FAKE_LICENSE_H

#include <stdbool.h>

struct world;

/* license_load - what --premium and --feature say, over what the world has. */
void
license_load(struct world *w);

/*
 * license_set - is: "enabled" (and entitled), "entitled" (and switched off),
 * "grace_period" or "not_entitled".  False: no such feature, or no such word.
 */
bool
license_set(struct world *w, const char *feature, const char *is);

bool
license_enabled(const struct world *w, const char *feature);

/* license_entitled - is it paid for, whether or not it is enabled? */
bool
license_entitled(const struct world *w, const char *feature);

#endif
