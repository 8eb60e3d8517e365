/* listing.c - pages in parallel, out in order, again until nothing is missing. */

#include "coder/listing.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/idset.h"
#include "base/xalloc.h"
#include "coder/api_calls.h"
#include "coder/page.h"
#include "coder/query.h"

#define TURN_MS 1000
#define SHRINK 4 /* a page that is too large becomes so much smaller */
#define GIVE_BACK_AT (256 * 1024)

/*
 * One place of the window: the rows from offset to end, of which a page was asked for and is not
 * yet written.  Where that would be too large, they come as several pages.
 */
struct place {
	struct pages *run;
	struct page   page;
	int64_t       offset, end;
	int           limit;  /* rows of the page */
	size_t        ticket; /* joins_ready: its rows' owners are known */
	bool          here;
};

/* One query being read, pass after pass. */
struct pages {
	struct listing *l;
	const char     *q;
	struct err     *err;
	bool            failed;
	struct place   *window;
	size_t          places;
	struct idset    seen, seen_now; /* ids of all passes, and of this one */
	int64_t         high;           /* the highest count seen */
	int64_t         count;          /* the highest of this pass */
	/* pages are asked for below this offset; -1: not known yet */
	int64_t         bound;
	int64_t         hidden;         /* of this pass: rows that a page should have held */
	int64_t         next;           /* where the next place of this pass begins */
	size_t          asked, emitted; /* places of this pass */
	struct buf      line;
};

static void
ask_page(struct place *at);

/* The page is too large for one reply: the same rows, and all behind them, in smaller ones. */
static bool
shrink(struct place *at)
{
	struct listing *l = at->run->l;

	if (at->limit == 1)
		return false;
	if (l->page_size >= at->limit) {
		l->page_size = (at->limit + SHRINK - 1) / SHRINK;
		diag_notice("a page of %d workspaces is too large: going on with %d a page",
		        at->limit, l->page_size);
	}
	ask_page(at);
	return true;
}

static void
on_page(void *arg, const struct http_reply *r)
{
	struct place *at = arg;
	struct pages *run = at->run;
	char          fault[480];

	if (run->failed || (r->end == HTTP_TOO_BIG && shrink(at)))
		return;
	if (!http_ok(r)) {
		api_end_fault(run->l->api, r, fault, sizeof(fault));
		run->failed = true;
		err_set(run->err, CWS_FAIL, "cannot list workspaces: %s", fault);
		return;
	}
	if (page_split(&at->page, r->body, r->n, run->l->full, run->err) != 0) {
		run->failed = true;
		err_prefix(run->err, "cannot list workspaces");
		return;
	}
	if (run->l->pages++ == 0) {
		joins_server(run->l->joins, r);
		api_retry_until_deadline(run->l->api);
	}
	at->ticket = joins_expect(run->l->joins, &at->page);
	if (run->count < at->page.count)
		run->count = at->page.count;
	if (run->bound < at->page.count)
		run->bound = at->page.count;
	/*
	 * When a page behind the first is empty and lies at or behind the count it
	 * gives, the list has become shorter than an earlier page said: no page behind
	 * it is asked for.  Rows that moved meanwhile are found by the next pass.
	 */
	if (at->offset >= at->page.count && at->offset > 0 && at->page.rows == 0 &&
	        run->bound > at->offset)
		run->bound = at->offset;
	at->here = true;
}

static struct place *
place_of(struct pages *run, size_t number)
{
	return &run->window[number % run->places];
}

/* Is another page to be asked for?  Not before the first reply says how many rows there are. */
static bool
more(const struct pages *run)
{
	return run->asked == 0 || run->next < run->bound;
}

static void
ask_page(struct place *at)
{
	struct listing *l = at->run->l;
	struct api_list list = { .q = at->run->q, .offset = at->offset };

	at->limit = l->page_size;
	if (at->limit > at->end - at->offset)
		at->limit = (int)(at->end - at->offset);
	list.limit = at->limit;
	at->here = false;
	api_get_workspaces(l->api, API_NEEDED, &list, on_page, at);
}

static void
ask(struct pages *run)
{
	struct place *at = place_of(run, run->asked++);

	at->offset = run->next;
	at->end = run->next = at->offset + run->l->page_size;
	ask_page(at);
}

