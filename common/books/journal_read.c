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

struct journal_key
journal_key(const struct journal_line *l, const char *origin)
{
	struct journal_key k = { .action = l->action,
		.build_number = l->build_number,
		.told = l->outcome.p != NULL,
		.here = strcmp(l->url, origin) == 0 };

	uuid_parse(l->id, strlen(l->id), &k.id);
	memcpy(k.run, l->run, sizeof(k.run));
	return k;
}

/* The pointers to them, in another order. */
static struct journal_key **
sort(struct journal_key *key, size_t n, int (*compare)(const void *x, const void *y))
{
	struct journal_key **sorted = xcalloc(n, sizeof(*sorted));
	size_t               i;

	for (i = 0; i < n; i++)
		sorted[i] = &key[i];
	qsort(sorted, n, sizeof(struct journal_key *), compare);
	return sorted;
}

/* By workspace and action. */
static int
compare_aim(const struct journal_key *a, const struct journal_key *b)
{
	int c = memcmp(&a->id, &b->id, sizeof(a->id));

	return c != 0 ? c : (int)a->action - (int)b->action;
}

/* Lines of one action of one run on one workspace, in the order of the file. */
static int
compare_deeds(const void *x, const void *y)
{
	const struct journal_key *const *a = x, *const *b = y;
	int                              c = compare_aim(*a, *b);

	if (c == 0)
		c = strcmp((*a)->run, (*b)->run);
	return c != 0 ? c : *a < *b ? -1 : 1;
}

static bool
same_deed(const struct journal_key *a, const struct journal_key *b)
{
	return compare_aim(a, b) == 0 && strcmp(a->run, b->run) == 0;
}

static void
find_open(struct journal_key *key, size_t n)
{
	struct journal_key **sorted = sort(key, n, compare_deeds);
	size_t               i;

	/*
	 * Whatever came later about the same action, an outcome or another try, settles an intent.
	 */
	for (i = 0; i < n; i++)
		sorted[i]->open =
		        !sorted[i]->told && (i + 1 == n || !same_deed(sorted[i], sorted[i + 1]));
	free(sorted);
}

/* The build that the line's own comes after; -1: it has made none. */
static int64_t
base_of(const struct journal_key *k)
{
	return !k->told ? k->build_number : k->made != 0 ? k->made - 1 : -1;
}

/* Lines that may have made the same build on one server, in the order of the file. */
static int
compare_builds(const void *x, const void *y)
{
	const struct journal_key *const *a = x, *const *b = y;
	int                              c = compare_aim(*a, *b);
	int64_t                          m = base_of(*a), n = base_of(*b);

	if (c == 0)
		c = (int)(*a)->here - (int)(*b)->here;
	if (c == 0)
		c = m < n ? -1 : m > n;
	return c != 0 ? c : *a < *b ? -1 : 1;
}

static bool
same_build(const struct journal_key *a, const struct journal_key *b)
{
	return compare_aim(a, b) == 0 && a->here == b->here && base_of(a) == base_of(b);
}

/* Of lines that may have made the same build the open ones are another's, or the last is not. */
static void
claim(struct journal_key **same, size_t n)
{
	const struct journal_key *maker = NULL, *last = NULL;
	bool                      makers = false; /* of more than one run */
	size_t                    i;

	for (i = 0; i < n; i++)
		if (same[i]->told) {
			makers = makers || (maker != NULL && !same_deed(maker, same[i]));
			maker = same[i];
		} else if (same[i]->open) {
			last = same[i];
		}
	for (i = 0; i < n; i++)
		if (same[i]->open)
			same[i]->claimed = same[i] != last || makers ||
			                   (maker != NULL && !same_deed(maker, same[i]));
}

void
journal_settle(struct journal_key *key, size_t n)
{
	struct journal_key **sorted;
	size_t               i, from;

	find_open(key, n);
	sorted = sort(key, n, compare_builds);
	for (from = 0; from < n; from = i) {
		for (i = from + 1; i < n && same_build(sorted[i], sorted[from]); i++)
			continue;
		claim(sorted + from, i - from);
	}
	free(sorted);
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
