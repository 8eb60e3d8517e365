/* test_cli.c - arguments, and whole command lines as a process sees them. */

#include "base/cli.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define NO (-1)

static struct err err;

static void
test_span(void)
{
	static const struct {
		const char *text;
		int64_t     s; /* NO: refused */
	} rows[] = {
		{ "0s", 0 }, { "1s", 1 }, { "90s", 90 }, { "30m", 1800 }, { "8h", 28800 }, { "2d", 172800 },
		{ "1w", 604800 }, { "1h30m", 5400 }, { "1w2d3h4m5s", 788645 }, { "1d1s", 86401 },
		{ "007s", 7 },
		{ "0h0m0s", 0 }, { "100000h", 360000000 }, { "9223372036854775807s", INT64_MAX },
		{ "", NO }, { "s", NO }, { "h", NO }, { "1", NO }, { "0", NO }, { "90", NO }, { "1h30", NO },
		{ "1.5h", NO }, { "1,5h", NO }, { "30m1h", NO }, { "1h1h", NO }, { "1s1m", NO },
		{ "1hh", NO },
		{ "1hm", NO }, { "+1h", NO }, { "-1h", NO }, { "1h-30m", NO }, { " 1h", NO }, { "1h ", NO },
		{ "1 h", NO }, { "1h 30m", NO }, { "1H", NO }, { "1M", NO }, { "1y", NO }, { "1ms", NO },
		{ "1us", NO },
		{ "0x10s", NO }, { "1e3s", NO }, { "one hour", NO }, { "1h\n", NO }, { "\xd9\xa1h", NO },
		{ "9223372036854775808s", NO }, { "99999999999999999999s", NO },
		{ "153722867280912931m", NO },
		{ "15250284452472w", NO }, { "9223372036854775807s1s", NO }, { "1m9223372036854775807s", NO },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t s = 77;
		int     got = cli_span(rows[i].text, &s, &err);

		CHECK(rows[i].text, (got == 0) == (rows[i].s != NO), "got %d, %lld", got, (long long)s);
		CHECK(rows[i].text, s == (rows[i].s == NO ? 77 : rows[i].s), "%lld s", (long long)s);
		CHECK(rows[i].text, got == 0 || err.status == CWS_USAGE, "status %d", (int)err.status);
	}
	cli_span("90", &(int64_t){ 0 }, &err);
	CHECK_TEXT("hint", err.text, "\"90\" has no unit: write 90m or 90s");
	cli_span("1h30", &(int64_t){ 0 }, &err);
	CHECK_TEXT("hint", err.text, "expected a duration such as 90s, 30m, 8h, 2d or 1h30m, got \"1h30\"");
}

static void
test_int(void)
{
	static const struct {
		const char *text;
		int64_t     min, max, v; /* NO: refused */
	} rows[] = {
		{ "0", 0, 10, 0 }, { "10", 0, 10, 10 }, { "11", 0, 10, NO }, { "1", 2, 10, NO },
		{ "2", 2, 10, 2 },
		{ "007", 0, 10, 7 }, { "9223372036854775807", 0, INT64_MAX, INT64_MAX },
		{ "9223372036854775808", 0, INT64_MAX, NO }, { "99999999999999999999", 0, INT64_MAX, NO },
		{ "", 0, 10, NO },
		{ "-1", -10, 10, NO }, { "+1", 0, 10, NO }, { " 1", 0, 10, NO }, { "1 ", 0, 10, NO },
		{ "1.0", 0, 10, NO },
		{ "1e1", 0, 10, NO }, { "0x1", 0, 10, NO }, { "1k", 0, 10, NO }, { "x", 0, 10, NO },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t v = 77;
		int     got = cli_int(rows[i].text, rows[i].min, rows[i].max, &v, &err);

		CHECK(rows[i].text, (got == 0) == (rows[i].v != NO), "got %d, %lld", got, (long long)v);
		CHECK(rows[i].text, v == (rows[i].v == NO ? 77 : rows[i].v), "%lld", (long long)v);
	}
	cli_int("x", 1, 50, &(int64_t){ 0 }, &err);
	CHECK_TEXT("message", err.text, "expected a whole number from 1 to 50, got \"x\"");
}

