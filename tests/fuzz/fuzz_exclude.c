/*
 * fuzz_exclude.c - any lists of names and patterns against any workspace: matched as a table of all cases says.
 *
 * Input: lines; a list of owners, a list of workspaces, an owner, a workspace.
 */

#include "judge/exclude.h"

#include "base/ascii.h"
#include "fuzz.h"

#define LONGEST 120

/* The bracket of the pattern that begins at i; where it ends, or 0. */
static size_t
bracket(const char *p, size_t i, size_t n)
{
	size_t k = i + 1;

	if (k < n && p[k] == '!')
		k++;
	for (k++; k < n; k++)
		if (p[k] == ']')
			return k;
	return 0;
}

static bool
in_bracket(const char *p, size_t i, size_t close, char c)
{
	bool   inverted = p[i + 1] == '!', in = false;
	size_t k;

	for (k = i + 1 + inverted; k < close; k++) {
		if (k + 2 < close && p[k + 1] == '-') {
			if (ascii_lower(p[k]) <= ascii_lower(c) &&
			        ascii_lower(c) <= ascii_lower(p[k + 2]))
				in = true;
			k += 2;
		} else if (ascii_lower(p[k]) == ascii_lower(c)) {
			in = true;
		}
	}
	return in != inverted;
}

/* Does p[0..n) match all of s?  fits[i][k]: the first i bytes of the pattern match the first k of s. */
static bool
slow_match(const char *p, size_t n, const char *s)
{
	static bool fits[LONGEST + 2][LONGEST + 2];
	size_t      length = strlen(s), i, k, step;

	memset(fits, 0, sizeof(fits));
	fits[0][0] = true;
	for (i = 0; i < n; i += step) {
		size_t close = p[i] == '[' ? bracket(p, i, n) : 0;

		step = close != 0 ? close - i + 1 : 1;
		for (k = 0; k <= length; k++) {
			if (!fits[i][k])
				continue;
			if (p[i] == '*') {
				size_t m;

				for (m = k; m <= length; m++)
					fits[i + 1][m] = true;
			} else if (k < length &&
			           (close != 0 ? in_bracket(p, i, close, s[k])
			                       : p[i] == '?' || ascii_lower(p[i]) ==
			                                                ascii_lower(s[k]))) {
				fits[i + step][k + 1] = true;
			}
		}
	}
	return fits[n][length];
}

/* Does an entry of the list, as it is meant, match?  One with a slash both names, one without the name alone. */
static bool
slow_list(enum exclude_kind kind, const char *list, const char *owner, const char *name)
{
	size_t n;

	for (;; list += n + 1) {
		const char *s = list, *slash;
		size_t      meant;

		meant = n = strcspn(list, ",");
		exclude_as_meant(kind, &s, &meant);
		slash = memchr(s, '/', meant);
		if (slash == NULL ? slow_match(s, meant, name)
		                  : owner != NULL && slow_match(s, (size_t)(slash - s), owner) &&
		                            slow_match(slash + 1, meant - (size_t)(slash - s) - 1, name))
			return true;
		if (list[n] == '\0')
			return false;
	}
}

/* The list in a set of its own; false when it is refused. */
static bool
make(struct exclude *x, enum exclude_kind kind, const char *list, void **room)
{
	size_t n = exclude_count(list);
	bool   taken;

	*room = calloc(exclude_room(n), 1);
	REQUIRE(*room != NULL);
	memset(x, 0, sizeof(*x));
	exclude_init(&x->set[kind], *room, n, 1);
	taken = exclude_add(x, kind, list, "--exclude");
	REQUIRE(taken == exclude_is_list(kind, list));
	return taken;
}

static void
check(enum exclude_kind kind, const char *list, const struct exclude_subject *who, bool want)
{
	struct exclude x;
	void          *room;
	struct text    why;

	if (make(&x, kind, list, &room)) {
		REQUIRE(exclude_match(&x, who, &why) == want);
		REQUIRE((why.n != 0) == want && strlen(why.s) == why.n);
		REQUIRE(exclude_selects(&x, who, &why) == (want ? SELECTED : OUTSIDE));
		REQUIRE((why.n != 0) == !want && strlen(why.s) == why.n);
	}
	free(room);
}

/* Nothing is known: left alone, and neither selected nor outside. */
static void
check_nobody(const char *list)
{
	struct exclude_subject nobody = { .owner = NULL };
	struct exclude         x;
	void                  *room;
	struct text            why;

	if (make(&x, EXCLUDE_USER, list, &room))
		REQUIRE(exclude_match(&x, &nobody, &why) &&
		        exclude_selects(&x, &nobody, &why) == UNDECIDED);
	free(room);
}

/* The lines of the input; false when one is too long for the table. */
static bool
split(const uint8_t *data, size_t n, char field[4][LONGEST + 1])
{
	struct bytes b = { data, n };
	size_t       i, k;

	memset(field, 0, 4 * (LONGEST + 1));
	for (i = 0; i < 4; i++)
		for (k = 0; b.n > 0; k++) {
			char c = (char)take_number(&b, 1);

			if (c == '\n')
				break;
			if (c == '\0' || k == LONGEST)
				return false;
			field[i][k] = c;
		}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static char            field[4][LONGEST + 1];
	static char            both[2 * (LONGEST + 1)];
	struct exclude_subject who = {
		.owner = field[2], .workspace = field[3], .groups = { both, 2 }
	};

	/* No name has a slash in it; one that had could be taken for both parts. */
	if (!split(data, n, field) || strchr(field[2], '/') != NULL ||
	        strchr(field[3], '/') != NULL)
		return 0;
	memcpy(both, field[2], strlen(field[2]) + 1);
	memcpy(both + strlen(field[2]) + 1, field[3], strlen(field[3]) + 1);
	check(EXCLUDE_USER, field[0], &who, slow_list(EXCLUDE_USER, field[0], NULL, field[2]));
	check(EXCLUDE_NAME, field[1], &who, slow_list(EXCLUDE_NAME, field[1], field[2], field[3]));
	check(EXCLUDE_GROUP, field[0], &who,
	        slow_list(EXCLUDE_GROUP, field[0], NULL, field[2]) ||
	                slow_list(EXCLUDE_GROUP, field[0], NULL, field[3]));
	check_nobody(field[0]);
	return 0;
}
