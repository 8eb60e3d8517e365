/* journal_read.c - lines of a journal back to what they tell. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "base/uuid.h"
#include "base/xalloc.h"
#include "books/journal.h"

/* What makes a line one of a journal. */
struct intent {
	const char *name;
};

static const struct fact intent_fact[] = { FACT(struct intent, name, ".intent") };

static const struct fact_table intent_table = FACT_TABLE(intent_fact);

/* The line as it is read, into .l what needs no copy. */
struct line_seen {
	struct journal_line l;
	const char         *run, *id, *build_id, *url, *owner_id, *owner_name, *name;
	bool                has_build_number;
};

static const struct fact line_fact[] = {
	FACT(struct line_seen, run, ".run"),
	FACT(struct line_seen, id, ".id"),
	FACT(struct line_seen, build_id, ".build_id"),
	FACT(struct line_seen, url, ".url"),
	FACT(struct line_seen, owner_id, ".owner_id"),
	FACT(struct line_seen, owner_name, ".owner_name"),
	FACT(struct line_seen, name, ".name"),
	FACT(struct line_seen, l.build_number, ".build_number"),
	FACT_IS_KNOWN(struct line_seen, has_build_number, ".build_number"),
	FACT(struct line_seen, l.at, ".at"),
	FACT(struct line_seen, l.before, ".deadline_before"),
	FACT(struct line_seen, l.after, ".deadline_after"),
	FACT(struct line_seen, l.outcome, ".outcome"),
};

static const struct fact_table line_table = FACT_TABLE(line_fact);

/* Is the text there, and does it fit? */
static bool
copied(const char *text, char *out, size_t size)
{
	if (text == NULL || strlen(text) >= size)
		return false;
	memcpy(out, text, strlen(text) + 1);
	return true;
}

/* The first member without which a line is of no use; NULL when all are there. */
static const char *
missing(struct line_seen *seen)
{
	struct journal_line *l = &seen->l;

	if (!copied(seen->run, l->run, sizeof(l->run)))
		return ".run";
	if (!copied(seen->id, l->id, sizeof(l->id)) || !uuid_is_plain(l->id))
		return ".id";
	if (!copied(seen->build_id, l->build_id, sizeof(l->build_id)))
		return ".build_id";
	if (!copied(seen->url, l->url, sizeof(l->url)))
		return ".url";
	/* These may be null where nobody knew them. */
	if (seen->owner_id != NULL && !copied(seen->owner_id, l->owner_id, sizeof(l->owner_id)))
		return ".owner_id";
	if (seen->owner_name != NULL &&
	        !copied(seen->owner_name, l->owner_name, sizeof(l->owner_name)))
		return ".owner_name";
	if (seen->name != NULL && !copied(seen->name, l->name, sizeof(l->name)))
		return ".name";
	if (!seen->has_build_number)
		return ".build_number";
	if (!l->at.known)
		return ".at";
	if (action_words(l->action)->transition == NULL && !l->after.known)
		return ".deadline_after";
	return l->outcome.p != NULL && l->outcome.p[0] != '{' ? ".outcome" : NULL;
}

int
journal_parse(struct rec *rec, struct journal_line *l, struct err *err)
{
	struct line_seen seen;
	struct intent    intent;
	const char      *path;

	memset(l, 0, sizeof(*l));
	memset(&seen, 0, sizeof(seen));
	if (rec_read(rec, &intent_table, &intent, err) != 0)
		return -1;
	if (intent.name == NULL)
		return 1;
	path = action_of(intent.name, &seen.l.action) ? NULL : ".intent";
	if (path == NULL && rec_read(rec, &line_table, &seen, err) != 0)
		return -1;
	if (path != NULL || (path = missing(&seen)) != NULL)
		return err_set(err, CWS_PARTIAL, "a line of a journal without a usable '%s'", path);
	*l = seen.l;
	return 0;
}

/* Lines of one action of one run on one workspace, in the order of the file. */
static int
compare(const void *x, const void *y)
{
	const struct journal_line *const *a = x, *const *b = y;
	int                               c = strcmp((*a)->id, (*b)->id);

	if (c == 0)
		c = strcmp((*a)->run, (*b)->run);
	if (c == 0)
		c = (int)(*a)->action - (int)(*b)->action;
	return c != 0 ? c : *a < *b ? -1 : 1;
}

static bool
same_deed(const struct journal_line *a, const struct journal_line *b)
{
	return strcmp(a->id, b->id) == 0 && strcmp(a->run, b->run) == 0 && a->action == b->action;
}

void
journal_unsettled(const struct journal_line *line, size_t n, bool *open)
{
	const struct journal_line **sorted = xcalloc(n, sizeof(*sorted));
	size_t                      i;

	for (i = 0; i < n; i++)
		sorted[i] = &line[i];
	qsort(sorted, n, sizeof(*sorted), compare);
	/*
	 * Whatever came later about the same action, an outcome or another try, settles an intent.
	 */
	for (i = 0; i < n; i++)
		open[sorted[i] - line] = sorted[i]->outcome.p == NULL &&
		                         (i + 1 == n || !same_deed(sorted[i], sorted[i + 1]));
	free(sorted);
}

bool
journal_is_anothers(const struct journal_line *line, size_t n, const bool *open, size_t i)
{
	const struct journal_line *l = &line[i], *other;
	size_t                     k;

	for (k = 0; k < n; k++) {
		other = &line[k];
		if (strcmp(other->id, l->id) != 0 || same_deed(other, l) ||
		        other->action != l->action || strcmp(other->url, l->url) != 0)
			continue;
		if (other->outcome.p != NULL
		                ? other->made == l->build_number + 1
		                : k > i && open[k] && other->build_number == l->build_number)
			return true;
	}
	return false;
}

void
journal_record(
        const struct journal_line *l, const char *member, const struct buf *value, struct buf *out)
{
	const char *own = action_words(l->action)->member;

	json_write_open(out, NULL);
	json_write_text(out, "id", l->id);
	json_write_foreign(out, "owner_id", l->owner_id);
	json_write_foreign(out, "owner_name", l->owner_name);
	json_write_foreign(out, "name", l->name);
	json_write_foreign(out, "url", l->url);
	json_write_open(out, "cws");
	if (l->outcome.p != NULL && strcmp(own, member) != 0)
		json_write_raw(out, own, l->outcome.p, l->outcome.n);
	json_write_raw(out, member, value->p, value->n);
	json_write_close(out);
	json_write_close(out);
}
