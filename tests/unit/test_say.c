/* test_say.c - instants, spans and amounts as a person reads them. */

#include "report/say.h"

#include "check.h"

static struct buf b;

static const char *
said(void)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s", buf_text(&b));
	buf_reset(&b);
	return text;
}

static void
test_amounts(void)
{
	static const struct {
		double      amount;
		const char *currency, *want;
	} rows[] = {
		{ 0, NULL, "0.00" },
		{ 0.125, "EUR", "0.12 EUR" },
		{ 999.999, NULL, "1,000.00" },
		{ 1234567.5, "USD", "1,234,567.50 USD" },
		{ -1234.5, NULL, "-1,234.50" },
		{ -123.5, NULL, "-123.50" },
	};
	static const struct {
		int64_t     s;
		const char *want;
	} spans[] = { { 0, "0.0 h" }, { 1800, "0.5 h" }, { 359640, "99.9 h" }, { 360000, "100 h" }, { 4444200, "1,234 h" },
		{ -7200, "-2.0 h" } };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		say_amount(&b, rows[i].amount, rows[i].currency);
		CHECK_TEXT(rows[i].want, said(), rows[i].want);
	}
	for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		say_hours(&b, spans[i].s);
		CHECK_TEXT(spans[i].want, said(), spans[i].want);
	}
}

static void
test_instants(void)
{
	struct model_row row = { .at = when_at(100 * US_PER_S) };
	struct tz        tz;

	tz_fixed(&tz, "Kolkata", 19800);
	say_time(&b, &tz, when_none());
	CHECK_TEXT("no instant", said(), "-");
	say_time(&b, &tz, when_at(1782831941 * US_PER_S));
	CHECK_TEXT("in its zone", said(), "2026-06-30 20:35");
	say_hour(&b, &tz, 0);
	CHECK_TEXT("an hour", said(), "05:30");
	say_utc(&b, when_at(1782831941 * US_PER_S));
	CHECK_TEXT("for machines", said(), "2026-06-30T15:05:41Z");
	say_utc(&b, when_none());
	CHECK_TEXT("none for machines", said(), "");

	say_since(&b, &row);
	CHECK_TEXT("no such instant", said(), "-");
	row.since = when_at(100 * US_PER_S + 999999);
	say_since(&b, &row);
	CHECK_TEXT("now", said(), "now");
	row.since = when_at(99 * US_PER_S);
	say_since(&b, &row);
	CHECK_TEXT("past", said(), "1s ago");
	row.since = when_at(5440 * US_PER_S);
	say_since(&b, &row);
	CHECK_TEXT("ahead", said(), "in 1h 29m");
}

int
main(void)
{
	buf_init(&b, 1000);
	test_amounts();
	test_instants();
	buf_release(&b);
	return CHECK_DONE();
}