/* A program with an option of each kind; it prints what it was given. */
static int
even(void *target, const char *text, struct err *e)
{
	int64_t v = 1;

	if (text == NULL)
		return 0;
	if (cli_int(text, 0, 100, &v, e) != 0)
		return -1;
	if (v % 2 != 0)
		return err_set(e, CWS_USAGE, "%s is odd", text);
	*(int64_t *)target = v;
	return 0;
}

/* The third and the fourth fill a line of --help. */
static const char *const pairs[] = { "even", "2", "12345678901234567890123456789012345678901", "4", "last", NULL };

static bool takes_files; /* does the program below? */

static int
program(int argc, char **argv)
{
	bool                    all = false, any = false, given = false, asked = false;
	int64_t                 jobs = 5, span = 60, pair = 7;
	struct when             now = when_none();
	const char             *file = "none";
	struct cli_list         users = { .n = 0 }, files = { .n = 0 };
	const struct cli_option option[] = {
		OPT_FLAG('a', "all", &all, "all of them"),
		OPT_FLAG(0, "any", &any, "any of them"),
		OPT_INT('j', "jobs", &jobs, 1, 50, "that many"),
		OPT_SPAN(0, "soon", &span, "that long", .min = 60, .max = 3600, .given = &given),
		OPT_INSTANT('N', "now", &now, "at that instant"),
		OPT_TEXT(0, "file", "path", &file, "that file"),
		OPT_LIST('u', "user", &users, "that user"),
		OPT_PARSE(0, "pair", "[even]", &pair, even, "that pair", .given = &asked, .values = pairs),
	};
	const struct cli cli = { .prog = "prog", .does = "Print what it was given.", .example = "prog -a",
		.option = option, .options = sizeof(option) / sizeof(option[0]),
		.files = takes_files ? &files : NULL };
	int    status;
	size_t i;

	cli_start(&cli);
	status = cli_parse(&cli, argc, argv);
	if (status >= 0) {
		cli_list_release(&users);
		cli_list_release(&files);
		return status;
	}
	printf("%d%d j%lld s%lld%d n%lld %s p%lld%d u", all, any, (long long)jobs, (long long)span, given,
	        now.known ? (long long)now.us : NO, file, (long long)pair, asked);
	for (i = 0; i < users.n; i++)
		printf(",%s", users.item[i].text);
	for (i = 0; i < files.n; i++)
		printf(" <%s>", files.item[i].text);
	cli_list_release(&users);
	cli_list_release(&files);
	return 0;
}

