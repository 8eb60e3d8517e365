/* cli.c - start-up, and one table of options turned into parsing, usage and help. */

#include "base/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/spelling.h"
#include "base/ndjson.h"
#include "base/rfc3339.h"
#include "base/text.h"
#include "base/xalloc.h"

/* ten thousand years: microseconds of it fit in an int64_t */
#define SPAN_MAX_S INT64_C(315360000000)
#define LONG_BASE 256 /* getopt's values of options without a letter begin here */
#define OPERAND 1     /* its value of a word that is no option */

static bool want_help, want_version, quiet, verbose;
static bool given[128]; /* by place in the program's table */

static const struct cli_option common_option[] = {
	OPT_FLAG('h', "help", &want_help, "print this and exit"),
	OPT_FLAG('q', "quiet", &quiet, "no summary line"),
	OPT_FLAG('V', "version", &want_version, "print the version and exit"),
	OPT_FLAG('v', "verbose", &verbose, "say more on standard error"),
};

#define COMMON (sizeof(common_option) / sizeof(common_option[0]))

static size_t
option_count(const struct cli *cli)
{
	return cli->options + COMMON;
}

static const struct cli_option *
option_at(const struct cli *cli, size_t i)
{
	return i < cli->options ? &cli->option[i] : &common_option[i - cli->options];
}

/*
 * Each missing one of descriptors 0-2 becomes /dev/null opened the wrong way round: any use of it
 * fails.
 */
static void
fill_standard_descriptors(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF &&
		        open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			_exit(CWS_FAIL);
}

void
cli_start(const struct cli *cli)
{
	struct sigaction ignore;

	fill_standard_descriptors();
	memset(&ignore, 0, sizeof(ignore));
	ignore.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL); /* a file that may not grow is a full disk: EFBIG */
	diag_init(cli->prog);
	xalloc_at_failure(ndjson_abort_no_memory, NULL);
}

int
cli_refuse(const struct cli *cli, const char *fmt, ...)
{
	char    text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_init(cli->prog);
	diag_error("%s", text);
	return CWS_USAGE;
}

/* "usage: cws-ttl [-ahqVv] [-N instant] [-s state,...] [--grace duration]" */
static void
usage_line(const struct cli *cli, struct buf *b)
{
	size_t i;

	buf_printf(b, "usage: %s [-", cli->prog);
	for (i = 0; i < option_count(cli); i++)
		if (option_at(cli, i)->arg == NULL && option_at(cli, i)->letter != 0)
			buf_putc(b, option_at(cli, i)->letter);
	buf_putc(b, ']');
	for (i = 0; i < option_count(cli); i++) {
		const struct cli_option *o = option_at(cli, i);

		if (o->arg == NULL && o->letter != 0)
			continue;
		if (o->letter != 0)
			buf_printf(b, " [-%c %s]", o->letter, o->arg);
		else if (o->arg == NULL)
			buf_printf(b, " [--%s]", o->name);
		else if (o->arg[0] == '[')
			buf_printf(
			        b, " [--%s[=%.*s]]", o->name, (int)strlen(o->arg) - 2, o->arg + 1);
		else
			buf_printf(b, " [--%s %s]", o->name, o->arg);
	}
	if (cli->files != NULL)
		buf_puts(b, " file ...");
	buf_putc(b, '\n');
}

static int
print(const struct buf *b)
{
	if (fwrite(buf_text(b), 1, b->n, stdout) != b->n || fflush(stdout) != 0) {
		diag_error("<stdout>: cannot write: %s", strerror(errno));
		return CWS_FAIL;
	}
	return CWS_OK;
}

#define HELP_INDENT 36 /* what stands before a blank and the help of an option */
#define HELP_WIDTH 80

/* The words an argument may be, on lines of their own below its help. */
static void
help_values(struct buf *b, const char *const *values)
{
	size_t column = HELP_INDENT;

	buf_printf(b, "%*s", HELP_INDENT, "");
	for (; *values != NULL; values++) {
		size_t n = strlen(*values) + 1;

		if (column + n > HELP_WIDTH) {
			buf_printf(b, "\n%*s", HELP_INDENT, "");
			column = HELP_INDENT;
		}
		buf_printf(b, " %s", *values);
		column += n;
	}
	buf_putc(b, '\n');
}

