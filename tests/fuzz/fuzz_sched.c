/*
 * fuzz_sched.c - any windows, holidays and zone around an instant: the stretches are those of a slow reckoning.
 *
 * Input: instant (4 bytes), zone (zone.h), flags, up to 40 holidays (a bit a day),
 * then windows as text between semicolons.  The slow way takes all occurrences of
 * 160 days and joins any two that touch.
 */

#include "judge/quiet.h"

#include "zone.h"

#define AROUND 80 /* days to each side */
#define HELD   20 /* days of holidays to each side */
#define MANY   4  /* windows */

struct occurrence {
	int64_t start, end;
	bool    holiday;
	int     group; /* the first occurrence that it is joined with */
};

static struct occurrence all[(2 * AROUND + 1) * (MANY + 1)];
static int               count;

/* A window that was taken, written anew, is the same one. */
static void
check_text(const char *text, const struct window *w)
{
	static const char *const name[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };
	char                     again[100] = "";
	struct window            back;
	int                      i;

	REQUIRE(text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:,-* ")] == '\0');
	REQUIRE(w->days != 0 && (w->days & ~SCHED_DAILY) == 0);
	REQUIRE(w->start_min >= 0 && w->start_min < 1440 && w->end_min >= 0 && w->end_min <= 1440);
	for (i = 0; i < 7; i++)
		if ((w->days >> i & 1) != 0)
			snprintf(again + strlen(again), sizeof(again) - strlen(again), "%s%s",
			        again[0] != '\0' ? "," : "", name[i]);
	snprintf(again + strlen(again), sizeof(again) - strlen(again), " %02d:%02d-%02d:%02d",
	        w->start_min / 60, w->start_min % 60, w->end_min / 60, w->end_min % 60);
	REQUIRE(sched_window(again, &back));
	REQUIRE(back.days == w->days && back.start_min == w->start_min && back.end_min == w->end_min);
}

static void
read_windows(struct sched *s, char *text)
{
	struct window w;
	char         *stop;

	for (; text != NULL; text = stop != NULL ? stop + 1 : NULL) {
		stop = strchr(text, ';');
		if (stop != NULL)
			*stop = '\0';
		if (!sched_window(text, &w))
			continue;
		check_text(text, &w);
		if (s->n < MANY)
			REQUIRE(sched_add(s, w) == 0);
	}
}

static void
add(const struct tz *tz, int64_t from_wall, int64_t to_wall, bool holiday)
{
	struct occurrence *o = &all[count];

	o->start = tz_instant(tz, from_wall);
	o->end = tz_instant(tz, to_wall);
	o->holiday = holiday;
	o->group = count;
	count += o->start < o->end;
}

static void
join(const struct sched *s)
{
	int i, k, m, from, to;

	for (i = 0; i < count; i++)
		for (k = i - 1; k >= 0 && k > i - 5 * (MANY + 1); k--) {
			if (all[i].start > all[k].end || all[k].start > all[i].end || all[i].group == all[k].group ||
			    (s->n < 2 && !all[i].holiday && !all[k].holiday))
				continue;
			from = all[i].group > all[k].group ? all[i].group : all[k].group;
			to = all[i].group + all[k].group - from;
			for (m = i; m >= 0 && m > i - 45 * (MANY + 1); m--)
				if (all[m].group == from)
					all[m].group = to;
		}
}

static void
lay(const struct sched *s, const struct tz *tz, int64_t today)
{
	int64_t day, start;
	size_t  i;

	count = 0;
	for (day = today - AROUND; day <= today + AROUND; day++) {
		bool holiday = sched_is_holiday(s, day);

		if (holiday && !s->open)
			add(tz, day * DAY_S, (day + 1) * DAY_S, true);
		for (i = 0; i < s->n && !(holiday && s->open); i++) {
			const struct window *w = &s->window[i];

			if ((w->days >> ((day + 4) % 7) & 1) == 0)
				continue;
			start = day * DAY_S + w->start_min * 60;
			add(tz, start, day * DAY_S + w->end_min * 60 + (w->end_min <= w->start_min ? DAY_S : 0), false);
		}
	}
	join(s);
}

static bool
same(const struct stretch *st, bool known, int64_t start, int64_t end)
{
	if (!known)
		return !st->start.known && !st->end.known;
	return st->start.known && st->end.known && st->start.us == start * US_PER_S && st->end.us == end * US_PER_S;
}

static void
check_view(const struct sched_view *v, int64_t at, int64_t min_s)
{
	int64_t held[2] = { 0, 0 }, next[2] = { 0, 0 }, last[2] = { 0, 0 };
	bool    has_held = false, has_next = false, has_last = false;
	int     i, k;

	for (i = 0; i < count; i++) {
		int64_t start = all[i].start, end = all[i].end;

		if (all[i].group != i)
			continue;
		for (k = i + 1; k < count && k < i + 45 * (MANY + 1); k++)
			if (all[k].group == i) {
				start = all[k].start < start ? all[k].start : start;
				end = all[k].end > end ? all[k].end : end;
			}
		if (start > at) {
			if (!has_next || start < next[0])
				next[0] = start, next[1] = end;
			has_next = true;
		} else if (end > at) {
			has_held = true;
			held[0] = start, held[1] = end;
		} else if (end - start > min_s) {
			if (!has_last || end >= last[1])
				last[0] = start, last[1] = end;
			has_last = true;
		}
	}
	REQUIRE(same(&v->held, has_held, held[0], held[1]));
	REQUIRE(same(&v->next, has_next, next[0], next[1]));
	/* One that began over three weeks ago need not be found. */
	if (!has_last || last[0] > at - 20 * DAY_S || v->last.start.known)
		REQUIRE(same(&v->last, has_last, last[0], last[1]));
}

/* Due where the grace is over, and nowhere else; an instant of a stop that lies in its window. */
static void
check_verdict(const struct sched *s, const struct tz *tz, int64_t at_us, int64_t grace_s)
{
	struct quiet_schedule q = quiet_look(s, tz, QUIET_OPTION, at_us, grace_s);
	struct quiet_facts    f = { .life = LIFE_RUNNING, .status = "running", .started = when_at(0) };
	struct quiet_rule     rule = { .grace_s = grace_s };
	struct quiet_verdict  d = quiet_decide(&f, &rule, &q);
	const struct stretch *held = &q.view.held;
	bool over = q.view.always || (held->start.known && held->start.us + grace_s * US_PER_S <= at_us);

	REQUIRE(d.v.due == over && !d.v.keep && d.v.at_us == at_us);
	REQUIRE(strcmp(d.v.state, "quiet") == 0 || !over);
	REQUIRE(!d.v.due || (d.v.stop_at.known && d.v.stop_at.us <= at_us));
	REQUIRE(d.v.due || !d.v.stop_at.known || d.v.stop_at.us > at_us);
	REQUIRE(is_clean(d.v.why.s) && strlen(d.v.why.s) == d.v.why.n);
}

/* The first instant at which clocks read so much: none before it does, and they do from it on. */
static void
check_instant(const struct tz *tz, int64_t wall)
{
	int64_t at = tz_instant(tz, wall);
	size_t  i;

	REQUIRE(tz_wall(tz, at) >= wall && tz_wall(tz, at - 1) < wall);
	for (i = 1; i < tz->n && tz->change[i].at_s <= at; i++)
		REQUIRE(tz_wall(tz, tz->change[i].at_s - 1) < wall);
	REQUIRE(tz_instant(tz, wall + 1) >= at);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static int32_t    holiday[2 * HELD];
	struct bytes      b = { data, n };
	int64_t           at = take_instant(&b), wall, today, grace_s, i;
	struct tz         tz;
	struct sched      s = { .holiday = holiday };
	struct sched_view v;
	uint64_t          days;
	char             *text;

	take_zone(&tz, &b, at);
	/* Out of the way of 1970: the slow reckoning has no day below 0. */
	at += 2 * AROUND * DAY_S;
	wall = tz_wall(&tz, at);
	today = wall / DAY_S;
	s.open = take_number(&b, 1) % 2 == 1;
	grace_s = (int64_t)take_number(&b, 2) * 4;
	days = take_number(&b, 5);
	for (i = 0; i < 2 * HELD; i++)
		if ((days >> i & 1) != 0)
			holiday[s.holidays++] = (int32_t)(today + i - HELD);
	text = text_of(b.p, b.n);
	read_windows(&s, text);
	free(text);
	check_instant(&tz, wall);
	check_instant(&tz, wall + (int64_t)days % (200 * DAY_S));
	if (s.n == 0)
		return 0;
	v = sched_view(&s, &tz, at * US_PER_S, grace_s * US_PER_S);
	check_verdict(&s, &tz, at * US_PER_S, grace_s);
	if (!v.always) {
		lay(&s, &tz, today);
		check_view(&v, at, grace_s);
	}
	return 0;
}
