/*
 * batch.h - the records of a run that acts: held until the input has ended
 * whole, judged once, bounded, and written out in input order with their result.
 *
 * There may be a million of them, most of which are refused or left alone.  So a record is
 * held as what the bounds and the copies ask (struct held, 96 bytes), while its line and the
 * words of its verdict lie in spools; only what is still to be done when the bounds have been
 * kept becomes an item.
 */

#ifndef CWS_BATCH_H
#define CWS_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/idset.h"
#include "base/ndjson.h"
#include "base/spool.h"
#include "base/text.h"
#include "base/uuid.h"
#include "base/when.h"
#include "books/journal.h"
#include "judge/action.h"
#include "record/rec.h"
#include "record/records.h"

#define BATCH_ID_SIZE 40
#define BATCH_NAME_SIZE 64 /* of an owner or a workspace; Coder's have 32 bytes at most */

/* One record and what became of it. */
struct item {
	size_t      held;    /* its place in the input: batch.held */
	bool        journal; /* the line, or what the item was made of, is one of a journal */
	char        id[BATCH_ID_SIZE]; /* "" when the record has none that can stand in a URL */
	char        owner_id[BATCH_ID_SIZE], owner_name[BATCH_NAME_SIZE], name[BATCH_NAME_SIZE];
	enum action action; /* what is to be done to it */
	bool        due;    /* asked for and not kept: counts for the bounds */
	bool        kept;
	/* by an exclusion or a hold of this run: whoever acts on its output has to know */
	bool        vetoed;
	enum result result;             /* RESULT_NONE: still to be done */
	struct text why;                /* of the result; for a stop its verdict's own reason */
	char        rule[64];           /* the first due verdict, "" when none */
	char        run[BATCH_ID_SIZE]; /* whose action it was; "": this run's */
	/* a build that may be its own is another run's (--recover) */
	bool        claimed;
	/* the latest build as verified just before the request */
	char        was_id[BATCH_ID_SIZE];
	int64_t     was_number;
	struct when before, after;           /* of a deadline that is moved */
	char        build_id[BATCH_ID_SIZE]; /* of the build this run made, "" when none */
	int64_t     build_number;
	int         http;           /* status of the last answer to a POST, 0 when none */
	int         attempts;       /* requests sent that would change something */
	int64_t     took_ms;        /* from the first of them to the result; 0 when none */
	int64_t     queue_position; /* last seen; 0 when not waiting */
	char        error[301];     /* foreign words, cleaned; "" when none */
	/* with its record behind it, so much was queued for output; 0: not yet */
	uint64_t    end;
	struct when at; /* when the result was known */
};

/* A record as it is held. */
struct held {
	struct spool_place line;  /* nothing of it was held for an item of batch_add */
	struct spool_place words; /* what its judge said of it */
	struct uuid        id;    /* all zero: none that can be read */
	uint64_t           lineno;
	uint64_t           owner;  /* a hash of whose it is */
	int64_t            at_us;  /* when the result was known */
	const char        *why;    /* instead of the judge's; the batch's, or a constant; or NULL */
	uint32_t           item;   /* its place in batch.item, from 1; 0: it has none */
	uint8_t            action; /* enum action */
	uint8_t            result; /* enum result */
	bool               last;   /* no newline ended the line */
	bool               journal; /* of a journal, as in the item */
	bool               due, kept, vetoed;
	bool               plain; /* the id is written as Coder does, so it may stand in a URL */
};

struct batch {
	struct held *held; /* owned; in the order of the input */
	size_t       n, room;
	size_t       written;
	struct item *item; /* owned: what is to be done, from batch_open_items on */
	size_t       items, item_room;
	struct spool lines, words;
	bool         lost;     /* a spool could not be read: told, and the run has failed */
	bool         stuck;    /* the record at `written` cannot be made, so none is any more */
	struct item  shown;    /* of batch_item */
	char       **sentence; /* owned: of batch_close_all and batch_refuse */
	size_t       sentences;
	uint64_t     seed;   /* of the owners' hashes */
	enum action  action; /* of an item whose action was never decided */
	/* one per run: hexadecimal; with a user behind a dash, see batch_run_as */
	char         run[18];
	struct when  now;      /* -N, else none: results are dated by the clock */
	int64_t      soft_s;   /* the --soft of a plan, which its records tell; 0: none */
	size_t       unjudged; /* records that wait for a verdict and have none, from their judge */
	struct idset bad;      /* workspaces that lines turned out bad name */
	size_t       nameless; /* bad lines, and ones that keep, that name no workspace at all */
	const char  *origin;   /* of the server, for items of batch_add; borrowed */
	struct rec  *rec;      /* of batch_write; owned */
	struct buf   member, record; /* of one record at a time */
};

