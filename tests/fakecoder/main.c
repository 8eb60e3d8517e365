/*
 * main.c - fakecoder, a simulated Coder v2.31.14 for tests, benchmarks and the
 * quickstart: options.  See --help.
 */

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"

#define WORLD "tests/fixtures/world"

static const char usage_text[] =
    "usage: fakecoder [--port 0] [--world DIR] [--shift] [--clone K] [--provisioners 3] [--build-time 2s]\n"
    "                 [--latency 0ms] [--log FILE] [--script FILE] [--premium | --feature NAME] [--tls-cert FILE --tls-key FILE]\n"
    "                 [--rate-limit 512] [--clock-offset 0s] [--executor] [--accept-delay 0ms]\n"
    "\n"
    "A simulated Coder v2.31.14 on 127.0.0.1.  The first line on stdout is its URL; SIGTERM ends it.\n"
    "\n"
    "  --port N            0 takes one that is free\n"
    "  --world DIR         the recorded deployment; else $FAKECODER_WORLD, else " WORLD " of the\n"
    "                      directory two above the program\n"
    "  --shift             move its instants so that the moment of the recording is now\n"
    "  --clone K           K copies of each workspace, the recorded one included\n"
    "  --provisioners N    so many builds run at a time\n"
    "  --build-time DUR    and each takes so long\n"
    "  --latency DUR       before each reply of the API\n"
    "  --accept-delay DUR  before each connection is taken, one after the other; a TLS handshake waits for it\n"
    "  --log FILE          one JSON object a request\n"
    "  --script FILE       faults and changes of the world, see tests/fakecoder/fault.h and control.c\n"
    "  --premium           with a licence: quiet hours, groups, all features enabled\n"
    "  --feature NAME      that feature alone, once or more often\n"
    "  --tls-cert, --tls-key  PEM files; the URL is then https://localhost:PORT\n"
    "  --rate-limit N      requests a minute for each user and path, 0 is off\n"
    "  --clock-offset DUR  its clock is so far ahead, also negative\n"
    "  --executor          what runs stops after its deadline, what is stopped starts on its schedule\n"
    "\n"
    "Durations: 50ms, 2s, 5m, 1h.  Tokens:\n";

static int64_t
duration(const char *option, const char *s)
{
	int64_t us;

	if (!span(s, &us))
		die("--%s: not a duration: '%s'", option, s);
	return us;
}

static int
number(const char *option, const char *s, int min, int max)
{
	char *end;
	long  n;

	errno = 0;
	n = strtol(s, &end, 10);
	if (end == s || *end != '\0' || errno != 0 || n < min || n > max)
		die("--%s: not a number from %d to %d: '%s'", option, min, max, s);
	return (int)n;
}

/* Where the recording is when nobody says: the program lies in build/plain of the same checkout. */
static const char *
default_world(char path[PATH_MAX])
{
	const char *set = getenv("FAKECODER_WORLD");
	char        self[PATH_MAX - 64];
	ssize_t     n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char       *slash;

	if (set != NULL && set[0] != '\0')
		return set;
	if (n <= 0)
		return WORLD;
	self[n] = '\0';
	slash = strrchr(self, '/');
	*slash = '\0';
	snprintf(path, PATH_MAX, "%s/../../%s", self, WORLD);
	return path;
}

struct settings {
	const char *log, *script, *cert, *key;
	int         port;
};

static void
add_feature(struct server *s, const char *name)
{
	if (s->world.set.n_features == MAX_FEATURES)
		die("--feature: too many");
	s->world.set.features[s->world.set.n_features++] = name;
}

