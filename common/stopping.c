/* stopping.c - records to stops. */

#include "stopping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "login.h"
#include "stop.h"
#include "xalloc.h"

/* Is this the URL of the server we are set to?  Records of one fetch carry one URL: it is parsed once. */
static void
check_origin(struct stopping *s, const char *url)
{
	struct err err;
	char      *origin;

	if (url == NULL || s->foreign[0] != '\0' || (s->same_url != NULL && strcmp(s->same_url, url) == 0))
		return;
	origin = login_origin(url, 1, &err);
	if (origin == NULL || strcmp(origin, s->origin) != 0) {
		if (url[0] == '\0')
			url = "nowhere (an empty URL)";
		snprintf(s->foreign, sizeof(s->foreign), "%s", url);
	} else {
		free(s->same_url);
		s->same_url = xstrdup(url);
	}
	free(origin);
}

static bool
is_shared(const struct rec *rec)
{
	struct slice list = rec_raw(rec, REC_SHARED_WITH);

	return list.p != NULL && memchr(list.p, '{', list.n) != NULL;
}

static const struct stopping_org *
org_of(const struct stopping *s, const char *id)
{
	size_t i;

	for (i = 0; i < s->orgs; i++)
		if (id != NULL && strcmp(s->org[i].id, id) == 0)
			return &s->org[i];
	return NULL;
}

static void
note_org(struct stopping *s, const struct rec *rec)
{
	struct err  err;
	const char *id;

	if (!is_shared(rec) || rec_text(rec, REC_ORGANIZATION_ID, &id, &err) != 0 || id == NULL ||
		!api_path_ok(id) || s->orgs == STOPPING_ORGS || org_of(s, id) != NULL)
		return;
	snprintf(s->org[s->orgs++].id, BATCH_ID_SIZE, "%s", id);
}

int
stopping_judge(void *ctx, struct batch *b, struct rec *rec, struct item *item, struct err *err)
{
	struct stopping           *s = ctx;
	const struct verdict_seen *v;
	struct stop_facts          facts;
	struct when                fetched;
	const char                *url;
	size_t                     n, first;
	enum left                  left;

	if (rec_verdicts(rec, &v, &n, err) != 0 || facts_stop(rec, &facts, err) != 0 ||
	    exclusions_match(s->exclusions, rec, rec, s->now_us, &left, &item->why, err) != 0 ||
	    rec_when(rec, REC_FETCH_AT, &fetched, err) != 0 || rec_text(rec, REC_FETCH_URL, &url, err) != 0)
		return -1;
	check_origin(s, url);
	if (left != LEFT_NOT) {
		item->kept = true;
		batch_close(b, item, RESULT_SKIPPED, NULL);
		return 0;
	}
	switch (stop_asked(v, n, fetched, s->force, s->max_age_s, s->now_us, &first, &item->why)) {
	case STOP_KEPT:
		item->kept = true;
		batch_close(b, item, RESULT_SKIPPED, NULL);
		return 0;
	case STOP_NOT_DUE:
		batch_close(b, item, RESULT_SKIPPED, NULL);
		return 0;
	case STOP_STALE:
		s->stale++;
		batch_close(b, item, RESULT_SKIPPED, NULL);
		break;
	case STOP_DUE:
		text_put(&item->why, first == n                  ? "chosen by --force"
		                     : v[first].why[0] != '\0' ? v[first].why
		                                               : v[first].state);
		note_org(s, rec);
		break;
	}
	item->due = true;
	snprintf(item->rule, sizeof(item->rule), "%s", first == n ? "force" : v[first].name);
	return 0;
}

/* Somebody else's workspace, shared with a token that is no administrator's. */
static bool
is_only_shared(const struct stopping *s, const struct rec *fresh, const struct stop_facts *f,
        const struct engine_me *me)
{
	const struct stopping_org *org;
	struct err                 err;
	const char                *id;

	if (!is_shared(fresh))
		return false;
	if (me->known && (me->user.site_owner || strcmp(f->owner_id, me->user.id) == 0))
		return false;
	if (rec_text(fresh, REC_ORGANIZATION_ID, &id, &err) != 0)
		return true;
	org = org_of(s, id);
	return org == NULL || !org->admin;
}

bool
stopping_holds(void *ctx, struct item *item, struct rec *judged, struct rec *fresh,
	const struct engine_me *me, struct err *err)
{
	const struct stopping     *s = ctx;
	const struct verdict_seen *v;
	struct stop_facts          was, is;
	struct text                why;
	size_t                     n;
	enum left                  left;

	if (rec_verdicts(judged, &v, &n, err) != 0 || facts_stop(judged, &was, err) != 0 ||
	    facts_stop(fresh, &is, err) != 0)
		return false;
	/*
	 * What jq wrote on the record does not count: it is the server that says whose it is.
	 * Only of the owner's groups the list says nothing, so those stay as they were fetched.
	 */
	if (exclusions_match(s->exclusions, fresh, judged, s->replay ? s->now_us : clock_wall_us(), &left,
	        &why, err) != 0)
		return false;
	if (left != LEFT_NOT) {
		item->why = why;
		return false;
	}
	text_clear(&why);
	if (is_only_shared(s, fresh, &is, me))
		text_put(&why, "it belongs to somebody else, who shared it with this token's user");
	else if (stop_holds(v, n, &was, &is, s->replay ? s->now_us : clock_wall_us(), &why))
		return true;
	item->why = why;
	return false;
}

static void
on_members(void *arg, const struct http_reply *r)
{
	struct stopping_org *org = arg;

	org->asked = true;
	org->admin = r->end == HTTP_ANSWERED && r->status == 200 && r->json &&
	             api_is_org_admin(r->body, r->n, org->user_id);
}

void
stopping_roles(struct stopping *s, struct api *api, const struct engine_me *me,
	const volatile sig_atomic_t *signals)
{
	size_t i;

	if (!me->known || me->user.site_owner)
		return;
	for (i = 0; i < s->orgs; i++) {
		struct stopping_org *org = &s->org[i];
		char                 path[96];

		org->user_id = me->user.id;
		snprintf(path, sizeof(path), "/api/v2/organizations/%s/members", org->id);
		api_read(api, path, on_members, org);
		while (!org->asked && *signals == 0)
			api_turn(api, 1000);
	}
}

void
stopping_release(struct stopping *s)
{
	free(s->same_url);
	s->same_url = NULL;
}
