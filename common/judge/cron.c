/* cron.c - read a weekly schedule, step to its next firing as the server's cron library steps. */

#include "judge/cron.h"

#include <stddef.h>
#include <string.h>

#include "base/rfc3339.h"

#define MIN_S INT64_C(60)
#define HOUR_S INT64_C(3600)
/* where clocks skip its time, a schedule misses a week or two, no more */
#define FAR_S (35 * DAY_S)
#define WEEK_US (7 * DAY_S * US_PER_S)
#define BLANKS " \t\n\v\f\r"
#define PREFIX "CRON_TZ="
#define STEPS_MAX 10000 /* an hour by hour walk through all that takes a tenth of it */

static const char *const weekday[] = { "sunday", "monday", "tuesday", "wednesday", "thursday",
	"friday", "saturday" };

int
cron_day(const char *name)
{
	int i;

	for (i = 0; i < 7; i++)
		if (strcmp(name, weekday[i]) == 0)
			return i;
	return -1;
}

/* Digits, after at most one '+': the library reads numbers as Go's Atoi does. */
static bool
number(const char *p, const char *end, int64_t *v)
{
	if (p < end && *p == '+')
		p++;
	if (p == end)
		return false;
	for (*v = 0; p < end; p++)
		if (*p < '0' || *p > '9' || __builtin_mul_overflow(*v, INT64_C(10), v) ||
		        __builtin_add_overflow(*v, *p - '0', v))
			return false;
	return true;
}

/* A number or, in the field of weekdays, three letters of one. */
static bool
value(const char *p, const char *end, bool named, int64_t *v)
{
	int i, k;

	for (i = 0; named && end - p == 3 && i < 7; i++) {
		for (k = 0; k < 3; k++)
			if ((p[k] >= 'A' && p[k] <= 'Z' ? p[k] - 'A' + 'a' : p[k]) != weekday[i][k])
				break;
		if (k == 3) {
			*v = i;
			return true;
		}
	}
	return number(p, end, v);
}

/* "*", "?", "a" or "a-b", each with "/n"; with a step, "a" alone goes on to the field's end. */
static bool
range(const char *p, const char *end, int64_t max, bool named, uint64_t *bits)
{
	const char *slash = memchr(p, '/', (size_t)(end - p)), *stop = slash != NULL ? slash : end;
	const char *dash = memchr(p, '-', (size_t)(stop - p)), *low = dash != NULL ? dash : stop;
	int64_t     from = 0, to = max, step = 1;

	/* What follows "*-" is not looked at. */
	if (low - p != 1 || (*p != '*' && *p != '?')) {
		if (!value(p, low, named, &from))
			return false;
		to = from;
		if (dash != NULL && !value(dash + 1, stop, named, &to))
			return false;
		if (dash == NULL && slash != NULL)
			to = max;
	}
	if (slash != NULL && !number(slash + 1, end, &step))
		return false;
	if (to > max || from > to || step == 0)
		return false;
	for (*bits |= UINT64_C(1) << from; step <= to - from; *bits |= UINT64_C(1) << from)
		from += step;
	return true;
}

/* Ranges with commas between them; the library steps over empty ones. */
static bool
field(const char *p, size_t n, int64_t max, bool named, uint64_t *bits)
{
	const char *end = p + n, *comma;

	for (*bits = 0; p < end; p = comma + 1) {
		comma = memchr(p, ',', (size_t)(end - p));
		if (comma == NULL)
			comma = end;
		if (comma > p && !range(p, comma, max, named, bits))
			return false;
	}
	return true;
}

/* The zone in front, up to the first blank; an empty one is UTC, and the server refuses "Local". */
static bool
zone(const char **text, struct cron *c)
{
	size_t n;

	memcpy(c->zone, "UTC", sizeof("UTC"));
	if (strncmp(*text, PREFIX, strlen(PREFIX)) != 0)
		return true;
	*text += strlen(PREFIX);
	n = strcspn(*text, " ");
	if (n > TZ_NAME_MAX || (*text)[n] == '\0')
		return false;
	if (n != 0) {
		memcpy(c->zone, *text, n);
		c->zone[n] = '\0';
	}
	*text += n;
	return strcmp(c->zone, "Local") != 0;
}