static void
option(struct server *s, struct settings *set, const char *name, const char *v)
{
	if (strcmp(name, "port") == 0)
		set->port = number(name, v, 0, 65535);
	else if (strcmp(name, "world") == 0)
		s->world.set.dir = v;
	else if (strcmp(name, "shift") == 0)
		s->world.set.shift = true;
	else if (strcmp(name, "clone") == 0)
		s->world.set.clone = number(name, v, 1, 100000);
	else if (strcmp(name, "provisioners") == 0)
		s->world.set.provisioners = number(name, v, 0, 10000);
	else if (strcmp(name, "build-time") == 0)
		s->world.set.build_time_us = duration(name, v);
	else if (strcmp(name, "latency") == 0)
		s->latency_ms = duration(name, v) / 1000;
	else if (strcmp(name, "accept-delay") == 0)
		s->accept_ms = duration(name, v) / 1000;
	else if (strcmp(name, "log") == 0)
		set->log = v;
	else if (strcmp(name, "script") == 0)
		set->script = v;
	else if (strcmp(name, "premium") == 0)
		s->world.set.premium = true;
	else if (strcmp(name, "feature") == 0)
		add_feature(s, v);
	else if (strcmp(name, "executor") == 0)
		s->world.set.executor = true;
	else if (strcmp(name, "tls-cert") == 0)
		set->cert = v;
	else if (strcmp(name, "tls-key") == 0)
		set->key = v;
	else if (strcmp(name, "rate-limit") == 0)
		s->limiter.limit = number(name, v, 0, 1000000);
	else if (strcmp(name, "clock-offset") == 0)
		s->world.set.clock_offset_us = duration(name, v);
}

static void
parse(struct server *s, struct settings *set, int argc, char **argv)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'o' }, { "world", required_argument, NULL, 'o' },
		{ "shift", no_argument, NULL, 'o' }, { "clone", required_argument, NULL, 'o' },
		{ "provisioners", required_argument, NULL, 'o' }, { "build-time", required_argument, NULL, 'o' },
		{ "latency", required_argument, NULL, 'o' }, { "log", required_argument, NULL, 'o' },
		{ "script", required_argument, NULL, 'o' }, { "premium", no_argument, NULL, 'o' },
		{ "feature", required_argument, NULL, 'o' },
		{ "tls-cert", required_argument, NULL, 'o' }, { "tls-key", required_argument, NULL, 'o' },
		{ "rate-limit", required_argument, NULL, 'o' }, { "accept-delay", required_argument, NULL, 'o' }, { "clock-offset", required_argument, NULL, 'o' },
		{ "executor", no_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 },
	};
	int c, i = 0;

	while ((c = getopt_long(argc, argv, "h", options, &i)) != -1) {
		if (c == 'h') {
			fputs(usage_text, stdout);
			tokens_help();
			exit(0);
		}
		if (c != 'o')
			exit(2);
		option(s, set, options[i].name, optarg);
	}
	if (optind < argc)
		die("unexpected argument: '%s'", argv[optind]);
	if ((set->cert == NULL) != (set->key == NULL))
		die("--tls-cert and --tls-key come together");
}

int
main(int argc, char **argv)
{
	static struct server s = { .limiter.limit = 512, .away_ms = -1, .world.set = { .clone = 1, .provisioners = 3, .build_time_us = 2000000 } };
	struct settings      set = { .port = 0 };
	char                 world[PATH_MAX];
	int                  status;

	parse(&s, &set, argc, argv);
	if (s.world.set.dir == NULL)
		s.world.set.dir = default_world(world);
	world_load(&s.world);
	tokens_init(s.world.now_us);
	if (set.script != NULL)
		faults_load(&s, set.script);
	if (set.log != NULL)
		log_open(&s, set.log);
	pthread_mutex_init(&s.lock, NULL);
	pthread_mutex_init(&s.conns_lock, NULL);
	status = server_run(&s, set.port, set.cert, set.key);
	if (s.log != NULL)
		fclose(s.log);
	faults_free(&s);
	limit_free(&s.limiter);
	world_free(&s.world);
	pthread_mutex_destroy(&s.lock);
	pthread_mutex_destroy(&s.conns_lock);
	return status;
}
