/* test_api.c - faults in words, users and builds out of replies. */

#include "check.h"
#include "coder/api.h"

static void
faults(void)
{
	static const struct {
		const char   *name;
		enum http_end end;
		int           status;
		bool          json;
		const char   *body, *location, *want;
	} rows[] = {
		{ "message", HTTP_ANSWERED, 403, true, "{\"message\":\"Forbidden.\"}", NULL,
		        "HTTP 403: Forbidden" },
		{ "detail", HTTP_ANSWERED, 401, true,
		        "{\"message\":\"Signed out.\",\"detail\":\"API key is invalid.\"}", NULL,
			"HTTP 401: Signed out: API key is invalid" },
		{ "validations", HTTP_ANSWERED, 400, true,
			"{\"message\":\"Invalid.\",\"validations\":[{\"field\":\"q\",\"detail\":\"bad \\\"x\\\"\"}]}", NULL,
			"HTTP 400: Invalid: bad \"x\"" },
		{ "two values in one body", HTTP_ANSWERED, 500, true, "{\"message\":\"one\"}\n{\"a\":1}",
		        NULL, "HTTP 500: one" },
		{ "foreign", HTTP_ANSWERED, 502, false, "<html>", NULL,
		        "HTTP 502: not an answer of Coder's" },
		{ "foreign JSON", HTTP_ANSWERED, 404, true, "[1]", NULL,
		        "HTTP 404: not an answer of Coder's" },
		{ "control characters", HTTP_ANSWERED, 500, true, "{\"message\":\"a\\u001b[1mb\"}", NULL,
		        "HTTP 500: a?[1mb" },
		{ "login page", HTTP_ANSWERED, 200, false, "<html>", NULL,
			"HTTP 200, but no JSON: a login page, or not Coder's URL?" },
		{ "other JSON", HTTP_ANSWERED, 200, true, "{}", NULL,
		        "HTTP 200, but not what Coder answers here" },
		{ "redirect", HTTP_ANSWERED, 307, false, "", "https://a.example/api/v2/users",
			"HTTP 307: the server redirects to https://a.example: set the URL to that" },
		{ "redirect without a place", HTTP_ANSWERED, 304, false, "", NULL,
		        "HTTP 304: the server redirects to nowhere" },
		{ "transport", HTTP_UNSENT, 0, false, "", NULL, "Connection refused" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct http_reply r = { .end = rows[i].end, .status = rows[i].status, .json = rows[i].json,
			.body = rows[i].body, .n = strlen(rows[i].body), .location = rows[i].location,
			.fault = "Connection refused" };
		char              got[480];

		api_fault(&r, got, sizeof(got));
		CHECK_TEXT(rows[i].name, got, rows[i].want);
	}
}

/* Foreign text is cut, at a character's boundary. */
static void
long_fault(void)
{
	char              body[2000], got[480];
	struct http_reply r = { .end = HTTP_ANSWERED, .status = 500, .json = true, .body = body };
	size_t            i;

	r.n = (size_t)snprintf(body, sizeof(body), "{\"message\":\"");
	for (i = 0; i < 500; i++)
		r.n += (size_t)snprintf(body + r.n, sizeof(body) - r.n, "\xc3\xa4");
	r.n += (size_t)snprintf(body + r.n, sizeof(body) - r.n, "\"}");
	api_fault(&r, got, sizeof(got));
	CHECK("cut", strlen(got) == strlen("HTTP 500") + 300, "%zu bytes", strlen(got));
	CHECK("boundary", (unsigned char)got[strlen(got) - 1] == 0xa4, "cut in the middle of a character");
	CHECK("a gateway's", !api_is_coder(&r), "taken for Coder's without its X-Coder-Build-Version");
	CHECK("a gateway's status", !api_says(&r, 500), "taken for Coder's");
	r.version = "v2.31.14";
	CHECK("Coder's", api_is_coder(&r), "not recognized");
	CHECK("Coder's status", api_says(&r, 500) && !api_says(&r, 404), "taken for another");
	r.json = false;
	CHECK("not Coder's", !api_is_coder(&r), "taken for Coder's without its Content-Type");
}

static void
licences(void)
{
	static const struct {
		int         status;
		const char *version, *body;
		int         want;
	} rows[] = {
		{ 200, "v2", "{\"features\":{\"x\":{\"enabled\":true},\"y\":{}}}", 1 },
		{ 200, "v2", "{\"features\":{\"x\":{\"enabled\":false}}}", 0 },
		{ 200, "v2", "{\"features\":{}}", 0 },
		{ 200, "v2", "{\"features\":null}", -1 },
		{ 200, "v2", "{}", -1 },
		{ 403, "v2", "{\"message\":\"Forbidden.\"}", -1 },
		{ 404, "v2", "{\"message\":\"Route not found.\"}", 0 },
		{ 404, NULL, "{\"message\":\"no Route matched\"}", -1 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct http_reply r = { .end = HTTP_ANSWERED, .status = rows[i].status, .json = true, .body = rows[i].body,
			.n = strlen(rows[i].body), .version = rows[i].version };

		CHECK(rows[i].body, api_licensed(&r, "x") == rows[i].want, "got %d", api_licensed(&r, "x"));
	}
}

/* Whose fault is it, and what becomes of another try? */
static void
blame(void)
{
	static const struct {
		const char      *name;
		int              status;
		bool             coder;
		const char      *body;
		bool             token, lacks, own;
		enum retry_class want;
		const char      *scope;
	} rows[] = {
		{ "signed out", 401, true, "{\"message\":\"You are signed out or your session has expired. Please sign in again to "
		                           "continue.\",\"detail\":\"API key is invalid.\"}", true, false, false, RETRY_NO, NULL },
		{ "suspended", 401, true, "{\"message\":\"User is not active (status = \\\"suspended\\\"). Contact an admin to "
		                          "reactivate your account.\"}", true, false, false, RETRY_NO, NULL },
		{ "the database", 401, true, "{\"message\":\"An internal error occurred. Please try again or contact the system "
		                             "administrator.\",\"detail\":\"Internal error fetching API key by id.\"}",
			false, false, true, RETRY_LONG, NULL },
		{ "a gateway's 401", 401, false, "{\"message\":\"who are you?\"}", false, false, false, RETRY_ONCE, NULL },
		{ "500", 500, true, "{\"message\":\"Internal error fetching workspaces.\",\"detail\":\"pq: it is gone\"}", false,
			false, true, RETRY_LONG, NULL },
		{ "a gateway's 500", 500, false, "{\"message\":\"oops\"}", false, false, false, RETRY_ONCE, NULL },
		{ "503 of Coder", 503, true, "{\"message\":\"later\"}", false, false, true, RETRY_LONG, NULL },
		{ "a template that is hidden", 500, true, "{\"message\":\"failed to fetch template\",\"detail\":\"get template x: "
		                                          "unauthorized: rbac: forbidden\"}", false, true, false, RETRY_NO,
			"template:read" },
		{ "no right to extend", 500, true, "{\"message\":\"Failed to extend workspace deadline.\"}", false, true, false,
			RETRY_NO, "workspace:update" },
		{ "a hidden template", 403, true, "{\"message\":\"Forbidden.\"}", false, false, false, RETRY_NO, "template:read" },
		{ "no right to stop", 403, true, "{\"message\":\"You do not have permission to stop this workspace.\"}", false, false,
			false, RETRY_NO, "workspace:stop" },
		{ "no right to start", 403, true, "{\"message\":\"You do not have permission to start this workspace.\"}", false, false,
			false, RETRY_NO, "workspace:start" },
		{ "no right to start a dormant one", 403, true, "{\"message\":\"You do not have permission to update this "
		                                                "workspace.\"}", false, false, false, RETRY_NO, "workspace:update" },
		{ "a gateway's 403", 403, false, "{\"message\":\"Forbidden.\"}", false, false, false, RETRY_NO, NULL },
		{ "a hidden owner", 400, true, "{\"message\":\"Unable to validate parameters\",\"detail\":\"Failed to fetch workspace "
		                               "owner; Please check your permissions or the user may not exist.\"}", false, false,
			false, RETRY_NO, "user:read" },
		{ "a fault while it fetched the template", 500, true, "{\"message\":\"failed to fetch template\",\"detail\":\"pq: gone\"}",
			false, false, true, RETRY_LONG, NULL },
		{ "404", 404, true, "{\"message\":\"Resource not found\"}", false, false, false, RETRY_NO, NULL },
		{ "torn", 200, true, "{\"a\":", false, false, false, RETRY_ONCE, NULL },
		{ "whole", 200, true, "{\"a\":1}", false, false, false, RETRY_NO, NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct http_reply r = { .end = HTTP_ANSWERED, .status = rows[i].status, .json = true, .body = rows[i].body,
			.n = strlen(rows[i].body), .version = rows[i].coder ? "v2.31.14" : NULL };

		CHECK(rows[i].name, api_means_token(&r) == rows[i].token, "the token: want %d", rows[i].token);
		CHECK(rows[i].name, api_lacks_permission(&r) == rows[i].lacks, "a permission: want %d", rows[i].lacks);
		CHECK(rows[i].name, api_is_own_fault(&r) == rows[i].own, "its own: want %d", rows[i].own);
		CHECK_TEXT(rows[i].name, api_missing_scope(&r) != NULL ? api_missing_scope(&r) : "none",
			rows[i].scope != NULL ? rows[i].scope : "none");
		CHECK(rows[i].name, api_retry_class(&r) == rows[i].want, "another try: %d, want %d", (int)api_retry_class(&r),
			(int)rows[i].want);
	}
}

/* A place before the first is none: who waits by it would never wait. */
static void
queues(void)
{
	static const struct {
		const char *queue;
		bool        want;
	} rows[] = {
		{ "\"queue_position\":0,\"queue_size\":0", true },
		{ "\"queue_position\":-1,\"queue_size\":3", false },
		{ "\"queue_position\":1,\"queue_size\":-3", false },
		{ "\"queue_position\":1", false },
	};
	struct api_build b;
	char             build[400];
	size_t           i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int n = snprintf(build, sizeof(build),
			"{\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\",\"build_number\":42,\"transition\":\"stop\","
			"\"initiator_id\":\"u\",\"job\":{\"status\":\"pending\",%s}}", rows[i].queue);

		CHECK(rows[i].queue, api_build_parse(build, (size_t)n, &b) == 0, "not parsed");
		CHECK(rows[i].queue, b.has_queue == rows[i].want, "has_queue is %d", b.has_queue);
	}
}

static void
parsers(void)
{
	static const char me[] = "{\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\",\"username\":\"ops\",\"roles\":"
	        "[{\"name\":\"auditor\"},{\"name\":\"owner\"}]}";
	static const char build[] = "{\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\",\"build_number\":42,"
	        "\"transition\":\"stop\",\"initiator_id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e12\",\"status\":\"failed\","
	        "\"job\":{\"status\":\"failed\",\"error\":\"a\\nb\",\"queue_position\":2,\"queue_size\":3}}";
	static const char *const no_build[] = { "", "[]", "{}", "{\"id\":\"x\"}",
		"{\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\",\"build_number\":1.5,\"transition\":\"stop\","
		"\"initiator_id\":\"\",\"status\":\"\",\"job\":{\"status\":\"\"}}",
		"{\"id\":\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\",\"build_number\":1,\"transition\":\"much-too-long-for-it\","
		"\"initiator_id\":\"\",\"status\":\"\",\"job\":{\"status\":\"\"}}" };
	struct api_me    m;
	struct api_build b;
	size_t           i;

	CHECK("me", api_me_parse(me, sizeof(me) - 1, &m) == 0 && m.site_owner, "not parsed");
	CHECK_TEXT("its name", m.name, "ops");
	CHECK_TEXT("its roles", m.roles, "auditor, owner");
	CHECK("no user", api_me_parse("{\"message\":\"x\"}", 15, &m) == -1, "taken for a user");
	CHECK("build", api_build_parse(build, sizeof(build) - 1, &b) == 0, "not parsed");
	CHECK("number", b.number == 42 && b.has_queue && b.queue_position == 2 && b.queue_size == 3, "wrong");
	CHECK_TEXT("error", b.job_error, "a?b");
	for (i = 0; i < sizeof(no_build) / sizeof(no_build[0]); i++)
		CHECK(no_build[i], api_build_parse(no_build[i], strlen(no_build[i]), &b) == -1,
		        "taken for a build");
}

#define BUILD(n, id, transition)                                                                                     \
	"{\"id\":\"" id "\",\"build_number\":" n ",\"transition\":\"" transition "\",\"initiator_id\":\"u\","   \
	"\"status\":\"failed\",\"job\":{\"status\":\"failed\"},\"resources\":[{\"x\":1}]}"
#define ID_1 "aaaaaaaa-0000-4000-8000-000000000001"
#define ID_2 "bbbbbbbb-0000-4000-8000-000000000002"

static void
histories(void)
{
	static const struct {
		const char *name, *body;
		size_t      max;
		int         want;
	} rows[] = {
		{ "none", "[]", 3, 0 },
		{ "two", "[" BUILD("8", ID_2, "stop") "," BUILD("7", ID_1, "start") "]\n", 3, 2 },
		{ "more than asked for", "[" BUILD("8", ID_2, "stop") "," BUILD("7", ID_1, "start") "]", 1, 1 },
		{ "one that is no build", "[" BUILD("8", ID_2, "stop") ",{}]", 3, -1 },
		{ "one beyond those asked for", "[" BUILD("8", ID_2, "stop") ",{}]", 1, 1 },
		{ "an object", "{}", 3, -1 },
		{ "null", "null", 3, -1 },
		{ "cut", "[" BUILD("8", ID_2, "stop"), 3, -1 },
		{ "nothing", "", 3, -1 },
	};
	struct api_build b[3];
	size_t           i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got = api_builds_parse(rows[i].body, strlen(rows[i].body), b, rows[i].max);

		CHECK(rows[i].name, got == rows[i].want, "got %d", got);
		if (got > 0)
			CHECK(rows[i].name, b[0].number == 8 && strcmp(b[0].id, ID_2) == 0 &&
				strcmp(b[0].transition, "stop") == 0, "the first is number %lld", (long long)b[0].number);
	}
}

static void
counts(void)
{
	static const struct {
		const char *name, *body;
		int64_t     want;
	} rows[] = {
		{ "a page", "{\"workspaces\":[{}],\"count\":42}", 42 },
		{ "an empty page", "{\"workspaces\":[],\"count\":0}", 0 },
		{ "fewer than it shows", "{\"workspaces\":[{}],\"count\":0}", -1 },
		{ "no count", "{\"workspaces\":[]}", -1 },
		{ "no page", "{\"count\":42}", -1 },
		{ "negative", "{\"workspaces\":[],\"count\":-3}", -1 },
		{ "a fraction", "{\"workspaces\":[],\"count\":1.5}", -1 },
		{ "a text", "{\"workspaces\":[],\"count\":\"42\"}", -1 },
		{ "no object", "[]", -1 },
		{ "nothing", "", -1 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t got = api_count_parse(rows[i].body, strlen(rows[i].body));

		CHECK(rows[i].name, got == rows[i].want, "got %lld", (long long)got);
	}
}

static void
note_latest(void *arg, const char *workspace_id, const struct api_build *b)
{
	char  *text = arg;
	size_t n = strlen(text);

	snprintf(text + n, 200 - n, "%.4s %.4s %lld %s;", workspace_id, b->id, (long long)b->number, b->job_status);
}

/* A page of workspaces, as far as their builds are followed. */
static void
latest(void)
{
	static const struct {
		const char *body, *want;
		int         status;
	} rows[] = {
		{ "{\"workspaces\":[],\"count\":0}", "", 0 },
		{ "{\"workspaces\":[{\"id\":\"wwww1\",\"latest_build\":" BUILD("7", ID_1, "stop") "},{\"id\":\"wwww2\"},"
		  "{\"latest_build\":" BUILD("7", ID_1, "stop") "}],\"count\":3}", "wwww aaaa 7 failed;", 0 },
		{ "{\"workspaces\":null,\"count\":0}", "", -1 },
		{ "[]", "", -1 },
		{ "", "", -1 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[200] = "";

		CHECK(rows[i].body, api_latest_parse(rows[i].body, strlen(rows[i].body), note_latest, text) == rows[i].status,
			"want %d", rows[i].status);
		CHECK_TEXT(rows[i].body, text, rows[i].want);
	}
}

int
main(void)
{
	histories();
	counts();
	faults();
	long_fault();
	licences();
	blame();
	latest();
	parsers();
	queues();
	return CHECK_DONE();
}
