/*
 * diag.h - the only code that writes to standard error.
 *
 * One message is one line, "program: text": in it control characters, those that turn
 * the line around (U+202E, say), and bytes that are no UTF-8 are replaced by '?', and every
 * registered secret by "[redacted]", whatever the text came from.
 */

#ifndef CWS_DIAG_H
#define CWS_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* diag_init - prog is borrowed for the life of the process. */
void
diag_init(const char *prog);

/* diag_prog - the name that messages begin with. */
const char *
diag_prog(void);

/* diag_level - quiet: no summaries or notices; verbose: traces too. */
void
diag_level(bool quiet, bool verbose);

/* diag_secret - never show this text (borrowed; shorter than 4 bytes is ignored). */
void
diag_secret(const char *text);

/* diag_forget_secrets - for their owner, before it frees them and after the last message. */
void
diag_forget_secrets(void);

/* diag_error - a fault; always shown. */
void
diag_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* diag_warn - "warning: ..."; always shown: the safety of this run rests on a person who knows. */
void
diag_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* diag_notice - "warning: ..." about anything else; with -q only where -v is there too. */
void
diag_notice(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* diag_say - summaries and progress lines; not with -q. */
void
diag_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* diag_trace - only with -v. */
void
diag_trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * diag_progress - one line that is overwritten by the next, on a terminal only; not
 * with -q, NO_COLOR or TERM=dumb.  Cleaned as any message, and cut at 79 bytes.
 * NULL wipes it.
 */
void
diag_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * diag_line - a fault of one input line: "program: <stdin>:12: text".  After
 * ten of them only a count is kept, told by diag_lines_end.
 */
void
diag_line(const char *input, uint64_t lineno, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
void
diag_lines_end(const char *input);

/*
 * diag_clean - copy at most max bytes of foreign text into out[max + 1], replaced as in a
 * message (a server may echo what it was sent).
 */
void
diag_clean(char *out, size_t max, const char *text, size_t n);

#endif
