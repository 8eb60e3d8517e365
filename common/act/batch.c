/* batch.c - hold, judge, bound and write the records of a run that acts. */

#include "act/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/json_scan.h"
#include "base/random.h"
#include "base/uuid.h"
#include "base/xalloc.h"

void
batch_init(struct batch *b, enum action action)
{
	static const char hex[] = "0123456789abcdef";
	size_t            i;

	memset(b, 0, sizeof(*b));
	b->action = action;
	buf_init(&b->member, BUF_RECORD_MAX);
	buf_init(&b->record, 2 * BUF_RECORD_MAX);
	for (i = 0; i < 16; i++)
		b->run[i] = hex[random_u32() & 15];
}

/* Where the dash is, and how many digits are behind it. */
enum { RUN_DASH = 8, RUN_USER = 8 };

void
batch_run_as(struct batch *b, const char *user_id)
{
	snprintf(b->run + RUN_DASH, sizeof(b->run) - RUN_DASH, "-%.*s", RUN_USER, user_id);
}

const char *
batch_run_user(const char *run)
{
	return strlen(run) == RUN_DASH + 1 + RUN_USER && run[RUN_DASH] == '-' ? run + RUN_DASH + 1
	                                                                      : NULL;
}

void
batch_drop(struct batch *b)
{
	b->n = b->written;
}

void
batch_release(struct batch *b)
{
	while (b->sentences > 0)
		free(b->sentence[--b->sentences]);
	free(b->sentence);
	spool_release(&b->lines);
	spool_release(&b->words);
	idset_release(&b->bad);
	rec_free(b->rec);
	buf_release(&b->member);
	buf_release(&b->record);
	free(b->item);
	free(b->held);
	memset(b, 0, sizeof(*b));
}

static struct held *
add_held(struct batch *b)
{
	struct held *h;

	if (b->n == b->room) {
		b->room = b->room ? 2 * b->room : 64;
		b->held = xrealloc(b->held, b->room, sizeof(*b->held));
	}
	h = &b->held[b->n++];
	memset(h, 0, sizeof(*h));
	h->action = (uint8_t)b->action;
	return h;
}

/* The item of the record at this place; those before it may move. */
static struct item *
add_item(struct batch *b, size_t held)
{
	struct item *item;

	if (b->items == b->item_room) {
		b->item_room = b->item_room ? 2 * b->item_room : 64;
		b->item = xrealloc(b->item, b->item_room, sizeof(*b->item));
	}
	item = &b->item[b->items++];
	memset(item, 0, sizeof(*item));
	item->held = held;
	item->action = (enum action)b->held[held].action;
	b->held[held].item = (uint32_t)b->items;
	return item;
}

struct item *
batch_add(struct batch *b, const struct journal_line *l)
{
	struct item *item;

	add_held(b)->due = true;
	item = add_item(b, b->n - 1);
	item->due = true;
	item->journal = true;
	memcpy(item->id, l->id, sizeof(item->id));
	memcpy(item->run, l->run, sizeof(item->run));
	memcpy(item->was_id, l->build_id, sizeof(item->was_id));
	memcpy(item->owner_id, l->owner_id, sizeof(item->owner_id));
	memcpy(item->owner_name, l->owner_name, sizeof(item->owner_name));
	memcpy(item->name, l->name, sizeof(item->name));
	item->action = l->action;
	item->was_number = l->build_number;
	item->before = l->before;
	item->after = l->after;
	item->at = l->at;
	return item;
}

/* The line cannot be held: the run is as one whose input could not be read. */
static enum records_next
no_room(struct records *in, const struct err *err)
{
	records_fail(in, err->text);
	diag_lines_end("<stdin>");
	return RECORDS_ERROR;
}

enum records_next
batch_read(struct batch *b, struct records *in)
{
	enum records_next  got;
	struct spool_place place;
	struct slice       line;
	struct held       *h;
	struct err         err;
	bool               last;

	while ((got = records_line(in, &line, &last)) == RECORDS_ONE) {
		if (spool_put(&b->lines, line.p, line.n, &place, &err) != 0)
			return no_room(in, &err);
		h = add_held(b);
		h->line = place;
		h->lineno = in->in.lineno;
		h->last = last;
	}
	return got;
}

/* A spool cannot be read back: told once. */
static void
lose(struct batch *b, const struct err *err)
{
	if (!b->lost)
		diag_error("%s", err->text);
	b->lost = true;
}

int
batch_line(struct batch *b, size_t held, struct slice *line, struct err *err)
{
	const struct held *h = &b->held[held];

	*line = (struct slice){ NULL, 0 };
	if (h->line.n == 0 || spool_get(&b->lines, h->line, line, err) == 0)
		return 0;
	lose(b, err);
	return -1;
}

