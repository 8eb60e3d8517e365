/* test_retry.c - what is tried again, and how long to wait before it. */

#include "check.h"
#include "net/retry.h"

static void
classes(void)
{
	static const struct {
		const char      *name;
		enum http_end    end;
		int              status;
		enum retry_class want;
	} rows[] = {
		{ "never sent", HTTP_UNSENT, 0, RETRY_AGAIN },
		{ "lost", HTTP_UNCLEAR, 0, RETRY_AGAIN },
		{ "certificate", HTTP_FATAL, 0, RETRY_NO },
		{ "too large", HTTP_TOO_BIG, 0, RETRY_NO },
		{ "200", HTTP_ANSWERED, 200, RETRY_NO },
		{ "307", HTTP_ANSWERED, 307, RETRY_NO },
		{ "400", HTTP_ANSWERED, 400, RETRY_NO },
		{ "401", HTTP_ANSWERED, 401, RETRY_NO },
		{ "403", HTTP_ANSWERED, 403, RETRY_NO },
		{ "404", HTTP_ANSWERED, 404, RETRY_NO },
		{ "408", HTTP_ANSWERED, 408, RETRY_AGAIN },
		{ "410", HTTP_ANSWERED, 410, RETRY_NO },
		{ "428", HTTP_ANSWERED, 428, RETRY_NO },
		{ "429", HTTP_ANSWERED, 429, RETRY_PAUSE },
		{ "500", HTTP_ANSWERED, 500, RETRY_ONCE },
		{ "501", HTTP_ANSWERED, 501, RETRY_ONCE },
		{ "502", HTTP_ANSWERED, 502, RETRY_AGAIN },
		{ "503", HTTP_ANSWERED, 503, RETRY_AGAIN },
		{ "504", HTTP_ANSWERED, 504, RETRY_AGAIN },
		{ "520", HTTP_ANSWERED, 520, RETRY_ONCE },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum retry_class got = retry_read(rows[i].end, rows[i].status);

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
		{ "what is waited for", "300", -1, 1000, 300 },
		{ "more than is waited for", "301", -1, 1000, 301 },
		{ "the most", "86400", -1, 1000, 86400 },
		{ "more than the most", "86401", -1, 1000, 86400 },
		{ "more than any number", "99999999999999999999999", -1, 1000, 86400 },
		{ "a fraction", "1.5", -1, 1000, 1 },
		{ "blanks before it", " \t7", -1, 1000, 7 },
		{ "negative", "-5", -1, 1000, 0 },
		{ "nonsense", "soon", -1, 1000, 0 },
		{ "nothing", "", -1, 1000, 0 },
		{ "an instant", "Thu, 01 Jan 1970 00:17:10 GMT", 1030, 1000, 30 },
		{ "now", "Thu, 01 Jan 1970 00:16:40 GMT", 1000, 1000, 0 },
		{ "a second ago", "Thu, 01 Jan 1970 00:16:39 GMT", 999, 1000, 0 },
		{ "far ahead", "Fri, 31 Dec 9999 23:59:59 GMT", 253402300799, 1000, 86400 },
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
