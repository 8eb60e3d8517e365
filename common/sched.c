/* sched.c - read windows, lay them out around an instant, join them to stretches. */

#include "sched.h"

#include <string.h>

#include "rfc3339.h"

#define DAY_MIN   1440
#define DAY_S     INT64_C(86400)
#define DAYS_SEEN 22

bool
sched_time(const char *text, size_t n, bool is_end, int *min)
{
	int hour, minute;
	size_t i;

	if (n != 5 || text[2] != ':')
		return false;
	for (i = 0; i < n; i++)
		if (i != 2 && (text[i] < '0' || text[i] > '9'))
			return false;
	hour = (text[0] - '0') * 10 + text[1] - '0';
	minute = (text[3] - '0') * 10 + text[4] - '0';
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
	static const char *const name[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
		"saturday" };
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
	size_t      n = strlen(text), days;
	const char *blank = strrchr(text, ' '), *times = blank != NULL ? blank + 1 : text;

	w->days = SCHED_DAILY;
	if (blank != NULL) {
		for (days = (size_t)(blank - text); days > 0 && text[days - 1] == ' '; days--)
			continue;
		if (!sched_days(text, days, &w->days))
			return false;
	}
	n -= (size_t)(times - text);
	return n == 11 && times[5] == '-' && sched_time(times, 5, false, &w->start_min) &&
	       sched_time(times + 6, 5, true, &w->end_min);
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

/* Do several windows cover every minute of a week?  Walked twice round, for what Saturday hands to Sunday. */
static bool
is_always(const struct sched *s)
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

/* A stretch is complete: is it one of the three that matter? */
static void
place(struct sched_view *v, int64_t start_s, int64_t end_s, int64_t at_us, int64_t min_us)
{
	struct stretch st = { when_at(start_s * US_PER_S), when_at(end_s * US_PER_S) };

	if (st.start.us > at_us) {
		if (!v->next.start.known)
			v->next = st;
	} else if (st.end.us > at_us) {
		v->held = st;
	} else if (st.end.us - st.start.us > min_us) {
		v->last = st;
	}
}

struct sched_view
sched_view(const struct sched *s, const struct tz *tz, int64_t at_us, int64_t min_us)
{
	struct sched_view v;
	int64_t           wall = tz_wall(tz, floor_s(at_us)), day, today, start, end;
	int64_t           open_s = 0, close_s = 0; /* the stretch being joined; empty while equal */
	size_t            i;

	memset(&v, 0, sizeof(v));
	v.always = is_always(s);
	if (v.always)
		return v;
	today = wall / DAY_S - (wall % DAY_S < 0);
	/* Days and the starts within a day ascend, and so do the instants they stand for. */
	for (day = today - DAYS_SEEN; day <= today + DAYS_SEEN; day++)
		for (i = 0; i < s->n; i++) {
			const struct window *w = &s->window[i];

			if ((w->days >> weekday_of(day) & 1) == 0)
				continue;
			start = day * DAY_S + w->start_min * INT64_C(60);
			end = tz_instant(tz, start + length_min(w) * INT64_C(60));
			start = tz_instant(tz, start);
			if (end <= start)
				continue;
			if (open_s < close_s && s->n > 1 && start <= close_s) {
				if (end > close_s)
					close_s = end;
				continue;
			}
			if (open_s < close_s)
				place(&v, open_s, close_s, at_us, min_us);
			open_s = start;
			close_s = end;
		}
	if (open_s < close_s)
		place(&v, open_s, close_s, at_us, min_us);
	return v;
}
