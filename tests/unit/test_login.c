/* test_login.c - header pairs, searches: what is taken and what is refused. */

#include <stdlib.h>

#include "check.h"
#include "coder/headers.h"
#include "coder/query.h"

static void
headers(void)
{
	static const struct {
		const char *csv, *want; /* the headers joined by "|"; NULL: refused */
	} rows[] = {
		{ "A=1", "A: 1" },
		{ "A=1,B=2", "A: 1|B: 2" },
		{ "\"A=1,2\",B=3", "A: 1,2|B: 3" },
		{ "\"A=say \"\"hi\"\"\"", "A: say \"hi\"" },
		{ "A=b=c", "A: b=c" },
		{ "A=", "A;" },
		{ "A=1\tx", "A: 1\tx" },
		{ "CF-Access-Client-Id=x.access", "CF-Access-Client-Id: x.access" },
		{ "A", NULL },
		{ "=1", NULL },
		{ "A b=1", NULL },
		{ "A:=1", NULL },
		{ "A=1,", NULL },
		{ "\"A=1", NULL },
		{ "\"A=1\"x", NULL },
		{ "A=\"1\"", NULL },
		{ "A=1\r\nB: 2", NULL },
		{ "A=1\nB=2", NULL },
		{ "\"A=1\nB: 2\"", NULL },
		{ "A\n=1", NULL },
		{ "Coder-Session-Token=x", NULL },
		{ "coder-session-token=x", NULL },
		{ "Host=x", NULL },
		{ "Content-Length=0", NULL },
		{ "Transfer-Encoding=chunked", NULL },
		{ "A=hidden-value,B", NULL },
	};
	struct err err;
	size_t     i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct headers h = { NULL, 0 };
		char           got[256] = "";

		if (headers_csv(&h, rows[i].csv, &err) != 0)
			snprintf(got, sizeof(got), "(refused)");
		for (k = 0; k < h.n; k++) {
			if (got[0] != '(')
				snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s",
				        k > 0 ? "|" : "", h.item[k]);
			free(h.item[k]);
		}
		free(h.item);
		CHECK_TEXT(rows[i].csv, got, rows[i].want != NULL ? rows[i].want : "(refused)");
		CHECK(rows[i].csv, got[0] != '(' || strstr(err.text, "hidden-value") == NULL,
		        "the message shows a value");
	}
}

static void
queries(void)
{
	static const struct {
		const char *q, *owner;
	} value[] = {
		{ "", "(none)" }, { "owner:ada", "ada" }, { "status:failed OWNER:ada name:x", "ada" },
		{ "owner:\"a b:c\" name:x", "a b:c" }, { "owner:\"a b", "a b" }, { "name:\"x owner:ada\"", "(none)" },
		{ "owner:", "" }, { "owner:a owner:b", "a" }, { "template:owner", "(none)" },
	};
	static const struct {
		const char *value, *want;
	} rows[] = {
		{ "ada", "owner:ada" },
		{ "Ada L", "owner:\"Ada L\"" },
		{ "a:b", "owner:\"a:b\"" },
		{ "a\"b", "(refused)" },
		{ "a\tb", "(refused)" },
		{ "", "(refused)" },
	};
	static const struct {
		const char *q;
		bool        status;
	} has[] = {
		{ "status:running", true },
		{ "owner:me STATUS:failed", true },
		{ "owner:me  status:failed", true },
		{ "status", false },
		{ "xstatus:1", false },
		{ "name:\"a status:b\"", false },
		{ "name:\"a\" status:b", true },
		{ "", false },
		{ "template:status:", false },
		{ "\"status:running\"", false },
	};
	struct buf q;
	struct err err;
	size_t     i;

	buf_init(&q, 4096);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&q);
		CHECK_TEXT(rows[i].value,
		        query_add(&q, "owner", rows[i].value, &err) == 0 ? buf_text(&q) : "(refused)", rows[i].want);
	}
	buf_reset(&q);
	query_add(&q, "owner", "ada", &err);
	query_add(&q, "status", "failed", &err);
	CHECK_TEXT("two elements", buf_text(&q), "owner:ada status:failed");
	buf_reset(&q);
	query_escape(&q, "owner:\"a b\"&c+d%\xc3\xa4~");
	CHECK_TEXT("escape", buf_text(&q), "owner%3A%22a%20b%22%26c%2Bd%25%C3%A4~");
	for (i = 0; i < sizeof(has) / sizeof(has[0]); i++)
		CHECK(has[i].q, query_has(has[i].q, "status") == has[i].status, "want %d", has[i].status);
	for (i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
		buf_reset(&q);
		CHECK_TEXT(value[i].q, query_value(value[i].q, "owner", &q) ? buf_text(&q) : "(none)", value[i].owner);
	}
	buf_release(&q);
}

int
main(void)
{
	headers();
	queries();
	return CHECK_DONE();
}