/* A schedule's five fields as they are written. */
struct spelling {
	const char *field[5];
	size_t      n[5];
};

static bool
is_star(const struct spelling *s, int i)
{
	return s->n[i] == 1 && *s->field[i] == '*';
}

static bool
read_schedule(const char *text, struct cron *c, struct spelling *s)
{
	size_t   i;
	uint64_t hours, days;

	memset(c, 0, sizeof(*c));
	text += strspn(text, BLANKS);
	if (!zone(&text, c))
		return false;
	for (i = 0; i < 5; i++) {
		s->field[i] = text + strspn(text, BLANKS);
		s->n[i] = strcspn(s->field[i], BLANKS);
		text = s->field[i] + s->n[i];
	}
	if (s->n[4] == 0 || text[strspn(text, BLANKS)] != '\0' || !is_star(s, 2) || !is_star(s, 3))
		return false;
	if (!field(s->field[0], s->n[0], 59, false, &c->minutes) ||
	        !field(s->field[1], s->n[1], 23, false, &hours) ||
	        !field(s->field[4], s->n[4], 6, true, &days))
		return false;
	c->hours = (uint32_t)hours;
	c->days = (uint8_t)days;
	return true;
}

bool
cron_parse(const char *text, struct cron *c)
{
	struct spelling s;

	return read_schedule(text, c, &s);
}

/* One or two digits: the server takes "+1", "0,30" or "*" for no time of day. */
static bool
clock_number(const struct spelling *s, int i, int *v)
{
	const char *p = s->field[i];
	int64_t     value_read;

	if (s->n[i] > 2 || *p == '+' || !number(p, p + s->n[i], &value_read))
		return false;
	*v = (int)value_read;
	return true;
}

bool
cron_daily(const char *text, struct cron *c, int *start_min)
{
	struct spelling s;
	int             hour, minute;

	if (!read_schedule(text, c, &s) || !is_star(&s, 4) || !clock_number(&s, 0, &minute) ||
	        !clock_number(&s, 1, &hour))
		return false;
	*start_min = hour * 60 + minute;
	return true;
}

/* Where the search stands: an instant, and what clocks in the zone show then. */
struct cron_walk {
	const struct tz *tz;
	int64_t          at_s, end_s, wall_s;
	int              weekday, hour, minute, second;
	int              steps;
	/* once something was stepped, what is below it stands at its start */
	bool             stepped;
};

static void
go_to(struct cron_walk *w, int64_t at_s)
{
	int64_t wall = tz_wall(w->tz, at_s), day = floor_day(wall);
	int64_t left = wall - day * DAY_S;

	w->steps++;
	w->at_s = at_s;
	w->wall_s = wall;
	w->weekday = weekday_of(day);
	w->hour = (int)(left / HOUR_S);
	w->minute = (int)(left % HOUR_S / MIN_S);
	w->second = (int)(left % MIN_S);
}

/*
 * A wall time as Go's time.Date reads it: with the offset in force when UTC
 * shows that time, unless that leads out of the stretch the offset belongs to.
 */
static int64_t
go_instant(const struct tz *tz, int64_t wall_s)
{
	size_t  i = tz->n - 1;
	int64_t offset, at;

	while (i > 0 && wall_s < tz->change[i].at_s)
		i--;
	offset = tz->change[i].offset_s;
	at = wall_s - offset;
	if (at < tz->change[i].at_s || (i + 1 < tz->n && at >= tz->change[i + 1].at_s))
		offset = tz_offset(tz, at);
	return wall_s - offset;
}

/*
 * Before the first step: back to the start of the day (below: all of it), the hour or the minute.
 */
