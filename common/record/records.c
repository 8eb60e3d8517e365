/* records.c - standard input as records. */

#include "record/records.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/json_scan.h"

#define INPUT "<stdin>"

void
records_open(struct records *r, int fd, const char *prog)
{
	memset(r, 0, sizeof(*r));
	ndjson_open(&r->in, fd);
	r->rec = rec_new();
	r->prog = prog;
}

void
records_close(struct records *r)
{
	ndjson_close(&r->in);
	rec_free(r->rec);
}

void
records_bad(struct records *r, const char *text)
{
	r->bad++;
	diag_line(INPUT, r->in.lineno, "%s", text);
}

void
records_fail(struct records *r, const char *text)
{
	diag_error(INPUT ":%llu: %s", (unsigned long long)r->in.lineno, text);
	snprintf(r->broken, sizeof(r->broken), "%s: %s", r->prog, text);
}

/* The stream is not whole: say so, and keep the words for the next program. */
static void
broken(struct records *r, const char *line, size_t n, const char *fault)
{
	unsigned long long lineno = r->in.lineno;

	if (ndjson_aborted(line, n, r->broken, sizeof(r->broken))) {
		diag_error(INPUT ":%llu: upstream gave up: %s", lineno, r->broken);
	} else {
		diag_error(INPUT
		        ":%llu: the input ends in the middle of a record, upstream died: %s",
		        lineno, fault);
		snprintf(r->broken, sizeof(r->broken),
		        "%s: its input ended in the middle of a record", r->prog);
	}
}

static enum records_next
read_error(struct records *r)
{
	int  why = errno;
	bool stopped = r->in.stop != NULL && *r->in.stop, late = why == ETIMEDOUT;

	if (r->in.flush != NULL && r->in.flush->error != 0)
		return RECORDS_ERROR;
	if (!stopped && late)
		diag_error(INPUT ": --deadline came before the input ended");
	else if (!stopped)
		diag_error(INPUT ": cannot read: %s", strerror(why));
	snprintf(r->broken, sizeof(r->broken), "%s: %s", r->prog,
	        stopped ? "ended by a signal" : "cannot read its input");
	return RECORDS_ERROR;
}

/* Each line of a journal begins like this, and a run that was killed may have torn one. */
static bool
is_torn_journal(const char *line, size_t n)
{
	static const char head[] = "{\"run\":\"";

	return n >= sizeof(head) - 1 && memcmp(line, head, sizeof(head) - 1) == 0 &&
	       json_scan_is_cut(line, n);
}

/* What tells a whole reply of the API from one of its workspaces. */
struct reply {
	struct slice id, workspaces;
};

static const struct fact reply_fact[] = {
	FACT(struct reply, id, ".id"),
	FACT(struct reply, workspaces, ".workspaces"),
};

static const struct fact_table reply_table = FACT_TABLE(reply_fact);

static bool
is_reply(struct records *r)
{
	struct reply is;
	struct err   err;

	return rec_read(r->rec, &reply_table, &is, &err) == 0 && is.id.p == NULL &&
	       is.workspaces.p != NULL && is.workspaces.p[0] == '[';
}

/*
 * Does it begin an array?  The last line may also be the beginning of anything: there it has to be
 * whole.
 */
static bool
is_array(struct slice line, bool last)
{
	return line.p[strspn(line.p, " \t")] == '[' &&
	       (!last || json_scan_fault(line.p, line.n) == NULL);
}

/* Does it begin a reply that goes on in the next lines? */
static bool
begins_reply(struct slice line)
{
	struct json_scan s;
	struct slice     key;

	json_scan_open(&s, line.p, line.n);
	for (json_scan_enter(&s, '{'); json_scan_member(&s, &key); json_scan_value(&s)) {
		if (slice_is(&key, "id"))
			return false;
		if (slice_is(&key, "workspaces"))
			return json_scan_peek(&s) == '[' || json_scan_peek(&s) == '\0';
	}
	return false;
}

/* What the first line, which is no JSON, suggests about all. */
static const char *
suggestion(struct slice line)
{
	static const char blank[] = " \t\r";
	size_t            brace = strspn(line.p, blank);

	/* One that is laid out begins with its brace, be it a reply or one of its workspaces. */
	if (line.p[brace] == '{' && line.p[brace + 1 + strspn(line.p + brace + 1, blank)] == '\0')
		return "is this NDJSON, one object a line (a whole API reply: jq -c "
		       "'.workspaces[]', else jq -c .)?";
	return "is this NDJSON, one object a line (jq -c .)?";
}

/*
 * Records in one piece, as the API and 'coder list -o json' write them: how to unpack them; NULL:
 * it is none.
 */
static const char *
packed(struct records *r, struct slice line, int got, bool last)
{
	bool reply = got == REC_BROKEN ? !last && begins_reply(line) : is_reply(r);

	if (reply)
		return "a whole API reply, not a record: unpack it with jq -c '.workspaces[]'";
	return got == REC_BROKEN && is_array(line, last)
	               ? "an array, not a record: unpack it with jq -c '.[]'"
	               : NULL;
}

enum records_taken
records_take(struct records *r, struct slice line, bool last)
{
	struct err  err;
	int         got = rec_parse(r->rec, line.p, line.n, &err);
	const char *unpack = packed(r, line, got, last);

	if (got == REC_BROKEN && r->journals && is_torn_journal(line.p, line.n)) {
		diag_say(INPUT ":%llu: a torn line of a journal: no request followed it",
		        (unsigned long long)r->in.lineno);
		return TAKEN_TORN;
	}
	/*
	 * An abort mark that gained a newline on its way (awk, cat) still says that upstream died.
	 */
	if (got == REC_BROKEN && unpack == NULL &&
	        (last || ndjson_aborted(line.p, line.n, r->broken, sizeof(r->broken)))) {
		broken(r, line.p, line.n, err.text);
		return TAKEN_BROKEN;
	}
	r->read++;
	if (got == REC_OK && unpack == NULL)
		return TAKEN_RECORD;
	if (got == REC_BROKEN && unpack == NULL && r->in.lineno == 1)
		err_prefix(&err, "%s", suggestion(line));
	records_bad(r, unpack != NULL ? unpack : err.text);
	return TAKEN_BAD;
}

static enum records_next
next_line(struct records *r, struct slice *line, bool *last)
{
	enum ndjson_kind kind;

	while ((kind = ndjson_next(&r->in, &line->p, &line->n)) == ND_LONG) {
		r->read++;
		r->unread++;
		records_bad(r, "longer than 16 MiB");
	}
	*last = kind == ND_LAST;
	return kind == ND_EOF ? RECORDS_END : kind == ND_ERROR ? read_error(r) : RECORDS_ONE;
}

enum records_next
records_line(struct records *r, struct slice *line, bool *last)
{
	enum records_next got = next_line(r, line, last);

	if (got != RECORDS_ONE)
		diag_lines_end(INPUT);
	return got;
}

enum records_next
records_next(struct records *r)
{
	enum records_taken taken = TAKEN_BAD;
	enum records_next  got;
	struct slice       line;
	bool               last;

	while ((taken == TAKEN_BAD || taken == TAKEN_TORN) &&
	        (got = next_line(r, &line, &last)) == RECORDS_ONE)
		taken = records_take(r, line, last);
	if (taken == TAKEN_RECORD)
		return RECORDS_ONE;
	diag_lines_end(INPUT);
	return taken == TAKEN_BROKEN ? RECORDS_BROKEN : got;
}
