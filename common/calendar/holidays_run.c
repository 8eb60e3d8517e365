/* holidays_run.c - files to days, or to a message. */

#include "calendar/holidays_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/ndjson.h"
#include "base/readfile.h"
#include "base/rfc3339.h"
#include "base/when.h"
#include "calendar/ical.h"

#define DAY_US (DAY_S * US_PER_S)
#define BEFORE 31     /* days, when nothing else is asked for */
#define AHEAD 800     /* a file made once a year lasts until the next one, and a year more */
#define TIME_MS 60000 /* each file; a calendar of people's takes some milliseconds */
#define MIN_DATE "1900-01-01"
#define MAX_DATE "2500-12-31" /* libical ends its rules in 2582 */

int
holidays_run_date(void *when, const char *text, struct err *err)
{
	struct when *w = when;
	char         full[RFC3339_SIZE];

	if (strlen(text) != strlen(MIN_DATE) || strcmp(text, MIN_DATE) < 0 ||
	        strcmp(text, MAX_DATE) > 0)
		return err_set(err, CWS_USAGE, "expected a date from %s to %s, got \"%s\"",
		        MIN_DATE, MAX_DATE, text);
	snprintf(full, sizeof(full), "%sT00:00:00Z", text);
	if (!rfc3339_parse(full, strlen(full), &w->us))
		return err_set(err, CWS_USAGE,
		        "expected a date that exists, such as 2026-12-25, got \"%s\"", text);
	w->known = true;
	return 0;
}

struct place {
	const char *path;
	size_t      bad;
};

static void
bad_event(void *arg, size_t line, const char *why)
{
	struct place *p = arg;

	p->bad++;
	diag_line(p->path, line, "%s", why);
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static int
read_file(struct ical *c, const char *path)
{
	struct err err;
	char      *text;
	int        status = CWS_FAIL;

	text = readfile_text(path, HOLIDAYS_RUN_FILE_MAX, "not text of at most 32 MiB", 0, &err);
	if (text == NULL)
		diag_error("%s", err.text);
	else if (ical_read(c, text, &err) == 0)
		status = CWS_OK;
	else if (c->line != 0)
		diag_error("%s:%zu: %s", path, c->line, err.text);
	else
		diag_error("%s: %s", path, err.text);
	free(text);
	if (status == CWS_OK && c->not_taken > 0)
		diag_warn("%s: %zu event%s from midnight to midnight, as times: --midnight takes "
		          "%s for days",
		        path, c->not_taken, plural(c->not_taken),
		        c->not_taken == 1 ? "it" : "them");
	return status;
}

static int
write_days(const struct ical *c, const struct place *place, size_t files, int status)
{
	struct ndjson_out out;
	struct buf        line;
	char              bad[40] = "";
	size_t            i;

	buf_init(&line, BUF_RECORD_MAX);
	ndjson_out_open(&out, STDOUT_FILENO);
	for (i = 0; i < c->n && out.error == 0; i++) {
		buf_reset(&line);
		ical_print(&line, &c->day[i]);
		ndjson_raw(&out, line.p, line.n);
	}
	buf_release(&line);
	status = ndjson_finish(&out, status);
	if (place->bad > 0)
		snprintf(bad, sizeof(bad), ", %zu bad", place->bad);
	if (out.error == 0)
		diag_say("%zu file%s, %zu all-day event%s%s, %zu line%s", files, plural(files),
		        c->events, plural(c->events), bad, c->n, plural(c->n));
	return status;
}

int
holidays_run(struct holidays_run *run, const struct cli *cli)
{
	int64_t      now_us = run->now.known ? run->now.us : clock_wall_us();
	int64_t      today = floor_day(floor_s(now_us));
	struct place place = { NULL, 0 };
	struct ical  c = { .midnight = run->midnight, .time_ms = TIME_MS };
	int          status = CWS_OK;
	size_t       i;

	c.bad = bad_event;
	c.arg = &place;
	c.first = run->from.known ? run->from.us / DAY_US : today - BEFORE;
	c.last = run->to.known ? run->to.us / DAY_US : today + AHEAD;
	if (c.first > c.last)
		return cli_refuse(cli, "--from is after --to: no day lies between");
	for (i = 0; i < run->files.n && status == CWS_OK; i++)
		status = read_file(&c, place.path = run->files.item[i].text);
	diag_lines_end("the calendars");
	if (status == CWS_OK) {
		ical_sort(&c);
		status = write_days(&c, &place, run->files.n, place.bad > 0 ? CWS_PARTIAL : CWS_OK);
	}
	ical_release(&c);
	return status;
}
