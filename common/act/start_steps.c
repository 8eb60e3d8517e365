/* start_steps.c - what a run did, back to what is to be done. */

#include "act/start_steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/xalloc.h"
#include "judge/undo.h"

/* Does this line of a journal tell what became of a stop? */
static bool
is_told(const struct journal_key *k)
{
	return strcmp(action_words(k->action)->member, "stop") == 0 && (k->told || k->open);
}

/* What the run wrote, on the record or in the journal. */
struct run_seen {
	struct undo_record did;
	const char        *id;
	bool               kept; /* of a journal's outcome; on a record it is a verdict */
	/* of the build that was to be stopped; "" where the line does not say, as in a journal */
	const char        *status, *transition;
};

static const struct fact run_fact[] = {
	FACT(struct run_seen, did.was_number, ".latest_build.build_number"),
	FACT_OR_EMPTY(struct run_seen, did.result, ".cws.stop.result"),
	FACT_OR_EMPTY(struct run_seen, id, ".cws.stop.run"),
	FACT_OR_EMPTY(struct run_seen, did.build_id, ".cws.stop.build_id"),
	FACT(struct run_seen, did.build_number, ".cws.stop.build_number"),
	FACT(struct run_seen, did.before, ".cws.stop.deadline_before"),
	FACT(struct run_seen, did.after, ".cws.stop.deadline_after"),
	FACT_OR_EMPTY(struct run_seen, status, ".latest_build.status"),
	FACT_OR_EMPTY(struct run_seen, transition, ".latest_build.transition"),
};

static const struct fact_table run_table = FACT_TABLE(run_fact);

static const struct fact outcome_fact[] = {
	FACT(struct run_seen, did.was_number, ".build_number"),
	FACT_OR_EMPTY(struct run_seen, did.result, ".outcome.result"),
	FACT_OR_EMPTY(struct run_seen, id, ".outcome.run"),
	FACT_OR_EMPTY(struct run_seen, did.build_id, ".outcome.build_id"),
	FACT(struct run_seen, did.build_number, ".outcome.build_number"),
	FACT(struct run_seen, did.before, ".outcome.deadline_before"),
	FACT(struct run_seen, did.after, ".outcome.deadline_after"),
	FACT(struct run_seen, kept, ".outcome.keep"),
};

static const struct fact_table outcome_table = FACT_TABLE(outcome_fact);

static int
read_run(struct rec *rec, bool journal, struct run_seen *run, struct err *err)
{
	run->kept = false;
	run->status = run->transition = "";
	return rec_read(rec, journal ? &outcome_table : &run_table, run, err);
}

/* What ran before the stop, as far as the line says. */
static enum life
was(const struct run_seen *run)
{
	return life_of(run->status, run->transition);
}

/* Does the line ask for something that may be taken back? */
static bool
is_asked(const struct run_seen *run, struct item *item)
{
	enum life life = was(run);

	return undo_asked(&run->did, &item->action, &item->why) &&
	       (item->action != ACTION_START || (life != LIFE_FAILED && life != LIFE_STUCK) ||
	               undo_ran(life, &item->why));
}

/* The run of the last record or outcome: later lines of a file are of later runs. */
static void
note_run(struct start_steps *s, struct rec *rec, bool journal)
{
	struct run_seen run;
	struct err      err;

	if (read_run(rec, journal, &run, &err) == 0 && run.id[0] != '\0' &&
	        strlen(run.id) < sizeof(s->last))
		memcpy(s->last, run.id, strlen(run.id) + 1);
}

/* The lines of a journal among those held. */
struct journal_keys {
	struct journal_key *key; /* owned */
	size_t              n, room;
};

static void
add_key(struct journal_keys *all, struct journal_key key)
{
	if (all->n == all->room) {
		all->room = all->room ? 2 * all->room : 64;
		all->key = xrealloc(all->key, all->room, sizeof(*all->key));
	}
	all->key[all->n++] = key;
}

