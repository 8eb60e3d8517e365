/*
 * pools.h - the provisioners, those of the same tags together, and which jobs they take.
 *
 * A job's tags are those of its template version.  A provisioner takes it that
 * has all of them; a job without tags of its own goes only to one without.
 * Every set of tags says "owner" and "scope" too.
 * Source: provisioner_tagset_contains in coderd/database/dump.sql of Coder v2.31.
 */

#ifndef FAKE_POOLS_H
#define FAKE_POOLS_H

#include "jx.h"

#define MAX_POOLS 16

struct world;
struct version;

struct pool {
	cJSON  *tags;    /* owned */
	int     n;       /* so many are live */
	int64_t free_us; /* when one of them was last free to take a job */
};

/* tags_full - these tags (NULL: none) and the two that every set has, in the order of their names.  Owned by the caller. */
cJSON *
tags_full(const cJSON *own);

/* pools_load - as many as --provisioners says, with the tags of the recorded ones in turn. */
void
pools_load(struct world *w);
void
pools_free(struct world *w);

/* pools_set - from now on n are live that have just these tags (NULL: none of their own).  False: too many sets of tags. */
bool
pools_set(struct world *w, const cJSON *own, int n);

/* pool_takes - may one of the pool's take a job of that version? */
bool
pool_takes(const struct pool *p, const struct version *v);

/* world_provisioners - how many live ones may take a job of that version. */
int
world_provisioners(const struct world *w, const struct version *v);

#endif
