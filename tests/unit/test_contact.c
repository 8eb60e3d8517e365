/* test_contact.c - facts of a first contact to findings: each level, each boundary, what is not told. */

#include "judge/contact.h"

#include "check.h"

#define DAY_US (INT64_C(86400) * 1000000)

/* An owner's token on a server as it should be. */
static struct contact_facts
well(void)
{
	struct contact_facts f = {
		.origin = "https://coder.example.com",
		.version = "v2.31.14",
		.has_clock = true,
		.user = "ops",
		.roles = "owner",
		.has_end = true,
		.end = when_at(10 * DAY_US),
		.now = when_at(DAY_US),
		.counted = 88,
		.seen = 88,
		.read = REACH_OTHERS,
		.stop = REACH_OTHERS,
		.update = REACH_OTHERS,
		.start = REACH_OTHERS,
		.scheduling = KNOWN_YES,
		.groups = KNOWN_YES,
		.live = 4,
		.reminding = "",
	};

	return f;
}

/* The finding of this name; NULL when there is none. */
static const struct finding *
find(const struct findings *all, const char *what)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (strcmp(all->item[i].what, what) == 0)
			return &all->item[i];
	return NULL;
}

static void
expect(const char *name, const struct contact_facts *f, const char *what, enum finding_level level,
        const char *found)
{
	struct findings       all;
	bool                  ok = contact_judge(f, &all);
	const struct finding *one = find(&all, what);

	CHECK(name, one != NULL, "no finding '%s'", what);
	if (one == NULL)
		return;
	CHECK_TEXT(name, finding_levels[one->level], finding_levels[level]);
	CHECK_TEXT(name, one->found.s, found);
	CHECK(name, (level == FINDING_OK) == (one->advice.n == 0), "advice \"%s\"", one->advice.s);
	CHECK(name, level != FINDING_FAIL || !ok, "it passed");
}

static void
test_versions(void)
{
	static const struct {
		const char        *version;
		enum finding_level level;
	} rows[] = {
		{ "v2.31.0", FINDING_OK }, { "v2.30.9", FINDING_WARN }, { "v2.34.3+4653f32", FINDING_OK }, { "v2.9.0", FINDING_WARN },
		{ "v2.8.5", FINDING_FAIL }, { "v1.99.0", FINDING_FAIL }, { "v0.27.3", FINDING_FAIL }, { "v3.0.0", FINDING_OK },
		{ "2.31.1", FINDING_OK }, { "v2.35.0-devel+abc", FINDING_OK }, { "devel", FINDING_OK }, { "", FINDING_OK }, { "v2", FINDING_OK },
		{ "v2.", FINDING_OK }, { "v99999999999999999999.1", FINDING_OK },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct contact_facts f = well();
		struct findings      all;

		f.version = rows[i].version;
		contact_judge(&f, &all);
		CHECK_TEXT(rows[i].version, finding_levels[all.item[0].level], finding_levels[rows[i].level]);
	}
}

static void
test_clock(void)
{
	static const struct {
		int64_t            offset_ms;
		enum finding_level level;
		const char        *found;
	} rows[] = {
		{ 0, FINDING_OK, "this clock is the server's" },
		{ 1499, FINDING_OK, "this clock is the server's" },
		{ -1500, FINDING_OK, "this clock is 1s ahead of the server's" },
		{ 60000, FINDING_OK, "this clock is 1m behind the server's" },
		{ 60001, FINDING_WARN, "this clock is 1m behind the server's" },
		{ -300000, FINDING_WARN, "this clock is 5m ahead of the server's" },
		{ -300001, FINDING_FAIL, "this clock is 5m ahead of the server's" },
	};
	struct contact_facts f = well();
	size_t               i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		f.offset_ms = rows[i].offset_ms;
		expect("clock", &f, "clock", rows[i].level, rows[i].found);
	}
	f.has_clock = false;
	expect("no clock", &f, "clock", FINDING_WARN, "the server does not tell its time");
}

static void
test_end(void)
{
	struct contact_facts f = well();

	expect("far", &f, "expiry", FINDING_OK, "the token expires in 9d, 1970-01-11T00:00:00Z");
	f.now = when_at(7 * DAY_US);
	expect("three days", &f, "expiry", FINDING_OK, "the token expires in 3d, 1970-01-11T00:00:00Z");
	f.now.us += 1000000;
	expect("less", &f, "expiry", FINDING_WARN, "the token expires in 2d 23h, 1970-01-11T00:00:00Z");
	f.is_session = true;
	expect("a session", &f, "expiry", FINDING_OK,
	    "the token expires in 2d 23h, 1970-01-11T00:00:00Z; it is a login's, which use prolongs");
	f.is_session = false;
	f.now = when_at(11 * DAY_US);
	expect("past", &f, "expiry", FINDING_WARN, "the token expires in 0s, 1970-01-11T00:00:00Z");
	f.end = when_none();
	expect("never", &f, "expiry", FINDING_OK, "the token does not expire");
	f.has_end = false;
	expect("unknown", &f, "expiry", FINDING_WARN, "when the token expires cannot be read");
}