/*
 * Are lines of this server among those of others?  Then the others are left to the runs that are
 * set to theirs.
 */
static bool
is_mixed(const struct start_steps *s, const struct journal_keys *all)
{
	size_t i, elsewhere = 0;

	for (i = 0; i < all->n; i++)
		elsewhere += !all->key[i].here;
	if (elsewhere == 0 || elsewhere == all->n)
		return false;
	diag_notice("%zu lines of the journal are of other servers than %s", elsewhere,
	        s->guard->origin);
	return true;
}

/* The held line as in->rec; false when it is no record, for the judge to report. */
static bool
parse_held(struct batch *b, struct records *in, size_t held)
{
	struct slice line;
	struct err   err;

	return batch_line(b, held, &line, &err) == 0 &&
	       rec_parse(in->rec, line.p, line.n, &err) == REC_OK;
}

void
start_steps_expand_journal(void *ctx, struct batch *b, struct records *in)
{
	struct start_steps *s = ctx;
	struct journal_keys all = { .key = NULL };
	struct journal_line line;
	struct err          err;
	size_t              i, at = 0, kept = 0;
	bool                mixed;

	for (i = 0; i < b->n; i++) {
		b->held[i].journal =
		        parse_held(b, in, i) && journal_parse(in->rec, &line, &err) == 0;
		if (b->held[i].journal)
			add_key(&all, journal_key(&line, s->guard->origin));
	}
	journal_settle(all.key, all.n);
	mixed = is_mixed(s, &all);
	for (i = 0; i < b->n; i++) {
		const struct journal_key *k = b->held[i].journal ? &all.key[at++] : NULL;

		if (k == NULL || (is_told(k) && (!mixed || k->here)))
			b->held[kept++] = b->held[i];
	}
	b->n = kept;
	free(all.key);
	for (i = 0; s->run != NULL && strcmp(s->run, "last") == 0 && i < b->n; i++)
		if (parse_held(b, in, i))
			note_run(s, in->rec, b->held[i].journal);
}

/* Is the record of a run that was asked for? */
static bool
is_chosen(const struct start_steps *s, const char *run)
{
	if (s->run == NULL)
		return true;
	return strcmp(run, strcmp(s->run, "last") == 0 ? s->last : s->run) == 0;
}

struct source {
	bool has_url, has_build;
};

static const struct fact source_fact[] = {
	FACT_IS_KNOWN(struct source, has_url, ".url"),
	FACT_IS_KNOWN(struct source, has_build, ".latest_build.id"),
};

static const struct fact_table source_table = FACT_TABLE(source_fact);

/*
 * A line of a journal, or a record made of one: of the workspace it knows hardly more than the
 * names.
 */
static bool
is_of_journal(struct rec *rec)
{
	struct source is;
	struct err    err;

	return rec_read(rec, &source_table, &is, &err) == 0 && is.has_url && !is.has_build;
}

/*
 * What the journal's line does not say (the template) is judged when the workspace has been read.
 */
static int
vetoed_by_record(const struct start_steps *s, struct rec *rec, struct item *item, struct err *err)
{
	if (is_of_journal(rec))
		return 0;
	return guard_vetoed(s->guard, item, rec, err);
}

