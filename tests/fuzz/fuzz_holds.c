/* fuzz_holds.c - any bytes as a file of holds: refused as a whole, or each line holds what it names until then. */

#include "settings/holds_load.h"

#include "base/ascii.h"
#include "base/json_write.h"
#include "fuzz.h"
#include "slow.h"

/* Lines that are not blank, a leading byte order mark counted as nothing. */
static size_t
lines_of(const char *p, size_t n)
{
	size_t lines = 0, at, length;

	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3, n -= 3;
	for (at = 0; at < n; at += length + 1) {
		const char *nl = memchr(p + at, '\n', n - at);
		size_t      text = length = nl != NULL ? (size_t)(nl - p) - at : n - at;

		if (nl != NULL && text > 0 && p[at + text - 1] == '\r')
			text--;
		while (text > 0 && (p[at + text - 1] == ' ' || p[at + text - 1] == '\t'))
			text--;
		lines += text != 0;
	}
	return lines;
}

static bool
same_workspace(const char *a, const char *b)
{
	return strlen(a) == strlen(b) && ascii_same(a, b, strlen(a));
}

/* Held by the last of all that name it, up to that instant and no longer. */
static void
check_hold(const struct holds *h, const struct hold *x)
{
	int64_t     until = x->until_us;
	const char *slash = strchr(x->workspace, '/');
	char       *owner = text_of((const uint8_t *)x->workspace, (size_t)(slash - x->workspace)), *c;
	struct text why;
	size_t      i;

	REQUIRE(slash != NULL && holds_is_workspace(x->workspace));
	for (i = 0; i < h->n; i++)
		if (same_workspace(h->hold[i].workspace, x->workspace) && h->hold[i].until_us > until)
			until = h->hold[i].until_us;
	/* In any case of its letters. */
	for (c = owner; *c != '\0'; c++)
		*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	REQUIRE(holds_match(h, owner, slash + 1, until - 1, &why));
	REQUIRE(strncmp(why.s, "held until ", 11) == 0 && strlen(why.s) == why.n);
	REQUIRE(!holds_match(h, owner, slash + 1, until, &why) && why.n == 0);
	REQUIRE(!holds_match(h, owner, "another-name-of-more-than-any", until - 1, &why) ||
	        strcmp(slash + 1, "another-name-of-more-than-any") == 0);
	free(owner);
}

/* Written as the manual says, and read again: the same, to the second. */
static void
check_again(const struct holds *h)
{
	struct holds_file again = { .path = NULL };
	struct buf        b, one;
	struct err        err;
	size_t            i;
	bool              exact_years = true;

	buf_init(&b, BUF_RECORD_MAX);
	buf_init(&one, BUF_RECORD_MAX);
	for (i = 0; i < h->n; i++) {
		buf_reset(&one);
		json_write_open(&one, NULL);
		json_write_text(&one, "workspace", h->hold[i].workspace);
		json_write_when(&one, "until", when_at(h->hold[i].until_us));
		json_write_text(&one, "who", h->hold[i].who);
		json_write_text(&one, "why", h->hold[i].why);
		json_write_close(&one);
		buf_put(&b, one.p, one.n);
		buf_putc(&b, '\n');
		/* What an offset moves out of the years 1 to 9999 cannot be written. */
		exact_years = exact_years && h->hold[i].until_us >= INT64_C(-62135596800000000) &&
		        h->hold[i].until_us < INT64_C(253402300800000000);
	}
	if (exact_years && b.n != 0) {
		REQUIRE(holds_load(&again, file_of(b.p, b.n), &err) == 0 && again.holds.n == h->n);
		for (i = 0; i < h->n; i++) {
			const struct hold *x = &h->hold[i], *y = &again.hold[i];

			REQUIRE(strcmp(x->workspace, y->workspace) == 0 && floor_s(x->until_us) == floor_s(y->until_us));
			REQUIRE(strcmp(x->who != NULL ? x->who : "\1", y->who != NULL ? y->who : "\1") == 0);
			REQUIRE(strcmp(x->why != NULL ? x->why : "\1", y->why != NULL ? y->why : "\1") == 0);
		}
	}
	holds_unload(&again);
	buf_release(&b);
	buf_release(&one);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char       *path = file_of(data, n);
	struct holds_file f = { .path = NULL };
	struct err        err = { .text = "" };
	size_t            i, expired;

	if (holds_load(&f, path, &err) == 0) {
		REQUIRE(f.holds.n == lines_of((const char *)data, n));
		for (i = 0; i < f.holds.n && i < 40; i++)
			check_hold(&f.holds, &f.holds.hold[i]);
		holds_expired(&f.holds, INT64_MAX, &expired);
		REQUIRE(expired == f.holds.n);
		check_again(&f.holds);
	} else {
		REQUIRE(err.status == CWS_USAGE && strncmp(err.text, path, strlen(path)) == 0);
	}
	holds_unload(&f);
	return 0;
}
