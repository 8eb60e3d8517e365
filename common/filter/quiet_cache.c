/* quiet_cache.c - a cache of schedules by what they say, and of zones by name. */

#include "filter/quiet_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/random.h"
#include "base/xalloc.h"
#include "judge/cron.h"
#include "settings/zones.h"

/* A schedule is its zone and, of an owner's, its start; -1 stands for the configured hours. */
struct cached_plan {
	struct quiet_schedule schedule;
	char                  key[TZ_NAME_MAX + 8]; /* "Europe/Berlin 120" */
};

struct quiet_cache {
	const struct sched   *configured;
	int                   length_min;
	int64_t               now_us, grace_s;
	struct cached_plan   *plan[PLANS_MAX];
	struct names_slot    *room;
	struct names          names; /* of the plans, by key */
	size_t                n;
	struct zones          zones;
	struct quiet_schedule none;   /* for text that cannot be read */
	bool                  failed; /* a zone's data could not be read; err says why */
	struct err            err;
};

static void
forget_plans(struct quiet_cache *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		free(p->plan[i]);
	p->n = 0;
	memset(p->room, 0, names_room(PLANS_MAX) * sizeof(*p->room));
	names_init(&p->names, p->room, PLANS_MAX, random_u64());
}

struct quiet_cache *
quiet_cache_new(const struct sched *configured, int length_min, int64_t now_us, int64_t grace_s)
{
	struct quiet_cache *p = xcalloc(1, sizeof(*p));

	p->configured = configured;
	p->length_min = length_min;
	p->now_us = now_us;
	p->grace_s = grace_s;
	p->room = xcalloc(names_room(PLANS_MAX), sizeof(*p->room));
	forget_plans(p);
	return p;
}

void
quiet_cache_free(struct quiet_cache *p)
{
	if (p == NULL)
		return;
	forget_plans(p);
	free(p->room);
	zones_release(&p->zones);
	free(p);
}

/* The windows of an owner's quiet hours: one that begins every day, and the holidays of the run. */
static struct sched
own_windows(const struct quiet_cache *p, int start_min)
{
	struct sched  s = { .holiday = p->configured->holiday,
		 .holidays = p->configured->holidays,
		 .open = p->configured->open };
	struct window w = { SCHED_DAILY, start_min, (start_min + p->length_min) % 1440 };

	sched_add(&s, w);
	return s;
}

/* The schedule of a zone and a start; one that is not known where the zone is not. */
static struct quiet_schedule
look(struct quiet_cache *p, const char *zone, int start_min)
{
	enum quiet_source source = start_min < 0 ? QUIET_AUTOSTART : QUIET_OWNER;
	bool              failed;
	const struct tz  *tz = zones_at(&p->zones, zone, p->now_us, &failed, &p->err);
	struct sched      own;

	p->failed = p->failed || failed;
	if (tz == NULL)
		return quiet_no_schedule(source, zone, p->now_us);
	if (start_min < 0)
		return quiet_look(p->configured, tz, source, p->now_us, p->grace_s);
	own = own_windows(p, start_min);
	return quiet_look(&own, tz, source, p->now_us, p->grace_s);
}

static const struct quiet_schedule *
plan_of(struct quiet_cache *p, const char *zone, int start_min)
{
	struct cached_plan *plan;
	char                key[sizeof(plan->key)];
	size_t              step = 0;
	ptrdiff_t           number;

	snprintf(key, sizeof(key), "%s %d", zone, start_min);
	while ((number = names_find(&p->names, NULL, key, &step)) >= 0)
		if (strcmp(p->plan[number]->key, key) == 0) /* a zone's name has one spelling */
			return &p->plan[number]->schedule;
	if (p->n == PLANS_MAX)
		forget_plans(p);
	plan = p->plan[p->n] = xcalloc(1, sizeof(*plan));
	memcpy(plan->key, key, sizeof(key));
	plan->schedule = look(p, zone, start_min);
	names_add(&p->names, plan->key, strlen(plan->key), p->n++);
	return &plan->schedule;
}

/* Of an owner whose raw_schedule is this text. */
static const struct quiet_schedule *
owner_schedule(struct quiet_cache *p, const char *text)
{
	struct cron c;
	int         start_min;

	if (cron_daily(text, &c, &start_min))
		return plan_of(p, c.zone, start_min);
	p->none = quiet_no_schedule(QUIET_OWNER, NULL, p->now_us);
	return &p->none;
}

/* Of a workspace whose autostart_schedule is this text. */
static const struct quiet_schedule *
autostart_schedule(struct quiet_cache *p, const char *text)
{
	struct cron c;

	if (cron_parse(text, &c))
		return plan_of(p, c.zone, -1);
	p->none = quiet_no_schedule(QUIET_AUTOSTART, NULL, p->now_us);
	return &p->none;
}

/* What a record says of schedules. */
struct schedules {
	bool        set; /* the owner has set his own */
	const char *own, *owner, *autostart;
};

static const struct fact schedules_fact[] = {
	FACT(struct schedules, set, ".cws.fetch.owner.quiet_hours.user_set"),
	FACT(struct schedules, own, ".cws.fetch.owner.quiet_hours.raw_schedule"),
	FACT(struct schedules, owner, ".owner_name"),
	FACT(struct schedules, autostart, ".autostart_schedule"),
};

static const struct fact_table schedules_table = FACT_TABLE(schedules_fact);

const struct quiet_schedule *
quiet_cache_of(struct quiet_cache *p, struct rec *rec, const struct quiet_schedule *otherwise,
        struct quiet_facts *f, struct err *err)
{
	const struct quiet_schedule *found;
	struct schedules             on;

	if (rec_read(rec, &schedules_table, &on, err) != 0)
		return NULL;
	f->owner = on.owner;
	if (on.set) {
		f->asked = on.own != NULL ? on.own : "null";
		found = owner_schedule(p, on.own != NULL ? on.own : "");
	} else if (on.autostart == NULL || on.autostart[0] == '\0') {
		return otherwise;
	} else {
		f->asked = on.autostart;
		found = autostart_schedule(p, on.autostart);
	}
	if (p->failed)
		*err = p->err;
	return p->failed ? NULL : found;
}
