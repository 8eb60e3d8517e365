/* quiet_cache.c - a cache of schedules by what they say, and of zones by name. */

#include "filter/quiet_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/xalloc.h"
#include "judge/cron.h"
#include "settings/tz_load.h"

#define SLOTS      (2 * PLANS_MAX)
#define ZONE_SLOTS (2 * PLANS_ZONES)

/* A schedule is its zone and, of an owner's, its start; -1 stands for the configured hours. */
struct cached_plan {
	int                   start_min;
	struct quiet_schedule schedule; /* .zone is the key's other half */
};

struct cached_zone {
	bool      known;
	struct tz tz; /* only its name when it is not known */
};

struct quiet_cache {
	const struct sched *configured;
	int                 length_min;
	int64_t             now_us, grace_s;
	struct cached_plan        *slot[SLOTS];
	size_t              n;
	struct cached_zone        *zone[ZONE_SLOTS];
	size_t              zones;
	struct quiet_schedule none; /* for text that cannot be read */
	bool                failed; /* a zone's data could not be read; err says why */
	struct err          err;
};

struct quiet_cache *
quiet_cache_new(const struct sched *configured, int length_min, int64_t now_us, int64_t grace_s)
{
	struct quiet_cache *p = xcalloc(1, sizeof(*p));

	p->configured = configured;
	p->length_min = length_min;
	p->now_us = now_us;
	p->grace_s = grace_s;
	return p;
}

static void
forget_plans(struct quiet_cache *p)
{
	size_t i;

	for (i = 0; i < SLOTS; i++) {
		free(p->slot[i]);
		p->slot[i] = NULL;
	}
	p->n = 0;
}

static void
forget_zones(struct quiet_cache *p)
{
	size_t i;

	for (i = 0; i < ZONE_SLOTS; i++) {
		free(p->zone[i]);
		p->zone[i] = NULL;
	}
	p->zones = 0;
}

void
quiet_cache_free(struct quiet_cache *p)
{
	if (p == NULL)
		return;
	forget_plans(p);
	forget_zones(p);
	free(p);
}

static uint64_t
hash_of(const char *zone)
{
	return ascii_hash(ASCII_HASH_START, zone, strlen(zone));
}

static const struct cached_zone *
zone_of(struct quiet_cache *p, const char *name)
{
	struct cached_zone *z;
	size_t       at;

	if (p->zones == PLANS_ZONES)
		forget_zones(p);
	for (at = hash_of(name) % ZONE_SLOTS; (z = p->zone[at]) != NULL; at = (at + 1) % ZONE_SLOTS)
		if (strcmp(z->tz.name, name) == 0)
			return z;
	z = p->zone[at] = xcalloc(1, sizeof(*z));
	z->known = tz_load(&z->tz, name, p->now_us, &p->err) == 0;
	p->failed = p->failed || (!z->known && p->err.status == CWS_FAIL);
	if (!z->known)
		tz_fixed(&z->tz, name, 0);
	p->zones++;
	return z;
}

/* The windows of an owner's quiet hours: one that begins every day, and the holidays of the run. */
static struct sched
own_windows(const struct quiet_cache *p, int start_min)
{
	struct sched  s = { .holiday = p->configured->holiday, .holidays = p->configured->holidays,
		.open = p->configured->open };
	struct window w = { SCHED_DAILY, start_min, (start_min + p->length_min) % 1440 };

	sched_add(&s, w);
	return s;
}

static const struct quiet_schedule *
plan_of(struct quiet_cache *p, const char *zone, int start_min)
{
	const struct cached_zone *z;
	struct cached_plan       *plan;
	struct sched       own;
	enum quiet_source  source = start_min < 0 ? QUIET_AUTOSTART : QUIET_OWNER;
	size_t             at;

	if (p->n == PLANS_MAX)
		forget_plans(p);
	at = (hash_of(zone) + (uint64_t)(start_min + 1) * 0x9e3779b9) % SLOTS;
	for (; (plan = p->slot[at]) != NULL; at = (at + 1) % SLOTS)
		if (plan->start_min == start_min && strcmp(plan->schedule.zone, zone) == 0)
			return &plan->schedule;
	plan = p->slot[at] = xcalloc(1, sizeof(*plan));
	p->n++;
	plan->start_min = start_min;
	z = zone_of(p, zone);
	if (!z->known) {
		plan->schedule = quiet_no_schedule(source, zone, p->now_us);
	} else if (start_min < 0) {
		plan->schedule = quiet_look(p->configured, &z->tz, source, p->now_us, p->grace_s);
	} else {
		own = own_windows(p, start_min);
		plan->schedule = quiet_look(&own, &z->tz, source, p->now_us, p->grace_s);
	}
	return &plan->schedule;
}

const struct quiet_schedule *
quiet_cache_owner(struct quiet_cache *p, const char *text)
{
	struct cron c;
	int         start_min;

	if (cron_daily(text, &c, &start_min))
		return plan_of(p, c.zone, start_min);
	p->none = quiet_no_schedule(QUIET_OWNER, NULL, p->now_us);
	return &p->none;
}

const struct quiet_schedule *
quiet_cache_autostart(struct quiet_cache *p, const char *text)
{
	struct cron c;

	if (cron_parse(text, &c))
		return plan_of(p, c.zone, -1);
	p->none = quiet_no_schedule(QUIET_AUTOSTART, NULL, p->now_us);
	return &p->none;
}

const struct quiet_schedule *
quiet_cache_of(struct quiet_cache *p, const struct rec *rec, const struct quiet_schedule *otherwise,
        struct quiet_facts *f, struct err *err)
{
	const struct quiet_schedule *found;
	const char                  *own, *autostart;
	bool                         set;

	if (rec_flag(rec, REC_OWNER_SET, &set, err) != 0 ||
	    rec_text(rec, REC_OWNER_SCHEDULE, &own, err) != 0 ||
	    rec_text(rec, REC_OWNER_NAME, &f->owner, err) != 0 ||
	    rec_text(rec, REC_AUTOSTART_SCHEDULE, &autostart, err) != 0)
		return NULL;
	if (set) {
		f->asked = own != NULL ? own : "null";
		found = quiet_cache_owner(p, own != NULL ? own : "");
	} else if (autostart == NULL || autostart[0] == '\0') {
		return otherwise;
	} else {
		f->asked = autostart;
		found = quiet_cache_autostart(p, autostart);
	}
	if (p->failed)
		*err = p->err;
	return p->failed ? NULL : found;
}