/* Is the text an owner's, and whose?  Owners by id; by name where the record has no id. */
static uint64_t
owner_of(struct batch *b, const struct item *item)
{
	const char *name = item->owner_id[0] != '\0' ? item->owner_id : item->owner_name;

	if (b->seed == 0)
		b->seed = random_u64();
	return hash_text(b->seed, name);
}

static void
put_word(struct buf *words, const char *word)
{
	buf_put(words, word, strlen(word) + 1);
}

static const char *
take_word(const char *p, char *out, size_t size)
{
	snprintf(out, size, "%s", p);
	return p + strlen(p) + 1;
}

/* A judged record is held: what the bounds ask, and its words. */
static int
hold(struct batch *b, struct held *h, const struct item *item, struct err *err)
{
	h->owner = owner_of(b, item);
	h->at_us = item->at.us;
	h->action = (uint8_t)item->action;
	h->result = (uint8_t)item->result;
	h->due = item->due;
	h->kept = item->kept;
	h->vetoed = item->vetoed;
	buf_reset(&b->member);
	put_word(&b->member, item->owner_id);
	put_word(&b->member, item->owner_name);
	put_word(&b->member, item->name);
	put_word(&b->member, item->rule);
	put_word(&b->member, item->why.s);
	return spool_put(&b->words, b->member.p, b->member.n, &h->words, err);
}

static void
take_words(struct batch *b, const struct held *h, struct item *item)
{
	struct slice words;
	struct err   err;
	const char  *p;

	if (h->words.n == 0)
		return;
	if (spool_get(&b->words, h->words, &words, &err) != 0) {
		lose(b, &err);
		return;
	}
	p = take_word(words.p, item->owner_id, sizeof(item->owner_id));
	p = take_word(p, item->owner_name, sizeof(item->owner_name));
	p = take_word(p, item->name, sizeof(item->name));
	p = take_word(p, item->rule, sizeof(item->rule));
	text_put(&item->why, p);
}

/* What is held, in an item that is all zero. */
static void
show(struct batch *b, size_t held, struct item *item)
{
	const struct held *h = &b->held[held];

	item->held = held;
	item->action = (enum action)h->action;
	item->result = (enum result)h->result;
	item->at = h->result == RESULT_NONE ? when_none() : when_at(h->at_us);
	item->journal = h->journal;
	item->due = h->due;
	item->kept = h->kept;
	item->vetoed = h->vetoed;
	if (h->plain)
		uuid_print(item->id, &h->id);
	take_words(b, h, item);
	if (h->why != NULL) {
		text_clear(&item->why);
		text_put(&item->why, h->why);
	}
}

struct item *
batch_item(struct batch *b, size_t held)
{
	if (b->held[held].item != 0)
		return &b->item[b->held[held].item - 1];
	memset(&b->shown, 0, sizeof(b->shown));
	show(b, held, &b->shown);
	return &b->shown;
}

enum result
batch_result(const struct batch *b, size_t held)
{
	const struct held *h = &b->held[held];

	return h->item != 0 ? b->item[h->item - 1].result : (enum result)h->result;
}

void
batch_open_items(struct batch *b)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->held[i].result == RESULT_NONE)
			show(b, i, add_item(b, i));
}

/* Whose record it is. */
struct names {
	const char *id, *owner_id, *owner_name, *name;
};

static const struct fact names_fact[] = {
	FACT(struct names, id, ".id"),
	FACT_OR_EMPTY(struct names, owner_id, ".owner_id"),
	FACT_OR_EMPTY(struct names, owner_name, ".owner_name"),
	FACT_OR_EMPTY(struct names, name, ".name"),
};

static const struct fact_table names_table = FACT_TABLE(names_fact);

/* The id, when it can stand in a URL: what cannot be read again is left alone. */
static void
take_id(struct batch *b, struct held *h, struct item *item, const char *id)
{
	bool names = id != NULL && uuid_parse(id, strlen(id), &h->id);

	b->nameless += !names && item->kept; /* whom? */
	h->plain = id != NULL && uuid_is_plain(id);
	if (!h->plain && item->due) {
		item->due = false;
		batch_close(
		        b, item, RESULT_SKIPPED, "its id is no UUID, so it cannot be read again");
	}
}

/* Names are cut to their places. */
static void
take_names(struct item *item, const struct names *is)
{
	snprintf(item->owner_id, sizeof(item->owner_id), "%s", is->owner_id);
	snprintf(item->owner_name, sizeof(item->owner_name), "%s", is->owner_name);
	snprintf(item->name, sizeof(item->name), "%s", is->name);
}

/* An id, each character of it an escape, and its quotes. */
enum { ID_LONGEST = 6 * 36 + 2 };