/* batch_init - action: what is to be done to the records unless their judge says otherwise. */
void
batch_init(struct batch *b, enum action action);
void
batch_release(struct batch *b);

/*
 * batch_run_as - keep half of the run's name, and put the first eight digits of its user's id
 * behind a dash.
 */
void
batch_run_as(struct batch *b, const char *user_id);

/* batch_run_user - those digits of a run's name, borrowed; NULL when it has none. */
const char *
batch_run_user(const char *run);

/*
 * batch_read - hold all lines of in; what they are, batch_judge_all finds.
 * Returns the end of the input as records_line does: RECORDS_END or RECORDS_ERROR, also
 * where there is no room to hold them, which is reported.
 */
enum records_next
batch_read(struct batch *b, struct records *in);

/*
 * batch_line - the line of the record at this place; borrowed until the next call for
 * this batch.  -1 with err (CWS_FAIL) when it cannot be read back.
 */
int
batch_line(struct batch *b, size_t held, struct slice *line, struct err *err);

/*
 * batch_add - one more item, of an intent of a journal: it has no line, and is not judged any more.
 */
struct item *
batch_add(struct batch *b, const struct journal_line *l);

/*
 * A program's judgement of one record: fills due, kept, rule, why; closes what is decided.  -1:
 * bad.
 */
typedef int
batch_judge(void *ctx, struct batch *b, struct rec *rec, struct item *item, struct err *err);

/*
 * batch_judge_all - make records of the held lines and judge them, once, after
 * the input has ended; those that turn out bad are reported with their line and
 * dropped.  False when upstream died, which is reported: nothing behind that
 * line is judged, or held any more.
 */
bool
batch_judge_all(struct batch *b, struct records *in, batch_judge *judge, void *ctx);

/*
 * batch_item - the record at this place as it stands now: its item, or what would be one,
 * borrowed until the next call.
 */
struct item *
batch_item(struct batch *b, size_t held);

/* batch_result - the result of the record at this place, without its words. */
enum result
batch_result(const struct batch *b, size_t held);

/*
 * batch_duplicates - of several records with one id the first that is due acts
 * (last: the last one), the others are skipped; a keep on any of them keeps all,
 * and so does one that is bad: nobody can say what it was to mean.
 */
void
batch_duplicates(struct batch *b, bool last);

/*
 * batch_open_items - make items of the records that are still to be done, in the order of
 * the input; once, after the bounds, as pointers to them are kept.
 */
void
batch_open_items(struct batch *b);

/* batch_due - distinct workspaces asked for and not kept. */
size_t
batch_due(const struct batch *b);

/*
 * batch_most - how many of those the owner with the most has, of several with as many the first in
 * the input; *owner is borrowed until the next batch_item, NULL when nobody has any.
 */
size_t
batch_most(struct batch *b, const char **owner);

/* batch_count - records with this result; RESULT_NONE: whose result is still to be found. */
size_t
batch_count(const struct batch *b, enum result result);

/* batch_failed - did anything fail, or end nobody knows how? */
bool
batch_failed(const struct batch *b);

/*
 * batch_put_name - "owner/name" of an item, for people; its id where the record does not say both.
 */
void
batch_put_name(struct text *out, const struct item *item);

/*
 * batch_say_failures - the first of those with their reasons, a line each, and how many more there
 * are; not with -q.
 */
void
batch_say_failures(struct batch *b);

/* batch_summary - one line: how many came in, and how many had each result. */
void
batch_summary(const struct batch *b, const struct records *in, bool acted);

/* batch_close - decide a record now; the reason is added when its own is not to stand. */
void
batch_close(struct batch *b, struct item *item, enum result result, const char *why);

/* batch_close_all - decide all that are open. */
void
batch_close_all(struct batch *b, enum result result, const char *why);

/* batch_refuse - every record comes out refused, whatever was decided. */
void
batch_refuse(struct batch *b, const char *why);

/*
 * batch_describe - append .cws.stop, or .cws.start, of a decided item; absent answers are null,
 * never missing.
 */
void
batch_describe(const struct batch *b, struct item *item, struct buf *out);

/* batch_drop - forget all records that are not written yet. */
void
batch_drop(struct batch *b);

/*
 * batch_write - write the records at the front whose result is known.  -1 with out->error, or when
 * the line of one cannot be read back: then nothing is written any more.
 */
int
batch_write(struct batch *b, struct ndjson_out *out);

/* batch_has_left - is the item's record whole out of our hands? */
bool
batch_has_left(const struct item *item, const struct ndjson_out *out);

#endif