static int
help(const struct cli *cli)
{
	struct buf b;
	size_t     i;
	int        status;

	buf_init(&b, BUF_RECORD_MAX);
	usage_line(cli, &b);
	buf_printf(&b, "%s\n\n", cli->does);
	for (i = 0; i < option_count(cli); i++) {
		const struct cli_option *o = option_at(cli, i);
		const char              *eq = o->arg == NULL ? "" : o->arg[0] == '[' ? "[=" : " ";
		char                     left[80];

		snprintf(left, sizeof(left), "%c%c%s --%s%s%s", o->letter ? '-' : ' ',
		        o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name, eq,
		        o->arg == NULL ? "" : o->arg + (o->arg[0] == '['));
		buf_printf(&b, "  %-34s %s%s\n", left, o->help, o->values != NULL ? ":" : "");
		if (o->values != NULL)
			help_values(&b, o->values);
	}
	buf_printf(&b, "\nexample: %s\n", cli->example);
	status = print(&b);
	buf_release(&b);
	return status;
}

static int
version(const struct cli *cli)
{
	struct buf b;
	int        status;

	buf_init(&b, BUF_RECORD_MAX);
	buf_printf(&b, "%s " CWS_VERSION "\n", cli->prog);
	status = print(&b);
	buf_release(&b);
	return status;
}

int
cli_int(const char *text, int64_t min, int64_t max, int64_t *v, struct err *err)
{
	const char *p = text;
	int64_t     n = 0;

	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *p - '0', &n))
			break;
	if (p == text || *p != '\0' || n < min || n > max)
		return err_set(err, CWS_USAGE,
		        "expected a whole number from %lld to %lld, got \"%s\"", (long long)min,
		        (long long)max, text);
	*v = n;
	return 0;
}

int
cli_span(const char *text, int64_t *span_s, struct err *err)
{
	static const char    unit[] = "wdhms";
	static const int64_t size[] = { 604800, 86400, 3600, 60, 1 };
	const char          *p = text, *u = unit, *at;
	int64_t              total = 0, n;

	do {
		const char *first = p;

		for (n = 0; *p >= '0' && *p <= '9'; p++)
			if (__builtin_mul_overflow(n, 10, &n) ||
			        __builtin_add_overflow(n, *p - '0', &n))
				goto bad;
		if (p != first && *p == '\0' && first == text)
			return err_set(err, CWS_USAGE, "\"%s\" has no unit: write %sm or %ss", text,
			        text, text);
		at = p != first && *p != '\0' ? strchr(u, *p) : NULL;
		if (at == NULL || __builtin_mul_overflow(n, size[at - unit], &n) ||
		        __builtin_add_overflow(total, n, &total))
			goto bad;
		u = at + 1;
		p++;
	} while (*p != '\0');
	*span_s = total;
	return 0;
bad:
	return err_set(err, CWS_USAGE,
	        "expected a duration such as 90s, 30m, 8h, 2d or 1h30m, got \"%s\"", text);
}

int
cli_span_within(const char *text, int64_t min, int64_t max, int64_t *span_s, struct err *err)
{
	struct text range;
	int64_t     v;

	if (max == 0)
		max = SPAN_MAX_S;
	if (cli_span(text, &v, err) != 0)
		return -1;
	if (v < min || v > max) {
		text_clear(&range);
		text_span(&range, min);
		text_put(&range, " to ");
		text_span(&range, max);
		return err_set(err, CWS_USAGE, "%s is out of range: write %s", text, range.s);
	}
	*span_s = v;
	return 0;
}

static void
list_add(struct cli_list *l, const char *text, const char *from)
{
	l->item = xrealloc(l->item, l->n + 1, sizeof(*l->item));
	l->item[l->n++] = (struct cli_item){ text, from };
}

