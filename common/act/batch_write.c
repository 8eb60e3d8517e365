/* batch_write.c - what a run tells of its records: each with its result, and how many. */

#include <stdio.h>
#include <string.h>

#include "act/batch.h"
#include "base/diag.h"
#include "base/json_write.h"

#define FAILURES_TOLD 3 /* by name, at the end of a run */

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
batch_say_failures(struct batch *b)
{
	size_t failed = batch_count(b, RESULT_FAILED), unknown = batch_count(b, RESULT_UNKNOWN),
	       told = 0, i;

	for (i = 0; i < b->n && told < FAILURES_TOLD; i++)
		if (batch_result(b, i) == RESULT_FAILED || batch_result(b, i) == RESULT_UNKNOWN) {
			say_failure(batch_item(b, i));
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
batch_describe(const struct batch *b, struct item *item, struct buf *m)
{
	json_write_open(m, NULL);
	json_write_text(m, "result", result_name(item->result));
	json_write_foreign(m, "why", item->why.s);
	json_write_foreign(m, "rule", item->rule);
	json_write_text(m, "run", item->run[0] != '\0' ? item->run : b->run);
	json_write_when(m, "at", item->at);
	json_write_foreign(m, "build_id", item->build_id);
	json_write_int_or_null(m, "build_number", item->build_id[0] != '\0', item->build_number);
	json_write_int_or_null(m, "http", item->http != 0, item->http);
	json_write_int(m, "attempts", item->attempts);
	json_write_int_or_null(m, "took_ms", item->attempts != 0, item->took_ms);
	json_write_int_or_null(
	        m, "queue_position", item->queue_position != 0, item->queue_position);
	json_write_when_exact(m, "deadline_before", item->before);
	json_write_when_exact(m, "deadline_after", item->after);
	json_write_foreign(m, "error", item->error);
	if (item->vetoed)
		json_write_flag(m, "keep", true);
	if (b->soft_s != 0)
		json_write_int(m, "soft_s", b->soft_s);
	json_write_close(m);
}

/*
 * The record of an item with its result: its own line, or what the journal knows of it.  -1 when
 * the line cannot be read back.
 */
static int
put_record(struct batch *b, const struct item *item, const struct buf *member, struct buf *out)
{
	const char         *name = action_words(item->action)->member;
	struct journal_line l = { .outcome = { NULL, 0 } };
	struct slice        line;
	struct err          err;

	if (batch_line(b, item->held, &line, &err) != 0)
		return -1;
	if (line.n != 0 && rec_parse(b->rec, line.p, line.n, &err) != REC_OK)
		return -1; /* it was one when it was judged */
	if (!item->journal) {
		rec_splice(b->rec, name, member, out);
		return 0;
	}
	if (line.n == 0) {
		l.action = item->action;
		memcpy(l.id, item->id, sizeof(l.id));
		memcpy(l.owner_id, item->owner_id, sizeof(l.owner_id));
		memcpy(l.owner_name, item->owner_name, sizeof(l.owner_name));
		memcpy(l.name, item->name, sizeof(l.name));
		snprintf(l.url, sizeof(l.url), "%s", b->origin);
	} else if (journal_parse(b->rec, &l, &err) != 0) {
		return -1;
	}
	journal_record(&l, name, member, out);
	return 0;
}

static int
write_one(struct batch *b, struct item *item, struct ndjson_out *out)
{
	buf_reset(&b->member);
	buf_reset(&b->record);
	batch_describe(b, item, &b->member);
	if (put_record(b, item, &b->member, &b->record) != 0) {
		b->stuck = true;
		return -1;
	}
	if (ndjson_put(out, b->record.p, b->record.n) != 0)
		return -1;
	item->end = out->queued;
	return 0;
}

int
batch_write(struct batch *b, struct ndjson_out *out)
{
	if (b->rec == NULL)
		b->rec = rec_new();
	for (; b->written < b->n && batch_result(b, b->written) != RESULT_NONE; b->written++)
		if (b->stuck || write_one(b, batch_item(b, b->written), out) != 0)
			return -1;
	return 0;
}

bool
batch_has_left(const struct item *item, const struct ndjson_out *out)
{
	return item->end != 0 && item->end <= out->written;
}
