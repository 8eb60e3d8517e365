/*
 * exclusions.h - whom and what a run leaves alone: from the options to a record's answer.
 *
 * The options and the settings fill in names[], exclusions_prepare hashes them
 * once, exclusions_match asks for each record.  Names on the command line and
 * in the settings add up: no option takes a veto of the file away.  The
 * matching itself is in exclude.h.
 */

#ifndef CWS_EXCLUSIONS_H
#define CWS_EXCLUSIONS_H

#include <stdbool.h>

#include "cli.h"
#include "exclude.h"
#include "rec.h"

/* The members exclusions_match looks at, for rec_new. */
#define EXCLUSIONS_WANT                                                                                    \
	(REC_BIT(REC_OWNER_NAME) | REC_BIT(REC_NAME) | REC_BIT(REC_TEMPLATE_NAME) |                        \
	        REC_BIT(REC_TEMPLATE_ID) | REC_BIT(REC_ORGANIZATION_NAME) | REC_BIT(REC_ORGANIZATION_ID))

/* All zero leaves nobody alone. */
struct exclusions {
	struct cli_list       names[EXCLUDE_KINDS];
	struct exclude_entry *room[EXCLUDE_KINDS]; /* owned; what exclude works in */
	struct exclude        exclude;
	bool                  any;
};

#define EXCLUSIONS_OPTION(what, list, help)                                                                \
	{ 0, "exclude-" what, CLI_LIST, "name,...", &(list), help, 0, 0, NULL, NULL }
#define EXCLUSIONS_OPTIONS(x)                                                                              \
	EXCLUSIONS_OPTION("user", (x).names[EXCLUDE_USER], "leave these owners alone"),                    \
	EXCLUSIONS_OPTION("template", (x).names[EXCLUDE_TEMPLATE],                                         \
	        "leave workspaces of these templates alone"),                                              \
	EXCLUSIONS_OPTION("org", (x).names[EXCLUDE_ORG], "leave these organizations alone"),               \
	EXCLUSIONS_OPTION("name", (x).names[EXCLUDE_NAME],                                                 \
	        "leave these workspaces alone: name or owner/name")

/* exclusions_prepare - hash the names.  0, or -1 with err (CWS_USAGE) naming the option with a bad one. */
int
exclusions_prepare(struct exclusions *x, struct err *err);

/*
 * exclusions_match - is this record to be left alone?  *yes, and then why says
 * by what.  -1 with err where a member of the record has the wrong type.
 */
int
exclusions_match(const struct exclusions *x, const struct rec *rec, bool *yes, struct text *why,
        struct err *err);

void
exclusions_release(struct exclusions *x);

#endif
