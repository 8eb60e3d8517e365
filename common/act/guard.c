/* guard.c - origins and vetoes. */

#include "act/guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "net/origin.h"
#include "record/facts.h"

void
guard_release(struct guard *a)
{
	free(a->same_url);
	a->same_url = NULL;
}

/*
 * Is this the URL of the server we are set to?  Records of one fetch carry one URL: it is parsed
 * once.
 */
static void
check_origin(struct guard *a, const char *url)
{
	struct err err;
	char      *origin;

	if (url == NULL || a->foreign[0] != '\0' ||
	        (a->same_url != NULL && strcmp(a->same_url, url) == 0))
		return;
	origin = origin_parse(url, 1, &err);
	if (origin == NULL || strcmp(origin, a->origin) != 0) {
		if (url[0] == '\0')
			url = "nowhere (an empty URL)";
		snprintf(a->foreign, sizeof(a->foreign), "%s", url);
	} else {
		free(a->same_url);
		a->same_url = xstrdup(url);
	}
	free(origin);
}

/* Where a record says that it comes from. */
struct origins {
	const char *fetched, *journaled;
	bool        has_build;
};

static const struct fact origins_fact[] = {
	FACT(struct origins, fetched, ".cws.fetch.url"),
	FACT(struct origins, journaled, ".url"),
	FACT_IS_KNOWN(struct origins, has_build, ".latest_build.id"),
};

static const struct fact_table origins_table = FACT_TABLE(origins_fact);

int
guard_origin(struct guard *a, struct rec *rec, struct err *err)
{
	struct origins from;

	if (rec_read(rec, &origins_table, &from, err) != 0)
		return -1;
	check_origin(a, from.fetched);
	if (!from.has_build) /* a workspace of the API may have a url of another meaning one day */
		check_origin(a, from.journaled);
	return 0;
}

/* The owner's groups are those of the record as judged.  1 with the reason in why, 0, or -1. */
static int
vetoed_at(
        struct guard *a, const struct reread *of, int64_t now_us, struct text *why, struct err *err)
{
	struct exclusions     *x = a->exclusions;
	struct exclude_subject who = { .owner = NULL };
	struct text            reason;

	if (x->any && facts_subject(of->fresh, x->groups ? of->judged : NULL, &who, err) != 0)
		return -1;
	if (exclusions_match(x, &who, now_us, &reason) == NOT_EXCLUDED)
		return 0;
	*why = reason;
	return 1;
}

int
guard_vetoed(struct guard *a, struct item *item, struct rec *rec, struct err *err)
{
	const struct reread as_judged = { rec, rec, NULL };

	return vetoed_at(a, &as_judged, a->now_us, &item->why, err);
}

int64_t
guard_now_us(const struct guard *a, const struct server *server)
{
	return a->replay ? a->now_us : server_now_us(server);
}

int
guard_leaves(struct guard *a, struct item *item, const struct reread *again, struct err *err)
{
	int         vetoed = vetoed_at(a, again, guard_now_us(a, again->server), &item->why, err);
	const char *shared;

	if (vetoed != 0)
		return vetoed;
	shared = sharing_only(&a->shared, again->fresh, again->server);
	if (shared == NULL)
		return 0;
	text_clear(&item->why);
	text_put(&item->why, shared);
	return 1;
}