/* A text that is no UUID is the id of no workspace: *id is all zero.  False when it is no text. */
static bool
read_id(struct slice value, struct uuid *id)
{
	char text[ID_LONGEST];

	memset(id, 0, sizeof(*id));
	if (value.p[0] != '"')
		return false;
	if (value.n > sizeof(text))
		return true;
	if (!slice_text(&value, text))
		return false;
	uuid_parse(text, strlen(text), id);
	return true;
}

/* Note each id of the object that comes next, as far as it can be read; false when it has none. */
static bool
note_object(struct batch *b, struct json_scan *s)
{
	struct slice name, value;
	struct uuid  id;
	bool         found = false;

	if (!json_scan_enter(s, '{'))
		return false;
	while (json_scan_member(s, &name)) {
		value = json_scan_value(s);
		if (value.p == NULL)
			break;
		if (!slice_is(&name, "id"))
			continue;
		if (!read_id(value, &id))
			continue;
		idset_add(&b->bad, &id, NULL);
		found = true;
	}
	return found;
}

/*
 * Note each text that is a UUID.  Where records were written into one another nothing tells which
 * of them is a workspace's; those of owners and builds are no workspace's.
 */
static void
note_uuids(struct batch *b, struct slice line)
{
	enum { TEXT = 36 };
	const char *p = line.p, *end = line.p + line.n;
	struct uuid id;

	for (; (p = memchr(p, '"', (size_t)(end - p))) != NULL; p++)
		if (end - p > TEXT + 1 && p[TEXT + 1] == '"' && uuid_parse(p + 1, TEXT, &id))
			idset_add(&b->bad, &id, NULL);
}

/* The same of a line.  Where a newline was lost it is two records or more, each a copy. */
static bool
note_ids(struct batch *b, struct slice line)
{
	struct json_scan s;
	bool             found;

	json_scan_open(&s, line.p, line.n);
	do
		found = note_object(b, &s);
	while (found && s.fault == NULL && json_scan_peek(&s) == '{');
	if (found)
		note_uuids(b, line);
	return found;
}

/*
 * A line turned out bad: nobody can say what it was to mean for its workspace, which it may
 * well have kept.  A whole value that is no object never was about one.
 */
static void
note_bad(struct batch *b, struct slice line)
{
	const char *first = line.p + strspn(line.p, " \t");

	if (!note_ids(b, line) && (*first == '{' || json_scan_fault(line.p, line.n) != NULL))
		b->nameless++;
}

/* One that judges, and what for. */
struct judging {
	struct batch   *b;
	struct records *in;
	batch_judge    *judge;
	void           *ctx;
	struct item     item; /* the one at hand */
};

/* -1 with err: the record is bad. */
static int
judge_one(struct judging *j, struct held *h, struct err *err)
{
	struct rec  *rec = j->in->rec;
	struct names is;

	memset(&j->item, 0, sizeof(j->item));
	j->item.action = j->b->action;
	j->item.journal = h->journal;
	if (rec_read(rec, &names_table, &is, err) != 0)
		return -1;
	take_names(&j->item, &is);
	if (j->judge(j->ctx, j->b, rec, &j->item, err) != 0)
		return -1;
	take_id(j->b, h, &j->item, is.id);
	return 0;
}

/* One held line; *is_held: it is a good record, and stays.  False when the input is not whole. */
static bool
judge_line(struct judging *j, size_t i, bool *is_held)
{
	struct batch      *b = j->b;
	struct held       *h = &b->held[i];
	enum records_taken taken;
	struct slice       line;
	struct err         err;

	*is_held = false;
	j->in->in.lineno = h->lineno;
	if (batch_line(b, i, &line, &err) != 0)
		return false;
	taken = records_take(j->in, line, h->last);
	if (taken == TAKEN_RECORD && judge_one(j, h, &err) == 0) {
		*is_held = hold(b, h, &j->item, &err) == 0;
		if (!*is_held)
			records_fail(j->in, err.text);
		return *is_held;
	}
	if (taken == TAKEN_RECORD)
		records_bad(j->in, err.text);
	if (taken == TAKEN_RECORD || taken == TAKEN_BAD)
		note_bad(b, line);
	return taken != TAKEN_BROKEN;
}

bool
batch_judge_all(struct batch *b, struct records *in, batch_judge *judge, void *ctx)
{
	struct judging j = { .b = b, .in = in, .judge = judge, .ctx = ctx };
	size_t         i, kept = 0;
	bool           whole = true, is_held;

	for (i = 0; i < b->n && whole; i++) {
		whole = judge_line(&j, i, &is_held);
		if (is_held)
			b->held[kept++] = b->held[i];
	}
	b->n = kept;
	diag_lines_end("<stdin>");
	return whole;
}

/* By id, then in input order. */
static int
compare(const void *x, const void *y)
{
	const struct held *const *a = x, *const *b = y;
	int                       c = memcmp(&(*a)->id, &(*b)->id, sizeof((*a)->id));

	return c != 0 ? c : *a < *b ? -1 : 1;
}

