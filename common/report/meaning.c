/* meaning.c - words and what they mean. */

#include "report/meaning.h"

#include <stddef.h>
#include <string.h>

struct meaning {
	const char *word, *means;
};

static const struct meaning of_status[] = {
	{ "pending", "a build waits for its turn" },
	{ "failed", "its last build failed: a start, a stop or a delete" },
	{ "canceled", "its last build was canceled: a start, a stop or a delete" },
	{ NULL, NULL },
};

static const struct meaning of_list[] = {
	{ "None of these", "it does not run, or no rule has anything urgent to say of it" },
	{ NULL, NULL },
};

static const struct meaning of_ttl[] = {
	{ "prebuild", "made ahead of time, and nobody's yet: it is left alone" },
	{ "changing", "a build is under way" },
	{ "failed", "its last start failed: it may have left something running" },
	{ "stuck", "its last stop failed: it may still be running" },
	{ "stopped", "it does not run" },
	{ "expired", "its deadline has passed: it should have stopped" },
	{ "overrun", "it runs longer than its TTL: its deadline was moved, or counts no more" },
	{ "soon", "its deadline is near: the server stops it then" },
	{ "ok", "its deadline is further away" },
	{ "unlimited", "it has no deadline: it never stops by itself" },
	{ "unknown", "its status says too little to judge it by" },
	{ NULL, NULL },
};

static const struct meaning of_quiet[] = {
	{ "inactive", "it does not run, or a build is under way" },
	{ "excluded", "an exclusion or a hold leaves it alone, or it was not selected" },
	{ "quiet", "it runs in quiet hours, and their grace is over" },
	{ "grace", "it runs in quiet hours, and their grace is not over" },
	{ "young", "it runs in quiet hours, but was started a short while ago" },
	{ "active", "it runs in quiet hours, but is in use" },
	{ "overran", "it has run on since before the last quiet hours" },
	{ "outside", "these are no quiet hours" },
	{ "unknown", "its quiet hours, or since when it runs, are not known" },
	{ NULL, NULL },
};

static const struct meaning of_autostop[] = {
	{ "kept", "a rule keeps it from being stopped" },
	{ "now", "a rule asks for its stop, or the server stops it within a minute" },
	{ "scheduled", "it is to stop later, by the server or by a run of cws-stop" },
	{ "never", "it runs, and nothing is going to stop it" },
	{ "stopped", "it does not run" },
	{ "unknown", "it cannot be told: a fact is missing, or a build is under way" },
	{ NULL, NULL },
};

static const struct meaning of_habit[] = {
	{ "inactive", "it does not run" },
	{ "unknown", "when it is used is not known well enough" },
	{ "active", "it is in use" },
	{ "learning", "its use is known for too few days" },
	{ "unlikely", "it is hardly ever used at this time" },
	{ "likely", "it may well be used at this time" },
	{ NULL, NULL },
};

static const struct {
	const char           *name;
	const char           *judges_by; /* NULL: it is no rule */
	const struct meaning *words;
} table[] = {
	{ "list", NULL, of_list },
	{ "status", NULL, of_status },
	{ "ttl", "by its deadline", of_ttl },
	{ "quiet", "by quiet hours", of_quiet },
	{ "autostop", "what stops it next", of_autostop },
	{ "habit", "by when it is used", of_habit },
};

const char *
meaning_of(const char *of, const char *word)
{
	const struct meaning *m;
	size_t                i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		for (m = table[i].words; strcmp(table[i].name, of) == 0 && m->word != NULL; m++)
			if (strcmp(m->word, word) == 0)
				return m->means;
	return NULL;
}

const char *
meaning_of_rule(const char *rule)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, rule) == 0)
			return table[i].judges_by;
	return NULL;
}
