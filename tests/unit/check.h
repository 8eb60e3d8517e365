/*
 * check.h - the whole of our unit test frame: rows, one loop, one line per failure.
 *
 *	static const struct { const char *name; ... } rows[] = { ... };
 *	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
 *		CHECK(rows[i].name, got == rows[i].want, "got %d", got);
 *	return CHECK_DONE();
 */

#ifndef CWS_CHECK_H
#define CWS_CHECK_H

#include <stdio.h>
#include <string.h>

static unsigned check_passed, check_failed;

#define CHECK(name, ok, ...)                                                          \
	do {                                                                          \
		if (ok) {                                                             \
			check_passed++;                                               \
		} else {                                                              \
			check_failed++;                                               \
			printf("not ok - %s:%d: %s: ", __FILE__, __LINE__, (name));   \
			printf(__VA_ARGS__);                                          \
			putchar('\n');                                                \
		}                                                                     \
	} while (0)

#define CHECK_TEXT(name, got, want) \
	CHECK(name, strcmp((got), (want)) == 0, "got \"%s\", want \"%s\"", (got), (want))

/* The last line of every unit test: scripts/check adds these counts up. */
#define CHECK_DONE() \
	(printf("%u passed, %u failed\n", check_passed, check_failed), check_failed != 0 || check_passed == 0)

#endif
