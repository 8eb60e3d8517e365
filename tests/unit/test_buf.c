/* test_buf.c - growth, the NUL behind the bytes, and the ceiling. */

#include "base/buf.h"

#include "check.h"

static void
test_growth(void)
{
	struct buf b;
	size_t     i, wrong = 0;

	buf_init(&b, 100000);
	CHECK_TEXT("empty", buf_text(&b), "");
	buf_put(&b, "", 0);
	CHECK("nothing", b.p == NULL && b.n == 0 && !b.over, "%zu bytes", b.n);
	for (i = 0; i < 100000; i++) {
		buf_putc(&b, (char)('a' + i % 26));
		wrong += b.n != i + 1 || b.p[b.n] != '\0' || b.cap <= b.n;
	}
	for (i = 0; i < 100000; i++)
		wrong += b.p[i] != (char)('a' + i % 26);
	CHECK("bytes", wrong == 0 && !b.over, "%zu wrong", wrong);
	buf_putc(&b, 'x');
	CHECK("full", b.over && b.n == 100000, "%zu bytes", b.n);
	buf_reset(&b);
	CHECK("reset", !b.over && b.n == 0 && buf_text(&b)[0] == '\0', "%zu bytes", b.n);
	buf_put(&b, "a\0b", 3);
	CHECK("NUL inside", b.n == 3 && memcmp(b.p, "a\0b", 4) == 0, "%zu bytes", b.n);
	buf_release(&b);
	CHECK("released", b.p == NULL && b.n == 0 && b.cap == 0 && b.max == 100000, "%zu bytes", b.n);
}

/* Over the ceiling an append is dropped whole, and so is all that follows until a reset. */
static void
test_ceiling(void)
{
	struct buf b;

	buf_init(&b, 5);
	buf_puts(&b, "abc");
	buf_puts(&b, "def");
	CHECK("over", b.over, "not noticed");
	CHECK_TEXT("over", buf_text(&b), "abc");
	buf_putc(&b, 'd');
	buf_printf(&b, "%d", 4);
	CHECK_TEXT("later ones too", buf_text(&b), "abc");
	buf_reset(&b);
	buf_puts(&b, "abcde");
	CHECK("exact", !b.over && b.n == 5, "%zu bytes", b.n);
	buf_reset(&b);
	buf_printf(&b, "%d-%s", 12, "ab");
	CHECK_TEXT("exact", buf_text(&b), "12-ab");
	buf_printf(&b, "%s", "");
	CHECK("nothing more", !b.over && b.n == 5, "%zu bytes", b.n);
	buf_printf(&b, "%s", "x");
	CHECK("one more", b.over && b.n == 5, "%zu bytes", b.n);
	buf_release(&b);
	buf_init(&b, 0);
	buf_putc(&b, 'x');
	CHECK("no room at all", b.over && b.n == 0, "%zu bytes", b.n);
	buf_release(&b);
}

/* Space is counted at once, and the NUL stands behind it. */
static void
test_space(void)
{
	struct buf b;
	char      *p;

	buf_init(&b, 600);
	CHECK("none", buf_space(&b, 0) != NULL && b.n == 0, "%zu bytes", b.n);
	buf_puts(&b, "<");
	p = buf_space(&b, 598);
	CHECK("space", p == b.p + 1 && b.n == 599 && b.p[599] == '\0' && b.cap > 599, "%zu bytes", b.n);
	memset(p, 'x', 598);
	CHECK("over", buf_space(&b, 2) == NULL && b.over && b.n == 599, "%zu bytes", b.n);
	CHECK("later ones too", buf_space(&b, 1) == NULL && b.n == 599, "%zu bytes", b.n);
	buf_reset(&b);
	CHECK("exact", buf_space(&b, 600) == b.p && !b.over && b.p[600] == '\0', "%zu bytes", b.n);
	buf_release(&b);
}

static void
test_printf(void)
{
	struct buf b;
	char       text[700];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	buf_init(&b, BUF_RECORD_MAX);
	buf_printf(&b, "<%s>", text);
	buf_printf(&b, "%s", "");
	buf_printf(&b, "%c%05d", '=', 42);
	CHECK("long", b.n == 699 + 2 + 6 && b.p[0] == '<' && strcmp(b.p + 700, ">=00042") == 0, "%zu bytes",
	        b.n);
	buf_release(&b);
}

int
main(void)
{
	test_growth();
	test_ceiling();
	test_space();
	test_printf();
	return CHECK_DONE();
}
