/*
 * cli.h - start-up, options and their arguments, the same for every program.
 *
 * A program describes its options once, in a table; getopt's strings, the
 * usage line, --help and the complaints all come from that table.
 */

#ifndef CWS_CLI_H
#define CWS_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/when.h"

enum cli_kind {
	CLI_FLAG,    /* target: bool, set to true */
	CLI_INT,     /* target: int64_t, within min..max */
	CLI_SPAN,    /* target: int64_t, seconds: 90s 30m 8h 2d 1h30m */
	CLI_INSTANT, /* target: struct when */
	CLI_TEXT,    /* target: const char *, borrowed from argv */
	CLI_LIST,    /* target: struct cli_list; may be repeated */
	CLI_PARSE    /* target: handed to parse() */
};

/* Arguments of a repeated option, in order. */
struct cli_list {
	struct cli_item {
		const char *text; /* borrowed from argv or from the settings */
		const char *from; /* the setting's path; NULL: the command line */
	} * item;                 /* owned by the list */
	size_t n;
};

struct cli_option {
	char          letter; /* 0 when there is only the long name */
	const char   *name;
	enum cli_kind kind;
	/*
	 * the argument's name in usage and manual; NULL for a flag; "[duration]" when it may be
	 * left out
	 */
	const char   *arg;
	void         *target;
	const char   *help;
	int64_t       min, max; /* CLI_INT and CLI_SPAN; both 0: no other limit than >= 0 */
	/*
	 * CLI_PARSE: text is NULL when an optional argument was left out.  0, or -1 with err
	 * filled.
	 */
	int (*parse)(void *target, const char *text, struct err *err);
	bool              *given; /* optional: set to true when the option was there */
	/*
	 * optional: all words that the argument, or each part of a list, may be; NULL at the end.
	 * --help tells them, parse() holds to them.
	 */
	const char *const *values;
};

/*
 * The rows of a table of options, one line each.  The letter is 0 where there
 * is only the long name; a target of another type than its kind wants does not
 * compile.  Behind the help may stand what few options have, by its name:
 *
 *     OPT_FLAG('n', "dry-run", &o.dry_run, "send nothing, even with -x"),
 *     OPT_INT('j', "jobs", &o.jobs, 1, 64, "requests at a time, 1-64 (5)"),
 *     OPT_SPAN(0, "soft", &s.soft_s, "so far ahead, 30m to 24h", .min = 1800, .max = 86400),
 *     OPT_PARSE(0, "rate", "n/unit", &o.emit_us, act_parse_rate, "requests a minute (10/m)"),
 */
#define OPT_FLAG(letter, name, target, ...) \
	{ \
		letter, name, CLI_FLAG, NULL, OPT_TARGET(bool, target), .help = __VA_ARGS__ \
	}
#define OPT_INT(letter, name, target, low, high, ...) \
	{ \
		letter, name, CLI_INT, "n", OPT_TARGET(int64_t, target), .min = low, .max = high, \
		                                                         .help = __VA_ARGS__ \
	}
#define OPT_SPAN(letter, name, target, ...) \
	{ \
		letter, name, CLI_SPAN, "duration", OPT_TARGET(int64_t, target), \
		        .help = __VA_ARGS__ \
	}
#define OPT_INSTANT(letter, name, target, ...) \
	{ \
		letter, name, CLI_INSTANT, "instant", OPT_TARGET(struct when, target), \
		        .help = __VA_ARGS__ \
	}
#define OPT_TEXT(letter, name, arg, target, ...) \
	{ \
		letter, name, CLI_TEXT, arg, OPT_TARGET(const char *, target), .help = __VA_ARGS__ \
	}
#define OPT_LIST(letter, name, target, ...) \
	{ \
		letter, name, CLI_LIST, "name,...", OPT_TARGET(struct cli_list, target), \
		        .help = __VA_ARGS__ \
	}
#define OPT_PARSE(letter, name, arg, target, reader, ...) \
	{ \
		letter, name, CLI_PARSE, arg, target, .parse = reader, .help = __VA_ARGS__ \
	}
#define OPT_TARGET(type, target) _Generic((target), type * : (target))

struct cli {
	const char              *prog;
	const char              *does;    /* one line for --help */
	const char              *example; /* a pipeline that works when pasted */
	const struct cli_option *option;
	size_t                   options;
	/* the operands, at least one; NULL: the program takes none */
	struct cli_list         *files;
};

/*
 * cli_start - make the process safe before anything is opened: descriptors 0-2
 * exist, SIGPIPE and SIGXFSZ are ignored, messages carry the program's name.
 * Source: curl's main_checkfds; a socket on descriptor 1 would take our records.
 */
void
cli_start(const struct cli *cli);

/*
 * cli_parse - read the options; -h -V -q -v are known to every program.
 * Returns -1 when the program shall go on, else the status to end with (--help
 * and --version have been printed, a wrong call has been reported in one line).
 * Options may stand behind operands; what is behind "--" is an operand.
 */
int
cli_parse(const struct cli *cli, int argc, char **argv);

/* cli_find - the program's option of this long name, NULL when it has none. */
const struct cli_option *
cli_find(const struct cli *cli, const char *name);

/* cli_given - was this option of the program's table on the command line? */
bool
cli_given(const struct cli *cli, const struct cli_option *o);

/*
 * cli_take - give an option its value as if it had been written on the command
 * line (cli_given still says no).  Text is borrowed as from argv, NULL for a
 * flag; from is the setting that says so, NULL for the command line itself.
 * 0, or -1 with err.
 */
int
cli_take(const struct cli_option *o, const char *text, const char *from, struct err *err);

/* cli_refuse - report a wrong call in one line; returns CWS_USAGE. */
int
cli_refuse(const struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* cli_stdin_is_terminal - true, after one line of usage, when records would have to be typed. */
bool
cli_stdin_is_terminal(const struct cli *cli);

/*
 * cli_span - "90s", "30m", "8h", "2d", "1w", "1h30m" to seconds: units w d h m s in
 * this order, each at most once, whole numbers.  -1 with err for anything else,
 * a bare number included.
 */
int
cli_span(const char *text, int64_t *span_s, struct err *err);

/* cli_span_within - the same, from min to max seconds; max 0: ten thousand years. */
int
cli_span_within(const char *text, int64_t min, int64_t max, int64_t *span_s, struct err *err);

/* cli_int - decimal digits only, within min..max. */
int
cli_int(const char *text, int64_t min, int64_t max, int64_t *v, struct err *err);

/* cli_list_release - free the list's own memory. */
void
cli_list_release(struct cli_list *list);

#endif
