/* batch.c - hold, judge, bound and write the records of a run that acts. */

#include "act/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/json_write.h"
#include "base/random.h"
#include "base/uuid.h"
#include "base/xalloc.h"

#define FAILURES_TOLD 3 /* by name, at the end of a run */

void
batch_init(struct batch *b, enum action action)
{
	static const char hex[] = "0123456789abcdef";
	size_t            i;

	memset(b, 0, sizeof(*b));
	b->action = action;
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
	while (b->n > b->written)
		free(b->item[--b->n].line);
}

void
batch_release(struct batch *b)
{
	batch_drop(b);
	idset_release(&b->bad);
	rec_free(b->rec);
	b->rec = NULL;
	free(b->item);
	b->item = NULL;
	b->n = b->room = 0;
}

static struct item *
add_item(struct batch *b)
{
	struct item *item;

	if (b->n == b->room) {
		b->room = b->room ? 2 * b->room : 64;
		b->item = xrealloc(b->item, b->room, sizeof(*b->item));
	}
	item = &b->item[b->n++];
	memset(item, 0, sizeof(*item));
	item->action = b->action;
	return item;
}

struct item *
batch_add(struct batch *b, const struct journal_line *l)
{
	struct item *item = add_item(b);

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

enum records_next
batch_read(struct batch *b, struct records *in)
{
	enum records_next got;
	struct slice      line;
	bool              last;

	while ((got = records_line(in, &line, &last)) == RECORDS_ONE) {
		struct item *item = add_item(b);

		item->line = xmemdup0(line.p, line.n);
		item->n = line.n;
		item->lineno = in->in.lineno;
		item->last = last;
	}
	return got;
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
take_id(struct batch *b, struct item *item, const char *id)
{
	if (id != NULL && uuid_is_plain(id)) {
		memcpy(item->id, id, strlen(id) + 1);
	} else if (item->due) {
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

/* A record turned out bad: nobody can say what it was to mean for the workspace. */
static void
note_bad(struct batch *b, struct rec *rec)
{
	struct names is = { .id = NULL };
	struct uuid  id;
	struct err   err;

	/* The id comes first in its table: whatever is wrong with the others, it has been read. */
	rec_read(rec, &names_table, &is, &err);
	if (is.id != NULL && uuid_parse(is.id, strlen(is.id), &id))
		idset_add(&b->bad, &id, NULL);
}

static bool
is_bad(const struct batch *b, const char *text)
{
	struct uuid id;

	return uuid_parse(text, strlen(text), &id) && idset_find(&b->bad, &id) >= 0;
}

/* -1 with err: the record is bad. */
static int
judge_one(struct batch *b, struct rec *rec, struct item *item, batch_judge *judge, void *ctx,
        struct err *err)
{
	struct names is;

	if (rec_read(rec, &names_table, &is, err) != 0)
		return -1;
	take_names(item, &is);
	if (judge(ctx, b, rec, item, err) != 0)
		return -1;
	take_id(b, item, is.id);
	return 0;
}

bool
batch_judge_all(struct batch *b, struct records *in, batch_judge *judge, void *ctx)
{
	struct err err;
	size_t     i, kept = 0;
	bool       whole = true;

	for (i = 0; i < b->n; i++) {
		struct item       *item = &b->item[i];
		enum records_taken taken = TAKEN_TORN;

		in->in.lineno = item->lineno;
		if (whole)
			taken = records_take(in, (struct slice){ item->line, item->n }, item->last);
		whole = whole && taken != TAKEN_BROKEN;
		if (taken == TAKEN_RECORD && judge_one(b, in->rec, item, judge, ctx, &err) == 0) {
			b->item[kept++] = *item;
			continue;
		}
		if (taken == TAKEN_RECORD)
			records_bad(in, err.text);
		if (taken == TAKEN_RECORD || taken == TAKEN_BAD)
			note_bad(b, in->rec);
		free(item->line);
	}
	b->n = kept;
	diag_lines_end("<stdin>");
	return whole;
}

/* By id, then in input order. */
static int
compare(const void *x, const void *y)
{
	const struct item *const *a = x, *const *b = y;
	int                       c = strcmp((*a)->id, (*b)->id);

	return c != 0 ? c : *a < *b ? -1 : 1;
}

/* The items of one id, in input order. */
static void
one_id(struct batch *b, struct item **group, size_t n, bool last)
{
	struct item *acts = NULL;
	bool         bad = is_bad(b, group[0]->id), kept = bad;
	size_t       i;

	for (i = 0; i < n; i++) {
		kept = kept || group[i]->kept;
		if (group[i]->due && (acts == NULL || last))
			acts = group[i];
	}
	for (i = 0; i < n; i++) {
		struct item *item = group[i];

		if (!item->due || (item == acts && !kept))
			continue;
		item->due = false;
		if (item->result == RESULT_NONE)
			batch_close(b, item, RESULT_SKIPPED,
			        bad    ? "another line of the input has the same id and is bad"
			        : kept ? "another line of the input keeps it"
			        : last ? "a later line of the input has the same id"
			               : "an earlier line of the input has the same id");
	}
}

void
batch_duplicates(struct batch *b, bool last)
{
	struct item **sorted = xcalloc(b->n, sizeof(*sorted));
	size_t        i, from;

	for (i = 0; i < b->n; i++)
		sorted[i] = &b->item[i];
	qsort(sorted, b->n, sizeof(*sorted), compare);
	for (from = 0; from < b->n; from = i) {
		for (i = from + 1; i < b->n && strcmp(sorted[i]->id, sorted[from]->id) == 0; i++)
			continue;
		if (sorted[from]->id[0] != '\0')
			one_id(b, sorted + from, i - from, last);
	}
	free(sorted);
}

size_t
batch_due(const struct batch *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->n; i++)
		n += b->item[i].due;
	return n;
}

/* Owners by id; by name where the record has no id. */
static const char *
owner_of(const struct item *item)
{
	return item->owner_id[0] != '\0' ? item->owner_id : item->owner_name;
}

static int
compare_owners(const void *x, const void *y)
{
	const struct item *const *a = x, *const *b = y;

	return strcmp(owner_of(*a), owner_of(*b));
}

size_t
batch_most(const struct batch *b, const char **owner)
{
	const struct item **due = xcalloc(b->n, sizeof(*due));
	size_t              i, from, n = 0, most = 0;

	*owner = NULL;
	for (i = 0; i < b->n; i++)
		if (b->item[i].due)
			due[n++] = &b->item[i];
	qsort(due, n, sizeof(*due), compare_owners);
	for (from = 0; from < n; from = i) {
		for (i = from + 1; i < n && compare_owners(&due[i], &due[from]) == 0; i++)
			continue;
		if (i - from > most) {
			most = i - from;
			*owner = due[from]->owner_name;
		}
	}
	free(due);
	return most;
}

size_t
batch_count(const struct batch *b, enum result result)
{
	size_t i, n = 0;

	for (i = 0; i < b->n; i++)
		n += b->item[i].result == result;
	return n;
}

bool
batch_failed(const struct batch *b)
{
	return batch_count(b, RESULT_FAILED) != 0 || batch_count(b, RESULT_UNKNOWN) != 0;
}

void
batch_put_name(struct text *out, const struct item *item)
{
	if (item->owner_name[0] == '\0' || item->name[0] == '\0') {
		text_put(out, item->id);
		return;
	}
	text_put(out, item->owner_name);
	text_put(out, "/");
	text_put(out, item->name);
}

/*
 * "ada/dev: HTTP 403: Forbidden (the server refused it)": what was met, then what it means for the
 * run.
 */
static void
say_failure(const struct item *item)
{
	bool        met = item->error[0] != '\0';
	struct text name;

	text_clear(&name);
	batch_put_name(&name, item);
	diag_say("%s: %s%s%s%s", name.s, item->error, met ? " (" : "", item->why.s, met ? ")" : "");
}

void
batch_say_failures(const struct batch *b)
{
	size_t failed = batch_count(b, RESULT_FAILED), unknown = batch_count(b, RESULT_UNKNOWN),
	       told = 0, i;

	for (i = 0; i < b->n && told < FAILURES_TOLD; i++)
		if (b->item[i].result == RESULT_FAILED || b->item[i].result == RESULT_UNKNOWN) {
			say_failure(&b->item[i]);
			told++;
		}
	if (failed + unknown > told)
		diag_say("and %zu more failed%s", failed + unknown - told,
		        unknown != 0 ? " or unknown" : "");
}

void
batch_summary(const struct batch *b, const struct records *in, bool acted)
{
	struct buf text;
	size_t     i, n;

	buf_init(&text, 400);
	for (i = RESULT_NONE + 1; i < RESULTS; i++)
		if ((n = batch_count(b, (enum result)i)) != 0)
			buf_printf(&text, ", %zu %s", n, result_name((enum result)i));
	diag_say("%llu in%s, %llu bad%s", (unsigned long long)in->read, buf_text(&text),
	        (unsigned long long)in->bad, acted ? "" : " (dry run: nothing was sent)");
	buf_release(&text);
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

void
batch_close_all(struct batch *b, enum result result, const char *why)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->item[i].result == RESULT_NONE)
			batch_close(b, &b->item[i], result, why);
}

void
batch_refuse(struct batch *b, const char *why)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		batch_close(b, &b->item[i], RESULT_REFUSED, why);
}

static void
number_or_null(struct buf *m, const char *name, bool known, int64_t v)
{
	if (known)
		json_write_int(m, name, v);
	else
		json_write_null(m, name);
}

void
batch_describe(const struct batch *b, struct item *item, struct buf *m)
{
	json_write_open(m, NULL);
	json_write_text(m, "result", result_name(item->result));
	json_write_foreign(m, "why", item->why.s);
	json_write_foreign(m, "rule", item->rule);
	json_write_text(m, "run", item->run[0] != '\0' ? item->run : b->run);
	json_write_when(m, "at", item->at);
	json_write_foreign(m, "build_id", item->build_id);
	number_or_null(m, "build_number", item->build_id[0] != '\0', item->build_number);
	number_or_null(m, "http", item->http != 0, item->http);
	json_write_int(m, "attempts", item->attempts);
	number_or_null(m, "took_ms", item->attempts != 0, item->took_ms);
	number_or_null(m, "queue_position", item->queue_position != 0, item->queue_position);
	json_write_when_exact(m, "deadline_before", item->before);
	json_write_when_exact(m, "deadline_after", item->after);
	json_write_foreign(m, "error", item->error);
	if (item->vetoed)
		json_write_flag(m, "keep", true);
	json_write_close(m);
}

/* The record of an item with its result: its own line, or what the journal knows of it. */
static void
put_record(struct batch *b, const struct item *item, const struct buf *member, struct buf *out)
{
	const char         *name = action_words(item->action)->member;
	struct journal_line l = { .outcome = { NULL, 0 } };
	struct err          err;

	if (item->line != NULL && rec_parse(b->rec, item->line, item->n, &err) != REC_OK)
		return; /* it was one when it was judged */
	if (!item->journal) {
		rec_splice(b->rec, name, member, out);
		return;
	}
	if (item->line == NULL) {
		l.action = item->action;
		memcpy(l.id, item->id, sizeof(l.id));
		memcpy(l.owner_id, item->owner_id, sizeof(l.owner_id));
		memcpy(l.owner_name, item->owner_name, sizeof(l.owner_name));
		memcpy(l.name, item->name, sizeof(l.name));
		snprintf(l.url, sizeof(l.url), "%s", b->origin);
	} else if (journal_parse(b->rec, &l, &err) != 0) {
		return;
	}
	journal_record(&l, name, member, out);
}

static int
write_one(struct batch *b, struct item *item, struct ndjson_out *out)
{
	struct buf member, line;
	int        done = 0;

	buf_init(&member, BUF_RECORD_MAX);
	buf_init(&line, 2 * BUF_RECORD_MAX);
	batch_describe(b, item, &member);
	put_record(b, item, &member, &line);
	if (line.n != 0)
		done = ndjson_put(out, line.p, line.n);
	buf_release(&member);
	buf_release(&line);
	return done;
}

int
batch_write(struct batch *b, struct ndjson_out *out)
{
	int done = 0;

	if (b->rec == NULL)
		b->rec = rec_new();
	for (; b->written < b->n && b->item[b->written].result != RESULT_NONE && done == 0;
	        b->written++) {
		struct item *item = &b->item[b->written];

		done = write_one(b, item, out);
		item->end = out->queued;
		free(item->line);
		item->line = NULL;
	}
	return done;
}

bool
batch_has_left(const struct item *item, const struct ndjson_out *out)
{
	return item->end != 0 && item->end <= out->written;
}
