/*
 * exclusions.h - whom and what a run leaves alone: from the options to a record's answer.
 *
 * The options and the settings fill in names[], exclusions_prepare hashes them
 * once, exclusions_match asks for each record.  Names on the command line and
 * in the settings add up: no option takes a veto of the file away.  Dated
 * holds (holds.h) come first; what only selects is no veto and comes last.
 * The matching itself is in exclude.h.
 */

#ifndef CWS_EXCLUSIONS_H
#define CWS_EXCLUSIONS_H

#include <stdbool.h>

#include "base/cli.h"
#include "judge/exclude.h"
#include "settings/holds_load.h"

/* All zero leaves nobody alone. */
struct exclusions {
	struct cli_list   names[EXCLUDE_KINDS];
	void             *room[EXCLUDE_KINDS]; /* owned; what exclude works in */
	struct exclude    exclude;
	struct cli_list   only_names[EXCLUDE_KINDS];
	/* what the option is called that selects owners; NULL: --only-user */
	const char       *only_user;
	void             *only_room[EXCLUDE_KINDS];
	struct exclude    only;
	const char       *holds_path; /* --holds; NULL without */
	struct holds_file holds;
	/* something is asked of a workspace; of its owner's groups too */
	bool              any, groups;
	bool              asked;       /* of one at least */
	bool              knew_groups; /* of the owner of one at least */
};

enum exclusion {
	NOT_EXCLUDED, /* it is for this run to judge */
	EXCLUDED,     /* excluded or held: a veto */
	NOT_SELECTED, /* not selected: no veto */
};

#define EXCLUSIONS_OPTIONS(x) \
	OPT_LIST(0, "exclude-user", &(x).names[EXCLUDE_USER], "leave these owners alone"), \
	        OPT_LIST(0, "exclude-template", &(x).names[EXCLUDE_TEMPLATE], \
	                "leave workspaces of these templates alone"), \
	        OPT_LIST(0, "exclude-org", &(x).names[EXCLUDE_ORG], \
	                "leave these organizations alone"), \
	        OPT_LIST(0, "exclude-group", &(x).names[EXCLUDE_GROUP], \
	                "leave owners in these groups alone"), \
	        OPT_LIST(0, "exclude-name", &(x).names[EXCLUDE_NAME], \
	                "leave these workspaces alone: name or owner/name"), \
	        OPT_TEXT(0, "holds", "file", &(x).holds_path, \
	                "leave alone what this file holds, each until its date")
#define EXCLUSIONS_ONLY_OPTIONS(x) \
	OPT_LIST(0, "only-user", &(x).only_names[EXCLUDE_USER], "judge only these owners"), \
	        OPT_LIST(0, "only-template", &(x).only_names[EXCLUDE_TEMPLATE], \
	                "judge only these templates"), \
	        OPT_LIST(0, "only-org", &(x).only_names[EXCLUDE_ORG], \
	                "judge only these organizations"), \
	        OPT_LIST(0, "only-group", &(x).only_names[EXCLUDE_GROUP], \
	                "judge only owners in these groups"), \
	        OPT_LIST(0, "only-name", &(x).only_names[EXCLUDE_NAME], \
	                "judge only these workspaces: name or owner/name")

/*
 * exclusions_prepare - hash the names, read the holds.  0, or -1 with err
 * (CWS_USAGE) naming the option that holds a bad name, or the file and the line.
 */
int
exclusions_prepare(struct exclusions *x, struct err *err);

/*
 * exclusions_match - is this workspace to be left alone at now_us?  If so, why
 * says by what.  While ->any is false nothing of who is looked at, its groups
 * only with ->groups.
 */
enum exclusion
exclusions_match(
        struct exclusions *x, const struct exclude_subject *who, int64_t now_us, struct text *why);

/*
 * exclusions_report_unseen - one line for each name, pattern and hold that matched none of the
 * records
 * asked about: somebody relies on it, and it was misspelt.  Nothing where there were no records.
 */
void
exclusions_report_unseen(const struct exclusions *x, int64_t now_us);

void
exclusions_release(struct exclusions *x);

#endif