/* Decide a record that is held, by a sentence that stays. */
static void
close_held(struct batch *b, struct held *h, enum result result, const char *why)
{
	h->result = (uint8_t)result;
	h->at_us = b->now.known ? b->now.us : clock_wall_us();
	h->why = why;
}

/* The records of one id, in input order. */
static void
one_id(struct batch *b, struct held **group, size_t n, bool last)
{
	struct held *acts = NULL;
	bool         bad = idset_find(&b->bad, &group[0]->id) >= 0, kept = bad;
	size_t       i;

	for (i = 0; i < n; i++) {
		kept = kept || group[i]->kept;
		if (group[i]->due && (acts == NULL || last))
			acts = group[i];
	}
	for (i = 0; i < n; i++) {
		struct held *h = group[i];

		if (!h->due || (h == acts && !kept))
			continue;
		h->due = false;
		if (h->result == RESULT_NONE)
			close_held(b, h, RESULT_SKIPPED,
			        bad    ? "another line of the input has the same id and is bad"
			        : kept ? "another line of the input keeps it"
			        : last ? "a later line of the input has the same id"
			               : "an earlier line of the input has the same id");
	}
}

void
batch_duplicates(struct batch *b, bool last)
{
	static const struct uuid none;
	struct held            **sorted = xcalloc(b->n, sizeof(*sorted));
	size_t                   i, from;

	for (i = 0; i < b->n; i++)
		sorted[i] = &b->held[i];
	qsort(sorted, b->n, sizeof(*sorted), compare);
	for (from = 0; from < b->n; from = i) {
		const struct uuid *id = &sorted[from]->id;

		for (i = from + 1; i < b->n && memcmp(&sorted[i]->id, id, sizeof(*id)) == 0; i++)
			continue;
		if (memcmp(id, &none, sizeof(none)) != 0)
			one_id(b, sorted + from, i - from, last);
	}
	free(sorted);
}

size_t
batch_due(const struct batch *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->n; i++)
		n += b->held[i].due;
	return n;
}

static int
compare_owners(const void *x, const void *y)
{
	const struct held *const *a = x, *const *b = y;

	if ((*a)->owner != (*b)->owner)
		return (*a)->owner < (*b)->owner ? -1 : 1;
	return *a < *b ? -1 : 1;
}

size_t
batch_most(struct batch *b, const char **owner)
{
	const struct held **due = xcalloc(b->n, sizeof(*due)), *first = NULL;
	size_t              i, from, n = 0, most = 0;

	for (i = 0; i < b->n; i++)
		if (b->held[i].due)
			due[n++] = &b->held[i];
	qsort(due, n, sizeof(*due), compare_owners);
	for (from = 0; from < n; from = i) {
		for (i = from + 1; i < n && due[i]->owner == due[from]->owner; i++)
			continue;
		if (i - from < most || (i - from == most && due[from] > first))
			continue;
		most = i - from;
		first = due[from];
	}
	free(due);
	*owner = first != NULL ? batch_item(b, (size_t)(first - b->held))->owner_name : NULL;
	return most;
}

size_t
batch_count(const struct batch *b, enum result result)
{
	size_t i, n = 0;

	for (i = 0; i < b->n; i++)
		n += batch_result(b, i) == result;
	return n;
}

bool
batch_failed(const struct batch *b)
{
	return batch_count(b, RESULT_FAILED) != 0 || batch_count(b, RESULT_UNKNOWN) != 0;
}

void
batch_close(struct batch *b, struct item *item, enum result result, const char *why)
{
	item->result = result;
	item->at = b->now.known ? b->now : when_at(clock_wall_us());
	if (why != NULL) {
		text_clear(&item->why);
		text_put(&item->why, why);
	}
}

/* A sentence that many records share. */
static const char *
share(struct batch *b, const char *why)
{
	b->sentence = xrealloc(b->sentence, b->sentences + 1, sizeof(*b->sentence));
	return b->sentence[b->sentences++] = xstrdup(why);
}

static void
close_one(struct batch *b, size_t i, enum result result, const char *shared)
{
	if (b->held[i].item != 0)
		batch_close(b, &b->item[b->held[i].item - 1], result, shared);
	else
		close_held(b, &b->held[i], result, shared);
}

void
batch_close_all(struct batch *b, enum result result, const char *why)
{
	const char *shared = share(b, why);
	size_t      i;

	for (i = 0; i < b->n; i++)
		if (batch_result(b, i) == RESULT_NONE)
			close_one(b, i, result, shared);
}

void
batch_refuse(struct batch *b, const char *why)
{
	const char *shared = share(b, why);
	size_t      i;

	for (i = 0; i < b->n; i++)
		close_one(b, i, RESULT_REFUSED, shared);
}
