/* test_spool.c - lines held in memory and in a file, taken in order and out of it. */

#include "base/spool.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"

#include "check.h"

/* Line i: its number, then as many letters as make it long. */
static size_t
make_line(char *line, size_t i, size_t n)
{
	size_t head = (size_t)sprintf(line, "%zu ", i);

	memset(line + head, 'a' + (int)(i % 26), n);
	line[head + n] = '\0';
	return head + n;
}

static bool
holds(struct spool *s, struct spool_place place, const char *line, size_t n)
{
	struct slice got;
	struct err   err;

	return spool_get(s, place, &got, &err) == 0 && got.n == n && memcmp(got.p, line, n + 1) == 0;
}

/* Lines of n letters: held, taken in order, backwards, and again. */
static void
test_lines(const char *name, size_t lines, size_t n, bool in_file)
{
	struct spool        s = { .tail = NULL };
	struct spool_place *place = xcalloc(lines, sizeof(*place));
	char               *line = xcalloc(n + 32, 1);
	struct err          err = { .text = "" };
	size_t              i, len, bad = 0;

	for (i = 0; i < lines; i++) {
		len = make_line(line, i, n);
		bad += spool_put(&s, line, len, &place[i], &err) != 0;
	}
	CHECK(name, bad == 0, "%zu not put: %s", bad, err.text);
	CHECK(name, s.open == in_file, "a file: %d", s.open);
	CHECK(name, s.room <= 2 * SPOOL_IN_MEMORY, "%zu bytes in memory", s.room);
	for (i = 0; i < lines; i++) {
		len = make_line(line, i, n);
		bad += !holds(&s, place[i], line, len);
	}
	for (i = lines; i-- > 0;) {
		len = make_line(line, i, n);
		bad += !holds(&s, place[i], line, len);
	}
	for (i = 0; i < lines; i += 7) {
		len = make_line(line, i, n);
		bad += !holds(&s, place[i], line, len);
	}
	CHECK(name, bad == 0, "%zu came back otherwise", bad);
	spool_release(&s);
	CHECK(name, !s.open && s.tail == NULL && s.window == NULL, "not released");
	free(place);
	free(line);
}

/* The file is nobody else's, and has no name. */
static void
test_nameless(void)
{
	char               dir[] = "/tmp/test_spool.XXXXXX";
	struct spool       s = { .tail = NULL };
	struct spool_place place;
	struct err         err;
	char              *line = xcalloc(SPOOL_IN_MEMORY, 1);

	if (mkdtemp(dir) == NULL || setenv("TMPDIR", dir, 1) != 0)
		abort();
	CHECK("one", spool_put(&s, line, SPOOL_IN_MEMORY - 1, &place, &err) == 0 && !s.open, "a file");
	CHECK("two", spool_put(&s, "x", 1, &place, &err) == 0 && s.open, "no file");
	CHECK("no name is left", rmdir(dir) == 0, "the directory is not empty");
	CHECK("the last is there", holds(&s, place, "x", 1), "gone");
	spool_release(&s);

	CHECK("again", spool_put(&s, line, SPOOL_IN_MEMORY - 1, &place, &err) == 0, "%s", err.text);
	CHECK("no such directory", spool_put(&s, "x", 1, &(struct spool_place){ 0 }, &err) == -1 &&
		err.status == CWS_FAIL, "made");
	CHECK_TEXT("no such directory", err.text,
		"the temporary file for the held lines: cannot be made: No such file or directory");
	CHECK("what was held stays", holds(&s, place, line, SPOOL_IN_MEMORY - 1), "gone");
	spool_release(&s);
	unsetenv("TMPDIR");
	free(line);
}

int
main(void)
{
	test_lines("nothing", 0, 0, false);
	test_lines("empty lines", 100, 0, false);
	test_lines("a few", 1000, 500, false);
	test_lines("many", 30000, 3000, true);
	test_lines("long ones", 5, (size_t)16 << 20, true);
	test_nameless();
	return CHECK_DONE();
}
