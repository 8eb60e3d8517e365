/* start_steps.c - what a run did, back to what is to be done. */

#include "act/start_steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/xalloc.h"
#include "judge/undo.h"

static void
replace(struct item *item, const struct journal_line *l)
{
	struct buf record;

	buf_init(&record, BUF_RECORD_MAX);
	journal_record(l, &record);
	free(item->line);
	item->n = record.n;
	item->line = xmemdup0(buf_text(&record), record.n);
	buf_release(&record);
}

/* Does this line of a journal tell what became of a stop? */
static bool
is_told(const struct journal_line *l, bool open)
{
	return strcmp(action_words(l->action)->member, "stop") == 0 && (l->outcome.p != NULL || open);
}

/* The run of the last record: later lines of a file are of later runs. */
static void
note_run(struct start_steps *s, const struct rec *rec)
{
	struct err  err;
	const char *run;

	if (rec_text(rec, REC_STOP_RUN, &run, &err) == 0 && run != NULL && strlen(run) < sizeof(s->last))
		memcpy(s->last, run, strlen(run) + 1);
}

/* Are lines of this server among those of others?  Then the others are left to the runs that are set to theirs. */
static bool
is_mixed(const struct start_steps *s, const struct journal_line *line, const bool *is_line, size_t n)
{
	size_t i, elsewhere = 0, lines = 0;

	for (i = 0; i < n; i++)
		if (is_line[i]) {
			lines++;
			elsewhere += strcmp(line[i].url, s->guard->origin) != 0;
		}
	if (elsewhere == 0 || elsewhere == lines)
		return false;
	diag_notice("%zu lines of the journal are of other servers than %s", elsewhere, s->guard->origin);
	return true;
}

void
start_steps_expand_journal(void *ctx, struct batch *b, struct records *in)
{
	struct start_steps     *s = ctx;
	struct journal_line *line = xcalloc(b->n, sizeof(*line));
	bool                *is_line = xcalloc(b->n, sizeof(*is_line)), *open = xcalloc(b->n, sizeof(*open));
	struct err           err;
	size_t               i, kept = 0;
	bool                 mixed;

	for (i = 0; i < b->n; i++) {
		struct item *item = &b->item[i];

		if (rec_parse(in->rec, item->line, item->n, &err) == REC_OK)
			is_line[i] = journal_parse(in->rec, &line[i], &err) == 0; /* its outcome lies in item->line */
	}
	journal_unsettled(line, b->n, open);
	mixed = is_mixed(s, line, is_line, b->n);
	for (i = 0; i < b->n; i++) {
		struct item *item = &b->item[i];

		if (is_line[i] && (!is_told(&line[i], open[i]) ||
		                          (mixed && strcmp(line[i].url, s->guard->origin) != 0))) {
			free(item->line);
			continue;
		}
		if (is_line[i]) {
			replace(item, &line[i]);
			item->was_number = line[i].build_number;
		}
		b->item[kept++] = *item;
		if (rec_parse(in->rec, item->line, item->n, &err) == REC_OK)
			note_run(s, in->rec);
	}
	b->n = kept;
	free(line);
	free(is_line);
	free(open);
}

/* What the run wrote on the record; texts are borrowed from it.  A journal has the build elsewhere: was_number. */
static int
read_run(const struct rec *rec, struct undo_record *run, const char **id, struct err *err)
{
	bool known;

	memset(run, 0, sizeof(*run));
	if (rec_int(rec, REC_BUILD_NUMBER, &known, &run->was_number, err) != 0)
		return -1;
	if (rec_text(rec, REC_STOP_RESULT, &run->result, err) != 0 || rec_text(rec, REC_STOP_RUN, id, err) != 0 ||
	    rec_text(rec, REC_STOP_BUILD_ID, &run->build_id, err) != 0 ||
	    rec_int(rec, REC_STOP_BUILD_NUMBER, &known, &run->build_number, err) != 0 ||
	    rec_when(rec, REC_STOP_DEADLINE_BEFORE, &run->before, err) != 0 ||
	    rec_when(rec, REC_STOP_DEADLINE_AFTER, &run->after, err) != 0)
		return -1;
	if (run->result == NULL)
		run->result = "";
	if (run->build_id == NULL)
		run->build_id = "";
	if (*id == NULL)
		*id = "";
	return 0;
}

/* Is the record of a run that was asked for? */
static bool
is_chosen(const struct start_steps *s, const char *run)
{
	if (s->run == NULL)
		return true;
	return strcmp(run, strcmp(s->run, "last") == 0 ? s->last : s->run) == 0;
}

