/*
 * fuzz_page.c - any bytes as a page of workspaces: each line holds the members of its workspace, less two.
 *
 * slow.h finds the members of the body and of the lines; what stays has to be
 * there in the same order, name and value byte for byte but for line ends.
 */

#include "coder/page.h"

#include "coder/api.h"
#include "fuzz.h"
#include "record/rec.h"
#include "slow.h"

static struct slow_object top, workspace, line, build, line_build;

/* The bytes of a member, with blanks for line ends, are those of the other. */
static bool
same_member(const struct slow_object *a, const struct slow_member *x, const struct slow_object *b,
        const struct slow_member *y)
{
	size_t i, n = x->end - x->name;

	if (y->end - y->name != n)
		return false;
	for (i = 0; i < n; i++) {
		char c = a->text[x->name + i];

		if (b->text[y->name + i] != (c == '\n' || c == '\r' ? ' ' : c))
			return false;
	}
	return true;
}

/* All of from but those of one name are in to, and nothing else; except is compared apart. */
static void
check_members(const struct slow_object *from, const struct slow_object *to, const char *without, const char *except)
{
	size_t i, k = 0;

	for (i = 0; i < from->members; i++) {
		if (without != NULL && slow_spells(from, from->member[i].name, without))
			continue;
		REQUIRE(k < to->members);
		if (except == NULL || !slow_spells(from, from->member[i].name, except) ||
		    from->text[from->member[i].value] != '{')
			REQUIRE(same_member(from, &from->member[i], to, &to->member[k]));
		k++;
	}
	REQUIRE(k == to->members);
}

/* One workspace of the body, whose object is at this place, and its line. */
static void
check_row(const struct slow_object *body, size_t at, const struct page *p, const struct row *row, bool full)
{
	const char *text = p->text.p + row->at;
	size_t      i, k = 0;

	REQUIRE(row->n >= 2 && text[0] == '{' && text[row->n - 1] == '}');
	REQUIRE(memchr(text, '\n', row->n) == NULL && memchr(text, '\r', row->n) == NULL);
	REQUIRE(strict_json(text, row->n, 200));
	if (!slow_read(&workspace, body->text, body->n, at) || !slow_read(&line, text, row->n, 0))
		return;
	check_members(&workspace, &line, "cws", full ? NULL : "latest_build");
	for (i = 0; i < workspace.members && !full; i++) {
		const struct slow_member *m = &workspace.member[i];

		if (slow_spells(&workspace, m->name, "cws"))
			continue;
		if (slow_spells(&workspace, m->name, "latest_build") && workspace.text[m->value] == '{') {
			if (!slow_read(&build, workspace.text, workspace.n, m->value) ||
			    !slow_read(&line_build, text, row->n, line.member[k].value))
				return;
			check_members(&build, &line_build, "resources", NULL);
		}
		k++;
	}
}

/* A line is what the next program can read. */
static void
check_record(const struct page *p, const struct row *row)
{
	static struct rec *r;
	struct err         err;
	int                got;

	if (r == NULL)
		r = rec_new();
	got = rec_parse(r, p->text.p + row->at, row->n, &err);
	REQUIRE(got == REC_OK || got == REC_BAD);
}

static void
check_rows(const char *text, size_t n, const struct page *p, bool full)
{
	struct strict             s = { (const unsigned char *)text, n, 0, 200 };
	const struct slow_member *list;
	size_t                    row = 0;

	strict_blanks(&s);
	if (!slow_read(&top, text, n, s.i))
		return;
	if (slow_twice(&top)) /* which of two lists a row is from, the slow reader does not follow */
		return;
	list = slow_find(&top, "workspaces");
	REQUIRE(list != NULL && (text[list->value] == '[' || memcmp(text + list->value, "null", 4) == 0));
	REQUIRE(slow_find(&top, "count") != NULL);
	s.i = list->value;
	for (strict_take(&s, '['); s.i < list->end;) {
		strict_blanks(&s);
		if (text[s.i] != '{')
			break;
		REQUIRE(row < p->rows);
		check_row(&top, s.i, p, &p->row[row++], full);
		strict_value(&s, 0);
		strict_blanks(&s);
		strict_take(&s, ',');
	}
	REQUIRE(row == p->rows);
	/* Both ways to read the count, which has no fraction here, say the same as far as a double goes; one believes it. */
	REQUIRE(p->count >= 0);
	if (text[list->value] == '[' && !contains(text, n, "\\u0000") && p->count <= INT64_C(9007199254740991))
		REQUIRE(api_count_parse(text, n) == (p->count < (int64_t)row ? -1 : p->count));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct page p;
	static bool        ready;
	char              *text = exact((const char *)data, n);
	struct err         err;
	size_t             i, lean = 0;
	int                full, got[2];

	if (!ready)
		page_init(&p);
	ready = true;
	for (full = 0; full < 2; full++) {
		got[full] = page_split(&p, text, n, full != 0, &err);
		if (got[full] != 0) {
			REQUIRE(is_clean(err.text) && err.status == CWS_FAIL);
			continue;
		}
		REQUIRE(strict_json(text, n, 200));
		for (i = 0; i < p.rows; i++)
			check_record(&p, &p.row[i]);
		check_rows(text, n, &p, full != 0);
		REQUIRE(full == 0 || p.rows == lean);
		lean = p.rows;
	}
	REQUIRE(got[0] == got[1]);
	free(text);
	return 0;
}