static void
begin(struct cron_walk *w, int64_t below_s)
{
	if (!w->stepped)
		go_to(w, go_instant(w->tz, w->wall_s - below_s));
	w->stepped = true;
}

/*
 * Midnight by midnight to a day that matches; where clocks skip midnight, back
 * from one o'clock to it.  Where they skip a whole date (Apia, 2011-12-30) the
 * library never gets past it; we do.  Where they skip half a day and more both
 * go back and forth over the gap; we give up.
 */
static bool
find_day(struct cron_walk *w, const struct cron *c)
{
	int64_t next;

	while ((c->days >> w->weekday & 1) == 0) {
		if (w->at_s >= w->end_s || w->steps > STEPS_MAX)
			return false;
		begin(w, w->hour * HOUR_S + w->minute * MIN_S + w->second);
		next = go_instant(w->tz, w->wall_s + DAY_S);
		if (next <= w->at_s)
			next = go_instant(w->tz, w->wall_s + 2 * DAY_S);
		go_to(w, next);
		if (w->hour > 12)
			go_to(w, w->at_s + (24 - w->hour) * HOUR_S);
		else if (w->hour > 0)
			go_to(w, w->at_s - w->hour * HOUR_S);
	}
	return true;
}

/* Hour by elapsed hour.  False once it has come to midnight: the day has to be looked at again. */
static bool
find_hour(struct cron_walk *w, const struct cron *c)
{
	while ((c->hours >> w->hour & 1) == 0) {
		begin(w, w->minute * MIN_S + w->second);
		go_to(w, w->at_s + HOUR_S);
		if (w->hour == 0 || w->at_s >= w->end_s)
			return false;
	}
	return true;
}

/* False once it has come to a full hour: that has to be looked at again. */
static bool
find_minute(struct cron_walk *w, const struct cron *c)
{
	while ((c->minutes >> w->minute & 1) == 0) {
		if (!w->stepped)
			go_to(w, w->at_s - w->second);
		w->stepped = true;
		go_to(w, w->at_s + MIN_S);
		if (w->minute == 0)
			return false;
	}
	return true;
}

struct when
cron_next(const struct cron *c, const struct tz *tz, int64_t after_us)
{
	struct cron_walk w = { .tz = tz, .stepped = false };

	if (c->minutes == 0 || c->hours == 0 || c->days == 0)
		return when_none();
	go_to(&w, floor_s(after_us) + 1);
	w.end_s = w.at_s + FAR_S;
	while (w.at_s < w.end_s && w.steps <= STEPS_MAX) {
		if (!find_day(&w, c) || !find_hour(&w, c) || !find_minute(&w, c))
			continue;
		if (w.second == 0) /* behind the last instant that can be told there is none */
			return w.at_s <= INT64_MAX / US_PER_S ? when_at(w.at_s * US_PER_S)
			                                      : when_none();
		go_to(&w, w.at_s + MIN_S - w.second);
		w.stepped = true;
	}
	return when_none();
}

bool
cron_allows(const struct tz *tz, uint8_t allowed, int64_t at_us)
{
	struct cron_walk w = { .tz = tz };

	go_to(&w, floor_s(at_us));
	return (allowed >> w.weekday & 1) != 0;
}

struct when
cron_next_on(const struct cron *c, const struct tz *tz, uint8_t allowed, int64_t after_us)
{
	struct when next = when_at(after_us), before;
	int         turned_back = 0;

	if ((allowed & CRON_DAILY) == 0)
		return when_none();
	while (next.us - after_us < WEEK_US) {
		before = next;
		next = cron_next(c, tz, before.us);
		if (!next.known)
			break;
		if (cron_allows(tz, allowed, next.us))
			return next;
		/*
		 * From the second pass back into the first, and again: round and round in the
		 * server.
		 */
		if (next.us <= before.us && ++turned_back == 2)
			break;
	}
	return when_none();
}
