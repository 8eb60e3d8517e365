/* test_exclude.c - names, patterns and ids that are left alone. */

#include "exclude.h"

#include <stdlib.h>

#include "check.h"

#define ID "8c1e4b7a-0d2f-4c55-9a3e-6f1b2c3d4e5f"

/* One list of one kind, in memory that the caller frees. */
static struct exclude_entry *
make(struct exclude *x, enum exclude_kind kind, const char *list, bool *ok)
{
	static const char *const setting[EXCLUDE_KINDS] = { "--exclude-user", "--exclude-template", "--exclude-org",
		"--exclude-name" };
	size_t                n = exclude_count(list);
	struct exclude_entry *room = calloc(exclude_room(n), sizeof(*room));

	memset(x, 0, sizeof(*x));
	exclude_init(&x->set[kind], room, n);
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
		{ EXCLUDE_USER, "ada", { "ada", "dev", "t", NULL, "o", NULL }, true,
		        "owner ada is excluded (--exclude-user ada)" },
		{ EXCLUDE_USER, "bob, Ada ,eve", { "aDA", "dev", "t", NULL, "o", NULL }, true,
		        "owner aDA is excluded (--exclude-user Ada)" },
		{ EXCLUDE_USER, "ada", { "adam", "ada", "ada", "ada", "ada", "ada" }, false, "" },
		{ EXCLUDE_USER, "adam", { "ada", "dev", "t", NULL, "o", NULL }, false, "" },
		{ EXCLUDE_USER, "ci-*", { "CI-runner", "dev", "t", NULL, "o", NULL }, true,
		        "owner CI-runner is excluded (--exclude-user ci-*)" },
		{ EXCLUDE_USER, "ada", { NULL, "dev", "t", NULL, "o", NULL }, true,
		        "left alone: the record does not say its owner, so --exclude-user cannot be judged" },
		{ EXCLUDE_TEMPLATE, "gpu", { "ada", "dev", "GPU", ID, "o", NULL }, true,
		        "template GPU is excluded (--exclude-template gpu)" },
		{ EXCLUDE_TEMPLATE, "gpu", { "ada", "dev", "cpu", NULL, "o", NULL }, false, "" },
		{ EXCLUDE_TEMPLATE, ID, { "ada", "dev", "cpu", ID, "o", NULL }, true,
		        "template cpu is excluded (--exclude-template " ID ")" },
		{ EXCLUDE_TEMPLATE, ID, { "ada", "dev", NULL, ID, "o", NULL }, true,
		        "template " ID " is excluded (--exclude-template " ID ")" },
		{ EXCLUDE_TEMPLATE, ID, { "ada", "dev", "cpu", NULL, "o", NULL }, true,
		        "left alone: the record does not say its template, so --exclude-template cannot be judged" },
		{ EXCLUDE_TEMPLATE, "gpu", { "ada", "dev", NULL, ID, "o", NULL }, true,
		        "left alone: the record does not say its template, so --exclude-template cannot be judged" },
		{ EXCLUDE_ORG, "research", { "ada", "dev", "t", NULL, "Research", ID }, true,
		        "organization Research is excluded (--exclude-org research)" },
		{ EXCLUDE_ORG, ID, { "ada", "dev", "t", NULL, "research", ID }, true,
		        "organization research is excluded (--exclude-org " ID ")" },
		{ EXCLUDE_ORG, ID, { "ada", "dev", "t", ID, "research", "other" }, false, "" },
		{ EXCLUDE_NAME, "dev", { "ada", "Dev", "t", NULL, "o", NULL }, true,
		        "workspace Dev is excluded (--exclude-name dev)" },
		{ EXCLUDE_NAME, "ada/dev", { "ADA", "dev", "t", NULL, "o", NULL }, true,
		        "workspace dev is excluded (--exclude-name ada/dev)" },
		{ EXCLUDE_NAME, "ada/dev", { "bob", "dev", "t", NULL, "o", NULL }, false, "" },
		{ EXCLUDE_NAME, "ada/*", { "ada", "anything", "t", NULL, "o", NULL }, true,
		        "workspace anything is excluded (--exclude-name ada/*)" },
		{ EXCLUDE_NAME, "*/ci-?", { "bob", "ci-7", "t", NULL, "o", NULL }, true,
		        "workspace ci-7 is excluded (--exclude-name */ci-?)" },
		{ EXCLUDE_NAME, "*/ci-?", { "bob", "ci-77", "t", NULL, "o", NULL }, false, "" },
		{ EXCLUDE_NAME, "ada*", { "ada", "dev", "t", NULL, "o", NULL }, false, "" },
		{ EXCLUDE_NAME, "ada/dev", { NULL, "dev", "t", NULL, "o", NULL }, true,
		        "left alone: the record does not say its workspace, so --exclude-name cannot be judged" },
		{ EXCLUDE_NAME, "ada/dev,dev", { NULL, "dev", "t", NULL, "o", NULL }, true,
		        "workspace dev is excluded (--exclude-name dev)" },
		{ EXCLUDE_NAME, ID, { "ada", ID, "t", NULL, "o", NULL }, true,
		        "workspace " ID " is excluded (--exclude-name " ID ")" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct exclude        x;
		bool                  ok, match;
		struct exclude_entry *room = make(&x, rows[i].kind, rows[i].list, &ok);
		struct text           why;

		match = exclude_match(&x, &rows[i].who, &why);
		CHECK(rows[i].list, ok && match == rows[i].match, "taken: %d, match: %d", ok, match);
		CHECK_TEXT(rows[i].list, why.s, rows[i].why);
		free(room);
	}
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
		struct exclude_entry  *room = make(&x, EXCLUDE_NAME, rows[i].pattern, &ok);
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
	struct exclude_entry  *room = calloc(exclude_room(MANY), sizeof(*room));
	struct text            why;
	int                    i, found = 0, wrong = 0;

	exclude_init(&x.set[EXCLUDE_USER], room, MANY);
	for (i = 0; i < 2 * MANY; i++)
		snprintf(name[i], sizeof(name[i]), "user-%d", i);
	for (i = 0; i < MANY; i++)
		CHECK("many", exclude_add(&x, EXCLUDE_USER, name[i], "--exclude-user"), "refused %s", name[i]);
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
	struct exclude_entry  *room = make(&x, EXCLUDE_USER, "x*", &ok);

	memset(name, 'x', sizeof(name) - 1);
	CHECK("long", ok && exclude_match(&x, &who, &why) && why.n == sizeof(why.s) - 1, "%zu bytes", why.n);
	free(room);
}

int
main(void)
{
	test_match();
	test_patterns();
	test_refused();
	test_many();
	test_long();
	return CHECK_DONE();
}
