/*
 * fuzz_rec.c - any bytes as a record: a whole one is spliced into a whole one, twice equals once.
 *
 * Built with -fsanitize=fuzzer,address,undefined and libcws; tests/unit/json_gen.h has the slow reader.
 */

#include "rec.h"

#include "../unit/json_gen.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
require(bool ok)
{
	if (!ok)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct rec                *r = rec_new(REC_BIT(REC_MEMBERS) - 1);
	const struct verdict_seen *v;
	struct buf                 value, once, twice;
	struct err                 err;
	char                      *line = exact((const char *)data, n);
	const char                *text;
	size_t                     m, verdicts, blanks = 0;
	int                        got = rec_parse(r, line, n, &err);

	while (blanks < n && line[blanks] != '\0' && strchr(" \t\r\n", line[blanks]) != NULL)
		blanks++;
	require((got != REC_BROKEN) == (blanks < n && line[blanks] == '{' && strict_json(line, n, 200)));
	buf_init(&value, 64);
	buf_init(&once, BUF_RECORD_MAX);
	buf_init(&twice, BUF_RECORD_MAX);
	buf_puts(&value, "{\"due\":true}");
	if (got == REC_OK) {
		for (m = 0; m < REC_MEMBERS; m++) {
			struct when when;
			int64_t     number;
			bool        flag;

			rec_text(r, (enum rec_member)m, &text, &err);
			rec_int(r, (enum rec_member)m, &flag, &number, &err);
			rec_flag(r, (enum rec_member)m, &flag, &err);
			rec_when(r, (enum rec_member)m, &when, &err);
		}
		rec_verdicts(r, &v, &verdicts, &err);
		rec_splice(r, "ttl", &value, &once);
		require(strict_json(once.p, once.n, 200) && rec_parse(r, once.p, once.n, &err) == REC_OK);
		rec_splice(r, "ttl", &value, &twice);
		require(twice.n == once.n && memcmp(twice.p, once.p, once.n) == 0);
	}
	buf_release(&value);
	buf_release(&once);
	buf_release(&twice);
	rec_free(r);
	free(line);
	return 0;
}
