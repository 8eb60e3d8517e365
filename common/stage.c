/* stage.c - one loop for all filters. */

#include "stage.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "diag.h"
#include "jw.h"
#include "ndjson.h"

/* What a run has at hand. */
struct run {
	const struct cli  *cli;
	struct stage      *stage;
	struct ndjson_in   in;
	struct ndjson_out  out;
	struct rec        *rec;
	struct buf         member, line;
	uint64_t           read, due, held, bad;
};

int
stage_states(void *target, const char *text, struct err *err)
{
	struct stage *st = target;
	const char   *p = text;

	for (;;) {
		size_t n = strcspn(p, ","), i;

		for (i = 0; st->states[i] != NULL; i++)
			if (strlen(st->states[i]) == n && strncmp(st->states[i], p, n) == 0)
				break;
		if (st->states[i] == NULL) {
			struct buf known;

			buf_init(&known, 400);
			for (i = 0; st->states[i] != NULL; i++)
				buf_printf(&known, "%s%s", i != 0 ? " " : "", st->states[i]);
			err_set(err, CWS_USAGE, "no state '%.*s': the states are %s", (int)(n < 40 ? n : 40), p,
			        buf_text(&known));
			buf_release(&known);
			return -1;
		}
		st->selected |= UINT64_C(1) << i;
		if (p[n] == '\0')
			return 0;
		p += n + 1;
	}
}

int64_t
stage_now(struct stage *st)
{
	if (!st->now.known)
		st->now = when_at(clock_wall_us());
	return st->now.us;
}

static bool
selected(const struct stage *st, const struct verdict *v)
{
	size_t i;

	if (st->all)
		return true;
	if (st->selected == 0)
		return v->due;
	for (i = 0; st->states[i] != NULL; i++)
		if (strcmp(st->states[i], v->state) == 0)
			return (st->selected & UINT64_C(1) << i) != 0;
	return false;
}

static void
bad_line(struct run *run, const char *text)
{
	run->bad++;
	diag_line("<stdin>", run->in.lineno, "%s", text);
}

/* A record is parsed; judge it and write it.  -1 when writing failed. */
static int
one_record(struct run *run)
{
	struct stage  *st = run->stage;
	struct verdict v;
	struct err     err;

	buf_reset(&run->member);
	switch (st->step(run->rec, st->ctx, &v, &run->member, &err)) {
	case STEP_DROP:
		return 0;
	case STEP_BAD:
		bad_line(run, err.text);
		return 0;
	case STEP_JUDGED:
		break;
	}
	run->due += v.due;
	run->held += v.keep;
	if (!selected(st, &v))
		return 0;
	buf_reset(&run->line);
	rec_splice(run->rec, st->name, &run->member, &run->line);
	if (run->line.over) {
		bad_line(run, "longer than 16 MiB with its verdict");
		return 0;
	}
	return ndjson_put(&run->out, run->line.p, run->line.n);
}

/* The stream is not whole: say so here and to the next program. */
static int
broken_stream(struct run *run, const char *line, size_t n, const char *fault)
{
	char why[480];

	if (ndjson_aborted(line, n, why, sizeof(why))) {
		diag_error("<stdin>:%llu: upstream gave up: %s", (unsigned long long)run->in.lineno, why);
		ndjson_abort(&run->out, NULL, why);
	} else {
		diag_error("<stdin>:%llu: the input ends in the middle of a record, upstream died: %s",
		        (unsigned long long)run->in.lineno, fault);
		ndjson_abort(&run->out, run->cli->prog, "its input ended in the middle of a record");
	}
	return CWS_FAIL;
}

static int
read_error(struct run *run)
{
	char why[128];

	if (run->out.error != 0)
		return CWS_FAIL; /* reported when the output is closed */
	strncpy(why, strerror(errno), sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	diag_error("<stdin>: cannot read: %s", why);
	ndjson_abort(&run->out, run->cli->prog, "cannot read its input");
	return CWS_FAIL;
}

static int
loop(struct run *run)
{
	const char *line;
	size_t      n;
	struct err  err;

	for (;;) {
		enum ndjson_kind kind = ndjson_next(&run->in, &line, &n);
		int              got;

		if (kind == ND_EOF)
			return run->bad != 0 ? CWS_PARTIAL : CWS_OK;
		if (kind == ND_ERROR)
			return read_error(run);
		if (kind == ND_LONG) {
			run->read++;
			bad_line(run, "longer than 16 MiB");
			continue;
		}
		got = rec_parse(run->rec, line, n, &err);
		if (kind == ND_LAST && got == REC_BROKEN)
			return broken_stream(run, line, n, err.text);
		run->read++;
		if (got == REC_BROKEN && run->in.lineno == 1)
			err_prefix(&err, "is this NDJSON, one object a line (jq -c .)?");
		if (got != REC_OK)
			bad_line(run, err.text);
		else if (one_record(run) != 0)
			return CWS_FAIL;
	}
}

/* The last write is where a full disk shows; a reader that left is no fault of ours. */
static int
finish(struct run *run, int status)
{
	if (ndjson_out_close(&run->out) == 0)
		return status;
	if (run->out.error == EPIPE)
		return CWS_OK;
	diag_error("<stdout>: cannot write: %s", strerror(run->out.error));
	return CWS_FAIL;
}

int
stage_run(const struct cli *cli, struct stage *st)
{
	struct run run = { .cli = cli, .stage = st };
	int        status;

	if (cli_stdin_is_terminal(cli))
		return CWS_USAGE;
	ndjson_open(&run.in, STDIN_FILENO);
	ndjson_out_open(&run.out, STDOUT_FILENO);
	run.in.flush = &run.out;
	run.rec = rec_new(st->want);
	buf_init(&run.member, BUF_RECORD_MAX);
	buf_init(&run.line, BUF_RECORD_MAX);

	status = loop(&run);
	diag_lines_end("<stdin>");
	status = finish(&run, status);
	if (run.out.error == 0)
		diag_say("%llu in, %llu due, %llu held, %llu bad", (unsigned long long)run.read,
		        (unsigned long long)run.due, (unsigned long long)run.held, (unsigned long long)run.bad);

	ndjson_close(&run.in);
	rec_free(run.rec);
	buf_release(&run.member);
	buf_release(&run.line);
	return status;
}
