/* test_users.c - a reply of GET /users is counted as the server counts, or it is none. */

#include <stdio.h>

#include "check.h"
#include "coder/users.h"

#define ADA   "b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11"
#define GRACE "c1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11"

static char seen[400];

static void
note(void *arg, const struct user *u)
{
	char   id[UUID_SIZE];
	size_t n = strlen(seen);

	(*(int *)arg)++;
	uuid_print(id, &u->id);
	snprintf(seen + n, sizeof(seen) - n, "%.2s %.*s %.*s %.*s;", id, (int)u->status.n, u->status.p,
		(int)u->last_seen_at.n, u->last_seen_at.p, (int)u->email.n, u->email.p);
}

static void
replies(void)
{
	static const struct {
		const char *body;
		int64_t     rows, count;
		const char *last, *want;
	} rows[] = {
		{ "{\"users\":[],\"count\":0}", 0, 0, "", "" },
		{ "{\"users\":null,\"count\":0}", 0, 0, "", "" },
		{ "{\"users\":[{\"id\":\"" ADA "\",\"status\":\"active\",\"last_seen_at\":\"x\",\"email\":\"a@b\"},"
		  "{\"email\":7,\"id\":\"" GRACE "\",\"roles\":[{\"id\":1}]}],\"count\":12}",
			2, 12, "c1", "b1 \"active\" \"x\" \"a@b\";c1   7;" },
		{ "{\"count\":1,\"users\":[{\"id\":\"nobody\"}]}", 1, 1, "00", "00   ;" },
		{ "{\"users\":[]}", -1, -1, "", "" },
		{ "{\"users\":[],\"count\":-1}", -1, -1, "", "" },
		{ "{\"users\":[],\"count\":\"1\"}", -1, -1, "", "" },
		{ "{\"users\":[],\"count\":99999999999999999999}", -1, -1, "", "" },
		{ "{\"users\":[{\"id\":\"" ADA "\"}],\"count\":1", -1, 1, "", "b1   ;" },
		{ "[]", -1, -1, "", "" },
		{ "", -1, -1, "", "" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct users_page page;
		char              last[UUID_SIZE];
		int               calls = 0;

		seen[0] = '\0';
		page = users_read(rows[i].body, strlen(rows[i].body), note, &calls);
		CHECK(rows[i].body, page.rows == rows[i].rows && (page.rows < 0 || page.rows == calls), "%lld rows, %d calls",
			(long long)page.rows, calls);
		CHECK(rows[i].body, page.count == rows[i].count, "count %lld", (long long)page.count);
		CHECK_TEXT(rows[i].body, seen, rows[i].want);
		uuid_print(last, &page.last);
		CHECK(rows[i].body, strncmp(last, rows[i].last, strlen(rows[i].last)) == 0, "last is %s", last);
	}
}

int
main(void)
{
	replies();
	return CHECK_DONE();
}
