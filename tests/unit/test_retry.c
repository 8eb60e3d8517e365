/* test_retry.c - what is tried again, and how long to wait before it. */

#include "check.h"
#include "net/retry.h"

static void
classes(void)
{
	static const struct {
		const char      *name;
		bool             answered, passing;
		int              status;
		bool             denied;
		enum retry_class want;
		bool             torn;
	} rows[] = {
		{ "never sent", false, true, 0, false, RETRY_AGAIN, false },
		{ "certificate", false, false, 0, false, RETRY_NO, false },
		{ "200", true, false, 200, false, RETRY_NO, false },
		{ "200 that is torn", true, false, 200, false, RETRY_ONCE, true },
		{ "404 that is torn", true, false, 404, false, RETRY_NO, true },
		{ "307", true, false, 307, false, RETRY_NO, false },
		{ "400", true, false, 400, false, RETRY_NO, false },
		{ "401", true, false, 401, false, RETRY_NO, false },
		{ "403", true, false, 403, false, RETRY_NO, false },
		{ "404", true, false, 404, false, RETRY_NO, false },
		{ "408", true, false, 408, false, RETRY_AGAIN, false },
		{ "410", true, false, 410, false, RETRY_NO, false },
		{ "428", true, false, 428, false, RETRY_NO, false },
		{ "429", true, false, 429, false, RETRY_PAUSE, false },
		{ "500", true, false, 500, false, RETRY_ONCE, false },
		{ "500 that hides a missing permission", true, false, 500, true, RETRY_NO, false },
		{ "501", true, false, 501, false, RETRY_ONCE, false },
		{ "502", true, false, 502, false, RETRY_AGAIN, false },
		{ "503", true, false, 503, false, RETRY_AGAIN, false },
		{ "504", true, false, 504, false, RETRY_AGAIN, false },
		{ "520", true, false, 520, false, RETRY_ONCE, false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum retry_class got = retry_read(rows[i].answered, rows[i].passing, rows[i].status,
		        rows[i].denied, rows[i].torn);

		CHECK(rows[i].name, got == rows[i].want, "got %d, want %d", (int)got, (int)rows[i].want);
	}
}

/* What a Retry-After asks for, in both its forms. */
static void
afters(void)
{
	static const struct {
		const char *name, *value;
		int64_t     at_s, now_s, want;
	} rows[] = {
		{ "seconds", "60", -1, 1000, 60 },
		{ "seconds, and libcurl's idea of a date in them", "17", 999999, 1000, 17 },
		{ "none", "0", -1, 1000, 0 },
		{ "the most", "300", -1, 1000, 300 },
		{ "more than the most", "301", -1, 1000, 300 },
		{ "more than any number", "99999999999999999999999", -1, 1000, 300 },
		{ "a fraction", "1.5", -1, 1000, 1 },
		{ "blanks before it", " \t7", -1, 1000, 7 },
		{ "negative", "-5", -1, 1000, 0 },
		{ "nonsense", "soon", -1, 1000, 0 },
		{ "nothing", "", -1, 1000, 0 },
		{ "an instant", "Thu, 01 Jan 1970 00:17:10 GMT", 1030, 1000, 30 },
		{ "now", "Thu, 01 Jan 1970 00:16:40 GMT", 1000, 1000, 0 },
		{ "a second ago", "Thu, 01 Jan 1970 00:16:39 GMT", 999, 1000, 0 },
		{ "far ahead", "Fri, 31 Dec 9999 23:59:59 GMT", 253402300799, 1000, 300 },
		{ "the beginning of time", "Thu, 01 Jan 1970 00:00:00 GMT", 0, 1000, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t got = retry_after_s(rows[i].value, rows[i].at_s, rows[i].now_s);

		CHECK(rows[i].name, got == rows[i].want, "got %lld, want %lld", (long long)got,
		        (long long)rows[i].want);
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
		{ "budget is over just now", RETRY_AGAIN, 1, -1, 0, 0, -1 },
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
	afters();
	waits();
	return CHECK_DONE();
}