static void
test_deeds(void)
{
	struct contact_facts f = well();

	expect("all", &f, "cws-stop", FINDING_OK, "may, with others' workspaces too");
	f.stop = REACH_OWN;
	f.update = REACH_NONE;
	f.start = REACH_UNKNOWN;
	expect("own", &f, "cws-stop", FINDING_WARN, "may, with workspaces of its own user alone");
	expect("none", &f, "cws-stop --soft", FINDING_WARN, "the token lacks workspace:update");
	expect("unknown", &f, "cws-start", FINDING_WARN, "what the token may do cannot be asked");
	f.user = NULL;
	f.seen = 0;
	expect("all that lacks", &f, "cws-stop --soft", FINDING_WARN,
	    "the token lacks workspace:update, template:read and user:read");
	expect("whose", &f, "token", FINDING_WARN, "whose it is cannot be read: it lacks user:read");
	expect("hidden", &f, "cws-fetch", FINDING_FAIL, "88 of 88 workspaces are hidden");
	f.seen = 87;
	expect("one hidden", &f, "cws-fetch", FINDING_FAIL, "1 of 88 workspaces are hidden");
	f.counted = f.seen = 1;
	f.read = REACH_OWN;
	expect("one", &f, "cws-fetch", FINDING_OK,
	    "lists 1 workspace, none hidden; its user reads others' only where they are shared");
	f.unlisted = "HTTP 500";
	expect("no list", &f, "cws-fetch", FINDING_FAIL, "HTTP 500");
}

static void
test_rest(void)
{
	struct contact_facts f = well();
	struct findings      all;

	CHECK("all is well", contact_judge(&f, &all) && all.n == 10, "%zu findings", all.n);
	expect("licensed", &f, "licence", FINDING_OK, "owners' quiet hours, dormancy, the templates' scheduling; groups");
	f.scheduling = KNOWN_NO;
	f.groups = KNOWN_NO;
	f.roles = "";
	f.live = 1;
	f.has_reminders = true;
	expect("unlicensed", &f, "licence", FINDING_OK,
	    "no owners' quiet hours, dormancy or templates' scheduling; no groups; the hours of cws-quiet itself need none");
	expect("a member", &f, "token", FINDING_OK, "ops, no role of the site's");
	expect("one lives", &f, "provisioners", FINDING_OK, "1 lives");
	expect("none reminds", &f, "reminders", FINDING_OK, "no template reminds owners");
	f.reminding = "gpu, k8s";
	f.live = 0;
	f.scheduling = KNOWN_NOT;
	expect("reminding", &f, "reminders", FINDING_OK, "templates that remind owners: gpu, k8s");
	expect("none lives", &f, "provisioners", FINDING_WARN, "0 live");
	expect("no licence known", &f, "licence", FINDING_WARN, "what it enables cannot be read");
	CHECK("a warning is no failure", contact_judge(&f, &all) && all.n == 11, "%zu findings", all.n);
}

/* Behind what is not Coder, or refuses, nothing is told. */
static void
test_ends(void)
{
	struct contact_facts f = well();
	struct findings      all;

	f.refused = "HTTP 401: API key expired";
	expect("refused", &f, "token", FINDING_FAIL, "HTTP 401: API key expired");
	contact_judge(&f, &all);
	CHECK("nothing behind a refusal", all.n == 3, "%zu findings", all.n);
	f.is_proxy = true;
	expect("proxy", &f, "server", FINDING_FAIL, "https://coder.example.com is a workspace proxy, not Coder itself");
	f.unreachable = "Could not resolve host: coder";
	expect("unreachable", &f, "server", FINDING_FAIL, "Could not resolve host: coder");
}

static void
test_advice(void)
{
	static const struct {
		const char *fault, *advice; /* "": the fault says it itself */
	} row[] = {
		{ "Could not resolve host: coder", "DNS" },
		{ "Resolving timed out after 10000 milliseconds", "DNS" },
		{ "the server speaks TLS at this port: use https://coder", "" },
		{ "HTTP 200, but no JSON: a login page, or not Coder's URL?", "CODER_HEADER_COMMAND" },
		{ "HTTP 401: not an answer of Coder's", "CODER_HEADER_COMMAND" },
		{ "HTTP 403: not an answer of Coder's", "CODER_HEADER_COMMAND" },
		{ "HTTP 404: not an answer of Coder's", "its port" },
		{ "HTTP 502: not an answer of Coder's", "look at Coder" },
		{ "HTTP 500: An internal server error occurred.", "look at Coder" },
		{ "HTTP 401: An internal error occurred.: dial tcp: connect: connection refused", "look at Coder" },
		{ "something else", "its port" },
	};
	struct contact_facts f = well();
	struct findings      all;
	const char          *advice;
	size_t               i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		f.unreachable = row[i].fault;
		contact_judge(&f, &all);
		advice = all.item[0].advice.s;
		CHECK(row[i].fault, all.n == 1 && strstr(advice, row[i].advice) != NULL, "%s", advice);
		CHECK(row[i].fault, (row[i].advice[0] == '\0') == (advice[0] == '\0'), "%s", advice);
	}
}

int
main(void)
{
	test_versions();
	test_advice();
	test_clock();
	test_end();
	test_deeds();
	test_rest();
	test_ends();
	return CHECK_DONE();
}
