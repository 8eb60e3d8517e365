/* stage.c - one loop for all filters. */

#include "filter/stage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/json_write.h"
#include "base/ndjson.h"
#include "base/signals.h"
#include "filter/sorter.h"
#include "record/records.h"

#define STATES_MAX 16

/* What a run has at hand. */
struct run {
	struct stage     *stage;
	struct records    in;
	struct ndjson_out out;
	struct buf        member, line;
	struct sorter     order;
	uint64_t          due, held, state[STATES_MAX];
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
			err_set(err, CWS_USAGE, "no state '%.*s': the states are %s",
			        (int)(n < 40 ? n : 40), p, buf_text(&known));
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

void
stage_put_verdict(struct buf *member, const struct verdict *v)
{
	json_write_flag(member, "due", v->due);
	json_write_text(member, "state", v->state);
	json_write_when(member, "stop_at", v->stop_at);
	json_write_text(member, "why", v->why.s);
	json_write_when(member, "at", when_at(v->at_us));
	if (v->keep)
		json_write_flag(member, "keep", true);
}

static size_t
state_number(const struct stage *st, const char *state)
{
	size_t i = 0;

	while (st->states[i] != NULL && strcmp(st->states[i], state) != 0)
		i++;
	return i;
}

static bool
selected(const struct stage *st, const struct verdict *v)
{
	if (st->all)
		return true;
	if (st->selected == 0)
		return v->due || st->explains;
	return (st->selected >> state_number(st, v->state) & 1) != 0;
}

/*
 * A record is parsed; judge it and write it.  -1 when writing failed, 1 when nothing can be judged.
 */
static int
one_record(struct run *run)
{
	struct stage  *st = run->stage;
	struct verdict v;
	struct err     err;

	buf_reset(&run->member);
	switch (st->step(run->in.rec, st->ctx, &v, &run->member, &err)) {
	case STEP_DROP:
		return 0;
	case STEP_BAD:
		if (err.status == CWS_FAIL) {
			records_fail(&run->in, err.text);
			return 1;
		}
		records_bad(&run->in, err.text);
		return 0;
	case STEP_JUDGED:
		break;
	}
	run->due += v.due;
	run->held += v.keep;
	run->state[state_number(st, v.state)]++;
	if (!selected(st, &v))
		return 0;
	buf_reset(&run->line);
	rec_splice(run->in.rec, st->name, &run->member, &run->line);
	if (run->line.over) {
		records_bad(&run->in, "longer than 16 MiB with its verdict");
		return 0;
	}
	if (st->sort) {
		struct slice line = { run->line.p, run->line.n };

		if (sorter_add(&run->order, v.stop_at, line, &err) == 0)
			return 0;
		records_fail(&run->in, err.text);
		return 1;
	}
	return ndjson_put(&run->out, run->line.p, run->line.n);
}

/* What --sort held back.  -1 when writing failed, 1 when it cannot be read back. */
static int
write_sorted(struct run *run)
{
	struct slice line;
	struct err   err;
	size_t       i;

	sorter_sort(&run->order);
	for (i = 0; i < run->order.n; i++) {
		if (sorter_line(&run->order, i, &line, &err) != 0) {
			records_fail(&run->in, err.text);
			return 1;
		}
		if (ndjson_put(&run->out, line.p, line.n) != 0)
			return -1;
	}
	return 0;
}

/* The stream ends here, and it is not all. */
static int
end_broken(struct run *run)
{
	ndjson_abort(&run->out, NULL, run->in.broken);
	return CWS_FAIL;
}

/* What came so far, and that it is not all. */
static int
break_off(struct run *run)
{
	write_sorted(run);
	return end_broken(run);
}

static int
loop(struct run *run)
{
	int done;

	for (;;)
		switch (records_next(&run->in)) {
		case RECORDS_ONE:
			if ((done = one_record(run)) != 0)
				return done < 0 ? CWS_FAIL : break_off(run);
			break;
		case RECORDS_END:
			if ((done = write_sorted(run)) != 0)
				return done < 0 ? CWS_FAIL : end_broken(run);
			return run->in.bad != 0 ? CWS_PARTIAL : CWS_OK;
		case RECORDS_BROKEN:
		case RECORDS_ERROR:
			return break_off(run);
		}
}

static void
say_summary(const struct run *run)
{
	const struct stage *st = run->stage;
	struct buf          states;
	size_t              i;
	char                written[40] = "";

	/* Those that are due say how many are written, but where others were asked for. */
	if (st->selected != 0)
		snprintf(written, sizeof(written), ", %llu written",
		        (unsigned long long)run->out.lines);
	if (!st->explains) {
		diag_say("%llu in, %llu due, %llu held, %llu bad%s",
		        (unsigned long long)run->in.read, (unsigned long long)run->due,
		        (unsigned long long)run->held, (unsigned long long)run->in.bad, written);
		return;
	}
	buf_init(&states, 1000);
	for (i = 0; st->states[i] != NULL; i++)
		buf_printf(&states, "%llu %s, ", (unsigned long long)run->state[i], st->states[i]);
	diag_say("%llu in, %s%llu bad", (unsigned long long)run->in.read, buf_text(&states),
	        (unsigned long long)run->in.bad);
	buf_release(&states);
}

int
stage_run(const struct cli *cli, struct stage *st)
{
	struct run run = { .stage = st };
	int        status;

	if (cli_stdin_is_terminal(cli))
		return CWS_USAGE;
	records_open(&run.in, STDIN_FILENO, cli->prog);
	ndjson_out_open(&run.out, STDOUT_FILENO);
	run.in.in.flush = &run.out;
	run.in.in.stop = run.out.stop = signals_catch();
	buf_init(&run.member, BUF_RECORD_MAX);
	buf_init(&run.line, BUF_RECORD_MAX);

	if (ndjson_feeds_itself(&run.in.in, &run.out)) {
		diag_error("<stdin>: input file is output file");
		status = ndjson_finish(&run.out, CWS_USAGE);
	} else {
		status = ndjson_finish(&run.out, loop(&run));
		if (run.out.error == 0)
			say_summary(&run);
		ndjson_hint(&run.out);
	}

	sorter_release(&run.order);
	records_close(&run.in);
	buf_release(&run.member);
	buf_release(&run.line);
	signals_end();
	return status;
}
