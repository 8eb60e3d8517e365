/*
 * ndjson.h - bytes <-> lines, with buffers of our own.
 *
 * The reader hands out one line at a time, knows a last line without newline,
 * drops what is longer than BUF_RECORD_MAX, skips blank lines and a leading
 * byte order mark, and counts every line.  The writer is flushed before each
 * read that may block, so a slow producer's records are seen at once.
 */

#ifndef CWS_NDJSON_H
#define CWS_NDJSON_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum ndjson_kind {
	ND_LINE, /* a line that ended with a newline */
	ND_LAST, /* the rest of the input, which has no newline */
	ND_LONG, /* a line longer than BUF_RECORD_MAX, dropped */
	ND_EOF,
	/*
	 * errno says why; EINTR: *stop was set; ETIMEDOUT: the deadline came; flush->error: it
	 * was the writing
	 */
	ND_ERROR,
};

struct ndjson_out {
	int      fd;
	char    *p; /* owned */
	size_t   n;
	int      error;           /* errno of the first failed write; nothing is written after it */
	uint64_t queued, written; /* bytes handed to us so far, and those of them that left */
	uint64_t lines;           /* queued by ndjson_put */
	bool     terminal;        /* fd is one */
	/* may be NULL: when not 0, a reader that stands still gets half a second */
	const volatile sig_atomic_t *stop;
};

struct ndjson_in {
	int                          fd;
	char                        *p; /* owned */
	size_t                       at, len, cap;
	uint64_t                     lineno; /* of the line last handed out, from 1 */
	bool                         eof, skipping;
	struct ndjson_out           *flush; /* may be NULL: written out before a read */
	const volatile sig_atomic_t *stop;  /* may be NULL: ends the reading when not 0 */
	/* a clock_mono_ms() instant that ends it; ndjson_open sets INT64_MAX */
	int64_t                      deadline_ms;
};

/* ndjson_open - read lines from fd (borrowed).  ndjson_close frees the buffer. */
void
ndjson_open(struct ndjson_in *in, int fd);
void
ndjson_close(struct ndjson_in *in);

/*
 * ndjson_next - the next line, without newline and carriage return.
 * *line is borrowed until the next call and is followed by a NUL.
 */
enum ndjson_kind
ndjson_next(struct ndjson_in *in, const char **line, size_t *n);

/*
 * ndjson_feeds_itself - are both one regular file that is not empty, so that what is written
 * would be read again?  As cat refuses it.
 */
bool
ndjson_feeds_itself(const struct ndjson_in *in, const struct ndjson_out *out);

/*
 * ndjson_out_open - write lines to fd (borrowed).  Standard output: should memory run
 * out before it is closed, the abort mark ends it (ndjson_abort_no_memory).
 */
void
ndjson_out_open(struct ndjson_out *out, int fd);

/* ndjson_put - queue n bytes and a newline.  -1 with out->error when writing failed. */
int
ndjson_put(struct ndjson_out *out, const char *p, size_t n);

/* ndjson_raw - queue n bytes as they are. */
int
ndjson_raw(struct ndjson_out *out, const char *p, size_t n);

/* ndjson_flush - write what is queued.  -1 with out->error. */
int
ndjson_flush(struct ndjson_out *out);

/*
 * ndjson_abort - tell the next program that this stream is not whole: one
 * unterminated line {"cws":{"aborted":"PROG: WHY" that is no JSON.  prog NULL:
 * why names the program already.
 */
void
ndjson_abort(struct ndjson_out *out, const char *prog, const char *why);

/*
 * ndjson_abort_no_memory - for xalloc_at_failure: end standard output with the abort mark.
 * out: the struct ndjson_out on it, NULL when there is none yet.
 */
void
ndjson_abort_no_memory(void *out);

/* ndjson_aborted - what an abort mark says, or false when the text is none. */
bool
ndjson_aborted(const char *line, size_t n, char *why, size_t size);

/*
 * ndjson_out_close - flush, close the descriptor (a full disk shows here), free.  -1 with
 * out->error.
 */
int
ndjson_out_close(struct ndjson_out *out);

/*
 * ndjson_hint - to a person before whom records went over a terminal, how they become a table.
 * Once, after the last record.
 */
void
ndjson_hint(const struct ndjson_out *out);

/*
 * ndjson_finish - the same at the end of a program that writes records.  Returns
 * status, CWS_OK when the reader has left, CWS_FAIL (told) when writing failed.
 */
int
ndjson_finish(struct ndjson_out *out, int status);

#endif
