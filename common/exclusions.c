/* exclusions.c - names left alone, gathered from the options and asked of records. */

#include "exclusions.h"

#include <stdlib.h>

#include "xalloc.h"

int
exclusions_prepare(struct exclusions *x, struct err *err)
{
	static const struct {
		const char *option, *key;
	} from[EXCLUDE_KINDS] = {
		{ "--exclude-user", "quiet_hours.excluded_users" },
		{ "--exclude-template", "quiet_hours.excluded_templates" },
		{ "--exclude-org", "quiet_hours.excluded_organizations" },
		{ "--exclude-name", "quiet_hours.excluded_names" },
	};
	enum exclude_kind kind;
	size_t            i, n;

	for (kind = 0; kind < EXCLUDE_KINDS; kind++) {
		const struct cli_list *names = &x->names[kind];

		for (n = i = 0; i < names->n; i++)
			n += exclude_count(names->item[i]);
		x->any = x->any || n != 0;
		x->room[kind] = xcalloc(exclude_room(n), sizeof(*x->room[kind]));
		exclude_init(&x->exclude.set[kind], x->room[kind], n);
		for (i = 0; i < names->n; i++) {
			bool        own = i < names->n - names->configured;
			const char *setting = own ? from[kind].option : from[kind].key;

			if (!exclude_add(&x->exclude, kind, names->item[i], setting))
				return err_set(err, CWS_USAGE,
				        "%s: expected names such as ada,ci-*, got \"%s\"", setting,
				        names->item[i]);
		}
	}
	return 0;
}

int
exclusions_match(const struct exclusions *x, const struct rec *rec, bool *yes, struct text *why,
        struct err *err)
{
	struct exclude_subject who;
	const struct {
		enum rec_member member;
		const char    **text;
	} part[] = {
		{ REC_OWNER_NAME, &who.owner },
		{ REC_NAME, &who.workspace },
		{ REC_TEMPLATE_NAME, &who.template_name },
		{ REC_TEMPLATE_ID, &who.template_id },
		{ REC_ORGANIZATION_NAME, &who.org_name },
		{ REC_ORGANIZATION_ID, &who.org_id },
	};
	size_t i;

	*yes = false;
	if (!x->any)
		return 0;
	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		if (rec_text(rec, part[i].member, part[i].text, err) != 0)
			return -1;
	*yes = exclude_match(&x->exclude, &who, why);
	return 0;
}

void
exclusions_release(struct exclusions *x)
{
	enum exclude_kind kind;

	for (kind = 0; kind < EXCLUDE_KINDS; kind++) {
		cli_list_release(&x->names[kind]);
		free(x->room[kind]);
		x->room[kind] = NULL;
	}
}
