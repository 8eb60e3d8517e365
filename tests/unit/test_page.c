/* test_page.c - a reply becomes lines of its own bytes, less what is left out. */

#include <stdlib.h>

#include "check.h"
#include "coder/page.h"

#define ID  "\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\""
#define ID2 "\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e12\""

/* One workspace in, one line out. */
static void
lines(void)
{
	static const struct {
		const char *name, *in, *lean, *full;
	} rows[] = {
		{ "bytes", "{" ID ",\"n\":1.0e5,\"s\":\"\\u003c\\/\"}",
		        "{" ID ",\"n\":1.0e5,\"s\":\"\\u003c\\/\"}", NULL },
		{ "resources in the middle", "{" ID ",\"latest_build\":{\"a\":1,\"resources\":[{}],\"b\":2}}",
			"{" ID ",\"latest_build\":{\"a\":1,\"b\":2}}",
			"{" ID ",\"latest_build\":{\"a\":1,\"resources\":[{}],\"b\":2}}" },
		{ "resources first", "{" ID ",\"latest_build\":{\"resources\":[],\"b\":2}}",
			"{" ID ",\"latest_build\":{\"b\":2}}",
			        "{" ID ",\"latest_build\":{\"resources\":[],\"b\":2}}" },
		{ "resources last", "{" ID ",\"latest_build\":{\"a\":1,\"resources\":[]}}",
			"{" ID ",\"latest_build\":{\"a\":1}}",
			        "{" ID ",\"latest_build\":{\"a\":1,\"resources\":[]}}" },
		{ "resources alone", "{\"latest_build\":{\"resources\":[]}," ID "}",
			"{\"latest_build\":{}," ID "}", "{\"latest_build\":{\"resources\":[]}," ID "}" },
		{ "resources twice, escaped",
		        "{" ID ",\"latest_build\":{\"resources\":1,\"r\\u0065sources\":2,\"z\":3}}",
			"{" ID ",\"latest_build\":{\"z\":3}}",
			"{" ID ",\"latest_build\":{\"resources\":1,\"r\\u0065sources\":2,\"z\":3}}" },
		{ "resources apart",
		        "{" ID ",\"latest_build\":{\"a\":1,\"resources\":1,\"b\":2,\"resources\":2}}",
			"{" ID ",\"latest_build\":{\"a\":1,\"b\":2}}",
			"{" ID ",\"latest_build\":{\"a\":1,\"resources\":1,\"b\":2,\"resources\":2}}" },
		{ "other resources stay", "{" ID ",\"resources\":[1],\"x\":{\"resources\":2}}",
			"{" ID ",\"resources\":[1],\"x\":{\"resources\":2}}", NULL },
		{ "cws goes, first", "{\"cws\":{\"a\":1}," ID "}", "{" ID "}", "{" ID "}" },
		{ "cws goes, last", "{" ID ",\"cws\":{\"a\":1}}", "{" ID "}", "{" ID "}" },
		{ "cws goes, escaped, twice", "{\"\\u0063ws\":1,\"cws\":2," ID ",\"c\\u0077s\":3,\"z\":4}",
			"{" ID ",\"z\":4}", "{" ID ",\"z\":4}" },
		{ "cws first, blanks", "{ \"cws\" : 1 , " ID " }", "{ " ID " }", "{ " ID " }" },
		{ "latest_build is no object", "{" ID ",\"latest_build\":null}",
		        "{" ID ",\"latest_build\":null}", NULL },
		{ "newlines between tokens", "{\r\n" ID ",\n\"a\":\n[1,\r2]\n}",
		        "{  " ID ", \"a\": [1, 2] }", NULL },
		{ "newline in a removed member", "{" ID ",\"latest_build\":{\n\"resources\":\n[\n]\n}}",
			"{" ID ",\"latest_build\":{  }}",
			        "{" ID ",\"latest_build\":{ \"resources\": [ ] }}" },
	};
	struct page p;
	struct err  err;
	size_t      i;
	int         full;

	page_init(&p);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (full = 0; full <= 1; full++) {
			const char *want = full && rows[i].full != NULL ? rows[i].full : rows[i].lean;
			char        body[512], *exact, got[512] = "";
			int         n;

			/* at its exact size, for the sanitizer */
			n = snprintf(body, sizeof(body), "{\"workspaces\":[%s],\"count\":7}\n", rows[i].in);
			exact = malloc((size_t)n);
			if (exact == NULL)
				return;
			memcpy(exact, body, (size_t)n);
			if (page_split(&p, exact, (size_t)n, full, &err) != 0)
				snprintf(got, sizeof(got), "%s", err.text);
			else if (p.rows == 1 && p.count == 7)
				snprintf(got, sizeof(got), "%.*s", (int)p.row[0].n, p.text.p + p.row[0].at);
			CHECK_TEXT(rows[i].name, got, want);
			free(exact);
		}
	page_release(&p);
}

