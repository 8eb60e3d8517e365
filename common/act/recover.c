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
#include "base/xalloc.h"
#include "books/journal.h"

struct lines {
	/* outcomes are told by a p that is not NULL, and point nowhere */
	struct journal_line *line;
	size_t               n, room;
	uint64_t             bad;
};

static void
keep(struct lines *all, const struct journal_line *l)
{
	if (all->n == all->room) {
		all->room = all->room ? 2 * all->room : 64;
		all->line = xrealloc(all->line, all->room, sizeof(*all->line));
	}
	all->line[all->n++] = *l;
}

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

/* All lines of the file.  -1 with errno when reading failed. */
static int
read_lines(struct lines *all, const char *path, int fd)
{
	struct rec         *rec = rec_new();
	struct ndjson_in    in;
	struct journal_line l;
	struct err          err;
	enum ndjson_kind    kind;
	const char         *text;
	size_t              n;
	int                 keep_errno, parsed;

	ndjson_open(&in, fd);
	while ((kind = ndjson_next(&in, &text, &n)) != ND_EOF && kind != ND_ERROR) {
		if (kind == ND_LONG)
			err_set(&err, CWS_PARTIAL, "longer than 16 MiB");
		else if (rec_parse(rec, text, n, &err) == REC_OK &&
		         (parsed = journal_parse(rec, &l, &err)) >= 0) {
			if (parsed == 0) {
				if (l.outcome.p != NULL)
					l.made = made_by(rec, l.action);
				keep(all, &l);
				continue;
			}
			err_set(&err, CWS_PARTIAL, "no line of a journal");
		} else if (kind == ND_LAST || json_scan_is_cut(text, n)) {
			/* The next run ended it with a newline, and went on behind it. */
			diag_say("%s:%llu: a torn line: no request followed it", path,
			        (unsigned long long)in.lineno);
			continue;
		}
		all->bad++;
		diag_line(path, in.lineno, "%s", err.text);
	}
	keep_errno = errno;
	diag_lines_end(path);
	ndjson_close(&in);
	rec_free(rec);
	errno = keep_errno;
	return kind == ND_EOF ? 0 : -1;
}

static void
add(struct batch *b, const struct journal_line *l, bool claimed)
{
	struct item *item = batch_add(b, l);

	item->claimed = claimed;
	item->due = true;
	text_put(&item->why, "found by --recover");
}

int
recover_read(struct batch *b, const char *path, const char *origin, uint64_t *bad, struct err *err)
{
	struct lines all = { NULL, 0, 0, 0 };
	size_t       i, elsewhere = 0;
	bool        *is_open;
	int          fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), status;

	if (fd == -1)
		return err_set(err, CWS_USAGE, "cannot read '%s': %s", path, strerror(errno));
	status = read_lines(&all, path, fd);
	if (status != 0)
		err_set(err, CWS_FAIL, "cannot read '%s': %s", path, strerror(errno));
	close(fd);
	*bad = all.bad;
	b->origin = origin;
	is_open = xcalloc(all.n, sizeof(*is_open));
	journal_unsettled(all.line, all.n, is_open);
	for (i = 0; status == 0 && i < all.n; i++)
		if (is_open[i] && strcmp(all.line[i].url, origin) == 0)
			add(b, &all.line[i], journal_is_anothers(all.line, all.n, is_open, i));
		else
			elsewhere += is_open[i];
	if (elsewhere != 0)
		diag_notice(
		        "%s: %zu more are open on other servers than %s", path, elsewhere, origin);
	free(is_open);
	free(all.line);
	return status;
}
