/* test_retry.c - what is tried again, and how long to wait before it. */

#include "check.h"
#include "retry.h"

static void
classes(void)
{
	static const struct {
		const char      *name;
		bool             answered, passing;
		int              status;
		bool             denied;
		enum retry_class want;
	} rows[] = {
		{ "never sent", false, true, 0, false, RETRY_AGAIN },
		{ "certificate", false, false, 0, false, RETRY_NO },
		{ "200", true, false, 200, false, RETRY_NO },
		{ "307", true, false, 307, false, RETRY_NO },
		{ "400", true, false, 400, false, RETRY_NO },
		{ "401", true, false, 401, false, RETRY_NO },
		{ "403", true, false, 403, false, RETRY_NO },
		{ "404", true, false, 404, false, RETRY_NO },
		{ "408", true, false, 408, false, RETRY_AGAIN },
		{ "410", true, false, 410, false, RETRY_NO },
		{ "428", true, false, 428, false, RETRY_NO },
		{ "429", true, false, 429, false, RETRY_PAUSE },
		{ "500", true, false, 500, false, RETRY_ONCE },
		{ "500 that hides a missing permission", true, false, 500, true, RETRY_NO },
		{ "501", true, false, 501, false, RETRY_ONCE },
		{ "502", true, false, 502, false, RETRY_AGAIN },
		{ "503", true, false, 503, false, RETRY_AGAIN },
		{ "504", true, false, 504, false, RETRY_AGAIN },
		{ "520", true, false, 520, false, RETRY_ONCE },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum retry_class got = retry_read(rows[i].answered, rows[i].passing, rows[i].status,
		        rows[i].denied);

		CHECK(rows[i].name, got == rows[i].want, "got %d, want %d", (int)got, (int)rows[i].want);
	}
}

static void
waits(void)
{
	static const struct {
		const char      *name;
		enum retry_class c;
		int              try;
		int64_t          after_s;
		uint32_t         random;
		int64_t          left_ms, want;
	} rows[] = {
		{ "no", RETRY_NO, 1, -1, 0, 1000000, -1 },
		{ "first, least", RETRY_AGAIN, 1, -1, 0, 1000000, 0 },
		{ "first, most", RETRY_AGAIN, 1, -1, 1000, 1000000, 1000 },
		{ "first, one over", RETRY_AGAIN, 1, -1, 1001, 1000000, 0 },
		{ "second", RETRY_AGAIN, 2, -1, 2000, 1000000, 2000 },
		{ "fifth", RETRY_AGAIN, 5, -1, 16000, 1000000, 16000 },
		{ "the last try was the last", RETRY_AGAIN, RETRY_TRIES, -1, 0, 1000000, -1 },
		{ "once", RETRY_ONCE, 1, -1, 7, 1000000, 7 },
		{ "once is not twice", RETRY_ONCE, 2, -1, 7, 1000000, -1 },
		{ "told to wait", RETRY_PAUSE, 1, 60, 0, 1000000, 60000 },
		{ "told to wait, spread", RETRY_PAUSE, 1, 60, 1000, 1000000, 61000 },
		{ "told to wait, any class", RETRY_AGAIN, 1, 2, 0, 1000000, 2000 },
		{ "told less than the back-off", RETRY_PAUSE, 5, 1, 16000, 1000000, 16000 },
		{ "429 with Retry-After: 0", RETRY_PAUSE, 1, 0, 999, 1000000, 999 },
		{ "429 without", RETRY_PAUSE, 1, -1, 999, 1000000, 999 },
		{ "just inside the budget", RETRY_PAUSE, 1, 60, 0, 60000, 60000 },
		{ "just outside", RETRY_PAUSE, 1, 60, 0, 59999, -1 },
		{ "budget is over", RETRY_AGAIN, 1, -1, 0, -1, -1 },
		{ "all random bits", RETRY_AGAIN, 1, -1, UINT32_MAX, 1000000, UINT32_MAX % 1001 },
		{ "longest told", RETRY_PAUSE, 1, 300, 0, INT64_MAX, 300000 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t got = retry_wait_ms(rows[i].c, rows[i].try, rows[i].after_s, rows[i].random,
		        rows[i].left_ms);

		CHECK(rows[i].name, got == rows[i].want, "got %lld, want %lld", (long long)got,
		        (long long)rows[i].want);
	}
}

int
main(void)
{
	classes();
	waits();
	return CHECK_DONE();
}
