/*
 * fuzz.h - what the drivers share: a property that has to hold, files, numbers out of bytes.
 *
 * A driver is LLVMFuzzerTestOneInput: clang's libFuzzer calls it with bytes of
 * its own making, replay.c with those of tests/fuzz/corpus.
 */

#ifndef CWS_FUZZ_H
#define CWS_FUZZ_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define REQUIRE(ok)                                                                             \
	do {                                                                                    \
		if (!(ok)) {                                                                    \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #ok); \
			abort();                                                                \
		}                                                                               \
	} while (0)

/* What is left of the input. */
struct bytes {
	const uint8_t *p;
	size_t         n;
};

/* take_number - the next so many bytes as a number; 0 for those that are not there. */
static inline uint64_t
take_number(struct bytes *b, size_t bytes)
{
	uint64_t v = 0;

	for (; bytes > 0; bytes--) {
		v = v << 8 | (b->n > 0 ? *b->p : 0);
		b->p += b->n > 0;
		b->n -= b->n > 0;
	}
	return v;
}

/* text_of - a copy of the bytes up to the first NUL, and a NUL; owned by the caller. */
static inline char *
text_of(const uint8_t *p, size_t n)
{
	const uint8_t *nul = n != 0 ? memchr(p, '\0', n) : NULL;
	size_t         length = nul != NULL ? (size_t)(nul - p) : n;
	char          *text = malloc(length + 1);

	if (text == NULL)
		abort();
	if (length != 0)
		memcpy(text, p, length);
	text[length] = '\0';
	return text;
}

/* file_of - the path of a file that holds these bytes, until the next call. */
static inline const char *
file_of(const void *p, size_t n)
{
	static char path[32];
	static int  fd = -1;

	if (fd == -1) {
		char name[] = "/tmp/cws-fuzz-XXXXXX";

		fd = mkstemp(name);
		REQUIRE(fd != -1 && unlink(name) == 0);
		snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	}
	/* Where /dev/fd duplicates, the new descriptor reads on from where this one stands. */
	REQUIRE(ftruncate(fd, 0) == 0 && pwrite(fd, p, n, 0) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0);
	return path;
}

/* contains - do these bytes hold the word? */
static inline bool
contains(const char *p, size_t n, const char *word)
{
	size_t length = strlen(word);

	for (; n >= length; p++, n--)
		if (memcmp(p, word, length) == 0)
			return true;
	return false;
}

/* is_clean - one line without control characters, as a message has to be. */
static inline bool
is_clean(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

#endif