static int
take(const struct cli_option *o, const char *text, const char *from, struct err *err)
{
	switch (o->kind) {
	case CLI_FLAG:
		*(bool *)o->target = true;
		return 0;
	case CLI_INT:
		return cli_int(text, o->min, o->max != 0 ? o->max : INT64_MAX, o->target, err);
	case CLI_SPAN:
		return cli_span_within(text, o->min, o->max, o->target, err);
	case CLI_INSTANT: {
		struct when *w = o->target;

		if (!rfc3339_parse(text, strlen(text), &w->us))
			return err_set(err, CWS_USAGE,
			        "expected an instant such as 2026-06-30T15:00:00Z, got \"%s\"",
			        text);
		w->known = true;
		return 0;
	}
	case CLI_TEXT:
		if (text[0] == '\0')
			return err_set(err, CWS_USAGE, "expected %s, got nothing", o->arg);
		*(const char **)o->target = text;
		return 0;
	case CLI_LIST:
		if (text[0] == '\0')
			return err_set(err, CWS_USAGE, "expected %s, got nothing", o->arg);
		list_add(o->target, text, from);
		return 0;
	case CLI_PARSE:
		return o->parse(o->target, text, err);
	}
	return -1;
}

const struct cli_option *
cli_find(const struct cli *cli, const char *name)
{
	size_t i;

	for (i = 0; i < cli->options; i++)
		if (strcmp(cli->option[i].name, name) == 0)
			return &cli->option[i];
	return NULL;
}

static bool *
given_at(const struct cli *cli, const struct cli_option *o)
{
	static bool common;
	size_t      i;

	for (i = 0; i < cli->options && i < sizeof(given) / sizeof(given[0]); i++)
		if (&cli->option[i] == o)
			return &given[i];
	return &common;
}

bool
cli_given(const struct cli *cli, const struct cli_option *o)
{
	return *given_at(cli, o);
}

int
cli_take(const struct cli_option *o, const char *text, const char *from, struct err *err)
{
	if (o->given != NULL)
		*o->given = true;
	return take(o, text, from, err);
}

/* An option nobody knows: name the nearest one. */
static int
unknown(const struct cli *cli, const char *word)
{
	char        name[64];
	size_t      i, best;
	const char *near = NULL;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	/* Three edits make any short word of any other: at most a third of it may be wrong. */
	best = strlen(name) / 3 + 1;
	best = best < 4 ? best : 4;
	for (i = 0; i < option_count(cli) && strncmp(name, "--", 2) == 0; i++) {
		const char *whole = option_at(cli, i)->name;
		size_t      d = spelling_distance(name + 2, whole);

		if (name[2] != '\0' && strncmp(whole, name + 2, strlen(name + 2)) == 0)
			d = 0; /* the beginning of it */
		if (d < best) {
			best = d;
			near = option_at(cli, i)->name;
		}
	}
	if (near != NULL)
		return cli_refuse(cli, "unknown option '%s': write --%s, or see '%s --help'", name,
		        near, cli->prog);
	return cli_refuse(
	        cli, "unknown option '%s': see '%s --help' for those there are", name, cli->prog);
}

/* getopt's tables from ours; both are owned by the caller. */
static void
getopt_tables(const struct cli *cli, struct option **longs, char **shorts)
{
	size_t n = option_count(cli), i;
	char  *p;

	*longs = xcalloc(n + 1, sizeof(**longs));
	p = *shorts = xcalloc(3 * n + 3, 1);
	/* hand out each operand as OPERAND, or stop at the first */
	*p++ = cli->files != NULL ? '-' : '+';
	*p++ = ':';
	for (i = 0; i < n; i++) {
		const struct cli_option *o = option_at(cli, i);

		(*longs)[i].name = o->name;
		(*longs)[i].has_arg = o->arg == NULL     ? no_argument
		                      : o->arg[0] == '[' ? optional_argument
		                                         : required_argument;
		(*longs)[i].val = LONG_BASE + (int)i;
		if (o->letter != 0) {
			*p++ = o->letter;
			if (o->arg != NULL)
				*p++ = ':';
		}
	}
}

static const struct cli_option *
option_of(const struct cli *cli, int c)
{
	size_t i;

	if (c >= LONG_BASE)
		return option_at(cli, (size_t)(c - LONG_BASE));
	if (c == 0) /* getopt's optopt for a long name it does not know */
		return NULL;
	for (i = 0; i < option_count(cli); i++)
		if (option_at(cli, i)->letter == c)
			return option_at(cli, i);
	return NULL;
}

