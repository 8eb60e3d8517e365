/*
 * fuzz_option.c - any text as a duration, a rate, a number: worth what a reckoning in wider numbers says, or refused.
 */

#include "base/cli.h"

#include "base/rate.h"
#include "base/text.h"
#include "fuzz.h"

__extension__ typedef __int128 wide;

/* Digits at *p, as far as they go, cut off at a number that is more than any; false without any. */
static bool
take_digits(const char **p, wide *v)
{
	const char *from = *p;

	for (*v = 0; **p >= '0' && **p <= '9'; ++*p)
		if (*v < (wide)INT64_MAX * 1000)
			*v = *v * 10 + (**p - '0');
	return *p != from;
}

static bool
slow_span(const char *p, int64_t *span_s)
{
	static const char units[] = "wdhms";
	static const int  size[] = { 604800, 86400, 3600, 60, 1 };
	const char       *last = NULL, *unit;
	wide              total = 0, v;

	do {
		if (!take_digits(&p, &v) || v > INT64_MAX || *p == '\0' || (unit = strchr(units, *p)) == NULL ||
		    (last != NULL && unit <= last))
			return false;
		v *= size[unit - units];
		total += v;
		if (v > INT64_MAX || total > INT64_MAX)
			return false;
		last = unit;
	} while (*++p != '\0');
	*span_s = (int64_t)total;
	return true;
}

static void
check_span(const char *s)
{
	int64_t     got = 0, want = 0, within = -1;
	struct err  err = { .text = "" };
	struct text t;
	bool        ok = cli_span(s, &got, &err) == 0;

	REQUIRE(ok == slow_span(s, &want));
	REQUIRE(ok ? got == want : err.status == CWS_USAGE && err.text[0] != '\0');
	ok = cli_span_within(s, 60, 86400, &within, &err) == 0;
	REQUIRE(ok == (slow_span(s, &want) && want >= 60 && want <= 86400) && (within != -1) == ok);
	if (got <= 0)
		return;
	/* Said to a person in at most two units, of which none is larger than the whole. */
	text_clear(&t);
	text_span(&t, got);
	REQUIRE(t.n >= 2 && t.n < 40 && is_clean(t.s));
}

static void
check_rate(const char *s)
{
	const char *p = s;
	int64_t     emit = -1;
	wide        n, unit;

	if (!rate_parse(s, &emit)) {
		REQUIRE(emit == -1);
		return;
	}
	REQUIRE(take_digits(&p, &n) && n <= 1000000);
	if (*p == '\0') {
		REQUIRE(n == 0 && emit == 0);
		return;
	}
	REQUIRE(n > 0 && p[0] == '/' && p[1] != '\0' && p[2] == '\0');
	unit = p[1] == 's' ? 1000000 : p[1] == 'm' ? 60000000 : 3600000000;
	REQUIRE(strchr("smh", p[1]) != NULL);
	/* Never more than so many in the unit, and not one less than need be. */
	REQUIRE(emit * n >= unit && (emit - 1) * n < unit);
}

static void
check_int(const char *s)
{
	const char *p = s;
	int64_t     got = -1;
	wide        want;
	struct err  err;
	bool        ok = cli_int(s, 3, INT64_MAX, &got, &err) == 0;

	REQUIRE(ok == (take_digits(&p, &want) && *p == '\0' && want >= 3 && want <= INT64_MAX));
	REQUIRE(ok ? got == want : got == -1 && err.status == CWS_USAGE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = text_of(data, n);

	check_span(text);
	check_rate(text);
	check_int(text);
	free(text);
	return 0;
}
