/* sched.c - read windows, lay them out around an instant, join them to stretches. */

#include "judge/sched.h"

#include <string.h>

#include "base/rfc3339.h"

#define DAY_MIN 1440
#define DAYS_SEEN 22

bool
sched_time(const char *text, size_t n, bool is_end, int *min)
{
	size_t colon = n == 4 ? 1 : 2, i;
	int    hour = 0, minute;

	if ((n != 4 && n != 5) || text[colon] != ':')
		return false;
	for (i = 0; i < n; i++)
		if (i != colon && (text[i] < '0' || text[i] > '9'))
			return false;
	for (i = 0; i < colon; i++)
		hour = hour * 10 + text[i] - '0';
	minute = (text[colon + 1] - '0') * 10 + text[colon + 2] - '0';
	*min = hour * 60 + minute;
	return minute <= 59 && (hour <= 23 || (is_end && *min == DAY_MIN));
}

static bool
is_word(const char *text, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];

		if (word[i] == '\0' || c != word[i])
			return false;
	}
	return word[n] == '\0' || n == 3;
}

/* The number of the day that n bytes of text name, 0 for Sunday; -1 when they name none. */
static int
day_of(const char *text, size_t n)
{
	static const char *const name[] = { "sunday", "monday", "tuesday", "wednesday", "thursday",
		"friday", "saturday" };
	int                      i;

	for (i = 0; i < 7; i++)
		if (n >= 3 && is_word(text, n, name[i]))
			return i;
	return -1;
}

bool
sched_days(const char *text, size_t n, uint8_t *days)
{
	const char *end = text + n, *stop, *dash;
	int         first, last;

	*days = SCHED_DAILY;
	if ((n == 1 && text[0] == '*') || (n == 5 && is_word(text, n, "daily")))
		return true;
	for (*days = 0;; text = stop + 1) {
		stop = memchr(text, ',', (size_t)(end - text));
		if (stop == NULL)
			stop = end;
		dash = memchr(text, '-', (size_t)(stop - text));
		first = day_of(text, (size_t)((dash != NULL ? dash : stop) - text));
		last = dash != NULL ? day_of(dash + 1, (size_t)(stop - dash - 1)) : first;
		if (first < 0 || last < 0)
			return false;
		for (; first != last; first = (first + 1) % 7)
			*days |= (uint8_t)(1u << first);
		*days |= (uint8_t)(1u << last);
		if (stop == end)
			return true;
	}
}

bool
sched_window(const char *text, struct window *w)
{
	size_t      n = strlen(text), days, from;
	const char *blank = strrchr(text, ' '), *times = blank != NULL ? blank + 1 : text;

	w->days = SCHED_DAILY;
	if (blank != NULL) {
		for (days = (size_t)(blank - text); days > 0 && text[days - 1] == ' '; days--)
			continue;
		if (!sched_days(text, days, &w->days))
			return false;
	}
	n -= (size_t)(times - text);
	from = strcspn(times, "-");
	return from < n && sched_time(times, from, false, &w->start_min) &&
	       sched_time(times + from + 1, n - from - 1, true, &w->end_min);
}

int
sched_add(struct sched *s, struct window w)
{
	size_t i;

	if (s->n == SCHED_WINDOWS_MAX)
		return -1;
	for (i = s->n++; i > 0 && s->window[i - 1].start_min > w.start_min; i--)
		s->window[i] = s->window[i - 1];
	s->window[i] = w;
	return 0;
}

static int
length_min(const struct window *w)
{
	return w->end_min - w->start_min + (w->end_min <= w->start_min ? DAY_MIN : 0);
}

/* Walked twice round, for what Saturday hands to Sunday. */
bool
sched_always(const struct sched *s)
{
	int    covered = 0, day, start;
	size_t i;

	if (s->n < 2)
		return false;
	for (day = -1; day < 7; day++)
		for (i = 0; i < s->n; i++) {
			if ((s->window[i].days >> ((day + 7) % 7) & 1) == 0)
				continue;
			start = day * DAY_MIN + s->window[i].start_min;
			if (start > covered)
				return false;
			if (start + length_min(&s->window[i]) > covered)
				covered = start + length_min(&s->window[i]);
		}
	return covered >= 7 * DAY_MIN;
}

/* The index of the first holiday that is not before day. */
static size_t
holiday_from(const struct sched *s, int64_t day)
{
	size_t low = 0, high = s->holidays, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->holiday[mid] < day)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
has_holiday(const struct sched *s, int64_t from, int64_t to)
{
	size_t i = holiday_from(s, from);

	return i < s->holidays && s->holiday[i] <= to;
}

