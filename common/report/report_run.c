/* report_run.c - read, count, render, write. */

#include "report/report_run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/ndjson.h"
#include "base/readfile.h"
#include "base/replacefile.h"
#include "record/records.h"
#include "report/csv.h"
#include "report/html.h"
#include "report/json.h"
#include "report/markdown.h"
#include "report/model_read.h"
#include "report/plain.h"
#include "report/prom.h"
#include "settings/tz_load.h"

#define REPORT_MAX ((size_t)1 << 31)

const char *const report_formats[REPORT_FORMATS + 1] = { "text", "md", "csv", "json", "html",
	"prom", NULL };

static int
parse_word(const char *const *words, const char *text, int *out, struct err *err)
{
	struct buf list;
	size_t     i;

	for (i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0) {
			*out = (int)i;
			return 0;
		}
	buf_init(&list, sizeof(err->text));
	for (i = 0; words[i] != NULL; i++)
		buf_printf(&list, "%s%s",
		        i == 0                 ? ""
		        : words[i + 1] == NULL ? " or "
		                               : ", ",
		        words[i]);
	err_set(err, CWS_USAGE, "expected %s, got \"%.60s\"", buf_text(&list), text);
	buf_release(&list);
	return -1;
}

int
report_run_format(void *target, const char *text, struct err *err)
{
	struct report_run *run = target;
	int                word;

	if (parse_word(report_formats, text, &word, err) != 0)
		return -1;
	run->format = (enum report_format)word;
	return 0;
}

int
report_run_by(void *target, const char *text, struct err *err)
{
	struct report_run *run = target;
	int                word;

	if (parse_word(model_by_names, text, &word, err) != 0)
		return -1;
	run->options.by = (enum model_by)word;
	return 0;
}

int
report_run_width(void *target, const char *text, struct err *err)
{
	struct report_run *run = target;

	run->has_width = true;
	if (strcmp(text, "0") == 0) {
		run->width = 0;
		return 0;
	}
	return cli_int(text, PLAIN_WIDTH_MIN, PLAIN_WIDTH_MAX, &run->width, err);
}

/* --tz, else TZ as far as it names a zone, else UTC. */
static int
load_zone(struct report_run *run, struct err *err)
{
	const char *own = getenv("TZ");

	if (run->zone != NULL) {
		if (tz_load(&run->tz, run->zone, run->now.us, err) == 0)
			return 0;
		return err_prefix(err, "--tz");
	}
	if (own == NULL || own[0] == '\0')
		own = "UTC";
	if (tz_load(&run->tz, own[0] == ':' ? own + 1 : own, run->now.us, err) != 0) {
		diag_warn("TZ: %s; this report is in UTC", err->text);
		tz_fixed(&run->tz, "UTC", 0);
	}
	return 0;
}

/* Standard input to its end; what could not be read is told in the report, and by the status. */
static void
read_records(struct report_run *run, const char *prog, struct model_store *store)
{
	struct model_head *head = &store->model.head;
	struct records     in;
	struct err         err;
	enum records_next  next;

	records_open(&in, STDIN_FILENO, prog);
	while ((next = records_next(&in)) == RECORDS_ONE)
		if (model_read(store, in.rec, &err) != 0)
			records_bad(&in, err.text);
	head->bad = in.bad;
	run->status = in.bad > 0 ? CWS_PARTIAL : CWS_OK;
	if (next != RECORDS_END) {
		head->broken =
		        words_keep(&store->words, in.broken, strlen(in.broken), MODEL_TEXT_MAX);
		run->status = CWS_FAIL;
	}
	records_close(&in);
}

static bool
is_terminal(const struct report_run *run)
{
	return run->output == NULL && isatty(STDOUT_FILENO);
}

static bool
has_colour(const struct report_run *run)
{
	const char *term = getenv("TERM"), *none = getenv("NO_COLOR");

	return is_terminal(run) && (none == NULL || none[0] == '\0') && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

/* A terminal has an edge; a file, a mail and a pager have none that is known. */
static size_t
width_of(const struct report_run *run)
{
	struct winsize size;
	int64_t        width = run->width;

	if (!run->has_width && is_terminal(run) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	return width != 0 && width < PLAIN_WIDTH_MIN ? PLAIN_WIDTH_MIN : (size_t)width;
}

/* A run that failed leaves the success that the file to be replaced tells of. */
static void
render_prom(const struct report_run *run, struct buf *out, const struct model *m)
{
	int64_t     status = run->options.has_run_status ? run->options.run_status : run->status;
	struct when at = prom_run_at(m), success = at;
	struct err  err;
	char       *old;

	if (status == 0 && run->status == CWS_FAIL)
		status = CWS_FAIL;
	if (status != 0) {
		success = when_none();
		old = run->output != NULL
		              ? readfile_text(run->output, (size_t)1 << 20, "no metrics", 0, &err)
		              : NULL;
		if (old != NULL)
			success = prom_success(old);
		free(old);
	}
	prom_render(out, m, status, at, success);
}

static void
render(const struct report_run *run, struct buf *out, const struct model *m)
{
	switch (run->format) {
	case REPORT_MD:
		markdown_render(out, m);
		break;
	case REPORT_CSV:
		csv_render(out, m);
		break;
	case REPORT_JSON:
		json_render(out, m);
		break;
	case REPORT_HTML:
		html_render(out, m);
		break;
	case REPORT_PROM:
		render_prom(run, out, m);
		break;
	default:
		plain_render(out, m, width_of(run), has_colour(run));
	}
}

/* To the file or to standard output; returns the status of the whole. */
static int
write_out(const struct report_run *run, const struct buf *report)
{
	struct ndjson_out out;
	struct err        err;

	if (report->over) {
		diag_error("the report is longer than 2 GiB");
		return CWS_FAIL;
	}
	if (run->output != NULL) {
		if (replacefile_write(run->output, report->p, report->n, &err) == 0)
			return run->status;
		diag_error("%s", err.text);
		return CWS_FAIL;
	}
	memset(&out, 0, sizeof(out));
	ndjson_out_open(&out, STDOUT_FILENO);
	ndjson_raw(&out, report->p, report->n);
	return ndjson_finish(&out, run->status);
}

int
report_run(const struct cli *cli, struct report_run *run)
{
	struct model_store *store;
	const struct model *m;
	struct buf          out;
	struct err          err;
	int                 status;

	if (cli_stdin_is_terminal(cli))
		return CWS_USAGE;
	if (!run->now.known)
		run->now = when_at(clock_wall_us());
	if (load_zone(run, &err) != 0) {
		diag_error("%s", err.text);
		return (int)err.status;
	}
	run->options.now_us = run->now.us;
	run->options.tz = &run->tz;
	store = model_start(&run->options);
	read_records(run, cli->prog, store);
	m = model_finish(store);
	buf_init(&out, REPORT_MAX);
	render(run, &out, m);
	status = write_out(run, &out);
	diag_say("%llu in, %llu bad", (unsigned long long)(m->head.records + m->head.bad),
	        (unsigned long long)m->head.bad);
	buf_release(&out);
	model_free(store);
	return status;
}