static void
ids(void)
{
	static const char body[] = "{\"count\":2,\"workspaces\":[{" ID ",\"owner_id\":\"00000000-0000-0000-0000-0000000000aa\","
	        "\"template_id\":\"00000000-0000-0000-0000-0000000000bb\",\"organization_id\":\"x\",\"is_prebuild\":true},{"
	        ID2 ",\"is_prebuild\":false,\"owner_id\":null}]}";
	struct page p;
	struct err  err;

	page_init(&p);
	CHECK("split", page_split(&p, body, sizeof(body) - 1, false, &err) == 0, "%s", err.text);
	CHECK("rows", p.rows == 2 && p.count == 2, "%zu rows", p.rows);
	if (p.rows == 2) {
		CHECK("ids", p.row[0].id.byte[15] == 0x11 && p.row[1].id.byte[15] == 0x12, "wrong");
		CHECK("owner", p.row[0].owner_id.byte[15] == 0xaa && p.row[1].owner_id.byte[15] == 0,
		        "wrong");
		CHECK("template", p.row[0].template_id.byte[15] == 0xbb, "wrong");
		CHECK("organization that is none", p.row[0].organization_id.byte[0] == 0, "wrong");
		CHECK("prebuild", p.row[0].prebuild && !p.row[1].prebuild, "wrong");
	}
	page_release(&p);
}

static void
refusals(void)
{
	static const struct {
		const char *body;
		bool        ok;
	} rows[] = {
		{ "{\"workspaces\":[],\"count\":0}", true },
		{ "{\"workspaces\":null,\"count\":3}", true },
		{ "{\"workspaces\":[],\"count\":82,\"more\":{}}", true },
		{ "", false },
		{ "[]", false },
		{ "null", false },
		{ "{}", false },
		{ "{\"message\":\"no\"}", false },
		{ "{\"workspaces\":[]}", false },
		{ "{\"count\":1}", false },
		{ "{\"workspaces\":{},\"count\":1}", false },
		{ "{\"workspaces\":[],\"count\":-1}", false },
		{ "{\"workspaces\":[],\"count\":1.5}", false },
		{ "{\"workspaces\":[],\"count\":\"1\"}", false },
		{ "{\"workspaces\":[],\"count\":99999999999999999999}", false },
		{ "{\"workspaces\":[],\"count\":1}{}", false },
		{ "{\"workspaces\":[],\"count\":1", false },
		{ "{\"workspaces\":[{" ID "}", false },
		{ "{\"workspaces\":[{" ID ",\"latest_build\":{\"resources\":[", false },
		{ "{\"workspaces\":[{" ID ",\"a\":\"\xff\"}],\"count\":1}", false },
		{ "{\"workspaces\":[{\"id\":\"w1\"}],\"count\":1}", false },
		{ "{\"workspaces\":[{}],\"count\":1}", false },
		{ "{\"workspaces\":[7],\"count\":1}", false },
	};
	struct page p;
	struct err  err;
	size_t      i;

	page_init(&p);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		err.status = CWS_OK;
		CHECK(rows[i].body, (page_split(&p, rows[i].body, strlen(rows[i].body), false,
		        &err) == 0) == rows[i].ok,
		        "want %d", rows[i].ok);
		CHECK(rows[i].body, rows[i].ok || err.status == CWS_FAIL, "status %d", (int)err.status);
	}
	page_release(&p);
}

int
main(void)
{
	lines();
	ids();
	refusals();
	return CHECK_DONE();
}