bool
sched_is_holiday(const struct sched *s, int64_t day)
{
	return has_holiday(s, day, day);
}

/* Stretches in the making, in ascending order. */
struct layout {
	const struct sched *s;
	const struct tz    *tz;
	int64_t             at_us, min_us;
	int64_t             open_s, close_s; /* the stretch being joined; empty while equal */
	int64_t             holiday_s;       /* the end of its latest holiday */
	size_t              count;           /* stretches placed */
	size_t              held_no, next_no, last_no;
	struct sched_view   v;
};

/* A stretch is complete: is it one of the three that matter? */
static void
place(struct layout *l)
{
	struct stretch st = { when_at(l->open_s * US_PER_S), when_at(l->close_s * US_PER_S) };

	if (l->open_s >= l->close_s)
		return;
	if (st.start.us > l->at_us) {
		if (!l->v.next.start.known) {
			l->v.next = st;
			l->next_no = l->count;
		}
	} else if (st.end.us > l->at_us) {
		l->v.held = st;
		l->held_no = l->count;
	} else if (st.end.us - st.start.us > l->min_us) {
		l->v.last = st;
		l->last_no = l->count;
	}
	l->count++;
}

/*
 * One occurrence, in wall time.  Days and the starts within a day ascend, and so do the instants
 * they
 * stand for.
 */
static void
join(struct layout *l, int64_t from_wall, int64_t to_wall, bool holiday)
{
	int64_t start = tz_instant(l->tz, from_wall), end = tz_instant(l->tz, to_wall);

	if (end <= start)
		return;
	if (l->open_s < l->close_s && start <= l->close_s &&
	        (l->s->n > 1 || holiday || start <= l->holiday_s)) {
		if (end > l->close_s)
			l->close_s = end;
	} else {
		place(l);
		l->open_s = start;
		l->close_s = end;
		l->holiday_s = INT64_MIN;
	}
	if (holiday)
		l->holiday_s = end;
}

static void
lay(struct layout *l, int64_t low, int64_t high)
{
	const struct sched *s = l->s;
	int64_t             day;
	size_t              i, next = holiday_from(s, low);

	memset(&l->v, 0, sizeof(l->v));
	l->count = 0;
	l->open_s = l->close_s = 0;
	for (day = low; day <= high; day++) {
		bool holiday = next < s->holidays && s->holiday[next] == day;

		next += holiday;
		if (holiday && s->open)
			continue;
		if (holiday)
			join(l, day * DAY_S, (day + 1) * DAY_S, true);
		for (i = 0; i < s->n; i++) {
			const struct window *w = &s->window[i];
			int64_t              start = day * DAY_S + w->start_min * INT64_C(60);

			if ((w->days >> weekday_of(day) & 1) != 0)
				join(l, start, start + length_min(w) * INT64_C(60), false);
		}
	}
	place(l);
}

/*
 * Does a stretch that matters stand at the edge of what was laid out, where more of it may follow?
 */
static bool
cut_low(const struct layout *l)
{
	return (l->v.held.start.known && l->held_no == 0) ||
	       (l->v.last.start.known && l->last_no == 0);
}

static bool
cut_high(const struct layout *l)
{
	return !l->v.next.start.known || l->next_no + 1 == l->count ||
	       (l->v.held.start.known && l->held_no + 1 == l->count);
}

struct sched_view
sched_view(const struct sched *s, const struct tz *tz, int64_t at_us, int64_t min_us)
{
	struct layout l = { .s = s, .tz = tz, .at_us = at_us, .min_us = min_us };
	int64_t       wall = tz_wall(tz, floor_s(at_us)), today, low, high;
	int64_t       more_low = DAYS_SEEN, more_high = DAYS_SEEN;
	bool          low_done, high_done;

	l.v.always = sched_always(s);
	if (l.v.always)
		return l.v;
	today = floor_day(wall);
	low = today - DAYS_SEEN;
	high = today + DAYS_SEEN;
	/*
	 * A look goes further only where a holiday calls for it, twice as far each time: their
	 * number
	 * bounds it.
	 */
	for (;;) {
		lay(&l, low, high);
		low_done = !cut_low(&l) || !has_holiday(s, low - more_low, low + DAYS_SEEN);
		high_done = !cut_high(&l) || !has_holiday(s, high - DAYS_SEEN, high + more_high);
		if (low_done && high_done)
			return l.v;
		if (!low_done) {
			low -= more_low;
			more_low *= 2;
		}
		if (!high_done) {
			high += more_high;
			more_high *= 2;
		}
	}
}
