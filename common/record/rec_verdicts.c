/* rec_verdicts.c - the verdicts that a record carries. */

#include "record/rec_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static int
bad_verdict(struct err *err, const char *name, const char *member, const char *what)
{
	return err_set(err, CWS_PARTIAL, "'.cws.%.60s.%s' is not %s", name, member, what);
}

static const char *
text_or_empty(const cJSON *item)
{
	return cJSON_IsString(item) ? item->valuestring : "";
}

/* The only member of this name: of two, jq takes the last and cJSON the first, so nobody takes either. */
static int
lone_member(const cJSON *object, const char *name, const cJSON **item, struct err *err)
{
	const cJSON *m;

	*item = NULL;
	cJSON_ArrayForEach(m, object)
		if (strcmp(m->string, name) == 0) {
			if (*item != NULL)
				return err_set(err, CWS_PARTIAL, "'.cws.%.60s' has two members named '%s'",
				        object->string, name);
			*item = m;
		}
	return 0;
}

static struct when
instant_or_none(const cJSON *object, const char *name)
{
	struct when w;

	return rec_instant(cJSON_GetObjectItemCaseSensitive(object, name), &w) == 0 ? w : when_none();
}

/* One object under cws into *v; 0 when it is a verdict, 1 when it is none, -1 when it is a bad one. */
static int
read_verdict(const cJSON *object, struct verdict_seen *v, struct err *err)
{
	const cJSON *due, *keep, *at, *idle;

	if (!cJSON_IsObject(object))
		return 1;
	if (lone_member(object, "due", &due, err) != 0 || lone_member(object, "keep", &keep, err) != 0)
		return -1;
	if (due == NULL && keep == NULL)
		return 1;
	if (lone_member(object, "at", &at, err) != 0)
		return -1;
	memset(v, 0, sizeof(*v));
	v->name = object->string;
	if (due != NULL && !cJSON_IsBool(due))
		return bad_verdict(err, v->name, "due", "true or false");
	if (keep != NULL && !cJSON_IsBool(keep))
		return bad_verdict(err, v->name, "keep", "true or false");
	v->due = cJSON_IsTrue(due);
	v->keep = cJSON_IsTrue(keep);
	v->state = text_or_empty(cJSON_GetObjectItemCaseSensitive(object, "state"));
	v->why = text_or_empty(cJSON_GetObjectItemCaseSensitive(object, "why"));
	if (rec_instant(at, &v->at) != 0)
		return bad_verdict(err, v->name, "at", "an instant (RFC 3339)");
	/* Of verdicts that are not ours these members may be anything. */
	v->stop_at = instant_or_none(object, "stop_at");
	v->window_start = instant_or_none(object, "window_start");
	v->window_end = instant_or_none(object, "window_end");
	v->deadline = instant_or_none(object, "deadline");
	idle = cJSON_GetObjectItemCaseSensitive(object, "idle_s");
	v->has_idle = idle != NULL && rec_whole(idle, &v->idle_s);
	return 0;
}

/* Can this member of cws be a verdict?  Most of cws is .cws.fetch: parsing that again costs. */
static bool
may_judge(const struct slice *v)
{
	const char *p = v->p, *end = v->p + v->n;

	if (*p != '{')
		return false;
	if (memchr(p, '\\', v->n) != NULL)
		return true;
	for (; (p = memchr(p, '"', (size_t)(end - p))) != NULL; p++)
		if ((end - p > 4 && memcmp(p, "\"due\"", 5) == 0) ||
		    (end - p > 5 && memcmp(p, "\"keep\"", 6) == 0))
			return true;
	return false;
}

/* The members of cws that can be verdicts, as an object of their own; false when there are none. */
static int
project_verdicts(struct rec *r, struct err *err)
{
	size_t i;

	buf_reset(&r->projection);
	for (i = 0; i < r->pairs; i++) {
		const struct pair *p = &r->pair[i];
		struct slice       quoted = { p->name.p - 1, p->name.n + 2 };

		if (!may_judge(&p->value))
			continue;
		if (rec_has_nul(p->value) || rec_has_nul(quoted))
			return err_set(err, CWS_PARTIAL, "'.cws.%.*s' holds a NUL", (int)(p->name.n < 60 ? p->name.n : 60),
			        p->name.p);
		buf_putc(&r->projection, r->projection.n == 0 ? '{' : ',');
		rec_put_span(&r->projection, p->name.p - 1, p->value.p + p->value.n);
	}
	if (r->projection.n != 0)
		buf_putc(&r->projection, '}');
	return 0;
}

int
rec_verdicts(struct rec *r, const struct verdict_seen **out, size_t *n, struct err *err)
{
	const cJSON *object;
	int          kind;

	*out = NULL;
	*n = 0;
	cJSON_Delete(r->cws_tree);
	r->cws_tree = NULL;
	if (project_verdicts(r, err) != 0)
		return -1;
	if (r->projection.n == 0)
		return 0;
	r->cws_tree = rec_tree(&r->projection);
	if (r->cws_tree == NULL)
		return err_set(err, CWS_PARTIAL, "cannot parse '.cws'");
	r->verdict = xrealloc(r->verdict, r->pairs, sizeof(*r->verdict));
	r->verdicts = 0;
	cJSON_ArrayForEach(object, r->cws_tree) {
		kind = read_verdict(object, &r->verdict[r->verdicts], err);
		if (kind < 0)
			return -1;
		r->verdicts += kind == 0;
	}
	*out = r->verdict;
	*n = r->verdicts;
	return 0;
}
