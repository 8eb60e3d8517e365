"""Quiet hours told a second time, minute by minute, to hold the programs against.

Written from the contract's sentences alone and on Python's own zone library.
A wall time means the first instant at which the zone's clock reads that time
or later; so what counts at an instant is the latest reading there has been,
and an occurrence holds the minutes in which that lies in [start, end).
Slow on purpose: every minute of the span is looked at.
"""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]


class Window:
    def __init__(self, days, start, end):
        self.days, self.start, self.end = days, start, end
        self.length = end - start if end > start else end - start + 1440

    def text(self):
        days = ",".join(DAYS[d] for d in sorted(self.days))
        return "%s %02d:%02d-%02d:%02d" % (days, self.start // 60, self.start % 60, self.end // 60, self.end % 60)


def readings(zone, first, minutes):
    """The latest clock reading (minutes since 1970, local) there has been by each minute."""
    tz = ZoneInfo(zone)
    latest = None
    out = []
    for i in range(-2880, minutes):  # two days ahead: a clock may have been put back just before
        now = first + i * 60
        offset = datetime.fromtimestamp(now, tz).utcoffset() // timedelta(seconds=1)
        reading = (now + offset) // 60
        latest = reading if latest is None else max(latest, reading)
        if i >= 0:
            out.append(latest)
    return out


def weekday(day):
    return (day + 4) % 7  # 1970-01-01 was a Thursday; 0 is Sunday


def occurrences(windows, holidays, is_open, clock):
    """{(window, day): [first minute, last minute]}; window -1 is the holiday itself."""
    held = {}
    for i, reading in enumerate(clock):
        today = reading // 1440
        for day in (today - 1, today):
            holiday = day in holidays
            if holiday and is_open:
                continue
            for number, w in enumerate(windows):
                start = day * 1440 + w.start
                if weekday(day) in w.days and start <= reading < start + w.length:
                    held.setdefault((number, day), [i, i])[1] = i
            if holiday and day == today:
                held.setdefault((-1, day), [i, i])[1] = i
    return held


def stretches(windows, holidays, is_open, clock, first):
    """[(start, end)] in seconds: what counts its grace once."""
    held = occurrences(windows, holidays, is_open, clock)
    pieces = sorted((a, b + 1, number) for (number, _), (a, b) in held.items())
    parent = list(range(len(pieces)))

    def root(i):
        while parent[i] != i:
            i = parent[i]
        return i

    for i, (a, b, n) in enumerate(pieces):
        for j in range(i + 1, len(pieces)):
            c, _, m = pieces[j]
            if c > b:
                break
            if len(windows) > 1 or n == -1 or m == -1:
                parent[root(j)] = root(i)
    joined = {}
    for i, (a, b, _) in enumerate(pieces):
        s = joined.setdefault(root(i), [a, b])
        s[0], s[1] = min(s[0], a), max(s[1], b)
    return sorted((first + a * 60, first + b * 60) for a, b in joined.values())


def is_always(windows):
    if len(windows) < 2:
        return False
    week = [False] * 10080
    for w in windows:
        for day in w.days:
            for m in range(w.length):
                week[(day * 1440 + w.start + m) % 10080] = True
    return all(week)


def decide(spans, always, grace, now, started):
    """(state, due, window_start, window_end, stop_at) of one that runs since started, with no minimum of uptime."""
    if always:
        return "quiet", True, None, None, now
    for start, end in spans:
        if not start <= now < end:
            continue
        over = start + grace
        if now < over:
            return "grace", False, start, end, over if over < end else None
        return "quiet", True, start, end, max(over, started)
    start, end = next(s for s in spans if s[0] > now)
    stop = start + grace if start + grace < end else None
    past = [s for s in spans if s[1] <= now and s[1] - s[0] > grace]
    state = "overran" if past and started < past[-1][0] + grace else "outside"
    return state, False, start, end, stop
