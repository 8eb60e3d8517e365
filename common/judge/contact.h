/*
 * contact.h - what a first contact with a server tells, and what to do about it.  Pure.
 *
 * Facts that were asked of the server in, findings out: a line each for the server, its clock,
 * the token, when that ends, the list, what may be done, the licence, who builds.  A failed
 * finding is one with which cws-fetch, and so every pipeline, does not do its work.
 * Source: cws-fetch(1), --check; coder coderd/rbac/roles.go and scopes_catalog.go (v2.31).
 */

#ifndef CWS_CONTACT_H
#define CWS_CONTACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "base/when.h"

/* Whose workspaces a token may read or change. */
enum reach {
	REACH_UNKNOWN, /* the server does not say */
	REACH_NONE,    /* not even those of its own user: a scope is missing */
	REACH_OWN,     /* its user's: no role gives more */
	REACH_OTHERS   /* those of others too, in at least one organization */
};

extern const char *const reach_names[]; /* NULL, "none", "own", "others" */

enum known { KNOWN_NOT, KNOWN_NO, KNOWN_YES };

#define CONTACT_UNKNOWN (-1)

/* Texts are borrowed, and clean. */
struct contact_facts {
	const char *origin;
	const char *unreachable; /* why nothing of Coder's came; NULL: it did */
	const char *dashboard;   /* where this one says Coder is; NULL: it does not say */
	bool        is_proxy;    /* it is a workspace proxy */
	const char *version;     /* "v2.31.14+4653f32"; NULL: unknown */
	bool        has_clock;
	int64_t     offset_ms; /* the server's clock less ours */

	const char *refused; /* why the token is; NULL: it is taken */
	const char *user;    /* NULL: this token may not read its own */
	const char *roles;   /* "owner, auditor"; "": a member */
	bool        has_end; /* the token's end is known */
	struct when end, now;
	bool        is_session; /* a login's, which use prolongs */

	int64_t counted, seen; /* workspaces: by the server's count, and rows; CONTACT_UNKNOWN */
	const char *unlisted;  /* why they could not be read, or none is seen; NULL: all is well */
	enum reach  read, stop, update, start;

	enum known  scheduling, groups; /* licensed? */
	int64_t     live;               /* provisioners; CONTACT_UNKNOWN */
	bool        has_reminders;      /* templates say whether they remind */
	const char *reminding;          /* their names; "" none */
};

enum finding_level { FINDING_OK, FINDING_WARN, FINDING_FAIL };

extern const char *const finding_levels[]; /* "ok", "warn", "fail" */

struct finding {
	enum finding_level level;
	const char        *what;
	struct text        found, advice; /* advice: what to do; "" nothing */
};

#define CONTACT_FINDINGS 12

struct findings {
	struct finding item[CONTACT_FINDINGS];
	size_t         n;
};

/*
 * contact_judge - what the facts mean, in the order in which one would mend it.  Behind a server
 * that is not reached, or is not Coder, and behind a token that is refused, there is nothing.
 * True when nothing failed.
 */
bool
contact_judge(const struct contact_facts *f, struct findings *out);

#endif
