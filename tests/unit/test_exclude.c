/* test_exclude.c - names, patterns and ids that are left alone. */

#include "judge/exclude.h"

#include <stdlib.h>

#include "check.h"

#define ID "8c1e4b7a-0d2f-4c55-9a3e-6f1b2c3d4e5f"

/* One list of one kind, in memory that the caller frees. */
static void *
make(struct exclude *x, enum exclude_kind kind, const char *list, bool *ok)
{
	static const char *const setting[EXCLUDE_KINDS] = { "--exclude-user", "--exclude-template",
	        "--exclude-org",
		"--exclude-group", "--exclude-name" };
	size_t n = exclude_count(list);
	void  *room = calloc(exclude_room(n), 1);

	memset(x, 0, sizeof(*x));
	exclude_init(&x->set[kind], room, n, 1);
	*ok = exclude_add(x, kind, list, setting[kind]);
	return room;
}

static void
test_match(void)
{
	static const struct {
		enum exclude_kind      kind;
		const char            *list;
		struct exclude_subject who; /* owner, workspace, template, its id, organization, its id */
		bool                   match;
		const char            *why;
	} rows[] = {
		{ EXCLUDE_USER, "ada", { "ada", "dev", "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "owner ada is excluded (--exclude-user ada)" },
		{ EXCLUDE_USER, "bob, Ada ,eve", { "aDA", "dev", "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "owner aDA is excluded (--exclude-user Ada)" },
		{ EXCLUDE_USER, "ada", { "adam", "ada", "ada", "ada", "ada", "ada", { NULL, 0 } }, false, "" },
		{ EXCLUDE_USER, "adam", { "ada", "dev", "t", NULL, "o", NULL, { NULL, 0 } }, false, "" },
		{ EXCLUDE_USER, "ci-*", { "CI-runner", "dev", "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "owner CI-runner is excluded (--exclude-user ci-*)" },
		{ EXCLUDE_USER, "ada", { NULL, "dev", "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "left alone: the record does not say its owner, so --exclude-user cannot be judged" },
		{ EXCLUDE_TEMPLATE, "gpu", { "ada", "dev", "GPU", ID, "o", NULL, { NULL, 0 } }, true,
		        "template GPU is excluded (--exclude-template gpu)" },
		{ EXCLUDE_TEMPLATE, "gpu", { "ada", "dev", "cpu", NULL, "o", NULL, { NULL, 0 } }, false, "" },
		{ EXCLUDE_TEMPLATE, ID, { "ada", "dev", "cpu", ID, "o", NULL, { NULL, 0 } }, true,
		        "template cpu is excluded (--exclude-template " ID ")" },
		{ EXCLUDE_TEMPLATE, ID, { "ada", "dev", NULL, ID, "o", NULL, { NULL, 0 } }, true,
		        "template " ID " is excluded (--exclude-template " ID ")" },
		{ EXCLUDE_TEMPLATE, ID, { "ada", "dev", "cpu", NULL, "o", NULL, { NULL, 0 } }, true,
		        "left alone: the record does not say its template, so --exclude-template cannot be "
		        "judged" },
		{ EXCLUDE_TEMPLATE, "gpu", { "ada", "dev", NULL, ID, "o", NULL, { NULL, 0 } }, true,
		        "left alone: the record does not say its template, so --exclude-template cannot be "
		        "judged" },
		{ EXCLUDE_ORG, "research", { "ada", "dev", "t", NULL, "Research", ID, { NULL, 0 } }, true,
		        "organization Research is excluded (--exclude-org research)" },
		{ EXCLUDE_ORG, ID, { "ada", "dev", "t", NULL, "research", ID, { NULL, 0 } }, true,
		        "organization research is excluded (--exclude-org " ID ")" },
		{ EXCLUDE_ORG, ID, { "ada", "dev", "t", ID, "research", "other", { NULL, 0 } }, false, "" },
		{ EXCLUDE_NAME, "dev", { "ada", "Dev", "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "workspace Dev is excluded (--exclude-name dev)" },
		{ EXCLUDE_NAME, "ada/dev", { "ADA", "dev", "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "workspace dev is excluded (--exclude-name ada/dev)" },
		{ EXCLUDE_NAME, "ada/dev", { "bob", "dev", "t", NULL, "o", NULL, { NULL, 0 } }, false, "" },
		{ EXCLUDE_NAME, "ada/*", { "ada", "anything", "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "workspace anything is excluded (--exclude-name ada/*)" },
		{ EXCLUDE_NAME, "*/ci-?", { "bob", "ci-7", "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "workspace ci-7 is excluded (--exclude-name */ci-?)" },
		{ EXCLUDE_NAME, "*/ci-?", { "bob", "ci-77", "t", NULL, "o", NULL, { NULL, 0 } }, false, "" },
		{ EXCLUDE_NAME, "ada*", { "ada", "dev", "t", NULL, "o", NULL, { NULL, 0 } }, false, "" },
		{ EXCLUDE_NAME, "ada/dev", { NULL, "dev", "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "left alone: the record does not say its workspace, so --exclude-name cannot be "
		        "judged" },
		{ EXCLUDE_NAME, "ada/dev,dev", { NULL, "dev", "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "workspace dev is excluded (--exclude-name dev)" },
		{ EXCLUDE_NAME, ID, { "ada", ID, "t", NULL, "o", NULL, { NULL, 0 } }, true,
		        "workspace " ID " is excluded (--exclude-name " ID ")" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct exclude        x;
		bool                  ok, match;
		void *room = make(&x, rows[i].kind, rows[i].list, &ok);
		struct text           why;

		match = exclude_match(&x, &rows[i].who, &why);
		CHECK(rows[i].list, ok && match == rows[i].match, "taken: %d, match: %d", ok, match);
		CHECK_TEXT(rows[i].list, why.s, rows[i].why);
		free(room);
	}
}

/* Groups are the owner's: none is not the same as not known. */
static void
test_groups(void)
{
	static const char two[] = "Everyone\0night-shift";
	static const struct {
		const char        *name, *list;
		struct word_list   groups;
		bool               match;
		const char        *why;
		enum selection     selects;
		const char        *why_not;
	} rows[] = {
		{ "one of two", "Night-Shift", { two, 2 }, true,
		        "group night-shift is excluded (--exclude-group Night-Shift)",
		        SELECTED, "" },
		{ "a pattern", "x,night-*", { two, 2 }, true,
		        "group night-shift is excluded (--exclude-group night-*)", SELECTED, "" },
		{ "neither", "day-shift", { two, 2 }, false, "", OUTSIDE,
		        "not selected: every group of its owner is outside --exclude-group" },
		{ "in none", "day-shift", { two, 0 }, false, "", OUTSIDE,
		        "not selected: every group of its owner is outside --exclude-group" },
		{ "not known", "day-shift", { NULL, 0 }, true,
		        "left alone: the record does not say its owner's groups (cws-fetch --with groups; "
		        "without a licence, name the owners), so --exclude-group "
		        "cannot be judged", UNDECIDED,
		        "left alone: the record does not say its owner's groups (cws-fetch --with groups; "
		        "without a licence, name the owners), so --exclude-group "
		        "cannot be judged" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct exclude         x;
		struct exclude_subject who = { .owner = "ada", .groups = rows[i].groups };
		bool                   ok;
		void *room = make(&x, EXCLUDE_GROUP, rows[i].list, &ok);
		struct text            why;

		CHECK(rows[i].name, ok && exclude_match(&x, &who, &why) == rows[i].match, "match");
		CHECK_TEXT(rows[i].name, why.s, rows[i].why);
		CHECK(rows[i].name, exclude_selects(&x, &who, &why) == rows[i].selects, "selects");
		CHECK_TEXT(rows[i].name, why.s, rows[i].why_not);
		free(room);
	}
}

/* Of several kinds each has to match; of several names in one, any. */
static void
test_selects(void)
{
	static const struct {
		const char            *users, *names;
		struct exclude_subject who;
		enum selection         selects;
		const char            *why;
	} rows[] = {
		{ "ada,bob", "dev*", { "Bob", "dev1", NULL, NULL, NULL, NULL, { NULL, 0 } }, SELECTED, "" },
		{ "ada,bob", "dev*", { "eve", "dev1", NULL, NULL, NULL, NULL, { NULL, 0 } }, OUTSIDE,
		        "not selected: owner eve is outside --only-user" },
		{ "ada,bob", "dev*", { "ada", "test", NULL, NULL, NULL, NULL, { NULL, 0 } }, OUTSIDE,
		        "not selected: workspace test is outside --only-name" },
		{ "ada", "dev", { NULL, "dev", NULL, NULL, NULL, NULL, { NULL, 0 } }, UNDECIDED,
		        "left alone: the record does not say its owner, so --only-user cannot be judged" },
		{ "ada", "ada/dev", { NULL, "dev", NULL, NULL, NULL, NULL, { NULL, 0 } }, UNDECIDED,
		        "left alone: the record does not say its owner, so --only-user cannot be judged" },
		{ "ada", "dev", { NULL, "test", NULL, NULL, NULL, NULL, { NULL, 0 } }, OUTSIDE,
		        "not selected: workspace test is outside --only-name" },
	};
	struct exclude       x;
	struct exclude_entry room[2][32];
	struct text          why;
	size_t               i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&x, 0, sizeof(x));
		memset(room, 0, sizeof(room));
		exclude_init(&x.set[EXCLUDE_USER], room[0], 2, 1);
		exclude_init(&x.set[EXCLUDE_NAME], room[1], 2, 1);
		CHECK(rows[i].users, exclude_add(&x, EXCLUDE_USER, rows[i].users, "--only-user") &&
		                             exclude_add(&x, EXCLUDE_NAME, rows[i].names, "--only-name"),
		                             "refused");
		CHECK(rows[i].names, exclude_selects(&x, &rows[i].who, &why) == rows[i].selects, "why: %s",
		        why.s);
		CHECK_TEXT(rows[i].names, why.s, rows[i].why);
	}
	memset(&x, 0, sizeof(x));
	CHECK("no selection", exclude_selects(&x, &rows[0].who, &why) == SELECTED && why.n == 0, "why: %s", why.s);
}

static void
test_patterns(void)
{
	static const struct {
		const char *pattern, *name;
		bool        match;
	} rows[] = {
		{ "*", "", true },
		{ "*", "anything", true },
		{ "**", "anything", true },
		{ "?", "", false },
		{ "a*b", "ab", true },
		{ "a*b", "axxb", true },
		{ "a*b", "axxbc", false },
		{ "a*b*c", "a-b-b-c", true },
		{ "*-dev", "x-dev-dev", true },
		{ "*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
		{ "[abc]?", "b1", true },
		{ "[a-c]*", "Cat", true },
		{ "[A-C]*", "cat", true },
		{ "[a-c]*", "dog", false },
		{ "[!a-c]*", "dog", true },
		{ "[!a-c]*", "cat", false },
		{ "[]x]*", "]", true },
		{ "[a-]*", "-x", true },
		{ "x[0-9][0-9]", "x42", true },
		{ "x[0-9][0-9]", "x4", false },
		{ "*[0-9]", "abc1x", false },
		{ "*[0-9]", "abcx1", true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct exclude         x;
		struct exclude_subject who = { .workspace = rows[i].name };
		bool                   ok, match;
		void *room = make(&x, EXCLUDE_NAME, rows[i].pattern, &ok);
		struct text            why;

		match = exclude_match(&x, &who, &why);
		CHECK(rows[i].pattern, ok && match == rows[i].match, "taken: %d, matches '%s': %d", ok,
		        rows[i].name, match);
		free(room);
	}
}

static void
test_refused(void)
{
	static const struct {
		enum exclude_kind kind;
		const char       *list;
	} rows[] = {
		{ EXCLUDE_USER, "" },
		{ EXCLUDE_USER, " " },
		{ EXCLUDE_USER, "ada," },
		{ EXCLUDE_USER, ",ada" },
		{ EXCLUDE_USER, "ada,,bob" },
		{ EXCLUDE_USER, "ada/dev" },
		{ EXCLUDE_USER, "ada bob" },
		{ EXCLUDE_USER, "ci-[0-9" },
		{ EXCLUDE_USER, "ci-[]" },
		{ EXCLUDE_USER, "ci-[!]" },
		{ EXCLUDE_USER, "ada\xff" },
		{ EXCLUDE_NAME, "ada[/]dev" },
		{ EXCLUDE_NAME, "ada\ndev" },
		{ EXCLUDE_NAME, "ada/" },
		{ EXCLUDE_NAME, "/dev" },
		{ EXCLUDE_NAME, "/" },
		{ EXCLUDE_NAME, "ada/dev/main" },
		{ EXCLUDE_NAME, "ada/.main" },
		{ EXCLUDE_NAME, "*/*/*" },
		{ EXCLUDE_NAME, "dev,ada/" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct exclude x;
		bool           ok;

		free(make(&x, rows[i].kind, rows[i].list, &ok));
		CHECK(rows[i].list, !ok, "taken");
	}
}

/* A thousand names, each found, nobody else. */
static void
test_many(void)
{
	enum { MANY = 1000 };
	static char            name[2 * MANY][16];
	struct exclude         x = { 0 };
	struct exclude_subject who = { 0 };
	void                  *room = calloc(exclude_room(MANY), 1);
	struct text            why;
	int                    i, found = 0, wrong = 0;

	exclude_init(&x.set[EXCLUDE_USER], room, MANY, 1);
	for (i = 0; i < 2 * MANY; i++)
		snprintf(name[i], sizeof(name[i]), "user-%d", i);
	for (i = 0; i < MANY; i++)
		CHECK("many", exclude_add(&x, EXCLUDE_USER, name[i], "--exclude-user"), "refused %s",
		        name[i]);
	for (i = 0; i < 2 * MANY; i++) {
		who.owner = name[i];
		if (exclude_match(&x, &who, &why))
			*(i < MANY ? &found : &wrong) += 1;
	}
	CHECK("many", found == MANY && wrong == 0, "%d found, %d wrongly", found, wrong);
	free(room);
}

/* A sentence about foreign text of any length ends at its bound. */
static void
test_long(void)
{
	static char            name[1000];
	struct exclude         x;
	struct exclude_subject who = { .owner = name };
	struct text            why;
	bool                   ok;
	void *room = make(&x, EXCLUDE_USER, "x*", &ok);

	memset(name, 'x', sizeof(name) - 1);
	CHECK("long", ok && exclude_match(&x, &who, &why) && why.n == sizeof(why.s) - 1, "%zu bytes", why.n);
	free(room);
}

/* What people copy from a page, a file or a shell, to the name it means. */
static void
test_meant(void)
{
	static const struct {
		enum exclude_kind kind;
		const char       *text, *want; /* NULL: nobody */
	} rows[] = {
		{ EXCLUDE_USER, "ada", "ada" },
		{ EXCLUDE_USER, "@ada", "ada" },
		{ EXCLUDE_USER, " ada\r\n", "ada" },
		{ EXCLUDE_USER, "ada@example.com", NULL },
		{ EXCLUDE_USER, "@@ada", NULL },
		{ EXCLUDE_USER, "@", "" },
		{ EXCLUDE_TEMPLATE, "@ada", NULL },
		{ EXCLUDE_TEMPLATE, "gpu.v2", "gpu.v2" },
		{ EXCLUDE_NAME, "@ada/dev", "ada/dev" },
		{ EXCLUDE_NAME, "ada/dev.main", "ada/dev" },
		{ EXCLUDE_NAME, "@ada/dev.main \t", "ada/dev" },
		{ EXCLUDE_NAME, "dev.main", "dev" },
		{ EXCLUDE_NAME, "ada@example.com/dev", NULL },
		{ EXCLUDE_NAME, "*/ci-*.main", "*/ci-*" },
		{ EXCLUDE_NAME, "ci-[.x]", "ci-[.x]" },
		{ EXCLUDE_NAME, "a.b/dev", "a.b/dev" },
		{ EXCLUDE_NAME, "\r\n", "" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *s = rows[i].text;
		size_t      n = strlen(s);
		bool        ok = exclude_as_meant(rows[i].kind, &s, &n);

		CHECK(rows[i].text, ok == (rows[i].want != NULL), "taken: %d", ok);
		CHECK(rows[i].text, !ok || (n == strlen(rows[i].want) && strncmp(s, rows[i].want, n) == 0), "got %.*s",
		        (int)n, s);
	}
}

/* An entry is seen when it matches, whichever entry decides; what no workspace matched is left. */
static void
test_unseen(void)
{
	static const struct {
		enum exclude_kind kind;
		const char       *list, *unseen; /* joined by blanks */
	} rows[] = {
		{ EXCLUDE_USER, "ada", "" },
		{ EXCLUDE_USER, "denis", "denis" },
		{ EXCLUDE_USER, "denis,ada,x*,a*,@ADA", "denis x*" },
		{ EXCLUDE_NAME, "dev,bob/dev,ada/d*,*/x,ada/dev.main", "bob/dev */x" },
		{ EXCLUDE_TEMPLATE, "gpu," ID ",cpu", "cpu" },
		{ EXCLUDE_GROUP, "night,day", "day" },
	};
	struct exclude_subject who = { "ada", "dev", "gpu", ID, "o", ID, { "shift\0Night", 2 } };
	size_t                 i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct exclude_entry *e;
		struct exclude              x;
		enum exclude_kind           kind;
		char                        got[200] = "";
		size_t                      at = 0, n = 0;
		bool                        ok;
		void                       *room = make(&x, rows[i].kind, rows[i].list, &ok);

		CHECK(rows[i].list, ok, "refused");
		exclude_note(&x, &who);
		exclude_note(&x, &who);
		while ((e = exclude_unseen(&x, &at, &kind)) != NULL && n < sizeof(got)) {
			CHECK(rows[i].list, kind == rows[i].kind, "kind %d", (int)kind);
			n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%.*s", n != 0 ? " " : "", (int)e->n, e->s);
		}
		CHECK_TEXT(rows[i].list, got, rows[i].unseen);
		free(room);
	}
}

int
main(void)
{
	test_match();
	test_meant();
	test_unseen();
	test_groups();
	test_selects();
	test_patterns();
	test_refused();
	test_many();
	test_long();
	return CHECK_DONE();
}
