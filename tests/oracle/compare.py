"""Compare the programs' decisions with quiet_oracle.py's on random cases.

usage: compare.py PROGRAM CASES [SEED]

PROGRAM reads a case a line and answers with a line (decide.c).  The status is
0 when all agree; each difference is printed, the first ten of them.
"""

import random
import subprocess
import sys
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import quiet_oracle as oracle

DAY = 86400
MARGIN, SPAN = 24, 12  # days looked at on either side of the instants, and theirs
ODD = """Australia/Lord_Howe Pacific/Apia Asia/Kathmandu Antarctica/Troll Africa/Casablanca Africa/Cairo America/Sao_Paulo
America/Santiago America/St_Johns Asia/Tehran Asia/Gaza Pacific/Chatham Europe/Dublin America/Havana Asia/Beirut
Pacific/Kiritimati Etc/GMT+5 Europe/London Europe/Berlin America/New_York America/Asuncion Asia/Amman UTC""".split()


def near_change(pick, zone):
    """An instant in 2015-2037, half of the time near a change of the zone's clocks."""
    year = pick.randint(2015, 2036)
    day = int((datetime(year, 1, 1) - datetime(1970, 1, 1)) / timedelta(days=1))
    tz = ZoneInfo(zone)
    offsets = [datetime.fromtimestamp((day + i) * DAY, tz).utcoffset() for i in range(366)]
    changes = [i for i in range(1, 366) if offsets[i] != offsets[i - 1]]
    if changes and pick.random() < 0.7:
        return day + pick.choice(changes)
    return day + pick.randrange(366)


def some_windows(pick):
    def minute(last):
        return pick.choice([pick.randrange(0, 1440), 60 * pick.randrange(24), 30 * pick.randrange(48), pick.randrange(240)]) \
            if pick.random() < 0.95 else last

    windows = []
    for _ in range(pick.choice([1, 1, 1, 2, 2, 3, 4])):
        days = set(range(7)) if pick.random() < 0.5 else set(pick.sample(range(7), pick.randint(1, 6)))
        start, end = minute(0), minute(1440)
        if windows and pick.random() < 0.3:
            start = windows[-1].end % 1440  # one that touches
        if pick.random() < 0.1:
            end = start  # 24 hours
        windows.append(oracle.Window(days, start, end))
    return windows


def groups(pick, cases):
    """One span of minutes each, with some hundred instants to judge."""
    zones = sorted(z for z in available_timezones() if not z.startswith(("posix/", "right/", "Factory")) and z != "localtime")
    per = 400 if cases > 20000 else 100
    for number in range((cases + per - 1) // per):
        zone = pick.choice(ODD) if pick.random() < 0.5 else pick.choice(zones)
        middle = near_change(pick, zone)
        windows = some_windows(pick)
        always = oracle.is_always(windows)
        holidays = {middle + pick.randint(-9, 9) for _ in range(pick.choice([0, 0, 1, 2, 5]))}
        is_open = bool(holidays) and not always and pick.random() < 0.4
        grace = pick.choice([0, 3600, 3600, pick.randrange(50000), 60 * pick.randrange(900), 90000])
        first = (middle - SPAN // 2 - MARGIN) * DAY
        clock = oracle.readings(zone, first, (SPAN + 2 * MARGIN) * 1440)
        spans = oracle.stretches(windows, holidays, is_open, clock, first)
        low, high = first + MARGIN * DAY, first + (MARGIN + SPAN) * DAY
        edges = [e for s in spans for e in (s[0], s[1], s[0] + grace) if low < e < high]
        for i in range(min(per, cases - number * per)):
            now = pick.choice(edges) + pick.choice([-1, 0, 1]) if edges and pick.random() < 0.6 else pick.randrange(low, high)
            started = now - pick.randrange(8 * DAY)
            want = oracle.decide(spans, always, grace, now, started)
            line = "\t".join([zone, ";".join(w.text() for w in windows), ",".join(str(d) for d in sorted(holidays)),
                              str(int(is_open)), str(grace), str(now), str(started)])
            yield line, " ".join("-" if v is None else str(int(v)) if not isinstance(v, str) else v for v in want)


def main():
    program, cases = sys.argv[1], int(sys.argv[2])
    seed = sys.argv[3] if len(sys.argv) > 3 else str(int(time.time()))
    lines, wants = [], []
    for line, want in groups(random.Random(seed), cases):
        lines.append(line)
        wants.append(want)
    run = subprocess.run([program], input="\n".join(lines) + "\n", stdout=subprocess.PIPE, text=True, check=True)
    got = run.stdout.splitlines()
    if len(got) != len(lines):
        sys.exit("%s answered %d of %d cases" % (program, len(got), len(lines)))
    differences = [(a, b, c) for a, b, c in zip(lines, wants, got) if b != c]
    for line, want, answer in differences[:10]:
        print("%s\n  oracle:  %s\n  program: %s" % (line, want, answer))
    states = {}
    for want in wants:
        states[want.split()[0]] = states.get(want.split()[0], 0) + 1
    print("%d cases, seed %s, %s: %d differences" % (len(lines), seed,
          ", ".join("%d %s" % (n, s) for s, n in sorted(states.items())), len(differences)))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
