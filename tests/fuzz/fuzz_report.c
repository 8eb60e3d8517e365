/*
 * fuzz_report.c - any lines as records of a report, in each format.
 *
 * Whatever is on the records, JSON stays one value, CSV has the cells of its header and
 * no formula, the metrics are samples, and no format shows a control character.
 */

#include "base/json_scan.h"
#include "fuzz.h"
#include "judge/tz.h"
#include "record/rec.h"
#include "report/csv.h"
#include "report/html.h"
#include "report/json.h"
#include "report/markdown.h"
#include "report/model_read.h"
#include "report/plain.h"
#include "report/prom.h"

#define REPORT_MAX ((size_t)64 << 20)

static size_t
read_lines(struct model_store *store, const uint8_t *data, size_t n)
{
	struct rec *rec = rec_new();
	const char *p = (const char *)data, *end = p + n, *line_end;
	struct err  err;
	size_t      taken = 0;

	for (; p < end; p = line_end + 1) {
		char *line;

		line_end = memchr(p, '\n', (size_t)(end - p));
		if (line_end == NULL)
			line_end = end;
		/* A line of its own, so that a reader that goes beyond it is seen. */
		line = malloc((size_t)(line_end - p) + 1);
		REQUIRE(line != NULL);
		memcpy(line, p, (size_t)(line_end - p));
		line[line_end - p] = '\0';
		if (rec_parse(rec, line, (size_t)(line_end - p), &err) == REC_OK)
			taken += model_read(store, rec, &err) == 0;
		free(line);
		if (line_end == end)
			break;
	}
	rec_free(rec);
	return taken;
}

static void
require_shown(const struct buf *out, bool carriage)
{
	size_t i;

	REQUIRE(!out->over);
	for (i = 0; i < out->n; i++) {
		unsigned char c = (unsigned char)out->p[i];

		REQUIRE(c >= 0x20 || c == '\n' || c == '\t' || (carriage && c == '\r'));
		REQUIRE(c != 0x7f);
	}
}

/* RFC 4180, read again: each row has as many cells, and none begins as a formula does. */
static size_t
csv_rows(const struct buf *out)
{
	const char *p = out->p, *end = out->p + out->n;
	size_t      rows = 0, cells, want = 0;

	while (p < end) {
		for (cells = 1;; p++, cells++) {
			bool quoted = *p == '"';

			p += quoted;
			REQUIRE(strchr("=+-@\t", *p) == NULL || *p == '\0');
			while (quoted ? *p != '"' || p[1] == '"' : *p != ',' && *p != '\r') {
				REQUIRE(p < end && (quoted || *p != '"'));
				p += quoted && *p == '"' ? 2 : 1;
			}
			p += quoted;
			if (*p != ',')
				break;
		}
		REQUIRE(p[0] == '\r' && p[1] == '\n');
		p += 2;
		want = rows++ == 0 ? cells : want;
		REQUIRE(cells == want);
	}
	return rows;
}

static void
require_samples(const struct buf *out)
{
	const char *p;

	for (p = out->p; *p != '\0'; p = strchr(p, '\n') + 1) {
		REQUIRE(strncmp(p, "# ", 2) == 0 || strncmp(p, "cws_", 4) == 0);
		REQUIRE(strchr(p, '\n') != NULL);
	}
}

static void
check_formats(const struct model *m, size_t taken)
{
	struct buf out;

	buf_init(&out, REPORT_MAX);
	plain_render(&out, m, 72, false);
	require_shown(&out, false);
	buf_reset(&out);
	markdown_render(&out, m);
	require_shown(&out, false);
	buf_reset(&out);
	html_render(&out, m);
	require_shown(&out, false);
	buf_reset(&out);
	json_render(&out, m);
	require_shown(&out, false);
	REQUIRE(json_scan_fault(out.p, out.n) == NULL);
	buf_reset(&out);
	prom_render(&out, m, 0, prom_run_at(m), prom_success("x"));
	require_shown(&out, false);
	require_samples(&out);
	buf_reset(&out);
	csv_render(&out, m);
	require_shown(&out, true);
	REQUIRE(csv_rows(&out) == taken + 1);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tz            tz;
	struct model_options options = { .title = "a title", .tz = &tz, .max_age_s = 900, .now_us = 1700000000 * US_PER_S };
	struct model_store  *store;
	size_t               taken;

	if (n == 0)
		return 0;
	options.by = (enum model_by)(data[0] % MODEL_BYS);
	tz_fixed(&tz, "Here", data[0] * INT64_C(337) - 40000);
	store = model_start(&options);
	taken = read_lines(store, data + 1, n - 1);
	check_formats(model_finish(store), taken);
	model_free(store);
	return 0;
}