/* Is this, up to an equals sign, the whole name? */
static bool
spells(const char *word, const char *name)
{
	size_t n = strcspn(word, "=");

	return strlen(name) == n && strncmp(word, name, n) == 0;
}

/*
 * A word that belongs to no option; behind one whose argument may be left out it was meant for it.
 */
static int
operand(const struct cli *cli, char **argv)
{
	const char *before = optind > 1 ? argv[optind - 1] : "";
	size_t      i;

	for (i = 0; i < option_count(cli) && strncmp(before, "--", 2) == 0; i++) {
		const struct cli_option *o = option_at(cli, i);

		if (o->arg != NULL && o->arg[0] == '[' && spells(before + 2, o->name))
			return cli_refuse(cli, "unexpected operand '%s': write --%s=%s",
			        argv[optind], o->name, argv[optind]);
	}
	return cli_refuse(cli, "unexpected operand '%s': only options are taken, see '%s --help'",
	        argv[optind], cli->prog);
}

static int
parse_all(const struct cli *cli, int argc, char **argv, const struct option *longs,
        const char *shorts)
{
	struct err err;
	int        c;

	opterr = 0;
	memset(given, 0, sizeof(given));
	for (;;) {
		const char              *word = argv[optind];
		const struct cli_option *o;

		if ((c = getopt_long(argc, argv, shorts, longs, NULL)) == -1)
			break;
		if (c == OPERAND) {
			list_add(cli->files, optarg, NULL);
			continue;
		}
		o = option_of(cli, c == ':' || c == '?' ? optopt : c);
		/*
		 * getopt takes the beginning of a name for the name.  What is short for one
		 * option today could be another tomorrow, and --token, the coder CLI's own
		 * option for the token itself, would name a file here.
		 */
		if (o != NULL && strncmp(word, "--", 2) == 0 && !spells(word + 2, o->name))
			return unknown(cli, word);
		if (c == ':')
			return cli_refuse(cli,
			        "option '%s' needs its %s behind it: see '%s --help'",
			        argv[optind - 1], o != NULL ? o->arg : "argument", cli->prog);
		if (c == '?' && optopt != 0 && o == NULL) {
			char letter[3] = { '-', (char)optopt, '\0' };

			return unknown(cli, letter);
		}
		if (c == '?' && o != NULL)
			return cli_refuse(cli, "option '--%s' takes no argument: write --%s",
			        o->name, o->name);
		if (c == '?' || o == NULL)
			return unknown(cli, argv[optind - 1]);
		*given_at(cli, o) = true;
		if (cli_take(o, optarg, NULL, &err) != 0)
			return cli_refuse(cli, "--%s: %s", o->name, err.text);
	}
	for (; cli->files != NULL && optind < argc; optind++)
		list_add(cli->files, argv[optind], NULL);
	return optind < argc ? operand(cli, argv) : -1;
}

int
cli_parse(const struct cli *cli, int argc, char **argv)
{
	struct option *longs;
	char          *shorts;
	int            status;

	getopt_tables(cli, &longs, &shorts);
	status = parse_all(cli, argc, argv, longs, shorts);
	free(longs);
	free(shorts);
	diag_level(quiet, verbose);
	if (status >= 0)
		return status;
	if (want_help)
		return help(cli);
	if (want_version)
		return version(cli);
	if (cli->files != NULL && cli->files->n == 0)
		return cli_refuse(cli, "no file given: see '%s --help'", cli->prog);
	return -1;
}

bool
cli_stdin_is_terminal(const struct cli *cli)
{
	struct buf b;

	if (!isatty(STDIN_FILENO))
		return false;
	buf_init(&b, BUF_RECORD_MAX);
	usage_line(cli, &b);
	b.p[b.n - 1] = '\0';
	diag_error("records come on standard input: %s; example: %s", b.p, cli->example);
	buf_release(&b);
	return true;
}

void
cli_list_release(struct cli_list *list)
{
	free(list->item);
	list->item = NULL;
	list->n = 0;
}
