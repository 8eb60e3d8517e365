/* pools.c - see pools.h. */

#include "pools.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "world.h"

static int
by_key(const void *a, const void *b)
{
	const cJSON *const *x = a, *const *y = b;

	return strcmp((*x)->string, (*y)->string);
}

cJSON *
tags_full(const cJSON *own)
{
	cJSON        *all = own != NULL ? cJSON_Duplicate(own, 1) : cJSON_CreateObject(), *out = cJSON_CreateObject(), *e;
	const cJSON **sorted;
	size_t        n = 0;

	jx_set(all, "owner", cJSON_CreateString(""));
	jx_set(all, "scope", cJSON_CreateString("organization"));
	sorted = xcalloc((size_t)cJSON_GetArraySize(all), sizeof(*sorted));
	cJSON_ArrayForEach(e, all)
		sorted[n++] = e;
	qsort(sorted, n, sizeof(*sorted), by_key);
	for (size_t i = 0; i < n; i++)
		jx_add_text(out, sorted[i]->string, sorted[i]->valuestring);
	free(sorted);
	cJSON_Delete(all);
	return out;
}

static bool
same_tags(const cJSON *a, const cJSON *b)
{
	return cJSON_Compare(a, b, true);
}

/* The pool of those tags, made when there is none; NULL when there are too many. */
static struct pool *
pool_of(struct world *w, const cJSON *tags)
{
	for (size_t i = 0; i < w->n_pools; i++)
		if (same_tags(w->pools[i].tags, tags))
			return &w->pools[i];
	if (w->n_pools == MAX_POOLS)
		return NULL;
	w->pools[w->n_pools] = (struct pool){ cJSON_Duplicate(tags, 1), 0, INT64_MIN };
	return &w->pools[w->n_pools++];
}

void
pools_load(struct world *w)
{
	int recorded = cJSON_GetArraySize(w->daemons);

	for (int i = 0; i < w->set.provisioners; i++) {
		cJSON       *tags = tags_full(jx_get(cJSON_GetArrayItem(w->daemons, recorded > 0 ? i % recorded : 0), "tags"));
		struct pool *p = pool_of(w, tags);

		if (p == NULL)
			die("provisionerdaemons.json: too many sets of tags");
		p->n++;
		cJSON_Delete(tags);
	}
}

void
pools_free(struct world *w)
{
	for (size_t i = 0; i < w->n_pools; i++)
		cJSON_Delete(w->pools[i].tags);
}

bool
pools_set(struct world *w, const cJSON *own, int n)
{
	cJSON       *tags = tags_full(own);
	struct pool *p = pool_of(w, tags);

	cJSON_Delete(tags);
	if (p == NULL)
		return false;
	if (n > p->n)
		p->free_us = w->now_us;
	p->n = n;
	queue_refresh(w);
	return true;
}

bool
pool_takes(const struct pool *p, const struct version *v)
{
	const cJSON *tag;

	if (cJSON_GetArraySize(v->tags) == 2) /* "owner" and "scope" alone */
		return same_tags(p->tags, v->tags);
	cJSON_ArrayForEach(tag, v->tags) {
		const cJSON *has = jx_get(p->tags, tag->string);

		if (!cJSON_IsString(has) || strcmp(has->valuestring, tag->valuestring) != 0)
			return false;
	}
	return true;
}

int
world_provisioners(const struct world *w, const struct version *v)
{
	int n = 0;

	for (size_t i = 0; i < w->n_pools; i++)
		if (w->pools[i].n > 0 && pool_takes(&w->pools[i], v))
			n += w->pools[i].n;
	return n;
}