/* A record made of a line of a journal: of the workspace it knows hardly more than the names. */
static bool
is_of_journal(const struct rec *rec)
{
	return rec_known(rec, REC_LINE_URL) && !rec_known(rec, REC_BUILD_ID);
}

/* What the journal's line does not say (the template) is judged when the workspace has been read. */
static int
vetoed_by_record(const struct start_steps *s, const struct rec *rec, struct item *item, struct err *err)
{
	if (is_of_journal(rec))
		return 0;
	return guard_vetoed(s->guard, rec, rec, s->guard->now_us, &item->why, err);
}

int
start_steps_judge(void *ctx, struct batch *b, struct rec *rec, struct item *item, struct err *err)
{
	struct start_steps           *s = ctx;
	const struct verdict_seen *v;
	struct undo_record         run;
	struct journal_line        line;
	const char                *id;
	size_t                     n, i;
	int                        vetoed;

	/* A line of a journal that could be read is a record by now. */
	if (journal_parse(rec, &line, err) < 0 || rec_verdicts(rec, &v, &n, err) != 0 || read_run(rec, &run, &id, err) != 0 ||
	    guard_origin(s->guard, rec, err) != 0 ||
	    (vetoed = vetoed_by_record(s, rec, item, err)) < 0)
		return -1;
	if (run.was_number == 0)
		run.was_number = item->was_number;
	for (i = 0; i < n && vetoed == 0; i++)
		if (v[i].keep) {
			text_put(&item->why, v[i].name);
			text_put(&item->why, " keeps it as it is");
			vetoed = 1;
		}
	if (vetoed == 0 && run.result[0] == '\0' && is_of_journal(rec)) {
		text_put(&item->why, "the journal does not tell what became of its stop: ask cws-stop --recover");
	} else if (vetoed == 0 && is_chosen(s, id) && undo_asked(&run, &item->action, &item->why)) {
		text_put(&item->why, "undoes run ");
		text_put(&item->why, id);
		sharing_note(&s->guard->shared, rec);
		item->due = true;
		return 0;
	}
	if (vetoed == 0 && item->why.n == 0)
		text_put(&item->why, "not of the run that was asked for");
	item->kept = vetoed != 0;
	batch_close(b, item, RESULT_SKIPPED, NULL);
	return 0;
}

/* The workspace as just read, to the facts of undo.h. */
static int
read_fresh(const struct rec *judged, const struct rec *fresh, struct undo_facts *f, struct err *err)
{
	struct stop_facts is;
	const char       *owner, *owner_now;

	if (facts_stop(fresh, &is, err) != 0 || rec_text(fresh, REC_BUILD_TRANSITION, &f->transition, err) != 0 ||
	    rec_text(judged, REC_OWNER_ID, &owner, err) != 0 || rec_text(fresh, REC_OWNER_ID, &owner_now, err) != 0)
		return -1;
	f->moved = owner != NULL && (owner_now == NULL || strcmp(owner, owner_now) != 0);
	if (f->transition == NULL)
		f->transition = "";
	f->build_id = is.build_id;
	f->build_number = is.build_number;
	f->life = is.life;
	f->prebuild = is.prebuild;
	f->deadline = is.deadline;
	return 0;
}

enum verified
start_steps_verify(void *ctx, struct item *item, struct rec *judged, struct rec *fresh, const struct server *server,
        struct err *err)
{
	const struct start_steps *s = ctx;
	struct undo_record     run;
	struct undo_facts      f;
	struct text            why;
	const char            *id;

	if (read_run(judged, &run, &id, err) != 0 || read_fresh(judged, fresh, &f, err) != 0 ||
	    guard_leaves(s->guard, item, judged, fresh, server, err) != 0)
		return VERIFIED_NO;
	text_clear(&why);
	switch (undo_holds(&run, item->action, &f, guard_now_us(s->guard, server), &why)) {
	case UNDO_GO:
		break;
	case UNDO_LATER:
		text_clear(&item->why);
		text_put(&item->why, "its stop is still under way");
		return VERIFIED_LATER;
	case UNDO_ALREADY:
		item->why = why;
		return VERIFIED_ALREADY;
	case UNDO_NO:
		item->why = why;
		return VERIFIED_NO;
	}
	text_clear(&item->why);
	text_put(&item->why, "undoes run ");
	text_put(&item->why, id);
	if (item->action == ACTION_RESTORE) {
		item->before = f.deadline;
		item->after = run.before;
	}
	return VERIFIED_GO;
}
