/* recover.c - a journal to the items that have to be looked into. */

#include "act/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/json_scan.h"
#include "base/ndjson.h"
#include "base/spool.h"
#include "base/xalloc.h"
#include "books/journal.h"

struct lines {
	struct journal_key *key;   /* owned */
	struct spool_place *place; /* owned: of an intent, its line in ->text */
	size_t              n, room;
	struct spool        text;
	uint64_t            bad;
};

static void
release(struct lines *all)
{
	free(all->key);
	free(all->place);
	spool_release(&all->text);
}

/* -1 with err when the line cannot be held. */
static int
keep(struct lines *all, struct journal_key key, struct slice line, struct err *err)
{
	if (all->n == all->room) {
		all->room = all->room ? 2 * all->room : 64;
		all->key = xrealloc(all->key, all->room, sizeof(*all->key));
		all->place = xrealloc(all->place, all->room, sizeof(*all->place));
	}
	if (!key.told && spool_put(&all->text, line.p, line.n, &all->place[all->n], err) != 0)
		return -1;
	all->key[all->n++] = key;
	return 0;
}

/* The file, as far as it is read. */
struct reading {
	const struct recover_from *from;
	struct rec                *rec;
	struct ndjson_in           in;
};

/* What an outcome says was made. */
struct claim {
	const char *result;
	int64_t     build_number;
};

static const struct fact claim_fact[] = {
	FACT_OR_EMPTY(struct claim, result, ".outcome.result"),
	FACT(struct claim, build_number, ".outcome.build_number"),
};

static const struct fact_table claim_table = FACT_TABLE(claim_fact);

/*
 * The number of the build that an outcome calls its own; 0 when it has none, or no result that says
 * so.
 */
static int64_t
made_by(struct rec *rec, enum action action)
{
	const struct action_words *words = action_words(action);
	struct claim               claim;
	struct err                 err;

	if (rec_read(rec, &claim_table, &claim, &err) != 0)
		return 0;
	return strcmp(claim.result, result_name(words->sent)) == 0 ||
	                       strcmp(claim.result, result_name(words->done)) == 0 ||
	                       strcmp(claim.result, result_name(RESULT_FAILED)) == 0
	               ? claim.build_number
	               : 0;
}

/* One line that is read.  -1 with err when no more can be. */
static int
take(struct lines *all, struct reading *at, struct slice line, enum ndjson_kind kind,
        struct err *err)
{
	const char         *path = at->from->path;
	unsigned long long  lineno = at->in.lineno;
	struct journal_line l;
	struct journal_key  key;
	int                 parsed;

	if (kind == ND_LONG) {
		err_set(err, CWS_PARTIAL, "longer than 16 MiB");
	} else if (rec_parse(at->rec, line.p, line.n, err) == REC_OK &&
	           (parsed = journal_parse(at->rec, &l, err)) >= 0) {
		if (parsed == 0) {
			key = journal_key(&l, at->from->origin);
			key.made = key.told ? made_by(at->rec, l.action) : 0;
			return keep(all, key, line, err);
		}
		err_set(err, CWS_PARTIAL, "no line of a journal");
	} else if (kind == ND_LAST || json_scan_is_cut(line.p, line.n)) {
		/* The next run ended it with a newline, and went on behind it. */
		diag_say("%s:%llu: a torn line: no request followed it", path, lineno);
		return 0;
	}
	all->bad++;
	diag_line(path, lineno, "%s", err->text);
	return 0;
}

/* All lines of the file.  -1 with err. */
static int
read_lines(struct lines *all, const struct recover_from *from, int fd, struct err *err)
{
	struct reading   at = { .from = from, .rec = rec_new() };
	enum ndjson_kind kind;
	struct slice     line;
	int              status = 0;

	ndjson_open(&at.in, fd);
	at.in.stop = from->stop;
	at.in.deadline_ms = from->deadline_ms;
	while (status == 0 && (kind = ndjson_next(&at.in, &line.p, &line.n)) != ND_EOF)
		status = kind != ND_ERROR ? take(all, &at, line, kind, err)
		         : errno == ETIMEDOUT
		                 ? err_set(err, CWS_FAIL, "--deadline came before '%s' was read",
		                           from->path)
		                 : err_set(err, CWS_FAIL, "cannot read '%s': %s", from->path,
		                           strerror(errno));
	diag_lines_end(from->path);
	ndjson_close(&at.in);
	rec_free(at.rec);
	return status;
}

static void
add(struct batch *b, const struct journal_line *l, bool claimed)
{
	struct item *item = batch_add(b, l);

	item->claimed = claimed;
	text_put(&item->why, "found by --recover");
}

/* The open ones, read once more, to items.  -1 with err. */
static int
add_open(struct batch *b, struct lines *all, const struct recover_from *from, struct err *err)
{
	struct rec         *rec = rec_new();
	struct journal_line l;
	struct slice        line;
	size_t              i, elsewhere = 0;
	int                 status = 0;

	for (i = 0; i < all->n && status == 0; i++) {
		if (!all->key[i].open)
			continue;
		elsewhere += !all->key[i].here;
		if (!all->key[i].here)
			continue;
		status = spool_get(&all->text, all->place[i], &line, err);
		if (status == 0 && rec_parse(rec, line.p, line.n, err) == REC_OK &&
		        journal_parse(rec, &l, err) == 0)
			add(b, &l, all->key[i].claimed);
	}
	if (elsewhere != 0)
		diag_notice("%s: %zu more are open on other servers than %s", from->path, elsewhere,
		        from->origin);
	rec_free(rec);
	return status;
}

int
recover_read(struct batch *b, const struct recover_from *from, uint64_t *bad, struct err *err)
{
	struct lines all = { .key = NULL };
	int          fd = open(from->path, O_RDONLY | O_CLOEXEC | O_NOCTTY), status;

	if (fd == -1)
		return err_set(err, CWS_USAGE, "cannot read '%s': %s", from->path, strerror(errno));
	b->origin = from->origin;
	status = read_lines(&all, from, fd, err);
	close(fd);
	*bad = all.bad;
	if (status == 0) {
		journal_settle(all.key, all.n);
		status = add_open(b, &all, from, err);
	}
	release(&all);
	return status;
}