int
start_steps_judge(void *ctx, struct batch *b, struct rec *rec, struct item *item, struct err *err)
{
	struct start_steps        *s = ctx;
	const struct verdict_seen *v;
	struct run_seen            run;
	struct journal_line        line;
	size_t                     n, i;
	int                        vetoed;

	if (journal_parse(rec, &line, err) < 0 || rec_verdicts(rec, &v, &n, err) != 0 ||
	        read_run(rec, item->journal, &run, err) != 0 ||
	        guard_origin(s->guard, rec, err) != 0 ||
	        (vetoed = vetoed_by_record(s, rec, item, err)) < 0)
		return -1;
	for (i = 0; i < n && vetoed == 0; i++)
		if (v[i].keep) {
			text_put(&item->why, v[i].name);
			text_put(&item->why, " keeps it as it is");
			vetoed = 1;
		}
	if (run.kept) {
		text_put(&item->why, "stop keeps it as it is");
		vetoed = 1;
	}
	if (vetoed == 0 && run.did.result[0] == '\0' && is_of_journal(rec)) {
		text_put(&item->why, "the journal does not tell what became of its stop: ask "
		                     "cws-stop --recover");
	} else if (vetoed == 0 && is_chosen(s, run.id) && is_asked(&run, item)) {
		text_put(&item->why, "undoes run ");
		text_put(&item->why, run.id);
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

struct owner {
	const char *id, *name, *transition; /* "" when absent */
};

static const struct fact owner_fact[] = {
	FACT_OR_EMPTY(struct owner, id, ".owner_id"),
	FACT_OR_EMPTY(struct owner, name, ".owner_name"),
	FACT_OR_EMPTY(struct owner, transition, ".latest_build.transition"),
};

static const struct fact_table owner_table = FACT_TABLE(owner_fact);

/* By id; by name where the record has no id. */
static enum undo_owner
compare_owners(const struct owner *was, const struct owner *now)
{
	bool        by_id = was->id[0] != '\0';
	const char *then = by_id ? was->id : was->name;

	if (then[0] == '\0')
		return OWNER_UNTOLD;
	return strcmp(then, by_id ? now->id : now->name) == 0 ? OWNER_SAME : OWNER_ANOTHER;
}

/* The workspace as just read, to the facts of undo.h. */
static int
read_fresh(const struct reread *again, struct undo_facts *f, struct err *err)
{
	struct stop_facts is;
	struct owner      was, now;

	if (facts_stop(again->fresh, &is, err) != 0 ||
	        rec_read(again->judged, &owner_table, &was, err) != 0 ||
	        rec_read(again->fresh, &owner_table, &now, err) != 0)
		return -1;
	f->owner = compare_owners(&was, &now);
	f->transition = now.transition;
	f->build_id = is.build_id;
	f->build_number = is.build_number;
	f->life = is.life;
	f->prebuild = is.prebuild;
	f->deadline = is.deadline;
	return 0;
}

enum verified
start_steps_verify(void *ctx, struct item *item, const struct reread *again, struct err *err)
{
	const struct start_steps *s = ctx;
	struct run_seen           run;
	struct undo_facts         f;
	struct text               why;

	if (read_run(again->judged, item->journal, &run, err) != 0 ||
	        read_fresh(again, &f, err) != 0 || guard_leaves(s->guard, item, again, err) != 0)
		return VERIFIED_NO;
	text_clear(&why);
	switch (undo_holds(
	        &run.did, item->action, &f, guard_now_us(s->guard, again->server), &why)) {
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
	text_put(&item->why, run.id);
	if (item->action == ACTION_RESTORE) {
		item->before = f.deadline;
		item->after = run.did.before;
		return VERIFIED_GO;
	}
	return was(&run) == LIFE_RUNNING ? VERIFIED_GO : VERIFIED_HISTORY;
}

static enum life
life_of_build(const struct api_build *b)
{
	const char *status = b->job_status;

	if (strcmp(status, "succeeded") == 0)
		status = strcmp(b->transition, "start") == 0 ? "running" : "stopped";
	return life_of(status, b->transition);
}

enum verified
start_steps_recall(void *ctx, struct item *item, const struct api_build *build, size_t n)
{
	enum life   before = LIFE_UNKNOWN;
	struct text why;
	size_t      i;

	(void)ctx;
	for (i = 0; i < n; i++)
		if (build[i].number == item->was_number - 1)
			before = life_of_build(&build[i]);
	text_clear(&why);
	if (undo_ran(before, &why))
		return VERIFIED_GO;
	item->why = why;
	return VERIFIED_NO;
}
