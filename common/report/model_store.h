/*
 * model_store.h - a model while it is made: rows as they come, and what only the
 * counting needs.  For model*.c; renderers see model.h.
 */

#ifndef CWS_MODEL_STORE_H
#define CWS_MODEL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "report/model.h"
#include "report/words.h"

#define POLICIES_MAX 64 /* of which the owners met are counted: a bit each */

/* What a row brings for its groups and people; beside the rows, in the same order. */
struct model_more {
	struct when last_seen;
	const char *owner_status; /* NULL: not known */
	bool        ran_known;
	double      ran_s, price;             /* price an hour; negative: not known */
	uint64_t    stopped_by;               /* a bit for each policy that would have stopped it */
	struct when overrun, started, failed; /* the instants its lists count to */
	struct when deadline;
	bool        changing, start_failed;
};

struct model_store {
	struct model           model;
	struct words           words;
	struct model_row      *row;  /* owned */
	struct model_more     *more; /* owned */
	size_t                 rows, room;
	const char           **server; /* owned; those met */
	size_t                 servers;
	struct model_conflict *conflict; /* owned */
	size_t                 conflicts;
};

/* model_count - count one of this name; n is added, the name is kept. */
void
model_count(struct model_counts *c, const char *name, uint64_t n);

/*
 * model_start - an empty model.  options: borrowed; its title is made fit to be shown as foreign
 * text is.
 */
struct model_store *
model_start(struct model_options *options);

/*
 * model_finish - all records are read: count, sort and lay out the eight parts.  Returns the model,
 * owned by the store.
 */
const struct model *
model_finish(struct model_store *store);

void
model_free(struct model_store *store);

/* The parts that model_finish puts together. */
void
model_finish_lists(struct model_store *store);
void
model_finish_totals(struct model_store *store);
void
model_finish_runs(struct model_store *store);
void
model_finish_day(struct model_store *store);
void
model_finish_groups(struct model_store *store);
void
model_finish_people(struct model_store *store);

/* What cws-whatif, cws-savings, cws-habit and cws-usage left on one record. */
struct model_tried {
	const char *policy;
	int64_t     saved_s, stops, returns, regrets, cut;
	bool        has_cost;
	double      saved_cost;
};

/* model_add_policy - one policy tried on the last row. */
void
model_add_policy(struct model_store *store, const struct model_tried *t);

/* model_add_use - one interval of use, [from, to), in seconds since 1970. */
void
model_add_use(struct model_store *store, int64_t from_s, int64_t to_s);

/* model_finish_past - how many owners each policy met. */
void
model_finish_past(struct model_store *store);

#endif
