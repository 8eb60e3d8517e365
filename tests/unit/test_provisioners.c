/* test_provisioners.c - whose tags serve a job. */

#include <string.h>

#include "check.h"
#include "coder/provisioners.h"

#define PLAIN "{\"owner\":\"\",\"scope\":\"organization\"}"
#define ZONE(z) "{\"owner\":\"\",\"scope\":\"organization\",\"zone\":\"" z "\"}"
#define MORE "{\"more\":\"yes\",\"owner\":\"\",\"scope\":\"organization\",\"zone\":\"b\"}"
#define OF_USER "{\"owner\":\"u1\",\"scope\":\"user\"}"

static struct slice
of(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

int
main(void)
{
	static const struct {
		const char *name, *tags, *job;
		bool        serves;
	} rows[] = {
		{ "untagged both", PLAIN, PLAIN, true },
		{ "an untagged job goes to no other", ZONE("b"), PLAIN, false },
		{ "order does not matter", "{\"scope\":\"organization\",\"owner\":\"\"}", PLAIN,
		        true },
		{ "the same tags", ZONE("b"), ZONE("b"), true },
		{ "more than asked for", MORE, ZONE("b"), true },
		{ "less than asked for", ZONE("b"), MORE, false },
		{ "another value", ZONE("a"), ZONE("b"), false },
		{ "a value that only begins so", ZONE("bb"), ZONE("b"), false },
		{ "none of its own", PLAIN, ZONE("b"), false },
		{ "of a user", OF_USER, OF_USER, true },
		{ "of a user, for all", OF_USER, PLAIN, false },
		{ "for all, of a user", PLAIN, OF_USER, false },
		{ "nothing asked for", ZONE("b"), "{}", true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK(rows[i].name,
		        provisioners_serve(of(rows[i].tags), of(rows[i].job)) == rows[i].serves,
		        "expected %d", rows[i].serves);
	return CHECK_DONE();
}
