/*
 * decide.c - answer the cases of compare.py with the programs' own decisions.
 *
 * A case is a line of fields between tabs: zone, windows between semicolons,
 * holidays (days since 1970) between commas, open, grace, now, started, all in
 * seconds.  The answer: state, due, window_start, window_end, stop_at; "-" is none.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/quiet.h"
#include "settings/tz_load.h"

#define ZONE_S INT64_C(432000) /* a zone is loaded again for an instant this far from the last */

/* The field up to the next sep, cut off the rest. */
static char *
cut(char **rest, char sep)
{
	char *field = *rest, *end = strchr(field, sep);

	*rest = end != NULL ? end + 1 : field + strlen(field);
	if (end != NULL)
		*end = '\0';
	return field;
}

static void
print(struct when w, char after)
{
	if (w.known)
		printf("%lld%c", (long long)floor_s(w.us), after);
	else
		printf("-%c", after);
}

static int
wrong(const char *what, const char *text)
{
	fprintf(stderr, "decide: bad %s: %s\n", what, text);
	return 1;
}

int
main(void)
{
	static char line[8192];
	struct tz   tz;
	char        loaded[TZ_NAME_MAX + 1] = "";
	int64_t     around_s = 0;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *rest = line, *zone = cut(&rest, '\t'), *windows = cut(&rest, '\t'),
		        *holidays = cut(&rest, '\t');
		int32_t              day[64];
		struct sched         s = { .open = strcmp(cut(&rest, '\t'), "1") == 0, .holiday = day };
		struct quiet_rule    rule = { .grace_s = strtoll(cut(&rest, '\t'), NULL, 10) };
		struct quiet_facts   f = { .life = LIFE_RUNNING, .status = "running" };
		int64_t              now_s = strtoll(cut(&rest, '\t'), NULL, 10), far;
		struct window        w;
		struct quiet_schedule q;
		struct quiet_verdict v;
		struct err           err;

		f.started = when_at(strtoll(rest, NULL, 10) * US_PER_S);
		while (*windows != '\0') {
			const char *text = cut(&windows, ';');

			if (!sched_window(text, &w) || sched_add(&s, w) != 0)
				return wrong("window", text);
		}
		while (*holidays != '\0' && s.holidays < 64)
			day[s.holidays++] = (int32_t)strtol(cut(&holidays, ','), NULL, 10);
		far = now_s > around_s ? now_s - around_s : around_s - now_s;
		if (strcmp(zone, loaded) != 0 || far > ZONE_S) {
			if (tz_load(&tz, zone, now_s * US_PER_S, &err) != 0)
				return wrong("zone", err.text);
			snprintf(loaded, sizeof(loaded), "%s", zone);
			around_s = now_s;
		}
		q = quiet_look(&s, &tz, QUIET_OPTION, now_s * US_PER_S, rule.grace_s);
		v = quiet_decide(&f, &rule, &q);
		printf("%s %d ", v.v.state, v.v.due);
		print(v.window_start, ' ');
		print(v.window_end, ' ');
		print(v.v.stop_at, '\n');
	}
	return 0;
}
