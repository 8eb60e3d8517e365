/* exclusions.c - names left alone, gathered from the options and asked for each record. */

#include "settings/exclusions.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/random.h"
#include "base/xalloc.h"

static const struct {
	const char *exclude, *only;
} option_of[EXCLUDE_KINDS] = {
	[EXCLUDE_USER] = { "--exclude-user", "--only-user" },
	[EXCLUDE_TEMPLATE] = { "--exclude-template", "--only-template" },
	[EXCLUDE_ORG] = { "--exclude-org", "--only-org" },
	[EXCLUDE_GROUP] = { "--exclude-group", "--only-group" },
	[EXCLUDE_NAME] = { "--exclude-name", "--only-name" },
};

/* Hash the names of one kind; their room is the caller's to free. */
static int
prepare_kind(struct exclude *x, enum exclude_kind kind, const struct cli_list *names,
        const char *option, void **room, struct err *err)
{
	size_t i, n;

	for (n = i = 0; i < names->n; i++)
		n += exclude_count(names->item[i].text);
	*room = xcalloc(exclude_room(n), 1);
	exclude_init(&x->set[kind], *room, n, random_u64());
	for (i = 0; i < names->n; i++) {
		const struct cli_item *item = &names->item[i];
		const char            *setting = item->from != NULL ? item->from : option;

		if (!exclude_add(x, kind, item->text, setting))
			return err_set(err, CWS_USAGE,
			        "%s: expected names such as ada,ci-*, got \"%s\"%s", setting,
			        item->text,
			        strchr(item->text, '@') != NULL
			                ? ": write the name, not the address"
			                : "");
	}
	return 0;
}

int
exclusions_prepare(struct exclusions *x, struct err *err)
{
	enum exclude_kind kind;
	const char       *only;

	for (kind = 0; kind < EXCLUDE_KINDS; kind++) {
		only = kind == EXCLUDE_USER && x->only_user != NULL ? x->only_user
		                                                    : option_of[kind].only;
		if (prepare_kind(&x->exclude, kind, &x->names[kind], option_of[kind].exclude,
		            &x->room[kind], err) != 0 ||
		        prepare_kind(&x->only, kind, &x->only_names[kind], only,
		                &x->only_room[kind], err) != 0)
			return -1;
		x->any = x->any || x->names[kind].n != 0 || x->only_names[kind].n != 0;
	}
	x->groups = x->names[EXCLUDE_GROUP].n != 0 || x->only_names[EXCLUDE_GROUP].n != 0;
	if (x->holds_path == NULL)
		return 0;
	x->any = true;
	return holds_load(&x->holds, x->holds_path, err);
}

enum exclusion
exclusions_match(
        struct exclusions *x, const struct exclude_subject *who, int64_t now_us, struct text *why)
{
	if (!x->any)
		return NOT_EXCLUDED;
	x->asked = true;
	x->knew_groups = x->knew_groups || who->groups.first != NULL;
	exclude_note(&x->exclude, who);
	exclude_note(&x->only, who);
	holds_note(&x->holds, who->owner, who->workspace);
	if (holds_match(&x->holds.holds, who->owner, who->workspace, now_us, why) ||
	        exclude_match(&x->exclude, who, why))
		return EXCLUDED;
	switch (exclude_selects(&x->only, who, why)) {
	case SELECTED:
		return NOT_EXCLUDED;
	case OUTSIDE:
		return NOT_SELECTED;
	case UNDECIDED:
		break;
	}
	return EXCLUDED;
}

static void
report_unseen(const struct exclude *x, bool knew_groups)
{
	const char *const nobody[EXCLUDE_KINDS] = {
		[EXCLUDE_USER] = "nobody here has that name",
		[EXCLUDE_TEMPLATE] = "no template here has that name",
		[EXCLUDE_ORG] = "no organization here has that name",
		[EXCLUDE_GROUP] =
		        knew_groups ? "nobody here is in such a group"
		                    : "no record says its owner's groups (cws-fetch --with groups)",
		[EXCLUDE_NAME] = "no workspace here has that name",
	};
	const struct exclude_entry *e;
	enum exclude_kind           kind;
	size_t                      at = 0;

	while ((e = exclude_unseen(x, &at, &kind)) != NULL)
		diag_notice("%s %.*s: %s", e->setting, (int)e->n, e->s, nobody[kind]);
}

void
exclusions_report_unseen(const struct exclusions *x, int64_t now_us)
{
	if (!x->asked)
		return;
	report_unseen(&x->exclude, x->knew_groups);
	report_unseen(&x->only, x->knew_groups);
	holds_report_unseen(&x->holds, now_us);
}

void
exclusions_release(struct exclusions *x)
{
	enum exclude_kind kind;

	for (kind = 0; kind < EXCLUDE_KINDS; kind++) {
		cli_list_release(&x->names[kind]);
		cli_list_release(&x->only_names[kind]);
		free(x->room[kind]);
		free(x->only_room[kind]);
		x->room[kind] = x->only_room[kind] = NULL;
	}
	holds_unload(&x->holds);
}