/* Run it with the words of one line; standard output goes to a path or, NULL, is kept. */
static int
run(const char *line, const char *out_path, char *out, char *errs, size_t size)
{
	char   words[256], *argv[20] = { NULL }, *p;
	int    to[2], et[2], argc = 0, status;
	pid_t  pid;
	size_t n;
	ssize_t got;

	snprintf(words, sizeof(words), "prog%s%s", line[0] != '\0' ? " " : "", line);
	for (p = words; argc < 19; *p++ = '\0') {
		argv[argc++] = p;
		p += strcspn(p, " ");
		if (*p == '\0')
			break;
	}
	for (n = 1; argv[n] != NULL; n++)
		if (strcmp(argv[n], "EMPTY") == 0)
			argv[n] = words + strlen("prog");
	fflush(stdout);
	if (pipe(to) != 0 || pipe(et) != 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		int fd = out_path != NULL ? open(out_path, O_WRONLY) : to[1];

		dup2(fd, STDOUT_FILENO);
		dup2(et[1], STDERR_FILENO);
		close(to[0]);
		close(to[1]);
		close(et[0]);
		close(et[1]);
		status = program(argc, argv);
		fflush(stdout);
		_exit(status);
	}
	close(to[1]);
	close(et[1]);
	for (n = 0; (got = read(to[0], out + n, size - 1 - n)) > 0; n += (size_t)got)
		continue;
	out[n] = '\0';
	for (n = 0; (got = read(et[0], errs + n, size - 1 - n)) > 0; n += (size_t)got)
		continue;
	errs[n] = '\0';
	close(to[0]);
	close(et[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void
test_lines(void)
{
	static const struct {
		const char *line;
		int         status;
		const char *out, *errs;
	} rows[] = {
		{ "", 0, "00 j5 s600 n-1 none p70 u", "" },
		{ "-a --any -j 7 --soon 2m -N 1970-01-01T00:00:01Z --file f -u x --user y --pair=4", 0,
		        "11 j7 s1201 n1000000 f p41 u,x,y", "" },
		{ "-aj7 -ux -u y --jobs=8", 0, "10 j8 s600 n-1 none p70 u,x,y", "" },
		{ "--pair", 0, "00 j5 s600 n-1 none p71 u", "" },
		{ "--al", 2, "", "prog: unknown option '--al': write --all, or see 'prog --help'\n" },
		{ "-q -v", 0, "00 j5 s600 n-1 none p70 u", "" },
		{ "--", 0, "00 j5 s600 n-1 none p70 u", "" },
		{ "-V", 0, "prog " CWS_VERSION "\n", "" },
		{ "--all=yes", 2, "", "prog: option '--all' takes no argument: write --all\n" },
		{ "--any=1", 2, "", "prog: option '--any' takes no argument: write --any\n" },
		{ "-j", 2, "", "prog: option '-j' needs its n behind it: see 'prog --help'\n" },
		{ "-aj", 2, "", "prog: option '-aj' needs its n behind it: see 'prog --help'\n" },
		{ "--soon", 2, "",
		        "prog: option '--soon' needs its duration behind it: see 'prog --help'\n" },
		{ "-j 0", 2, "", "prog: --jobs: expected a whole number from 1 to 50, got \"0\"\n" },
		{ "-j 51", 2, "", "prog: --jobs: expected a whole number from 1 to 50, got \"51\"\n" },
		{ "-j -1", 2, "", "prog: --jobs: expected a whole number from 1 to 50, got \"-1\"\n" },
		{ "--soon 90", 2, "", "prog: --soon: \"90\" has no unit: write 90m or 90s\n" },
		{ "--soon 59s", 2, "", "prog: --soon: 59s is out of range: write 1m to 1h\n" },
		{ "--soon 2h", 2, "", "prog: --soon: 2h is out of range: write 1m to 1h\n" },
		{ "-N today", 2, "",
		        "prog: --now: expected an instant such as 2026-06-30T15:00:00Z, got \"today\"\n" },
		{ "--pair=3", 2, "", "prog: --pair: 3 is odd\n" },
		{ "--file EMPTY", 2, "", "prog: --file: expected path, got nothing\n" },
		{ "-u EMPTY", 2, "", "prog: --user: expected name,..., got nothing\n" },
		{ "--usr x", 2, "", "prog: unknown option '--usr': write --user, or see 'prog --help'\n" },
		{ "--sooon=1h", 2, "",
		        "prog: unknown option '--sooon': write --soon, or see 'prog --help'\n" },
		{ "--verbos-e", 2, "",
		        "prog: unknown option '--verbos-e': write --verbose, or see 'prog --help'\n" },
		{ "--execute", 2, "",
		        "prog: unknown option '--execute': see 'prog --help' for those there are\n" },
		{ "--x", 2, "", "prog: unknown option '--x': see 'prog --help' for those there are\n" },
		{ "--foo", 2, "", "prog: unknown option '--foo': see 'prog --help' for those there are\n" },
		{ "-x", 2, "", "prog: unknown option '-x': see 'prog --help' for those there are\n" },
		{ "-ax", 2, "", "prog: unknown option '-x': see 'prog --help' for those there are\n" },
		{ "-a file", 2, "",
		        "prog: unexpected operand 'file': only options are taken, see 'prog --help'\n" },
		{ "-", 2, "", "prog: unexpected operand '-': only options are taken, see 'prog --help'\n" },
		{ "-- -a", 2, "",
		        "prog: unexpected operand '-a': only options are taken, see 'prog --help'\n" },
	};
	char   out[4096], errs[4096];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status = run(rows[i].line, NULL, out, errs, sizeof(out));

		CHECK(rows[i].line, status == rows[i].status, "status %d, want %d", status, rows[i].status);
		CHECK_TEXT(rows[i].line, out, rows[i].out);
		CHECK_TEXT(rows[i].line, errs, rows[i].errs);
	}
}

/* A program with operands: before, between and behind its options. */
static void
test_files(void)
{
	static const struct {
		const char *line;
		int         status;
		const char *out, *errs;
	} rows[] = {
		{ "a", 0, "00 j5 s600 n-1 none p70 u <a>", "" },
		{ "a -a b -u x c --soon 2m d", 0, "10 j5 s1201 n-1 none p70 u,x <a> <b> <c> <d>", "" },
		{ "-- -a --", 0, "00 j5 s600 n-1 none p70 u <-a> <-->", "" },
		{ "a -- -a", 0, "00 j5 s600 n-1 none p70 u <a> <-a>", "" },
		{ "-", 0, "00 j5 s600 n-1 none p70 u <->", "" },
		{ "--pair 4", 0, "00 j5 s600 n-1 none p71 u <4>", "" },
		{ "", 2, "", "prog: no file given: see 'prog --help'\n" },
		{ "-a --", 2, "", "prog: no file given: see 'prog --help'\n" },
		{ "a --al", 2, "", "prog: unknown option '--al': write --all, or see 'prog --help'\n" },
		{ "a -x", 2, "", "prog: unknown option '-x': see 'prog --help' for those there are\n" },
		{ "a --soon", 2, "", "prog: option '--soon' needs its duration behind it: see 'prog --help'\n" },
		{ "-V", 0, "prog " CWS_VERSION "\n", "" },
	};
	char   out[4096], errs[4096];
	size_t i;

	takes_files = true;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status = run(rows[i].line, NULL, out, errs, sizeof(out));

		CHECK(rows[i].line, status == rows[i].status, "status %d, want %d", status, rows[i].status);
		CHECK_TEXT(rows[i].line, out, rows[i].out);
		CHECK_TEXT(rows[i].line, errs, rows[i].errs);
	}
	CHECK("usage", run("-h", NULL, out, errs, sizeof(out)) == 0 && strstr(out, " file ...\n") != NULL, "%s", out);
	takes_files = false;
}

static void
test_help(void)
{
	static const char help[] =
	        "usage: prog [-ahqVv] [--any] [-j n] [--soon duration] [-N instant] [--file path] [-u name,...] "
	        "[--pair[=even]]\n"
	        "Print what it was given.\n"
	        "\n"
	        "  -a, --all                          all of them\n"
	        "      --any                          any of them\n"
	        "  -j, --jobs n                       that many\n"
	        "      --soon duration                that long\n"
	        "  -N, --now instant                  at that instant\n"
	        "      --file path                    that file\n"
	        "  -u, --user name,...                that user\n"
	        "      --pair[=even]                  that pair:\n"
	        "                                     even 2\n"
	        "                                     12345678901234567890123456789012345678901 4\n"
	        "                                     last\n"
	        "  -h, --help                         print this and exit\n"
	        "  -q, --quiet                        no summary line\n"
	        "  -V, --version                      print the version and exit\n"
	        "  -v, --verbose                      say more on standard error\n"
	        "\n"
	        "example: prog -a\n";
	char out[4096], errs[4096];

	CHECK("help", run("-h", NULL, out, errs, sizeof(out)) == 0, "another status");
	CHECK_TEXT("help", out, help);
	CHECK_TEXT("help", errs, "");
	CHECK("help wins", run("--help -V -a", NULL, out, errs, sizeof(out)) == 0 && strcmp(out, help) == 0,
	        "%s", out);
	CHECK("help on a full disk", run("-h", "/dev/full", out, errs, sizeof(out)) == 3, "another status");
	CHECK_TEXT("help on a full disk", errs, "prog: <stdout>: cannot write: No space left on device\n");
	CHECK("version on a full disk", run("-V", "/dev/full", out, errs, sizeof(out)) == 3,
	        "another status");
	CHECK("wrong before help", run("--nonsense -h", NULL, out, errs, sizeof(out)) == 2 && out[0] == '\0',
	        "%s", out);
}

int
main(void)
{
	test_span();
	test_int();
	test_lines();
	test_files();
	test_help();
	return CHECK_DONE();
}
