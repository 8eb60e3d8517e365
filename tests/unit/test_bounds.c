/* test_bounds.c - one below, at and above each bound. */

#include "judge/bounds.h"

#include "check.h"

enum which { TOTAL, OWNER, PERCENT };

int
main(void)
{
	static const struct {
		const char *name;
		enum which  which;
		int64_t     bound, due, running;
		const char *why; /* "": within */
	} rows[] = {
		{ "nothing due", TOTAL, 0, 0, 0, "" },
		{ "below", TOTAL, 50, 49, 0, "" },
		{ "at", TOTAL, 50, 50, 0, "" },
		{ "above", TOTAL, 50, 51, 0, "51 workspaces are due, more than 50: look at them first, and if all of them are meant raise --max" },
		{ "one, none allowed", TOTAL, 0, 1, 0, "1 workspace is due, more than 0: look at them first, and if all of them are meant raise --max" },
		{ "no bound for owners", OWNER, -1, 1000, 0, "" },
		{ "owner at", OWNER, 2, 2, 0, "" },
		{ "owner above", OWNER, 2, 3, 0, "3 workspaces of ada are due, more than 2: look at them first, and if all of them are meant raise --max-per-owner" },
		{ "owner, none allowed", OWNER, 0, 1, 0,
			"1 workspace of ada is due, more than 0: look at them first, and if all of them are meant raise --max-per-owner" },
		{ "no percentage", PERCENT, -1, 1000, -1, "" },
		{ "percent, nothing due", PERCENT, 0, 0, -1, "" },
		{ "percent at", PERCENT, 25, 10, 40, "" },
		{ "percent a little above", PERCENT, 25, 11, 40,
			"11 workspaces are due of the 40 that run, more than 25%: look at them first, and if all of them are meant raise --max-percent" },
		{ "a third is more than 33", PERCENT, 33, 1, 3,
			"1 workspace is due of the 3 that run, more than 33%: look at them first, and if all of them are meant raise --max-percent" },
		{ "a third is less than 34", PERCENT, 34, 1, 3, "" },
		{ "all", PERCENT, 100, 7, 7, "" },
		{ "more than run", PERCENT, 100, 8, 7,
			"8 workspaces are due of the 7 that run, more than 100%: look at them first, and if all of them are meant raise --max-percent" },
		{ "none runs", PERCENT, 100, 1, 0,
			"1 workspace is due of the 0 that run, more than 100%: look at them first, and if all of them are meant raise --max-percent" },
		{ "nobody knows", PERCENT, 100, 1, -1,
			"the server does not say how many workspaces run, so --max-percent cannot be kept" },
		{ "very many", PERCENT, 50, INT64_C(1) << 50, INT64_C(1) << 51, "" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bounds b = { 0, -1, -1 };
		struct text   why;
		bool          ok;

		text_clear(&why);
		if (rows[i].which == TOTAL) {
			b.max = rows[i].bound;
			ok = bounds_total(&b, rows[i].due, &why);
		} else if (rows[i].which == OWNER) {
			b.max_per_owner = rows[i].bound;
			ok = bounds_owner(&b, "ada", rows[i].due, &why);
		} else {
			b.max_percent = rows[i].bound;
			ok = bounds_percent(&b, rows[i].due, rows[i].running, &why);
		}
		CHECK(rows[i].name, ok == (rows[i].why[0] == '\0'), "%s", ok ? "allowed" : "refused");
		CHECK_TEXT(rows[i].name, why.s, rows[i].why);
	}
	return CHECK_DONE();
}