/* The page of this place is written: is there another one in it? */
static bool
go_on(struct place *at)
{
	page_release(&at->page);
	at->offset += at->limit;
	if (at->offset >= at->end || at->offset >= at->run->bound)
		return false;
	ask_page(at);
	return true;
}

/*
 * What a page counts, and what it holds: `fresh` rows that no page before it in this pass held.
 * They are there, whatever the count says; it must not end the list before them, or behind a full
 * page.
 */
static void
take_count(struct pages *run, const struct place *at, int64_t fresh)
{
	const struct page *p = &at->page;
	int64_t            count = p->count, due = count - at->offset;

	if (due > at->limit)
		due = at->limit;
	if (due > (int64_t)p->rows)
		run->hidden += due - (int64_t)p->rows;
	if (fresh > at->limit)
		fresh = at->limit;
	if (fresh > 0 && at->offset + fresh > count) {
		if (!run->l->told_count)
			diag_warn("the server counts %lld workspaces and shows more: going by "
			          "what it shows",
			        (long long)count);
		run->l->told_count = true;
		count = at->offset + fresh;
		if (fresh == at->limit && run->bound <= count)
			run->bound = count + 1;
	}
	if (run->high < count)
		run->high = count;
	if (run->count < count)
		run->count = count;
}

/* Write the rows of a page that no page before held.  -1 when writing failed. */
static int
emit(struct pages *run, const struct place *at)
{
	const struct page *p = &at->page;
	size_t             i, before = run->seen_now.n;
	bool               fresh;

	for (i = 0; i < p->rows; i++) {
		const struct row *row = &p->row[i];

		idset_add(&run->seen, &row->id, NULL);
		idset_add(&run->seen_now, &row->id, NULL);
		idset_add(&run->l->all, &row->id, &fresh);
		if (!fresh)
			continue;
		buf_reset(&run->line);
		buf_put(&run->line, p->text.p + row->at, row->n - 1);
		buf_puts(&run->line, ",\"cws\":");
		joins_write(run->l->joins, row, &run->line);
		buf_putc(&run->line, '}');
		if (run->line.over)
			return err_set(run->err, CWS_FAIL, "a workspace is larger than %zu MiB",
			        BUF_RECORD_MAX >> 20);
		if (ndjson_put(run->l->out, run->line.p, run->line.n) != 0)
			return -1;
		run->l->written++;
	}
	take_count(run, at, (int64_t)(run->seen_now.n - before));
	return 0;
}

/* Read all pages once. */
static enum listing_end
read_pass(struct pages *run)
{
	struct listing *l = run->l;

	run->asked = run->emitted = 0;
	run->next = 0;
	run->hidden = run->count = 0;
	idset_reset(&run->seen_now);
	for (;;) {
		while (more(run) && run->asked - run->emitted < run->places)
			ask(run);
		joins_start(l->joins); /* behind the first page */
		while (run->emitted < run->asked && place_of(run, run->emitted)->here &&
		        joins_ready(l->joins, place_of(run, run->emitted)->ticket)) {
			if (emit(run, place_of(run, run->emitted)) != 0)
				return run->line.over ? LISTING_FAILED : LISTING_GONE;
			if (!go_on(place_of(run, run->emitted)))
				run->emitted++;
		}
		if (run->emitted == run->asked && !more(run))
			return LISTING_DONE;
		if (more(run) && run->asked - run->emitted < run->places)
			continue;
		/* Records are shown before we wait for more. */
		if (ndjson_flush(l->out) != 0)
			return LISTING_GONE;
		if (*l->stop != 0)
			return LISTING_STOPPED;
		if (run->bound > l->page_size && !isatty(l->out->fd))
			diag_progress("%llu of %lld workspaces", (unsigned long long)l->written,
			        (long long)run->bound);
		api_turn(l->api, TURN_MS);
		if (run->failed)
			return LISTING_FAILED;
	}
}

/*
 * Would another pass find more?  Not when all are here; nor when the rest
 * stays hidden: all of it, or the same number twice with nothing new.
 */
