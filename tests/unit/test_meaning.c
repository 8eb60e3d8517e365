/* test_meaning.c - every word that a report counts is explained. */

#include "report/meaning.h"

#include "check.h"
#include "report/model.h"

static void
test_all(void)
{
	size_t i, k;

	for (i = 0; model_rules[i] != NULL; i++) {
		CHECK(model_rules[i], meaning_of_rule(model_rules[i]) != NULL, "no meaning");
		for (k = 0; model_states(model_rules[i])[k] != NULL; k++)
			CHECK(model_states(model_rules[i])[k], meaning_of(model_rules[i], model_states(model_rules[i])[k]) != NULL,
			        "%s has no meaning", model_rules[i]);
	}
	CHECK("the rest", meaning_of("list", model_list_titles[LIST_NONE]) != NULL, "no meaning");
}

/* A rule of one's own may use our words for something else. */
static void
test_foreign(void)
{
	static const struct {
		const char *of, *word;
	} rows[] = { { "mine", "expired" }, { "ttl", "quiet" }, { "ttl", "" }, { "status", "running" }, { "", "expired" } };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK(rows[i].word, meaning_of(rows[i].of, rows[i].word) == NULL, "of %s", rows[i].of);
	CHECK("mine", meaning_of_rule("mine") == NULL, "a meaning");
	CHECK("status", meaning_of_rule("status") == NULL, "a meaning");
}

int
main(void)
{
	test_all();
	test_foreign();
	return CHECK_DONE();
}