static bool
is_over(const struct pages *run, int pass, size_t before, int64_t hidden_before)
{
	int64_t seen = (int64_t)run->seen.n, now = (int64_t)run->seen_now.n;

	if (seen >= run->high || now >= run->count)
		return true;
	if (now == 0 && run->hidden >= run->count)
		return true;
	return pass > 1 && run->seen.n == before && run->hidden == hidden_before &&
	       now + run->hidden >= run->count;
}

/* What the passes left out of the account. */
static void
account(struct pages *run)
{
	int64_t gap = run->high - (int64_t)run->seen.n, hidden = run->hidden;

	/* Rows that were deleted meanwhile are no gap: a pass that saw all it counted is whole. */
	if (gap <= 0 || (int64_t)run->seen_now.n >= run->count)
		return;
	if (hidden > gap)
		hidden = gap;
	run->l->hidden += (uint64_t)hidden;
	run->l->missing += (uint64_t)(gap - hidden);
}

/* The server takes one status a query. */
static enum listing_end
run_status(struct listing *l, const char *q, const char *status, struct err *err)
{
	enum listing_end end;
	struct buf       with;

	buf_init(&with, BUF_RECORD_MAX);
	buf_puts(&with, q);
	query_add(&with, "status", status, err);
	end = listing_run(l, buf_text(&with), err);
	buf_release(&with);
	return end;
}

enum listing_end
listing_stoppable(struct listing *l, const char *q, struct err *err)
{
	/*
	 * A workspace that goes from one of these to another between two queries would be
	 * in neither: the short lists are read on both sides of the long one.
	 */
	struct {
		const char *status;
		uint64_t    hidden, missing; /* of two readings, by that which lacked more */
	} list[] = { { "failed", 0, 0 }, { "canceled", 0, 0 }, { "running", 0, 0 } };
	const size_t     n = sizeof(list) / sizeof(list[0]);
	enum listing_end end = LISTING_DONE;
	size_t           i;

	for (i = 0; i < 2 * n - 1 && end == LISTING_DONE; i++) {
		l->hidden = l->missing = 0;
		end = run_status(l, q, list[i % n].status, err);
		if (l->hidden + l->missing > list[i % n].hidden + list[i % n].missing) {
			list[i % n].hidden = l->hidden;
			list[i % n].missing = l->missing;
		}
	}
	l->hidden = l->missing = 0;
	for (i = 0; i < n; i++) {
		l->hidden += list[i].hidden;
		l->missing += list[i].missing;
	}
	return end;
}

void
listing_release(struct listing *l)
{
	idset_release(&l->all);
}

enum listing_end
listing_run(struct listing *l, const char *q, struct err *err)
{
	struct pages     run = { .l = l, .q = q, .err = err, .bound = -1 };
	enum listing_end end = LISTING_DONE;
	int64_t          hidden_before = -1;
	size_t           before = 0, i;
	int              pass;

#ifdef __GLIBC__
	/* Left alone, glibc learns to keep buffers as large as our pages: twice the memory. */
	mallopt(M_MMAP_THRESHOLD, GIVE_BACK_AT);
#endif
	/* Somewhat more than what is under way: a slow page does not hold up the others at once. */
	run.places = (size_t)(l->jobs + 2 + l->jobs / 4);
	run.window = xcalloc(run.places, sizeof(*run.window));
	for (i = 0; i < run.places; i++) {
		run.window[i].run = &run;
		page_init(&run.window[i].page);
	}
	buf_init(&run.line, BUF_RECORD_MAX);
	for (pass = 1; pass <= l->passes; pass++) {
		l->reread += pass > 1;
		if ((end = read_pass(&run)) != LISTING_DONE)
			break;
		if (is_over(&run, pass, before, hidden_before))
			break;
		before = run.seen.n;
		hidden_before = run.hidden;
		run.bound = run.count;
	}
	diag_progress(NULL);
	if (end == LISTING_DONE)
		account(&run);
	else
		api_drop(l->api);
	for (i = 0; i < run.places; i++)
		page_release(&run.window[i].page);
	free(run.window);
	idset_release(&run.seen);
	idset_release(&run.seen_now);
	buf_release(&run.line);
	return end;
}
